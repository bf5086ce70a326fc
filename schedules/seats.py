"""Whose turn it is: the order of the seats through all its changes, and who is away.

Instants are integers (walltime.py). Source: ROTA.md, "A layer" (order and changes) and "Absence".
"""

from bisect import bisect_right
from collections.abc import Callable, Sequence

from schedules.rota import Absence, AbsenceMode, Layer, Seats
from schedules.stretches import Stretches
from schedules.walltime import to_us

NOBODY: frozenset[str] = frozenset()

# How many turns' absentees are kept at a time; they are made anew when asked for again.
_TURNS_KEPT = 20_000


class Order:
    """Which seat has which turn, through all changes of the order."""

    def __init__(self, layer: Layer, running: Callable[[int], int]) -> None:
        """running: which turn runs at an instant, that is the last begun at or before it (0 before the first)."""
        self._first = layer.seats
        changes = sorted(layer.changes, key=lambda change: change.at.instant)
        self.instants = [to_us(change.at.instant) for change in changes]
        # With each order how far its holder's place is ahead of the number of the turn.
        self._orders: list[tuple[Seats, int]] = []
        for change, instant in zip(changes, self.instants, strict=True):
            holder = next(place for place, seat in enumerate(change.seats) if change.holder in seat)
            self._orders.append((change.seats, holder - running(instant)))

    def at(self, instant: int, turn: int) -> tuple[Seats, int]:
        """The seats in order as of `instant`, and the place of the one that has `turn`."""
        place = bisect_right(self.instants, instant) - 1 if self.instants else -1
        if place < 0:
            return self._first, turn % len(self._first)
        seats, ahead = self._orders[place]
        return seats, (turn + ahead) % len(seats)


class Absences:
    """When the people of one layer are away, as its `absence` asks; nobody ever is where it does not ask."""

    def __init__(
        self, layer: Layer, absences: tuple[Absence, ...], meets_duty: Callable[[int, int, int], bool]
    ) -> None:
        """meets_duty(turn, start, end): whether [start, end) shares an instant with the duty time of that turn."""
        self._mode = layer.absence
        self._meets_duty = meets_duty
        self._intervals = _away(layer, absences)
        self._at = Stretches((start, end, person) for person, away in self._intervals.items() for start, end in away)
        self._in_turn: dict[int, frozenset[str]] = {}

    def present(self, seats: Seats, place: int, turn: int, instant: int) -> frozenset[str]:
        """Who has `turn` at `instant` when its seat is the one at `place`; empty when nobody is there."""
        planned = seats[place]
        if not planned or not self._intervals or not (away := self._away(turn, instant)):
            return planned
        here = planned - away
        if here or self._mode is AbsenceMode.GAP:
            return here
        for step in range(1, len(seats)):
            if instead := seats[(place + step) % len(seats)] - away:
                return instead
        return NOBODY

    def edges(self, start: int, end: int) -> Sequence[int]:
        """Every instant of [start, end) at which somebody leaves or is back."""
        return self._at.edges(start, end)

    def _away(self, turn: int, instant: int) -> frozenset[str]:
        if self._mode is not AbsenceMode.NEXT_WHOLE_TURN:
            return frozenset(self._at.at(instant))
        away = self._in_turn.get(turn)
        if away is None:
            if len(self._in_turn) > _TURNS_KEPT:
                self._in_turn.clear()
            away = self._in_turn[turn] = frozenset(
                person
                for person, intervals in self._intervals.items()
                if any(self._meets_duty(turn, start, end) for start, end in intervals)
            )
        return away


def _away(layer: Layer, absences: tuple[Absence, ...]) -> dict[str, list[tuple[int, int]]]:
    if layer.absence is AbsenceMode.IGNORE:
        return {}
    people = NOBODY.union(*layer.seats, *(seat for change in layer.changes for seat in change.seats))
    intervals: dict[str, list[tuple[int, int]]] = {}
    for each in absences:
        if each.person in people and each.start < each.end:
            intervals.setdefault(each.person, []).append((to_us(each.start), to_us(each.end)))
    return intervals
