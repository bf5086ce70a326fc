"""The coming weeks in a terminal, as they stand there: true to time, and as much without colours."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from rich.cells import cell_len

from bot.rota_table import print_weeks
from schedules.rota_file import load

EXAMPLE = load((Path(__file__).parents[2] / "rota.example.toml").read_text(encoding="utf-8"), "the example")
NOW = datetime(2026, 11, 24, 20, 40, tzinfo=UTC)
SMALL = """\
timezone = "Europe/Rome"
[office]
hours = ["mon-fri 09:00-18:00"]
holidays = ["IT"]
[people.anna]
name = "Anna Neri"
signature = "AN"
role = "lead"
[people.wang]
name = "王 小明"
signature = "王"
[[rotas.weekend.layers]]
people = [["anna", "wang"], "wang"]
starts = 2026-10-16T18:00:00
turn = "1 week"
windows = ["sat 10:00 - mon 06:00", "tue 07:00-08:30"]
until = 2026-11-02T00:00:00
"""


@pytest.fixture
def shown(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch):
    """Prints a plan as on a terminal of that width; gives the lines."""

    def show(plan=EXAMPLE, *, width: int = 80, now: datetime = NOW, weeks: int = 1, language: str = "en", **env: str):
        for name, value in {"COLUMNS": str(width), "TERM": "dumb", "LINES": "50", **env}.items():
            monkeypatch.setenv(name, value)
        print_weeks(plan, list(plan.rotas), now, weeks, language)
        return capsys.readouterr().out.splitlines()

    return show


def test_the_example_reads_so(shown) -> None:
    """A change of how it looks is seen and agreed."""
    assert (
        [line.rstrip() for line in shown(weeks=2)]
        == """\
On call, 23 Nov – 6 Dec 2026 (Europe/Rome)
primary: Now: Sara, until Wed 25 Nov, 09:00. Then: the office
backup: Now: Alessio, until Fri 27 Nov, 18:00. Then: Sara

Nov     Mon 23    [Tue 24]  Wed 25    Thu 26    Fri 27    Sat 28    Sun 29
primary SR──    Sara──    Sara──    Sara──    Sara──    18:00 Giulia──────────
backup  Alessio─────────────────────────────────────────18:00 Sara────────────

Nov     Mon 30    Dec 1     Wed 2     Thu 3     Fri 4     Sat 5     Sun 6
primary GR──    GR────    GR────    GR────    GR────    ACMarco─────Alessio───
backup  Sara────────────────────────────────────────────18:00 Giulia──────────

 GR─ Giulia Rossi    AC─ Alessio Conti    SR─ Sara Ricci    MV─ Marco Villa
blank: office open   [ ] today""".splitlines()
    )


def test_a_gap_is_seen_without_colours(shown) -> None:
    """In a pipe, on paper, and by those who see no red: exclamation marks, and each gap with its hours."""
    plan = load(SMALL, "small")
    lines = shown(plan, now=datetime(2026, 10, 22, 8, 40, tzinfo=UTC), weeks=2)
    first = next(line for line in lines if line.startswith("weekend ") and ":" not in line[:9])
    assert first.rstrip().endswith("GAP!!!    GAP!!!10:00 王────────")
    assert "weekend: Nobody: Thu 22 Oct, 18:00 – Fri 23 Oct, 09:00" in lines
    assert "weekend: Nobody: Tue 27 Oct, 08:30 – 09:00" in lines
    assert "~ Sun 25 Oct has 25 hours: the clocks change" in lines
    assert any("Nov 1*" in line for line in lines), "a holiday"


def test_every_gap_is_marked_however_short(shown) -> None:
    """Half an hour is less than a character, and still somebody is missing."""
    plan = load(SMALL, "small")
    lines = shown(plan, now=datetime(2026, 10, 26, 8, tzinfo=UTC))
    tuesday = next(line for line in lines if line.startswith("weekend "))[8 + 10 : 8 + 20]
    assert "!" in tuesday


def test_two_at_once_have_a_line_each(shown) -> None:
    plan = load(SMALL, "small")
    lines = shown(plan, now=datetime(2026, 10, 28, 8, tzinfo=UTC))
    place = next(place for place, line in enumerate(lines) if line.startswith("weekend "))
    assert "10:00 Anna" in lines[place]
    assert "10:00 王" in lines[place + 1]


@pytest.mark.parametrize("width", [30, 40, 60, 80, 200])
def test_nothing_is_wider_than_the_terminal(shown, width: int) -> None:
    """A line that wraps is no bar any more; letters of double width count as two."""
    for plan in (EXAMPLE, load(SMALL, "small")):
        lines = shown(plan, width=width, now=datetime(2026, 10, 22, 8, 40, tzinfo=UTC), weeks=3)
        assert max(cell_len(line) for line in lines) <= width
        bars = [
            line for line in lines if line.startswith(tuple(rota[:4] for rota in plan.rotas)) and ":" not in line[:12]
        ]
        assert len({cell_len(line) for line in bars}) == 1, bars


def test_colours_are_the_pictures_own(shown) -> None:
    """Blue for Giulia here, blue for Giulia there; gaps are white on red."""
    text = "\n".join(shown(TERM="xterm-256color", COLORTERM="truecolor", FORCE_COLOR="1"))
    assert "48;2;0;114;178" in text
    small = load(SMALL, "small")
    red = "\n".join(shown(small, TERM="xterm-256color", COLORTERM="truecolor", FORCE_COLOR="1"))
    assert "\x1b[1;37;41mG" in red
    plain = "\n".join(shown(small, TERM="xterm-256color", FORCE_COLOR="1", NO_COLOR="1"))
    assert "41m" not in plain
    assert "GAP!!" in plain.replace("\x1b[1m", "").replace("\x1b[0m", "")


def test_it_speaks_italian_when_asked(shown) -> None:
    assert shown(language="it")[0] == "Reperibilità, 23 – 29 nov 2026 (Europe/Rome)"


def test_two_years_are_shown_in_one_go(shown) -> None:
    assert len([line for line in shown(weeks=104) if line.startswith("primary ")]) == 104
