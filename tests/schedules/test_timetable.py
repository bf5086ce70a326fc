"""The timetable wakes at every change, at absolute instants, also on the nights of the clock change."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from schedules.digests import Digest, digests_between, last_digest
from schedules.rota_file import load
from schedules.timetable import Reading, Timetable, turning_points

ROTA = """\
timezone = "Europe/Rome"
[office]
hours = ["mon-fri 09:00-18:00"]
[people.anna]
role = "lead"
[people.ben]
[[rotas.primary.layers]]
people = ["anna", "ben"]
starts = 2026-10-23T18:00:00
turn = "1 week"
windows = ["fri 18:00 - mon 09:00"]
"""
PLAN = load(ROTA)


def test_the_weekend_of_the_clock_change_has_its_true_instants() -> None:
    """On 25 October 2026 Rome goes back one hour: Monday 09:00 is 08:00Z, Friday 18:00 was 16:00Z."""
    before = datetime(2026, 10, 23, 12, 0, tzinfo=UTC)
    points = turning_points(PLAN, before)
    closings, openings, duties = (
        [at for name, at in points.items() if name.startswith(kind)] for kind in ("closing", "opening", "duty:primary")
    )
    assert closings[0] == datetime(2026, 10, 23, 16, 0, tzinfo=UTC)
    assert openings[0] == datetime(2026, 10, 26, 8, 0, tzinfo=UTC)
    assert duties[:2] == [closings[0], openings[0]]
    assert list(points.values()) == sorted(points.values())


def test_what_is_now_is_no_turning_point_any_more() -> None:
    at_the_handoff = datetime(2026, 10, 23, 16, 0, tzinfo=UTC)
    assert all(at > at_the_handoff for at in turning_points(PLAN, at_the_handoff).values())


@pytest.mark.parametrize(
    ("handoff", "instant"),
    [
        pytest.param("2026-03-29T02:30:00", datetime(2026, 3, 29, 1, 30, tzinfo=UTC), id="an hour that is skipped"),
        pytest.param("2026-10-25T02:30:00", datetime(2026, 10, 25, 0, 30, tzinfo=UTC), id="an hour that stands twice"),
    ],
)
def test_a_handoff_on_the_night_of_the_clock_change_is_one_instant(handoff: str, instant: datetime) -> None:
    plan = load(ROTA.replace("2026-10-23T18:00:00", handoff).replace('windows = ["fri 18:00 - mon 09:00"]\n', ""))
    points = turning_points(plan, instant - timedelta(days=2))
    assert [at for name, at in points.items() if name.startswith("duty")] == [instant]


def test_an_office_that_closes_for_lunch_turns_four_times_a_day() -> None:
    plan = load(ROTA.replace('"mon-fri 09:00-18:00"', '"mon-fri 09:00-13:00", "mon-fri 14:00-18:00"'))
    points = turning_points(plan, datetime(2026, 11, 24, 5, 0, tzinfo=UTC))
    tuesday = [f"{at:%H} {name[:7]}" for name, at in points.items() if at.day == 24 and "ing:" in name]
    assert tuesday == ["08 opening", "12 closing", "13 opening", "17 closing"]


def test_the_digests_of_a_week_keep_their_hour_on_the_wall() -> None:
    """Thursday at ten and the week's first opening, also across a clock change and a holiday on Monday."""
    start, end = datetime(2026, 10, 19, 12, 0, tzinfo=UTC), datetime(2026, 11, 2, 12, 0, tzinfo=UTC)
    assert digests_between(PLAN, start, end) == [
        (Digest.AHEAD, datetime(2026, 10, 22, 8, 0, tzinfo=UTC)),
        (Digest.WEEK, datetime(2026, 10, 26, 8, 0, tzinfo=UTC)),
        (Digest.AHEAD, datetime(2026, 10, 29, 9, 0, tzinfo=UTC)),
        (Digest.WEEK, datetime(2026, 11, 2, 8, 0, tzinfo=UTC)),
    ]
    easter = load(ROTA.replace('"mon-fri 09:00-18:00"]', '"mon-fri 09:00-18:00"]\nholidays = ["IT"]'))
    tuesday = datetime(2026, 4, 7, 7, 0, tzinfo=UTC)
    assert last_digest(easter, Digest.WEEK, tuesday) == tuesday
    assert last_digest(easter, Digest.WEEK, tuesday - timedelta(seconds=1)) == datetime(2026, 3, 30, 7, 0, tzinfo=UTC)
    always_closed = load(ROTA.replace('[office]\nhours = ["mon-fri 09:00-18:00"]\n', ""))
    assert last_digest(always_closed, Digest.WEEK, tuesday) == datetime(2026, 4, 6, 7, 0, tzinfo=UTC)


