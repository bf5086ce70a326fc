"""What is odd about a rota: warnings with dates and people, which never stop anything.

Everything here is seen from `now` and needs no database. Source: ROTA.md, "Checks".
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from itertools import pairwise

from schedules.ladder import TargetKind
from schedules.load import Load, load
from schedules.office import open_spans
from schedules.on_duty import Span, spans
from schedules.problems import Finding
from schedules.rota import Network, Plan
from schedules.walltime import day_of, day_us, from_us, to_us, zone

LOOK_AHEAD = timedelta(weeks=8)
LOAD_AHEAD = timedelta(weeks=52)

# Loads differ by a turn or two in any year; only more than this, and more than a quarter of the mean, is worth a word.
_WEEKEND_SPREAD = timedelta(hours=48)
_NIGHT_SPREAD = timedelta(hours=56)
_HOLIDAY_SPREAD = timedelta(hours=24)
_SPREAD_SHARE = 0.25

Stretch = tuple[datetime, datetime]


def findings(plan: Plan, now: datetime) -> list[Finding]:
    """All warnings about a plan as seen at `now` (aware), the gravest kinds first.

    Only rotas that some ladder pages are looked at: nobody is missed on the others.
    """
    until = now + LOOK_AHEAD
    closed = _closed_spans(plan, now, until)
    paged = paged_rotas(plan)
    duties = {rota: _cut(spans(plan, rota, now, until), closed) for rota in paged}
    found: list[Finding] = []
    for rota in paged:
        found += _gaps(rota, duties[rota])
    for first, second in _rota_pairs(plan):
        found += _pair(plan, first, second, duties[first], duties[second])
    for rota in paged:
        found += _weekends_in_a_row(plan, rota, now, until)
        found += _unequal_load(plan, rota, now)
    return found + _lonely_lines(plan)


def paged_rotas(plan: Plan) -> list[str]:
    """The rotas that some ladder pages, in the file's order: nobody is missed on the others."""
    named = {
        target.name
        for escalation in plan.escalations.values()
        for step in escalation.steps
        for target in step.page
        if target.kind is TargetKind.ROTA
    }
    return [rota for rota in plan.rotas if rota in named]


def _rota_pairs(plan: Plan) -> list[tuple[str, str]]:
    """The rotas that follow one another in some ladder: the second is the first one's backup."""
    pairs: dict[tuple[str, str], None] = {}
    for escalation in plan.escalations.values():
        order: dict[str, None] = {}
        for step in escalation.steps:
            order.update({target.name: None for target in step.page if target.kind is TargetKind.ROTA})
        for first, second in pairwise(order):
            if (second, first) not in pairs:
                pairs[first, second] = None
    return list(pairs)


# -- stretches --


def _closed_spans(plan: Plan, start: datetime, end: datetime) -> list[Stretch]:
    closed: list[Stretch] = []
    at = start
    for opens, closes in open_spans(plan, start, end):
        if at < opens:
            closed.append((at, opens))
        at = closes
    if at < end:
        closed.append((at, end))
    return closed


def _cut(duties: Sequence[Span], within: Sequence[Stretch]) -> list[Span]:
    """The parts of `duties` inside the stretches `within`; both ascending."""
    out: list[Span] = []
    place = 0
    for start, end in within:
        while place < len(duties) and duties[place].end <= start:
            place += 1
        each = place
        while each < len(duties) and duties[each].start < end:
            out.append(Span(max(start, duties[each].start), min(end, duties[each].end), duties[each].who))
            each += 1
    return out


def _joined(stretches: Iterable[Stretch]) -> tuple[Stretch, ...]:
    out: list[Stretch] = []
    for start, end in stretches:
        if out and out[-1][1] == start:
            out[-1] = (out[-1][0], end)
        else:
            out.append((start, end))
    return tuple(out)


def _hours(stretches: Iterable[Stretch]) -> str:
    hours = sum((end - start for start, end in stretches), timedelta()) / timedelta(hours=1)
    return f"{hours:.1f}".removesuffix(".0") + " h"


# -- the warnings --


def _gaps(rota: str, duties: Sequence[Span]) -> list[Finding]:
    gaps = _joined((span.start, span.end) for span in duties if not span.who)
    if not gaps:
        return []
    if all(not span.who for span in duties):
        message = f"{rota}: nobody is on duty at all out of hours in the next 8 weeks"
    else:
        message = f"{rota}: nobody is on duty out of hours for {_hours(gaps)} in the next 8 weeks"
    return [Finding("gap", message, gaps)]


