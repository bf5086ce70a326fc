"""What exists in the stand-in X: accounts, customers, posts, edits, deletions. No HTTP, no JSON of the API.

The rules that make X what it is for us stand here as refusals: who may reply to what, what counts as a duplicate,
how long a post may be. Their words are X's own (docs.x.com and public code, as of 2026-11).
"""

import re
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any, Literal

from twitter_text import parse_tweet  # type: ignore[import-untyped]  # the package ships no types

X_EPOCH_MS = 1288834974657
POSTS_MAX = 50_000
TEXT_WEIGHT_MAX = 280
RAW_LENGTH_COUNTED_MAX = 600  # beyond, counting takes seconds (its URL pattern is super-linear); no post fits anyway
DUPLICATE_FOR = timedelta(hours=24)

NOT_ENGAGED = (
    "Reply to this conversation is not allowed because you have not been mentioned or otherwise engaged "
    "by the author of the post you are replying to."
)
PARENT_GONE = "You attempted to reply to a Tweet that is deleted or not visible to you."
REPLIES_CLOSED = "You are not permitted to reply to this conversation."
TOO_LONG = "Your Tweet text is too long. For more information on how Twitter determines text length see our docs."
DUPLICATE = "You are not allowed to create a Tweet with duplicate content."
NOT_YOURS = "You are not authorized to delete this Tweet."

_HANDLE = re.compile(r"(?<![\w@])@(\w{1,15})")


