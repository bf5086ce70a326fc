"""The service as a child process: started quickly by victim.py, or as the installed command."""

import asyncio
import json
import sys
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Protocol

ROOT = Path(__file__).resolve().parents[2]


class Starter(Protocol):
    """Starts the service as a process of its own."""

    async def start(self, spec: dict[str, Any]) -> tuple[int, "asyncio.Future[int]"]: ...


class InstalledCommand:
    """`reperibile run` itself, as it is installed: tells of no boundary, and takes its time to start."""

    async def start(self, spec: dict[str, Any]) -> tuple[int, "asyncio.Future[int]"]:
        """The process id, and a future with its exit code (negative: the signal)."""
        log = Path(spec["log"])
        with log.open("ab") as error:  # noqa: ASYNC230 - a local file, opened once a start
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "bot",
                "run",
                env={**spec["environ"], "PYTHONPATH": str(ROOT)},
                cwd=log.parent,
                stderr=error,
            )
        return process.pid, asyncio.ensure_future(process.wait())


class Launcher:
    """Starts services quickly; victim.py at work."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._told: dict[str, asyncio.Future[int]] = {}
        self._reading = asyncio.create_task(self._read())

    async def start(self, spec: dict[str, Any]) -> tuple[int, "asyncio.Future[int]"]:
        """The process id, and a future with its exit code (negative: the signal)."""
        loop = asyncio.get_running_loop()
        name = uuid.uuid4().hex
        born: asyncio.Future[int] = loop.create_future()
        gone: asyncio.Future[int] = loop.create_future()
        self._told[f"{name} pid"], self._told[f"{name} exit"] = born, gone
        assert self._process.stdin is not None
        self._process.stdin.write((json.dumps({**spec, "id": name}) + "\n").encode())
        return await born, gone

    async def close(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        await self._process.wait()
        await self._reading

    async def _read(self) -> None:
        assert self._process.stdout is not None
        async for line in self._process.stdout:
            words = json.loads(line)
            name = words.pop("id")
            for what, value in words.items():
                told = self._told.pop(f"{name} {what}")
                if not told.done():
                    told.set_result(value)
        for told in self._told.values():
            if not told.done():
                told.set_exception(RuntimeError("the launcher of the services ended"))


@asynccontextmanager
async def launcher() -> AsyncIterator[Launcher]:
    """One launcher for many nights."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        str(Path(__file__).with_name("victim.py")),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    one = Launcher(process)
    try:
        yield one
    finally:
        await one.close()
