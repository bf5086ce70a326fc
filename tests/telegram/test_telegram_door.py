"""The Telegram door against the stand-in: what is sent stands on the phone, what is done there is read."""

import asyncio
import logging
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from bot.core.incoming import Pressed, Reach, RepliedTo, Wrote
from bot.core.message import Button, Draft, Message
from bot.errors import Permanent, Temporary
from bot.sandbox.faults import Fault
from bot.telegram.door import TelegramDoor

if TYPE_CHECKING:
    from conftest import Stage

HOSTILE = "</pre><b>x</b> *_[a](http://evil.example) /claim 42 @anna \u202eevil\u202c &amp; \0 \ud83d 👩‍👩‍👧 {0}"


def card() -> Message:
    return (
        Draft()
        .line("🔴 #42 · 187 · critical · 3 min")
        .add("👩‍👩‍👧 ‘senza rete’", "quote")
        .row(Button("Claim", "claim:42", style="success"), Button("Open on X", url="https://x.com/i/status/1"))
        .done()
    )


async def test_me(stage: "Stage") -> None:
    assert await stage.door.me() == (stage.world.bot_id, "reperibile_demo_bot")


async def test_what_the_bot_may_do_in_groups_and_what_time_it_is_there(stage: "Stage") -> None:
    body = {"id": 1, "is_bot": True, "username": "r_bot", "can_join_groups": False, "can_read_all_group_messages": True}
    late = {"date": "Sat, 28 Nov 2026 22:00:00 GMT"}
    stage.faults.add(Fault("* /bot/getMe", status=200, headers=late, body={"ok": True, "result": body}))
    assert stage.door.told_clock is None
    about = await stage.door.about()
    assert (about.username, about.joins_groups, about.reads_groups) == ("r_bot", False, True)
    assert stage.door.told_clock == datetime(2026, 11, 28, 22, 0, tzinfo=UTC)


async def test_a_page_rings_protected_without_a_preview(stage: "Stage") -> None:
    message_id = await stage.door.send(stage.anna, card())

    shown = stage.world.chat(stage.anna)[-1]
    assert shown.message_id == message_id
    assert shown.first_line == "🔴 #42 · 187 · critical · 3 min"
    assert (shown.rang, shown.protected, shown.link_preview) == (True, True, {"is_disabled": True})
    assert shown.buttons == [
        [
            {"text": "Claim", "callback_data": "claim:42", "style": "success"},
            {"text": "Open on X", "url": "https://x.com/i/status/1"},
        ]
    ]
    (quote,) = shown.entities
    units = shown.text.encode("utf-16-le")
    assert quote["type"] == "blockquote"
    assert (
        units[quote["offset"] * 2 : (quote["offset"] + quote["length"]) * 2].decode("utf-16-le")
        == "👩‍👩‍👧 ‘senza rete’"
    )


async def test_a_silent_unprotected_reply(stage: "Stage") -> None:
    first = await stage.door.send(stage.anna, card())
    await stage.door.send(stage.anna, Message("a digest", silent=True, protect=False), reply_to=first)
    shown = stage.world.chat(stage.anna)[-1]
    assert (shown.rang, shown.protected, shown.reply_to) == (False, False, first)


async def test_a_reply_to_what_is_gone_is_sent_all_the_same(stage: "Stage") -> None:
    await stage.door.send(stage.anna, Message("x"), reply_to=9999)
    assert stage.world.chat(stage.anna)[-1].reply_to is None


async def test_hostile_text_stays_text(stage: "Stage") -> None:
    await stage.door.send(stage.anna, Draft().line("card").add(HOSTILE, "pre").done())
    shown = stage.world.chat(stage.anna)[-1]
    assert shown.text == "card\n" + HOSTILE.replace("\0", "\ufffd").replace("\ud83d", "\ufffd")
    assert [entity["type"] for entity in shown.entities] == ["pre"]


