"""Counts requests per endpoint and user in windows of 15 minutes, with the headers X sends along."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.sandbox.x_world import Account, XWorld

WINDOW = timedelta(minutes=15)


@dataclass(slots=True)
class _Window:
    ends_at: datetime
    used: int = 0


class Limits:
    """The counters; the numbers themselves are `world.limits`."""

    def __init__(self, world: XWorld) -> None:
        self._world = world
        self._windows: dict[tuple[str, int], _Window] = {}

    def count(self, endpoint: str, account: Account) -> tuple[bool, dict[str, str]]:
        """Whether one more request is allowed, and the rate headers of its answer either way."""
        now = self._world.now()
        window = self._windows.get((endpoint, account.id))
        if window is None or now >= window.ends_at:
            window = self._windows[endpoint, account.id] = _Window(now + WINDOW)
        limit = self._world.limits[endpoint]
        allowed = window.used < limit or not self._world.rate_limited
        if allowed:
            window.used += 1
        return allowed, {
            "x-rate-limit-limit": str(limit),
            "x-rate-limit-remaining": str(max(0, limit - window.used)),
            "x-rate-limit-reset": str(int(window.ends_at.timestamp())),
        }
