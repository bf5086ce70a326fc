"""The rota in force, parsed once per revision: what every line asks who is on duty.

A running service notices a new revision at its next step, because each step asks for the number first.
"""

from sqlmodel import Session

from bot.errors import Misconfigured
from bot.store import rotas
from schedules.rota import Plan
from schedules.rota_file import load


class CurrentRota:
    """Gives the plan of the newest revision; parses only when the number has changed."""

    def __init__(self) -> None:
        self._number = 0
        self._plan: Plan | None = None

    def plan(self, session: Session) -> Plan:
        """The plan in force. Raises: Misconfigured when the database has no rota yet."""
        number = rotas.current_number(session)
        if self._plan is None or number != self._number:
            row = rotas.get(session, number)
            if row is None:
                raise Misconfigured("The database has no rota yet. Cure: reperibile rota import rota.toml")
            self._plan = load(row.text, f"revision {number}")
            self._number = number
        return self._plan

    @property
    def number(self) -> int:
        """The revision of the plan given last; 0 before the first."""
        return self._number
