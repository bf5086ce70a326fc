"""Nobody on duty out of hours: on one rota, or on none of them at all."""

from collections.abc import Sequence
from datetime import datetime
from functools import reduce

from schedules.checks.stretches import duties, hours, joined, length, shared, without
from schedules.ladder import TargetKind
from schedules.problems import Finding, Stretch
from schedules.rota import Plan


def paged_rotas(plan: Plan) -> list[str]:
    """The rotas that some ladder pages, in file order: nobody is missed on the others."""
    named = {
        target.name
        for escalation in plan.escalations.values()
        for step in escalation.steps
        for target in step.page
        if target.kind is TargetKind.ROTA
    }
    return [rota for rota in plan.rotas if rota in named]


def gaps(plan: Plan, now: datetime, until: datetime) -> list[Finding]:
    """Out of hours within [now, until): first where nobody is on duty on any rota, then where others are elsewhere.

    Of several rotas the former is about "everywhere" and names them all.
    """
    empty: dict[str, Sequence[Stretch]] = {}
    never: set[str] = set()
    for rota in paged_rotas(plan):
        on = duties(plan, rota, now, until)
        empty[rota] = joined((span.start, span.end) for span in on if not span.who)
        if not any(span.who for span in on):
            never.add(rota)
    if not empty:
        return []
    everywhere = reduce(shared, empty.values())
    found = []
    if everywhere and len(empty) > 1:
        nobody = _nobody("nobody is on duty on any rota", everywhere, all_of_it=never == set(empty))
        found.append(
            Finding("gap", f"{', '.join(empty)}: {nobody}", tuple(everywhere), rotas=tuple(empty), about="everywhere")
        )
    for rota, mine in empty.items():
        alone = without(mine, everywhere) if len(empty) > 1 else mine
        if not alone:
            continue
        nobody = _nobody("nobody is on duty", alone, all_of_it=rota in never)
        others = [other for other in empty if other != rota and not shared(alone, empty[other])]
        there = f" ({others[0]} has somebody)" if others else ""
        found.append(Finding("gap", f"{rota}: {nobody}{there}", tuple(alone), rotas=(rota,)))
    return found


def _nobody(said: str, when: Sequence[Stretch], *, all_of_it: bool) -> str:
    much = "at all out of hours" if all_of_it else f"out of hours for {hours(length(when))}"
    return f"{said} {much} in the next 8 weeks"
