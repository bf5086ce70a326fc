"""A stand-in Telegram: the public request paths over a TelegramWorld, so that the real door can talk to it.

`/bot<TOKEN>/<method>`, GET and POST, parameters in the query, as JSON, as a form or as multipart, as the Bot API takes
them. The rules stand in telegram_methods.py, the phones in telegram_world.py.
"""

import asyncio
import json
from email.parser import BytesParser
from email.policy import HTTP
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from bot.sandbox.telegram_limits import ApiRefusal, bad_request
from bot.sandbox.telegram_methods import METHODS, Asked
from bot.sandbox.telegram_values import Group, Phone, Popup, Shown
from bot.sandbox.telegram_world import DEMO_TOKEN, TelegramWorld

__all__ = ["DEMO_TOKEN", "Group", "Phone", "Popup", "Shown", "TelegramWorld", "telegram_routes"]


def telegram_routes(world: TelegramWorld) -> list[Route]:
    """The Bot API's routes over this world."""

    async def answer(request: Request) -> JSONResponse:
        try:
            if request.path_params["token"] != world.token:
                raise ApiRefusal(401, "Unauthorized")
            method = METHODS.get(request.path_params["method"].lower())
            if method is None:
                raise ApiRefusal(404, "Not Found: method not found")
            asked = Asked(await _parameters(request))
            result = await _unless_gone(request, asyncio.ensure_future(method(world, asked)))
        except ApiRefusal as refusal:
            return _refused(refusal)
        return JSONResponse({"ok": True, "result": result})

    return [Route("/bot{token}/{method}", answer, methods=["GET", "POST"], name="telegram")]


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


async def _parameters(request: Request) -> dict[str, Any]:
    """The request's parameters, those of the body over those of the query."""
    values: dict[str, Any] = dict(request.query_params)
    body = await request.body()
    kind = request.headers.get("content-type", "")
    if not body:
        return values
    if kind.startswith("application/json"):
        return values | _json_object(body)
    if kind.startswith("multipart/form-data"):
        return values | _multipart(kind, body)
    return values | dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))


def _json_object(body: bytes) -> dict[str, Any]:
    try:
        value = json.loads(body)
    except ValueError:
        value = None
    if not isinstance(value, dict):
        raise bad_request("can't parse JSON object")
    return value


def _multipart(kind: str, body: bytes) -> dict[str, Any]:
    """The text fields of a multipart body; files are left out, no method here takes any."""
    head = f"Content-Type: {kind}\r\n\r\n".encode("latin-1")
    form = BytesParser(policy=HTTP).parsebytes(head + body)
    values: dict[str, Any] = {}
    for part in form.iter_parts():
        name = part.get_param("name", header="content-disposition")
        content = part.get_payload(decode=True)
        if isinstance(name, str) and part.get_filename() is None and isinstance(content, bytes):
            values[name] = content.decode("utf-8", "replace")
    return values
