"""The rendered rota: sorted instants and the people from each of them on, searched by halves.

A first question is worked out; a stretch of time that is asked about again and again is rendered once. So a tick that
asks about this instant and a command that asks about ten thousand both get what is quickest for them. What is kept is
bounded, whatever is asked and however often the rota changes; what was dropped is rendered anew.
Instants are integers (walltime.py).
"""

from bisect import bisect_right
from collections.abc import Iterator
from threading import Lock

from schedules.compiled_rota import CompiledRota, Rendered
from schedules.walltime import DAY_US, FIRST_US, LAST_US

# A block is 2^41 µs, that is 25 days and 11 hours: rendered in about a millisecond, so nobody waits for it.
_BLOCK_BITS = 41
# After so many questions about one block rendering it has cost less than working out the next ones.
_ASKED_MAX = 16
# Four years; and the room for one that changes all the time (some 100 bytes a piece).
_BLOCKS_KEPT = 64
_PIECES_KEPT = 50_000
# Counters of questions, far apart from each other if they are so many.
_COUNTERS_KEPT = 1_000

# Every aware datetime lies within a day of the years 1 to 9999 in UTC.
_FIRST, _LAST = FIRST_US - DAY_US, LAST_US + DAY_US


class Timeline:
    """One rota's answers. Threads may share it: at worst two render the same block."""

    def __init__(self, rota: CompiledRota) -> None:
        self._rota = rota
        self._blocks: dict[int, Rendered] = {}
        self._pieces = 0
        self._asked: dict[int, int] = {}
        self._keeping = Lock()

    def who(self, instant: int) -> frozenset[str]:
        """Who is on duty at `instant`."""
        block = self._blocks.get(instant >> _BLOCK_BITS)
        if block is not None:
            return block.people[bisect_right(block.instants, instant) - 1]
        number = instant >> _BLOCK_BITS
        asked = self._asked.get(number, 0) + 1
        if asked > _ASKED_MAX:
            block = self._block(number)
            return block.people[bisect_right(block.instants, instant) - 1]
        if len(self._asked) >= _COUNTERS_KEPT:
            self._asked.clear()
        self._asked[number] = asked
        return self._rota.who(instant)

    def kept(self) -> tuple[int, int, int]:
        """How much there is: rendered blocks, pieces in them, counters of questions about others."""
        return len(self._blocks), self._pieces, len(self._asked)

    def changes(self, start: int, end: int) -> Iterator[tuple[int, frozenset[str]]]:
        """`start` with its people, and each later instant before `end` with others than before; start < end.

        Rendered as it is asked for: whoever stops at the first change has paid for no more than its block.
        """
        was: frozenset[str] | None = None
        for rendered in self._stretches(start, end):
            first = max(bisect_right(rendered.instants, start) - 1, 0)
            for place in range(first, len(rendered.instants)):
                if rendered.instants[place] >= end:
                    return
                if rendered.people[place] != was:
                    was = rendered.people[place]
                    yield max(rendered.instants[place], start), was

    def _stretches(self, start: int, end: int) -> Iterator[Rendered]:
        """What covers [start, end): blocks, and behind as many as half of what is kept, stretches that are not kept."""
        number, last = start >> _BLOCK_BITS, (end - 1) >> _BLOCK_BITS
        near = min(last, number + _BLOCKS_KEPT // 2)
        for each in range(number, near + 1):
            yield self._blocks.get(each) or self._block(each)
        at = (near + 1) << _BLOCK_BITS
        while at < end:
            stop = min(at + (_BLOCKS_KEPT // 2 << _BLOCK_BITS), end)
            yield self._rota.render(at, stop)
            at = stop

    def _block(self, number: int) -> Rendered:
        """Rendered and kept; the oldest are dropped for it."""
        start, end = number << _BLOCK_BITS, (number + 1) << _BLOCK_BITS
        block = self._rota.render(max(start, _FIRST), min(end, _LAST))
        with self._keeping:
            self._asked.pop(number, None)
            if number not in self._blocks:
                self._blocks[number] = block
                self._pieces += len(block.instants)
            while len(self._blocks) > _BLOCKS_KEPT or (self._pieces > _PIECES_KEPT and len(self._blocks) > 1):
                oldest = self._blocks.pop(next(iter(self._blocks)))
                self._pieces -= len(oldest.instants)
        return block
