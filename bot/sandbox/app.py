"""The stage over HTTP: both stand-ins on their public paths, the page with the phones, and the strings to pull.

`/2/…` is X, `/bot<TOKEN>/…` is Telegram (both behind the faults and on record), `/` is the page. The control API below
is what the page uses; tests and scripts may use it too. Bodies and answers are JSON. What cannot be done is answered
with 400 (or 404 for somebody or something unknown) and `{"error": "a sentence"}`.

    GET    /sandbox/state                              everything the page shows
    GET    /sandbox/events                             Server-Sent Events: `changed` (data: the version) on news;
                                                       `clock` (data: {"now","facts"}) about once a second
    GET    /sandbox/shelf                              posts ready to be written
    POST   /sandbox/x/posts                            {"author","text","name"?,"in_reply_to"?} → {"id"}
    POST   /sandbox/x/posts/ID/edit                    {"text"} → {"id"}, the new version's
    DELETE /sandbox/x/posts/ID
    POST   /sandbox/x/switch                           {"duplicate_filter"?: true|false, "index_delay_s"?: 0…600}
    POST   /sandbox/telegram/USER/type                 {"text","reply_to"?} → {"message_id"}
    POST   /sandbox/telegram/USER/press                {"message_id","data"} → {"callback_id"}
    POST   /sandbox/telegram/USER/edit                 {"message_id","text"}
    POST   /sandbox/telegram/USER/send                 {"kind": "voice"|"sticker"|"photo"} → {"message_id"}
    POST   /sandbox/telegram/USER/block | /unblock
    GET    /sandbox/record?after=N                     {"requests"}: what the stand-ins were asked, N excluded
    GET    /sandbox/faults                             {"faults"}: the rules in force, with the times left
    POST   /sandbox/faults                             one rule or a list of rules, as in faults.Fault; added
    DELETE /sandbox/faults                             all rules away
    GET    /sandbox/clock                              {"now","movable"}
    POST   /sandbox/clock                              {"advance_s": above 0, at most 92 days} → {"now"}
    POST   /sandbox/language                           {"language": "en"|"it"}; in the demo the phones follow

USER is a number or a name (1001, giulia). ids of X are strings, as X gives them.

A foreign web page must not be able to drive this, so a request is refused (403) when its Host is not loopback or when a
browser says that another origin sent it.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import asdict
from datetime import timedelta
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

from bot.sandbox.faults import Fault
from bot.sandbox.shelf import SHELF
from bot.sandbox.stage import Stage

STATIC = Path(__file__).parent / "static"
BODY_BYTES_MAX = 100_000
POSTS_SHOWN_MAX = 300
MESSAGES_SHOWN_MAX = 400  # per phone
TEXT_LENGTH_MAX = 4096
INDEX_DELAY_MAX_S = 600
ADVANCE_MAX = timedelta(days=92)
CLOCK_EVERY_S = 1.0
CHANGES_APART_S = 0.05  # a burst of changes reaches the page as one or two events
FAULTS_MAX = 100

Handler = Callable[[Request], Awaitable[Response]]


class _BadInput(Exception):
    """What was asked cannot be done; the text says why, for a person."""

    def __init__(self, why: str, status: int = 400) -> None:
        self.status = status
        super().__init__(why)


def create_app(stage: Stage) -> ASGIApp:
    """The whole stage as one ASGI app, to be served on loopback (server.serve)."""
    control = _Control(stage)
    routes = [
        Route("/", _page, methods=["GET"]),
        Route("/sandbox/state", control.state, methods=["GET"]),
        Route("/sandbox/events", control.events, methods=["GET"]),
        Route("/sandbox/shelf", control.shelf, methods=["GET"]),
        Route("/sandbox/x/posts", _told(control.write), methods=["POST"]),
        Route("/sandbox/x/posts/{id}/edit", _told(control.edit_post), methods=["POST"]),
        Route("/sandbox/x/posts/{id}", _told(control.delete_post), methods=["DELETE"]),
        Route("/sandbox/x/switch", _told(control.switch), methods=["POST"]),
        Route("/sandbox/telegram/{user}/{verb}", _told(control.telegram), methods=["POST"]),
        Route("/sandbox/record", _told(control.record), methods=["GET"]),
        Route("/sandbox/faults", _told(control.faults), methods=["GET", "POST", "DELETE"]),
        Route("/sandbox/clock", _told(control.clock), methods=["GET", "POST"]),
        Route("/sandbox/language", _told(control.language), methods=["POST"]),
        Mount("/sandbox/static", StaticFiles(directory=STATIC)),
        Route("/sandbox/{rest:path}", _told(_nothing_here), methods=["GET", "POST", "DELETE"]),
        Mount("/", stage.faults),
    ]
    return Starlette(routes=routes, middleware=[Middleware(_OnlyFromHere)])


class _Control:
    """The control API over one stage."""

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
            "language": stage.language,
            "accounts": [{"handle": a.handle, "name": a.name} for a in stage.x.accounts.values() if a.ours],
            "people": [asdict(person) for person in stage.people()],
            "roles": [{"person": person, "role": role} for person, role in stage.roles],
            "x": {
                "posts": sorted(newest, key=lambda post: int(post["first_id"])),
                "duplicate_filter": stage.x.duplicate_filter,
                "index_delay_s": stage.x.index_delay_s,
            },
            "phones": phones,
            "faults": stage.faults.to_json(),
        }
        return JSONResponse(body, headers={"cache-control": "no-store"})

    async def shelf(self, request: Request) -> Response:
        return JSONResponse({"shelf": [asdict(post) for post in SHELF]})

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
                data = json.dumps({"now": self.stage.now().isoformat(), "facts": self._facts()})
                yield f"event: clock\ndata: {data}\n\n"
            await asyncio.sleep(CHANGES_APART_S)

    def _facts(self) -> list[str]:
        return self.stage.facts() if self.stage.facts is not None else []

    # ── X ───────────────────────────────────────────────────────────────────────────────────────────────────────────

    async def write(self, request: Request) -> Response:
        wish = await _object(request, "author", "name", "text", "in_reply_to")
        author = _text(wish, "author", 16).removeprefix("@")
        if not (author.isascii() and author.replace("_", "a").isalnum() and len(author) <= 15):
            raise _BadInput("author must be a handle: 1 to 15 letters, digits or _")
        text = _text(wish, "text")
        parent = None if wish.get("in_reply_to") is None else self._post_id(str(wish["in_reply_to"]))
        if wish.get("name"):
            self.stage.x.customer(author, _text(wish, "name", 50))
        post = self.stage.x.write(author, text, in_reply_to=parent)
        return JSONResponse({"id": str(post.id)})

    async def edit_post(self, request: Request) -> Response:
        wish = await _object(request, "text")
        text = _text(wish, "text")
        post_id = self._post_id(request.path_params["id"])
        if self.stage.x.posts[post_id].deleted:
            raise _BadInput("a deleted post cannot be edited")
        return JSONResponse({"id": str(self.stage.x.edit(post_id, text).id)})

    async def delete_post(self, request: Request) -> Response:
        self.stage.x.delete(self._post_id(request.path_params["id"]))
        return JSONResponse({})

    async def switch(self, request: Request) -> Response:
        wish = await _object(request, "duplicate_filter", "index_delay_s")
        if "duplicate_filter" in wish and not isinstance(wish["duplicate_filter"], bool):
            raise _BadInput("duplicate_filter must be true or false")
        if "index_delay_s" in wish:
            self.stage.x.index_delay_s = _number(wish, "index_delay_s", 0, INDEX_DELAY_MAX_S)
        if "duplicate_filter" in wish:
            self.stage.x.duplicate_filter = wish["duplicate_filter"]
        self.stage.changed()
        return JSONResponse(
            {"duplicate_filter": self.stage.x.duplicate_filter, "index_delay_s": self.stage.x.index_delay_s}
        )

    def _post_id(self, raw: str) -> int:
        if raw.isascii() and raw.isdigit() and len(raw) <= 19 and int(raw) in self.stage.x.posts:
            return int(raw)
        raise _BadInput(f"there is no post {raw[:30]!r}", 404)

    # ── Telegram ────────────────────────────────────────────────────────────────────────────────────────────────────

    async def telegram(self, request: Request) -> Response:
        """One thing a person does with their phone."""
        who, verb = request.path_params["user"], request.path_params["verb"]
        user_id = self.stage.user_id(who)
        if user_id is None:
            raise _BadInput(f"nobody here is called {who[:30]!r}", 404)
        verbs = {
            "type": self._type,
            "press": self._press,
            "edit": self._edit,
            "send": self._send,
            "block": self._block,
            "unblock": self._unblock,
        }
        if verb not in verbs:
            raise _BadInput(f"a phone cannot {verb[:30]!r}; it can {', '.join(verbs)}", 404)
        keys = {"type": ("text", "reply_to"), "press": ("message_id", "data"), "edit": ("message_id", "text")}
        wish = await _object(request, *keys.get(verb, ("kind",) if verb == "send" else ()))
        try:
            return JSONResponse(verbs[verb](user_id, wish))
        except ValueError as refused:
            raise _BadInput(str(refused)) from None

    def _type(self, user_id: int, wish: dict[str, Any]) -> dict[str, Any]:
        reply_to = None if wish.get("reply_to") is None else self._message_id(user_id, wish, "reply_to")
        return {"message_id": self.stage.telegram.types(user_id, _text(wish, "text"), reply_to=reply_to)}

    def _press(self, user_id: int, wish: dict[str, Any]) -> dict[str, Any]:
        """Any client could send any data, so it need not stand on a button, nor need the message still be there."""
        message_id = _whole(wish, "message_id")
        return {"callback_id": self.stage.telegram.presses(user_id, message_id, _text(wish, "data", 64))}

    def _edit(self, user_id: int, wish: dict[str, Any]) -> dict[str, Any]:
        message_id = self._message_id(user_id, wish, "message_id")
        try:
            self.stage.telegram.edits(user_id, message_id, _text(wish, "text"))
        except KeyError:
            raise _BadInput("only what this person wrote can be edited here") from None
        return {}

    def _send(self, user_id: int, wish: dict[str, Any]) -> dict[str, Any]:
        return {"message_id": self.stage.telegram.sends(user_id, _text(wish, "kind", 20))}

    def _block(self, user_id: int, wish: dict[str, Any]) -> dict[str, Any]:
        if not self.stage.telegram.people[user_id].blocked:
            self.stage.telegram.blocks(user_id)
        return {}

    def _unblock(self, user_id: int, wish: dict[str, Any]) -> dict[str, Any]:
        if self.stage.telegram.people[user_id].blocked:
            self.stage.telegram.unblocks(user_id)
        return {}

    def _message_id(self, user_id: int, wish: dict[str, Any], key: str) -> int:
        message_id = _whole(wish, key)
        if self.stage.telegram.find(user_id, message_id) is None:
            raise _BadInput(f"there is no message {message_id} on this phone", 404)
        return message_id

    # ── record, faults, clock ───────────────────────────────────────────────────────────────────────────────────────

    async def record(self, request: Request) -> Response:
        after = request.query_params.get("after", "0")
        if not (after.isascii() and after.isdigit() and len(after) <= 15):
            raise _BadInput("after must be a number")
        return JSONResponse({"requests": self.stage.record.to_json(int(after))})

    async def faults(self, request: Request) -> Response:
        if request.method == "DELETE":
            self.stage.clear_faults()
        elif request.method == "POST":
            wish = await _json(request)
            try:
                rules = [Fault.from_json(rule) for rule in (wish if isinstance(wish, list) else [wish])]
            except ValueError as wrong:
                raise _BadInput(str(wrong)) from None
            if len(rules) + len(self.stage.faults.to_json()) > FAULTS_MAX:
                raise _BadInput(f"at most {FAULTS_MAX} rules at once")
            self.stage.add_faults(*rules)
        return JSONResponse({"faults": self.stage.faults.to_json()})

    async def clock(self, request: Request) -> Response:
        if request.method == "POST":
            wish = await _object(request, "advance_s")
            if self.stage.advance is None:
                raise _BadInput("the clock of this stage cannot be moved")
            seconds = _number(wish, "advance_s", 0, ADVANCE_MAX.total_seconds())
            if seconds == 0:
                raise _BadInput("the clock only moves forward: advance_s must be above 0")
            self.stage.move_clock(timedelta(seconds=seconds))
        return JSONResponse({"now": self.stage.now().isoformat(), "movable": self.stage.advance is not None})

    async def language(self, request: Request) -> Response:
        wish = await _object(request, "language")
        try:
            self.stage.speak(_text(wish, "language", 8))
        except ValueError as problem:
            raise _BadInput(str(problem)) from None
        return JSONResponse({"language": self.stage.language})


async def _page(request: Request) -> Response:
    return FileResponse(STATIC / "index.html", headers={"cache-control": "no-cache"})


async def _nothing_here(request: Request) -> Response:
    raise _BadInput(f"there is no {request.method} {request.url.path[:80]} here", 404)


def _told(handler: Handler) -> Handler:
    """The handler, with what cannot be done told as JSON."""

    async def answer(request: Request) -> Response:
        try:
            return await handler(request)
        except _BadInput as wrong:
            return JSONResponse({"error": str(wrong)}, status_code=wrong.status)

    return answer


async def _json(request: Request) -> Any:
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > BODY_BYTES_MAX:
            raise _BadInput(f"the body is longer than {BODY_BYTES_MAX} bytes")
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        raise _BadInput("the body is not JSON") from None


async def _object(request: Request, *keys: str) -> dict[str, Any]:
    """The body as an object with no other keys than these; an empty body is an empty object where none are needed."""
    if not keys:
        return {}
    value = await _json(request)
    if not isinstance(value, dict):
        raise _BadInput("the body must be a JSON object")
    unknown = sorted(set(value) - set(keys))
    if unknown:
        raise _BadInput(f"unknown: {', '.join(unknown)[:80]}; known are {', '.join(keys)}")
    return value


def _text(wish: dict[str, Any], key: str, length_max: int = TEXT_LENGTH_MAX) -> str:
    """A text with something in it. What UTF-8 cannot carry (lone surrogates) is refused too."""
    value = wish.get(key)
    if not isinstance(value, str) or not value.strip():
        raise _BadInput(f"{key} must be a text that is not empty")
    if len(value) > length_max:
        raise _BadInput(f"{key} is longer than {length_max} characters")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise _BadInput(f"{key} is not valid Unicode") from None
    return value


def _whole(wish: dict[str, Any], key: str) -> int:
    value = wish.get(key)
    if type(value) is not int or not 0 <= value < 2**53:
        raise _BadInput(f"{key} must be a whole number")
    return value


def _number(wish: dict[str, Any], key: str, least: float, most: float) -> float:
    value = wish.get(key)
    if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value <= most:
        raise _BadInput(f"{key} must be a number from {least:g} to {most:.0f}")
    return float(value)


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
