"""When each reader last had a good answer, and the tick its last round: what the health page shows."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, func, select

from bot.store.tables import Cursor, OutboxRow


@dataclass(frozen=True, slots=True)
class Sign:
    """One reader. good_at: its last good answer, None before the first. fails: failures in a row since then."""

    good_at: datetime | None = None
    fails: int = 0


@dataclass(frozen=True, slots=True)
class Signs:
    """Every reader's sign. x: by account in lower case. office_at: when the office last opened or closed.
    ring_waits_since: when the oldest message that rings for a ticket and has not left yet was written."""

    x: Mapping[str, Sign]
    telegram: Sign
    beat_at: datetime | None
    office_at: datetime | None
    ring_waits_since: datetime | None = None


def signs(session: Session) -> Signs:
    """All of them at once."""
    rows = {row.name: row for row in session.exec(select(Cursor)).all()}

    def at(name: str) -> datetime | None:
        return rows[name].good_at if name in rows else None

    of_x = {
        name.removeprefix("x:").lower(): Sign(row.good_at, row.fails)
        for name, row in rows.items()
        if name.startswith("x:")
    }
    telegram = rows.get("telegram")
    waits = col(OutboxRow.state).in_(("due", "sending")), col(OutboxRow.kind).in_(("page", "summary"))
    return Signs(
        of_x,
        Sign(telegram.good_at, telegram.fails) if telegram else Sign(),
        at("beat"),
        at("office"),
        session.exec(select(func.min(OutboxRow.made_at)).where(*waits)).one(),
    )
