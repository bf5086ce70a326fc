"""The channels outside Telegram, for when nobody answers there: tried in order until one takes the message.

The message carries number, line and urgency, never a customer's words. The addresses hold secrets: they are not logged.
"""

import asyncio
import logging
from collections.abc import Sequence

import apprise

log = logging.getLogger("reperibile.last_resort")

# apprise's own time-outs are 4 s each for connecting and reading; a channel that needs several requests gets more.
GIVES_UP_S = 20.0


def not_understood(urls: Sequence[str]) -> list[int]:
    """The places, from 1, of the addresses that apprise does not understand; nothing is sent."""
    return [number for number, url in enumerate(urls, 1) if not apprise.Apprise().add(url)]


class LastResortChannels:
    """LAST_RESORT_URLS, in order."""

    def __init__(self, urls: Sequence[str], gives_up_s: float = GIVES_UP_S) -> None:
        self._gives_up_s = gives_up_s
        self._channels = []
        for number, url in enumerate(urls, 1):
            channel = apprise.Apprise()
            if not channel.add(url):
                log.error("LAST_RESORT_URLS: address %d is none that apprise understands", number)
                continue
            self._channels.append((number, channel))

    async def notify(self, text: str) -> int:
        """The number, from 1, of the address that took the message; 0 when none did. Raises: nothing."""
        for number, channel in self._channels:
            try:
                async with asyncio.timeout(self._gives_up_s):
                    if await channel.async_notify(body=text, title="Reperibile"):
                        return number
            except Exception as problem:
                log.error("last resort %d failed: %s", number, type(problem).__name__)
                continue
            log.error("last resort %d did not take the message", number)
        return 0