async def test_a_text_that_is_too_long_is_cut(stage: "Stage") -> None:
    await stage.door.send(stage.anna, Draft().add("😀" * 4000, "pre").done())
    shown = stage.world.chat(stage.anna)[-1]
    assert shown.text == "😀" * 2047 + "…"
    assert shown.entities[0]["length"] == 4095


async def test_an_edit_shows_and_takes_buttons_away(stage: "Stage") -> None:
    message_id = await stage.door.send(stage.anna, card())
    done = Message("Giulia has it")

    await stage.door.edit(stage.anna, message_id, done)
    await stage.door.edit(stage.anna, message_id, done)  # says so already: no error

    shown = stage.world.chat(stage.anna)[-1]
    assert (shown.text, shown.buttons, shown.edited) == ("Giulia has it", [], True)


async def test_an_edit_of_what_is_gone_is_permanent(stage: "Stage") -> None:
    with pytest.raises(Permanent) as raised:
        await stage.door.edit(stage.anna, 9999, card())
    assert raised.value.reason == "bad_request"


async def test_deleting_twice_is_well(stage: "Stage") -> None:
    message_id = await stage.door.send(stage.anna, card())
    await stage.door.delete(stage.anna, message_id)
    await stage.door.delete(stage.anna, message_id)
    assert stage.world.find(stage.anna, message_id) is None


@pytest.mark.parametrize(
    ("complaint", "kept"),
    [
        ("Bad Request: can't parse entities: unsupported", "buttons"),
        ("Bad Request: ENTITY_BOUNDS_INVALID", "buttons"),
        ("Bad Request: BUTTON_URL_INVALID", "entities"),
    ],
)
async def test_what_telegram_refuses_is_left_out_and_the_page_still_rings(
    stage: "Stage", complaint: str, kept: str
) -> None:
    refusal = {"ok": False, "error_code": 400, "description": complaint}
    stage.faults.add(Fault("POST /bot/sendMessage", status=400, body=refusal))

    await stage.door.send(stage.anna, card())

    shown = stage.world.chat(stage.anna)[-1]
    assert shown.rang
    assert (bool(shown.buttons), bool(shown.entities)) == (kept == "buttons", kept == "entities")
    assert len(stage.record.of("POST /bot/sendMessage")) == 2


async def test_an_edit_falls_back_to_plain_text_too(stage: "Stage") -> None:
    message_id = await stage.door.send(stage.anna, Message("x"))
    refusal = {"ok": False, "error_code": 400, "description": "Bad Request: can't parse entities"}
    stage.faults.add(Fault("POST /bot/editMessageText", status=400, body=refusal))

    await stage.door.edit(stage.anna, message_id, card())

    assert stage.world.chat(stage.anna)[-1].entities == []


async def test_updates_are_read_raw_and_come_again_until_confirmed(stage: "Stage") -> None:
    card_id = await stage.door.send(stage.anna, card())
    stage.world.types(stage.anna, "we are on it", reply_to=card_id)
    stage.world.presses(stage.anna, card_id, "claim:42")
    stage.world.blocks(stage.anna)

    first = await stage.door.updates(None, 0)
    assert await stage.door.updates(None, 0) == first
    wrote, pressed, reach = [stage.door.read(raw) for raw in first]

    assert isinstance(wrote, Wrote)
    assert (wrote.user_id, wrote.chat_id, wrote.private, wrote.text) == (stage.anna, stage.anna, True, "we are on it")
    assert wrote.reply_to == RepliedTo(card_id, True, ("claim:42",))
    assert (wrote.sent_at, wrote.language) == (stage.clock.now(), "it")
    assert isinstance(pressed, Pressed)
    assert (pressed.user_id, pressed.message_id, pressed.data) == (stage.anna, card_id, "claim:42")
    assert reach == Reach(reach.update_id, stage.anna, stage.anna, True, False)
    assert await stage.door.updates(first[-1]["update_id"] + 1, 0) == []
    assert await stage.door.updates(None, 0) == []


