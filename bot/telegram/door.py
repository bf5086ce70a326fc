"""The Telegram door: the only file that calls Telegram.

One call is one request: no retry is hidden here, for whether to send again is delivery's decision. Whatever goes
wrong leaves as one of the errors in errors.py; best-effort calls log and go on. The library's Updater is not used: it
confirms updates before anybody has stored them.
"""

import logging
from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from telegram import (
    BotCommand,
    BotCommandScopeChat,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
    ReactionTypeEmoji,
    ReplyParameters,
)
from telegram.error import BadRequest

from bot.core.incoming import Incoming
from bot.core.message import Message
from bot.core.outside import is_deep
from bot.core.traffic import Traffic
from bot.errors import DoorError
from bot.telegram import incoming
from bot.telegram.errors import is_about_the_chat, translated, without_token
from bot.telegram.render import Rendered, plainer, rendered, utf16_length
from bot.telegram.wire import PlainBot, Wire, hush

WANTED = ("message", "edited_message", "callback_query", "my_chat_member")
CAPTION_LENGTH_MAX = 1024  # UTF-16 units; core.telegram.org/bots/api#sendphoto, checked 2026-11
POPUP_LENGTH_MAX = 200  # core.telegram.org/bots/api#answercallbackquery, checked 2026-11
NOT_MODIFIED = "message is not modified"
NO_PREVIEW = LinkPreviewOptions(is_disabled=True)

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class AboutBot:
    """username: without @. joins_groups: it may be added to groups. reads_groups: privacy mode is off, so it is sent
    everything that is said there."""

    id: int
    username: str
    joins_groups: bool
    reads_groups: bool


