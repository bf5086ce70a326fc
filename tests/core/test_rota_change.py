"""What an edit does, whose day a swap means, and that an edit comes back from its facts as it went in."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.core.rota_change import effect, facts_of, override_facts, override_of
from bot.core.shifts import coming, of_day
from bot.core.swapping import Request, agreed, asked, place_of, request_of, taken_back
from schedules.rota import Add, Drop, Put, Replace
from schedules.rota_edit import add_override
from schedules.rota_file import load

EXAMPLE = (Path(__file__).parents[2] / "rota.example.toml").read_text(encoding="utf-8")
PLAN = load(EXAMPLE)
# Giulia has primary until Friday 4 December 2026 at 18:00, Rome; the working days' nights, and whole holidays.
NOW = datetime(2026, 11, 28, 21, tzinfo=UTC)


def rome(day: int, hour: int = 0, month: int = 12) -> datetime:
    """A winter's wall time of 2026 in Rome."""
    return datetime(2026, month, day, hour, tzinfo=UTC) - timedelta(hours=1)


@pytest.mark.parametrize(
    ("rota", "person", "first", "last", "means"),
    [
        pytest.param("primary", "giulia", 1, 1, (rome(1, 18), rome(2, 9)), id="the night that begins"),
        pytest.param("primary", "giulia", 1, 2, (rome(1, 18), rome(3, 9)), id="two nights"),
        pytest.param("primary", "giulia", 4, 4, (rome(4), rome(4, 9)), id="only what began the day before"),
        pytest.param("primary", "alessio", 4, 4, (rome(4, 18), rome(5)), id="the day of a weekend"),
        pytest.param("backup", "sara", 1, 1, (rome(1), rome(2)), id="the day of a week"),
        pytest.param("primary", "alessio", 1, 1, None, id="none"),
    ],
)
def test_the_duty_that_a_day_means(
    rota: str, person: str, first: int, last: int, means: tuple[datetime, datetime] | None
) -> None:
    assert of_day(PLAN, rota, person, (rome(first), rome(last + 1)), NOW) == means


def test_what_is_over_is_not_swapped() -> None:
    day = (rome(1), rome(2))
    assert of_day(PLAN, "primary", "giulia", day, rome(1, 20)) == (rome(1, 20), rome(2, 9))
    assert of_day(PLAN, "primary", "giulia", day, rome(2, 9)) is None


def test_ones_coming_duties() -> None:
    shifts = coming(PLAN, "giulia", NOW, timedelta(days=4))
    assert [(shift.rota, shift.start, shift.end) for shift in shifts] == [
        ("primary", NOW, rome(30, 9, 11)),
        ("primary", rome(30, 18, 11), rome(1, 9)),
        ("primary", rome(1, 18), rome(2, 9)),
        ("primary", rome(2, 18), NOW + timedelta(days=4)),
    ]
    assert {person for shift in shifts for person in shift.others} == {"sara"}


@pytest.mark.parametrize(
    "override",
    [
        Put(frozenset({"sara", "marco"}), rome(5), rome(6), "sara"),
        Put(frozenset(), rome(5), rome(6), "sara"),
        Add(frozenset({"sara"}), rome(5), rome(6), "sara"),
        Drop("alessio", rome(5), rome(6), "sara"),
        Replace("alessio", "marco", rome(5), rome(6), "sara"),
    ],
)
def test_an_override_comes_back_from_its_facts(override: Put | Add | Drop | Replace) -> None:
    facts = json.loads(json.dumps(override_facts(override)))
    assert override_of(facts, "sara", NOW) == override
    assert override_of(facts, "sara", rome(5, 12)).start == rome(5, 12)  # type: ignore[union-attr]


def test_what_an_edit_newly_makes_odd() -> None:
    """Only what it changes: the example has gaps of its own that nobody is told of again."""
    after = load(add_override(EXAMPLE, "primary", Put(frozenset(), rome(8, 18), rome(9, 9))))
    found = effect(PLAN, after, NOW, rome(20))
    assert [(c.before, c.after, c.start, c.end) for c in found.changes] == [
        (frozenset({"alessio"}), frozenset(), rome(8, 18), rome(9, 9))
    ]
    assert [(f.kind, f.rotas, f.when) for f in found.odd] == [("gap", ("primary",), ((rome(8, 18), rome(9, 9)),))]
    assert (found.filled, found.opens_gap, found.people) == ((), True, {"alessio"})
    back = effect(after, PLAN, NOW, rome(20))
    assert [f.when for f in back.filled] == [((rome(8, 18), rome(9, 9)),)]
    assert back.odd == ()
    assert json.loads(json.dumps(facts_of(back)))["changes"][0][3:] == [[], ["alessio"]]
    assert effect(PLAN, load(EXAMPLE), NOW, rome(20)).changes == ()


def test_a_request_stands_in_the_file_until_it_is_answered() -> None:
    request = Request("giulia", "alessio", "primary", (rome(1, 18), rome(2, 9)), (rome(10, 18), rome(11, 9)))
    assert request_of(json.loads(json.dumps(request.as_facts()))) == request
    plan = load(asked(PLAN, request, NOW))
    assert (place_of(PLAN, request), place_of(plan, request)) == (None, len(plan.rotas["primary"].overrides) - 1)
    assert effect(PLAN, plan, NOW, rome(20)).changes == ()
    assert taken_back(plan, request) == EXAMPLE
    assert taken_back(PLAN, request) is None
    held = load(agreed(plan, request, NOW))
    assert place_of(held, request) is None
    assert [(set(c.before), set(c.after)) for c in effect(PLAN, held, NOW, rome(20)).changes] == [
        ({"giulia"}, {"alessio"}),
        ({"alessio"}, {"giulia"}),
    ]
    late = load(agreed(plan, request, rome(1, 20)))
    assert effect(PLAN, late, NOW, rome(20)).changes[0].start == rome(1, 20)


def test_a_request_that_only_a_person_can_take_out_is_left_over() -> None:
    """Whoever answers it is not to be stopped by how somebody wrote it down."""
    request = Request("giulia", "alessio", "primary", (rome(1, 18), rome(2, 9)), (rome(8, 18), rome(9, 9)))
    side = '[[rotas.primary.overrides.swap]]\nperson = "{}"\nstart = 2026-12-0{}T18:00:00\nend = 2026-12-0{}T09:00:00\n'
    text = (
        f'{EXAMPLE}\n[[rotas.primary.overrides]]\nopen = true\nby = "giulia"\n{side.format("giulia", 1, 2)}'
        f"[accounts.between]\n{side.format('alessio', 8, 9)}"
    )
    plan = load(text)
    assert place_of(plan, request) is not None
    assert taken_back(plan, request) is None
    assert effect(plan, load(agreed(plan, request, NOW)), NOW, rome(20)).people == {"giulia", "alessio"}


def test_one_to_be_taken_over_stands_nowhere() -> None:
    request = Request("giulia", "alessio", "primary", (rome(1, 18), rome(2, 9)))
    assert request_of(json.loads(json.dumps(request.as_facts()))) == request
    assert taken_back(PLAN, request) is None
    held = load(agreed(PLAN, request, NOW))
    (change,) = effect(PLAN, held, NOW, rome(20)).changes
    assert (change.start, change.end, set(change.after)) == (rome(1, 18), rome(2, 9), {"alessio"})