NOON = datetime(2026, 10, 23, 12, 0, tzinfo=UTC)


def reading(now: datetime, *, passed_s: float = 0.0, machine: datetime | None = None) -> Reading:
    """The clocks so many seconds after the test began; the machine's own says what it really is."""
    return Reading(now, machine or datetime.now(UTC), passed_s)


async def test_a_job_that_is_late_still_wakes_and_a_new_plan_replaces_the_old_jobs() -> None:
    """A missed handoff is caught up: APScheduler would drop one that is more than a second late."""
    woken: asyncio.Queue[str] = asyncio.Queue()
    timetable = Timetable(woken.put_nowait)
    timetable.start()
    try:
        real = datetime.now(UTC)
        # The machine says that the closing was an hour ago.
        late = reading(NOON, machine=real - timedelta(hours=5))
        assert timetable.lay_down(PLAN, 1, late) == len(turning_points(PLAN, NOON))
        first = {await asyncio.wait_for(woken.get(), 5), await asyncio.wait_for(woken.get(), 5)}
        assert {name.split(":")[0] for name in first} == {"duty", "closing"}

        timetable.lay_down(PLAN, 2, reading(NOON, machine=real))
        closing = next(at for name, at in timetable.jobs().items() if name.startswith("closing"))
        assert closing == real + timedelta(hours=4)
    finally:
        timetable.stop()


async def test_the_jobs_are_laid_down_anew_at_an_edit_after_a_jump_and_every_day() -> None:
    """By hand: the real scheduler, and clocks that are moved."""
    woken: asyncio.Queue[str] = asyncio.Queue()
    timetable = Timetable(woken.put_nowait)
    timetable.start()
    hour, day = timedelta(hours=1), timedelta(days=1)
    try:
        assert timetable.is_outdated(1, reading(NOON)), "nothing is laid down yet"
        timetable.lay_down(PLAN, 1, reading(NOON))
        assert not timetable.is_outdated(1, reading(NOON + hour, passed_s=3600))
        assert timetable.is_outdated(2, reading(NOON + hour, passed_s=3600)), "an edit, also by another process"
        assert timetable.is_outdated(1, reading(NOON + 2 * hour, passed_s=3600)), "set forward"
        assert timetable.is_outdated(1, reading(NOON - hour, passed_s=3600)), "set back"
        assert timetable.is_outdated(1, reading(NOON + day, passed_s=86400)), "a day is over"

        # Set forward over the closing: it is no job any more, the tick after the jump has seen it.
        after = NOON + 5 * hour
        timetable.lay_down(PLAN, 1, reading(after, passed_s=1))
        assert not any(name.startswith("closing:2026-10-23") for name in timetable.jobs())
        # And set back: it comes again, at its instant.
        timetable.lay_down(PLAN, 1, reading(NOON, passed_s=2, machine=datetime.now(UTC) - 4 * hour))
        assert (await asyncio.wait_for(woken.get(), 5)).endswith("2026-10-23T16:00:00+00:00")
    finally:
        timetable.stop()
