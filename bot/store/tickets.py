"""Questions asked of tickets and their mentions, and the few writes that belong to them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import bindparam
from sqlmodel import Session, col, select

from bot.core.mention import Mention, Urgency
from bot.core.reply import ReplyState
from bot.core.ticket import State
from bot.store.rows import ask, table_of
from bot.store.tables import MentionRow, NoteRow, ReplyRow, TicketRow

OPEN = tuple(s.value for s in State if s is not State.CLOSED)
LIVE_REPLIES = tuple(s.value for s in ReplyState if s.is_live)
_RANK = {u.value: u.rank for u in Urgency}


def get(session: Session, ticket_id: int) -> TicketRow | None:
    return session.get(TicketRow, ticket_id)


def mentions_of(session: Session, ticket_id: int, *, newest: int = 100) -> Sequence[MentionRow]:
    """The mentions of a ticket, oldest first, at most the `newest` newest."""
    rows = session.exec(_mentions_of(), params={"ticket": ticket_id, "newest": newest}).all()
    return list(reversed(rows))


@cache
def _mentions_of() -> Any:
    return (
        select(MentionRow)
        .where(MentionRow.ticket_id == bindparam("ticket"))
        .order_by(col(MentionRow.created_at).desc(), col(MentionRow.id).desc())
        .limit(bindparam("newest"))
    )


def replies_of(session: Session, ticket_id: int) -> Sequence[ReplyRow]:
    """The replies of a ticket, oldest first, dropped ones too."""
    return session.exec(select(ReplyRow).where(ReplyRow.ticket_id == ticket_id).order_by(col(ReplyRow.id))).all()


def notes_of(session: Session, ticket_id: int) -> Sequence[NoteRow]:
    return session.exec(select(NoteRow).where(NoteRow.ticket_id == ticket_id).order_by(col(NoteRow.id))).all()


def live_reply(session: Session, ticket_id: int) -> ReplyRow | None:
    """The one reply of this ticket that is still on its way; None when there is none."""
    return session.exec(
        select(ReplyRow)
        .where(ReplyRow.ticket_id == ticket_id, col(ReplyRow.state).in_(LIVE_REPLIES))
        .order_by(col(ReplyRow.id).desc())
    ).first()


def live_replies(session: Session, ticket_ids: Collection[int]) -> dict[int, ReplyRow]:
    """`live_reply` of each of these tickets that has one."""
    found = select(ReplyRow).where(col(ReplyRow.ticket_id).in_(ticket_ids), col(ReplyRow.state).in_(LIVE_REPLIES))
    return {row.ticket_id: row for row in session.exec(found.order_by(col(ReplyRow.id))).all()}


def open_tickets(session: Session) -> list[TicketRow]:
    """Every open ticket, worst urgency first, then the oldest."""
    rows = session.exec(select(TicketRow).where(col(TicketRow.state).in_(OPEN))).all()
    return sorted(rows, key=lambda t: (_RANK[t.urgency], t.first_mention_at, t.id or 0))


@dataclass(frozen=True, slots=True)
class Listed:
    """A ticket as far as a long list needs it."""

    id: int
    urgency: str
    state: str
    line: str
    author: str
    first_mention_at: datetime


_LISTED = [getattr(TicketRow, name) for name in Listed.__slots__]


def listed(
    session: Session,
    states: Sequence[str] | None = None,
    *,
    owner: str | None = None,
    ids: Collection[int] | None = None,
) -> list[Listed]:
    """The tickets in these states, of this owner, with these numbers: worst urgency first, then the oldest."""
    found: Any = select(*_LISTED)
    if states is not None:
        found = found.where(col(TicketRow.state).in_(states))
    if owner is not None:
        found = found.where(TicketRow.owner == owner)
    if ids is not None:
        found = found.where(col(TicketRow.id).in_(ids))
    rows = [Listed(*row) for row in session.exec(found).all()]
    return sorted(rows, key=lambda t: (_RANK[t.urgency], t.first_mention_at, t.id))


def several(session: Session, ticket_ids: Sequence[int]) -> list[TicketRow]:
    """These tickets, in this order; one that is gone is left out."""
    rows = {row.id: row for row in session.exec(select(TicketRow).where(col(TicketRow.id).in_(ticket_ids))).all()}
    return [rows[ticket_id] for ticket_id in ticket_ids if ticket_id in rows]


def of_owner(session: Session, person: str) -> list[TicketRow]:
    return [t for t in open_tickets(session) if t.owner == person]


def in_state(session: Session, *states: State) -> list[TicketRow]:
    rows = session.exec(select(TicketRow).where(col(TicketRow.state).in_([s.value for s in states]))).all()
    return sorted(rows, key=lambda t: (_RANK[t.urgency], t.first_mention_at, t.id or 0))


def any_pages(session: Session, numbers: Sequence[int]) -> bool:
    """Does any of these tickets still page?"""
    paging = (col(TicketRow.id).in_(list(numbers)), TicketRow.state == State.PAGING.value)
    return session.exec(select(TicketRow.id).where(*paging).limit(1)).first() is not None


def any_in_state(session: Session, state: State) -> bool:
    return session.exec(select(TicketRow.id).where(TicketRow.state == state.value).limit(1)).first() is not None


def ringing_due(session: Session, now: datetime) -> Sequence[TicketRow]:
    """Tickets whose ladder has a step due, critical ones and then the oldest first."""
    rows = session.exec(_ringing_due(), params={"now": now}).all()
    return sorted(rows, key=lambda t: (_RANK[t.urgency], t.first_mention_at, t.id or 0))


@cache
def _ringing_due() -> Any:
    return select(TicketRow).where(
        TicketRow.state == State.PAGING.value, col(TicketRow.next_step_at) <= bindparam("now")
    )


def folded_since(session: Session, since: datetime) -> int:
    """How many noise mentions were folded to a count since an instant."""
    rows = session.exec(
        select(MentionRow.id).where(MentionRow.urgency == Urgency.NOISE.value, MentionRow.seen_at >= since)
    ).all()
    return len(rows)


def add_note(session: Session, person: str, text: str, now: datetime, ticket_id: int | None = None) -> NoteRow:
    """Keep typed words, with a ticket or, when nobody knows which, alone."""
    row = NoteRow(ticket_id=ticket_id, person=person, text=text, made_at=now)
    session.add(row)
    session.flush()
    return row


def known(session: Session, first_ids: Collection[int]) -> dict[int, int]:
    """First id → newest id, of those of these mentions that we hold."""
    return dict(ask(session, _known(), {"ids": list(first_ids)})) if first_ids else {}


@cache
def _known() -> Any:
    mentions = table_of(MentionRow).c
    return select(mentions.id, mentions.newest_id).where(mentions.id.in_(bindparam("ids", expanding=True)))


def columns_of(mention: Mention, account: str, also: Sequence[str], now: datetime, *, cold: bool) -> dict[str, Any]:
    """A new row for a mention as it came from X, for `add_all`."""
    return {
        "id": mention.first_id,
        "newest_id": mention.id,
        "account": account,
        "also": list(also),
        "author_id": mention.author_id,
        "author": mention.author,
        "author_name": mention.author_name,
        "text": mention.text,
        "lang": mention.lang,
        "conversation_id": mention.conversation_id,
        "parent_id": mention.parent_id,
        "has_media": mention.has_media,
        "created_at": mention.created_at,
        "seen_at": now,
        "edited_at": now if mention.is_edited else None,
        "cold": cold,
    }


def waited(row: TicketRow, now: datetime) -> timedelta:
    """How long the customer has been waiting."""
    return max(now - row.first_mention_at, timedelta())
