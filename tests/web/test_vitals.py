"""Alive, and who hears of it: systemd after each written tick, the watcher elsewhere while the whole cycle works."""

import asyncio
import logging
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import Session

from bot.app import import_rota
from bot.clock import HandClock
from bot.heartbeat import Heartbeat
from bot.service_manager import ServiceManager
from bot.store.db import Store
from bot.store.tables import Cursor, OutboxRow
from bot.vitals import WELL, Vitals
from bot.web import Health

ROTA = Path(__file__).parents[2] / "rota.example.toml"
NIGHT = datetime.fromisoformat("2026-11-28T21:00:00Z")
OFFICE = datetime.fromisoformat("2026-11-30T10:00:00Z")
S, M, H = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)


class Watcher:
    """A watcher elsewhere, on loopback: it writes down what it is asked and answers as told."""

    def __init__(self) -> None:
        self.answer: bytes | None = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nOK"
        self.asked: list[str] = []
        self.url = ""
        self.called = asyncio.Event()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.asked.append((await reader.readuntil(b"\r\n\r\n")).decode().split(" HTTP")[0])
        self.called.set()
        if self.answer is not None:
            writer.write(self.answer)
            writer.close()


@asynccontextmanager
async def watcher() -> AsyncIterator[Watcher]:
    here = Watcher()
    server = await asyncio.start_server(here.serve, "127.0.0.1", 0)
    here.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/ping/canary-5f1e"
    yield here
    server.close()


@pytest.fixture
def clock() -> HandClock:
    return HandClock(NIGHT)


@pytest.fixture
def quick_store(sqlite_template: Path, tmp_path: Path) -> Store:
    path = tmp_path / "reperibile.db"
    path.write_bytes(sqlite_template.read_bytes())
    return Store.open(f"sqlite:///{path}")


@pytest.fixture
def health(quick_store: Store, clock: HandClock) -> Health:
    """A leader for an hour; every reader had an answer ten seconds ago."""
    import_rota(quick_store, ROTA.read_text(encoding="utf-8"), "server", "test", NIGHT)
    for name in ("beat", "telegram", "x:TIM_Official"):
        quick_store.run_now(sign, name, NIGHT - 10 * S)
    asked = Health(quick_store, clock.now, ("tim_official",), poll_every=15 * S)
    clock.advance(-H)
    asked.leads()
    clock.advance(H)
    return asked


def sign(session: Session, name: str, at: datetime | None, fails: int = 0) -> None:
    session.merge(Cursor(name=name, good_at=at, fails=fails))


def page(session: Session, waits: timedelta) -> None:
    at = NIGHT - waits
    session.add(OutboxRow(key="p", kind="page", person="giulia", silent=False, due_at=NIGHT + M, made_at=at))


def nothing(session: Session) -> None: ...


@pytest.mark.parametrize(
    ("break_it", "wrong"),
    [
        pytest.param(nothing, (), id="nothing"),
        pytest.param(lambda s: sign(s, "beat", NIGHT - 61 * S), ("the loop stands still",), id="no tick"),
        pytest.param(lambda s: sign(s, "beat", None), ("the loop stands still",), id="no tick ever"),
        pytest.param(lambda s: sign(s, "x:TIM_Official", NIGHT - 316 * S), ("X is not read",), id="X is silent"),
        pytest.param(lambda s: sign(s, "x:TIM_Official", NIGHT - S, 3), ("X is not read",), id="X fails"),
        pytest.param(lambda s: sign(s, "x:TIM_Official", NIGHT - S, 2), (), id="X fails for a moment"),
        pytest.param(lambda s: sign(s, "x:TIM_Official", None), ("X is not read",), id="X was never read"),
        pytest.param(lambda s: sign(s, "telegram", NIGHT - 121 * S), ("Telegram does not answer",), id="no phones"),
        pytest.param(lambda s: sign(s, "telegram", NIGHT - 2 * H), ("Telegram does not answer",), id="heard before"),
        pytest.param(lambda s: page(s, 5 * M + S), ("pages do not leave",), id="a page is stuck"),
        pytest.param(lambda s: page(s, 5 * M), (), id="a page waits a little"),
    ],
)
async def test_one_part_that_does_not_work_keeps_the_heartbeat_back(
    health: Health, quick_store: Store, break_it: Callable[[Session], None], wrong: tuple[str, ...]
) -> None:
    quick_store.run_now(break_it)
    async with watcher() as elsewhere:
        assert await Vitals(health, ServiceManager(""), Heartbeat(elsewhere.url)).look() == wrong
        assert elsewhere.asked == ([] if wrong else ["GET /ping/canary-5f1e"])


