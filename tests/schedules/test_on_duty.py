"""Who is on duty, case by case, on both sides of every edge."""

from datetime import UTC, date, datetime, timedelta

import pytest

from schedules.on_duty import next_handoff, spans, who
from schedules.rota import Plan
from schedules.rota_file import load

HEAD = """
timezone = "Europe/Rome"
{top}
[office]
holidays = ["IT", "IT-MI", 2026-12-24]
[people.a]
role = "lead"
[people.b]
[people.c]
[people.d]
"""


def plan(body: str, top: str = "") -> Plan:
    return load(HEAD.format(top=top) + body)


def layer(text: str, rota: str = "primary") -> str:
    return f"[[rotas.{rota}.layers]]\n{text}\n"


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def on(of: Plan, text: str, rota: str = "primary") -> str:
    """The people at an instant, sorted and joined; "" for nobody."""
    return "".join(sorted(who(of, rota, at(text))))


WEEKLY = plan(layer('people = ["a", "b", "c"]\nstarts = 2026-03-06T18:00:00\nturn = "1 week"'))


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        pytest.param("2026-03-06T16:59:59Z", "", id="before the start"),
        pytest.param("2026-03-06T17:00:00Z", "a", id="at the start"),
        pytest.param("2026-03-13T16:59:59Z", "a", id="last second of a turn"),
        pytest.param("2026-03-13T17:00:00Z", "b", id="at the instant of the handoff the new one"),
        pytest.param("2026-04-03T15:59:59Z", "a", id="after the clocks went forward 18:00 is 16:00Z, before"),
        pytest.param("2026-04-03T16:00:00Z", "b", id="after the clocks went forward 18:00 is 16:00Z, at"),
        pytest.param("2026-10-30T16:59:59Z", "a", id="after the clocks went back, before"),
        pytest.param("2026-10-30T17:00:00Z", "b", id="after the clocks went back, at"),
        pytest.param("0001-01-01T00:00:00Z", "", id="the first instant there is"),
        pytest.param("9999-12-31T23:59:59Z", "c", id="the last second there is"),
    ],
)
def test_weekly_handoff_keeps_its_wall_time(when: str, expected: str) -> None:
    assert on(WEEKLY, when) == expected


@pytest.mark.parametrize(
    ("starts", "turn", "when", "expected"),
    [
        pytest.param("2026-03-28T02:30:00", "1 day", "2026-03-29T01:29:59Z", "a", id="gap: 02:30 is 01:30Z, before"),
        pytest.param("2026-03-28T02:30:00", "1 day", "2026-03-29T01:30:00Z", "b", id="gap: 02:30 is 01:30Z, at"),
        pytest.param("2026-10-24T02:30:00", "1 day", "2026-10-25T00:29:59Z", "a", id="twice: the first 02:30, before"),
        pytest.param("2026-10-24T02:30:00", "1 day", "2026-10-25T00:30:00Z", "b", id="twice: the first 02:30, at"),
        pytest.param(
            "2026-10-24T02:30:00", "1 day", "2026-10-25T01:30:00Z", "b", id="twice: the second changes nothing"
        ),
        pytest.param("2026-10-25T01:00:00", "1 hour", "2026-10-25T01:59:59Z", "b", id="the doubled hour is one turn"),
        pytest.param("2026-10-25T01:00:00", "1 hour", "2026-10-25T02:00:00Z", "c", id="and then comes the next"),
        pytest.param(
            "2026-03-29T01:00:00", "1 hour", "2026-03-29T01:00:00Z", "c", id="the skipped hour's turn is empty"
        ),
        pytest.param("2026-01-31T08:00:00", "1 month", "2026-02-28T06:59:59Z", "a", id="31 Jan: February, before"),
        pytest.param("2026-01-31T08:00:00", "1 month", "2026-02-28T07:00:00Z", "b", id="31 Jan: cut to 28 Feb"),
        pytest.param(
            "2026-01-31T08:00:00", "1 month", "2026-03-31T05:59:59Z", "b", id="31 Jan: back to 31 Mar, before"
        ),
        pytest.param("2026-01-31T08:00:00", "1 month", "2026-03-31T06:00:00Z", "c", id="31 Jan: back to 31 Mar"),
        pytest.param("2026-01-31T08:00:00", "100000 months", "2926-01-01T00:00:00Z", "a", id="a turn without end"),
        pytest.param("2026-10-25T02:30:00+01:00", "1 day", "2026-10-25T01:29:59Z", "", id="offset start, before"),
        pytest.param("2026-10-25T02:30:00+01:00", "1 day", "2026-10-25T01:30:00Z", "a", id="offset start means itself"),
        pytest.param("2026-11-01", "2 days", "2026-11-02T23:00:00Z", "b", id="a bare date is 00:00"),
    ],
)
def test_turns_on_the_wall_clock(starts: str, turn: str, when: str, expected: str) -> None:
    of = plan(layer(f'people = ["a", "b", "c"]\nstarts = {starts}\nturn = "{turn}"'))
    assert on(of, when) == expected


