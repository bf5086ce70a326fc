"""Posts, users and media as X's API writes them, in the old vocabulary (tweet names) or the new (post names).

Only what was asked for is told. What was told is remembered: X charges for it.
"""

import hashlib
import html
import re
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from bot.sandbox.x_asked import NEW_NAMES, Asked
from bot.sandbox.x_posts import TEXT_WEIGHT_MAX, Account, Media, Post, weight
from bot.sandbox.x_refusals import not_found, not_visible
from bot.sandbox.x_world import EDITS_MAX, XWorld

_MENTION = re.compile(r"(?<![\w@])@(\w{1,15})")
_LINK = re.compile(r"https?://[^\s<>]+[^\s<>.,;:!?)\]]")
_SHORT_LENGTH = 250


class Told:
    """One answer about posts: its JSON, and whom and what it told of."""

    def __init__(self, world: XWorld, asked: Asked, viewer: Account | None) -> None:
        self._world = world
        self._asked = asked
        self._viewer = viewer
        self.posts: set[int] = set()
        self.users: set[int] = set()
        self._users: dict[int, Account] = {}
        self._beside: dict[int, Post] = {}
        self._media: dict[str, Media] = {}
        self._errors: list[dict[str, str]] = []

    def body(self, posts: Iterable[Post], *, alone: bool = False) -> dict[str, Any]:
        """`data` (of one post alone, an object), `includes` and `errors`; no key at all for what is empty."""
        posts = list(posts)
        told = [self._post(post) for post in posts]
        for post in posts:
            self._look_beside(post)
        answer: dict[str, Any] = {}
        if told:
            answer["data"] = told[0] if alone else told
        includes = {
            "users": [user_json(user, self._asked.user_fields) for user in self._users.values()],
            "tweets": [self._post(post) for post in self._beside.values()],
            "media": [_media(media, self._asked.media_fields) for media in self._media.values()],
        }
        self.users |= set(self._users)
        if any(includes.values()):
            answer["includes"] = self._spoken({name: found for name, found in includes.items() if found})
        if self._errors:
            answer["errors"] = self._errors
        return answer

    def _look_beside(self, post: Post) -> None:
        """Gathers what the expansions ask for about one post."""
        wanted = self._asked.expansions
        if "author_id" in wanted:
            self._include(post.author.id)
        if "in_reply_to_user_id" in wanted and post.in_reply_to_user is not None:
            self._include(post.in_reply_to_user)
        if "entities.mentions.username" in wanted:
            for handle in _MENTION.findall(post.full_text):
                known = self._world.accounts.get(handle.lower())
                if known is not None:
                    self._include(known.id)
        if "attachments.media_keys" in wanted:
            self._media |= {media.key: media for media in post.media}
        for other_id in _references(post).values():
            self._look_at_reference(other_id)

    def _look_at_reference(self, other_id: int) -> None:
        wanted = self._asked.expansions
        if not any(name.startswith("referenced_tweets.id") for name in wanted):
            return
        other = self._world.posts.get(other_id)
        if other is None or other.deleted:
            self._errors += not_found("tweet", "referenced_tweets.id", [str(other_id)])
        elif self._world.is_hidden(other, self._viewer):
            self._errors += not_visible("tweet", "referenced_tweets.id", [str(other_id)])
        else:
            self._beside[other.id] = other
            if "referenced_tweets.id.author_id" in wanted:
                self._include(other.author.id)
            if "referenced_tweets.id.attachments.media_keys" in wanted:
                self._media |= {media.key: media for media in other.media}

    def _include(self, user_id: int) -> None:
        account = self._world.account_of(user_id)
        if account is not None:
            self._users[user_id] = account

    def _post(self, post: Post) -> dict[str, Any]:
        self.posts.add(post.id)
        whole = _whole(self._world, post)
        return dict(self._spoken({name: value for name, value in whole.items() if name in self._asked.fields}))

    def _spoken(self, told: dict[str, Any]) -> dict[str, Any]:
        if self._asked.vocabulary == "old":
            return told
        said = {NEW_NAMES.get(name, name): value for name, value in told.items()}
        if "public_metrics" in said:
            said["public_metrics"] = {NEW_NAMES.get(name, name): n for name, n in said["public_metrics"].items()}
        return said


def user_json(account: Account, fields: Collection[str] = ()) -> dict[str, Any]:
    """A user: always id, name and handle; the rest of what a stand-in can say when it is asked for."""
    more = {
        "created_at": "2012-01-01T00:00:00.000Z",
        "description": "",
        "protected": False,
        "verified": account.ours,
        "verified_type": "business" if account.ours else "none",
        "profile_image_url": "https://abs.twimg.com/sticky/default_profile_images/default_profile_normal.png",
        "public_metrics": {"followers_count": 0, "following_count": 0, "tweet_count": 0, "listed_count": 0},
    }
    told = {"id": str(account.id), "name": account.name, "username": account.handle}
    return told | {name: value for name, value in more.items() if name in fields}