class TelegramDoor:
    """One bot at one Bot API server; use between open() and close().

    base_url: without "/bot" and token. timeout_s: for connecting, writing, and waiting for an answer, each.
    traffic: where requests are counted, if anywhere.
    """

    def __init__(self, token: str, base_url: str, timeout_s: float = 10.0, traffic: Traffic | None = None) -> None:
        hush()
        self._token = token
        self._timeout_s = timeout_s
        self._bot_id = _id_in(token)
        # The long poll has its own connection, so that it never waits behind pages nor they behind it.
        self._wires = (Wire(timeout_s, base_url, 2, traffic), Wire(timeout_s, base_url, traffic=traffic))
        self._bot = PlainBot(
            token,
            base_url=base_url.rstrip("/") + "/bot",
            get_updates_request=self._wires[0],
            request=self._wires[1],
        )

    def __repr__(self) -> str:
        return f"TelegramDoor(bot {self._bot_id})"

    async def open(self) -> None:
        """Get the connections ready; nothing is asked of Telegram yet."""
        for wire in self._wires:
            await wire.initialize()

    async def close(self) -> None:
        """Let the connections go; the door can be opened again."""
        for wire in self._wires:
            await wire.shutdown()

    # ── reading ────────────────────────────────────────────────────────────────────────────────────────────────────

    async def me(self) -> tuple[int, str]:
        """The bot's id and username (without @). Raises: Temporary, Permanent."""
        about = await self.about()
        return about.id, about.username

    async def about(self) -> AboutBot:
        """What Telegram knows about the bot of this token. Raises: Temporary, Permanent."""
        try:
            user = await self._bot.call("getMe")
            about = AboutBot(
                int(user["id"]),
                str(user["username"]),
                joins_groups=user.get("can_join_groups") is not False,
                reads_groups=user.get("can_read_all_group_messages") is True,
            )
        except Exception as error:
            raise self._translated(error, sending=False) from None
        self._bot_id = about.id
        return about

    @property
    def told_clock(self) -> datetime | None:
        """Telegram's clock when it last answered anything but getUpdates, in whole seconds; None before that."""
        return self._wires[1].told_clock

    async def webhook(self) -> str:
        """The host of a webhook that is set ("" for none): while there is one, getUpdates is refused.

        Raises: Temporary, Permanent.
        """
        try:
            url = str((await self._bot.call("getWebhookInfo")).get("url") or "")
        except Exception as error:
            raise self._translated(error, sending=False) from None
        # The host alone: the rest of such an address is often a secret.
        return (urlsplit(url).hostname or "somewhere") if url else ""

    async def chat(self, chat_id: int) -> str:
        """The title of a group the bot is in. Raises: Temporary, Permanent ("unreachable": it is not there)."""
        try:
            return str((await self._bot.call("getChat", chat_id=chat_id)).get("title") or "")
        except Exception as error:
            raise self._translated(error, sending=False) from None

    async def updates(self, offset: int | None, timeout_s: int) -> list[dict[str, Any]]:
        """The updates that wait from `offset` on, raw and oldest first; empty after `timeout_s` seconds without any.

        Each has an integer `update_id`; nothing else about them is promised.
        Asking with an offset confirms, and so forgets, all updates before it: store them first.
        Raises: Temporary; "conflict" when somebody else polls with this token.
        """
        try:
            raw = await self._bot.call(
                "getUpdates",
                read_timeout=timeout_s + self._timeout_s,
                offset=offset,
                timeout=timeout_s,
                allowed_updates=list(WANTED),
            )
            return _identified(raw)
        except Exception as error:
            raise self._translated(error, sending=False) from None

    def read(self, raw: Mapping[str, Any]) -> Incoming:
        """What an update says; Other for all that is strange or of no use here. Raises: nothing."""
        return incoming.read(raw, self._bot_id)

    # ── sending ────────────────────────────────────────────────────────────────────────────────────────────────────

    async def send(self, chat_id: int, message: Message, *, reply_to: int | None = None) -> int:
        """Send a message; its id. A message replied to that is gone does not matter.

        When Telegram refuses the formatting, the buttons or the picture, it goes once more without: nothing was sent
        before. A text that is too long for a caption goes without its picture, too.
        Raises: Temporary, Permanent ("unreachable": blocked or never started), InDoubt.
        """
        form = rendered(message)
        try:
            if message.photo and utf16_length(form.text) <= CAPTION_LENGTH_MAX:
                try:
                    return await self._send_photo(chat_id, form, message, reply_to)
                except BadRequest as refusal:
                    if is_about_the_chat(refusal):
                        raise
                    log.warning("Telegram refused a picture, sending its words: %s", self._scrub(str(refusal)))
            try:
                return await self._send(chat_id, form, message, reply_to)
            except BadRequest as refusal:
                plain = self._plainer(form, refusal)
                if plain is None:
                    raise
                return await self._send(chat_id, plain, message, reply_to)
        except Exception as error:
            raise self._translated(error, sending=True) from None

    async def edit(self, chat_id: int, message_id: int, message: Message) -> None:
        """Make a sent message say this; no success is needed when it says so already.

        Raises: as send; editing twice does no harm, so InDoubt may simply be tried again.
        """
        form = rendered(message)
        try:
            try:
                await self._edit(chat_id, message_id, form)
            except BadRequest as refusal:
                # That refusal names the reply markup, too, and means success: nothing must be taken off.
                plain = None if _says(refusal, NOT_MODIFIED) else self._plainer(form, refusal)
                if plain is None:
                    raise
                await self._edit(chat_id, message_id, plain)
        except Exception as error:
            if not _says(error, NOT_MODIFIED):
                raise self._translated(error, sending=True) from None

    async def delete(self, chat_id: int, message_id: int) -> None:
        """Take a message away; that it is gone already is as good. Raises: as send."""
        try:
            await self._bot.delete_message(chat_id, message_id)
        except Exception as error:
            if not _says(error, "message to delete not found"):
                raise self._translated(error, sending=True) from None

    # ── best effort: these never raise ─────────────────────────────────────────────────────────────────────────────

    async def answer(self, callback_id: str, text: str = "", *, alert: bool = False) -> None:
        """End a press's spinner, with a line (or, alert, a window) of at most 200 characters."""
        said = text if len(text) <= POPUP_LENGTH_MAX else text[: POPUP_LENGTH_MAX - 1] + "…"
        await self._try("answer", self._bot.answer_callback_query(callback_id, said or None, show_alert=alert))

    async def set_commands(
        self, language: str, commands: Sequence[tuple[str, str]], chat_id: int | None = None
    ) -> None:
        """Show these commands (name, what it does) in the menu, in one language ("" for the others) or one chat."""
        menu = [BotCommand(name, about) for name, about in commands]
        scope = None if chat_id is None else BotCommandScopeChat(chat_id)
        await self._try("set_commands", self._bot.set_my_commands(menu, scope=scope, language_code=language or None))

    async def leave(self, chat_id: int) -> None:
        """Leave a group."""
        await self._try("leave", self._bot.leave_chat(chat_id))

    async def react(self, chat_id: int, message_id: int, emoji: str) -> None:
        """Put an emoji under a message: a receipt that makes no sound."""
        reaction = [ReactionTypeEmoji(emoji)]
        await self._try("react", self._bot.set_message_reaction(chat_id, message_id, reaction))

    # ── inside ─────────────────────────────────────────────────────────────────────────────────────────────────────

    async def _send(self, chat_id: int, form: Rendered, message: Message, reply_to: int | None) -> int:
        sent = await self._bot.send_message(
            chat_id,
            form.text,
            entities=form.entities,
            reply_markup=form.keyboard,
            reply_parameters=_reply(reply_to),
            disable_notification=message.silent,
            protect_content=message.protect,
            link_preview_options=NO_PREVIEW,
        )
        return sent.message_id

    async def _send_photo(self, chat_id: int, form: Rendered, message: Message, reply_to: int | None) -> int:
        sent = await self._bot.send_photo(
            chat_id,
            message.photo,
            form.text or None,
            caption_entities=form.entities,
            reply_markup=form.keyboard,
            reply_parameters=_reply(reply_to),
            disable_notification=message.silent,
            protect_content=message.protect,
            filename="picture.png",
        )
        return sent.message_id

    async def _edit(self, chat_id: int, message_id: int, form: Rendered) -> None:
        await self._bot.edit_message_text(
            form.text,
            chat_id,
            message_id,
            entities=form.entities,
            reply_markup=form.keyboard if isinstance(form.keyboard, InlineKeyboardMarkup) else None,
            link_preview_options=NO_PREVIEW,
        )

    def _plainer(self, form: Rendered, refusal: BadRequest) -> Rendered | None:
        plain = plainer(form, str(refusal))
        if plain is not None:
            log.warning("Telegram refused formatting or buttons, sending without: %s", self._scrub(str(refusal)))
        return plain

    async def _try(self, what: str, call: Awaitable[object]) -> None:
        try:
            await call
        except Exception as error:
            log.info("telegram %s: %s", what, self._translated(error, sending=True))

    def _translated(self, error: Exception, *, sending: bool) -> DoorError:
        return translated(error, sending=sending, scrub=self._scrub)

    def _scrub(self, text: str) -> str:
        return without_token(text, self._token)


def _reply(reply_to: int | None) -> ReplyParameters | None:
    return None if reply_to is None else ReplyParameters(reply_to, allow_sending_without_reply=True)


def _id_in(token: str) -> int:
    """The bot's id, which stands before the colon of its token; 0 when the token has none."""
    number = token.partition(":")[0]
    return int(number) if number.isascii() and number.isdigit() else 0


def _identified(updates: object) -> list[dict[str, Any]]:
    """The updates that have an id; one without could never be confirmed.

    One that is nested too deeply to be written down is left with its id alone, so that it can be confirmed.
    """
    if not isinstance(updates, list):
        raise TypeError("the updates are not a list")
    found = [each for each in updates if isinstance(each, dict) and _is_update_id(each.get("update_id"))]
    if len(found) < len(updates):
        log.error("%d updates of Telegram have no number and are passed over", len(updates) - len(found))
    return [{"update_id": each["update_id"]} if is_deep(each) else each for each in found]


def _is_update_id(value: object) -> bool:
    return type(value) is int and 0 <= value < incoming.NUMBER_MAX


def _says(error: Exception, words: str) -> bool:
    return isinstance(error, BadRequest) and words in str(error).lower()
