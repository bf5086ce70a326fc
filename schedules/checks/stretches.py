"""Stretches of time, [start, end) in aware UTC: cut, joined, taken away from one another. All lists ascend."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from schedules.office import open_spans
from schedules.on_duty import Span, spans
from schedules.problems import Stretch
from schedules.rota import Plan

# How far the warnings look (ROTA.md, "Checks").
LOOK_AHEAD = timedelta(weeks=8)


def closed(plan: Plan, start: datetime, end: datetime) -> list[Stretch]:
    """When the office is closed within [start, end)."""
    return without([(start, end)] if start < end else [], open_spans(plan, start, end))


def duties(plan: Plan, rota: str, start: datetime, end: datetime) -> list[Span]:
    """Who is on duty on a rota out of hours within [start, end); gaps are spans with nobody."""
    return cut(spans(plan, rota, start, end), closed(plan, start, end))


def cut(on: Sequence[Span], within: Sequence[Stretch]) -> list[Span]:
    """The parts of `on` inside the stretches `within`."""
    out: list[Span] = []
    place = 0
    for start, end in within:
        while place < len(on) and on[place].end <= start:
            place += 1
        each = place
        while each < len(on) and on[each].start < end:
            out.append(Span(max(start, on[each].start), min(end, on[each].end), on[each].who))
            each += 1
    return out


def overlaps(left: Sequence[Span], right: Sequence[Span]) -> Iterable[tuple[Stretch, frozenset[str], frozenset[str]]]:
    """Each stretch that two lists of spans share, with both their people."""
    i = j = 0
    while i < len(left) and j < len(right):
        start, end = max(left[i].start, right[j].start), min(left[i].end, right[j].end)
        if start < end:
            yield (start, end), left[i].who, right[j].who
        if left[i].end <= right[j].end:
            i += 1
        else:
            j += 1


def joined(stretches: Iterable[Stretch]) -> tuple[Stretch, ...]:
    """In order, with those that touch or overlap made one."""
    out: list[Stretch] = []
    for start, end in sorted(stretches):
        if out and start <= out[-1][1]:
            out[-1] = (out[-1][0], max(out[-1][1], end))
        else:
            out.append((start, end))
    return tuple(out)


def shared(left: Sequence[Stretch], right: Sequence[Stretch]) -> list[Stretch]:
    """What stands in both; neither overlaps itself."""
    out: list[Stretch] = []
    i = j = 0
    while i < len(left) and j < len(right):
        start, end = max(left[i][0], right[j][0]), min(left[i][1], right[j][1])
        if start < end:
            out.append((start, end))
        if left[i][1] <= right[j][1]:
            i += 1
        else:
            j += 1
    return out


def without(stretches: Sequence[Stretch], taken: Sequence[Stretch]) -> list[Stretch]:
    """What is left of `stretches` when `taken` is taken away; neither overlaps itself."""
    out: list[Stretch] = []
    place = 0
    for start, end in stretches:
        while place < len(taken) and taken[place][1] <= start:
            place += 1
        each, at = place, start
        while each < len(taken) and taken[each][0] < end:
            if at < taken[each][0]:
                out.append((at, taken[each][0]))
            at = max(at, taken[each][1])
            each += 1
        if at < end:
            out.append((at, end))
    return out


def length(stretches: Iterable[Stretch]) -> timedelta:
    """Elapsed time in all."""
    return sum((end - start for start, end in stretches), timedelta())


def hours(span: timedelta) -> str:
    """ "7.5 h"."""
    return f"{span / timedelta(hours=1):.1f}".removesuffix(".0") + " h"
