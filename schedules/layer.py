"""One layer, ready to be asked who has it at an instant: turns, seats, changes of order, absences.

Instants and wall times are integers (walltime.py). Source: ROTA.md, "A layer", "Turns", "Absence".
"""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from schedules.public_holidays import Calendar
from schedules.rota import Absence, AbsenceMode, Layer, Unit
from schedules.walltime import DAY_US, FIRST_US, HOUR_US, LAST_US, Zone, day_of, day_us, to_us, wall_us, zone
from schedules.windows import Opening, WindowSet

NOBODY: frozenset[str] = frozenset()

# No zone has ever moved its clocks by more than a day (Samoa, 2011); no turn is off by more than that.
_JUMP_MAX = 26 * HOUR_US


class CompiledLayer(Protocol):
    """What a rota asks of its layers."""

    def who(self, instant: int) -> frozenset[str]:
        """The layer's people at `instant`; empty when it gives nobody."""

    def edges(self, start: int, end: int) -> Iterator[int]:
        """Every instant of [start, end) at which `who` may change, unordered."""


def compile_layer(layer: Layer, calendar: Calendar, absences: tuple[Absence, ...]) -> CompiledLayer:
    """The layer under this calendar of holidays and with these absences."""
    here = zone(layer.timezone)
    windows = None if layer.windows is None else WindowSet(layer.windows, here, calendar)
    start = to_us(layer.starts.instant)
    end = LAST_US + DAY_US if layer.until is None else to_us(layer.until.instant)
    absent = _Absent.of(layer, absences)
    if layer.turn.unit is Unit.WINDOW:
        assert windows is not None, "refused by rota_file"
        return _DealtLayer(layer, windows, start, end, absent)
    return _TimedLayer(layer, _clock_turns(layer, here), windows, start, end, absent)


# -- absences --


@dataclass(frozen=True, slots=True)
class _Absent:
    """The intervals in which the people of one layer are away; empty when the layer ignores absences."""

    mode: AbsenceMode
    intervals: dict[str, tuple[tuple[int, int], ...]]

    @classmethod
    def of(cls, layer: Layer, absences: tuple[Absence, ...]) -> "_Absent":
        intervals: dict[str, list[tuple[int, int]]] = {}
        if layer.absence is not AbsenceMode.IGNORE:
            people = NOBODY.union(*layer.seats, *(seat for change in layer.changes for seat in change.seats))
            for each in absences:
                if each.person in people and each.start < each.end:
                    intervals.setdefault(each.person, []).append((to_us(each.start), to_us(each.end)))
        return cls(layer.absence, {person: tuple(sorted(found)) for person, found in intervals.items()})

    def at(self, instant: int) -> frozenset[str]:
        if not self.intervals:
            return NOBODY
        return frozenset(
            person for person, away in self.intervals.items() if any(start <= instant < end for start, end in away)
        )

    def edges(self, start: int, end: int) -> Iterator[int]:
        for away in self.intervals.values():
            for interval in away:
                yield from (edge for edge in interval if start <= edge < end)


# -- order --


class _Order:
    """Which seat has which turn, through all changes of the order."""

    def __init__(self, layer: Layer) -> None:
        self._first = layer.seats
        self._changes = sorted(layer.changes, key=lambda change: change.at.instant)
        self.instants = [to_us(change.at.instant) for change in self._changes]
        self._running: list[int] = []

    def settle(self, running: list[int]) -> None:
        """Tell which turn was running at each of `instants`."""
        self._running = running

    def at(self, instant: int, turn: int) -> tuple[tuple[frozenset[str], ...], int]:
        """The seats in order as of `instant`, and the place of the one that has `turn`."""
        place = bisect_right(self.instants, instant) - 1
        if place < 0:
            return self._first, turn % len(self._first)
        change = self._changes[place]
        holder = next(index for index, seat in enumerate(change.seats) if change.holder in seat)
        return change.seats, (holder + turn - self._running[place]) % len(change.seats)


def _present(
    seats: tuple[frozenset[str], ...], place: int, absent: frozenset[str], mode: AbsenceMode
) -> frozenset[str]:
    planned = seats[place]
    if not absent or not planned:
        return planned
    here = planned - absent
    if here or mode is AbsenceMode.GAP:
        return here
    for step in range(1, len(seats)):
        if instead := seats[(place + step) % len(seats)] - absent:
            return instead
    return NOBODY


# -- turns by the clock --


