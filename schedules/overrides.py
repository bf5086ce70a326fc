"""What the overrides of a rota make of the people its layers give.

Instants are integers (walltime.py). Source: ROTA.md, "Who is on duty at instant t", 2 to 4.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from schedules.rota import Add, Drop, Given, Override, Put, Replace, Swap
from schedules.stretches import Stretches
from schedules.walltime import to_us


@dataclass(frozen=True, slots=True)
class _Leave:
    """`person` is off, `stand_in` (None for nobody) is on. Both leaves of a swap have the number of their override."""

    number: int
    person: str
    stand_in: str | None


@dataclass(frozen=True, slots=True)
class _Put:
    people: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Add:
    people: frozenset[str]


class Overrides:
    """A rota's overrides, found by the instant at which they hold."""

    def __init__(self, made: tuple[Override, ...]) -> None:
        self._at: Stretches[_Leave | _Put | _Add] = Stretches(
            each for number, override in enumerate(made) for each in _effects(number, override)
        )

    def applied(self, people: frozenset[str], instant: int) -> frozenset[str]:
        """Who is on duty at `instant` when the layers give `people`."""
        holding = self._at.at(instant)
        if not holding:
            return people
        put = next((each for each in reversed(holding) if isinstance(each, _Put)), None)
        if put is not None:
            people = put.people
        else:
            people = _replaced(people, [each for each in holding if isinstance(each, _Leave)])
        for each in holding:
            if isinstance(each, _Add):
                people = people | each.people
        return people

    def edges(self, start: int, end: int) -> Sequence[int]:
        """Every instant of [start, end) at which an override begins or ends, ascending."""
        return self._at.edges(start, end)


def _replaced(people: frozenset[str], leaves: list[_Leave]) -> frozenset[str]:
    """One override after the other; both halves of a swap at once: they trade places when both hold."""
    for _, together in groupby(leaves, key=lambda leave: leave.number):
        active = [leave for leave in together if leave.person in people]
        if active:
            gone = {leave.person for leave in active}
            people = (people - gone) | {leave.stand_in for leave in active if leave.stand_in}
    return people


def _effects(number: int, override: Override) -> Iterator[tuple[int, int, _Leave | _Put | _Add]]:
    match override:
        case Put():
            yield *_stretch(override), _Put(override.people)
        case Add():
            yield *_stretch(override), _Add(override.people)
        case Drop():
            yield *_stretch(override), _Leave(number, override.person, None)
        case Replace():
            yield *_stretch(override), _Leave(number, override.person, override.stand_in)
        case Swap() if not override.open:
            first, second = override.first, override.second
            yield *_stretch(first), _Leave(number, first.person, second.person)
            yield *_stretch(second), _Leave(number, second.person, first.person)


def _stretch(of: Put | Add | Drop | Replace | Given) -> tuple[int, int]:
    return to_us(of.start), to_us(of.end)
