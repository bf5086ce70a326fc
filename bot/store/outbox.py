"""What stands to be said on phones: one row a message, written in the transaction that decided it.

A row says *what* to show (kind, ticket, reply, facts); the words are made when it is sent, from what is true then.
When a ticket or reply changes, the messages that show it are marked; delivery edits them, newest state only.
"""

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import and_, bindparam, exists, func, not_, or_, update
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from bot.store import story
from bot.store.rows import add_all, ask, table_of
from bot.store.tables import Cursor, OutboxRow, ReplyRow, TicketRow

_OUTBOX = table_of(OutboxRow)
# Lower goes first (DESIGN.md: new page > escalation > receipt > edit > list).
PAGE, ESCALATION, RECEIPT, EDIT, LIST = 10, 20, 40, 60, 80
# How many of a locked phone's messages are edited away: Telegram bears about one edit a second.
TAKEN_AWAY_MAX = 100
# Kinds that show a ticket and change with it.
TICKET_KINDS = ("page", "card", "team")
# What is to be sent: `due_at` is when, or, of what is being sent, the end of its lease.
TAKEN_FROM = ("due", "sending")
# Kinds that show a reply and change with it.
REPLY_KINDS = ("preview",)
# For the channels outside Telegram, which are called apart.
LAST_RESORT = "last_resort"
# Kinds that show many tickets and change with any of them.
LIST_KINDS = ("list", "summary")


def say(
    session: Session,
    now: datetime,
    key: str,
    kind: str,
    *,
    person: str | None = None,
    chat_id: int | None = None,
    ticket_id: int | None = None,
    mention_id: int | None = None,
    reply_id: int | None = None,
    question_id: int | None = None,
    facts: dict[str, Any] | None = None,
    silent: bool = True,
    priority: int = RECEIPT,
) -> OutboxRow:
    """Write a message to be sent; written twice under one key, it is one message.

    person: a rota id, whose chat is looked up when it is sent; or chat_id for a chat without a person.
    facts: JSON values for the words.
    """
    row = session.exec(select(OutboxRow).where(OutboxRow.key == key)).first()
    if row is not None:
        return row
    row = OutboxRow(
        key=key,
        kind=kind,
        person=person,
        chat_id=chat_id,
        ticket_id=ticket_id,
        mention_id=mention_id,
        reply_id=reply_id,
        question_id=question_id,
        facts=facts or {},
        silent=silent,
        priority=priority,
        due_at=now,
        made_at=now,
    )
    session.add(row)
    session.flush()
    return row


@dataclass(frozen=True, slots=True)
class Saying:
    """A message for `say_all`; the words of `say`."""

    key: str
    kind: str
    person: str | None = None
    chat_id: int | None = None
    ticket_id: int | None = None
    mention_id: int | None = None
    silent: bool = True
    priority: int = RECEIPT


def say_all(session: Session, now: datetime, sayings: Sequence[Saying]) -> None:
    """`say` for many at once, in their order."""
    if not sayings:
        return
    keys = [saying.key for saying in sayings]
    known = {key for (key,) in ask(session, _keys(), {"keys": keys})}
    new = {saying.key: {**asdict(saying), "due_at": now, "made_at": now} for saying in sayings}
    add_all(session, OutboxRow, [columns for key, columns in new.items() if key not in known])


@cache
def _keys() -> Any:
    return select(_OUTBOX.c.key).where(_OUTBOX.c.key.in_(bindparam("keys", expanding=True)))


def ticket_changed(session: Session, ticket_id: int, *, lists: bool = True) -> None:
    """Every message that shows this ticket is to be brought up to date, and so is every list.

    lists: False for a caller that changes many tickets and calls `lists_changed` once at the end.
    """
    tickets_changed(session, (ticket_id,))
    if lists:
        lists_changed(session)


def tickets_changed(session: Session, ticket_ids: Collection[int]) -> None:
    """Every message that shows one of these tickets is to be brought up to date; the lists are left to the caller."""
    if ticket_ids:
        _outdate(session, _of_tickets(), tickets=list(ticket_ids))


@cache
def _of_tickets() -> Any:
    tickets: Any = bindparam("tickets", expanding=True)
    return _outdating(and_(_OUTBOX.c.ticket_id.in_(tickets), _OUTBOX.c.kind.in_(TICKET_KINDS)))


def reply_changed(session: Session, reply_id: int) -> None:
    """Every message that shows this reply is to be brought up to date."""
    _outdate(session, _outdating(and_(_OUTBOX.c.reply_id == reply_id, _OUTBOX.c.kind.in_(REPLY_KINDS))))


def question_changed(session: Session, question_id: int) -> None:
    """The message that asked it loses its buttons."""
    _outdate(session, _outdating(and_(_OUTBOX.c.question_id == question_id, _OUTBOX.c.kind == "question")))


