"""The timetable wakes at every change, at absolute instants, also on the nights of the clock change."""

import asyncio
from datetime import UTC, datetime, timedelta

from schedules.rota_file import load
from schedules.timetable import Timetable, turning_points

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


async def test_a_job_that_is_late_still_wakes_and_a_new_plan_replaces_the_old_jobs() -> None:
    """A missed handoff is caught up: APScheduler would drop one that is more than a second late."""
    woken: asyncio.Queue[str] = asyncio.Queue()
    timetable = Timetable(woken.put_nowait)
    timetable.start()
    try:
        now = datetime(2026, 10, 23, 12, 0, tzinfo=UTC)
        real = datetime.now(UTC)
        # The machine says that the closing was an hour ago.
        late = real - timedelta(hours=5)
        assert timetable.lay_down(PLAN, now, late) == len(turning_points(PLAN, now))
        first = {await asyncio.wait_for(woken.get(), 5), await asyncio.wait_for(woken.get(), 5)}
        assert any(name.startswith("duty:primary") for name in first)
        assert "closing" in first

        timetable.lay_down(PLAN, now, real)
        assert timetable.jobs()["closing"] == real + timedelta(hours=4)
    finally:
        timetable.stop()
