"""Every place in the file where a wall time may stand, on the nights when clocks move; both sides of each edge.

Worked out by hand from ROTA.md, "Time". Rome: 2026-03-29 02:00 → 03:00 is 01:00Z; 2026-10-25 03:00 → 02:00 is 01:00Z.
"""

import pytest
from rota_cases import away, edge, layer, override, plan

A_WEEK = 'people = ["a"]\nturn = "1 week"\n'
SINCE_NEW_YEAR = A_WEEK + "starts = 2026-01-01\n"


@pytest.mark.parametrize(
    ("starts", "when", "expected"),
    [
        pytest.param("2026-03-29T01:59:59", "2026-03-29T00:59:59Z", "|a", id="the second before the gap"),
        pytest.param("2026-03-29T02:00:00", "2026-03-29T01:00:00Z", "|a", id="the gap's beginning is its end"),
        pytest.param("2026-03-29T02:30:00", "2026-03-29T01:30:00Z", "|a", id="02:30 in the gap is 01:30Z"),
        pytest.param("2026-03-29T03:00:00", "2026-03-29T01:00:00Z", "|a", id="03:00 is 01:00Z"),
        pytest.param("2026-03-29T02:30:00+01:00", "2026-03-29T01:30:00Z", "|a", id="with the winter's offset"),
        pytest.param("2026-03-29T02:30:00+02:00", "2026-03-29T00:30:00Z", "|a", id="with the summer's offset"),
        pytest.param("2026-10-25T01:59:59", "2026-10-24T23:59:59Z", "|a", id="the second before the doubled hour"),
        pytest.param("2026-10-25T02:30:00", "2026-10-25T00:30:00Z", "|a", id="02:30 twice: the first"),
        pytest.param("2026-10-25T02:30:00", "2026-10-25T01:30:00Z", "a|a", id="02:30 twice: not the second"),
        pytest.param("2026-10-25T02:30:00+02:00", "2026-10-25T00:30:00Z", "|a", id="the first by its offset"),
        pytest.param("2026-10-25T02:30:00+01:00", "2026-10-25T00:30:00Z", "|", id="the second by its offset, not yet"),
        pytest.param("2026-10-25T02:30:00+01:00", "2026-10-25T01:30:00Z", "|a", id="the second by its offset"),
        pytest.param("2026-10-25T01:30:00Z", "2026-10-25T01:30:00Z", "|a", id="an instant"),
        pytest.param("2026-10-25T03:00:00", "2026-10-25T02:00:00Z", "|a", id="03:00 stands once, after the hour"),
        pytest.param("2026-11-28", "2026-11-27T23:00:00Z", "|a", id="a bare date is 00:00"),
        pytest.param("2028-02-29T12:00:00", "2028-02-29T11:00:00Z", "|a", id="leap day"),
        pytest.param("2026-12-31T23:59:59", "2026-12-31T22:59:59Z", "|a", id="the year's last second"),
        pytest.param("2026-11-27T18:00:00.5", "2026-11-27T17:00:00.500000Z", "|a", id="half a second"),
    ],
)
def test_starts(starts: str, when: str, expected: str) -> None:
    assert edge(plan(layer(A_WEEK + f"starts = {starts}\n")), when) == expected


