"""The rota in force, parsed once per revision: what every line asks who is on duty.

A running service notices a new revision at its next step, because each step asks for the number first. A revision that
this version cannot read (written by hand, or under the rules of another version) moves nobody: the last one that can be
read stays in force, for a service that stops pages nobody.
"""

import logging

from sqlmodel import Session

from bot.errors import Misconfigured
from bot.store import rotas
from schedules.problems import RotaErrors
from schedules.rota import Plan
from schedules.rota_file import load

log = logging.getLogger("reperibile")

PROBLEMS_LOGGED = 3
CURE = (
    "Cure: reperibile rota export > fixed.toml, correct what it says, then: reperibile rota import fixed.toml; "
    "or reperibile rota restore N"
)


class CurrentRota:
    """Gives the plan of the newest revision; parses only when the number has changed. Belongs to one thread."""

    def __init__(self) -> None:
        self._number = 0
        self._in_force = 0
        self._plan: Plan | None = None

    def plan(self, session: Session) -> Plan:
        """The plan in force. Raises: Misconfigured when the database has no rota yet, or none that can be read."""
        number = rotas.current_number(session)
        if self._plan is None or number != self._number:
            self._in_force, self._plan = _newest_read(session, number)
            self._number = number
        return self._plan

    @property
    def number(self) -> int:
        """The newest revision when a plan was given last, which an edit has to follow; 0 before the first."""
        return self._number

    @property
    def in_force(self) -> int:
        """The revision of the plan given last: an earlier one than `number` while that one cannot be read."""
        return self._in_force


def _newest_read(session: Session, newest: int) -> tuple[int, Plan]:
    unread: RotaErrors | None = None
    for number in range(newest, 0, -1):
        row = rotas.get(session, number)
        if row is None:
            continue
        try:
            plan = load(row.text, f"revision {number}")
        except RotaErrors as problem:
            unread = unread or problem
            continue
        if unread is not None:
            wrong = " | ".join(map(str, unread.problems[:PROBLEMS_LOGGED]))
            log.error("revision %d cannot be read, revision %d stays in force: %s. %s", newest, number, wrong, CURE)
        return number, plan
    if unread is not None:
        raise Misconfigured(f"The rota in the database cannot be read:\n{unread}\n{CURE}")
    raise Misconfigured("The database has no rota yet. Cure: reperibile rota import rota.toml")
