"""`reperibile rota …` as a user and as another program meets it: output, exit codes, standard input."""

import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from bot.clock import HandClock
from bot.errors import Refused
from bot.rota_commands import around, rota_app

EXAMPLE = Path(__file__).parents[2] / "rota.example.toml"
FILE = str(EXAMPLE)
# The Monday before the example's turns begin: there is a gap to be told.
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

    def reachable(self) -> set[str]:
        return {"giulia", "marco"}

    def called(self, since: datetime, until: datetime) -> dict[str, list[datetime]]:
        """Alessio was rung at 02:10 on the Tuesday of his week, and did something about it until 02:30."""
        rung = datetime(2026, 1, 27, 1, 10, tzinfo=UTC)
        instants = (rung, rung + timedelta(minutes=20))
        return {"alessio": [at for at in instants if since <= at < until]}


@pytest.fixture
def shelf() -> Iterator[Shelf]:
    """The commands wired as bot/__main__.py wires them, to a store in memory and a clock that stands still."""
    shelf, before = Shelf(), (around.open_store, around.clock)
    around.open_store, around.clock = lambda _: shelf, HandClock(NOW)
    yield shelf
    around.open_store, around.clock = before


def run(*args: str, given: str | bytes | None = None) -> Result:
    return CliRunner().invoke(rota_app, list(args), input=given)


# -- asking --


def test_who() -> None:
    result = run("who", FILE, "--rota", "primary", "--at", "2026-11-28T10:00:00Z", "--json")
    assert result.stdout == '{"rota": "primary", "at": "2026-11-28T10:00:00Z", "who": ["giulia"]}\n'
    assert result.exit_code == 0
    assert (
        run("who", FILE, "--rota", "primary", "--at", "2026-11-28T10:00:00").stdout == "2026-11-28T09:00:00Z\tgiulia\n"
    )
    assert run("who", FILE, "--rota", "primary", "--at", "2026-01-16").stdout == "2026-01-15T23:00:00Z\t\n"


def test_who_reads_instants_from_standard_input() -> None:
    """Each line is answered in its place; a bad one does not stop the rest, and is told by the exit code."""
    asked = b"2026-11-28T10:00:00Z\n\n   \r\n2026-12-05\nnonsense \xff\n2026-12-07T09:00:00+01:00"
    result = run("who", FILE, "--rota", "primary", "--at", "-", "--json", given=asked)
    rows = [json.loads(line) for line in result.stdout.splitlines()]
    assert [row.get("who") for row in rows] == [["giulia"], ["marco"], None, ["alessio"]]
    assert [row["at"] for row in rows[:2]] == ["2026-11-28T10:00:00Z", "2026-12-04T23:00:00Z"]
    assert set(rows[2]) == {"at", "error"}
    assert result.exit_code == 1


def test_spans() -> None:
    result = run("spans", FILE, "--rota", "primary", "--from", "2026-11-30", "--to", "2026-12-01", "--json")
    assert json.loads(result.stdout) == [
        {"start": "2026-11-29T23:00:00Z", "end": "2026-11-30T08:00:00Z", "who": ["giulia"]},
        {"start": "2026-11-30T08:00:00Z", "end": "2026-11-30T17:00:00Z", "who": []},
        {"start": "2026-11-30T17:00:00Z", "end": "2026-11-30T23:00:00Z", "who": ["giulia"]},
    ]
    plain = run("spans", FILE, "--rota", "primary", "--from", "2026-12-05", "--to", "2026-12-06")
    assert plain.stdout == "2026-12-04T23:00:00Z\t2026-12-05T23:00:00Z\tmarco\n"


def test_load() -> None:
    result = run("load", FILE, "--rota", "primary", "--from", "2026-12-05", "--to", "2026-12-07T06:00:00", "--json")
    assert json.loads(result.stdout)["alessio"] == {"hours": 30.0, "weekend": 24.0, "night": 14.0, "holiday": 6.0}


def test_load_of_a_file_is_that_of_the_file_and_nothing_more() -> None:
    """The keys are a contract; the order is that of the file, for nobody is ranked."""
    found = json.loads(run("load", FILE, "--from", "2026-12-05", "--to", "2026-12-07", "--json").stdout)
    assert list(found) == ["giulia", "alessio", "sara", "marco"]
    assert {tuple(row) for row in found.values()} == {("hours", "weekend", "night", "holiday")}
    # Sara has the backup all Sunday and Alessio the primary from 00:00 on: on two rotas at once an hour is an hour.
    assert found["marco"]["hours"] == 24
    plain = run("load", FILE, "--rota", "primary", "--from", "2026-12-05", "--to", "2026-12-07").stdout.splitlines()
    assert plain[0] == "person\thours\tweekend\tnight\tholiday\tweekends\tnights"
    assert plain[4] == "marco\t24\t24\t8\t0\t1\t2"
    assert run("load", FILE, "--call-outs").exit_code == 1


