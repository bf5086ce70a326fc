"""Store → phone and X: the only place that sends.

Rows are claimed, sent, settled. The claim (attempt, since when) is committed before the network call, the outcome
after it, and only where the attempt is still ours. A page is sent at least once; a reply is posted at most once.
"""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from sqlmodel import Session, and_, col, or_, select

from bot.clock import Clock
from bot.core import reply as protocol
from bot.core.mention import Mention
from bot.core.message import Message
from bot.core.options import Options
from bot.core.reply import LEASE, LOOK_BEFORE_INTENT, Reply, ReplyState
from bot.core.ticket import SERVICE, Actor, Move, State, move
from bot.current_rota import CurrentRota
from bot.errors import DoorError, InDoubt, Permanent, Temporary
from bot.paging import pass_over
from bot.showing import Showing
from bot.store import outbox, people, tickets
from bot.store.db import Store
from bot.store.rows import put_reply, put_ticket, reply_of, ticket_of
from bot.store.tables import Cursor, MentionRow, OutboxRow, PersonRow, QuestionRow, ReplyRow, TicketRow

log = logging.getLogger("reperibile.delivery")

# Messages claimed at once: small, so that a kill repeats few.
TAKE = 8
EDITS = 8
# A doubtful message is sent again after this long, doubled from the first up to the last: Telegram answers an outage
# with 5xx, so a page given up after a few doubts would be a page lost. A copy too many says "(repeat)".
REPEAT_AFTER = (timedelta(seconds=2), timedelta(seconds=30))
# What is no page is given up when it has been in doubt for so long; a page goes on while its ticket pages.
DOUBT_MAX = timedelta(hours=1)
# A list is edited at most this often.
LIST_EVERY = timedelta(seconds=3)
# Back-off after "nothing was sent", doubled from the first up to the last: a chat asks that often at most.
BACK_OFF = (timedelta(seconds=1), timedelta(seconds=15))
# A last resort that nothing took is tried again, doubled from the first up to the last, while its ticket pages.
LAST_RESORT_AGAIN = (timedelta(seconds=30), timedelta(hours=1))
LAST_RESORT_TRIES = 10
# The leads hear of used-up credits at once, then this often (DESIGN.md).
CREDITS_AGAIN = timedelta(hours=1)
UNAUTHORIZED_FAILS = 3
# The POST must begin this long before its lease ends: HTTP time-out (10 s), a late commit, a pause.
POST_MARGIN_S = 30.0


class Phones(Protocol):
    """What delivery needs of the Telegram door."""

    async def send(self, chat_id: int, message: Message, *, reply_to: int | None = None) -> int: ...

    async def edit(self, chat_id: int, message_id: int, message: Message) -> None: ...


class Poster(Protocol):
    """What delivery needs of the X door."""

    async def post(self, account: str, text: str, *, in_reply_to: int) -> int: ...

    async def delete(self, account: str, post_id: int) -> None: ...

    async def own_posts(self, account: str, *, since: datetime) -> tuple[Mention, ...]: ...

    async def lookup(self, account: str, ids: Sequence[int]) -> dict[int, Mention | None]: ...


LastResort = Callable[[str], Awaitable[bool]]


@dataclass(frozen=True, slots=True)
class _Parcel:
    """A claimed message, ready to leave."""

    row_id: int
    attempt: int
    version: int
    chat_id: int
    message: Message
    last_resort: str = ""


@dataclass(frozen=True, slots=True)
class _Edit:
    row_id: int
    version: int
    chat_id: int
    message_id: int
    message: Message