async def test_in_office_hours_x_is_not_missed(health: Health, quick_store: Store, clock: HandClock) -> None:
    clock.advance(OFFICE - NIGHT)
    for name in ("beat", "telegram"):
        quick_store.run_now(sign, name, OFFICE)
    assert await health.not_working() == ()


async def test_standbys_and_broken_databases_call_nobody(quick_store: Store, clock: HandClock, tmp_path: Path) -> None:
    standby = Health(quick_store, clock.now, ("tim_official",))
    broken = Health(Store.open(f"sqlite:///{tmp_path}/no_tables.db"), clock.now, ("tim_official",))
    async with watcher() as elsewhere:
        for asked in (standby, broken):
            assert await Vitals(asked, ServiceManager(""), Heartbeat(elsewhere.url)).look() != ()
        assert elsewhere.asked == []


async def test_without_a_tick_nothing_is_said(health: Health) -> None:
    """The loop that ticks is the one that is vouched for."""
    async with watcher() as elsewhere:
        vitals = Vitals(health, ServiceManager(""), Heartbeat(elsewhere.url))
        keeping = asyncio.create_task(vitals.keep())
        await asyncio.sleep(0)
        assert elsewhere.asked == []
        vitals.ticked()
        await elsewhere.called.wait()
        vitals.ticked()
        for _ in range(20):
            await asyncio.sleep(0)
        assert len(elsewhere.asked) == 1, "at most once a minute"
        keeping.cancel()


async def test_a_watcher_that_does_not_answer_is_said_once(caplog: pytest.LogCaptureFixture) -> None:
    """And nothing of its address: whoever knows it can say that all is well."""
    caplog.set_level(logging.INFO, logger="reperibile")
    async with watcher() as elsewhere:
        heartbeat = Heartbeat(elsewhere.url, timeout_s=0.05)
        well = elsewhere.answer
        for bad in (b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", None, b"nonsense\r\n\r\n"):
            elsewhere.answer = bad
            assert not await heartbeat.beat()
        elsewhere.answer = f"HTTP/1.1 302 Found\r\nLocation: {elsewhere.url}\r\nContent-Length: 0\r\n\r\n".encode()
        count = len(elsewhere.asked)
        assert not await heartbeat.beat()
        assert len(elsewhere.asked) == count + 1, "no redirect is followed"
        elsewhere.answer = well
        assert await heartbeat.beat()
    assert not await Heartbeat("http://127.0.0.1:9/canary-5f1e").beat()
    said = [record.getMessage() for record in caplog.records if record.name == "reperibile.heartbeat"]
    assert [("404" in text, "again" in text) for text in said] == [(True, False), (False, True), (False, False)]
    assert "canary" not in " ".join(said)


@pytest.mark.parametrize("abstract", [False, True])
async def test_systemd_hears_ready_alive_and_stopping(health: Health, tmp_path: Path, *, abstract: bool) -> None:
    name = f"@reperibile-{tmp_path.name}-{id(health)}" if abstract else f"{tmp_path}/notify"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
        listener.setblocking(False)
        listener.bind("\0" + name[1:] if abstract else name)
        manager = ServiceManager(name)
        vitals = Vitals(health, manager, None)
        for _ in range(2):
            vitals.ticked()
        for _ in range(2):
            await vitals.look()
        manager.stopping()
        heard = [listener.recv(4096).decode() for _ in range(5)]
        assert heard == [
            "READY=1\nSTATUS=on call",
            "WATCHDOG=1",
            "WATCHDOG=1",
            f"STATUS={WELL}",
            "STOPPING=1\nSTATUS=stopping",
        ]
        with pytest.raises(BlockingIOError):
            listener.recv(1)


def test_a_systemd_that_is_not_there_is_no_trouble(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    for address in ("", f"{tmp_path}/nobody"):
        manager = ServiceManager(address)
        for _ in range(3):
            manager.alive()
    assert len(caplog.records) == 1
