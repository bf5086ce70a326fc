"""A rota ready to be asked: its layers by falling priority and its overrides, for one instant or for a stretch of time.

What has been answered is not kept here (timeline.py does that), only what the layers need to count from.
Instants are integers (walltime.py). Source: ROTA.md, "Who is on duty at instant t".
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from schedules.layer import CompiledLayer, compile_layer
from schedules.overrides import Overrides
from schedules.rota import Plan, Rota
from schedules.seats import NOBODY


@dataclass(frozen=True, slots=True)
class Rendered:
    """people[i] are on duty from instants[i] to instants[i + 1]; instants ascend, neighbours differ in people."""

    instants: tuple[int, ...]
    people: tuple[frozenset[str], ...]


class CompiledRota:
    """One rota of a plan. It does not hold the plan: what is made of a plan must not keep it alive."""

    def __init__(self, plan: Plan, rota: Rota) -> None:
        calendar = plan.holidays if rota.holidays is None else rota.holidays
        ranked = sorted(rota.layers, key=lambda layer: -layer.priority)
        self._layers: list[CompiledLayer] = [compile_layer(layer, calendar, plan.absences) for layer in ranked]
        # The places in _layers of those of one priority, the highest first.
        self._ranks = [
            [place for place, _ in rank] for _, rank in groupby(enumerate(ranked), key=lambda each: each[1].priority)
        ]
        self._overrides = Overrides(rota.overrides)

    def who(self, instant: int) -> frozenset[str]:
        """Who is on duty at `instant`."""
        people = NOBODY
        for rank in self._ranks:
            for place in rank:
                if on := self._layers[place].who(instant):
                    people = people | on if people else on
            if people:
                break
        return self._overrides.applied(people, instant)

    def render(self, start: int, end: int) -> Rendered:
        """Who is on duty in [start, end), from `start` on; `start` must be earlier than `end`.

        Each layer is asked only where it may change itself, and what they say is laid over one another.
        """
        # (instant, place of the layer, its people); an override or the mere start changes no layer.
        events: list[tuple[int, int, frozenset[str]]] = [(start, -1, NOBODY)]
        events += ((edge, -1, NOBODY) for edge in self._overrides.edges(start, end))
        for place, layer in enumerate(self._layers):
            events += ((instant, place, people) for instant, people in _pieces(layer, start, end))
        events.sort(key=lambda event: event[0])
        instants: list[int] = []
        found: list[frozenset[str]] = []
        on = [NOBODY] * len(self._layers)
        for instant, together in groupby(events, key=lambda event: event[0]):
            for _, place, people in together:
                if place >= 0:
                    on[place] = people
            now = self._overrides.applied(self._highest(on), instant)
            if not found or found[-1] != now:
                instants.append(instant)
                found.append(now)
        return Rendered(tuple(instants), tuple(found))

    def _highest(self, on: Sequence[frozenset[str]]) -> frozenset[str]:
        """The people of the highest priority that has any, when on[place] are those of each layer."""
        for rank in self._ranks:
            people = NOBODY
            for place in rank:
                if on[place]:
                    people = people | on[place] if people else on[place]
            if people:
                return people
        return NOBODY


def _pieces(layer: CompiledLayer, start: int, end: int) -> Iterator[tuple[int, frozenset[str]]]:
    """What the layer says at `start`, and at each later instant before `end` at which it says something else."""
    was = layer.who(start)
    yield start, was
    for edge in sorted(set(layer.edges(start, end))):
        if edge != start and (now := layer.who(edge)) != was:
            yield edge, now
            was = now
