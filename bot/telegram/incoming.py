"""One raw update becomes one value, whatever its shape.

The fields are taken from the raw dict one by one, not by the library's parser: that refuses a whole update for one
field it does not expect, and what a person typed must not be lost because Telegram added something next to it.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from bot.core.incoming import Incoming, Other, Pressed, Reach, RepliedTo, Wrote

ANONYMOUS_ADMIN_ID = 1087968824  # GroupAnonymousBot, core.telegram.org/bots/api#message, checked 2026-11
NUMBER_MAX = 2**63 - 1  # what a database column holds; Telegram promises at most 52 bits
MEMBERS = frozenset({"creator", "administrator", "member"})
KINDS = (
    "voice",
    "sticker",
    "photo",
    "video",
    "video_note",
    "audio",
    "animation",  # before document, which accompanies it
    "document",
    "contact",
    "venue",  # before location, which accompanies it
    "location",
    "poll",
    "dice",
    "story",
    "checklist",
)
"""What a message can be instead of a text; service messages (joined, pinned, …) are not among them."""

# What no database stores and no answer can carry: lone halves of a surrogate pair, which JSON can spell, and NUL.
_UNSTORABLE = re.compile("[\ud800-\udfff\0]")


class Strange(Exception):
    """The update is not as the Bot API describes it; the text says where."""


def read(raw: Mapping[str, Any], bot_id: int) -> Incoming:
    """What an update says; Other with a problem for all that is strange or of no use here. Raises: nothing."""
    update_id = 0
    try:
        update_id = _number(raw, "update_id")
        if "message" in raw:
            return _wrote(update_id, _tree(raw, "message"), bot_id, edited=False)
        if "edited_message" in raw:
            return _wrote(update_id, _tree(raw, "edited_message"), bot_id, edited=True)
        if "callback_query" in raw:
            return _pressed(update_id, _tree(raw, "callback_query"))
        if "my_chat_member" in raw:
            return _reach(update_id, _tree(raw, "my_chat_member"))
    except Strange as problem:
        return Other(update_id, str(problem))
    return Other(update_id, "not asked for")


def _wrote(update_id: int, message: Mapping[str, Any], bot_id: int, *, edited: bool) -> Incoming:
    chat, sender = _tree(message, "chat"), message.get("from")
    if "sender_chat" in message or not isinstance(sender, Mapping):
        return Other(update_id, "not written by a person")
    user_id = _number(sender, "id")
    if user_id == ANONYMOUS_ADMIN_ID or sender.get("is_bot") is True:
        return Other(update_id, "not written by a person")
    kind, text = _said(message)
    if not kind:
        return Other(update_id, "a message without content")
    return Wrote(
        update_id,
        user_id,
        _number(chat, "id"),
        _is_private(chat, user_id),
        _number(message, "message_id"),
        text,
        _instant(message, "edit_date" if edited and "edit_date" in message else "date"),
        kind,
        edited,
        _replied_to(message.get("reply_to_message"), bot_id),
        _language(sender),
    )


def _pressed(update_id: int, press: Mapping[str, Any]) -> Incoming:
    sender, data, message = _tree(press, "from"), press.get("data"), press.get("message")
    user_id, callback_id = _number(sender, "id"), press.get("id")
    if not isinstance(data, str) or not isinstance(callback_id, str):
        return Other(update_id, "a press without data")
    data, callback_id = _clean(data), _clean(callback_id)
    if message is None:
        # Too old for Telegram to show it: whatever is to be said, is said to the presser alone.
        return Pressed(update_id, user_id, user_id, True, callback_id, None, data, _language(sender))
    if not isinstance(message, Mapping):
        raise Strange("message is not an object")
    chat = _tree(message, "chat")
    return Pressed(
        update_id,
        user_id,
        _number(chat, "id"),
        _is_private(chat, user_id),
        callback_id,
        _number(message, "message_id"),
        data,
        _language(sender),
    )


def _reach(update_id: int, change: Mapping[str, Any]) -> Incoming:
    chat, user_id = _tree(change, "chat"), _number(_tree(change, "from"), "id")
    member = _tree(change, "new_chat_member")
    status = member.get("status")
    reachable = isinstance(status, str) and (
        status in MEMBERS or (status == "restricted" and member.get("is_member") is True)
    )
    return Reach(update_id, user_id, _number(chat, "id"), _is_private(chat, user_id), reachable)


def _said(message: Mapping[str, Any]) -> tuple[str, str]:
    """The kind and the words of a message; ("", "") when it has neither."""
    text = message.get("text")
    if isinstance(text, str):
        return "text", _clean(text)
    caption = message.get("caption")
    kind = next((kind for kind in KINDS if kind in message), "")
    return kind, _clean(caption) if kind and isinstance(caption, str) else ""


def _replied_to(message: object, bot_id: int) -> RepliedTo | None:
    """The message replied to; None when there is none, or it cannot be told which."""
    if not isinstance(message, Mapping):
        return None
    try:
        message_id = _number(message, "message_id")
    except Strange:
        return None
    sender = message.get("from")
    by_us = isinstance(sender, Mapping) and _is_number(sender.get("id")) and sender["id"] == bot_id
    return RepliedTo(message_id, by_us, _button_data(message) if by_us else ())


def _button_data(message: Mapping[str, Any]) -> tuple[str, ...]:
    markup = message.get("reply_markup")
    rows = markup.get("inline_keyboard") if isinstance(markup, Mapping) else None
    buttons = [button for row in _items(rows) for button in _items(row) if isinstance(button, Mapping)]
    return tuple(_clean(data) for button in buttons if isinstance(data := button.get("callback_data"), str))


def _items(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _is_private(chat: Mapping[str, Any], user_id: int) -> bool:
    return chat.get("type") == "private" and chat.get("id") == user_id


def _language(sender: Mapping[str, Any]) -> str:
    code = sender.get("language_code")
    return _clean(code) if isinstance(code, str) else ""


def _clean(text: str) -> str:
    return _UNSTORABLE.sub("\ufffd", text)


def _tree(value: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = value.get(name)
    if not isinstance(found, Mapping):
        raise Strange(f"{name} is not an object")
    return found


def _is_number(value: object) -> bool:
    return type(value) is int and abs(value) <= NUMBER_MAX


def _number(value: Mapping[str, Any], name: str) -> int:
    found = value.get(name)
    if type(found) is not int or abs(found) > NUMBER_MAX:
        raise Strange(f"{name} is not a number")
    return found


def _instant(value: Mapping[str, Any], name: str) -> datetime:
    seconds = _number(value, name)
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, OSError, ValueError):
        raise Strange(f"{name} is not an instant") from None
