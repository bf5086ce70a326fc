"""How an account lets our app in: OAuth 1.0a with a PIN, once, on the command line.

Two requests with a person between them: they open `address` in a browser that is signed in as the account, and type
the PIN that X shows. Source: docs.x.com, "PIN-based authorization", checked 2026-11.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlencode

import aiohttp
from oauthlib.oauth1 import Client as Signer  # type: ignore[import-untyped]  # the package ships no types

from bot.errors import DoorError
from bot.x.errors import Answer, from_answer, from_failure, unreadable

TIMEOUT_S = 15.0


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that waits for its PIN. address: what to open in the browser."""

    address: str
    token: str = field(repr=False)
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class LetIn:
    """A user token of ours for good. handle: the account it belongs to, as X writes it."""

    handle: str
    token: str = field(repr=False)
    secret: str = field(repr=False)


async def ask(base_url: str, consumer_key: str, consumer_secret: str) -> Asked:
    """Ask X for a PIN. Raises: Temporary, Permanent."""
    signer = Signer(consumer_key, consumer_secret, callback_uri="oob")
    told = await _post(f"{base_url}/oauth/request_token", signer)
    token, secret = _needed(told, "oauth_token"), _needed(told, "oauth_token_secret")
    # force_login: whoever is signed in as another account is asked for a name, instead of letting the wrong one in.
    address = f"{base_url}/oauth/authorize?{urlencode({'oauth_token': token, 'force_login': 'true'})}"
    return Asked(address, token, secret)


async def let_in(base_url: str, consumer_key: str, consumer_secret: str, asked: Asked, pin: str) -> LetIn:
    """The token that a PIN opens; a PIN is good once. Raises: Temporary, Permanent."""
    signer = Signer(consumer_key, consumer_secret, asked.token, asked.secret, verifier=pin)
    told = await _post(f"{base_url}/oauth/access_token", signer)
    return LetIn(_needed(told, "screen_name"), _needed(told, "oauth_token"), _needed(told, "oauth_token_secret"))


async def _post(url: str, signer: Signer) -> Mapping[str, str]:
    """The answer's form. Raises outside `except`, so that no error carries our headers."""
    error: DoorError | None
    try:
        _, headers, _ = signer.sign(url, "POST")
        timeout = aiohttp.ClientTimeout(total=TIMEOUT_S)
        async with (
            aiohttp.ClientSession(timeout=timeout) as session,
            session.post(url, headers=headers, allow_redirects=False) as response,
        ):
            answer = Answer(response.status, {}, await response.read())
    except (aiohttp.ClientError, TimeoutError, OSError) as failure:
        error = from_failure(failure, writing=False)
    else:
        error = from_answer(answer, writing=False)
        if error is None:
            return dict(parse_qsl(answer.body.decode("utf-8", "replace")))
    raise error


def _needed(told: Mapping[str, str], name: str) -> str:
    if not told.get(name):
        raise unreadable(f"no {name} in X's answer", writing=False)
    return told[name]
