"""The bot's methods that put messages on phones and change them: text, photos, documents, albums."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.sandbox.telegram_asked import Asked, check_may_send, id_of, own_message, reply_target, writable
from bot.sandbox.telegram_files import StoredFile
from bot.sandbox.telegram_html import read_html
from bot.sandbox.telegram_limits import (
    ApiRefusal,
    bad_request,
    checked_caption,
    checked_entities,
    checked_markup,
    checked_text,
)
from bot.sandbox.telegram_markdown import read_markdown
from bot.sandbox.telegram_markup import unreadable
from bot.sandbox.telegram_values import Group, Phone, Shown
from bot.sandbox.telegram_world import TelegramWorld

ALBUM_MAX = 10
_NOUNS = {"text": "text messages", "photo": "photos", "document": "documents"}

Formatted = tuple[str, list[dict[str, Any]]]


async def send_message(world: TelegramWorld, asked: Asked) -> Any:
    if not asked.text("text"):
        raise bad_request("message text is empty")
    words = _formatted(asked.text("text"), asked.text("parse_mode"), asked, "entities")
    form = _form(world, asked)
    text, entities = checked_text(*words)
    form = replace(form, text=text, entities=entities, link_preview=_link_preview(asked))
    return world.message_json(_send(world, asked, form))


async def send_photo(world: TelegramWorld, asked: Asked) -> Any:
    return await _send_file(world, asked, "photo")


async def send_document(world: TelegramWorld, asked: Asked) -> Any:
    return await _send_file(world, asked, "document")


async def send_media_group(world: TelegramWorld, asked: Asked) -> Any:
    wish = asked.tree("media")
    if not isinstance(wish, list):
        raise bad_request('parameter "media" is required' if wish is None else "expected an Array of InputMedia")
    if not wish:
        raise bad_request("there are no messages to send")
    if len(wish) > ALBUM_MAX:
        raise bad_request("too many messages to send as an album")
    media = [_input_media(world, asked, each) for each in wish]
    if len({file.kind for file, _, _ in media}) > 1:
        raise bad_request("document can't be mixed with other media types")
    form = replace(_form(world, asked), markup=None)
    check_may_send(_chat(world, form), _NOUNS[media[0][0].kind])
    world.flood.count(form.chat_id, len(media))
    album = f"{world.bot_id}{int(world.now().timestamp())}{world.updates.next_id}"
    sent = []
    for file, text, entities in media:
        part = replace(form, kind=file.kind, file=file, text=text, entities=entities, album=album)
        sent.append(world.message_json(world.bot_puts(part)))
    return sent


async def edit_message_text(world: TelegramWorld, asked: Asked) -> Any:
    if not asked.text("text"):
        raise bad_request("message text is empty")
    words = _formatted(asked.text("text"), asked.text("parse_mode"), asked, "entities")
    markup = checked_markup(asked.tree("reply_markup", "reply keyboard markup"))
    shown = own_message(world, asked)
    if shown.kind != "text":
        raise bad_request("there is no text in the message to edit")
    text, entities = checked_text(*words)
    preview = _link_preview(asked)
    return _changed(world, shown, text, entities, markup, link_preview=preview or shown.link_preview)


async def edit_message_caption(world: TelegramWorld, asked: Asked) -> Any:
    words = _formatted(asked.text("caption"), asked.text("parse_mode"), asked, "caption_entities")
    markup = checked_markup(asked.tree("reply_markup", "reply keyboard markup"))
    shown = own_message(world, asked)
    if shown.file is None:
        raise bad_request("there is no caption in the message to edit")
    return _changed(world, shown, *checked_caption(*words), markup)


async def edit_message_media(world: TelegramWorld, asked: Asked) -> Any:
    wish = asked.tree("media", "input media")
    if wish is None:
        raise bad_request('parameter "media" is required')
    file, text, entities = _input_media(world, asked, wish)
    markup = checked_markup(asked.tree("reply_markup", "reply keyboard markup"))
    shown = own_message(world, asked)
    return _changed(world, shown, text, entities, markup, kind=file.kind, file=file)


async def edit_message_reply_markup(world: TelegramWorld, asked: Asked) -> Any:
    markup = checked_markup(asked.tree("reply_markup", "reply keyboard markup"))
    shown = own_message(world, asked)
    if markup == shown.markup:
        raise _not_modified()
    world.flood.count(shown.chat_id, is_edit=True)
    shown.markup = markup
    world.bot_changed(shown)
    return world.message_json(shown)


async def _send_file(world: TelegramWorld, asked: Asked, kind: str) -> Any:
    file = _file(world, asked, kind, asked.text(kind), asked.uploads.keys() & {kind})
    if file is None:
        raise bad_request(f"there is no {kind} in the request")
    words = _formatted(asked.text("caption"), asked.text("parse_mode"), asked, "caption_entities")
    form = _form(world, asked)
    text, entities = checked_caption(*words)
    return world.message_json(_send(world, asked, replace(form, kind=kind, file=file, text=text, entities=entities)))


# ── inside ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def _formatted(text: str, parse_mode: str, asked: Asked, name: str) -> Formatted:
    """The words and their entities; Telegram ignores entities that are no JSON, and those beside a parse_mode."""
    try:
        entities = asked.tree(name)
    except ApiRefusal:
        entities = None
    return _read(text, parse_mode, entities)


def _read(text: str, parse_mode: str, entities: object) -> Formatted:
    mode = parse_mode.lower()
    if not text or mode in ("", "none"):
        return text, checked_entities(entities, text)
    if mode == "html":
        return read_html(text)
    if mode == "markdownv2":
        return read_markdown(text)
    if mode == "markdown":
        raise unreadable("the stand-in does not know the legacy Markdown")
    raise bad_request("unsupported parse_mode")


def _form(world: TelegramWorld, asked: Asked) -> Shown:
    """What is to be sent, without its content: where to, how loud, with which buttons, replying to what."""
    markup = checked_markup(asked.tree("reply_markup", "reply keyboard markup"))
    chat_id = id_of(writable(world, asked))
    silent = asked.flag("disable_notification")
    return Shown(
        0,
        chat_id,
        True,
        world.bot_id,
        "",
        world.now(),
        markup=markup,
        reply_to=reply_target(world, asked, chat_id),
        rang=not silent,
        silent=silent,
        protected=asked.flag("protect_content"),
    )


def _chat(world: TelegramWorld, form: Shown) -> Phone | Group:
    return world.people.get(form.chat_id) or world.groups[form.chat_id]


def _send(world: TelegramWorld, asked: Asked, form: Shown) -> Shown:
    check_may_send(_chat(world, form), _NOUNS[form.kind])
    world.flood.count(form.chat_id)
    return world.bot_puts(form)


def _file(world: TelegramWorld, asked: Asked, kind: str, named: str, fields: set[str]) -> StoredFile | None:
    """The file of a request: uploaded in one of these fields, attached by name, or known by its id; None for none."""
    attached = named.removeprefix("attach://") if named.startswith("attach://") else ""
    upload = next((asked.uploads[field] for field in (attached, *fields) if field in asked.uploads), None)
    if upload is not None:
        return world.files.keep(kind, upload.name, upload.content)
    return None if attached or not named else world.files.again(named, kind)


def _input_media(world: TelegramWorld, asked: Asked, wish: object) -> tuple[StoredFile, str, list[dict[str, Any]]]:
    """The file, caption and entities of an InputMedia."""
    if not isinstance(wish, Mapping):
        raise bad_request("can't parse InputMedia: expected an Object")
    kind = wish.get("type")
    if kind is None:
        raise bad_request("can't parse InputMedia: Can't find field \"type\"")
    if kind not in ("photo", "document"):
        raise bad_request(f'can\'t parse InputMedia: type "{kind}" is unsupported')
    file = _file(world, asked, kind, str(wish.get("media") or ""), set())
    if file is None:
        raise bad_request("can't parse InputMedia: media not found")
    words = _read(str(wish.get("caption") or ""), str(wish.get("parse_mode") or ""), wish.get("caption_entities"))
    return file, *checked_caption(*words)


def _link_preview(asked: Asked) -> dict[str, Any] | None:
    wish = asked.tree("link_preview_options")
    if wish is not None and not isinstance(wish, dict):
        raise bad_request("object expected as link preview options")
    return wish or ({"is_disabled": True} if asked.flag("disable_web_page_preview") else None)


def _changed(
    world: TelegramWorld,
    shown: Shown,
    text: str,
    entities: list[dict[str, Any]],
    markup: dict[str, Any] | None,
    **more: Any,
) -> Any:
    """A message after an edit. Raises: ApiRefusal 400 when nothing would be different."""
    file = more.get("file", shown.file)
    if (text, entities, markup, file) == (shown.text, shown.entities, shown.markup, shown.file):
        raise _not_modified()
    world.flood.count(shown.chat_id, is_edit=True)
    shown.text, shown.entities, shown.markup, shown.edited_at = text, entities, markup, world.now()
    for name, value in more.items():
        setattr(shown, name, value)
    world.bot_changed(shown)
    return world.message_json(shown)


def _not_modified() -> ApiRefusal:
    return bad_request(
        "message is not modified: specified new message content and reply markup are exactly the same as a current "
        "content and reply markup of the message"
    )