class _ClockTurns(Protocol):
    def start(self, turn: int) -> int:
        """The instant at which a turn begins."""

    def near(self, wall: int) -> int:
        """The turn that a wall time falls in, clock changes aside."""


class _EvenTurns:
    """Turns of n hours, days or weeks on the wall clock."""

    def __init__(self, here: Zone, first: int, length: int) -> None:
        self._here, self._first, self._length = here, first, length

    def start(self, turn: int) -> int:
        return self._here.instant(self._first + turn * self._length)

    def near(self, wall: int) -> int:
        return (wall - self._first) // self._length


class _MonthTurns:
    """Turns of n months, the day cut to the month's last."""

    def __init__(self, here: Zone, first: int, months: int) -> None:
        self._here, self._months = here, months
        begin = date.fromordinal(day_of(first))
        self._month, self._day = begin.year * 12 + begin.month - 1, begin.day
        self._time = first % DAY_US

    def start(self, turn: int) -> int:
        return self._here.instant(self._wall(turn))

    def _wall(self, turn: int) -> int:
        year, month = divmod(self._month + turn * self._months, 12)
        if year < 1:
            return FIRST_US - 2 * DAY_US
        if year > 9999:
            return LAST_US + 2 * DAY_US
        return day_us(date(year, month + 1, min(self._day, _days_in(year, month + 1))).toordinal()) + self._time

    def near(self, wall: int) -> int:
        day = date.fromordinal(day_of(min(max(wall, FIRST_US), LAST_US)))
        turn = (day.year * 12 + day.month - 1 - self._month) // self._months
        return turn if self._wall(turn) <= wall else turn - 1


def _days_in(year: int, month: int) -> int:
    if month == 12:
        return 31
    return (date(year, month + 1, 1) - date(year, month, 1)).days


def _clock_turns(layer: Layer, here: Zone) -> _ClockTurns:
    first = wall_us(layer.starts.wall)
    count = layer.turn.count
    match layer.turn.unit:
        case Unit.MONTH:
            return _MonthTurns(here, first, count)
        case Unit.WEEK:
            return _EvenTurns(here, first, count * 7 * DAY_US)
        case Unit.DAY:
            return _EvenTurns(here, first, count * DAY_US)
        case _:
            return _EvenTurns(here, first, count * HOUR_US)


class _TimedLayer:
    """A layer whose turns follow the clock; windows only mask them."""

    def __init__(
        self, layer: Layer, turns: _ClockTurns, windows: WindowSet | None, start: int, end: int, absent: _Absent
    ) -> None:
        self._zone = zone(layer.timezone)
        self._turns, self._windows, self._start, self._end, self._absent = turns, windows, start, end, absent
        self._order = _Order(layer)
        self._order.settle([max(0, self._last_begun(instant)) for instant in self._order.instants])
        self._away_for_turn: dict[int, frozenset[str]] = {}

    def who(self, instant: int) -> frozenset[str]:
        if not self._start <= instant < self._end:
            return NOBODY
        if self._windows is not None and not self._windows.covers(instant):
            return NOBODY
        people = NOBODY
        for turn in self._turns_at(instant):
            seats, place = self._order.at(instant, turn)
            people |= _present(seats, place, self._away(turn, instant), self._absent.mode)
        return people

    def _turns_at(self, instant: int) -> list[int]:
        """The turns running at `instant`: one, save where a clock jumped further than a turn is long."""
        offset = self._zone.offset(instant)
        turn = self._turns.near(instant + offset)
        near = (instant - _JUMP_MAX, instant + _JUMP_MAX)
        if all(self._zone.offset(each) == offset for each in near):
            return [max(turn, 0)]
        first = self._turns.near(instant + offset - _JUMP_MAX)
        last = self._turns.near(instant + offset + _JUMP_MAX)
        return [
            each
            for each in range(max(first, 0), last + 1)
            if self._turns.start(each) <= instant < self._turns.start(each + 1)
        ]

    def _last_begun(self, instant: int) -> int:
        wall = self._zone.wall(instant)
        turn = self._turns.near(wall + _JUMP_MAX)
        while self._turns.start(turn) > instant:
            turn -= 1
        return turn

    def _away(self, turn: int, instant: int) -> frozenset[str]:
        if self._absent.mode is not AbsenceMode.NEXT_WHOLE_TURN or not self._absent.intervals:
            return self._absent.at(instant)
        away = self._away_for_turn.get(turn)
        if away is None:
            if len(self._away_for_turn) > 20_000:
                self._away_for_turn.clear()
            away = self._away_for_turn[turn] = self._away_in(turn)
        return away

    def _away_in(self, turn: int) -> frozenset[str]:
        begin, end = max(self._turns.start(turn), self._start), min(self._turns.start(turn + 1), self._end)
        return frozenset(
            person
            for person, intervals in self._absent.intervals.items()
            if any(self._on_duty_in(max(begin, left), min(end, right)) for left, right in intervals)
        )

    def _on_duty_in(self, begin: int, end: int) -> bool:
        return begin < end and (self._windows is None or self._windows.touches(begin, end))

    def edges(self, start: int, end: int) -> Iterator[int]:
        yield from (edge for edge in (self._start, self._end) if start <= edge < end)
        start, end = max(start, self._start), min(end, self._end)
        if start >= end:
            return
        yield from (edge for edge in self._order.instants if start <= edge < end)
        yield from self._absent.edges(start, end)
        first = self._turns.near(self._zone.wall(start) - _JUMP_MAX)
        last = self._turns.near(self._zone.wall(end) + _JUMP_MAX)
        for turn in range(max(first, 0), last + 2):
            if start <= (edge := self._turns.start(turn)) < end:
                yield edge
        if self._windows is not None:
            for opening in self._windows.overlapping(start, end):
                yield from (edge for edge in (opening.begin, opening.end) if start <= edge < end)


