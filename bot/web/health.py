"""`GET /healthz`: can this process do its work, and does it hear X and Telegram?

503 means: restart me. So it is answered only when the database fails or the leader's loop stands still. That X or
Telegram is down no restart will cure: 200, with `ok` false for those who watch. Source: DESIGN.md, "Contracts".
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

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
# getUpdates comes back every 25 s, with or without news; this leaves room for its time-out and a second try.
UNHEARD = timedelta(minutes=2)
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

    async def report(self) -> tuple[int, dict[str, Any]]:
        """The HTTP status and the body, as the contract has it."""
        now = self._now()
        leader = self._leads_since is not None
        try:
            async with asyncio.timeout(ANSWERS_WITHIN_S):
                found = await self._store.read(signs)
                plan = await self._plan()
        except Exception as problem:
            # Whatever it is, a database that cannot be read is this page's news, not its failure.
            log.warning("the database does not answer: %s", type(problem).__name__)
            nothing: dict[str, datetime | None] = dict.fromkeys(self._accounts)
            return 503, _body(False, leader, False, nothing, None)
        names = {account: _spelled(plan, account) for account in self._accounts}
        x = {names[account]: found.x.get(account.lower(), Sign()) for account in self._accounts}
        still = leader and self._stands_still(found, now)
        heard = self._hears_x(x, found, plan, now) and self._hears_telegram(found, now)
        good_at = {account: sign.good_at for account, sign in x.items()}
        return (503 if still else 200), _body(heard and not still, leader, True, good_at, found.telegram.good_at)

    async def _plan(self) -> Plan | None:
        """The rota in force; None when there is none yet, which is a standby's state at worst."""
        try:
            return await self._store.read(self._rota.plan)
        except Misconfigured:
            return None

    def _stands_still(self, found: Signs, now: datetime) -> bool:
        assert self._leads_since is not None
        return now - _latest(found.beat_at, self._leads_since) > STANDS_STILL

    def _hears_x(self, x: dict[str, Sign], found: Signs, plan: Plan | None, now: datetime) -> bool:
        if not self._always and plan is not None and is_open(plan, now):
            return True  # nobody reads X now, so nothing is missed
        return all(
            sign.fails == 0 and now - _latest(sign.good_at, found.office_at, self._leads_since) <= self._silence
            for sign in x.values()
        )

    def _hears_telegram(self, found: Signs, now: datetime) -> bool:
        sign = found.telegram
        return sign.fails == 0 and now - _latest(sign.good_at, self._leads_since) <= UNHEARD


def health_app(health: Health) -> Starlette:
    """The web application. /metrics and the calendars are not served yet: 404."""

    async def healthz(_: Request) -> JSONResponse:
        status, body = await health.report()
        return JSONResponse(body, status, headers={"Cache-Control": "no-store"})

    return Starlette(routes=[Route("/healthz", healthz, methods=["GET"])])


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
