"""Clocks on the wall, walked minute by minute. Nothing in here turns local time into UTC, and nothing asks zoneinfo.

A walk begins where every clock's hand is known and counts minutes as they pass. Each clock goes on by one minute a
minute, save where somebody puts it forward or back; when that happens is written down by hand below.
Wall labels are minutes after 00:00 on 1 January 2026, as the clock shows them; `at` gives the count at which a label
comes up.
"""

from bisect import bisect_right
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

ORIGIN = datetime(2026, 1, 1)  # noqa: DTZ001 - a wall time
ORIGIN_WEEKDAY = 3  # a Thursday
DAY = 1440
MINUTE = timedelta(minutes=1)


def label(wall: datetime) -> int:
    """A naive wall time, in whole minutes."""
    minutes, rest = divmod(wall - ORIGIN, MINUTE)
    assert not rest, "the walk takes whole minutes"
    return minutes


@dataclass(frozen=True)
class Clock:
    """A zone's clock. ahead: minutes before Greenwich's when 2026 began. moved: each time it is put forward or back,
    what it showed at that moment, and what it shows then."""

    ahead: int
    moved: tuple[tuple[str, str], ...]


CLOCKS = {
    "UTC": Clock(0, ()),
    "Europe/Rome": Clock(
        60,
        (
            ("2026-03-29 02:00", "2026-03-29 03:00"),
            ("2026-10-25 03:00", "2026-10-25 02:00"),
            ("2027-03-28 02:00", "2027-03-28 03:00"),
            ("2027-10-31 03:00", "2027-10-31 02:00"),
            ("2028-03-26 02:00", "2028-03-26 03:00"),
            ("2028-10-29 03:00", "2028-10-29 02:00"),
        ),
    ),
    "Europe/Lisbon": Clock(
        0,
        (
            ("2026-03-29 01:00", "2026-03-29 02:00"),
            ("2026-10-25 02:00", "2026-10-25 01:00"),
            ("2027-03-28 01:00", "2027-03-28 02:00"),
            ("2027-10-31 02:00", "2027-10-31 01:00"),
            ("2028-03-26 01:00", "2028-03-26 02:00"),
            ("2028-10-29 02:00", "2028-10-29 01:00"),
        ),
    ),
    "America/New_York": Clock(
        -300,
        (
            ("2026-03-08 02:00", "2026-03-08 03:00"),
            ("2026-11-01 02:00", "2026-11-01 01:00"),
            ("2027-03-14 02:00", "2027-03-14 03:00"),
            ("2027-11-07 02:00", "2027-11-07 01:00"),
            ("2028-03-12 02:00", "2028-03-12 03:00"),
            ("2028-11-05 02:00", "2028-11-05 01:00"),
        ),
    ),
    # By half an hour, and summer is when Rome has winter.
    "Australia/Lord_Howe": Clock(
        660,
        (
            ("2026-04-05 02:00", "2026-04-05 01:30"),
            ("2026-10-04 02:00", "2026-10-04 02:30"),
            ("2027-04-04 02:00", "2027-04-04 01:30"),
            ("2027-10-03 02:00", "2027-10-03 02:30"),
            ("2028-04-02 02:00", "2028-04-02 01:30"),
            ("2028-10-01 02:00", "2028-10-01 02:30"),
        ),
    ),
    # At midnight: one Sunday has no 00:00, one Saturday has two hours from 23:00.
    "America/Santiago": Clock(
        -180,
        (
            ("2026-04-05 00:00", "2026-04-04 23:00"),
            ("2026-09-06 00:00", "2026-09-06 01:00"),
            ("2027-04-04 00:00", "2027-04-03 23:00"),
            ("2027-09-05 00:00", "2027-09-05 01:00"),
            ("2028-04-02 00:00", "2028-04-01 23:00"),
            ("2028-09-03 00:00", "2028-09-03 01:00"),
        ),
    ),
}


class Walk:
    """One clock from a minute of Greenwich's on, for so many minutes."""

    def __init__(self, zone: str, begin: datetime, minutes: int) -> None:
        clock = CLOCKS[zone]
        moves = [tuple(label(datetime.fromisoformat(text)) for text in move) for move in clock.moved]
        # Walks begin some days away from every move, so that the date says which of them are over.
        hand = label(begin) + clock.ahead
        assert all(abs(hand - before) > 2 * DAY for before, _ in moves), "begin the walk elsewhere"
        hand += sum(after - before for before, after in moves if before < hand)
        to_come = {before: after for before, after in moves if before > hand}

        self.shown: list[int] = []
        """What the clock shows at each minute of the walk."""
        self._first: dict[int, int] = {}
        for passed in range(minutes):
            if hand in to_come:
                after = to_come.pop(hand)
                # What is skipped is read on a clock that nobody has put forward: it still goes on past the gap.
                for skipped in range(hand, after):
                    self._first[skipped] = passed + skipped - hand
                hand = after
            self._first.setdefault(hand, passed)
            self.shown.append(hand)
            hand += 1

    def at(self, wall: int) -> int:
        """How many minutes have passed when the clock first shows `wall`; outside the walk, as if no clock moved."""
        if wall < self.shown[0]:
            return wall - self.shown[0]
        if wall in self._first:
            return self._first[wall]
        assert wall > self.shown[-1]
        return len(self.shown) + wall - self.shown[-1] - 1

    def shows(self, passed: int) -> int:
        """What the clock shows when so many minutes have passed, also outside the walk."""
        if passed < 0:
            return self.shown[0] + passed
        if passed < len(self.shown):
            return self.shown[passed]
        return self.shown[-1] + passed - len(self.shown) + 1


@lru_cache(maxsize=40)
def walk(zone: str, begin: datetime, minutes: int) -> Walk:
    """The walk of that clock; begin: Greenwich time, naive."""
    return Walk(zone, begin, minutes)


def latest(begun: list[int], passed: int) -> int:
    """Which of the ascending minutes `begun` is the last at or before `passed`; -1 for none."""
    return bisect_right(begun, passed) - 1
