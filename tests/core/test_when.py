"""Times as people type them, on the wall of Rome: both languages, the nights of the clock changes, the year's end."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.when import read_days, read_stretch
from bot.errors import Refused

ROME = ZoneInfo("Europe/Rome")
# Saturday 28 November 2026, 22:00 in Rome.
NOW = datetime(2026, 11, 28, 21, 0, tzinfo=UTC)


def read(text: str, now: datetime = NOW) -> tuple[str, str, list[str]]:
    start, end, rest = read_stretch(text.split(), now, ROME)
    assert start.utcoffset() == end.utcoffset() == UTC.utcoffset(None)
    return f"{start.astimezone(ROME):%a %d.%m.%Y %H:%M}", f"{end.astimezone(ROME):%a %d.%m.%Y %H:%M}", rest


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("sun 18:00 20:00", "Sun 29.11.2026 18:00", "Sun 29.11.2026 20:00"),
        ("domenica 18 20", "Sun 29.11.2026 18:00", "Sun 29.11.2026 20:00"),
        ("Domani 9.30 dopodomani", "Sun 29.11.2026 09:30", "Tue 01.12.2026 00:00"),
        ("today 23:00 7:00", "Sat 28.11.2026 23:00", "Sun 29.11.2026 07:00"),
        ("23:00 07:00", "Sat 28.11.2026 23:00", "Sun 29.11.2026 07:00"),
        ("21:00 23:00", "Sun 29.11.2026 21:00", "Sun 29.11.2026 23:00"),
        ("sat 18:00 sun 8:00", "Sat 05.12.2026 18:00", "Sun 06.12.2026 08:00"),
        ("sat 23:00 sun 8:00", "Sat 28.11.2026 23:00", "Sun 29.11.2026 08:00"),
        ("lun mar", "Mon 30.11.2026 00:00", "Wed 02.12.2026 00:00"),
        ("sab-dom", "Sat 05.12.2026 00:00", "Mon 07.12.2026 00:00"),
        ("lunedì 18h mercoledì 8h", "Mon 30.11.2026 18:00", "Wed 02.12.2026 08:00"),
        ("ven 18:00 lun 9:00", "Fri 04.12.2026 18:00", "Mon 07.12.2026 09:00"),
        ("24/12 18:00 27/12 9:00", "Thu 24.12.2026 18:00", "Sun 27.12.2026 09:00"),
        ("31/12 18:00 1/1 9:00", "Thu 31.12.2026 18:00", "Fri 01.01.2027 09:00"),
        ("sun 18:00 sun 18:00", "Sun 29.11.2026 18:00", "Sun 06.12.2026 18:00"),
        ("1/1 2/1", "Fri 01.01.2027 00:00", "Sun 03.01.2027 00:00"),
        ("20/12 6/1", "Sun 20.12.2026 00:00", "Thu 07.01.2027 00:00"),
        ("2026-12-05 2026-12-06", "Sat 05.12.2026 00:00", "Sun 06.12.2026 00:00"),
        ("1/1/2028 9:00 3/1/2028", "Sat 01.01.2028 09:00", "Mon 03.01.2028 00:00"),
        ("2026-12-05T18:00 2026-12-06T08:00:00+01:00", "Sat 05.12.2026 18:00", "Sun 06.12.2026 08:00"),
        ("2026-12-05 18:00 2026-12-06", "Sat 05.12.2026 18:00", "Sun 06.12.2026 00:00"),
        ("2026-12-05T18:00Z 2026-12-05T19:00Z", "Sat 05.12.2026 19:00", "Sat 05.12.2026 20:00"),
        ("from sun 18:00 until 20:00", "Sun 29.11.2026 18:00", "Sun 29.11.2026 20:00"),
        ("dal 20 dicembre al 28 dic", "Sun 20.12.2026 00:00", "Tue 29.12.2026 00:00"),
        ("20 dec 2027 8:00 - 21 Dec 2027 9", "Mon 20.12.2027 08:00", "Tue 21.12.2027 09:00"),
        ("dom 20/12 18:00 lun 21 dic 8:00", "Sun 20.12.2026 18:00", "Mon 21.12.2026 08:00"),
        ("sat 6/12", "Sat 05.12.2026 00:00", "Mon 07.12.2026 00:00"),
        ("dom 18 mar 8", "Sun 29.11.2026 18:00", "Tue 01.12.2026 08:00"),
        ("1 mar 8 2 mar 9:00", "Mon 01.03.2027 08:00", "Tue 02.03.2027 09:00"),
        ("20/12-28/12", "Sun 20.12.2026 00:00", "Tue 29.12.2026 00:00"),
    ],
)
def test_as_people_type(text: str, start: str, end: str) -> None:
    assert read(text) == (start, end, [])


@pytest.mark.parametrize(
    ("english", "italian", "day"),
    [
        ("monday", "lunedì", 30),
        ("tue", "martedi", 1),
        ("wednesday", "mer", 2),
        ("thu", "giovedì", 3),
        ("friday", "venerdì", 4),
        ("sunday", "dom", 29),
    ],
)
def test_weekdays_in_both_languages_are_the_next_such_day(english: str, italian: str, day: int) -> None:
    assert read(f"{english} 10:00 11:00") == read(f"{italian} 10:00 11:00")
    assert read(f"{english} 10:00 11:00")[0][4:6] == f"{day:02}"


@pytest.mark.parametrize(
    ("text", "start", "end", "rest"),
    [
        ("20/12 28/12", "Sun 20.12.2026 00:00", "Tue 29.12.2026 00:00", []),
        ("20/12 20/12", "Sun 20.12.2026 00:00", "Mon 21.12.2026 00:00", []),
        ("20/12 18:00 28/12 9:00", "Sun 20.12.2026 18:00", "Mon 28.12.2026 09:00", []),
        ("today 23:00 tomorrow", "Sat 28.11.2026 23:00", "Mon 30.11.2026 00:00", []),
        ("24 dic", "Thu 24.12.2026 00:00", "Fri 25.12.2026 00:00", []),
        ("25/10/2027", "Mon 25.10.2027 00:00", "Tue 26.10.2027 00:00", []),
        ("dom backup", "Sun 29.11.2026 00:00", "Mon 30.11.2026 00:00", ["backup"]),
    ],
)
def test_whole_days(text: str, start: str, end: str, rest: list[str]) -> None:
    """Who is away "from 20 to 28 December" is away on the 28th, too."""
    found = read_stretch(text.split(), NOW, ROME, whole_days=True, alone=lambda left: left in ("", "backup"))
    assert [f"{at.astimezone(ROME):%a %d.%m.%Y %H:%M}" for at in found[:2]] == [start, end]
    assert found[2] == rest
    if rest:
        with pytest.raises(Refused):
            read_stretch(text.split(), NOW, ROME, whole_days=True)


@pytest.mark.parametrize(
    ("text", "start", "end", "rest"),
    [
        ("sun sat", "Sun 29.11.2026 00:00", "Mon 30.11.2026 00:00", ["sat"]),
        ("ven-dom 11/12-13/12", "Fri 04.12.2026 00:00", "Mon 07.12.2026 00:00", ["11/12-13/12"]),
        ("11/12–13/12 backup", "Fri 11.12.2026 00:00", "Mon 14.12.2026 00:00", ["backup"]),
        ("oggi", "Sat 28.11.2026 00:00", "Sun 29.11.2026 00:00", []),
        ("5 dic 6 dic", "Sat 05.12.2026 00:00", "Sun 06.12.2026 00:00", ["6/12"]),
    ],
)
def test_days_of_a_swap(text: str, start: str, end: str, rest: list[str]) -> None:
    found = read_days(text.split(), NOW, ROME)
    assert [f"{at.astimezone(ROME):%a %d.%m.%Y %H:%M}" for at in found[:2]] == [start, end]
    assert found[2] == rest
    with pytest.raises(Refused):
        read_days(["tonight"], NOW, ROME)


def test_what_is_left_over_is_given_back() -> None:
    assert read("sun 18:00 20:00 influenza vera")[2] == ["influenza", "vera"]


def test_the_night_the_clocks_go_back_is_an_hour_longer() -> None:
    start, end, _ = read_stretch(["sat", "22:00", "sun", "8:00"], datetime(2026, 10, 23, 12, 0, tzinfo=UTC), ROME)
    assert (end - start).total_seconds() == 11 * 3600


def test_the_night_the_clocks_go_forward_is_an_hour_shorter_and_its_missing_hour_is_read() -> None:
    now = datetime(2026, 3, 27, 12, 0, tzinfo=UTC)
    start, end, _ = read_stretch(["sat", "22:00", "sun", "8:00"], now, ROME)
    assert (end - start).total_seconds() == 9 * 3600
    assert read("sun 2:30 4:00", now)[0] == "Sun 29.03.2026 03:30"
    with pytest.raises(Refused, match="ends_before_start"):
        read("sun 2:30 3:30", now)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "bad_day"),
        ("sat", "no_end"),
        ("sat 18:00", "no_end"),
        ("sat 18:00 -", "bad_day"),
        ("25:00 26:00", "bad_day"),
        ("24:00 8:00", "bad_day"),
        ("8:60 9:00", "bad_day"),
        ("30/2 31/2", "bad_day"),
        ("29/2/2027 1/3/2027", "bad_day"),
        ("0/0 1/1", "bad_day"),
        ("2026-13-01 2026-13-02", "bad_day"),
        ("0001-01-01T00:00 0001-01-02T00:00", "bad_day"),
        ("9999-12-31T23:00:00-12:00 sun", "bad_day"),
        ("2026-12-05 2026-12-05", "ends_before_start"),
        ("2026-12-05 2026-12-04", "ends_before_start"),
        ("6/12 5/12", "ends_before_start"),
        ("oggi ieri", "ends_before_start"),
    ],
)
def test_nonsense_is_refused(text: str, why: str) -> None:
    with pytest.raises(Refused) as refused:
        read(text)
    assert refused.value.why == why


words = st.sampled_from(
    [
        "sat",
        "dom",
        "lunedì",
        "today",
        "domani",
        "18:00",
        "8",
        "24:00",
        "2:30",
        "29/2",
        "1/1",
        "31/12/9999",
        "1/1/0001",
        "0001-01-01",
        "9999-12-31T23:59",
        "0001-01-01T00:00+14:00",
        "9999-12-31T23:59:59-12:00",
        "25/10",
        "29/3",
    ]
)


@given(
    st.lists(st.one_of(words, st.text(max_size=12)), max_size=6),
    st.integers(0, 3 * 365 * 24 * 60).map(lambda m: NOW + timedelta(minutes=m)),
)
def test_any_words_are_a_stretch_or_refused(tokens: list[str], now: datetime) -> None:
    try:
        start, end, _ = read_stretch(tokens, now, ROME)
    except Refused as refusal:
        assert refusal.why in ("bad_day", "no_end", "ends_before_start")  # noqa: PT017  # refused or not, both are right
        return
    assert start < end
