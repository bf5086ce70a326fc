"""X's JSON to our values, in both vocabularies (tweet names and post names).

X's answers are outside material: whatever shape they take, an item that makes no sense is counted, never raised.
"""

import html
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from bot.core.mention import X_EPOCH_MS, Mention

_ID_MAX = 2**63 - 1
# What can stand in an address as it is.
_TOKEN = re.compile(r"[A-Za-z0-9_.~=-]{1,500}")
# X began in 2006; beyond these years sums with an instant leave the calendar.
_YEARS = range(2006, 2100)
_HANDLE = re.compile(r"(?<![\w@])@(\w{1,15})", re.ASCII)


class Unreadable(ValueError):
    """An answer or item whose shape makes no sense."""


def posts(body: Any) -> tuple[list[Mention], int]:
    """The posts of an answer, in its order, and how many could not be read.

    Raises Unreadable when the answer as a whole is none.
    """
    if not isinstance(body, dict):
        raise Unreadable("not an object")
    data = body.get("data", [])
    if not isinstance(data, list):
        raise Unreadable("data is not a list")
    users = _users(body.get("includes"))
    read: list[Mention] = []
    unreadable = 0
    for item in data:
        try:
            read.append(_post(item, users))
        except Exception:
            # Unreadable, or a value that trips what it was given to: whichever, it must not take its page with it.
            unreadable += 1
    return read, unreadable


def timeline(body: Any) -> tuple[list[Mention], int]:
    """`posts`, for a page of a timeline. Raises Unreadable also for an answer with errors alone: it shows no page."""
    if isinstance(body, dict) and "data" not in body and not isinstance(body.get("meta"), dict):
        raise Unreadable("neither data nor meta")
    return posts(body)


def next_token(body: Any) -> str | None:
    """The token of the next page; None on the last one."""
    meta = body.get("meta") if isinstance(body, dict) else None
    token = meta.get("next_token") if isinstance(meta, dict) else None
    return token if isinstance(token, str) and _TOKEN.fullmatch(token) else None


def missing(body: Any, *, or_hidden: bool = False) -> set[int]:
    """The ids that X says are not there, or, when asked, not visible to us."""
    kinds = ("/resource-not-found", "/not-authorized-for-resource") if or_hidden else ("/resource-not-found",)
    errors = body.get("errors") if isinstance(body, dict) else None
    gone: set[int] = set()
    for error in errors if isinstance(errors, list) else []:
        if not isinstance(error, dict) or not _text_or(error.get("type"), "").endswith(kinds):
            continue
        for key in ("resource_id", "value"):
            found = _id_or_none(error.get(key))
            if found is not None:
                gone.add(found)
    return gone


def user(body: Any) -> tuple[int, str]:
    """Id and handle of the user an answer is about. Raises Unreadable."""
    data = body.get("data") if isinstance(body, dict) else None
    if not isinstance(data, dict):
        raise Unreadable("no user")
    return _id(data.get("id")), _text(data.get("username"))


def written(body: Any) -> int:
    """The id of the post just written. Raises Unreadable."""
    data = body.get("data") if isinstance(body, dict) else None
    if not isinstance(data, dict):
        raise Unreadable("no post")
    return _id(data.get("id"))


def is_deleted(body: Any) -> bool:
    """Whether the answer to a deletion says that it was done."""
    data = body.get("data") if isinstance(body, dict) else None
    return isinstance(data, dict) and data.get("deleted") is True


def _post(item: Any, users: Mapping[int, tuple[str, str]]) -> Mention:
    if not isinstance(item, dict):
        raise Unreadable("not an object")
    post_id = _id(item.get("id"))
    author_id = _id(item.get("author_id"))
    handle, name = users.get(author_id, ("", ""))
    text, entities = _words(item)
    history = _either(item, "edit_history_tweet_ids", "edit_history_post_ids")
    first = [_id_or_none(i) for i in history] if isinstance(history, list) else []
    references = dict(_references(_either(item, "referenced_tweets", "referenced_posts")))
    return Mention(
        id=post_id,
        first_id=min((i for i in first if i is not None), default=post_id),
        author_id=author_id,
        author=handle,
        author_name=name,
        text=text,
        created_at=_instant(item.get("created_at"), post_id),
        # It was reported missing at times: then the parent is the best we know of the conversation.
        conversation_id=_id_or_none(item.get("conversation_id")) or references.get("replied_to") or post_id,
        lang=_text_or(item.get("lang"), "und"),
        parent_id=references.get("replied_to"),
        quoted_id=references.get("quoted"),
        mentioned=_mentioned(text, entities),
        links=_links(entities),
        has_media=_has_media(item),
        is_retweet="retweeted" in references,
    )


