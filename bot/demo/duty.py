"""Who is on duty, for the page: in words, and as the turns of these days, drawn there.

Everything is read from the database at each asking: a swap made on a phone is seen at once.
"""

from datetime import datetime, time, timedelta
from typing import Any

from bot.current_rota import CurrentRota
from bot.demo.scene import ROME
from bot.sandbox.stage import PEOPLE, Stage
from bot.store.db import Store
from schedules.office import is_open, open_spans
from schedules.on_duty import spans, who
from schedules.rota import Plan

# What the page says of this moment, in the languages of the stage.
FACTS = {
    "en": {"open": "office open", "closed": "out of hours", "primary": "on duty", "backup": "backup", "none": "nobody"},
    "it": {
        "open": "ufficio aperto",
        "closed": "fuori orario",
        "primary": "di turno",
        "backup": "riserva",
        "none": "nessuno",
    },
}
ROLES = {"primary": "on duty", "backup": "backup"}
DAYS_SHOWN = 4


class Duty:
    """Reads the rota in force; the stage's `facts` and `rota`."""

    def __init__(self, store: Store, stage: Stage) -> None:
        self._store = store
        self._stage = stage
        self._rota = CurrentRota()
        self._drawn: tuple[int, datetime, dict[str, Any]] | None = None

    def plan(self) -> Plan:
        """The rota in force."""
        return self._store.read_now(self._rota.plan)

    def facts(self) -> list[str]:
        """Who is on duty now, in the page's language; the phones change places with the rota."""
        plan = self.plan()
        now = self._stage.now()
        primary, backup = (sorted(who(plan, rota, now)) for rota in ROLES)
        first = primary[0] if primary else None
        second = next((p for p in [*backup, *PEOPLE] if p not in (first, "marco")), "sara")
        roles = [(first, "on duty")] if first else []
        self._stage.roles = [*roles, (second, "backup"), ("marco", "lead")]
        words = FACTS[self._stage.language]

        def line(rota: str, names: list[str]) -> str:
            return f"{words[rota]}: {', '.join(PEOPLE[p][1] for p in names) or words['none']}"

        office = words["open" if is_open(plan, now) else "closed"]
        return [office, line("primary", primary), line("backup", backup)]

    def rota(self) -> dict[str, Any]:
        """The turns from yesterday's midnight in Rome on: {"start","end","office","rows"}, instants in ISO 8601.

        rows: {"role","turns"} with turns of {"start","end","who"}; a turn without anybody is a gap.
        """
        plan = self.plan()
        today = self._stage.now().astimezone(ROME).date()
        start = datetime.combine(today - timedelta(days=1), time(12), ROME)
        if self._drawn and self._drawn[:2] == (self._rota.number, start):
            return self._drawn[2]
        end = datetime.combine(today + timedelta(days=DAYS_SHOWN - 1), time(12), ROME)
        rows = [
            {
                "role": role,
                "turns": [
                    {"start": one.start.isoformat(), "end": one.end.isoformat(), "who": sorted(one.who)}
                    for one in spans(plan, rota, start, end)
                ],
            }
            for rota, role in ROLES.items()
        ]
        office = [[a.isoformat(), b.isoformat()] for a, b in open_spans(plan, start, end)]
        drawn = {"start": start.isoformat(), "end": end.isoformat(), "office": office, "rows": rows}
        self._drawn = (self._rota.number, start, drawn)
        return drawn