@pytest.mark.parametrize(
    ("zone", "starts", "when"),
    [
        pytest.param("Europe/Lisbon", "2026-03-29T01:30:00", "2026-03-29T01:30:00Z", id="Lisbon's gap"),
        pytest.param("Europe/Lisbon", "2026-10-25T01:30:00", "2026-10-25T00:30:00Z", id="Lisbon's doubled hour"),
        pytest.param("America/New_York", "2026-03-08T02:30:00", "2026-03-08T07:30:00Z", id="New York's gap"),
        pytest.param("America/New_York", "2026-11-01T01:30:00", "2026-11-01T05:30:00Z", id="New York's doubled hour"),
        pytest.param("Australia/Lord_Howe", "2026-10-04T02:15:00", "2026-10-03T15:45:00Z", id="half an hour skipped"),
        pytest.param("Australia/Lord_Howe", "2026-10-04T02:30:00", "2026-10-03T15:30:00Z", id="half an hour, its end"),
        pytest.param("Australia/Lord_Howe", "2026-04-05T01:45:00", "2026-04-04T14:45:00Z", id="half an hour twice"),
        pytest.param("Australia/Lord_Howe", "2026-04-05T02:00:00", "2026-04-04T15:30:00Z", id="half an hour, over"),
        pytest.param("America/Santiago", "2026-09-06", "2026-09-06T04:00:00Z", id="a date without midnight"),
        pytest.param("America/Santiago", "2026-04-04T23:30:00", "2026-04-05T02:30:00Z", id="23:30 twice"),
        pytest.param("America/Santiago", "2026-04-05", "2026-04-05T04:00:00Z", id="midnight after 23:00 stood twice"),
        pytest.param("Asia/Kolkata", "2026-11-28T09:00:00", "2026-11-28T03:30:00Z", id="half an hour off"),
        pytest.param("Pacific/Kiritimati", "2026-11-28", "2026-11-27T10:00:00Z", id="fourteen hours ahead"),
        pytest.param("UTC", "2026-03-29T02:30:00", "2026-03-29T02:30:00Z", id="no clock moves"),
    ],
)
def test_a_layers_times_are_of_its_zone(zone: str, starts: str, when: str) -> None:
    assert edge(plan(layer(A_WEEK + f'starts = {starts}\ntimezone = "{zone}"\n')), when) == "|a"


@pytest.mark.parametrize(
    ("until", "when"),
    [
        pytest.param("2026-03-29T02:30:00", "2026-03-29T01:30:00Z", id="in the gap"),
        pytest.param("2026-10-25T02:30:00", "2026-10-25T00:30:00Z", id="in the doubled hour"),
        pytest.param("2026-10-25T02:30:00+01:00", "2026-10-25T01:30:00Z", id="with an offset"),
        pytest.param("2026-11-28", "2026-11-27T23:00:00Z", id="a bare date"),
        pytest.param("2026-11-25T12:34:56", "2026-11-25T11:34:56Z", id="in the middle of a turn"),
    ],
)
def test_until(until: str, when: str) -> None:
    """Nobody, even in the middle of a turn, and whatever the overrides give to whom."""
    assert edge(plan(layer(SINCE_NEW_YEAR + f"until = {until}\n")), when) == "a|"


def test_until_at_the_start_is_nobody_ever() -> None:
    of = plan(layer(A_WEEK + "starts = 2026-11-02\nuntil = 2026-11-02\n"))
    assert [edge(of, f"2026-11-{day}T23:00:00Z") for day in ("01", "02")] == ["|", "|"]


@pytest.mark.parametrize(
    ("moment", "when", "expected"),
    [
        pytest.param("2026-03-29T02:30:00", "2026-03-29T01:30:00Z", "a|b", id="in the gap"),
        pytest.param("2026-10-25T02:30:00", "2026-10-25T00:30:00Z", "a|b", id="the first of two"),
        pytest.param("2026-10-25T02:30:00", "2026-10-25T01:30:00Z", "b|b", id="not the second"),
        pytest.param("2026-10-25T02:30:00+01:00", "2026-10-25T01:30:00Z", "a|b", id="with an offset"),
        pytest.param("2026-11-28", "2026-11-27T23:00:00Z", "a|b", id="a bare date"),
    ],
)
def test_a_change(moment: str, when: str, expected: str) -> None:
    changes = f'changes = [{{ at = {moment}, people = ["b"], holder = "b" }}]\n'
    assert edge(plan(layer(SINCE_NEW_YEAR + changes)), when) == expected


STRETCHES = [
    pytest.param("2026-03-29T02:30:00", "2026-03-29T04:00:00", ("01:30", "02:00"), id="begins in the gap"),
    pytest.param("2026-03-29T01:00:00", "2026-03-29T02:15:00", ("00:00", "01:15"), id="ends in the gap"),
    pytest.param("2026-03-29T02:00:00", "2026-03-29T02:30:00", ("01:00", "01:30"), id="inside the gap"),
    pytest.param("2026-03-29T02:00:00", "2026-03-29T03:00:00", None, id="the gap itself"),
    pytest.param("2026-03-29T02:30:00", "2026-03-29T03:30:00", None, id="half an hour about its end"),
    pytest.param("2026-03-29T02:45:00", "2026-03-29T03:15:00", None, id="ends before it begins"),
    pytest.param("2026-03-29T02:45:00", "2026-03-29T03:46:00", ("01:45", "01:46"), id="one minute is left"),
    pytest.param("2026-10-25T02:00:00", "2026-10-25T03:00:00", ("00:00", "02:00"), id="the doubled hour is two"),
    pytest.param("2026-10-25T02:30:00", "2026-10-25T02:45:00", ("00:30", "00:45"), id="the first quarter of two"),
    pytest.param("2026-10-25T02:45:00", "2026-10-25T03:00:00", ("00:45", "02:00"), id="from the first to the end"),
    pytest.param("2026-10-25T02:30:00+01:00", "2026-10-25T03:00:00", ("01:30", "02:00"), id="the second, by offset"),
    pytest.param("2026-10-25T02:30:00", "2026-10-25T02:30:00+01:00", ("00:30", "01:30"), id="from one to the other"),
    pytest.param("2026-10-25T12:00:00", "2026-10-25T12:00:00", None, id="zero length"),
]


