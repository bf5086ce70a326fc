"""The demo's service as a process of its own: started, told the time, killed like any process, started again.

Run as a program (`python -m bot.demo.service`) this file is that process: the real `bot.app.run` on the real database.
Only its clock is not its own: it reads a JSON object a line from standard input, first {"config", "offset_s"}, then
{"advance_s"} whenever somebody moves the stage's clock. When its input ends, so does it: it never outlives the demo.
"""

import asyncio
import contextlib
import json
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from bot.clock import Clock
from bot.errors import Misconfigured

# It starts again by itself after so long, as a service manager would start it; the page counts the seconds.
DOWN_S = 6.0
# A service that ends by itself sooner than this after its start is broken; starting it again would end the same way.
STEADY_AFTER_S = 5.0
STOPS_WITHIN_S = 3.0


class ServiceProcess:
    """One service process after another, on the same database.

    config: its settings file. offset: how far the stage's clock is from the machine's, now. changed: called when the
    process came or went. It is the stage's `service` (sandbox.stage.Service).
    """

    def __init__(self, config: Path, offset: Callable[[], timedelta], changed: Callable[[], None]) -> None:
        self._config = config
        self._offset = offset
        self._changed = changed
        self._monotonic = Clock().monotonic
        self._process: Process | None = None
        self._standing = "down"
        self._since = self._monotonic()
        self._down_s = 0.0
        self._killed = False
        self._again = asyncio.Event()
        self.kills = 0

    # ── what the stage asks and does ────────────────────────────────────────────────────────────────────────────────

    def as_json(self) -> dict[str, Any]:
        """state: "starting" until it is first heard, "up", "down"; for_s: since when, real seconds."""
        for_s = self._monotonic() - self._since
        body: dict[str, Any] = {"state": self._standing, "for_s": round(for_s, 1), "kills": self.kills}
        if self._standing == "down":
            body["back_in_s"] = round(max(0.0, self._down_s - for_s), 1)
        elif self._process is not None:
            body["pid"] = self._process.pid
        return body

    def heard(self) -> None:
        """It asked the stand-ins for something."""
        if self._standing == "starting":
            self._stands("up")

    def kill(self, down_s: float | None = None) -> int:
        """SIGKILL, so that it can tidy up nothing; it is started again `down_s` (DOWN_S) later. Its process id.

        Raises: ValueError when no process runs now.
        """
        if self._process is None or self._standing == "down":
            raise ValueError("the service is down already")
        self._killed, self._down_s = True, DOWN_S if down_s is None else down_s
        self.kills += 1
        self._process.kill()
        return self._process.pid

    def start_again(self) -> None:
        """At once, instead of when its pause is over."""
        self._again.set()

    # ── what the demo does ──────────────────────────────────────────────────────────────────────────────────────────

    def moved(self, by: timedelta) -> None:
        """The stage's clock was moved."""
        self._tell({"advance_s": by.total_seconds()})

    async def keep_running(self) -> None:
        """Start it, and again whenever it was killed, until cancelled. Raises: Misconfigured when it will not run."""
        try:
            while True:
                await self._start()
                assert self._process is not None
                code = await self._process.wait()
                lived_s = self._monotonic() - self._since
                if not self._killed and (self._standing == "starting" or lived_s < STEADY_AFTER_S):
                    raise Misconfigured(f"the service ended by itself (code {code}); it says why above")
                if not self._killed:
                    self._down_s = DOWN_S
                self._stands("down")
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(self._down_s):
                        await self._again.wait()
        finally:
            await self._stop()

    async def _start(self) -> None:
        self._killed = False
        self._again.clear()
        command = (sys.executable, "-m", "bot.demo.service")
        # In a session of its own: Ctrl-C in the terminal ends the demo, which then ends the service.
        self._process = await asyncio.create_subprocess_exec(
            *command, stdin=PIPE, stdout=DEVNULL, start_new_session=True
        )
        self._stands("starting")
        self._tell({"config": str(self._config), "offset_s": self._offset().total_seconds()})

    def _tell(self, line: dict[str, Any]) -> None:
        process = self._process
        if process is not None and process.stdin is not None and process.returncode is None:
            process.stdin.write((json.dumps(line) + "\n").encode())

    def _stands(self, standing: str) -> None:
        self._standing, self._since = standing, self._monotonic()
        self._changed()

    async def _stop(self) -> None:
        process = self._process
        if process is None or process.returncode is not None:
            return
        assert process.stdin is not None
        process.stdin.close()
        try:
            async with asyncio.timeout(STOPS_WITHIN_S):
                await process.wait()
        except TimeoutError:
            process.kill()
            await process.wait()


# --- the process itself ----------------------------------------------------------------------------------------------


async def _serve() -> None:
    from bot import logs
    from bot.app import run
    from bot.settings import load

    lines = await _standard_input()
    first = json.loads(await lines.readline())
    clock = Clock(timedelta(seconds=first["offset_s"]))
    settings = load(Path(first["config"]), {})
    logs.set_up(settings.secrets())
    serving = asyncio.create_task(run(settings, clock))
    listening = asyncio.create_task(_follow(lines, clock))
    try:
        await asyncio.wait({serving, listening}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in (serving, listening):
            task.cancel()
        ended = await asyncio.gather(serving, listening, return_exceptions=True)
    for how in ended:
        if isinstance(how, Exception):
            raise how


async def _follow(lines: asyncio.StreamReader, clock: Clock) -> None:
    """Move the clock as told, until nobody is there to tell it."""
    while line := await lines.readline():
        clock.advance(timedelta(seconds=json.loads(line)["advance_s"]))


async def _standard_input() -> asyncio.StreamReader:
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    return reader


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    asyncio.run(_serve())
