"""Everything on the stand-in X: who is there, what was written, and what shows when. No rule of the API.

Anybody may write anything here, as if typed in the app; what the API refuses stands in x_world.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

from bot.sandbox.x_posts import X_EPOCH_MS, Account, Media, MediaKind, Post, handles, handles_in_order

POSTS_MAX = 50_000


class XStore:
    """The accounts and posts of the stand-in. `now` is the world's time; `changed` is called on every news.

    index_delay_s: a post appears in timelines and searches that long after it was written, unless it says otherwise;
    by its id it is found at once.
    """

    def __init__(self, now: Callable[[], datetime]) -> None:
        self.now = now
        self.index_delay_s = 0.0
        self.changed: list[Callable[[], None]] = []
        self.accounts: dict[str, Account] = {}  # by handle in lower case
        self.posts: dict[int, Post] = {}  # in the order of writing
        self._by_id: dict[int, Account] = {}
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

    def account_with(self, token: str) -> Account | None:
        """The account a user token belongs to; None for a token nobody has."""
        return next((a for a in self.accounts.values() if a.ours and a.token == token), None)

    def account_of(self, user_id: int) -> Account | None:
        known = self._by_id.get(user_id)
        return None if known is None else self.accounts[known.handle.lower()]

    def _enter(self, handle: str, name: str, **keys: Any) -> Account:
        if not re.fullmatch(r"\w{1,15}", handle):
            raise ValueError(f"{handle!r} cannot be a handle on X: 1 to 15 letters, digits or _")
        known = self.accounts.get(handle.lower())
        self._last_user_id += 1
        account = Account(known.id if known else self._last_user_id, handle, name or handle, **keys)
        self.accounts[handle.lower()] = account
        self._by_id[account.id] = account
        self.tell()
        return account

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
        media: Iterable[MediaKind | Media] = (),
        visible_after_s: float | None = None,
        without: Collection[int] = (),
        reply_settings: str = "everyone",
        by_api: bool = False,
        made_with_ai: bool = False,
    ) -> Post:
        """A post by anybody, as if typed in the app: no rule of the API applies. Raises KeyError without its parent.

        without: ids of users that X does not name before the reply's text, though they stand in the parent.
        """
        writer = self.customer(author)
        parent = self.posts[in_reply_to] if in_reply_to is not None else None
        if retweeted is not None:
            text = f"RT @{self.posts[retweeted].author.handle}: {self.posts[retweeted].full_text}"
        new = self._next_id()
        return self._keep(
            Post(
                id=new,
                history=[new],
                author=writer,
                text=text,
                created_at=self.now().astimezone(UTC),
                conversation_id=parent.conversation_id if parent is not None else new,
                lang=lang or "und",
                leading="" if parent is None else self._leading(writer, parent, text, without),
                in_reply_to=in_reply_to,
                in_reply_to_user=None if parent is None else parent.author.id,
                quoted=quoted,
                retweeted=retweeted,
                closed=closed,
                media=tuple(each if isinstance(each, Media) else Media(self._next_id(), each) for each in media),
                visible_after_s=visible_after_s,
                reply_settings=reply_settings,
                by_api=by_api,
                made_with_ai=made_with_ai,
            )
        )

    def edit(self, post_id: int, text: str) -> Post:
        """A new version with a new id and the same history. Raises KeyError for a post that is not there."""
        old = self.posts[post_id]
        old = self.posts[old.history[-1]]
        new = self._next_id()
        old.newest = False
        old.history.append(new)
        return self._keep(
            Post(
                id=new,
                history=old.history,
                author=old.author,
                text=text,
                created_at=self.now().astimezone(UTC),
                conversation_id=old.conversation_id,
                lang=old.lang,
                leading=old.leading,
                in_reply_to=old.in_reply_to,
                in_reply_to_user=old.in_reply_to_user,
                quoted=old.quoted,
                closed=old.closed,
                media=old.media,
                reply_settings=old.reply_settings,
                by_api=old.by_api,
            )
        )

    def delete(self, post_id: int) -> None:
        """Delete a post in all its versions. Raises KeyError for a post that was never there."""
        for version in self.posts[post_id].history:
            if version in self.posts:
                self.posts[version].deleted = True
        self.tell()

    def _leading(self, writer: Account, parent: Post, text: str, without: Collection[int]) -> str:
        """The parent's author, then whom else the parent names; not the writer, nor who stands in the text already."""
        out = {a.handle.lower() for i in without if i != parent.author.id and (a := self.account_of(i)) is not None}
        out |= handles(text) | {writer.handle.lower()}
        named = [parent.author.handle, *handles_in_order(parent.full_text)]
        found = {name.lower(): name for name in reversed(named) if name.lower() not in out}
        return "".join(f"@{name} " for name in reversed(found.values()))

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
        self.tell()
        return post

    def _next_id(self) -> int:
        """A real snowflake of the world's time; rises even when the clock does not."""
        ms = int(self.now().timestamp() * 1000) - X_EPOCH_MS
        self._last_id = max(self._last_id + 1, ms << 22)
        return self._last_id

    # What shows

    def mentions_of(self, account: Account, most: int | None = None) -> list[Post]:
        """Posts by others that name the account, newest first, newest versions only; at most so many."""
        shown = self._shown(self._named[account.handle.lower()])
        return list(islice((p for p in shown if p.author.id != account.id), most))

    def posts_by(self, account: Account, most: int | None = None) -> list[Post]:
        """The account's own posts, newest first, newest versions only; at most so many."""
        return list(islice(self._shown(self._written[account.id]), most))

    def everything(self) -> list[Post]:
        """All posts that searches find, newest first, newest versions only."""
        return list(self._shown(list(self.posts.values())))

    def _shown(self, posts: list[Post]) -> Iterator[Post]:
        now = self.now()
        usual = now - timedelta(seconds=self.index_delay_s)
        for post in reversed(posts):
            if not post.deleted and self._is_indexed(post, now, usual) and self._is_latest(post, now, usual):
                yield post

    def _is_indexed(self, post: Post, now: datetime, usual: datetime) -> bool:
        if post.visible_after_s is None:
            return post.created_at <= usual
        return post.created_at + timedelta(seconds=post.visible_after_s) <= now

    def _is_latest(self, post: Post, now: datetime, usual: datetime) -> bool:
        """Whether no later version is in the index yet: until then the timelines go on showing this one."""
        if post.newest:
            return True
        later = (self.posts.get(i) for i in post.history if i > post.id)
        return not any(p is not None and self._is_indexed(p, now, usual) for p in later)

    def tell(self) -> None:
        for callback in self.changed:
            callback()
