"""The Telegram door and pictures: what is drawn goes with its words, and the words go also without it."""

from typing import TYPE_CHECKING, Any

import pytest

from bot.core.message import Draft, Message
from bot.errors import DoorError, InDoubt, Permanent, Temporary
from bot.sandbox.faults import Fault
from bot.sandbox.telegram_files import sample_photo

if TYPE_CHECKING:
    from conftest import Stage

PHOTO = "POST /bot/sendPhoto"


def drawn(words: str = "Giulia is on duty") -> Message:
    made = Draft().line("primary", "bold").add(words).done(silent=True, protect=False)
    return Message(made.text, made.spans, silent=True, protect=False, photo=sample_photo())


async def test_a_picture_has_its_words_as_a_caption(stage: "Stage") -> None:
    message_id = await stage.door.send(stage.anna, drawn())
    shown = stage.world.chat(stage.anna)[-1]
    assert (shown.message_id, shown.kind, shown.text) == (message_id, "photo", "primary\nGiulia is on duty")
    assert shown.file is not None
    assert shown.file.content == sample_photo()
    assert (shown.rang, shown.protected) == (False, False)
    assert [entity["type"] for entity in shown.entities] == ["bold"]


@pytest.mark.parametrize(
    "complaint",
    [
        "PHOTO_INVALID_DIMENSIONS",
        "can't parse entities: unsupported",
        "IMAGE_PROCESS_FAILED",
        "message caption is too long",
    ],
)
async def test_a_picture_that_is_refused_leaves_its_words(stage: "Stage", complaint: str) -> None:
    refusal = {"ok": False, "error_code": 400, "description": f"Bad Request: {complaint}"}
    stage.faults.add(Fault(PHOTO, status=400, body=refusal))
    await stage.door.send(stage.anna, drawn())
    shown = stage.world.chat(stage.anna)[-1]
    assert (shown.kind, shown.text) == ("text", "primary\nGiulia is on duty")


async def test_words_too_long_for_a_caption_go_alone(stage: "Stage") -> None:
    await stage.door.send(stage.anna, drawn("🔴" * 512))
    assert stage.world.chat(stage.anna)[-1].kind == "text"
    assert stage.record.of(PHOTO) == []


@pytest.mark.parametrize(
    ("fault", "kind", "reason"),
    [
        ({"status": 400, "body": {"description": "Bad Request: chat not found"}}, Permanent, "unreachable"),
        ({"status": 403, "body": {"description": "Forbidden: bot was blocked by the user"}}, Permanent, "unreachable"),
        ({"status": 429, "body": {"description": "Slow", "parameters": {"retry_after": 7}}}, Temporary, "flood"),
        ({"status": 502, "body": "<html>"}, InDoubt, "lost_answer"),
        ({"drop": "after"}, InDoubt, "lost_answer"),
    ],
    ids=["no chat", "blocked", "flood", "5xx", "dropped"],
)  # fmt: skip
async def test_the_failure_table_holds_for_pictures(
    stage: "Stage", fault: dict[str, Any], kind: type[DoorError], reason: str
) -> None:
    """And none of these sends the words by themselves: nothing would arrive, or everything might have."""
    body = fault.get("body")
    if isinstance(body, dict):
        fault = {**fault, "body": {"ok": False, "error_code": fault["status"], **body}}
    stage.faults.add(Fault(PHOTO, **fault))
    with pytest.raises(kind) as raised:
        await stage.door.send(stage.anna, drawn())
    assert raised.value.reason == reason
    assert stage.record.of("POST /bot/sendMessage") == []
