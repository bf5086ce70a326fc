"""The stand-in Telegram's state, and what people do with their phones. No HTTP here.

What the bot does to this world stands in telegram_methods.py; what waits for the bot in telegram_updates.py.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from bot.sandbox.telegram_limits import command_entities, utf16_length, whole
from bot.sandbox.telegram_updates import Updates
from bot.sandbox.telegram_values import Group, Phone, Popup, Press, Shown

DEMO_TOKEN = "8100000001:AAH-demo-token-of-the-stand-in-0000000"  # noqa: S105 - opens nothing but the stand-in
SHOWN_MAX = 2000  # messages kept per chat; the demo may run for days
POPUPS_MAX = 200
PRESSES_MAX = 10_000
ANONYMOUS_ADMIN_ID = 1087968824  # GroupAnonymousBot, core.telegram.org/bots/api#message, checked 2026-11

_ATTACHED: dict[str, Any] = {
    "voice": {"file_id": "voice-1", "file_unique_id": "v1", "duration": 7, "mime_type": "audio/ogg"},
    "sticker": {
        "file_id": "sticker-1",
        "file_unique_id": "s1",
        "type": "regular",
        "width": 512,
        "height": 512,
        "is_animated": False,
        "is_video": False,
        "emoji": "👍",
    },
    "photo": [{"file_id": "photo-1", "file_unique_id": "p1", "width": 90, "height": 60}],
}


class TelegramWorld:
    """Everybody's phones, as one bot sees them.

    now: the world's wall clock, aware UTC; ages of updates and answers are measured with it. token: the only one that
    is accepted; the number before its colon is the bot's id. changed: called with a chat's id after every change there.
    """

    def __init__(
        self,
        now: Callable[[], datetime],
        *,
        token: str = DEMO_TOKEN,
        username: str = "reperibile_demo_bot",
        first_name: str = "Reperibile",
    ) -> None:
        self.now = now
        self.token = token
        self.bot_id = int(token.partition(":")[0])
        self.bot: dict[str, Any] = {
            "id": self.bot_id,
            "is_bot": True,
            "first_name": first_name,
            "username": username,
        }
        self.people: dict[int, Phone] = {}
        self.groups: dict[int, Group] = {}
        self.updates = Updates(now, first_id=500_001)
        self.commands: dict[tuple[str, str], list[dict[str, str]]] = {}
        self.pressed: dict[str, Press] = {}
        self.changed: list[Callable[[int], None]] = []
        self._shown: dict[int, list[Shown]] = {}
        self._popups: dict[int, list[Popup]] = {}
        self._next_message_id = 1
        self._next_press = 1

    # ── people and groups ──────────────────────────────────────────────────────────────────────────────────────────

    def add_person(self, user_id: int, first_name: str, language_code: str = "", username: str = "") -> Phone:
        """Somebody with Telegram who has not yet written to the bot; the same Phone when the id is known."""
        if user_id not in self.people:
            self.people[user_id] = Phone(user_id, first_name, language_code, username)
            self._shown.setdefault(user_id, [])
        return self.people[user_id]

    def group(self, chat_id: int, title: str) -> Group:
        """A group chat (a negative id) without the bot; the same Group when the id is known."""
        if chat_id >= 0:
            raise ValueError("a group's id is negative")
        if chat_id not in self.groups:
            self.groups[chat_id] = Group(chat_id, title)
            self._shown.setdefault(chat_id, [])
        return self.groups[chat_id]

    def adds_bot(self, chat_id: int, user_id: int) -> None:
        """A person adds the bot to a group."""
        self.groups[chat_id].has_bot = True
        self._standing(self.groups[chat_id].as_chat(), self.people[user_id].as_user(), "left", "member")

    def removes_bot(self, chat_id: int, user_id: int) -> None:
        """A person throws the bot out of a group."""
        self.groups[chat_id].has_bot = False
        self._standing(self.groups[chat_id].as_chat(), self.people[user_id].as_user(), "member", "kicked")

    def bot_leaves(self, chat_id: int) -> None:
        """The bot leaves a group by itself."""
        self.groups[chat_id].has_bot = False
        self._standing(self.groups[chat_id].as_chat(), self.bot, "member", "left")

    def becomes_supergroup(self, chat_id: int, new_chat_id: int) -> None:
        """A group gets a new id; what is sent to the old one is refused with a hint to the new one."""
        old = self.groups[chat_id]
        old.moved_to = new_chat_id
        self.group(new_chat_id, old.title).has_bot = old.has_bot
        self._changed(chat_id)

    def blocks(self, user_id: int) -> None:
        """A person blocks the bot."""
        phone = self.people[user_id]
        phone.blocked = True
        self._standing(phone.as_chat(), phone.as_user(), "member", "kicked")

    def unblocks(self, user_id: int) -> None:
        """A person lets the bot write again."""
        phone = self.people[user_id]
        phone.blocked = False
        self._standing(phone.as_chat(), phone.as_user(), "kicked", "member")

    # ── what people write and press ────────────────────────────────────────────────────────────────────────────────

    def types(self, user_id: int, text: str, *, reply_to: int | None = None) -> int:
        """A person writes to the bot (`/start TOKEN` is typed too); the message's id.

        Raises: ValueError while they block the bot: their Telegram offers only to unblock it.
        """
        return self._writes(user_id, text, reply_to=reply_to)

    def sends(self, user_id: int, kind: str, *, caption: str = "", reply_to: int | None = None) -> int:
        """A person sends what is no text: a voice, a sticker or a photo; the message's id."""
        if kind not in _ATTACHED:
            raise ValueError(f"{kind!r} is none of {', '.join(_ATTACHED)}")
        return self._writes(user_id, caption, kind=kind, reply_to=reply_to)

    def types_in_group(
        self, chat_id: int, user_id: int, text: str, *, reply_to: int | None = None, anonymous: bool = False
    ) -> int:
        """A person writes in a group, as themselves or (`anonymous`) as the group; the message's id.

        The bot hears it while it is a member: the stand-in knows no privacy mode.
        """
        text = whole(text)
        sent = self._put(Shown(0, chat_id, False, user_id, text, self.now(), reply_to=self._known(chat_id, reply_to)))
        sent.entities = command_entities(text)
        if self.groups[chat_id].has_bot:
            body = self.message_json(sent)
            if anonymous:
                body["from"] = {
                    "id": ANONYMOUS_ADMIN_ID,
                    "is_bot": True,
                    "first_name": "Group",
                    "username": "GroupAnonymousBot",
                }
                body["sender_chat"] = self.groups[chat_id].as_chat()
            self.updates.add("message", body)
        return sent.message_id

    def edits(self, user_id: int, message_id: int, text: str) -> None:
        """A person edits what they wrote to the bot. Raises: KeyError when it is not their message."""
        message = self.find(user_id, message_id)
        if message is None or message.author_id != user_id:
            raise KeyError(message_id)
        text = whole(text)
        message.text, message.entities, message.edited_at = text, command_entities(text), self.now()
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

    # ── what one sees ──────────────────────────────────────────────────────────────────────────────────────────────

    def chat(self, chat_id: int) -> list[Shown]:
        """The messages that stand in a chat, oldest first; deleted ones are gone."""
        return list(self._shown.get(chat_id, ()))

    def find(self, chat_id: int, message_id: int) -> Shown | None:
        """A message of a chat; None when it is not, or no longer, there."""
        return next((shown for shown in self._shown.get(chat_id, ()) if shown.message_id == message_id), None)

    def popups(self, user_id: int) -> list[Popup]:
        """What the phone showed after presses, oldest first."""
        return list(self._popups.get(user_id, ()))

    def as_json(self) -> dict[str, Any]:
        """Everything, for the page with the phones."""
        phones = [
            {
                "user_id": phone.user_id,
                "first_name": phone.first_name,
                "language_code": phone.language_code,
                "started": phone.started,
                "blocked": phone.blocked,
                "messages": [shown.as_json() for shown in self.chat(phone.user_id)],
                "popups": [popup.as_json() for popup in self.popups(phone.user_id)],
            }
            for phone in self.people.values()
        ]
        groups = [
            {
                "chat_id": group.chat_id,
                "title": group.title,
                "has_bot": group.has_bot,
                "messages": [shown.as_json() for shown in self.chat(group.chat_id)],
            }
            for group in self.groups.values()
        ]
        return {"bot": self.bot, "phones": phones, "groups": groups}

    # ── for telegram_methods: the bot's side of the same state ─────────────────────────────────────────────────────

    def bot_puts(self, shown: Shown) -> Shown:
        """A message of the bot's appears; it gets its id here."""
        return self._put(shown)

    def bot_removes(self, shown: Shown) -> None:
        """A message disappears from its chat."""
        self._shown[shown.chat_id].remove(shown)
        self._changed(shown.chat_id)

    def bot_changed(self, shown: Shown) -> None:
        """A message was edited in place."""
        self._changed(shown.chat_id)

    def bot_answers(self, press: Press, text: str, alert: bool) -> None:
        """A press is answered: the spinner ends and, if there is a text, it pops up."""
        press.answered = True
        if text:
            popups = self._popups.setdefault(press.user_id, [])
            popups.append(Popup(press.user_id, press.callback_id, text, alert, self.now()))
            del popups[:-POPUPS_MAX]
        self._changed(press.user_id)

    def chat_json(self, chat_id: int) -> dict[str, Any]:
        """The Chat object. Raises: KeyError when nobody has this chat."""
        known = self.people.get(chat_id) or self.groups[chat_id]
        return known.as_chat()

    def message_json(self, shown: Shown, *, with_reply: bool = True) -> dict[str, Any]:
        """The Message object as it is now; the message replied to is shown one level deep, with its buttons."""
        author = self.bot if shown.from_bot else self.people[shown.author_id].as_user()
        body: dict[str, Any] = {
            "message_id": shown.message_id,
            "from": author,
            "chat": self.chat_json(shown.chat_id),
            "date": int(shown.sent_at.timestamp()),
        }
        if shown.edited_at is not None:
            body["edit_date"] = int(shown.edited_at.timestamp())
        said, about = ("text", "entities") if shown.kind == "text" else ("caption", "caption_entities")
        if shown.kind != "text":
            body[shown.kind] = _ATTACHED[shown.kind]
        if shown.text:
            body[said] = shown.text
        if shown.entities:
            body[about] = shown.entities
        if shown.buttons:
            body["reply_markup"] = shown.markup
        if shown.protected:
            body["has_protected_content"] = True
        if shown.link_preview is not None:
            body["link_preview_options"] = shown.link_preview
        replied = None if shown.reply_to is None else self.find(shown.chat_id, shown.reply_to)
        if with_reply and replied is not None:
            body["reply_to_message"] = self.message_json(replied, with_reply=False)
        return body

    # ── inside ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def _writes(self, user_id: int, text: str, *, kind: str = "text", reply_to: int | None = None) -> int:
        phone = self.people[user_id]
        if phone.blocked:
            raise ValueError(f"{phone.first_name} has blocked the bot")
        if utf16_length(text) > 4096 or (kind == "text" and not text.strip()):
            raise ValueError("a typed message has 1 to 4096 characters")
        phone.started = True
        text = whole(text)
        sent = Shown(0, user_id, False, user_id, text, self.now(), kind=kind, reply_to=self._known(user_id, reply_to))
        sent.entities = command_entities(text)
        self._put(sent)
        self.updates.add("message", self.message_json(sent))
        return sent.message_id

    def _known(self, chat_id: int, message_id: int | None) -> int | None:
        return message_id if message_id is not None and self.find(chat_id, message_id) is not None else None

    def _put(self, shown: Shown) -> Shown:
        shown.message_id = self._next_message_id
        self._next_message_id += 1
        chat = self._shown.setdefault(shown.chat_id, [])
        chat.append(shown)
        del chat[:-SHOWN_MAX]
        self._changed(shown.chat_id)
        return shown

    def _standing(self, chat: dict[str, Any], by: dict[str, Any], before: str, after: str) -> None:
        body = {
            "chat": chat,
            "from": by,
            "date": int(self.now().timestamp()),
            "old_chat_member": {"user": self.bot, "status": before},
            "new_chat_member": {"user": self.bot, "status": after},
        }
        if after == "kicked":
            body["new_chat_member"] = {"user": self.bot, "status": after, "until_date": 0}
        self.updates.add("my_chat_member", body)
        self._changed(chat["id"])

    def _changed(self, chat_id: int) -> None:
        for tell in self.changed:
            tell(chat_id)
