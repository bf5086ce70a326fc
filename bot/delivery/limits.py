"""X's limits and troubles, per account and endpoint: a 429 on posting stops neither reading nor another account."""

from datetime import datetime

from sqlmodel import Session

from bot.core.trouble import LIMIT_BACK_OFF, ask_again_at, told_until
from bot.errors import DoorError, Temporary
from bot.store import trouble
from bot.store.tables import Cursor
from schedules.rota import Plan

# What is asked of X here, each with limits of its own.
POST, LOOK, LOOK_UP, DELETE = "post", "look", "lookup", "delete"


def limited_until(session: Session, what: str, account: str, now: datetime) -> datetime | None:
    """Until when X wants not to be asked for this; None: it may be asked now."""
    cursor = session.get(Cursor, f"{what}:{account}")
    until = cursor.not_before if cursor is not None else None
    return until if until is not None and until > now else None


def failed(session: Session, plan: Plan, what: str, account: str, problem: DoorError, now: datetime) -> datetime | None:
    """Keep what X said, and tell the leads when it asks for them; gives when to ask again, None when nothing says so.

    Only a 429 holds up the other replies of the account: after anything else the next one may well work.
    """
    if not isinstance(problem, Temporary):
        return None
    name = f"{what}:{account}"
    fails = trouble.failed(session, plan.leads, now, name, problem.reason, account)
    if problem.reason != "rate_limit":
        return told_until(problem, now)
    cursor = session.get(Cursor, name)
    assert cursor is not None
    cursor.not_before = ask_again_at(problem, fails, now, LIMIT_BACK_OFF)
    return cursor.not_before


def worked(session: Session, what: str, account: str) -> None:
    """A good answer: failures are counted from none again."""
    trouble.worked(session, f"{what}:{account}")
