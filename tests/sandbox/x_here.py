"""A stand-in X behind a server that stays, and the real clients in front of it; the fixtures of its contract.

One server for a whole file of tests; each test gets a fresh world behind it. What tweepy's client cannot say (an app's
token, multipart) goes by aiohttp, signed by the same signer.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
from oauthlib.oauth1 import Client as Signer
from starlette.applications import Starlette
from yarl import URL

from bot.clock import HandClock
from bot.sandbox.faults import Faults, Record
from bot.sandbox.server import serve
from bot.sandbox.x import Post, XWorld, x_routes
from bot.sandbox.x_oauth import bearer_of
from bot.x.client import Client
from bot.x.door import XDoor
from bot.x.errors import Answer, from_answer

NOW = datetime(2026, 11, 21, 3, 10, tzinfo=UTC)
KEYS = ("CK", "CS")
OURS, SISTER = ("TK", "TS"), ("TK2", "TS2")
PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 3  # every byte, line ends included


def _uncounted(method: str, route: str, answer: Answer | None) -> None:
    """The door counts its requests for /metrics; nobody does here."""


@dataclass
class Here:
    """A fresh X behind the server that stays, and the real clients in front of it."""

    url: str
    session: aiohttp.ClientSession
    clock: HandClock = field(default_factory=lambda: HandClock(NOW))

    def __post_init__(self) -> None:
        self.world = XWorld(self.clock.now, real_time=lambda: datetime.now(UTC).timestamp())
        for handle, (token, secret) in {"AcmeCare": OURS, "AcmeGiulia": SISTER}.items():
            self.world.add_account(
                handle, consumer_key=KEYS[0], consumer_secret=KEYS[1], token=token, token_secret=secret
            )
        self.faults = Faults(Starlette(routes=x_routes(self.world)), Record(), self.clock.now)
        self.client = Client(self.url, self.session, *KEYS, *OURS, _uncounted)
        self.sister = Client(self.url, self.session, *KEYS, *SISTER, _uncounted)
        self.own_id = self.world.accounts["acmecare"].id

    async def get(self, route: str, **params: str) -> Any:
        """The body of a success."""
        answer = await self.client.request("GET", route, params={k.replace("__", "."): v for k, v in params.items()})
        assert (answer.status, from_answer(answer, writing=False)) == (200, None), answer.body
        return answer.json()

    async def post(self, **body: Any) -> Answer:
        return await self.client.request("POST", "/2/tweets", json=body)

    async def raw(self, method: str, route: str, headers: dict[str, str] | None = None, **sent: Any) -> Answer:
        """By aiohttp alone; signed unless headers are given."""
        url = self.url + route
        if headers is None:
            _, headers, _ = Signer(*KEYS, *OURS).sign(url, method)
        async with self.session.request(method, URL(url, encoded=True), headers=headers, **sent) as answer:
            return Answer(answer.status, {k.lower(): v for k, v in answer.headers.items()}, await answer.read())

    async def as_app(self, route: str) -> Answer:
        return await self.raw("GET", route, {"Authorization": f"Bearer {bearer_of(*KEYS)}"})

    async def append(self, media_id: str, index: int, content: bytes) -> Answer:
        form = aiohttp.FormData({"segment_index": str(index)})
        form.add_field("media", content, filename="chunk", content_type="application/octet-stream")
        return await self.raw("POST", f"/2/media/upload/{media_id}/append", data=form)

    async def upload(self, content: bytes = PNG, media_type: str = "image/png", **more: Any) -> str:
        """An upload that went well, in two segments."""
        begun = await self.client.request(
            "POST",
            "/2/media/upload/initialize",
            json={"media_type": media_type, "total_bytes": len(content), **more},
        )
        assert begun.status == 200, begun.body
        media_id = begun.json()["data"]["id"]
        for index, part in enumerate((content[:100], content[100:])):
            assert (await self.append(media_id, index, part)).status == 200
        done = await self.client.request("POST", f"/2/media/upload/{media_id}/finalize", json={})
        assert (done.status, done.json()["data"]["size"]) == (200, len(content)), done.body
        return str(media_id)


class Switchboard:
    """The app the server serves: whichever world is current."""

    def __init__(self) -> None:
        self.here: Here | None = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        assert self.here is not None
        await self.here.faults(scope, receive, send)


@pytest.fixture(scope="module")
def x_board() -> Switchboard:
    return Switchboard()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def x_server(x_board: Switchboard) -> AsyncIterator[tuple[str, aiohttp.ClientSession]]:
    async with serve(x_board) as url, aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session:
        yield url, session


@pytest.fixture
def here(x_server: tuple[str, aiohttp.ClientSession], x_board: Switchboard) -> Here:
    x_board.here = Here(*x_server)
    return x_board.here


@pytest_asyncio.fixture(loop_scope="module")
async def x_door(here: Here) -> AsyncIterator[XDoor]:
    async with XDoor(here.url, *KEYS, {"AcmeCare": OURS, "AcmeGiulia": SISTER}, timeout_s=5) as door:
        yield door


def parent_post(here: Here) -> Post:
    """A customer's post that names us."""
    return here.world.write("marco", "@AcmeCare fibra ferma")
