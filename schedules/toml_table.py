"""Reading one TOML table key by key: each key asked for is checked, each key never asked for is reported.

A mistake is noted and a harmless stand-in handed back, so that reading goes on and all mistakes come out at once.
"""

import re
from collections.abc import Iterable
from datetime import date, datetime, time

from schedules.rota_limits import NAME_LENGTH_MAX, SEATS_MAX, SENTENCE_LENGTH_MAX
from schedules.toml_lines import Path
from schedules.toml_notes import Notes, header, shown
from schedules.walltime import Moment, moment

# Controls, and what makes a line run the other way; letters that do so by themselves are fine.
_STEERS = re.compile(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_TIME = "2026-11-27T18:00:00"


class Table:
    """One table of the file. Every reading method notes a mistake and answers its default instead.

    `required` notes a missing key; `example` is the value its cure shows. At the end `done` notes the keys that nobody
    asked for.
    """

    def __init__(self, notes: Notes, path: Path, raw: object, example: str = "") -> None:
        self.notes = notes
        self.path = path
        self._is_table = isinstance(raw, dict)
        if not self._is_table:
            several = isinstance(raw, list) and bool(raw) and all(isinstance(each, dict) for each in raw)
            how = "with single brackets" if several else "above its keys"
            notes.note(path, raw, "not a table", f"write {example or f'{header(path)} {how}'}")
        self.raw: dict[str, object] = raw if isinstance(raw, dict) else {}
        self._asked: set[str] = set()

    def at(self, key: str) -> Path:
        return (*self.path, key)

    def note(self, key: str, message: str, cure: str) -> None:
        """Note a mistake in the value of a key."""
        self.notes.note(self.at(key), self.raw.get(key), message, cure)

    def get(self, key: str, *, required: bool = False, example: str = "…") -> object | None:
        """The raw value; None when it is not there."""
        self._asked.add(key)
        if key not in self.raw and required and self._is_table:
            self.notes.note(self.at(key), None, "missing", f"add {key} = {example}")
        return self.raw.get(key)

    # -- texts and names --

    def text(
        self,
        key: str,
        default: str = "",
        *,
        required: bool = False,
        example: str = '"…"',
        length_max: int = SENTENCE_LENGTH_MAX,
    ) -> str:
        value = self.get(key, required=required, example=example)
        if value is None:
            return default
        if not isinstance(value, str):
            written = example if isinstance(value, dict | list) else f'"{shown(value)}"'
            self.note(key, "not a text", f"write it in quotes: {key} = {written}")
            return default
        if len(value) > length_max:
            self.note(key, "too long", f"at most {length_max} characters")
        return value

    def name_shown(self, key: str, default: str, *, example: str = '"…"') -> str:
        """A name that people read, on one line and never empty; refused with what would steer a terminal or turn the
        line around."""
        value = " ".join(self.text(key, default, example=example, length_max=NAME_LENGTH_MAX).split()) or default
        odd = _STEERS.search(value)
        if odd is not None and value != default:
            self.note(key, f"a character that cannot be seen (U+{ord(odd[0]):04X})", "leave it out")
        return value

    def word(self, key: str, allowed: tuple[str, ...], default: str) -> str:
        """One of a few words."""
        value = self.text(key, default, example=f'"{allowed[0]}"')
        if value == default or value in allowed:
            return value
        self.note(key, "not one of its values", "allowed: " + ", ".join(allowed))
        return default

    def name(self, key: str, what: str, known: Iterable[str], *, required: bool = False, example: str = '"…"') -> str:
        """The name of something defined elsewhere; "" when it is not there or unknown."""
        value = self.text(key, required=required, example=example)
        if key in self.raw and isinstance(self.raw[key], str) and value not in known:
            self.notes.unknown(self.at(key), what, value, known)
            return ""
        return value

    def names(
        self, key: str, what: str, known: Iterable[str], *, required: bool = False, example: str = '["…"]'
    ) -> tuple[str, ...]:
        """A list of such names."""
        good = []
        for path, value in self.texts(key, required=required, example=example):
            if value in known:
                good.append(value)
            else:
                self.notes.unknown(path, what, value, known)
        return tuple(good)

    def texts(self, key: str, *, required: bool = False, example: str = '["…"]') -> list[tuple[Path, str]]:
        """A list of texts, each with its place; entries that are none are noted and left out."""
        good = []
        for place, value in enumerate(self.items(key, required=required, example=example)):
            path = (*self.at(key), place)
            if isinstance(value, str):
                good.append((path, value))
            else:
                bare = isinstance(value, dict | list)
                cure = f"write {key} = {example}" if bare else f'write it in quotes: "{shown(value)}"'
                self.notes.note(path, value, "not a text", cure)
        return good

    def items(self, key: str, *, required: bool = False, example: str = "[…]", most: int = SEATS_MAX) -> list[object]:
        """A list of anything, at most the first `most` entries of it."""
        value = self.get(key, required=required, example=example)
        if value is None:
            return []
        if not isinstance(value, list):
            written = f"[{shown(value)}]" if isinstance(value, str) and value else example
            self.note(key, "not a list", f"write {key} = {written}")
            return []
        if len(value) > most:
            self._too_many(key, len(value), most)
        return value[:most]

    def _too_many(self, key: str, count: int, most: int) -> None:
        self.note(key, f"too many: {count}", f"at most {most}; take out what is over or not needed")

    # -- numbers, times --

    def whole(self, key: str, default: int, least: int, most: int) -> int:
        value = self.get(key)
        if value is None:
            return default
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            self._out_of_bounds(key, "not a whole number within bounds", f"{least} to {most}")
            return default
        return value

    def number(self, key: str, default: float, least: float, most: float) -> float:
        value = self.get(key)
        if value is None:
            return default
        # A comparison with NaN is false, so that is refused too; whole numbers of any size compare without overflow.
        if isinstance(value, int | float) and not isinstance(value, bool) and least <= value <= most:
            return float(value)
        self._out_of_bounds(key, "not a number within bounds", f"{least:g} to {most:g}")
        return default

    def _out_of_bounds(self, key: str, message: str, bounds: str) -> None:
        self.note(key, message, f"write one from {bounds}{', without quotes' * isinstance(self.raw[key], str)}")

    def flag(self, key: str) -> bool:
        value = self.get(key)
        if value is not None and not isinstance(value, bool):
            self.note(key, "neither true nor false", "write true or false, without quotes")
        return value is True

    def time(self, key: str, zone_key: str, *, required: bool = False) -> Moment | None:
        """A date, wall time or date-time with an offset, read in the zone; None when missing or wrong."""
        value = self.get(key, required=required, example=_TIME)
        if value is None:
            return None
        if not isinstance(value, date):
            message = "a time without its date" if isinstance(value, time) else "not a date or time"
            self.note(key, message, f"write {_TIME} or {_TIME[:10]}, without quotes")
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

    # -- tables within --

    def table(self, key: str) -> "Table | None":
        value = self.get(key)
        return None if value is None else Table(self.notes, self.at(key), value)

    def tables(self, key: str, most: int, *, example: str = "") -> "list[Table]":
        """An array of tables: [[key]], at most the first `most` of them. example: one of them, where they are short."""
        several = header((*self.at(key), 0))
        if isinstance(self.get(key), dict) and not example:
            self.note(key, "not a list of tables", f"write {several} with double brackets")
            return []
        values = self.items(
            key, example=(example and f"[{example}, …]") or f"[…], or each under its own {several}", most=most
        )
        return [Table(self.notes, (*self.at(key), place), value, example) for place, value in enumerate(values)]

    def named_tables(self, key: str, most: int, *, required: str = "") -> "dict[str, Table]":
        """Tables by name: [key.NAME], at most the first `most` of them. required: what to add when there is none."""
        value = self.get(key)
        if value is None:
            if required:
                self.notes.note(self.at(key), None, "missing", f"add a {required}")
            return {}
        if not isinstance(value, dict):
            self.note(key, "not a table", f"write each under its own [{key}.NAME]")
            return {}
        if len(value) > most:
            self._too_many(key, len(value), most)
        return {name: Table(self.notes, (*self.at(key), name), value[name]) for name in list(value)[:most]}

    def done(self) -> None:
        """Note every key that was never asked for."""
        for key, value in self.raw.items():
            if key not in self._asked:
                self.notes.unknown_key(self.at(key), value, self._asked)


def comes_first(left: Moment, right: Moment, left_raw: object, right_raw: object) -> bool:
    """Whether `left` is before `right`: on the wall when both are wall times, else as instants."""
    if _has_offset(left_raw) or _has_offset(right_raw):
        return left.instant < right.instant
    return left.wall < right.wall


def _has_offset(raw: object) -> bool:
    return isinstance(raw, datetime) and raw.tzinfo is not None
