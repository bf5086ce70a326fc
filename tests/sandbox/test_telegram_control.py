"""The control API of the stand-in Telegram: files, reactions, groups and switches, as the page uses them."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import httpx
import pytest

from bot.clock import HandClock
from bot.sandbox.app import create_app
from bot.sandbox.stage import Stage
from bot.sandbox.telegram_files import image_size, sample_photo

GIULIA = 1001


@pytest.fixture
def stage() -> Stage:
    stage = Stage.standard(HandClock(datetime(2026, 11, 28, 21, 0, tzinfo=UTC)).now)
    for user_id in (GIULIA, 1004):
        stage.telegram.types(user_id, "/start")
    stage.telegram.updates.clear()
    return stage


@pytest.fixture
async def http(stage: Stage) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(create_app(stage))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
        yield client


def kinds(stage: Stage) -> list[str]:
    """What waits for the bot."""
    return [next(kind for kind in update if kind != "update_id") for update in stage.telegram.updates.pending()]


async def test_a_photo_goes_from_a_phone_to_the_page(stage: Stage, http: httpx.AsyncClient) -> None:
    picture = sample_photo()
    sent = await http.post(
        "/sandbox/telegram/giulia/upload",
        params={"kind": "photo", "name": "palo.png", "caption": "il palo"},
        content=picture,
    )
    assert sent.status_code == 200, sent.text

    shown = (await http.get("/sandbox/state")).json()["phones"][str(GIULIA)]["messages"][-1]
    assert (shown["kind"], shown["text"], shown["file"]["width"]) == ("photo", "il palo", 90)
    seen = await http.get(shown["file"]["url"])
    assert (seen.content, seen.headers["content-type"]) == (picture, "image/png")
    assert kinds(stage) == ["message"]


async def test_what_is_no_picture_is_never_shown_as_a_page(stage: Stage, http: httpx.AsyncClient) -> None:
    """A document could be HTML that drives the stage from its own origin."""
    await http.post("/sandbox/telegram/1001/upload?kind=document&name=a.html", content=b"<script>alert(1)</script>")
    file = stage.telegram.chat(GIULIA)[-1].file
    assert file is not None
    answer = await http.get(file.as_json()["url"])
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"] == "attachment"


async def test_a_reaction_reaches_the_bot_that_asked(stage: Stage, http: httpx.AsyncClient) -> None:
    stage.telegram.updates.want(["message_reaction"])
    message_id = stage.telegram.chat(GIULIA)[-1].message_id
    for emoji in ("👀", ""):
        answer = await http.post("/sandbox/telegram/giulia/react", json={"message_id": message_id, "emoji": emoji})
        assert answer.status_code == 200, answer.text
    assert kinds(stage) == ["message_reaction"] * 2


async def test_a_group_is_made_and_moves(stage: Stage, http: httpx.AsyncClient) -> None:
    chat = (await http.post("/sandbox/telegram/groups", json={"title": "Night team", "by": "marco"})).json()["chat_id"]

    async def do(verb: str, **wish: object) -> dict[str, object]:
        answer = await http.post(f"/sandbox/telegram/groups/{chat}/{verb}", json={"by": "marco", **wish})
        assert answer.status_code == 200, answer.text
        body: dict[str, object] = answer.json()
        return body

    await do("add-bot")
    await do("promote-bot", rights=["can_pin_messages"])
    message_id = (await do("type", text="ciao"))["message_id"]
    await do("react", message_id=message_id, emoji="👍")
    await do("demote-bot")
    await do("silence-bot")
    await do("leave")
    moved = (await do("migrate"))["chat_id"]

    assert kinds(stage) == [
        "my_chat_member", "message", "my_chat_member", "message", "my_chat_member", "my_chat_member", "message",
        "message", "message",
    ]  # fmt: skip
    groups = (await http.get("/sandbox/state")).json()["groups"]
    assert [(group["type"], group["bot"], group["moved_to"]) for group in groups] == [
        ("group", "restricted", moved),
        ("supergroup", "restricted", None),
    ]
    answer = await http.post(f"/sandbox/telegram/groups/{chat}/type", json={"by": "marco", "text": "x"})
    assert answer.json() == {"error": f"this group has become {moved}"}


async def test_the_switches(stage: Stage, http: httpx.AsyncClient) -> None:
    assert (await http.get("/sandbox/telegram/switch")).json() == {"flood": "off", "privacy_mode": True, "webhook": ""}
    wish = {"flood": "realistic", "privacy_mode": False, "webhook": "https://example.org/hook"}
    assert (await http.post("/sandbox/telegram/switch", json=wish)).json() == wish
    assert (await http.get("/sandbox/state")).json()["telegram"] == wish


REFUSED = {
    "nobody": ("/sandbox/telegram/nobody/upload?kind=photo", b"x", 404),
    "no picture": ("/sandbox/telegram/giulia/upload?kind=photo", b"x", 400),
    "no kind": ("/sandbox/telegram/giulia/upload", b"x", 400),
    "a caption too long": ("/sandbox/telegram/giulia/upload?kind=document&caption=" + "x" * 1025, b"x", 400),
    "no message": ("/sandbox/telegram/giulia/react", b'{"message_id": 999, "emoji": "x"}', 404),
    "no reaction": ("/sandbox/telegram/giulia/react", b'{"message_id": 1, "emoji": "x"}', 400),
    "no group": ("/sandbox/telegram/groups/-7/type", b'{"by": "marco", "text": "x"}', 404),
    "a switch that is none": ("/sandbox/telegram/switch", b'{"flood": "biblical"}', 400),
    "a webhook without TLS": ("/sandbox/telegram/switch", b'{"webhook": "http://x"}', 400),
    "a group without a title": ("/sandbox/telegram/groups", b'{"by": "marco"}', 400),
}


@pytest.mark.parametrize("case", REFUSED)
async def test_what_cannot_be_done_is_told(http: httpx.AsyncClient, case: str) -> None:
    path, body, status = REFUSED[case]
    answer = await http.post(path, content=body)
    assert (answer.status_code, list(answer.json())) == (status, ["error"])


def test_every_kind_of_picture_is_measured() -> None:
    assert image_size(sample_photo(30, 20)) == ("png", 30, 20)
    assert image_size(b"GIF89a" + b"\x1e\x00\x14\x00") == ("gif", 30, 20)
    jpeg = b"\xff\xd8\xff\xe0\x00\x04ab\xff\xc0\x00\x0b\x08\x00\x14\x00\x1e\x01"
    assert image_size(jpeg) == ("jpg", 30, 20)
    vp8x = b"RIFF\0\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0" + b"\x1d\0\0" + b"\x13\0\0"
    assert image_size(vp8x) == ("webp", 30, 20)
    assert image_size(b"\xff\xd8") is None
    assert image_size(b"hello") is None
