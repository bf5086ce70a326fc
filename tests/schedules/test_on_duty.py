"""Who is on duty over the years: a rota like ROTA.md's own, windows dealt for a century, the ends of the calendar."""

from datetime import date, timedelta

import pytest
from rota_cases import at, layer, on, plan

from schedules.on_duty import who

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


@pytest.mark.parametrize(
    ("starts", "windows", "when"),
    [
        pytest.param(
            "0001-01-02", '["holiday 02:30-03:00", "daily 24:00-24:00"]', "1200-12-26", id="from the first year"
        ),
        pytest.param("8800-01-01", '["sat-sun 08:00-20:00"]', "9999-12-26", id="to the last year"),
    ],
)
def test_windows_are_dealt_out_to_the_end_of_time(starts: str, windows: str, when: str) -> None:
    """Somebody has the last one, and finding out who does not take long."""
    of = plan(layer(f'people = ["a", "b"]\nstarts = {starts}\nturn = "1 window"\nwindows = {windows}'))
    assert on(of, f"{when}T12:00:00Z") in ("a", "b")


def test_a_rota_without_layers_is_empty() -> None:
    assert on(plan("[rotas.primary]\n"), "2026-11-28T12:00:00Z") == ""


def test_unknown_rota() -> None:
    with pytest.raises(KeyError):
        who(WEEKLY, "nights", at("2026-03-13T17:00:00Z"))
