"""Fixtures of the command line's tests."""

import asyncio
import shutil
import sys
import threading
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlmodel import Session

sys.path.insert(0, str(Path(__file__).parent))

from command_line import CommandLine, command_line

from bot.sandbox.faults import Fault
from bot.sandbox.stage import PEOPLE
from bot.store import people
from bot.store.db import Store

# Answers a long poll at once: `check` listens for four seconds whether somebody else does.
SILENCE = Fault("* /bot/getUpdates", times=None, status=200, body={"ok": True, "result": []})


@pytest.fixture
async def outside(tmp_path: Path) -> AsyncIterator[CommandLine]:
    """A folder with settings and a rota, in front of the stand-ins, on a Saturday night; for processes."""
    async with command_line(tmp_path) as here:
        yield here


@pytest.fixture(scope="module")
def elsewhere() -> Iterator[asyncio.AbstractEventLoop]:
    """A loop in a thread of its own, so that commands may run loops of theirs in this one."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="stage", daemon=True)
    thread.start()
    yield loop
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()


@pytest.fixture
def shell(tmp_path: Path, elsewhere: asyncio.AbstractEventLoop) -> Iterator[CommandLine]:
    """The same for commands inside this process: the stage plays in another thread."""
    stage = command_line(tmp_path)
    here = asyncio.run_coroutine_threadsafe(stage.__aenter__(), elsewhere).result(30)
    here.stage.add_faults(SILENCE)
    yield here
    asyncio.run_coroutine_threadsafe(stage.__aexit__(None, None, None), elsewhere).result(30)


@pytest.fixture(scope="session")
def everybody_linked(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database in which every phone is linked, on an evening before the first start."""
    path = tmp_path_factory.mktemp("linked") / "reperibile.db"
    shutil.copy(sqlite_template, path)
    path.chmod(0o600)

    def link(session: Session) -> None:
        for person, (user_id, _) in PEOPLE.items():
            people.link(session, person, user_id, datetime(2026, 11, 1, tzinfo=UTC), confirmed=True)

    store = Store.open(f"sqlite:///{path}")
    store.run_now(link)
    store.close()
    return path


@pytest.fixture
def ready(shell: CommandLine, everybody_linked: Path) -> CommandLine:
    """Everything as it is on a good evening: every phone linked, and nobody else listens."""
    shutil.copy(everybody_linked, shell.folder / "reperibile.db")
    return shell
