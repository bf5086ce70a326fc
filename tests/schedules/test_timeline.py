"""What is rendered says what is worked out, at every edge and between; and what is kept stays bounded."""

import gc
import random
import weakref
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
import tomlkit
from hypothesis import given, settings
from hypothesis import strategies as st
from random_rotas import SCENES, Scene, files

from schedules.compiled_rota import CompiledRota
from schedules.on_duty import next_handoff, spans
from schedules.rota import Plan
from schedules.rota_file import load
from schedules.stretches import Stretches
from schedules.timeline import Timeline
from schedules.walltime import DAY_US, FIRST_US, LAST_US, to_us

HEAD = """
timezone = "Europe/Rome"
[people.a]
role = "lead"
[people.b]
[people.c]
[[rotas.primary.layers]]
people = ["a", "b", "c"]
"""


def plan(layer: str) -> Plan:
    return load(HEAD + layer)


def rota(of: Plan) -> CompiledRota:
    return CompiledRota(of, of.rotas["primary"])


WEEKLY = plan('starts = 2026-01-02T18:00:00\nturn = "1 week"')
HOURLY = plan('starts = 2026-01-01T00:00:00\nturn = "1 hour"')


def day(text: str) -> int:
    return to_us(datetime.fromisoformat(text).replace(tzinfo=UTC))


# -- rendered is worked out --


around_a_scene = st.sampled_from(sorted(SCENES.values())).flatmap(lambda scene: st.tuples(st.just(scene), files(scene)))


@settings(settings.get_profile("rota"), max_examples=15)
@given(around_a_scene, st.randoms(use_true_random=False))
def test_the_rendered_rota_says_what_is_worked_out(drawn: tuple[Scene, dict[str, Any]], rng: random.Random) -> None:
    """At every edge, a microsecond before and after it, and anywhere; the scenes hold the clock changes."""
    (begin, days), file = drawn
    read = load(tomlkit.dumps(file))
    start = to_us(begin.replace(tzinfo=UTC))
    end = start + days * DAY_US
    worked_out, rendered = rota(read), Timeline(rota(read))
    changes = list(rendered.changes(start, end))
    assert changes[0][0] == start
    asked = {start, end - 1} | {rng.randrange(start, end) for _ in range(100)}
    for edge, _ in changes[:60]:
        asked |= {edge - 1, edge, edge + 1}
    for instant in sorted(asked):
        people = worked_out.who(instant)
        assert rendered.who(instant) == people, instant
        if start <= instant < end:
            assert [who for edge, who in changes if edge <= instant][-1] == people, instant


@pytest.mark.parametrize("around", ["2026-03-29T01:00:00", "2026-10-25T01:00:00", "2026-12-31T23:00:00"])
@pytest.mark.parametrize("of", [WEEKLY, HOURLY], ids=["weekly", "hourly"])
def test_every_minute_around_a_clock_change(of: Plan, around: str) -> None:
    """Also for somebody who asks only now and then, and for somebody who asks all the time."""
    worked_out, timeline = rota(of), Timeline(rota(of))
    for minute in range(-180, 180):
        instant = day(around) + minute * 60_000_000
        assert timeline.who(instant) == worked_out.who(instant)
    assert timeline.kept()[0] == 1


def test_the_ends_of_the_calendar() -> None:
    """The first and the last instant there is, asked once and asked often."""
    of = plan('starts = 0001-01-01T00:00:00\nturn = "1 month"')
    worked_out, timeline = rota(of), Timeline(rota(of))
    for instant in (FIRST_US, FIRST_US + 40 * DAY_US, LAST_US - 40 * DAY_US, LAST_US):
        for _ in range(20):
            assert timeline.who(instant) == worked_out.who(instant)
    last = datetime.max.replace(tzinfo=UTC)
    pieces = spans(of, "primary", last - timedelta(days=70), last)
    assert [piece.end for piece in pieces[:-1]] == [piece.start for piece in pieces[1:]]
    assert pieces[-1].end == last
    assert next_handoff(of, "primary", last - timedelta(days=1), timedelta(days=400)) is None


def test_a_turn_that_lasts_longer_than_a_block_is_one_span() -> None:
    """Nobody sees where one block ends and the next begins."""
    of = plan('starts = 2026-01-01T00:00:00\nturn = "11 months"')
    pieces = spans(of, "primary", datetime(2025, 1, 1, tzinfo=UTC), datetime(2036, 1, 1, tzinfo=UTC))
    assert [len(piece.who) for piece in pieces] == [0] + [1] * 11
    assert all(before.who != after.who for before, after in pairwise(pieces))


