"""The X door: reads mentions, looks posts up, posts and deletes. Nothing of tweepy or aiohttp passes it.

Every call is one request (reading several pages: one each), is never repeated here and never waits; what goes wrong
comes out as Temporary, Permanent or InDoubt (the table in errors.py). An account is a handle without @.
"""

import logging
from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from types import TracebackType
from typing import Any, Self

import aiohttp

from bot.core.mention import Mention, MentionPage
from bot.core.reply_text import links_in
from bot.core.traffic import Traffic
from bot.errors import DoorError
from bot.x import parse
from bot.x.client import Client
from bot.x.errors import Answer, from_answer, from_failure, remaining, unreadable, window_ends_at
from bot.x.told import Told, told

PAGE_LENGTH = 100  # posts; X's maximum
OWN_PAGES_MAX = 8
LOOKUP_MAX = 100  # ids per request; X's maximum
CONNECT_TIMEOUT_S = 5.0

# AsyncClient speaks the old names; X answers in either, and parse.py reads both.
_FIELDS = {
    "tweet_fields": [
        "attachments",
        "author_id",
        "conversation_id",
        "created_at",
        "edit_history_tweet_ids",
        "entities",
        "lang",
        "note_tweet",
        "referenced_tweets",
    ],
    "user_fields": ["id", "name", "username"],
    "expansions": ["author_id"],
}

# At DEBUG these write Authorization headers or what goes into them.
_TALKATIVE = ("tweepy", "oauthlib", "requests_oauthlib", "aiohttp")

log = logging.getLogger(__name__)


