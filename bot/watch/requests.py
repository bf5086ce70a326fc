"""A swap that nobody answered: it leaves the rota, and the one who asked is told."""

from contextlib import suppress
from datetime import datetime

from sqlmodel import Session

from bot.core.swapping import request_of, taken_back
from bot.errors import Refused
from bot.store import rotas
from bot.store.tables import QuestionRow
from bot.watch.telling import notice
from schedules.problems import RotaErrors
from schedules.rota_file import load


def expired(session: Session, question: QuestionRow, now: datetime) -> None:
    """The answer did not come in time."""
    request = request_of(question.facts)
    # Read anew: one that ended in this same tick is out of the rota already, and another process may have written.
    row = rotas.current(session)
    assert row is not None, "a tick has a plan, so there is a revision"
    # Refused when somebody writes at this very moment, RotaErrors for a revision of another version's rules: a request
    # that is left over has no effect.
    with suppress(Refused, RotaErrors):
        text = taken_back(load(row.text, f"revision {row.number}"), request)
        if text is not None:
            why = f"/swap {request.asker} {request.other}: no answer"
            rotas.save(session, text, "watch", why, now, base=row.number)
    which = {"rota": request.rota, "mine": request.as_facts()["mine"]}
    facts = {"what": "swap_expired", "person": request.asker, "other": request.other, **which}
    notice(session, now, f"expired:{question.id}", request.asker, facts)
