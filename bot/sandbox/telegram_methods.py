"""The Bot API's methods on the stand-in's world: what the bot may do, and what is refused.

One table at the end names them all; those about messages stand in telegram_sending.py, those about chats in
telegram_chats.py. Words of refusal as in telegram_limits.py.
"""

import json
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from bot.sandbox import telegram_chats as chats
from bot.sandbox import telegram_sending as sending
from bot.sandbox.telegram_asked import Asked, Upload, chat_of
from bot.sandbox.telegram_limits import POPUP_LENGTH_MAX, bad_request, check_commands
from bot.sandbox.telegram_world import TelegramWorld

__all__ = ["METHODS", "Asked", "Method", "Upload"]

PRESS_ANSWER_LIFE = timedelta(seconds=15)  # not documented; measured by bot authors, facts/TELEGRAM.md
DESCRIPTION_LENGTH_MAX = 512
SHORT_DESCRIPTION_LENGTH_MAX = 120
_SCOPES = ("default", "all_private_chats", "all_group_chats", "all_chat_administrators")
_SCOPES_OF_A_CHAT = ("chat", "chat_administrators", "chat_member")

Method = Callable[[TelegramWorld, Asked], Awaitable[Any]]


async def get_me(world: TelegramWorld, _: Asked) -> Any:
    return world.bot | {
        "can_join_groups": True,
        "can_read_all_group_messages": not world.privacy_mode,
        "supports_inline_queries": False,
    }


# ── updates ─────────────────────────────────────────────────────────────────────────────────────────────────────────


async def get_updates(world: TelegramWorld, asked: Asked) -> Any:
    _want(world, asked)
    return await world.updates.poll(asked.number("offset"), asked.number("limit", 100), asked.number("timeout"))


async def set_webhook(world: TelegramWorld, asked: Asked) -> Any:
    url = asked.text("url")
    if url:
        if urlsplit(url).scheme != "https":
            raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
        _want(world, asked)
    return _webhook(world, asked, url)


async def delete_webhook(world: TelegramWorld, asked: Asked) -> Any:
    return _webhook(world, asked, "")


async def get_webhook_info(world: TelegramWorld, _: Asked) -> Any:
    url = world.updates.webhook
    info = {"url": url, "has_custom_certificate": False, "pending_update_count": len(world.updates.pending())}
    return info | ({"max_connections": 40, "allowed_updates": sorted(world.updates.kinds)} if url else {})


def _want(world: TelegramWorld, asked: Asked) -> None:
    kinds = asked.tree("allowed_updates")
    if isinstance(kinds, list):
        world.updates.want([kind for kind in kinds if isinstance(kind, str)])


def _webhook(world: TelegramWorld, asked: Asked, url: str) -> bool:
    if asked.flag("drop_pending_updates"):
        world.updates.clear()
    world.updates.set_webhook(url)
    return True


async def answer_callback_query(world: TelegramWorld, asked: Asked) -> Any:
    press = world.pressed.get(asked.text("callback_query_id"))
    text = asked.text("text")
    if len(text) > POPUP_LENGTH_MAX:
        raise bad_request("MESSAGE_TOO_LONG")
    if press is None or world.now() - press.at > PRESS_ANSWER_LIFE:
        raise bad_request("query is too old and response timeout expired or query ID is invalid")
    world.bot_answers(press, text, asked.flag("show_alert"))
    return True


# ── files ───────────────────────────────────────────────────────────────────────────────────────────────────────────


async def get_file(world: TelegramWorld, asked: Asked) -> Any:
    return world.files.path(asked.text("file_id"))


# ── what the bot says of itself ─────────────────────────────────────────────────────────────────────────────────────


async def set_my_commands(world: TelegramWorld, asked: Asked) -> Any:
    commands = check_commands(asked.tree("commands") or [])
    world.commands[_scope(world, asked)] = commands
    return True


async def get_my_commands(world: TelegramWorld, asked: Asked) -> Any:
    return world.commands.get(_scope(world, asked), [])


async def delete_my_commands(world: TelegramWorld, asked: Asked) -> Any:
    world.commands.pop(_scope(world, asked), None)
    return True


def _scope(world: TelegramWorld, asked: Asked) -> tuple[str, str]:
    """The scope (as JSON with sorted keys) and the language that commands are for."""
    scope = asked.tree("scope", "BotCommandScope")
    if scope is None:
        scope = {"type": "default"}
    if not isinstance(scope, dict):
        raise bad_request("can't parse BotCommandScope: BotCommandScope must be an Object")
    kind, language = scope.get("type"), asked.text("language_code")
    if kind not in (*_SCOPES, *_SCOPES_OF_A_CHAT):
        raise bad_request("can't parse BotCommandScope: Unsupported type specified")
    if language and not (len(language) == 2 and language.isascii() and language.islower()):
        raise bad_request("LANG_CODE_INVALID")
    if kind in _SCOPES_OF_A_CHAT:
        if not scope.get("chat_id"):
            raise bad_request("can't parse BotCommandScope: Empty chat_id specified")
        chat_of(world, Asked(scope))
    return json.dumps(scope, sort_keys=True), language


def _describing(field: str, length_max: int) -> tuple[Method, Method]:
    """The methods that set and give one of the bot's descriptions."""

    async def put(world: TelegramWorld, asked: Asked) -> Any:
        text = asked.text(field)
        if len(text) > length_max:
            raise bad_request(f"BOT_{field.upper()}_TOO_LONG")
        world.descriptions[(field, asked.text("language_code"))] = text
        return True

    async def give(world: TelegramWorld, asked: Asked) -> Any:
        of = world.descriptions
        return {field: of.get((field, asked.text("language_code"))) or of.get((field, ""), "")}

    return put, give


set_my_description, get_my_description = _describing("description", DESCRIPTION_LENGTH_MAX)
set_my_short_description, get_my_short_description = _describing("short_description", SHORT_DESCRIPTION_LENGTH_MAX)

METHODS: dict[str, Method] = {
    "getme": get_me,
    "getupdates": get_updates,
    "setwebhook": set_webhook,
    "deletewebhook": delete_webhook,
    "getwebhookinfo": get_webhook_info,
    "sendmessage": sending.send_message,
    "sendphoto": sending.send_photo,
    "senddocument": sending.send_document,
    "sendmediagroup": sending.send_media_group,
    "sendchataction": chats.send_chat_action,
    "editmessagetext": sending.edit_message_text,
    "editmessagecaption": sending.edit_message_caption,
    "editmessagemedia": sending.edit_message_media,
    "editmessagereplymarkup": sending.edit_message_reply_markup,
    "deletemessage": chats.delete_message,
    "setmessagereaction": chats.set_message_reaction,
    "pinchatmessage": chats.pin_chat_message,
    "unpinchatmessage": chats.unpin_chat_message,
    "unpinallchatmessages": chats.unpin_all_chat_messages,
    "answercallbackquery": answer_callback_query,
    "getfile": get_file,
    "getchat": chats.get_chat,
    "getchatmember": chats.get_chat_member,
    "getchatadministrators": chats.get_chat_administrators,
    "getchatmembercount": chats.get_chat_member_count,
    "leavechat": chats.leave_chat,
    "setmycommands": set_my_commands,
    "getmycommands": get_my_commands,
    "deletemycommands": delete_my_commands,
    "setmydescription": set_my_description,
    "getmydescription": get_my_description,
    "setmyshortdescription": set_my_short_description,
    "getmyshortdescription": get_my_short_description,
}
"""Method names in lower case: the Bot API does not care about theirs."""
