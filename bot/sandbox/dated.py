"""The stand-ins tell their time with every answer, as X and Telegram tell theirs."""

from collections.abc import Callable
from datetime import datetime
from email.utils import format_datetime

from starlette.types import ASGIApp, Message, Receive, Scope, Send


class Dated:
    """A `Date` on every answer that has none: the stage's instant. A fault may tell another."""

    def __init__(self, app: ASGIApp, now: Callable[[], datetime]) -> None:
        self.app = app
        self.now = now

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def dated(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = list(message.get("headers", []))
                if all(name != b"date" for name, _ in headers):
                    headers.append((b"date", format_datetime(self.now(), usegmt=True).encode()))
                message["headers"] = headers
            await send(message)

        await self.app(scope, receive, dated)
