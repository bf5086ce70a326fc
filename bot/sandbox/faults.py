"""What the stand-ins were asked, and the faults they answer with: an outage on order.

`Record` keeps every request that reached a stand-in. `Faults` is the ASGI middleware around all of them that writes
that record and applies the rules: refuse, delay, or drop the connection, before or after the work was done.
It must not know X or Telegram; of Telegram only that the bot's token stands in the path and is nobody's business.
"""

import asyncio
import json
import random
import re
from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Mapping, MutableMapping
from dataclasses import asdict, dataclass, field, fields
from datetime import datetime
from email.message import Message
from email.parser import BytesParser
from fnmatch import fnmatchcase
from typing import Any, Literal
from urllib.parse import parse_qs

Scope = MutableMapping[str, Any]
Event = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Event]]
Send = Callable[[Event], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

RECORD_LENGTH_MAX = 20_000
BODY_BYTES_MAX = 60_000_000
PAGE = ("/", "/favicon.ico", "/static/*", "/sandbox", "/sandbox/*")
DROP = "reperibile.drop"  # as in server.py, where it is explained


@dataclass(frozen=True, slots=True)
class Fault:
    """One rule, as written in JSON.

    match: a shell pattern over "METHOD /path" with Telegram's token removed: "POST /bot/sendMessage",
    "GET /2/users/*/mentions"; a star also crosses slashes. times: how often it applies, None for ever.
    probability: 0…1, of applying to one request that matches. status, headers, body: answered instead of the app
    (body: a text as it is, anything else as JSON); a header "now+60" becomes that instant in Unix seconds.
    delay_s: waited before the work; before the answer when the work is done first. drop: "before" closes the
    connection without work or answer, "after" lets the work be done. after_work: the app works, then the answer is
    ours (its own, but later, when no status is given).
    """

    match: str
    times: int | None = 1
    probability: float = 1.0
    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Any = None
    delay_s: float = 0.0
    drop: Literal["before", "after"] | None = None
    after_work: bool = False

    @classmethod
    def from_json(cls, value: object) -> "Fault":
        """The rule that a JSON object describes. Raises ValueError, saying which key is wrong."""
        if not isinstance(value, dict):
            raise ValueError("a fault is a JSON object")
        unknown = set(value) - {f.name for f in fields(cls)}
        if unknown:
            raise ValueError(f"unknown keys of a fault: {', '.join(sorted(map(str, unknown)))}")
        _check("match", value.get("match"), lambda v: isinstance(v, str) and v != "")
        _check("times", value.get("times"), lambda v: v is None or (type(v) is int and v >= 1))
        _check("probability", value.get("probability", 1.0), lambda v: _is_number(v) and 0 <= v <= 1)
        _check("status", value.get("status"), lambda v: v is None or (type(v) is int and 200 <= v <= 599))
        _check("headers", value.get("headers", {}), lambda v: isinstance(v, dict))
        _check("delay_s", value.get("delay_s", 0.0), lambda v: _is_number(v) and 0 <= v <= 3600)
        _check("drop", value.get("drop"), lambda v: v in (None, "before", "after"))
        _check("after_work", value.get("after_work", False), lambda v: isinstance(v, bool))
        headers = {str(name).lower(): str(text) for name, text in value.get("headers", {}).items()}
        return cls(**{**value, "headers": headers})

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(slots=True)
class Request:
    """One request to a stand-in. status: None while it is open, "dropped" when it got no answer.

    fault: the rule applied, None when there was none. body: decoded JSON or form; bytes of files are only counted.
    """

    number: int
    instant: datetime
    method: str
    path: str
    query: dict[str, str]
    body: Any = None
    status: int | Literal["dropped"] | None = None
    fault: Fault | None = None

    def to_json(self) -> dict[str, Any]:
        return {
            "number": self.number,
            "instant": self.instant.isoformat(),
            "method": self.method,
            "path": self.path,
            "query": self.query,
            "body": self.body,
            "status": self.status,
            "fault": None if self.fault is None else self.fault.to_json(),
        }


class Record:
    """The last requests, oldest first; `changed` is called whenever one arrives or is answered."""

    def __init__(self, length_max: int = RECORD_LENGTH_MAX) -> None:
        self.requests: deque[Request] = deque(maxlen=length_max)
        self.changed: list[Callable[[], None]] = []
        self._last = 0

    def add(self, instant: datetime, method: str, path: str, query: dict[str, str], body: Any) -> Request:
        self._last += 1
        request = Request(self._last, instant, method, path, query, body)
        self.requests.append(request)
        self.tell()
        return request

    def of(self, match: str) -> list[Request]:
        """The requests that a pattern such as "POST /2/tweets" fits, oldest first."""
        return [r for r in self.requests if fnmatchcase(f"{r.method} {r.path}", match)]

    def clear(self) -> None:
        self.requests.clear()

    def tell(self) -> None:
        for callback in self.changed:
            callback()

    def to_json(self, after: int = 0) -> list[dict[str, Any]]:
        """The requests with a number above `after`, oldest first."""
        return [r.to_json() for r in self.requests if r.number > after]


class Faults:
    """The middleware: records each request, then lets the first rule that fits decide its fate.

    page: shell patterns of paths that belong to the demo itself; they are neither recorded nor ever at fault.
    """

    def __init__(
        self,
        app: App,
        record: Record,
        now: Callable[[], datetime],
        chance: random.Random | None = None,
        page: Iterable[str] = PAGE,
    ) -> None:
        self.app = app
        self.record = record
        self._now = now
        self._chance = chance or random.Random(0)  # noqa: S311 - no secret, and repeatable on purpose
        self._page = tuple(page)
        self._rules: list[list[Any]] = []  # [rule, times left or None]

    def add(self, *rules: Fault) -> None:
        self._rules += [[rule, rule.times] for rule in rules]

    def clear(self) -> None:
        self._rules.clear()

    def to_json(self) -> list[dict[str, Any]]:
        """The rules still in force; `times` is what is left of each."""
        return [{**rule.to_json(), "times": left} for rule, left in self._rules]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or any(fnmatchcase(scope["path"], pattern) for pattern in self._page):
            await self.app(scope, receive, send)
            return
        body = await _read(receive)
        method, path = scope["method"], without_token(scope["path"])
        query = {k: v[-1] for k, v in parse_qs(scope["query_string"].decode("latin-1"), keep_blank_values=True).items()}
        request = self.record.add(self._now(), method, path, query, _decode(body, scope["headers"]))
        rule = request.fault = self._rule(f"{method} {path}")

        async def answer(event: Event) -> None:
            if event["type"] == "http.response.start":
                request.status = event["status"]
                self.record.tell()
            await send(event)

        async def work(to: Send) -> None:
            await self.app(scope, _again(body, receive), to)

        if rule is None:
            await work(answer)
        else:
            await self._apply(rule, request, scope, work, answer)

    def _rule(self, asked: str) -> Fault | None:
        """The first rule that applies to this request, counted down; None when the app answers as usual."""
        for entry in self._rules:
            rule: Fault = entry[0]
            if not fnmatchcase(asked, rule.match) or self._chance.random() >= rule.probability:
                continue
            if entry[1] is not None:
                entry[1] -= 1
                if entry[1] <= 0:
                    self._rules.remove(entry)
            return rule
        return None

    async def _apply(
        self, rule: Fault, request: Request, scope: Scope, work: Callable[[Send], Awaitable[None]], answer: Send
    ) -> None:
        kept: list[Event] = []

        async def keep(event: Event) -> None:
            kept.append(event)

        worked_first = rule.drop == "after" or rule.after_work
        if worked_first:
            await work(keep)
        await asyncio.sleep(rule.delay_s)
        if rule.drop is not None:
            request.status = "dropped"
            self.record.tell()
            scope["extensions"][DROP]()
            await asyncio.sleep(0)  # lets the server notice, so that it does not answer for us
        elif rule.status is not None:
            await self._refuse(rule, answer)
        elif worked_first:
            for event in kept:
                await answer(event)
        else:
            await work(answer)

    async def _refuse(self, rule: Fault, answer: Send) -> None:
        if isinstance(rule.body, str):
            content, kind = rule.body.encode(), "text/html; charset=utf-8"
        elif rule.body is None:
            content, kind = b"", "text/plain"
        else:
            content, kind = json.dumps(rule.body).encode(), "application/json"
        headers = {"content-type": kind, "content-length": str(len(content))}
        headers |= {name: self._instant(text) for name, text in rule.headers.items()}
        raw = [(name.lower().encode(), text.encode()) for name, text in headers.items()]
        await answer({"type": "http.response.start", "status": rule.status, "headers": raw})
        await answer({"type": "http.response.body", "body": content})

    def _instant(self, text: str) -> str:
        relative = re.fullmatch(r"now([+-]\d+)?", text)
        if relative is None:
            return text
        return str(int(self._now().timestamp()) + int(relative[1] or 0))


def without_token(path: str) -> str:
    """The path with Telegram's "/bot<token>/method" cut to "/bot/method"."""
    return re.sub(r"^(/file)?/bot[^/]+(?=/|$)", r"\1/bot", path)


async def _read(receive: Receive) -> bytes:
    body = b""
    while True:
        event = await receive()
        if event["type"] != "http.request":
            return body
        body += bytes(event.get("body", b""))
        if len(body) > BODY_BYTES_MAX:
            raise ValueError("the request's body is too large for a stand-in")
        if not event.get("more_body"):
            return body


def _again(body: bytes, receive: Receive) -> Receive:
    """Gives the body that was read already once more, then whatever comes next."""
    given = False

    async def first_the_body() -> Event:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return first_the_body


def _decode(body: bytes, headers: Iterable[tuple[bytes, bytes]]) -> Any:
    """The body as values; text that cannot be read as what it claims to be stays text."""
    if not body:
        return None
    kind = {name.lower(): value for name, value in headers}.get(b"content-type", b"").decode("latin-1")
    text = body.decode("utf-8", "replace")
    if kind.startswith("application/json"):
        try:
            return json.loads(text)
        except ValueError:
            return text
    if kind.startswith("application/x-www-form-urlencoded"):
        return {k: v[-1] for k, v in parse_qs(text, keep_blank_values=True).items()}
    if kind.startswith("multipart/"):
        message = BytesParser().parsebytes(b"Content-Type: " + kind.encode("latin-1") + b"\r\n\r\n" + body)
        return dict(_part(part) for part in message.walk() if not part.is_multipart())
    return text


def _part(part: Message) -> tuple[str, Any]:
    name = str(part.get_param("name", "", header="content-disposition"))
    content = part.get_payload(decode=True)
    raw = content if isinstance(content, bytes) else b""
    if part.get_filename() is not None:
        return name, {"file": part.get_filename(), "bytes": len(raw)}
    return name, raw.decode("utf-8", "replace")


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _check(key: str, value: Any, is_right: Callable[[Any], bool]) -> None:
    if not is_right(value):
        raise ValueError(f"{key} of a fault cannot be {value!r}")
