"""What the service's requests would cost at X's published prices, day by day, and the credits that run down with them.

Prices in US dollars as docs.x.com published them (x-api/getting-started/pricing, 2026-08-13). A post or a user is
charged once per UTC day, however often it is read. Not published, hence assumed here: users in `includes` are charged
like any user; a reply to a mention that holds a link costs what a post with a link costs; uploads cost nothing.
"""

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any

PRICES_USD = {
    "post_read": 0.005,
    "owned_read": 0.001,
    "user_read": 0.010,
    "post": 0.015,
    "summoned_reply": 0.010,
    "post_with_link": 0.200,
    "delete": 0.010,
}
DAYS_KEPT = 90
_MICRO = 1_000_000


class Meter:
    """Counts what is charged, in millionths of a dollar. `changed` is called whenever something was.

    credits_usd: what is left of the prepaid credits, running down; None: the account never runs dry.
    bill_users: whether users in `includes` are charged; X does not say.
    """

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._credits: int | None = None
        self._days: dict[date, dict[str, int]] = {}
        self._charged: dict[date, set[tuple[str, int]]] = {}
        self.bill_users = True
        self.changed: list[Callable[[], None]] = []

    @property
    def credits_usd(self) -> float | None:
        return None if self._credits is None else self._credits / _MICRO

    @credits_usd.setter
    def credits_usd(self, dollars: float | None) -> None:
        self._credits = None if dollars is None else round(dollars * _MICRO)

    @property
    def is_spent(self) -> bool:
        """Whether X blocks every request until somebody pays."""
        return self._credits is not None and self._credits <= 0

    def read(self, posts: Iterable[int], users: Iterable[int] = (), *, owned: bool = False) -> None:
        """Charge the resources of an answer that were not charged yet today."""
        new_posts = self._new("post", posts)
        new_users = self._new("user", users if self.bill_users else ())
        self._charge({"owned_read" if owned else "post_read": new_posts, "user_read": new_users})

    def wrote(self, kind: str) -> None:
        """Charge one thing done: post, summoned_reply, post_with_link or delete."""
        self._charge({kind: 1})

    def posts_read_on(self, day: date) -> int:
        """How many posts were charged as read on a UTC day."""
        counts = self._days.get(day, {})
        return counts.get("post_read", 0) + counts.get("owned_read", 0)

    def to_json(self) -> dict[str, Any]:
        """Totals, per kind, and per UTC day (newest last)."""
        totals = {kind: sum(day.get(kind, 0) for day in self._days.values()) for kind in PRICES_USD}
        return {
            "total_usd": _usd(totals),
            "today_usd": _usd(self._days.get(self._today(), {})),
            "credits_usd": self.credits_usd,
            "kinds": {
                kind: {"count": count, "usd": _usd({kind: count}), "price_usd": PRICES_USD[kind]}
                for kind, count in totals.items()
            },
            "days": [
                {"date": day.isoformat(), "usd": _usd(counts), "kinds": dict(counts)}
                for day, counts in sorted(self._days.items())
            ],
        }

    def _new(self, kind: str, ids: Iterable[int]) -> int:
        today = self._charged.setdefault(self._today(), set())
        new = {(kind, i) for i in ids} - today
        today |= new
        return len(new)

    def _charge(self, counts: dict[str, int]) -> None:
        if not any(counts.values()):
            return
        today = self._today()
        day = self._days.setdefault(today, {})
        for kind, count in counts.items():
            if count:
                day[kind] = day.get(kind, 0) + count
        if self._credits is not None:
            self._credits -= round(_usd(counts) * _MICRO)
        for old in [d for d in self._charged if d < today]:
            del self._charged[old]
        for old in [d for d in self._days if d < today - timedelta(days=DAYS_KEPT)]:
            del self._days[old]
        for callback in self.changed:
            callback()

    def _today(self) -> date:
        return self._now().astimezone(UTC).date()


def _usd(counts: dict[str, int]) -> float:
    return sum(count * round(PRICES_USD[kind] * _MICRO) for kind, count in counts.items()) / _MICRO
