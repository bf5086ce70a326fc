"""The night as a story: what a transaction did is told once it is committed, and only then.

Whoever writes the log's rows tells it here (people.log); the store hands the events of a transaction to its listeners
after the commit. What was rolled back never happened, so it is never told.
"""

import logging
import re
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import event as happenings
from sqlalchemy.orm import SessionTransaction
from sqlmodel import Session

from bot.core.event import Event, Fact

log = logging.getLogger("reperibile.story")

_EVENTS = "events"
_NONE: Mapping[str, Fact | None] = {}
GRAVE = frozenset(
    {
        "abandoned",
        "ladder over",
        "last resort failed",
        "lock",
        "long doubt",
        "not posted",
        "reached nobody",
        "unreachable",
        "unrung",
    }
)
"""Verbs of the log that somebody should look at."""


def tell(
    session: Session,
    at: datetime,
    who: str,
    verb: str,
    *,
    ticket: int | None = None,
    detail: str = "",
    grave: bool = False,
    quiet: bool = False,
    facts: Mapping[str, Fact | None] = _NONE,
) -> None:
    """Something happened in this transaction; facts that are None are left out."""
    known = {name: value for name, value in facts.items() if value is not None}
    event = Event(at, who, verb, ticket, detail, known, grave or verb in GRAVE, quiet)
    session.info.setdefault(_EVENTS, []).append((session.get_nested_transaction(), event))


def told(session: Session) -> list[Event]:
    """What was told in the transaction that has just been committed; it is told once."""
    return [event for _, event in session.info.pop(_EVENTS, [])]


@happenings.listens_for(Session, "after_soft_rollback")
def _untell(session: Session, undone: SessionTransaction) -> None:
    """A command that is refused half way goes back to its savepoint, and what was told since then with it."""
    session.info[_EVENTS] = [
        (within, event) for within, event in session.info.get(_EVENTS, []) if not _is_within(within, undone)
    ]


def _is_within(transaction: SessionTransaction | None, outer: SessionTransaction) -> bool:
    while transaction is not None and transaction is not outer:
        transaction = transaction.parent
    return transaction is outer


def write(event: Event) -> None:
    """One line of the log: a sentence for people, then key=value for machines."""
    if event.quiet:
        return
    log.log(logging.WARNING if event.grave else logging.INFO, "%s", sentence(event))


def sentence(event: Event) -> str:
    """`#42 page: giulia step 1; ticket=42 who=watch line=187 urgency=critical`."""
    number = f"#{event.ticket} " if event.ticket is not None else ""
    detail = f": {event.detail}" if event.detail else ""
    facts: dict[str, Fact] = {} if event.ticket is None else {"ticket": event.ticket}
    facts |= {"who": event.who, **event.facts}
    return f"{number}{event.verb}{detail}; " + " ".join(f"{name}={_value(value)}" for name, value in facts.items())


def _value(value: Fact) -> str:
    """As key=value readers want it: quoted when it has blanks or signs of its own."""
    if isinstance(value, float):
        return f"{value:.3f}".rstrip("0").rstrip(".")
    text = str(value)
    if re.fullmatch(r"[\w.:@/+-]+", text):
        return text
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
