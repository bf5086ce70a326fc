"""tweepy's client, made to call the configured address and to answer with what came, errors included.

tweepy fixes the host in its code, waits inside the call when told to, and stumbles over bodies that are not JSON.
So `request` is replaced: the OAuth 1.0a signature covers the URL that is really called, every call is exactly one
request, and the status, headers and body go back untouched for `errors` and `parse` to judge.
"""

from collections.abc import Callable, Mapping
from typing import Any

import aiohttp
from oauthlib.oauth1 import Client as Signer  # type: ignore[import-untyped]  # the package ships no types
from tweepy.asynchronous import AsyncClient  # type: ignore[import-untyped]  # the package ships no types
from yarl import URL

from bot.x.errors import Answer, ConnectionLost

Counted = Callable[[str, str, Answer | None], None]
"""Told every request: its method, its route, and the answer; None when none came, or only half of one."""


class Client(AsyncClient):  # type: ignore[misc]  # an untyped base, see above
    """One account's calls to X, over a session that is shared and owned by the door."""

    def __init__(
        self,
        base_url: str,
        session: aiohttp.ClientSession,
        consumer_key: str,
        consumer_secret: str,
        token: str,
        token_secret: str,
        counted: Counted,
    ) -> None:
        super().__init__(
            consumer_key=consumer_key,
            consumer_secret=consumer_secret,
            access_token=token,
            access_token_secret=token_secret,
            return_type=aiohttp.ClientResponse,  # means: hand back what `request` returned
            wait_on_rate_limit=False,
        )
        self.base_url = base_url.rstrip("/")
        self.session = session
        self.counted = counted
        self.told: Mapping[str, str] = {}
        """The headers of the newest answer, whatever its status; names in lower case."""

    async def request(
        self, method: str, route: str, params: Mapping[str, Any] | None = None, json: Any = None, user_auth: bool = True
    ) -> Answer:
        """Exactly one request. Raises aiohttp's errors and TimeoutError; every status is an answer."""
        assert user_auth, "the door knows user tokens only"
        signer = Signer(self.consumer_key, self.consumer_secret, self.access_token, self.access_token_secret)
        plain = URL(self.base_url + route).with_query(sorted((k, str(v)) for k, v in (params or {}).items()))
        signed, headers, _ = signer.sign(str(plain), method, headers={"User-Agent": self.user_agent})
        before, mark, query = signed.partition("?")
        # A colon is signed as %3A, and must be sent so.
        url = URL(f"{before}{mark}{query.replace(':', '%3A')}", encoded=True)
        answer: Answer | None = None
        try:
            async with self.session.request(
                method, url, json=json, headers=headers, allow_redirects=False, middlewares=(_never_again,)
            ) as response:
                self.told = {k.lower(): v for k, v in response.headers.items()}
                answer = Answer(response.status, self.told, await response.read())
                return answer
        finally:
            self.counted(method, route, answer)


async def _never_again(request: aiohttp.ClientRequest, send: aiohttp.ClientHandlerType) -> aiohttp.ClientResponse:
    """Turns a lost connection into an error aiohttp does not know, since on its own it sends GET and DELETE again.

    The second sending would carry the nonce of the first: X would refuse as unauthorized what it has already done.
    """
    try:
        return await send(request)
    except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError):
        raise
    except (aiohttp.ClientOSError, aiohttp.ServerDisconnectedError) as lost:
        raise ConnectionLost(type(lost).__name__) from None
