"""X → store: read the mentions of each account, keep them, judge them, give each its ticket and its page.

Two steps, each one transaction. `poll` inserts or ignores the rows *and* moves the cursor; `judge` turns every new row
into (part of) a ticket. A crash between them loses nothing: the rows wait as `new`.
"""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Protocol

from sqlmodel import Session, col, select

from bot.core.joining import belongs_to, raised, ticket_to_join
from bot.core.ladder import on_duty_now
from bot.core.mention import Mention, MentionPage, Urgency, id_at
from bot.core.options import Options
from bot.core.reply import ReplyState, back_to_draft
from bot.core.ticket import SERVICE, Move, State, move
from bot.core.triage import Judge, Judgement
from bot.core.trouble import ask_again_at
from bot.current_rota import CurrentRota
from bot.errors import DoorError, Temporary
from bot.paging import ring_due, start_ladder
from bot.store import outbox, story, tickets, trouble
from bot.store.db import Store
from bot.store.durations import seconds
from bot.store.judged import Judged, NewMention, waiting
from bot.store.rows import add_all, put_reply, put_ticket, reply_of, ticket_of
from bot.store.tables import Cursor, MentionRow, ReplyRow, TicketRow
from schedules.office import is_open, last_closing
from schedules.rota import Plan

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
# Mentions judged in one transaction.
JUDGE_MAX = 100


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


