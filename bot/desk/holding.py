"""[Resume]: a database that was put back goes on when a lead says so."""

from bot.desk.visit import Visit
from bot.errors import Refused
from bot.store import holds
from bot.store.tables import QuestionRow


def answered(visit: Visit, _question: QuestionRow, yes: bool) -> None:
    visit.lead_only()
    if yes and not holds.resume(visit.session, visit.who, visit.now):
        raise Refused("moved_on")
    visit.done("resumed" if yes else "stays_on_hold")
