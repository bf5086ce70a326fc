"""Who is on duty at every minute of a walk, read off ROTA.md sentence by sentence; slow, and too simple to be wrong.

It takes a rota file as TOML would give it (dicts, lists, dates) and knows nothing of the engine. Every time is a count
of minutes passed since the walk began, found by walking the clock on the wall (wall_walk.py).
"""

from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import pairwise
from typing import Any

from wall_walk import DAY, MINUTE, ORIGIN, ORIGIN_WEEKDAY, Walk, label, latest, walk

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
NOBODY: frozenset[str] = frozenset()
NEVER = 10**9
UNITS = {"hour": 60, "day": DAY, "week": 7 * DAY}
Stretch = tuple[int, int]
Turn = tuple[int, list[int], list[Stretch]]
"""Its number, when it (or each of its windows) begins, its duty."""

# The shorthand and what it means, spelled out by hand.
SHORTHAND: dict[str, dict[str, Any]] = {
    "mon-fri 18:00-20:00": {"days": DAYS[:5], "from": "18:00", "to": "20:00"},
    "mon-thu 18:00-09:00": {"days": DAYS[:4], "from": "18:00", "to": "09:00", "plus_days": 1},
    "daily 22:00-07:00": {"days": DAYS, "from": "22:00", "to": "07:00", "plus_days": 1},
    "daily 02:10-02:50": {"days": DAYS, "from": "02:10", "to": "02:50"},
    "daily 02:30-03:00": {"days": DAYS, "from": "02:30", "to": "03:00"},
    "daily 00:00-24:00": {"days": DAYS, "from": "00:00", "to": "24:00"},
    "daily 23:30-23:30": {"days": DAYS, "from": "23:30", "to": "23:30", "plus_days": 1},
    "holiday 00:00-24:00": {"days": ["holiday"], "from": "00:00", "to": "24:00"},
    "holiday 09:00-18:00": {"days": ["holiday"], "from": "09:00", "to": "18:00"},
    "holiday 20:00-04:00": {"days": ["holiday"], "from": "20:00", "to": "04:00", "plus_days": 1},
    "fri 18:00 - mon 09:00": {"days": ["fri"], "from": "18:00", "to": "09:00", "plus_days": 3},
    "mon 18:00 - mon 09:00": {"days": ["mon"], "from": "18:00", "to": "09:00", "plus_days": 7},
    "sat-sun 01:30-03:00": {"days": DAYS[5:], "from": "01:30", "to": "03:00"},
    "sat-sun 08:00-20:00": {"days": DAYS[5:], "from": "08:00", "to": "20:00"},
    "sun 02:00-02:30": {"days": ["sun"], "from": "02:00", "to": "02:30"},
    "sun 02:30-03:15": {"days": ["sun"], "from": "02:30", "to": "03:15"},
    "sat 24:00-02:45": {"days": ["sat"], "from": "24:00", "to": "02:45", "plus_days": 1},
}

ITALY = [(1, 1), (1, 6), (4, 25), (5, 1), (6, 2), (8, 15), (10, 4), (11, 1), (12, 8), (12, 25), (12, 26)]
EASTER = [date(2026, 4, 5), date(2027, 3, 28), date(2028, 4, 16)]


def is_holiday(calendar: list[Any], day: date) -> bool:
    """Of 2026 to 2028. calendar: as in the file."""
    in_italy = (day.month, day.day) in ITALY or day in EASTER or day - timedelta(days=1) in EASTER
    in_milan = (day.month, day.day) == (12, 7)
    return day in calendar or ("IT" in calendar and in_italy) or ("IT-MI" in calendar and in_milan)


