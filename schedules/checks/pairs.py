"""A backup that is none: the same person again, or a phone on the same network."""

from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import pairwise

from schedules.checks.stretches import duties, hours, joined, length, overlaps
from schedules.ladder import TargetKind
from schedules.problems import Finding, Stretch
from schedules.rota import Network, Plan

People = frozenset[str]


def same_person(plan: Plan, now: datetime, until: datetime) -> list[Finding]:
    """Two rotas of one ladder, the second of which adds nobody to the first, out of hours within [now, until)."""
    return [
        _finding("same_person", first, second, "adds nobody to {first}: {people} on both", cases, plan)
        for first, second in _pairs(plan)
        if (cases := list(_cases(plan, first, second, now, until, lambda who, backup: backup <= who)))
    ]


def same_network(plan: Plan, now: datetime, until: datetime) -> list[Finding]:
    """Two rotas of one ladder, all of whose phones are on our own network: when it is down nobody would be paged."""

    def all_own(who: People, backup: People) -> bool:
        return all(plan.people[person].network is Network.OWN for person in who | backup)

    words = "and {first} are both on our own network, which may be what is down: {people}"
    return [
        _finding("same_network", first, second, words, cases, plan)
        for first, second in _pairs(plan)
        if (cases := list(_cases(plan, first, second, now, until, all_own)))
    ]


def _pairs(plan: Plan) -> list[tuple[str, str]]:
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


def _cases(
    plan: Plan, first: str, second: str, now: datetime, until: datetime, odd: Callable[[People, People], bool]
) -> Iterator[tuple[Stretch, People]]:
    for when, who, backup in overlaps(duties(plan, first, now, until), duties(plan, second, now, until)):
        if who and backup and odd(who, backup):
            yield when, who | backup


def _finding(
    kind: str, first: str, second: str, words: str, cases: list[tuple[Stretch, People]], plan: Plan
) -> Finding:
    when = joined(stretch for stretch, _ in cases)
    involved = frozenset[str]().union(*(people for _, people in cases))
    people = tuple(person for person in plan.people if person in involved)
    names = ", ".join(plan.people[person].name for person in people)
    said = words.format(first=first, people=names)
    message = f"{second} {said}, for {hours(length(when))} in the next 8 weeks"
    return Finding(kind, message, when, people, (first, second))
