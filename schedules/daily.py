"""When the day's housekeeping is done: at half past four on the wall, when the least is going on.

No clock change of any zone we know falls there. Absolute instants derived from the plan's zone, like everything the
timetable wakes for.
"""

from datetime import datetime

from schedules.rota import Plan
from schedules.walltime import HOUR_US, day_of, day_us, from_us, to_us, zone

_AT_US = 4 * HOUR_US + HOUR_US // 2


def last_daily(plan: Plan, at: datetime) -> datetime:
    """The last such instant at or before `at` (aware)."""
    today = _local_day(plan, at)
    return next(due for back in range(3) if (due := _due(plan, today - back)) <= at)


def dailies_between(plan: Plan, start: datetime, end: datetime) -> list[datetime]:
    """Every such instant within (start, end], the earliest first."""
    days = range(_local_day(plan, start), _local_day(plan, end) + 1)
    return [due for day in days if start < (due := _due(plan, day)) <= end]


def _local_day(plan: Plan, at: datetime) -> int:
    return day_of(zone(plan.timezone).wall(to_us(at)))


def _due(plan: Plan, day: int) -> datetime:
    return from_us(zone(plan.timezone).instant(day_us(day) + _AT_US))