class Intake:
    """Reads and judges; holds no state of its own that a restart could lose."""

    def __init__(self, store: Store, door: MentionSource, judge: Judge, options: Options, rota: CurrentRota) -> None:
        self._store = store
        self._door = door
        self._judge = judge
        self._options = options
        self._rota = rota
        self._reading: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def poll(self, account: str, now: datetime) -> bool:
        """One reading of one account's mentions; False when it was not due (office open, or told to wait) or failed."""
        # One reading of an account after the other: one that began before the clock jumped would end after the newer
        # one, take its place, and look like hours of silence.
        async with self._reading[account]:
            return await self._poll(account, now)

    async def _poll(self, account: str, now: datetime) -> bool:
        since = await self._store.run(self._since, account, now)
        if since is None:
            return False
        start, full, closing = since
        found, complete, problem = await self._read(account, start, full)
        answered = await self._answered(account, found, start, closing)
        if problem is not None:
            await self._store.run(self._failed, account, found, answered, now, problem)
            return False
        gone = await self._gone(account, found, start, now) if full and complete else []
        await self._store.run(self._done, account, found, answered, gone, full, now)
        return True

    async def judge(self, now: datetime) -> int:
        """Judge every new mention; gives how many there were."""
        total = 0
        while done := await self._store.run(self._judge_some, now):
            total += done
        return total

    # --- reading -------------------------------------------------------------------------------------------------

    def _since(self, session: Session, account: str, now: datetime) -> tuple[datetime, bool, datetime | None] | None:
        """From when to read, whether it is a full reading, and the closing behind us; None when it is not due."""
        plan = self._rota.plan(session)
        if not self._options.always and is_open(plan, now):
            return None
        cursor = _cursor(session, account)
        if cursor.not_before is not None and cursor.not_before > now:
            return None
        closing = None if self._options.always else last_closing(plan, now)
        floor = closing - self._options.lookback if closing is not None else None
        if cursor.good_at is None:
            start = now - COLD_READS
            return max(start, floor) if floor else start, True, closing
        # A clock that was set back must not make us skip: read from before the earlier of the two.
        good = min(cursor.good_at, now)
        full = cursor.full_at is None or now - cursor.full_at >= FULL_EVERY or cursor.full_at > now
        start = min(good - OVERLAP, now - self._options.lookback) if full else good - OVERLAP
        if floor is not None:
            start = max(start, floor)
        return start, full, closing

    async def _read(self, account: str, start: datetime, full: bool) -> tuple[list[Mention], bool, DoorError | None]:
        """All mentions since `start`, whether we saw the whole stretch (False: more than X keeps), and what cut the
        reading short: what was read until then is kept all the same."""
        found: list[Mention] = []
        token: str | None = None
        for _ in range(PAGES_MAX):
            try:
                page = await self._door.mentions(account, since_id=id_at(start), page_token=token)
            except DoorError as problem:
                return found, False, problem
            if page.unreadable:
                log.warning("@%s: %d items of a page could not be read", account, page.unreadable)
            found += page.mentions
            token = page.next_token
            if token is None:
                return found, True, None
            if not full and await self._store.run(_all_known, page.mentions):
                return found, True, None
            if page.remaining == 0:
                return found, False, Temporary("rate_limit", until=page.resets_at)
        log.warning("@%s: more than %d pages of mentions since %s", account, PAGES_MAX, start)
        return found, False, None

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
            self._keep(session, account, cursor, found, answered, now)
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
        full: bool,
        now: datetime,
    ) -> None:
        """A good reading: the rows and the cursor, in one transaction."""
        cursor = _cursor(session, account)
        if cursor.failing_since is not None:
            down = {"down_s": seconds(cursor.failing_since, now), "fails": cursor.fails}
            story.tell(session, now, "intake", "X back", detail=f"@{account}", facts=down)
        self._keep(session, account, cursor, found, answered, now)
        for first_id in gone:
            _delete(session, first_id, now)
        cursor.good_at = now
        cursor.full_at = now if full else cursor.full_at
        if cursor.fails:
            trouble.worked(session, _counted(account))
        cursor.fails, cursor.failing_since, cursor.not_before, cursor.value = 0, None, None, ""
        session.add(cursor)

    def _keep(
        self,
        session: Session,
        account: str,
        cursor: Cursor,
        found: Sequence[Mention],
        answered: frozenset[int],
        now: datetime,
    ) -> None:
        """Insert what is new, note what was edited, pass over the rest."""
        cold = cursor.good_at is None
        ours = {a.lower() for a in self._options.accounts}
        late = 0
        known = tickets.known(session, {m.first_id for m in found})
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
                    _edit(session, mention, now)
                continue
            known[mention.first_id] = mention.id
            belongs, also = belongs_to(mention.mentioned, self._options.accounts, account)
            is_cold = cold and now - mention.created_at > COLD_RINGS
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

    # --- judging -------------------------------------------------------------------------------------------------

    def _judge_some(self, session: Session, now: datetime) -> int:
        found = waiting(session, JUDGE_MAX + 1)
        if not found:
            return 0
        plan = self._rota.plan(session)
        batch = Judged(session, found[:JUDGE_MAX], now)
        for mention in found[:JUDGE_MAX]:
            self._judge_one(session, batch, plan, mention, now)
        batch.write()
        outbox.lists_changed(session)
        # A backlog rings when all of it is judged, so that it is one ring with a list; a tick in between rings, too.
        if len(found) <= JUDGE_MAX:
            ring_due(session, plan, now, self._options)
        return min(len(found), JUDGE_MAX)

    def _judge_one(self, session: Session, batch: Judged, plan: Plan, mention: NewMention, now: datetime) -> None:
        judgement = self._judgement(mention)
        urgency, line = judgement.urgency, judgement.line
        if line == "unknown":
            account = plan.account(mention.account)
            line = (account.line if account else "") or "unknown"
        batch.judged(mention, urgency=urgency.value, line=line, score=judgement.score, reasons=list(judgement.reasons))
        counted = {"account": mention.account, "urgency": urgency.value}
        story.tell(session, now, "intake", "judged", detail=f"x:{mention.id}", quiet=True, facts=counted)
        # An edit of a mention that already stands in a ticket is the same mention with new words.
        ticket_id = mention.ticket_id
        if ticket_id is None:
            fits = batch.candidates(mention)
            ticket_id = ticket_to_join(fits, mention.conversation_id, mention.created_at, urgency)
        if ticket_id is not None:
            batch.joins(mention, ticket_id)
            self._join(session, batch, plan, ticket_id, mention, urgency, line, now)
        elif urgency is not Urgency.NOISE:
            self._open(batch, plan, mention, urgency, line, now)

    def _judgement(self, mention: NewMention) -> Judgement:
        """What the judge says. What it trips over rings, for a person can read it; the rest is judged all the same."""
        try:
            return self._judge(mention.text, mention.lang)
        except Exception as problem:
            # Neither trace nor message: they could hold the customer's words.
            log.error("x:%s could not be judged (%s): it counts as urgent", mention.id, type(problem).__name__)
            return Judgement(Urgency.URGENT, "unknown", 1.0, ("?? could not be judged",))

    def _open(self, batch: Judged, plan: Plan, mention: NewMention, urgency: Urgency, line: str, now: datetime) -> None:
        rings = urgency.is_alarm and not mention.cold and not is_open(plan, now)
        batch.opens(
            mention,
            f"{urgency} {line} x:{mention.id}",
            account=mention.account,
            author_id=mention.author_id,
            author=mention.author,
            state=(State.PAGING if rings else State.WAITING).value,
            urgency=urgency.value,
            line=line,
            opened_at=now,
            first_mention_at=mention.created_at,
            last_mention_at=mention.created_at,
            newest_mention_id=mention.id,
            # As start_ladder does.
            ladder=int(rings),
            next_step_at=now if rings else None,
        )

    def _join(
        self,
        session: Session,
        batch: Judged,
        plan: Plan,
        ticket_id: int,
        mention: NewMention,
        urgency: Urgency,
        line: str,
        now: datetime,
    ) -> None:
        ticket, is_edit = batch.ticket(ticket_id), mention.ticket_id is not None
        if not is_edit:
            # Also for noise ("it works again, thanks"): our answer was written before they said so.
            _held_back(session, batch.live_reply(ticket_id), "new_post", now)
        if urgency is Urgency.NOISE:
            return
        before = Urgency(ticket.urgency)
        after = raised(before, urgency)
        rise = after is not before and after.is_alarm
        ticket.urgency = after.value
        if not is_edit:
            ticket.last_mention_at = max(ticket.last_mention_at, mention.created_at)
            ticket.newest_mention_id = max(ticket.newest_mention_id, mention.id)
        if ticket.line == "unknown":
            ticket.line = line
        session.add(ticket)
        batch.noted("join", f"{urgency} x:{mention.id}", ticket=ticket_id, line=ticket.line, urgency=ticket.urgency)
        if not is_edit or rise:
            self._react(session, plan, ticket, mention, rise, now)

    def _react(
        self, session: Session, plan: Plan, ticket: TicketRow, row: NewMention, rise: bool, now: datetime
    ) -> None:
        """What joining does, by the ticket's state (DESIGN.md, "Which ticket a mention joins")."""
        on_duty = ticket.owner is not None and ticket.owner in on_duty_now(plan, now)
        rings = not row.cold and not is_open(plan, now)
        match State(ticket.state):
            case State.PAGING:
                if rise and rings:
                    ticket.next_step_at = now
            case State.WAITING:
                if rise and rings:
                    self._move(ticket, Move.RING, now)
            case State.CLAIMED:
                if rise and not on_duty and rings:
                    self._tell_relieved(session, ticket, now)
                    self._move(ticket, Move.BACK, now)
                else:
                    self._follow_up(session, ticket, row, now, rings=rise)
            case State.ANSWERED:
                if on_duty or not rings:
                    self._move(ticket, Move.FURTHER, now)
                    self._follow_up(session, ticket, row, now, rings=rings)
                else:
                    self._tell_relieved(session, ticket, now)
                    self._move(ticket, Move.BACK, now)
            case State.SNOOZED:
                if rise and on_duty:
                    self._move(ticket, Move.WAKE, now)
                    self._follow_up(session, ticket, row, now, rings=True)
                elif rise and rings:
                    self._tell_relieved(session, ticket, now)
                    self._move(ticket, Move.BACK, now)
            case State.CLOSED:
                self._move(ticket, Move.FURTHER, now)
                if ticket.state == State.PAGING.value and not rings:
                    ticket.state, ticket.next_step_at = State.WAITING.value, None
        session.add(ticket)

    def _move(self, row: TicketRow, what: Move, now: datetime) -> None:
        put_ticket(row, move(ticket_of(row), what, SERVICE, now))
        if row.state == State.PAGING.value:
            start_ladder(row, now)

    def _follow_up(self, session: Session, ticket: TicketRow, row: NewMention, now: datetime, *, rings: bool) -> None:
        """The owner gets the customer's further words as a card of their own, to reply to."""
        outbox.say(
            session,
            now,
            f"follow:{ticket.id}:{row.newest_id}",
            "card",
            person=ticket.owner,
            ticket_id=ticket.id,
            mention_id=row.id,
            facts={"follow_up": True},
            silent=not rings,
            priority=outbox.PAGE if rings else outbox.RECEIPT,
        )

    def _tell_relieved(self, session: Session, ticket: TicketRow, now: datetime) -> None:
        outbox.say(
            session,
            now,
            f"relieved:{ticket.id}:{ticket.newest_mention_id}:{ticket.owner}",
            "notice",
            person=ticket.owner,
            ticket_id=ticket.id,
            facts={"what": "relieved", "ticket": ticket.id},
        )


