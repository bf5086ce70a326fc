"""Escalations: who is paged, step by step, when nobody answers. Values, and which one applies.

Source: ROTA.md, "The ladder" and "What may be left out".
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from schedules.rota import Plan


class TargetKind(StrEnum):
    """Whom a step pages; the two that take a name are `rota` and `person`."""

    ROTA = "rota"
    PERSON = "person"
    LEADS = "leads"
    EVERYONE = "everyone"
    LAST_RESORT = "last_resort"


@dataclass(frozen=True, slots=True)
class Target:
    """One entry of a step's `page`; `name` is the rota's or the person's, else empty."""

    kind: TargetKind
    name: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """Page these, then wait so long for a claim."""

    page: tuple[Target, ...]
    wait: timedelta


@dataclass(frozen=True, slots=True)
class Escalation:
    """A ladder. repeat: how often the whole of it runs, at least once."""

    name: str
    steps: tuple[Step, ...]
    repeat: int = 1


STANDARD = "standard"
_WAIT = timedelta(minutes=5)
_LAST_WAIT = timedelta(minutes=10)


def default_escalation(rotas: tuple[str, ...]) -> Escalation:
    """The one there is when the file has none: each rota in file order, 5 minutes each, then leads and last resort."""
    steps = [Step((Target(TargetKind.ROTA, rota),), _WAIT) for rota in rotas]
    steps.append(Step((Target(TargetKind.LEADS), Target(TargetKind.LAST_RESORT)), _LAST_WAIT))
    return Escalation(STANDARD, tuple(steps))


def escalation_for(plan: Plan, line: str | None, account: str | None) -> Escalation:
    """The ladder for a ticket: its line's, else its account's, else the file's, else the first one.

    line, account: ids of the plan (a handle matches without regard to case); unknown ones and None have no say.
    """
    named = ""
    if line is not None and line in plan.lines:
        named = plan.lines[line].escalation
    if not named and account is not None and (owned := plan.account(account)) is not None:
        named = owned.escalation
    named = named or plan.escalation
    return plan.escalations[named] if named else next(iter(plan.escalations.values()))


def steps_of(escalation: Escalation) -> dict[str, int]:
    """The rotas it pages, in the order of their first step, and which step that is, counted from 0."""
    first: dict[str, int] = {}
    for number, step in enumerate(escalation.steps):
        for target in step.page:
            if target.kind is TargetKind.ROTA:
                first.setdefault(target.name, number)
    return first


def ladder_of_rota(plan: Plan, rota: str) -> Escalation | None:
    """The ladder that pages this rota: the file's choice, else the first that does; None when nobody is ever paged."""
    chosen = escalation_for(plan, None, None)
    return next((each for each in (chosen, *plan.escalations.values()) if rota in steps_of(each)), None)
