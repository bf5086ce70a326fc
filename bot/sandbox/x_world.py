"""The stand-in X with its rules: who may reply to what, what counts as a duplicate, how long a post may be.

What makes X what it is for us stands here as refusals, in X's own words (x_refusals), and as switches: what is not
established about X can be rehearsed both ways.
"""

import time
from collections.abc import Callable, Collection, Iterable
from datetime import datetime, timedelta
from typing import Any, Literal

from bot.sandbox import x_shown
from bot.sandbox.x_cost import Meter
from bot.sandbox.x_media import Uploads
from bot.sandbox.x_posts import TEXT_WEIGHT_MAX, Account, Media, Post, has_link, weight
from bot.sandbox.x_refusals import (
    DUPLICATE,
    NOT_EDITABLE,
    NOT_ENGAGED,
    NOT_QUOTABLE,
    PARENT_GONE,
    REPLIES_CLOSED,
    TOO_LONG,
    NotAllowed,
    TooLong,
)
from bot.sandbox.x_store import XStore

DUPLICATE_FOR = timedelta(hours=24)
EDIT_WITHIN = timedelta(hours=1)
EDITS_MAX = 5


class XWorld(XStore):
    """All of the stand-in X. `now` is the world's time; `real_time` (Unix seconds) is only for signatures.

    Switches, to be set at any moment (docs/sandbox-x.md tells them all): vocabulary ("asked": tweet names or post names
    as the request asked; "old", "new": always those), duplicate_filter, index_delay_s, implicit_mention_counts (whether
    the @mention X puts before a follow-up allows a reply: not established), too_long_status (403 or 400),
    rate_limited, rate_headers, `limits` and `app_limits` (requests per 15 minutes by endpoint, with a user's token and
    with the app's), `day_limits` (per 24 hours, by endpoint and "user" or "app"), skew_s (how far X's clock is ahead of
    ours), revoked (handles whose tokens are void), app_owner (whose mentions are owned reads).
    """

    def __init__(self, now: Callable[[], datetime], real_time: Callable[[], float] = time.time) -> None:
        super().__init__(now)
        self.real_time = real_time
        self.vocabulary: Literal["asked", "old", "new"] = "asked"
        self.duplicate_filter = True
        self.implicit_mention_counts = True
        self.too_long_status = 403
        self.rate_limited = True
        self.rate_headers = True
        self.limits = dict(LIMITS)
        self.app_limits = dict(APP_LIMITS)
        self.day_limits = {endpoint: dict(limits) for endpoint, limits in DAY_LIMITS.items()}
        self.skew_s = 0.0
        self.revoked: set[str] = set()
        self.app_owner = ""
        self.blocks: set[tuple[int, int]] = set()  # who has blocked whom
        self.meter = Meter(now)
        self.meter.changed.append(self.tell)
        self.uploads = Uploads(now, self._next_id)

    def revoke(self, handle: str, is_void: bool = True) -> None:
        """The account withdraws the app's token, or (is_void False) gives it back."""
        self.revoked = (self.revoked | {handle.lower()}) if is_void else (self.revoked - {handle.lower()})
        self.tell()

    def block(self, who: str, whom: str, is_blocked: bool = True) -> None:
        """Somebody blocks somebody: what the one writes is not shown to the other any more."""
        pair = (self.customer(who).id, self.customer(whom).id)
        self.blocks = (self.blocks | {pair}) if is_blocked else (self.blocks - {pair})
        self.tell()

    def is_hidden(self, post: Post, viewer: Account | None) -> bool:
        """Whether the post's author has blocked the account that asks."""
        return viewer is not None and (post.author.id, viewer.id) in self.blocks

    def timeline(self) -> list[dict[str, Any]]:
        """Everything for the page, newest first, newest versions; deleted posts are there and say so."""
        return x_shown.timeline(self)

    # What the API lets our accounts write

    def write_by_api(
        self,
        author: Account,
        text: str,
        *,
        in_reply_to: int | None = None,
        quoted: int | None = None,
        media: Iterable[Media] = (),
        without: Collection[int] = (),
        reply_settings: str = "everyone",
        made_with_ai: bool = False,
    ) -> Post:
        """A post through `POST /2/tweets`. Raises NotAllowed with X's words."""
        media = tuple(media)
        if in_reply_to is not None:
            self._check_parent(author, in_reply_to)
        if quoted is not None and not self._may_quote(author, quoted):
            raise NotAllowed(NOT_QUOTABLE)
        self._check_text(author, text, media)
        post = self.write(
            author.handle,
            text,
            in_reply_to=in_reply_to,
            quoted=quoted,
            media=media,
            without=without,
            reply_settings=reply_settings,
            by_api=True,
            made_with_ai=made_with_ai,
        )
        self.meter.wrote(self._priced(author, post))
        return post

    def edit_by_api(self, author: Account, previous: int, text: str) -> Post:
        """A new version of the account's own newest version, within the hour, not of a reply. Raises NotAllowed."""
        old = self.posts.get(previous)
        mine = old is not None and old.author.id == author.id and not old.deleted and old.newest
        if old is None or not mine or not self.is_editable(old):
            raise NotAllowed(NOT_EDITABLE)
        self._check_text(author, text, old.media)
        post = self.edit(previous, text)
        self.meter.wrote(self._priced(author, post))
        return post

    def editable_until(self, post: Post) -> datetime:
        first = self.posts.get(post.history[0], post)
        return first.created_at + EDIT_WITHIN

    def is_editable(self, post: Post) -> bool:
        """Whether the API would still take an edit of it."""
        allowed = post.in_reply_to is None and post.retweeted is None and len(post.history) <= EDITS_MAX
        return allowed and self.now() < self.editable_until(post)

    def _check_parent(self, author: Account, parent_id: int) -> None:
        parent = self.posts.get(parent_id)
        if parent is None or parent.deleted or self.is_hidden(parent, author):
            raise NotAllowed(PARENT_GONE)
        if not self._may_reply(author, parent):
            raise NotAllowed(NOT_ENGAGED)
        if parent.closed:
            raise NotAllowed(REPLIES_CLOSED)

    def _check_text(self, author: Account, text: str, media: tuple[Media, ...]) -> None:
        if weight(text) > TEXT_WEIGHT_MAX:
            raise TooLong(TOO_LONG)
        if self.duplicate_filter and not media and self._said_before(author, text):
            raise NotAllowed(DUPLICATE)

    def _may_reply(self, author: Account, parent: Post) -> bool:
        """X's rule since 2026-02-23: the parent's author named the account in that post, or quoted a post of it."""
        return parent.author.id == author.id or self._summons(author, parent)

    def _summons(self, author: Account, parent: Post) -> bool:
        quoted = self.posts.get(parent.quoted) if parent.quoted is not None else None
        if quoted is not None and quoted.author.id == author.id:
            return True
        return parent.names(author.handle, typed_only=not self.implicit_mention_counts)

    def _may_quote(self, author: Account, quoted_id: int) -> bool:
        """Own posts, those that name the account, and those of a conversation it has written in."""
        quoted = self.posts.get(quoted_id)
        if quoted is None or quoted.deleted or self.is_hidden(quoted, author):
            return False
        if quoted.author.id == author.id or quoted.names(author.handle):
            return True
        return any(p.conversation_id == quoted.conversation_id for p in self._written[author.id])

    def _said_before(self, author: Account, text: str) -> bool:
        since = self.now() - DUPLICATE_FOR
        recent = (p for p in reversed(self._written[author.id]) if p.created_at > since)
        return any(p.text == text and not p.deleted for p in recent)

    def _priced(self, author: Account, post: Post) -> str:
        """What kind of post this is on the price list."""
        if has_link(post.text):
            return "post_with_link"
        parent = self.posts.get(post.in_reply_to) if post.in_reply_to is not None else None
        summoned = parent is not None and parent.author.id != author.id and self._summons(author, parent)
        return "summoned_reply" if summoned else "post"


# Requests in 15 minutes with a user's token, by endpoint (docs.x.com, x-api/fundamentals/rate-limits, 2026-08; tweet,
# users_by: measured by others with a user's token, 2026-08), with the app's token, and in 24 hours.
LIMITS = {
    "me": 75,
    "users_by": 900,
    "mentions": 300,
    "own_posts": 900,
    "lookup": 5000,
    "tweet": 900,
    "search": 300,
    "post": 100,
    "delete": 50,
    "media": 1875,
}
APP_LIMITS = {
    "usage": 50,
    "users_by": 300,
    "mentions": 450,
    "own_posts": 1500,
    "lookup": 3500,
    "tweet": 450,
    "search": 450,
}
DAY_LIMITS = {"post": {"app": 10_000}, "media": {"app": 180_000}}
