"""What every part of the watch writes: a cursor of its own, and a line to one person."""

from collections.abc import Mapping
from datetime import datetime

from sqlmodel import Session

from bot.store import outbox
from bot.store.tables import Cursor


def cursor_of(session: Session, name: str) -> Cursor:
    """The cursor of that name, new when there was none; what is changed on it is written."""
    cursor = session.get(Cursor, name) or Cursor(name=name)
    session.add(cursor)
    return cursor


def notice(
    session: Session,
    now: datetime,
    key: str,
    person: str,
    facts: Mapping[str, object],
    *,
    rings: bool = False,
    ticket_id: int | None = None,
) -> None:
    """Something that a person shall know, once a key; nothing without a person."""
    if person:
        outbox.say(session, now, key, "notice", person=person, facts=dict(facts), silent=not rings, ticket_id=ticket_id)