def take_away(session: Session, person: str) -> None:
    """What stands on this person's phone (its newest messages) is to be edited away: they were locked out."""
    newest = select(OutboxRow.id).where(
        OutboxRow.person == person,
        OutboxRow.state == "sent",
        col(OutboxRow.kind).not_in(("notice", "help", "calendar")),
    )
    ids = session.exec(newest.order_by(col(OutboxRow.id).desc()).limit(TAKEN_AWAY_MAX)).all()
    _outdate(session, _outdating(_OUTBOX.c.id.in_(ids)))


def lists_changed(session: Session) -> None:
    """Every running list and summary is to be brought up to date."""
    _outdate(session, _of_lists())


@cache
def _of_lists() -> Any:
    return _outdating(_live_list())


def ring_reply(session: Session, row: ReplyRow, now: datetime) -> None:
    """The writer is rung about their reply: an edit never rings, so they get a new copy of it, buttons and all."""
    assert row.id is not None
    why = {"reason": row.reason or None, "person": row.writer}
    story.tell(
        session, now, "delivery", f"reply {row.state}", ticket=row.ticket_id, detail=f"reply {row.id}", facts=why
    )
    say(
        session,
        now,
        f"reply:{row.id}:{row.state}:{row.reason}:{now.timestamp()}",
        "preview",
        person=row.writer,
        ticket_id=row.ticket_id,
        mention_id=row.mention_id,
        reply_id=row.id,
        silent=False,
        priority=RECEIPT,
    )


def row_changed(session: Session, row: OutboxRow) -> None:
    row.version += 1
    session.add(row)


def retire(session: Session, row: OutboxRow) -> None:
    """This list is no longer kept up to date (its duty is over); it is edited a last time to say so."""
    row.facts = {**row.facts, "over": True}
    row_changed(session, row)


def running_lists(session: Session, kind: str) -> Sequence[OutboxRow]:
    """The lists (or summaries) that are kept up to date, those among them that could not be sent."""
    running = select(OutboxRow).where(OutboxRow.kind == kind, OutboxRow.state != "dropped", _live_list())
    return session.exec(running.order_by(col(OutboxRow.id))).all()


def _live_list() -> Any:
    # A retired one is left in peace: else every change of any ticket would edit every list of the season.
    return and_(col(OutboxRow.kind).in_(LIST_KINDS), col(OutboxRow.facts)["over"].as_string().is_(None))


def _outdating(which: Any) -> Any:
    live = _OUTBOX.c.state.in_(("sent", "sending", "due"))
    return update(_OUTBOX).where(which, live).values(version=_OUTBOX.c.version + 1)


def _outdate(session: Session, outdating: Any, **asked: Any) -> None:
    session.flush()
    session.connection().execute(outdating, asked)
    # What this transaction has read of these rows is behind now.
    for row in session.identity_map.values():
        if isinstance(row, OutboxRow):
            session.expire(row, ["version"])


def moved(session: Session, old: int, new: int) -> None:
    """A group became a supergroup: what is for its old chat goes to the new one, now and later."""
    session.merge(Cursor(name=f"moved:{old}", value=str(new)))
    session.exec(
        update(OutboxRow)
        .where(col(OutboxRow.chat_id) == old)
        .values(chat_id=new)
        .execution_options(synchronize_session="fetch")
    )


def now_at(session: Session, chat_id: int) -> int:
    """Where this chat is now: under a new id, if Telegram moved it."""
    cursor = session.get(Cursor, f"moved:{chat_id}")
    return int(cursor.value) if cursor is not None else chat_id


def drop_pages(session: Session, ticket_id: int) -> None:
    """Pages of this ticket that did not leave yet need not ring any more (it was claimed or closed)."""
    session.flush()
    session.exec(
        update(OutboxRow)
        .where(
            col(OutboxRow.ticket_id) == ticket_id,
            col(OutboxRow.kind) == "page",
            col(OutboxRow.state) == "due",
        )
        .values(state="dropped")
        .execution_options(synchronize_session="fetch")
    )


def paged(session: Session, ticket_id: int, ladder: int) -> frozenset[str]:
    """Whom this run of the ticket's ladder has paged, or is about to."""
    rows = session.exec(
        select(OutboxRow.person).where(
            OutboxRow.ticket_id == ticket_id,
            OutboxRow.kind == "page",
            col(OutboxRow.key).startswith(f"page:{ticket_id}:{ladder}:"),
            col(OutboxRow.state) != "dropped",
        )
    ).all()
    return frozenset(person for person in rows if person is not None)


@dataclass(frozen=True, slots=True)
class Rung:
    """Of one ticket's running ladder: people: whose phones took a page. tried: whether any page was written at all."""

    people: frozenset[str] = frozenset()
    tried: bool = False


