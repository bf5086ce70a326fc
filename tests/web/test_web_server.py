"""The server beside the lines: no part of the service dies unseen."""

import asyncio

import pytest
from starlette.applications import Starlette

from bot.web.server import served


async def test_a_web_server_that_dies_takes_the_service_along() -> None:
    """A service without /healthz would be thought dead, or worse: well."""

    async def serve_until_it_dies() -> None:
        async with served(Starlette(), "127.0.0.1", await _free_port()):
            next(task for task in asyncio.all_tasks() if task.get_name() == "web").cancel()
            await asyncio.Event().wait()

    with pytest.raises(RuntimeError, match="web server"):
        await serve_until_it_dies()


async def test_the_bodys_own_error_is_what_is_raised() -> None:

    async def serve_and_stumble() -> None:
        async with served(Starlette(), "127.0.0.1", await _free_port()):
            raise LookupError

    with pytest.raises(LookupError):
        await serve_and_stumble()


async def _free_port() -> int:
    server = await asyncio.start_server(lambda *_: None, "127.0.0.1", 0)
    port: int = server.sockets[0].getsockname()[1]
    server.close()
    await server.wait_closed()
    return port
