"""Turns by the clock and by the window, and seats; a microsecond before each edge and at it.

Worked out by hand from ROTA.md, "A layer": Rome is UTC+1 in winter, UTC+2 from 29 March to 25 October 2026.
"""

import pytest
from rota_cases import dealt, edge, layer, on, plan

ABC = 'people = ["a", "b", "c"]\n'
AB = 'people = ["a", "b"]\n'


@pytest.mark.parametrize(
    ("starts", "turn", "when", "expected"),
    [
        pytest.param("2026-01-31T08:00:00", "1 month", "2026-02-28T07:00:00Z", "a|b", id="31 Jan: 28 Feb"),
        pytest.param("2026-01-31T08:00:00", "1 month", "2026-03-28T07:00:00Z", "b|b", id="31 Jan: not 28 Mar"),
        pytest.param("2026-01-31T08:00:00", "1 month", "2026-03-31T06:00:00Z", "b|c", id="31 Jan: 31 Mar"),
        pytest.param("2026-01-31T08:00:00", "1 month", "2026-04-30T06:00:00Z", "c|a", id="31 Jan: 30 Apr"),
        pytest.param("2028-01-31T08:00:00", "1 month", "2028-02-29T07:00:00Z", "a|b", id="31 Jan: leap day"),
        pytest.param("2028-02-29T08:00:00", "12 months", "2029-02-28T07:00:00Z", "a|b", id="leap day: a year later"),
        pytest.param("2028-02-29T08:00:00", "12 months", "2032-02-29T07:00:00Z", "a|b", id="leap day: four later"),
        pytest.param("2026-12-31", "2 months", "2027-02-27T23:00:00Z", "a|b", id="two months over the year's end"),
        pytest.param("2026-11-15", "1 month", "2026-12-14T23:00:00Z", "a|b", id="a day that every month has"),
        pytest.param("2026-01-29T02:30:00", "2 months", "2026-03-29T01:30:00Z", "a|b", id="a month's turn in the gap"),
        pytest.param("2026-03-28T18:00:00", "12 hours", "2026-03-29T04:00:00Z", "a|b", id="half a day of 11 hours"),
        pytest.param("2026-03-28T18:00:00", "12 hours", "2026-03-29T16:00:00Z", "b|c", id="and then of 12"),
        pytest.param("2026-10-24T18:00:00", "12 hours", "2026-10-25T05:00:00Z", "a|b", id="half a day of 13 hours"),
        pytest.param("2026-03-29T01:30:00", "1 hour", "2026-03-29T01:30:00Z", "a|c", id="two handoffs at one instant"),
        pytest.param("2026-10-25T02:00:00", "1 hour", "2026-10-25T01:00:00Z", "a|a", id="the hour stands twice"),
        pytest.param("2026-10-25T02:00:00", "1 hour", "2026-10-25T02:00:00Z", "a|b", id="then the next"),
        pytest.param("2026-03-22T02:30:00", "1 week", "2026-03-29T01:30:00Z", "a|b", id="a week's turn in the gap"),
        pytest.param("2026-03-22T02:30:00", "1 week", "2026-04-05T00:30:00Z", "b|c", id="a week later by its wall"),
        pytest.param("2026-10-18T02:30:00", "1 week", "2026-10-25T00:30:00Z", "a|b", id="a week's turn, the first"),
        pytest.param("2026-03-29T02:30:00", "1 day", "2026-03-30T00:30:00Z", "a|b", id="begun in the gap"),
        pytest.param("2026-10-25T02:30:00+01:00", "1 hour", "2026-10-25T02:30:00Z", "a|b", id="begun in the second"),
        pytest.param("2026-10-25T02:30:00+01:00", "1 day", "2026-10-26T01:30:00Z", "a|b", id="a day after the second"),
        pytest.param("2026-12-31T12:00:00", "1 day", "2027-01-01T11:00:00Z", "a|b", id="over the year's end"),
        pytest.param("2028-02-28T12:00:00", "1 day", "2028-02-29T11:00:00Z", "a|b", id="leap day is a day"),
        pytest.param("2026-01-31", "100000 months", "2926-01-01T00:00:00Z", "a|a", id="a turn without end"),
        pytest.param("2026-11-02", "3 weeks", "2026-11-22T23:00:00Z", "a|b", id="three weeks"),
    ],
)
def test_turns_by_the_clock(starts: str, turn: str, when: str, expected: str) -> None:
    assert edge(plan(layer(ABC + f'starts = {starts}\nturn = "{turn}"\n')), when) == expected


