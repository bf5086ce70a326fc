"""The process one starts: the page and the stand-ins under a clock that can be moved, and the service beside them."""

import asyncio
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from pathlib import Path

from bot import logs
from bot.app import prepare_rota
from bot.clock import Clock
from bot.demo.duty import Duty
from bot.demo.scene import ROME, confirm, enrol, saturday_night, speak, write_rota, write_settings
from bot.demo.service import ServiceProcess
from bot.errors import Misconfigured
from bot.sandbox.app import create_app
from bot.sandbox.server import serve
from bot.sandbox.stage import Stage
from bot.sandbox.telegram import REALISTIC
from bot.settings import load
from bot.store.db import Store
from bot.store.migrate import upgrade


async def play(port: int, *, headless: bool, language: str = "en") -> None:
    """Serve the page, and the service as a process of its own, until cancelled.

    language: of the page and the phones, en or it. Raises: Misconfigured when the port is taken.
    """
    real = Clock().now()
    clock = Clock(saturday_night(real) - real)
    stage = Stage.standard(clock.now)
    stage.x.rate_limited = False
    stage.speak(language)
    with tempfile.TemporaryDirectory(prefix="reperibile-demo-") as name:
        folder = Path(name)
        rota = write_rota(folder, clock.now().astimezone(ROME).date() - timedelta(days=1))
        async with _served(stage, port) as address:
            config = write_settings(folder, address, rota)
            service = ServiceProcess(config, lambda: clock.now() - Clock().now(), stage.changed)
            settings = load(config, {})
            logs.set_up(settings.secrets())
            upgrade(settings.database_url)
            store = Store.open(settings.database_url)
            try:
                prepare_rota(store, rota, clock.now())
                _set_scene(stage, store, clock, service, language)
                await _greeted(service, stage, address, headless=headless)
            finally:
                store.close()


def _set_scene(stage: Stage, store: Store, clock: Clock, service: ServiceProcess, language: str) -> None:
    duty = Duty(store, stage)
    store.run_now(speak, language)
    store.run_now(confirm, duty.plan(), clock.now())
    store.run_now(enrol, stage, clock.now())

    def advance(by: timedelta) -> None:
        clock.advance(by)
        service.moved(by)

    stage.advance = advance
    stage.language_changed.append(lambda new: store.run_now(speak, new))
    stage.facts, stage.rota, stage.service = duty.facts, duty.rota, service


async def _greeted(service: ServiceProcess, stage: Stage, address: str, *, headless: bool) -> None:
    """Run the service until cancelled; say the address once it has been heard."""
    heard = asyncio.Event()
    stage.heard.append(service.heard)
    stage.heard.append(heard.set)
    async with asyncio.TaskGroup() as group:
        group.create_task(service.keep_running())
        await heard.wait()
        stage.heard.remove(heard.set)
        _greet(address, headless=headless)


async def stage_alone(port: int) -> None:
    """Serve the stand-ins without the service, for a rehearsal with one's own settings; their clock is the machine's.

    Raises: Misconfigured when the port is taken.
    """
    stage = Stage.standard(Clock().now)
    stage.x.rate_limited = False
    stage.telegram.flood.rates = REALISTIC
    async with _served(stage, port) as address:
        sys.stderr.write(f"The stand-ins are at {address}; config.example.env fits them. Ctrl-C ends them.\n")
        sys.stderr.flush()
        await asyncio.Event().wait()


@asynccontextmanager
async def _served(stage: Stage, port: int) -> AsyncIterator[str]:
    async with AsyncExitStack() as stack:
        try:
            address = await stack.enter_async_context(serve(create_app(stage), port=port))
        except OSError as error:
            raise Misconfigured(
                f"127.0.0.1:{port} cannot be had ({(error.strerror or str(error)).split(' (')[0]}). "
                "Cure: stop what listens there, or take a free port: --port 0"
            ) from None
        yield address


def _greet(address: str, *, headless: bool) -> None:
    if headless:
        sys.stdout.write(address + "\n")
        sys.stdout.flush()
        return
    lines = (
        "",
        f"  Reperibile is on call. Open  {address}",
        "  Press Play on a story, or write as a customer on X; the phone on duty rings.",
        "  Ctrl-C ends everything.",
        "",
    )
    sys.stderr.write("\n".join(lines) + "\n")
    sys.stderr.flush()