@dataclass(frozen=True, slots=True)
class _Errand:
    """A reply that is due, as it stood when it was taken."""

    reply: Reply
    account: str
    deleting: bool = False


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
        self._phones = phones
        self._poster = poster
        self._options = options
        self._rota = rota
        self._clock = clock
        self._last_resort = last_resort

    async def recover(self) -> None:
        """After a start: what was on its way is sent again (messages) or looked for (replies)."""
        await self._store.run(self._recover, self._clock.now())

    def _recover(self, session: Session, now: datetime) -> None:
        repeated = outbox.put_back_unfinished(session, now)
        doubtful = session.exec(select(ReplyRow).where(ReplyRow.state == ReplyState.SENDING.value)).all()
        for row in doubtful:
            _put(session, row, protocol.doubtful(reply_of(row), now, self._options.waits))
        if repeated or doubtful:
            log.warning("found %d messages and %d replies on their way at start", repeated, len(doubtful))

    # --- phones --------------------------------------------------------------------------------------------------

    async def to_phones(self) -> int:
        """Send the due messages, then bring shown ones up to date; gives how many were tried."""
        count = 0
        while True:
            # A new page must not wait behind a long row of edits: after each few of them, messages go first again.
            if parcels := await self._store.run(self._take, self._clock.now()):
                await self._each_chat(parcels)
            elif edits := await self._store.run(self._outdated, self._clock.now()):
                for edit in edits:
                    await self._edit(edit)
            else:
                return count
            count += len(parcels) or len(edits)

    def _take(self, session: Session, now: datetime) -> list[_Parcel]:
        """Claim due messages and word them; what has become pointless is dropped here."""
        while rows := outbox.take(session, now, LEASE, TAKE):
            if parcels := self._parcels(session, rows, now):
                return parcels
            session.flush()
        return []

    def _parcels(self, session: Session, rows: Sequence[OutboxRow], now: datetime) -> list[_Parcel]:
        showing = Showing(session, self._rota.plan(session), now, self._options)
        reach = people.reachable(session)
        parcels = []
        for row in rows:
            assert row.id is not None
            if row.kind == "last_resort":
                if not _still_pages(session, row):
                    row.state, row.error = "dropped", "no longer needed"
                    session.add(row)
                    continue
                try:
                    words = showing.last_resort(row)
                except Exception as problem:
                    log.exception("the last resort for #%s cannot be worded", row.ticket_id)
                    row.state, row.error = "failed", type(problem).__name__
                    session.add(row)
                    continue
                parcels.append(_Parcel(row.id, row.attempts, row.version, 0, Message(""), words))
                continue
            chat = reach.get(row.person) if row.person is not None else row.chat_id
            why_not = "" if chat is not None else "no phone"
            if row.kind == "page" and not why_not and not _still_pages(session, row):
                why_not = "no longer needed"
            if why_not:
                row.state, row.error = "dropped", why_not
                session.add(row)
                continue
            assert chat is not None
            try:
                message = showing.message(row)
            except Exception as problem:
                # One message that cannot be worded must not stop the rest.
                log.exception("message %s (%s) cannot be worded", row.id, row.kind)
                row.state, row.error = "failed", type(problem).__name__
                session.add(row)
                continue
            row.chat_id = chat
            parcels.append(_Parcel(row.id, row.attempts, row.version, chat, message))
        return parcels

    async def _each_chat(self, parcels: Sequence[_Parcel]) -> None:
        """Chats side by side, each chat's messages in order."""
        by_chat: dict[int, list[_Parcel]] = defaultdict(list)
        for parcel in parcels:
            by_chat[parcel.chat_id].append(parcel)
        await asyncio.gather(*(self._one_chat(rows) for rows in by_chat.values()))

    async def _one_chat(self, parcels: Sequence[_Parcel]) -> None:
        for i, parcel in enumerate(parcels):
            if not await self._send(parcel):
                # Order within a chat is kept: what follows a message that must wait, waits with it.
                for later in parcels[i + 1 :]:
                    await self._store.run(_put_back, later.row_id, later.attempt, parcel.row_id, self._clock.now())
                return

    async def _send(self, parcel: _Parcel) -> bool:
        """Send one message and settle it; False when its chat has to wait."""
        if parcel.last_resort:
            good = self._last_resort is not None and await self._last_resort(parcel.last_resort)
            await self._store.run(_last_resort_done, parcel.row_id, parcel.attempt, good, self._clock.now())
            return True
        try:
            message_id = await self._phones.send(parcel.chat_id, parcel.message)
        except DoorError as problem:
            return await self._store.run(self._not_sent, parcel, problem, self._clock.now())
        await self._store.run(_sent, parcel, message_id, self._clock.now())
        return True

    def _not_sent(self, session: Session, parcel: _Parcel, problem: DoorError, now: datetime) -> bool:
        row = session.get(OutboxRow, parcel.row_id)
        if row is None or row.attempts != parcel.attempt or row.state != "sending":
            return True
        row.error = problem.reason
        session.add(row)
        match problem:
            case InDoubt():
                if row.kind != "page" and row.attempts > 2 and now - row.made_at > DOUBT_MAX:
                    # It may stand on the phone; more copies would help nobody.
                    row.state, row.sent_at, row.shown = "sent", now, row.version
                    return True
                row.state, row.due_at, row.in_doubt = "due", now + _back_off(REPEAT_AFTER, row.attempts), True
                return False
            case Temporary() if problem.reason == "chat_migrated":
                _migrated(session, row, problem, now)
                return True
            case Temporary():
                row.state, row.due_at = "due", now + (problem.after or _back_off(BACK_OFF, row.attempts))
                if problem.until is not None:
                    row.due_at = max(problem.until, now)
                return False
            case _:
                row.state = "failed"
                log.error("message %s (%s) was refused: %s", row.id, row.kind, problem)
                if problem.reason == "unreachable" and row.person is not None:
                    self._unreachable(session, row.person, now)
                elif row.kind == "page" and row.ticket_id is not None:
                    self._page_failed(session, row, now)
                return True

    def _unreachable(self, session: Session, person: str, now: datetime) -> None:
        """The next step of the ladder now, and the leads are told."""
        row = session.get(PersonRow, person)
        if row is None or row.unreachable_since is not None:
            return
        row.unreachable_since = now
        session.add(row)
        people.log(session, now, "delivery", "unreachable", detail=person)
        self._tell_leads(
            session, now, f"unreachable:{person}:{now.timestamp()}", {"what": "unreachable", "person": person}, person
        )
        pass_over(session, person, now)

    def _page_failed(self, session: Session, row: OutboxRow, now: datetime) -> None:
        ticket = tickets.get(session, row.ticket_id or 0)
        if ticket is not None and ticket.state == State.PAGING.value:
            ticket.next_step_at = now
            session.add(ticket)
        facts: dict[str, object] = {"what": "page_failed", "ticket": row.ticket_id, "person": row.person}
        self._tell_leads(session, now, f"page_failed:{row.id}", facts)

    def _tell_leads(self, session: Session, now: datetime, key: str, facts: dict[str, object], but: str = "") -> None:
        for lead in sorted(self._rota.plan(session).leads):
            if lead != but:
                outbox.say(session, now, f"{key}:{lead}", "notice", person=lead, facts=facts, silent=False)

    # --- edits ---------------------------------------------------------------------------------------------------

    def _outdated(self, session: Session, now: datetime) -> list[_Edit]:
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
            try:
                if row.chat_id is None:
                    raise LookupError("no chat")
                if row.person is not None and reach.get(row.person) != row.chat_id:
                    # A phone that was locked out, or is another person's now, keeps none of the customers' words.
                    message = showing.taken_away(row)
                else:
                    message = showing.message(row)
            except Exception:
                log.exception("message %s (%s) cannot be worded anew", row.id, row.kind)
                row.shown = row.version
                session.add(row)
                continue
            edits.append(_Edit(row.id, row.version, row.chat_id, row.remote_id, message))
        return edits

    async def _edit(self, edit: _Edit) -> None:
        wait: timedelta | None = None
        try:
            await self._phones.edit(edit.chat_id, edit.message_id, edit.message)
        except Permanent as problem:
            log.info("message %s cannot be edited: %s", edit.row_id, problem)
        except DoorError as problem:
            after = problem.after if isinstance(problem, Temporary) else None
            wait = after or BACK_OFF[0] * 5
        await self._store.run(_edited, edit, wait, self._clock.now())

    # --- X -------------------------------------------------------------------------------------------------------

    async def to_x(self) -> int:
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
                await self._delete(errand)
            elif errand.reply.state is ReplyState.SENDING:
                await self._post(errand, deadline)
            elif errand.reply.state is ReplyState.IN_DOUBT:
                await self._look(errand)

    def _next_errand(self, session: Session, now: datetime) -> _Errand | None:
        """The next due reply: a held one is claimed (`sending`, committed before the POST)."""
        while (row := _due_reply(session, now)) is not None:
            reply = reply_of(row)
            # To look or to delete twice does no harm: neither is claimed, after a death it is simply done again.
            if reply.state is ReplyState.POSTED:
                return _Errand(reply, row.account, deleting=True)
            if reply.state is ReplyState.IN_DOUBT:
                return _Errand(reply, row.account)
            stop = self._stop(session, row, reply, now)
            if not stop:
                return self._claim(session, row, reply, now)
            _put(session, row, protocol.back_to_draft(reply, stop))
            outbox.ring_reply(session, row, now)
        return None

    def _claim(self, session: Session, row: ReplyRow, reply: Reply, now: datetime) -> _Errand:
        started = protocol.start(reply, now)
        _put(session, row, started)
        people.log(
            session, now, "delivery", "sending", ticket=row.ticket_id, detail=f"reply {row.id} attempt {row.attempts}"
        )
        return _Errand(started, row.account)

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
        if not reply.doubts and await self._parent_is_gone(errand):
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
        _good(session, row.account)

    def _post_failed(self, session: Session, reply: Reply, account: str, problem: DoorError, now: datetime) -> None:
        row = _ours(session, reply)
        if row is None:
            return
        match problem:
            case Temporary():
                until = problem.until or (now + problem.after if problem.after else None)
                if problem.reason == "credits" and until is None:
                    until = now + timedelta(minutes=10)
                _put(session, row, protocol.not_sent(reply, now, until, problem.reason))
                self._tell_trouble(session, account, problem.reason, now)
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
        after = protocol.looked(reply, seen, now, self._options.waits)
        if after is None and self._options.dry_run:
            after = protocol.ask(reply)
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

    def _look_failed(self, session: Session, reply: Reply, problem: DoorError, now: datetime) -> None:
        row = _ours(session, reply)
        if row is None:
            return
        until = None
        if isinstance(problem, Temporary):
            until = problem.until or (now + problem.after if problem.after else None)
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

    def _tell_trouble(self, session: Session, account: str, reason: str, now: datetime) -> None:
        """Credits: leads at once, then hourly. A refused key: after the third time."""
        cursor = session.get(Cursor, f"post:{account}") or Cursor(name=f"post:{account}")
        if cursor.value != reason:
            cursor.fails, cursor.told_at = 0, None
        cursor.fails += 1
        cursor.value = reason
        due = cursor.told_at is None or now - cursor.told_at >= CREDITS_AGAIN
        serious = reason == "credits" or (reason == "unauthorized" and cursor.fails >= UNAUTHORIZED_FAILS)
        if serious and due:
            cursor.told_at = now
            facts: dict[str, object] = {"what": reason, "account": account}
            self._tell_leads(session, now, f"{reason}:{account}:{now.timestamp()}", facts)
        session.add(cursor)

    async def _delete(self, errand: _Errand) -> None:
        problem: DoorError | None = None
        if errand.reply.x_id is None:
            # A person said that it is there: we never learnt which post it is.
            problem = Permanent("unknown_post")
        else:
            try:
                await self._poster.delete(errand.account, errand.reply.x_id)
            except DoorError as caught:
                problem = caught
        await self._store.run(self._deleted, errand.reply.id, problem, self._clock.now())

    def _deleted(self, session: Session, reply_id: int, problem: DoorError | None, now: datetime) -> None:
        row = session.get(ReplyRow, reply_id)
        if row is None or row.state != ReplyState.POSTED.value:
            return
        session.add(row)
        outbox.reply_changed(session, reply_id)
        if isinstance(problem, Permanent):
            row.delete_asked_at, row.due_at = None, None
            facts = {"what": "delete_failed", "ticket": row.ticket_id}
            key = f"delete_failed:{row.id}:{now.timestamp()}"
            outbox.say(session, now, key, "notice", person=row.writer, facts=facts, silent=False)
            return
        if problem is not None:
            # Deleting twice does no harm: it is simply asked again.
            until = problem.until if isinstance(problem, Temporary) else None
            row.due_at = until or now + BACK_OFF[0] * 5
            return
        row.state, row.deleted_at, row.due_at = ReplyState.DELETED.value, now, None
        people.log(session, now, row.writer, "deleted", ticket=row.ticket_id, detail=f"x:{row.x_id}")
        self._unanswered(session, row, now)

    def _unanswered(self, session: Session, row: ReplyRow, now: datetime) -> None:
        """The only answer is gone: the ball is with us again."""
        session.flush()
        still = [r for r in tickets.replies_of(session, row.ticket_id) if r.state == ReplyState.POSTED.value]
        ticket: TicketRow | None = tickets.get(session, row.ticket_id)
        if ticket is not None and ticket.state == State.ANSWERED.value and not still:
            put_ticket(ticket, move(ticket_of(ticket), Move.FURTHER, SERVICE, now))
            session.add(ticket)
        outbox.ticket_changed(session, row.ticket_id)


