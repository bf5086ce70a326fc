"""The stand-in Telegram over bare HTTP: what stands on the phones, which bodies it takes, how polling goes.

What it answers and refuses, method by method, stands in test_telegram_contract.py and test_telegram_refusals.py.
"""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette

from bot.clock import HandClock
from bot.sandbox.server import serve
from bot.sandbox.telegram import TelegramWorld, telegram_routes

ANNA, STRANGER = 101, 666
START = datetime(2026, 11, 28, 3, 10, tzinfo=UTC)


class Api:
    """A bare HTTP client of the Bot API: no library between the test and the stand-in."""

    def __init__(self, world: TelegramWorld, client: httpx.AsyncClient) -> None:
        self._world, self._client = world, client

    async def __call__(self, method: str, **parameters: Any) -> dict[str, Any]:
        answer = await self._client.post(f"/bot{self._world.token}/{method}", json=parameters)
        body: dict[str, Any] = answer.json()
        assert answer.status_code == (200 if body["ok"] else body["error_code"])
        return body

    async def refused(self, method: str, **parameters: Any) -> tuple[int, str]:
        body = await self(method, **parameters)
        assert body["ok"] is False
        return body["error_code"], body["description"]


@pytest.fixture
def clock() -> HandClock:
    return HandClock(START)


@pytest.fixture
def world(clock: HandClock) -> TelegramWorld:
    world = TelegramWorld(clock.now)
    world.add_person(ANNA, "Anna", "it")
    world.types(ANNA, "/start")
    world.updates.clear()
    return world


@pytest.fixture
async def client(world: TelegramWorld) -> AsyncIterator[httpx.AsyncClient]:
    async with (
        serve(Starlette(routes=list(telegram_routes(world)))) as base_url,
        httpx.AsyncClient(base_url=base_url, trust_env=False, timeout=20) as client,
    ):
        yield client


@pytest.fixture
def api(world: TelegramWorld, client: httpx.AsyncClient) -> Api:
    return Api(world, client)


def button(data: str, **more: Any) -> dict[str, Any]:
    return {"inline_keyboard": [[{"text": "Claim", "callback_data": data, **more}]]}


async def test_a_sent_message_stands_on_the_phone(api: Api, world: TelegramWorld) -> None:
    sent = (
        await api(
            "sendMessage",
            chat_id=ANNA,
            text="🔴 #42",
            entities=[{"type": "bold", "offset": 0, "length": 2}],
            reply_markup=button("claim:42", style="danger"),
            protect_content=True,
            link_preview_options={"is_disabled": True},
        )
    )["result"]

    shown = world.chat(ANNA)[-1]
    assert (shown.message_id, shown.text, shown.from_bot, shown.rang, shown.edited) == (
        sent["message_id"],
        "🔴 #42",
        True,
        True,
        False,
    )
    assert shown.button_data == ["claim:42"]
    assert shown.protected
    assert shown.link_preview == {"is_disabled": True}
    assert world.as_json()["phones"][0]["messages"][-1]["buttons"][0][0] == {
        "label": "Claim",
        "data": "claim:42",
        "url": "",
        "style": "danger",
    }


async def test_a_silent_message_and_an_edit_do_not_ring(api: Api, world: TelegramWorld) -> None:
    await api("sendMessage", chat_id=ANNA, text="digest", disable_notification=True)
    shown = world.chat(ANNA)[-1]
    assert not shown.rang

    await api("editMessageText", chat_id=ANNA, message_id=shown.message_id, text="digest, later")

    shown = world.chat(ANNA)[-1]
    assert (shown.text, shown.edited, shown.rang) == ("digest, later", True, False)


@pytest.mark.parametrize("text", ["x" * 4096, "😀" * 2048])
async def test_the_longest_text_is_taken(api: Api, text: str) -> None:
    assert (await api("sendMessage", chat_id=ANNA, text=text))["ok"]


@pytest.mark.parametrize("data", ["x", "x" * 64, "è" * 32])
async def test_callback_data_of_1_to_64_bytes_is_taken(api: Api, data: str) -> None:
    assert (await api("sendMessage", chat_id=ANNA, text="x", reply_markup=button(data)))["ok"]


