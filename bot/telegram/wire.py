"""python-telegram-bot made fit for the door: raw answers, no token in any text, no log of what went over the wire."""

import logging
import ssl
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cache
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

import httpx
import telegram
from telegram.error import TelegramError
from telegram.request import HTTPXRequest

from bot.core.outside import read_json
from bot.core.traffic import Traffic

POOL_SIZE = 16
KEEPALIVE_S = 3.0  # below every server's own limit: a request on a connection that just closed is a send in doubt
TALKATIVE = ("httpx", "httpcore", "telegram")
"""Loggers that write request addresses, and so the bot's token, at INFO or DEBUG."""


class Wire(HTTPXRequest):
    """The HTTP client: one time-out for everything; a body that is no JSON is not written to the log."""

    def __init__(
        self, timeout_s: float, base_url: str, pool_size: int = POOL_SIZE, traffic: Traffic | None = None
    ) -> None:
        self._traffic = traffic
        self.told_clock: datetime | None = None
        """Telegram's own clock in the newest answer, in whole seconds; None before one that tells it."""
        # A proxy of the environment is for the world outside, never for the stand-in on loopback.
        trust_env = not is_loopback(base_url)
        super().__init__(
            connection_pool_size=pool_size,
            read_timeout=timeout_s,
            write_timeout=timeout_s,
            connect_timeout=timeout_s,
            pool_timeout=timeout_s,
            media_write_timeout=timeout_s,
            httpx_kwargs={
                "trust_env": trust_env,
                "verify": certificates(trust_env),
                "limits": httpx.Limits(max_connections=pool_size, keepalive_expiry=KEEPALIVE_S),
                "event_hooks": {"response": [self._look_at_the_clock]},
            },
        )

    async def _look_at_the_clock(self, response: httpx.Response) -> None:
        try:
            at = parsedate_to_datetime(response.headers.get("date", ""))
            self.told_clock = (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
        except (ValueError, TypeError, OverflowError):
            self.told_clock = None

    async def do_request(self, url: str, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
        """One request, counted; status and body as they came."""
        status: int | None = None
        try:
            status, body = await super().do_request(url, *args, **kwargs)
            return status, body
        finally:
            if self._traffic is not None:
                # The address ends with the method; what stands before it is the token.
                self._traffic.telegram(url.rsplit("/", 1)[-1], status)

    @staticmethod
    def parse_json_payload(payload: bytes) -> Any:
        """The answer's body. Raises: TelegramError when it is no JSON object."""
        try:
            answer = read_json(payload.decode("utf-8", "replace"))
        except ValueError:
            raise TelegramError("the answer is not JSON") from None
        if not isinstance(answer, dict):
            raise TelegramError("the answer is not a JSON object")
        return answer


class PlainBot(telegram.Bot):
    """The library's Bot with a way to its raw answers, and without the token in its repr."""

    async def call(self, method: str, *, read_timeout: float | None = None, **parameters: Any) -> Any:
        """The raw `result` of a Bot API method. read_timeout: seconds, the client's own when None."""
        if read_timeout is None:
            return await self._post(method, parameters)
        return await self._post(method, parameters, read_timeout=read_timeout)

    def __repr__(self) -> str:
        return "PlainBot()"

    __str__ = __repr__


def hush() -> None:
    """Keep the talkative loggers at WARNING or above, whatever the root says: their lines hold the token."""
    for name in TALKATIVE:
        logger = logging.getLogger(name)
        logger.setLevel(max(logger.level, logging.WARNING))


@cache
def certificates(trust_env: bool) -> ssl.SSLContext:
    """What a server's certificate is checked against, as httpx itself would; read once a process, for it takes 40 ms.

    trust_env: heed SSL_CERT_FILE and SSL_CERT_DIR.
    """
    return httpx.create_ssl_context(trust_env=trust_env)


def is_loopback(url: str) -> bool:
    """Whether an address names this very machine."""
    host = urlsplit(url).hostname or ""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