def _due_reply(session: Session, now: datetime) -> ReplyRow | None:
    return session.exec(
        select(ReplyRow)
        .where(
            col(ReplyRow.due_at) <= now,
            or_(
                col(ReplyRow.state).in_((ReplyState.HELD.value, ReplyState.IN_DOUBT.value)),
                and_(col(ReplyRow.state) == ReplyState.POSTED.value, col(ReplyRow.delete_asked_at).is_not(None)),
            ),
        )
        .order_by(col(ReplyRow.due_at), col(ReplyRow.id))
    ).first()


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


def _good(session: Session, account: str) -> None:
    cursor = session.get(Cursor, f"post:{account}")
    if cursor is not None and cursor.fails:
        cursor.fails, cursor.told_at, cursor.value = 0, None, ""
        session.add(cursor)


def _still_pages(session: Session, row: OutboxRow) -> bool:
    """A page for a ticket that somebody took meanwhile must not ring."""
    ticket = tickets.get(session, row.ticket_id or 0)
    return ticket is not None and ticket.state == State.PAGING.value


def _sent(session: Session, parcel: _Parcel, message_id: int, now: datetime) -> None:
    row = session.get(OutboxRow, parcel.row_id)
    if row is None or row.attempts != parcel.attempt or row.state != "sending":
        return
    row.state, row.sent_at, row.remote_id, row.error = "sent", now, message_id, ""
    # What changed while it was on its way is edited in afterwards.
    row.shown = parcel.version
    if row.kind == "invitation":
        row.facts = {**row.facts, "nonce": ""}
    session.add(row)


