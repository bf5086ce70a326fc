"""A swap that nobody answered: it leaves the rota, and the one who asked is told."""

from datetime import datetime

from sqlmodel import Session

from bot.core.swapping import request_of, taken_back
from bot.errors import Refused
from bot.store import rotas
from bot.store.tables import QuestionRow
from bot.watch.telling import notice
from schedules.rota_file import load


def expired(session: Session, question: QuestionRow, now: datetime) -> None:
    """The answer did not come in time (DESIGN.md: a request has no effect until then, and none after)."""
    request = request_of(question.facts)
    row = rotas.current(session)
    assert row is not None, "there is a rota, for somebody was asked about it"
    try:
        text = taken_back(load(row.text, f"revision {row.number}"), request)
        if text is not None:
            why = f"/swap {request.asker} {request.other}: no answer"
            rotas.save(session, text, "watch", why, now, base=row.number)
    except (Refused, ValueError):
        # Another node writes it at this moment, or a person took the file apart: a request left over has no effect.
        pass
    facts = {"what": "swap_expired", "person": request.asker, "other": request.other}
    notice(session, now, f"expired:{question.id}", request.asker, facts)
