"""One person's duties: the coming ones, and those that a day means when it is swapped."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from schedules.on_duty import spans
from schedules.problems import Stretch
from schedules.rota import Plan

# Nobody swaps further than they can see; the duty around a day is looked for this far.
_AROUND = timedelta(days=8)
# A duty as long as a day, also on the longest one.
_A_DAY = timedelta(hours=25)


@dataclass(frozen=True, slots=True)
class Shift:
    """A duty of one person on one rota, [start, end), aware UTC; others: who else is on duty then, on any rota."""

    rota: str
    start: datetime
    end: datetime
    others: frozenset[str] = frozenset()


def duties_of(plan: Plan, rota: str, person: str, start: datetime, end: datetime) -> list[Stretch]:
    """When a person is on duty on a rota within [start, end), ascending, unbroken stretches as one."""
    found: list[Stretch] = []
    for span in spans(plan, rota, start, end):
        if person not in span.who:
            continue
        if found and found[-1][1] == span.start:
            found[-1] = (found[-1][0], span.end)
        else:
            found.append((span.start, span.end))
    return found


def coming(plan: Plan, person: str, now: datetime, within: timedelta) -> list[Shift]:
    """A person's duties that run at `now` or begin within that time, by their beginning; a running one begins now."""
    found = []
    for rota in plan.rotas:
        for start, end in duties_of(plan, rota, person, now, now + within):
            beside = (spans(plan, other, start, end) for other in plan.rotas)
            others = frozenset[str]().union(*(span.who for on in beside for span in on)) - {person}
            found.append(Shift(rota, start, end, others))
    return sorted(found, key=lambda shift: (shift.start, shift.rota))


def of_day(plan: Plan, rota: str, person: str, day: Stretch, now: datetime) -> Stretch | None:
    """The duty that "Saturday" means: the one that begins on that day; of one longer than a day, what lies in it.

    day: from the beginning of the first day to the end of the last. What began the day before counts only when nothing
    begins. Cut at `now`; None when the person has no duty then.
    """
    first, last = day
    touching = [
        (start, end)
        for start, end in duties_of(plan, rota, person, first - _AROUND, last + _AROUND)
        if start < last and first < end
    ]
    begins = any(first <= start for start, _ in touching)
    pieces: list[Stretch] = []
    for start, end in touching:
        if end - start <= _A_DAY and first <= start:
            pieces.append((start, end))
        elif end - start > _A_DAY or not begins:
            pieces.append((max(first, start), min(last, end)))
    if not pieces:
        return None
    start, end = max(pieces[0][0], now), pieces[-1][1]
    return (start, end) if start < end else None
