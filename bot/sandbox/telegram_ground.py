"""What every part of the stand-in Telegram stands on: who there is, which messages stand where, what the bot is told.

No HTTP and no rules of the Bot API here. telegram_world.py adds what people do, telegram_groups.py what happens in
groups; what the bot does stands in telegram_methods.py and its neighbours.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from bot.sandbox.telegram_files import Files
from bot.sandbox.telegram_flood import Flood
from bot.sandbox.telegram_updates import Updates
from bot.sandbox.telegram_values import Group, Phone, Popup, Press, Shown

DEMO_TOKEN = "8100000001:AAH-demo-token-of-the-stand-in-0000000"  # noqa: S105 - opens nothing but the stand-in
SHOWN_MAX = 2000  # messages kept per chat; the demo may run for days
POPUPS_MAX = 200

ANONYMOUS_ADMIN: dict[str, Any] = {  # core.telegram.org/bots/api#message, checked 2026-11
    "id": 1087968824,
    "is_bot": True,
    "first_name": "Group",
    "username": "GroupAnonymousBot",
}
ADMIN_RIGHTS = (
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
    "can_pin_messages",
    "can_manage_topics",
)
MEMBER_RIGHTS = (
    "can_send_messages",
    "can_send_audios",
    "can_send_documents",
    "can_send_photos",
    "can_send_videos",
    "can_send_video_notes",
    "can_send_voice_notes",
    "can_send_polls",
    "can_send_other_messages",
    "can_add_web_page_previews",
    "can_react_to_messages",
    "can_change_info",
    "can_invite_users",
    "can_pin_messages",
    "can_manage_topics",
    "can_edit_tag",
)
_FIXED: dict[str, Any] = {
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
}
"""What is attached when somebody sends such a thing without bytes: nothing that could be fetched."""


class Ground:
    """State, and the Bot API's view of it. now: the world's wall clock, aware UTC.

    token: the only one that is accepted; the number before its colon is the bot's id. changed: called with a chat's id
    after every change there. flood: the limits on sending, off until somebody gives it rates. privacy_mode: in groups
    the bot hears only what is meant for it.
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
        self.files = Files(now)
        self.flood = Flood(now)
        self.privacy_mode = True
        self.commands: dict[tuple[str, str], list[dict[str, str]]] = {}
        self.descriptions: dict[tuple[str, str], str] = {}
        self.pressed: dict[str, Press] = {}
        self.changed: list[Callable[[int], None]] = []
        self._shown: dict[int, list[Shown]] = {}
        self._popups: dict[int, list[Popup]] = {}
        self._next_message_id = 1
        self._next_press = 1

    # ── what one sees ──────────────────────────────────────────────────────────────────────────────────────────────

    def chat(self, chat_id: int) -> list[Shown]:
        """The messages that stand in a chat, oldest first; deleted ones are gone."""
        return list(self._shown.get(chat_id, ()))

    def find(self, chat_id: int, message_id: int) -> Shown | None:
        """A message of a chat; None when it is not, or no longer, there."""
        return next((shown for shown in self._shown.get(chat_id, ()) if shown.message_id == message_id), None)

    def pinned(self, chat_id: int) -> list[Shown]:
        """The pinned messages of a chat, oldest first."""
        return [shown for shown in self._shown.get(chat_id, ()) if shown.pinned]

    def popups(self, user_id: int) -> list[Popup]:
        """What the phone showed after presses, oldest first."""
        return list(self._popups.get(user_id, ()))

    # ── for the methods: the bot's side of the same state ──────────────────────────────────────────────────────────

    def bot_puts(self, shown: Shown) -> Shown:
        """A message of the bot's appears; it gets its id here."""
        return self._put(shown)

    def bot_removes(self, shown: Shown) -> None:
        """A message disappears from its chat."""
        self._shown[shown.chat_id].remove(shown)
        self._changed(shown.chat_id)

    def bot_changed(self, shown: Shown) -> None:
        """A message looks different now."""
        self._changed(shown.chat_id)

    def bot_answers(self, press: Press, text: str, alert: bool) -> None:
        """A press is answered; the phone shows the text, if there is any."""
        press.answered = True
        if text:
            popups = self._popups.setdefault(press.user_id, [])
            popups.append(Popup(press.user_id, press.callback_id, text, alert, self.now()))
            del popups[:-POPUPS_MAX]
        self._changed(press.user_id)

    def service(self, chat_id: int, author_id: int, kind: str, about: Any, *, silent: bool = True) -> Shown:
        """A service message appears, and the bot is told of it if it is there to hear it."""
        is_bots = author_id == self.bot_id
        sent = Shown(0, chat_id, is_bots, author_id, "", self.now(), kind=kind, about=about, silent=silent)
        sent.rang = not silent
        self._put(sent)
        group = self.groups.get(chat_id)
        if group is None or group.has_bot:
            self.updates.add("message", self.message_json(sent))
        return sent

    # ── as the Bot API says it ─────────────────────────────────────────────────────────────────────────────────────

    def chat_json(self, chat_id: int) -> dict[str, Any]:
        """The Chat object. Raises: KeyError when nobody has this chat."""
        known = self.people.get(chat_id) or self.groups[chat_id]
        return known.as_chat()

    def user_json(self, user_id: int) -> dict[str, Any]:
        """The User object. Raises: KeyError for somebody unknown."""
        if user_id in (self.bot_id, ANONYMOUS_ADMIN["id"]):
            return self.bot if user_id == self.bot_id else ANONYMOUS_ADMIN
        return self.people[user_id].as_user()

    def message_json(self, shown: Shown, *, with_reply: bool = True) -> dict[str, Any]:
        """The Message object as it is now; the message replied to is shown one level deep, with its buttons."""
        body: dict[str, Any] = {
            "message_id": shown.message_id,
            "from": self.user_json(shown.author_id),
            "chat": self.chat_json(shown.chat_id),
            "date": int(shown.sent_at.timestamp()),
        }
        if shown.edited_at is not None:
            body["edit_date"] = int(shown.edited_at.timestamp())
        said, about = ("text", "entities") if shown.kind == "text" else ("caption", "caption_entities")
        if shown.about is not None:
            body[shown.kind] = shown.about
        elif shown.kind != "text":
            body[shown.kind] = _FIXED[shown.kind] if shown.file is None else shown.file.as_message_part()
        if shown.text:
            body[said] = shown.text
        if entities := shown.all_entities:
            body[about] = entities
        if shown.buttons:
            body["reply_markup"] = shown.markup
        if shown.protected:
            body["has_protected_content"] = True
        if shown.link_preview is not None:
            body["link_preview_options"] = shown.link_preview
        if shown.album:
            body["media_group_id"] = shown.album
        replied = None if shown.reply_to is None else self.find(shown.chat_id, shown.reply_to)
        if with_reply and replied is not None:
            body["reply_to_message"] = self.message_json(replied, with_reply=False)
        return body

    def member_json(self, group: Group, user_id: int) -> dict[str, Any]:
        """The ChatMember object of a person or the bot in a group. Raises: KeyError for somebody unknown."""
        if user_id == self.bot_id:
            return self.bot_member_json(group.bot, group.bot_rights)
        user = self.user_json(user_id)
        if user_id not in group.members:
            return {"user": user, "status": "left"}
        if user_id == group.members[0]:
            return {"user": user, "status": "creator", "is_anonymous": False}
        return {"user": user, "status": "member"}

    def bot_member_json(self, status: str, rights: frozenset[str] = frozenset()) -> dict[str, Any]:
        """The bot's ChatMember object in this standing."""
        body: dict[str, Any] = {"user": self.bot, "status": status}
        if status == "administrator":
            body |= {"can_be_edited": False, "is_anonymous": False}
            body |= {name: name in rights or name == "can_manage_chat" for name in ADMIN_RIGHTS}
        elif status == "restricted":
            body |= {"is_member": True, "until_date": 0, **dict.fromkeys(MEMBER_RIGHTS, False)}
        elif status == "kicked":
            body |= {"until_date": 0}
        return body

    # ── inside ─────────────────────────────────────────────────────────────────────────────────────────────────────

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

    def _standing(
        self, chat: dict[str, Any], by: dict[str, Any], before: dict[str, Any], after: dict[str, Any]
    ) -> None:
        """Tells the bot where it stands now (my_chat_member)."""
        body = {
            "chat": chat,
            "from": by,
            "date": int(self.now().timestamp()),
            "old_chat_member": before,
            "new_chat_member": after,
        }
        self.updates.add("my_chat_member", body)
        self._changed(chat["id"])

    def _changed(self, chat_id: int) -> None:
        for tell in self.changed:
            tell(chat_id)
