"""Reads X and keeps what it shows: the rows and the cursor in one transaction, and nothing twice.

News of an account that is read regularly is judged in the transaction that keeps it, page by page, so that an alarm
rings before the pages behind it are read again. A backlog is kept whole and then judged whole: it rings as one.
"""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Protocol

from sqlalchemy import Update, bindparam, update
from sqlmodel import Session, col, select

from bot.core.joining import belongs_to
from bot.core.ladder import on_duty_now
from bot.core.mention import Mention, MentionPage, id_at
from bot.core.options import Options
from bot.core.triage import Judge
from bot.core.trouble import ask_again_at
from bot.current_rota import CurrentRota
from bot.errors import DoorError, Temporary
from bot.intake.changes import deleted, edited
from bot.intake.judging import JUDGE_MAX, Judging
from bot.store import holds, outbox, story, tickets, trouble
from bot.store.db import Store
from bot.store.durations import seconds
from bot.store.rows import add_all, table_of
from bot.store.tables import Cursor, MentionRow
from schedules.office import is_open, last_closing

log = logging.getLogger("reperibile.intake")

# Each poll reads again from this long before the last good poll: mentions are indexed late (facts/X.md, 1.5).
OVERLAP = timedelta(minutes=2)
# This often the whole X_LOOKBACK_MIN is read again.
FULL_EVERY = timedelta(minutes=5)
# Without a cursor: how far back the first reading goes, and from what age on nothing rings (DESIGN.md, "Cold start").
COLD_READS = timedelta(hours=24)
COLD_RINGS = timedelta(hours=2)
# X keeps the newest 800 mentions of an account: 8 pages of 100 (facts/X.md).
PAGES_MAX = 8
# Back-off after a failed poll that named no time: doubled from the first up to the last.
BACK_OFF = (timedelta(seconds=15), timedelta(minutes=5))


News = Callable[[], Awaitable[None]]


class MentionSource(Protocol):
    """What intake needs of the X door."""

    async def mentions(
        self,
        account: str,
        *,
        since_id: int | None = None,
        start_time: datetime | None = None,
        page_token: str | None = None,
    ) -> MentionPage: ...

    async def own_posts(self, account: str, *, since: datetime) -> tuple[Mention, ...]: ...

    async def lookup(self, account: str, ids: Sequence[int]) -> dict[int, Mention | None]: ...


@dataclass(frozen=True, slots=True)
class _Due:
    """A reading that is due.

    start: from when on; full: the whole lookback; closing: of the office, behind us, with WATCH=out_of_hours; full_at:
    when the last full reading was done; is_regular: the last good poll was just now, so that no backlog is waiting;
    apart: how long ago that was.
    """

    start: datetime
    full: bool
    closing: datetime | None
    full_at: datetime | None = None
    is_regular: bool = False
    apart: timedelta = timedelta()

    def can_afford(self, page: MentionPage, now: datetime) -> bool:
        """Does X's limit leave three requests for each reading until it is renewed? Two are needed where many write."""
        if page.remaining is None or page.resets_at is None:
            return True
        return page.remaining * self.apart > 3 * (page.resets_at - now)

    def rings_at_once(self, mentions: Sequence[Mention]) -> bool:
        """May this page be judged before the next is read? Not where a backlog or the office's own answers matter."""
        return self.is_regular and not any(self.closing and m.created_at < self.closing for m in mentions)


