"""The failure table of the Telegram door, row by row, over a real connection; and the token is in none of it."""

import asyncio
import logging
import socket
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from bot.core.message import Message
from bot.errors import DoorError, InDoubt, Permanent, Temporary
from bot.sandbox.faults import Fault
from bot.telegram.door import TelegramDoor

if TYPE_CHECKING:
    from conftest import Stage

PAGE = Message("🔴 #42")


def refusal(status: int, description: str, **parameters: int) -> dict[str, Any]:
    body: dict[str, Any] = {"ok": False, "error_code": status, "description": description}
    if parameters:
        body["parameters"] = parameters
    return {"status": status, "body": body}


Case = tuple[str, dict[str, Any], type[DoorError], type[DoorError], str]

TABLE: list[Case] = [
    ("429", refusal(429, "Too Many Requests: retry after 7", retry_after=7), Temporary, Temporary, "flood"),
    ("429 without a time", refusal(429, "Too Many Requests"), Temporary, Temporary, "flood"),
    ("429 without a body", {"status": 429}, Temporary, Temporary, "flood"),
    ("403", refusal(403, "Forbidden: bot was blocked by the user"), Permanent, Permanent, "unreachable"),
    ("400 no chat", refusal(400, "Bad Request: chat not found"), Permanent, Permanent, "unreachable"),
    ("400", refusal(400, "Bad Request: message text is empty"), Permanent, Permanent, "bad_request"),
    ("400 moved", refusal(400, "Bad Request: x", migrate_to_chat_id=-100123), Temporary, Temporary, "chat_migrated"),
    ("401", refusal(401, "Unauthorized"), Temporary, Temporary, "unauthorized"),
    ("404", refusal(404, "Not Found"), Temporary, Temporary, "unauthorized"),
    ("409", refusal(409, "Conflict: terminated by other getUpdates"), Temporary, Temporary, "conflict"),
    ("500", refusal(500, "Internal Server Error"), InDoubt, Temporary, "lost_answer"),
    ("502 in HTML", {"status": 502, "body": "<html>nginx</html>"}, InDoubt, Temporary, "lost_answer"),
    ("504 without a body", {"status": 504}, InDoubt, Temporary, "lost_answer"),
    ("503 that is a list", {"status": 503, "body": ["x"]}, InDoubt, Temporary, "lost_answer"),
    ("200 in HTML", {"status": 200, "body": "<html>log in to this hotel</html>"}, InDoubt, Temporary, "lost_answer"),
    ("200 without a result", {"status": 200, "body": {"ok": True}}, InDoubt, Temporary, "lost_answer"),
    ("200 of another shape", {"status": 200, "body": {"ok": True, "result": 7}}, InDoubt, Temporary, "lost_answer"),
    ("200 that is a list", {"status": 200, "body": []}, InDoubt, Temporary, "lost_answer"),
    ("dropped before the work", {"drop": "before"}, InDoubt, Temporary, "lost_answer"),
    ("dropped after the work", {"drop": "after"}, InDoubt, Temporary, "lost_answer"),
]


@pytest.mark.parametrize("row", TABLE, ids=[row[0] for row in TABLE])
async def test_a_row_of_the_table(stage: "Stage", row: Case) -> None:
    _, fault, sending, asking, reason = row
    stage.faults.add(Fault("*", times=None, **fault))
    card = (stage.anna, 1)
    asked: list[tuple[Callable[[], Awaitable[object]], type[DoorError]]] = [
        (lambda: stage.door.send(stage.anna, PAGE), sending),
        (lambda: stage.door.updates(None, 0), asking),
        (stage.door.me, asking),
    ]
    if reason != "lost_answer" or fault.get("status", 0) != 200:  # their results are of no interest to the door
        asked.append((lambda: stage.door.delete(*card), sending))
        asked.append((lambda: stage.door.edit(*card, PAGE), sending))

    for number, (ask, expected) in enumerate(asked, 1):
        with pytest.raises(DoorError) as raised:
            await ask()
        assert (type(raised.value), raised.value.reason) == (expected, reason)
        assert len(stage.record.requests) == number, "one request per wish, no hidden retry"
        if reason == "chat_migrated":
            assert int(raised.value.detail) == -100123
        if isinstance(raised.value, Temporary):
            assert raised.value.after == (timedelta(seconds=7) if row[0] == "429" else None)


async def test_a_read_time_out_leaves_a_send_in_doubt_and_it_was_done(stage: "Stage") -> None:
    door = TelegramDoor(stage.world.token, stage.base_url, timeout_s=0.2)
    stage.faults.add(Fault("*", times=None, after_work=True, delay_s=30))
    with pytest.raises(InDoubt) as sending:
        await door.send(stage.anna, PAGE)
    with pytest.raises(Temporary) as asking:
        await door.updates(None, 0)
    assert (sending.value.reason, asking.value.reason) == ("lost_answer", "lost_answer")
    assert stage.world.chat(stage.anna)[-1].text == PAGE.text
    await door.close()


