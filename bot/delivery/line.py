"""The line to the phones and to X, as the house calls it."""

import logging
from datetime import datetime
from typing import Protocol

from sqlmodel import Session

from bot.clock import Clock
from bot.core.options import Options
from bot.current_rota import CurrentRota
from bot.delivery import edits, messages
from bot.delivery.edits import Edits
from bot.delivery.last_resort import LastResort, LastResorts
from bot.delivery.messages import Messages
from bot.delivery.replies import Poster, Replies
from bot.store import outbox
from bot.store.db import Store

log = logging.getLogger("reperibile.delivery")


class Phones(messages.Phones, edits.Phones, Protocol):
    """What delivery needs of the Telegram door."""


class Delivery:
    """Sends what stands in the two outboxes."""

    def __init__(
        self,
        store: Store,
        phones: Phones,
        poster: Poster,
        options: Options,
        rota: CurrentRota,
        clock: Clock,
        last_resort: LastResort | None = None,
    ) -> None:
        self._store = store
        self._clock = clock
        self._messages = Messages(store, phones, options, rota, clock)
        self._last_resorts = LastResorts(store, options, rota, clock, last_resort)
        self._edits = Edits(store, phones, options, rota, clock)
        self._replies = Replies(store, poster, options, rota, clock)

    async def recover(self) -> None:
        """After a start: what was on its way is sent again (messages) or looked for (replies)."""
        await self._store.run(self._recover, self._clock.now())

    def _recover(self, session: Session, now: datetime) -> None:
        repeated = outbox.put_back_unfinished(session, now)
        doubtful = self._replies.found_sending(session, now)
        if repeated or doubtful:
            log.warning("found %d messages and %d replies on their way at start", repeated, doubtful)

    async def to_phones(self) -> int:
        """Send the due messages, then bring shown ones up to date; gives how many were tried."""
        count = 0
        # A new page must not wait behind a long row of edits: after each few of them, messages go first again.
        while done := await self._messages.send_some() or await self._edits.make_some():
            count += done
        return count

    async def to_last_resort(self) -> int:
        """Call the channels outside Telegram for what is due there; gives how many were tried."""
        return await self._last_resorts.call_due()

    async def to_x(self) -> int:
        """Act on every due reply: post, look, delete; gives how many were taken up."""
        return await self._replies.act()
