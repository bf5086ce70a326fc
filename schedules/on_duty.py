"""Who is on duty: the one question the whole house hangs on, asked of a plan and an instant.

A plan's rotas are compiled at the first question and rendered where many are asked (timeline.py); both live as long as
the plan, which the lines keep as long as its revision is in force. Source: ROTA.md, "Who is on duty at instant t".
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from weakref import WeakKeyDictionary

from schedules.compiled_rota import CompiledRota
from schedules.rota import Plan
from schedules.seats import NOBODY as NOBODY  # who() of a gap, for those who compare with it
from schedules.timeline import Timeline
from schedules.walltime import LAST_US, MICROSECOND, from_us, to_us


@dataclass(frozen=True, slots=True)
class Span:
    """These people are on duty throughout [start, end), aware UTC; an empty `who` is a gap."""

    start: datetime
    end: datetime
    who: frozenset[str]


@dataclass(frozen=True, slots=True)
class Handoff:
    """At `at` (aware UTC) duty passes from `before` to `after`, which differ; either may be nobody."""

    at: datetime
    before: frozenset[str]
    after: frozenset[str]


def who(plan: Plan, rota_name: str, at: datetime) -> frozenset[str]:
    """Who is on duty at `at`; empty in a gap of the rota.

    at: aware. Intervals are half-open: at the instant of a handoff the new person is on duty.
    Raises: KeyError for a rota the plan does not have.
    """
    return _timeline(plan, rota_name).who(to_us(at))


def spans(plan: Plan, rota_name: str, start: datetime, end: datetime) -> list[Span]:
    """Who is on duty in [start, end), cut at each change of people, equal neighbours merged, gaps as empty spans.

    Empty when `end` is not after `start`. Raises: KeyError for an unknown rota.
    """
    timeline = _timeline(plan, rota_name)
    first, last = to_us(start), to_us(end)
    if first >= last:
        return []
    changes = list(timeline.changes(first, last))
    cuts = [*(from_us(instant) for instant, _ in changes), from_us(last)]
    return [Span(cuts[place], cuts[place + 1], people) for place, (_, people) in enumerate(changes)]


def next_handoff(plan: Plan, rota_name: str, after: datetime, within: timedelta) -> Handoff | None:
    """The first change of people later than `after`; None when there is none in [after, after + within).

    Raises: KeyError for an unknown rota.
    """
    first = to_us(after)
    last = min(first + within // MICROSECOND, LAST_US)
    timeline = _timeline(plan, rota_name)
    if first >= last:
        return None
    changes = timeline.changes(first, last)
    _, before = next(changes)
    found = next(changes, None)
    return None if found is None else Handoff(from_us(found[0]), before, found[1])


# A timeline holds no plan, or the weak reference to the plan would never die.
_TIMELINES: WeakKeyDictionary[Plan, dict[str, Timeline]] = WeakKeyDictionary()


def _timeline(plan: Plan, rota_name: str) -> Timeline:
    timelines = _TIMELINES.get(plan)
    if timelines is None:
        timelines = _TIMELINES.setdefault(plan, {})
    found = timelines.get(rota_name)
    if found is None:
        found = timelines[rota_name] = Timeline(CompiledRota(plan, plan.rotas[rota_name]))
    return found
