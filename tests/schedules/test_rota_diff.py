"""What one rota says otherwise than another, in words, and whose hours move because of it."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from schedules.on_duty import who
from schedules.rota import Absence, Add, Drop, Given, Override, Put, Replace, Swap
from schedules.rota_diff import DutyChange, changes, duty_changes, duty_words, sentence
from schedules.rota_edit import add_absence, add_override, without_override
from schedules.rota_file import load

EXAMPLE = (Path(__file__).parents[2] / "rota.example.toml").read_text(encoding="utf-8")
PLAN = load(EXAMPLE)
SAT, SUN = datetime(2026, 12, 11, 23, tzinfo=UTC), datetime(2026, 12, 12, 23, tzinfo=UTC)
STRETCH = "Sat 12 Dec 2026 00:00 - Sun 13 Dec 00:00"


def told(text: str) -> list[str]:
    return [sentence(change) for change in changes(PLAN, load(text))]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('timezone', '# why\ntimezone', ["comments or spacing only"]),
        ('turn    = "1 week"', 'turn    = "1 weeks"', ["written otherwise, the same meaning"]),
        ('turn    = "1 week"', 'turn    = "2 weeks"', ["layer 1 of primary: turn 1 week -> 2 weeks"]),
        ('name = "Sara Ricci"', 'name = "Sara Ricci"\nlanguage = "en"', ["person Sara: language it -> en"]),
        ('name = "Sara Ricci"', 'name = "Sara Neri"', ["person Sara: name Sara Ricci -> Sara Neri"]),
        ('quiet    = []', 'quiet    = ["daily 23:00-07:00"]', ["office: quiet - -> daily 23:00-07:00"]),
        (
            '[escalations.standard]',
            '[rotas.night]\nlayers = []\n[escalations.standard]',
            ["rota night added"],
        ),
        ("wait_min = 10\n\n[escalations.business]", "wait_min = 12\n\n[escalations.business]", None),
    ],
)  # fmt: skip
def test_each_change_is_a_line(old: str, new: str, said: list[str] | None) -> None:
    assert old in EXAMPLE
    lines = told(EXAMPLE.replace(old, new, 1))
    if said is None:
        assert len(lines) == 1
        assert "wait_min 10" in lines[0]
        assert "wait_min 12" in lines[0]
    else:
        assert lines == said


@pytest.mark.parametrize(
    ("override", "said"),
    [
        (Put(frozenset({"marco"}), SAT, SUN), f"primary: Marco instead of Sara, {STRETCH}"),
        (Put(frozenset(), SAT, SUN), f"primary: nobody instead of Sara, {STRETCH}"),
        (Replace("sara", "marco", SAT, SUN), f"primary: Marco instead of Sara, {STRETCH}"),
        (Add(frozenset({"marco"}), SAT, SUN), f"primary: Marco too, {STRETCH}"),
        (Drop("sara", SAT, SUN), f"primary: without Sara, {STRETCH}"),
    ],
)
def test_an_override_is_told_as_it_is_meant(override: Override, said: str) -> None:
    text = add_override(EXAMPLE, "primary", override)
    assert told(text) == [said]
    back = [sentence(change) for change in changes(load(text), PLAN)]
    assert back[0].startswith("primary: taken back: ")


def test_a_swap_is_asked_and_accepted() -> None:
    later = timedelta(days=7)
    swap = Swap(Given("sara", SAT, SUN), Given("giulia", SAT + later, SUN + later), open=True)
    asked = load(add_override(EXAMPLE, "primary", swap))
    assert next(sentence(c) for c in changes(PLAN, asked)).startswith("primary: swap asked: Giulia instead of Sara")
    assert duty_changes(PLAN, asked, SAT, SUN + later) == []
    place = len(asked.rotas["primary"].overrides) - 1
    closed = add_override(
        without_override(asked.text, "primary", place), "primary", Swap(swap.first, swap.second, by="sara")
    )
    assert next(sentence(c) for c in changes(asked, load(closed))).startswith("primary: accepted: swap: Giulia instead")


def test_an_absence_is_told() -> None:
    text = add_absence(EXAMPLE, Absence("giulia", SAT, SUN))
    assert told(text) == [f"absence of Giulia added, {STRETCH}"]
    assert [sentence(c) for c in changes(load(text), PLAN)] == [f"absence of Giulia taken back, {STRETCH}"]


def test_layers_and_people_come_and_go() -> None:
    longer = EXAMPLE.replace(
        "[[rotas.backup.layers]]",
        '[[rotas.backup.layers]]\npeople = ["marco", ""]\nstarts = 2027-01-01\nturn = "1 day"\n'
        "[[rotas.backup.layers]]",
    ) + '[people.paolo]\nname = "Paolo Sala"\n'  # fmt: skip
    assert told(longer) == ["person Paolo added", "layer 1 of backup added (marco, nobody)"]
    shorter = [sentence(change) for change in changes(load(longer), PLAN)]
    assert shorter == ["person Paolo removed", "layer 1 of backup removed (marco, nobody)"]


def test_whose_hours_move() -> None:
    """Cut at each handoff, on both sides; where the answer is the same nothing is told."""
    after = load(add_override(EXAMPLE, "primary", Put(frozenset({"sara"}), SAT - timedelta(days=7), SUN)))
    found = duty_changes(PLAN, after, SAT - timedelta(days=8), SUN + timedelta(days=1))
    assert all(change.after == {"sara"} and change.before != {"sara"} for change in found)
    assert found == sorted(found, key=lambda change: change.start)
    minute = timedelta(minutes=1)
    for change in found:
        for at in (change.start, change.end - minute):
            assert (who(PLAN, "primary", at), who(after, "primary", at)) == (change.before, change.after)
        for at in (change.start - minute, change.end):
            assert (who(PLAN, "primary", at), who(after, "primary", at)) != (change.before, change.after)


def test_a_rota_that_is_new_has_nobody_before() -> None:
    more = load(EXAMPLE + '[[rotas.night.layers]]\npeople = ["marco"]\nstarts = 2026-12-12\nturn = "1 week"\n')
    assert duty_changes(PLAN, more, SAT, SUN) == [
        DutyChange("night", SAT, SUN, frozenset(), frozenset({"marco"})),
    ]
    (gone,) = duty_changes(more, PLAN, SAT, SUN)
    assert duty_words(PLAN, gone, more) == f"night, {STRETCH}: Marco -> nobody"


def test_nothing_moves_between_equal_rotas() -> None:
    assert duty_changes(PLAN, load(EXAMPLE + "# x"), SAT, SUN + timedelta(weeks=52)) == []
    assert changes(PLAN, load(EXAMPLE)) == []
