"""The Bot API's methods on the stand-in's world: what the bot may do, and what is refused.

One table at the end names them all. Words of refusal as in telegram_limits.py.
"""

import json
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import Any

from bot.sandbox.telegram_limits import (
    POPUP_LENGTH_MAX,
    ApiRefusal,
    bad_request,
    check_commands,
    checked_entities,
    checked_markup,
    checked_text,
    from_json,
)
from bot.sandbox.telegram_values import Group, Phone, Shown
from bot.sandbox.telegram_world import TelegramWorld

PRESS_ANSWER_LIFE = timedelta(seconds=15)  # not documented; measured by bot authors, facts/TELEGRAM.md


class Asked:
    """The parameters of one request, whichever body they came in: values may be JSON or text that says the same."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self._values = values

    def text(self, name: str, default: str = "") -> str:
        value = self._values.get(name, default)
        if not isinstance(value, str):
            raise bad_request(f"{name} must be a String")
        return value

    def number(self, name: str, default: int = 0) -> int:
        value = self._values.get(name, default)
        try:
            return int(value)
        except (TypeError, ValueError):
            raise bad_request(f"{name} must be an Integer") from None

    def flag(self, name: str) -> bool:
        return self._values.get(name, False) in (True, "true", "True", "1", 1)

    def tree(self, name: str) -> Any:
        """An object or a list, decoded; None when absent."""
        return from_json(self._values.get(name), f"can't parse {name} JSON object")


Method = Callable[[TelegramWorld, Asked], Awaitable[Any]]


async def get_me(world: TelegramWorld, _: Asked) -> Any:
    return world.bot | {"can_join_groups": True, "can_read_all_group_messages": True, "supports_inline_queries": False}


async def get_updates(world: TelegramWorld, asked: Asked) -> Any:
    kinds = asked.tree("allowed_updates")
    if isinstance(kinds, list):
        world.updates.want([kind for kind in kinds if isinstance(kind, str)])
    return await world.updates.poll(asked.number("offset"), asked.number("limit", 100), asked.number("timeout"))


async def send_message(world: TelegramWorld, asked: Asked) -> Any:
    chat = _writable(world, asked)
    text = checked_text(asked.text("text"))
    _refuse_parse_mode(asked)
    entities = checked_entities(asked.tree("entities"), text)
    markup = checked_markup(asked.tree("reply_markup"))
    chat_id = chat.user_id if isinstance(chat, Phone) else chat.chat_id
    silent = asked.flag("disable_notification")
    sent = Shown(
        0,
        chat_id,
        True,
        world.bot_id,
        text,
        world.now(),
        entities=entities,
        markup=markup,
        reply_to=_reply_target(world, asked, chat_id),
        rang=not silent,
        silent=silent,
        protected=asked.flag("protect_content"),
        link_preview=asked.tree("link_preview_options"),
    )
    return world.message_json(world.bot_puts(sent))


async def edit_message_text(world: TelegramWorld, asked: Asked) -> Any:
    shown = _own_message(world, asked)
    text = checked_text(asked.text("text"))
    _refuse_parse_mode(asked)
    entities = checked_entities(asked.tree("entities"), text)
    markup = checked_markup(asked.tree("reply_markup"))
    if (text, entities, markup) == (shown.text, shown.entities, shown.markup):
        raise _not_modified()
    shown.text, shown.entities, shown.markup, shown.edited_at = text, entities, markup, world.now()
    if (preview := asked.tree("link_preview_options")) is not None:
        shown.link_preview = preview
    world.bot_changed(shown)
    return world.message_json(shown)


async def edit_message_reply_markup(world: TelegramWorld, asked: Asked) -> Any:
    shown = _own_message(world, asked)
    markup = checked_markup(asked.tree("reply_markup"))
    if markup == shown.markup:
        raise _not_modified()
    shown.markup = markup
    world.bot_changed(shown)
    return world.message_json(shown)


async def delete_message(world: TelegramWorld, asked: Asked) -> Any:
    chat_id = asked.number("chat_id")
    _chat(world, chat_id)
    shown = world.find(chat_id, asked.number("message_id"))
    if shown is None:
        raise bad_request("message to delete not found")
    world.bot_removes(shown)
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


async def set_my_commands(world: TelegramWorld, asked: Asked) -> Any:
    scope = json.dumps(asked.tree("scope") or {"type": "default"}, sort_keys=True)
    world.commands[(scope, asked.text("language_code"))] = check_commands(asked.tree("commands"))
    return True


async def get_chat(world: TelegramWorld, asked: Asked) -> Any:
    chat_id = asked.number("chat_id")
    _chat(world, chat_id)
    return world.chat_json(chat_id) | {"accent_color_id": 0, "max_reaction_count": 11}


async def delete_webhook(world: TelegramWorld, asked: Asked) -> Any:
    if asked.flag("drop_pending_updates"):
        world.updates.clear()
    return True


async def get_webhook_info(world: TelegramWorld, _: Asked) -> Any:
    return {"url": "", "has_custom_certificate": False, "pending_update_count": len(world.updates.pending())}


async def leave_chat(world: TelegramWorld, asked: Asked) -> Any:
    chat = _chat(world, asked.number("chat_id"))
    if isinstance(chat, Phone):
        raise bad_request("chat member status can't be changed in private chats")
    if not chat.has_bot:
        raise _not_a_member()
    world.bot_leaves(chat.chat_id)
    return True


async def set_message_reaction(world: TelegramWorld, asked: Asked) -> Any:
    chat_id = asked.number("chat_id")
    _writable(world, asked)
    shown = world.find(chat_id, asked.number("message_id"))
    if shown is None:
        raise bad_request("message to react not found")
    reactions = asked.tree("reaction") or []
    shown.reaction = str(reactions[0].get("emoji", "")) if reactions else ""
    world.bot_changed(shown)
    return True


def _chat(world: TelegramWorld, chat_id: int) -> Phone | Group:
    known = world.people.get(chat_id) or world.groups.get(chat_id)
    if known is None:
        raise bad_request("chat not found")
    return known


def _writable(world: TelegramWorld, asked: Asked) -> Phone | Group:
    """The chat of this request, if the bot may write there now."""
    try:
        chat_id = asked.number("chat_id")
    except ApiRefusal:
        raise bad_request("chat not found") from None
    if not chat_id:
        raise bad_request("chat_id is empty")
    chat = _chat(world, chat_id)
    if isinstance(chat, Group):
        if chat.moved_to is not None:
            raise bad_request("group chat was upgraded to a supergroup chat", migrate_to_chat_id=chat.moved_to)
        if not chat.has_bot:
            raise _not_a_member()
    elif chat.blocked:
        raise ApiRefusal(403, "Forbidden: bot was blocked by the user")
    elif not chat.started:
        raise ApiRefusal(403, "Forbidden: bot can't initiate conversation with a user")
    return chat


def _own_message(world: TelegramWorld, asked: Asked) -> Shown:
    """The bot's own message that is to be edited."""
    _writable(world, asked)
    shown = world.find(asked.number("chat_id"), asked.number("message_id"))
    if shown is None:
        raise bad_request("message to edit not found")
    if not shown.from_bot:
        raise bad_request("message can't be edited")
    return shown