class Intake:
    """Reads and judges; holds no state of its own that a restart could lose."""

    def __init__(self, store: Store, door: MentionSource, judge: Judge, options: Options, rota: CurrentRota) -> None:
        self._store = store
        self._door = door
        self._judging = Judging(judge, options, rota)
        self._options = options
        self._rota = rota
        self._reading: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._newest: dict[str, int] = {}
        """The newest id seen of accounts whose overlap does not fit a page: a hint of what to ask for first."""

    async def poll(self, account: str, now: datetime, news: News | None = None) -> bool:
        """One reading of one account's mentions; False when it was not due (office open, or told to wait) or failed.

        news: awaited when something new was judged and may ring, before the reading goes on: so an alarm need not share
        the processor with pages that are known. Without it nothing is judged here, `judge` does it.
        """
        # One reading of an account after the other: one that began before the clock jumped would end after the newer
        # one, take its place, and look like hours of silence.
        async with self._reading[account]:
            return await self._poll(account, now, news)

    async def _poll(self, account: str, now: datetime, news: News | None) -> bool:
        due = await self._store.run(self._due, account, now)
        if due is None:
            return False
        found, complete, problem = await self._read(account, due, now, news)
        answered = await self._answered(account, found, due.start, due.closing)
        if problem is not None:
            await self._store.run(self._failed, account, found, answered, now, problem)
            return False
        gone = await self._gone(account, found, due.start, now) if due.full and complete else []
        judged = await self._store.run(
            self._done, account, found, answered, gone, due, now, judging=news is not None and due.is_regular
        )
        if judged and news is not None:
            await news()
        return True

    async def judge(self, now: datetime) -> int:
        """Judge every mention that still waits for it; gives how many there were."""
        total, done = 0, JUDGE_MAX
        while done == JUDGE_MAX:
            done = await self._store.run(self._judging.some, now)
            total += done
        return total

    # --- reading -------------------------------------------------------------------------------------------------

    def _due(self, session: Session, account: str, now: datetime) -> "_Due | None":
        """The reading that is due now; None when none is."""
        plan = self._rota.plan(session)
        if holds.is_on_hold(session) or (not self._options.always and is_open(plan, now)):
            return None
        cursor = _cursor(session, account)
        if cursor.not_before is not None and cursor.not_before > now:
            return None
        closing = None if self._options.always else last_closing(plan, now)
        floor = closing - self._options.lookback if closing is not None else None
        if cursor.good_at is None:
            start = now - COLD_READS
            return _Due(max(start, floor) if floor else start, True, closing)
        # A clock that was set back must not make us skip: read from before the earlier of the two.
        good = min(cursor.good_at, now)
        full = cursor.full_at is None or now - cursor.full_at >= FULL_EVERY or cursor.full_at > now
        start = min(good - OVERLAP, now - self._options.lookback) if full else good - OVERLAP
        if floor is not None:
            start = max(start, floor)
        is_regular = cursor.fails == 0 and now - good <= OVERLAP
        return _Due(start, full, closing, cursor.full_at, is_regular, now - good)

    async def _read(
        self, account: str, due: "_Due", now: datetime, news: News | None
    ) -> tuple[list[Mention], bool, DoorError | None]:
        """All mentions since `due.start`, whether we saw the whole stretch (False: more than X keeps), and what cut the
        reading short: what was read until then is kept all the same."""
        found: list[Mention] = []
        token: str | None = None
        newest = self._newest.pop(account, None)
        if newest is not None and news is not None and due.is_regular:
            try:
                page = await self._newest_first(account, due, newest, now, news)
            except DoorError as problem:
                return found, False, problem
            found += page.mentions
            if page.remaining == 0:
                return found, False, Temporary("rate_limit", until=page.resets_at)
        first = {mention.id for mention in found}
        for _ in range(PAGES_MAX):
            try:
                page = await self._door.mentions(account, since_id=id_at(due.start), page_token=token)
            except DoorError as problem:
                return found, False, problem
            if page.unreadable:
                log.warning("@%s: %d items of a page could not be read", account, page.unreadable)
            found += page.mentions
            token, is_first = page.next_token, token is None
            if token is None:
                return found, True, None
            if is_first and found and due.can_afford(page, now):
                self._newest[account] = max(mention.id for mention in found)
            is_known = False
            if news is not None and due.rings_at_once(page.mentions):
                is_known = await self._store.run(self._at_once, account, page.mentions, now)
                if not is_known:
                    await news()
            elif not due.full:
                is_known = await self._store.run(_all_known, page.mentions)
            # What was asked for first is known by now, and tells nothing of what stands between.
            is_known = is_known and not any(mention.id in first for mention in page.mentions)
            if is_known and not due.full:
                return found, True, None
            if page.remaining == 0:
                return found, False, Temporary("rate_limit", until=page.resets_at)
        log.warning("@%s: more than %d pages of mentions since %s", account, PAGES_MAX, due.start)
        return found, False, None

    async def _newest_first(self, account: str, due: "_Due", newest: int, now: datetime, news: News) -> MentionPage:
        """Where many write, the overlap is a page or more that is known: what is new is asked for before it is read
        again, alone, and judged at once. Raises: DoorError."""
        page = await self._door.mentions(account, since_id=newest)
        new = page.mentions
        if new and due.rings_at_once(new) and not await self._store.run(self._at_once, account, new, now):
            await news()
        return page

    async def _answered(
        self, account: str, found: Sequence[Mention], start: datetime, closing: datetime | None
    ) -> frozenset[int]:
        """Ids of posts that an account of ours has answered already, asked only when a post from before closing is new.

        When X cannot say, the post is taken in: a page too many, not one too few.
        """
        earlier = [m for m in found if closing is not None and m.created_at < closing]
        if not earlier or await self._store.run(_all_known, earlier):
            return frozenset()
        answers: set[int] = set()
        for ours in (account, *(other for other in self._options.accounts if other != account)):
            try:
                own = await self._door.own_posts(ours, since=start)
            except DoorError as problem:
                log.warning("@%s: whether it has answered cannot be seen: %s", ours, problem)
                continue
            answers |= {post.parent_id for post in own if post.parent_id is not None}
        return frozenset(answers)

    async def _gone(self, account: str, found: Sequence[Mention], start: datetime, now: datetime) -> list[int]:
        """First ids of mentions we know from this stretch that X shows no more: deleted (or edited away)."""
        seen = {m.first_id for m in found}
        missing = await self._store.run(_missing, account, start, now - OVERLAP, seen)
        if not missing:
            return []
        try:
            shown = await self._door.lookup(account, [newest for _, newest in missing])
        except DoorError as problem:
            log.info("@%s: what was deleted cannot be seen: %s", account, problem)
            return []
        return [first for first, newest in missing if newest in shown and shown[newest] is None]

    def _at_once(self, session: Session, account: str, mentions: Sequence[Mention], now: datetime) -> bool:
        """Keep and judge what is new on a page that others follow; True when all of it was known."""
        known = _held(session, mentions)
        if _are_in(known, mentions):
            return True
        # Until the reading is done: that this page is known says nothing about the pages behind it.
        session.connection().execute(_reading_in_full(), {"cursor": _cursor_name(account)})
        if self._keep(session, account, mentions, frozenset(), now, known=known):
            self._judging.some(session, now)
        return False

    def _failed(
        self,
        session: Session,
        account: str,
        found: Sequence[Mention],
        answered: frozenset[int],
        now: datetime,
        problem: DoorError,
    ) -> None:
        """The reading was cut short: what was seen is kept, the cursor stays, and the next reading is a full one, for
        pages that are known now say nothing about older ones."""
        cursor = _cursor(session, account)
        if found:
            self._keep(session, account, found, answered, now, is_first=cursor.good_at is None)
            cursor.full_at = None
        cursor.fails += 1
        cursor.failing_since = cursor.failing_since or now
        fails = trouble.failed(session, self._rota.plan(session).leads, now, _counted(account), problem.reason, account)
        cursor.not_before = ask_again_at(problem, fails, now, BACK_OFF)
        cursor.value = problem.reason
        session.add(cursor)
        log.warning("@%s: mentions cannot be read: %s; next try %s", account, problem, cursor.not_before)

    def _done(
        self,
        session: Session,
        account: str,
        found: Sequence[Mention],
        answered: frozenset[int],
        gone: Sequence[int],
        due: "_Due",
        now: datetime,
        *,
        judging: bool,
    ) -> bool:
        """A good reading: the rows and the cursor, in one transaction; True when news was judged in it, too."""
        cursor = _cursor(session, account)
        if cursor.failing_since is not None:
            down = {"down_s": seconds(cursor.failing_since, now), "fails": cursor.fails}
            story.tell(session, now, "intake", "X back", detail=f"@{account}", facts=down)
        news = self._keep(session, account, found, answered, now, is_first=cursor.good_at is None)
        for first_id in gone:
            deleted(session, first_id, now)
        cursor.good_at = now
        cursor.full_at = now if due.full else due.full_at
        if cursor.fails:
            trouble.worked(session, _counted(account))
        cursor.fails, cursor.failing_since, cursor.not_before, cursor.value = 0, None, None, ""
        session.add(cursor)
        # Many at once are judged in batches of their own, so that no transaction takes long.
        return judging and 0 < news <= JUDGE_MAX and self._judging.some(session, now) > 0

    def _keep(
        self,
        session: Session,
        account: str,
        found: Sequence[Mention],
        answered: frozenset[int],
        now: datetime,
        *,
        is_first: bool = False,
        known: dict[int, int] | None = None,
    ) -> int:
        """Insert what is new, note what was edited, pass over the rest; gives how many are to be judged.

        is_first: this account was never read before. known: of the mentions found, as `_held` has it, where it was
        asked already.
        """
        ours = {a.lower() for a in self._options.accounts}
        late = changed = 0
        known = _held(session, found) if known is None else known
        before = len(known)
        fresh: list[dict[str, Any]] = []
        for mention in sorted(found, key=lambda m: m.id):
            if mention.is_retweet or mention.author.lower() in ours:
                continue
            newest = known.get(mention.first_id)
            if newest is not None:
                if mention.id > newest:
                    known[mention.first_id] = mention.id
                    # It may be edited within one reading.
                    add_all(session, MentionRow, fresh)
                    fresh.clear()
                    edited(session, mention, now)
                    changed += 1
                continue
            known[mention.first_id] = mention.id
            belongs, also = belongs_to(mention.mentioned, self._options.accounts, account)
            is_cold = is_first and now - mention.created_at > COLD_RINGS
            is_answered = mention.id in answered or mention.first_id in answered
            columns = tickets.columns_of(mention, belongs, also, now, cold=is_cold)
            fresh.append({**columns, "state": "answered" if is_answered else "new"})
            late += is_cold and not is_answered
        new = len(known) - before
        add_all(session, MentionRow, fresh)
        if new:
            story.tell(session, now, "intake", "mentions seen", detail=f"@{account}", facts={"new": new})
        if late:
            self._tell_cold(session, account, late, now)
        return new + changed

    def _tell_cold(self, session: Session, account: str, count: int, now: datetime) -> None:
        plan = self._rota.plan(session)
        for person in sorted(on_duty_now(plan, now)):
            outbox.say(
                session,
                now,
                f"cold:{account}:{person}",
                "notice",
                person=person,
                facts={"what": "cold_start", "account": account, "count": count},
            )


