"""Answers of any shape: JSON at random, real answers with something wrong in them, and a server that gives them."""

from __future__ import annotations

import asyncio
import copy
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from hypothesis import strategies as st

# Half surrogate pairs, NUL, and what html.unescape and the calendar do not like.
NASTY = (
    "\ud83d",
    "\udc00x",
    "a\x00b",
    "&#" + "9" * 5000 + ";",
    "9999-12-31T23:59:59Z",
    "0001-01-01T00:00:00+23:59",
    "",
)
TEXTS = st.sampled_from(NASTY) | st.text(st.characters(exclude_categories=()), max_size=20)
NUMBERS = st.integers() | st.sampled_from([0, -1, 2**31, 2**53, 2**63 - 1, 2**63, 10**25, 10**1000]) | st.floats()
LEAVES = st.none() | st.booleans() | NUMBERS | TEXTS
VALUES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4), max_leaves=8
)


def spelled(value: Any) -> bytes:
    """As JSON, also what JSON has no right to: NaN, and numbers that no float holds."""
    return written(value).encode("utf-8", "surrogatepass")


def written(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ",".join(f"{json.dumps(str(k))}:{written(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(written, value)) + "]"
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= 10**1000:
        return "1" + "0" * 4400
    return json.dumps(value)


@st.composite
def spoilt(draw: st.DrawFn, real: Any) -> Any:
    """A real answer in which up to three things are missing or of another kind."""
    value = copy.deepcopy(real)
    for _ in range(draw(st.integers(1, 3))):
        places = list(_places(value))
        if not places:
            break
        holder, key = draw(st.sampled_from(places))
        if draw(st.booleans()) and isinstance(holder, dict):
            del holder[key]
        else:
            holder[key] = draw(VALUES)
    return value


def _places(value: Any) -> Any:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield value, key
        yield from _places(inner)


def nested(depth: int) -> Any:
    """A list in a list in a list …"""
    value: Any = []
    for _ in range(depth):
        value = [value]
    return value


class Garbage:
    """A server on loopback that gives every request the same answer, whatever was asked."""

    def __init__(self) -> None:
        self.address = ""
        self.answers(200, b"{}")

    def answers(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
        lines = [f"HTTP/1.1 {status} Whatever", "connection: close", f"content-length: {len(body)}"]
        lines += [f"{name}: {text}" for name, text in (headers or {}).items()]
        self._answer = "\r\n".join([*lines, "", ""]).encode("latin-1", "replace") + body

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        length = next(
            (int(h.split(b":")[1]) for h in head.lower().split(b"\r\n") if h.startswith(b"content-length")), 0
        )
        await reader.readexactly(length)
        writer.write(self._answer)
        await writer.drain()
        writer.close()


@asynccontextmanager
async def garbage() -> AsyncIterator[Garbage]:
    given = Garbage()
    async with await asyncio.start_server(given, "127.0.0.1", 0) as server:
        given.address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        yield given


def is_storable(text: str) -> bool:
    """Would PostgreSQL and Telegram take it?"""
    return "\x00" not in text and not any("\ud800" <= c <= "\udfff" for c in text)