def rung(session: Session, rows: Collection[TicketRow]) -> dict[int, Rung]:
    """Whom the running ladders of these tickets have reached, by ticket; summaries count as well."""
    ladders = {row.id: f"page:{row.id}:{row.ladder}:" for row in rows if row.id is not None}
    if not ladders:
        return {}
    asked = select(OutboxRow.ticket_id, OutboxRow.key, OutboxRow.person, OutboxRow.state).where(
        col(OutboxRow.ticket_id).in_(list(ladders)), OutboxRow.kind == "page", OutboxRow.state != "dropped"
    )
    people: dict[int, set[str]] = {number: set() for number in ladders}
    tried: set[int] = set()
    for ticket, key, person, state in session.exec(asked).all():
        if ticket is None or person is None:
            continue
        if key.startswith(ladders[ticket]):
            tried.add(ticket)
            people[ticket] |= {person} if state == "sent" else set()
        elif state in ("due", "sending"):
            # One of an earlier ladder that has not left yet rings for this one as well.
            tried.add(ticket)
    # Not to look through all there ever were; a clock that was set back has dated them before their tickets.
    since = min(row.opened_at for row in rows) - timedelta(days=1)
    summaries = select(OutboxRow.facts, OutboxRow.person, OutboxRow.state).where(
        OutboxRow.kind == "summary", col(OutboxRow.made_at) >= since, OutboxRow.state != "dropped"
    )
    for facts, person, state in session.exec(summaries).all():
        for ticket in ladders.keys() & set(facts.get("tickets", ())):
            tried.add(ticket)
            people[ticket] |= {person} if person is not None and state == "sent" else set()
    return {number: Rung(frozenset(people[number]), number in tried) for number in ladders}


def ever_paged(session: Session, ticket_id: int) -> Sequence[str]:
    """Whom the ticket's ladders have paged, or are about to, in the order of the pages."""
    return [person for (person,) in ask(session, _ever_paged(), {"ticket": ticket_id})]


@cache
def _ever_paged() -> Any:
    said = _OUTBOX.c
    pages = (said.ticket_id == bindparam("ticket"), said.kind == "page", said.state != "dropped")
    return select(said.person).where(*pages, said.person.is_not(None)).order_by(said.id)


def pages_waiting(session: Session, person: str) -> set[int | None]:
    """The tickets of which a page that will ring still waits to leave for this phone."""
    # Few wait, many pages were sent: the kind is looked at here, so that no database goes through all of them.
    return {ticket_id for ticket_id, kind in ask(session, _waiting(), {"person": person}) if kind == "page"}


@cache
def _waiting() -> Any:
    said = _OUTBOX.c
    return select(said.ticket_id, said.kind).where(
        said.state == "due", said.person == bindparam("person"), said.silent.is_(False)
    )


def rings_since(session: Session, person: str, since: datetime) -> int:
    """How many messages rang (or are about to ring) this person's phone since an instant."""
    [(count,)] = ask(session, _rings(), {"person": person, "since": since})
    return int(count)


@cache
def _rings() -> Any:
    said = _OUTBOX.c
    return (
        select(func.count())
        .select_from(_OUTBOX)
        .where(
            said.person == bindparam("person"),
            said.silent.is_(False),
            said.kind.in_(("page", "summary")),
            said.made_at > bindparam("since"),
            said.state != "dropped",
        )
    )


def take(session: Session, now: datetime, lease: timedelta, most: int) -> Sequence[OutboxRow]:
    """Claim the due messages, most pressing first: `sending`, attempt counted, before any of them leaves.

    Also those whose lease ran out: whoever claimed them lost the lead, or its life, and they may have arrived.
    """
    rows: Sequence[OutboxRow] = session.exec(_ready(), params={"now": now, "most": most}).all()
    _claim(session, rows, now, lease)
    return rows


def _claim(session: Session, rows: Sequence[OutboxRow], now: datetime, lease: timedelta) -> None:
    for row in rows:
        row.in_doubt = row.in_doubt or row.state == "sending"
        row.state = "sending"
        row.attempts += 1
        row.intent_at = now
        row.due_at = now + lease
        session.add(row)


def take_last_resorts(session: Session, now: datetime, lease: timedelta, most: int) -> Sequence[OutboxRow]:
    """The same for the channels outside Telegram, the oldest first."""
    rows = session.exec(select(OutboxRow).where(*_due_last_resorts(now)).order_by(col(OutboxRow.id)).limit(most)).all()
    _claim(session, rows, now, lease)
    return rows


def is_last_resort_due(session: Session, now: datetime) -> bool:
    return session.exec(select(OutboxRow.id).where(*_due_last_resorts(now)).limit(1)).first() is not None


