"""The health page: 503 when a restart would help, 200 otherwise, whatever is down outside."""

import asyncio
import json
import socket
from datetime import datetime, timedelta
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session

from bot import __version__
from bot.app import import_rota
from bot.clock import HandClock
from bot.core.traffic import Traffic
from bot.errors import Misconfigured
from bot.store.db import Store
from bot.store.tables import Cursor
from bot.web import Calendars, Guard, Health, Metrics, served, web_app

ROTA = Path(__file__).parents[2] / "rota.example.toml"
# Saturday night in Rome, and the Monday morning after it, the office open for two hours.
NIGHT = datetime.fromisoformat("2026-11-28T21:00:00Z")
OFFICE = datetime.fromisoformat("2026-11-30T10:00:00Z")
ACCOUNTS = ("tim_official", "tim119giulia")


def good(session: Session, name: str, at: datetime, fails: int = 0) -> None:
    session.merge(Cursor(name=name, good_at=at, fails=fails))


@pytest.fixture
def clock() -> HandClock:
    return HandClock(NIGHT)


@pytest.fixture
def health(store: Store, clock: HandClock) -> Health:
    """A leader for an hour that hears everything."""
    import_rota(store, ROTA.read_text(encoding="utf-8"), "server", "test", NIGHT)
    for name in ("beat", "telegram", "x:TIM_Official", "x:TIM119Giulia"):
        store.run_now(good, name, NIGHT - timedelta(seconds=10))
    asked = Health(store, clock.now, ACCOUNTS, poll_every=timedelta(seconds=15))
    clock.advance(-timedelta(hours=1))
    asked.leads()
    clock.advance(timedelta(hours=1))
    return asked


async def test_all_is_well(health: Health) -> None:
    status, body = await health.report()
    assert status == 200
    assert body == {
        "ok": True,
        "role": "leader",
        "database": True,
        "x": {"TIM_Official": "2026-11-28T20:59:50Z", "TIM119Giulia": "2026-11-28T20:59:50Z"},
        "telegram": "2026-11-28T20:59:50Z",
        "version": __version__,
    }


@pytest.mark.parametrize("name", ["telegram", "x:TIM_Official"])
async def test_what_fails_outside_is_no_reason_to_restart(health: Health, store: Store, name: str) -> None:
    """And one or two failures that pass by are no reason to worry."""
    for fails, ok in ((1, True), (2, True), (3, False)):
        store.run_now(good, name, NIGHT - timedelta(seconds=10), fails=fails)
        status, body = await health.report()
        assert (status, body["ok"], body["database"]) == (200, ok, True)


@pytest.mark.parametrize(
    ("name", "silent_s", "ok"),
    [("x:TIM_Official", 315, True), ("x:TIM_Official", 316, False), ("telegram", 120, True), ("telegram", 121, False)],
)
async def test_silence_counts_as_failure(health: Health, store: Store, name: str, silent_s: int, *, ok: bool) -> None:
    store.run_now(good, name, NIGHT - timedelta(seconds=silent_s))
    status, body = await health.report()
    assert (status, body["ok"]) == (200, ok)


@pytest.mark.parametrize(("still_s", "status"), [(60, 200), (61, 503)])
async def test_a_loop_that_stands_still_wants_a_restart(
    health: Health, store: Store, still_s: int, status: int
) -> None:
    store.run_now(good, "beat", NIGHT - timedelta(seconds=still_s))
    found, body = await health.report()
    assert (found, body["ok"]) == (status, status == 200)


async def test_a_clock_set_back_hides_no_loop_that_stands_still(health: Health, store: Store, clock: HandClock) -> None:
    """Two days too fast at the start, then corrected: for two days nothing would have been called silent."""
    clock.advance(-timedelta(days=2))
    for name in ("beat", "telegram", "x:TIM_Official", "x:TIM119Giulia"):
        store.run_now(good, name, clock.now())
    assert (await health.report())[0] == 200
    clock.advance(timedelta(seconds=61))
    assert (await health.report())[0] == 503


async def test_office_hours_make_no_silence(health: Health, store: Store, clock: HandClock) -> None:
    """X is not read from opening to closing, so its last good poll grows old without anything being wrong."""
    clock.advance(OFFICE - NIGHT)
    for name in ("beat", "telegram"):
        store.run_now(good, name, OFFICE)
    assert (await health.report())[1]["ok"] is True


async def test_in_office_hours_x_may_fail_as_it_likes(health: Health, store: Store, clock: HandClock) -> None:
    """What was wrong at opening stays written down, and nobody asks X again before closing."""
    clock.advance(OFFICE - NIGHT)
    for name in ("beat", "telegram"):
        store.run_now(good, name, OFFICE)
    store.run_now(good, "x:TIM_Official", NIGHT, fails=30)
    assert (await health.report())[1]["ok"] is True
    always = Health(store, clock.now, ACCOUNTS, always=True)
    assert (await always.report())[1]["ok"] is False


async def test_closing_time_gives_x_a_moment(health: Health, store: Store, clock: HandClock) -> None:
    """The first poll of the evening may take a while after hours without any."""
    store.run_now(good, "x:TIM_Official", NIGHT - timedelta(hours=9))
    store.run_now(good, "x:TIM119Giulia", NIGHT - timedelta(hours=9))
    store.run_now(good, "office", NIGHT - timedelta(minutes=1))
    assert (await health.report())[1]["ok"] is True
    store.run_now(good, "office", NIGHT - timedelta(minutes=10))
    assert (await health.report())[1]["ok"] is False


async def test_a_standby_is_healthy_while_the_leader_is_not(health: Health, store: Store, clock: HandClock) -> None:
    """It has no tick of its own; that it stands ready is all one wants of it."""
    standby = Health(store, clock.now, ACCOUNTS)
    store.run_now(good, "beat", NIGHT - timedelta(hours=2))
    status, body = await standby.report()
    assert (status, body["role"]) == (200, "standby")


async def test_without_its_database_it_wants_a_restart(tmp_path: Path, clock: HandClock) -> None:
    store = Store.open(f"sqlite:///{tmp_path}/empty.db")
    health = Health(store, clock.now, ACCOUNTS)
    status, body = await health.report()
    store.close()
    assert status == 503
    assert body | {"version": ""} == {
        "ok": False,
        "role": "standby",
        "database": False,
        "x": {"tim_official": None, "tim119giulia": None},
        "telegram": None,
        "version": "",
    }


def fetch(port: int, path: str) -> tuple[int, Any]:
    connection = HTTPConnection("127.0.0.1", port, timeout=5)
    connection.request("GET", path)
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer.status, json.loads(body) if answer.getheader("content-type") == "application/json" else body


async def test_it_is_served_and_nothing_else_is(health: Health, store: Store, clock: HandClock) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    app = web_app(
        health, Metrics(store, health, Traffic(clock.now), clock.now), Guard(open=True), Calendars(store, clock.now)
    )
    async with served(app, "127.0.0.1", port) as at:
        assert at == port
        status, body = await asyncio.to_thread(fetch, port, "/healthz")
        assert (status, body["ok"]) == (200, True)
        assert (await asyncio.to_thread(fetch, port, "/metrics"))[0] == 200
        for path in ("/", "/calendar/x.ics"):
            assert (await asyncio.to_thread(fetch, port, path))[0] == 404


async def test_a_taken_port_is_said_plainly() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(Misconfigured, match=f"HTTP_PORT={port}.*in use.*HTTP_PORT=0"):
            async with served(None, "127.0.0.1", port):
                pass


async def test_port_0_serves_nothing() -> None:
    async with served(None, "127.0.0.1", 0) as port:
        assert port == 0
