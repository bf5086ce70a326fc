"""Replies → X: post and look. A public reply is posted at most once: doubt goes to a look, then to a person."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import Any, Protocol

from sqlalchemy import bindparam
from sqlmodel import Session, and_, col, or_, select

from bot.clock import Clock
from bot.core import reply as protocol
from bot.core.mention import Mention
from bot.core.options import Options
from bot.core.reply import LEASE, LOOK_BEFORE_INTENT, Reply, ReplyState
from bot.core.ticket import Actor, Move, State, move
from bot.current_rota import CurrentRota
from bot.delivery import limits
from bot.delivery.deletions import Deleter, Deletions
from bot.errors import DoorError, InDoubt, Temporary
from bot.store import holds, outbox, people, tickets
from bot.store.db import Store
from bot.store.rows import put_reply, put_ticket, reply_of, ticket_of
from bot.store.tables import MentionRow, QuestionRow, ReplyRow

log = logging.getLogger("reperibile.delivery")

# The POST must begin this long before its lease ends: HTTP time-out (10 s), a late commit, a pause.
POST_MARGIN_S = 30.0


class Poster(Deleter, Protocol):
    """What delivery needs of the X door."""

    async def post(self, account: str, text: str, *, in_reply_to: int) -> int: ...

    async def own_posts(self, account: str, *, since: datetime) -> tuple[Mention, ...]: ...

    async def lookup(self, account: str, ids: Sequence[int]) -> dict[int, Mention | None]: ...


@dataclass(frozen=True, slots=True)
class _Errand:
    """A reply that is due, as it stood when it was taken."""

    reply: Reply
    account: str
    deleting: bool = False
    looks_up: bool = True
    """May X be asked whether the post that is answered still stands?"""


class Replies:
    """Acts on every reply that is due."""

    def __init__(self, store: Store, poster: Poster, options: Options, rota: CurrentRota, clock: Clock) -> None:
        self._deletions = Deletions(store, poster, rota, clock)
        self._store = store
        self._poster = poster
        self._options = options
        self._rota = rota
        self._clock = clock

    def found_sending(self, session: Session, now: datetime) -> int:
        """After a start: whatever was being posted may stand on X, and is looked for; gives how many."""
        doubtful = session.exec(select(ReplyRow).where(ReplyRow.state == ReplyState.SENDING.value)).all()
        for row in doubtful:
            _put(session, row, protocol.doubtful(reply_of(row), now, self._options.waits))
        return len(doubtful)

    async def act(self) -> int:
        """Act on every due reply: post, look, delete; gives how many were taken up."""
        count = 0
        while True:
            # Before the claim, on the clock that nobody sets: how long the claim may be relied upon.
            deadline = self._clock.monotonic() + LEASE.total_seconds() - POST_MARGIN_S
            errand = await self._store.run(self._next_errand, self._clock.now())
            if errand is None:
                return count
            count += 1
            if errand.deleting:
                await self._deletions.delete(errand.reply, errand.account)
            elif errand.reply.state is ReplyState.SENDING:
                await self._post(errand, deadline)
            elif errand.reply.state is ReplyState.IN_DOUBT:
                await self._look(errand)

    def _next_errand(self, session: Session, now: datetime) -> _Errand | None:
        """The next due reply: a held one is claimed (`sending`, committed before the POST)."""
        if holds.is_on_hold(session):
            return None
        while (row := _due_reply(session, now)) is not None:
            reply = reply_of(row)
            # To look or to delete twice does no harm: neither is claimed, after a death it is simply done again.
            if reply.state is ReplyState.POSTED:
                if self._deletions.may_go(session, row, now):
                    return _Errand(reply, row.account, deleting=True)
            elif reply.state is ReplyState.SENDING:
                # Whoever claimed it lost the lead, or its life, and nobody has settled it: it may stand on X.
                _put(session, row, protocol.doubtful(reply, now, self._options.waits))
            elif reply.state is ReplyState.IN_DOUBT:
                until = limits.limited_until(session, limits.LOOK, row.account, now)
                if until is None:
                    return _Errand(reply, row.account)
                _put(session, row, protocol.look_failed(reply, now, until))
                self._ask_if_needed(session, row, now)
            elif stop := self._stop(session, row, reply, now):
                _put(session, row, protocol.back_to_draft(reply, stop))
                outbox.ring_reply(session, row, now)
            elif (until := limits.limited_until(session, limits.POST, row.account, now)) is None:
                return self._claim(session, row, reply, now)
            else:
                _put(session, row, protocol.not_sent(reply, now, until, "rate_limit"))
        return None

    def _claim(self, session: Session, row: ReplyRow, reply: Reply, now: datetime) -> _Errand:
        started = protocol.start(reply, now)
        _put(session, row, started)
        people.log(
            session, now, "delivery", "sending", ticket=row.ticket_id, detail=f"reply {row.id} attempt {row.attempts}"
        )
        looks_up = limits.limited_until(session, limits.LOOK_UP, row.account, now) is None
        return _Errand(started, row.account, looks_up=looks_up)

    def _stop(self, session: Session, row: ReplyRow, reply: Reply, now: datetime) -> str:
        """Why a held reply must not leave now; "" when it may."""
        if not protocol.can_start(reply, now):
            return "too_late"
        if self._options.dry_run:
            return "dry_run"
        mention = session.get(MentionRow, row.mention_id)
        if mention is not None and mention.deleted_at is not None:
            return "parent_gone"
        if mention is not None and mention.newest_id != row.parent_id:
            return "edited"
        return ""

    async def _post(self, errand: _Errand, deadline: float) -> None:
        reply = errand.reply
        if not reply.doubts and errand.looks_up and await self._parent_is_gone(errand):
            await self._store.run(self._parent_gone, reply, self._clock.now())
            return
        if self._clock.monotonic() > deadline:
            # We were frozen between the claim and the POST: the claim is too old to act upon, and nothing was sent.
            await self._store.run(self._post_failed, reply, errand.account, Temporary("not_sent"), self._clock.now())
            return
        try:
            x_id = await self._poster.post(errand.account, reply.text, in_reply_to=reply.parent_id)
        except DoorError as problem:
            await self._store.run(self._post_failed, reply, errand.account, problem, self._clock.now())
            return
        await self._store.run(self._posted, reply, x_id, self._clock.now())

    async def _parent_is_gone(self, errand: _Errand) -> bool:
        """Was the post that is answered deleted? When X cannot say, X's own refusal of the reply will."""
        try:
            shown = await self._poster.lookup(errand.account, [errand.reply.parent_id])
        except DoorError as problem:
            log.info("could not look whether %s still stands: %s", errand.reply.parent_id, problem)
            await self._store.run(self._trouble, limits.LOOK_UP, errand.account, problem, self._clock.now())
            return False
        return errand.reply.parent_id in shown and shown[errand.reply.parent_id] is None

    def _parent_gone(self, session: Session, reply: Reply, now: datetime) -> None:
        row = _ours(session, reply)
        if row is None:
            return
        mention = session.get(MentionRow, row.mention_id)
        if mention is not None:
            mention.deleted_at = mention.deleted_at or now
            session.add(mention)
        _put(session, row, protocol.back_to_draft(reply, "parent_gone"))
        outbox.ticket_changed(session, row.ticket_id)
        outbox.ring_reply(session, row, now)

    def _posted(self, session: Session, reply: Reply, x_id: int, now: datetime) -> None:
        row = _ours(session, reply)
        if row is None:
            # Settled by somebody else meanwhile: evidence that it stands is kept, whoever has it now.
            log.error("reply %s was posted as %s after it had been settled otherwise", reply.id, x_id)
            return
        limits.worked(session, limits.POST, row.account)
        self._stands(session, row, protocol.posted(reply, x_id, now), now)

    def _stands(self, session: Session, row: ReplyRow, posted: Reply, now: datetime) -> None:
        """The reply stands on X: the ticket is answered, and every card says by whom."""
        _put(session, row, posted)
        row.delete_asked_at = None
        self._answered_doubt(session, row, now)
        ticket = tickets.get(session, row.ticket_id)
        assert ticket is not None
        if ticket.state != State.CLOSED.value:
            put_ticket(ticket, move(ticket_of(ticket), Move.ANSWER, Actor(row.writer), now))
            ticket.next_step_at = None
            session.add(ticket)
        people.log(session, now, row.writer, "answered", ticket=row.ticket_id, detail=f"x:{posted.x_id}")
        outbox.ticket_changed(session, row.ticket_id)

    def _trouble(self, session: Session, what: str, account: str, problem: DoorError, now: datetime) -> datetime | None:
        return limits.failed(session, self._rota.plan(session), what, account, problem, now)

    def _post_failed(self, session: Session, reply: Reply, account: str, problem: DoorError, now: datetime) -> None:
        row = _ours(session, reply)
        if row is None:
            return
        match problem:
            case Temporary():
                until = self._trouble(session, limits.POST, account, problem, now)
                _put(session, row, protocol.not_sent(reply, now, until, problem.reason))
            case InDoubt():
                _put(session, row, protocol.doubtful(reply, now, self._options.waits))
                self._ask_if_needed(session, row, now)
            case _ if problem.reason == "duplicate" and reply.doubts:
                # X itself says that it is there: our earlier attempt landed. Look for it.
                _put(session, row, protocol.doubtful(reply, now, self._options.waits))
                self._ask_if_needed(session, row, now)
            case _:
                _put(session, row, protocol.failed(reply, problem.reason))
                outbox.ring_reply(session, row, now)
        people.log(
            session, now, "delivery", "not posted", ticket=row.ticket_id, detail=f"reply {row.id} {problem.reason}"
        )
        log.warning("reply %s: %s", row.id, problem)

    async def _look(self, errand: _Errand) -> None:
        """In doubt: read our own newest posts before anything else."""
        reply = errand.reply
        since = (reply.first_intent_at or self._clock.now()) - LOOK_BEFORE_INTENT
        try:
            posts = await self._poster.own_posts(errand.account, since=since)
        except DoorError as problem:
            await self._store.run(self._look_failed, reply, problem, self._clock.now())
            return
        deadline = self._clock.monotonic() + LEASE.total_seconds() - POST_MARGIN_S
        again = await self._store.run(self._looked, reply, protocol.look(reply, posts), self._clock.now())
        if again is not None:
            await self._post(again, deadline)

    def _looked(self, session: Session, reply: Reply, seen: protocol.Look, now: datetime) -> _Errand | None:
        row = _ours(session, reply)
        if row is None:
            return None
        limits.worked(session, limits.LOOK, row.account)
        after = protocol.looked(reply, seen, now, self._options.waits)
        if after is None and (self._options.dry_run or self._is_closed(session, row)):
            after = protocol.ask(reply)
        elif after is None and (until := limits.limited_until(session, limits.POST, row.account, now)) is not None:
            after = protocol.not_sent(reply, now, until, "rate_limit")
        if after is None:
            return self._claim(session, row, reply, now)
        if after.state is ReplyState.POSTED:
            self._stands(session, row, after, now)
            return None
        if seen.other is not None and after.asked:
            after = replace(after, reason="other_answer")
        _put(session, row, after)
        self._ask_if_needed(session, row, now)
        return None

    def _is_closed(self, session: Session, row: ReplyRow) -> bool:
        """Was the ticket closed while its reply was in doubt? Then nothing is posted on it by itself any more."""
        ticket = tickets.get(session, row.ticket_id)
        return ticket is None or ticket.state == State.CLOSED.value

    def _look_failed(self, session: Session, reply: Reply, problem: DoorError, now: datetime) -> None:
        row = _ours(session, reply)
        if row is None:
            return
        until = self._trouble(session, limits.LOOK, row.account, problem, now)
        _put(session, row, protocol.look_failed(reply, now, until))
        self._ask_if_needed(session, row, now)

    def _ask_if_needed(self, session: Session, row: ReplyRow, now: datetime) -> None:
        """Put a reply to its writer, with the link in hand: [Open] [It is there] [Send again]."""
        if not row.asked:
            return
        open_one = session.exec(
            select(QuestionRow).where(
                QuestionRow.reply_id == row.id, QuestionRow.kind == "doubt", QuestionRow.answer == ""
            )
        ).first()
        if open_one is None:
            session.add(
                QuestionRow(kind="doubt", person=row.writer, ticket_id=row.ticket_id, reply_id=row.id, asked_at=now)
            )
            session.flush()
        outbox.reply_changed(session, row.id or 0)
        outbox.ring_reply(session, row, now)

    def _answered_doubt(self, session: Session, row: ReplyRow, now: datetime) -> None:
        for question in session.exec(
            select(QuestionRow).where(
                QuestionRow.reply_id == row.id, QuestionRow.kind == "doubt", QuestionRow.answer == ""
            )
        ).all():
            question.answer, question.answered_at = "replaced", now
            session.add(question)


