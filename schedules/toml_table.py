"""Reading one TOML table key by key: each key asked for is checked, each key never asked for is reported.

A mistake is noted and a harmless stand-in handed back, so that reading goes on and all mistakes come out at once.
"""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time

from schedules.problems import Problem
from schedules.toml_lines import Path, line_of
from schedules.walltime import Moment, moment


@dataclass(slots=True)
class Notes:
    """The mistakes of one file, gathered while it is read."""

    source: str
    lines: dict[Path, int]
    problems: list[Problem] = field(default_factory=list)

    def note(self, path: Path, value: object, message: str, cure: str) -> None:
        """Note one mistake at `path`; `value` None when something is missing there."""
        self.problems.append(
            Problem(self.source, line_of(self.lines, path), written(path), shown(value), message, cure)
        )

    def unknown(self, path: Path, what: str, name: str, known: Iterable[str]) -> None:
        """Note a name that nothing is called by."""
        self.note(path, name, f"unknown {what}", closest(name, known))


def written(path: Path) -> str:
    """A path as it is written in messages: rotas.primary.layers[0].turn."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else ("." if text else "") + part
    return text[:200]


def shown(value: object) -> str:
    """A value as it may be shown in a message: short, on one line, never deeper than one level."""
    if value is None:
        return ""
    if isinstance(value, dict):
        return "{…}"
    if isinstance(value, list):
        return (
            "["
            + ", ".join("[…]" if isinstance(each, list) else shown(each) for each in value[:4])
            + (", …]" if len(value) > 4 else "]")
        )
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, str):
        short = value if len(value) <= 60 else value[:59] + "…"
        return '"' + "".join(c if c.isprintable() else "�" for c in short) + '"'
    if isinstance(value, int) and abs(value) >= 10**20:
        return "a number of more than 20 digits"
    return str(value)[:60]


def closest(name: str, known: Iterable[str]) -> str:
    """The cure for a mistyped name: the nearest known one, else all of them."""
    names = [each for each in known if each]
    if near := difflib.get_close_matches(name[:60], names, 1):
        return f'did you mean "{near[0]}"?'
    if not names:
        return "none is defined"
    return "known: " + ", ".join(names[:12]) + (", …" if len(names) > 12 else "")


class Table:
    """One table of the file. Every reading method notes a mistake and answers its default instead.

    `required` notes a missing key. At the end `done` notes the keys that nobody asked for.
    """

    def __init__(self, notes: Notes, path: Path, raw: object) -> None:
        self.notes = notes
        self.path = path
        if not isinstance(raw, dict):
            notes.note(path, raw, "not a table", "write it as a table with keys")
        self.raw: dict[str, object] = raw if isinstance(raw, dict) else {}
        self._asked: set[str] = set()

    def at(self, key: str) -> Path:
        return (*self.path, key)

    def note(self, key: str, message: str, cure: str) -> None:
        """Note a mistake in the value of `key`."""
        self.notes.note(self.at(key), self.raw.get(key), message, cure)

    def get(self, key: str, *, required: bool = False) -> object | None:
        """The raw value; None when it is not there."""
        self._asked.add(key)
        if key not in self.raw and required:
            self.notes.note(self.at(key), None, "missing", f"add {key} = …")
        return self.raw.get(key)

    def text(self, key: str, default: str = "", *, required: bool = False, length_max: int = 2000) -> str:
        value = self.get(key, required=required)
        if value is None:
            return default
        if not isinstance(value, str):
            self.note(key, "not a text", "write it in quotes")
            return default
        if len(value) > length_max:
            self.note(key, "too long", f"at most {length_max} characters")
        return value

    def word(self, key: str, allowed: tuple[str, ...], default: str) -> str:
        """One of a few words."""
        value = self.text(key, default)
        if value == default or value in allowed:
            return value
        self.note(key, "not one of its values", "allowed: " + ", ".join(allowed))
        return default

    def name(self, key: str, what: str, known: Iterable[str], *, required: bool = False) -> str:
        """The name of something defined elsewhere; "" when it is not there or unknown."""
        value = self.text(key, required=required)
        if key in self.raw and isinstance(self.raw[key], str) and value not in known:
            self.notes.unknown(self.at(key), what, value, known)
            return ""
        return value

    def names(self, key: str, what: str, known: Iterable[str], *, required: bool = False) -> tuple[str, ...]:
        """A list of such names."""
        good = []
        for place, value in enumerate(self.texts(key, required=required)):
            if value in known:
                good.append(value)
            else:
                self.notes.unknown((*self.at(key), place), what, value, known)
        return tuple(good)

    def texts(self, key: str, *, required: bool = False) -> tuple[str, ...]:
        value = self.get(key, required=required)
        if value is None:
            return ()
        if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
            self.note(key, "not a list of texts", f'write {key} = ["…", "…"]')
            return ()
        return tuple(value)

    def items(self, key: str, *, required: bool = False) -> list[object]:
        """A list of anything."""
        value = self.get(key, required=required)
        if value is None:
            return []
        if not isinstance(value, list):
            self.note(key, "not a list", f"write {key} = […]")
            return []
        return value

    def whole(self, key: str, default: int, least: int, most: int) -> int:
        value = self.get(key)
        if value is None:
            return default
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            self.note(key, "not a whole number within bounds", f"write one from {least} to {most}")
            return default
        return value

    def number(self, key: str, default: float, least: float, most: float) -> float:
        value = self.get(key)
        if value is None:
            return default
        # A comparison with NaN is false, so that is refused too; whole numbers of any size compare without overflow.
        if isinstance(value, int | float) and not isinstance(value, bool) and least <= value <= most:
            return float(value)
        self.note(key, "not a number within bounds", f"write one from {least:g} to {most:g}")
        return default

    def flag(self, key: str) -> bool:
        value = self.get(key)
        if value is not None and not isinstance(value, bool):
            self.note(key, "neither true nor false", "write true or false, without quotes")
        return value is True

    def time(self, key: str, zone_key: str, *, required: bool = False) -> Moment | None:
        """A date, wall time or date-time with an offset, read in the zone; None when missing or wrong."""
        value = self.get(key, required=required)
        if value is None:
            return None
        if not isinstance(value, date):
            self.note(key, "not a date or time", "write 2026-11-27T18:00:00 or 2026-11-27, without quotes")
            return None
        return moment(value, zone_key)

    def stretch(self, zone_key: str) -> tuple[datetime, datetime] | None:
        """The instants of `start` and `end`; None when one is missing or wrong, or the end comes first.

        As written the end may not be before the start; an interval that only a clock change empties is let through.
        """
        start = self.time("start", zone_key, required=True)
        end = self.time("end", zone_key, required=True)
        if start is None or end is None:
            return None
        if comes_first(end, start, self.raw["end"], self.raw["start"]):
            self.note("end", "end before start", f"write a time after {shown(self.raw['start'])}")
            return None
        return start.instant, end.instant

    def table(self, key: str, *, required: bool = False) -> "Table | None":
        value = self.get(key, required=required)
        return None if value is None else Table(self.notes, self.at(key), value)

    def tables(self, key: str) -> "list[Table]":
        """An array of tables: [[key]]."""
        return [Table(self.notes, (*self.at(key), place), value) for place, value in enumerate(self.items(key))]

    def named_tables(self, key: str, *, required: bool = False) -> "dict[str, Table]":
        """Tables by name: [key.NAME]."""
        outer = self.table(key, required=required)
        if outer is None:
            return {}
        return {name: Table(self.notes, outer.at(name), value) for name, value in outer.raw.items()}

    def done(self) -> None:
        """Note every key that was never asked for."""
        for key, value in self.raw.items():
            if key not in self._asked:
                self.notes.note(self.at(key), value, "unknown key", closest(key, sorted(self._asked)))


def comes_first(left: Moment, right: Moment, left_raw: object, right_raw: object) -> bool:
    """Whether `left` is before `right`: on the wall when both are wall times, else as instants."""
    if _has_offset(left_raw) or _has_offset(right_raw):
        return left.instant < right.instant
    return left.wall < right.wall


def _has_offset(raw: object) -> bool:
    return isinstance(raw, datetime) and raw.tzinfo is not None
