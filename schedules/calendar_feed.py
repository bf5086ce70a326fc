"""A rota as the events of a calendar: a person's duties on every rota, or everybody's on one rota.

Pure: versions of the plan and a stretch of time in, events out; calendar_text.py writes them down. What a feed shows
of a duty depends on the duty alone, never on the day it is asked: whole duties, no matter where the horizon cuts, and
identities and numbers that stay, so that a feed is the same to the byte while nothing changes.

What a calendar sees of an edit: the identity (UID) of an event is its rota, its person and the instant it begins. A
duty that ends earlier or later, or has other people beside it, stays the event it is, under a higher SEQUENCE. One that
begins at another time, or is taken away, is gone, and another stands there: a feed is the whole truth, and what is not
in it does not happen. Source: RFC 5545 §3.8.4.7, §3.8.7.4; ROTA.md, "Time".
"""

import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from schedules.calendar_company import Company, Phrases, clean, name_of, names_of
from schedules.checks.stretches import without
from schedules.ladder import ladder_of_rota
from schedules.office import open_spans
from schedules.on_duty import NOBODY, Span, spans
from schedules.rota import Plan
from schedules.walltime import DAY_US, day_of, day_us, from_us, to_us, zone

# The month that is over stays until the next one is, for it has to be written down and paid.
WEEKS_BACK = 9
# A year from any day of this week: holidays are planned that far.
WEEKS_AHEAD = 54
# A duty without an end would be one event that never stands still: from a month on it is cut at the firsts of months.
LONG = timedelta(days=31)
# Looked at on both sides of the horizon, so that each event on it is seen whole (a long one, its month).
BEYOND = 2 * LONG
# Hourly turns would make ten thousand, of which no calendar shows any use; the nearest are kept.
EVENTS_MAX = 2000

_UIDS = uuid.UUID("8d1c6a0e-5a0f-4f5c-9d53-6f1f0f5a7e43")


@dataclass(frozen=True, slots=True)
class Feed:
    """Whose calendar: a person's, on every rota, or a rota's; the other of the two is "".

    home: where it is served; tells its events from those of another installation.
    """

    phrases: Phrases
    person: str = ""
    rota: str = ""
    home: str = ""

    def title(self, plan: Plan) -> str:
        """What the calendar is called."""
        if self.rota:
            return self.phrases.title_rota.format(rota=clean(self.rota))
        return self.phrases.title_person.format(name=name_of(plan, self.person))


@dataclass(frozen=True, slots=True)
class Horizon:
    """The stretch of time that a feed shows: what overlaps [start, end), aware UTC."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True, eq=False)
class Version:
    """One revision of the rota. duties: who is on, by rota, around the horizon."""

    number: int
    made_at: datetime
    plan: Plan
    duties: Mapping[str, Sequence[Span]]


@dataclass(frozen=True, slots=True)
class Entry:
    """One event. start, end: aware UTC, whole seconds. timezone: the zone of its wall times."""

    uid: str
    start: datetime
    end: datetime
    timezone: str
    summary: str
    description: str


@dataclass(frozen=True, slots=True)
class Marked:
    """An event, and the revision that made it what it is."""

    entry: Entry
    sequence: int
    changed_at: datetime


def horizon(timezone: str, now: datetime) -> Horizon:
    """From 9 weeks before this week's Monday to 54 weeks after it, at midnight in that zone: the same all week."""
    here = zone(timezone)
    today = day_of(here.wall(to_us(now)))
    monday = day_us(today - (today - 1) % 7)
    back, ahead = (here.instant(monday + weeks * 7 * DAY_US) for weeks in (-WEEKS_BACK, WEEKS_AHEAD))
    return Horizon(from_us(back), from_us(ahead))


def version(number: int, made_at: datetime, plan: Plan, shown: Horizon) -> Version:
    """A revision as `entries` wants it: every rota, around the horizon."""
    start, end = shown.start - BEYOND, shown.end + BEYOND
    return Version(number, made_at, plan, {rota: spans(plan, rota, start, end) for rota in plan.rotas})


