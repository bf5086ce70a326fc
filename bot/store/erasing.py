"""Takes customers' words out of the tables; numbers, states and instants stay, so that everything can still be counted.

What goes: the words of posts, replies and notes, the writer's handle, name and number on X. What stays are our own
numbers, X's numbers of posts, and when and how each thing was done. That the bytes are gone from the files, too, is
seen to by scrubbing.py. Each call takes a bounded number of tickets, so that no transaction takes long.
"""

import re
from collections.abc import Collection
from dataclasses import astuple, dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import String, and_, cast, exists, or_, true, update
from sqlmodel import Session, col, select

from bot.core.reply import ReplyState
from bot.core.ticket import State
from bot.store import outbox
from bot.store.rows import table_of
from bot.store.tables import InboxRow, MentionRow, NoteRow, OutboxRow, ReplyRow, TicketRow

NOBODY: Final = 0
"""The author of what was erased; X numbers its users from 1, so nothing ever joins such a ticket."""
_VIEWS = (*outbox.TICKET_KINDS, *outbox.REPLY_KINDS, "story", "prompt")
"""Kinds of messages that show one customer's words or name."""
_LISTS = (*outbox.LIST_KINDS, "tickets", "mine", "handover")
"""Kinds that show those of many; edited, they show what is open by then."""
_OPEN_REPLIES = (ReplyState.HELD.value, ReplyState.SENDING.value, ReplyState.IN_DOUBT.value)


@dataclass(frozen=True, slots=True)
class Erased:
    """How many rows lost their words. loose: raw updates, and refusals that quoted what was typed."""

    tickets: int = 0
    mentions: int = 0
    replies: int = 0
    notes: int = 0
    loose: int = 0

    def __add__(self, other: "Erased") -> "Erased":
        return Erased(*(one + more for one, more in zip(astuple(self), astuple(other), strict=True)))

    def __bool__(self) -> bool:
        return any(astuple(self))

    def __str__(self) -> str:
        return f"{self.tickets} tickets, {self.mentions} mentions, {self.replies} replies, {self.notes} notes"


def old(session: Session, before: datetime, most: int) -> Erased:
    """Erase what was closed, or never had a ticket, before that instant: at most `most` tickets, `most` mentions, ...

    Nothing of an open ticket, and no reply that is on its way. Called again until it erases nothing.
    """
    closed = select(TicketRow.id).where(
        TicketRow.state == State.CLOSED.value,
        col(TicketRow.closed_at) < before,
        TicketRow.author != "",
        ~exists().where(
            col(ReplyRow.ticket_id) == col(TicketRow.id),
            col(ReplyRow.state).in_(_OPEN_REPLIES),
            ~col(ReplyRow.asked),
        ),
    )
    numbers = [number for number in session.exec(closed.order_by(col(TicketRow.id)).limit(most)).all() if number]
    alone = session.exec(
        select(MentionRow.id)
        .where(
            col(MentionRow.ticket_id).is_(None),
            MentionRow.seen_at < before,
            MentionRow.author != "",
            MentionRow.state != "new",
        )
        .limit(most)
    ).all()
    return of_tickets(session, numbers) + _loose(session, before, most) + Erased(mentions=_mentions(session, alone))


def of_tickets(session: Session, numbers: Collection[int]) -> Erased:
    """Erase the words of these tickets, their mentions, replies and notes; what rings and when is left as it is."""
    if not numbers:
        return Erased()
    mentions = session.exec(select(MentionRow.id).where(col(MentionRow.ticket_id).in_(numbers))).all()
    return Erased(
        tickets=_set(session, TicketRow, col(TicketRow.id).in_(numbers), author="", author_id=NOBODY),
        mentions=_mentions(session, mentions),
        replies=_set(session, ReplyRow, col(ReplyRow.ticket_id).in_(numbers), typed="", text=""),
        notes=_set(session, NoteRow, col(NoteRow.ticket_id).in_(numbers), text=""),
    )


def _mentions(session: Session, ids: Collection[int]) -> int:
    return _set(session, MentionRow, col(MentionRow.id).in_(ids), text="", author="", author_name="", author_id=NOBODY)


def _loose(session: Session, before: datetime, most: int) -> Erased:
    """What stands with no ticket: words that found none, raw updates, and refusals that quoted what was typed."""
    notes = session.exec(
        select(NoteRow.id)
        .where(col(NoteRow.ticket_id).is_(None), NoteRow.made_at < before, NoteRow.text != "")
        .limit(most)
    ).all()
    raw = session.exec(
        select(InboxRow.update_id)
        .where(InboxRow.received_at < before, col(InboxRow.handled_at).is_not(None), cast(InboxRow.raw, String) != "{}")
        .limit(most)
    ).all()
    quoting = session.exec(
        select(OutboxRow.id)
        .where(
            OutboxRow.kind == "refusal",
            OutboxRow.made_at < before,
            col(OutboxRow.state).not_in(("due", "sending")),
            cast(OutboxRow.facts, String) != "{}",
        )
        .limit(most)
    ).all()
    return Erased(
        notes=_set(session, NoteRow, col(NoteRow.id).in_(notes), text=""),
        loose=_set(session, InboxRow, col(InboxRow.update_id).in_(raw), raw={})
        + _set(session, OutboxRow, col(OutboxRow.id).in_(quoting), facts={}),
    )