class Oracle:
    """One file, walked for so many minutes from `begin` (Greenwich time, naive) on."""

    def __init__(self, file: dict[str, Any], begin: datetime, minutes: int) -> None:
        self.file, self.begin, self.minutes = file, begin, minutes
        self.home: str = file["timezone"]

    # -- times --

    def clock(self, zone: str) -> Walk:
        return walk(zone, self.begin, self.minutes)

    def passed(self, value: Any, zone: str) -> int:
        """When a written time is: with an offset it is that instant, without one what the zone's clock shows."""
        if not isinstance(value, datetime):
            value = datetime(value.year, value.month, value.day)  # noqa: DTZ001 - a bare date is 00:00
        if value.tzinfo is not None:
            return (value.astimezone(UTC).replace(tzinfo=None) - self.begin) // MINUTE  # type: ignore[no-any-return]
        return self.clock(zone).at(label(value))

    def stretch(self, written: dict[str, Any]) -> Stretch:
        """Overrides and absences use the file's zone."""
        return self.passed(written["start"], self.home), self.passed(written["end"], self.home)

    # -- windows --

    def openings(self, windows: list[Any], zone: str, calendar: list[Any]) -> list[Stretch]:
        """All of them near the walk, by beginning, ties in file order; an empty one is none."""
        clock, found = self.clock(zone), []
        first, last = clock.shown[0] // DAY - 10, clock.shown[-1] // DAY + 10
        for day in range(first, last + 1):
            holiday = is_holiday(calendar, (ORIGIN + timedelta(days=day)).date())
            for place, written in enumerate(windows):
                window = SHORTHAND[written] if isinstance(written, str) else written
                by_weekday = DAYS[(day + ORIGIN_WEEKDAY) % 7] in window["days"]
                by_holiday = holiday and "holiday" in window["days"]
                if (by_weekday or by_holiday) and not (holiday and window.get("except_holidays")):
                    begin = clock.at(day * DAY + minutes_of(window["from"]))
                    end = clock.at((day + window.get("plus_days", 0)) * DAY + minutes_of(window["to"]))
                    if begin < end:
                        found.append((begin, place, end))
        return [(begin, end) for begin, _, end in sorted(found)]

    # -- a layer --

    def layer(self, layer: dict[str, Any], calendar: list[Any]) -> list[frozenset[str]]:
        zone = layer.get("timezone", self.home)
        starts = self.passed(layer["starts"], zone)
        until = self.passed(layer["until"], zone) if "until" in layer else NEVER
        openings = self.openings(layer["windows"], zone, calendar) if "windows" in layer else None
        if "window" in layer["turn"]:
            assert openings is not None
            turns = dealt(layer, [opening for opening in openings if opening[0] >= starts])
        else:
            turns = self.by_the_clock(layer, zone, openings)

        orders, since = [Order(layer["people"])], [-NEVER]
        for change in sorted(layer.get("changes", []), key=lambda each: self.passed(each["at"], zone)):
            at = self.passed(change["at"], zone)
            running = [k for k, begins, _ in turns if any(begin <= at for begin in begins)]
            orders.append(Order(change["people"], change["holder"], max(running, default=0)))
            since.append(at)
        seated = [cache(order.on_duty) for order in orders]

        mode = layer.get("absence")
        absences = [(each["person"], *self.stretch(each)) for each in self.file["absences"]] if mode else []
        away = [NOBODY] * self.minutes
        for person, start, end in absences:
            for passed in range(max(start, 0), min(end, self.minutes)):
                away[passed] |= {person}
        on = [NOBODY] * self.minutes
        for k, _, duty in turns:
            duty = [(max(start, starts), min(end, until)) for start, end in duty]
            touched = frozenset(
                person for person, a, b in absences if any(max(a, start) < min(b, end) for start, end in duty)
            )
            for start, end in duty:
                for passed in range(max(start, 0), min(end, self.minutes)):
                    absent = touched if mode == "next-whole-turn" else away[passed]
                    on[passed] |= seated[latest(since, passed)](k, absent, mode)
        return on

    def by_the_clock(self, layer: dict[str, Any], zone: str, openings: list[Stretch] | None) -> list[Turn]:
        clock = self.clock(zone)
        starts = layer["starts"]
        first = clock.shows(self.passed(starts, zone))
        if isinstance(starts, datetime) and starts.tzinfo is None:
            first = label(starts)  # also where the clock never shows it
        count, unit = turn_of(layer)
        begins: list[int] = []
        while not begins or begins[-1] <= self.minutes:
            k = len(begins)
            wall = plus_months(first, k * count) if unit == "month" else first + k * count * UNITS[unit]
            begins.append(clock.at(wall))
        turns: list[Turn] = []
        for k, (begin, end) in enumerate(pairwise(begins)):
            duty = [(begin, end)]
            if openings is not None:
                duty = [(max(begin, a), min(end, b)) for a, b in openings]
            turns.append((k, [begin], duty))
        return turns

    # -- a rota --

    def who(self, name: str) -> list[frozenset[str]]:
        """Who is on duty at each minute of the walk."""
        rota = self.file["rotas"][name]
        calendar = rota["holidays"] if "holidays" in rota else self.file.get("office", {}).get("holidays", [])
        layers: dict[int, list[list[frozenset[str]]]] = {}
        for each in rota["layers"]:
            layers.setdefault(each.get("priority", 0), []).append(self.layer(each, calendar))
        on = [NOBODY] * self.minutes
        for priority in sorted(layers, reverse=True):
            united = [NOBODY.union(*people) for people in zip(*layers[priority], strict=True)]
            on = [above or people for above, people in zip(on, united, strict=True)]

        overrides = [self.override(each) for each in rota["overrides"]]
        for override in overrides:
            for passed in override.minutes(self.minutes):
                on[passed] = override.person_for_person(on[passed], passed)
        for override in overrides:
            if "put" in override.written:
                for passed in override.minutes(self.minutes):
                    on[passed] = frozenset(override.written["put"])
        for override in overrides:
            if "add" in override.written:
                for passed in override.minutes(self.minutes):
                    on[passed] |= frozenset(override.written["add"])
        return on

    def override(self, written: dict[str, Any]) -> "Override":
        sides = written.get("swap", [written])
        return Override(written, [self.stretch(side) for side in sides])

    # -- what is made of it --

    def load(self, on: list[frozenset[str]], start: int, end: int) -> dict[str, list[int]]:
        """Each person's minutes in all, on weekends, at night, on holidays. on: of `who`."""
        counts = {person: [0, 0, 0, 0] for person in self.file["people"]}
        shown = self.clock(self.home).shown
        office = self.file.get("office", {}).get("holidays", [])

        @cache
        def off(person: str, day: int) -> bool:
            return is_holiday(self.file["people"][person].get("holidays", office), ORIGIN.date() + timedelta(days=day))

        for passed in range(start, end):
            day, minute = divmod(shown[passed], DAY)
            for person in on[passed]:
                counted = counts[person]
                counted[0] += 1
                counted[1] += (day + ORIGIN_WEEKDAY) % 7 >= 5
                counted[2] += minute >= 22 * 60 or minute < 6 * 60
                counted[3] += off(person, day)
        return counts

    def open(self) -> list[bool]:
        """Whether the office is open at each minute."""
        office = self.file.get("office", {})
        shown, calendar = self.clock(self.home).shown, office.get("holidays", [])
        found = [False] * self.minutes
        off = cache(lambda day: is_holiday(calendar, ORIGIN.date() + timedelta(days=day)))
        for begin, end in self.openings(office.get("hours", []), self.home, calendar):
            for passed in range(max(begin, 0), min(end, self.minutes)):
                found[passed] = not off(shown[passed] // DAY)
        return found


class Order:
    """The seats in order; the first seat naming `holder` has the turn `running`."""

    def __init__(self, people: list[Any], holder: str | None = None, running: int = 0) -> None:
        self.seats = [frozenset([seat]) - {""} if isinstance(seat, str) else frozenset(seat) for seat in people]
        self.place = 0 if holder is None else [holder in seat for seat in self.seats].index(True)
        self.running = running

    def on_duty(self, turn: int, absent: frozenset[str], mode: str | None) -> frozenset[str]:
        place = self.place + turn - self.running
        planned = self.seats[place % len(self.seats)]
        if not mode or not planned or mode == "gap" or planned - absent:
            return planned - absent
        for step in range(len(self.seats)):
            if present := self.seats[(place + step) % len(self.seats)] - absent:
                return present
        return NOBODY


class Override:
    """One override and its stretches; a swap has two."""

    def __init__(self, written: dict[str, Any], stretches: list[Stretch]) -> None:
        self.written, self.stretches = written, stretches

    def holds(self, passed: int, side: int = 0) -> bool:
        start, end = self.stretches[side]
        return start <= passed < end

    def minutes(self, walked: int) -> set[int]:
        """Those of the walk in which it holds, on either side of a swap."""
        return {passed for start, end in self.stretches for passed in range(max(start, 0), min(end, walked))}

    def person_for_person(self, people: frozenset[str], passed: int) -> frozenset[str]:
        written = self.written
        if "swap" in written and not written.get("open"):
            a, b = (side["person"] for side in written["swap"])
            a_gives = a in people and self.holds(passed, 0)
            b_gives = b in people and self.holds(passed, 1)
            left = people - ({a} if a_gives else NOBODY) - ({b} if b_gives else NOBODY)
            return left | ({b} if a_gives else NOBODY) | ({a} if b_gives else NOBODY)
        if "replace" in written and written["replace"] in people and self.holds(passed):
            return (people - {written["replace"]}) | {written["with"]}
        if "drop" in written and self.holds(passed):
            return people - {written["drop"]}
        return people


def minutes_of(clock: str) -> int:
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)


def turn_of(layer: dict[str, Any]) -> tuple[int, str]:
    count, unit = layer["turn"].split()
    return int(count), unit.rstrip("s")


def dealt(layer: dict[str, Any], openings: list[Stretch]) -> list[Turn]:
    """Turns of n windows each."""
    count = turn_of(layer)[0]
    groups = [openings[first : first + count] for first in range(0, len(openings), count)]
    return [(k, [begin for begin, _ in group], group) for k, group in enumerate(groups)]


def plus_months(wall: int, months: int) -> int:
    """The same day and time so many months on, the day cut to the month's last."""
    start = ORIGIN + wall * MINUTE
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    for day in (start.day, 30, 29, 28):
        try:
            return label(start.replace(year=year, month=month + 1, day=min(day, start.day)))
        except ValueError:
            continue
    raise AssertionError