def _due_last_resorts(now: datetime) -> tuple[Any, ...]:
    return col(OutboxRow.state).in_(TAKEN_FROM), col(OutboxRow.due_at) <= now, OutboxRow.kind == LAST_RESORT


# Asked at every turn of the sender: to build it anew costs more than to run it.
@cache
def _ready() -> Any:
    """Due at `now`, and not behind a message of the same phone or group that was tried and must wait.

    So order is kept per chat. Only what is as pressing or more holds others up: a new page never waits for a receipt.
    """
    now: Any = bindparam("now")
    waiting = aliased(OutboxRow)
    ahead = or_(
        col(waiting.priority) < col(OutboxRow.priority),
        and_(col(waiting.priority) == col(OutboxRow.priority), col(waiting.id) < col(OutboxRow.id)),
    )
    same_chat = or_(
        col(waiting.person) == col(OutboxRow.person),
        and_(
            col(waiting.person).is_(None),
            col(OutboxRow.person).is_(None),
            col(waiting.chat_id) == col(OutboxRow.chat_id),
        ),
    )
    held_up = exists().where(
        same_chat,
        col(waiting.state) == "due",
        col(waiting.due_at) > now,
        col(waiting.attempts) > 0,
        ahead,
    )
    return (
        select(OutboxRow)
        .where(col(OutboxRow.state).in_(TAKEN_FROM), col(OutboxRow.due_at) <= now)
        .where(OutboxRow.kind != LAST_RESORT, not_(held_up))
        .order_by(col(OutboxRow.priority), col(OutboxRow.id))
        .limit(bindparam("most"))
    )


def outdated(session: Session, now: datetime, most: int) -> Sequence[OutboxRow]:
    """Sent messages whose view is behind, most pressing first."""
    rows: Sequence[OutboxRow] = session.exec(_behind(), params={"now": now, "most": most}).all()
    return rows


@cache
def _behind() -> Any:
    return (
        select(OutboxRow)
        .where(
            OutboxRow.state == "sent",
            OutboxRow.version > OutboxRow.shown,
            col(OutboxRow.remote_id).is_not(None),
            or_(col(OutboxRow.edit_at).is_(None), col(OutboxRow.edit_at) <= bindparam("now")),
        )
        .order_by(col(OutboxRow.priority), col(OutboxRow.id))
        .limit(bindparam("most"))
    )


def edit_later(session: Session, chat_id: int, at: datetime) -> None:
    """Telegram wants this chat to be left alone until then: so wait all its edits that stand out."""
    session.flush()
    session.exec(
        update(OutboxRow)
        .where(
            col(OutboxRow.chat_id) == chat_id,
            col(OutboxRow.state) == "sent",
            col(OutboxRow.version) > col(OutboxRow.shown),
        )
        .values(edit_at=at)
        .execution_options(synchronize_session="fetch")
    )


def by_message(session: Session, chat_id: int, message_id: int) -> OutboxRow | None:
    """The row behind a message on a phone; None when its id was never learnt or it is not ours."""
    return session.exec(
        select(OutboxRow).where(OutboxRow.chat_id == chat_id, OutboxRow.remote_id == message_id)
    ).first()


def learnt(session: Session, person: str, chat_id: int, message_id: int, about: tuple[str, int]) -> OutboxRow | None:
    """The message in doubt that this person has just pressed a button of: it arrived, and this is its id.

    about: what the button's data names, such as ("ticket", 42). None when no message in doubt is about that.
    It need not be sent again, and from now on it is edited like any other: its buttons do not outlive what they do.
    """
    what, number = about
    which = {"ticket": OutboxRow.ticket_id, "reply": OutboxRow.reply_id}.get(what)
    if which is None:
        return None
    row = session.exec(
        select(OutboxRow)
        .where(
            which == number,
            col(OutboxRow.kind).in_(("preview",) if what == "reply" else ("page", "card")),
            OutboxRow.person == person,
            OutboxRow.chat_id == chat_id,
            col(OutboxRow.in_doubt),
            col(OutboxRow.remote_id).is_(None),
            col(OutboxRow.state).in_(("due", "dropped")),
        )
        .order_by(col(OutboxRow.id).desc())
    ).first()
    if row is not None:
        row.state, row.remote_id, row.sent_at = "sent", message_id, row.intent_at
        session.add(row)
    return row


def put_back_unfinished(session: Session, now: datetime) -> int:
    """After a start: whatever was being sent may have arrived; it is sent again at once, marked as a repeat.

    Nobody else is sending it, so the lease of its claim need not run out: a page would ring a minute late.
    """
    rows = session.exec(select(OutboxRow).where(OutboxRow.state == "sending")).all()
    for row in rows:
        row.state, row.due_at = "due", now
        row.in_doubt = True
        session.add(row)
    return len(rows)
