"""Adding to a rota file without disturbing what people wrote in it.

What is added stands at the end of the text (overrides are read in the order they were made, so that is where it
belongs); comments and order before it stay as they are. Only a file that lists its overrides in one inline array is
edited in place.
"""

import tomllib
from collections.abc import Mapping
from datetime import UTC, datetime

import tomlkit
from tomlkit.items import Item, Table

from schedules.rota import Absence, Add, Drop, Given, Override, Put, Replace, Swap
from schedules.walltime import from_us, to_us, wall_us, zone


def add_override(text: str, rota: str, override: Override, made: datetime | None = None) -> str:
    """The file with one more override of `rota`, as the latest made.

    text: a file that loads. made: aware, when the override was made, or None to leave that out.
    Raises: KeyError for a rota the file does not have.
    """
    raw = tomllib.loads(text.removeprefix("\ufeff"))
    if rota not in raw["rotas"]:
        raise KeyError(rota)
    return _append(text, ("rotas", rota, "overrides"), _override_table(override, raw["timezone"], made))


def add_absence(text: str, absence: Absence, made: datetime | None = None) -> str:
    """The file with one more absence. text: a file that loads. made: as in `add_override`."""
    raw = tomllib.loads(text.removeprefix("\ufeff"))
    table = tomlkit.table()
    table["person"] = absence.person
    _put_stretch(table, absence.start, absence.end, raw["timezone"])
    _put_reason(table, absence.by, absence.why, made)
    return _append(text, ("absences",), table)


def _append(text: str, path: tuple[str, ...], table: Table) -> str:
    header = ".".join(tomlkit.key(part).as_string() for part in path)
    body = "\n".join(line for line in tomlkit.dumps(table).splitlines() if line)
    longer = f"{text.rstrip()}\n\n[[{header}]]\n{body}\n"
    try:
        tomllib.loads(longer.removeprefix("\ufeff"))
    except tomllib.TOMLDecodeError:
        return _append_inline(text, path, table)
    return longer


def _append_inline(text: str, path: tuple[str, ...], table: Table) -> str:
    """For `overrides = [{ … }]` or a rota that is an inline table: TOML lets nobody add to those from outside."""
    document = tomlkit.parse(text)
    around = document
    for part in path[:-1]:
        around = around[part]
    if path[-1] not in around:
        around[path[-1]] = tomlkit.array()
    entry = tomlkit.inline_table()
    entry.update(table)
    around[path[-1]].append(entry)
    return tomlkit.dumps(document)


def _override_table(override: Override, zone_key: str, made: datetime | None) -> Table:
    table = tomlkit.table()
    match override:
        case Put():
            table["put"] = sorted(override.people)
        case Add():
            table["add"] = sorted(override.people)
        case Drop():
            table["drop"] = override.person
        case Replace():
            table["replace"] = override.person
            table["with"] = override.stand_in
        case Swap():
            sides = tomlkit.array()
            for given in (override.first, override.second):
                sides.append(_side(given, zone_key))
            table["swap"] = sides
            if override.open:
                table["open"] = True
    if not isinstance(override, Swap):
        _put_stretch(table, override.start, override.end, zone_key)
    _put_reason(table, override.by, override.why, made)
    return table


def _side(given: Given, zone_key: str) -> Item:
    side = tomlkit.inline_table()
    side["person"] = given.person
    side["start"] = _as_written(given.start, zone_key)
    side["end"] = _as_written(given.end, zone_key)
    return side


def _put_stretch(table: Table, start: datetime, end: datetime, zone_key: str) -> None:
    table["start"] = _as_written(start, zone_key)
    table["end"] = _as_written(end, zone_key)


def _put_reason(table: Table, by: str, why: str, made: datetime | None) -> None:
    said: Mapping[str, str] = {"by": by, "why": why}
    for key, value in said.items():
        if value:
            table[key] = value
    if made is not None:
        table["made"] = made.astimezone(UTC).replace(microsecond=0)


def _as_written(instant: datetime, zone_key: str) -> datetime:
    """The wall time in the file's zone where it means just this instant, else UTC (the second of two 02:30)."""
    here = zone(zone_key)
    wall = from_us(here.wall(to_us(instant))).replace(tzinfo=None)
    return wall if here.instant(wall_us(wall)) == to_us(instant) else instant.astimezone(UTC)
