"""The part of a rota file that says who turns with whom: rotas, layers, overrides, windows and calendars."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time

from schedules.public_holidays import Calendar, is_code
from schedules.rota import (
    AbsenceMode,
    Add,
    Change,
    Drop,
    Given,
    Layer,
    Override,
    Put,
    Replace,
    Rota,
    Seats,
    Swap,
    Turn,
    Unit,
)
from schedules.toml_lines import Path
from schedules.toml_table import Table, comes_first, shown
from schedules.walltime import is_zone
from schedules.windows import PLUS_DAYS_MAX, Window, parse, parse_clock, parse_days

_TURN = re.compile(r"(\d{1,9}) +(hour|day|week|month|window)s?", re.ASCII)
_PRIORITY_MAX = 1_000_000

_WINDOW_CURE = (
    'write "mon-fri 18:00-09:00", "daily 22:00-07:00", "holiday 00:00-24:00", "fri 18:00 - mon 09:00" '
    'or { days = ["sat"], from = "08:00", to = "20:00" }'
)


@dataclass(frozen=True, slots=True)
class Known:
    """What the names in a file may refer to, and the file's zone."""

    people: tuple[str, ...]
    lines: tuple[str, ...]
    rotas: tuple[str, ...]
    escalations: tuple[str, ...]
    timezone: str


def read_rotas(tables: dict[str, Table], known: Known) -> dict[str, Rota]:
    """The rotas by name, in file order."""
    return {name: _read_rota(name, table, known) for name, table in tables.items()}


def _read_rota(name: str, table: Table, known: Known) -> Rota:
    layers = [_read_layer(each, known) for each in table.tables("layers")]
    overrides = [_read_override(each, known) for each in table.tables("overrides")]
    rota = Rota(
        name=name,
        layers=tuple(layer for layer in layers if layer is not None),
        overrides=tuple(override for override in overrides if override is not None),
        holidays=read_calendar(table),
    )
    table.done()
    return rota


# -- layers --


def _read_layer(table: Table, known: Known) -> Layer | None:
    zone_key = table.text("timezone", known.timezone)
    if not is_zone(zone_key):
        table.note("timezone", "unknown time zone", 'write an IANA name such as "Europe/Lisbon"')
        zone_key = known.timezone
    seats = _read_seats(table, "people", known)
    starts = table.time("starts", zone_key, required=True)
    until = table.time("until", zone_key)
    if starts and until and comes_first(until, starts, table.raw["until"], table.raw["starts"]):
        table.note("until", "end before start", f"write a time after {shown(table.raw['starts'])}")
    windows = read_windows(table, "windows")
    turn = _read_turn(table, windows)
    changes = tuple(
        change for each in table.tables("changes") if (change := _read_change(each, known, zone_key)) is not None
    )
    priority = table.whole("priority", 0, -_PRIORITY_MAX, _PRIORITY_MAX)
    absence = AbsenceMode(table.word("absence", ("gap", "next", "next-whole-turn"), ""))
    table.done()
    if not seats or starts is None or turn is None:
        return None
    return Layer(seats, starts, turn, zone_key, windows, until, priority, absence, changes)


def _read_seats(table: Table, key: str, known: Known) -> Seats:
    seats: list[frozenset[str]] = []
    if table.raw.get(key) == []:
        table.note(key, "no seat", 'write at least one person, or "" for nobody')
    for place, seat in enumerate(table.items(key, required=True)):
        path = (*table.at(key), place)
        if seat == "":
            seats.append(frozenset())
        elif isinstance(seat, str):
            seats.append(_people(table, [(path, seat)], known))
        elif isinstance(seat, list) and all(isinstance(each, str) for each in seat):
            seats.append(_people(table, [((*path, at), each) for at, each in enumerate(seat)], known))
        else:
            table.notes.note(path, seat, "not a seat", 'write a person, several as ["a", "b"], or "" for nobody')
    return tuple(seats)


def _people(table: Table, named: list[tuple[Path, str]], known: Known) -> frozenset[str]:
    for path, name in named:
        if name not in known.people:
            table.notes.unknown(path, "person", name, known.people)
    return frozenset(name for _, name in named)


def _read_turn(table: Table, windows: tuple[Window, ...] | None) -> Turn | None:
    text = table.text("turn", required=True)
    if not isinstance(table.raw.get("turn"), str):
        return None
    found = _TURN.fullmatch(text.strip())
    if not found or int(found[1]) == 0:
        table.note("turn", "not a turn", 'write N hour, day, week, month or window, for example "1 week"')
        return None
    turn = Turn(int(found[1]), Unit(found[2]))
    if turn.unit is Unit.WINDOW and not windows:
        if windows is None and "windows" in table.raw:
            return None  # its windows are already complained about
        table.note("turn", "turns of windows need windows", 'add windows = ["sat 00:00-24:00", …]')
        return None
    return turn


def _read_change(table: Table, known: Known, zone_key: str) -> Change | None:
    at = table.time("at", zone_key, required=True)
    seats = _read_seats(table, "people", known)
    holder = table.name("holder", "person", known.people, required=True)
    table.done()
    if holder and seats and not any(holder in seat for seat in seats):
        table.note("holder", "not in the new order", "name somebody of the change's people")
        return None
    return Change(at, seats, holder) if at and seats and holder else None


