"""Adding to a rota file, and taking out of it, without disturbing what people wrote in it.

What is added stands at the end of the text (overrides are read in the order they were made, so that is where it
belongs); comments and order before it stay as they are. What is taken out leaves the text as if it had never been
added: byte for byte, when it was added here. Only a file that lists its overrides in one inline array is edited in
place.
"""

import tomllib
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import Item, Table

from schedules.rota import Absence, Add, Drop, Given, Override, Put, Replace, Swap
from schedules.toml_lines import lines_of
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


def without_override(text: str, rota: str, place: int) -> str:
    """The file without the override of `rota` that stands at `place` (from 0, in file order).

    text: a file that loads. Raises: LookupError when there is none; ValueError when it is written in a way that only a
    person can take apart.
    """
    return _without(text, ("rotas", rota, "overrides"), place)


def without_absence(text: str, place: int) -> str:
    """The file without the absence that stands at `place` (from 0). Otherwise as `without_override`."""
    return _without(text, ("absences",), place)


def _append(text: str, path: tuple[str, ...], table: Table) -> str:
    header = ".".join(tomlkit.key(part).as_string() for part in path)
    ends = "\r\n" if "\r\n" in text else "\n"
    # Not splitlines: what people write as a reason may hold characters that it takes for line ends.
    block = ends.join([f"[[{header}]]", *(line for line in tomlkit.dumps(table).split("\n") if line)])
    # A text that does not end its last line does not end ours either: so `_cut` knows what to give back.
    longer = f"{text}{ends}{block}{ends}" if text.endswith("\n") else f"{text}{ends}{ends}{block}"
    try:
        tomllib.loads(longer.removeprefix("\ufeff"))
    except tomllib.TOMLDecodeError:
        return _append_inline(text, path, table)
    return longer


def _append_inline(text: str, path: tuple[str, ...], table: Table) -> str:
    """For `overrides = [{ … }]` or a rota that is an inline table: TOML lets nobody add to those from outside."""
    document = tomlkit.parse(text)
    around = _at(document, path[:-1])
    if path[-1] not in around:
        around[path[-1]] = tomlkit.array()
    entry = tomlkit.inline_table()
    entry.update(table)
    around[path[-1]].append(entry)
    return tomlkit.dumps(document)


def _without(text: str, path: tuple[str, ...], place: int) -> str:
    wanted = tomllib.loads(text.removeprefix("\ufeff"))
    try:
        del _at(wanted, path)[place]
    except (KeyError, IndexError):
        raise LookupError(f"{'.'.join(path)}[{place}]") from None
    shorter = _cut(text, (*path, place))
    if shorter is not None and _same(shorter, wanted, path):
        return shorter
    try:
        # An inline array.
        document = tomlkit.parse(text)
        del _at(document, path)[place]
        shorter = tomlkit.dumps(document)
    except TOMLKitError:
        shorter = ""
    if not _same(shorter, wanted, path):
        # Pieces of other tables between its own, say.
        raise ValueError(f"{'.'.join(path)}[{place}] is written in a way that only a person can take apart")
    return shorter


def _cut(text: str, path: tuple[str | int, ...]) -> str | None:
    """The text without the lines of the block at `path` and the blank one before it; None when it is no block."""
    own = [line for each, line in lines_of(text).items() if each[: len(path)] == path]
    lines = text.split("\n")
    if not own or not lines[min(own) - 1].lstrip().startswith("[["):
        return None
    first, last = min(own) - 1, max(own)
    # The last value may go on over several lines: the block has ended when it can be read by itself.
    while last <= len(lines) and not _is_toml("\n".join([*lines[first:last], ""])):
        last += 1
    if first and not lines[first - 1].strip():
        first -= 1
    kept = lines[:first] + lines[last:]
    if last >= len(lines) and kept:
        kept[-1] = kept[-1].removesuffix("\r")
    return "\n".join(kept)


def _same(text: str, wanted: dict[str, Any], path: tuple[str, ...]) -> bool:
    """Whether the text says just what is wanted; an array that is empty now may be missing."""
    try:
        found = tomllib.loads(text.removeprefix("\ufeff"))
        if not _at(wanted, path):
            around = _at(found, path[:-1])
            around.setdefault(path[-1], [])
    except (tomllib.TOMLDecodeError, KeyError):
        return False
    return found == wanted


def _at(around: Any, path: tuple[str, ...]) -> Any:
    for part in path:
        around = around[part]
    return around


def _is_toml(text: str) -> bool:
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return False
    return True


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