def _pair(plan: Plan, first: str, second: str, on_first: Sequence[Span], on_second: Sequence[Span]) -> list[Finding]:
    same: list[tuple[Stretch, frozenset[str]]] = []
    own: list[tuple[Stretch, frozenset[str]]] = []
    for start, end, who, backup in _overlaps(on_first, on_second):
        if not who or not backup:
            continue
        if backup <= who:
            same.append(((start, end), who))
        if all(plan.people[person].network is Network.OWN for person in who | backup):
            own.append(((start, end), who | backup))
    found = []
    for kind, cases, message in (
        ("same_person", same, f"{second} adds nobody to {first}, they are the same people"),
        ("same_network", own, f"{first} and {second} are both on our own network, which may be what is down"),
    ):
        if cases:
            when = _joined(stretch for stretch, _ in cases)
            people = tuple(sorted(frozenset().union(*(who for _, who in cases))))
            found.append(Finding(kind, f"{message} for {_hours(when)} in the next 8 weeks", when, people))
    return found


def _overlaps(
    left: Sequence[Span], right: Sequence[Span]
) -> Iterable[tuple[datetime, datetime, frozenset[str], frozenset[str]]]:
    i = j = 0
    while i < len(left) and j < len(right):
        start, end = max(left[i].start, right[j].start), min(left[i].end, right[j].end)
        if start < end:
            yield start, end, left[i].who, right[j].who
        if left[i].end <= right[j].end:
            i += 1
        else:
            j += 1


def _weekends_in_a_row(plan: Plan, rota: str, now: datetime, until: datetime) -> list[Finding]:
    here = zone(plan.timezone)
    monday = date.fromordinal(day_of(here.wall(to_us(now))))
    saturday = monday.toordinal() + (5 - monday.weekday())
    weekends: list[tuple[Stretch, frozenset[str]]] = []
    while (start := from_us(here.instant(day_us(saturday)))) < until:
        end = from_us(here.instant(day_us(saturday + 2)))
        on = spans(plan, rota, max(start, now), end) if now < end else []
        weekends.append(((start, end), frozenset[str]().union(*(span.who for span in on))))
        saturday += 7
    rows: dict[str, list[Stretch]] = {}
    for (one, on_one), (two, on_two) in pairwise(weekends):
        for person in on_one & on_two:
            when = rows.setdefault(person, [])
            when += [stretch for stretch in (one, two) if stretch not in when]
    return [
        Finding(
            "weekends_in_a_row", f"{rota}: {plan.people[person].name} has two weekends in a row", tuple(when), (person,)
        )
        for person, when in sorted(rows.items())
    ]


def _unequal_load(plan: Plan, rota: str, now: datetime) -> list[Finding]:
    until = now + LOAD_AHEAD
    turning = frozenset[str]().union(
        *(seat for layer in plan.rotas[rota].layers for seat in layer.seats),
        *(seat for layer in plan.rotas[rota].layers for change in layer.changes for seat in change.seats),
    )
    if len(turning) < 2:
        return []
    loads = {person: each for person, each in load(plan, rota, now, until).items() if person in turning}
    found = []
    for kind, least in (("weekends", _WEEKEND_SPREAD), ("nights", _NIGHT_SPREAD), ("holidays", _HOLIDAY_SPREAD)):
        shares = {person: _part(each, kind) for person, each in loads.items()}
        if uneven := _uneven(shares, least):
            most, fewest = (f"{plan.people[person].name} {_in_hours(shares[person])}" for person in uneven)
            message = f"{rota}: unequal {kind} in the next 52 weeks: {most}, {fewest}"
            found.append(Finding("unequal_load", message, ((now, until),), uneven))
    return found


def _part(each: Load, kind: str) -> timedelta:
    return {"weekends": each.weekend, "nights": each.night, "holidays": each.holiday}[kind]


def _uneven(shares: dict[str, timedelta], least: timedelta) -> tuple[str, str] | None:
    """Who has most and who has fewest, when they lie too far apart."""
    most, fewest = max(shares, key=lambda person: shares[person]), min(shares, key=lambda person: shares[person])
    spread = shares[most] - shares[fewest]
    mean = sum(shares.values(), timedelta()) / len(shares)
    return (most, fewest) if spread > least and spread > mean * _SPREAD_SHARE else None


def _in_hours(length: timedelta) -> str:
    return f"{length / timedelta(hours=1):.0f} h"


def _lonely_lines(plan: Plan) -> list[Finding]:
    """Lines that a single person says they know. People who list no lines say nothing about any."""
    found = []
    for line in plan.lines.values():
        knowing = sorted(person.id for person in plan.people.values() if line.id in person.lines)
        if len(knowing) == 1:
            message = f"line {line.id} ({line.title}): only {plan.people[knowing[0]].name} knows it"
            found.append(Finding("lonely_line", message, (), (knowing[0],)))
    return found
