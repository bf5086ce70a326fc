"""Rows to core values and back: the only place where the two forms of a ticket or a reply meet."""

from dataclasses import fields
from typing import Any

from bot.core.mention import Urgency
from bot.core.reply import Reply, ReplyState
from bot.core.ticket import State, Ticket
from bot.store.tables import ReplyRow, TicketRow


def ticket_of(row: TicketRow) -> Ticket:
    """The ticket as the moves see it."""
    values = {f.name: getattr(row, f.name) for f in fields(Ticket)}
    return Ticket(**{**values, "state": State(row.state), "urgency": Urgency(row.urgency)})


def put_ticket(row: TicketRow, ticket: Ticket) -> None:
    """Write a moved ticket back into its row."""
    _put(row, ticket)


def reply_of(row: ReplyRow) -> Reply:
    """The reply as the protocol sees it."""
    values = {f.name: getattr(row, f.name) for f in fields(Reply)}
    return Reply(**{**values, "state": ReplyState(row.state)})


def put_reply(row: ReplyRow, reply: Reply) -> None:
    """Write a changed reply back into its row."""
    _put(row, reply)


def _put(row: Any, value: Any) -> None:
    for f in fields(value):
        new = getattr(value, f.name)
        new = new.value if isinstance(new, (State, Urgency, ReplyState)) else new
        if getattr(row, f.name) != new:
            setattr(row, f.name, new)
