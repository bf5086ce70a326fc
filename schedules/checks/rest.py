"""Rest after call-outs: 11 consecutive hours after a duty and in every 24, 35 consecutive hours in 14 days.

Everything is counted in elapsed time: 22:00 to 09:00 is 10 h on the night the clocks go forward, 12 h when they go
back. Work is the office's hours (of everybody who is not away) and call-outs; stand-by without a call-out is rest.
Nobody is told of hours that are too short without any call-out: those are the office's business.
Source: ROTA.md, "Checks"; D.Lgs. 66/2003 art. 7 and 9; Circ. Min. Lavoro 8/2005 (the 24 h begin with the work);
Ministry of Labour, interpello 31/2007 (after a call-out the 11 h run anew). Checked 2026-11.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from schedules.call_outs import CallOut
from schedules.checks.holes import paged_rotas
from schedules.checks.stretches import hours, joined, without
from schedules.office import open_spans
from schedules.on_duty import spans
from schedules.problems import Finding, Stretch
from schedules.rota import Plan
from schedules.walltime import day_of, to_us, zone

DAILY_REST = timedelta(hours=11)
WEEKLY_REST = timedelta(hours=35)
WITHIN = timedelta(days=14)
DAY = timedelta(hours=24)
# Call-outs and work are needed from so long before `now`: a rest that began before the 14 days counts as a whole.
LOOK_BACK = WITHIN + timedelta(days=3)


def rest(plan: Plan, now: datetime, called: Mapping[str, Sequence[CallOut]]) -> list[Finding]:
    """Who had, or is about to have, too little rest as seen at `now`: findings "daily_rest" and "weekly_rest".

    called: everybody's call-outs since `now - LOOK_BACK`. The stretch of a "daily_rest" is the rest there was.
    """
    found: list[Finding] = []
    for person in plan.people:
        outs = [out for out in called.get(person, ()) if now - LOOK_BACK <= out.start <= now]
        if not outs:
            continue
        work = _office(plan, person, now - LOOK_BACK, now + DAY)
        short = _before_work(plan, person, now, outs, work)
        short += [each for each in _in_a_day(plan, person, now, outs, work) if not _touches(each, short)]
        found += sorted(short, key=lambda each: each.when)
        found += _weekly(plan, person, now, outs, work)
    return found


def _office(plan: Plan, person: str, start: datetime, end: datetime) -> list[Stretch]:
    """A person's ordinary work: the office's hours, but not when they are away or on holidays of their own."""
    away = joined((each.start, each.end) for each in plan.absences if each.person == person and each.start < each.end)
    own, here = plan.people[person].holidays, zone(plan.timezone)
    work = without(open_spans(plan, start, end), away)
    return [each for each in work if own is None or date.fromordinal(day_of(here.wall(to_us(each[0])))) not in own]


def _before_work(
    plan: Plan, person: str, now: datetime, outs: Sequence[CallOut], work: Sequence[Stretch]
) -> list[Finding]:
    """Less than 11 hours from the last call-out to the office's opening or to the beginning of the next duty."""
    begins = sorted({start for start, _ in work} | _duties_begin(plan, person, now - LOOK_BACK, now + DAY))
    found = []
    for out, later in zip(outs, [*outs[1:], None], strict=True):
        at = next((each for each in begins if each >= out.end), None)
        if at is None or (later is not None and later.start < at) or _is_in(out, work):
            continue
        free_since = max((end for _, end in work if end <= out.start), default=None)
        broken_by_it = free_since is None or at - free_since >= DAILY_REST
        if at - out.end < DAILY_REST and broken_by_it:
            found.append(_short(plan, person, (out.end, at), "after a call-out"))
    return found


def _duties_begin(plan: Plan, person: str, start: datetime, end: datetime) -> set[datetime]:
    on = joined(
        (span.start, span.end)
        for rota in paged_rotas(plan)
        for span in spans(plan, rota, start, end)
        if person in span.who
    )
    return {begin for begin, _ in on if begin > start}


def _in_a_day(
    plan: Plan, person: str, now: datetime, outs: Sequence[CallOut], office: Sequence[Stretch]
) -> list[Finding]:
    """24 hours from the beginning of work in which no rest of 11 hours began, because of call-outs.

    The rest runs anew after a call-out, so it is not asked to be over within the 24 hours.
    """
    work = _merged(office, outs)
    found: list[Finding] = []
    begin = work[0][0]
    while begin + DAY <= now:
        free = _free(work, begin, now)
        # What has lasted until now may yet become long enough.
        if rested := next((each for each in free if each[1] == now or each[1] - each[0] >= DAILY_REST), None):
            begin = next((start for start, _ in work if start >= max(rested[1], begin + DAILY_REST)), now)
            continue
        called = any(begin <= out.start < begin + DAY for out in outs)
        if called and any(end - start >= DAILY_REST for start, end in _free(office, begin, now)):
            longest = max(free, key=lambda each: each[1] - each[0], default=(begin, begin))
            found.append(_short(plan, person, longest, "in 24 hours with call-outs"))
        begin = next((start for start, _ in work if start >= begin + DAY), now)
    return found


def _free(work: Sequence[Stretch], begin: datetime, now: datetime) -> list[Stretch]:
    """The stretches without work that begin within 24 hours, as long as they last."""
    return [each for each in without([(begin, now)], work) if each[0] <= begin + DAY]


def _weekly(
    plan: Plan, person: str, now: datetime, outs: Sequence[CallOut], office: Sequence[Stretch]
) -> list[Finding]:
    """No 35 consecutive hours in the last 14 days, because of call-outs."""
    since = now - WITHIN
    if not any(out.start >= since for out in outs):
        return []

    def longest(work: Sequence[Stretch]) -> timedelta:
        # A rest that reaches into the 14 days counts as a whole.
        free = [each for each in without([(now - LOOK_BACK, now)], work) if each[1] > since]
        return max((end - start for start, end in free), default=timedelta())

    had = longest(_merged(office, outs))
    if had >= WEEKLY_REST or longest(office) < WEEKLY_REST:
        return []
    name = plan.people[person].name
    message = f"{name}: no 35 hours of rest in a row in 14 days with call-outs; the longest was {hours(had)}"
    return [Finding("weekly_rest", message, ((since, now),), (person,), amounts=(had,))]


def _short(plan: Plan, person: str, when: Stretch, where: str) -> Finding:
    had = when[1] - when[0]
    message = f"{plan.people[person].name}: {hours(had)} of rest in a row {where}, less than 11 h"
    return Finding("daily_rest", message, (when,), (person,), amounts=(had,))


def _merged(office: Sequence[Stretch], outs: Sequence[CallOut]) -> list[Stretch]:
    # A call-out of one instant cuts a rest in two as well.
    return list(joined([*office, *((out.start, out.end) for out in outs)]))


def _is_in(out: CallOut, work: Sequence[Stretch]) -> bool:
    return any(start <= out.start and out.end < end for start, end in work)


def _touches(finding: Finding, others: Sequence[Finding]) -> bool:
    """Whether a rest in a day is told already as one before work."""
    (start, end), *_ = finding.when
    return any(a - DAY < end and start < b + DAY for other in others for a, b in other.when)
