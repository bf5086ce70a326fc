"""The contract between the stand-in Telegram and the client that the service uses: every answer, every update.

What the stand-in answers, python-telegram-bot must read into its own objects; what people do must arrive as the right
update. What it refuses stands in test_telegram_refusals.py.
"""

import asyncio
import io
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
import telegram
from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeChat,
    Chat,
    ForceReply,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaDocument,
    InputMediaPhoto,
    LinkPreviewOptions,
    Message,
    MessageEntity,
    ReactionTypeEmoji,
    ReplyParameters,
    Update,
)
from telegram.error import Conflict
from telegram_night import (
    ANNA,
    BLOCKED,
    KICKED,
    MUTE,
    NEVER,
    STAFF,
    START,
    TEAM,
    Ask,
    Night,
    after,
    bot,
    night,
    png,
    raw,
    stand,
)

from bot.sandbox.telegram import DEMO_TOKEN
from bot.sandbox.telegram_methods import METHODS

__all__ = ["bot", "night", "raw", "stand"]

pytestmark = [
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.filterwarnings("ignore::telegram.warnings.PTBUserWarning"),
]


def keys(**button: Any) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup([[InlineKeyboardButton("Claim", **button)]])


def spelled(message: Any) -> list[tuple[str, str]]:
    """The entities of a message with their words."""
    words = message.parse_entities() if message.text else message.parse_caption_entities()
    return [(entity.type, said) for entity, said in words.items()]