def test_a_long_stretch_is_its_parts() -> None:
    """Eleven years in one go say what the single years say; only the near ones are kept."""
    start = datetime(2026, 1, 1, tzinfo=UTC)
    years = [start.replace(year=year) for year in range(2026, 2038)]
    whole = spans(replace(WEEKLY), "primary", years[0], years[-1])
    parts = [piece for a, b in pairwise(years) for piece in spans(WEEKLY, "primary", a, b)]
    cuts = {piece.start: piece.who for piece in whole}
    assert all(cuts.get(piece.start, piece.who) == piece.who for piece in parts)
    assert {piece.start for piece in parts} - {piece.start for piece in whole} <= set(years)


# -- what is kept --


def test_what_is_kept_is_bounded() -> None:
    """Hundreds of years are asked about, again and again, in turns of an hour: some blocks are kept, and counters."""
    timeline = Timeline(rota(HOURLY))
    start = day("2026-01-01")
    for year in range(70):
        for _ in range(20):
            timeline.who(start + year * 366 * DAY_US)
    blocks, pieces, _ = timeline.kept()
    assert blocks <= 64
    assert pieces <= 50_000
    changes = timeline.changes(start, start + 200 * 366 * DAY_US)
    for _ in range(10_000):
        next(changes)
    assert timeline.kept()[0] <= 64
    far = Timeline(rota(WEEKLY))
    for number in range(1_100):
        far.who(start + number * 100 * DAY_US)
    blocks, pieces, counters = far.kept()
    assert (blocks, pieces) == (0, 0)
    assert counters <= 1_000


def test_what_changes_all_the_time_keeps_fewer_blocks() -> None:
    """A rota may say something else every few minutes; then it is the pieces that are counted."""
    windows = [
        f"daily {hour:02d}:{minute:02d}-{hour:02d}:{minute + 2:02d}" for hour in range(24) for minute in (0, 5, 9)
    ]
    of = plan(f'starts = 2026-01-01T00:00:00\nturn = "1 week"\nwindows = {windows}'.replace("'", '"'))
    timeline = Timeline(rota(of))
    start = day("2026-01-05")
    for number in range(16):
        for step in range(20):
            timeline.who(start + number * 26 * DAY_US + step)
    blocks, pieces, _ = timeline.kept()
    assert pieces <= 50_000
    assert 10 <= blocks <= 15


def test_a_timeline_dies_with_its_plan() -> None:
    """Each revision and each preview is a plan; what was rendered of an old one must not stay."""
    gc.freeze()  # what was there before is not looked through
    try:
        of = replace(WEEKLY)
        spans(of, "primary", datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC))
        gone = weakref.ref(of)
        assert sum(isinstance(each, Timeline) for each in gc.get_objects()) == 1
        del of
        gc.collect()
        assert gone() is None
        assert not any(isinstance(each, Timeline) for each in gc.get_objects())
    finally:
        gc.unfreeze()


def test_a_rota_that_has_ended_is_quickly_looked_through() -> None:
    """There is no handoff in eight thousand years, and saying so must not take eight thousand years' work."""
    of = plan('starts = 2026-01-01T00:00:00\nuntil = 2026-02-01T00:00:00\nturn = "1 day"')
    found = next_handoff(of, "primary", datetime(2026, 3, 1, tzinfo=UTC), timedelta(days=2_900_000))
    assert found is None
    last = next_handoff(of, "primary", datetime(2026, 1, 31, 12, tzinfo=UTC), timedelta(days=2_900_000))
    assert last is not None
    assert last.after == frozenset()


# -- stretches --


@given(
    st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)), max_size=14),
    st.integers(-1, 13),
    st.integers(-1, 13),
)
def test_stretches_are_found(given_: list[tuple[int, int]], start: int, end: int) -> None:
    """As if all of them were looked at, in the order given."""
    stretches = Stretches((*stretch, number) for number, stretch in enumerate(given_))
    for instant in range(-1, 14):
        assert stretches.at(instant) == [number for number, (a, b) in enumerate(given_) if a <= instant < b]
    edges = {edge for a, b in given_ if a < b for edge in (a, b)}
    assert list(stretches.edges(start, end)) == sorted(edge for edge in edges if start <= edge < end)


def test_ten_thousand_stretches_all_at_once() -> None:
    """Overrides that all hold at the same time must not take room by the square."""
    many = 10_000
    stretches = Stretches((number, 3 * many - number, number) for number in range(many))
    assert stretches.at(many) == list(range(many))
    assert stretches.at(5) == list(range(6))
    assert stretches.at(3 * many) == []