def deleted_posts(session: Session, before: datetime, most: int) -> int:
    """Erase the words of posts whose writers deleted them on X before that instant; gives how many."""
    asked = select(MentionRow).where(col(MentionRow.deleted_at) <= before, MentionRow.text != "").limit(most)
    rows = session.exec(asked).all()
    for row in rows:
        post(session, row)
    return len(rows)


def post(session: Session, row: MentionRow) -> None:
    """The words of one post go: its writer deleted it at X. Who wrote it stays with the ticket."""
    row.text = ""
    session.add(row)
    if row.ticket_id is not None:
        outbox.ticket_changed(session, row.ticket_id)


def _set(session: Session, table: type[Any], which: Any, **values: Any) -> int:
    """Write these values into the rows; gives how many."""
    session.flush()
    done = session.connection().execute(update(table_of(table)).where(which).values(**values))
    session.expire_all()
    return int(done.rowcount)


# --- one customer ----------------------------------------------------------------------------------------------------


def tickets_of(session: Session, author_id: int, until: datetime) -> list[TicketRow]:
    """Their tickets that were opened by that instant, the oldest first."""
    asked = select(TicketRow).where(TicketRow.author_id == author_id, TicketRow.opened_at <= until)
    return list(session.exec(asked.order_by(col(TicketRow.id))).all())


def authors(session: Session) -> list[int]:
    """Every customer we hold something of."""
    found = {
        *session.exec(select(MentionRow.author_id).distinct()),
        *session.exec(select(TicketRow.author_id).distinct()),
    }
    return sorted(found - {NOBODY})


def customer(session: Session, author_id: int, handles: Collection[str], until: datetime) -> Erased:
    """Everything we hold of one customer until that instant, and their handle where others, or we, wrote it.

    Their tickets must be closed. What the phones show of them is to be edited.
    """
    mine = tickets_of(session, author_id, until)
    numbers = [row.id for row in mine if row.id is not None]
    alone = session.exec(
        select(MentionRow.id).where(
            MentionRow.author_id == author_id,
            MentionRow.seen_at <= until,
            or_(col(MentionRow.ticket_id).is_(None), col(MentionRow.ticket_id).not_in(numbers)),
        )
    ).all()
    if not numbers and not alone:
        return Erased()
    _show_anew(session, mine)
    done = of_tickets(session, numbers)
    done += Erased(mentions=_mentions(session, alone))
    return done + _named(session, [handle for handle in handles if handle])


def _show_anew(session: Session, mine: Collection[TicketRow]) -> None:
    """Every message that showed one of these tickets is to be edited, lists that named many among them."""
    for row in mine:
        shown = or_(
            col(OutboxRow.ticket_id) == row.id,
            and_(
                col(OutboxRow.kind).in_(_LISTS),
                col(OutboxRow.made_at) >= row.opened_at,
                col(OutboxRow.made_at) <= row.closed_at if row.closed_at is not None else true(),
            ),
        )
        sent = and_(col(OutboxRow.state) == "sent", col(OutboxRow.kind).in_((*_VIEWS, *_LISTS)))
        _set(session, OutboxRow, and_(shown, sent), version=table_of(OutboxRow).c.version + 1)


def _named(session: Session, handles: Collection[str]) -> Erased:
    """Take "@handle" out of what others wrote."""
    done = Erased()
    for handle in handles:
        at_word = re.compile(rf"@{re.escape(handle)}(?!\w)|(?<=[./]com/){re.escape(handle)}(?!\w)", re.IGNORECASE)
        like = "%" + handle.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
        for kind, table, names in (
            ("mentions", MentionRow, ("text",)),
            ("replies", ReplyRow, ("text", "typed")),
            ("notes", NoteRow, ("text",)),
        ):
            for name in names:
                rows: Any = select(table).where(col(getattr(table, name)).ilike(like, escape="\\"))
                for row in session.exec(rows).all():
                    words = getattr(row, name)
                    if (without := at_word.sub("▒▒▒", words)) != words:
                        setattr(row, name, without)
                        session.add(row)
                        done += Erased(**{kind: 1})
        quoting = and_(cast(OutboxRow.facts, String).ilike(like, escape="\\"), col(OutboxRow.kind) == "refusal")
        done += Erased(loose=_set(session, OutboxRow, quoting, facts={}))
    session.flush()
    return done
