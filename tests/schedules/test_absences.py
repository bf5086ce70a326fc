"""Absences in their three modes, on both sides of every edge.

Worked out by hand from ROTA.md, "Absence". Weekly turns from Monday 2 November 2026, 00:00 (1 November, 23:00Z).
"""

import pytest
from rota_cases import away, dealt, edge, layer, on, plan


def weekly(people: str, mode: str, more: str = "") -> str:
    return layer(f'people = {people}\nstarts = 2026-11-02\nturn = "1 week"\nabsence = "{mode}"\n{more}')


@pytest.mark.parametrize("mode", ["gap", "next"])
@pytest.mark.parametrize(
    ("when", "gap", "following"),
    [
        pytest.param("03T09:59:59.999999", "a|a", "a|a", id="just before"),
        pytest.param("03T10:00:00", "a|", "a|b", id="at its start"),
        pytest.param("03T12:00:00", "|a", "b|a", id="at its end"),
        pytest.param("08T23:00:00", "a|b", "a|b", id="later turns never shift"),
        pytest.param("10T10:00:00", "b|b", "b|b", id="who is not on duty may be away"),
    ],
)
def test_an_absence_is_half_open(mode: str, when: str, gap: str, following: str) -> None:
    of = plan(
        weekly('["a", "b", "c"]', mode),
        away("a", "2026-11-03T10:00:00Z", "2026-11-03T12:00:00Z"),
        away("a", "2026-11-10T10:00:00Z", "2026-11-10T12:00:00Z"),
    )
    assert edge(of, f"2026-11-{when}Z") == (gap if mode == "gap" else following)


@pytest.mark.parametrize(
    ("people", "mode", "absent", "expected"),
    [
        pytest.param('["a", "b"]', "", "a", "a", id="no key: absences are ignored"),
        pytest.param('["a", "b"]', "gap", "a", "", id="gap"),
        pytest.param('[["a", "b"], "c"]', "gap", "a", "b", id="gap: the others of the seat stay"),
        pytest.param('[["a", "b"], "c"]', "gap", "ab", "", id="gap: the whole seat is away"),
        pytest.param('["a", "b", "c"]', "next", "a", "b", id="next"),
        pytest.param('["a", "b", "c"]', "next", "ab", "c", id="next but one"),
        pytest.param('["a", "b", "c"]', "next", "abc", "", id="next: nobody is present"),
        pytest.param('["a"]', "next", "a", "", id="next: there is no other"),
        pytest.param('["a", "", "c"]', "next", "a", "c", id="next: over a seat of nobody"),
        pytest.param('["", "b", "c"]', "next", "b", "", id="next: a seat of nobody stays nobody"),
        pytest.param('["", "b", "c"]', "next-whole-turn", "b", "", id="whole turn: a seat of nobody stays nobody"),
        pytest.param('[["a", "b"], "c"]', "next", "a", "b", id="next: somebody of the seat is there"),
        pytest.param('[["a", "b"], "c"]', "next", "ab", "c", id="next: the whole seat is away"),
        pytest.param('["a", ["b", "c"]]', "next", "a", "bc", id="next: two together"),
        pytest.param('["a", ["b", "c"]]', "next", "ab", "c", id="next: whoever of them is present"),
        pytest.param('["a", ["a", "b"], "c"]', "next", "a", "b", id="next: not the absent one in another seat"),
        pytest.param('["a", "a", "c"]', "next", "a", "c", id="next: over their own next seat"),
        pytest.param('["a", "b"]', "next", "", "a", id="nobody is away"),
    ],
)
def test_who_steps_in(people: str, mode: str, absent: str, expected: str) -> None:
    """The first week, everybody named being away throughout."""
    written = weekly(people, mode) if mode else weekly(people, "gap").replace('absence = "gap"', "")
    of = plan(written, *(away(person, "2026-11-01", "2026-12-01") for person in absent))
    assert on(of, "2026-11-04T12:00:00Z") == expected


def test_next_goes_round_the_order() -> None:
    """In c's week, c away: a is next."""
    of = plan(weekly('["a", "b", "c"]', "next"), away("c", "2026-11-16", "2026-11-23"))
    assert [edge(of, f"2026-11-{day}T23:00:00Z") for day in ("15", "22")] == ["b|a", "a|a"]


