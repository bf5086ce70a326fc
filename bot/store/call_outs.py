"""When each person was rung or did something about a ticket: what call-outs are made of (schedules/call_outs.py).

Read-only questions for the rest rules, the load and the digests.
"""

from collections.abc import Iterable
from datetime import datetime

from sqlmodel import Session, col, select

from bot.store.tables import LogRow, OutboxRow

# Messages that ring because somebody has to look at a ticket. A duty's beginning rings, too, but calls nobody to work.
_RINGING = ("page", "card", "summary")


def called(session: Session, since: datetime, until: datetime) -> dict[str, list[datetime]]:
    """Person → instants within [since, until), unordered: rings that left for their phone, and their own moves."""
    found: dict[str, list[datetime]] = {}

    def gather(rows: Iterable[tuple[str | None, datetime | None]]) -> None:
        for person, at in rows:
            if person is not None and at is not None:
                found.setdefault(person, []).append(at)

    rings = select(OutboxRow.person, OutboxRow.sent_at).where(
        col(OutboxRow.kind).in_(_RINGING),
        col(OutboxRow.silent).is_(False),
        col(OutboxRow.sent_at) >= since,
        col(OutboxRow.sent_at) < until,
    )
    gather(session.exec(rings).all())
    # The log also holds what the service did; its "who" is then no person of the rota, and nobody asks for it.
    acts = select(LogRow.who, LogRow.at).where(
        col(LogRow.ticket_id).is_not(None), col(LogRow.at) >= since, col(LogRow.at) < until
    )
    gather(session.exec(acts).all())
    return found
