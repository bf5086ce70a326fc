"""One layer, ready to be asked who has it at an instant: turns, windows, seats, absences brought together.

Instants and wall times are integers (walltime.py). Source: ROTA.md, "A layer".
"""

from collections.abc import Iterator
from typing import Protocol

from schedules.clock_turns import JUMP_MAX, ClockTurns, clock_turns
from schedules.public_holidays import Calendar
from schedules.rota import Absence, Layer, Unit
from schedules.seats import NOBODY, Absences, Order
from schedules.walltime import DAY_US, LAST_US, Zone, to_us, zone
from schedules.windows import Opening, WindowSet

# How many windows' turns are kept at a time; they are counted anew when asked for again.
_OPENINGS_KEPT = 20_000


class CompiledLayer(Protocol):
    """What a rota asks of its layers."""

    def who(self, instant: int) -> frozenset[str]:
        """The layer's people at `instant`; empty when it gives nobody."""

    def edges(self, start: int, end: int) -> Iterator[int]:
        """Every instant of [start, end) at which `who` may change, unordered, perhaps more than once."""


def compile_layer(layer: Layer, calendar: Calendar, absences: tuple[Absence, ...]) -> CompiledLayer:
    """The layer under this calendar of holidays and with these absences."""
    here = zone(layer.timezone)
    windows = None if layer.windows is None else WindowSet(layer.windows, here, calendar)
    if layer.turn.unit is Unit.WINDOW:
        assert windows is not None, "refused by rota_file"
        return _DealtLayer(layer, windows, absences)
    return _TimedLayer(layer, here, windows, absences)


def _life(layer: Layer) -> tuple[int, int]:
    """From when until when the layer gives anybody."""
    end = LAST_US + DAY_US if layer.until is None else to_us(layer.until.instant)
    return to_us(layer.starts.instant), end


class _TimedLayer:
    """A layer whose turns follow the clock; windows only mask them."""

    def __init__(self, layer: Layer, here: Zone, windows: WindowSet | None, absences: tuple[Absence, ...]) -> None:
        self._zone, self._windows = here, windows
        self._start, self._end = _life(layer)
        self._turns: ClockTurns = clock_turns(layer, here)
        self._order = Order(layer, self._last_begun)
        self._absences = Absences(layer, absences, self._turns_meeting)

    def who(self, instant: int) -> frozenset[str]:
        if not self._start <= instant < self._end:
            return NOBODY
        if self._windows is not None and not self._windows.covers(instant):
            return NOBODY
        people = NOBODY
        for turn in self._turns_at(instant):
            seats, place = self._order.at(instant, turn)
            here = self._absences.present(seats, place, turn, instant)
            people = people | here if people else here
        return people

    def _turns_at(self, instant: int) -> list[int]:
        """The turns running at `instant`: one, save where a clock jumped further than a turn is long."""
        offset = self._zone.offset(instant)
        turn = self._turns.near(instant + offset)
        if self._zone.offset(instant - JUMP_MAX) == offset == self._zone.offset(instant + JUMP_MAX):
            return [max(turn, 0)]
        first = self._turns.near(instant + offset - JUMP_MAX)
        last = self._turns.near(instant + offset + JUMP_MAX)
        return [
            each
            for each in range(max(first, 0), last + 1)
            if self._turns.start(each) <= instant < self._turns.start(each + 1)
        ]

    def _last_begun(self, instant: int) -> int:
        turn = self._turns.near(self._zone.wall(instant) + JUMP_MAX)
        while self._turns.start(turn) > instant:
            turn -= 1
        return max(turn, 0)

    def _turns_meeting(self, left: int, right: int) -> Iterator[tuple[int, int]]:
        left, right = max(left, self._start), min(right, self._end)
        if left >= right:
            return
        begins, ends = self._zone.wall(left), self._zone.wall(right)
        first, last = self._turns.near(begins - JUMP_MAX), self._turns.near(ends + JUMP_MAX) + 1
        # Whatever the clocks did, these turns lie inside as a whole; only those around have to be looked at.
        whole = range(self._turns.near(begins + JUMP_MAX) + 1, self._turns.near(ends - JUMP_MAX))
        if whole:
            yield whole.start, whole.stop
        for turn in (*range(first, whole.start), *range(whole.stop, last)) if whole else range(first, last):
            begin, end = self._turns.start(turn), self._turns.start(turn + 1)
            if left <= begin and end <= right:
                yield turn, turn + 1
            else:
                begin, end = max(begin, left), min(end, right)
                if begin < end and (self._windows is None or self._windows.touches(begin, end)):
                    yield turn, turn + 1

    def edges(self, start: int, end: int) -> Iterator[int]:
        yield from (edge for edge in (self._start, self._end) if start <= edge < end)
        start, end = max(start, self._start), min(end, self._end)
        if start >= end:
            return
        yield from (edge for edge in self._order.instants if start <= edge < end)
        yield from self._absences.edges(start, end)
        first = self._turns.near(self._zone.wall(start) - JUMP_MAX)
        last = self._turns.near(self._zone.wall(end) + JUMP_MAX)
        for turn in range(max(first, 0), last + 2):
            if start <= (edge := self._turns.start(turn)) < end:
                yield edge
        if self._windows is not None:
            for opening in self._windows.overlapping(start, end):
                yield from (edge for edge in (opening.begin, opening.end) if start <= edge < end)


