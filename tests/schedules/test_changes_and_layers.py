"""Changes of the order, and layers over layers; a microsecond before each edge and at it.

Worked out by hand from ROTA.md, "Turns" (after a change …) and "Who is on duty at instant t", 1.
"""

import pytest
from rota_cases import dealt, edge, layer, on, override, plan

SAT_SUN = '["sat-sun 08:00-20:00"]'


def changed(*changes: tuple[str, str, str], people: str = '["a", "b", "c"]') -> str:
    """Weekly from Monday 2 November 2026, 09:00 (08:00Z)."""
    written = ", ".join(f'{{ at = {at}, people = {order}, holder = "{holder}" }}' for at, order, holder in changes)
    return layer(f'people = {people}\nstarts = 2026-11-02T09:00:00\nturn = "1 week"\nchanges = [{written}]\n')


NEW = '["d", "a", "b"]'


@pytest.mark.parametrize(
    ("change", "when", "expected"),
    [
        pytest.param(("2026-11-11T12:00:00", NEW, "a"), "11T11:00", "b|a", id="in a running turn: the holder has it"),
        pytest.param(("2026-11-11T12:00:00", NEW, "a"), "16T08:00", "a|b", id="the handoff does not move"),
        pytest.param(("2026-11-11T12:00:00", NEW, "a"), "23T08:00", "b|d", id="then round again"),
        pytest.param(("2026-11-09T09:00:00", NEW, "d"), "09T08:00", "a|d", id="at a handoff: the turn that begins"),
        pytest.param(("2026-11-09T09:00:00", NEW, "d"), "16T08:00", "d|a", id="at a handoff: the one after"),
        pytest.param(("2026-11-09T08:59:59.999999", NEW, "d"), "09T08:00", "d|a", id="just before: the turn that ends"),
        pytest.param(
            ("2026-11-09T09:00:00.000001", NEW, "d"), "09T08:00", "a|b", id="just after: the old order begins"
        ),
        pytest.param(("2026-11-09T09:00:00.000001", NEW, "d"), "16T08:00", "d|a", id="just after: the same turn"),
        pytest.param(("2026-11-02T09:00:00", NEW, "b"), "02T08:00", "|b", id="at the start"),
        pytest.param(("2026-10-01", NEW, "b"), "02T08:00", "|b", id="before the start: the first turn"),
        pytest.param(("2026-10-01", NEW, "b"), "09T08:00", "b|d", id="before the start: the second"),
        pytest.param(
            ("2026-11-11", '["b", ["a", "d"], "a"]', "a"), "16T08:00", "ad|a", id="the first seat naming them"
        ),
        pytest.param(("2026-11-11", '["d", "", "a"]', "d"), "16T08:00", "d|", id="the next seat is nobody's"),
        pytest.param(("2026-11-11", '["d"]', "d"), "16T08:00", "d|d", id="one person from then on"),
    ],
)
def test_a_change_of_order(change: tuple[str, str, str], when: str, expected: str) -> None:
    assert edge(plan(changed(change)), f"2026-11-{when}:00Z") == expected


@pytest.mark.parametrize("reverse", [False, True])
def test_several_changes_hold_by_their_date(reverse: bool) -> None:
    """Whatever order they stand in."""
    changes = [("2026-11-10", '["d", "a"]', "d"), ("2026-11-18", '["c", "b"]', "b")]
    of = plan(changed(*(changes[::-1] if reverse else changes)))
    whens = ("09T08:00", "09T23:00", "16T08:00", "17T23:00", "23T08:00")
    assert [edge(of, f"2026-11-{when}:00Z") for when in whens] == ["a|b", "b|d", "d|a", "a|b", "b|c"]


