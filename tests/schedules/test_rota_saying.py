"""Mistakes and warnings on a terminal: the place first, the cure on a line of its own; piped, nothing changes."""

import io
from datetime import UTC, datetime

import pytest
from rich.console import Console

from bot.rota_commands.saying import say_findings, say_problems, show_finding, show_problem
from schedules.problems import Finding, Problem
from schedules.rota_file import load

PROBLEM = Problem("r.toml", 7, "people.a.role", '"[red]boss"', "not one of its values", "allowed: staff, lead")
FINDING = Finding(
    "gap", "nobody is on duty", ((datetime(2026, 11, 28, tzinfo=UTC), datetime(2026, 11, 29, tzinfo=UTC)),)
)
PLAN = load('timezone = "Europe/Rome"\n[people.a]\nrole = "lead"\n[rotas.r]\n')


def terminal(*, colours: bool) -> tuple[Console, io.StringIO]:
    written = io.StringIO()
    return Console(
        file=written, force_terminal=colours, color_system="standard" if colours else None, width=60, highlight=False
    ), written


def test_on_a_terminal_the_place_stands_first_and_the_cure_alone() -> None:
    console, written = terminal(colours=False)
    show_problem(console, PROBLEM)
    show_finding(console, FINDING, PLAN)
    assert written.getvalue().splitlines() == [
        'r.toml:7  people.a.role = "[red]boss"',
        "    not one of its values",
        "    → allowed: staff, lead",
        "warning  nobody is on duty",
        "    Sat 2026-11-28 01:00 to Sun 2026-11-29 01:00",
    ]


def test_mistakes_are_red_and_warnings_yellow() -> None:
    console, written = terminal(colours=True)
    show_problem(console, PROBLEM)
    show_finding(console, FINDING, PLAN)
    assert "\x1b[1;31mr.toml:7" in written.getvalue()
    assert "\x1b[1;33mwarning" in written.getvalue()


def test_piped_each_is_one_line_that_programs_read(capsys: pytest.CaptureFixture[str]) -> None:
    say_problems([PROBLEM])
    say_findings([FINDING], PLAN)
    assert capsys.readouterr().err.splitlines() == [
        'error: r.toml:7: people.a.role = "[red]boss": not one of its values; allowed: staff, lead',
        "warning: nobody is on duty (Sat 2026-11-28 01:00 to Sun 2026-11-29 01:00)",
    ]