class _DealtLayer:
    """A layer that deals its windows out, n at a time, from the first that begins at or after `starts`."""

    def __init__(self, layer: Layer, windows: WindowSet, absences: tuple[Absence, ...]) -> None:
        self._count = layer.turn.count
        self._windows = windows
        self._start, self._end = _life(layer)
        self._turn_of: dict[Opening, int] = {}
        self._order = Order(layer, self._last_begun)
        self._absences = Absences(layer, absences, self._turns_meeting)

    def who(self, instant: int) -> frozenset[str]:
        if not self._start <= instant < self._end:
            return NOBODY
        people = NOBODY
        for opening in self._windows.covering(instant):
            if opening.begin >= self._start:
                turn = self._turn(opening)
                seats, place = self._order.at(instant, turn)
                here = self._absences.present(seats, place, turn, instant)
                people = people | here if people else here
        return people

    def _last_begun(self, instant: int) -> int:
        # Those that begin before the next microsecond, less one.
        return max(0, self._windows.between(self._start, instant + 1) - 1) // self._count

    def _turn(self, opening: Opening) -> int:
        turn = self._turn_of.get(opening)
        if turn is None:
            if len(self._turn_of) > _OPENINGS_KEPT:
                self._turn_of.clear()
            turn = self._turn_of[opening] = self._windows.rank(opening, self._start) // self._count
        return turn

    def _turns_meeting(self, left: int, right: int) -> Iterator[tuple[int, int]]:
        left, right = max(left, self._start), min(right, self._end)
        if left >= right:
            return
        # Windows are numbered by beginning, so those that begin inside are a run of numbers …
        before, inside = self._windows.between(self._start, left), self._windows.between(left, right)
        if inside:
            yield before // self._count, (before + inside - 1) // self._count + 1
        # … and those that began earlier are open at its very start.
        for opening in self._windows.covering(left):
            if opening.begin >= self._start:
                turn = self._turn(opening)
                yield turn, turn + 1

    def edges(self, start: int, end: int) -> Iterator[int]:
        yield from (edge for edge in (self._start, self._end) if start <= edge < end)
        start, end = max(start, self._start), min(end, self._end)
        if start >= end:
            return
        yield from (edge for edge in self._order.instants if start <= edge < end)
        yield from self._absences.edges(start, end)
        for opening in self._windows.overlapping(start, end):
            yield from (edge for edge in (opening.begin, opening.end) if start <= edge < end)
