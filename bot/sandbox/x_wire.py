"""Posts and users as X's API writes them, in the old vocabulary (tweet names) or the new (post names)."""

import hashlib
import html
import re
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from bot.sandbox.x_world import TEXT_WEIGHT_MAX, Account, Post, XWorld, weight

_NEW_NAMES = {
    "edit_history_tweet_ids": "edit_history_post_ids",
    "referenced_tweets": "referenced_posts",
    "note_tweet": "note_post",
}
_MENTION = re.compile(r"(?<![\w@])@(\w{1,15})")
_LINK = re.compile(r"https?://[^\s<>]+[^\s<>.,;:!?)\]]")
_ALWAYS = {"id", "text", "edit_history_tweet_ids"}


def posts_json(world: XWorld, posts: Iterable[Post], fields: Collection[str], expansions: Collection[str]) -> Any:
    """`data` and, when authors were asked for, `includes`; no key at all for what is empty."""
    posts = list(posts)
    answer: dict[str, Any] = {}
    if posts:
        wanted = _ALWAYS | set(fields) | ({"author_id"} if "author_id" in expansions else set())
        old_names = {new: old for old, new in _NEW_NAMES.items()}
        wanted = {old_names.get(name, name) for name in wanted}
        answer["data"] = [_spoken(world, _post(world, post, wanted)) for post in posts]
        if "author_id" in expansions:
            authors = {post.author.id: world.accounts[post.author.handle.lower()] for post in posts}
            answer["includes"] = {"users": [user_json(author) for author in authors.values()]}
    return answer


def user_json(account: Account) -> dict[str, str]:
    return {"id": str(account.id), "name": account.name, "username": account.handle}


def written_json(world: XWorld, post: Post) -> dict[str, Any]:
    """The answer to `POST /2/tweets`."""
    return {"data": _spoken(world, _post(world, post, _ALWAYS))}


def instant(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03}Z"


def _post(world: XWorld, post: Post, wanted: Collection[str]) -> dict[str, Any]:
    text, entities = _text(world, post.full_text)
    is_long = weight(post.text) > TEXT_WEIGHT_MAX
    whole: dict[str, Any] = {
        "id": str(post.id),
        "text": text,
        "edit_history_tweet_ids": [str(i) for i in post.history],
        "author_id": str(post.author.id),
        "conversation_id": str(post.conversation_id),
        "created_at": instant(post.created_at),
        "lang": post.lang,
    }
    if is_long:
        whole["note_tweet"] = {"text": text} | ({"entities": entities} if entities else {})
        whole["text"], entities = _text(world, post.full_text[:250].rstrip())
        whole["text"] += "… " + _short(f"https://x.com/{post.author.handle}/status/{post.id}")
    if entities:
        whole["entities"] = entities
    referenced = [("replied_to", post.in_reply_to), ("quoted", post.quoted), ("retweeted", post.retweeted)]
    if any(other is not None for _, other in referenced):
        whole["referenced_tweets"] = [{"type": kind, "id": str(other)} for kind, other in referenced if other]
    return {name: value for name, value in whole.items() if name in wanted}


def _spoken(world: XWorld, post: dict[str, Any]) -> dict[str, Any]:
    if world.vocabulary == "old":
        return post
    return {_NEW_NAMES.get(name, name): value for name, value in post.items()}


def _text(world: XWorld, typed: str) -> tuple[str, dict[str, Any]]:
    """The text with its links shortened and &, <, > escaped, and its entities (positions in that text)."""
    links: list[str] = []

    def shorten(found: re.Match[str]) -> str:
        links.append(found[0])
        return _short(found[0])

    text = html.escape(_LINK.sub(shorten, typed), quote=False)
    mentions = [
        {"start": m.start(), "end": m.end(), "username": m[1]}
        | ({"id": str(known.id)} if (known := world.accounts.get(m[1].lower())) else {})
        for m in _MENTION.finditer(text)
    ]
    urls: list[dict[str, Any]] = []
    end = 0
    for link in links:
        start = text.index(_short(link), end)
        end = start + len(_short(link))
        urls.append({"start": start, "end": end, "url": _short(link), "expanded_url": link})
    entities = {"mentions": mentions, "urls": urls}
    return text, {name: found for name, found in entities.items() if found}


def _short(link: str) -> str:
    return "https://t.co/" + hashlib.sha256(link.encode()).hexdigest()[:10]
