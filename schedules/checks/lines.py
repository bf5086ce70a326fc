"""A line that hangs on one person: only they know it, or only they are ever called for it."""

from datetime import datetime

from schedules.checks.stretches import duties
from schedules.ladder import TargetKind, escalation_for
from schedules.problems import Finding
from schedules.rota import Plan


def lonely_lines(plan: Plan, now: datetime, until: datetime) -> list[Finding]:
    """Lines that one person alone says they know; where nobody says so, lines for which one person alone is called.

    People who list no lines say nothing about any. Leads who are called last are not counted.
    """
    found = []
    for line in plan.lines.values():
        knowing = [person.id for person in plan.people.values() if line.id in person.lines]
        said = "knows it"
        if not knowing:
            knowing, said = _called(plan, line.id, now, until), "is called for it in the next 8 weeks"
        if len(knowing) == 1:
            message = f"line {line.id} ({line.title}): only {plan.people[knowing[0]].name} {said}"
            found.append(Finding("lonely_line", message, (), (knowing[0],), (), line.id))
    return found


def _called(plan: Plan, line: str, now: datetime, until: datetime) -> list[str]:
    called: set[str] = set()
    for step in escalation_for(plan, line, None).steps:
        for target in step.page:
            match target.kind:
                case TargetKind.ROTA:
                    called.update(*(span.who for span in duties(plan, target.name, now, until)))
                case TargetKind.PERSON:
                    called.add(target.name)
                case TargetKind.EVERYONE:
                    called |= set(plan.people)
                case _:
                    pass
    return sorted(called)
