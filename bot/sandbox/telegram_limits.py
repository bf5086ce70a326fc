"""What Telegram refuses, in Telegram's own words: texts, entities, buttons.

The words matter: the door and python-telegram-bot tell failures apart by them. They follow the public Bot API server
(github.com/tdlib/telegram-bot-api, Client.cpp), TDLib and core.telegram.org/bots/api; checked 2026-11.
"""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

TEXT_LENGTH_MAX = 4096  # UTF-16 units, after entities
CAPTION_LENGTH_MAX = 1024
ENTITIES_MAX = 100  # further ones are ignored
COPY_TEXT_LENGTH_MAX = 256
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
        "bank_card_number",
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
OTHER_BUTTONS = ("web_app", "login_url", "switch_inline_query", "switch_inline_query_current_chat", "pay", "disabled")
"""Kinds of inline buttons that are taken unchecked."""

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


def checked_text(text: str, entities: list[dict[str, Any]]) -> tuple[str, list[dict[str, Any]]]:
    """Text and entities as Telegram keeps them: without blank space at the end; refused when empty or too long."""
    kept = text.replace("\0", " ").rstrip()
    if not kept.strip():
        raise bad_request("message text is empty")
    if utf16_length(kept) > TEXT_LENGTH_MAX:
        raise bad_request("message is too long")
    return kept, _clipped(entities, utf16_length(kept))


def checked_caption(text: str, entities: list[dict[str, Any]]) -> tuple[str, list[dict[str, Any]]]:
    """The same for a caption, which may be empty."""
    kept = text.replace("\0", " ").rstrip()
    if utf16_length(kept) > CAPTION_LENGTH_MAX:
        raise bad_request("message caption is too long")
    return kept, _clipped(entities, utf16_length(kept))


def checked_entities(entities: object, text: str) -> list[dict[str, Any]]:
    """The entities of a sent text, as given; refused when one is malformed or reaches beyond the text.

    At most ENTITIES_MAX are kept; those that Telegram finds by itself (a URL, a /command) are taken as they are.
    """
    if not isinstance(entities, list):  # what is no list is not even looked at
        return []
    halves = text.encode("utf-16-le", "surrogatepass")
    length = len(halves) // 2
    kept = []
    for entity in entities:
        start, size = _checked_entity(entity)
        if start + size > length:
            raise bad_request(
                f"entity beginning at UTF-16 offset {start} ends after the end of the text at UTF-16 offset "
                f"{start + size}"
            )
        if any(0xDC <= halves[at * 2 + 1] <= 0xDF for at in (start, start + size) if at < length):
            raise bad_request(
                f"entity beginning at UTF-16 offset {start} ends in a middle of a UTF-16 symbol at byte offset "
                f"{len(halves[: (start + size) * 2].decode('utf-16-le', 'ignore').encode())}"
            )
        if size:
            kept.append(entity)
    return kept[:ENTITIES_MAX]


def _checked_entity(entity: object) -> tuple[int, int]:
    """Offset and length of one entity whose form is right."""
    if not isinstance(entity, dict):
        raise bad_request("can't parse MessageEntity: expected an Object")
    for name in ("offset", "length"):
        if name not in entity:
            raise bad_request(f"can't parse MessageEntity: Can't find field \"{name}\"")
        if type(entity[name]) is not int:
            raise bad_request(f'can\'t parse MessageEntity: Field "{name}" must be of type Number')
    if entity.get("type") not in ENTITY_KINDS:
        raise bad_request("can't parse MessageEntity: Unsupported type specified")
    if entity["type"] == "text_link" and not isinstance(entity.get("url"), str):
        raise bad_request("can't parse MessageEntity: Can't find field \"url\"")
    start, size = entity["offset"], entity["length"]
    for name, value in (("offset", start), ("length", size)):
        if not 0 <= value <= 1_000_000:
            raise bad_request(f"receive an entity with incorrect {name} {value}")
    return start, size


def _clipped(entities: list[dict[str, Any]], length: int) -> list[dict[str, Any]]:
    """The entities without what reaches beyond the text that was kept."""
    return [
        entity | {"length": min(entity["length"], length - entity["offset"])}
        for entity in entities
        if entity["offset"] < length
    ]


def checked_markup(markup: object) -> dict[str, Any] | None:
    """The reply markup, as given; every inline button checked. None when there is none."""
    if markup is None:
        return None
    if not isinstance(markup, dict):
        raise bad_request("object expected as reply markup")
    rows = markup.get("inline_keyboard")
    if rows is None:
        return markup or None
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad_request('field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays')
    buttons = [button for row in rows for button in row]
    if len(buttons) > BUTTONS_MAX:
        raise bad_request("reply markup is too long")
    for button in buttons:
        _check_button(button)
    return markup if buttons else None


def _check_button(button: object) -> None:
    if not isinstance(button, Mapping):
        raise bad_request("can't parse inline keyboard button: InlineKeyboardButton must be an Object")
    label, data, url = button.get("text"), button.get("callback_data"), button.get("url")
    if not isinstance(label, str):
        raise bad_request("can't parse inline keyboard button: Can't find field \"text\"")
    if not label.strip():
        raise bad_request("inline keyboard button text must be non-empty")
    if button.get("style") not in (None, *BUTTON_STYLES):
        raise bad_request("can't parse inline keyboard button: invalid button style specified")
    if isinstance(url, str) and url:
        _check_url(url)
    elif isinstance(data, str) and data:
        if len(data.encode("utf-8", "surrogatepass")) > CALLBACK_DATA_BYTES_MAX:
            raise bad_request("BUTTON_DATA_INVALID")
    elif isinstance(copied := button.get("copy_text"), Mapping):
        if not 1 <= len(str(copied.get("text", ""))) <= COPY_TEXT_LENGTH_MAX:
            raise bad_request("BUTTON_COPY_TEXT_INVALID")
    elif not any(other in button for other in OTHER_BUTTONS):
        raise bad_request(
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
        )


def _check_url(url: str) -> None:
    try:
        address = urlsplit(url if "://" in url else f"http://{url}")
        host = address.hostname or ""
    except ValueError:
        host = ""
    if not host or " " in host or address.scheme not in ("http", "https", "tg", "ton"):
        raise bad_request(f"inline keyboard button URL '{url}' is invalid: Wrong HTTP URL")
    if address.scheme.startswith("http") and "." not in host and ":" not in host:
        raise bad_request("BUTTON_URL_INVALID")


def check_commands(commands: object) -> list[dict[str, str]]:
    """The commands for setMyCommands, as given; refused beyond Telegram's limits."""
    if not isinstance(commands, Sequence) or isinstance(commands, str):
        raise bad_request("expected an Array of BotCommand")
    if len(commands) > COMMANDS_MAX:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    for command in commands:
        if not isinstance(command, dict):
            raise bad_request("can't parse BotCommand: expected an Object")
        for field in ("command", "description"):
            if field not in command:
                raise bad_request(f"can't parse BotCommand: Can't find field \"{field}\"")
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
