"""`reperibile tickets`: every ticket for tools (a JSON object each) and for people (a table)."""

from collections.abc import Iterator
from typing import Any

from sqlmodel import Session, col, select

from bot.store.tables import MentionRow, ReplyRow, TicketRow


def as_lines(session: Session) -> list[dict[str, Any]]:
    """The contract's objects, oldest ticket first; X ids are numbers."""
    return list(_lines(session))


def _lines(session: Session) -> Iterator[dict[str, Any]]:
    for row in session.exec(select(TicketRow).order_by(col(TicketRow.id))).all():
        mentions = session.exec(
            select(MentionRow.id).where(MentionRow.ticket_id == row.id).order_by(col(MentionRow.id))
        ).all()
        replies = session.exec(select(ReplyRow).where(ReplyRow.ticket_id == row.id).order_by(col(ReplyRow.id))).all()
        yield {
            "id": row.id,
            "state": row.state,
            "urgency": row.urgency,
            "line": row.line,
            "account": row.account,
            "author": row.author,
            "owner": row.owner,
            "opened_at": row.opened_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "mentions": list(mentions),
            "replies": [{"id": r.id, "state": r.state, "text": r.text, "x_id": r.x_id} for r in replies],
        }


def as_table(session: Session) -> None:
    """The same for a terminal."""
    from rich.console import Console
    from rich.table import Table

    table = Table("#", "state", "urgency", "line", "account", "author", "owner", "opened", "mentions", "replies")
    for one in _lines(session):
        table.add_row(
            str(one["id"]),
            one["state"],
            one["urgency"],
            one["line"],
            "@" + one["account"],
            "@" + one["author"],
            one["owner"] or "–",
            one["opened_at"],
            str(len(one["mentions"])),
            str(sum(r["state"] == "posted" for r in one["replies"])),
        )
    # Standard output is for what tools read (--json); everything said to a person goes to standard error.
    Console(stderr=True, markup=False, highlight=False).print(table)
