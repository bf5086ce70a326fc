"""What Telegram refuses, in Telegram's own words: texts, entities, buttons.

The words matter: the door and python-telegram-bot tell failures apart by them. They follow the public Bot API server
(github.com/tdlib/telegram-bot-api) and core.telegram.org/bots/api; checked 2026-11.
"""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

TEXT_LENGTH_MAX = 4096  # UTF-16 units, after entities
CALLBACK_DATA_BYTES_MAX = 64
POPUP_LENGTH_MAX = 200
BUTTONS_MAX = 100
COMMANDS_MAX = 100
ENTITY_KINDS = frozenset(
    {
        "mention",
        "hashtag",
        "cashtag",
        "bot_command",
        "url",
        "email",
        "phone_number",
        "bold",
        "italic",
        "underline",
        "strikethrough",
        "spoiler",
        "blockquote",
        "expandable_blockquote",
        "code",
        "pre",
        "text_link",
        "text_mention",
        "custom_emoji",
        "date_time",
    }
)
BUTTON_STYLES = frozenset({"primary", "success", "danger"})

_TYPED_COMMAND = re.compile(r"(?<!\S)/[A-Za-z0-9_]{1,32}(?:@\w{3,32})?(?!\w)")
_COMMAND_NAME = re.compile(r"[a-z0-9_]{1,32}")


class ApiRefusal(Exception):
    """The answer `{"ok": false, …}` with this HTTP status; `parameters` as in ResponseParameters."""

    def __init__(self, status: int, description: str, **parameters: int) -> None:
        self.status = status
        self.description = description
        self.parameters = parameters
        super().__init__(description)


def bad_request(words: str, **parameters: int) -> ApiRefusal:
    """A 400 in Telegram's form."""
    return ApiRefusal(400, f"Bad Request: {words}", **parameters)


def utf16_length(text: str) -> int:
    """How long a text is in UTF-16 units, the unit of Telegram's offsets and limits."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def whole(text: str) -> str:
    """The text without lone halves of surrogate pairs, which a client cannot send."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def command_entities(text: str) -> list[dict[str, Any]]:
    """The entities that a Telegram client finds in typed text: its /commands."""
    return [
        {
            "type": "bot_command",
            "offset": utf16_length(text[: found.start()]),
            "length": utf16_length(found.group()),
        }
        for found in _TYPED_COMMAND.finditer(text)
    ]


def checked_text(text: str) -> str:
    """The text as Telegram keeps it: without blank space at its end; refused when empty or too long."""
    kept = text.replace("\0", " ").rstrip()
    if not kept.strip():
        raise bad_request("message text is empty")
    if utf16_length(kept) > TEXT_LENGTH_MAX:
        raise bad_request("message is too long")
    return kept


def checked_entities(entities: object, text: str) -> list[dict[str, Any]]:
    """The entities of a sent text, as given; refused when one is malformed or reaches beyond the text."""
    if entities is None:
        return []
    if not isinstance(entities, list):
        raise bad_request("can't parse entities: expected an Array of MessageEntity")
    length = utf16_length(text)
    for entity in entities:
        if not isinstance(entity, dict) or entity.get("type") not in ENTITY_KINDS:
            raise bad_request("can't parse entities: unsupported type specified")
        start, size = entity.get("offset"), entity.get("length")
        if type(start) is not int or type(size) is not int or start < 0 or size < 1 or start + size > length:
            raise bad_request("ENTITY_BOUNDS_INVALID")
    return entities


def checked_markup(markup: object) -> dict[str, Any] | None:
    """The reply markup, as given; every inline button checked. None when there is none."""
    if markup is None:
        return None
    if not isinstance(markup, dict):
        raise bad_request("object expected as reply markup")
    rows = markup.get("inline_keyboard")
    if rows is None:
        return markup
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad_request("can't parse reply keyboard markup JSON object")
    buttons = [button for row in rows for button in row]
    if len(buttons) > BUTTONS_MAX:
        raise bad_request("REPLY_MARKUP_TOO_LONG")
    for button in buttons:
        _check_button(button)
    return markup if buttons else None


def _check_button(button: object) -> None:
    if not isinstance(button, Mapping):
        raise bad_request("can't parse inline keyboard button: InlineKeyboardButton must be an Object")
    label, data, url = button.get("text"), button.get("callback_data"), button.get("url")
    if not isinstance(label, str) or not label.strip():
        raise bad_request("inline keyboard button text must be non-empty")
    if button.get("style") not in (None, *BUTTON_STYLES):
        raise bad_request("can't parse inline keyboard button: invalid button style specified")
    if isinstance(url, str):
        address = urlsplit(url)
        if address.scheme not in ("http", "https", "tg") or not address.netloc:
            raise bad_request(f"inline keyboard button URL '{url}' is invalid: Wrong HTTP URL")
    elif isinstance(data, str):
        if not 1 <= len(data.encode("utf-8", "surrogatepass")) <= CALLBACK_DATA_BYTES_MAX:
            raise bad_request("BUTTON_DATA_INVALID")
    else:
        raise bad_request(
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
        )


def check_commands(commands: object) -> list[dict[str, str]]:
    """The commands for setMyCommands, as given; refused beyond Telegram's limits."""
    if not isinstance(commands, Sequence) or isinstance(commands, str):
        raise bad_request("can't parse BotCommand: expected an Array of BotCommand")
    if len(commands) > COMMANDS_MAX:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    for command in commands:
        if not isinstance(command, dict):
            raise bad_request("can't parse BotCommand: expected an Object")
        name, about = command.get("command"), command.get("description")
        if not isinstance(name, str) or not _COMMAND_NAME.fullmatch(name.removeprefix("/")):
            raise bad_request("BOT_COMMAND_INVALID")
        if not isinstance(about, str) or not 1 <= len(about) <= 256:
            raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    return list(commands)


def from_json(value: object, words: str) -> object:
    """A parameter that may have come as JSON in a string (form and query bodies)."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value) if value else None
    except ValueError:
        raise bad_request(words) from None