@pytest.mark.parametrize(
    ("at", "edges"),
    [
        pytest.param(
            "2026-11-29T12:00:00", ["a|", "|b", "d|", "|a", "|b"], id="in a window: its turn is the running one"
        ),
        pytest.param("2026-11-29T08:00:00", ["a|", "|d", "d|", "|a", "|b"], id="as a window begins: that one"),
        pytest.param("2026-11-29T07:59:59.999999", ["a|", "|a", "a|", "|b", "|d"], id="just before: the last begun"),
        pytest.param("2026-11-29T20:00:00", ["a|", "|b", "b|", "|a", "|b"], id="as it ends: still the last begun"),
        pytest.param("2026-12-05T07:00:00", ["a|", "|b", "b|", "|a", "|b"], id="between windows: the last begun"),
        pytest.param("2026-11-27", ["d|", "|a", "a|", "|b", "|d"], id="before the first: the first"),
    ],
)
def test_a_change_of_order_of_dealt_windows(at: str, edges: list[str]) -> None:
    """Saturdays to a, Sundays to b, then c; from `at` on the order is d, a, b, and d has the running turn."""
    changes = f'changes = [{{ at = {at}, people = {NEW}, holder = "d" }}]'
    of = plan(dealt(f'["a", "b", "c"]\n{changes}', "2026-11-28", SAT_SUN))
    whens = ("2026-11-28T19", "2026-11-29T07", "2026-11-29T19", "2026-12-05T07", "2026-12-06T07")
    assert [edge(of, f"{when}:00:00Z") for when in whens] == edges


def test_a_change_in_turns_of_two_windows() -> None:
    """On Saturday noon d takes the weekend's turn, Sunday included; next weekend is a's."""
    changes = f'changes = [{{ at = 2026-11-28T12:00:00, people = {NEW}, holder = "d" }}]'
    of = plan(dealt(f'["a", "b"]\n{changes}', "2026-11-28", SAT_SUN, "2 windows"))
    assert edge(of, "2026-11-28T11:00:00Z") == "a|d"
    assert [on(of, f"{day}T12:00:00Z") for day in ("2026-11-29", "2026-12-05", "2026-12-06")] == ["d", "a", "a"]


# -- layers together --


@pytest.mark.parametrize(
    ("higher", "when", "expected"),
    [
        pytest.param('people = ["b"]\nwindows = ["sat 08:00-20:00"]', "28T07:00", "a|b", id="wins inside its window"),
        pytest.param('people = ["b"]\nwindows = ["sat 08:00-20:00"]', "28T19:00", "b|a", id="outside it the lower one"),
        pytest.param('people = ["b", ""]', "28T23:00", "b|a", id="a seat of nobody lets the lower one through"),
        pytest.param('people = ["b"]\nuntil = 2026-11-28T12:00:00', "28T11:00", "b|a", id="until its end"),
        pytest.param('people = ["a", "b"]', "28T23:00", "a|b", id="the same person on both"),
    ],
)
def test_a_higher_layer(higher: str, when: str, expected: str) -> None:
    """From Saturday the 28th on, in turns of a day, over a's own layer."""
    of = plan(layer(), layer(f'{higher}\nstarts = 2026-11-28\nturn = "1 day"\npriority = 1\n'))
    assert edge(of, f"2026-11-{when}:00Z") == expected


def test_equal_priorities_are_united_and_lower_ones_are_not() -> None:
    base = 'starts = 2026-11-28\nturn = "1 week"\n'
    of = plan(
        layer(f'people = ["d"]\n{base}priority = -1\n'),
        layer(f'people = ["a"]\n{base}until = 2026-11-30\n'),
        layer(f'people = ["b", "a"]\n{base}priority = 0\nuntil = 2026-11-29\n'),
        layer(f'people = ["c"]\n{base}priority = -5\n'),
    )
    edges = [edge(of, f"2026-11-{day}T23:00:00Z") for day in (27, 28, 29)]
    assert edges == ["|ab", "ab|a", "a|d"]


def test_nobody_before_the_start_whatever_the_layers_turns() -> None:
    of = plan(
        layer('people = ["a", "b"]\n' + 'starts = 2026-11-28\nturn = "1 day"\n'),
        override('add = ["c"]', "2026-11-01", "2026-11-02"),
    )
    assert [edge(of, f"2026-{when}:00:00Z") for when in ("10-31T23", "11-01T23", "11-27T23")] == ["|c", "c|", "|a"]
