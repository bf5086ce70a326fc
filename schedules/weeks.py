"""The coming weeks of some rotas as values: days, who is on when, and what a time with nobody means.

What the terminal and the picture draw, and both say the same: nobody in office hours is no gap, and neither is nobody
on a rota that no ladder pages.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from schedules.checks import paged_rotas
from schedules.office import open_spans
from schedules.on_duty import Span, spans
from schedules.public_holidays import NO_HOLIDAYS
from schedules.rota import Plan
from schedules.walltime import day_of, day_us, from_us, to_us, zone

# What comes next is looked for this far ahead.
NEXT_SEEN = timedelta(days=14)


class Cover(StrEnum):
    """Who answers in a stretch: people on duty, the office, nobody (and none is expected), or nobody (a gap)."""

    ON = "on"
    OFFICE = "office"
    NOBODY = "nobody"
    GAP = "gap"


@dataclass(frozen=True, slots=True)
class Stretch:
    """One cover throughout [start, end), aware UTC. who: in the file's order; empty unless cover is ON."""

    start: datetime
    end: datetime
    cover: Cover
    who: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Day:
    """A local date of the plan's zone: from 00:00 to 00:00, aware UTC, so 23 or 25 hours long at a clock change."""

    date: date
    start: datetime
    end: datetime
    is_today: bool
    is_holiday: bool

    @property
    def hours(self) -> float:
        return (self.end - self.start) / timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Week:
    """Monday to Sunday. covers: by rota, ascending and without holes from the week's start to its end."""

    days: tuple[Day, ...]
    covers: dict[str, tuple[Stretch, ...]]

    @property
    def start(self) -> datetime:
        return self.days[0].start

    @property
    def end(self) -> datetime:
        return self.days[-1].end


def coming_weeks(plan: Plan, rotas: Sequence[str], now: datetime, weeks: int) -> tuple[Week, ...]:
    """This week (from its Monday, in the plan's zone) and the following ones, `weeks` in all.

    Raises: KeyError for a rota that the plan does not have.
    """
    here = zone(plan.timezone)
    today = day_of(here.wall(to_us(now)))
    monday = today - (today - 1) % 7
    free = (plan.holidays, *(plan.rotas[rota].holidays or NO_HOLIDAYS for rota in rotas))
    limits = [from_us(here.instant(day_us(day))) for day in range(monday, monday + 7 * weeks + 1)]
    days = [
        Day(
            date.fromordinal(monday + place),
            limits[place],
            limits[place + 1],
            monday + place == today,
            any(date.fromordinal(monday + place) in calendar for calendar in free),
        )
        for place in range(7 * weeks)
    ]
    covers = {rota: _covers(plan, rota, limits[0], limits[-1]) for rota in rotas}
    return tuple(
        Week(
            tuple(days[place : place + 7]),
            {rota: _within(covers[rota], limits[place], limits[place + 7]) for rota in rotas},
        )
        for place in range(0, 7 * weeks, 7)
    )


def now_and_next(plan: Plan, rota: str, now: datetime) -> tuple[Stretch, Stretch | None]:
    """Who answers at `now` (a stretch that begins there), and after it; None when that lasts for NEXT_SEEN.

    Raises: KeyError for a rota that the plan does not have.
    """
    running, *later = _covers(plan, rota, now, now + NEXT_SEEN)
    return running, later[0] if later else None


def unchanged_since(plan: Plan, rotas: Sequence[str], start: datetime, now: datetime) -> datetime:
    """The earliest instant from `start` on since when nobody has taken turns on these rotas; `now` at the latest."""
    if start >= now:
        return now
    return max(_covers(plan, rota, start, now)[-1].start for rota in rotas)


def gaps_ahead(weeks: Sequence[Week], rota: str, now: datetime) -> list[tuple[datetime, datetime]]:
    """The rota's gaps from `now` on, those that go on over a Sunday night as one."""
    found: list[tuple[datetime, datetime]] = []
    for stretch in (stretch for week in weeks for stretch in week.covers[rota]):
        if stretch.cover is not Cover.GAP or stretch.end <= now:
            continue
        if found and found[-1][1] == stretch.start:
            found[-1] = (found[-1][0], stretch.end)
        else:
            found.append((max(stretch.start, now), stretch.end))
    return found


def shown_people(weeks: Sequence[Week]) -> frozenset[str]:
    """Everybody who is on duty in these weeks."""
    return frozenset(person for week in weeks for row in week.covers.values() for each in row for person in each.who)


def seated_first(plan: Plan) -> tuple[str, ...]:
    """Everybody's id: those with a seat in some layer first, each part in the file's order.

    Whoever is given the first colours keeps them when a lead is put in for a day, or somebody is added at the end.
    """
    seated = frozenset(
        person
        for rota in plan.rotas.values()
        for layer in rota.layers
        for seats in (layer.seats, *(change.seats for change in layer.changes))
        for seat in seats
        for person in seat
    )
    return (*(person for person in plan.people if person in seated), *(p for p in plan.people if p not in seated))


def _covers(plan: Plan, rota: str, start: datetime, end: datetime) -> list[Stretch]:
    order = {person: place for place, person in enumerate(plan.people)}
    missed = Cover.GAP if rota in paged_rotas(plan) else Cover.NOBODY
    opens = open_spans(plan, start, end)
    found: list[Stretch] = []
    for span in spans(plan, rota, start, end):
        if span.who:
            found.append(Stretch(span.start, span.end, Cover.ON, tuple(sorted(span.who, key=order.__getitem__))))
        else:
            found += _with_nobody(span, opens, missed)
    return found


def _with_nobody(span: Span, opens: Iterable[tuple[datetime, datetime]], missed: Cover) -> list[Stretch]:
    """A stretch with nobody on duty, cut where the office opens and closes."""
    found: list[Stretch] = []
    at = span.start
    for opening, closing in opens:
        if closing <= at or opening >= span.end:
            continue
        if at < opening:
            found.append(Stretch(at, opening, missed))
        found.append(Stretch(max(at, opening), min(closing, span.end), Cover.OFFICE))
        at = min(closing, span.end)
    if at < span.end:
        found.append(Stretch(at, span.end, missed))
    return found


def _within(stretches: Iterable[Stretch], start: datetime, end: datetime) -> tuple[Stretch, ...]:
    return tuple(
        Stretch(max(each.start, start), min(each.end, end), each.cover, each.who)
        for each in stretches
        if each.start < end and each.end > start
    )