def written_json(world: XWorld, post: Post) -> dict[str, Any]:
    """The answer to `POST /2/tweets`: in tweet names, whatever the reads speak (seen so by a public client, 2026)."""
    whole = _whole(world, post)
    return {"data": {name: whole[name] for name in ("id", "text", "edit_history_tweet_ids")}}


def instant(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03}Z"


def _references(post: Post) -> dict[str, int]:
    found = {"replied_to": post.in_reply_to, "quoted": post.quoted, "retweeted": post.retweeted}
    return {kind: other for kind, other in found.items() if other is not None}


def _whole(world: XWorld, post: Post) -> dict[str, Any]:
    """Everything the stand-in can say of a post, in tweet names; no key for what is not there."""
    links = _own_links(world, post)
    is_long = weight(post.text) > TEXT_WEIGHT_MAX and post.retweeted is None
    text, entities = _text(world, post.full_text, links)
    whole: dict[str, Any] = {
        "id": str(post.id),
        "text": text,
        "edit_history_tweet_ids": [str(i) for i in post.history],
        "author_id": str(post.author.id),
        "conversation_id": str(post.conversation_id),
        "created_at": instant(post.created_at),
        "lang": post.lang,
        "possibly_sensitive": False,
        "paid_partnership": False,
        "reply_settings": post.reply_settings,
        "username": post.author.handle,
        "edit_controls": {
            "edits_remaining": max(0, EDITS_MAX + 1 - len(post.history)),
            "is_edit_eligible": post.in_reply_to is None and post.retweeted is None,
            "editable_until": instant(world.editable_until(post)),
        },
        "public_metrics": dict.fromkeys(
            ("retweet_count", "reply_count", "like_count", "quote_count", "bookmark_count", "impression_count"), 0
        ),
    }
    if is_long:
        whole["note_tweet"] = {"text": text} | ({"entities": entities} if entities else {})
        cut = post.full_text[:_SHORT_LENGTH].rstrip() + "…"
        whole["text"], entities = _text(world, cut, [*links, (_address(post), {})])
    if entities:
        whole["entities"] = entities
    if post.media:
        whole["attachments"] = {"media_keys": [media.key for media in post.media]}
    if post.in_reply_to_user is not None:
        whole["in_reply_to_user_id"] = str(post.in_reply_to_user)
    references = [{"type": kind, "id": str(other)} for kind, other in _references(post).items()]
    if references:
        whole["referenced_tweets"] = references
    return whole


def _own_links(world: XWorld, post: Post) -> list[tuple[str, dict[str, Any]]]:
    """The links X puts after a text by itself: to the quoted post, and to what hangs on it."""
    links: list[tuple[str, dict[str, Any]]] = []
    quoted = world.posts.get(post.quoted) if post.quoted is not None else None
    if quoted is not None:
        links.append((_address(quoted), {}))
    for media in post.media[:1]:
        kind = "photo" if media.kind == "photo" else "video"
        links.append((f"{_address(post)}/{kind}/1", {"display_url": f"pic.x.com/{media.id:x}", "media_key": media.key}))
    return links


def _address(post: Post) -> str:
    return f"https://x.com/{post.author.handle}/status/{post.id}"


def _media(media: Media, fields: Collection[str]) -> dict[str, Any]:
    picture = f"https://pbs.twimg.com/media/{media.id:x}.jpg"
    more: dict[str, Any] = {"width": 1200, "height": 800}
    if media.kind == "photo":
        more["url"] = picture
    else:
        more["preview_image_url"] = picture
    if media.kind == "video":
        more["duration_ms"] = 12_000
    if media.alt_text:
        more["alt_text"] = media.alt_text
    return {"media_key": media.key, "type": media.kind} | {n: value for n, value in more.items() if n in fields}


def _text(world: XWorld, typed: str, after: list[tuple[str, dict[str, Any]]]) -> tuple[str, dict[str, Any]]:
    """The text with its links shortened, X's own put after it, and &, <, > escaped; and its entities."""
    links: list[tuple[str, dict[str, Any]]] = []

    def shorten(found: re.Match[str]) -> str:
        links.append((found[0], {}))
        return _short(found[0])

    text = html.escape(_LINK.sub(shorten, typed), quote=False)
    for link, more in after:
        links.append((link, more))
        text = f"{text} {_short(link)}".lstrip()
    mentions = [
        {"start": m.start(), "end": m.end(), "username": m[1]}
        | ({"id": str(known.id)} if (known := world.accounts.get(m[1].lower())) else {})
        for m in _MENTION.finditer(text)
    ]
    urls: list[dict[str, Any]] = []
    end = 0
    for link, more in links:
        start = text.index(_short(link), end)
        end = start + len(_short(link))
        shown = link.partition("://")[2]
        urls.append(
            {
                "start": start,
                "end": end,
                "url": _short(link),
                "expanded_url": link,
                "display_url": shown if len(shown) <= 30 else shown[:26] + "…",
                **more,
            }
        )
    entities = {"mentions": mentions, "urls": urls}
    return text, {name: found for name, found in entities.items() if found}


def _short(link: str) -> str:
    return "https://t.co/" + hashlib.sha256(link.encode()).hexdigest()[:10]
