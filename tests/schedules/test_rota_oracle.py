"""The engine against an oracle too simple to be wrong (minute_oracle.py), at every minute of every walk.

Whatever is drawn is written as TOML and read again, so that reading is tested on the way. All times drawn are whole
minutes: where the engine cuts on whole minutes only and agrees at each of them, it is right at every instant.
"""

from datetime import UTC, datetime, timedelta
from itertools import groupby, pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import tomlkit
from hypothesis import event, given, settings
from minute_oracle import Oracle
from random_rotas import SCENES, Scene, files
from wall_walk import CLOCKS, DAY, MINUTE, ORIGIN, walk

from schedules.load import load
from schedules.office import is_open, open_spans
from schedules.on_duty import next_handoff, spans, who
from schedules.rota_file import load as read

A_MOMENT = timedelta(microseconds=1)


@settings(settings.get_profile("rota"))
@given(files())
def test_the_same_people_at_every_minute(drawn: tuple[Scene, dict[str, Any]]) -> None:
    """Spans are the oracle's minutes; who and next_handoff say the same, to the microsecond."""
    (begin, days), file = drawn
    oracle = Oracle(file, begin, days * DAY)
    expected = oracle.who("primary")
    start = begin.replace(tzinfo=UTC)
    event(f"{len({*expected})} different answers")

    text = tomlkit.dumps(file)
    rendered, asked = read(text), read(text)
    pieces = spans(rendered, "primary", start, start + timedelta(days=days))
    runs, passed = [], 0
    for people, run in groupby(expected):
        length = len([*run])
        runs.append((start + passed * MINUTE, start + (passed + length) * MINUTE, people))
        passed += length
    assert [(piece.start, piece.end, piece.who) for piece in pieces] == runs

    # A plan that never rendered anything answers one by one.
    for minute in _near_the_moves(begin, days) + [passed * 97 for passed in range(days * DAY // 97)]:
        assert who(asked, "primary", start + minute * MINUTE) == expected[minute], start + minute * MINUTE
    for before, after in pairwise(runs):
        cut = after[0]
        assert who(asked, "primary", cut - A_MOMENT) == before[2]
        assert who(asked, "primary", cut) == after[2]
    for stretch in runs[:20]:
        _handoff_follows(asked, stretch, start + timedelta(days=days))


def _handoff_follows(plan: Any, run: tuple[datetime, datetime, frozenset[str]], end: datetime) -> None:
    since, cut, people = run
    for after in (since, cut - A_MOMENT):
        found = next_handoff(plan, "primary", after, end - after)
        if cut == end:
            assert found is None
        else:
            assert found is not None
            assert (found.at, found.before) == (cut, people)
            assert found.after != people


@settings(settings.get_profile("rota"), max_examples=max(settings.get_profile("rota").max_examples // 4, 1))
@given(files())
def test_load_counts_the_minutes(drawn: tuple[Scene, dict[str, Any]]) -> None:
    """Also of a stretch that begins and ends in the middle of everything."""
    (begin, days), file = drawn
    first, last = 100, days * DAY - 77
    expected = Oracle(file, begin, days * DAY).load("primary", first, last)
    start = begin.replace(tzinfo=UTC)
    found = load(read(tomlkit.dumps(file)), "primary", start + first * MINUTE, start + last * MINUTE)
    minutes = {
        person: [part / MINUTE for part in (of.total, of.weekend, of.night, of.holiday)] for person, of in found.items()
    }
    assert minutes == expected


@settings(settings.get_profile("rota"), max_examples=max(settings.get_profile("rota").max_examples // 4, 1))
@given(files())
def test_the_office_is_open_at_the_same_minutes(drawn: tuple[Scene, dict[str, Any]]) -> None:
    """Spans of the office, and one by one near the moves of the clock."""
    (begin, days), file = drawn
    expected = Oracle(file, begin, days * DAY).open()
    start, plan = begin.replace(tzinfo=UTC), read(tomlkit.dumps(file))
    found = [False] * len(expected)
    for opens, closes in open_spans(plan, start, start + timedelta(days=days)):
        for minute in range((opens - start) // MINUTE, (closes - start) // MINUTE):
            found[minute] = True
    assert found == expected
    for minute in _near_the_moves(begin, days):
        assert is_open(plan, start + minute * MINUTE) == expected[minute]


def _near_the_moves(begin: datetime, days: int) -> list[int]:
    """Every second minute from two hours before a clock moves to two hours after."""
    moved = set()
    for zone in CLOCKS:
        for passed, (before, after) in enumerate(pairwise(walk(zone, begin, days * DAY).shown)):
            if after != before + 1:
                moved |= {minute for minute in range(passed - 119, passed + 121, 2) if 0 <= minute < days * DAY}
    return sorted(moved)


@pytest.mark.parametrize("zone", CLOCKS)
def test_the_clocks_of_the_oracle_are_those_of_the_world(zone: str) -> None:
    """What was written down by hand is what the zone data say."""
    for begin, days in SCENES:
        for passed, shown in enumerate(walk(zone, begin, days * DAY).shown):
            if passed % 15 in (0, 14):
                there = (begin.replace(tzinfo=UTC) + passed * MINUTE).astimezone(ZoneInfo(zone))
                assert ORIGIN + shown * MINUTE == there.replace(tzinfo=None)
