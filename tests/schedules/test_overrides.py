"""The five kinds of override in their order, and what spans and handoffs make of them; both sides of every edge.

Worked out by hand from ROTA.md, "Who is on duty at instant t", 2 to 4. All of it on 10 and 17 November 2026.
"""

from datetime import timedelta

import pytest
from rota_cases import at, away, edge, layer, on, override, plan, swap

from schedules.on_duty import next_handoff, spans

A = layer()
A_AND_B = layer('people = [["a", "b"]]\nstarts = 2026-01-01\nturn = "1 week"')
WEEKLY = layer('people = ["a", "b"]\nstarts = 2026-11-09\nturn = "1 week"')
MORNING = ("2026-11-10T08:00:00Z", "2026-11-10T12:00:00Z")
NOON = ("2026-11-10T10:00:00Z", "2026-11-10T14:00:00Z")


def to(text: str, stretch: tuple[str, str] = MORNING) -> str:
    return override(text, *stretch)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param('put = ["b"]', ["a|b", "b|a"], id="put"),
        pytest.param("put = []", ["a|", "|a"], id="put nobody"),
        pytest.param('replace = "a"\nwith = "b"', ["a|b", "b|a"], id="replace"),
        pytest.param('drop = "a"', ["a|", "|a"], id="drop"),
        pytest.param('add = ["b", "c"]', ["a|abc", "abc|a"], id="add"),
        pytest.param("add = []", ["a|a", "a|a"], id="add nobody"),
        pytest.param('replace = "b"\nwith = "c"', ["a|a", "a|a"], id="replace somebody who is off"),
        pytest.param('replace = "a"\nwith = "a"', ["a|a", "a|a"], id="replace by themselves"),
        pytest.param('drop = "b"', ["a|a", "a|a"], id="drop somebody who is off"),
    ],
)
def test_each_kind_holds_from_its_start_and_no_longer_at_its_end(text: str, expected: list[str]) -> None:
    assert [edge(plan(A, to(text)), when) for when in MORNING] == expected


A_TO_B, B_TO_C = 'replace = "a"\nwith = "b"', 'replace = "b"\nwith = "c"'


@pytest.mark.parametrize(
    ("base", "texts", "expected"),
    [
        pytest.param(A, [A_TO_B, B_TO_C], "c", id="a to b, b to c gives c"),
        pytest.param(A, [B_TO_C, A_TO_B], "b", id="b to c, a to b gives b"),
        pytest.param(A, [A_TO_B, 'replace = "b"\nwith = "a"'], "a", id="there and back"),
        pytest.param(A, [A_TO_B, 'replace = "a"\nwith = "c"'], "b", id="a has gone already"),
        pytest.param(A, [A_TO_B, 'drop = "a"'], "b", id="replaced, then dropped in vain"),
        pytest.param(A, [A_TO_B, 'drop = "b"'], "", id="the stand-in is dropped"),
        pytest.param(A, ['drop = "b"', A_TO_B], "b", id="dropped before standing in"),
        pytest.param(A, ['drop = "a"', A_TO_B], "", id="nobody stands in for the dropped"),
        pytest.param(A_AND_B, [A_TO_B], "b", id="the stand-in is on already"),
        pytest.param(A_AND_B, [A_TO_B, B_TO_C], "c", id="both stand where c stands"),
        pytest.param(A_AND_B, ['drop = "a"'], "b", id="the other stays"),
        pytest.param(A, ['add = ["b"]', B_TO_C], "ab", id="what is added is not replaced"),
        pytest.param(A, ['add = ["b"]', 'drop = "b"'], "ab", id="nor dropped"),
        pytest.param(A, ['put = ["b"]', B_TO_C], "b", id="what is put is not replaced"),
        pytest.param(A, ['put = ["b"]', 'drop = "b"'], "b", id="nor dropped"),
        pytest.param(A, ['add = ["b"]', "put = []"], "b", id="added after put, wherever it stands"),
        pytest.param(A, ['put = ["c"]', 'add = ["c", "b"]'], "bc", id="added without duplicates"),
        pytest.param(A, ['add = ["b"]', 'add = ["c"]'], "abc", id="several are added"),
        pytest.param(A, ['drop = "a"', 'add = ["a"]'], "a", id="dropped and added"),
        pytest.param(A, ['put = ["b"]', 'put = ["c"]'], "c", id="the latest put"),
        pytest.param(A, ['put = ["b"]', "put = []"], "", id="the latest put, of nobody"),
        pytest.param(A, ["put = []", 'put = ["b"]'], "b", id="the latest put, not the empty one"),
        pytest.param(A, ['put = ["d"]', 'put = ["d"]'], "d", id="put twice"),
    ],
)
def test_overrides_in_their_order(base: str, texts: list[str], expected: str) -> None:
    assert on(plan(base, *map(to, texts)), "2026-11-10T09:00:00Z") == expected


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        pytest.param('put = ["b"]', 'put = ["c"]', ["a|b", "b|c", "c|c", "c|a"], id="the later put over the earlier"),
        pytest.param('put = ["b"]', "put = []", ["a|b", "b|", "|", "|a"], id="the later put of nobody"),
        pytest.param(A_TO_B, B_TO_C, ["a|b", "b|c", "c|a", "a|a"], id="a chain holds while both hold"),
        pytest.param('drop = "a"', 'add = ["a"]', ["a|", "|a", "a|a", "a|a"], id="off and on"),
        pytest.param('add = ["b"]', 'put = ["c"]', ["a|ab", "ab|bc", "bc|c", "c|a"], id="add and put"),
    ],
)
def test_overrides_that_overlap(first: str, second: str, expected: list[str]) -> None:
    """The first from 8 to 12, the second, made later, from 10 to 14."""
    of = plan(A, to(first, MORNING), to(second, NOON))
    assert [edge(of, when) for when in (MORNING[0], NOON[0], MORNING[1], NOON[1])] == expected


