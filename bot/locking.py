"""`reperibile lock PERSON`: the same lock as a lead's, from the server."""

from datetime import datetime, timedelta

from sqlmodel import Session

from bot.core.options import Options
from bot.core.reply import Waits
from bot.current_rota import CurrentRota
from bot.desk.moves import back_to_ladder
from bot.desk.visit import Visit
from bot.errors import Misconfigured
from bot.store import people
from bot.store.tables import PersonRow
from bot.store.trouble import tell_leads
from schedules.rota import Plan


def lock_person(session: Session, person: str, now: datetime, *, by: str = "server", plan: Plan | None = None) -> int:
    """Lock a phone out, give its tickets back, and tell the leads; gives how many tickets.

    The running service rings for them at its next tick. plan: the one in force, where the caller has read it.
    Raises: Misconfigured for somebody nobody knows.
    """
    known = people.get(session, person)
    plan = plan or _in_force(session)
    if known is None and (plan is None or person not in plan.people):
        raise Misconfigured(_unknown(person, plan))
    was_open = people.lock(session, person, by, now)
    if plan is None:
        return 0
    nothing = Waits(timedelta(), timedelta(), timedelta())
    server = Visit(session, now, plan, Options((), nothing), PersonRow(id=by), 0, typed=True)
    count = back_to_ladder(server, person)
    if was_open or count:
        facts: dict[str, object] = {"what": "locked_by", "person": person, "by": by, "count": count}
        tell_leads(session, plan.leads, now, f"locked:{person}:{now.timestamp()}", facts, but=person)
    return count


def _in_force(session: Session) -> Plan | None:
    try:
        return CurrentRota().plan(session)
    except Misconfigured:
        return None


def _unknown(person: str, plan: Plan | None) -> str:
    known = f" Known: {', '.join(plan.people)}" if plan is not None else ""
    return f"Nobody is called {person!r}.{known}"
