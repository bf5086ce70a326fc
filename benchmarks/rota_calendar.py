"""The other way to keep a rota: an iCalendar, asked through `recurring-ical-events`, the usual library for that.

It is asked as well as one can: the parsed calendar is kept, and a question looks at the two days around its instant.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from icalendar import Calendar

# Asked to the second it loses the last hour of a weekend in autumn; a day more to either side and nothing is lost.
MARGIN = timedelta(days=1)


class Shift(NamedTuple):
    """One occurrence; of those that hold at an instant the highest rank is on duty."""

    start: datetime
    end: datetime
    rank: int
    person: str


class CalendarRota:
    """A parsed calendar."""

    def __init__(self, text: bytes) -> None:
        # Only the bench extra brings it.
        import recurring_ical_events

        self._query: Any = recurring_ical_events.of(Calendar.from_ical(text))

    def who(self, at: datetime) -> frozenset[str]:
        """Who is on duty at `at`; empty in a gap."""
        holding = [shift for shift in self._shifts(at - MARGIN, at + MARGIN) if shift.start <= at < shift.end]
        return frozenset({max(holding, key=lambda shift: shift.rank).person} if holding else ())

    def spans(self, start: datetime, end: datetime) -> list[tuple[datetime, frozenset[str]]]:
        """Who is on duty from `start` on, and from each change before `end` on."""
        shifts = sorted(self._shifts(start - MARGIN, end + MARGIN))
        cuts = {start} | {cut for shift in shifts for cut in (shift.start, shift.end) if start < cut < end}
        found: list[tuple[datetime, frozenset[str]]] = []
        holding: list[Shift] = []
        coming = 0
        for cut in sorted(cuts):
            while coming < len(shifts) and shifts[coming].start <= cut:
                holding.append(shifts[coming])
                coming += 1
            holding = [shift for shift in holding if cut < shift.end]
            who = frozenset({max(holding, key=lambda shift: shift.rank).person} if holding else ())
            if not found or found[-1][1] != who:
                found.append((cut, who))
        return found

    def _shifts(self, start: datetime, end: datetime) -> Iterator[Shift]:
        for event in self._query.between(start, end):
            # Two times of one zone are compared by the wall; as UTC they are instants.
            begins, ends = event["DTSTART"].dt.astimezone(UTC), event["DTEND"].dt.astimezone(UTC)
            yield Shift(begins, ends, int(event["X-RANK"]), str(event["SUMMARY"]))
