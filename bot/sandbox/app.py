"""The stage over HTTP: both stand-ins on their public paths, the page with the phones, and the strings to pull.

`/2/…` is X, `/bot<TOKEN>/…` is Telegram (both behind the faults and on record), `/` is the page. The control API below
is what the page uses; tests and scripts may use it too. Bodies and answers are JSON. What cannot be done is answered
with 400 (or 404 for somebody or something unknown) and `{"error": "a sentence"}`.

    GET    /sandbox/state                              everything the page shows
    GET    /sandbox/events                             Server-Sent Events: `changed` (data: the version) on news;
                                                       `clock` (data: {"now","facts","service"}) about once a second
    GET    /sandbox/shelf                              posts ready to be written, and stories to be played
    POST   /sandbox/x/posts                            {"author","text","name"?,"in_reply_to"?} → {"id"}; also "quoted",
                                                       "retweeted", "media", "closed", "lang", "visible_after_s"
    POST   /sandbox/x/posts/ID/edit                    {"text"} → {"id"}, the new version's
    DELETE /sandbox/x/posts/ID
    GET    /sandbox/x/switch                           how every switch of X stands (docs/sandbox-x.md)
    POST   /sandbox/x/switch                           {"duplicate_filter"?: true|false, "index_delay_s"?: 0…600, …}
    GET    /sandbox/x/cost                             what X would have charged; also in the state, as "x"."cost"
    GET    /sandbox/x/conversation/ID                  the conversation of a post, as a tree
    GET    /sandbox/x/faults                           X's bad days by name
    POST   /sandbox/x/faults                           {"name","match"?,"times"?}: puts one in force, beside the others
    POST   /sandbox/x/block                            {"who","whom","is_blocked"?}: a customer blocks an account
    POST   /sandbox/x/revoke                           {"account","is_void"?}: the account's token is void (or not)
    POST   /sandbox/telegram/USER/type                 {"text","reply_to"?} → {"message_id"}
    POST   /sandbox/telegram/USER/press                {"message_id","data"} → {"callback_id"}
    POST   /sandbox/telegram/USER/edit                 {"message_id","text"}
    POST   /sandbox/telegram/USER/send                 {"kind": "voice"|"sticker"|"photo"} → {"message_id"}
    POST   /sandbox/telegram/USER/block | /unblock
    …      /sandbox/telegram/…                         files, reactions, groups, switches: see telegram_control.py
    GET    /sandbox/record?after=N                     {"requests"}: what the stand-ins were asked, N excluded
    GET    /sandbox/faults                             {"faults"}: the rules in force, with the times left
    POST   /sandbox/faults                             one rule or a list of rules, as in faults.Fault; added
    DELETE /sandbox/faults                             all rules away
    GET    /sandbox/clock                              {"now","movable"}
    POST   /sandbox/clock                              {"advance_s": above 0, at most 92 days} → {"now"}
    POST   /sandbox/service/kill                       {"down_s"?: 0…600} → {"pid"}: kill -9; it starts again by itself
    POST   /sandbox/service/start                      now, instead of when its pause is over
    POST   /sandbox/language                           {"language": "en"|"it"}; in the demo the phones follow

USER is a number or a name (1001, giulia). ids of X are strings, as X gives them.

A foreign web page must not be able to drive this, so a request is refused (403) when its Host is not loopback or when a
browser says that another origin sent it.
"""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import asdict
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.sandbox.control import BadInput, told
from bot.sandbox.control_stage import stage_controls
from bot.sandbox.control_telegram import telegram_controls
from bot.sandbox.control_x import x_controls
from bot.sandbox.dated import Dated
from bot.sandbox.shelf import SHELF
from bot.sandbox.stage import Stage
from bot.sandbox.stories import STORIES
from bot.sandbox.telegram_control import switches
from bot.sandbox.x_rehearsal import x_rehearsal

STATIC = Path(__file__).parent / "static"
POSTS_SHOWN_MAX = 300
MESSAGES_SHOWN_MAX = 400  # per phone
CLOCK_EVERY_S = 1.0
CHANGES_APART_S = 0.05  # a burst of changes reaches the page as one or two events


def create_app(stage: Stage) -> ASGIApp:
    """The whole stage as one ASGI app, to be served on loopback (server.serve)."""
    seen = _Seen(stage)
    routes = [
        Route("/", _page, methods=["GET"]),
        Route("/sandbox/state", seen.state, methods=["GET"]),
        Route("/sandbox/events", seen.events, methods=["GET"]),
        Route("/sandbox/shelf", seen.shelf, methods=["GET"]),
        *x_controls(stage),
        *x_rehearsal(stage),
        *telegram_controls(stage),
        *stage_controls(stage),
        Mount("/sandbox/static", StaticFiles(directory=STATIC)),
        Route("/sandbox/{rest:path}", told(_nothing_here), methods=["GET", "POST", "DELETE"]),
        Mount("/", stage.faults),
    ]
    return Starlette(routes=routes, middleware=[Middleware(_OnlyFromHere), Middleware(Dated, now=stage.now)])


