"""`reperibile check`: is everything ready to go on call?

Every check runs, however many fail, and says what is and what to do. It asks X and Telegram who we are and changes
nothing, neither there nor in the database, and may be run beside a running service. No secret stands in any answer.
A check that is `ok` but has a cure is a warning. The order is that in which a person would cure them.
"""

import asyncio
import logging
from datetime import datetime, timedelta
from pathlib import Path

from bot import logs
from bot.checking.around import heartbeat_check, last_resort_checks, port_check
from bot.checking.calendars import calendar_check
from bot.checking.check import ANSWERS_WITHIN_S, Check, in_time, wrong
from bot.checking.clocks import Reading, clock_check
from bot.checking.database import Known, database_checks
from bot.checking.files import disk_checks, file_checks, settings_checks
from bot.checking.rota import plan_in_force, rota_checks
from bot.checking.table import table
from bot.checking.telegram import telegram_checks
from bot.checking.x import price_checks, x_checks
from bot.clock import Clock
from bot.errors import Misconfigured
from bot.settings import Settings, load

__all__ = ["Check", "check_all", "table"]

# Whoever else uses the token asks again within a few seconds, and cuts us off.
LISTENS_S = 4


async def check_all(
    config: Path | None, clock: Clock, *, send_test: bool = False, listens_s: int = LISTENS_S
) -> list[Check]:
    """Every check. Raises: nothing.

    config: the settings file; None for the environment alone. send_test: really send one message to each address of
    the last resort. listens_s: how long to listen for somebody else who uses Telegram's token.
    """
    try:
        settings = load(config)
    except Misconfigured as problems:
        # Nothing else can be looked at with settings nobody can read.
        return [wrong("settings", line) for line in str(problems).splitlines()]
    redact = logs.Redactor(settings.secrets())
    logs.set_up(settings.secrets(), level=logging.ERROR)
    offset = timedelta(seconds=settings.now_offset_s)

    def shifted() -> datetime:
        return clock.now() + offset

    now = shifted()
    readings: list[Reading] = []
    looked_x = asyncio.create_task(x_checks(settings, shifted, readings))
    around = asyncio.create_task(_around(settings))
    answer = await in_time("database", asyncio.to_thread(database_checks, settings, now), ANSWERS_WITHIN_S)
    known = Known([answer]) if isinstance(answer, Check) else answer
    looked_telegram = asyncio.create_task(telegram_checks(settings, shifted, known.leader, listens_s, readings))
    stored = known.stored
    plan = plan_in_force(settings.rota_file, stored.rota if stored is not None else None, known.checks)
    found = [*settings_checks(settings, config), *file_checks(settings), *disk_checks(settings), *known.checks]
    if plan is not None:
        phones, called = (stored.phones, stored.called) if stored is not None else ({}, {})
        found += rota_checks(plan, settings, phones, called, now)
    found += await looked_x
    found += await looked_telegram
    found.append(clock_check(readings, shifted=bool(settings.now_offset_s)))
    found += await last_resort_checks(settings, plan, send_test=send_test)
    found += await around
    found += await price_checks(settings, stored.day if stored is not None else None, now.date())
    return [Check(one.name, one.ok, redact(one.what), redact(one.cure)) for one in found]


async def _around(settings: Settings) -> list[Check]:
    return list(await asyncio.gather(port_check(settings), calendar_check(settings), heartbeat_check(settings)))
