"""A feed as text: the events as RFC 5545 has them, with the zone that their wall times are read in.

The zone is written here and not by the library's `Timezone.from_tzinfo`, which puts the spring change an hour late
(icalendar 7.3.0: DTSTART is to be the wall time before the change, RFC 5545 §3.6.5), and by RRULE where the zone has a
rule, for there are calendars that read nothing else (MS-OXCICAL 2.1.3.1.1.19; checked 2026-11).
"""

from calendar import monthrange
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, Timezone, TimezoneDaylight, TimezoneStandard, vDuration

from schedules.calendar_feed import Horizon, Marked
from schedules.walltime import from_us, to_us, zone

PRODUCT = "-//Reperibile//Rota//EN"
# How often a calendar may come back; many come less often, whatever they are told.
REFRESH = timedelta(hours=1)

_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
# A rule is believed when it held for three years in a row.
_YEARS_SEEN = 3


def ics(title: str, timezone: str, events: Iterable[Marked], shown: Horizon) -> bytes:
    """The feed, UTF-8, lines folded and ended as RFC 5545 wants them; the same values give the same bytes.

    timezone: the zone of the calendar as a whole.
    """
    calendar = Calendar()
    calendar.add("PRODID", PRODUCT)
    calendar.add("VERSION", "2.0")
    calendar.add("CALSCALE", "GREGORIAN")
    calendar.add("NAME", title)
    calendar.add("X-WR-CALNAME", title)
    calendar.add("X-WR-TIMEZONE", timezone)
    calendar.add("REFRESH-INTERVAL", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("X-PUBLISHED-TTL", vDuration(REFRESH))
    found = list(events)
    for name in sorted({timezone, *(each.entry.timezone for each in found)} - _UTC_NAMES):
        calendar.add_component(_vtimezone(name, shown.start.year - 1, shown.end.year + 1))
    for each in found:
        calendar.add_component(_event(each))
    return bytes(calendar.to_ical(sorted=False))


def _event(marked: Marked) -> Event:
    entry = marked.entry
    event = Event()
    event.add("UID", entry.uid)
    event.add("DTSTAMP", marked.changed_at)
    event.add("LAST-MODIFIED", marked.changed_at)
    event.add("SEQUENCE", marked.sequence)
    event.add("DTSTART", _written(entry.start, entry.timezone))
    event.add("DTEND", _written(entry.end, entry.timezone))
    event.add("SUMMARY", entry.summary)
    if entry.description:
        event.add("DESCRIPTION", entry.description)
    # To be on call is not to be busy: nobody is to be refused an appointment for it.
    event.add("TRANSP", "TRANSPARENT")
    return event


# Written with a Z, which needs no definition.
_UTC_NAMES = frozenset({"UTC", "Etc/UTC", "Zulu", "Etc/Zulu", "UCT", "Etc/UCT", "Universal", "Etc/Universal"})


def _written(at: datetime, timezone: str) -> datetime:
    """The wall time, in its zone; in UTC where the wall time means another instant: the second of two."""
    here, instant = zone(timezone), to_us(at)
    wall = here.wall(instant)
    if timezone in _UTC_NAMES or here.instant(wall) != instant:
        return at
    return from_us(wall).replace(tzinfo=ZoneInfo(timezone))


# -- the zone --


@dataclass(frozen=True, slots=True)
class _Regime:
    """What a zone goes over to: the offsets before and after, its name, and whether it is summer time."""

    before: timedelta
    after: timedelta
    name: str
    summer: bool


@lru_cache(maxsize=16)
def _vtimezone(name: str, first_year: int, last_year: int) -> Timezone:
    """The zone from 1 January of the first year to the end of the last, in which it has the clock changes it has."""
    start = datetime(first_year, 1, 1, tzinfo=UTC)
    component = Timezone()
    component.add("TZID", name)
    at = start.astimezone(ZoneInfo(name))
    offset = at.utcoffset() or timedelta()
    first = _Regime(offset, offset, at.tzname() or "", bool(at.dst()))
    component.add_component(_observance(first, [at.replace(tzinfo=None)]))
    regimes: dict[_Regime, list[datetime]] = {}
    for regime, wall in _changes(name, start, datetime(last_year + 1, 1, 1, tzinfo=UTC)):
        regimes.setdefault(regime, []).append(wall)
    for regime, walls in regimes.items():
        component.add_component(_observance(regime, walls))
    return component


def _changes(name: str, start: datetime, end: datetime) -> Iterator[tuple[_Regime, datetime]]:
    """Every clock change, with what the wall showed just then, by the offset before it; found to the second."""
    info = ZoneInfo(name)

    def state(at: datetime) -> tuple[timedelta, str, bool]:
        local = at.astimezone(info)
        return local.utcoffset() or timedelta(), local.tzname() or "", bool(local.dst())

    at, was = start, state(start)
    while at < end:
        # No zone changes twice within a day and back again unseen: the shortest known summer times last weeks.
        after = at + timedelta(days=1)
        if (now := state(after)) != was:
            low, high = at, after
            while high - low > timedelta(seconds=1):
                middle = (low + (high - low) / 2).replace(microsecond=0)
                low, high = (middle, high) if state(middle) == was else (low, middle)
            yield _Regime(was[0], now[0], now[1], now[2]), (high + was[0]).replace(tzinfo=None)
            was = now
        at = after


def _observance(regime: _Regime, walls: list[datetime]) -> TimezoneStandard | TimezoneDaylight:
    part = TimezoneDaylight() if regime.summer else TimezoneStandard()
    part.add("DTSTART", walls[0])
    part.add("TZOFFSETFROM", regime.before)
    part.add("TZOFFSETTO", regime.after)
    part.add("TZNAME", regime.name)
    if (rule := _rule(walls)) is not None:
        part.add("RRULE", rule)
    elif len(walls) > 1:
        part.add("RDATE", walls[1:])
    return part


def _rule(walls: list[datetime]) -> dict[str, object] | None:
    """The yearly rule that these instants follow, such as the last Sunday of March; None when they follow none."""
    if len(walls) < _YEARS_SEEN or any(b.year - a.year != 1 for a, b in pairwise(walls)):
        return None
    if len({(wall.month, wall.weekday(), wall.time()) for wall in walls}) > 1:
        return None
    if all(wall.day + 7 > monthrange(wall.year, wall.month)[1] for wall in walls):
        place = -1
    elif len(places := {(wall.day - 1) // 7 + 1 for wall in walls}) == 1:
        (place,) = places
    else:
        return None
    return {"FREQ": "YEARLY", "BYMONTH": walls[0].month, "BYDAY": f"{place}{_WEEKDAYS[walls[0].weekday()]}"}