async def test_an_edit_without_a_keyboard_takes_it_away(api: Api, world: TelegramWorld) -> None:
    sent = (await api("sendMessage", chat_id=ANNA, text="x", reply_markup=button("claim:1")))["result"]["message_id"]
    await api("editMessageReplyMarkup", chat_id=ANNA, message_id=sent, reply_markup=button("claim:2"))
    assert world.chat(ANNA)[-1].button_data == ["claim:2"]

    await api("editMessageText", chat_id=ANNA, message_id=sent, text="y")

    assert world.chat(ANNA)[-1].buttons == []


async def test_a_wrong_token_and_an_unknown_method(client: httpx.AsyncClient, world: TelegramWorld) -> None:
    assert (await client.get("/bot1:wrong/getMe")).json() == {
        "ok": False,
        "error_code": 401,
        "description": "Unauthorized",
    }
    assert (await client.get(f"/bot{world.token}/sendPigeon")).status_code == 404


@pytest.mark.parametrize("body", ["query", "json", "form", "multipart"])
async def test_every_kind_of_body_is_taken(client: httpx.AsyncClient, world: TelegramWorld, body: str) -> None:
    path = f"/bot{world.token}/SENDmessage"
    entities = '[{"type": "bold", "offset": 0, "length": 2}]'
    values = {"chat_id": str(ANNA), "text": "è\n&=+", "entities": entities, "disable_notification": "true"}
    if body == "query":
        answer = await client.get(path, params=values)
    elif body == "json":
        answer = await client.post(path, json=values)
    elif body == "form":
        answer = await client.post(path, data=values)
    else:
        answer = await client.post(path, files={name: (None, value) for name, value in values.items()})

    assert answer.status_code == 200, answer.text
    shown = world.chat(ANNA)[-1]
    assert (shown.text, shown.silent, len(shown.entities)) == ("è\n&=+", True, 1)


async def test_a_poll_wakes_at_once_when_something_comes(api: Api, world: TelegramWorld) -> None:
    loop = asyncio.get_running_loop()
    poll = asyncio.create_task(api("getUpdates", timeout=30))
    await world.updates.listening.wait()
    started = loop.time()

    world.types(ANNA, "/claim 42 subito")

    (update,) = (await poll)["result"]
    assert loop.time() - started < 5
    assert update["message"]["text"] == "/claim 42 subito"
    assert update["message"]["entities"] == [{"type": "bot_command", "offset": 0, "length": 6}]


async def test_updates_come_again_until_confirmed(api: Api, world: TelegramWorld) -> None:
    for text in ("one", "two", "three"):
        world.types(ANNA, text)

    first = (await api("getUpdates"))["result"]
    again = (await api("getUpdates", offset=first[0]["update_id"]))["result"]
    rest = (await api("getUpdates", offset=first[1]["update_id"] + 1))["result"]

    assert [update["message"]["text"] for update in first] == ["one", "two", "three"]
    assert again == first
    assert rest == first[2:]
    assert (await api("getUpdates"))["result"] == rest


async def test_the_newer_poll_ends_the_older(api: Api, world: TelegramWorld) -> None:
    older = asyncio.create_task(api("getUpdates", timeout=30))
    await world.updates.listening.wait()

    newer = asyncio.create_task(api("getUpdates", timeout=30))

    body = await older
    assert body["error_code"] == 409
    assert body["description"].startswith("Conflict: terminated by other getUpdates request")
    await world.updates.listening.wait()
    world.types(ANNA, "still heard")
    assert len((await newer)["result"]) == 1


async def test_only_wanted_kinds_are_kept(api: Api, world: TelegramWorld) -> None:
    await api("getUpdates", allowed_updates=["callback_query"])
    world.types(ANNA, "unheard")
    world.presses(ANNA, 1, "claim:1")
    (update,) = (await api("getUpdates"))["result"]
    assert update["callback_query"]["data"] == "claim:1"


async def test_a_press_pops_up_an_answer_unless_it_comes_late(api: Api, world: TelegramWorld, clock: HandClock) -> None:
    sent = (await api("sendMessage", chat_id=ANNA, text="x", reply_markup=button("claim:1")))["result"]["message_id"]
    press = world.presses(ANNA, sent, "claim:1")
    clock.advance(timedelta(seconds=15))
    assert (await api("answerCallbackQuery", callback_query_id=press, text="Yours", show_alert=True))["ok"]
    (popup,) = world.popups(ANNA)
    assert (popup.text, popup.alert) == ("Yours", True)

    late = world.presses(ANNA, sent, "claim:1")
    clock.advance(timedelta(seconds=16))
    status, words = await api.refused("answerCallbackQuery", callback_query_id=late)
    assert (status, words[:31]) == (400, "Bad Request: query is too old a")