# -- windows and calendars --


def read_windows(table: Table, key: str) -> tuple[Window, ...] | None:
    """A list of windows, each in shorthand or as a table; None when the key is not there or is no list."""
    if not isinstance(table.get(key), list):
        table.items(key)
        return None
    windows: list[Window] = []
    for place, raw in enumerate(table.items(key)):
        path = (*table.at(key), place)
        if isinstance(raw, dict):
            window = _read_window(Table(table.notes, path, raw))
            if window is not None:
                windows.append(window)
            continue
        try:
            if not isinstance(raw, str):
                raise ValueError("not a window")
            windows.append(parse(raw))
        except ValueError as error:
            message = "bad window" if str(error) == "not a window" else f"bad window: {error}"
            table.notes.note(path, raw, message, _WINDOW_CURE)
    return tuple(windows)


def _read_window(table: Table) -> Window | None:
    weekdays: frozenset[int] = frozenset()
    on_holidays = False
    days = table.texts("days", required=True)
    try:
        weekdays, on_holidays = parse_days(list(days))
        if not days and table.raw.get("days") == []:
            raise ValueError("it opens on no day")
    except ValueError as error:
        table.note("days", f"bad window: {error}", "write mon, tue, wed, thu, fri, sat, sun or holiday")
    opens, closes = _read_clock(table, "from"), _read_clock(table, "to")
    plus_days = table.whole("plus_days", 0, 0, PLUS_DAYS_MAX)
    except_holidays = table.flag("except_holidays")
    table.done()
    if opens is None or closes is None:
        return None
    if plus_days == 0 and closes < opens:
        table.note("to", "bad window: end before start", "write a later time, or plus_days = 1")
    return Window(weekdays, opens, closes, plus_days, on_holidays, except_holidays)


def _read_clock(table: Table, key: str) -> int | None:
    value = table.get(key, required=True)
    if value is None:
        return None
    try:
        if not isinstance(value, str | time):
            raise ValueError("no time of day")
        return parse_clock(value)
    except ValueError as error:
        table.note(key, f"bad window: {error}", 'write "HH:MM", from "00:00" to "24:00"')
        return None


def read_calendar(table: Table) -> Calendar | None:
    """The `holidays` of a table; None when the key is not there."""
    if table.get("holidays") is None:
        return None
    codes: list[str] = []
    dates: set[date] = set()
    for place, raw in enumerate(table.items("holidays")):
        path = (*table.at("holidays"), place)
        if isinstance(raw, str) and is_code(raw):
            codes.append(raw)
        elif isinstance(raw, date) and not isinstance(raw, datetime):
            dates.add(raw)
        else:
            cure = 'write a country ("IT"), a province ("IT-MI") or a date (2026-12-24)'
            table.notes.note(path, raw, "not a holiday", cure)
    return Calendar(tuple(codes), frozenset(dates))


# -- overrides --


def _read_override(table: Table, known: Known) -> Override | None:
    kinds = [kind for kind in ("put", "replace", "swap", "drop", "add") if kind in table.raw]
    by, why = table.text("by"), table.text("why")
    made = table.get("made")
    if made is not None and not isinstance(made, str | date):
        table.note("made", "not a date or time", "write when it was made: 2026-11-27T18:00:00Z")
    if len(kinds) != 1:
        cure = "write exactly one of put, replace, swap, drop, add; each override in its own [[…overrides]]"
        for key in ("start", "end", "with", "open", *kinds):
            table.get(key)
        table.notes.note(table.path, None, "two kinds of override at once" if kinds else "no kind of override", cure)
        table.done()
        return None
    override = _read_swap(table, known, by, why) if kinds[0] == "swap" else _read_plain(table, known, by, why, kinds[0])
    table.done()
    return override


def _read_plain(table: Table, known: Known, by: str, why: str, kind: str) -> Override | None:
    people: frozenset[str] = frozenset()
    person = stand_in = ""
    if kind in ("put", "add"):
        people = frozenset(table.names(kind, "person", known.people))
    else:
        person = table.name(kind, "person", known.people)
    if kind == "replace":
        stand_in = table.name("with", "person", known.people, required=True)
    stretch = table.stretch(known.timezone)
    if stretch is None:
        return None
    match kind:
        case "put":
            return Put(people, *stretch, by, why)
        case "add":
            return Add(people, *stretch, by, why)
        case "drop":
            return Drop(person, *stretch, by, why)
        case _:
            return Replace(person, stand_in, *stretch, by, why)


def _read_swap(table: Table, known: Known, by: str, why: str) -> Override | None:
    sides = table.tables("swap")
    is_open = table.flag("open")
    if isinstance(table.raw["swap"], list) and len(sides) != 2:
        table.note("swap", "a swap has two sides", "write two { person, start, end }")
    given: list[Given] = []
    for side in sides:
        person = side.name("person", "person", known.people, required=True)
        stretch = side.stretch(known.timezone)
        side.done()
        if person and stretch:
            given.append(Given(person, *stretch))
    return Swap(given[0], given[1], is_open, by, why) if len(given) == 2 else None
