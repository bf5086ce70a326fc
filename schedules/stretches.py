"""Which of many stretches of time hold at an instant, without looking at all of them.

A tree over the instants at which stretches begin and end: each stretch lies on a few nodes, an instant's own are those
on the way from its leaf to the root. n stretches take O(n log n) room, a question O(log n) and what it finds.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from typing import Generic, TypeVar

T = TypeVar("T")


class Stretches(Generic[T]):
    """Values, each with a half-open stretch [start, end) in microseconds; an empty or negative stretch never holds."""

    __slots__ = ("_edges", "_leaves", "_nodes", "_values")

    def __init__(self, given: Iterable[tuple[int, int, T]]) -> None:
        kept = [each for each in given if each[0] < each[1]]
        self._values = [value for _, _, value in kept]
        self._edges = sorted({edge for start, end, _ in kept for edge in (start, end)})
        self._leaves = max(len(self._edges) - 1, 0)
        self._nodes: list[tuple[int, ...]] = [()] * (2 * self._leaves)
        place_of = {edge: place for place, edge in enumerate(self._edges)}
        for number, (start, end, _) in enumerate(kept):
            self._lay(number, place_of[start] + self._leaves, place_of[end] + self._leaves)

    def _lay(self, number: int, left: int, right: int) -> None:
        """On the fewest nodes that make up the leaves [left, right)."""
        while left < right:
            if left & 1:
                self._nodes[left] += (number,)
                left += 1
            if right & 1:
                right -= 1
                self._nodes[right] += (number,)
            left >>= 1
            right >>= 1

    def at(self, instant: int) -> list[T]:
        """What holds at `instant`, in the order given."""
        leaf = bisect_right(self._edges, instant) - 1
        if not 0 <= leaf < self._leaves:
            return []
        nodes, node = self._nodes, leaf + self._leaves
        found: tuple[int, ...] = ()
        while node:
            if here := nodes[node]:
                found += here
            node >>= 1
        return [self._values[number] for number in sorted(found)] if found else []

    def edges(self, start: int, end: int) -> Sequence[int]:
        """The instants of [start, end) at which something begins or ends, ascending."""
        return self._edges[bisect_left(self._edges, start) : bisect_left(self._edges, end)]