async def test_a_reply_shows_the_message_and_its_buttons(api: Api, world: TelegramWorld) -> None:
    card = (await api("sendMessage", chat_id=ANNA, text="card", reply_markup=button("claim:1")))["result"]["message_id"]
    world.types(ANNA, "we are on it", reply_to=card)
    world.edits(ANNA, card + 1, "we are on it!")
    world.sends(ANNA, "voice")

    reply, edited, voice = (await api("getUpdates"))["result"]

    replied = reply["message"]["reply_to_message"]
    assert replied["from"]["id"] == world.bot_id
    assert replied["reply_markup"] == button("claim:1")
    assert edited["edited_message"]["text"] == "we are on it!"
    assert "edit_date" in edited["edited_message"]
    assert "voice" in voice["message"]


async def test_groups_come_and_go(api: Api, world: TelegramWorld) -> None:
    team = -100500
    world.group(team, "Night team")
    assert (await api.refused("sendMessage", chat_id=team, text="x"))[0] == 403
    world.adds_bot(team, ANNA)
    world.privacy_mode = False
    world.types_in_group(team, ANNA, "ciao")
    world.types_in_group(team, ANNA, "boo", anonymous=True)
    assert (await api("sendMessage", chat_id=team, text="x"))["ok"]

    world.becomes_supergroup(team, -1001234567890)
    moved = await api("sendMessage", chat_id=team, text="x")
    assert moved["parameters"] == {"migrate_to_chat_id": -1001234567890}
    assert (await api("leaveChat", chat_id=-1001234567890))["ok"]

    joined, came, said, anonymous, moved_away, moved_here, left = (await api("getUpdates"))["result"]
    assert joined["my_chat_member"]["new_chat_member"]["status"] == "member"
    assert came["message"]["new_chat_members"][0]["id"] == world.bot_id
    assert said["message"]["from"]["id"] == ANNA
    assert anonymous["message"]["sender_chat"]["id"] == team
    assert (moved_away["message"]["chat"]["id"], moved_away["message"]["migrate_to_chat_id"]) == (team, -1001234567890)
    assert (moved_here["message"]["chat"]["id"], moved_here["message"]["migrate_from_chat_id"]) == (
        -1001234567890,
        team,
    )
    assert left["my_chat_member"]["new_chat_member"]["status"] == "left"


async def test_the_page_hears_of_every_change(api: Api, world: TelegramWorld) -> None:
    heard: list[int] = []
    world.changed.append(heard.append)
    sent = (await api("sendMessage", chat_id=ANNA, text="x"))["result"]["message_id"]
    await api("editMessageText", chat_id=ANNA, message_id=sent, text="y")
    await api("setMessageReaction", chat_id=ANNA, message_id=sent, reaction=[{"type": "emoji", "emoji": "👀"}])
    assert world.chat(ANNA)[-1].reaction == "👀"
    await api("deleteMessage", chat_id=ANNA, message_id=sent)
    assert heard == [ANNA] * 4
    assert world.find(ANNA, sent) is None


async def test_webhook_and_commands(api: Api, world: TelegramWorld) -> None:
    world.types(ANNA, "x")
    assert (await api("getWebhookInfo"))["result"]["pending_update_count"] == 1
    await api("deleteWebhook", drop_pending_updates=True)
    assert (await api("getWebhookInfo"))["result"] == {
        "url": "",
        "has_custom_certificate": False,
        "pending_update_count": 0,
    }
    await api("setMyCommands", commands=[{"command": "who", "description": "On duty"}], language_code="en")
    assert world.commands[('{"type": "default"}', "en")] == [{"command": "who", "description": "On duty"}]
    assert (await api("getChat", chat_id=ANNA))["result"]["type"] == "private"


def test_a_phone_that_blocks_the_bot_cannot_type(world: TelegramWorld) -> None:
    world.blocks(ANNA)
    with pytest.raises(ValueError, match="blocked"):
        world.types(ANNA, "x")


async def test_half_a_character_does_not_stop_the_queue(api: Api, world: TelegramWorld) -> None:
    world.types(ANNA, "a\ud83d")
    (update,) = (await api("getUpdates"))["result"]
    assert update["message"]["text"] == "a\ufffd"