def _edited(session: Session, edit: _Edit, wait: timedelta | None, now: datetime) -> None:
    row = session.get(OutboxRow, edit.row_id)
    if row is None:
        return
    if wait is not None:
        row.edit_at = now + wait
    else:
        row.shown = max(row.shown, edit.version)
        # Long lists change with every mention; Telegram bears about one message a second and chat.
        row.edit_at = now + LIST_EVERY if row.kind in outbox.LIST_KINDS else None
    session.add(row)


def _put_back(session: Session, row_id: int, attempt: int, behind: int, now: datetime) -> None:
    row, first = session.get(OutboxRow, row_id), session.get(OutboxRow, behind)
    if row is None or row.attempts != attempt or row.state != "sending":
        return
    row.state, row.attempts = "due", row.attempts - 1
    row.due_at = first.due_at if first is not None else now
    session.add(row)


def _last_resort_done(session: Session, row_id: int, attempt: int, good: bool, now: datetime) -> None:
    row = session.get(OutboxRow, row_id)
    if row is None or row.attempts != attempt or row.state != "sending":
        return
    session.add(row)
    if good:
        row.state, row.sent_at = "sent", now
    elif attempt < LAST_RESORT_TRIES and _still_pages(session, row):
        row.state, row.due_at = "due", now + _back_off(LAST_RESORT_AGAIN, attempt)
    else:
        row.state = "failed"
    people.log(session, now, "delivery", "last resort" if good else "last resort failed", ticket=row.ticket_id)


def _migrated(session: Session, row: OutboxRow, problem: DoorError, now: datetime) -> None:
    """A group became a supergroup: its new chat id is told once, and everything for it goes there."""
    assert row.chat_id is not None
    row.state, row.due_at = "due", now
    outbox.moved(session, row.chat_id, int(problem.detail))


def _back_off(span: tuple[timedelta, timedelta], attempts: int) -> timedelta:
    """The first of the span after one attempt, doubled with each further one, at most the last."""
    doubled = 1 << min(max(attempts - 1, 0), 10)
    return min(span[0] * doubled, span[1])
