"""What an edit of the rota does: whose hours move, and what it newly makes wrong. Values in, values out.

The values travel as JSON in a question's facts, so that a preview shows what was true when it was made.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.core.findings import as_facts
from schedules.checks.fairness import weekends_in_a_row
from schedules.checks.holes import gaps
from schedules.checks.news import news
from schedules.checks.pairs import same_network, same_person
from schedules.problems import Finding
from schedules.rota import Add, Drop, Override, Plan, Put, Replace
from schedules.rota_diff import DutyChange, duty_changes

# A weekend in a row is seen from the weekends around it.
AROUND = timedelta(days=8)
# So much of it is shown on a phone; the rest is counted.
CHANGES_SHOWN = 12
ODD_SHOWN = 6

Facts = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Effect:
    """changes: whose hours move. odd: warnings that were not there before. filled: gaps that are gone."""

    changes: tuple[DutyChange, ...]
    odd: tuple[Finding, ...]
    filled: tuple[Finding, ...]

    @property
    def people(self) -> frozenset[str]:
        """Everybody whose hours move."""
        return frozenset[str]().union(*(change.before ^ change.after for change in self.changes))

    @property
    def opens_gap(self) -> bool:
        return any(finding.kind == "gap" for finding in self.odd)

    def coming_on(self) -> dict[str, tuple[str, ...]]:
        """Everybody who gets hours that were not theirs, with the rotas on which they do."""
        found: dict[str, dict[str, None]] = {}
        for change in self.changes:
            for person in sorted(change.after - change.before):
                found.setdefault(person, {})[change.rota] = None
        return {person: tuple(rotas) for person, rotas in found.items()}

    def of(self, person: str) -> tuple[DutyChange, ...]:
        """The changes that give to this person or take from them."""
        return tuple(change for change in self.changes if person in change.before ^ change.after)


def effect(before: Plan, after: Plan, start: datetime, end: datetime) -> Effect:
    """What it means within [start, end) that `after` holds instead of `before`."""
    changes = tuple(duty_changes(before, after, start, end))
    if not changes:
        return Effect((), (), ())
    first, last = min(c.start for c in changes) - AROUND, max(c.end for c in changes) + AROUND
    then, now = _look(before, first, last), _look(after, first, last)
    filled = tuple(finding for finding in news(now, then) if finding.kind == "gap")
    return Effect(changes, (*news(then, now), *_away(after, changes)), filled)


def _look(plan: Plan, start: datetime, end: datetime) -> list[Finding]:
    checks = (gaps, same_person, same_network, weekends_in_a_row)
    return [finding for check in checks for finding in check(plan, start, end)]


def _away(plan: Plan, changes: tuple[DutyChange, ...]) -> list[Finding]:
    """People put on duty while they are away."""
    found: dict[str, list[tuple[datetime, datetime]]] = {}
    for change in changes:
        for absence in plan.absences:
            start, end = max(change.start, absence.start), min(change.end, absence.end)
            if absence.person in change.after - change.before and start < end:
                found.setdefault(absence.person, []).append((start, end))
    return [Finding("away", f"{person} is away", tuple(when), (person,)) for person, when in found.items()]


# -- as JSON --


def facts_of(effect: Effect) -> Facts:
    """What wording/edits.py shows of it."""
    return {
        "changes": changes_json(effect.changes),
        "changes_more": max(0, len(effect.changes) - CHANGES_SHOWN),
        "odd": [as_facts(finding) for finding in effect.odd[:ODD_SHOWN]],
        "filled": [as_facts(finding) for finding in effect.filled[:ODD_SHOWN]],
    }


def changes_json(changes: tuple[DutyChange, ...]) -> list[list[Any]]:
    """The first of them, as [rota, start, end, [before], [after]]."""
    return [
        [c.rota, c.start.isoformat(), c.end.isoformat(), sorted(c.before), sorted(c.after)]
        for c in changes[:CHANGES_SHOWN]
    ]


def override_facts(override: Put | Add | Drop | Replace) -> Facts:
    """An override as it waits for its Yes."""
    stretch = {"start": override.start.isoformat(), "end": override.end.isoformat()}
    match override:
        case Put(people=people):
            return {"how": "put", "people": sorted(people), **stretch}
        case Add(people=people):
            return {"how": "add", "people": sorted(people), **stretch}
        case Drop(person=person):
            return {"how": "drop", "people": [person], **stretch}
        case Replace(person=person, stand_in=stand_in):
            return {"how": "replace", "people": [stand_in], "other": person, **stretch}


def override_of(facts: Mapping[str, Any], by: str, not_before: datetime) -> Override:
    """The same back, by `by`, and never before `not_before`: who was on duty until then was."""
    start = max(datetime.fromisoformat(facts["start"]), not_before)
    end = datetime.fromisoformat(facts["end"])
    people = frozenset(facts["people"])
    match facts["how"]:
        case "put":
            return Put(people, start, end, by)
        case "add":
            return Add(people, start, end, by)
        case "drop":
            return Drop(min(people), start, end, by)
        case _:
            return Replace(str(facts["other"]), min(people), start, end, by)
