"""The command as a person uses it, in a folder of its own, against stand-ins of the test.

`do` runs a command to its end inside this process, by the very function that is installed as `reperibile`: starting
Python anew costs a second each time. `start` starts a real process, for what goes on until it is told to stop.
"""

from __future__ import annotations

import asyncio
import contextlib
import io
import json
import logging
import os
import re
import shutil
import signal
import sys
import threading
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest import mock

from bot import logs, rota_commands
from bot.__main__ import main
from bot.clock import Clock
from bot.sandbox.app import create_app
from bot.sandbox.server import serve
from bot.sandbox.stage import ACCOUNTS, BOT_TOKEN, CONSUMER_KEY, CONSUMER_SECRET, PEOPLE, Stage, secret_of, token_of

ROOT = Path(__file__).parents[2]
# Saturday 28 November 2026, 22:00 in Rome.
SATURDAY_NIGHT = datetime(2026, 11, 28, 21, 0, tzinfo=UTC)
WITHIN_S = 45
SECRETS = (
    BOT_TOKEN,
    CONSUMER_KEY,
    CONSUMER_SECRET,
    *(token_of(account) for account in ACCOUNTS),
    *(secret_of(account) for account in ACCOUNTS),
)


@dataclass
class Done:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def lines(self) -> list[Any]:
        return [json.loads(line) for line in self.out.splitlines()]


