"""The engine against an oracle too simple to be wrong (minute_oracle.py), at every minute of every walk.

Whatever is drawn is written as TOML and read again, so that reading is tested on the way. All times drawn are whole
minutes: where the engine cuts on whole minutes only and agrees at each of them, it is right at every instant.
"""

import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import groupby, pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import tomlkit
from hypothesis import given, seed, settings
from minute_oracle import Oracle
from random_rotas import SCENES, files
from wall_walk import CLOCKS, DAY, MINUTE, ORIGIN, walk

from schedules.compiled_rota import CompiledRota
from schedules.load import load
from schedules.office import is_open, open_spans
from schedules.on_duty import next_handoff, spans, who
from schedules.rota import Plan
from schedules.rota_file import load as read
from schedules.walltime import to_us

A_MOMENT = timedelta(microseconds=1)


pytestmark = pytest.mark.timeout(600)  # to make a counterexample small takes its time
ROUNDS = range(int(os.environ.get("ROTA_ROUNDS", "1")))


def for_drawn_files(scene: str, number: int, check: Callable[[dict[str, Any]], None]) -> None:
    """Run `check` with files drawn around that scene: others in each round, the same in every run."""
    # From the tenth on hypothesis varies what it had; fewer, with another seed, are all new.
    few = settings(settings.get_profile("rota"), max_examples=9 if SCENES[scene][1] < 10 else 5)
    seed(f"{scene} {check.__name__} {number}")(few(given(files(SCENES[scene]))(check)))()


@pytest.mark.parametrize("number", ROUNDS)
@pytest.mark.parametrize("scene", SCENES)
def test_the_same_at_every_minute(scene: str, number: int) -> None:
    """Who is on duty, whose hours that makes, when the office is open."""
    begin, days = SCENES[scene]

    def agreed(file: dict[str, Any]) -> None:
        oracle, plan = Oracle(file, begin, days * DAY), read(tomlkit.dumps(file))
        on = oracle.who("primary")
        the_same_people(on, plan, begin, days)
        the_same_hours(oracle, on, plan, begin, days)
        the_same_office(oracle.open(), plan, begin, days)

    for_drawn_files(scene, number, agreed)


def the_same_people(expected: list[frozenset[str]], plan: Plan, begin: datetime, days: int) -> None:
    """Spans are the oracle's minutes; who and next_handoff say the same, to the microsecond."""
    start, end = begin.replace(tzinfo=UTC), begin.replace(tzinfo=UTC) + timedelta(days=days)
    one_by_one = CompiledRota(plan, plan.rotas["primary"])
    runs = list(_runs(expected, start))
    assert [(span.start, span.end, span.who) for span in spans(plan, "primary", start, end)] == runs

    # What was rendered and what is worked out for one instant.
    for minute in _near_the_moves(begin, days) + [passed * 97 for passed in range(days * DAY // 97)]:
        instant = start + minute * MINUTE
        assert who(plan, "primary", instant) == one_by_one.who(to_us(instant)) == expected[minute], instant
    for (_, cut, before), (_, _, after) in pairwise(runs):
        assert who(plan, "primary", cut - A_MOMENT) == one_by_one.who(to_us(cut) - 1) == before, cut
        assert who(plan, "primary", cut) == one_by_one.who(to_us(cut)) == after, cut
    for since, cut, on in runs[:20]:
        for instant in (since, cut - A_MOMENT):
            found = next_handoff(plan, "primary", instant, end - instant)
            assert (found and (found.at, found.before)) == ((cut, on) if cut < end else None)


def _runs(expected: list[frozenset[str]], start: datetime) -> Iterator[tuple[datetime, datetime, frozenset[str]]]:
    passed = 0
    for people, run in groupby(expected):
        since, passed = passed, passed + len([*run])
        yield start + since * MINUTE, start + passed * MINUTE, people


def the_same_hours(oracle: Oracle, on: list[frozenset[str]], plan: Plan, begin: datetime, days: int) -> None:
    """Load counts the minutes, also of a stretch that begins and ends in the middle of everything."""
    first, last = 100, days * DAY - 77
    start = begin.replace(tzinfo=UTC)
    found = load(plan, "primary", start + first * MINUTE, start + last * MINUTE)
    assert {
        person: [part / MINUTE for part in (of.total, of.weekend, of.night, of.holiday)] for person, of in found.items()
    } == oracle.load(on, first, last)


def the_same_office(expected: list[bool], plan: Plan, begin: datetime, days: int) -> None:
    """Spans of the office, and one by one near the moves of the clock."""
    start = begin.replace(tzinfo=UTC)
    found = [False] * len(expected)
    for opens, closes in open_spans(plan, start, start + timedelta(days=days)):
        for minute in range((opens - start) // MINUTE, (closes - start) // MINUTE):
            found[minute] = True
    assert found == expected
    for minute in _near_the_moves(begin, days):
        assert is_open(plan, start + minute * MINUTE) == expected[minute]


@lru_cache
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
    for begin, days in SCENES.values():
        for passed, shown in enumerate(walk(zone, begin, days * DAY).shown):
            if passed % 15 in (0, 14):
                there = (begin.replace(tzinfo=UTC) + passed * MINUTE).astimezone(ZoneInfo(zone))
                assert ORIGIN + shown * MINUTE == there.replace(tzinfo=None)