def test_the_put_made_later_wins_though_it_began_earlier() -> None:
    """And where it ends, the one made before it holds again."""
    of = plan(A, to('put = ["b"]', NOON), to('put = ["c"]', MORNING))
    assert [edge(of, when) for when in (MORNING[0], NOON[0], MORNING[1], NOON[1])] == ["a|c", "c|c", "c|b", "b|a"]


def test_put_holds_before_the_start_outside_windows_after_the_end_and_for_the_absent() -> None:
    body = 'people = ["a"]\nstarts = 2026-11-28\nuntil = 2026-12-12\nturn = "1 week"\nabsence = "gap"\n'
    puts = [("2026-11-10", "2026-11-11"), ("2026-11-30", "2026-12-01"), ("2026-12-19", "2026-12-20")]
    of = plan(
        layer(body + 'windows = ["sat-sun 08:00-20:00"]\n'),
        *(override('put = ["a"]', *stretch) for stretch in puts),
        away("a", "2026-11-01", "2026-12-31"),
    )
    days = ("11-10", "11-28", "11-30", "12-05", "12-19", "12-26")
    assert [on(of, f"2026-{day}T12:00:00Z") for day in days] == ["a", "", "a", "", "a", ""]


@pytest.mark.parametrize("text", [A_TO_B, 'drop = "a"'])
def test_a_person_for_person_override_makes_nobody_out_of_nobody(text: str) -> None:
    of = plan(layer('people = [""]\nstarts = 2026-01-01\nturn = "1 week"'), to(text))
    assert [edge(of, when) for when in MORNING] == ["|", "|"]


def test_nobody_steps_in_from_a_lower_layer() -> None:
    """A drop takes somebody off the result; the layers have been decided before."""
    of = plan(A, layer('people = ["b"]\nstarts = 2026-01-01\nturn = "1 week"\npriority = 1'), to('drop = "b"'))
    assert [edge(of, when) for when in MORNING] == ["b|", "|b"]


# -- swaps --

NEXT_WEEK = ("2026-11-17T08:00:00Z", "2026-11-17T12:00:00Z")


@pytest.mark.parametrize(
    ("is_open", "expected"),
    [("false", ["a|b", "b|a", "b|a", "a|b"]), ("true", ["a|a", "a|a", "b|b", "b|b"])],
)
def test_a_swap_of_two_weeks(is_open: str, expected: list[str]) -> None:
    """In a's stretch b, in b's stretch a; a request changes nothing."""
    of = plan(WEEKLY, swap(("a", *MORNING), ("b", *NEXT_WEEK), is_open))
    assert [edge(of, when) for when in (*MORNING, *NEXT_WEEK)] == expected


@pytest.mark.parametrize(
    ("base", "first", "second", "expected"),
    [
        pytest.param(A, ("a", *MORNING), ("b", *MORNING), "b", id="both halves hold, a is on: b, and not back again"),
        pytest.param(A, ("b", *MORNING), ("a", *MORNING), "b", id="the same, written the other way round"),
        pytest.param(A_AND_B, ("a", *MORNING), ("b", *MORNING), "ab", id="both halves hold, both are on: they trade"),
        pytest.param(A_AND_B, ("a", *MORNING), ("b", *NEXT_WEEK), "b", id="one half holds, both are on: only b"),
        pytest.param(A_AND_B, ("a", *NEXT_WEEK), ("b", *MORNING), "a", id="the other half holds: only a"),
        pytest.param(A, ("b", *MORNING), ("a", *NEXT_WEEK), "a", id="who gives it away is not on"),
        pytest.param(A, ("a", *MORNING), ("a", *NEXT_WEEK), "a", id="with themselves"),
        pytest.param(A, ("a", MORNING[0], MORNING[0]), ("b", *MORNING), "a", id="a half of no length"),
    ],
)
def test_halves_of_a_swap(base: str, first: tuple[str, str, str], second: tuple[str, str, str], expected: str) -> None:
    assert on(plan(base, swap(first, second)), "2026-11-10T09:00:00Z") == expected


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        pytest.param("", to(B_TO_C), "c", id="swapped, then replaced"),
        pytest.param(to(B_TO_C), "", "b", id="replaced before, in vain"),
        pytest.param(to('replace = "a"\nwith = "c"'), "", "c", id="a has gone before the swap"),
        pytest.param("", to('drop = "b"'), "", id="swapped, then dropped"),
        pytest.param("", to('drop = "a"'), "b", id="swapped, then dropped in vain"),
        pytest.param("", swap(("b", *MORNING), ("c", *NEXT_WEEK)), "c", id="swapped on"),
        pytest.param("", swap(("b", *MORNING), ("a", *NEXT_WEEK)), "a", id="swapped back"),
        pytest.param(to('put = ["d"]'), "", "d", id="put comes after, wherever it stands"),
    ],
)
def test_a_swap_among_other_overrides(before: str, after: str, expected: str) -> None:
    of = plan(A, before, swap(("a", *MORNING), ("b", *NEXT_WEEK)), after)
    assert on(of, "2026-11-10T09:00:00Z") == expected


