"""A stand-in Telegram: the public request paths over a TelegramWorld, so that the real door can talk to it.

`/bot<TOKEN>/<method>`, GET and POST, parameters in the query, as JSON, as a form or as multipart, as the Bot API takes
them; `/file/bot<TOKEN>/<path>` for what getFile gave a path to. The rules stand in telegram_methods.py, the phones in
telegram_world.py; docs/sandbox-telegram.md lists every method and every refusal.
"""

import asyncio
import json
import re
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.sandbox.telegram_flood import REALISTIC
from bot.sandbox.telegram_ground import DEMO_TOKEN
from bot.sandbox.telegram_limits import ApiRefusal, bad_request
from bot.sandbox.telegram_methods import METHODS, Asked, Upload
from bot.sandbox.telegram_values import Group, Phone, Popup, Shown
from bot.sandbox.telegram_world import TelegramWorld

__all__ = ["DEMO_TOKEN", "REALISTIC", "Group", "Phone", "Popup", "Shown", "TelegramWorld", "telegram_routes"]


def telegram_routes(world: TelegramWorld) -> list[Route]:
    """The Bot API's routes over this world."""

    async def answer(request: Request) -> JSONResponse:
        try:
            if request.path_params["token"] != world.token:
                raise ApiRefusal(401, "Unauthorized")
            method = METHODS.get(request.path_params["method"].lower())
            if method is None:
                raise ApiRefusal(404, "Not Found: method not found")
            asked = await _asked(request, world)
            result = await _unless_gone(request, asyncio.ensure_future(method(world, asked)))
        except ApiRefusal as refusal:
            return _refused(refusal)
        return JSONResponse({"ok": True, "result": result})

    async def download(request: Request) -> Response:
        token, path = request.path_params["token"], request.path_params["path"]
        file = world.files.download(path) if token == world.token else None
        if file is None:
            status, words = (404, "Not Found") if token == world.token else (401, "Unauthorized")
            return _refused(ApiRefusal(status, words))
        return Response(file.content, media_type="application/octet-stream")

    return [
        Route("/bot{token}/{method}", answer, methods=["GET", "POST"], name="telegram"),
        Route("/file/bot{token}/{path:path}", download, methods=["GET"], name="telegram-file"),
    ]


def _refused(refusal: ApiRefusal) -> JSONResponse:
    body: dict[str, Any] = {"ok": False, "error_code": refusal.status, "description": refusal.description}
    if refusal.parameters:
        body["parameters"] = refusal.parameters
    return JSONResponse(body, status_code=refusal.status)


async def _unless_gone(request: Request, work: "asyncio.Future[Any]") -> Any:
    """The work's result; the work ends early when the asker hangs up, so that no dead poll lingers."""
    gone = asyncio.ensure_future(_hung_up(request))
    try:
        await asyncio.wait({work, gone}, return_when=asyncio.FIRST_COMPLETED)
        if not work.done():
            raise ApiRefusal(499, "Client Closed Request")
        return work.result()
    finally:
        gone.cancel()
        work.cancel()


async def _hung_up(request: Request) -> None:
    # The body has been read, so the next event is the end of the connection.
    await request.receive()


async def _asked(request: Request, world: TelegramWorld) -> Asked:
    """The request's parameters, those of the body over those of the query."""
    values: dict[str, Any] = dict(request.query_params)
    body = await request.body()
    if len(body) > world.files.upload_bytes_max:
        raise ApiRefusal(413, "Request Entity Too Large")
    kind = request.headers.get("content-type", "")
    if not body:
        return Asked(values)
    if kind.startswith("application/json"):
        return Asked(values | _json_object(body))
    if kind.startswith("multipart/form-data"):
        fields, uploads = _multipart(kind, body)
        return Asked(values | fields, uploads)
    return Asked(values | dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True)))


def _json_object(body: bytes) -> dict[str, Any]:
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict):
        raise bad_request("can't parse JSON object")
    return value


def _multipart(kind: str, body: bytes) -> tuple[dict[str, str], dict[str, Upload]]:
    """The text fields and the files of a multipart body; what is no part is left out."""
    fields: dict[str, str] = {}
    uploads: dict[str, Upload] = {}
    boundary = _quoted_in(kind, "boundary")
    if not boundary:
        raise bad_request("can't parse multipart body: there is no boundary")
    for part in (b"\r\n" + body).split(b"\r\n--" + boundary.encode("latin-1", "replace"))[1:]:
        head, separator, content = part.partition(b"\r\n\r\n")
        name = _quoted_in(head.decode("utf-8", "replace"), "name")
        if not separator or name is None:
            continue
        file_name = _quoted_in(head.decode("utf-8", "replace"), "filename")
        if file_name is None:
            fields[name] = content.decode("utf-8", "replace")
        else:
            uploads[name] = Upload(file_name, content)
    return fields, uploads


def _quoted_in(header: str, name: str) -> str | None:
    """A parameter of a header, with or without quotes; None when it is not there."""
    found = re.search(rf'(?:^|[;\s]){name}=(?:"([^"]*)"|([^\s;]+))', header, re.IGNORECASE)
    return None if found is None else found.group(1) if found.group(1) is not None else found.group(2)
