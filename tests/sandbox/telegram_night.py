"""The stage of the Telegram contract: one server for a module, one world for a case, and the service's own client."""

import struct
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest_asyncio
from starlette.applications import Starlette
from telegram import Bot
from telegram.request import HTTPXRequest

from bot.clock import HandClock
from bot.sandbox.server import serve
from bot.sandbox.telegram import DEMO_TOKEN, Shown, TelegramWorld, telegram_routes

START = datetime(2026, 11, 28, 3, 10, tzinfo=UTC)
ANNA, NEVER, BLOCKED, GONE = 101, 102, 103, 104
TEAM, STAFF, KICKED, LEFT, OLD, NEW, MUTE = -500, -1001234567890, -501, -502, -503, -1009876543210, -504
HUGE = b"x" * (20 * 1024 * 1024 + 1)

Ask = Callable[[Bot, "Night"], Awaitable[Any]]


def png(width: int, height: int, size: int = 100) -> bytes:
    """As much of a picture as Telegram and the stand-in look at."""
    return (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + struct.pack(">II", width, height)).ljust(size, b"\0")


class Night:
    """One world: Anna has started the bot; groups of every kind; some messages stand there already."""

    def __init__(self) -> None:
        self.clock = HandClock(START)
        self.world = world = TelegramWorld(self.clock.now)
        for user_id, name in ((ANNA, "Anna"), (NEVER, "Nina"), (BLOCKED, "Bruno"), (GONE, "Gianni")):
            world.add_person(user_id, name, "it")
        self.typed = world.types(ANNA, "/start")
        for user_id in (BLOCKED, GONE):
            world.types(user_id, "/start")
        world.blocks(BLOCKED)
        world.deactivates(GONE)
        for chat_id in (TEAM, STAFF, KICKED, LEFT, OLD, MUTE):
            world.group(chat_id, "Night team")
            world.adds_bot(chat_id, ANNA)
        world.promotes_bot(STAFF, ANNA, "can_pin_messages", "can_delete_messages")
        world.removes_bot(KICKED, ANNA)
        world.bot_leaves(LEFT)
        world.becomes_supergroup(OLD, NEW)
        world.silences_bot(MUTE, ANNA)
        self.said_in_team = world.types_in_group(TEAM, ANNA, "ciao")
        self.said_in_staff = world.types_in_group(STAFF, ANNA, "ciao")
        self.photo = self._file(world.uploads(ANNA, "photo", "a.png", png(800, 600)))
        self.document = self._file(world.uploads(ANNA, "document", "a.txt", b"hello"))
        self.huge = self._file(world.uploads(ANNA, "document", "big.bin", HUGE))
        self.text = self._sent(ANNA).message_id
        self.text_in_team = self._sent(TEAM).message_id
        self.card = self._sent(ANNA, kind="photo", file=world.files.again(self.photo, "photo")).message_id
        self.press = world.presses(ANNA, self.text, "claim:1")
        world.updates.clear()

    def _file(self, message_id: int) -> str:
        file = self.shown(message_id).file
        assert file is not None
        return file.file_id

    def _sent(self, chat_id: int, **more: Any) -> Shown:
        """Something that the bot sent before."""
        return self.world.bot_puts(Shown(0, chat_id, True, self.world.bot_id, "before", self.clock.now(), **more))

    def shown(self, message_id: int, chat_id: int = ANNA) -> Shown:
        """A message that must be there."""
        found = self.world.find(chat_id, message_id)
        assert found is not None
        return found

    @staticmethod
    def content_of(shown: Shown) -> bytes:
        """The bytes of its file."""
        assert shown.file is not None
        return shown.file.content

    def last(self, chat_id: int = ANNA) -> Shown:
        """The newest message of a chat."""
        return self.world.chat(chat_id)[-1]


class Line:
    """The server's app, whose world is another one in every case."""

    def __init__(self) -> None:
        self.show(Night())

    def show(self, night: Night) -> None:
        self.app = Starlette(routes=list(telegram_routes(night.world)))

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await self.app(scope, receive, send)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stand() -> AsyncIterator[tuple[Line, Bot, httpx.AsyncClient]]:
    line = Line()
    async with serve(line) as url, httpx.AsyncClient(base_url=url, trust_env=False, timeout=20) as raw:
        requests = [HTTPXRequest(read_timeout=20, httpx_kwargs={"trust_env": False}) for _ in range(2)]
        bot = Bot(DEMO_TOKEN, f"{url}/bot", f"{url}/file/bot", request=requests[0], get_updates_request=requests[1])
        async with bot:
            yield line, bot, raw


@pytest_asyncio.fixture(loop_scope="module")
async def bot(stand: tuple[Line, Bot, httpx.AsyncClient]) -> Bot:
    return stand[1]


@pytest_asyncio.fixture(loop_scope="module")
async def raw(stand: tuple[Line, Bot, httpx.AsyncClient]) -> httpx.AsyncClient:
    return stand[2]


@pytest_asyncio.fixture(loop_scope="module")
async def night(stand: tuple[Line, Bot, httpx.AsyncClient]) -> Night:
    line, _, _ = stand
    here = Night()
    line.show(here)
    return here


async def after(first: Awaitable[Any], then: Callable[[], Awaitable[Any]]) -> Any:
    """One request, and then another, whose answer it gives."""
    await first
    return await then()


async def later(night: Night, by: timedelta, then: Callable[[], Awaitable[Any]]) -> Any:
    """A request after a time."""
    night.clock.advance(by)
    return await then()
