"""Once a day, customers' words that are older than KEEP_DAYS go; what was missed while we were down is made up for.

Small transactions with room for others between them: nothing that rings waits for it, and nothing that rings is
touched. A killed pass begins anew and finds the rest.
"""

import asyncio
import logging
from datetime import datetime, timedelta

from sqlmodel import Session

from bot.core.options import Options
from bot.current_rota import CurrentRota
from bot.store import erasing, people
from bot.store.db import Store
from bot.store.erasing import Erased
from bot.store.scrubbing import drop_copies, rewrite, scrub
from bot.store.tables import Cursor
from bot.watch.telling import cursor_of
from schedules.daily import last_daily

log = logging.getLogger("reperibile.watch")

# Tickets erased in one transaction: some milliseconds.
BATCH = 50
# Words of a post that was deleted on X while its ticket was fresh stay for whoever is at work on it; X wants them gone
# within 24 hours.
DELETED_STAY = timedelta(hours=12)
LOOK_EVERY = timedelta(hours=1)
_CURSOR = "kept"


class Retention:
    """Deletes what has been kept long enough."""

    def __init__(self, store: Store, options: Options, rota: CurrentRota) -> None:
        self._store = store
        self._options = options
        self._rota = rota
        self._looked_at: datetime | None = None
        self._to_scrub = True
        """At the start, too: who was killed between erasing and scrubbing has left the words in the files."""

    async def prepare(self) -> None:
        """Before anything rings: a file that was never kept clean is written anew, once."""
        if await self._store.read(_was_never_done):
            await asyncio.to_thread(rewrite, self._store)

    async def work(self, now: datetime) -> Erased:
        """Erase everything that is due at `now`; nothing when today's pass is done."""
        done = Erased()
        if await self._store.read(self._is_due, now):
            before = now - self._options.keep
            while some := await self._store.run(erasing.old, before, BATCH):
                done += some
                self._to_scrub = True
            for copy in await asyncio.to_thread(drop_copies, self._store, before):
                log.info("deleted an old copy of the database: %s", copy.name)
            await self._store.run(_finished, done, now)
        if self._looked_at is None or abs(now - self._looked_at) >= LOOK_EVERY:
            while await self._store.run(erasing.deleted_posts, now - DELETED_STAY, BATCH):
                self._to_scrub = True
            self._looked_at = now
        if self._to_scrub:
            # Whoever reads a long list just now puts it off to the next time.
            self._to_scrub = not await asyncio.to_thread(scrub, self._store)
        return done

    def _is_due(self, session: Session, now: datetime) -> bool:
        cursor = session.get(Cursor, _CURSOR)
        last = last_daily(self._rota.plan(session), now)
        # One that lies ahead was written before the clock was set back.
        return cursor is None or cursor.good_at is None or cursor.good_at < last or cursor.good_at > now


def _was_never_done(session: Session) -> bool:
    return session.get(Cursor, _CURSOR) is None


def _finished(session: Session, done: Erased, now: datetime) -> None:
    cursor_of(session, _CURSOR).good_at = now
    if done:
        people.log(session, now, "watch", "words deleted", detail=str(done))
