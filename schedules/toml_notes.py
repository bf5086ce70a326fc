"""The mistakes of one file, gathered while it is read, and how places and values are written in them.

What is shown was written by somebody else: it is cut to one short line, and nothing in it can steer a terminal.
"""

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, time

from schedules.problems import Problem
from schedules.rota_limits import NOTED_MAX
from schedules.toml_lines import Path, line_of

_SHOWN_MAX = 60
_SAID_MAX = 800


@dataclass(slots=True)
class Notes:
    """homes: for a key that people put into the wrong table, where it belongs, in words.

    count: all mistakes; problems: those that are kept to be told.
    """

    source: str
    lines: dict[Path, int]
    homes: Mapping[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    count: int = 0

    def note(self, path: Path, value: object, message: str, cure: str) -> None:
        """Note one mistake at `path`; `value` None when something is missing there."""
        self.count += 1
        if self.count <= NOTED_MAX:
            line = line_of(self.lines, path)
            # Both may hold names out of the file.
            said = visible(message[:_SAID_MAX]), visible(cure[:_SAID_MAX])
            self.problems.append(Problem(self.source, line, written(path), shown(value), *said))

    def unknown(self, path: Path, what: str, name: str, known: Iterable[str], value: str = "") -> None:
        """Note a name that nothing is called by. value: what stands there, if it is more than the name."""
        known = tuple(known)
        if not known and what in ("person", "rota"):
            return  # That the file has none, or none that can be read, is told already, and once is enough.
        # Looking for the nearest name takes long, and nobody is told of those that are only counted.
        cure = closest(name, known) if self.count < NOTED_MAX else ""
        self.note(path, value or name, f"unknown {what}", cure)

    def unknown_key(self, path: Path, value: object, known: Iterable[str]) -> None:
        """Note a key that nothing asks for: mistyped, or one of another table."""
        key, cure = str(path[-1]), ""
        if self.count < NOTED_MAX:
            names, home = sorted(known), self.homes.get(key)
            mistyped = home is None or nearest(key, names, 0.75)
            cure = closest(key, names) if mistyped else f"{key} belongs {home}"
        self.note(path, value, "unknown key", cure)


def written(path: Path) -> str:
    """A path as it is written in messages: rotas.primary.layers[0].turn, people."anna maria".name."""
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"[{part}]"
        else:
            text += ("." if text else "") + (part if re.fullmatch(r"[A-Za-z0-9_-]{1,60}", part) else shown(part))
    return text[:200]


def header(path: Path) -> str:
    """The header that opens the table at `path`: [people.giulia], or [[absences]] for one of several."""
    bare = written(tuple(part for part in path if not isinstance(part, int)))
    return f"[[{bare}]]" if path and isinstance(path[-1], int) else f"[{bare}]"


def shown(value: object) -> str:
    """A value as it may be shown in a message: short, on one line, never deeper than one level."""
    if value is None:
        return ""
    if isinstance(value, dict):
        return "{…}"
    if isinstance(value, list):
        first = ", ".join("[…]" if isinstance(each, list) else shown(each) for each in value[:4])
        return f"[{first}{', …' if len(value) > 4 else ''}]"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, str):
        return f'"{plainly(value)}"'
    if isinstance(value, int) and abs(value) >= 10**20:
        return "a number of more than 20 digits"
    return str(value)[:_SHOWN_MAX]


def plainly(text: str) -> str:
    """A text without quotes, cut, and with a sign for each character that cannot be seen."""
    return visible(text if len(text) <= _SHOWN_MAX else text[: _SHOWN_MAX - 1] + "…")


def visible(text: str) -> str:
    """The text with a sign for each character that cannot be seen, so that it steers no terminal."""
    return text if text.isprintable() else "".join(c if c.isprintable() else "�" for c in text)


def closest(name: str, known: Iterable[str]) -> str:
    """The cure for a mistyped name: the nearest known one, else all of them."""
    names = [each for each in known if each]
    # Short names, such as those of lines, are all alike.
    if len(name) > 3 and (near := nearest(name, names)):
        return f"did you mean {shown(near)}?"
    if not names:
        return "none is defined"
    return "known: " + ", ".join(plainly(each) for each in names[:12]) + (", …" if len(names) > 12 else "")


def nearest(name: str, names: list[str], least: float = 0.6) -> str:
    """The known name most like this one, whatever its case; "" when none is alike."""
    folded = {each.casefold(): each for each in reversed(names)}
    near = difflib.get_close_matches(name[:_SHOWN_MAX].casefold(), folded, 1, least)
    return folded[near[0]] if near else ""
