"""What happens in groups of the stand-in Telegram: who comes and goes, where the bot stands, what it may hear."""

import re
from typing import Any

from bot.sandbox.telegram_found import found_entities
from bot.sandbox.telegram_ground import ADMIN_RIGHTS, ANONYMOUS_ADMIN, Ground
from bot.sandbox.telegram_limits import whole
from bot.sandbox.telegram_values import Group, Shown


class GroupDeeds(Ground):
    """The ground, with groups on it."""

    def group(self, chat_id: int, title: str) -> Group:
        """A group chat (a negative id) without the bot; the same Group when the id is known."""
        if chat_id >= 0:
            raise ValueError("a group's id is negative")
        if chat_id not in self.groups:
            self.groups[chat_id] = Group(chat_id, title)
            self._shown.setdefault(chat_id, [])
        return self.groups[chat_id]

    def joins(self, chat_id: int, user_id: int) -> None:
        """A person comes into a group (the first one owns it); nothing when they are in it."""
        group = self.groups[chat_id]
        if user_id not in group.members:
            group.members.append(user_id)
            self.service(chat_id, user_id, "new_chat_members", [self.user_json(user_id)])

    def goes(self, chat_id: int, user_id: int) -> None:
        """A person leaves a group; nothing when they are not in it."""
        group = self.groups[chat_id]
        if user_id in group.members:
            group.members.remove(user_id)
            self.service(chat_id, user_id, "left_chat_member", self.user_json(user_id))

    # ── where the bot stands ───────────────────────────────────────────────────────────────────────────────────────

    def adds_bot(self, chat_id: int, user_id: int) -> None:
        """A person adds the bot to a group."""
        self._seat(user_id, chat_id)
        self._moves_bot(chat_id, user_id, "member")
        self.service(chat_id, user_id, "new_chat_members", [self.bot])

    def removes_bot(self, chat_id: int, user_id: int) -> None:
        """A person throws the bot out of a group."""
        self._moves_bot(chat_id, user_id, "kicked")

    def promotes_bot(self, chat_id: int, user_id: int, *rights: str) -> None:
        """A person makes the bot an administrator with these rights, such as can_pin_messages.

        Raises: ValueError for a right that does not exist, or when the bot is not in the group.
        """
        unknown = sorted(set(rights) - set(ADMIN_RIGHTS))
        if unknown:
            raise ValueError(f"there is no right {unknown[0]!r}; rights: {', '.join(ADMIN_RIGHTS)}")
        self._moves_bot(chat_id, user_id, "administrator", frozenset(rights))

    def demotes_bot(self, chat_id: int, user_id: int) -> None:
        """The bot is a member like the others again. Raises: ValueError when it is not in the group."""
        self._moves_bot(chat_id, user_id, "member")

    def silences_bot(self, chat_id: int, user_id: int) -> None:
        """A person forbids the bot to write in the group. Raises: ValueError when it is not in the group."""
        self._moves_bot(chat_id, user_id, "restricted")

    def bot_leaves(self, chat_id: int) -> None:
        """The bot leaves a group by itself."""
        self._moves_bot(chat_id, self.bot_id, "left")

    def becomes_supergroup(self, chat_id: int, new_chat_id: int) -> None:
        """A group gets a new id; what is sent to the old one is refused with a hint to the new one.

        The bot reads of it in both chats, as from the group itself.
        """
        old = self.groups[chat_id]
        new = self.group(new_chat_id, old.title)
        new.bot, new.bot_rights, new.members = old.bot, old.bot_rights, list(old.members)
        self.service(chat_id, ANONYMOUS_ADMIN["id"], "migrate_to_chat_id", new_chat_id)
        old.moved_to = new_chat_id
        self.service(new_chat_id, ANONYMOUS_ADMIN["id"], "migrate_from_chat_id", chat_id)

    # ── what people write there ────────────────────────────────────────────────────────────────────────────────────

    def types_in_group(
        self, chat_id: int, user_id: int, text: str, *, reply_to: int | None = None, anonymous: bool = False
    ) -> int:
        """A person writes in a group, as themselves or (`anonymous`) as the group; the message's id.

        The bot hears it while it is a member, and in privacy mode only what `is_meant_for_bot`.
        """
        self._seat(user_id, chat_id)
        text = whole(text)
        sent = self._put(Shown(0, chat_id, False, user_id, text, self.now(), reply_to=self._known(chat_id, reply_to)))
        sent.entities = found_entities(text)
        group = self.groups[chat_id]
        if group.has_bot and group.moved_to is None and self.is_meant_for_bot(sent):
            self.updates.add("message", self._in_group(sent, anonymous))
        return sent.message_id

    def is_meant_for_bot(self, sent: Shown) -> bool:
        """Whether the bot hears a group's message: a /command (not another bot's), its @name, a reply to it.

        It hears all when it is an administrator or privacy mode is off.
        Source: core.telegram.org/bots/features#privacy-mode, checked 2026-11.
        """
        if not self.privacy_mode or self.groups[sent.chat_id].bot == "administrator":
            return True
        replied = None if sent.reply_to is None else self.find(sent.chat_id, sent.reply_to)
        if replied is not None and replied.from_bot:
            return True
        name = str(self.bot["username"]).lower()
        if re.search(rf"(?<!\w)@{re.escape(name)}(?!\w)", sent.text.lower()):
            return True
        command = re.match(r"/\w{1,32}(@\w+)?(?!\w)", sent.text)
        return command is not None and command.group(1) is None

    # ── inside ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def _in_group(self, sent: Shown, anonymous: bool) -> dict[str, Any]:
        body = self.message_json(sent)
        if anonymous:
            body["from"] = ANONYMOUS_ADMIN
            body["sender_chat"] = self.groups[sent.chat_id].as_chat()
        return body

    def _seat(self, user_id: int, chat_id: int) -> None:
        """Whoever acts in a group is in it, even when nobody said so before."""
        if user_id not in self.groups[chat_id].members:
            self.groups[chat_id].members.append(user_id)

    def _moves_bot(self, chat_id: int, by: int, status: str, rights: frozenset[str] = frozenset()) -> None:
        group = self.groups[chat_id]
        if status in ("administrator", "restricted", "kicked") and not group.has_bot:
            raise ValueError("the bot is not in this group")
        before = self.bot_member_json(group.bot, group.bot_rights)
        group.bot, group.bot_rights = status, rights
        after = self.bot_member_json(status, rights)
        if before != after:
            self._standing(group.as_chat(), self.user_json(by), before, after)
