"""`reperibile rota history`, `diff`, `import` and `restore`: what a revision changes is said in words."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from bot.clock import HandClock
from bot.errors import Refused
from bot.rota_commands import around, rota_app

EXAMPLE = Path(__file__).parents[2] / "rota.example.toml"
FILE = str(EXAMPLE)
NOW = datetime(2026, 1, 12, 12, tzinfo=UTC)


class Shelf:
    """A store of revisions in memory."""

    def __init__(self) -> None:
        self.rows: list[tuple[str, str, str]] = []
        self.clash = False

    def current(self) -> tuple[int, str] | None:
        return (len(self.rows), self.rows[-1][0]) if self.rows else None

    def save(self, text: str, author: str, why: str, base: int | None) -> int:
        if self.clash or base != (len(self.rows) or None):
            raise Refused("changed_meanwhile")
        self.rows.append((text, author, why))
        return len(self.rows)

    def history(self) -> list[tuple[int, str, datetime, str]]:
        return [(n, row[1], NOW, row[2]) for n, row in reversed(list(enumerate(self.rows, 1)))]

    def get(self, number: int) -> str | None:
        return self.rows[number - 1][0] if 1 <= number <= len(self.rows) else None


@pytest.fixture
def shelf() -> Iterator[Shelf]:
    """The commands wired as bot/__main__.py wires them, to a store in memory and a clock that stands still."""
    shelf, before = Shelf(), (around.open_store, around.clock)
    around.open_store, around.clock = lambda _: shelf, HandClock(NOW)
    yield shelf
    around.open_store, around.clock = before


def run(*args: str, given: str | bytes | None = None) -> Result:
    return CliRunner().invoke(rota_app, list(args), input=given)


# -- history --


def changed(folder: Path, old: str, new: str, name: str = "changed.toml") -> str:
    file = folder / name
    text = EXAMPLE.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    return str(file)


PUT = '[[rotas.primary.overrides]]\nput = ["sara"]\nstart = 2026-01-17\nend = 2026-01-18\n'


def test_history_says_what_changed(shelf: Shelf, tmp_path: Path) -> None:
    run("import", FILE)
    longer = changed(tmp_path, "[[absences]]", PUT + "[[absences]]")
    told = run("import", longer, "--by", "marco")
    assert "  primary: Sara instead of Giulia, Sat 17 Jan 2026 00:00 - Sun 18 Jan 00:00" in told.stderr
    assert "  primary, Sat 17 Jan 2026 00:00 - Sun 18 Jan 00:00: Giulia -> Sara" in told.stderr
    rows = json.loads(run("history", "--json").stdout)
    assert [row["changes"] for row in rows] == [
        ["primary: Sara instead of Giulia, Sat 17 Jan 2026 00:00 - Sun 18 Jan 00:00"],
        ["the first revision"],
    ]
    assert len(run("history", "--last", "1").stdout.splitlines()) == 1


def test_who_made_it_and_why_cannot_steer_a_terminal(shelf: Shelf) -> None:
    run("import", FILE, "--by", "ma\x1b[31mrco\u202e", "--why", "cup\x1b]0;x\x07\r\nfinal")
    for shown in (run("history").stdout, run("history", "1").stdout.splitlines()[0]):
        assert all(line.replace("\t", "").isprintable() for line in shown.splitlines())
    assert "by ma\ufffd[31mrco\ufffd: cup\ufffd]0;x\ufffd final" in run("history", "1").stdout


def test_one_revision_in_full(shelf: Shelf, tmp_path: Path) -> None:
    run("import", FILE)
    run("import", changed(tmp_path, "[[absences]]", PUT + "[[absences]]"), "--by", "marco", "--why", "cup final")
    plain = run("history", "2").stdout
    assert plain.startswith(
        "revision 2, 2026-01-12T12:00:00Z, by marco: cup final\nwhat changes:\n  primary: Sara instead of Giulia, "
    )
    assert "who is on duty otherwise in the next 8 weeks:\n  primary, Sat 17 Jan" in plain
    assert "\n--- revision 1\n+++ revision 2\n" in plain
    assert '+put = ["sara"]\n' in plain
    found = json.loads(run("history", "2", "--json").stdout)
    assert found["duties"] == [
        {
            "rota": "primary",
            "start": "2026-01-16T23:00:00Z",
            "end": "2026-01-17T23:00:00Z",
            "before": ["giulia"],
            "after": ["sara"],
        }
    ]
    assert json.loads(run("diff", "1", "--json").stdout)["changes"] == found["changes"]
    assert "taken back: " in run("diff", "2", "1").stdout
    assert run("diff", "1", "1").stdout == "what changes:\n  nothing\nnobody's duty moves in the next 8 weeks\n"
    assert "the first revision" in run("history", "1").stdout
    for args in (("history", "9"), ("diff", "1", "9")):
        assert "there is no revision 9" in run(*args).stderr


def test_history_on_a_terminal_is_a_table(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    run("import", FILE, "--by", "[bold]x")
    monkeypatch.setattr("bot.rota_commands.revisions._on_terminal", lambda: True)
    said = run("history").stdout
    assert "what changed" in said
    assert "[bold]x" in said


def test_a_dry_run_saves_nothing(shelf: Shelf, tmp_path: Path) -> None:
    run("import", FILE)
    tried = run("import", changed(tmp_path, '"1 week"', '"2 weeks"'), "--dry-run")
    assert "layer 1 of primary: turn 1 week -> 2 weeks" in tried.stderr
    assert (tried.exit_code, len(shelf.rows)) == (0, 1)


def test_what_the_other_lead_did_is_told(shelf: Shelf, tmp_path: Path) -> None:
    """Exported, edited for an hour, and meanwhile somebody changed the rota in the chat: --base says what was seen."""
    run("import", FILE)
    run("import", changed(tmp_path, 'name = "Sara Ricci"', 'name = "Sara Neri"'), "--by", "giulia", "--why", "married")
    mine = changed(tmp_path, '"1 week"', '"2 weeks"', "mine.toml")
    refused = run("import", mine, "--base", "1")
    assert (refused.exit_code, len(shelf.rows)) == (1, 2)
    assert "moved on from revision 1 to 2, by giulia (married)" in refused.stderr
    assert "  person Sara: name Sara Ricci -> Sara Neri" in refused.stderr
    assert run("restore", "1", "--base", "1").exit_code == 1
    assert run("import", mine, "--base", "2").exit_code == 0
    assert run("import", mine, "--base", "7").exit_code == 1


def test_a_revision_that_todays_rules_refuse_is_not_restored(shelf: Shelf) -> None:
    """Kept from a time when it was right: it is shown, but not brought back."""
    shelf.rows.append(('timezone = "Mars/Olympus"\n', "server", ""))
    shelf.rows.append((EXAMPLE.read_text(encoding="utf-8"), "marco", ""))
    refused = run("restore", "1")
    assert (refused.exit_code, len(shelf.rows)) == (1, 2)
    assert "not right by today's rules" in refused.stderr
    assert "unknown time zone" in refused.stderr
    shown = run("history", "2").stdout
    assert "revision 1 is not right by today's rules: only its text can be compared" in shown
    assert '-timezone = "Mars/Olympus"' in shown


def test_a_restore_shows_what_it_changes_and_says_why(shelf: Shelf, tmp_path: Path) -> None:
    run("import", FILE)
    run("import", changed(tmp_path, '"1 week"', '"2 weeks"'))
    told = run("restore", "1", "--by", "sara", "--why", "a mistake")
    assert "layer 1 of primary: turn 2 weeks -> 1 week" in told.stderr
    assert shelf.rows[-1][1:] == ("sara", "restore of revision 1: a mistake")