def _counted(account: str) -> str:
    """The cursor in which this account's failed readings are counted, reason by reason."""
    return f"read:{account}"


def _cursor(session: Session, account: str) -> Cursor:
    name = f"x:{account}"
    cursor = session.get(Cursor, name)
    if cursor is None:
        cursor = Cursor(name=name)
        session.add(cursor)
    return cursor


def _all_known(session: Session, mentions: Sequence[Mention]) -> bool:
    """Do we hold every one of these in this very version?"""
    held = tickets.known(session, {mention.first_id for mention in mentions})
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


def _edit(session: Session, mention: Mention, now: datetime) -> None:
    row = session.get_one(MentionRow, mention.first_id)
    row.newest_id, row.text, row.lang = mention.id, mention.text, mention.lang
    row.has_media, row.edited_at = mention.has_media, now
    if row.state != "answered":
        row.state = "new"
    session.add(row)
    story.tell(session, now, "intake", "edited by the customer", ticket=row.ticket_id, detail=f"x:{row.id}")
    if row.ticket_id is not None:
        _held_back(session, tickets.live_reply(session, row.ticket_id), "edited", now, only_mention=row.id)


def _delete(session: Session, first_id: int, now: datetime) -> None:
    row = session.get(MentionRow, first_id)
    if row is None or row.deleted_at is not None:
        return
    row.deleted_at = now
    session.add(row)
    story.tell(session, now, "intake", "deleted by the customer", ticket=row.ticket_id, detail=f"x:{row.id}")
    if row.ticket_id is not None:
        _held_back(session, tickets.live_reply(session, row.ticket_id), "parent_gone", now, only_mention=row.id)
        outbox.ticket_changed(session, row.ticket_id)


def _held_back(
    session: Session, row: ReplyRow | None, reason: str, now: datetime, only_mention: int | None = None
) -> None:
    """A held reply becomes a draft again and shows why; once in doubt it is beyond that."""
    if row is None or row.state != ReplyState.HELD.value or row.doubts:
        return
    if only_mention is not None and row.mention_id != only_mention:
        return
    put_reply(row, back_to_draft(reply_of(row), reason))
    session.add(row)
    assert row.id is not None
    outbox.reply_changed(session, row.id)
    outbox.ring_reply(session, row, now)
