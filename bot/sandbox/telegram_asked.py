"""One request of the bot's: its parameters, and the chats and messages it names, looked up as Telegram does.

Parameters come as text or as JSON, from whichever body; like the Bot API server this reads what it can: a number that
is none is 0, and 0 is a chat or message that is not there.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.sandbox.telegram_limits import ApiRefusal, bad_request, from_json
from bot.sandbox.telegram_values import Group, Phone, Shown
from bot.sandbox.telegram_world import TelegramWorld

_LEADING_NUMBER = re.compile(r"\s*(-?\d{1,19})")


@dataclass(frozen=True, slots=True)
class Upload:
    """A file in a multipart body."""

    name: str
    content: bytes


class Asked:
    """The parameters of one request. uploads: its files, by the name of their field."""

    def __init__(self, values: Mapping[str, Any], uploads: Mapping[str, Upload] | None = None) -> None:
        self._values = values
        self.uploads = uploads or {}

    def text(self, name: str) -> str:
        """As text; "" when absent. JSON numbers and objects are text to the Bot API server, too."""
        value = self._values.get(name)
        if value is None:
            return ""
        return value if isinstance(value, str) else json.dumps(value)

    def number(self, name: str, default: int = 0) -> int:
        """As a whole number, 0 when it is none."""
        text = self.text(name)
        found = _LEADING_NUMBER.match(text)
        return default if not text else int(found.group(1)) if found else 0

    def flag(self, name: str) -> bool:
        return self.text(name).strip().lower() in ("true", "yes", "1")

    def tree(self, name: str, called: str = "") -> Any:
        """An object or a list, decoded; None when absent. Raises: ApiRefusal 400 when it is no JSON."""
        return from_json(self._values.get(name), f"can't parse {called or name.replace('_', ' ')} JSON object")


def chat_of(world: TelegramWorld, asked: Asked) -> Phone | Group:
    """The chat that a request names. Raises: ApiRefusal 400."""
    if not asked.text("chat_id"):
        raise bad_request("chat_id is empty")
    chat_id = asked.number("chat_id")
    known = world.people.get(chat_id) or world.groups.get(chat_id)
    if known is None:
        raise bad_request("chat not found")
    return known


def id_of(chat: Phone | Group) -> int:
    return chat.user_id if isinstance(chat, Phone) else chat.chat_id


def readable(world: TelegramWorld, asked: Asked) -> Phone | Group:
    """The chat, if the bot may read it: it has been in it."""
    chat = chat_of(world, asked)
    if isinstance(chat, Group) and (chat.bot == "kicked" or (chat.is_super and not chat.has_bot)):
        raise _outside(chat)
    return chat


def writable(world: TelegramWorld, asked: Asked) -> Phone | Group:
    """The chat, if the bot may write there now. Raises: ApiRefusal 400 or 403, in Telegram's words."""
    chat = chat_of(world, asked)
    if isinstance(chat, Group):
        if chat.moved_to is not None:
            raise bad_request("group chat was upgraded to a supergroup chat", migrate_to_chat_id=chat.moved_to)
        if not chat.has_bot:
            raise _outside(chat)
    elif chat.deactivated:
        raise ApiRefusal(403, "Forbidden: user is deactivated")
    elif chat.blocked:
        raise ApiRefusal(403, "Forbidden: bot was blocked by the user")
    elif not chat.started:
        raise ApiRefusal(403, "Forbidden: bot can't initiate conversation with a user")
    return chat


def check_may_send(chat: Phone | Group, what: str) -> None:
    """Raises ApiRefusal 400 in a group where the bot was silenced. what: text messages, photos, documents."""
    if isinstance(chat, Group) and chat.bot == "restricted":
        raise bad_request(f"not enough rights to send {what} to the chat")


def message_of(world: TelegramWorld, asked: Asked, chat: Phone | Group, called: str) -> Shown:
    """The message that a request names. called: "message to pin" and the like, as the refusal says it."""
    shown = world.find(id_of(chat), asked.number("message_id"))
    if shown is None:
        raise bad_request(f"{called} not found")
    return shown


def own_message(world: TelegramWorld, asked: Asked) -> Shown:
    """The bot's own message that is to be edited."""
    if not asked.text("chat_id") and not asked.number("message_id"):
        raise bad_request("message identifier is not specified")
    shown = message_of(world, asked, writable(world, asked), "message to edit")
    if not shown.from_bot or shown.about is not None:
        raise bad_request("message can't be edited")
    return shown


def reply_target(world: TelegramWorld, asked: Asked, chat_id: int) -> int | None:
    """The message replied to; None when there is none, or it is gone and the bot said that this does not matter."""
    wish = asked.tree("reply_parameters") or {}
    if not isinstance(wish, dict):
        raise bad_request("object expected as reply parameters")
    target = wish.get("message_id") or asked.number("reply_to_message_id")
    if not target:
        return None
    if world.find(chat_id, target) is not None:
        return int(target)
    if wish.get("allow_sending_without_reply") or asked.flag("allow_sending_without_reply"):
        return None
    raise bad_request("message to be replied not found")


def _outside(group: Group) -> ApiRefusal:
    if group.bot == "kicked":
        return ApiRefusal(403, f"Forbidden: bot was kicked from the {group.kind} chat")
    return ApiRefusal(403, f"Forbidden: bot is not a member of the {group.kind} chat")