@pytest.mark.parametrize("broken", ["refused", "dns", "tls", "connect time-out"])
async def test_without_a_connection_nothing_was_sent(stage: "Stage", broken: str) -> None:
    with (
        socket.create_server(("127.0.0.1", 0), backlog=0) as full,
        socket.socket() as one,
        socket.socket() as two,
        socket.socket() as unheard,
    ):
        for client in (one, two):
            client.setblocking(False)
            client.connect_ex(full.getsockname())
        unheard.bind(("127.0.0.1", 0))
        base = {
            "refused": f"http://127.0.0.1:{unheard.getsockname()[1]}",
            "dns": "http://nobody.invalid",
            "tls": stage.base_url.replace("http", "https"),
            "connect time-out": f"http://127.0.0.1:{full.getsockname()[1]}",
        }
        door = TelegramDoor("7:x", base[broken], timeout_s=0.2 if broken == "connect time-out" else 2)
        asked = [door.send(1, PAGE), door.updates(None, 0), door.me(), door.edit(1, 1, PAGE), door.delete(1, 1)]
        for outcome in await asyncio.gather(*asked, return_exceptions=True):
            assert isinstance(outcome, Temporary)
            assert outcome.reason == "not_sent"
        await door.close()


@pytest.mark.parametrize(
    ("told", "after"),
    [(7, timedelta(seconds=7)), (-5, timedelta()), (10**12, timedelta(days=1)), ("soon", None)],
    ids=["7 seconds", "the past", "30,000 years", "a word"],
)
async def test_a_wait_is_kept_within_reason(stage: "Stage", told: object, after: timedelta | None) -> None:
    """A phone must not fall silent for good, nor be asked again at once for ever, over one number."""
    body = {"ok": False, "error_code": 429, "description": "Too Many Requests", "parameters": {"retry_after": told}}
    stage.faults.add(Fault("*", status=429, body=body))
    with pytest.raises(DoorError) as raised:
        await stage.door.send(stage.anna, PAGE)
    assert getattr(raised.value, "after", None) == after


async def test_a_group_that_moved_nowhere_is_refused(stage: "Stage") -> None:
    stage.faults.add(Fault("*", status=400, body={"ok": False, "parameters": {"migrate_to_chat_id": "elsewhere"}}))
    with pytest.raises(Permanent):
        await stage.door.send(stage.anna, PAGE)


async def test_not_modified_is_success(stage: "Stage") -> None:
    """The message says so already; whoever edits it again must not be told that it failed."""
    number = await stage.door.send(stage.anna, PAGE)
    await stage.door.edit(stage.anna, number, PAGE)
    stage.faults.add(Fault("*", **refusal(400, "Bad Request: message is not modified: reply markup are the same")))
    await stage.door.edit(stage.anna, number, PAGE)


async def test_waiting_for_a_free_connection_sent_nothing(stage: "Stage") -> None:
    """A crowd larger than the pool, against a Telegram that answers nobody: the rest never left the house."""
    door = TelegramDoor(stage.world.token, stage.base_url, timeout_s=0.3)
    stage.faults.add(Fault("*", times=None, delay_s=30))
    outcomes = await asyncio.gather(*(door.send(stage.anna, PAGE) for _ in range(24)), return_exceptions=True)
    reasons = {(type(outcome), getattr(outcome, "reason", "")) for outcome in outcomes}
    assert reasons == {(InDoubt, "lost_answer"), (Temporary, "not_sent")}
    assert len(stage.record.requests) == 16
    await door.close()


async def test_blocked_and_never_started_phones_are_unreachable(stage: "Stage") -> None:
    stage.world.add_person(5, "Never Started")
    stage.world.blocks(stage.anna)
    for chat_id in (5, stage.anna, 404):
        with pytest.raises(Permanent) as raised:
            await stage.door.send(chat_id, PAGE)
        assert raised.value.reason == "unreachable"


async def test_a_group_that_moved_names_its_new_id(stage: "Stage") -> None:
    stage.world.group(-5, "Team")
    stage.world.adds_bot(-5, stage.anna)
    stage.world.becomes_supergroup(-5, -1001)
    with pytest.raises(Temporary) as raised:
        await stage.door.send(-5, PAGE)
    assert (raised.value.reason, raised.value.detail) == ("chat_migrated", "-1001")


async def test_the_token_is_in_no_log_no_error_and_no_repr(stage: "Stage", caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    token = stage.world.token
    door = TelegramDoor(token, stage.base_url, timeout_s=1)
    said = [repr(door), str(door), repr(vars(door)["_bot"])]
    echo = f"proxy error for /bot{token}/sendMessage"
    stage.faults.add(Fault("*", body=echo, status=502), Fault("*", **refusal(400, echo)), Fault("*", drop="before"))
    for _ in range(3):
        with pytest.raises(DoorError) as raised:
            await door.send(stage.anna, PAGE)
        said += [repr(raised.value), str(raised.value), str(raised.getrepr(style="native"))]
    await door.send(stage.anna, PAGE)
    await door.me()
    stage.faults.add(Fault("*", body=echo, status=200), Fault("*", **refusal(400, echo)))
    await door.answer("1")
    await door.react(1, 1, "👀")
    await door.close()

    assert "telegram answer" in caplog.text
    secret = token.partition(":")[2]
    # The stand-in runs in this process too, but only the client's side writes addresses.
    assert [text for text in (*said, caplog.text) if secret in text] == []
