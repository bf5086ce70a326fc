"""When to look at the clock: the instants at which the rota or the office changes or a digest is due, as one-shot jobs.

The only importer of APScheduler. Jobs are absolute instants derived from the rota, made anew at start, at each edit and
after a clock jump; never cron text in local time, which fires twice or not at all on the nights of the clock change.
A job only wakes whoever acts; what is to be done is read from the tables then, so a missed job is caught up by the next
tick and a doubled one changes nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.date import DateTrigger

from schedules.daily import dailies_between
from schedules.digests import digests_between
from schedules.office import next_quiet_end, open_spans
from schedules.on_duty import spans
from schedules.rota import Plan

# How far ahead instants are laid down; they are laid down anew long before that.
AHEAD = timedelta(days=8)
AGAIN = timedelta(days=1)
# More changes than this in eight days is no rota of people; the tick sees the rest.
JOBS_MAX = 500
# The wall clock may run away from the monotonic one by this much before it counts as a jump.
JUMP = timedelta(seconds=20)


def turning_points(plan: Plan, now: datetime) -> dict[str, datetime]:
    """What changes in the next eight days: name → instant (aware UTC), later than `now`, the earliest first.

    Names: `duty:ROTA:INSTANT` for handoffs, `opening:INSTANT`, `closing:INSTANT`, `quiet over:INSTANT`,
    `digest:WHICH:INSTANT`, and `daily:INSTANT`.
    """
    until = now + AHEAD
    found: list[tuple[str, datetime]] = []
    for rota in plan.rotas:
        found += [(f"duty:{rota}", piece.start) for piece in spans(plan, rota, now, until)[1:]]
    for opens, closes in open_spans(plan, now, until):
        found += [("opening", opens), ("closing", closes)]
    quiet_over = next_quiet_end(plan, now)
    while quiet_over is not None and quiet_over <= until and len(found) < JOBS_MAX:
        found.append(("quiet over", quiet_over))
        quiet_over = next_quiet_end(plan, quiet_over)
    found += [(f"digest:{digest}", at) for digest, at in digests_between(plan, now, until)]
    found += [("daily", at) for at in dailies_between(plan, now, until)]
    # Stretches are cut at both ends of what was asked; there nothing changes.
    ahead = sorted((each for each in found if now < each[1] < until), key=lambda each: each[1])
    return {f"{name}:{at.isoformat()}": at for name, at in ahead[:JOBS_MAX]}


@dataclass(frozen=True, slots=True)
class Reading:
    """All clocks at one moment. now: ours, which a rehearsal may shift. machine: the machine's wall clock, which
    APScheduler goes by. monotonic_s: what nobody can set."""

    now: datetime
    machine: datetime
    monotonic_s: float

    def jumped_since(self, earlier: "Reading") -> timedelta:
        """How far our wall clock ran away from the time that passed; zero for what is no jump."""
        moved = self.now - earlier.now - timedelta(seconds=self.monotonic_s - earlier.monotonic_s)
        return moved if abs(moved) > JUMP else timedelta()

    def machine_jumped_since(self, earlier: "Reading") -> timedelta:
        """The same of the machine's wall clock, however short."""
        return self.machine - earlier.machine - timedelta(seconds=self.monotonic_s - earlier.monotonic_s)


class Timetable:
    """Wakes at every turning point. Belongs to the running event loop."""

    def __init__(self, wake: Callable[[str], None]) -> None:
        """wake: called with the turning point's name, in the event loop."""
        self._wake = wake
        self._scheduler = AsyncIOScheduler(timezone=UTC)
        self._laid: tuple[int, Reading] | None = None

    def start(self) -> None:
        self._scheduler.start()

    def stop(self) -> None:
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)

    def is_outdated(self, revision: int, reading: Reading) -> bool:
        """Whether the jobs no longer stand for this revision of the rota and these clocks."""
        if self._laid is None:
            return True
        laid_revision, laid_at = self._laid
        aged = abs(reading.now - laid_at.now) >= AGAIN
        return revision != laid_revision or aged or bool(reading.jumped_since(laid_at))

    def lay_down(self, plan: Plan, revision: int, reading: Reading) -> int:
        """Replace all jobs by the turning points of this plan, seen from now; gives how many."""
        self._scheduler.remove_all_jobs()
        points = turning_points(plan, reading.now)
        for name, at in points.items():
            self._scheduler.add_job(
                self._wake,
                DateTrigger(reading.machine + (at - reading.now)),
                args=[name],
                id=name,
                # Late is better than never: the default would drop a handoff that is a second late.
                misfire_grace_time=None,
                coalesce=True,
            )
        self._laid = revision, reading
        return len(points)

    def jobs(self) -> dict[str, datetime]:
        """The jobs that stand: name → the machine's instant, for checks and tests."""
        return {job.id: job.trigger.run_date for job in self._scheduler.get_jobs()}
