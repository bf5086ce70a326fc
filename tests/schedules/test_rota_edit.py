"""What is added to a rota file means what was meant, and nothing else in the text moves."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from schedules.rota import Absence, Add, Drop, Given, Override, Put, Replace, Swap
from schedules.rota_edit import add_absence, add_override
from schedules.rota_file import load

EXAMPLE = (Path(__file__).parents[2] / "rota.example.toml").read_text(encoding="utf-8")
START, END = datetime(2026, 10, 25, 1, 30, tzinfo=UTC), datetime(2026, 12, 6, 23, tzinfo=UTC)

OVERRIDES = [
    pytest.param(Put(frozenset({"sara", "marco"}), START, END, "giulia", 'says "yes"\n^'), id="put"),
    pytest.param(Put(frozenset(), START, END), id="put nobody"),
    pytest.param(Add(frozenset({"sara"}), START, END), id="add"),
    pytest.param(Drop("sara", START, END, why="ill"), id="drop"),
    pytest.param(Replace("sara", "marco", START, END), id="replace"),
    pytest.param(
        Swap(Given("sara", START, END), Given("marco", END, datetime(2027, 1, 1, tzinfo=UTC)), True), id="swap"
    ),
]


@pytest.mark.parametrize("override", OVERRIDES)
def test_an_override_is_appended(override: Override) -> None:
    """The start is the second 02:30 of the night the clocks go back: only UTC can say it."""
    text = add_override(EXAMPLE, "primary", override, made=datetime(2026, 11, 1, 12, 0, 0, 5, tzinfo=UTC))
    assert text.startswith(EXAMPLE)
    assert "made = 2026-11-01T12:00:00Z" in text
    assert load(text).rotas["primary"].overrides == (*load(EXAMPLE).rotas["primary"].overrides, override)


def test_wall_times_are_written_where_they_say_the_same() -> None:
    text = add_override(EXAMPLE, "backup", Drop("sara", START, END))
    assert text.endswith(
        '[[rotas.backup.overrides]]\ndrop = "sara"\nstart = 2026-10-25T01:30:00Z\nend = 2026-12-07T00:00:00\n'
    )


@pytest.mark.parametrize(
    "rest",
    [
        pytest.param('overrides = [{ put = ["a"], start = 2026-01-01, end = 2026-01-02 }] # kept\n', id="inline array"),
        pytest.param("layers = []\n", id="nothing yet"),
    ],
)
def test_other_forms_of_the_same_table(rest: str) -> None:
    text = f'# first\ntimezone = "Europe/Rome"\npeople = {{ a = {{ role = "lead" }} }}\n[rotas.p]\n{rest}'
    after = add_override(text, "p", Drop("a", START, END))
    assert load(after).rotas["p"].overrides[-1] == Drop("a", START, END)
    assert after.startswith("# first\n")
    inline = 'timezone = "Europe/Rome"\npeople = { a = { role = "lead" } }\nrotas = { p = { layers = [] } }\n'
    assert load(add_override(inline, "p", Drop("a", START, END))).rotas["p"].overrides == (Drop("a", START, END),)


def test_an_absence_is_appended() -> None:
    absence = Absence("sara", START, END, "sara", "away")
    text = add_absence(EXAMPLE, absence)
    assert text.startswith(EXAMPLE)
    assert load(text).absences[-1] == absence


def test_unknown_rota() -> None:
    with pytest.raises(KeyError):
        add_override(EXAMPLE, "nights", Drop("sara", START, END))
