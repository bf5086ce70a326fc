"""A stand-in X on loopback, a clock moved by hand, and the real door in front of them."""

from datetime import UTC, datetime

import pytest
from starlette.applications import Starlette

from bot.clock import HandClock
from bot.sandbox.faults import Faults, Record
from bot.sandbox.server import serve
from bot.sandbox.x import XWorld, x_routes
from bot.x.door import XDoor


@pytest.fixture
def clock():
    return HandClock(datetime(2026, 11, 21, 3, 10, tzinfo=UTC))


@pytest.fixture
def world(clock):
    world = XWorld(clock.now)
    world.add_account("AcmeCare", "Acme", consumer_key="CK", consumer_secret="CS-canary", token="TK", token_secret="TS")
    world.add_account("AcmeGiulia", consumer_key="CK", consumer_secret="CS-canary", token="TK2", token_secret="TS2")
    return world


@pytest.fixture
def record():
    return Record()


@pytest.fixture
def faults(world, record, clock):
    return Faults(Starlette(routes=x_routes(world)), record, clock.now)


@pytest.fixture
async def url(faults):
    async with serve(faults) as base_url:
        yield base_url


@pytest.fixture
async def door(url):
    tokens = {"AcmeCare": ("TK", "TS"), "acmegiulia": ("TK2", "TS2")}
    async with XDoor(url, "CK", "CS-canary", tokens, timeout_s=5) as door:
        yield door
