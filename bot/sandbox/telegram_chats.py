"""The bot's methods on chats and on what stands in them: reactions, pins, deleting, members, leaving."""

from datetime import timedelta
from typing import Any

from bot.sandbox.telegram_asked import Asked, chat_of, id_of, message_of, readable, writable
from bot.sandbox.telegram_ground import MEMBER_RIGHTS
from bot.sandbox.telegram_limits import bad_request
from bot.sandbox.telegram_reactions import asked_reaction
from bot.sandbox.telegram_values import Group, Phone, Shown
from bot.sandbox.telegram_world import TelegramWorld

DELETE_LIFE = timedelta(hours=48)  # core.telegram.org/bots/api#deletemessage, checked 2026-11
_ACTION_NAMES = (
    "typing upload_photo record_video upload_video record_voice upload_voice record_audio upload_audio upload_document "
    "choose_sticker find_location record_video_note upload_video_note"
)
_ACTIONS = frozenset(_ACTION_NAMES.split())
_NO_GIFTS = dict.fromkeys(
    ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels"), False
)


async def set_message_reaction(world: TelegramWorld, asked: Asked) -> Any:
    emoji = asked_reaction(asked.tree("reaction", "reaction types"))
    shown = message_of(world, asked, writable(world, asked), "message to react")
    shown.reaction = emoji
    world.bot_changed(shown)
    return True


async def send_chat_action(world: TelegramWorld, asked: Asked) -> Any:
    if asked.text("action").lower() not in _ACTIONS:
        raise bad_request("wrong parameter action in request")
    writable(world, asked)
    return True


async def delete_message(world: TelegramWorld, asked: Asked) -> Any:
    if not asked.text("chat_id"):
        raise bad_request("chat identifier is not specified")
    if asked.number("message_id") <= 0:
        raise bad_request("message identifier is not specified")
    chat = chat_of(world, asked)
    if isinstance(chat, Group):
        chat = writable(world, asked)
    shown = message_of(world, asked, chat, "message to delete")
    is_late = world.now() - shown.sent_at > DELETE_LIFE
    is_foreign = isinstance(chat, Group) and not shown.from_bot and "can_delete_messages" not in chat.bot_rights
    if is_late or is_foreign:
        raise bad_request("message can't be deleted for everyone")
    world.bot_removes(shown)
    return True


async def pin_chat_message(world: TelegramWorld, asked: Asked) -> Any:
    chat = writable(world, asked)
    shown = message_of(world, asked, chat, "message to pin")
    _check_may_pin(chat)
    if not shown.pinned:
        shown.pinned = True
        # In private chats pins never notify; in groups the service message does, unless told not to.
        silent = isinstance(chat, Phone) or asked.flag("disable_notification")
        world.service(shown.chat_id, world.bot_id, "pinned_message", _quoted(world, shown), silent=silent)
    return True


async def unpin_chat_message(world: TelegramWorld, asked: Asked) -> Any:
    chat = writable(world, asked)
    if asked.number("message_id"):
        shown: Shown | None = message_of(world, asked, chat, "message to unpin")
    else:
        shown = next(reversed(world.pinned(id_of(chat))), None)
    if shown is None:
        raise bad_request("message to unpin not found")
    _check_may_pin(chat)
    shown.pinned = False
    world.bot_changed(shown)
    return True


async def unpin_all_chat_messages(world: TelegramWorld, asked: Asked) -> Any:
    chat = writable(world, asked)
    _check_may_pin(chat)
    for shown in world.pinned(id_of(chat)):
        shown.pinned = False
        world.bot_changed(shown)
    return True


async def get_chat(world: TelegramWorld, asked: Asked) -> Any:
    chat = readable(world, asked)
    body = chat.as_chat() | {"accent_color_id": 0, "max_reaction_count": 11, "accepted_gift_types": _NO_GIFTS}
    pinned = world.pinned(id_of(chat))
    if pinned:
        body["pinned_message"] = _quoted(world, pinned[-1])
    if isinstance(chat, Group):
        closed = ("can_pin_messages", "can_change_info", "can_manage_topics", "can_edit_tag")
        body["permissions"] = {name: name not in closed for name in MEMBER_RIGHTS}
    return body


async def get_chat_member(world: TelegramWorld, asked: Asked) -> Any:
    user_id = asked.number("user_id")
    if user_id <= 0:
        raise bad_request("invalid user_id specified")
    chat = readable(world, asked)
    if user_id != world.bot_id and user_id not in world.people:
        raise bad_request("PARTICIPANT_ID_INVALID")
    if isinstance(chat, Phone):
        if user_id not in (chat.user_id, world.bot_id):
            raise bad_request("PARTICIPANT_ID_INVALID")
        return {"user": world.user_json(user_id), "status": "member"}
    return world.member_json(chat, user_id)


async def get_chat_administrators(world: TelegramWorld, asked: Asked) -> Any:
    chat = readable(world, asked)
    if isinstance(chat, Phone):
        raise bad_request("there are no administrators in the private chat")
    members = [world.member_json(chat, user_id) for user_id in (*chat.members, world.bot_id)]
    return [member for member in members if member["status"] in ("creator", "administrator")]


async def get_chat_member_count(world: TelegramWorld, asked: Asked) -> Any:
    chat = readable(world, asked)
    return 2 if isinstance(chat, Phone) else len(chat.members) + chat.has_bot


async def leave_chat(world: TelegramWorld, asked: Asked) -> Any:
    chat = readable(world, asked)
    if isinstance(chat, Phone):
        raise bad_request("chat member status can't be changed in private chats")
    writable(world, asked)
    world.bot_leaves(chat.chat_id)
    return True


def _quoted(world: TelegramWorld, shown: Shown) -> dict[str, Any]:
    return world.message_json(shown, with_reply=False)


def _check_may_pin(chat: Phone | Group) -> None:
    """Raises ApiRefusal 400 in a group where the bot is no administrator with that right."""
    if isinstance(chat, Group) and "can_pin_messages" not in chat.bot_rights:
        raise bad_request("not enough rights to manage pinned messages in the chat")
