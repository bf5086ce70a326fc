"""Turns of n hours, days, weeks or months: laid out on the wall clock from the layer's start, whatever the windows are.

Instants and wall times are integers (walltime.py). Source: ROTA.md, "Turns".
"""

from datetime import date
from typing import Protocol

from schedules.rota import Layer, Unit
from schedules.walltime import DAY_US, FIRST_US, HOUR_US, LAST_US, Zone, day_of, day_us, wall_us

# No zone has ever moved its clocks by more than a day (Samoa, 2011); no turn is off by more than that.
JUMP_MAX = 26 * HOUR_US


class ClockTurns(Protocol):
    """Turns by number; those below 0 lie before the layer's start."""

    def start(self, turn: int) -> int:
        """The instant at which a turn begins."""

    def near(self, wall: int) -> int:
        """The turn that a wall time falls in, clock changes aside."""


def clock_turns(layer: Layer, here: Zone) -> ClockTurns:
    """The turns of a layer whose turns are not counted in windows."""
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
