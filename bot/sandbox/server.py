"""Serves the stand-ins on loopback, inside the running event loop: for the demo and for the tests.

What a plain uvicorn does not do: leave a request without a byte of answer (an app finds the way to do so in
`scope["extensions"]["reperibile.drop"]`), and stop at once although phones hold long polls and event streams open.
It refuses every address that is not loopback: the stand-ins know no secrets and ask for none.
"""

import asyncio
import contextlib
import ipaddress
import logging
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from typing import TYPE_CHECKING, Any

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

if TYPE_CHECKING:
    from uvicorn._types import ASGI3Application, ASGIReceiveCallable, ASGISendCallable, Scope
    from uvicorn.server import ServerState

DROP = "reperibile.drop"
"""The key in a request's `scope["extensions"]`: a call without arguments that closes the connection as it stands."""

log = logging.getLogger(__name__)


@contextlib.asynccontextmanager
async def serve(app: Any, host: str = "127.0.0.1", port: int = 0) -> AsyncIterator[str]:
    """Serve an ASGI app and yield its base URL without a slash at the end; port 0 takes a free one.

    Leaving cuts open connections and cancels what still runs in the app.
    Raises ValueError when the host is not loopback, OSError when the port is taken.
    """
    listener = _listen(host, port)
    config = uvicorn.Config(app, http=_Droppable, ws="none", log_config=None, log_level="warning", date_header=False)
    server = _Server(config)
    running = asyncio.create_task(server.serve(sockets=[listener]))
    ready = asyncio.create_task(server.ready.wait())
    try:
        await asyncio.wait({running, ready}, return_when=asyncio.FIRST_COMPLETED)
        if running.done():
            running.result()
            raise RuntimeError("the stand-ins' server ended while it was starting")
        name, number = listener.getsockname()[:2]
        yield f"http://[{name}]:{number}" if ":" in name else f"http://{name}:{number}"
    finally:
        ready.cancel()
        server.stop.set()
        await running


async def serve_until_cancelled(
    app: Any, host: str = "127.0.0.1", port: int = 0, ready: Callable[[str], None] | None = None
) -> None:
    """Serve until the calling task is cancelled; `ready` is told the base URL once requests are accepted."""
    async with serve(app, host, port) as base_url:
        if ready is not None:
            ready(base_url)
        await asyncio.Event().wait()


def _listen(host: str, port: int) -> socket.socket:
    address = "127.0.0.1" if host == "localhost" else host
    try:
        version = ipaddress.ip_address(address)
    except ValueError:
        raise ValueError(f"the stand-ins are served on loopback only, not on {host!r}") from None
    if not version.is_loopback:
        raise ValueError(f"the stand-ins are served on loopback only, not on {host!r}")
    family = socket.AF_INET6 if version.version == 6 else socket.AF_INET
    # asyncio switches Nagle's algorithm off only for sockets that name TCP: without it each answer on a kept-alive
    # connection waits 40 ms for the client's delayed acknowledgement.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((address, port))
        listener.listen(256)
    except OSError:
        listener.close()
        raise
    return listener


class _Server(uvicorn.Server):
    """A uvicorn server that leaves signals alone, starts and stops without waiting for its ticks."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = asyncio.Event()
        self.stop = asyncio.Event()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.ready.set()

    async def main_loop(self) -> None:
        await self.stop.wait()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for server in self.servers:
            server.close()
        for listener in sockets or []:
            listener.close()
        for connection in list(self.server_state.connections):
            if isinstance(connection, H11Protocol) and connection.transport is not None:
                connection.transport.abort()
        # One turn of the loop lets the aborted requests notice by themselves; the rest is cancelled.
        await asyncio.sleep(0)
        tasks = list(self.server_state.tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self.lifespan.shutdown()


class _Droppable(H11Protocol):
    """uvicorn's HTTP protocol, with a way for the app to drop the connection."""

    def __init__(
        self,
        config: uvicorn.Config,
        server_state: "ServerState",
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self.logger = _request_log
        inner: ASGI3Application = self.app

        async def droppable(scope: "Scope", receive: "ASGIReceiveCallable", send: "ASGISendCallable") -> None:
            if scope["type"] == "http":
                extensions: dict[str, Any] = dict(scope.get("extensions") or {})
                extensions[DROP] = self.transport.abort
                scope["extensions"] = extensions
            await inner(scope, receive, send)

        self.app = droppable


def _is_news(record: logging.LogRecord) -> bool:
    """False for the requests that our own shutdown cancelled."""
    return not (record.exc_info and isinstance(record.exc_info[1], asyncio.CancelledError))


_request_log = logging.getLogger(f"{__name__}.request")
_request_log.setLevel(logging.WARNING)
_request_log.addFilter(_is_news)
