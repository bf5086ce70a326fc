"""The web application: /healthz for everybody, /metrics for those who may, calendars for those who have a link."""

import hmac
from dataclasses import dataclass

from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from bot.web.calendar import Calendars
from bot.web.health import Health
from bot.web.metrics import Metrics

_FRESH = {"Cache-Control": "no-store"}


@dataclass(frozen=True, slots=True, repr=False)
class Guard:
    """Who may read /metrics. open: served on loopback alone, where everybody may. token: HTTP_TOKEN, "" for none."""

    open: bool
    token: str = ""

    def refusal(self, authorization: str) -> Response | None:
        """What to answer instead; None when these may read. authorization: the header, "" when there was none."""
        if self.open:
            return None
        if not self.token:
            return PlainTextResponse("Served outside loopback: set HTTP_TOKEN to read the metrics.\n", 403, _FRESH)
        scheme, _, given = authorization.partition(" ")
        # The whole token is compared, whatever it is: how long an answer takes tells nothing about it.
        # Headers come as Latin-1, whatever was sent; whoever sends letters of our token sends UTF-8.
        good = hmac.compare_digest(given.strip(" \t").encode("latin-1", "replace"), self.token.encode())
        if scheme.lower() == "bearer" and good:
            return None
        return PlainTextResponse("HTTP_TOKEN is asked for.\n", 401, {**_FRESH, "WWW-Authenticate": "Bearer"})


def web_app(health: Health, metrics: Metrics, guard: Guard, calendars: Calendars) -> Starlette:
    """The application."""

    async def healthz(_: Request) -> Response:
        status, body = await health.report()
        return JSONResponse(body, status, headers=_FRESH)

    async def shown(request: Request) -> Response:
        refusal = guard.refusal(request.headers.get("authorization", ""))
        return refusal or Response(await metrics.text(), headers=_FRESH, media_type=CONTENT_TYPE_PLAIN_0_0_4)

    async def calendar(request: Request) -> Response:
        # Whatever stands behind /calendar/ is looked up in the same way, so that all that is wrong looks the same.
        name: str = request.path_params["name"]
        token = name.removesuffix(".ics") if name.endswith(".ics") else ""
        return await calendars.answer(token, request.headers.get("if-none-match", ""))

    return Starlette(
        routes=[
            Route("/healthz", healthz, methods=["GET"]),
            Route("/metrics", shown, methods=["GET"]),
            Route("/calendar/{name:path}", calendar, methods=["GET"]),
        ],
    )
