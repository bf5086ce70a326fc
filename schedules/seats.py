"""Whose turn it is: the order of the seats through all its changes, and who is away.

Instants are integers (walltime.py). Source: ROTA.md, "A layer" (order and changes) and "Absence".
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence

from schedules.rota import Absence, AbsenceMode, Layer, Seats
from schedules.stretches import Stretches
from schedules.walltime import to_us

NOBODY: frozenset[str] = frozenset()


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
        self,
        layer: Layer,
        absences: tuple[Absence, ...],
        turns_meeting: Callable[[int, int], Iterable[tuple[int, int]]],
    ) -> None:
        """turns_meeting(start, end): the turns whose duty time shares an instant with [start, end), as half-open ranges
        of their numbers; turns without any duty time may be among them, for nobody asks about these.
        """
        self._mode = layer.absence
        away = _away(layer, absences)
        if self._mode is AbsenceMode.NEXT_WHOLE_TURN:
            away = [(*turns, person) for start, end, person in away for turns in turns_meeting(start, end)]
        # By the turn's number when whole turns count, else by the instant.
        self._away = Stretches(away)

    def present(self, seats: Seats, place: int, turn: int, instant: int) -> frozenset[str]:
        """Who has `turn` at `instant` when its seat is the one at `place`; empty when nobody is there."""
        planned = seats[place]
        away = self._away.at(turn if self._mode is AbsenceMode.NEXT_WHOLE_TURN else instant)
        if not planned or not away:
            return planned
        here = planned.difference(away)
        if here or self._mode is AbsenceMode.GAP:
            return here
        for step in range(1, len(seats)):
            if instead := seats[(place + step) % len(seats)].difference(away):
                return instead
        return NOBODY

    def edges(self, start: int, end: int) -> Sequence[int]:
        """Every instant of [start, end) at which somebody leaves or is back, when whole turns do not count."""
        return () if self._mode is AbsenceMode.NEXT_WHOLE_TURN else self._away.edges(start, end)


def _away(layer: Layer, absences: tuple[Absence, ...]) -> list[tuple[int, int, str]]:
    if layer.absence is AbsenceMode.IGNORE:
        return []
    people = NOBODY.union(*layer.seats, *(seat for change in layer.changes for seat in change.seats))
    return [
        (to_us(each.start), to_us(each.end), each.person)
        for each in absences
        if each.person in people and each.start < each.end
    ]
