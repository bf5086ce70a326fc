"""The checks for a person, on standard error: what is wrong first, then what to look at, then what is well."""

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.checking.check import Check


def table(found: Sequence[Check], console: Console | None = None) -> None:
    """A table with colours on a terminal; plain lines, each whole, where somebody else reads."""
    out = console or Console(stderr=True, highlight=False)
    ordered = sorted(found, key=_rank)
    if out.is_terminal:
        shown = Table(show_header=False, box=None, pad_edge=False)
        shown.add_column(no_wrap=True)
        shown.add_column(no_wrap=True, max_width=28, overflow="ellipsis")
        shown.add_column()
        for one in ordered:
            mark, style = _MARKS[_rank(one)]
            text = Text(one.what)
            if one.cure:
                text.append(f"\n→ {one.cure}", "dim" if one.ok else "")
            shown.add_row(Text(mark, style), Text(one.name), text)
        out.print(shown)
    else:
        for one in ordered:
            out.print(Text(f"{_MARKS[_rank(one)][0]}: {one.name}: {one.what}"), soft_wrap=True)
            if one.cure:
                out.print(Text(f"    {one.cure}"), soft_wrap=True)
    wrong = sum(not one.ok for one in found)
    out.print("Ready to go on call." if not wrong else f"Not ready: {wrong} of {len(found)} checks say what is wrong.")


_MARKS = (("✗ wrong", "bold red"), ("! look", "yellow"), ("✓ well", "green"))


def _rank(one: Check) -> int:
    """Its place in _MARKS; the order of those on one place is kept, which is the order to cure them in."""
    return 0 if not one.ok else 1 if one.cure else 2