# method: what about it → the request, what the answer must be, read by the client
ANSWERED: dict[str, tuple[Ask, Callable[[Any, Night], bool]]] = {
    "getMe": (lambda b, n: b.get_me(), lambda me, n: me.id == n.world.bot_id and not me.can_read_all_group_messages),
    "getUpdates": (lambda b, n: b.get_updates(timeout=0), lambda updates, n: updates == ()),
    "sendMessage": (
        lambda b, n: b.send_message(ANNA, "🔴 #42"),
        lambda m, n: isinstance(m, Message) and m.text == "🔴 #42" and m.date == START,
    ),
    "sendMessage: HTML": (
        lambda b, n: b.send_message(
            ANNA,
            '<b>è &lt;1&gt;</b> <a href="http://x.com/i">X</a> <pre><code class="language-py">p</code></pre>',
            "HTML",
        ),
        lambda m, n: (
            m.text == "è <1> X p"
            and spelled(m) == [("bold", "è <1>"), ("text_link", "X"), ("pre", "p")]
            and m.entities[2].language == "py"
        ),
    ),
    "sendMessage: HTML nested and quoted": (
        lambda b, n: b.send_message(
            ANNA, "<blockquote expandable><i>a<u>😀</u></i></blockquote><tg-spoiler>s</tg-spoiler>", "HTML"
        ),
        lambda m, n: (
            spelled(m) == [("expandable_blockquote", "a😀"), ("italic", "a😀"), ("underline", "😀"), ("spoiler", "s")]
        ),
    ),
    "sendMessage: MarkdownV2": (
        lambda b, n: b.send_message(ANNA, ">quoted\n*b _i_* __u__ ~s~ ||h|| `c` [X](http://x.com/) \\#1", "MarkdownV2"),
        lambda m, n: (
            m.text == "quoted\nb i u s h c X #1"
            and {kind for kind, _ in spelled(m)}
            == {"blockquote", "bold", "italic", "underline", "strikethrough", "spoiler", "code", "text_link"}
        ),
    ),
    "sendMessage: MarkdownV2 block": (
        lambda b, n: b.send_message(ANNA, "```py\nx=1```", "MarkdownV2"),
        lambda m, n: m.text == "x=1" and m.entities[0].language == "py",
    ),
    "sendMessage: entities, clipped with the blank end": (
        lambda b, n: b.send_message(ANNA, "😀 ab  ", entities=[MessageEntity("bold", 3, 4)]),
        lambda m, n: m.text == "😀 ab" and spelled(m) == [("bold", "ab")],
    ),
    "sendMessage: buttons": (
        lambda b, n: b.send_message(ANNA, "x", reply_markup=keys(callback_data="claim:1", style="danger")),
        lambda m, n: m.reply_markup.inline_keyboard[0][0].callback_data == "claim:1",
    ),
    "sendMessage: a link and a copying button": (
        lambda b, n: b.send_message(
            ANNA,
            "x",
            reply_markup=InlineKeyboardMarkup(
                [
                    [InlineKeyboardButton("X", url="https://x.com/i/status/1")],
                    [InlineKeyboardButton("Copy", copy_text=telegram.CopyTextButton("#42"))],
                ]
            ),
        ),
        lambda m, n: m.reply_markup.inline_keyboard[1][0].copy_text.text == "#42",
    ),
    "sendMessage: force_reply": (
        lambda b, n: b.send_message(ANNA, "x", reply_markup=ForceReply(input_field_placeholder="your words")),
        lambda m, n: m.reply_markup is None and n.last().asks,
    ),
    "sendMessage: silent, protected, no preview": (
        lambda b, n: b.send_message(
            ANNA,
            "x",
            disable_notification=True,
            protect_content=True,
            link_preview_options=LinkPreviewOptions(is_disabled=True),
        ),
        lambda m, n: m.has_protected_content and m.link_preview_options.is_disabled and n.last().silent,
    ),
    "sendMessage: a reply": (
        lambda b, n: b.send_message(ANNA, "x", reply_parameters=ReplyParameters(n.typed)),
        lambda m, n: m.reply_to_message.text == "/start",
    ),
    "sendMessage: a reply to what is gone": (
        lambda b, n: b.send_message(ANNA, "x", reply_parameters=ReplyParameters(999, allow_sending_without_reply=True)),
        lambda m, n: m.reply_to_message is None,
    ),
    "sendMessage: 4096 characters": (
        lambda b, n: b.send_message(ANNA, "<b>" + "x" * 4096 + "</b>", "HTML"),
        lambda m, n: len(m.text) == 4096,
    ),
    "sendMessage: to a supergroup": (
        lambda b, n: b.send_message(STAFF, "x"),
        lambda m, n: m.chat.type == Chat.SUPERGROUP and m.chat.title == "Night team",
    ),
    "sendMessage: what Telegram links by itself": (
        lambda b, n: b.send_message(
            ANNA,
            "😀 /resolve_all @TIM_Official x.com/i/1. #guasto #42 a@b.it https://x.com a/b /\u2060no @\u2060no 3.14 "
            "<code>/x @yes</code>",
            "HTML",
        ),
        lambda m, n: (
            spelled(m)
            == [
                ("bot_command", "/resolve_all"),
                ("mention", "@TIM_Official"),
                ("url", "x.com/i/1"),
                ("hashtag", "#guasto"),
                ("email", "a@b.it"),
                ("url", "https://x.com"),
                ("code", "/x @yes"),
            ]
        ),
    ),
    "sendPhoto: uploaded": (
        lambda b, n: b.send_photo(ANNA, png(1280, 720), caption="a <b>pole</b>", parse_mode="HTML"),
        lambda m, n: (
            (m.photo[-1].width, m.photo[-1].height) == (1280, 720)
            and len(m.photo) == 2
            and spelled(m) == [("bold", "pole")]
        ),
    ),
    "sendPhoto: again by its id": (
        lambda b, n: b.send_photo(ANNA, n.photo, caption="x" * 1024, caption_entities=[MessageEntity("bold", 0, 1)]),
        lambda m, n: m.photo[-1].file_id == n.photo and spelled(m) == [("bold", "x")],
    ),
    "sendDocument: uploaded": (
        lambda b, n: b.send_document(ANNA, io.BytesIO(b"a\r\n--b\r\n\r\nc"), filename="però, a.csv"),
        lambda m, n: (
            m.document.file_size == 11
            and m.document.mime_type == "text/csv"
            and n.last().file is not None
            and n.content_of(n.last()) == b"a\r\n--b\r\n\r\nc"
        ),
    ),
    "sendDocument: again by its id": (
        lambda b, n: b.send_document(ANNA, n.document, reply_markup=keys(callback_data="x")),
        lambda m, n: m.document.file_name == "a.txt" and m.reply_markup is not None,
    ),
    "sendMediaGroup": (
        lambda b, n: b.send_media_group(
            ANNA,
            [InputMediaPhoto(png(9, 9), caption="one"), InputMediaPhoto(n.photo, caption="*two*", parse_mode="HTML")],
        ),
        lambda album, n: (
            len(album) == 2
            and len({m.media_group_id for m in album}) == 1
            and [m.caption for m in album] == ["one", "*two*"]
        ),
    ),
    "sendChatAction": (lambda b, n: b.send_chat_action(ANNA, "typing"), lambda done, n: done is True),
    "editMessageText": (
        lambda b, n: b.edit_message_text("after", ANNA, n.text, reply_markup=keys(callback_data="x")),
        lambda m, n: m.text == "after" and m.edit_date == START and m.reply_markup is not None,
    ),
    "editMessageText: in a group": (
        lambda b, n: b.edit_message_text("<i>after</i>", TEAM, n.text_in_team, parse_mode="HTML"),
        lambda m, n: spelled(m) == [("italic", "after")],
    ),
    "editMessageCaption": (
        lambda b, n: b.edit_message_caption(ANNA, n.card, caption="after"),
        lambda m, n: m.caption == "after" and bool(m.photo),
    ),
    "editMessageMedia": (
        lambda b, n: b.edit_message_media(InputMediaDocument(b"new", caption="now", filename="n.txt"), ANNA, n.card),
        lambda m, n: m.document.file_name == "n.txt" and m.caption == "now" and not m.photo,
    ),
    "editMessageReplyMarkup": (
        lambda b, n: b.edit_message_reply_markup(ANNA, n.text, reply_markup=keys(callback_data="x")),
        lambda m, n: m.text == "before" and m.reply_markup is not None,
    ),
    "deleteMessage": (
        lambda b, n: b.delete_message(ANNA, n.text),
        lambda done, n: done and n.world.find(ANNA, n.text) is None,
    ),
    "deleteMessage: what a person wrote to the bot": (
        lambda b, n: b.delete_message(ANNA, n.typed),
        lambda done, n: done and n.world.find(ANNA, n.typed) is None,
    ),
    "deleteMessage: somebody's, as an administrator": (
        lambda b, n: b.delete_message(STAFF, n.said_in_staff),
        lambda done, n: done is True,
    ),
    "setMessageReaction": (
        lambda b, n: b.set_message_reaction(ANNA, n.typed, ReactionTypeEmoji("👀")),
        lambda done, n: done and n.shown(n.typed).reaction == "👀",
    ),
    "setMessageReaction: none": (
        lambda b, n: b.set_message_reaction(ANNA, n.typed, []),
        lambda done, n: done and n.shown(n.typed).reaction == "",
    ),
    "pinChatMessage": (
        lambda b, n: b.pin_chat_message(ANNA, n.text),
        lambda done, n: n.shown(n.text).pinned and not n.last().rang,
    ),
    "pinChatMessage: as an administrator": (
        lambda b, n: b.pin_chat_message(STAFF, n.said_in_staff),
        lambda done, n: n.last(STAFF).kind == "pinned_message" and n.last(STAFF).rang,
    ),
    "unpinChatMessage": (
        lambda b, n: after(b.pin_chat_message(ANNA, n.text), lambda: b.unpin_chat_message(ANNA)),
        lambda done, n: done and not n.world.pinned(ANNA),
    ),
    "unpinAllChatMessages": (
        lambda b, n: after(b.pin_chat_message(ANNA, n.text), lambda: b.unpin_all_chat_messages(ANNA)),
        lambda done, n: done and not n.world.pinned(ANNA),
    ),
    "answerCallbackQuery": (
        lambda b, n: b.answer_callback_query(n.press, "Yours", show_alert=True),
        lambda done, n: done and n.world.popups(ANNA)[-1].text == "Yours",
    ),
    "getFile": (
        lambda b, n: b.get_file(n.photo),
        lambda f, n: f.file_id == n.photo and f.file_size == 100 and "/file/bot" in f.file_path,
    ),
    "getChat: a person": (
        lambda b, n: after(b.pin_chat_message(ANNA, n.text), lambda: b.get_chat(ANNA)),
        lambda c, n: c.first_name == "Anna" and c.pinned_message.text == "before",
    ),
    "getChat: a group": (
        lambda b, n: b.get_chat(TEAM),
        lambda c, n: c.title == "Night team" and c.permissions.can_send_messages,
    ),
    "getChatMember: the bot": (
        lambda b, n: b.get_chat_member(STAFF, n.world.bot_id),
        lambda m, n: m.status == "administrator" and m.can_pin_messages and not m.can_promote_members,
    ),
    "getChatMember: the owner": (lambda b, n: b.get_chat_member(TEAM, ANNA), lambda m, n: m.status == "creator"),
    "getChatMember: nobody there": (lambda b, n: b.get_chat_member(TEAM, NEVER), lambda m, n: m.status == "left"),
    "getChatMember: silenced": (
        lambda b, n: b.get_chat_member(MUTE, n.world.bot_id),
        lambda m, n: m.status == "restricted" and m.is_member and not m.can_send_messages,
    ),
    "getChatAdministrators": (
        lambda b, n: b.get_chat_administrators(STAFF),
        lambda ms, n: [m.status for m in ms] == ["creator", "administrator"],
    ),
    "getChatMemberCount": (lambda b, n: b.get_chat_member_count(TEAM), lambda count, n: count == 2),
    "leaveChat": (lambda b, n: b.leave_chat(TEAM), lambda done, n: not n.world.groups[TEAM].has_bot),
    "setMyCommands": (
        lambda b, n: b.set_my_commands([BotCommand("who", "On duty")], BotCommandScopeChat(ANNA), "it"),
        lambda done, n: len(n.world.commands) == 1,
    ),
    "getMyCommands": (
        lambda b, n: after(
            b.set_my_commands([("who", "Chi c'è")], language_code="it"), lambda: b.get_my_commands(language_code="it")
        ),
        lambda commands, n: commands == (BotCommand("who", "Chi c'è"),),
    ),
    "deleteMyCommands": (
        lambda b, n: after(b.set_my_commands([("who", "On duty")]), lambda: b.delete_my_commands()),
        lambda done, n: done and not n.world.commands,
    ),
    "setMyDescription": (lambda b, n: b.set_my_description("On call"), lambda done, n: done is True),
    "getMyDescription: the default when there is none in the language": (
        lambda b, n: after(b.set_my_description("On call"), lambda: b.get_my_description("it")),
        lambda about, n: about.description == "On call",
    ),
    "setMyShortDescription": (lambda b, n: b.set_my_short_description("On call", "it"), lambda done, n: done is True),
    "getMyShortDescription": (
        lambda b, n: after(b.set_my_short_description("Di turno", "it"), lambda: b.get_my_short_description("it")),
        lambda about, n: about.short_description == "Di turno",
    ),
    "setWebhook": (
        lambda b, n: b.set_webhook("https://example.org/hook"),
        lambda done, n: n.world.updates.webhook == "https://example.org/hook",
    ),
    "deleteWebhook": (lambda b, n: b.delete_webhook(drop_pending_updates=True), lambda done, n: done is True),
    "getWebhookInfo": (
        lambda b, n: after(b.set_webhook("https://example.org/hook"), lambda: b.get_webhook_info()),
        lambda info, n: info.url == "https://example.org/hook" and info.pending_update_count == 0,
    ),
}