def _due_reply(session: Session, now: datetime) -> ReplyRow | None:
    found: ReplyRow | None = session.exec(_most_due(), params={"now": now}).first()
    return found


# Of one that is being posted it is the lease that ran out.
_ACTED_UPON = (ReplyState.HELD.value, ReplyState.SENDING.value, ReplyState.IN_DOUBT.value)


@cache
def _most_due() -> Any:
    """Built once, for it is asked at every turn."""
    return (
        select(ReplyRow)
        .where(
            col(ReplyRow.due_at) <= bindparam("now"),
            or_(
                col(ReplyRow.state).in_(_ACTED_UPON),
                and_(col(ReplyRow.state) == ReplyState.POSTED.value, col(ReplyRow.delete_asked_at).is_not(None)),
            ),
        )
        .order_by(col(ReplyRow.due_at), col(ReplyRow.id))
        .limit(1)
    )


def _put(session: Session, row: ReplyRow, reply: Reply) -> None:
    put_reply(row, reply)
    session.add(row)
    assert row.id is not None
    outbox.reply_changed(session, row.id)


def _ours(session: Session, reply: Reply) -> ReplyRow | None:
    """The row, if it still is in the attempt that we claimed; else somebody settled it and our result is void."""
    row = session.get(ReplyRow, reply.id)
    if row is None or row.attempts != reply.attempts or row.state != reply.state.value:
        return None
    return row
