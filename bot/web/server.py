"""Serves a web application inside the running event loop, beside the lines.

What a plain uvicorn does otherwise: it takes the signals, and ends the process when its port is taken.
"""

import asyncio
import contextlib
import logging
import socket
from collections.abc import AsyncIterator, Iterator
from typing import Any

import uvicorn

from bot.errors import Misconfigured

log = logging.getLogger("reperibile.web")

# Questions here take milliseconds: whoever is still being answered at the end is not waited for any longer.
ENDS_WITHIN_S = 1


@contextlib.asynccontextmanager
async def served(app: Any, host: str, port: int) -> AsyncIterator[int]:
    """Serve an ASGI app and yield the port (0 given: 0, and nothing is served).

    Raises: Misconfigured when the address cannot be had. When the server dies the body is cancelled, and RuntimeError
    is raised: without /healthz nobody could see how the rest does.
    """
    if port == 0:
        yield 0
        return
    listener = await _listen(host, port)
    config = uvicorn.Config(
        app,
        http="h11",
        ws="none",
        lifespan="off",
        log_config=None,
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=ENDS_WITHIN_S,
    )
    server = _Server(config)
    running = asyncio.create_task(server.serve(sockets=[listener]), name="web")
    body = asyncio.current_task()
    assert body is not None

    def ended(_: asyncio.Task[None]) -> None:
        if not server.should_exit:
            body.cancel()

    running.add_done_callback(ended)
    try:
        yield listener.getsockname()[1]
    except asyncio.CancelledError:
        if running.done():
            log.critical("the web server ended: the service stops, so that somebody starts it again")
            raise RuntimeError("the web server came to an end") from _why(running)
        raise
    finally:
        server.should_exit = True
        await asyncio.wait({running})


def _why(ended: asyncio.Task[None]) -> BaseException | None:
    return None if ended.cancelled() else ended.exception()


async def _listen(host: str, port: int) -> socket.socket:
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
        family, _, _, _, address = found[0]
        return socket.create_server(address[:2], family=family, backlog=64)
    except OSError as error:
        reason = (error.strerror or str(error)).split(" (")[0]
        raise Misconfigured(
            f"HTTP_HOST={host} HTTP_PORT={port}: this address cannot be had ({reason}). "
            "Cure: stop what listens there, choose another HTTP_PORT, or HTTP_PORT=0 for none."
        ) from None


class _Server(uvicorn.Server):
    """A uvicorn server that leaves the signals to the command line."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield
