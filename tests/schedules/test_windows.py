"""The small parts: shorthand of windows, wall times."""

from datetime import UTC, datetime

import pytest

from schedules.walltime import format_instant, parse_instant
from schedules.windows import Window, parse

WEEK = frozenset(range(7))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("mon-fri 18:00-20:00", Window(frozenset(range(5)), 1080, 1200), id="same day"),
        pytest.param("daily 22:00-07:00", Window(WEEK, 1320, 420, 1), id="into the next day"),
        pytest.param("daily 09:00-09:00", Window(WEEK, 540, 540, 1), id="not later is the next day"),
        pytest.param("holiday 00:00-24:00", Window(frozenset(), 0, 1440, 0, True), id="holiday"),
        pytest.param("sat 8:00-20:00", Window(frozenset({5}), 480, 1200), id="one day"),
        pytest.param("fri-mon 08:00-20:00", Window(frozenset({4, 5, 6, 0}), 480, 1200), id="round the week's end"),
        pytest.param("fri 18:00 - mon 09:00", Window(frozenset({4}), 1080, 540, 3), id="one span"),
        pytest.param("mon 18:00-mon 09:00", Window(frozenset({0}), 1080, 540, 7), id="nearly a week"),
        pytest.param("sun 20:00 - sun 23:00", Window(frozenset({6}), 1200, 1380, 0), id="a span within a day"),
    ],
)
def test_shorthand(text: str, expected: Window) -> None:
    assert parse(text) == expected


@pytest.mark.parametrize(
    "text", ["", "mon", "mon 18:00", "xyz 18:00-20:00", "mon 18-20", "mon 24:01-25:00", "mon 18:60-19:00"]
)
def test_no_window(text: str) -> None:
    with pytest.raises(ValueError, match=r"no"):
        parse(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-28T10:00:00Z", "2026-11-28T10:00:00Z"),
        ("2026-11-28T10:00:00+01:00", "2026-11-28T09:00:00Z"),
        ("2026-11-28T10:00:00", "2026-11-28T09:00:00Z"),
        ("2026-11-28 10:00", "2026-11-28T09:00:00Z"),
        ("2026-11-28", "2026-11-27T23:00:00Z"),
        ("2026-03-29T02:30:00", "2026-03-29T01:30:00Z"),
        ("2026-10-25T02:30:00", "2026-10-25T00:30:00Z"),
        ("9999-12-31T23:59:59.5Z", "9999-12-31T23:59:59.500000Z"),
    ],
)
def test_instants(text: str, expected: str) -> None:
    assert format_instant(parse_instant(text, "Europe/Rome")) == expected


@pytest.mark.parametrize(
    "text", ["", "now", "2026-02-30", "2026-11-28T25:00:00", "0001-01-01", "9999-12-31T23:00:00-05:00"]
)
def test_no_instant(text: str) -> None:
    with pytest.raises(ValueError, match=r"no such time|not a time|out of range"):
        parse_instant(text, "Europe/Rome")


def test_format_says_utc() -> None:
    assert format_instant(datetime(2026, 1, 1, tzinfo=UTC)) == "2026-01-01T00:00:00Z"