WINDOWED = plan(
    layer(
        'people = ["a", "b"]\nstarts = 2026-11-27T18:00:00\nturn = "1 week"\n'
        'windows = ["fri 18:00 - mon 09:00", "mon-thu 18:00-09:00", "holiday 09:00-18:00"]'
    )
)


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        pytest.param("2026-11-30T08:59:59+01:00", "a", id="monday 09:00, before"),
        pytest.param("2026-11-30T09:00:00+01:00", "", id="monday 09:00, at"),
        pytest.param("2026-11-30T18:00:00+01:00", "a", id="monday 18:00, at"),
        pytest.param("2026-12-07T12:00:00+01:00", "b", id="patron day of Milan, a monday"),
        pytest.param("2026-12-08T12:00:00+01:00", "b", id="8 December, a tuesday"),
        pytest.param("2026-12-09T12:00:00+01:00", "", id="9 December is a working day"),
        pytest.param("2026-12-24T12:00:00+01:00", "b", id="a single date"),
        pytest.param("2026-12-26T12:00:00+01:00", "a", id="a holiday on a saturday"),
    ],
)
def test_windows_mask_the_turns(when: str, expected: str) -> None:
    assert on(WINDOWED, when) == expected


DEALT = plan(
    layer(
        'people = ["a", "b", "c"]\nstarts = 2026-11-28T00:00:00\nturn = "1 window"\n'
        'windows = [{ days = ["sat", "sun"], from = "08:00", to = "20:00", except_holidays = true }]'
    )
)


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        pytest.param("2026-11-28T07:59:59+01:00", "", id="before the first window"),
        pytest.param("2026-11-28T08:00:00+01:00", "a", id="first saturday"),
        pytest.param("2026-11-28T20:00:00+01:00", "", id="at its end"),
        pytest.param("2026-11-29T08:00:00+01:00", "b", id="first sunday"),
        pytest.param("2026-12-05T08:00:00+01:00", "c", id="second saturday"),
        pytest.param("2026-12-06T08:00:00+01:00", "a", id="second sunday"),
        pytest.param("2026-12-26T10:00:00+01:00", "", id="a holiday opens nothing"),
        pytest.param("2026-12-27T10:00:00+01:00", "c", id="and is not counted"),
    ],
)
def test_windows_are_dealt_out(when: str, expected: str) -> None:
    assert on(DEALT, when) == expected


def test_windows_are_dealt_out_for_a_century() -> None:
    """The quick count over whole years agrees with dealing by hand, holidays left out."""
    calendar = DEALT.holidays
    day, turn = date(2026, 11, 28), 0
    while day < date(2127, 1, 1):
        if day.weekday() >= 5 and day not in calendar:
            if day.month in (1, 10):
                assert on(DEALT, f"{day}T12:00:00+01:00") == "abc"[turn % 3]
            turn += 1
        day += timedelta(days=1)


@pytest.mark.parametrize("windows", ['["sat-sun 08:00-20:00"]', '["holiday 02:30-03:00", "daily 24:00-24:00"]'])
def test_windows_are_dealt_out_to_the_end_of_time(windows: str) -> None:
    """Somebody has the last one, and finding out who does not take long."""
    body = f'people = ["a", "b"]\nstarts = 0001-01-02\nturn = "1 window"\nwindows = {windows}'
    assert on(plan(layer(body)), "9999-12-26T12:00:00Z") in ("a", "b")


def test_overlapping_windows_of_two_turns_put_both_seats_on() -> None:
    of = plan(
        layer(
            'people = ["a", "b"]\nstarts = 2026-11-28T00:00:00\nturn = "1 window"\n'
            'windows = ["sat 08:00-14:00", "sat 12:00-20:00"]'
        )
    )
    assert [on(of, f"2026-11-28T{hour}:00:00+01:00") for hour in ("11", "13", "15")] == ["a", "ab", "b"]


def test_layers_of_higher_priority_win_where_they_have_somebody() -> None:
    of = plan(
        layer('people = ["a"]\nstarts = 2026-11-01\nturn = "1 week"')
        + layer('people = ["b"]\nstarts = 2026-11-01\nturn = "1 week"')
        + layer('people = ["c", ""]\nstarts = 2026-11-28\nturn = "1 day"\npriority = 5\nuntil = 2026-11-30T12:00:00')
    )
    days = ["2026-11-27", "2026-11-28", "2026-11-29", "2026-11-30"]
    assert [on(of, f"{day}T10:00:00+01:00") for day in days] == ["ab", "c", "ab", "c"]
    assert on(of, "2026-11-30T12:00:00+01:00") == "ab"


