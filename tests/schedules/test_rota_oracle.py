"""The engine against an oracle too simple to be wrong: it walks every turn from the first and every window day by day.

Rotas are drawn around both clock changes and are written as TOML, so that reading is tested on the way.
"""

from datetime import UTC, date, datetime, time, timedelta
from itertools import count, pairwise
from typing import Any
from zoneinfo import ZoneInfo

import tomlkit
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schedules.on_duty import next_handoff, spans, who
from schedules.rota_file import load

PEOPLE = ("ada", "bob", "cat", "dan")
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
HOLIDAYS = [
    date(2026, 3, 25),
    date(2026, 3, 28),
    date(2026, 4, 5),
    date(2026, 4, 6),
    date(2026, 10, 24),
    date(2026, 11, 1),
]
UNITS = {"hour": timedelta(hours=1), "day": timedelta(days=1), "week": timedelta(weeks=1)}

# The shorthand and what it means, spelled out by hand.
SHORTHAND: dict[str, dict[str, Any]] = {
    "mon-fri 18:00-20:00": {"days": list(DAYS[:5]), "from": "18:00", "to": "20:00"},
    "daily 22:00-07:00": {"days": list(DAYS), "from": "22:00", "to": "07:00", "plus_days": 1},
    "holiday 00:00-24:00": {"days": ["holiday"], "from": "00:00", "to": "24:00"},
    "fri 18:00 - mon 09:00": {"days": ["fri"], "from": "18:00", "to": "09:00", "plus_days": 3},
    "sat-sun 02:30-03:00": {"days": ["sat", "sun"], "from": "02:30", "to": "03:00"},
    "sun 02:00-02:30": {"days": ["sun"], "from": "02:00", "to": "02:30"},
    "sat 24:00-02:45": {"days": ["sat"], "from": "24:00", "to": "02:45", "plus_days": 1},
}


# -- the oracle --


def instant(wall: datetime, zone: str) -> datetime:
    if wall.tzinfo is not None:
        return wall.astimezone(UTC)
    return wall.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def clock(day: date, text: str) -> datetime:
    hours, minutes = map(int, text.split(":"))
    return datetime.combine(day, time()) + timedelta(hours=hours, minutes=minutes)


def openings(layer: dict[str, Any], first: date, last: date) -> list[tuple[datetime, int, datetime]]:
    """Every window that opens on a date from `first` to `last`, by beginning, ties in file order."""
    found = []
    day = first
    while day <= last:
        for place, written in enumerate(layer["windows"]):
            window = SHORTHAND[written] if isinstance(written, str) else written
            holiday = day in HOLIDAYS
            if DAYS[day.weekday()] in window["days"] or ("holiday" in window["days"] and holiday):
                if holiday and window.get("except_holidays"):
                    continue
                begin = instant(clock(day, window["from"]), layer["timezone"])
                end = instant(clock(day + timedelta(days=window.get("plus_days", 0)), window["to"]), layer["timezone"])
                if begin < end:
                    found.append((begin, place, end))
        day += timedelta(days=1)
    return sorted(found)


def plus_months(wall: datetime, months: int) -> datetime:
    year, month = divmod(wall.year * 12 + wall.month - 1 + months, 12)
    for day in (wall.day, 30, 29, 28):
        if day <= wall.day:
            try:
                return wall.replace(year=year, month=month + 1, day=day)
            except ValueError:
                continue
    raise AssertionError


