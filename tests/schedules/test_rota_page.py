"""docs/rota.md tells the truth: its examples are right, what the tool is said to say it says, no key is missing.

After a change of what the tool says: `python tests/schedules/renew.py`, and look at the difference.
"""

import os
import re
import shlex
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.clock import HandClock
from bot.rota_commands import around, rota_app
from schedules.on_duty import spans
from schedules.rota_file import RotaErrors, load
from schedules.walltime import format_instant

PAGE = Path(__file__).parents[2] / "docs" / "rota.md"
# The day on which the page says that it was written.
TODAY = datetime(2026, 11, 24, 9, tzinfo=UTC)

BLOCK = re.compile(r"^```(toml|console)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
ROW = re.compile(r"^\| `([^`]+)` \| `([^`]+)` \| [^|]* \| [^|]* \|$", re.MULTILINE)
NIGHTS = "### The two nights when the clock changes\n"

ANY = """timezone = "Europe/Rome"
[people.a]
role = "lead"
[[rotas.r.overrides]]
put = ["a"]
start = {}
end = {}
"""


def files_of(page: str) -> dict[str, str]:
    """The complete files of the page, by the name in their first line."""
    blocks = [text for kind, text in BLOCK.findall(page) if kind == "toml"]
    return {named[1]: text for text in blocks if (named := re.match(r"# (\w+\.toml)\n", text))}


def said(command: str) -> str:
    """What a command of the page prints, standard output and error as they come."""
    words = shlex.split(command)
    assert words[:2] == ["reperibile", "rota"], command
    before, around.clock = around.clock, HandClock(TODAY)
    try:
        result = CliRunner().invoke(rota_app, words[2:])
    finally:
        around.clock = before
    return "".join(f"{line.rstrip()}\n" for line in result.output.rstrip().splitlines())


def told(block: str) -> str:
    """A console block with what its commands say today."""
    commands = [line[2:] for line in block.splitlines() if line.startswith("$ ")]
    return "\n".join(f"$ {command}\n{said(command)}" for command in commands)


def night(start: str, end: str) -> str:
    """A row of the table of the two nights."""
    plan = load(ANY.format(start, end))
    day = timedelta(days=9)
    first = datetime.fromisoformat(f"{start[:10]}T00:00:00+00:00")
    found = [span for span in spans(plan, "r", first - day, first + day) if span.who]
    means = [f"{format_instant(span.start)} – {format_instant(span.end)}" for span in found]
    hours = sum((span.end - span.start for span in found), timedelta()) / timedelta(hours=1)
    return f"| `{start}` | `{end}` | {', '.join(means) or 'nothing'} | {hours:g} |"


def renewed(page: str, folder: Path) -> str:
    """The page with what the tool says now. folder: an empty one, for its files; it must be the current one."""
    for name, text in files_of(page).items():
        (folder / name).write_text(text, "utf-8")
    page = BLOCK.sub(lambda found: f"```console\n{told(found[2])}```" if found[1] == "console" else found[0], page)
    before, heading, after = page.partition(NIGHTS)
    return before + heading + ROW.sub(lambda found: night(found[1], found[2]), after)


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Path]:
    """An empty folder, as the reader's."""
    before = Path.cwd()
    os.chdir(tmp_path)
    yield tmp_path
    os.chdir(before)


def test_the_tool_says_what_the_page_says(here: Path) -> None:
    page = PAGE.read_text("utf-8")
    assert page.count("```console") >= 7
    assert renewed(page, here) == page


def test_each_of_the_five_examples_is_right_and_odd_in_nothing() -> None:
    page = PAGE.read_text("utf-8")
    files = files_of(page)
    assert list(files)[:5] == ["weekend.toml", "lines.toml", "backup.toml", "days.toml", "holidays.toml"]
    for name in list(files)[:5]:
        load(files[name], name)
        assert f"$ reperibile rota check {name}\n0 errors, 0 warnings\n" in page


def test_the_pieces_of_files_are_right_where_they_belong() -> None:
    """Overrides, absences and a change, put into the example with these people."""
    page = PAGE.read_text("utf-8")
    pieces = [text for kind, text in BLOCK.findall(page) if kind == "toml" and not re.match(r"# \w+\.toml\n", text)]
    backup = files_of(page)["backup.toml"]
    tried = 0
    for piece in pieces:
        whole = f"{backup}\n{piece}"
        if piece.startswith("changes"):
            fabio = "[people.fabio]\n\n[[rotas.primary.layers]]\n"
            whole = backup.replace("[[rotas.primary.layers]]\n", fabio + piece)
        load(whole)
        tried += 1
    assert tried == 2


@pytest.mark.parametrize(
    "text",
    [
        "zzzz = 1",
        "[office]\nzzzz = 1",
        "[people.x]\nzzzz = 1",
        "[lines.x]\nzzzz = 1",
        "[accounts.x]\nzzzz = 1",
        "[contacts.x]\nzzzz = 1",
        "[[absences]]\nzzzz = 1",
        "[rotas.x]\nzzzz = 1",
        "[[rotas.x.layers]]\nzzzz = 1",
        "[[rotas.x.layers]]\nchanges = [{ zzzz = 1 }]",
        "[[rotas.x.layers]]\nwindows = [{ zzzz = 1 }]",
        "[[rotas.x.overrides]]\nput = []\nzzzz = 1",
        "[[rotas.x.overrides]]\nreplace = ''\nzzzz = 1",
        "[[rotas.x.overrides]]\nswap = []\nzzzz = 1",
        "[escalations.x]\nzzzz = 1",
        "[[escalations.x.steps]]\nzzzz = 1",
    ],
)
def test_every_key_stands_on_the_page(text: str) -> None:
    """An unknown key is answered with those that are known there; all of them are explained."""
    page = PAGE.read_text("utf-8")
    with pytest.raises(RotaErrors) as raised:
        load(text)
    (cure,) = {each.cure for each in raised.value.problems if each.where.endswith("zzzz") and "known:" in each.cure}
    for key in cure.removeprefix("known: ").split(", "):
        assert key == "…" or re.search(rf"`[^`]*\b{key}\b[^`]*`|^{key} = ", page, re.MULTILINE), key
