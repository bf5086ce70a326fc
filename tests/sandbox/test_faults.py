"""Outages on order: what the rules do to real requests over a real socket, and what the record says of them."""

import asyncio
import random
from datetime import UTC, datetime

import aiohttp
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.sandbox.faults import Fault, Faults, Record
from bot.sandbox.server import serve

NOW = datetime(2026, 11, 21, 3, 10, tzinfo=UTC)


class House:
    """A small app that counts its work, behind Faults."""

    def __init__(self) -> None:
        self.worked = 0
        self.record = Record()
        app = Starlette(
            routes=[
                Route("/2/tweets", self.work, methods=["POST", "GET"]),
                Route("/bot{token}/sendMessage", self.work, methods=["POST"]),
                Route("/sandbox/state", self.work),
                Route("/hang", self.hang),
            ]
        )
        self.faults = Faults(app, self.record, lambda: NOW, random.Random(7))

    async def work(self, request: Request) -> Response:
        self.worked += 1
        body = await request.body()
        return JSONResponse({"length": len(body)}, status_code=201)

    async def hang(self, request: Request) -> Response:
        await asyncio.Event().wait()
        return Response()


@pytest.fixture
async def house():
    return House()


@pytest.fixture
async def url(house):
    async with serve(house.faults) as base_url:
        yield base_url


@pytest.fixture
async def session():
    async with aiohttp.ClientSession() as session:
        yield session


async def test_every_request_is_recorded_without_the_bots_token(house, url, session):
    await session.post(f"{url}/bot123:SECRET/sendMessage?a=1", json={"text": "ciao"})
    await session.post(f"{url}/2/tweets", data={"text": "ciao"})
    form = aiohttp.FormData({"chat_id": "7"})
    form.add_field("photo", b"\x89PNG", filename="rota.png")
    await session.post(f"{url}/bot123:SECRET/sendMessage", data=form)
    await session.get(f"{url}/sandbox/state")

    assert [(r.number, r.method, r.path, r.body, r.status) for r in house.record.requests] == [
        (1, "POST", "/bot/sendMessage", {"text": "ciao"}, 201),
        (2, "POST", "/2/tweets", {"text": "ciao"}, 201),
        (3, "POST", "/bot/sendMessage", {"chat_id": "7", "photo": {"file": "rota.png", "bytes": 4}}, 201),
    ]
    assert house.record.to_json(after=2)[0]["instant"] == "2026-11-21T03:10:00+00:00"
    assert "SECRET" not in str(house.record.to_json())
    assert len(house.record.of("POST /bot/*")) == 2


async def test_the_record_is_bounded():
    record = Record(length_max=3)
    for _ in range(5):
        record.add(NOW, "GET", "/2/tweets", {}, None)
    assert [r.number for r in record.requests] == [3, 4, 5]


async def test_a_status_answers_instead_of_the_app_as_often_as_told(house, url, session):
    house.faults.add(
        Fault("POST /2/tweets", times=2, status=429, headers={"x-rate-limit-reset": "now+60"}, body={"title": "Slow"})
    )
    statuses = []
    for _ in range(3):
        async with session.post(f"{url}/2/tweets", json={}) as answer:
            statuses.append(answer.status)
            if answer.status == 429:
                assert answer.headers["x-rate-limit-reset"] == str(int(NOW.timestamp()) + 60)
                assert await answer.json() == {"title": "Slow"}
    assert statuses == [429, 429, 201]
    assert house.worked == 1
    assert house.faults.to_json() == []
    assert house.record.requests[0].fault is not None


@pytest.mark.parametrize(("drop", "worked"), [("before", 0), ("after", 1)])
async def test_a_dropped_connection_gets_no_byte_of_answer(house, url, drop, worked):
    house.faults.add(Fault("POST /2/tweets", drop=drop))
    host, port = url.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(b"POST /2/tweets HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\n\r\n{}")
    try:
        answer = await reader.read()
    except ConnectionError:
        answer = b""
    writer.close()
    assert answer == b""
    assert house.worked == worked
    assert house.record.requests[0].status == "dropped"


async def test_after_work_the_work_is_done_and_the_answer_is_ours(house, url, session):
    house.faults.add(Fault("POST /2/tweets", status=503, body="<html>busy</html>", after_work=True))
    async with session.post(f"{url}/2/tweets", json={}) as answer:
        assert (answer.status, await answer.text()) == (503, "<html>busy</html>")
    assert house.worked == 1


async def test_a_delay_after_the_work_lets_the_client_give_up_on_what_was_done(house, url, session):
    house.faults.add(Fault("POST /2/tweets", delay_s=60, after_work=True))
    with pytest.raises(TimeoutError):
        await session.post(f"{url}/2/tweets", json={}, timeout=aiohttp.ClientTimeout(total=0.2))
    assert house.worked == 1


async def test_probability_is_drawn_from_the_seed(house, url, session):
    house.faults.add(Fault("GET /2/tweets", times=None, probability=0.5, status=500))
    expected = random.Random(7)
    for _ in range(20):
        async with session.get(f"{url}/2/tweets") as answer:
            assert answer.status == (500 if expected.random() < 0.5 else 201)


async def test_leaving_does_not_wait_for_open_long_polls(house, caplog):
    async with serve(house.faults) as base_url, aiohttp.ClientSession() as session:
        poll = asyncio.create_task(session.get(f"{base_url}/hang"))
        arrived = asyncio.Event()
        house.record.changed.append(arrived.set)
        await arrived.wait()
        started = asyncio.get_running_loop().time()
    with pytest.raises(aiohttp.ClientError):
        await poll
    assert asyncio.get_running_loop().time() - started < 1
    assert caplog.records == []


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "example.org", "::"])
async def test_only_loopback_is_served(host):
    with pytest.raises(ValueError, match="loopback"):
        async with serve(Starlette(), host=host):
            pass


@pytest.mark.parametrize(
    "value",
    [
        [],
        {},
        {"match": "GET /", "times": 0},
        {"match": "GET /", "probability": 2},
        {"match": "GET /", "status": "500"},
        {"match": "GET /", "drop": "now"},
        {"match": "GET /", "colour": "red"},
    ],
)
def test_a_wrong_rule_is_refused(value):
    with pytest.raises(ValueError, match="fault"):
        Fault.from_json(value)


def test_a_rule_survives_its_json():
    rule = Fault("POST /2/tweets", times=None, probability=0.3, status=402, headers={"a": "b"}, body={"t": 1})
    assert Fault.from_json(rule.to_json()) == rule
