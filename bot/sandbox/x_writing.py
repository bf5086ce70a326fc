"""The body of `POST /2/tweets` at the stand-in X: what it may hold, checked, and then written."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request

from bot.sandbox.x_asked import id_of
from bot.sandbox.x_posts import Account, Post
from bot.sandbox.x_refusals import Invalid
from bot.sandbox.x_world import XWorld

BODY_BYTES_MAX = 1_000_000
REPLY_SETTINGS = ("following", "mentionedUsers", "subscribers", "verified")
_FLAGS = ("made_with_ai", "paid_partnership", "nullcast", "for_super_followers_only", "share_with_followers")
_KEYS = {"text", "reply", "quote_tweet_id", "media", "reply_settings", "edit_options", *_FLAGS}
_NOT_HERE = {"card_uri", "community_id", "direct_message_deep_link", "geo", "poll"}


@dataclass(frozen=True, slots=True)
class Wish:
    """What a request wants to post."""

    text: str
    in_reply_to: int | None = None
    without: tuple[int, ...] = ()
    quoted: int | None = None
    media: tuple[int, ...] = ()
    reply_settings: str = "everyone"
    made_with_ai: bool = False
    instead_of: int | None = None


async def object_of(request: Request) -> dict[str, Any]:
    """The body as a JSON object. Raises Invalid."""
    raw = await request.body()
    if len(raw) > BODY_BYTES_MAX or "json" not in request.headers.get("content-type", ""):
        raise Invalid("Request body must be a JSON object.")
    try:
        body = json.loads(raw)
    except (ValueError, RecursionError):
        raise Invalid("Request body must be a JSON object.") from None
    if not isinstance(body, dict):
        raise Invalid("Request body must be a JSON object.")
    return body


def wish_of(body: Mapping[str, Any]) -> Wish:
    """What the body asks for. Raises Invalid, for X's schema forbids what it does not know."""
    for name in sorted(set(body) - _KEYS):
        ours = " in this stand-in" if name in _NOT_HERE else ""
        raise Invalid(
            f"$.{name}: is not defined in the schema{ours} and the schema does not allow additional properties"
        )
    reply = _part(body, "reply", {"in_reply_to_tweet_id", "exclude_reply_user_ids", "auto_populate_reply_metadata"})
    media = _part(body, "media", {"media_ids", "tagged_user_ids"})
    edit = _part(body, "edit_options", {"previous_post_id"})
    media_ids = _ids(media, "media.media_ids", "media_ids", 4)
    text = body.get("text", "")
    if not isinstance(text, str) or not (text.strip() or media_ids):
        raise Invalid("$.text: is missing but it is required", {"text": [text]})
    if any("\ud800" <= letter <= "\udfff" for letter in text):
        raise Invalid("$.text: is not valid Unicode")
    if reply and "in_reply_to_tweet_id" not in reply:
        raise Invalid("$.reply.in_reply_to_tweet_id: is missing but it is required")
    if media_ids and "quote_tweet_id" in body:
        raise Invalid("$: should be valid to one and only one of the schemas: media, quote_tweet_id")
    settings = body.get("reply_settings", "everyone")
    if settings not in (*REPLY_SETTINGS, "everyone"):
        raise Invalid(f"$.reply_settings: does not have a value in the enumeration [{', '.join(REPLY_SETTINGS)}]")
    for name in _FLAGS:
        if not isinstance(body.get(name, False), bool):
            raise Invalid(f"$.{name}: {type(body[name]).__name__} found, boolean expected")
    return Wish(
        text,
        _id(reply, "reply.in_reply_to_tweet_id", "in_reply_to_tweet_id"),
        _ids(reply, "reply.exclude_reply_user_ids", "exclude_reply_user_ids", 100),
        _id(body, "quote_tweet_id", "quote_tweet_id"),
        media_ids,
        settings,
        body.get("made_with_ai", False),
        _id(edit, "edit_options.previous_post_id", "previous_post_id"),
    )


def write(world: XWorld, account: Account, wish: Wish) -> Post:
    """Post it, or edit what it names. Raises Invalid, NotAllowed."""
    if wish.instead_of is not None:
        return world.edit_by_api(account, wish.instead_of, wish.text)
    return world.write_by_api(
        account,
        wish.text,
        in_reply_to=wish.in_reply_to,
        quoted=wish.quoted,
        media=world.uploads.attach(account, list(wish.media)) if wish.media else (),
        without=wish.without,
        reply_settings=wish.reply_settings,
        made_with_ai=wish.made_with_ai,
    )


def _part(body: Mapping[str, Any], name: str, known: set[str]) -> Mapping[str, Any]:
    part = body.get(name, {})
    if not isinstance(part, dict):
        raise Invalid(f"$.{name}: {type(part).__name__} found, object expected")
    for key in sorted(set(part) - known):
        raise Invalid(
            f"$.{name}.{key}: is not defined in the schema and the schema does not allow additional properties"
        )
    return part


def _id(part: Mapping[str, Any], path: str, name: str) -> int | None:
    return _one(path, part[name]) if name in part else None


def _ids(part: Mapping[str, Any], path: str, name: str, most: int) -> tuple[int, ...]:
    values = part.get(name, [])
    if not isinstance(values, list) or len(values) > most or (name in part and name == "media_ids" and not values):
        raise Invalid(f"$.{path}: there must be 1 to {most} items in the array")
    return tuple(_one(path, value) for value in values)


def _one(path: str, value: object) -> int:
    if not isinstance(value, str) or not re.fullmatch(r"[0-9]{1,19}", value):
        raise Invalid(f"$.{path}: does not match the regex pattern ^[0-9]{{1,19}}$", {path: [value]})
    return id_of(path, value)