class NotAllowed(Exception):
    """X refuses to write; the text is the `detail` of its 403."""


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody on X. `ours`: one of the accounts the service signs in as; only these have keys."""

    id: int
    handle: str
    name: str
    ours: bool = False
    consumer_key: str = ""
    consumer_secret: str = field(default="", repr=False)
    token: str = ""
    token_secret: str = field(default="", repr=False)
    rights: str = "read-write"
    """What the token may do, as X tells it in `x-access-level`."""


@dataclass(slots=True)
class Post:
    """One version of a post. text: as typed; leading: the @mentions X puts before a reply's text by itself.

    history: the ids of all versions, oldest first, shared by all of them; newest: False once it was edited.
    closed: only people named in it may reply.
    """

    id: int
    history: list[int]
    author: Account
    text: str
    created_at: datetime
    conversation_id: int
    lang: str = "und"
    leading: str = ""
    in_reply_to: int | None = None
    quoted: int | None = None
    retweeted: int | None = None
    closed: bool = False
    deleted: bool = False
    newest: bool = True

    @property
    def full_text(self) -> str:
        return self.leading + self.text

    def names(self, handle: str, *, typed_only: bool = False) -> bool:
        return handle.lower() in handles(self.text if typed_only else self.full_text)


class XWorld:
    """All of the stand-in X. `now` is the world's time; `real_time` (Unix seconds) is only for signatures.

    Switches, to be set at any moment: vocabulary ("old" tweet names or "new" post names), duplicate_filter,
    index_delay_s (a post appears in timelines that long after it was written), implicit_mention_counts (whether the
    @mention X puts before a follow-up allows a reply: not established, see docs), rate_limited, and `limits`, requests
    per 15 minutes by endpoint.
    """

    def __init__(self, now: Callable[[], datetime], real_time: Callable[[], float] = time.time) -> None:
        self.now = now
        self.real_time = real_time
        self.vocabulary: Literal["old", "new"] = "old"
        self.duplicate_filter = True
        self.implicit_mention_counts = True
        self.index_delay_s = 0.0
        self.rate_limited = True
        self.limits = dict(LIMITS)
        self.changed: list[Callable[[], None]] = []
        self.accounts: dict[str, Account] = {}  # by handle in lower case
        self.posts: dict[int, Post] = {}  # in the order of writing
        self._named: dict[str, list[Post]] = defaultdict(list)
        self._written: dict[int, list[Post]] = defaultdict(list)
        self._last_id = 0
        self._last_user_id = 1_700_000_000_000_000_000

    # Who there is

    def add_account(
        self,
        handle: str,
        name: str = "",
        *,
        consumer_key: str = "sandbox-key",
        consumer_secret: str = "sandbox-secret",  # noqa: S107 - the stand-in's keys protect nothing
        token: str = "",
        token_secret: str = "",
    ) -> Account:
        """An account the service can sign in as; keys not given are made from the handle."""
        return self._enter(
            handle,
            name,
            ours=True,
            consumer_key=consumer_key,
            consumer_secret=consumer_secret,
            token=token or f"token-of-{handle.lower()}",
            token_secret=token_secret or f"token-secret-of-{handle.lower()}",
        )

    def customer(self, handle: str, name: str = "") -> Account:
        """The customer of that handle, created at first sight."""
        known = self.accounts.get(handle.lower())
        return known if known is not None else self._enter(handle, name)

    def _enter(self, handle: str, name: str, **keys: Any) -> Account:
        if not re.fullmatch(r"\w{1,15}", handle):
            raise ValueError(f"{handle!r} cannot be a handle on X: 1 to 15 letters, digits or _")
        known = self.accounts.get(handle.lower())
        self._last_user_id += 1
        account = Account(known.id if known else self._last_user_id, handle, name or handle, **keys)
        self.accounts[handle.lower()] = account
        self._tell()
        return account

    def account_with(self, token: str) -> Account | None:
        """The account a user token belongs to; None for a token nobody has."""
        return next((a for a in self.accounts.values() if a.ours and a.token == token), None)

    def account_of(self, user_id: int) -> Account | None:
        return next((a for a in self.accounts.values() if a.id == user_id), None)

    # What is written

    def write(
        self,
        author: str,
        text: str,
        *,
        in_reply_to: int | None = None,
        lang: str | None = None,
        quoted: int | None = None,
        retweeted: int | None = None,
        closed: bool = False,
    ) -> Post:
        """A post by anybody, as if typed in the app: no rule of the API applies. Raises KeyError without its parent."""
        writer = self.customer(author)
        parent = self.posts[in_reply_to] if in_reply_to is not None else None
        leading = ""
        if parent is not None and parent.author.id != writer.id and parent.author.handle.lower() not in handles(text):
            leading = f"@{parent.author.handle} "
        if retweeted is not None:
            text = f"RT @{self.posts[retweeted].author.handle}: {self.posts[retweeted].full_text}"
        new = self._next_id()
        post = Post(
            id=new,
            history=[new],
            author=writer,
            text=text,
            created_at=self.now().astimezone(UTC),
            conversation_id=parent.conversation_id if parent is not None else new,
            lang=lang or "und",
            leading=leading,
            in_reply_to=in_reply_to,
            quoted=quoted,
            retweeted=retweeted,
            closed=closed,
        )
        return self._keep(post)

    def write_by_api(self, author: Account, text: str, *, in_reply_to: int | None, quoted: int | None = None) -> Post:
        """A post through `POST /2/tweets`. Raises NotAllowed with X's words."""
        if in_reply_to is not None:
            parent = self.posts.get(in_reply_to)
            if parent is None or parent.deleted:
                raise NotAllowed(PARENT_GONE)
            if not self._may_reply(author, parent):
                raise NotAllowed(NOT_ENGAGED)
            if parent.closed:
                raise NotAllowed(REPLIES_CLOSED)
        if weight(text) > TEXT_WEIGHT_MAX:
            raise NotAllowed(TOO_LONG)
        if self.duplicate_filter and self._said_before(author, text):
            raise NotAllowed(DUPLICATE)
        return self.write(author.handle, text, in_reply_to=in_reply_to, quoted=quoted)

    def edit(self, post_id: int, text: str) -> Post:
        """A new version with a new id and the same history. Raises KeyError for a post that is not there."""
        old = self.posts[post_id]
        old = self.posts[old.history[-1]]
        new = self._next_id()
        old.newest = False
        old.history.append(new)
        post = Post(
            id=new,
            history=old.history,
            author=old.author,
            text=text,
            created_at=self.now().astimezone(UTC),
            conversation_id=old.conversation_id,
            lang=old.lang,
            leading=old.leading,
            in_reply_to=old.in_reply_to,
            quoted=old.quoted,
            closed=old.closed,
        )
        return self._keep(post)

    def delete(self, post_id: int) -> None:
        """Delete a post in all its versions. Raises KeyError for a post that was never there."""
        for version in self.posts[post_id].history:
            if version in self.posts:
                self.posts[version].deleted = True
        self._tell()

    def _may_reply(self, author: Account, parent: Post) -> bool:
        """X's rule since 2026-02-23: the parent's author named the account in that post, or quoted a post of it."""
        if parent.author.id == author.id:
            return True
        quoted = self.posts.get(parent.quoted) if parent.quoted is not None else None
        if quoted is not None and quoted.author.id == author.id:
            return True
        return parent.names(author.handle, typed_only=not self.implicit_mention_counts)

    def _said_before(self, author: Account, text: str) -> bool:
        since = self.now() - DUPLICATE_FOR
        recent = (p for p in reversed(self._written[author.id]) if p.created_at > since)
        return any(p.text == text and not p.deleted for p in recent)

    def _keep(self, post: Post) -> Post:
        self.posts[post.id] = post
        self._written[post.author.id].append(post)
        for handle in handles(post.full_text):
            self._named[handle].append(post)
        while len(self.posts) > POSTS_MAX:
            oldest = self.posts.pop(next(iter(self.posts)))
            self._written[oldest.author.id].remove(oldest)
            for handle in handles(oldest.full_text):
                self._named[handle].remove(oldest)
        self._tell()
        return post

    def _next_id(self) -> int:
        """A real snowflake of the world's time; rises even when the clock does not."""
        ms = int(self.now().timestamp() * 1000) - X_EPOCH_MS
        self._last_id = max(self._last_id + 1, ms << 22)
        return self._last_id

    # What is seen

    def mentions_of(self, account: Account) -> list[Post]:
        """Posts by others that name the account, newest first, newest versions only."""
        return [p for p in self._seen(self._named[account.handle.lower()]) if p.author.id != account.id]

    def posts_by(self, account: Account) -> list[Post]:
        """The account's own posts, newest first, newest versions only."""
        return self._seen(self._written[account.id])

    def _seen(self, posts: list[Post]) -> list[Post]:
        indexed = self.now() - timedelta(seconds=self.index_delay_s)
        return [p for p in reversed(posts) if p.newest and not p.deleted and p.created_at <= indexed]

    def timeline(self) -> list[dict[str, Any]]:
        """Everything for the page, newest first, newest versions; deleted posts are there and say so."""
        return [self._for_page(post) for post in reversed(self.posts.values()) if post.newest]

    def _for_page(self, post: Post) -> dict[str, Any]:
        return {
            "id": str(post.id),
            "first_id": str(post.history[0]),
            "author": post.author.handle,
            "name": post.author.name,
            "ours": self.accounts[post.author.handle.lower()].ours,
            "text": post.text,
            "leading": post.leading,
            "lang": post.lang,
            "created_at": post.created_at.isoformat(),
            "in_reply_to": None if post.in_reply_to is None else str(post.in_reply_to),
            "quoted": None if post.quoted is None else str(post.quoted),
            "conversation_id": str(post.conversation_id),
            "mentions": sorted(handles(post.full_text)),
            "edited": len(post.history) > 1,
            "deleted": post.deleted,
        }

    def _tell(self) -> None:
        for callback in self.changed:
            callback()


# Requests per user in 15 minutes (docs.x.com, x-api/fundamentals/rate-limits, 2026-08; users/by: the v2 table of 2026).
LIMITS = {
    "me": 75,
    "users_by": 900,
    "mentions": 300,
    "own_posts": 900,
    "lookup": 5000,
    "post": 100,
    "delete": 50,
}


def handles(text: str) -> set[str]:
    """The handles named in a text, lower case, without @."""
    return {h.lower() for h in _HANDLE.findall(text)}


@lru_cache(maxsize=POSTS_MAX)
def weight(text: str) -> int:
    """The text's weighted length out of 280, as X counts it; texts too long to be counted quickly count as they are."""
    if len(text) > RAW_LENGTH_COUNTED_MAX:
        return len(text)
    return int(parse_tweet(text).weightedLength)