def marked(feed: Feed, versions: Iterable[Version], shown: Horizon) -> list[Marked]:
    """The events of the newest version, by their beginning, each with the version that last changed it.

    versions: revisions in a row, oldest first, the last one in force. What none of them changed has the first one's
    number. At most EVENTS_MAX events, the earliest.
    """
    before: dict[str, Marked] = {}
    for one in versions:
        now: dict[str, Marked] = {}
        for entry in entries(feed, one, shown):
            old = before.get(entry.uid)
            same = old is not None and old.entry == entry
            now[entry.uid] = old if old is not None and same else Marked(entry, one.number, one.made_at)
        before = now
    ordered = sorted(before.values(), key=lambda each: (each.entry.start, each.entry.end, each.entry.uid))
    return ordered[:EVENTS_MAX]


def entries(feed: Feed, seen: Version, shown: Horizon) -> Iterator[Entry]:
    """The events of one version on the horizon, in no order; none for a person or rota that it does not know."""
    plan = seen.plan
    rotas = [feed.rota] if feed.rota else list(plan.rotas)
    for rota in rotas:
        if rota not in plan.rotas:
            continue
        company = Company(plan, rota, seen.duties, feed.phrases)
        found = _rota_stretches(seen, rota) if feed.rota else _own_stretches(seen, rota, feed.person)
        for start, end, who in found:
            for a, b in _by_months(start, end, plan.timezone):
                if b <= shown.start or a >= shown.end:
                    continue
                yield Entry(
                    str(uuid.uuid5(_UIDS, "\0".join((feed.home, feed.person, rota, a.isoformat())))),
                    a,
                    b,
                    plan.timezone,
                    _summary(feed, plan, rota, who),
                    company.about(a, b, but=feed.person),
                )


def _summary(feed: Feed, plan: Plan, rota: str, who: frozenset[str]) -> str:
    if not feed.rota:
        return feed.phrases.duty.format(rota=clean(rota))
    return names_of(plan, who) or feed.phrases.hole.format(rota=clean(rota))


# -- stretches of duty --

_Stretch = tuple[datetime, datetime, frozenset[str]]


def _own_stretches(seen: Version, rota: str, person: str) -> Iterator[_Stretch]:
    """From when to when this person is on, whoever else comes and goes."""
    who = frozenset({person})
    begun: datetime | None = None
    for span in seen.duties[rota]:
        if person in span.who:
            begun = begun or span.start
        elif begun is not None:
            yield from _whole(begun, span.start, who)
            begun = None
    if begun is not None:
        yield from _whole(begun, seen.duties[rota][-1].end, who)


def _rota_stretches(seen: Version, rota: str) -> Iterator[_Stretch]:
    """Every span of a rota; of its gaps those out of hours, and only when a ladder pages it: else nobody is missed."""
    pieces = seen.duties[rota]
    for span in pieces:
        if span.who:
            yield from _whole(span.start, span.end, span.who)
    if pieces and ladder_of_rota(seen.plan, rota) is not None:
        gaps = [(span.start, span.end) for span in pieces if not span.who]
        for start, end in without(gaps, open_spans(seen.plan, pieces[0].start, pieces[-1].end)):
            yield from _whole(start, end, NOBODY)


def _whole(start: datetime, end: datetime, who: frozenset[str]) -> Iterator[_Stretch]:
    """In whole seconds, as a calendar has them; nothing when it is over within one."""
    start, end = start.replace(microsecond=0), end.replace(microsecond=0)
    if start < end:
        yield start, end, who


def _by_months(start: datetime, end: datetime, timezone: str) -> Iterator[tuple[datetime, datetime]]:
    """The stretch in one piece; a long one cut at 00:00 on the first of each month, by the wall of that zone."""
    if end - start < LONG:
        yield start, end
        return
    here, at = zone(timezone), start
    while at < end:
        month = date.fromordinal(day_of(here.wall(to_us(at)))).replace(day=1)
        first = (month + LONG).replace(day=1)
        until = min(from_us(here.instant(day_us(first.toordinal()))), end)
        yield at, until
        at = until
