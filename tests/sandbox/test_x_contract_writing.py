"""The contract of the stand-in X, part two: posts, edits, deletions, uploads, and each refusal of them."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import aiohttp
import pytest
from oauthlib.oauth1 import Client as Signer
from x_here import KEYS, NOW, OURS, PNG, Here, parent_post

from bot.errors import Permanent
from bot.sandbox.x import Post
from bot.x import parse
from bot.x.door import XDoor
from bot.x.errors import from_answer, says

pytestmark = pytest.mark.asyncio(loop_scope="module")

# Every refusal of a post


async def _said_before(here: Here) -> dict[str, Any]:
    parent = parent_post(here)
    reply = {"in_reply_to_tweet_id": str(parent.id)}
    assert (await here.post(text="Ci siamo", reply=reply)).status == 201
    return {"text": "Ci siamo", "reply": reply}


def _reply_to(make: Callable[[Here], Post]) -> Callable[[Here], dict[str, Any]]:
    return lambda here: {"text": "Ci siamo", "reply": {"in_reply_to_tweet_id": str(make(here).id)}}


def _gone(here: Here) -> Post:
    post = parent_post(here)
    here.world.delete(post.id)
    return post


def _unknown(here: Here) -> dict[str, Any]:
    return {"text": "Ci siamo", "reply": {"in_reply_to_tweet_id": "17"}}


REFUSED: list[tuple[str, Callable[[Here], Any], int, str, str]] = [
    ("duplicate", _said_before, 403, "duplicate", "duplicate content"),
    (
        "not-engaged",
        _reply_to(lambda here: here.world.write("marco", "la mia acmecare è ferma")),
        403,
        "not_engaged",
        "not been mentioned or otherwise engaged",
    ),
    (
        "sister-mentioned",
        _reply_to(lambda here: here.world.write("marco", "@AcmeGiulia?")),
        403,
        "not_engaged",
        "Reply",
    ),
    (
        "closed",
        _reply_to(lambda here: here.world.write("marco", "@AcmeCare?", closed=True)),
        403,
        "reply_settings",
        "not",
    ),
    ("gone", _reply_to(_gone), 403, "parent_gone", "deleted or not visible"),
    ("never-there", _unknown, 403, "parent_gone", "deleted or not visible"),
    ("too-long", lambda here: {"text": "è" * 281}, 403, "too_long", "text is too long"),
    ("too-long-wide", lambda here: {"text": "日" * 141}, 403, "too_long", "text is too long"),
    (
        "quote-of-a-stranger",
        lambda here: {"text": "ecco", "quote_tweet_id": str(here.world.write("marco", "ciao").id)},
        403,
        "forbidden",
        "Quoting this post is not allowed",
    ),
    ("no-text", lambda here: {"reply": {"in_reply_to_tweet_id": "1"}}, 400, "bad_request", "$.text: is missing"),
    ("half-a-key", lambda here: {"text": "a", "\ud83d": 1}, 400, "bad_request", "$.?: is not defined in the schema"),
    ("half-a-letter", lambda here: {"text": "\ud83d ciao"}, 400, "bad_request", "$.text: is not valid Unicode"),
    ("empty", lambda here: {"text": " "}, 400, "bad_request", "$.text: is missing"),
    ("nothing", lambda here: {}, 400, "bad_request", "$.text: is missing"),
    ("unknown-key", lambda here: {"text": "a", "b": 1}, 400, "bad_request", "$.b: is not defined in the schema"),
    (
        "poll",
        lambda here: {"text": "a", "poll": {}},
        400,
        "bad_request",
        "$.poll: is not defined in the schema in this",
    ),
    ("bad-reply", lambda here: {"text": "a", "reply": 1}, 400, "bad_request", "$.reply: int found, object expected"),
    ("empty-reply", lambda here: {"text": "a", "reply": {"x": 1}}, 400, "bad_request", "$.reply.x: is not defined"),
    (
        "reply-to-nothing",
        lambda here: {"text": "a", "reply": {"exclude_reply_user_ids": []}},
        400,
        "bad_request",
        "$.reply.in_reply_to_tweet_id: is missing",
    ),
    (
        "number-as-id",
        lambda here: {"text": "a", "reply": {"in_reply_to_tweet_id": 17}},
        400,
        "bad_request",
        "does not match the regex pattern",
    ),
    ("settings", lambda here: {"text": "a", "reply_settings": "me"}, 400, "bad_request", "$.reply_settings"),
    ("ai-word", lambda here: {"text": "a", "made_with_ai": "no"}, 400, "bad_request", "boolean expected"),
    ("no-such-media", lambda here: {"media": {"media_ids": ["17"]}}, 400, "bad_request", "Your media IDs are invalid."),
    (
        "five-media",
        lambda here: {"text": "a", "media": {"media_ids": list("12345")}},
        400,
        "bad_request",
        "1 to 4 items",
    ),
    (
        "media-and-quote",
        lambda here: {"text": "a", "media": {"media_ids": ["1"]}, "quote_tweet_id": "1"},
        400,
        "bad_request",
        "one and only one",
    ),
    (
        "edit-of-a-reply",
        lambda here: {
            "text": "b",
            "edit_options": {
                "previous_post_id": str(here.world.write("AcmeCare", "a", in_reply_to=parent_post(here).id).id)
            },
        },
        403,
        "forbidden",
        "not allowed to edit",
    ),
    (
        "edit-of-another",
        lambda here: {"text": "b", "edit_options": {"previous_post_id": str(parent_post(here).id)}},
        403,
        "forbidden",
        "not allowed to edit",
    ),
]


@pytest.mark.parametrize(("body", "status", "reason", "words"), [pytest.param(*row[1:], id=row[0]) for row in REFUSED])
async def test_a_post_is_refused_in_xs_words(
    here: Here, body: Callable[[Here], Any], status: int, reason: str, words: str
) -> None:
    asked = body(here)
    if asyncio.iscoroutine(asked):
        asked = await asked
    before = len(here.world.posts)
    answer = await here.post(**asked)
    refused = from_answer(answer, writing=True)
    assert isinstance(refused, Permanent), answer.body
    assert (answer.status, refused.reason, words in refused.detail) == (status, reason, True), refused.detail
    assert len(here.world.posts) == before, "nothing was written"


@pytest.mark.parametrize("data", [b"", b"[]", b"{", b'"text"', b'{"text": "a"}'])
async def test_a_body_that_is_no_json_object_is_refused(here: Here, data: bytes) -> None:
    kind = "text/plain" if data == b'{"text": "a"}' else "application/json"
    _, headers, _ = Signer(*KEYS, *OURS).sign(f"{here.url}/2/tweets", "POST")
    answer = await here.raw("POST", "/2/tweets", {**headers, "Content-Type": kind}, data=data)
    assert (answer.status, says(answer)) == (
        400,
        "One or more parameters to your request was invalid.; Request body must be a JSON object.",
    )


async def test_too_long_may_be_a_400_as_well(here: Here, x_door: XDoor) -> None:
    here.world.too_long_status = 400
    parent = parent_post(here)
    assert (await here.post(text="è" * 281)).status == 400
    with pytest.raises(Permanent) as refused:
        await x_door.post("AcmeCare", "è" * 281, in_reply_to=parent.id)
    assert refused.value.reason == "too_long"


async def test_a_reply_names_those_it_answers_unless_told_otherwise(here: Here) -> None:
    parent = here.world.write("marco", "@AcmeCare @anna non va")
    anna = here.world.customer("anna")
    reply: dict[str, Any] = {"in_reply_to_tweet_id": str(parent.id)}
    one = await here.post(text="Ci siamo", reply=reply, made_with_ai=False, reply_settings="mentionedUsers")
    two = await here.post(
        text="Eccoci", reply=reply | {"exclude_reply_user_ids": [str(anna.id), str(parent.author.id)]}
    )
    assert [each.json()["data"]["text"] for each in (one, two)] == ["@marco @anna Ci siamo", "@marco Eccoci"]
    assert parse.written(one.json()) in here.world.posts
    assert set(one.json()["data"]) == {"id", "text", "edit_history_tweet_ids"}
    body = await here.get("/2/tweets", ids=one.json()["data"]["id"], tweet__fields="reply_settings")
    assert body["data"][0]["reply_settings"] == "mentionedUsers"


async def test_own_posts_can_be_quoted_and_edited_for_an_hour(here: Here) -> None:
    first = (await here.post(text="Guasto a Milano")).json()["data"]
    quote = await here.post(text="Risolto", quote_tweet_id=first["id"])
    assert quote.status == 201
    edited = await here.post(text="Guasto a Milano e Torino", edit_options={"previous_post_id": first["id"]})
    assert edited.json()["data"]["edit_history_tweet_ids"] == [first["id"], edited.json()["data"]["id"]]
    body = await here.get("/2/tweets", ids=edited.json()["data"]["id"], tweet__fields="edit_controls")
    assert body["data"][0]["edit_controls"] == {
        "edits_remaining": 4,
        "is_edit_eligible": True,
        "editable_until": "2026-11-21T04:10:00.000Z",
    }
    here.clock.advance(timedelta(hours=1))
    late = await here.post(text="Guasto", edit_options={"previous_post_id": edited.json()["data"]["id"]})
    assert late.status == 403


async def test_deleting(here: Here) -> None:
    own, other = here.world.write("AcmeCare", "ciao"), here.world.write("marco", "ciao")
    done = await here.client.request("DELETE", f"/2/tweets/{own.id}")
    assert (done.status, parse.is_deleted(done.json())) == (200, True)
    again = await here.client.request("DELETE", f"/2/tweets/{own.id}")
    assert (again.status, parse.missing(again.json())) == (404, {own.id})
    refused = await here.client.request("DELETE", f"/2/tweets/{other.id}")
    assert (refused.status, "not authorized to delete" in says(refused)) == (403, True)


# Uploads


async def test_a_picture_is_uploaded_in_pieces_and_hangs_on_a_reply(here: Here, x_door: XDoor) -> None:
    media_id = await here.upload(media_category="tweet_image")
    status = await here.client.request("GET", "/2/media/upload", params={"command": "STATUS", "media_id": media_id})
    assert status.json()["data"] == {
        "id": media_id,
        "media_key": f"3_{media_id}",
        "expires_after_secs": 86400,
        "size": len(PNG),
    }
    answer = await here.post(media={"media_ids": [media_id]})
    (own,) = await x_door.own_posts("AcmeCare", since=NOW - timedelta(minutes=1))
    assert (own.id, own.has_media) == (parse.written(answer.json()), True)


async def test_a_film_is_worked_on_before_it_can_be_posted(here: Here) -> None:
    film = b"\0\0\0\x18ftypmp42" + bytes(200)
    media_id = await here.upload(film, "video/mp4", media_category="tweet_video")
    params = {"command": "STATUS", "media_id": media_id}

    async def info() -> Any:
        answer = await here.client.request("GET", "/2/media/upload", params=params)
        return answer.json()["data"]["processing_info"]

    assert (await info())["state"] == "pending"
    assert says(await here.post(text="a", media={"media_ids": [media_id]})).endswith("Your media IDs are invalid.")
    here.clock.advance(timedelta(seconds=2))
    assert await info() == {"state": "in_progress", "check_after_secs": 3, "progress_percent": 40}
    here.clock.advance(timedelta(seconds=3))
    assert await info() == {"state": "succeeded", "progress_percent": 100}
    assert (await here.post(text="a", media={"media_ids": [media_id]})).status == 201
    here.world.uploads.processing_fails = True
    assert (await info())["state"] == "failed"


async def test_a_picture_goes_at_once_too(here: Here) -> None:
    form = aiohttp.FormData({"media_category": "tweet_image"})
    form.add_field("media", PNG, filename="foto.png", content_type="image/png")
    answer = await here.raw("POST", "/2/media/upload", data=form)
    assert (answer.status, answer.json()["data"]["size"]) == (200, len(PNG))
    assert (await here.post(media={"media_ids": [answer.json()["data"]["id"]]})).status == 201


@pytest.mark.parametrize(
    ("body", "words"),
    [
        pytest.param({"media_type": "image/png"}, "media_type and total_bytes are missing", id="no-size"),
        pytest.param({"media_type": "text/html", "total_bytes": 9}, "$.media_type: does not have a value", id="type"),
        pytest.param({"media_type": "image/png", "total_bytes": 5_000_001}, "File size exceeds", id="too-large"),
        pytest.param({"media_type": "image/png", "total_bytes": 0}, "File size", id="empty"),
        pytest.param(
            {"media_type": "image/png", "total_bytes": 9, "media_category": "x"}, "$.media_category", id="kind"
        ),
        pytest.param(
            {"media_type": "image/png", "total_bytes": 9, "media_category": "tweet_video"},
            "does not go",
            id="other-kind",
        ),
        pytest.param(
            {"media_type": "image/png", "total_bytes": 9, "command": "INIT"}, "$.command: is not", id="old-form"
        ),
    ],
)
async def test_an_upload_is_refused_at_its_beginning(here: Here, body: dict[str, Any], words: str) -> None:
    answer = await here.client.request("POST", "/2/media/upload/initialize", json=body)
    assert (answer.status, words in says(answer)) == (400, True), answer.body


async def test_an_upload_is_refused_in_the_middle_and_at_its_end(here: Here) -> None:
    begun = await here.client.request(
        "POST", "/2/media/upload/initialize", json={"media_type": "image/png", "total_bytes": 20}
    )
    media_id = begun.json()["data"]["id"]
    finalize = f"/2/media/upload/{media_id}/finalize"
    assert "SegmentIndex must be between 0 and 999." in says(await here.append(media_id, 1000, b"x"))
    assert "$.media" in says(await here.append(media_id, 0, b""))
    assert "Your media IDs are invalid." in says(await here.append("17", 0, b"x"))
    assert "Request body must be a JSON object." in says(await here.raw("POST", finalize))
    assert (await here.append(media_id, 1, b"x" * 20)).status == 200
    assert "Segments do not add up" in says(await here.client.request("POST", finalize, json={}))
    assert (await here.append(media_id, 0, b"")).status == 400
    here.world.uploads._uploads[int(media_id)].segments.clear()
    assert (await here.append(media_id, 0, b"no picture at all, 20"[:20])).status == 200
    assert "media type unrecognized" in says(await here.client.request("POST", finalize, json={}))
    other = await here.upload()
    theirs = await here.sister.request("POST", "/2/tweets", json={"media": {"media_ids": [other]}})
    assert says(theirs).endswith("Your media IDs are invalid."), "somebody else's"
    here.clock.advance(timedelta(hours=24))
    assert says(await here.post(media={"media_ids": [other]})).endswith("Your media IDs are invalid."), "expired"