def test_load_of_the_database_counts_call_outs(shelf: Shelf) -> None:
    """Without times it is about this quarter; in JSON call-outs come when they are asked for."""
    run("import", FILE)
    plain = run("load").stdout.splitlines()
    assert plain[0].split("\t")[-1] == "call_outs"
    assert [line.split("\t")[-1] for line in plain[1:]] == ["0", "1", "0", "0"]
    assert run("load", "--json").stdout == run("load", FILE, "--json").stdout
    asked = run("load", "--json", "--call-outs", "--from", "2026-01-01", "--to", "2026-04-01")
    assert json.loads(asked.stdout)["alessio"]["call_outs"] == 1
    later = run("load", "--json", "--call-outs", "--from", "2026-05-05")
    assert {row["call_outs"] for row in json.loads(later.stdout).values()} == {0}


@pytest.mark.parametrize(
    ("args", "code", "said"),
    [
        pytest.param(["who", FILE, "--rota", "nights", "--at", "2026-01-01"], 1, "no rota 'nights'", id="unknown rota"),
        pytest.param(["who", "nowhere.toml", "--rota", "p", "--at", "2026-01-01"], 1, "cannot be read", id="no file"),
        pytest.param(["who", FILE, "--at", "2026-01-01"], 2, "--rota", id="no rota given"),
        pytest.param(["who", FILE, "--rota", "primary", "--at", "x"], 1, "not a time", id="no instant"),
        pytest.param(["spans", FILE, "--rota", "primary", "--from", "x", "--to", "y"], 1, "not a time", id="no time"),
        pytest.param(
            ["load", FILE, "--rota", "primary", "--from", "0001-01-02", "--to", "9999-01-01"], 1, "years", id="too long"
        ),
        pytest.param(
            ["spans", FILE, "--rota", "primary", "--from", "2027-01-01", "--to", "2026-01-01"],
            1,
            "before",
            id="reversed",
        ),
        pytest.param(["show", FILE, "--png", "nowhere/out.png"], 1, "cannot be written", id="picture nowhere"),
        pytest.param(["show", FILE, "--png", "-", "--weeks", "13"], 1, "more than 12 weeks", id="picture too long"),
        pytest.param(["show", FILE, "--language", "de"], 2, "none of it, en", id="language"),
        pytest.param(["show", FILE, "--rota", "nights"], 1, "no rota 'nights'", id="show an unknown rota"),
        pytest.param(["show", FILE, "--weeks", "0"], 2, "--weeks", id="no weeks"),
        pytest.param(["nonsense"], 2, "nonsense", id="unknown command"),
        pytest.param(["export"], 1, "database", id="no store"),
        pytest.param(["who", "--rota", "p", "--at", "2026-01-01"], 1, "database", id="no store and no file"),
    ],
)
def test_what_is_said_to_a_person_goes_to_standard_error(args: list[str], code: int, said: str) -> None:
    result = run(*args)
    assert (result.exit_code, result.stdout) == (code, "")
    assert said in result.stderr


def test_check(shelf: Shelf) -> None:
    result = run("check", FILE, "--json")
    found = json.loads(result.stdout)
    assert (result.exit_code, found["ok"], found["errors"]) == (0, True, [])
    gap = found["warnings"][0]
    assert (gap["kind"], gap["when"][0]) == ("gap", {"start": "2026-01-12T17:00:00Z", "end": "2026-01-13T08:00:00Z"})
    plain = run("check", FILE)
    assert plain.stdout == ""
    assert "0 errors" in plain.stderr


def test_check_of_the_database_knows_phones_and_call_outs(shelf: Shelf) -> None:
    """What only the database can tell is told when no file is named, with dates as the clock on the wall shows them."""
    run("import", FILE)
    around.clock = HandClock(datetime(2026, 1, 27, 12, tzinfo=UTC))
    found = json.loads(run("check", "--json").stdout)
    warned = {(one["kind"], *one["people"]): one for one in found["warnings"]}
    assert ("no_phone", "sara") in warned
    assert ("no_phone", "giulia") not in warned
    rest = warned["daily_rest", "alessio"]
    assert rest["when"] == [{"start": "2026-01-27T01:30:00Z", "end": "2026-01-27T08:00:00Z"}]
    assert "6.5 h of rest" in rest["message"]
    assert "(Tue 2026-01-27 02:30 to Tue 2026-01-27 09:00) [alessio]" in run("check").stderr
    assert {one["kind"] for one in json.loads(run("check", FILE, "--json").stdout)["warnings"]}.isdisjoint(
        {"no_phone", "daily_rest"}
    )


def test_check_of_a_broken_file(tmp_path: Path) -> None:
    broken = tmp_path / "broken.toml"
    broken.write_text(EXAMPLE.read_text(encoding="utf-8").replace('"1 week"', '"1 fortnight"'), encoding="utf-8")
    result = run("check", str(broken), "--json")
    found = json.loads(result.stdout)
    assert (result.exit_code, found["ok"], len(found["errors"])) == (1, False, 2)
    assert found["errors"][0]["where"] == "rotas.primary.layers[0].turn"
    asked = run("who", str(broken), "--rota", "primary", "--at", "2026-01-01", "--json")
    assert (asked.exit_code, asked.stdout) == (1, "")
    assert "1 fortnight" in asked.stderr
    broken.write_bytes(b'timezone = "\xff"')
    assert json.loads(run("check", str(broken), "--json").stdout)["errors"][0]["message"] == "not UTF-8"


