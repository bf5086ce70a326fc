"""How an account lets an app in with a PIN, at the stand-in X: OAuth 1.0a, `/oauth/request_token` and what follows.

Nobody has to sign in here: the page asks as whom (`as` in the query answers it). Words of refusal are X's, from memory.
"""

import hmac
import html
import secrets
from dataclasses import dataclass
from urllib.parse import urlencode

from oauthlib.oauth1 import Client  # type: ignore[import-untyped]  # the package ships no types
from oauthlib.oauth1.rfc5849 import signature  # type: ignore[import-untyped]  # the same
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from bot.sandbox.x_posts import Account
from bot.sandbox.x_world import XWorld


@dataclass(slots=True)
class _Wish:
    """An app that asks to be let in. pin: once somebody has said yes."""

    app: Account
    secret: str
    account: Account | None = None
    pin: str = ""


def pin_routes(world: XWorld) -> list[Route]:
    """The three steps over a world."""
    wishes: dict[str, _Wish] = {}

    async def request_token(request: Request) -> Response:
        given = _given(request)
        app = next(
            (a for a in world.accounts.values() if a.ours and a.consumer_key == given["oauth_consumer_key"]), None
        )
        if app is None or not _signed(request, app.consumer_secret, ""):
            return _refused(32, "Could not authenticate you.")
        if given.get("oauth_callback") != "oob":
            return _refused(415, "Callback URL not approved for this client application.", 403)
        token, secret = secrets.token_urlsafe(20), secrets.token_urlsafe(30)
        wishes[token] = _Wish(app, secret)
        return _form(oauth_token=token, oauth_token_secret=secret, oauth_callback_confirmed="true")

    async def authorize(request: Request) -> Response:
        wish = wishes.get(request.query_params.get("oauth_token", ""))
        if wish is None:
            return HTMLResponse("<p>Whoa there! There is no request token for this page.", 400)
        account = world.accounts.get(request.query_params.get("as", "").lower())
        if account is None or not account.ours:
            ours = [a.handle for a in world.accounts.values() if a.ours]
            links = [
                f'<li><a href="?{urlencode(dict(request.query_params) | {"as": each})}">@{each}</a>' for each in ours
            ]
            return HTMLResponse(f"<p>Let the app in as<ul>{''.join(links)}</ul>")
        wish.account, wish.pin = account, f"{secrets.randbelow(10**7):07}"
        return HTMLResponse(
            f"<p>You let the app in as @{html.escape(account.handle)}. Its PIN: <code>{wish.pin}</code>"
        )

    async def access_token(request: Request) -> Response:
        given = _given(request)
        wish = wishes.get(given.get("oauth_token", ""))
        if wish is None or wish.account is None or not _signed(request, wish.app.consumer_secret, wish.secret):
            return _refused(32, "Could not authenticate you.")
        if not hmac.compare_digest(wish.pin, given.get("oauth_verifier", "")):
            return PlainTextResponse("Error processing your OAuth request: Invalid oauth_verifier parameter", 401)
        del wishes[given["oauth_token"]]
        account = wish.account
        return _form(
            oauth_token=account.token,
            oauth_token_secret=account.token_secret,
            user_id=str(account.id),
            screen_name=account.handle,
        )

    return [
        Route("/oauth/request_token", request_token, methods=["POST"]),
        Route("/oauth/authorize", authorize, methods=["GET"]),
        Route("/oauth/access_token", access_token, methods=["POST"]),
    ]


def _given(request: Request) -> dict[str, str]:
    header = {"Authorization": request.headers.get("authorization", "")}
    try:
        return {"oauth_consumer_key": "", **dict(signature.collect_parameters(headers=header))}
    except ValueError:
        return {"oauth_consumer_key": ""}


def _signed(request: Request, consumer_secret: str, token_secret: str) -> bool:
    header = {"Authorization": request.headers.get("authorization", "")}
    sent = dict(signature.collect_parameters(headers=header, exclude_oauth_signature=False)).get("oauth_signature", "")
    url = f"{request.url.scheme}://{request.headers['host']}{request.url.path}"
    parameters = signature.normalize_parameters(signature.collect_parameters(headers=header))
    base = signature.signature_base_string("POST", signature.base_string_uri(url), parameters)
    signer = Client("", client_secret=consumer_secret, resource_owner_secret=token_secret)
    return hmac.compare_digest(str(signature.sign_hmac_sha1_with_client(base, signer)).encode(), sent.encode())


def _form(**values: str) -> Response:
    return PlainTextResponse(urlencode(values), media_type="application/x-www-form-urlencoded")


def _refused(code: int, message: str, status: int = 401) -> Response:
    return JSONResponse({"errors": [{"code": code, "message": message}]}, status)
