"""Once a day, posts that we still keep are looked up on X: the words of those that were deleted there go here, too.

X tells nobody of a deletion. Young posts are looked at again with every full reading (line.py); this is for the older
ones. Each post looked up is charged by X like a post that is read (docs/privacy.md says what that costs).
"""

import logging
from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from sqlmodel import Session, col, select

from bot.core.mention import Mention
from bot.core.options import Options
from bot.current_rota import CurrentRota
from bot.errors import DoorError
from bot.intake.changes import deleted
from bot.store import erasing, holds
from bot.store.db import Store
from bot.store.tables import Cursor, MentionRow
from schedules.daily import last_daily

log = logging.getLogger("reperibile.intake")

# So many ids fit one request (X docs, "Posts lookup", checked 2026-11).
AT_ONCE = 100


class Lookup(Protocol):
    """What is needed of the X door."""

    async def lookup(self, account: str, ids: Sequence[int]) -> dict[int, Mention | None]: ...


class Rechecking:
    """Looks up what is kept."""

    def __init__(self, store: Store, door: Lookup, options: Options, rota: CurrentRota) -> None:
        self._store = store
        self._door = door
        self._options = options
        self._rota = rota

    async def work(self, account: str, now: datetime) -> int:
        """Today's look at one account's posts, unless it is done; gives how many were deleted on X.

        A look that X cut short is done again at the next call, from its beginning.
        """
        count = 0
        kept = await self._store.read(self._due, account, now)
        if kept is None:
            return 0
        for first in range(0, len(kept), AT_ONCE):
            some = kept[first : first + AT_ONCE]
            try:
                shown = await self._door.lookup(account, [newest for _, newest in some])
            except DoorError as problem:
                log.warning("@%s: what was deleted cannot be seen: %s", account, problem)
                return count
            gone = [number for number, newest in some if newest in shown and shown[newest] is None]
            if gone:
                await self._store.run(_gone, gone, now)
            count += len(gone)
        await self._store.run(_done, account, now)
        return count

    def _due(self, session: Session, account: str, now: datetime) -> list[tuple[int, int]] | None:
        """(first id, newest id) of what is to be looked up, the newest first; None when nothing is due."""
        cursor = session.get(Cursor, _name(account))
        last = last_daily(self._rota.plan(session), now)
        done = cursor is not None and cursor.good_at is not None and last <= cursor.good_at <= now
        if done or not self._options.recheck or holds.is_on_hold(session):
            return None
        rows = session.exec(
            select(MentionRow.id, MentionRow.newest_id)
            .where(
                MentionRow.account == account,
                MentionRow.seen_at >= now - self._options.recheck,
                MentionRow.text != "",
                col(MentionRow.deleted_at).is_(None),
            )
            .order_by(col(MentionRow.id).desc())
        ).all()
        return list(rows)


def _gone(session: Session, gone: Sequence[int], now: datetime) -> None:
    for number in gone:
        deleted(session, number, now)
        erasing.post(session, session.get_one(MentionRow, number))


def _done(session: Session, account: str, now: datetime) -> None:
    session.merge(Cursor(name=_name(account), good_at=now))


def _name(account: str) -> str:
    return f"recheck:{account}"
