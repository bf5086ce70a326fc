"""Telling those who can help: a message to every lead, in the transaction of what went wrong."""

from datetime import datetime

from sqlmodel import Session

from bot.store import outbox
from schedules.rota import Plan


def tell_leads(
    session: Session, plan: Plan, now: datetime, key: str, facts: dict[str, object], *, but: str = ""
) -> None:
    """Ring every lead but the one it is about. key: written twice under one key, it is told once."""
    for lead in sorted(plan.leads):
        if lead != but:
            outbox.say(session, now, f"{key}:{lead}", "notice", person=lead, facts=facts, silent=False)