def _words(item: Mapping[str, Any]) -> tuple[str, Any]:
    """The text, long form first, with HTML entities undone, and the entities that belong to it."""
    note = _either(item, "note_tweet", "note_post")
    if isinstance(note, dict) and isinstance(note.get("text"), str) and note["text"]:
        return _clean(html.unescape(note["text"])), note.get("entities") or item.get("entities")
    return _clean(html.unescape(_text(item.get("text"), may_be_empty=True))), item.get("entities")


def _mentioned(text: str, entities: Any) -> tuple[str, ...]:
    """Handles in the order of the text; from the text itself when the entities say nothing."""
    named = [h for e in _ordered(entities, "mentions") if (h := _text_or(e.get("username"), ""))]
    return _once(named or _HANDLE.findall(text))


def _links(entities: Any) -> tuple[str, ...]:
    found = (e.get("unwound_url") or e.get("expanded_url") or e.get("url") for e in _ordered(entities, "urls"))
    return _once(_clean(link) for link in found if isinstance(link, str) and link)


def _ordered(entities: Any, kind: str) -> list[dict[str, Any]]:
    """The entities of one kind that are objects, by their place in the text where they tell it."""
    listed = entities.get(kind) if isinstance(entities, dict) else None
    found = [e for e in listed if isinstance(e, dict)] if isinstance(listed, list) else []
    return sorted(found, key=lambda e: e["start"] if isinstance(e.get("start"), int) else 0)


def _has_media(item: Mapping[str, Any]) -> bool:
    attachments = item.get("attachments")
    return isinstance(attachments, dict) and bool(attachments.get("media_keys"))


def _references(value: Any) -> Iterable[tuple[str, int]]:
    for reference in value if isinstance(value, list) else []:
        if not isinstance(reference, dict):
            continue
        kind, other = reference.get("type"), _id_or_none(reference.get("id"))
        if isinstance(kind, str) and other is not None:
            yield kind, other


def _users(includes: Any) -> dict[int, tuple[str, str]]:
    """Handle and name by id."""
    listed = includes.get("users") if isinstance(includes, dict) else None
    known: dict[int, tuple[str, str]] = {}
    for each in listed if isinstance(listed, list) else []:
        if isinstance(each, dict) and (found := _id_or_none(each.get("id"))) is not None:
            handle = _text_or(each.get("username"), "")
            known[found] = (handle, _text_or(each.get("name"), handle))
    return known


def _instant(value: Any, post_id: int) -> datetime:
    """`created_at`, or else the instant the id itself carries. UTC."""
    if isinstance(value, str):
        try:
            at = datetime.fromisoformat(value)
            at = at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
            if at.year in _YEARS:
                return at
        except (ValueError, OverflowError):
            pass
    return datetime.fromtimestamp(((post_id >> 22) + X_EPOCH_MS) / 1000, UTC)


def _either(item: Mapping[str, Any], old: str, new: str) -> Any:
    value = item.get(old)
    return item.get(new) if value is None else value


def _id(value: Any) -> int:
    found = _id_or_none(value)
    if found is None:
        raise Unreadable("not an id")
    return found


def _id_or_none(value: Any) -> int | None:
    """An id, written as text (X's way) or as a number; None for anything else."""
    if isinstance(value, str) and re.fullmatch(r"[0-9]{1,19}", value, re.ASCII):
        value = int(value)
    if isinstance(value, int) and not isinstance(value, bool) and 0 < value <= _ID_MAX:
        return value
    return None


def _text(value: Any, *, may_be_empty: bool = False) -> str:
    if not isinstance(value, str) or not (value or may_be_empty):
        raise Unreadable("not a text")
    return _clean(value)


def _text_or(value: Any, otherwise: str) -> str:
    return _clean(value) if isinstance(value, str) and value else otherwise


def _clean(text: str) -> str:
    """Without what no database and no messenger takes: NUL, and halves of surrogate pairs."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")


def _once(values: Iterable[str]) -> tuple[str, ...]:
    """Each value once, compared without case, in order."""
    seen: dict[str, str] = {}
    for value in values:
        seen.setdefault(value.lower(), value)
    return tuple(seen.values())