def _counted(account: str) -> str:
    """The cursor in which this account's failed readings are counted, reason by reason."""
    return f"read:{account}"


def _cursor_name(account: str) -> str:
    return f"x:{account}"


@cache
def _reading_in_full() -> Update:
    cursors = table_of(Cursor)
    return update(cursors).where(cursors.c.name == bindparam("cursor")).values(full_at=None)


def _cursor(session: Session, account: str) -> Cursor:
    name = _cursor_name(account)
    cursor = session.get(Cursor, name)
    if cursor is None:
        cursor = Cursor(name=name)
        session.add(cursor)
    return cursor


def _all_known(session: Session, mentions: Sequence[Mention]) -> bool:
    """Do we hold every one of these in this very version?"""
    return _are_in(_held(session, mentions), mentions)


def _held(session: Session, mentions: Sequence[Mention]) -> dict[int, int]:
    """First id → newest id, of those of these mentions that we hold."""
    return tickets.known(session, {mention.first_id for mention in mentions})


def _are_in(held: Mapping[int, int], mentions: Sequence[Mention]) -> bool:
    return all(held.get(mention.first_id, 0) >= mention.id for mention in mentions)


def _missing(session: Session, account: str, start: datetime, end: datetime, seen: set[int]) -> list[tuple[int, int]]:
    """(first id, newest id) of this account's mentions written in [start, end) that X did not show this time."""
    rows = session.exec(
        select(MentionRow.id, MentionRow.newest_id).where(
            MentionRow.account == account,
            MentionRow.created_at >= start,
            MentionRow.created_at < end,
            col(MentionRow.deleted_at).is_(None),
        )
    ).all()
    return [(first, newest) for first, newest in rows if first not in seen]