def _reply_target(world: TelegramWorld, asked: Asked, chat_id: int) -> int | None:
    """The message replied to; None when there is none, or it is gone and the bot said that this does not matter."""
    wish = asked.tree("reply_parameters") or {}
    if not isinstance(wish, dict):
        raise bad_request("can't parse reply parameters JSON object")
    target = wish.get("message_id") or asked.number("reply_to_message_id")
    if not target:
        return None
    if world.find(chat_id, target) is not None:
        return int(target)
    if wish.get("allow_sending_without_reply") or asked.flag("allow_sending_without_reply"):
        return None
    raise bad_request("message to be replied not found")


def _refuse_parse_mode(asked: Asked) -> None:
    if asked.text("parse_mode"):
        raise bad_request("can't parse entities: the stand-in takes entities only, no parse_mode")


def _not_modified() -> ApiRefusal:
    return bad_request(
        "message is not modified: specified new message content and reply markup are exactly the same as a current "
        "content and reply markup of the message"
    )


def _not_a_member() -> ApiRefusal:
    return ApiRefusal(403, "Forbidden: bot is not a member of the supergroup chat")


METHODS: dict[str, Method] = {
    "getme": get_me,
    "getupdates": get_updates,
    "sendmessage": send_message,
    "editmessagetext": edit_message_text,
    "editmessagereplymarkup": edit_message_reply_markup,
    "deletemessage": delete_message,
    "answercallbackquery": answer_callback_query,
    "setmycommands": set_my_commands,
    "getchat": get_chat,
    "deletewebhook": delete_webhook,
    "getwebhookinfo": get_webhook_info,
    "leavechat": leave_chat,
    "setmessagereaction": set_message_reaction,
}
"""Method names in lower case: the Bot API does not care about theirs."""
