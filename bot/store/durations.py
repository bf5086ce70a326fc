"""How long things took: what the story's lines and the metrics say beside what happened.

Asked of the tables, so that a restart between a page and its claim shortens nothing. All in seconds; None when the
beginning is not known; a clock that was set back gives 0, never less.
"""

from datetime import datetime

from sqlmodel import Session, col, func, select

from bot.core.event import Fact
from bot.store.tables import LogRow, MentionRow, OutboxRow, TicketRow

TAKES = ("claim", "takeover", "handover", "reopen")
"""Verbs of the log that give a ticket its owner."""


def facts_of(session: Session, verb: str, ticket_id: int | None, now: datetime) -> dict[str, Fact | None]:
    """Line, urgency and owner of the ticket, and how long this step of its life took; {} without a ticket."""
    row = session.get(TicketRow, ticket_id) if ticket_id is not None else None
    if row is None:
        return {}
    facts: dict[str, Fact | None] = {"line": row.line, "urgency": row.urgency, "owner": row.owner}
    if verb == "claim":
        facts["paged_s"] = seconds(_first_page(session, row), now)
    elif verb == "answered":
        facts["claimed_s"] = seconds(_taken(session, row), now)
        facts["mention_s"] = seconds(row.last_mention_at, now)
    return facts


def first_page_of_mention(session: Session, page: OutboxRow, now: datetime) -> float | None:
    """From the post on X to this page, when it is the first that reached anybody about it; else None."""
    earlier = select(OutboxRow.id).where(
        OutboxRow.ticket_id == page.ticket_id,
        OutboxRow.mention_id == page.mention_id,
        OutboxRow.kind == "page",
        OutboxRow.id != page.id,
        col(OutboxRow.sent_at).is_not(None),
    )
    if page.mention_id is None or session.exec(earlier.limit(1)).first() is not None:
        return None
    mention = session.get(MentionRow, page.mention_id)
    return seconds(mention.created_at, now) if mention is not None else None


def seconds(since: datetime | None, now: datetime) -> float | None:
    return None if since is None else max((now - since).total_seconds(), 0.0)


def _first_page(session: Session, row: TicketRow) -> datetime | None:
    """When the running ladder of this ticket first reached a phone."""
    return session.exec(
        select(func.min(OutboxRow.sent_at)).where(
            OutboxRow.ticket_id == row.id,
            OutboxRow.kind == "page",
            col(OutboxRow.key).startswith(f"page:{row.id}:{row.ladder}:"),
        )
    ).one()


def _taken(session: Session, row: TicketRow) -> datetime | None:
    """When its present owner got it."""
    return session.exec(
        select(func.max(LogRow.at)).where(LogRow.ticket_id == row.id, col(LogRow.verb).in_(TAKES))
    ).one()