def test_a_layer_in_another_zone_hands_off_by_its_own_clock() -> None:
    of = plan(layer('people = ["a", "b"]\nstarts = 2026-11-28\nturn = "1 day"\ntimezone = "Europe/Lisbon"'))
    assert [on(of, text) for text in ("2026-11-28T23:59:59Z", "2026-11-29T00:00:00Z")] == ["a", "b"]


# -- changes of the order --

CHANGED = plan(
    layer(
        'people = ["a", "b", "c"]\nstarts = 2026-11-02T09:00:00\nturn = "1 week"\n'
        'changes = [{ at = 2026-11-11T12:00:00, people = ["d", "a", "b"], holder = "a" }]'
    )
)


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        pytest.param("2026-11-11T11:59:59+01:00", "b", id="before the change"),
        pytest.param("2026-11-11T12:00:00+01:00", "a", id="the holder has the running turn"),
        pytest.param("2026-11-16T08:59:59+01:00", "a", id="handoff times do not move, before"),
        pytest.param("2026-11-16T09:00:00+01:00", "b", id="handoff times do not move, at"),
        pytest.param("2026-11-23T09:00:00+01:00", "d", id="then round again"),
    ],
)
def test_change_of_order(when: str, expected: str) -> None:
    assert on(CHANGED, when) == expected


# -- absences --

ABSENT = """
[[absences]]
person = "a"
start = 2026-11-03
end = 2026-11-04
[[absences]]
person = "b"
start = 2026-11-03T12:00:00
end = 2026-11-03T18:00:00
"""


@pytest.mark.parametrize(
    ("key", "people", "expected"),
    [
        pytest.param("", '["a", "b"]', ["a", "a", "a", "a", "b"], id="ignored"),
        pytest.param('absence = "gap"', '["a", "b"]', ["a", "", "", "a", "b"], id="gap"),
        pytest.param('absence = "gap"', '[["a", "c"], "b"]', ["ac", "c", "c", "ac", "b"], id="gap in a shared seat"),
        pytest.param('absence = "next"', '["a", "b"]', ["a", "b", "", "a", "b"], id="next, then nobody is left"),
        pytest.param('absence = "next"', '["a", "", "b", "c"]', ["a", "b", "c", "a", ""], id="next skips empty seats"),
        pytest.param(
            'absence = "next"', '[["a", "c"], "b"]', ["ac", "c", "c", "ac", "b"], id="next keeps a shared seat"
        ),
        pytest.param(
            'absence = "next-whole-turn"', '["a", "b", "c"]', ["c", "c", "c", "c", "b"], id="whole turn, b touched too"
        ),
    ],
)
def test_absence_modes(key: str, people: str, expected: list[str]) -> None:
    """Weekly from Monday 2 November: Monday noon, Tuesday 10:00, Tuesday 13:00, Wednesday, the next Monday."""
    of = plan(layer(f'people = {people}\nstarts = 2026-11-02\nturn = "1 week"\n{key}') + ABSENT)
    whens = ["02T12:00", "03T10:00", "03T13:00", "04T10:00", "09T10:00"]
    assert [on(of, f"2026-11-{when}:00+01:00") for when in whens] == expected


def test_whole_turn_looks_at_duty_time_only() -> None:
    """An absence on the free Tuesday costs nobody the weekend."""
    body = 'people = ["a", "b"]\nstarts = 2026-11-02\nturn = "1 week"\nabsence = "next-whole-turn"\n'
    of = plan(layer(body + 'windows = ["sat-sun 08:00-20:00"]') + ABSENT)
    assert on(of, "2026-11-07T10:00:00+01:00") == "a"


# -- overrides --

BASE = layer('people = ["a"]\nstarts = 2026-11-02\nturn = "1 week"')


