"""A Message in Telegram's own form: UTF-16 entities, an inline keyboard, never longer than Telegram takes.

Entities, not markup: a customer's words can never become formatting, because nothing is parsed on the way.
"""

import re
from dataclasses import dataclass, replace

from telegram import ForceReply, InlineKeyboardButton, InlineKeyboardMarkup, MessageEntity

from bot.core.message import Button, Message, Span

TEXT_LENGTH_MAX = 4096  # UTF-16 units, core.telegram.org/bots/api#sendmessage, checked 2026-11
ENTITIES_MAX = 100  # the same page: further ones are ignored
CUT = "…"
KINDS = {
    "bold": MessageEntity.BOLD,
    "italic": MessageEntity.ITALIC,
    "code": MessageEntity.CODE,
    "pre": MessageEntity.PRE,
    "quote": MessageEntity.BLOCKQUOTE,
    "strike": MessageEntity.STRIKETHROUGH,
}

# Lone halves of a surrogate pair cannot be sent at all, NUL is refused; one character for one keeps the offsets.
_UNSENDABLE = re.compile("[\ud800-\udfff\0]")


@dataclass(frozen=True, slots=True)
class Rendered:
    """What sendMessage and editMessageText take."""

    text: str
    entities: tuple[MessageEntity, ...]
    keyboard: InlineKeyboardMarkup | ForceReply | None


def rendered(message: Message) -> Rendered:
    """The message as Telegram takes it; a text that is too long ends in "…", and its spans with it."""
    text = cut(_UNSENDABLE.sub("\ufffd", message.text))
    markup = keyboard(message.buttons) or (ForceReply() if message.ask else None)
    return Rendered(text, entities(text, message.spans), markup)


def plainer(form: Rendered, complaint: str) -> Rendered | None:
    """The message without what Telegram complained about (formatting, buttons); None when that was something else.

    A page that looks plain still rings; a page that is refused does not.
    """
    said = complaint.lower()
    if "entit" in said and form.entities:
        return replace(form, entities=())
    if any(word in said for word in ("button", "keyboard", "reply_markup", "reply markup")) and form.keyboard:
        return replace(form, keyboard=None)
    return None


def cut(text: str) -> str:
    """The text, at most 4096 UTF-16 units long."""
    if utf16_length(text) <= TEXT_LENGTH_MAX:
        return text
    room = TEXT_LENGTH_MAX - utf16_length(CUT)
    kept = text.encode("utf-16-le")[: room * 2].decode("utf-16-le", "ignore")  # never half a character
    return kept.rstrip() + CUT


def entities(text: str, spans: tuple[Span, ...]) -> tuple[MessageEntity, ...]:
    """The spans over this text, clipped to it, with offsets in UTF-16; empty ones are left out."""
    clipped = [(max(0, span.start), min(span.end, len(text)), span.kind) for span in spans]
    # Telegram trims the blank end of a text, and an entity must not reach beyond what is left.
    end = len(text.rstrip())
    in_characters = [
        MessageEntity(KINDS[kind], start, min(stop, end) - start)
        for start, stop, kind in clipped
        if start < min(stop, end)
    ]
    return tuple(MessageEntity.adjust_message_entities_to_utf_16(text, in_characters[:ENTITIES_MAX]))


def keyboard(rows: tuple[tuple[Button, ...], ...]) -> InlineKeyboardMarkup | None:
    """The rows of buttons; None when there are none, which in an edit takes them away."""
    kept = [[_button(button) for button in row] for row in rows if row]
    return InlineKeyboardMarkup(kept) if kept else None


def utf16_length(text: str) -> int:
    """How long a text is in UTF-16 units, the unit of Telegram's limits."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _button(button: Button) -> InlineKeyboardButton:
    style = button.style or None
    if button.url:
        return InlineKeyboardButton(button.label, url=button.url, style=style)
    return InlineKeyboardButton(button.label, callback_data=button.data, style=style)
