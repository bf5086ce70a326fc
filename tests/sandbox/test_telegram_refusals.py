"""What the stand-in Telegram refuses: in Telegram's words, and as the right exception of the client."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
import telegram
from telegram import (
    Bot,
    BotCommandScopeChat,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaDocument,
    InputMediaPhoto,
    ReactionTypeCustomEmoji,
    ReplyParameters,
)
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)
from telegram_night import (
    ANNA,
    BLOCKED,
    GONE,
    KICKED,
    LEFT,
    MUTE,
    NEVER,
    NEW,
    OLD,
    STAFF,
    TEAM,
    Ask,
    Night,
    after,
    bot,
    later,
    night,
    png,
    raw,
    stand,
)

from bot.sandbox.telegram import DEMO_TOKEN, REALISTIC

__all__ = ["bot", "night", "raw", "stand"]

pytestmark = [
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.filterwarnings("ignore::telegram.warnings.PTBUserWarning"),
]

NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same as a current "
    "content and reply markup of the message"
)


def send(text: str, chat_id: Any = ANNA, parse_mode: str | None = None, **more: Any) -> Ask:
    return lambda b, n: b.send_message(chat_id, text, parse_mode, **more)


def asks(method: str, **parameters: Any) -> Ask:
    """A request that the client itself would not make; its answer goes the client's way all the same."""
    return lambda b, n: b.do_api_request(method, api_kwargs=parameters)


def html(text: str, why: str) -> tuple[Ask, str]:
    return send(text, parse_mode="HTML"), f"can't parse entities: {why}"


def markdown(text: str, why: str) -> tuple[Ask, str]:
    return send(text, parse_mode="MarkdownV2"), f"can't parse entities: {why}"


def button(why: str, **one: Any) -> tuple[Ask, str]:
    return send("x", reply_markup={"inline_keyboard": [[{"text": "Claim"} | one]]}), why


def entity(why: str, **one: Any) -> tuple[Ask, str]:
    return asks(
        "sendMessage", chat_id=ANNA, text="a😀", entities=[{"type": "bold", "offset": 0, "length": 1} | one]
    ), why


