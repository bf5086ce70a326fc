"""The stage of the Telegram door's tests: the real door, the stand-in Telegram, and faults on order between them."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from starlette.applications import Starlette

from bot.clock import HandClock
from bot.sandbox.faults import Faults, Record
from bot.sandbox.server import serve
from bot.sandbox.telegram import TelegramWorld, telegram_routes
from bot.telegram.door import TelegramDoor

ANNA = 101


@dataclass
class Stage:
    """One night at the door. `anna` has started the bot; nothing waits to be read."""

    clock: HandClock
    world: TelegramWorld
    record: Record
    faults: Faults
    base_url: str
    door: TelegramDoor
    anna: int = ANNA


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    clock = HandClock(datetime(2026, 11, 28, 3, 10, tzinfo=UTC))
    world = TelegramWorld(clock.now)
    world.add_person(ANNA, "Anna", "it")
    world.types(ANNA, "/start")
    world.updates.clear()
    record = Record()
    faults = Faults(Starlette(routes=list(telegram_routes(world))), record, clock.now)
    async with serve(faults) as base_url:
        door = TelegramDoor(world.token, base_url, timeout_s=5)
        await door.open()
        yield Stage(clock, world, record, faults, base_url, door)
        await door.close()
