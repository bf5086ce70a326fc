"""When a person was called out: rung, or at work on a ticket, out of hours. Stand-by without a call-out is rest."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from schedules.office import is_out_of_hours
from schedules.rota import Plan

# Rings and acts that lie no further apart belong to one call-out.
APART_MAX = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class CallOut:
    """From the first ring or act to the last one, aware UTC; both may be the same instant."""

    start: datetime
    end: datetime


def call_outs(instants: Iterable[datetime]) -> tuple[CallOut, ...]:
    """One person's rings and acts, in any order, gathered into call-outs, ascending."""
    found: list[CallOut] = []
    for at in sorted(instants):
        if found and at - found[-1].end <= APART_MAX:
            found[-1] = CallOut(found[-1].start, at)
        else:
            found.append(CallOut(at, at))
    return tuple(found)


def called_out(plan: Plan, instants: Mapping[str, Iterable[datetime]]) -> dict[str, tuple[CallOut, ...]]:
    """The call-outs of everybody in the plan, in file order; what happened in office hours is ordinary work.

    instants: person → when they were rung or did something about a ticket.
    """
    return {
        person: call_outs(at for at in instants.get(person, ()) if is_out_of_hours(plan, at)) for person in plan.people
    }
