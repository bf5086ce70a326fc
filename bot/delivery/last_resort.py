"""Outbox → the channels outside Telegram: for when nobody answers there.

Apart from the messages to phones and a few at once: a gateway that hangs holds up no page, and no other last resort.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from bot.clock import Clock
from bot.core.options import Options
from bot.core.reply import LEASE
from bot.core.trouble import BackOff, waited
from bot.current_rota import CurrentRota
from bot.showing import Showing
from bot.store import outbox, people, tickets
from bot.store.db import Store
from bot.store.tables import Cursor, OutboxRow

log = logging.getLogger("reperibile.delivery")

# Claimed and called at once.
TAKE = 3
# A last resort that nothing took is tried again, doubled from the first up to the last, while its ticket pages.
AGAIN: BackOff = (timedelta(seconds=30), timedelta(hours=1))
LAST_RESORT_TRIES = 10

LastResort = Callable[[str], Awaitable[int]]
"""Says it on the first channel that takes it; gives that one's number, from 1, or 0 when none did."""


@dataclass(frozen=True, slots=True)
class _Call:
    row_id: int
    attempt: int
    words: str


class LastResorts:
    """Calls what is due."""

    def __init__(
        self, store: Store, options: Options, rota: CurrentRota, clock: Clock, notify: LastResort | None
    ) -> None:
        self._store = store
        self._options = options
        self._rota = rota
        self._clock = clock
        self._notify = notify

    async def call_due(self) -> int:
        """Everything that is due now; gives how many were tried."""
        count = 0
        while await self._store.read(outbox.is_last_resort_due, self._clock.now()):
            calls = await self._store.run(self._take, self._clock.now())
            await asyncio.gather(*(self._call(call) for call in calls))
            count += len(calls)
        return count

    def _take(self, session: Session, now: datetime) -> list[_Call]:
        """Claim some and word them; what has become pointless is dropped here."""
        showing = Showing(session, self._rota.plan(session), now, self._options, {})
        calls = []
        for row in outbox.take_last_resorts(session, now, LEASE, TAKE):
            assert row.id is not None
            if not _is_needed(session, row):
                row.state, row.error = "dropped", "no longer needed"
                continue
            try:
                calls.append(_Call(row.id, row.attempts, showing.last_resort(row)))
            except Exception as problem:
                log.exception("last resort %s cannot be worded", row.key)
                row.state, row.error = "failed", type(problem).__name__
        return calls

    async def _call(self, call: _Call) -> None:
        took = await self._notify(call.words) if self._notify is not None else 0
        await self._store.run(_called, call, took, self._clock.now())


def _is_needed(session: Session, row: OutboxRow) -> bool:
    """What is about tickets is needed while any of them pages; anything else stays true."""
    about = [row.ticket_id] if row.ticket_id is not None else list(row.facts.get("tickets", ()))
    if row.facts.get("about") == "unheard":
        telegram = session.get(Cursor, "telegram")
        return telegram is not None and telegram.fails > 0
    return not about or tickets.any_pages(session, about)


def _called(session: Session, call: _Call, took: int, now: datetime) -> None:
    row = session.get(OutboxRow, call.row_id)
    if row is None or row.attempts != call.attempt or row.state != "sending":
        return
    session.add(row)
    if took:
        row.state, row.sent_at = "sent", now
    elif call.attempt < LAST_RESORT_TRIES and _is_needed(session, row):
        row.state, row.due_at = "due", now + waited(AGAIN, call.attempt)
    else:
        row.state = "failed"
    detail = f"address {took}" if took else f"attempt {call.attempt}"
    for number in [row.ticket_id] if row.ticket_id is not None else row.facts.get("tickets") or [None]:
        people.log(
            session, now, "delivery", "last resort" if took else "last resort failed", ticket=number, detail=detail
        )