@pytest.mark.parametrize("case", ANSWERED)
async def test_every_answer_is_read_by_the_client(case: str, bot: Bot, night: Night) -> None:
    ask, is_right = ANSWERED[case]
    answer = await ask(bot, night)
    assert is_right(answer, night), answer


async def test_every_method_is_under_contract() -> None:
    assert {case.partition(":")[0].lower() for case in ANSWERED} == set(METHODS)


async def test_a_document_comes_back_byte_for_byte(bot: Bot, night: Night, raw: httpx.AsyncClient) -> None:
    content = bytes(range(256)) + b"\r\n--\r\n"
    sent = await bot.send_document(ANNA, content, filename="all bytes.bin")
    assert sent.document is not None
    file = await sent.document.get_file()

    assert bytes(await file.download_as_bytearray()) == content

    path = f"/file/bot{DEMO_TOKEN}/" + (file.file_path or "").rpartition("/file/bot")[2].partition("/")[2]
    assert (await raw.get(path)).content == content
    assert (await raw.get(f"/file/bot{DEMO_TOKEN}/documents/file_0.txt")).status_code == 404
    assert (await raw.get("/file/bot1:wrong/documents/file_0.txt")).status_code == 401
    night.clock.advance(timedelta(hours=1))
    assert (await raw.get(path)).status_code == 404, "a path lives for an hour; getFile gives it again"


