"""The rota as numbered revisions: what is current, what was, who changed it."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, func, select

from bot.errors import Refused
from bot.store.people import log
from bot.store.rows import ask, table_of
from bot.store.tables import RevisionRow


@dataclass(frozen=True, slots=True)
class Made:
    """Who made a revision, when and why."""

    number: int
    author: str
    made_at: datetime
    why: str


def current_number(session: Session) -> int:
    """The number of the current revision; 0 when there is no rota yet."""
    return ask(session, _newest())[0][0] or 0


# Asked at every step of every line: to build it anew costs more than to run it.
@cache
def _newest() -> Any:
    return select(func.max(table_of(RevisionRow).c.number))


def get(session: Session, number: int) -> RevisionRow | None:
    return session.get(RevisionRow, number)


def current(session: Session) -> RevisionRow | None:
    """The rota in force; None when there is none yet."""
    return session.exec(select(RevisionRow).order_by(col(RevisionRow.number).desc())).first()


def history(session: Session) -> list[Made]:
    """All revisions, the newest first; without their texts, which together grow without end."""
    made = table_of(RevisionRow).c
    rows = select(made.number, made.author, made.made_at, made.why).order_by(made.number.desc())
    return [Made(*row) for row in ask(session, rows)]


def save(session: Session, text: str, author: str, why: str, now: datetime, base: int | None = None) -> int:
    """Write a new revision and give its number; the same text again makes none.

    base: the revision the author saw. Raises: Refused("rota_moved") when another was written since, with its author,
    its why and the current number: also when the other one is being written at this very moment.
    """
    newest = current(session)
    number = newest.number if newest else 0
    if base is not None and base != number:
        raise _moved(base, newest)
    if newest is not None and newest.text == text:
        return number
    try:
        with session.begin_nested():
            session.add(RevisionRow(number=number + 1, text=text, author=author, why=why[:200], made_at=now))
            session.flush()
    except IntegrityError:
        # PostgreSQL lets two write at once; the number is the key, so one of them wins. (SQLite lets one in at a time.)
        session.expire_all()
        raise _moved(number, current(session)) from None
    log(session, now, author, "rota", detail=f"revision {number + 1}")
    session.flush()
    return number + 1


def _moved(base: int, newest: RevisionRow | None) -> Refused:
    return Refused(
        "rota_moved",
        base=base,
        current=newest.number if newest else 0,
        by=newest.author if newest else "",
        reason=newest.why if newest else "",
    )