@dataclass
class Running:
    """A command that goes on; everything it says is kept."""

    process: asyncio.subprocess.Process
    out: list[str] = field(default_factory=list)
    err: list[str] = field(default_factory=list)
    readers: list[asyncio.Task[None]] = field(default_factory=list)
    news: asyncio.Event = field(default_factory=asyncio.Event)

    async def says(self, pattern: str) -> str:
        """Wait until a line fits; the line."""
        async with asyncio.timeout(WITHIN_S):
            while True:
                for line in [*self.out, *self.err]:
                    if re.search(pattern, line):
                        return line
                if all(reader.done() for reader in self.readers):
                    raise AssertionError(f"it ended without saying {pattern!r}: {''.join(self.err)}")
                self.news.clear()
                await self.news.wait()

    async def ends(self, within_s: float = WITHIN_S) -> Done:
        async with asyncio.timeout(within_s):
            code = await self.process.wait()
        await asyncio.gather(*self.readers)
        return Done(code, "".join(self.out), "".join(self.err))

    async def stopped_by(self, number: signal.Signals, within_s: float = WITHIN_S) -> Done:
        self.process.send_signal(number)
        return await self.ends(within_s)

    def command_line(self) -> str:
        """As any other user of the machine sees it."""
        return Path(f"/proc/{self.process.pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()


@dataclass
class CommandLine:
    """A folder with settings and a rota, the stage behind it, and the command."""

    folder: Path
    stage: Stage
    address: str
    settings: dict[str, str]
    running: list[Running] = field(default_factory=list)

    def write_settings(self, **changes: str) -> None:
        """config.env anew, with these keys changed; "" takes one out."""
        self.settings |= changes
        path = self.folder / "config.env"
        path.write_text("".join(f"{key}={value}\n" for key, value in self.settings.items() if value))
        path.chmod(0o600)

    def do(self, *arguments: str, **environment: str) -> Done:
        """Run a command to its end, in this process; a mistake of ours comes out as the exception it is."""
        kept = [io.BytesIO(), io.BytesIO()]
        out, err = (io.TextIOWrapper(each, "utf-8", newline="", write_through=True) for each in kept)
        env = _environment(COLUMNS="200", **environment)
        with (
            _as_in_a_process_of_its_own(),
            contextlib.chdir(self.folder),
            mock.patch.dict(os.environ, env, clear=True),
            mock.patch.object(sys, "argv", ["reperibile", *arguments]),
            contextlib.redirect_stdout(out),
            contextlib.redirect_stderr(err),
        ):
            try:
                main()
                code = 0
            except SystemExit as end:
                code = end.code if isinstance(end.code, int) else int(end.code is not None)
        return Done(code, *(each.getvalue().decode() for each in kept))

    async def do_beside(self, *arguments: str, **environment: str) -> Done:
        """`do` in a thread, while the stage of this loop goes on; not for commands that take the signals."""
        return await asyncio.to_thread(self.do, *arguments, **environment)

    async def start(self, *arguments: str, **environment: str) -> Running:
        """Start a process of its own."""
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "bot",
            *arguments,
            cwd=self.folder,
            env=_environment(COLUMNS="200", PYTHONUNBUFFERED="1", **environment),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        running = Running(process)

        async def read(stream: asyncio.StreamReader, lines: list[str]) -> None:
            async for line in stream:
                lines.append(line.decode())
                running.news.set()
            running.news.set()

        assert process.stdout is not None
        assert process.stderr is not None
        running.readers = [
            asyncio.create_task(read(process.stdout, running.out)),
            asyncio.create_task(read(process.stderr, running.err)),
        ]
        self.running.append(running)
        return running

    async def phone_hears(self, person: str, pattern: str) -> str:
        """Wait until the bot writes something fitting to this phone."""
        async with asyncio.timeout(WITHIN_S):
            while True:
                version = self.stage.version
                for message in self.stage.telegram.chat(PEOPLE[person][0]):
                    if message.from_bot and re.search(pattern, message.text):
                        return str(message.text)
                await self.stage.version_after(version, 5)


def _environment(**more: str) -> dict[str, str]:
    return {key: os.environ[key] for key in ("PATH", "HOME") if key in os.environ} | more


@contextlib.contextmanager
def _as_in_a_process_of_its_own() -> Iterator[None]:
    """What a command changes for its whole process is put back when it ends."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    levels = {name: logging.getLogger(name).level for name in logs.NOISY}
    hooks = sys.excepthook, sys.unraisablehook, threading.excepthook
    in_main = threading.current_thread() is threading.main_thread()
    signals = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)} if in_main else {}
    clock = rota_commands.around.clock
    try:
        yield
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)
        for name, was in levels.items():
            logging.getLogger(name).setLevel(was)
        logging.captureWarnings(False)
        sys.excepthook, sys.unraisablehook, threading.excepthook = hooks
        for number, handler in signals.items():
            signal.signal(number, handler)
        rota_commands.around.clock = clock


@contextlib.asynccontextmanager
async def command_line(folder: Path) -> AsyncIterator[CommandLine]:
    """The standard stage on a Saturday night, X keys for two accounts, the example's rota; nothing is running yet."""
    offset = timedelta(seconds=int((SATURDAY_NIGHT - Clock().now()).total_seconds()))
    stage = Stage.standard(Clock(offset).now)
    shutil.copy(ROOT / "rota.example.toml", folder / "rota.toml")
    async with serve(create_app(stage)) as address:
        settings = {
            "TELEGRAM_TOKEN": BOT_TOKEN,
            "TELEGRAM_API_URL": address,
            "X_API_URL": address,
            "X_CONSUMER_KEY": CONSUMER_KEY,
            "X_CONSUMER_SECRET": CONSUMER_SECRET,
            "X_POLL_S": "0.5",
            "HTTP_PORT": "0",
            "NOW_OFFSET_S": str(int(offset.total_seconds())),
        }
        for handle in ("TIM_Official", "TIM119Giulia"):
            settings[f"X_TOKEN_{handle.upper()}"] = token_of(handle)
            settings[f"X_TOKEN_SECRET_{handle.upper()}"] = secret_of(handle)
        here = CommandLine(folder, stage, address, settings)
        here.write_settings()
        try:
            yield here
        finally:
            for running in here.running:
                if running.process.returncode is None:
                    running.process.kill()
                    await running.process.wait()
                await asyncio.gather(*running.readers)
