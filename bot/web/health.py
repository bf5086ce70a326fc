"""`GET /healthz`: can this process do its work, and does it hear X and Telegram?

503 means: restart me. So it is answered only when the database fails or the leader's loop stands still. That X or
Telegram is down no restart will cure: 200, with `ok` false for those who watch. X is down after three failed readings
in a row or five minutes without a good one, Telegram after three failures or two minutes; while the office is open and
X is not read, X cannot be down. Source: DESIGN.md, "Contracts" and promise 5.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from bot import __version__
from bot.current_rota import CurrentRota
from bot.errors import Misconfigured
from bot.store.db import Store
from bot.store.health import Sign, Signs, signs
from schedules.office import is_open
from schedules.rota import Plan

log = logging.getLogger("reperibile.web")

# A leader whose tick did not come for so long does not work any more (DESIGN.md).
STANDS_STILL = timedelta(seconds=60)
# No good poll of X for so long is an alarm, here as on the phones (DESIGN.md, promise 5); one period more, so that a
# long X_POLL_S is no outage.
SILENCE = timedelta(minutes=5)
# A reading may fail for a moment; one that fails so often in a row (a minute of X at the usual pace) is down, and is
# said to be before the silence is long enough for an alarm.
DOWN_AFTER = 3
# getUpdates comes back every 25 s, with or without news; this leaves room for its time-out and a second try.
UNHEARD = timedelta(minutes=2)
# A message that rings and has not left for so long: the way to the phones is blocked.
STUCK = timedelta(minutes=5)
# Whoever asks wants an answer: a database that takes longer counts as failed.
ANSWERS_WITHIN_S = 5.0


class Health:
    """Knows whether this process leads, and asks the store for the rest. `leads` is called when it takes the lead.

    accounts: the handles watched. always: X is read in office hours, too. poll_every: how often.
    """

    def __init__(
        self,
        store: Store,
        now: Callable[[], datetime],
        accounts: Sequence[str],
        *,
        always: bool = False,
        poll_every: timedelta = timedelta(),
    ) -> None:
        self._store = store
        self._now = now
        self._accounts = tuple(accounts)
        self._always = always
        self._silence = SILENCE + poll_every
        self._rota = CurrentRota()
        self._leads_since: datetime | None = None

    def leads(self) -> None:
        """This process is the leader from now on."""
        self._leads_since = self._now()

    @property
    def is_leader(self) -> bool:
        return self._leads_since is not None

    async def report(self) -> tuple[int, dict[str, Any]]:
        """The HTTP status and the body, as the contract has it."""
        now = self._now()
        leader = self.is_leader
        try:
            async with asyncio.timeout(ANSWERS_WITHIN_S):
                found = await self._store.read(signs)
                plan = await self.plan()
        except Exception as problem:
            # Whatever it is, a database that cannot be read is this page's news, not its failure.
            log.warning("the database does not answer: %s", type(problem).__name__)
            nothing: dict[str, datetime | None] = dict.fromkeys(self._accounts)
            return 503, _body(False, leader, False, nothing, None)
        names = {account: _spelled(plan, account) for account in self._accounts}
        x = {names[account]: found.x.get(account.lower(), Sign()) for account in self._accounts}
        still = leader and self._stands_still(found, now)
        heard = self._hears_x(found, plan, now) and self._hears_telegram(found, now)
        good_at = {account: sign.good_at for account, sign in x.items()}
        return (503 if still else 200), _body(heard and not still, leader, True, good_at, found.telegram.good_at)

    async def not_working(self) -> tuple[str, ...]:
        """What of the whole cycle does not work, a few words each; empty when every part of it has worked just now.

        Stricter than the page: what was not seen to work since this process leads does not work yet, so that one that
        dies and comes back again and again is never called well.
        """
        now = self._now()
        try:
            async with asyncio.timeout(ANSWERS_WITHIN_S):
                found = await self._store.read(signs)
                plan = await self.plan()
        except Exception as problem:
            return (f"the database does not answer ({type(problem).__name__})",)
        since = self._led_since(now) or now
        if not self.is_leader:
            return ("this process does not lead",)
        wrong = []
        if found.beat_at is None or found.beat_at < since or now - found.beat_at > STANDS_STILL:
            wrong.append("the loop stands still")
        x = [found.x.get(account.lower(), Sign()).good_at for account in self._accounts]
        unread = any(at is None or at < since or now - at > self._silence for at in x)
        if self.watching(plan, now) and (unread or not self._hears_x(found, plan, now)):
            wrong.append("X is not read")
        heard = found.telegram.good_at
        if heard is None or heard < since or not self._hears_telegram(found, now):
            wrong.append("Telegram does not answer")
        if found.ring_waits_since is not None and now - found.ring_waits_since > STUCK:
            wrong.append("pages do not leave")
        return tuple(wrong)

    async def plan(self) -> Plan | None:
        """The rota in force; None when there is none yet, which is a standby's state at worst."""
        try:
            return await self._store.read(self._rota.plan)
        except Misconfigured:
            return None

    def _led_since(self, now: datetime) -> datetime | None:
        """None also when the clock was set back since: from then on the rows alone tell, which the lines write anew."""
        since = self._leads_since
        return since if since is not None and since <= now else None

    def _stands_still(self, found: Signs, now: datetime) -> bool:
        return now - _latest(found.beat_at, self._led_since(now)) > STANDS_STILL

    def watching(self, plan: Plan | None, now: datetime) -> bool:
        """Is X to be read now? In office hours nobody reads it, so nothing is missed."""
        return self._always or plan is None or not is_open(plan, now)

    def silent_since(self, found: Signs) -> dict[str, datetime | None]:
        """By account as the settings have it: since when X has said nothing good, counted from no earlier than the
        closing and our own start; None when nothing of that is known."""
        begun = (found.office_at, self._led_since(self._now()))
        good = {account: found.x.get(account.lower(), Sign()).good_at for account in self._accounts}
        return {account: _latest(at, *begun) if at or any(begun) else None for account, at in good.items()}

    def _hears_x(self, found: Signs, plan: Plan | None, now: datetime) -> bool:
        if not self.watching(plan, now):
            return True
        if any(found.x.get(account.lower(), Sign()).fails >= DOWN_AFTER for account in self._accounts):
            return False
        silent = self.silent_since(found).values()
        return all(since is not None and now - since <= self._silence for since in silent)

    def _hears_telegram(self, found: Signs, now: datetime) -> bool:
        sign = found.telegram
        return sign.fails < DOWN_AFTER and now - _latest(sign.good_at, self._led_since(now)) <= UNHEARD


def _body(
    ok: bool, leader: bool, database: bool, x: dict[str, datetime | None], telegram: datetime | None
) -> dict[str, Any]:
    return {
        "ok": ok,
        "role": "leader" if leader else "standby",
        "database": database,
        "x": {account: _written(at) for account, at in x.items()},
        "telegram": _written(telegram),
        "version": __version__,
    }


def _spelled(plan: Plan | None, account: str) -> str:
    """The handle as the rota writes it; settings know it in lower case only."""
    known = plan.account(account) if plan is not None else None
    return known.handle if known is not None else account


def _latest(*instants: datetime | None) -> datetime:
    """The latest of those that are there; the beginning of all time when none is."""
    return max((at for at in instants if at is not None), default=datetime.min.replace(tzinfo=UTC))


def _written(at: datetime | None) -> str | None:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ") if at is not None else None