async def test_one_broken_update_does_not_block_the_rest(stage: "Stage") -> None:
    broken = [None, {}, {"update_id": "1"}, {"update_id": 1, "message": {"date": "?"}}, {"update_id": 2}]
    stage.faults.add(Fault("POST /bot/getUpdates", status=200, body={"ok": True, "result": broken}))
    assert [raw["update_id"] for raw in await stage.door.updates(None, 0)] == [1, 2]


async def test_a_long_poll_wakes_at_once_and_disturbs_nobody(stage: "Stage") -> None:
    loop = asyncio.get_running_loop()
    poll = asyncio.create_task(stage.door.updates(None, 30))
    await stage.world.updates.listening.wait()
    started = loop.time()

    await stage.door.send(stage.anna, card())
    assert not poll.done()
    stage.world.types(stage.anna, "x")

    assert len(await poll) == 1
    assert loop.time() - started < 5


async def test_a_poll_may_last_longer_than_an_answer(stage: "Stage") -> None:
    """The read time-out of a poll is the poll's own time plus the usual one, so silence is no failure."""
    door = TelegramDoor(stage.world.token, stage.base_url, timeout_s=0.5)
    assert await door.updates(None, 1) == []
    await door.close()


async def test_a_second_poller_is_a_conflict(stage: "Stage") -> None:
    first = asyncio.create_task(stage.door.updates(None, 30))
    await stage.world.updates.listening.wait()
    other = TelegramDoor(stage.world.token, stage.base_url)
    second = asyncio.create_task(other.updates(None, 30))

    with pytest.raises(Temporary) as raised:
        await first
    assert raised.value.reason == "conflict"

    await stage.world.updates.listening.wait()
    stage.world.types(stage.anna, "x")
    assert len(await second) == 1
    await other.close()


async def test_an_answer_pops_up_and_a_late_one_is_only_logged(
    stage: "Stage", caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    card_id = await stage.door.send(stage.anna, card())
    await stage.door.answer(stage.world.presses(stage.anna, card_id, "claim:42"), "x" * 300, alert=True)
    (popup,) = stage.world.popups(stage.anna)
    assert (len(popup.text), popup.text[-1], popup.alert) == (200, "…", True)

    late = stage.world.presses(stage.anna, card_id, "claim:42")
    stage.clock.advance(timedelta(seconds=20))
    await stage.door.answer(late)

    assert "query is too old" in caplog.text.lower()


async def test_best_effort_calls_never_raise(stage: "Stage") -> None:
    world, door = stage.world, stage.door
    message_id = world.types(stage.anna, "x")
    await door.react(stage.anna, message_id, "👀")
    assert world.chat(stage.anna)[-1].reaction == "👀"
    await door.set_commands("it", [("chi", "Chi è di turno")], chat_id=stage.anna)
    await door.set_commands("", [("who", "On duty")])
    assert list(world.commands.values()) == [
        [{"command": "chi", "description": "Chi è di turno"}],
        [{"command": "who", "description": "On duty"}],
    ]
    world.group(-5, "Elsewhere")
    world.adds_bot(-5, stage.anna)
    await door.leave(-5)
    assert not world.groups[-5].has_bot

    stage.faults.add(Fault("*", times=None, drop="before"))
    await door.answer("1")
    await door.react(stage.anna, message_id, "👀")
    await door.set_commands("it", [("bad name", "")])
    await door.leave(-5)


async def test_a_door_can_be_closed_and_opened_again(stage: "Stage") -> None:
    await stage.door.close()
    await stage.door.open()
    await stage.door.send(stage.anna, card())


async def test_an_edit_that_changes_nothing_keeps_its_buttons(stage: "Stage") -> None:
    """The refusal "message is not modified" names the reply markup, too: it must not be taken for refused buttons."""
    message_id = await stage.door.send(stage.anna, card())
    buttons = stage.world.chat(stage.anna)[-1].buttons
    assert buttons

    await stage.door.edit(stage.anna, message_id, card())

    assert stage.world.chat(stage.anna)[-1].buttons == buttons
    assert len(stage.record.of("POST /bot/editMessageText")) == 1
