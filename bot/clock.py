"""The only reader of the clock. Everybody else is told what time it is."""

import time
from datetime import UTC, datetime, timedelta


class Clock:
    """Wall time shifted by an offset, and monotonic time for durations.

    The offset serves rehearsals (NOW_OFFSET_S) and the demo's "move the clock forward"; `advance` never touches
    monotonic time, just as a person who sets a clock does not make time pass.
    """

    def __init__(self, offset: timedelta = timedelta()) -> None:
        self._offset = offset

    def now(self) -> datetime:
        """The instant, aware, UTC."""
        return datetime.now(UTC) + self._offset

    def monotonic(self) -> float:
        """Seconds from an arbitrary start; never goes back."""
        return time.monotonic()

    def advance(self, by: timedelta) -> None:
        """Move the wall clock; only the demo does."""
        self._offset += by


class HandClock(Clock):
    """A clock that stands still until it is moved by hand: for the stories in the tests and for simulations."""

    def __init__(self, start: datetime) -> None:
        super().__init__()
        self._now = start.astimezone(UTC)
        self._monotonic = 0.0

    def now(self) -> datetime:
        return self._now

    def monotonic(self) -> float:
        return self._monotonic

    def advance(self, by: timedelta) -> None:
        self._now += by
        self._monotonic += by.total_seconds()