@pytest.mark.parametrize(("start", "end", "expected"), STRETCHES)
def test_an_override(start: str, end: str, expected: tuple[str, str] | None) -> None:
    of = plan(layer(), override('put = ["b"]', start, end))
    day = start[:10]
    if expected:
        assert [edge(of, f"{day}T{time}:00Z") for time in expected] == ["a|b", "b|a"]
    else:
        assert {edge(of, f"{day}T{hour:02}:{minute:02}:00Z") for hour in range(12) for minute in (0, 15, 30, 45)} == {
            "a|a"
        }


@pytest.mark.parametrize(("start", "end", "expected"), STRETCHES)
def test_an_absence(start: str, end: str, expected: tuple[str, str] | None) -> None:
    """Of the file's zone, though the layer has another."""
    of = plan(layer(SINCE_NEW_YEAR + 'absence = "gap"\ntimezone = "Asia/Kolkata"\n'), away("a", start, end))
    day = start[:10]
    if expected:
        assert [edge(of, f"{day}T{time}:00Z") for time in expected] == ["a|", "|a"]
    else:
        assert {edge(of, f"{day}T{hour:02}:{minute:02}:00Z") for hour in range(12) for minute in (0, 15, 30, 45)} == {
            "a|a"
        }


def test_overrides_are_of_the_files_zone() -> None:
    of = plan(
        layer(SINCE_NEW_YEAR + 'timezone = "America/New_York"\n'),
        override("put = []", "2026-11-28T12:00:00", "2026-11-28T13:00:00"),
    )
    assert [edge(of, f"2026-11-28T{hour}:00:00Z") for hour in ("11", "12")] == ["a|", "|a"]


@pytest.mark.parametrize(
    ("window", "expected"),
    [
        pytest.param("sun 02:15-02:45", {"03-29": ("01:15", "01:45"), "10-25": ("00:15", "00:45")}, id="in the hour"),
        pytest.param("sun 02:30-03:00", {"03-29": None, "10-25": ("00:30", "02:00")}, id="till the hour's end"),
        pytest.param("sun 02:15-03:30", {"03-29": ("01:15", "01:30"), "10-25": ("00:15", "02:30")}, id="over its end"),
        pytest.param("sun 02:30-03:30", {"03-29": None, "10-25": ("00:30", "02:30")}, id="an hour about its end"),
        pytest.param("sun 01:30-02:00", {"03-29": ("00:30", "01:00"), "10-24": ("23:30", None)}, id="up to the hour"),
        pytest.param("sun 03:00-04:00", {"03-29": ("01:00", "02:00"), "10-25": ("02:00", "03:00")}, id="after it"),
    ],
)
def test_a_window(window: str, expected: dict[str, tuple[str, str | None] | None]) -> None:
    """An interval that the clock empties opens nothing."""
    of = plan(layer(SINCE_NEW_YEAR + f'windows = ["{window}"]\n'))
    for day, times in expected.items():
        for time, both in zip(times or (), ("|a", "a|"), strict=False):
            assert time is None or edge(of, f"2026-{day}T{time}:00Z") == both
        if times is None:
            assert {edge(of, f"2026-{day}T{hour:02}:{half}:00Z") for hour in range(5) for half in ("00", "30")} == {"|"}


def test_a_day_has_twenty_three_hours_or_twenty_five() -> None:
    of = plan(layer(SINCE_NEW_YEAR + 'windows = ["sun 00:00-24:00"]\n'))
    edges = ["2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z", "2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z"]
    assert [edge(of, when) for when in edges] == ["|a", "a|", "|a", "a|"]
