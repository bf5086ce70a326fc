"""Rota files drawn at random, every feature of ROTA.md mixed, around the nights on which clocks move."""

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

from hypothesis import strategies as st
from minute_oracle import DAYS, SHORTHAND, minutes_of
from wall_walk import CLOCKS, DAY, MINUTE, ORIGIN, label

Scene = tuple[datetime, int]
"""When the walk begins (Greenwich time, naive) and how many days it lasts."""


def _scene(begin: str, days: int) -> Scene:
    return datetime.fromisoformat(begin), days


# Both moves of Rome's and Lisbon's clocks in three years; New York's, Lord Howe's, Santiago's; year's ends; leap day.
SCENES = {
    "rome-forward-2026": _scene("2026-03-26", 5),
    "rome-forward-2027": _scene("2027-03-25", 5),
    "rome-forward-2028": _scene("2028-03-23", 5),
    "rome-back-2026": _scene("2026-10-22", 5),
    "rome-back-2027": _scene("2027-10-28", 5),
    "rome-back-2028": _scene("2028-10-26", 5),
    "rome-and-lord-howe-in-spring": _scene("2026-03-25", 12),
    "rome-and-new-york-in-autumn": _scene("2026-10-22", 12),
    "new-york-forward": _scene("2027-03-11", 5),
    "new-york-back": _scene("2027-11-03", 5),
    "lord-howe-and-santiago-back": _scene("2026-04-01", 6),
    "lord-howe-forward": _scene("2026-09-30", 6),
    "santiago-forward": _scene("2026-09-03", 5),
    "christmas-and-new-year": _scene("2026-12-23", 12),
    "leap-year-begins": _scene("2027-12-30", 4),
    "leap-day": _scene("2028-02-26", 6),
}
PEOPLE = ("ada", "bob", "cat", "dan")
OFFSETS = [UTC, timezone(timedelta(hours=1)), timezone(timedelta(hours=-4)), timezone(timedelta(minutes=630))]
NEAR = (-120, -61, -60, -59, -31, -30, -15, -1, 0, 1, 7, 15, 29, 30, 31, 45, 59, 60, 61, 75, 90, 120)

person = st.sampled_from(PEOPLE)
seat = st.one_of(person, person, person, st.just(""), st.lists(person, min_size=2, max_size=3, unique=True))
seats = st.lists(seat, min_size=1, max_size=4)
some_seats = seats.filter(lambda drawn: any(drawn))
zones = st.sampled_from(
    ["Europe/Rome", "Europe/Rome", "Europe/Lisbon", "America/New_York", "Australia/Lord_Howe", "America/Santiago"]
)
homes = st.sampled_from(["Europe/Rome", "Europe/Rome", "America/New_York", "Australia/Lord_Howe", "America/Santiago"])
CLOCK_TEXTS = ("00:00", "00:30", "01:45", "02:00", "02:30", "03:00", "09:00", "18:00", "23:00", "24:00")
clock_texts = st.sampled_from(CLOCK_TEXTS)


