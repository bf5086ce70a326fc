"""Windows: on which stretches of which days duty (or the office) is open.

`parse` reads the shorthand; `WindowSet` turns windows into instants and counts them.
Source: ROTA.md, "Windows".
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, time
from typing import NamedTuple

from schedules.public_holidays import Calendar
from schedules.walltime import DAY_US, FIRST_DAY, HOUR_US, LAST_DAY, MINUTE_US, Zone, day_of, day_us

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MINUTES_A_DAY = 24 * 60

# Longer ones are refused: every question must look back as far as the longest window reaches.
PLUS_DAYS_MAX = 366


@dataclass(frozen=True, slots=True)
class Window:
    """Opens on each date whose weekday is in `weekdays` (0 = Monday), or, with `on_holidays`, that is a holiday.

    It runs from that date at `opens` to `plus_days` later at `closes`, both in minutes after 00:00 (24:00 is 1440).
    With `except_holidays` a holiday opens nothing.
    """

    weekdays: frozenset[int]
    opens: int
    closes: int
    plus_days: int = 0
    on_holidays: bool = False
    except_holidays: bool = False

    @property
    def asks_holidays(self) -> bool:
        return self.on_holidays or self.except_holidays

    def opens_on(self, weekday: int, is_holiday: bool) -> bool:
        """Whether a date of this kind opens the window."""
        if is_holiday and self.except_holidays:
            return False
        return weekday in self.weekdays or (is_holiday and self.on_holidays)


# -- reading --

_DAY = r"(?:mon|tue|wed|thu|fri|sat|sun)"
_CLOCK = r"\d{1,2}:\d{2}"
_DAYS = rf"(?:daily|holiday|{_DAY}(?:-{_DAY})?)"
_EACH_DAY = re.compile(rf"({_DAYS}(?:\s*,\s*{_DAYS})*)\s+({_CLOCK})\s*-\s*({_CLOCK})", re.ASCII)
_ONE_SPAN = re.compile(rf"({_DAY})\s+({_CLOCK})\s*-\s*({_DAY})\s+({_CLOCK})", re.ASCII)


def parse(text: str) -> Window:
    """The window of a shorthand: "mon-fri 18:00-20:00", "holiday 00:00-24:00", "fri 18:00 - mon 09:00".

    Raises: ValueError in plain words.
    """
    written = text.strip().lower()
    if each := _EACH_DAY.fullmatch(written):
        weekdays, on_holidays = parse_days(re.split(r"\s*,\s*", each[1]))
        opens, closes = parse_clock(each[2]), parse_clock(each[3])
        return Window(weekdays, opens, closes, 0 if closes > opens else 1, on_holidays)
    if span := _ONE_SPAN.fullmatch(written):
        first, last = WEEKDAYS.index(span[1]), WEEKDAYS.index(span[3])
        opens, closes = parse_clock(span[2]), parse_clock(span[4])
        days = (last - first) % 7
        if days == 0 and closes <= opens:
            days = 7
        if days * MINUTES_A_DAY + closes - opens >= 7 * MINUTES_A_DAY:
            raise ValueError("a span from one weekday to another must be shorter than 7 days")
        return Window(frozenset({first}), opens, closes, days)
    raise ValueError("not a window")


def parse_days(names: list[str]) -> tuple[frozenset[int], bool]:
    """Weekdays (0 = Monday) and whether "holiday" is among them; "daily" and "mon-fri" are allowed.

    Raises: ValueError naming the word that is no day.
    """
    weekdays: set[int] = set()
    on_holidays = False
    for name in names:
        first, dash, last = name.strip().lower().partition("-")
        if name == "holiday":
            on_holidays = True
        elif name == "daily":
            weekdays |= set(range(7))
        elif first in WEEKDAYS and (last in WEEKDAYS or not dash):
            begin, end = WEEKDAYS.index(first), WEEKDAYS.index(last or first)
            weekdays |= {(begin + step) % 7 for step in range((end - begin) % 7 + 1)}
        else:
            raise ValueError(f"no day: {name[:40]!r}")
    return frozenset(weekdays), on_holidays


def parse_clock(value: str | time) -> int:
    """Minutes after 00:00 of "HH:MM", 00:00 to 24:00.

    Raises: ValueError in plain words.
    """
    if isinstance(value, time):
        if value.second or value.microsecond:
            raise ValueError(f"no whole minute: {value.isoformat()}")
        return value.hour * 60 + value.minute
    if not re.fullmatch(_CLOCK, value, re.ASCII):
        raise ValueError(f"no time of day: {value[:20]!r}")
    hour, minute = (int(part) for part in value.split(":"))
    if minute > 59 or hour * 60 + minute > MINUTES_A_DAY:
        raise ValueError(f"no time of day: {value!r}")
    return hour * 60 + minute


# -- instants --


class Opening(NamedTuple):
    """One window on one date, in microseconds since the epoch; sorts by beginning, ties in file order."""

    begin: int
    order: int
    end: int


class WindowSet:
    """Windows in one zone under one calendar, as instants.

    An opening is filed under the date on which it begins (a window that opens at 24:00 begins on the next date).
    One that a clock change leaves empty or negative is none: it gives no duty and is not counted.
    """

    def __init__(self, windows: tuple[Window, ...], zone: Zone, calendar: Calendar) -> None:
        self._zone = zone
        self._calendar = calendar
        # From 24:00 on day D is from 00:00 on D+1; weekday and holiday are still D's.
        self._plain: list[tuple[int, Window, int]] = []
        for order, window in enumerate(windows):
            if window.opens == MINUTES_A_DAY:
                shifted = replace(window, opens=0, plus_days=window.plus_days - 1)
                self._plain.append((order, shifted, 1))
            else:
                self._plain.append((order, window, 0))
        self._asks_holidays = any(window.asks_holidays for window in windows)
        # On which weekdays (0 = Monday) a window may begin; on any when a holiday opens one.
        self._may_open = [
            any(window.on_holidays or (weekday - late) % 7 in window.weekdays for _, window, late in self._plain)
            for weekday in range(7)
        ]
        self._reach = max((window.plus_days for window in windows), default=0) + 1
        self._days: dict[int, tuple[Opening, ...]] = {}
        self._totals: dict[int, int] = {}
        self._up_to: dict[int, list[int]] = {}
        # How many begin on a plain Monday … Sunday; only a holiday or a clock change makes a date differ.
        self._usual = [
            sum(1 for _, window, late in self._plain if _length(window) > 0 and (weekday - late) % 7 in window.weekdays)
            for weekday in range(7)
        ]
        self._shortest = min((length for _, window, _ in self._plain if (length := _length(window)) > 0), default=0)

    def on(self, ordinal: int) -> tuple[Opening, ...]:
        """The openings that begin on this date (`date.toordinal()`), by beginning."""
        if not self._may_open[(ordinal - 1) % 7]:
            return ()
        found = self._days.get(ordinal)
        if found is None:
            if len(self._days) > 20_000:
                self._days.clear()
            found = self._days[ordinal] = self._make(ordinal)
        return found

    def _make(self, ordinal: int) -> tuple[Opening, ...]:
        if not FIRST_DAY <= ordinal <= LAST_DAY:
            return ()
        openings = []
        for order, window, late in self._plain:
            opening_day = ordinal - late
            if opening_day < FIRST_DAY:
                continue
            holiday = window.asks_holidays and date.fromordinal(opening_day) in self._calendar
            if not window.opens_on((opening_day - 1) % 7, holiday):
                continue
            begin = self._zone.instant(day_us(ordinal) + window.opens * MINUTE_US)
            end = self._zone.instant(day_us(ordinal + window.plus_days) + window.closes * MINUTE_US)
            if begin < end:
                openings.append(Opening(begin, order, end))
        return tuple(sorted(openings))

    def covering(self, instant: int) -> list[Opening]:
        """The openings that are open at `instant`."""
        today = day_of(self._zone.wall(instant))
        return [
            opening
            for day in range(today - self._reach, today + 2)
            for opening in self.on(day)
            if opening.begin <= instant < opening.end
        ]

    def covers(self, instant: int) -> bool:
        """Whether any window is open at `instant`."""
        today = day_of(self._zone.wall(instant))
        for day in range(today + 1, today - self._reach - 1, -1):
            for begin, _, end in self.on(day):
                if begin <= instant < end:
                    return True
        return False

    def overlapping(self, start: int, end: int) -> Iterator[Opening]:
        """The openings that share an instant with [start, end)."""
        first = day_of(self._zone.wall(start)) - self._reach - 1
        last = day_of(self._zone.wall(end)) + 2
        for day in range(max(first, FIRST_DAY), min(last, LAST_DAY) + 1):
            for opening in self.on(day):
                if opening.begin < end and start < opening.end:
                    yield opening

    def touches(self, start: int, end: int) -> bool:
        """Whether any window is open at some instant of [start, end)."""
        if start >= end:
            return False
        return self.covers(start) or self.between(start, end) > 0

    # -- counting, for turns of n windows --

    def between(self, start: int, end: int) -> int:
        """How many openings begin in [start, end); quick over thousands of years."""
        if start >= end:
            return 0
        near, far = self._clear_before(start), self._clear_before(end)
        return self._dated(near, far) - self._straggling(near, start) + self._straggling(far, end)

    def rank(self, opening: Opening, start: int) -> int:
        """How many openings begin at or after `start` and are listed before `opening`."""
        begin, order, _ = opening
        far = self._clear_before(begin)
        ahead = 0
        for day in range(far, far + 6):
            for other in self.on(day):
                if (other.begin, other.order) < (begin, order):
                    ahead += 1
        near = self._clear_before(start)
        return self._dated(near, far) - self._straggling(near, start) + ahead

    def _clear_before(self, instant: int) -> int:
        """A date such that every opening filed earlier has begun before `instant`, whatever the clocks did."""
        return min(max(day_of(self._zone.wall(instant)) - 2, FIRST_DAY), LAST_DAY + 1)

    def _straggling(self, day: int, instant: int) -> int:
        """How many openings filed under `day` or just after it begin before `instant`."""
        return sum(1 for near in range(day, day + 6) for opening in self.on(near) if opening.begin < instant)

    def _dated(self, first: int, last: int) -> int:
        """How many openings are filed under the dates [first, last)."""
        if first >= last:
            return -self._dated(last, first) if last < first else 0
        if last - first <= 40:
            return sum(len(self.on(day)) for day in range(first, last))
        begin, end = date.fromordinal(first).year, date.fromordinal(min(last, LAST_DAY)).year
        whole_years = sum(self._total(year) for year in range(begin, end))
        return whole_years + self._within(last, end) - self._within(first, begin)

    def _within(self, day: int, year: int) -> int:
        """How many openings are filed under the dates of `year` before `day`."""
        counts = self._up_to.get(year)
        if counts is None:
            if len(self._up_to) > 200:
                self._up_to.clear()
            counts = self._up_to[year] = self._count_days(year)
        return counts[day - date(year, 1, 1).toordinal()]

    def _count_days(self, year: int) -> list[int]:
        first, last = date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal()
        special = self._special(year)
        counts = [0]
        for day in range(first, last + 1):
            counts.append(counts[-1] + (len(self.on(day)) if day in special else self._usual[(day - 1) % 7]))
        return counts

    def _total(self, year: int) -> int:
        total = self._totals.get(year)
        if total is None:
            first, last = date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal()
            total = 52 * sum(self._usual) + sum(self._usual[(day - 1) % 7] for day in range(first + 364, last + 1))
            for day in self._special(year):
                total += len(self.on(day)) - self._usual[(day - 1) % 7]
            self._totals[year] = total
        return total

    def _special(self, year: int) -> set[int]:
        """The dates of `year` that may open another number of windows than their weekday usually does."""
        first, last = date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal()
        days: set[int] = set()
        if self._asks_holidays:
            years = (year - 1, year) if year > 1 else (year,)
            holidays = {day.toordinal() for near in years for day in self._calendar.in_year(near)}
            days |= holidays | {day + 1 for day in holidays}
        # Only a window no longer than the gap can vanish, and clocks seldom move by more than some hours.
        if self._shortest <= 25 * HOUR_US and self._plain:
            marks = [day_us(day) for day in range(first - 2, last + 9, 7)]
            offsets = [self._zone.offset(mark) for mark in marks]
            for place in range(len(marks) - 1):
                if offsets[place] != offsets[place + 1]:
                    week = day_of(marks[place])
                    days |= set(range(week - 2, week + 10))
        days |= {FIRST_DAY, FIRST_DAY + 1} if year == 1 else set()
        return {day for day in days if first <= day <= last}


def _length(window: Window) -> int:
    """How long it is on the wall, in microseconds."""
    return window.plus_days * DAY_US + (window.closes - window.opens) * MINUTE_US