# what people do → the update that comes of it
UPDATES: dict[str, tuple[Callable[[Night], Any], Callable[[Any, Night], bool]]] = {
    "a message": (
        lambda n: n.world.types(ANNA, "/claim 42 subito", reply_to=n.text),
        lambda u, n: (
            u.message is not None
            and u.message.text == "/claim 42 subito"
            and u.message.entities[0].length == 6
            and u.message.reply_to_message.text == "before"
        ),
    ),
    "an edited message": (
        lambda n: n.world.edits(ANNA, n.typed, "/help"),
        lambda u, n: u.edited_message is not None and u.edited_message.edit_date == START,
    ),
    "a press": (
        lambda n: n.world.presses(ANNA, n.text, "claim:1"),
        lambda u, n: (
            u.callback_query is not None
            and u.callback_query.data == "claim:1"
            and isinstance(u.callback_query.message, Message)
        ),
    ),
    "a press on what is gone": (
        lambda n: n.world.presses(ANNA, 999, "claim:1"),
        lambda u, n: u.callback_query.message.message_id == 999 and not u.callback_query.message.is_accessible,
    ),
    "a photo": (
        lambda n: n.world.uploads(ANNA, "photo", "a.jpg", png(800, 600), caption="il palo"),
        lambda u, n: u.message.photo[-1].width == 800 and u.message.caption == "il palo",
    ),
    "a document": (
        lambda n: n.world.uploads(ANNA, "document", "a.pdf", b"%PDF"),
        lambda u, n: u.message.document.mime_type == "application/pdf",
    ),
    "a voice message": (lambda n: n.world.sends(ANNA, "voice"), lambda u, n: u.message.voice.duration == 7),
    "a reaction": (
        lambda n: n.world.reacts(ANNA, n.text, "❤️"),
        lambda u, n: (
            u.message_reaction.message_id == n.text
            and u.message_reaction.user.id == ANNA
            and not u.message_reaction.old_reaction
            and u.message_reaction.new_reaction[0].emoji == "❤️"
        ),
    ),
    "a reaction where the bot is an administrator": (
        lambda n: n.world.reacts(ANNA, n.said_in_staff, "👍", chat_id=STAFF),
        lambda u, n: u.message_reaction.chat.id == STAFF,
    ),
    "the bot is blocked": (
        lambda n: n.world.blocks(ANNA),
        lambda u, n: u.my_chat_member.new_chat_member.status == "kicked",
    ),
    "the bot is let in again": (
        lambda n: n.world.unblocks(BLOCKED),
        lambda u, n: u.my_chat_member.new_chat_member.status == "member",
    ),
    "the bot is thrown out of a group": (
        lambda n: n.world.removes_bot(TEAM, ANNA),
        lambda u, n: u.my_chat_member.chat.id == TEAM and u.my_chat_member.new_chat_member.status == "kicked",
    ),
    "the bot is promoted": (
        lambda n: n.world.promotes_bot(TEAM, ANNA, "can_pin_messages"),
        lambda u, n: (
            u.my_chat_member.old_chat_member.status == "member"
            and u.my_chat_member.new_chat_member.can_pin_messages is True
        ),
    ),
    "the bot is silenced": (
        lambda n: n.world.silences_bot(TEAM, ANNA),
        lambda u, n: u.my_chat_member.new_chat_member.is_member is True,
    ),
    "somebody joins": (
        lambda n: n.world.joins(TEAM, NEVER),
        lambda u, n: u.message.new_chat_members[0].id == NEVER,
    ),
    "somebody leaves": (lambda n: n.world.goes(TEAM, ANNA), lambda u, n: u.message.left_chat_member.id == ANNA),
    "a group: a command": (
        lambda n: n.world.types_in_group(TEAM, ANNA, "/who"),
        lambda u, n: u.message.chat.type == Chat.GROUP,
    ),
    "a group: a reply to the bot": (
        lambda n: n.world.types_in_group(TEAM, ANNA, "grazie", reply_to=n.text_in_team),
        lambda u, n: u.message.reply_to_message.from_user.is_bot,
    ),
    "a group: the bot's name": (
        lambda n: n.world.types_in_group(TEAM, ANNA, "ehi @Reperibile_Demo_Bot!"),
        lambda u, n: u.message.text.startswith("ehi"),
    ),
    "a group: anything, to an administrator": (
        lambda n: n.world.types_in_group(STAFF, ANNA, "ciao"),
        lambda u, n: u.message.text == "ciao",
    ),
    "a group: an anonymous administrator": (
        lambda n: n.world.types_in_group(STAFF, ANNA, "ciao", anonymous=True),
        lambda u, n: u.message.sender_chat.id == STAFF and u.message.from_user.username == "GroupAnonymousBot",
    ),
}


