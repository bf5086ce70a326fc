"""Counts requests in windows of 15 minutes and of 24 hours, with the headers X sends along.

With a user's token the user is counted, with the app's the app; the 24 hours may have a limit for either at once. When
the day is spent `x-rate-limit-remaining` may well say that there is room: X does so too, and it misleads clients.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.sandbox.x_oauth import Caller
from bot.sandbox.x_world import XWorld

WINDOW = timedelta(minutes=15)
DAY = timedelta(hours=24)


@dataclass(slots=True)
class _Window:
    ends_at: datetime
    used: int = 0


class Limits:
    """The counters; the numbers themselves are the world's switches."""

    def __init__(self, world: XWorld) -> None:
        self._world = world
        self._windows: dict[tuple[str, str, timedelta], _Window] = {}

    def count(self, endpoint: str, caller: Caller) -> tuple[bool, dict[str, str]]:
        """Whether one more request is allowed, and the headers of its answer either way."""
        counted = [("x-rate-limit", caller.name, WINDOW, self._limit(endpoint, caller))]
        for who, limit in self._world.day_limits.get(endpoint, {}).items():
            counted.append((f"x-{who}-limit-24hour", caller.app if who == "app" else caller.name, DAY, limit))
        windows = [(header, self._window(endpoint, name, length), limit) for header, name, length, limit in counted]
        allowed = not self._world.rate_limited or all(window.used < limit for _, window, limit in windows)
        headers: dict[str, str] = {}
        for header, window, limit in windows:
            window.used += allowed
            # Unlimited must look so: a client that is told "0 left" rightly waits until the window ends.
            left = max(0, limit - window.used) if self._world.rate_limited else max(1, limit)
            headers |= {
                f"{header}-limit": str(limit),
                f"{header}-remaining": str(left),
                f"{header}-reset": str(int(window.ends_at.timestamp())),
            }
        return allowed, headers if self._world.rate_headers else {}

    def _limit(self, endpoint: str, caller: Caller) -> int:
        return (self._world.app_limits if caller.account is None else self._world.limits)[endpoint]

    def _window(self, endpoint: str, name: str, length: timedelta) -> _Window:
        now = self._world.now()
        window = self._windows.get((endpoint, name, length))
        if window is None or now >= window.ends_at:
            window = self._windows[endpoint, name, length] = _Window(now + length)
        return window
