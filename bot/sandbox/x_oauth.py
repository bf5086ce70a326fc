"""Who asks: OAuth 1.0a user signatures (RFC 5849, HMAC-SHA1), over the very URL that was called, and app-only tokens.

An app gets its token at `POST /oauth2/token` with its consumer key and secret; it is the same one for ever, as X's is.
"""

import base64
import binascii
import hashlib
import hmac
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, unquote

from oauthlib.oauth1 import Client  # type: ignore[import-untyped]  # the package ships no types
from oauthlib.oauth1.rfc5849 import signature  # type: ignore[import-untyped]  # the same
from starlette.requests import Request

from bot.sandbox.x_posts import Account
from bot.sandbox.x_world import XWorld

SKEW_MAX_S = 300
NONCES_MAX = 50_000
_BAD_CREDENTIALS = {
    "errors": [{"code": 99, "message": "Unable to verify your credentials", "label": "authenticity_token_error"}]
}
_NO_GRANT = {
    "errors": [
        {"code": 170, "message": "Missing required parameter: grant_type", "label": "forbidden_missing_parameter"}
    ]
}


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks. account: None when the app asks for itself. app: its consumer key."""

    app: str
    account: Account | None = None

    @property
    def name(self) -> str:
        return self.app if self.account is None else str(self.account.id)


def bearer_of(consumer_key: str, consumer_secret: str) -> str:
    """The app-only token of an app."""
    return "sandbox-bearer-" + hashlib.sha256(f"{consumer_key}:{consumer_secret}".encode()).hexdigest()[:32]


class Signatures:
    """Who signed a request. Remembers nonces, so that no signed request is good twice."""

    def __init__(self, world: XWorld) -> None:
        self._world = world
        self._nonces: OrderedDict[tuple[str, str, str], None] = OrderedDict()

    def caller(self, request: Request) -> Caller | None:
        """Who asks, by signature or bearer token; None when anything about either is wrong."""
        kind, _, token = request.headers.get("authorization", "").partition(" ")
        if kind.lower() == "bearer":
            return next((Caller(key) for key, secret in self._apps() if bearer_of(key, secret) == token.strip()), None)
        account = self.account(request)
        return None if account is None else Caller(account.consumer_key, account)

    def account(self, request: Request) -> Account | None:
        """The account whose token signed the request; None when anything about the signature is wrong."""
        header = request.headers.get("authorization", "")
        try:
            given = dict(signature.collect_parameters(headers={"Authorization": header}, exclude_oauth_signature=False))
            skew_s = abs(float(given["oauth_timestamp"]) - self._world.real_time() - self._world.skew_s)
            account = self._world.account_with(given["oauth_token"])
            nonce = (given["oauth_token"], given["oauth_timestamp"], given["oauth_nonce"])
            sent = given["oauth_signature"]
        except (ValueError, KeyError, TypeError):
            return None
        if account is None or given.get("oauth_consumer_key") != account.consumer_key:
            return None
        if account.handle.lower() in self._world.revoked:
            return None
        if given.get("oauth_signature_method") != "HMAC-SHA1" or skew_s > SKEW_MAX_S or nonce in self._nonces:
            return None
        if not hmac.compare_digest(_expected(request, header, account).encode(), sent.encode()):
            return None
        self._nonces[nonce] = None
        while len(self._nonces) > NONCES_MAX:
            self._nonces.popitem(last=False)
        return account

    async def app_token(self, request: Request) -> tuple[int, Any]:
        """Status and body of `POST /oauth2/token`: HTTP Basic with key and secret, grant_type=client_credentials."""
        form = parse_qs((await request.body())[:10_000].decode("utf-8", "replace"))
        if form.get("grant_type") != ["client_credentials"]:
            return 403, _NO_GRANT
        kind, _, coded = request.headers.get("authorization", "").partition(" ")
        try:
            key, _, secret = base64.b64decode(coded, validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            return 403, _BAD_CREDENTIALS
        if kind.lower() != "basic" or (unquote(key), unquote(secret)) not in self._apps():
            return 403, _BAD_CREDENTIALS
        return 200, {"token_type": "bearer", "access_token": bearer_of(unquote(key), unquote(secret))}

    def _apps(self) -> set[tuple[str, str]]:
        return {(a.consumer_key, a.consumer_secret) for a in self._world.accounts.values() if a.ours}


def _expected(request: Request, header: str, account: Account) -> str:
    url = f"{request.url.scheme}://{request.headers['host']}{request.scope['raw_path'].decode('latin-1')}"
    query = request.scope["query_string"].decode("latin-1")
    try:
        params = signature.collect_parameters(uri_query=query, headers={"Authorization": header})
    except ValueError:  # characters that no signed URL contains
        return ""
    base = signature.signature_base_string(
        request.method, signature.base_string_uri(url), signature.normalize_parameters(params)
    )
    signer = Client(
        account.consumer_key, client_secret=account.consumer_secret, resource_owner_secret=account.token_secret
    )
    return str(signature.sign_hmac_sha1_with_client(base, signer))
