"""How things stand, in numbers: what /metrics shows of the tables, asked in one read.

Counts by words of our own (states, urgencies, kinds), so the answer stays small however many customers write.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, func, select

from bot.core.ticket import State
from bot.store.durations import TAKES
from bot.store.health import Signs, signs
from bot.store.tables import DutyRow, InboxRow, LogRow, MentionRow, OutboxRow, PersonRow, ReplyRow, TicketRow

WAITS = ("due", "sending")


@dataclass(frozen=True, slots=True)
class Standing:
    """tickets: by state and urgency. replies: by state. outbox: messages not yet sent, by kind. oldest_*: since when,
    None when there is none. unconfirmed: running duties nobody confirmed. unreachable: phones that block the bot."""

    tickets: Mapping[tuple[str, str], int]
    replies: Mapping[str, int]
    outbox: Mapping[str, int]
    oldest_alarm: datetime | None
    oldest_message: datetime | None
    oldest_reply: datetime | None
    in_doubt: int
    unjudged: int
    unheard: int
    unconfirmed: int
    unreachable: int


def look(session: Session) -> tuple[Standing, Signs]:
    """How everything stands, and when the readers last had an answer."""
    return standing(session), signs(session)


def standing(session: Session) -> Standing:
    """All of it at once, as of now."""
    by_ticket = session.exec(
        select(TicketRow.state, TicketRow.urgency, func.count()).group_by(TicketRow.state, TicketRow.urgency)
    ).all()
    by_reply = session.exec(select(ReplyRow.state, func.count()).group_by(ReplyRow.state)).all()
    waits = col(OutboxRow.state).in_(WAITS)
    by_kind = session.exec(select(OutboxRow.kind, func.count()).where(waits).group_by(OutboxRow.kind)).all()
    return Standing(
        tickets={(state, urgency): count for state, urgency, count in by_ticket},
        replies=dict(by_reply),
        outbox=dict(by_kind),
        oldest_alarm=_oldest_alarm(session),
        oldest_message=session.exec(select(func.min(OutboxRow.made_at)).where(waits)).one(),
        oldest_reply=session.exec(
            select(func.min(ReplyRow.held_at)).where(col(ReplyRow.state).in_(("held", "sending", "in_doubt")))
        ).one(),
        in_doubt=session.exec(
            select(func.count()).select_from(OutboxRow).where(waits, col(OutboxRow.in_doubt).is_(True))
        ).one(),
        unjudged=session.exec(select(func.count()).select_from(MentionRow).where(MentionRow.state == "new")).one(),
        unheard=session.exec(
            select(func.count()).select_from(InboxRow).where(col(InboxRow.handled_at).is_(None))
        ).one(),
        unconfirmed=session.exec(
            select(func.count())
            .select_from(DutyRow)
            .where(col(DutyRow.ended_at).is_(None), col(DutyRow.confirmed_at).is_(None))
        ).one(),
        unreachable=session.exec(
            select(func.count()).select_from(PersonRow).where(col(PersonRow.unreachable_since).is_not(None))
        ).one(),
    )


def _oldest_alarm(session: Session) -> datetime | None:
    """Since when the alarm that nobody has taken longest wants somebody.

    A ticket counts from its opening; one that was somebody's, or closed, from the customer's first words after that,
    and without any from the moment it was nobody's again.
    """
    paging = TicketRow.state == State.PAGING.value
    opened = session.exec(select(TicketRow.id, TicketRow.opened_at).where(paging)).all()
    had = session.exec(
        select(LogRow.ticket_id, func.max(LogRow.at))
        .join(TicketRow, col(LogRow.ticket_id) == col(TicketRow.id))
        .where(paging, col(LogRow.verb).in_(HAD))
        .group_by(col(LogRow.ticket_id))
    ).all()
    left: dict[int | None, datetime] = dict(had)
    since = {number: left.get(number, at) for number, at in opened}
    if left:
        words = session.exec(
            select(MentionRow.ticket_id, MentionRow.seen_at)
            .where(col(MentionRow.ticket_id).in_(list(left)))
            .order_by(col(MentionRow.seen_at))
        ).all()
        for number, seen_at in reversed(words):
            if seen_at > left[number]:
                since[number] = seen_at
    return min(since.values(), default=None)


HAD = (*TAKES, "release", "abandoned", "passed_on", "close")
"""Verbs of the log after which somebody had the ticket, or just lost it."""
