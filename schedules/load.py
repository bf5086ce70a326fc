"""How much duty each person has: in all, on weekends, at night, on holidays. Elapsed hours, so clock changes count.

Source: ROTA.md, the `load` command.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from schedules.on_duty import spans
from schedules.public_holidays import Calendar
from schedules.rota import Plan
from schedules.walltime import FIRST_DAY, HOUR_US, LAST_DAY, Zone, day_of, day_us, from_us, to_us, zone

NIGHT_BEGINS_H, NIGHT_ENDS_H = 22, 6
_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Load:
    """One person's duty in elapsed time; the parts overlap (a Sunday night counts as weekend and as night).

    weekends, nights: how many different ones were touched, however shortly.
    """

    total: timedelta = timedelta()
    weekend: timedelta = timedelta()
    night: timedelta = timedelta()
    holiday: timedelta = timedelta()
    weekends: int = 0
    nights: int = 0


def load(plan: Plan, rota_name: str, start: datetime, end: datetime) -> dict[str, Load]:
    """Everybody's load within [start, end), also of those who have none; by id, in file order.

    weekend: local Saturdays and Sundays in the file's zone; night: 22:00 to 06:00 there; holiday: the office's
    holidays, or the person's own calendar where given. Raises: KeyError for an unknown rota.
    """
    return load_of_rotas(plan, [rota_name], start, end)


def load_of_rotas(plan: Plan, rotas: Iterable[str], start: datetime, end: datetime) -> dict[str, Load]:
    """The same over several rotas: who is on duty on two at once works one hour an hour."""
    on: dict[str, list[tuple[int, int]]] = {person: [] for person in plan.people}
    for rota in rotas:
        for span in spans(plan, rota, start, end):
            for person in span.who:
                on[person].append((to_us(span.start), to_us(span.end)))
    days = _Days(zone(plan.timezone))
    return {
        person.id: _loaded(on[person.id], days, _holidays(plan, person.holidays)) for person in plan.people.values()
    }


def _holidays(plan: Plan, own: Calendar | None) -> Calendar:
    return plan.holidays if own is None else own


@dataclass(frozen=True, slots=True)
class _Day:
    """A local date and where it and its night begin and end, as instants in microseconds."""

    date: date
    begins: int
    morning: int
    evening: int
    ends: int


class _Days:
    """The local dates of one zone, each worked out once."""

    def __init__(self, here: Zone) -> None:
        self._here = here
        self._known: dict[int, _Day] = {}

    def of(self, start: int, end: int) -> Iterable[_Day]:
        """The dates that may have a part in [start, end), ascending."""
        first, last = day_of(self._here.wall(start)), day_of(self._here.wall(end))
        for ordinal in range(max(first - 1, FIRST_DAY), min(last + 1, LAST_DAY) + 1):
            yield self._known.get(ordinal) or self._known.setdefault(ordinal, self._day(ordinal))

    def _day(self, ordinal: int) -> _Day:
        midnight = day_us(ordinal)
        edges = (self._here.instant(midnight + hour * HOUR_US) for hour in (0, NIGHT_ENDS_H, NIGHT_BEGINS_H, 24))
        return _Day(date.fromordinal(ordinal), *edges)


@dataclass(slots=True)
class _Count:
    """Microseconds and touched dates, as they add up."""

    total: int = 0
    weekend: int = 0
    night: int = 0
    holiday: int = 0
    weekends: set[int] = field(default_factory=set)
    nights: set[int] = field(default_factory=set)


def _loaded(on: list[tuple[int, int]], days: _Days, calendar: Calendar) -> Load:
    count, until = _Count(), None
    for start, end in sorted(on):
        begin = start if until is None else max(start, until)
        until = end if until is None else max(end, until)
        if begin < end:
            for day in days.of(begin, end):
                _add(count, day, begin, end, calendar)
    total, weekend, night, holiday = (
        timedelta(microseconds=each) for each in (count.total, count.weekend, count.night, count.holiday)
    )
    return Load(total, weekend, night, holiday, len(count.weekends), len(count.nights))


def _add(count: _Count, day: _Day, start: int, end: int, calendar: Calendar) -> None:
    length = _shared(start, end, day.begins, day.ends)
    if length <= 0:
        return
    count.total += length
    ordinal, weekday = day.date.toordinal(), day.date.weekday()
    if weekday >= _SATURDAY:
        count.weekend += length
        count.weekends.add(ordinal - weekday)
    early, late = _shared(start, end, day.begins, day.morning), _shared(start, end, day.evening, day.ends)
    count.night += early + late
    # A night is named by the evening it begins on.
    count.nights |= ({ordinal - 1} if early else set()) | ({ordinal} if late else set())
    if day.date in calendar:
        count.holiday += length


def _shared(start: int, end: int, begins: int, ends: int) -> int:
    return max(0, min(end, ends) - max(start, begins))


def as_hours(length: timedelta) -> float:
    """Hours as figures for people and for other tools: to a few thousandths of a second."""
    return round(length / timedelta(hours=1), 6)


def quarter(plan: Plan, at: datetime) -> tuple[datetime, datetime]:
    """The quarter of the year in which `at` lies, from 00:00 to 00:00 in the plan's zone, aware UTC."""
    here = zone(plan.timezone)
    today = date.fromordinal(day_of(here.wall(to_us(at))))
    first = date(today.year, 3 * ((today.month - 1) // 3) + 1, 1)
    after = date(first.year + first.month // 10, (first.month + 2) % 12 + 1, 1)
    begins, ends = (from_us(here.instant(day_us(day.toordinal()))) for day in (first, after))
    return begins, ends