def test_next_asks_who_is_present_at_that_instant() -> None:
    of = plan(
        weekly('["a", "b", "c"]', "next"),
        away("a", "2026-11-03", "2026-11-06"),
        away("b", "2026-11-04", "2026-11-05"),
    )
    assert [edge(of, f"2026-11-{day}T23:00:00Z") for day in ("02", "03", "04", "05")] == ["a|b", "b|c", "c|b", "b|a"]


def test_absences_that_overlap_or_are_empty() -> None:
    of = plan(
        weekly('["a", "b"]', "next"),
        away("a", "2026-11-03", "2026-11-05"),
        away("a", "2026-11-04", "2026-11-06"),
        away("a", "2026-11-07", "2026-11-07"),
    )
    assert [edge(of, f"2026-11-{day}T23:00:00Z") for day in ("02", "04", "05", "06")] == ["a|b", "b|b", "b|a", "a|a"]


def test_the_order_in_force_says_who_is_next() -> None:
    changes = 'changes = [{ at = 2026-11-04, people = ["c", "a", "d"], holder = "a" }]\n'
    of = plan(weekly('["a", "b", "c"]', "next", changes), away("a", "2026-11-03", "2026-11-06"))
    assert [edge(of, f"2026-11-{day}T23:00:00Z") for day in ("02", "03", "05")] == ["a|b", "b|d", "d|a"]


# -- whole turns --

WEEKEND = 'windows = ["fri 18:00 - mon 09:00"]\n'


@pytest.mark.parametrize(
    ("more", "start", "end", "expected"),
    [
        pytest.param("", "2026-11-08T23:59:59", "2026-11-12", "bbb", id="the turn's last second"),
        pytest.param("", "2026-11-09", "2026-11-12", "aaa", id="as the turn ends"),
        pytest.param("", "2026-10-20", "2026-11-02", "aaa", id="until it begins"),
        pytest.param("", "2026-10-20", "2026-11-02T00:00:01", "bbb", id="its first second"),
        pytest.param("", "2026-11-05T12:00:00", "2026-11-05T12:00:01", "bbb", id="a second in the middle"),
        pytest.param("", "2026-11-05T12:00:00", "2026-11-05T12:00:00", "aaa", id="no time at all"),
        pytest.param(WEEKEND, "2026-11-02T09:00:00", "2026-11-06T18:00:00", ".aa", id="the free days to the second"),
        pytest.param(WEEKEND, "2026-11-02T09:00:00", "2026-11-06T18:00:01", ".bb", id="a second of the weekend"),
        pytest.param(WEEKEND, "2026-11-02T08:59:59", "2026-11-06T18:00:00", ".bb", id="a second of monday's end"),
        pytest.param(WEEKEND, "2026-11-02T09:00:00", "2026-11-02T09:00:01", ".aa", id="a second after it"),
        pytest.param(WEEKEND, "2026-11-09T00:00:00", "2026-11-09T08:00:00", ".aa", id="the next turn's monday morning"),
        pytest.param("until = 2026-11-07T12:00:00\n", "2026-11-07T12:00:00", "2026-11-08", "aa.", id="after `until`"),
        pytest.param("until = 2026-11-07T12:00:00\n", "2026-11-07T11:59:59", "2026-11-08", "bb.", id="before `until`"),
    ],
)
def test_whole_turn_is_touched_or_not(more: str, start: str, end: str, expected: str) -> None:
    """a's week, b stepping in for all of it or for nothing: Tuesday, Saturday at 01:00 and at 12:00; "." for nobody."""
    of = plan(weekly('["a", "b", "c"]', "next-whole-turn", more), away("a", start, end))
    whens = ("03T12:00", "07T00:00", "07T12:00")
    assert "".join(on(of, f"2026-11-{when}:00Z") or "." for when in whens) == expected


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        pytest.param("2026-11-07T20:00:00", "2026-12-12T08:00:00", "abcbbc", id="from one free night to another"),
        pytest.param("2026-11-07T19:59:59", "2026-12-12T08:00:00", "bbcbbc", id="a second more before"),
        pytest.param("2026-11-08", "2026-11-28T08:00:00", "abcabc", id="up to the saturday of their next turn"),
        pytest.param("2026-11-08", "2026-11-28T08:00:01", "abcbbc", id="a second of it"),
        pytest.param("2026-11-01", "2026-11-27", "bbcabc", id="a month, back for the next turn"),
    ],
)
def test_a_long_absence_touches_only_turns_whose_duty_it_meets(start: str, end: str, expected: str) -> None:
    """Saturdays alone are duty; a has the first and the fourth week's."""
    of = plan(weekly('["a", "b", "c"]', "next-whole-turn", 'windows = ["sat 08:00-20:00"]\n'), away("a", start, end))
    days = ("11-07", "11-14", "11-21", "11-28", "12-05", "12-12")
    assert "".join(on(of, f"2026-{day}T12:00:00Z") for day in days) == expected