@st.composite
def walls(draw: st.DrawFn, scene: Scene, zone: str) -> datetime:
    """A wall time of the scene: when windows open and close, at any minute, or near the zone's moves of the clock."""
    begin, days = scene
    first = label(begin)
    near = [label(datetime.fromisoformat(before)) for before, _ in CLOCKS[zone].moved]
    near = [move for move in near if first < move < first + days * DAY]
    kind = draw(st.sampled_from(["clock", "clock", "minute", "move", "move"]))
    if kind == "move" and near:
        return ORIGIN + (draw(st.sampled_from(near)) + draw(st.sampled_from(NEAR))) * MINUTE
    if kind == "minute":
        return ORIGIN + (first + draw(st.integers(-DAY, days * DAY))) * MINUTE
    return ORIGIN + (first // DAY * DAY + draw(st.integers(-1, days)) * DAY + minutes_of(draw(clock_texts))) * MINUTE


@st.composite
def moments(draw: st.DrawFn, scene: Scene, zone: str) -> Any:
    """As one may write it in the file: a wall time, seldom with an offset, seldom a bare date."""
    wall = draw(walls(scene, zone))
    form = draw(st.sampled_from(["wall"] * 6 + ["offset", "date"]))
    if form == "offset":
        offset = draw(st.sampled_from(OFFSETS))
        return wall.replace(tzinfo=UTC).astimezone(offset)
    return wall.date() if form == "date" else wall


def _instantly(value: Any) -> bool:
    return isinstance(value, datetime) and value.tzinfo is not None


@st.composite
def stretches(draw: st.DrawFn, scene: Scene, zone: str) -> dict[str, Any]:
    """Start and end, not the wrong way round as written, and over when the scene is."""
    begin, days = scene
    start = draw(moments(scene, zone))
    if _instantly(start):
        return {"start": start, "end": start + draw(st.integers(0, 2 * DAY)) * MINUTE}
    length = st.integers(0, 3 * DAY).map(lambda minutes: _as_wall(start) + minutes * MINUTE)
    end = draw(st.one_of(walls(scene, zone), length))
    last = begin + timedelta(days=days)
    return {"start": start, "end": max(min(end, last), _as_wall(start))}


def _as_wall(value: Any) -> datetime:
    if isinstance(value, datetime):
        return value
    return datetime(value.year, value.month, value.day)  # noqa: DTZ001 - a bare date is 00:00


@st.composite
def windows(draw: st.DrawFn) -> Any:
    if draw(st.booleans()):
        return draw(st.sampled_from(sorted(SHORTHAND)))
    opens, closes = draw(clock_texts), draw(clock_texts)
    return {
        "days": draw(st.lists(st.sampled_from([*DAYS, "holiday"]), min_size=1, max_size=4, unique=True)),
        "from": opens,
        "to": closes,
        "plus_days": draw(st.integers(0 if opens <= closes else 1, 3)),
        "except_holidays": draw(st.booleans()),
    }


@st.composite
def turns(draw: st.DrawFn, scene: Scene, zone: str) -> dict[str, Any]:
    """`turn` and `starts`: turns of the clock may have begun long ago, months on any of their last days."""
    unit = draw(st.sampled_from(["hour", "day", "day", "week", "month", "window", "window", "window"]))
    count = draw(st.integers(1, {"hour": 30, "day": 3, "week": 2, "month": 2, "window": 3}[unit]))
    starts = draw(moments(scene, zone))
    if not _instantly(starts):
        if unit == "month":
            begin, _ = scene
            starts = _as_wall(starts).replace(year=begin.year - 1, month=12, day=draw(st.integers(26, 31)))
        elif unit != "window" and draw(st.booleans()):
            starts = starts - timedelta(days=draw(st.integers(1, 40)))
    return {"turn": f"{count} {unit}{'s' if count > 1 else ''}", "starts": starts}


@st.composite
def layers(draw: st.DrawFn, scene: Scene, home: str) -> dict[str, Any]:
    zone = draw(st.one_of(st.just(home), zones))
    layer = {"people": draw(seats), **draw(turns(scene, zone))}
    if zone != home:
        layer["timezone"] = zone
    if priority := draw(st.sampled_from([0, 0, 1, 5, -3])):
        layer["priority"] = priority
    if "window" in layer["turn"] or draw(st.booleans()):
        layer["windows"] = draw(st.lists(windows(), min_size=1, max_size=3))
    if draw(st.integers(0, 3)) == 0 and not _instantly(layer["starts"]):
        layer["until"] = max(draw(walls(scene, zone)), _as_wall(layer["starts"]))
    if mode := draw(st.sampled_from(["", "gap", "next", "next-whole-turn"])):
        layer["absence"] = mode
    changes = []
    for _ in range(draw(st.sampled_from([0, 0, 1, 1, 2]))):
        people = draw(some_seats)
        named = sorted({name for its in people for name in ([its] if isinstance(its, str) else its)} - {""})
        changes.append({"at": draw(moments(scene, zone)), "people": people, "holder": draw(st.sampled_from(named))})
    if changes:
        layer["changes"] = changes
    return layer


@st.composite
def overrides(draw: st.DrawFn, scene: Scene, home: str) -> dict[str, Any]:
    kind = draw(st.sampled_from(["put", "add", "drop", "replace", "replace", "swap", "swap"]))
    if kind == "swap":
        sides = [{"person": draw(person), **draw(stretches(scene, home))} for _ in range(2)]
        return {"swap": sides, "open": draw(st.integers(0, 4)) == 0}
    written = draw(stretches(scene, home))
    if kind in ("put", "add"):
        return {kind: draw(st.lists(person, max_size=2, unique=True)), **written}
    if kind == "drop":
        return {"drop": draw(person), **written}
    return {"replace": draw(person), "with": draw(person), **written}


@st.composite
def calendars(draw: st.DrawFn, scene: Scene) -> list[Any]:
    begin, days = scene
    dates = st.integers(-1, days).map(lambda after: (begin + timedelta(days=after)).date())
    drawn: list[str | date] = list(draw(st.sampled_from([["IT"], ["IT", "IT-MI"], []])))
    return [*drawn, *draw(st.lists(dates, max_size=3))]


@st.composite
def files(draw: st.DrawFn, scene: Scene) -> dict[str, Any]:
    """A file as TOML has it, whose one rota is called primary."""
    home = draw(homes)
    people: dict[str, Any] = {name: {"name": name, "signature": name, "role": "lead"} for name in PEOPLE}
    people["bob"]["holidays"] = draw(calendars(scene))
    rota: dict[str, Any] = {
        "layers": draw(st.lists(layers(scene, home), min_size=1, max_size=3)),
        "overrides": draw(st.lists(overrides(scene, home), max_size=5)),
    }
    if draw(st.integers(0, 3)) == 0:
        rota["holidays"] = draw(calendars(scene))
    absences = st.builds(lambda who, when: {"person": who, **when}, person, stretches(scene, home))
    return {
        "timezone": home,
        "office": {"hours": draw(st.lists(windows(), max_size=3)), "holidays": draw(calendars(scene))},
        "people": people,
        "rotas": {"primary": rota},
        "absences": draw(st.lists(absences, max_size=4)),
    }
