"""On which line of a TOML text each key and array element stands; for messages only.

tomllib gives values without places, so the text is scanned a second time, by a reader that relies on tomllib having
accepted it.
"""

import re
import tomllib
from contextlib import suppress

Path = tuple[str | int, ...]

# No key of ours stands deeper; following a hostile one down to its end would take quadratic time.
_DEPTH_MAX = 12

# A piece of TOML: a whole text in quotes, a remark, a line end, a sign or a bare word.
TOKEN = re.compile(
    r'"""(?:\\.|[^\\])*?"{3,5}|\'\'\'.*?\'{3,5}|"(?:\\.|[^"\\\n])*"|\'[^\'\n]*\''
    r"|#[^\n]*|\n|[\[\]{},=.]|[^\s\[\]{},=.\"'#]+",
    re.DOTALL,
)


def lines_of(text: str) -> dict[Path, int]:
    """The 1-based line of each path, such as ("rotas", "primary", "layers", 0, "turn"); what is not found is missing.

    text: valid TOML. Raises: nothing; a text it cannot follow yields fewer lines.
    """
    scan = _Scan(text)
    # The lines found before a stumble are still right, and a message names the key anyway.
    with suppress(IndexError, RecursionError, ValueError):
        scan.document()
    return scan.lines


def line_of(lines: dict[Path, int], path: Path) -> int:
    """The line of `path`, else of the nearest table around it, else 1."""
    for length in range(len(path), 0, -1):
        if (line := lines.get(path[:length])) is not None:
            return line
    return 1


class _Scan:
    def __init__(self, text: str) -> None:
        self.lines: dict[Path, int] = {}
        self._pieces: list[tuple[str, int]] = []
        self._at = 0
        self._last: dict[Path, int] = {}
        line = 1
        for match in TOKEN.finditer(text):
            piece = match[0]
            if not piece.startswith("#"):
                self._pieces.append((piece, line))
            line += piece.count("\n")

    def document(self) -> None:
        table: Path = ()
        while self._at < len(self._pieces):
            piece, _ = self._pieces[self._at]
            if piece == "\n":
                self._at += 1
            elif piece == "[":
                table = self._header()
            else:
                self._pair(table)

    def _header(self) -> Path:
        line = self._pieces[self._at][1]
        is_array = self._pieces[self._at + 1][0] == "["
        self._at += 2 if is_array else 1
        parts = self._key("]")
        self._at += 1 if is_array else 0
        path: Path = ()
        if len(parts) > _DEPTH_MAX:
            return tuple(parts)
        for place, part in enumerate(parts):
            path = (*path, part)
            last = place == len(parts) - 1
            if last and is_array:
                self._last[path] = self._last.get(path, -1) + 1
                self.lines.setdefault(path, line)
            if path in self._last:
                path = (*path, self._last[path])
            self.lines.setdefault(path, line)
        return path

    def _key(self, closing: str) -> list[str]:
        """The parts of a dotted key; the closing piece is passed."""
        parts: list[str] = []
        while (piece := self._pieces[self._at][0]) != closing:
            if piece not in (".", "\n"):
                parts.append(tomllib.loads(f"x = {piece}")["x"] if piece[0] in "\"'" else piece)
            self._at += 1
        self._at += 1
        return parts

    def _pair(self, table: Path) -> None:
        line = self._pieces[self._at][1]
        path = table
        parts = self._key("=")
        if len(path) + len(parts) > _DEPTH_MAX:
            path, parts = (*path, *parts), []
        for part in parts:
            path = (*path, part)
            self.lines.setdefault(path, line)
        self._value(path)

    def _value(self, path: Path) -> None:
        piece, _ = self._pieces[self._at]
        self._at += 1
        if piece == "[":
            self._array(path)
        elif piece == "{":
            self._inline_table(path)
        else:
            while self._at < len(self._pieces) and self._pieces[self._at][0] not in ("\n", ",", "]", "}"):
                self._at += 1

    def _array(self, path: Path) -> None:
        index = 0
        while (piece := self._pieces[self._at])[0] != "]":
            if piece[0] in ("\n", ","):
                index += piece[0] == ","
                self._at += 1
            else:
                self.lines[(*path, index)] = piece[1]
                self._value((*path, index))
        self._at += 1

    def _inline_table(self, path: Path) -> None:
        while (piece := self._pieces[self._at][0]) != "}":
            if piece in ("\n", ","):
                self._at += 1
            else:
                self._pair(path)
        self._at += 1