def test_whole_turns_of_which_the_stand_in_is_away_too() -> None:
    """b is away for a second of a's turn and so for all of it; in their own turn nobody is."""
    of = plan(
        weekly('["a", "b", "c"]', "next-whole-turn"),
        away("a", "2026-11-03", "2026-11-04"),
        away("b", "2026-11-05T10:00:00", "2026-11-05T10:00:01"),
    )
    assert [edge(of, f"2026-11-{day}T23:00:00Z") for day in ("01", "08", "15")] == ["|c", "c|b", "b|c"]


def test_a_layer_that_begins_late_has_a_short_first_turn() -> None:
    """Begun with an offset in the doubled hour's second half: the first half is no duty time."""
    body = 'people = ["a", "b"]\nstarts = 2026-10-25T02:30:00+01:00\nturn = "1 day"\nabsence = "next-whole-turn"\n'
    of = plan(layer(body), away("a", "2026-10-25T00:00:00Z", "2026-10-25T01:30:00Z"))
    assert edge(of, "2026-10-25T01:30:00Z") == "|a"


SAT_SUN = '["sat-sun 08:00-20:00"]'


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        pytest.param("2026-11-29T19:59:59", "2026-11-30", "bb", id="a second of sunday takes saturday"),
        pytest.param("2026-11-29T20:00:00", "2026-12-05T08:00:00", "aa", id="the days between"),
        pytest.param("2026-11-28T20:00:00", "2026-11-29T08:00:00", "aa", id="the night between"),
        pytest.param("2026-11-28T20:00:00", "2026-11-29T08:00:01", "bb", id="and a second of sunday"),
        pytest.param("2026-11-28T12:00:00", "2026-11-28T12:00:01", "bb", id="a second of saturday"),
        pytest.param("2026-11-20", "2026-11-28T08:00:00", "aa", id="until it begins"),
        pytest.param("2026-11-20", "2026-11-28T08:00:01", "bb", id="its first second"),
    ],
)
def test_whole_turn_of_dealt_windows(start: str, end: str, expected: str) -> None:
    """Saturday and Sunday are one turn; the next weekend is b's in any case."""
    body = dealt('["a", "b"]\nabsence = "next-whole-turn"', "2026-11-28", SAT_SUN, "2 windows")
    of = plan(body, away("a", start, end))
    days = ("2026-11-28", "2026-11-29", "2026-12-05")
    assert "".join(on(of, f"{day}T18:00:00Z") for day in days) == expected + "b"


def test_whole_turn_of_windows_that_overlap() -> None:
    """The absence ends as a's own window does not reach: b's turn began, a's is touched."""
    body = dealt('["a", "b", "c"]\nabsence = "next-whole-turn"', "2026-11-28", '["sat 08:00-14:00", "sat 12:00-20:00"]')
    of = plan(body, away("b", "2026-11-28T10:00:00", "2026-11-28T12:00:00"))
    assert [on(of, f"2026-11-28T{hour}:00:00Z") for hour in ("10", "12", "14")] == ["a", "ab", "b"]
    of = plan(body, away("b", "2026-11-28T10:00:00", "2026-11-28T12:00:01"))
    assert [on(of, f"2026-11-28T{hour}:00:00Z") for hour in ("10", "12", "14")] == ["a", "ac", "c"]
    of = plan(body, away("a", "2026-11-28T13:59:59", "2026-11-28T18:00:00"))
    assert [on(of, f"2026-11-28T{hour}:00:00Z") for hour in ("10", "12", "14")] == ["b", "b", "b"]


def test_a_higher_layer_emptied_by_an_absence_lets_the_lower_one_through() -> None:
    of = plan(
        layer('people = ["d"]\nstarts = 2026-01-01\nturn = "1 week"\n'),
        weekly('["a"]', "gap", "priority = 1\n"),
        away("a", "2026-11-03", "2026-11-04"),
    )
    assert [edge(of, f"2026-11-{day}T23:00:00Z") for day in ("01", "02", "03")] == ["d|a", "a|d", "d|a"]