def test_a_zones_turns_by_its_own_clock() -> None:
    """Half an hour: 02:15 is skipped on Lord Howe, and read with the offset before: 15:45Z the day before."""
    of = plan(layer(ABC + 'starts = 2026-10-03T02:15:00\nturn = "1 day"\ntimezone = "Australia/Lord_Howe"\n'))
    assert [edge(of, when) for when in ("2026-10-03T15:45:00Z", "2026-10-04T15:15:00Z")] == ["a|b", "b|c"]


WINDOWS = [
    pytest.param('["fri 18:00 - mon 09:00"]', "27T17:00", "|a", id="a span begins"),
    pytest.param('["fri 18:00 - mon 09:00"]', "30T08:00", "a|", id="a span ends"),
    pytest.param('["fri 22:00 - sat 06:00"]', "28T05:00", "a|", id="a span over midnight"),
    pytest.param('["fri-sun 08:00-20:00"]', "28T07:00", "|a", id="days in a row, from"),
    pytest.param('["fri-sun 08:00-20:00"]', "28T19:00", "a|", id="days in a row, to"),
    pytest.param('["sun-mon 08:00-20:00"]', "28T11:00", "|", id="days round the week's end, not on saturday"),
    pytest.param('["sun-mon 08:00-20:00"]', "30T07:00", "|a", id="days round the week's end, on monday"),
    pytest.param('["sat 22:00-07:00"]', "29T06:00", "a|", id="an end that is not later is the next day's"),
    pytest.param('["sat 22:00-22:00"]', "29T21:00", "a|", id="an end at the beginning is the next day's"),
    pytest.param('["sat 00:00-24:00"]', "28T23:00", "a|", id="24:00 is the next day's midnight"),
    pytest.param('["sat 00:00-24:00", "sun 00:00-24:00"]', "28T23:00", "a|a", id="midnight between two days"),
    pytest.param('["sat 08:00-14:00", "sat 12:00-20:00"]', "28T13:00", "a|a", id="overlapping windows unite"),
    pytest.param('["mon 18:00 - mon 09:00"]', "30T08:00", "a|", id="nearly a week, its end"),
    pytest.param('["mon 18:00 - mon 09:00"]', "30T17:00", "|a", id="nearly a week, its beginning"),
    pytest.param(
        '[{ days = ["sat"], from = "24:00", to = "06:00", plus_days = 1 }]', "28T23:00", "|a", id="from 24:00"
    ),
    pytest.param('[{ days = ["sat"], from = "08:00", to = "08:00" }]', "28T07:00", "|", id="zero length"),
    pytest.param('[{ days = ["sat"], from = "08:00", to = "08:00", plus_days = 2 }]', "30T07:00", "a|", id="two days"),
    pytest.param('[{ days = ["sat"], from = 08:00:00, to = "20:00" }]', "28T07:00", "|a", id="a TOML time"),
    pytest.param("[]", "28T11:00", "|", id="no window: never on duty"),
]


@pytest.mark.parametrize(("windows", "when", "expected"), WINDOWS)
def test_windows(windows: str, when: str, expected: str) -> None:
    """The last days of November 2026: Friday is the 27th; times in UTC."""
    of = plan(layer(f'people = ["a"]\nstarts = 2026-01-01\nturn = "1 week"\nwindows = {windows}\n'))
    assert edge(of, f"2026-11-{when}:00Z") == expected


HOLIDAYS = "[rotas.primary]\nholidays = [2026-11-28, 2026-11-30]\n"


