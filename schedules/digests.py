"""When the leads get their digests: what the coming week lacks, and what the last week was.

Absolute instants derived from the plan, like everything the timetable wakes for.
"""

from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from schedules.office import next_opening
from schedules.rota import Plan
from schedules.walltime import FIRST_DAY, HOUR_US, LAST_DAY, day_of, day_us, from_us, to_us, zone


class Digest(StrEnum):
    """AHEAD: Thursday at 10:00, when there is time left to fill a hole of the weekend.
    WEEK: at the office's first opening of the week; Monday 09:00 when there is none."""

    AHEAD = "ahead"
    WEEK = "week"


_AHEAD_DAY, _AHEAD_H, _WEEK_H = 3, 10, 9
WEEK = timedelta(days=7)


def last_digest(plan: Plan, digest: Digest, at: datetime) -> datetime:
    """The last instant at or before `at` (aware) at which this digest was due."""
    monday = _monday(plan, at)
    return next(due for due in (_due(plan, digest, monday - 7 * back) for back in range(3)) if due <= at)


def digests_between(plan: Plan, start: datetime, end: datetime) -> list[tuple[Digest, datetime]]:
    """Every digest due within (start, end], the earliest first."""
    first, last = _monday(plan, start), _monday(plan, end)
    found = [(digest, _due(plan, digest, monday)) for monday in range(first, last + 1, 7) for digest in Digest]
    return sorted(((digest, due) for digest, due in found if start < due <= end), key=lambda each: each[1])


def _monday(plan: Plan, at: datetime) -> int:
    today = date.fromordinal(day_of(zone(plan.timezone).wall(to_us(at))))
    return max(today.toordinal() - today.weekday(), FIRST_DAY)


def _due(plan: Plan, digest: Digest, monday: int) -> datetime:
    """The instant in the local week that begins on this day."""
    if monday < FIRST_DAY or monday + 7 > LAST_DAY:
        return datetime.min.replace(tzinfo=UTC) if monday < FIRST_DAY else datetime.max.replace(tzinfo=UTC)
    here = zone(plan.timezone)
    if digest is Digest.AHEAD:
        return from_us(here.instant(day_us(monday + _AHEAD_DAY) + _AHEAD_H * HOUR_US))
    begins, ends = (from_us(here.instant(day_us(day))) for day in (monday, monday + 7))
    opening = next_opening(plan, begins - timedelta.resolution)
    if opening is not None and opening < ends:
        return opening
    return from_us(here.instant(day_us(monday) + _WEEK_H * HOUR_US))
