"""When the office is open. Everything else is out of hours; without an office it always is.

Open is: inside one of the office's hours, in the file's zone, on a date that is no holiday there.
Source: DESIGN.md, "Words" (out of hours, quiet); ROTA.md, "Time" and "Windows".
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from weakref import WeakKeyDictionary

from schedules.public_holidays import Calendar
from schedules.rota import Plan
from schedules.walltime import (
    DAY_US,
    FIRST_DAY,
    FIRST_US,
    LAST_DAY,
    LAST_US,
    day_of,
    day_us,
    from_us,
    to_us,
    zone,
)
from schedules.windows import WindowSet

# An office that has not opened for so long is taken never to open.
LOOK_AHEAD = timedelta(days=400)
_STEP_US = 7 * DAY_US


def is_open(plan: Plan, at: datetime) -> bool:
    """Whether the office is open at `at` (aware); False without an office."""
    return _hours(plan).is_open(to_us(at))


def is_out_of_hours(plan: Plan, at: datetime) -> bool:
    """The opposite of `is_open`."""
    return not is_open(plan, at)


def is_quiet(plan: Plan, at: datetime) -> bool:
    """Whether only `critical` may ring at `at` (aware): inside a quiet window, out of hours."""
    return _hours(plan).is_quiet(to_us(at))


def next_opening(plan: Plan, at: datetime) -> datetime | None:
    """The first instant later than `at` at which the office opens, aware UTC; None when there is none in 400 days."""
    return _hours(plan).next_turning(to_us(at), opening=True)


def next_closing(plan: Plan, at: datetime) -> datetime | None:
    """The first instant later than `at` at which the office closes, aware UTC; None when there is none in 400 days."""
    return _hours(plan).next_turning(to_us(at), opening=False)


def last_opening(plan: Plan, at: datetime) -> datetime | None:
    """The last instant at or before `at` at which the office opened; None when there is none in 400 days."""
    return _hours(plan).last_turning(to_us(at), opening=True)


def last_closing(plan: Plan, at: datetime) -> datetime | None:
    """The last instant at or before `at` at which the office closed; None when there is none in 400 days."""
    return _hours(plan).last_turning(to_us(at), opening=False)


def next_quiet_end(plan: Plan, at: datetime) -> datetime | None:
    """The first instant later than `at` at which quiet ends, aware UTC; None when there is none in 400 days."""
    return _hours(plan).next_quiet_end(to_us(at))


def open_spans(plan: Plan, start: datetime, end: datetime) -> list[tuple[datetime, datetime]]:
    """When the office is open within [start, end), as ascending half-open intervals, aware UTC."""
    hours = _hours(plan)
    first, last = to_us(start), to_us(end)
    spans: list[tuple[datetime, datetime]] = []
    begun = first if first < last and hours.is_open(first) else None
    for edge, opens in hours.turnings(first, last):
        if opens:
            begun = edge
        elif begun is not None:
            spans.append((from_us(begun), from_us(edge)))
            begun = None
    if begun is not None:
        spans.append((from_us(begun), from_us(last)))
    return spans


class _Hours:
    """A plan's office, ready to be asked; instants as integers."""

    def __init__(self, plan: Plan) -> None:
        office = plan.office
        self._zone = zone(plan.timezone)
        self._holidays = plan.holidays
        self._has_hours = office is not None and bool(office.hours)
        self._hours = WindowSet(office.hours if office else (), self._zone, self._holidays)
        self._quiet = WindowSet(office.quiet if office else (), self._zone, self._holidays)
        self._has_quiet = office is not None and bool(office.quiet)

    def is_open(self, at: int) -> bool:
        if not self._has_hours or not self._hours.covers(at):
            return False
        day = min(max(day_of(self._zone.wall(at)), FIRST_DAY), LAST_DAY)
        return not _is_holiday(self._holidays, day)

    def is_quiet(self, at: int) -> bool:
        return self._has_quiet and self._quiet.covers(at) and not self.is_open(at)

    def _edges(self, start: int, end: int, *, quiet: bool = False) -> list[int]:
        """The instants of (start, end] at which an answer may change, ascending."""
        found: set[int] = set()
        for windows in (self._hours, self._quiet) if quiet else (self._hours,):
            for opening in windows.overlapping(start, end + 1):
                found |= {opening.begin, opening.end}
        first, last = day_of(self._zone.wall(start)), day_of(self._zone.wall(end))
        for day in range(max(first - 1, FIRST_DAY), min(last + 1, LAST_DAY) + 1):
            if _is_holiday(self._holidays, day):
                found |= {self._zone.instant(day_us(day)), self._zone.instant(day_us(day + 1))}
        return sorted(edge for edge in found if start < edge <= end)

    def turnings(self, start: int, end: int) -> Iterator[tuple[int, bool]]:
        """Each opening (True) and closing (False) in (start, end), ascending."""
        was = self.is_open(start)
        while start < end:
            stop = min(start + _STEP_US, end)
            for edge in self._edges(start, stop):
                if edge < end and (now := self.is_open(edge)) != was:
                    was = now
                    yield edge, now
            start = stop

    def next_turning(self, at: int, *, opening: bool) -> datetime | None:
        if not self._has_hours:
            return None
        end = min(at + LOOK_AHEAD // timedelta(microseconds=1), LAST_US)
        return next((from_us(edge) for edge, opens in self.turnings(at, end) if opens is opening), None)

    def last_turning(self, at: int, *, opening: bool) -> datetime | None:
        if not self._has_hours:
            return None
        first = max(at - LOOK_AHEAD // timedelta(microseconds=1), FIRST_US)
        end = at + 1
        while end > first:
            start = max(end - _STEP_US, first)
            found = [edge for edge, opens in self.turnings(start, end) if opens is opening]
            if found:
                return from_us(found[-1])
            # Stretches overlap by a moment, for `turnings` leaves out its very first instant.
            end = start + 1 if start > first else first
        return None

    def next_quiet_end(self, at: int) -> datetime | None:
        if not self._has_quiet:
            return None
        end = min(at + LOOK_AHEAD // timedelta(microseconds=1), LAST_US)
        start, was = at, self.is_quiet(at)
        while start < end:
            stop = min(start + _STEP_US, end)
            for edge in self._edges(start, stop, quiet=True):
                now = self.is_quiet(edge)
                if was and not now:
                    return from_us(edge)
                was = now
            start = stop
        return None


_COMPILED: WeakKeyDictionary[Plan, _Hours] = WeakKeyDictionary()


def _hours(plan: Plan) -> _Hours:
    found = _COMPILED.get(plan)
    if found is None:
        found = _COMPILED[plan] = _Hours(plan)
    return found


def _is_holiday(calendar: Calendar, ordinal: int) -> bool:
    return date.fromordinal(ordinal) in calendar