class XDoor:
    """All accounts' way to X, over one session that `open` makes and `close` ends (or `async with`).

    tokens: user token and its secret, by account. timeout_s: for a whole call, from connecting to the last byte.
    traffic: where requests and what they cost are counted, if anywhere.
    """

    def __init__(
        self,
        base_url: str,
        consumer_key: str,
        consumer_secret: str,
        tokens: Mapping[str, tuple[str, str]],
        timeout_s: float = 10.0,
        traffic: Traffic | None = None,
    ) -> None:
        self._traffic = traffic
        self._base_url = base_url
        self._consumer = (consumer_key, consumer_secret)
        self._tokens = {account.lower(): pair for account, pair in tokens.items()}
        self._timeout_s = timeout_s
        self._session: aiohttp.ClientSession | None = None
        self._clients: dict[str, Client] = {}
        self._known: dict[str, tuple[int, str]] = {}
        for name in _TALKATIVE:
            logging.getLogger(name).setLevel(logging.WARNING)

    async def open(self) -> None:
        """Make the session; once, before the first call, inside the running loop."""
        assert self._session is None, "the X door is open already"
        self._session = aiohttp.ClientSession(
            timeout=aiohttp.ClientTimeout(
                total=self._timeout_s, sock_connect=min(CONNECT_TIMEOUT_S, self._timeout_s / 2)
            ),
            # A fresh connection per request: on one that X has meanwhile closed, a post would be in doubt for nothing.
            connector=aiohttp.TCPConnector(force_close=True, limit=20),
            cookie_jar=aiohttp.DummyCookieJar(),
        )
        self._clients = {
            account: Client(self._base_url, self._session, *self._consumer, *pair, partial(self._counted, account))
            for account, pair in self._tokens.items()
        }

    async def close(self) -> None:
        session, self._session, self._clients = self._session, None, {}
        if session is not None:
            await session.close()

    async def __aenter__(self) -> Self:
        await self.open()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def me(self, account: str) -> tuple[int, str]:
        """The account's X id and its handle as X writes it; asked once, then remembered."""
        known = self._known.get(account.lower())
        if known is None:
            answer = await self._read(self._client(account).get_me())
            try:
                known = parse.user(answer.json())
            except ValueError as wrong:
                raise unreadable(str(wrong), writing=False) from None
            self._known[account.lower()] = known
            self._billed((), [known[0]])
        return known

    async def mentions(
        self,
        account: str,
        *,
        since_id: int | None = None,
        start_time: datetime | None = None,
        page_token: str | None = None,
    ) -> MentionPage:
        """One page of up to 100 mentions of the account, newest first.

        since_id: exclusive; start_time: aware, inclusive, whole seconds; page_token: a former page's next_token, with
        the other arguments unchanged. X shows the newest 800 only.
        """
        own_id, _ = await self.me(account)
        found = self._client(account).get_users_mentions(
            own_id,
            max_results=PAGE_LENGTH,
            since_id=since_id,
            start_time=start_time,
            pagination_token=page_token,
            user_auth=True,
            **_FIELDS,
        )
        page = _page(await self._read(found))
        self._billed_posts(page.mentions)
        return page

    async def own_posts(self, account: str, *, since: datetime) -> tuple[Mention, ...]:
        """The account's own posts since an instant (aware), newest first; at most 8 pages of 100.

        Raises Temporary("unreadable") when one of them cannot be read: a look for a reply must not overlook it.
        """
        own_id, _ = await self.me(account)
        posts: list[Mention] = []
        token: str | None = None
        for _ in range(OWN_PAGES_MAX):
            found = self._client(account).get_users_tweets(
                own_id, max_results=PAGE_LENGTH, start_time=since, pagination_token=token, user_auth=True, **_FIELDS
            )
            page = _page(await self._read(found))
            if page.unreadable:
                raise unreadable(f"{page.unreadable} of our own posts", writing=False)
            self._billed_posts(page.mentions)
            posts += page.mentions
            token = page.next_token
            if token is None:
                break
        return tuple(posts)

    async def lookup(self, account: str, ids: Sequence[int]) -> dict[int, Mention | None]:
        """The posts with these ids as they are now; None for one that is deleted or not visible to the account.

        An id X says nothing about, or says it unreadably, is not in the answer.
        """
        asked = list(dict.fromkeys(ids))
        found: dict[int, Mention | None] = {}
        for start in range(0, len(asked), LOOKUP_MAX):
            some = asked[start : start + LOOKUP_MAX]
            answer = await self._read(self._client(account).get_tweets(some, user_auth=True, **_FIELDS))
            try:
                body = answer.json()
                posts, _ = parse.posts(body)
            except ValueError as wrong:
                raise unreadable(str(wrong), writing=False) from None
            gone = parse.missing(body, or_hidden=True)
            found |= {post_id: None for post_id in some if post_id in gone}
            found |= {post.id: post for post in posts if post.id in some}
            self._billed_posts(posts)
        return found

    async def post(self, account: str, text: str, *, in_reply_to: int) -> int:
        """Post a reply, with exactly one request; the id X gave it. InDoubt: it may stand there all the same."""
        sent = self._client(account).create_tweet(text=text, in_reply_to_tweet_id=in_reply_to, user_auth=True)
        answer = await self._write(sent)
        if self._traffic is not None:
            self._traffic.wrote(with_link=bool(links_in(text)))
        try:
            return parse.written(answer.json())
        except ValueError as wrong:
            raise unreadable(str(wrong), writing=True) from None

    async def delete(self, account: str, post_id: int) -> None:
        """Delete one of the account's own posts, with exactly one request; one that is gone already is success."""
        answer = await self._write(self._client(account).delete_tweet(post_id, user_auth=True), gone_is_fine=True)
        try:
            body = answer.json()
        except ValueError as wrong:
            raise unreadable(str(wrong), writing=True) from None
        if not parse.is_deleted(body) and post_id not in parse.missing(body):
            raise unreadable("the deletion was not confirmed", writing=True)
        if self._traffic is not None:
            self._traffic.deleted()

    def told(self, account: str) -> Told:
        """What the newest answer to this account said beside its body, also a refusal; nothing before the first."""
        return told(self._client(account).told)

    def _counted(self, account: str, method: str, route: str, answer: Answer | None) -> None:
        if self._traffic is None:
            return
        if answer is None:
            self._traffic.x(account, method, route, None)
        else:
            left, ends_at = remaining(answer.headers), window_ends_at(answer.headers)
            self._traffic.x(account, method, route, answer.status, left, ends_at)

    def _billed_posts(self, posts: Sequence[Mention]) -> None:
        self._billed([post.id for post in posts], [post.author_id for post in posts])

    def _billed(self, posts: Sequence[int], users: Sequence[int]) -> None:
        if self._traffic is not None:
            self._traffic.read(posts, users)

    def _client(self, account: str) -> Client:
        assert self._session is not None, "the X door is not open"
        return self._clients[account.lower()]

    async def _read(self, call: Awaitable[Answer]) -> Answer:
        return await self._asked(call, writing=False)

    async def _write(self, call: Awaitable[Answer], *, gone_is_fine: bool = False) -> Answer:
        return await self._asked(call, writing=True, gone_is_fine=gone_is_fine)

    async def _asked(self, call: Awaitable[Answer], *, writing: bool, gone_is_fine: bool = False) -> Answer:
        """The answer of a success. Raises the door's errors; raised outside `except`, so none carries our headers."""
        error: DoorError | None
        try:
            answer = await call
        except Exception as failure:
            error = from_failure(failure, writing=writing)
        else:
            error = from_answer(self._without_secrets(answer), writing=writing)
            if error is None or (gone_is_fine and answer.status == 404 and _says_missing(answer)):
                return answer
        raise error

    def _without_secrets(self, answer: Answer) -> Answer:
        """The answer as far as it may be quoted: an error page that echoes what we sent must not reach a log."""
        body = answer.body
        for secret in (*self._consumer, *(part for pair in self._tokens.values() for part in pair)):
            if secret:
                body = body.replace(secret.encode(), b"***")
        return replace(answer, body=body)


def _page(answer: Answer) -> MentionPage:
    try:
        body: Any = answer.json()
        posts, wrong = parse.timeline(body)
    except ValueError as nonsense:
        raise unreadable(str(nonsense), writing=False) from None
    if wrong:
        log.warning("%d posts of a page could not be read", wrong)
    return MentionPage(
        tuple(posts), parse.next_token(body), wrong, remaining(answer.headers), window_ends_at(answer.headers)
    )


def _says_missing(answer: Answer) -> bool:
    try:
        return bool(parse.missing(answer.json()))
    except ValueError:
        return False
