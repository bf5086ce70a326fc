"""What a calendar feed is made of: what its address opens, and the revisions of the rota that are shown in it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from bot.store import calendars, rotas


@dataclass(frozen=True, slots=True)
class Opened:
    """What an address opens, and for whom: a person's own duties, or with `rota` everybody's on that rota.

    language: of its sentences. revision: the one in force; 0 when there is no rota.
    """

    person: str
    rota: str
    language: str
    revision: int


@dataclass(frozen=True, slots=True)
class Revision:
    """One version of the rota file, as it was written."""

    number: int
    made_at: datetime
    text: str


def look(session: Session, token: str) -> Opened | None:
    """What a token opens; None when it opens nothing. The same is read whatever the token is."""
    row, revision = calendars.opened_by(session, token), rotas.current_number(session)
    return Opened(row.person, row.rota, row.language, revision) if row is not None else None


def revisions(session: Session, numbers: Iterable[int]) -> list[Revision]:
    """These revisions, in this order, those of them that there are."""
    rows = [rotas.get(session, number) for number in numbers]
    return [Revision(row.number, row.made_at, row.text) for row in rows if row is not None]
