"""What stands on the phones of the stand-in Telegram: people, chats, messages, popups. Values only, no rules."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(slots=True)
class Phone:
    """A person with Telegram, and their private chat with the bot.

    started: they have written to the bot at least once; before that no bot may write to them. blocked: by them.
    """

    user_id: int
    first_name: str
    language_code: str = ""
    username: str = ""
    started: bool = False
    blocked: bool = False

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
    """A group chat; `has_bot` while the bot is a member; `moved_to` is the supergroup it became, if it did."""

    chat_id: int
    title: str
    has_bot: bool = False
    moved_to: int | None = None

    def as_chat(self) -> dict[str, Any]:
        """The Chat object of the Bot API."""
        kind = "supergroup" if self.chat_id <= -1_000_000_000_000 else "group"
        return {"id": self.chat_id, "type": kind, "title": self.title}


@dataclass(slots=True)
class Shown:
    """One message as it stands in a chat now.

    entities: as in the Bot API, offsets in UTF-16. kind: text, voice, sticker, photo. rang: it came from the bot and
    made a sound; an edit never does. protected: cannot be forwarded. Instants are the world's, aware UTC.
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

    def as_json(self) -> dict[str, Any]:
        """For the page with the phones."""
        return {
            "message_id": self.message_id,
            "chat_id": self.chat_id,
            "from_bot": self.from_bot,
            "author_id": self.author_id,
            "text": self.text,
            "kind": self.kind,
            "entities": self.entities,
            "buttons": [
                [
                    {
                        "label": button["text"],
                        "data": button.get("callback_data", ""),
                        "url": button.get("url", ""),
                        "style": button.get("style", ""),
                    }
                    for button in row
                ]
                for row in self.buttons
            ],
            "sent_at": self.sent_at.isoformat(),
            "edited": self.edited,
            "reply_to": self.reply_to,
            "rang": self.rang,
            "silent": self.silent,
            "protected": self.protected,
            "reaction": self.reaction,
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
