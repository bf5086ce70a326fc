"""Checks OAuth 1.0a user signatures (RFC 5849, HMAC-SHA1) the way X does: over the very URL that was called."""

import hmac
from collections import OrderedDict

from oauthlib.oauth1 import Client  # type: ignore[import-untyped]  # the package ships no types
from oauthlib.oauth1.rfc5849 import signature  # type: ignore[import-untyped]  # the same
from starlette.requests import Request

from bot.sandbox.x_world import Account, XWorld

SKEW_MAX_S = 300
NONCES_MAX = 50_000


class Signatures:
    """Who signed a request. Remembers nonces, so that no signed request is good twice."""

    def __init__(self, world: XWorld) -> None:
        self._world = world
        self._nonces: OrderedDict[tuple[str, str, str], None] = OrderedDict()

    def account(self, request: Request) -> Account | None:
        """The account whose token signed the request; None when anything about the signature is wrong."""
        header = request.headers.get("authorization", "")
        try:
            given = dict(signature.collect_parameters(headers={"Authorization": header}, exclude_oauth_signature=False))
            skew_s = abs(float(given["oauth_timestamp"]) - self._world.real_time())
            account = self._world.account_with(given["oauth_token"])
            nonce = (given["oauth_token"], given["oauth_timestamp"], given["oauth_nonce"])
            sent = given["oauth_signature"]
        except (ValueError, KeyError, TypeError):
            return None
        if account is None or given.get("oauth_consumer_key") != account.consumer_key:
            return None
        if given.get("oauth_signature_method") != "HMAC-SHA1" or skew_s > SKEW_MAX_S or nonce in self._nonces:
            return None
        if not hmac.compare_digest(_expected(request, header, account).encode(), sent.encode()):
            return None
        self._nonces[nonce] = None
        while len(self._nonces) > NONCES_MAX:
            self._nonces.popitem(last=False)
        return account


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
