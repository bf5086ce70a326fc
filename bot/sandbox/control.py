"""What every part of the control API shares: reading what was asked, and telling what cannot be done.

Bodies and answers are JSON. What cannot be done is answered with 400 (or 404 for somebody or something unknown) and
`{"error": "a sentence"}`.
"""

import json
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

BODY_BYTES_MAX = 100_000
TEXT_LENGTH_MAX = 4096

Handler = Callable[[Request], Awaitable[Response]]


class BadInput(Exception):
    """What was asked cannot be done; the text says why, for a person."""

    def __init__(self, why: str, status: int = 400) -> None:
        self.status = status
        super().__init__(why)


def told(handler: Handler) -> Handler:
    """The handler, with what cannot be done told as JSON."""

    async def answer(request: Request) -> Response:
        try:
            return await handler(request)
        except BadInput as wrong:
            return JSONResponse({"error": str(wrong)}, status_code=wrong.status)

    return answer


async def json_of(request: Request) -> Any:
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > BODY_BYTES_MAX:
            raise BadInput(f"the body is longer than {BODY_BYTES_MAX} bytes")
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        raise BadInput("the body is not JSON") from None


async def object_of(request: Request, *keys: str) -> dict[str, Any]:
    """The body as an object with no other keys than these; an empty body is an empty object where none are needed."""
    if not keys:
        return {}
    value = await json_of(request)
    if not isinstance(value, dict):
        raise BadInput("the body must be a JSON object")
    unknown = sorted(set(value) - set(keys))
    if unknown:
        raise BadInput(f"unknown: {', '.join(unknown)[:80]}; known are {', '.join(keys)}")
    return value


def text_of(wish: dict[str, Any], key: str, length_max: int = TEXT_LENGTH_MAX) -> str:
    """A text with something in it. What UTF-8 cannot carry (lone surrogates) is refused too."""
    value = wish.get(key)
    if not isinstance(value, str) or not value.strip():
        raise BadInput(f"{key} must be a text that is not empty")
    if len(value) > length_max:
        raise BadInput(f"{key} is longer than {length_max} characters")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise BadInput(f"{key} is not valid Unicode") from None
    return value


def whole_of(wish: dict[str, Any], key: str) -> int:
    value = wish.get(key)
    if type(value) is not int or not 0 <= value < 2**53:
        raise BadInput(f"{key} must be a whole number")
    return value


def number_of(wish: dict[str, Any], key: str, least: float, most: float) -> float:
    value = wish.get(key)
    if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value <= most:
        raise BadInput(f"{key} must be a number from {least:g} to {most:.0f}")
    return float(value)
