"""What went through the doors of this process since its start: requests, limits, and what X will ask for them.

Plain numbers in memory. The doors write them down, /metrics reads them, all in the one event loop; a restart begins
anew.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

POST_READ, USER_READ = 0.005, 0.010
"""Dollars for a resource that a read returns, once in a UTC day (X pricing, 2026-08-13; checked 2026-11).

Whether users that come along with a post are billed is not stated: they are counted, so the estimate is high rather
than low. "Owned reads" may cost a fifth.
"""
REPLY, POST_WITH_LINK, DELETION = 0.010, 0.200, 0.010
"""Dollars for a write, from the same page. A reply with a link is counted as a post with a link."""

_ID: Final = re.compile(r"(?<=[a-z]/)[0-9]+(?=/|$)")


@dataclass(frozen=True, slots=True)
class Budget:
    """What the rate headers of the last answer said. ends_at: when the window ends, aware; None when not told."""

    remaining: int
    ends_at: datetime | None = None


class Traffic:
    """Counts by door, endpoint, account and outcome; all four come from our own code and settings, so they are few.

    now: the clock, for the day of the bill.
    """

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self.x_requests: Counter[tuple[str, str, str]] = Counter()
        """By account, endpoint ("GET /2/users/:id/mentions") and outcome."""
        self.telegram_requests: Counter[tuple[str, str]] = Counter()
        """By method ("sendMessage") and outcome."""
        self.budgets: dict[tuple[str, str], Budget] = {}
        """By account and endpoint."""
        self._day: date | None = None
        self._dollars = 0.0
        self._billed: set[tuple[str, int]] = set()

    def x(
        self,
        account: str,
        method: str,
        route: str,
        status: int | None,
        remaining: int | None = None,
        ends_at: datetime | None = None,
    ) -> None:
        """One request to X. status: None when no answer came."""
        endpoint = f"{method} {_ID.sub(':id', route)}"
        self.x_requests[account, endpoint, outcome(status)] += 1
        if remaining is not None:
            self.budgets[account, endpoint] = Budget(remaining, ends_at)

    def telegram(self, method: str, status: int | None) -> None:
        """One request to Telegram. status: None when no answer came."""
        self.telegram_requests[method, outcome(status)] += 1

    def read(self, posts: Iterable[int] = (), users: Iterable[int] = ()) -> None:
        """What a read of X returned, by id; the same resource is billed once a day."""
        self._today()
        for kind, ids, dollars in (("post", posts, POST_READ), ("user", users, USER_READ)):
            new = {(kind, one) for one in ids} - self._billed
            self._billed |= new
            self._dollars += len(new) * dollars

    def wrote(self, *, with_link: bool) -> None:
        """A reply was posted (or may have been)."""
        self._today()
        self._dollars += POST_WITH_LINK if with_link else REPLY

    def deleted(self) -> None:
        self._today()
        self._dollars += DELETION

    def dollars_today(self) -> float:
        """What this process cost at X since midnight UTC, at the published prices."""
        self._today()
        return self._dollars

    def _today(self) -> None:
        if (today := self._now().date()) != self._day:
            self._day, self._dollars, self._billed = today, 0.0, set()


def outcome(status: int | None) -> str:
    """ok · rate_limited · refused (another 4xx) · server_error · no_answer: an HTTP status in five words."""
    if status is None:
        return "no_answer"
    if status == 429:
        return "rate_limited"
    if status < 400:
        return "ok"
    return "refused" if status < 500 else "server_error"