# -- turns by the window --


class _DealtLayer:
    """A layer that deals its windows out, n at a time, from the first that begins at or after `starts`."""

    def __init__(self, layer: Layer, windows: WindowSet, start: int, end: int, absent: _Absent) -> None:
        self._count = layer.turn.count
        self._windows, self._start, self._end, self._absent = windows, start, end, absent
        self._order = _Order(layer)
        # The last begun at or before a change: those that begin before the next microsecond, less one.
        begun = [self._windows.between(start, instant + 1) for instant in self._order.instants]
        self._order.settle([max(0, number - 1) // self._count for number in begun])
        self._turn_of: dict[Opening, int] = {}
        self._away_for_turn: dict[int, frozenset[str]] = {}

    def who(self, instant: int) -> frozenset[str]:
        if not self._start <= instant < self._end:
            return NOBODY
        people = NOBODY
        for opening in self._windows.covering(instant):
            if opening.begin >= self._start:
                turn = self._turn(opening)
                seats, place = self._order.at(instant, turn)
                people |= _present(seats, place, self._away(turn, instant), self._absent.mode)
        return people

    def _turn(self, opening: Opening) -> int:
        turn = self._turn_of.get(opening)
        if turn is None:
            if len(self._turn_of) > 20_000:
                self._turn_of.clear()
            turn = self._turn_of[opening] = self._windows.rank(opening, self._start) // self._count
        return turn

    def _away(self, turn: int, instant: int) -> frozenset[str]:
        if self._absent.mode is not AbsenceMode.NEXT_WHOLE_TURN or not self._absent.intervals:
            return self._absent.at(instant)
        away = self._away_for_turn.get(turn)
        if away is None:
            if len(self._away_for_turn) > 20_000:
                self._away_for_turn.clear()
            away = self._away_for_turn[turn] = frozenset(
                person
                for person, intervals in self._absent.intervals.items()
                if any(self._touches(turn, *interval) for interval in intervals)
            )
        return away

    def _touches(self, turn: int, left: int, right: int) -> bool:
        """Whether [left, right) shares an instant with a window of `turn`."""
        left, right = max(left, self._start), min(right, self._end)
        if left >= right:
            return False
        # Windows are numbered by beginning, so those that begin inside are a run of numbers …
        before = self._windows.between(self._start, left)
        inside = self._windows.between(left, right)
        first = turn * self._count
        if inside and before < first + self._count and first < before + inside:
            return True
        # … and those that began earlier are open at its very start.
        return any(
            self._turn(opening) == turn for opening in self._windows.covering(left) if opening.begin >= self._start
        )

    def edges(self, start: int, end: int) -> Iterator[int]:
        yield from (edge for edge in (self._start, self._end) if start <= edge < end)
        start, end = max(start, self._start), min(end, self._end)
        if start >= end:
            return
        yield from (edge for edge in self._order.instants if start <= edge < end)
        yield from self._absent.edges(start, end)
        for opening in self._windows.overlapping(start, end):
            yield from (edge for edge in (opening.begin, opening.end) if start <= edge < end)
