"""When to look at the clock: the instants at which the rota or the office changes, as one-shot jobs.

The only importer of APScheduler. Jobs are absolute instants derived from the rota, made anew at start, at each edit and
after a clock jump; never cron text in local time, which fires twice or not at all on the nights of the clock change.
A job only wakes whoever acts; what is to be done is read from the tables then, so a missed job is caught up by the next
tick and a doubled one changes nothing.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.date import DateTrigger

from schedules.office import next_closing, next_opening, next_quiet_end
from schedules.on_duty import spans
from schedules.rota import Plan

# How far ahead instants are laid down; they are laid down anew long before that.
AHEAD = timedelta(days=8)
# More changes than this in eight days is no rota of people; the tick sees the rest.
JOBS_MAX = 500


def turning_points(plan: Plan, now: datetime) -> dict[str, datetime]:
    """What changes in the next eight days: name → instant (aware UTC), later than `now`, the earliest first.

    Names: `duty:ROTA:INSTANT` for handoffs, `opening`, `closing`, `quiet over`.
    """
    found: dict[str, datetime] = {}
    for rota in plan.rotas:
        for piece in spans(plan, rota, now, now + AHEAD)[1:]:
            found[f"duty:{rota}:{piece.start.isoformat()}"] = piece.start
    for name, at in (
        ("opening", next_opening(plan, now)),
        ("closing", next_closing(plan, now)),
        ("quiet over", next_quiet_end(plan, now)),
    ):
        if at is not None and at <= now + AHEAD:
            found[name] = at
    return dict(sorted(found.items(), key=lambda entry: entry[1])[:JOBS_MAX])


class Timetable:
    """Wakes at every turning point. Belongs to the running event loop."""

    def __init__(self, wake: Callable[[str], None]) -> None:
        """wake: called with the turning point's name, in the event loop."""
        self._wake = wake
        self._scheduler = AsyncIOScheduler(timezone=UTC)

    def start(self) -> None:
        self._scheduler.start()

    def stop(self) -> None:
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)

    def lay_down(self, plan: Plan, now: datetime, real_now: datetime) -> int:
        """Replace all jobs by the turning points of this plan; gives how many.

        now: our wall clock; real_now: the machine's, which APScheduler goes by. They differ in rehearsals alone.
        """
        self._scheduler.remove_all_jobs()
        points = turning_points(plan, now)
        for name, at in points.items():
            self._scheduler.add_job(
                self._wake,
                DateTrigger(real_now + (at - now)),
                args=[name],
                id=name,
                # Late is better than never: the default would drop a handoff that is a second late.
                misfire_grace_time=None,
                coalesce=True,
            )
        return len(points)

    def jobs(self) -> dict[str, datetime]:
        """The jobs that stand: name → the machine's instant, for checks and tests."""
        return {job.id: job.trigger.run_date for job in self._scheduler.get_jobs()}
