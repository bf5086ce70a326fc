"""The private addresses of calendar feeds: who has which, and when they end.

The token in an address is kept as a hash only. An address belongs to one person, also one of a whole rota's feed, and
ends when they make a new one, take it back, are locked out or leave the rota.
"""

import hashlib
from collections.abc import Collection, Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from bot.store.tables import CalendarRow


def hash_of(token: str) -> str:
    """How a feed's token is kept."""
    return hashlib.sha256(b"calendar:" + token.encode("utf-8", "surrogatepass")).hexdigest()


def issue(session: Session, person: str, rota: str, language: str, token: str, now: datetime) -> None:
    """Remember a new address; the one this person had for the same feed ends. rota: "" for their own duties."""
    revoke(session, person, now, rota=rota)
    session.add(CalendarRow(token_hash=hash_of(token), person=person, rota=rota, language=language, made_at=now))
    session.flush()


def live(session: Session, person: str) -> Sequence[CalendarRow]:
    """The addresses of this person that work."""
    theirs = select(CalendarRow).where(CalendarRow.person == person, col(CalendarRow.revoked_at).is_(None))
    return session.exec(theirs.order_by(CalendarRow.rota)).all()


def revoke(session: Session, person: str, now: datetime, *, rota: str | None = None) -> int:
    """End this person's addresses; gives how many worked until now. rota: that feed's alone; None for all of them."""
    ended = [row for row in live(session, person) if rota in (None, row.rota)]
    for row in ended:
        row.revoked_at = now
        session.add(row)
    return len(ended)


def keep_only(session: Session, members: Collection[str], now: datetime) -> None:
    """End the addresses of everybody who is not in the rota any more."""
    rows = session.exec(select(CalendarRow).where(col(CalendarRow.revoked_at).is_(None))).all()
    for row in rows:
        if row.person not in members:
            row.revoked_at = now
            session.add(row)


def opened_by(session: Session, token: str) -> CalendarRow | None:
    """The feed that this token opens; None when it is unknown or has ended.

    Looked up by its hash, so the time this takes tells nothing about the token itself.
    """
    row = session.get(CalendarRow, hash_of(token))
    return row if row is not None and row.revoked_at is None else None
