"""How much Telegram takes from one bot, as a switch: off, or realistic.

Telegram publishes no exact numbers ("avoid sending more than one message per second to a chat", "20 messages per minute
to the same group", "about 30 messages per second", core.telegram.org/bots/faq, checked 2026-11), so the bursts below
are assumptions: what bots get away with. Measured by the world's clock, which may stand still.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from bot.sandbox.telegram_limits import ApiRefusal


@dataclass(frozen=True, slots=True)
class Rates:
    """private: sends to one person. group: sends and edits in one group. overall: both, everywhere.

    Each is (how many, within how long).
    """

    private: tuple[int, timedelta] = (20, timedelta(seconds=20))
    group: tuple[int, timedelta] = (20, timedelta(minutes=1))
    overall: tuple[int, timedelta] = (30, timedelta(seconds=1))


REALISTIC = Rates()


class Flood:
    """The limits on sending. rates: None while they are off. `count` is called before each send or edit."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self.rates: Rates | None = None
        self._taken: dict[int, deque[datetime]] = {}

    def count(self, chat_id: int, number: int = 1, *, is_edit: bool = False) -> None:
        """Take this many messages to a chat into account.

        Raises: ApiRefusal 429 with `retry_after` when one limit would be broken; what is refused does not count.
        """
        if self.rates is None:
            return
        limits = [(0, self.rates.overall)]
        if chat_id < 0:
            limits.append((chat_id, self.rates.group))
        elif not is_edit:
            limits.append((chat_id, self.rates.private))
        wait = max(self._wait(key, number, limit) for key, limit in limits)
        if wait > timedelta():
            seconds = max(1, ceil(wait.total_seconds()))
            raise ApiRefusal(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)
        for key, _ in limits:
            self._taken.setdefault(key, deque()).extend([self._now()] * number)

    def _wait(self, key: int, number: int, limit: tuple[int, timedelta]) -> timedelta:
        """How long until this many fit, zero when they do now. An album bigger than the limit fits an empty window."""
        most, within = limit
        taken, now = self._taken.setdefault(key, deque()), self._now()
        while taken and not now - within < taken[0] <= now:
            taken.popleft()
        excess = len(taken) + number - most
        return timedelta() if excess <= 0 or not taken else taken[min(excess, len(taken)) - 1] + within - now