# -- spans and handoffs --


def pieces(*parts: str, begin: str, end: str) -> list[tuple[str, str]]:
    """When each piece begins and who it has; they follow one another to the end asked for."""
    found = spans(plan(*parts), "primary", at(begin), at(end))
    assert [piece.end for piece in found] == [*(piece.start for piece in found[1:]), at(end)]
    return [(piece.start.strftime("%d %H:%M:%S"), "".join(sorted(piece.who))) for piece in found]


def test_spans_are_cut_where_people_change_and_nowhere_else() -> None:
    """Not at a handoff from a to a, not where an override changes nothing; a gap is a piece."""
    found = pieces(
        layer('people = ["a", "a", "b", ""]\nstarts = 2026-11-09\nturn = "1 day"'),
        to('replace = "c"\nwith = "d"'),
        to('put = ["a"]'),
        begin="2026-11-09T12:00:00Z",
        end="2026-11-13T12:00:00Z",
    )
    assert found == [("09 12:00:00", "a"), ("10 23:00:00", "b"), ("11 23:00:00", ""), ("12 23:00:00", "a")]


def test_spans_are_clipped_to_what_was_asked() -> None:
    """Also to the microsecond before a handoff, and from the handoff on."""
    handoff = "2026-11-15T23:00:00Z"
    assert pieces(WEEKLY, begin="2026-11-14T00:00:01Z", end=handoff) == [("14 00:00:01", "a")]
    assert pieces(WEEKLY, begin=handoff, end="2026-11-15T23:00:01Z") == [("15 23:00:00", "b")]
    assert pieces(WEEKLY, begin="2026-11-15T22:59:59.999999Z", end="2026-11-15T23:00:00.000001Z") == [
        ("15 22:59:59", "a"),
        ("15 23:00:00", "b"),
    ]


@pytest.mark.parametrize(("begin", "end"), [("2026-11-16", "2026-11-16"), ("2026-11-17", "2026-11-16")])
def test_spans_of_no_time_are_none(begin: str, end: str) -> None:
    assert spans(plan(WEEKLY), "primary", at(f"{begin}T00:00:00Z"), at(f"{end}T00:00:00Z")) == []


def test_spans_over_the_doubled_hour() -> None:
    """Turns of an hour: three of them last from midnight to four, and the doubled one is twice as long."""
    body = layer('people = ["a", "b"]\nstarts = 2026-10-25\nturn = "1 hour"')
    assert pieces(body, begin="2026-10-24T22:00:00Z", end="2026-10-25T03:00:00Z") == [
        ("24 22:00:00", "a"),
        ("24 23:00:00", "b"),
        ("25 00:00:00", "a"),
        ("25 02:00:00", "b"),
    ]


def test_spans_over_the_skipped_hour() -> None:
    """The turn from 02:00 to 03:00 is empty: a hands over to a, which is no cut."""
    body = layer('people = ["a", "b"]\nstarts = 2026-03-29T01:00:00\nturn = "1 hour"')
    assert pieces(body, begin="2026-03-29T00:00:00Z", end="2026-03-29T03:00:00Z") == [
        ("29 00:00:00", "a"),
        ("29 02:00:00", "b"),
    ]


@pytest.mark.parametrize(
    ("after", "hours", "expected"),
    [
        pytest.param("2026-11-14T00:00:00Z", 48, "2026-11-15T23:00:00Z", id="the next one"),
        pytest.param("2026-11-15T22:59:59.999999Z", 1, "2026-11-15T23:00:00Z", id="just before it"),
        pytest.param("2026-11-15T23:00:00Z", 24 * 8, "2026-11-22T23:00:00Z", id="at it: the one after"),
        pytest.param("2026-11-15T23:00:00Z", 24 * 7, None, id="the end asked for is not inside"),
        pytest.param("2026-11-01T00:00:00Z", 24 * 30, "2026-11-08T23:00:00Z", id="the rota's beginning"),
        pytest.param("2026-11-15T00:00:00Z", 0, None, id="no time"),
    ],
)
def test_next_handoff(after: str, hours: int, expected: str | None) -> None:
    found = next_handoff(plan(WEEKLY), "primary", at(after), timedelta(hours=hours))
    assert (found and found.at) == (expected and at(expected))
