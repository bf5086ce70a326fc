"""What stands on the phones of the stand-in Telegram: people, chats, messages, popups. Values only, no rules."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.sandbox.telegram_files import StoredFile
from bot.sandbox.telegram_found import found_entities

PRESENT = ("member", "administrator", "restricted")
SUPERGROUP_IDS = -1_000_000_000_000
"""Supergroups have ids at or below this one."""


@dataclass(slots=True)
class Phone:
    """A person with Telegram, and their private chat with the bot.

    started: they have written to the bot at least once; before that no bot may write to them. blocked: by them.
    deactivated: the account is deleted.
    """

    user_id: int
    first_name: str
    language_code: str = ""
    username: str = ""
    started: bool = False
    blocked: bool = False
    deactivated: bool = False

    def as_user(self) -> dict[str, Any]:
        """The User object of the Bot API."""
        user: dict[str, Any] = {"id": self.user_id, "is_bot": False, "first_name": self.first_name}
        if self.username:
            user["username"] = self.username
        if self.language_code:
            user["language_code"] = self.language_code
        return user

    def as_chat(self) -> dict[str, Any]:
        """The Chat object of their private chat."""
        chat: dict[str, Any] = {"id": self.user_id, "type": "private", "first_name": self.first_name}
        if self.username:
            chat["username"] = self.username
        return chat


@dataclass(slots=True)
class Group:
    """A group chat. moved_to: the supergroup it became, if it did.

    bot: where the bot stands: member, administrator, restricted (in it, but may not write), left, kicked. bot_rights:
    an administrator's. members: the people in it; the first one is its owner.
    """

    chat_id: int
    title: str
    bot: str = "left"
    moved_to: int | None = None
    bot_rights: frozenset[str] = frozenset()
    members: list[int] = field(default_factory=list)

    @property
    def has_bot(self) -> bool:
        """Whether the bot is in it."""
        return self.bot in PRESENT

    @has_bot.setter
    def has_bot(self, is_in: bool) -> None:
        if is_in != self.has_bot:
            self.bot, self.bot_rights = ("member" if is_in else "left"), frozenset()

    @property
    def is_super(self) -> bool:
        return self.chat_id <= SUPERGROUP_IDS

    @property
    def kind(self) -> str:
        """As in the Bot API: group or supergroup."""
        return "supergroup" if self.is_super else "group"

    def as_chat(self) -> dict[str, Any]:
        """The Chat object of the Bot API."""
        return {"id": self.chat_id, "type": self.kind, "title": self.title}


@dataclass(slots=True)
class Shown:
    """One message as it stands in a chat now.

    entities: as in the Bot API, offsets in UTF-16, as sent; Telegram finds more (all_entities). kind: text, voice,
    sticker, photo, document, or a service message: pinned_message, new_chat_members, left_chat_member,
    migrate_to_chat_id, migrate_from_chat_id; `about` is what a service message carries. text: of a photo or document,
    its caption. rang: it came from the bot and made a sound; an edit never does. protected: cannot be forwarded.
    reaction: the bot's; reactions: people's, by their id. album: the media group it belongs to. Instants are the
    world's, aware UTC.
    """

    message_id: int
    chat_id: int
    from_bot: bool
    author_id: int
    text: str
    sent_at: datetime
    kind: str = "text"
    entities: list[dict[str, Any]] = field(default_factory=list)
    markup: dict[str, Any] | None = None
    edited_at: datetime | None = None
    reply_to: int | None = None
    rang: bool = False
    silent: bool = False
    protected: bool = False
    link_preview: dict[str, Any] | None = None
    reaction: str = ""
    reactions: dict[int, str] = field(default_factory=dict)
    file: StoredFile | None = None
    about: Any = None
    pinned: bool = False
    album: str = ""

    @property
    def all_entities(self) -> list[dict[str, Any]]:
        """The entities with those that Telegram finds by itself, in order."""
        found = found_entities(self.text, self.entities)
        return sorted([*self.entities, *found], key=lambda each: (each["offset"], -each["length"]))

    @property
    def edited(self) -> bool:
        return self.edited_at is not None

    @property
    def first_line(self) -> str:
        """What a lock screen shows."""
        return self.text.partition("\n")[0]

    @property
    def buttons(self) -> list[list[dict[str, Any]]]:
        """The rows of inline buttons, each with `text` and `callback_data` or `url`; empty when there are none."""
        rows: list[list[dict[str, Any]]] = (self.markup or {}).get("inline_keyboard", [])
        return rows

    @property
    def button_data(self) -> list[str]:
        """The callback data of its buttons, in reading order."""
        return [button["callback_data"] for row in self.buttons for button in row if "callback_data" in button]

    @property
    def asks(self) -> bool:
        """Whether the phone opens the reply box on it (force_reply)."""
        return bool((self.markup or {}).get("force_reply"))

    def as_json(self) -> dict[str, Any]:
        """For the page with the phones."""
        return {
            "message_id": self.message_id,
            "chat_id": self.chat_id,
            "from_bot": self.from_bot,
            "author_id": self.author_id,
            "text": self.text,
            "kind": self.kind,
            "entities": self.all_entities,
            "buttons": [
                [
                    {
                        "label": button["text"],
                        "data": button.get("callback_data", ""),
                        "url": button.get("url", ""),
                        "style": button.get("style", ""),
                    }
                    | ({"copy": button["copy_text"]["text"]} if "copy_text" in button else {})
                    for button in row
                ]
                for row in self.buttons
            ],
            "asks": self.asks,
            "placeholder": str((self.markup or {}).get("input_field_placeholder", "")),
            "sent_at": self.sent_at.isoformat(),
            "edited": self.edited,
            "reply_to": self.reply_to,
            "rang": self.rang,
            "silent": self.silent,
            "protected": self.protected,
            "reaction": self.reaction,
            "reactions": {str(user_id): emoji for user_id, emoji in self.reactions.items()},
            "pinned": self.pinned,
            "file": None if self.file is None else self.file.as_json(),
            "album": self.album,
        }


@dataclass(frozen=True, slots=True)
class Popup:
    """What a phone shows after a press: a line that fades, or (`alert`) a window to be closed."""

    user_id: int
    callback_id: str
    text: str
    alert: bool
    at: datetime

    def as_json(self) -> dict[str, Any]:
        """For the page with the phones."""
        return {"callback_id": self.callback_id, "text": self.text, "alert": self.alert, "at": self.at.isoformat()}


@dataclass(slots=True)
class Press:
    """A press on a button, until the bot has answered it (the phone shows a spinner meanwhile)."""

    callback_id: str
    user_id: int
    at: datetime
    answered: bool = False
