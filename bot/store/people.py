"""Whose phone is whose: enrolment, locks, reach."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlmodel import Session, col, select

from bot.core.event import Fact
from bot.store import calendars, outbox, story
from bot.store.durations import facts_of
from bot.store.rows import add_all, ask, table_of
from bot.store.tables import EnrolmentRow, LogRow, PersonRow, QuestionRow


def by_user(session: Session, user_id: int) -> PersonRow | None:
    """The enrolled, unlocked, confirmed person behind a Telegram user; None for everybody else."""
    row = session.exec(select(PersonRow).where(PersonRow.user_id == user_id)).first()
    return row if row is not None and row.locked_at is None and row.confirmed else None


def any_by_user(session: Session, user_id: int) -> PersonRow | None:
    """The person tied to a Telegram user, also when locked or not yet confirmed; None for strangers."""
    return session.exec(select(PersonRow).where(PersonRow.user_id == user_id)).first()


def get(session: Session, person: str) -> PersonRow | None:
    return session.get(PersonRow, person)


def reachable(session: Session) -> dict[str, int]:
    """Person → Telegram chat, of everybody who can be rung now: linked, confirmed, not locked, not blocking us."""
    return dict(ask(session, _reachable()))


@cache
def _reachable() -> Any:
    people = table_of(PersonRow).c
    return select(people.id, people.user_id).where(
        people.user_id.is_not(None),
        people.locked_at.is_(None),
        people.confirmed.is_(True),
        people.unreachable_since.is_(None),
    )


def asking(session: Session) -> set[str]:
    """Whose new phone waits for a lead's Yes; the phone they had, if any, is tied until then."""
    rows = session.exec(select(QuestionRow).where(QuestionRow.kind == "phone", QuestionRow.answer == "")).all()
    return {str(row.facts.get("person", "")) for row in rows}


def linked(session: Session) -> Sequence[PersonRow]:
    """Everybody with a phone, locked or not."""
    return session.exec(select(PersonRow).where(col(PersonRow.user_id).is_not(None))).all()


def hash_of(token: str) -> str:
    """How an enrolment token is kept."""
    return hashlib.sha256(token.encode()).hexdigest()


def invite(session: Session, person: str, token: str, by: str, now: datetime, valid: timedelta) -> None:
    """Remember a one-time link; earlier unused ones for the same person stop working."""
    earlier = select(EnrolmentRow).where(EnrolmentRow.person == person, col(EnrolmentRow.used_at).is_(None))
    for row in session.exec(earlier).all():
        row.expires_at = min(row.expires_at, now)
        session.add(row)
    session.add(EnrolmentRow(token_hash=hash_of(token), person=person, by=by, made_at=now, expires_at=now + valid))
    log(session, now, by, "invite", detail=person)


def use_invitation(session: Session, token_hash: str, now: datetime) -> EnrolmentRow | None:
    """Use up a link; None when it is unknown, used or out of date."""
    row = session.get(EnrolmentRow, token_hash)
    if row is None or row.used_at is not None or row.expires_at <= now:
        return None
    row.used_at = now
    session.add(row)
    return row


def link(session: Session, person: str, user_id: int, now: datetime, *, confirmed: bool) -> PersonRow:
    """Tie a phone to a person; a phone has one person, a person one phone (the newer)."""
    for row in session.exec(select(PersonRow).where(PersonRow.user_id == user_id, PersonRow.id != person)).all():
        row.user_id = None
        session.add(row)
        outbox.take_away(session, row.id)
        calendars.revoke(session, row.id, now)
    session.flush()
    row = session.get(PersonRow, person) or PersonRow(id=person)
    if row.user_id not in (None, user_id):
        # Neither the customers' words nor the calendar links stay behind on the phone they had before.
        outbox.take_away(session, person)
        calendars.revoke(session, person, now)
    row.user_id = user_id
    row.enrolled_at = now
    row.confirmed = confirmed
    row.locked_at = None
    row.unreachable_since = None
    session.add(row)
    session.flush()
    return row


def lock(session: Session, person: str, by: str, now: datetime) -> bool:
    """Cut a phone off; False when it was cut off already. Open links and calendars of this person stop working too."""
    row = session.get(PersonRow, person) or PersonRow(id=person)
    was_open = row.locked_at is None
    row.locked_at = row.locked_at or now
    session.add(row)
    for invitation in session.exec(
        select(EnrolmentRow).where(EnrolmentRow.person == person, col(EnrolmentRow.used_at).is_(None))
    ).all():
        invitation.expires_at = min(invitation.expires_at, now)
        session.add(invitation)
    calendars.revoke(session, person, now)
    outbox.take_away(session, person)
    log(session, now, by, "lock", detail=person)
    return was_open


@dataclass(frozen=True, slots=True)
class LogLine:
    """One line of the log, for `log_all`. facts: line and urgency of its ticket, for the story."""

    at: datetime
    who: str
    verb: str
    ticket: int
    detail: str
    facts: Mapping[str, Fact | None]


def log(session: Session, at: datetime, who: str, verb: str, *, ticket: int | None = None, detail: str = "") -> None:
    """Append to the log: ids and verbs, never words; it is told as a line of the story, too."""
    session.add(LogRow(at=at, who=who, verb=verb, ticket_id=ticket, detail=detail[:200]))
    story.tell(session, at, who, verb, ticket=ticket, detail=detail[:200], facts=facts_of(session, verb, ticket, at))


def log_all(session: Session, lines: Sequence[LogLine]) -> None:
    """The same for many lines at once, in their order."""
    add_all(
        session,
        LogRow,
        [
            {"at": one.at, "who": one.who, "verb": one.verb, "ticket_id": one.ticket, "detail": one.detail[:200]}
            for one in lines
        ],
    )
    for one in lines:
        story.tell(session, one.at, one.who, one.verb, ticket=one.ticket, detail=one.detail[:200], facts=one.facts)