def turns(layer: dict[str, Any], until: datetime) -> list[tuple[int, list[tuple[datetime, datetime]], datetime]]:
    """Each turn begun by `until`: its number, its duty intervals, when it begins."""
    amount, unit = layer["turn"].split()
    amount, unit = int(amount), unit.rstrip("s")
    zone, starts = layer["timezone"], layer["starts"]
    first, last = starts.date() - timedelta(days=9), until.date() + timedelta(days=9)
    windows = openings(layer, first, last) if "windows" in layer else None
    out: list[tuple[int, list[tuple[datetime, datetime]], datetime]] = []
    if unit == "window":
        assert windows is not None
        dealt = [(begin, end) for begin, _, end in windows if begin >= instant(starts, zone)]
        for place in range(0, len(dealt), amount):
            group = dealt[place : place + amount]
            out.append((place // amount, group, group[0][0]))
        return out
    for k in count():
        if unit == "month":
            a, b = plus_months(starts, k * amount), plus_months(starts, (k + 1) * amount)
        else:
            a, b = starts + k * amount * UNITS[unit], starts + (k + 1) * amount * UNITS[unit]
        begin, end = instant(a, zone), instant(b, zone)
        duty = [(begin, end)]
        if windows is not None:
            duty = [(max(begin, x), min(end, y)) for x, _, y in windows]
        out.append((k, [(x, y) for x, y in duty if x < y], begin))
        if begin > until + timedelta(days=2):
            return out
    raise AssertionError


def as_seat(raw: Any) -> set[str]:
    return {raw} - {""} if isinstance(raw, str) else set(raw)


def layer_who(layer: dict[str, Any], absences: list[dict[str, Any]], t: datetime) -> set[str]:
    zone = layer["timezone"]
    starts = instant(layer["starts"], zone)
    until = instant(layer["until"], zone) if "until" in layer else datetime.max.replace(tzinfo=UTC)
    if not starts <= t < until:
        return set()
    all_turns = turns(layer, t + timedelta(days=40))
    order, holder_place, k_at = [as_seat(raw) for raw in layer["people"]], 0, 0
    for change in sorted(layer.get("changes", []), key=lambda each: instant(each["at"], zone)):
        at = instant(change["at"], zone)
        if at <= t:
            order = [as_seat(raw) for raw in change["people"]]
            holder_place = [change["holder"] in seat for seat in order].index(True)
            if layer["turn"].endswith("window"):
                begun = [begin for _, duty, _ in all_turns for begin, _ in duty if begin <= at]
                k_at = max(0, len(begun) - 1) // int(layer["turn"].split()[0])
            else:
                k_at = max([k for k, _, begin in all_turns if begin <= at], default=0)
    people: set[str] = set()
    for k, duty, _ in all_turns:
        duty = [(max(starts, a), min(until, b)) for a, b in duty]
        if any(a <= t < b for a, b in duty):
            people |= seat_who(layer.get("absence"), order, holder_place + k - k_at, duty, absences, t)
    return people


def seat_who(
    mode: str | None,
    order: list[set[str]],
    place: int,
    duty: list[tuple[datetime, datetime]],
    absences: list[dict[str, Any]],
    t: datetime,
) -> set[str]:
    absent = set()
    for each in absences if mode else []:
        a, b = instant(each["start"], "Europe/Rome"), instant(each["end"], "Europe/Rome")
        if mode == "next-whole-turn":
            if any(max(a, x) < min(b, y) for x, y in duty):
                absent.add(each["person"])
        elif a <= t < b:
            absent.add(each["person"])
    planned = order[place % len(order)]
    if not planned or mode is None or mode == "gap" or planned - absent:
        return planned - absent
    for step in range(len(order)):
        here = order[(place + step) % len(order)] - absent
        if here:
            return here
    return set()


def oracle(file: dict[str, Any], t: datetime) -> set[str]:
    rota = file["rotas"]["primary"]
    by_priority: dict[int, set[str]] = {}
    for layer in rota["layers"]:
        by_priority.setdefault(layer.get("priority", 0), set()).update(layer_who(layer, file["absences"], t))
    people = next((on for _, on in sorted(by_priority.items(), reverse=True) if on), set())

    def active(each: dict[str, Any]) -> bool:
        return instant(each["start"], "Europe/Rome") <= t < instant(each["end"], "Europe/Rome")

    for each in rota["overrides"]:
        if "swap" in each and not each.get("open"):
            a, b = each["swap"]
            there, back = active(a) and a["person"] in people, active(b) and b["person"] in people
            people = (people - ({a["person"]} if there else set())) - ({b["person"]} if back else set())
            people = people | ({b["person"]} if there else set()) | ({a["person"]} if back else set())
        elif "swap" not in each and active(each):
            if "replace" in each and each["replace"] in people:
                people = (people - {each["replace"]}) | {each["with"]}
            if "drop" in each:
                people = people - {each["drop"]}
    for each in rota["overrides"]:
        if "put" in each and active(each):
            people = set(each["put"])
    for each in rota["overrides"]:
        if "add" in each and active(each):
            people = people | set(each["add"])
    return people


# -- rotas to draw --

AROUND = (datetime(2026, 3, 22), datetime(2026, 10, 18))  # noqa: DTZ001 - wall times
person = st.sampled_from(PEOPLE)
seat = st.one_of(person, person, st.just(""), st.lists(person, min_size=2, max_size=2, unique=True))
clock_text = st.sampled_from(["00:00", "02:00", "02:15", "02:30", "03:00", "09:00", "18:00", "22:30", "24:00"])


@st.composite
def moments(draw: st.DrawFn, around: datetime, days: int = 14) -> datetime:
    wall = around + timedelta(minutes=15 * draw(st.integers(0, days * 96)))
    if draw(st.integers(0, 5)) == 0:  # near the clock change itself
        wall = around + timedelta(days=7, minutes=15 * draw(st.integers(4, 16)))
    if draw(st.integers(0, 7)) == 0:
        wall = wall.replace(tzinfo=draw(st.sampled_from([UTC, ZoneInfo("Europe/Rome")])))
        wall = wall.astimezone(UTC)
    return wall


@st.composite
def stretches(draw: st.DrawFn, around: datetime) -> dict[str, datetime]:
    start = draw(moments(around)).replace(tzinfo=None)
    return {"start": start, "end": start + timedelta(minutes=15 * draw(st.integers(0, 400)))}


@st.composite
def windows(draw: st.DrawFn) -> Any:
    if draw(st.booleans()):
        return draw(st.sampled_from(sorted(SHORTHAND)))
    opens, closes = draw(clock_text), draw(clock_text)
    return {
        "days": draw(st.lists(st.sampled_from([*DAYS, "holiday"]), min_size=1, max_size=4, unique=True)),
        "from": opens,
        "to": closes,
        "plus_days": draw(st.integers(0 if opens <= closes else 1, 3)),
        "except_holidays": draw(st.booleans()),
    }


@st.composite
def layers(draw: st.DrawFn, around: datetime) -> dict[str, Any]:
    unit = draw(st.sampled_from(["hour", "day", "week", "month", "window", "window"]))
    starts = draw(moments(around, 9)).replace(tzinfo=None)
    layer: dict[str, Any] = {
        "people": draw(st.lists(seat, min_size=1, max_size=4)),
        "starts": starts,
        "turn": f"{draw(st.integers(1, 3 if unit != 'hour' else 30))} {unit}",
        "timezone": draw(st.sampled_from(["Europe/Rome", "Europe/Rome", "Europe/Lisbon", "Australia/Lord_Howe"])),
        "priority": draw(st.integers(0, 1)),
    }
    if unit == "window" or draw(st.booleans()):
        layer["windows"] = draw(st.lists(windows(), min_size=1, max_size=3))
    if draw(st.integers(0, 3)) == 0:
        layer["until"] = starts + timedelta(hours=draw(st.integers(0, 300)))
    if mode := draw(st.sampled_from(["", "gap", "next", "next-whole-turn"])):
        layer["absence"] = mode
    if draw(st.integers(0, 2)) == 0:
        people = draw(st.lists(seat, min_size=1, max_size=4).filter(lambda seats: any(as_seat(s) for s in seats)))
        holder = draw(st.sampled_from(sorted(set().union(*map(as_seat, people)))))
        layer["changes"] = [{"at": draw(moments(around)), "people": people, "holder": holder}]
    return layer


@st.composite
def overrides(draw: st.DrawFn, around: datetime) -> dict[str, Any]:
    kind = draw(st.sampled_from(["put", "add", "drop", "replace", "swap"]))
    if kind in ("put", "add"):
        return {kind: draw(st.lists(person, max_size=2, unique=True)), **draw(stretches(around))}
    if kind == "drop":
        return {"drop": draw(person), **draw(stretches(around))}
    if kind == "replace":
        return {"replace": draw(person), "with": draw(person), **draw(stretches(around))}
    sides = [{"person": draw(person), **draw(stretches(around))} for _ in range(2)]
    return {"swap": sides, "open": draw(st.integers(0, 3)) == 0}


@st.composite
def files(draw: st.DrawFn) -> tuple[datetime, dict[str, Any]]:
    around = draw(st.sampled_from(AROUND))
    return around, {
        "timezone": "Europe/Rome",
        "office": {"hours": [], "holidays": HOLIDAYS},
        "people": {name: {"name": name, "signature": name, "role": "lead"} for name in PEOPLE},
        "rotas": {
            "primary": {
                "layers": draw(st.lists(layers(around), min_size=1, max_size=2)),
                "overrides": draw(st.lists(overrides(around), max_size=3)),
            }
        },
        "absences": draw(
            st.lists(st.builds(lambda who, when: {"person": who, **when}, person, stretches(around)), max_size=3)
        ),
    }


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(files(), st.data())
def test_engine_agrees_with_the_oracle(drawn: tuple[datetime, dict[str, Any]], data: st.DataObject) -> None:
    """Whatever is drawn, at every asked minute and at both sides of every cut the two say the same."""
    around, file = drawn
    plan = load(tomlkit.dumps(file))
    begin, end = around.replace(tzinfo=UTC), around.replace(tzinfo=UTC) + timedelta(days=17)
    pieces = spans(plan, "primary", begin, end)
    assert (pieces[0].start, pieces[-1].end) == (begin, end)
    assert all(a.end == b.start and a.who != b.who for a, b in pairwise(pieces))

    offsets = data.draw(st.lists(st.integers(0, 17 * 1440 - 1), min_size=10, max_size=10))
    asked = {begin + timedelta(minutes=minute) for minute in offsets}
    asked |= {around.replace(tzinfo=UTC) + timedelta(days=7, minutes=10 * step) for step in range(24)}
    for piece in pieces[:8]:
        asked |= {piece.start, piece.end - timedelta(seconds=1)}
    for t in sorted(asked):
        expected = oracle(file, t)
        assert who(plan, "primary", t) == expected, t
        piece = next((each for each in pieces if each.start <= t < each.end), None)
        assert piece is None or piece.who == expected, t

    handoff = next_handoff(plan, "primary", begin, timedelta(days=17))
    assert (handoff.at if handoff else end) == pieces[0].end
