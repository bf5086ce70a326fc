"""Trouble with a door that only a lead can end: counted, told, and told again while it lasts."""

from collections.abc import Iterable
from datetime import datetime

from sqlmodel import Session

from bot.core.trouble import must_tell
from bot.store import outbox
from bot.store.tables import Cursor


def tell_leads(
    session: Session,
    leads: Iterable[str],
    now: datetime,
    key: str,
    facts: dict[str, object],
    *,
    but: str = "",
    silent: bool = False,
) -> None:
    """Tell every lead but the one it is about. key: written twice under one key, it is told once."""
    for lead in sorted(leads):
        if lead != but:
            outbox.say(session, now, f"{key}:{lead}", "notice", person=lead, facts=facts, silent=silent)


def failed(session: Session, leads: Iterable[str], now: datetime, what: str, reason: str, account: str) -> int:
    """Count a failure, and tell the leads when its reason asks for it; gives how many in a row had this reason.

    what: the name of the cursor in which it is counted. However many ways the same trouble shows (reading, posting),
    it is told once an hour: used-up credits for the whole app, a refused key for its account.
    """
    cursor = session.get(Cursor, what) or Cursor(name=what)
    cursor.fails = cursor.fails + 1 if cursor.value == reason else 1
    cursor.value = reason
    session.add(cursor)
    name = f"told:{reason}:{account}" if reason == "unauthorized" else f"told:{reason}"
    told = session.get(Cursor, name)
    if must_tell(reason, cursor.fails, told.told_at if told else None, now):
        told = told or Cursor(name=name)
        told.told_at = now
        session.add(told)
        tell_leads(session, leads, now, f"{name}:{now.timestamp()}", {"what": reason, "account": account})
    return cursor.fails


def worked(session: Session, what: str) -> None:
    """A good answer: failures are counted from none again, and nothing has to wait any more."""
    cursor = session.get(Cursor, what)
    if cursor is not None and cursor.fails:
        cursor.fails, cursor.value, cursor.not_before = 0, "", None
        session.add(cursor)
