"""How much duty each person has: in all, on weekends, at night, on holidays. Elapsed hours, so clock changes count.

Source: ROTA.md, the `load` command.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from schedules.on_duty import spans
from schedules.public_holidays import Calendar
from schedules.rota import Plan
from schedules.walltime import FIRST_DAY, HOUR_US, LAST_DAY, Zone, day_of, day_us, to_us, zone

NIGHT_BEGINS_H, NIGHT_ENDS_H = 22, 6


@dataclass(frozen=True, slots=True)
class Load:
    """One person's duty in elapsed time; the parts overlap (a Sunday night counts as weekend and as night)."""

    total: timedelta = timedelta()
    weekend: timedelta = timedelta()
    night: timedelta = timedelta()
    holiday: timedelta = timedelta()


def load(plan: Plan, rota_name: str, start: datetime, end: datetime) -> dict[str, Load]:
    """Everybody's load within [start, end), also of those who have none; by id, in file order.

    weekend: local Saturdays and Sundays in the file's zone; night: 22:00 to 06:00 there; holiday: the office's
    holidays, or the person's own calendar where given. Raises: KeyError for an unknown rota.
    """
    here = zone(plan.timezone)
    counts = {person: [0, 0, 0, 0] for person in plan.people}
    calendars = {
        person.id: plan.holidays if person.holidays is None else person.holidays for person in plan.people.values()
    }
    for span in spans(plan, rota_name, start, end):
        for piece in _pieces(here, to_us(span.start), to_us(span.end)) if span.who else ():
            for person in span.who:
                _count(counts[person], piece, calendars[person])
    return {
        person: Load(*(timedelta(microseconds=microseconds) for microseconds in count))
        for person, count in counts.items()
    }


@dataclass(frozen=True, slots=True)
class _Piece:
    """A stretch of one local date, in microseconds: how long, and how much of it at night."""

    day: date
    length: int
    night: int


def _count(count: list[int], piece: _Piece, calendar: Calendar) -> None:
    count[0] += piece.length
    if piece.day.weekday() >= 5:
        count[1] += piece.length
    count[2] += piece.night
    if piece.day in calendar:
        count[3] += piece.length


def _pieces(here: Zone, start: int, end: int) -> Iterator[_Piece]:
    first, last = day_of(here.wall(start)), day_of(here.wall(end))
    for day in range(max(first - 1, FIRST_DAY), min(last + 1, LAST_DAY) + 1):
        midnight = day_us(day)
        begins, morning, evening, ends = (
            here.instant(midnight + hour * HOUR_US) for hour in (0, NIGHT_ENDS_H, NIGHT_BEGINS_H, 24)
        )
        length = _shared(start, end, begins, ends)
        if length > 0:
            night = _shared(start, end, begins, morning) + _shared(start, end, evening, ends)
            yield _Piece(date.fromordinal(day), length, night)


def _shared(start: int, end: int, begins: int, ends: int) -> int:
    return max(0, min(end, ends) - max(start, begins))
