"""When the office is open, on both sides of every edge: clock changes, holidays, the end of a week."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from schedules.office import (
    is_open,
    is_out_of_hours,
    is_quiet,
    last_closing,
    last_opening,
    next_closing,
    next_opening,
    next_quiet_end,
    open_spans,
)
from schedules.rota import Plan
from schedules.rota_file import load

REST = """
[people.a]
role = "lead"
[rotas.primary]
"""


def plan(office: str) -> Plan:
    return load('timezone = "Europe/Rome"\n' + office + REST)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


WEEKDAYS = plan(
    '[office]\nhours = ["mon-fri 09:00-18:00"]\nquiet = ["daily 23:00-07:00"]\nholidays = ["IT", "IT-MI", 2026-12-24]'
)
NIGHTS = plan('[office]\nhours = ["daily 20:00-04:00"]\nholidays = [2026-12-25]')
NONE = plan("")


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        pytest.param("2026-11-27T08:59:59+01:00", False, id="friday, before opening"),
        pytest.param("2026-11-27T09:00:00+01:00", True, id="friday, at opening"),
        pytest.param("2026-11-27T17:59:59+01:00", True, id="friday, before closing"),
        pytest.param("2026-11-27T18:00:00+01:00", False, id="friday, at closing"),
        pytest.param("2026-11-28T12:00:00+01:00", False, id="saturday"),
        pytest.param("2026-12-07T12:00:00+01:00", False, id="patron day on a monday"),
        pytest.param("2026-12-24T12:00:00+01:00", False, id="a single date"),
        pytest.param("2026-03-30T06:59:59Z", False, id="monday after the clocks went forward, before"),
        pytest.param("2026-03-30T07:00:00Z", True, id="monday after the clocks went forward, at"),
        pytest.param("2026-10-26T07:59:59Z", False, id="monday after the clocks went back, before"),
        pytest.param("2026-10-26T08:00:00Z", True, id="monday after the clocks went back, at"),
        pytest.param("2025-11-03T12:00:00+01:00", True, id="the Monday after unity day"),
    ],
)
def test_is_open(when: str, expected: bool) -> None:
    assert is_open(WEEKDAYS, at(when)) is expected
    assert is_out_of_hours(WEEKDAYS, at(when)) is not expected


def test_a_holiday_closes_at_midnight_what_opened_the_evening_before() -> None:
    assert [is_open(NIGHTS, at(f"2026-12-{text}:00+01:00")) for text in ("24T23:59", "25T00:00", "25T20:00")] == [
        True,
        False,
        False,
    ]
    assert next_closing(NIGHTS, at("2026-12-24T21:00:00+01:00")) == at("2026-12-25T00:00:00+01:00")
    # The window of the 25th still runs after midnight, and the 26th is no holiday here.
    assert next_opening(NIGHTS, at("2026-12-25T01:00:00+01:00")) == at("2026-12-26T00:00:00+01:00")


@pytest.mark.parametrize(
    ("question", "when", "expected"),
    [
        pytest.param(next_opening, "2026-11-27T18:00", "2026-11-30T09:00", id="over the weekend"),
        pytest.param(next_opening, "2026-11-30T08:59", "2026-11-30T09:00", id="a minute before"),
        pytest.param(next_opening, "2026-11-30T09:00", "2026-12-01T09:00", id="at the opening: the next one"),
        pytest.param(next_opening, "2026-12-23T18:00", "2026-12-28T09:00", id="over Christmas"),
        pytest.param(next_closing, "2026-11-27T12:00", "2026-11-27T18:00", id="closing today"),
        pytest.param(next_closing, "2026-11-27T18:00", "2026-11-30T18:00", id="closing after the weekend"),
        pytest.param(last_opening, "2026-11-30T09:00", "2026-11-30T09:00", id="opened just now"),
        pytest.param(last_opening, "2026-11-30T08:59", "2026-11-27T09:00", id="opened on friday"),
        pytest.param(last_closing, "2026-11-30T12:00", "2026-11-27T18:00", id="closed on friday"),
        pytest.param(last_closing, "2026-11-30T18:00", "2026-11-30T18:00", id="closed just now"),
        pytest.param(next_quiet_end, "2026-11-27T23:30", "2026-11-28T07:00", id="quiet ends"),
    ],
)
def test_turnings(question: Callable[[Plan, datetime], datetime | None], when: str, expected: str) -> None:
    assert question(WEEKDAYS, at(f"{when}:00+01:00")) == at(f"{expected}:00+01:00")


@pytest.mark.parametrize("question", [next_opening, next_closing, last_opening, last_closing, next_quiet_end])
@pytest.mark.parametrize("when", ["0001-01-01T00:00:00Z", "2026-11-27T12:00:00Z", "9999-12-31T23:59:59Z"])
def test_without_an_office_it_is_always_out_of_hours(
    question: Callable[[Plan, datetime], datetime | None], when: str
) -> None:
    assert not is_open(NONE, at(when))
    assert not is_quiet(NONE, at(when))
    assert question(NONE, at(when)) is None


@pytest.mark.parametrize("when", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"])
def test_the_ends_of_the_calendar_do_no_harm(when: str) -> None:
    for question in (is_open, is_quiet, next_opening, next_closing, last_opening, last_closing, next_quiet_end):
        question(WEEKDAYS, at(when))  # type: ignore[operator]  # each takes a plan and an instant


def test_an_office_that_never_opens() -> None:
    never = plan('[office]\nhours = ["holiday 09:00-18:00"]\nholidays = ["IT"]')
    assert next_opening(never, at("2026-11-27T12:00:00Z")) is None
    assert last_opening(never, at("2026-11-27T12:00:00Z")) is None


def test_quiet_is_only_out_of_hours() -> None:
    early = plan('[office]\nhours = ["mon-fri 06:00-18:00"]\nquiet = ["daily 23:00-07:00"]')
    assert [is_quiet(early, at(f"2026-11-27T{time}:00+01:00")) for time in ("05:59", "06:00", "22:59", "23:00")] == [
        True,
        False,
        False,
        True,
    ]


def test_turnings_agree_with_a_walk_minute_by_minute() -> None:
    """Five weeks with the clock change and Easter, every quarter of an hour."""
    begin, step = at("2026-03-20T00:00:00Z"), timedelta(minutes=15)
    walked, was = [], is_open(WEEKDAYS, begin)
    for place in range(1, 35 * 96):
        if (now := is_open(WEEKDAYS, begin + place * step)) != was:
            walked.append(begin + place * step)
            was = now
    edges = [edge for span in open_spans(WEEKDAYS, begin, begin + timedelta(days=35)) for edge in span]
    assert edges == walked
