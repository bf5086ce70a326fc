"""Somebody on duty whose phone cannot be rung. Who has one is known to the database alone."""

from collections.abc import Container
from datetime import datetime

from schedules.checks.holes import paged_rotas
from schedules.checks.stretches import duties, joined
from schedules.problems import Finding, Stretch
from schedules.rota import Plan


def no_phone(plan: Plan, now: datetime, until: datetime, reachable: Container[str]) -> list[Finding]:
    """People on duty out of hours within [now, until) who are not in `reachable`: one finding a person."""
    on: dict[str, list[Stretch]] = {}
    where: dict[str, list[str]] = {}
    for rota in paged_rotas(plan):
        for span in duties(plan, rota, now, until):
            for person in span.who:
                if person not in reachable:
                    on.setdefault(person, []).append((span.start, span.end))
                    if rota not in where.setdefault(person, []):
                        where[person].append(rota)
    found = []
    for person in plan.people:
        if person in on:
            rotas = tuple(where[person])
            message = f"{', '.join(rotas)}: {plan.people[person].name} is on duty and has no linked phone to be rung"
            found.append(Finding("no_phone", message, joined(on[person]), (person,), rotas))
    return found
