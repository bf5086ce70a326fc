"""What comes from a phone, parsed at the Telegram door: a text, a press, or a change of reach."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class RepliedTo:
    """The message that a text replies to. `by_us`: sent by this bot; only then may `data` (its buttons') be trusted."""

    message_id: int
    by_us: bool
    data: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Wrote:
    """A person typed something (or edited it, or sent what is no text).

    user_id and chat_id are Telegram's numbers; the same in a private chat. kind: text, or voice, sticker, photo, …
    """

    update_id: int
    user_id: int
    chat_id: int
    private: bool
    message_id: int
    text: str
    sent_at: datetime
    kind: str = "text"
    edited: bool = False
    reply_to: RepliedTo | None = None
    language: str = ""


@dataclass(frozen=True, slots=True)
class Pressed:
    """A person pressed a button. `data` is whatever a client sent: nothing about it is trusted."""

    update_id: int
    user_id: int
    chat_id: int
    private: bool
    callback_id: str
    message_id: int | None
    data: str
    language: str = ""


@dataclass(frozen=True, slots=True)
class Reach:
    """The bot's standing in a chat changed: `reachable` False when a person blocked it or a group removed it."""

    update_id: int
    user_id: int
    chat_id: int
    private: bool
    reachable: bool


@dataclass(frozen=True, slots=True)
class Other:
    """An update we do nothing with (or could not parse: `problem` says why)."""

    update_id: int
    problem: str = ""


Incoming = Wrote | Pressed | Reach | Other
