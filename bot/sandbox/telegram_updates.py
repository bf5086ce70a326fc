"""The queue of updates that wait for the bot, with getUpdates' promises.

An update stays until a getUpdates with a higher offset confirms it, or until it is too old: presses live 150 seconds,
all else 24 hours (Bot API server, checked 2026-11). One poll at a time: a newer one ends the older.
"""

import asyncio
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.sandbox.telegram_limits import ApiRefusal

PRESS_LIFE = timedelta(seconds=150)
UPDATE_LIFE = timedelta(hours=24)
LIMIT_MAX = 100
TIMEOUT_MAX_S = 50
WAITING_MAX = 100_000
DEFAULT_KINDS = frozenset({"message", "edited_message", "callback_query", "my_chat_member"})
"""Of the kinds made here: reactions come to those alone who name them."""
NO_POLL_WITH_WEBHOOK = (
    "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
)


@dataclass(frozen=True, slots=True)
class _Waiting:
    update_id: int
    kind: str
    body: dict[str, Any]
    since: datetime

    def as_update(self) -> dict[str, Any]:
        return {"update_id": self.update_id, self.kind: self.body}


class Updates:
    """What the bot has not yet confirmed, oldest first. `listening` is set while a long poll waits.

    webhook: its address, "" for none; while there is one, getUpdates is refused. Nothing is ever sent to it.
    """

    def __init__(self, now: Callable[[], datetime], first_id: int) -> None:
        self._now = now
        self._next_id = first_id
        self._waiting: list[_Waiting] = []
        self._kinds: frozenset[str] = DEFAULT_KINDS
        self._poll: asyncio.Future[str] | None = None
        self.listening = asyncio.Event()
        self.webhook = ""

    @property
    def next_id(self) -> int:
        """The id of the update that comes next."""
        return self._next_id

    @property
    def kinds(self) -> frozenset[str]:
        """The kinds that are kept."""
        return self._kinds

    def set_webhook(self, url: str) -> None:
        """Put a webhook in place ("" takes it away); a poll that waits is ended."""
        self.webhook = url
        if url:
            self._end_poll("webhook")

    def add(self, kind: str, body: dict[str, Any]) -> int:
        """Put an update into the queue and wake the poll; its id, or 0 when this kind is not wanted."""
        if kind not in self._kinds:
            return 0
        update_id = self._next_id
        self._next_id += 1
        self._waiting.append(_Waiting(update_id, kind, body, self._now()))
        del self._waiting[:-WAITING_MAX]
        self._end_poll("update")
        return update_id

    def pending(self) -> list[dict[str, Any]]:
        """What waits now, oldest first; what has expired is gone."""
        now = self._now()
        self._waiting = [
            each
            for each in self._waiting
            if now - each.since < (PRESS_LIFE if each.kind == "callback_query" else UPDATE_LIFE)
        ]
        return [each.as_update() for each in self._waiting]

    def confirm(self, offset: int) -> None:
        """Forget what came before `offset`; a negative one forgets all but the last so many."""
        if offset < 0:
            self._waiting = self._waiting[offset:]
        else:
            self._waiting = [each for each in self._waiting if each.update_id >= offset]

    def clear(self) -> None:
        """Forget everything (drop_pending_updates)."""
        self._waiting.clear()

    def want(self, kinds: Collection[str]) -> None:
        """Remember which kinds the bot asked for; applies to updates created from now on. Empty: the default."""
        self._kinds = frozenset(kinds) or DEFAULT_KINDS

    async def poll(self, offset: int, limit: int, timeout_s: float) -> list[dict[str, Any]]:
        """getUpdates: at once when something waits, else when something comes or after `timeout_s` real seconds.

        Raises: ApiRefusal 409 when a newer poll or a webhook ended this one, or a webhook is set.
        """
        if self.webhook:
            raise ApiRefusal(409, NO_POLL_WITH_WEBHOOK)
        self._end_poll("conflict")
        if offset:
            self.confirm(offset)
        limit = min(max(limit, 1), LIMIT_MAX)
        if not self.pending() and timeout_s > 0:
            await self._wait(min(timeout_s, TIMEOUT_MAX_S))
        return self.pending()[:limit]

    async def _wait(self, timeout_s: float) -> None:
        mine: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._poll = mine
        self.listening.set()
        try:
            await asyncio.wait({mine}, timeout=timeout_s)
        finally:
            if self._poll is mine:
                self._poll = None
                self.listening.clear()
        ended = mine.result() if mine.done() else ""
        if ended == "webhook":
            raise ApiRefusal(409, "Conflict: terminated by setWebhook request")
        if ended == "conflict":
            raise ApiRefusal(
                409,
                "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
            )

    def _end_poll(self, why: str) -> None:
        if self._poll is not None and not self._poll.done():
            self._poll.set_result(why)