@pytest.mark.parametrize("case", UPDATES)
async def test_what_people_do_arrives(case: str, bot: Bot, night: Night) -> None:
    deed, is_right = UPDATES[case]
    night.world.updates.want(Update.ALL_TYPES)
    deed(night)
    (update,) = await bot.get_updates(timeout=0)
    assert is_right(update, night), update


def _reacts_unasked(night: Night) -> None:
    night.world.updates.want([])
    night.world.reacts(ANNA, night.text, "👍")


UNHEARD: dict[str, Callable[[Night], Any]] = {
    "a group: talk": lambda n: n.world.types_in_group(TEAM, ANNA, "ciao a tutti"),
    "a group: another bot's command": lambda n: n.world.types_in_group(TEAM, ANNA, "/who@other_bot"),
    "a group: a name that only begins like the bot's": lambda n: n.world.types_in_group(
        TEAM, ANNA, "@reperibile_demo_bot2"
    ),
    "a group: a reaction, to a member": lambda n: n.world.reacts(ANNA, n.said_in_team, "👍", chat_id=TEAM),
    "a group the bot was thrown out of": lambda n: n.world.types_in_group(KICKED, ANNA, "/who"),
    "a reaction that nobody asked for": _reacts_unasked,
    "the same reaction again": lambda n: n.world.reacts(ANNA, n.text, ""),
    "a deleted account": lambda n: n.world.deactivates(ANNA),
}


