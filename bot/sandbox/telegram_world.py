"""The stand-in Telegram's world: what people do with their phones. No HTTP here.

The state stands in telegram_ground.py, groups in telegram_groups.py, what the bot does to this world in
telegram_methods.py, and what waits for the bot in telegram_updates.py.
"""

from typing import Any

from bot.sandbox.telegram_files import sample_photo
from bot.sandbox.telegram_found import found_entities
from bot.sandbox.telegram_groups import GroupDeeds
from bot.sandbox.telegram_limits import ApiRefusal, utf16_length, whole
from bot.sandbox.telegram_reactions import as_reactions, is_reaction
from bot.sandbox.telegram_values import Phone, Press, Shown

PRESSES_MAX = 10_000
SENDABLE = ("voice", "sticker", "photo")


class TelegramWorld(GroupDeeds):
    """Everybody's phones, as one bot sees them: the ground, the groups, and what people do."""

    # ── people ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def add_person(self, user_id: int, first_name: str, language_code: str = "", username: str = "") -> Phone:
        """Somebody with Telegram who has not yet written to the bot; the same Phone when the id is known."""
        if user_id not in self.people:
            self.people[user_id] = Phone(user_id, first_name, language_code, username)
            self._shown.setdefault(user_id, [])
        return self.people[user_id]

    def blocks(self, user_id: int) -> None:
        """A person blocks the bot."""
        self._lets_write(user_id, False)

    def unblocks(self, user_id: int) -> None:
        """A person lets the bot write again."""
        self._lets_write(user_id, True)

    def deactivates(self, user_id: int) -> None:
        """A person deletes their account. The bot is not told; it finds out when it writes."""
        self.people[user_id].deactivated = True
        self._changed(user_id)

    # ── what people write and press ────────────────────────────────────────────────────────────────────────────────

    def types(self, user_id: int, text: str, *, reply_to: int | None = None) -> int:
        """A person writes to the bot (`/start TOKEN` is typed too); the message's id.

        Raises: ValueError while they block the bot: their Telegram offers only to unblock it.
        """
        return self._writes(user_id, text, Shown(0, user_id, False, user_id, "", self.now()), reply_to)

    def sends(self, user_id: int, kind: str, *, caption: str = "", reply_to: int | None = None) -> int:
        """A person sends what is no text: a voice or a sticker without any bytes, a small photo; the message's id."""
        if kind not in SENDABLE:
            raise ValueError(f"{kind!r} is none of {', '.join(SENDABLE)}")
        if kind == "photo":
            return self.uploads(user_id, "photo", "photo.png", sample_photo(), caption=caption, reply_to=reply_to)
        return self._writes(user_id, caption, Shown(0, user_id, False, user_id, "", self.now(), kind=kind), reply_to)

    def uploads(
        self, user_id: int, kind: str, name: str, content: bytes, *, caption: str = "", reply_to: int | None = None
    ) -> int:
        """A person sends a photo or a document with real bytes; the message's id.

        Raises: ValueError when Telegram would not take it, or while they block the bot.
        """
        if kind not in ("photo", "document"):
            raise ValueError(f"{kind!r} is neither photo nor document")
        try:
            file = self.files.keep(kind, name, content)
        except ApiRefusal as refusal:
            raise ValueError(refusal.description) from None
        sent = Shown(0, user_id, False, user_id, "", self.now(), kind=kind, file=file)
        return self._writes(user_id, caption, sent, reply_to)

    def edits(self, user_id: int, message_id: int, text: str) -> None:
        """A person edits what they wrote to the bot. Raises: KeyError when it is not their message."""
        message = self.find(user_id, message_id)
        if message is None or message.author_id != user_id:
            raise KeyError(message_id)
        text = whole(text)
        message.text, message.entities, message.edited_at = text, found_entities(text), self.now()
        self.updates.add("edited_message", self.message_json(message))
        self._changed(user_id)

    def presses(self, user_id: int, message_id: int, data: str, *, chat_id: int | None = None) -> str:
        """A person presses a button, or sends any data as if they had; the press's id.

        chat_id: a group; their private chat when not given. A message that is gone is inaccessible, as in the Bot API.
        """
        chat = user_id if chat_id is None else chat_id
        press = Press(f"{self.bot_id}{self._next_press:08d}", user_id, self.now())
        self._next_press += 1
        self.pressed[press.callback_id] = press
        if len(self.pressed) > PRESSES_MAX:
            del self.pressed[next(iter(self.pressed))]
        message = self.find(chat, message_id)
        gone = {"chat": self.chat_json(chat), "message_id": message_id, "date": 0}
        body = {
            "id": press.callback_id,
            "from": self.people[user_id].as_user(),
            "chat_instance": str(-chat),
            "message": gone if message is None else self.message_json(message),
            "data": whole(data),
        }
        self.updates.add("callback_query", body)
        self._changed(chat)
        return press.callback_id

    def reacts(self, user_id: int, message_id: int, emoji: str, *, chat_id: int | None = None) -> None:
        """A person puts an emoji under a message, or ("") takes theirs away.

        The bot is told when it asked for message_reaction, in a group only as an administrator.
        Raises: ValueError for an emoji Telegram does not have; KeyError when the message is not there.
        """
        chat = user_id if chat_id is None else chat_id
        message = self.find(chat, message_id)
        if message is None:
            raise KeyError(message_id)
        if emoji and not is_reaction(emoji):
            raise ValueError(f"{emoji!r} is no reaction")
        before = message.reactions.pop(user_id, "")
        if emoji:
            message.reactions[user_id] = emoji
        group = self.groups.get(chat)
        if before != emoji and (group is None or group.bot == "administrator"):
            body = {
                "chat": self.chat_json(chat),
                "message_id": message_id,
                "user": self.people[user_id].as_user(),
                "date": int(self.now().timestamp()),
                "old_reaction": as_reactions(before),
                "new_reaction": as_reactions(emoji),
            }
            self.updates.add("message_reaction", body)
        self._changed(chat)

    # ── for the page ───────────────────────────────────────────────────────────────────────────────────────────────

    def as_json(self) -> dict[str, Any]:
        """Everything, for the page with the phones."""
        phones = [
            {
                "user_id": phone.user_id,
                "first_name": phone.first_name,
                "language_code": phone.language_code,
                "started": phone.started,
                "blocked": phone.blocked,
                "deactivated": phone.deactivated,
                "messages": [shown.as_json() for shown in self.chat(phone.user_id)],
                "popups": [popup.as_json() for popup in self.popups(phone.user_id)],
            }
            for phone in self.people.values()
        ]
        return {"bot": self.bot, "phones": phones, "groups": self.groups_json()}

    def groups_json(self, messages_max: int | None = None) -> list[dict[str, Any]]:
        """The groups with their newest messages, oldest first."""
        return [
            {
                "chat_id": group.chat_id,
                "title": group.title,
                "type": group.kind,
                "has_bot": group.has_bot,
                "bot": group.bot,
                "bot_rights": sorted(group.bot_rights),
                "moved_to": group.moved_to,
                "members": group.members,
                "messages": [shown.as_json() for shown in self.chat(group.chat_id)[-(messages_max or 0) :]],
            }
            for group in self.groups.values()
        ]

    # ── inside ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def _lets_write(self, user_id: int, may: bool) -> None:
        phone = self.people[user_id]
        phone.blocked = not may
        before, after = ("kicked", "member") if may else ("member", "kicked")
        self._standing(phone.as_chat(), phone.as_user(), self.bot_member_json(before), self.bot_member_json(after))

    def _writes(self, user_id: int, text: str, sent: Shown, reply_to: int | None) -> int:
        phone = self.people[user_id]
        if phone.blocked or phone.deactivated:
            raise ValueError(f"{phone.first_name} has {'blocked the bot' if phone.blocked else 'deleted the account'}")
        if utf16_length(text) > 4096 or (sent.kind == "text" and not text.strip()):
            raise ValueError("a typed message has 1 to 4096 characters")
        phone.started = True
        sent.text = whole(text)
        sent.entities = found_entities(sent.text)
        sent.reply_to = self._known(user_id, reply_to)
        self._put(sent)
        self.updates.add("message", self.message_json(sent))
        return sent.message_id
