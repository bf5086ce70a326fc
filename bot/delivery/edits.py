"""What stands on the phones is brought up to date: sent messages whose ticket, reply or list has changed since."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from sqlmodel import Session

from bot.clock import Clock
from bot.core.message import Message
from bot.core.options import Options
from bot.core.trouble import told_until
from bot.current_rota import CurrentRota
from bot.errors import DoorError, Permanent
from bot.showing import Showing
from bot.store import holds, outbox, people
from bot.store.db import Store
from bot.store.tables import OutboxRow

log = logging.getLogger("reperibile.delivery")

# Edits made before due messages go first again: a new page waits for one call to Telegram at most.
EDITS = 1
# A list is edited at most this often.
LIST_EVERY = timedelta(seconds=3)
# An edit that failed is made again after this long, when Telegram does not say.
AGAIN = timedelta(seconds=5)


class Phones(Protocol):
    """What is needed of the Telegram door."""

    async def edit(self, chat_id: int, message_id: int, message: Message) -> None: ...

    async def delete(self, chat_id: int, message_id: int) -> None: ...


@dataclass(frozen=True, slots=True)
class _Edit:
    """message: None for one that is to be taken away, for a picture cannot be edited into words."""

    row_id: int
    version: int
    chat_id: int
    message_id: int
    message: Message | None


class Edits:
    """Makes the edits that are due."""

    def __init__(self, store: Store, phones: Phones, options: Options, rota: CurrentRota, clock: Clock) -> None:
        self._store = store
        self._phones = phones
        self._options = options
        self._rota = rota
        self._clock = clock

    async def make_some(self) -> int:
        """Make the most pressing of the due edits; gives how many were tried, 0 when none is due."""
        edits = await self._store.run(self._outdated, self._clock.now())
        waiting: set[int] = set()
        for edit in edits:
            if edit.chat_id not in waiting and not await self._edit(edit):
                waiting.add(edit.chat_id)
        return len(edits)

    def _outdated(self, session: Session, now: datetime) -> list[_Edit]:
        if holds.is_on_hold(session):
            return []
        while rows := outbox.outdated(session, now, EDITS):
            if edits := self._edits(session, rows, now):
                return edits
            session.flush()
        return []

    def _edits(self, session: Session, rows: Sequence[OutboxRow], now: datetime) -> list[_Edit]:
        showing = Showing(session, self._rota.plan(session), now, self._options)
        reach = people.reachable(session)
        edits = []
        for row in rows:
            assert row.id is not None
            assert row.remote_id is not None
            message: Message | None
            try:
                if row.chat_id is None:
                    raise LookupError("no chat")
                if row.person is not None and reach.get(row.person) != row.chat_id:
                    # A phone that was locked out, or is another person's now, keeps none of the customers' words.
                    message = None if row.kind == "rota" else showing.taken_away(row)
                else:
                    message = showing.message(row)
            except Exception:
                log.exception("message %s (%s) cannot be worded anew", row.id, row.kind)
                row.shown = row.version
                session.add(row)
                continue
            edits.append(_Edit(row.id, row.version, row.chat_id, row.remote_id, message))
        return edits

    async def _edit(self, edit: _Edit) -> bool:
        """Make one edit; False when its chat has to wait for the others, too."""
        now = self._clock.now()
        again_at: datetime | None = None
        told: datetime | None = None
        try:
            if edit.message is None:
                await self._phones.delete(edit.chat_id, edit.message_id)
            else:
                await self._phones.edit(edit.chat_id, edit.message_id, edit.message)
        except Permanent as problem:
            log.info("message %s cannot be edited: %s", edit.row_id, problem)
        except DoorError as problem:
            now = self._clock.now()
            told = told_until(problem, now)
            again_at = told or now + AGAIN
        await self._store.run(_edited, edit, again_at, told is not None, self._clock.now())
        return told is None


def _edited(session: Session, edit: _Edit, again_at: datetime | None, whole_chat: bool, now: datetime) -> None:
    row = session.get(OutboxRow, edit.row_id)
    if row is None:
        return
    if again_at is not None:
        row.edit_at = again_at
        if whole_chat:
            outbox.edit_later(session, edit.chat_id, again_at)
    else:
        row.shown = max(row.shown, edit.version)
        # Long lists change with every mention; Telegram bears about one message a second and chat.
        row.edit_at = now + LIST_EVERY if row.kind in outbox.LIST_KINDS else None
    session.add(row)
