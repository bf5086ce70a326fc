"""What one revision says otherwise than another, as text and as JSON: in words, in duties, and line by line."""

import difflib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bot.rota_commands.shared import tell

if TYPE_CHECKING:
    from schedules.rota_diff import DutyChange

DUTIES_SEEN = timedelta(weeks=8)
# What is told on the way to a new revision; `history N` shows all.
TOLD = 12


@dataclass(frozen=True, slots=True)
class Compared:
    """changes: a line each, in words. duties: in the next 8 weeks, as JSON and in words. text: a unified diff."""

    changes: list[str]
    duties: list[dict[str, object]] = field(default_factory=list)
    duty_lines: list[str] = field(default_factory=list)
    text: str = ""

    def as_json(self) -> dict[str, object]:
        return {"changes": self.changes, "duties": self.duties, "diff": self.text}


def compare(old: str, new: str, old_name: str, new_name: str, now: datetime | None) -> Compared:
    """now: from when on duties are compared, for 8 weeks; None leaves duties and text out. old: "" for none at all.

    A revision that is not right by today's rules is compared as text alone, and says so.
    """
    from schedules.problems import RotaErrors
    from schedules.rota_diff import changes, duty_changes, duty_words, sentence
    from schedules.rota_file import load

    text = _unified(old, new, old_name, new_name) if now is not None else ""
    if not old:
        return Compared(["the first revision"], text=text)
    if old == new:
        return Compared(["nothing"])
    try:
        before, after = load(old, old_name), load(new, new_name)
    except RotaErrors as errors:
        where = errors.problems[0].source
        return Compared([f"{where} is not right by today's rules: only its text can be compared"], text=text)
    lines = [sentence(change) for change in changes(before, after)]
    if now is None:
        return Compared(lines)
    moved = duty_changes(before, after, now, now + DUTIES_SEEN)
    return Compared(
        lines, [_duty_json(each) for each in moved], [duty_words(after, each, before) for each in moved], text
    )


def print_difference(compared: Compared) -> None:
    """All of it, to standard output."""
    _say(print, compared, None)
    if compared.text:
        print()
        print(compared.text, end="")


def tell_difference(compared: Compared) -> None:
    """The beginning of it, to standard error."""
    _say(tell, compared, TOLD)


def _say(say: Callable[[str], None], compared: Compared, most: int | None) -> None:
    say("what changes:")
    for line in _cut(compared.changes, most):
        say(f"  {line}")
    if not compared.duties:
        say("nobody's duty moves in the next 8 weeks")
        return
    say("who is on duty otherwise in the next 8 weeks:")
    for line in _cut(compared.duty_lines, most):
        say(f"  {line}")


def _cut(lines: list[str], most: int | None) -> list[str]:
    if most is None or len(lines) <= most:
        return lines
    return [*lines[:most], f"and {len(lines) - most} more"]


def _duty_json(change: "DutyChange") -> dict[str, object]:
    from schedules.walltime import format_instant

    return {
        "rota": change.rota,
        "start": format_instant(change.start),
        "end": format_instant(change.end),
        "before": sorted(change.before),
        "after": sorted(change.after),
    }


def _unified(old: str, new: str, old_name: str, new_name: str) -> str:
    lines = difflib.unified_diff(old.split("\n"), new.split("\n"), old_name, new_name, lineterm="")
    return "".join(f"{line.rstrip(chr(13))}\n" for line in lines)
