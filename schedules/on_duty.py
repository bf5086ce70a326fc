"""Who is on duty: the one question the whole house hangs on, asked of a plan and an instant.

A plan is compiled once (windows to instants, changes to turn numbers) and the compiled form lives as long as the plan.
Instants are integers in here (see walltime.py). Source: ROTA.md, "Who is on duty at instant t".
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from weakref import WeakKeyDictionary

from schedules.layer import CompiledLayer, compile_layer
from schedules.rota import Add, Drop, Given, Override, Plan, Put, Replace, Rota, Swap
from schedules.walltime import LAST_US, from_us, to_us

NOBODY: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Span:
    """These people are on duty throughout [start, end), aware UTC; an empty `who` is a gap."""

    start: datetime
    end: datetime
    who: frozenset[str]


@dataclass(frozen=True, slots=True)
class Handoff:
    """At `at` (aware UTC) duty passes from `before` to `after`, which differ; either may be nobody."""

    at: datetime
    before: frozenset[str]
    after: frozenset[str]


def who(plan: Plan, rota_name: str, at: datetime) -> frozenset[str]:
    """Who is on duty at `at`; empty in a gap of the rota.

    at: aware. Intervals are half-open: at the instant of a handoff the new person is on duty.
    Raises: KeyError for a rota the plan does not have.
    """
    return _compiled(plan, rota_name).who(to_us(at))


def spans(plan: Plan, rota_name: str, start: datetime, end: datetime) -> list[Span]:
    """Who is on duty in [start, end), cut at each change of people, equal neighbours merged, gaps as empty spans.

    Empty when `end` is not after `start`. Raises: KeyError for an unknown rota.
    """
    rota = _compiled(plan, rota_name)
    first, last = to_us(start), to_us(end)
    if first >= last:
        return []
    cuts = [(first, rota.who(first))]
    for instant in sorted(set(rota.edges(first, last))):
        if first < instant < last and (people := rota.who(instant)) != cuts[-1][1]:
            cuts.append((instant, people))
    ends = [instant for instant, _ in cuts[1:]] + [last]
    return [Span(from_us(a), from_us(b), people) for (a, people), b in zip(cuts, ends, strict=True)]


def next_handoff(plan: Plan, rota_name: str, after: datetime, within: timedelta) -> Handoff | None:
    """The first change of people later than `after`; None when there is none in [after, after + within).

    Raises: KeyError for an unknown rota.
    """
    rota = _compiled(plan, rota_name)
    first = to_us(after)
    last = min(first + within // timedelta(microseconds=1), LAST_US)
    before, step = rota.who(first), 8 * 24 * 3_600_000_000
    start = first
    while start < last:
        end = min(start + step, last)
        for instant in sorted(set(rota.edges(start, end))):
            if first < instant < end and (people := rota.who(instant)) != before:
                return Handoff(from_us(instant), before, people)
        # The edge at `end` itself belongs to the next stretch, and stretches grow so that empty years go by quickly.
        start, step = end, step * 2
    return None


# -- compiled --

_COMPILED: WeakKeyDictionary[Plan, dict[str, "_CompiledRota"]] = WeakKeyDictionary()


def _compiled(plan: Plan, rota_name: str) -> "_CompiledRota":
    rotas = _COMPILED.get(plan)
    if rotas is None:
        rotas = _COMPILED[plan] = {}
    found = rotas.get(rota_name)
    if found is None:
        found = rotas[rota_name] = _CompiledRota(plan, plan.rotas[rota_name])
    return found


class _CompiledRota:
    """A rota ready to be asked: layers by falling priority, overrides as integer intervals in file order."""

    def __init__(self, plan: Plan, rota: Rota) -> None:
        calendar = plan.holidays if rota.holidays is None else rota.holidays
        ranked = sorted(rota.layers, key=lambda layer: -layer.priority)
        # The compiled form must not hold the plan, or the weak reference to it would never die.
        self._layers: list[tuple[int, CompiledLayer]] = [
            (layer.priority, compile_layer(layer, calendar, plan.absences)) for layer in ranked
        ]
        self._moves: list[_Move] = []
        self._puts: list[_Fixed] = []
        self._adds: list[_Fixed] = []
        for override in rota.overrides:
            self._take(override)

    def _take(self, override: Override) -> None:
        match override:
            case Put():
                self._puts.append(_Fixed(to_us(override.start), to_us(override.end), override.people))
            case Add():
                self._adds.append(_Fixed(to_us(override.start), to_us(override.end), override.people))
            case Drop():
                self._moves.append(_Move((_Leave(*_stretch(override), override.person, None),)))
            case Replace():
                self._moves.append(_Move((_Leave(*_stretch(override), override.person, override.stand_in),)))
            case Swap() if not override.open:
                first, second = override.first, override.second
                there = _Leave(*_stretch(first), first.person, second.person)
                back = _Leave(*_stretch(second), second.person, first.person)
                self._moves.append(_Move((there, back)))

    def who(self, instant: int) -> frozenset[str]:
        people = NOBODY
        found_at: int | None = None
        for priority, layer in self._layers:
            if found_at is not None and priority != found_at:
                break
            if on := layer.who(instant):
                people, found_at = people | on, priority
        for move in self._moves:
            people = move.applied(people, instant)
        for put in reversed(self._puts):
            if put.start <= instant < put.end:
                people = put.people
                break
        for add in self._adds:
            if add.start <= instant < add.end:
                people = people | add.people
        return people

    def edges(self, start: int, end: int) -> Iterator[int]:
        """Every instant of [start, end) at which the answer may change, unordered, perhaps more than once."""
        for _, layer in self._layers:
            yield from layer.edges(start, end)
        for fixed in (*self._puts, *self._adds):
            yield from (edge for edge in (fixed.start, fixed.end) if start <= edge < end)
        for move in self._moves:
            for leave in move.leaves:
                yield from (edge for edge in (leave.start, leave.end) if start <= edge < end)


@dataclass(frozen=True, slots=True)
class _Fixed:
    start: int
    end: int
    people: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Leave:
    start: int
    end: int
    person: str
    stand_in: str | None


@dataclass(frozen=True, slots=True)
class _Move:
    """A person-for-person override. Both halves of a swap act at once: A and B trade places when both apply."""

    leaves: tuple[_Leave, ...]

    def applied(self, people: frozenset[str], instant: int) -> frozenset[str]:
        active = [each for each in self.leaves if each.start <= instant < each.end and each.person in people]
        if not active:
            return people
        return (people - {each.person for each in active}) | {each.stand_in for each in active if each.stand_in}


def _stretch(of: Replace | Drop | Given) -> tuple[int, int]:
    return to_us(of.start), to_us(of.end)


def merged(pieces: Iterable[Span]) -> list[Span]:
    """Neighbours with the same people joined; `pieces` ascending and without overlap."""
    out: list[Span] = []
    for piece in pieces:
        if out and out[-1].who == piece.who and out[-1].end == piece.start:
            out[-1] = Span(out[-1].start, piece.end, piece.who)
        else:
            out.append(piece)
    return out