# what is refused with 400 → the request, Telegram's words after "Bad Request: "
BAD_REQUESTS: dict[str, tuple[Ask, str]] = {
    "no text": (asks("sendMessage", chat_id=ANNA), "message text is empty"),
    "an empty text": (send(""), "message text is empty"),
    "a blank text": (send(" \n"), "message text is empty"),
    "nothing but markup": (send("<b></b>", parse_mode="HTML"), "message text is empty"),
    "a text that is too long": (send("x" * 4097), "message is too long"),
    "a text too long in UTF-16": (send("😀" * 2049), "message is too long"),
    "no chat": (asks("sendMessage", text="x"), "chat_id is empty"),
    "an unknown chat": (send("x", 999), "chat not found"),
    "an unknown name": (send("x", "@nobody"), "chat not found"),
    "a reply to nothing": (
        send("x", reply_parameters=ReplyParameters(999)),
        "message to be replied not found",
    ),
    "an unknown parse_mode": (send("x", parse_mode="BBCode"), "unsupported parse_mode"),
    "HTML: unknown tag": html("è <blink>x</blink>", 'Unsupported start tag "blink" at byte offset 3'),
    "HTML: no end": html("<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
    "HTML: crossed": html("<b><i>x</b></i>", 'Unmatched end tag at byte offset 7, expected "</i>", found "</b>"'),
    "HTML: end without start": html("x</b>", "Unexpected end tag at byte offset 1"),
    "HTML: start without end": html("x <b", "Unclosed start tag at byte offset 2"),
    "HTML: a lone <": html("1 < 2 and 3 > 2", 'Unsupported start tag "" at byte offset 2'),
    "HTML: attribute without value": html(
        "<a href>x</a>", 'Expected equal sign in declaration of an attribute of the tag "a" at byte offset 0'
    ),
    "HTML: a plain span": html("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
    "HTML: unclosed end": html("<b>x</b", "Unclosed end tag at byte offset 4"),
    "MarkdownV2: reserved": markdown("a.b", "Character '.' is reserved and must be escaped with the preceding '\\'"),
    "MarkdownV2: no end": markdown("è *x", "Can't find end of Bold entity at byte offset 3"),
    "MarkdownV2: no end of a block": markdown("```\nx", "Can't find end of Pre entity at byte offset 0"),
    "MarkdownV2: no end of a link": markdown("[x](http://x.com", "Can't find end of a URL at byte offset 4"),
    "MarkdownV2: emoji without link": markdown("![x](y)", "Custom emoji entity must contain a tg://emoji URL"),
    "entity: beyond the text": entity(
        "entity beginning at UTF-16 offset 2 ends after the end of the text at UTF-16 offset 4", offset=2, length=2
    ),
    "entity: half an emoji": entity(
        "entity beginning at UTF-16 offset 0 ends in a middle of a UTF-16 symbol at byte offset 1", length=2
    ),
    "entity: unknown": entity("can't parse MessageEntity: Unsupported type specified", type="blinking"),
    "entity: without length": entity('can\'t parse MessageEntity: Field "length" must be of type Number', length="1"),
    "entity: a link to nowhere": entity("can't parse MessageEntity: Can't find field \"url\"", type="text_link"),
    "entity: negative": entity("receive an entity with incorrect offset -1", offset=-1),
    "button: without anything": button(
        "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"
    ),
    "button: 65 bytes": button("BUTTON_DATA_INVALID", callback_data="è" * 32 + "x"),
    "button: an address that is none": button(
        "inline keyboard button URL 'ftp://x' is invalid: Wrong HTTP URL", url="ftp://x"
    ),
    "button: a host without a dot": button("BUTTON_URL_INVALID", url="http://localhost/x"),
    "button: a style that is none": button(
        "can't parse inline keyboard button: invalid button style specified", callback_data="x", style="pink"
    ),
    "button: nothing to copy": button("BUTTON_COPY_TEXT_INVALID", copy_text={"text": ""}),
    "button: no label": button("inline keyboard button text must be non-empty", text=" ", callback_data="x"),
    "keyboard: 101 buttons": (
        send("x", reply_markup=InlineKeyboardMarkup([[InlineKeyboardButton("x", callback_data="x")] * 101])),
        "reply markup is too long",
    ),
    "keyboard: no rows": (
        asks("sendMessage", chat_id=ANNA, text="x", reply_markup={"inline_keyboard": [1]}),
        'field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays',
    ),
    "keyboard: no JSON": (
        asks("sendMessage", chat_id=ANNA, text="x", reply_markup="{"),
        "can't parse reply keyboard markup JSON object",
    ),
    "keyboard: no object": (
        asks("sendMessage", chat_id=ANNA, text="x", reply_markup=[1]),
        "object expected as reply markup",
    ),
    "no photo": (asks("sendPhoto", chat_id=ANNA), "there is no photo in the request"),
    "no document": (asks("sendDocument", chat_id=ANNA), "there is no document in the request"),
    "an empty file": (lambda b, n: b.send_document(ANNA, b""), "file must be non-empty"),
    "a photo that is none": (lambda b, n: b.send_photo(ANNA, b"hello"), "IMAGE_PROCESS_FAILED"),
    "a photo too wide": (lambda b, n: b.send_photo(ANNA, png(9000, 1001)), "PHOTO_INVALID_DIMENSIONS"),
    "a photo too thin": (lambda b, n: b.send_photo(ANNA, png(2100, 100)), "PHOTO_INVALID_DIMENSIONS"),
    "a photo too big": (
        lambda b, n: b.send_photo(ANNA, png(90, 90, 10 * 1024 * 1024 + 1)),
        "file of size 10485761 bytes is too big for a photo; the maximum size is 10485760 bytes",
    ),
    "a caption too long": (lambda b, n: b.send_photo(ANNA, n.photo, caption="x" * 1025), "message caption is too long"),
    "a caption with broken HTML": (
        lambda b, n: b.send_photo(ANNA, n.photo, caption="<b>", parse_mode="HTML"),
        "can't parse entities: Can't find end tag corresponding to start tag \"b\"",
    ),
    "a file id that is none": (
        lambda b, n: b.send_photo(ANNA, "abc"),
        "wrong remote file identifier specified: Wrong string length",
    ),
    "a file id that nobody has": (
        lambda b, n: b.send_document(ANNA, "B" * 40),
        "wrong file identifier/HTTP URL specified",
    ),
    "a document sent as a photo": (
        lambda b, n: b.send_photo(ANNA, n.document),
        "can't use file of type Document as Photo",
    ),
    "a file from the web": (
        lambda b, n: b.send_photo(ANNA, "https://example.org/a.png"),
        "failed to get HTTP URL content",
    ),
    "an album without media": (asks("sendMediaGroup", chat_id=ANNA), 'parameter "media" is required'),
    "an album of eleven": (
        lambda b, n: b.send_media_group(ANNA, [InputMediaPhoto(n.photo)] * 11),
        "too many messages to send as an album",
    ),
    "an album of both kinds": (
        lambda b, n: b.send_media_group(ANNA, [InputMediaPhoto(n.photo), InputMediaDocument(n.document)]),
        "document can't be mixed with other media types",
    ),
    "a chat action that is none": (
        asks("sendChatAction", chat_id=ANNA, action="yawning"),
        "wrong parameter action in request",
    ),
    "an edit of nothing": (lambda b, n: b.edit_message_text("x", ANNA, 999), "message to edit not found"),
    "an edit without a message": (asks("editMessageText", text="x"), "message identifier is not specified"),
    "an edit of another's words": (lambda b, n: b.edit_message_text("x", ANNA, n.typed), "message can't be edited"),
    "an edit to nothing": (lambda b, n: b.edit_message_text("", ANNA, n.text), "message text is empty"),
    "an edit that changes nothing": (lambda b, n: b.edit_message_text("before", ANNA, n.text), NOT_MODIFIED),
    "the same buttons": (lambda b, n: b.edit_message_reply_markup(ANNA, n.text), NOT_MODIFIED),
    "the same caption": (lambda b, n: b.edit_message_caption(ANNA, n.card, caption="before"), NOT_MODIFIED),
    "the text of a photo": (
        lambda b, n: b.edit_message_text("x", ANNA, n.card),
        "there is no text in the message to edit",
    ),
    "the caption of a text": (
        lambda b, n: b.edit_message_caption(ANNA, n.text, caption="x"),
        "there is no caption in the message to edit",
    ),
    "deleting nothing": (lambda b, n: b.delete_message(ANNA, 999), "message to delete not found"),
    "deleting without a chat": (asks("deleteMessage", message_id=1), "chat identifier is not specified"),
    "deleting without a message": (asks("deleteMessage", chat_id=ANNA), "message identifier is not specified"),
    "deleting after two days": (
        lambda b, n: later(n, timedelta(hours=48, seconds=1), lambda: b.delete_message(ANNA, n.text)),
        "message can't be deleted for everyone",
    ),
    "deleting another's words in a group": (
        lambda b, n: b.delete_message(TEAM, n.said_in_team),
        "message can't be deleted for everyone",
    ),
    "reacting to nothing": (lambda b, n: b.set_message_reaction(ANNA, 999, "👀"), "message to react not found"),
    "an emoji that is no reaction": (lambda b, n: b.set_message_reaction(ANNA, n.typed, "🚨"), "REACTION_INVALID"),
    "an own emoji": (
        lambda b, n: b.set_message_reaction(ANNA, n.typed, ReactionTypeCustomEmoji("5368324170671202286")),
        "REACTION_INVALID",
    ),
    "two reactions": (lambda b, n: b.set_message_reaction(ANNA, n.typed, ["👀", "👍"]), "REACTIONS_TOO_MANY"),
    "a reaction of no kind": (
        asks("setMessageReaction", chat_id=ANNA, message_id=1, reaction=[{"type": "wave"}]),
        "can't parse ReactionType: invalid reaction type specified",
    ),
    "pinning nothing": (lambda b, n: b.pin_chat_message(ANNA, 999), "message to pin not found"),
    "pinning without the right": (
        lambda b, n: b.pin_chat_message(TEAM, n.text_in_team),
        "not enough rights to manage pinned messages in the chat",
    ),
    "unpinning where nothing is pinned": (lambda b, n: b.unpin_chat_message(ANNA), "message to unpin not found"),
    "unpinning without the right": (
        lambda b, n: b.unpin_all_chat_messages(TEAM),
        "not enough rights to manage pinned messages in the chat",
    ),
    "an unknown press": (
        lambda b, n: b.answer_callback_query("1"),
        "query is too old and response timeout expired or query ID is invalid",
    ),
    "a late answer to a press": (
        lambda b, n: later(n, timedelta(seconds=16), lambda: b.answer_callback_query(n.press)),
        "query is too old and response timeout expired or query ID is invalid",
    ),
    "a long answer to a press": (lambda b, n: b.answer_callback_query(n.press, "x" * 201), "MESSAGE_TOO_LONG"),
    "getFile of nothing": (asks("getFile"), "file_id not specified"),
    "getFile of what is no id": (lambda b, n: b.get_file("abc"), "invalid file_id"),
    "getFile of a wrong id": (
        lambda b, n: b.get_file("B" * 40),
        "wrong file_id or the file is temporarily unavailable",
    ),
    "getFile of 20 MB and a byte": (lambda b, n: b.get_file(n.huge), "file is too big"),
    "getChat of nobody": (lambda b, n: b.get_chat(999), "chat not found"),
    "a member without a number": (asks("getChatMember", chat_id=TEAM), "invalid user_id specified"),
    "a member nobody knows": (lambda b, n: b.get_chat_member(TEAM, 999), "PARTICIPANT_ID_INVALID"),
    "administrators of a person": (
        lambda b, n: b.get_chat_administrators(ANNA),
        "there are no administrators in the private chat",
    ),
    "leaving a person": (
        lambda b, n: b.leave_chat(ANNA),
        "chat member status can't be changed in private chats",
    ),
    "silenced: text": (send("x", MUTE), "not enough rights to send text messages to the chat"),
    "silenced: photo": (lambda b, n: b.send_photo(MUTE, n.photo), "not enough rights to send photos to the chat"),
    "a command that is none": (lambda b, n: b.set_my_commands([("Über", "x")]), "BOT_COMMAND_INVALID"),
    "a command without words": (
        lambda b, n: b.set_my_commands([("who", "")]),
        "BOT_COMMAND_DESCRIPTION_INVALID",
    ),
    "101 commands": (lambda b, n: b.set_my_commands([("who", "x")] * 101), "BOT_COMMANDS_TOO_MUCH"),
    "commands for nobody": (
        lambda b, n: b.set_my_commands([("who", "x")], BotCommandScopeChat(999)),
        "chat not found",
    ),
    "commands for a scope that is none": (
        asks("setMyCommands", commands=[], scope={"type": "moon"}),
        "can't parse BotCommandScope: Unsupported type specified",
    ),
    "commands in no language": (
        lambda b, n: b.set_my_commands([("who", "x")], language_code="ita"),
        "LANG_CODE_INVALID",
    ),
    "a description too long": (lambda b, n: b.set_my_description("x" * 513), "BOT_DESCRIPTION_TOO_LONG"),
    "a short description too long": (
        lambda b, n: b.set_my_short_description("x" * 121),
        "BOT_SHORT_DESCRIPTION_TOO_LONG",
    ),
    "a webhook without TLS": (
        lambda b, n: b.set_webhook("http://example.org"),
        "bad webhook: An HTTPS URL must be provided for webhook",
    ),
}


@pytest.mark.parametrize("case", BAD_REQUESTS)
async def test_every_bad_request_has_telegrams_words(case: str, bot: Bot, night: Night) -> None:
    ask, words = BAD_REQUESTS[case]
    with pytest.raises(BadRequest) as caught:
        await ask(bot, night)
    # The client writes the first letter large and all others small, whatever Telegram wrote.
    assert str(caught.value).lower() == words.lower()
    assert type(caught.value) is BadRequest


ALBUMS: dict[str, tuple[Any, str]] = {
    "of nothing": ([], "there are no messages to send"),
    "no list": ({}, "expected an Array of InputMedia"),
    "of words": (["x"], "can't parse InputMedia: expected an Object"),
    "of no kind": ([{"media": "x"}], "can't parse InputMedia: Can't find field \"type\""),
    "with a video": ([{"type": "video", "media": "x"}], 'can\'t parse InputMedia: type "video" is unsupported'),
    "not attached": ([{"type": "photo", "media": "attach://x"}], "can't parse InputMedia: media not found"),
}


@pytest.mark.parametrize("case", ALBUMS)
async def test_an_album_that_the_client_would_not_send(case: str, night: Night, raw: httpx.AsyncClient) -> None:
    media, words = ALBUMS[case]
    answer = await raw.post(f"/bot{DEMO_TOKEN}/sendMediaGroup", data={"chat_id": ANNA, "media": json.dumps(media)})
    assert answer.json() == {"ok": False, "error_code": 400, "description": f"Bad Request: {words}"}


REFUSED: dict[str, tuple[Ask, type[TelegramError], str]] = {
    "never started": (send("x", NEVER), Forbidden, "Forbidden: bot can't initiate conversation with a user"),
    "blocked": (send("x", BLOCKED), Forbidden, "Forbidden: bot was blocked by the user"),
    "blocked: a photo": (
        lambda b, n: b.send_photo(BLOCKED, n.photo),
        Forbidden,
        "Forbidden: bot was blocked by the user",
    ),
    "account deleted": (send("x", GONE), Forbidden, "Forbidden: user is deactivated"),
    "thrown out of a group": (send("x", KICKED), Forbidden, "Forbidden: bot was kicked from the group chat"),
    "getChat after being thrown out": (
        lambda b, n: b.get_chat(KICKED),
        Forbidden,
        "Forbidden: bot was kicked from the group chat",
    ),
    "not in the group": (send("x", LEFT), Forbidden, "Forbidden: bot is not a member of the group chat"),
    "not in the supergroup": (
        lambda b, n: after(b.leave_chat(STAFF), lambda: b.send_message(STAFF, "x")),
        Forbidden,
        "Forbidden: bot is not a member of the supergroup chat",
    ),
    "a group that moved": (send("x", OLD), ChatMigrated, f"Group migrated to supergroup. New chat id: {NEW}"),
    "an unknown method": (
        asks("sendPigeon"),
        telegram.error.EndPointNotFound,
        "Endpoint 'sendPigeon' not found in Bot API",
    ),
    "polling beside a webhook": (
        lambda b, n: after(b.set_webhook("https://example.org/hook"), lambda: b.get_updates(timeout=0)),
        Conflict,
        "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
async def test_every_other_refusal_is_the_right_exception(case: str, bot: Bot, night: Night) -> None:
    ask, kind, words = REFUSED[case]
    with pytest.raises(kind) as caught:
        await ask(bot, night)
    assert str(caught.value) == words


async def test_a_wrong_token_is_refused(bot: Bot, night: Night) -> None:
    night.world.token = "1:another"
    with pytest.raises(InvalidToken, match="Unauthorized"):
        await bot.get_me()


async def test_an_upload_beyond_the_limit_is_refused(bot: Bot, night: Night) -> None:
    """50 MB in earnest; the case has less to carry."""
    night.world.files.upload_bytes_max = 1000
    with pytest.raises(NetworkError, match="Request Entity Too Large"):
        await bot.send_document(ANNA, b"x" * 1001)


FLOODS: dict[str, tuple[int, int, int, bool]] = {
    # how many messages to whom pass at once, how long the next one waits in seconds, whether it is an edit
    "one person": (20, ANNA, 20, False),
    "a group": (20, TEAM, 60, False),
    "a group, by edits": (20, TEAM, 60, True),
    "everybody, by edits": (30, ANNA, 1, True),
}


@pytest.mark.parametrize("case", FLOODS)
async def test_too_many_messages_have_to_wait(case: str, bot: Bot, night: Night) -> None:
    passing, chat_id, wait_s, is_edit = FLOODS[case]
    night.world.flood.rates = REALISTIC
    message_id = night.text if chat_id == ANNA else night.text_in_team

    async def another(number: int) -> None:
        if is_edit:
            await bot.edit_message_text(f"text {number}", chat_id, message_id)
        else:
            await bot.send_message(chat_id, f"text {number}")

    for number in range(passing):
        await another(number)
    with pytest.raises(RetryAfter, match=f"Retry in {wait_s} second"):
        await another(passing)
    if case == "one person":
        assert await bot.send_message(TEAM, "others are not held up")
    night.clock.advance(timedelta(seconds=wait_s))
    await another(passing)


async def test_the_429_says_it_twice(night: Night, raw: httpx.AsyncClient) -> None:
    night.world.flood.rates = REALISTIC
    night.world.flood.count(ANNA, 20)
    answer = await raw.post(f"/bot{DEMO_TOKEN}/sendMessage", json={"chat_id": ANNA, "text": "x"})
    assert (answer.status_code, json.loads(answer.content)) == (
        429,
        {
            "ok": False,
            "error_code": 429,
            "description": "Too Many Requests: retry after 20",
            "parameters": {"retry_after": 20},
        },
    )


async def test_every_name_of_a_refusal_stands_in_the_docs() -> None:
    page = (Path(__file__).parents[2] / "docs/sandbox-telegram.md").read_text(encoding="utf-8")
    names = {words for _, words in BAD_REQUESTS.values() if words.isupper()}
    assert {name for name in names if f"`{name}`" not in page} == set()