@pytest.mark.parametrize("case", UNHEARD)
async def test_what_the_bot_does_not_hear(case: str, bot: Bot, night: Night) -> None:
    night.world.updates.want(Update.ALL_TYPES)
    UNHEARD[case](night)
    assert await bot.get_updates(timeout=0) == ()


async def test_a_group_that_moves_says_so_in_both_chats(bot: Bot, night: Night) -> None:
    night.world.becomes_supergroup(TEAM, -1005555555555)
    away, here = await bot.get_updates(timeout=0)
    assert away.message is not None
    assert here.message is not None
    assert (away.message.migrate_to_chat_id, here.message.migrate_from_chat_id) == (-1005555555555, TEAM)
    assert (await bot.send_message(-1005555555555, "x")).chat.type == Chat.SUPERGROUP


async def test_the_bot_hears_of_its_own_pin(bot: Bot, night: Night) -> None:
    await bot.pin_chat_message(STAFF, night.said_in_staff)
    (update,) = await bot.get_updates(timeout=0)
    assert update.message is not None
    assert update.message.pinned_message is not None
    assert update.message.pinned_message.message_id == night.said_in_staff


async def test_presses_wait_150_seconds_and_all_else_a_day(bot: Bot, night: Night) -> None:
    night.world.presses(ANNA, night.text, "claim:1")
    night.world.types(ANNA, "hello")
    night.clock.advance(timedelta(seconds=149))
    assert len(await bot.get_updates(timeout=0)) == 2
    night.clock.advance(timedelta(seconds=1))
    assert [u.callback_query for u in await bot.get_updates(timeout=0)] == [None]
    night.clock.advance(timedelta(hours=24))
    assert await bot.get_updates(timeout=0) == ()


async def test_a_second_poll_and_a_webhook_end_the_first(bot: Bot, night: Night, raw: httpx.AsyncClient) -> None:
    for end in ("getUpdates", "setWebhook"):
        older = asyncio.create_task(bot.get_updates(timeout=30))
        await night.world.updates.listening.wait()
        await raw.post(f"/bot{DEMO_TOKEN}/{end}", json={"url": "https://example.org/hook"})
        with pytest.raises(Conflict, match=f"terminated by (other )?{end} request"):
            await older


async def test_every_method_stands_in_the_docs() -> None:
    page = (Path(__file__).parents[2] / "docs/sandbox-telegram.md").read_text(encoding="utf-8").lower()
    methods = page.partition("## methods")[2].partition("\n## ")[0]
    assert set(METHODS) <= set(re.findall(r"[a-z]+", methods))