class _Seen:
    """What the page shows of one stage, and when it is news."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage

    async def state(self, request: Request) -> Response:
        stage, world = self.stage, self.stage.telegram
        phones = {}
        for person in stage.people():
            phone = world.people[person.user_id]
            phones[str(person.user_id)] = {
                "started": phone.started,
                "blocked": phone.blocked,
                "deactivated": phone.deactivated,
                "messages": [shown.as_json() for shown in world.chat(person.user_id)[-MESSAGES_SHOWN_MAX:]],
                "popups": [popup.as_json() for popup in world.popups(person.user_id)],
            }
        newest = stage.x.timeline()[:POSTS_SHOWN_MAX]
        body = {
            "stage": stage.id,
            "version": stage.version,
            "now": stage.now().isoformat(),
            "movable": stage.advance is not None,
            "facts": self._facts(),
            "rota": self._rota(),
            "service": stage.service_json(),
            "language": stage.language,
            "accounts": [{"handle": a.handle, "name": a.name} for a in stage.x.accounts.values() if a.ours],
            "people": [asdict(person) for person in stage.people()],
            "roles": [{"person": person, "role": role} for person, role in stage.roles],
            "x": {
                "posts": sorted(newest, key=lambda post: int(post["first_id"])),
                "duplicate_filter": stage.x.duplicate_filter,
                "index_delay_s": stage.x.index_delay_s,
                "cost": stage.x.meter.to_json(),
            },
            "phones": phones,
            "groups": world.groups_json(MESSAGES_SHOWN_MAX),
            "telegram": switches(stage),
            "faults": stage.faults.to_json(),
        }
        return JSONResponse(body, headers={"cache-control": "no-store"})

    async def shelf(self, request: Request) -> Response:
        return JSONResponse(
            {"shelf": [asdict(post) for post in SHELF], "stories": [story.as_json() for story in STORIES]}
        )

    async def events(self, request: Request) -> Response:
        headers = {"cache-control": "no-store", "x-accel-buffering": "no"}
        return StreamingResponse(self._events(), media_type="text/event-stream", headers=headers)

    async def _events(self) -> AsyncIterator[str]:
        """Changes as they come, but not more often than every CHANGES_APART_S; the clock in between."""
        seen, clock_due = 0, 0.0
        monotonic = asyncio.get_running_loop().time
        yield "retry: 1000\n\n"
        while True:
            version = await self.stage.version_after(seen, max(0.0, clock_due - monotonic()))
            if version != seen:
                seen = version
                yield f"event: changed\ndata: {version}\n\n"
            if monotonic() >= clock_due:
                clock_due = monotonic() + CLOCK_EVERY_S
                data = json.dumps(
                    {"now": self.stage.now().isoformat(), "facts": self._facts(), "service": self.stage.service_json()}
                )
                yield f"event: clock\ndata: {data}\n\n"
            await asyncio.sleep(CHANGES_APART_S)

    def _facts(self) -> list[str]:
        return self.stage.facts() if self.stage.facts is not None else []

    def _rota(self) -> dict[str, Any] | None:
        return self.stage.rota() if self.stage.rota is not None else None


async def _page(request: Request) -> Response:
    return FileResponse(STATIC / "index.html", headers={"cache-control": "no-cache"})


async def _nothing_here(request: Request) -> Response:
    raise BadInput(f"there is no {request.method} {request.url.path[:80]} here", 404)


class _OnlyFromHere:
    """Refuses what comes over another name than loopback, or from a page of another origin."""

    POLICY = b"default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'; object-src 'none'"

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        why = _stranger(scope)
        if why:
            await JSONResponse({"error": why}, status_code=403)(scope, receive, send)
            return

        async def guarded(message: Any) -> None:
            if message["type"] == "http.response.start" and not scope["path"].startswith(("/2/", "/bot")):
                message["headers"] = [
                    *message.get("headers", []),
                    (b"content-security-policy", self.POLICY),
                    (b"x-content-type-options", b"nosniff"),
                    (b"referrer-policy", b"no-referrer"),
                ]
            await send(message)

        await self.app(scope, receive, guarded)


def _stranger(scope: Scope) -> str:
    """Why a request is not let in; "" when it is."""
    headers = Headers(scope=scope)
    host = headers.get("host", "")
    if not _is_loopback(host):
        return "this stage answers on loopback only"
    origin = headers.get("origin")
    if origin is not None and origin not in (f"http://{host}", f"https://{host}"):
        return "another origin may not drive this stage"
    # Telegram's methods work by GET as well, and an image on any page sends one, without an Origin.
    visit = scope["method"] == "GET" and scope["path"] == "/"
    if headers.get("sec-fetch-site") in ("cross-site", "same-site") and not visit:
        return "another site may not drive this stage"
    return ""


def _is_loopback(host: str) -> bool:
    try:
        name = urlsplit(f"//{host}").hostname or ""
        return name == "localhost" or ip_address(name).is_loopback
    except ValueError:
        return False
