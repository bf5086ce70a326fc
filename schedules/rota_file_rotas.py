"""The part of a rota file that says who turns with whom: rotas, layers, changes and overrides."""

import re
from datetime import date

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
from schedules.rota_file_known import Known, read_zone
from schedules.rota_file_times import read_calendar, read_windows
from schedules.rota_limits import CHANGES_MAX, LAYERS_MAX, OVERRIDES_MAX, PRIORITY_MAX, TURN_MAX
from schedules.toml_lines import Path
from schedules.toml_notes import nearest, shown
from schedules.toml_table import Table, comes_first
from schedules.windows import Window

_TURN = re.compile(r"(\d{1,9}) +(hour|day|week|month|window)s?", re.ASCII)
_NEARLY_A_TURN = re.compile(r"-?(\d{0,20}[.,/]?\d{0,20}) *(hour|day|week|month|window)s?", re.ASCII)
_TURN_CURE = 'write N hour, day, week, month or window, for example "1 week"'
_SHORT_TURNS = {"hourly": "1 hour", "daily": "1 day", "weekly": "1 week", "monthly": "1 month"}
_UNITS_IN_ITALIAN = {
    "ora": "hour",
    "ore": "hour",
    "giorno": "day",
    "giorni": "day",
    "settimana": "week",
    "settimane": "week",
    "mese": "month",
    "mesi": "month",
}
_KINDS = ("put", "replace", "swap", "drop", "add")
_PEOPLE = '["giulia", "sara"]'
_SIDE = '{ person = "giulia", start = 2027-01-02, end = 2027-01-03 }'


def read_rotas(tables: dict[str, Table], known: Known) -> dict[str, Rota]:
    """The rotas by name, in file order."""
    return {name: _read_rota(name, table, known) for name, table in tables.items()}


def _read_rota(name: str, table: Table, known: Known) -> Rota:
    known.check_name(table, name)
    layers = [_read_layer(each, known) for each in table.tables("layers", LAYERS_MAX)]
    overrides = [_read_override(each, known) for each in table.tables("overrides", OVERRIDES_MAX)]
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
    zone_key = read_zone(table, known.timezone)
    seats = _read_seats(table, "people", known)
    starts = table.time("starts", zone_key, required=True)
    until = table.time("until", zone_key)
    if starts and until and comes_first(until, starts, table.raw["until"], table.raw["starts"]):
        table.note("until", "end before start", f"write a time after {shown(table.raw['starts'])}")
    windows = read_windows(table, "windows")
    turn = _read_turn(table, windows)
    changes = [_read_change(each, known, zone_key) for each in table.tables("changes", CHANGES_MAX)]
    priority = table.whole("priority", 0, -PRIORITY_MAX, PRIORITY_MAX)
    absence = AbsenceMode(table.word("absence", ("gap", "next", "next-whole-turn"), ""))
    table.done()
    if not seats or starts is None or turn is None:
        return None
    return Layer(seats, starts, turn, zone_key, windows, until, priority, absence, tuple(filter(None, changes)))


def _read_seats(table: Table, key: str, known: Known) -> Seats:
    seats: list[frozenset[str]] = []
    if table.raw.get(key) == []:
        table.note(key, "no seat", 'write at least one person, or "" for nobody')
    for place, seat in enumerate(table.items(key, required=True, example=_PEOPLE)):
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
    text = table.text("turn", required=True, example='"1 week"').strip().lower()
    if not isinstance(table.raw.get("turn"), str):
        return None
    found = _TURN.fullmatch(text)
    if not found or not 1 <= int(found[1]) <= TURN_MAX:
        table.note("turn", "not a turn", _turn_cure(text))
        return None
    turn = Turn(int(found[1]), Unit(found[2]))
    if turn.unit is Unit.WINDOW and not windows:
        if windows is None and "windows" in table.raw:
            return None  # its windows are already complained about
        table.note("turn", "turns of windows need windows", 'add windows = ["sat 00:00-24:00", …]')
        return None
    return turn


def _turn_cure(text: str) -> str:
    if text in _SHORT_TURNS:
        return f'write "{_SHORT_TURNS[text]}"'
    found = _NEARLY_A_TURN.fullmatch(text)
    if not found:
        amount, _, word = text.partition(" ")
        unit = nearest(_UNITS_IN_ITALIAN.get(word, word), list(Unit))
        return f'did you mean "{amount} {unit}"?' if unit and re.fullmatch("[1-9][0-9]{0,4}", amount) else _TURN_CURE
    if found[1] and not found[1].isdigit():
        return 'write a whole number of smaller units, for example "36 hours"'
    number = int(found[1] or 1)
    if not 1 <= number <= TURN_MAX:
        return f'write a number from 1 to {TURN_MAX}: "1 {found[2]}"'
    return f'write "{number} {found[2]}"'


def _read_change(table: Table, known: Known, zone_key: str) -> Change | None:
    at = table.time("at", zone_key, required=True)
    seats = _read_seats(table, "people", known)
    holder = table.name("holder", "person", known.people, required=True, example='"giulia"')
    table.done()
    if holder and seats and not any(holder in seat for seat in seats):
        table.note("holder", "not in the new order", "name somebody of the change's people")
        return None
    return Change(at, seats, holder) if at and seats and holder else None


# -- overrides --


def _read_override(table: Table, known: Known) -> Override | None:
    kinds = [kind for kind in _KINDS if kind in table.raw]
    by, why = read_reason(table)
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


def read_reason(table: Table) -> tuple[str, str]:
    """Who made an override or absence and why, "" when it does not say; when it was made is checked and left."""
    made = table.get("made")
    if made is not None and not isinstance(made, str | date):
        table.note("made", "not a date or time", "write when it was made: 2026-11-27T18:00:00Z")
    return table.text("by"), table.text("why")


def _read_plain(table: Table, known: Known, by: str, why: str, kind: str) -> Override | None:
    people: frozenset[str] = frozenset()
    person = stand_in = ""
    if kind in ("put", "add"):
        people = frozenset(table.names(kind, "person", known.people, example='["giulia"]'))
    else:
        person = table.name(kind, "person", known.people, example='"giulia"')
    if kind == "replace":
        stand_in = table.name("with", "person", known.people, required=True, example='"sara"')
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
    sides = table.tables("swap", 2, example=_SIDE)
    is_open = table.flag("open")
    if isinstance(table.raw["swap"], list) and len(sides) < 2:
        table.note("swap", "a swap has two sides", f"write two of {_SIDE}")
    given: list[Given] = []
    for side in sides:
        person = side.name("person", "person", known.people, required=True, example='"giulia"')
        stretch = side.stretch(known.timezone)
        side.done()
        if person and stretch:
            given.append(Given(person, *stretch))
    return Swap(given[0], given[1], is_open, by, why) if len(given) == 2 else None
