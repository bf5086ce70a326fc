"""The emoji that Telegram takes as reactions (core.telegram.org/bots/api#reactiontypeemoji, checked 2026-11)."""

from typing import Any

from bot.sandbox.telegram_limits import bad_request

_LISTED = (
    "👍 👎 ❤ 🔥 🥰 👏 😁 🤔 🤯 😱 🤬 😢 🎉 🤩 🤮 💩 🙏 👌 🕊 🤡 🥱 🥴 😍 🐳 ❤\u200d🔥 "
    "🌚 🌭 💯 🤣 ⚡ 🍌 🏆 💔 🤨 😐 🍓 🍾 💋 🖕 😈 😴 😭 🤓 👻 👨\u200d💻 👀 🎃 🙈 😇 😨 "
    "🤝 ✍ 🤗 🫡 🎅 🎄 ☃ 💅 🤪 🗿 🆒 💘 🙉 🦄 😘 💊 🙊 😎 👾 🤷\u200d♂ 🤷 🤷\u200d♀ 😡"
)
EMOJI = frozenset(_LISTED.split())
"""Without the selector U+FE0F, which Telegram ignores."""


def is_reaction(emoji: str) -> bool:
    """Whether Telegram has this reaction for everybody."""
    return emoji.replace("\ufe0f", "") in EMOJI


def as_reactions(emoji: str) -> list[dict[str, Any]]:
    """An Array of ReactionType with this emoji; empty for ""."""
    return [{"type": "emoji", "emoji": emoji}] if emoji else []


def asked_reaction(wish: object) -> str:
    """The emoji of a setMessageReaction; "" takes the bot's away.

    Raises: ApiRefusal 400 for more than the one that a bot has, and for what is no emoji of the list: other kinds
    (custom, paid) are for chats and bots that paid.
    """
    if wish is None:
        return ""
    if not isinstance(wish, list):
        raise bad_request("expected an Array of ReactionType")
    for each in wish:
        if not isinstance(each, dict):
            raise bad_request("can't parse ReactionType: expected an Object")
        if each.get("type") not in ("emoji", "custom_emoji"):
            raise bad_request("can't parse ReactionType: invalid reaction type specified")
    if len(wish) > 1:
        raise bad_request("REACTIONS_TOO_MANY")
    emoji = str(wish[0].get("emoji", "")) if wish else ""
    if wish and not is_reaction(emoji):
        raise bad_request("REACTION_INVALID")
    return emoji