@pytest.mark.parametrize(
    ("windows", "when", "expected"),
    [
        pytest.param('["holiday 09:00-18:00"]', "30T08:00", "|a", id="opens on a holiday"),
        pytest.param('["holiday 09:00-18:00"]', "30T17:00", "a|", id="and closes on it"),
        pytest.param('["holiday 20:00-04:00"]', "29T03:00", "a|", id="belongs to the date it opens on"),
        pytest.param('["holiday 20:00-04:00"]', "29T19:00", "|", id="the day after is none"),
        pytest.param('["holiday 24:00-24:00"]', "28T23:00", "|a", id="24:00 of the holiday is the day after"),
        pytest.param(
            '[{ days = ["sun"], from = "00:00", to = "24:00", except_holidays = true }]', "28T23:00", "|a", id="open"
        ),
        pytest.param(
            '[{ days = ["sat"], from = "00:00", to = "24:00", except_holidays = true }]', "27T23:00", "|", id="closed"
        ),
        pytest.param(
            '[{ days = ["fri"], from = "20:00", to = "08:00", plus_days = 1, except_holidays = true }]',
            "27T23:00",
            "a|a",
            id="runs on into a holiday",
        ),
        pytest.param(
            '[{ days = ["sun"], from = "24:00", to = "06:00", plus_days = 1, except_holidays = true }]',
            "29T23:00",
            "|a",
            id="24:00 belongs to sunday, which is none",
        ),
        pytest.param(
            '[{ days = ["sat"], from = "24:00", to = "06:00", plus_days = 1, except_holidays = true }]',
            "28T23:00",
            "|",
            id="24:00 belongs to saturday, which is one",
        ),
        pytest.param(
            '[{ days = ["holiday"], from = "09:00", to = "18:00", except_holidays = true }]', "30T08:00", "|", id="both"
        ),
        pytest.param('["mon 09:00-12:00", "holiday 11:00-18:00"]', "30T11:00", "a|a", id="day and holiday unite"),
    ],
)
def test_holidays_open_and_close_windows(windows: str, when: str, expected: str) -> None:
    """Saturday the 28th and Monday the 30th are this rota's holidays; times in UTC."""
    of = plan(HOLIDAYS, layer(f'people = ["a"]\nstarts = 2026-01-01\nturn = "1 week"\nwindows = {windows}\n'))
    assert edge(of, f"2026-11-{when}:00Z") == expected


def test_windows_never_move_a_turn() -> None:
    """Turns of two days from Friday midnight; the weekend's window is cut where the turn ends."""
    of = plan(layer(AB + 'starts = 2026-11-27\nturn = "2 days"\nwindows = ["fri 18:00 - mon 09:00"]\n'))
    edges = ("2026-11-27T17:00:00Z", "2026-11-28T23:00:00Z", "2026-11-30T08:00:00Z")
    assert [edge(of, when) for when in edges] == ["|a", "a|b", "b|"]


SAT_SUN = '["sat-sun 08:00-20:00"]'


@pytest.mark.parametrize(
    ("starts", "expected"),
    [
        pytest.param("2026-11-28T07:59:59", ["a", "b", "a"], id="a second before the window"),
        pytest.param("2026-11-28T08:00:00", ["a", "b", "a"], id="a window that begins at starts"),
        pytest.param("2026-11-28T08:00:00.000001", ["", "a", "b"], id="a window that began just before is nobody's"),
        pytest.param("2026-11-29T19:00:00", ["", "", "a"], id="in the middle of a window"),
    ],
)
def test_windows_are_dealt_from_the_first_at_or_after_starts(starts: str, expected: list[str]) -> None:
    of = plan(dealt('["a", "b"]', starts, SAT_SUN))
    days = ("2026-11-28", "2026-11-29", "2026-12-05")
    assert [on(of, f"{day}T18:59:59Z") for day in days] == expected


@pytest.mark.parametrize(
    ("windows", "edges"),
    [
        pytest.param(
            '["sat 08:00-12:00", "sat 08:00-20:00"]', ["|ab", "ab|b", "b|"], id="a tie: the first in the file is a's"
        ),
        pytest.param('["sat 08:00-20:00", "sat 08:00-12:00"]', ["|ab", "ab|a", "a|"], id="a tie the other way round"),
        pytest.param('["sat 12:00-20:00", "sat 08:00-12:00"]', ["|a", "a|b", "b|"], id="by beginning, not by place"),
        pytest.param('["sat 08:00-20:00", "sat 12:00-13:00"]', ["|a", "a|ab", "a|"], id="one inside the other"),
    ],
)
def test_windows_are_dealt_by_beginning_ties_in_file_order(windows: str, edges: list[str]) -> None:
    of = plan(dealt('["a", "b"]', "2026-11-28", windows))
    assert [edge(of, f"2026-11-28T{hour}:00:00Z") for hour in ("07", "11", "19")] == edges