def override(text: str, start: str = "2026-11-10T08:00:00", end: str = "2026-11-10T20:00:00") -> str:
    return f"[[rotas.primary.overrides]]\n{text}\nstart = {start}\nend = {end}\n"


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        pytest.param(['put = ["b", "c"]'], "bc", id="put"),
        pytest.param(["put = []"], "", id="put nobody"),
        pytest.param(['put = ["b"]', 'put = ["c"]'], "c", id="the latest put wins"),
        pytest.param(['put = ["b"]', "put = []"], "", id="also the empty one"),
        pytest.param(['replace = "a"\nwith = "b"', 'replace = "b"\nwith = "c"'], "c", id="a to b, b to c gives c"),
        pytest.param(['replace = "b"\nwith = "c"', 'replace = "a"\nwith = "b"'], "b", id="in file order"),
        pytest.param(['replace = "c"\nwith = "b"'], "a", id="replacing somebody who is off does nothing"),
        pytest.param(['drop = "a"'], "", id="drop"),
        pytest.param(['add = ["b"]'], "ab", id="add"),
        pytest.param(['add = ["a"]'], "a", id="add twice"),
        pytest.param(['add = ["b"]', 'put = ["c"]'], "bc", id="add comes after put whatever the order"),
        pytest.param(['add = ["b"]', 'replace = "b"\nwith = "c"'], "ab", id="replace does not see what is added"),
        pytest.param(['put = ["a"]', 'replace = "a"\nwith = "b"'], "a", id="nor what is put"),
        pytest.param(['drop = "a"', 'add = ["a"]'], "a", id="drop then add"),
    ],
)
def test_overrides_in_their_order(texts: list[str], expected: str) -> None:
    of = plan(BASE + "".join(map(override, texts)))
    assert on(of, "2026-11-10T07:59:59+01:00") == "a"
    assert on(of, "2026-11-10T08:00:00+01:00") == expected
    assert on(of, "2026-11-10T19:59:59+01:00") == expected
    assert on(of, "2026-11-10T20:00:00+01:00") == "a"


def test_put_holds_before_the_start_and_for_the_absent() -> None:
    of = plan(
        layer('people = ["a"]\nstarts = 2026-12-01\nturn = "1 week"\nabsence = "gap"')
        + override('put = ["a"]')
        + '[[absences]]\nperson = "a"\nstart = 2026-11-01\nend = 2026-12-31\n'
    )
    assert on(of, "2026-11-10T12:00:00+01:00") == "a"


@pytest.mark.parametrize(("open_", "expected"), [("false", ["b", "a"]), ("true", ["a", "b"])])
def test_swap(open_: str, expected: list[str]) -> None:
    of = plan(
        layer('people = ["a", "b"]\nstarts = 2026-11-02\nturn = "1 week"')
        + '[[rotas.primary.overrides]]\nswap = [{ person = "a", start = 2026-11-07, end = 2026-11-08 }, '
        + f'{{ person = "b", start = 2026-11-14, end = 2026-11-15 }}]\nopen = {open_}\n'
    )
    assert [on(of, f"2026-11-{day}T12:00:00+01:00") for day in ("07", "14")] == expected
    assert [on(of, f"2026-11-{day}T12:00:00+01:00") for day in ("08", "15")] == ["a", "b"]


def test_an_override_that_the_clock_change_empties_has_no_effect() -> None:
    """02:30 is read as 01:30Z and 03:00 as 01:00Z on that night."""
    of = plan(
        layer('people = ["a"]\nstarts = 2026-03-01\nturn = "1 week"')
        + override("put = []", "2026-03-29T02:30:00", "2026-03-29T03:00:00")
    )
    assert [on(of, f"2026-03-29T01:{minute}:00Z") for minute in ("00", "15", "30")] == ["a", "a", "a"]


def test_a_rotas_own_holidays_replace_the_offices() -> None:
    of = plan(
        "[rotas.primary]\nholidays = [2026-12-10]\n"
        + layer('people = ["a"]\nstarts = 2026-11-01\nturn = "1 week"\nwindows = ["holiday 00:00-24:00"]')
    )
    assert [on(of, f"2026-12-{day}T12:00:00+01:00") for day in ("08", "10")] == ["", "a"]


def test_a_rota_without_layers_is_empty() -> None:
    assert on(plan("[rotas.primary]\n"), "2026-11-28T12:00:00Z") == ""


# -- spans and handoffs --


def test_spans_are_clipped_cut_and_merged() -> None:
    found = spans(WINDOWED, "primary", at("2026-11-27T12:00:00Z"), at("2026-11-30T12:00:00Z"))
    assert [(each.start.isoformat(), sorted(each.who)) for each in found] == [
        ("2026-11-27T12:00:00+00:00", []),
        ("2026-11-27T17:00:00+00:00", ["a"]),
        ("2026-11-30T08:00:00+00:00", []),
    ]
    assert found[-1].end == at("2026-11-30T12:00:00Z")


def test_spans_of_an_empty_stretch() -> None:
    assert spans(WEEKLY, "primary", at("2026-11-27T12:00:00Z"), at("2026-11-27T12:00:00Z")) == []


def test_next_handoff() -> None:
    found = next_handoff(WEEKLY, "primary", at("2026-03-13T17:00:00Z"), timedelta(days=30))
    assert found is not None
    assert (found.at, sorted(found.before), sorted(found.after)) == (at("2026-03-20T17:00:00Z"), ["b"], ["c"])
    assert next_handoff(WEEKLY, "primary", at("2026-03-13T17:00:00Z"), timedelta(days=7)) is None


def test_unknown_rota() -> None:
    with pytest.raises(KeyError):
        who(WEEKLY, "nights", at("2026-03-13T17:00:00Z"))