def test_show(shelf: Shelf) -> None:
    result = run("show", FILE, "--weeks", "2", "--rota", "primary")
    assert result.exit_code == 0
    assert all(word in result.stdout for word in ("12 – 25 Jan 2026", "today", "gap", "Giulia", "Alessio"))


def test_show_draws_a_picture(shelf: Shelf, tmp_path: Path) -> None:
    """To a file, over whatever stood there, or to standard output for the next program."""
    png = tmp_path / "rota.png"
    png.write_text("older")
    assert run("show", FILE, "--weeks", "1", "--png", str(png)).exit_code == 0
    printed = run("show", FILE, "--weeks", "1", "--png", "-")
    assert printed.stdout_bytes == png.read_bytes()
    assert png.read_bytes().startswith(b"\x89PNG")
    english = run("show", FILE, "--weeks", "1", "--png", "-", "--language", "en")
    assert english.stdout_bytes != printed.stdout_bytes, "the example's team reads Italian"


# -- revisions --


def test_import_then_export_is_the_same_text(shelf: Shelf, tmp_path: Path) -> None:
    file = tmp_path / "rota.toml"
    file.write_bytes(EXAMPLE.read_bytes().replace(b"\n", b"\r\n"))
    assert run("import", str(file)).exit_code == 0
    assert run("export").stdout_bytes == file.read_bytes()
    again = run("import", str(file))
    assert (again.exit_code, len(shelf.rows)) == (0, 1)
    assert "nothing was changed" in again.stderr


def test_without_a_file_the_stored_rota_is_asked(shelf: Shelf) -> None:
    run("import", FILE)
    assert run("who", "--rota", "primary", "--at", "2026-11-28").stdout == "2026-11-27T23:00:00Z\tgiulia\n"
    assert run("check").exit_code == 0


def test_restore_makes_a_new_revision(shelf: Shelf, tmp_path: Path) -> None:
    other = tmp_path / "other.toml"
    other.write_text(EXAMPLE.read_text(encoding="utf-8").replace("Giulia Rossi", "Giulia Bianchi"), encoding="utf-8")
    run("import", FILE, "--by", "sara")
    run("import", str(other), "--why", "married")
    assert run("restore", "1").exit_code == 0
    assert run("export").stdout == EXAMPLE.read_text(encoding="utf-8")
    rows = json.loads(run("history", "--json").stdout)
    assert [(row["revision"], row["author"]) for row in rows] == [(3, "command line"), (2, "command line"), (1, "sara")]
    assert run("history").stdout.splitlines()[1] == "2\tcommand line\t2026-01-12T12:00:00Z\tmarried"
    assert run("restore", "9").exit_code == 1


def test_a_broken_file_is_not_imported(shelf: Shelf, tmp_path: Path) -> None:
    broken = tmp_path / "broken.toml"
    broken.write_text('timezone = "Mars"', encoding="utf-8")
    assert (run("import", str(broken)).exit_code, shelf.rows) == (1, [])


def test_an_import_over_somebody_elses_change_is_refused(shelf: Shelf) -> None:
    shelf.clash = True
    result = run("import", FILE)
    assert result.exit_code == 1
    assert "not saved" in result.stderr


def test_an_empty_database_says_what_to_do(shelf: Shelf) -> None:
    result = run("export")
    assert result.exit_code == 1
    assert "rota import FILE" in result.stderr


# -- as a process --


def test_as_a_process_that_is_asked_line_by_line() -> None:
    """Each answer comes before the next question, so another program may hold a conversation."""
    code = "from bot.rota_commands import rota_app; rota_app()"
    args = [sys.executable, "-c", code, "who", FILE, "--rota", "primary", "--at", "-", "--json"]
    with subprocess.Popen(args, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin
        assert process.stdout
        for at, expected in (("2026-11-28T10:00:00Z", ["giulia"]), ("2026-12-05T10:00:00Z", ["marco"])):
            process.stdin.write(at + "\n")
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["who"] == expected
        process.stdin.close()
        assert process.wait(timeout=30) == 0


def test_asking_a_file_imports_no_table_and_no_door() -> None:
    """Start-up is most of what such a command costs."""
    code = (
        "import sys; from bot.rota_commands import rota_app\n"
        "try: rota_app()\nexcept SystemExit: pass\n"
        "print([name for name in ('sqlmodel', 'telegram', 'tweepy', 'tomlkit', 'apscheduler') if name in sys.modules])"
    )
    args = [sys.executable, "-c", code, "who", FILE, "--rota", "primary", "--at", "2026-11-28T10:00:00Z"]
    done = subprocess.run(args, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["2026-11-28T10:00:00Z\tgiulia", "[]"]