def test_two_windows_a_turn() -> None:
    """Saturday and Sunday together; where both windows are of one turn its seat is on, once."""
    of = plan(dealt('["a", "b", ""]', "2026-11-28", '["sat 08:00-20:00", "sat 12:00 - sun 20:00"]', "2 windows"))
    days = ("2026-11-28T13", "2026-11-29T13", "2026-12-05T13", "2026-12-12T13", "2026-12-19T13")
    assert [on(of, f"{day}:00:00Z") for day in days] == ["a", "a", "b", "", "a"]


def test_a_turn_may_begin_in_the_middle_of_a_weekend() -> None:
    of = plan(dealt('["a", "b"]', "2026-11-29", SAT_SUN, "2 windows"))
    days = ("2026-11-29", "2026-12-05", "2026-12-06", "2026-12-12", "2026-12-13")
    assert [on(of, f"{day}T12:00:00Z") for day in days] == ["a", "a", "b", "b", "a"]


def test_a_window_that_a_holiday_suppressed_is_not_counted() -> None:
    windows = '[{ days = ["sat", "sun"], from = "08:00", to = "20:00", except_holidays = true }]'
    of = plan(HOLIDAYS, dealt('["a", "b", "c"]', "2026-11-27", windows))
    days = ("2026-11-28", "2026-11-29", "2026-12-05", "2026-12-06")
    assert [on(of, f"{day}T12:00:00Z") for day in days] == ["", "a", "b", "c"]


def test_a_window_that_a_holiday_opened_is_counted() -> None:
    """Saturday the 28th is a holiday, too: one window by its weekday and one as a holiday, of two turns."""
    of = plan(HOLIDAYS, dealt('["a", "b", "c"]', "2026-11-27", '["sat-sun 08:00-20:00", "holiday 09:00-21:00"]'))
    assert [edge(of, f"2026-11-28T{hour}:00:00Z") for hour in ("07", "08", "19", "20")] == ["|a", "a|ab", "ab|b", "b|"]
    days = ("2026-11-29", "2026-11-30", "2026-12-05")
    assert [on(of, f"{day}T12:00:00Z") for day in days] == ["c", "a", "b"]


def test_a_date_of_both_kinds_opens_one_window_once() -> None:
    of = plan(
        HOLIDAYS, dealt('["a", "b"]', "2026-11-27", '[{ days = ["sat", "holiday"], from = "08:00", to = "20:00" }]')
    )
    days = ("2026-11-28", "2026-11-30", "2026-12-05")
    assert [on(of, f"{day}T12:00:00Z") for day in days] == ["a", "b", "a"]


@pytest.mark.parametrize("window", ["sun 02:30-03:00", "sun 02:30-03:15", "sun 02:30-03:30"])
def test_a_window_that_the_clock_emptied_is_not_counted(window: str) -> None:
    """On 29 March 02:30 is 01:30Z and 03:30 as well."""
    of = plan(dealt('["a", "b", "c"]', "2026-03-22", f'["{window}"]'))
    nights = ("2026-03-22T01:45", "2026-03-29T00:45", "2026-03-29T01:30", "2026-04-05T00:45", "2026-04-12T00:45")
    assert [on(of, f"{night}:00Z") for night in nights] == ["a", "", "", "b", "c"]


def test_until_cuts_a_window() -> None:
    of = plan(dealt('["a"]\nuntil = 2026-11-28T12:00:00', "2026-11-28", SAT_SUN))
    assert [edge(of, f"2026-11-28T{hour}:00:00Z") for hour in ("07", "11")] == ["|a", "a|"]


def test_seats_of_several_and_of_nobody() -> None:
    of = plan(layer('people = ["a", ["b", "c"], "", ["d"]]\nstarts = 2026-11-02\nturn = "1 day"\n'))
    edges = [edge(of, f"2026-11-0{day}T23:00:00Z") for day in (1, 2, 3, 4, 5)]
    assert edges == ["|a", "a|bc", "bc|", "|d", "d|a"]
