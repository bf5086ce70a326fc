"""The stand-ins as a process of their own, with a hand that writes posts on time and a stop-watch at the door.

    python -m benchmarks.stage HANDLE…      prints its base address, serves until standard input is closed

Besides what `bot.sandbox.app` serves there are, for the benchmark alone:

    POST /bench/load      [[at_s, author, text, lang, kind], …]  kept, to be written that long after "go"
    POST /bench/go        write them now → {"begins"}
    GET  /bench/progress  {"first_poll", "written", "alarms", "rung", "last_rung"}
    GET  /bench/report    what was seen and rung, and when, and what X would have charged

All instants are seconds of the machine's monotonic clock, which all processes share.
"""

import asyncio
import json
import re
import sys
import time
from bisect import bisect_left
from collections.abc import MutableMapping
from datetime import UTC, datetime
from typing import Any

from bot.sandbox.app import create_app
from bot.sandbox.faults import Receive, Scope, Send
from bot.sandbox.server import serve
from bot.sandbox.stage import BOT_TOKEN, CONSUMER_KEY, CONSUMER_SECRET, Stage, secret_of, token_of
from bot.sandbox.telegram import TelegramWorld
from bot.sandbox.x_posts import weight

PEOPLE = {"giulia": 1001, "sara": 1003, "marco": 1004}
_MENTIONS = re.compile(r"/2/users/(\d+)/mentions")
_META = re.compile(rb'"(newest_id|oldest_id)":"(\d+)"')
# The link to the post: in a button of the service's card, in the text of the forwarder's message.
_LINK = re.compile(rb"status(?:/|%2F)(\d{15,20})")


class Bench:
    """ASGI in front of the stage: serves /bench, and notes when mentions are asked for and messages accepted."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.app = create_app(stage)
        self.first_poll: float | None = None
        self.pages: list[tuple[float, float, int, int, int]] = []
        """(asked, answered, account's id, oldest, newest) of every page of mentions that was not empty."""
        self.rung: dict[int, float] = {}
        """Post → when the first message with its link was accepted."""
        self.messages = 0
        self.posts: dict[int, tuple[str, float]] = {}
        """Post → (kind, when it was written)."""
        self._to_write: list[list[Any]] = []
        self._writing: asyncio.Task[None] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope.get("path", "")
        if scope["type"] != "http":
            await self.app(scope, receive, send)
        elif path.startswith("/bench/"):
            await _answer(send, await self._told(path, receive))
        elif mentions := _MENTIONS.fullmatch(path):
            await self._mentions(int(mentions[1]), scope, receive, send)
        elif path.endswith("/sendMessage"):
            await self._telegram(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    async def _told(self, path: str, receive: Receive) -> Any:
        if path == "/bench/load":
            self._to_write = json.loads(await _body(receive))
            for post in self._to_write:
                weight(post[2])  # remembered: the stand-in would otherwise count while it answers
            return {"posts": len(self._to_write)}
        if path == "/bench/go":
            begins = time.monotonic()
            self._writing = asyncio.create_task(self._write(begins))
            return {"begins": begins}
        if path == "/bench/progress":
            alarms = [post for post, (kind, _) in self.posts.items() if kind == "alarm"]
            rung = [self.rung[post] for post in alarms if post in self.rung]
            return {
                "first_poll": self.first_poll,
                "written": len(self.posts),
                "alarms": len(alarms),
                "rung": len(rung),
                "last_rung": max(rung, default=None),
            }
        return self._report()

    async def _write(self, begins: float) -> None:
        for at_s, author, text, lang, kind in self._to_write:
            wait = begins + at_s - time.monotonic()
            if wait > 0:
                await asyncio.sleep(wait)
            post = self.stage.x.write(author, text, lang=lang)
            self.posts[post.id] = (kind, time.monotonic())

    async def _mentions(self, account_id: int, scope: Scope, receive: Receive, send: Send) -> None:
        asked = time.monotonic()
        if self.first_poll is None:
            self.first_poll = asked
        answer = bytearray()
        status = 0

        async def keep(event: MutableMapping[str, Any]) -> None:
            nonlocal status
            if event["type"] == "http.response.start":
                status = event["status"]
            else:
                answer.extend(event.get("body", b""))
            await send(event)

        await self.app(scope, receive, keep)
        if status == 200:
            # `meta` stands at the end; a page is one unbroken stretch of the account's mentions.
            ends = {name: int(value) for name, value in _META.findall(bytes(answer[-300:]))}
            if ends:
                self.pages.append((asked, time.monotonic(), account_id, ends[b"oldest_id"], ends[b"newest_id"]))

    async def _telegram(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = await _body(receive)
        given = False

        async def again() -> MutableMapping[str, Any]:
            nonlocal given
            if given:
                return await receive()
            given = True
            return {"type": "http.request", "body": body, "more_body": False}

        async def note(event: MutableMapping[str, Any]) -> None:
            if event["type"] == "http.response.start" and event["status"] == 200:
                self.messages += 1
                for post in map(int, _LINK.findall(body)):
                    self.rung.setdefault(post, time.monotonic())
            await send(event)

        await self.app(scope, again, note)

    def _report(self) -> dict[str, Any]:
        seen, answers = self._seen()
        return {
            "first_poll": self.first_poll,
            "last_seen": max(seen.values(), default=None),
            "messages": self.messages,
            "pages": len(self.pages),
            "answer_ms": sorted(answers)[len(answers) // 2] * 1000 if answers else None,
            "mentions": [
                {"kind": kind, "written": written, "seen": seen.get(post), "rung": self.rung.get(post)}
                for post, (kind, written) in self.posts.items()
            ],
            "cost": self.stage.x.meter.to_json(),
        }

    def _seen(self) -> tuple[dict[int, float], list[float]]:
        """When each post was first asked for successfully, and how long the stand-in took for each page."""
        by_account: dict[int, list[int]] = {}
        for account in self.stage.x.accounts.values():
            if account.ours:
                by_account[account.id] = sorted(post.id for post in self.stage.x.mentions_of(account))
        seen: dict[int, float] = {}
        for asked, _, account_id, oldest, newest in self.pages:
            ids = by_account.get(account_id, [])
            for i in range(bisect_left(ids, oldest), len(ids)):
                if ids[i] > newest:
                    break
                seen.setdefault(ids[i], asked)
        return seen, [answered - asked for asked, answered, *_ in self.pages]


def build(handles: list[str]) -> Stage:
    """Accounts with keys, and phones that have pressed Start: nobody enrols in a benchmark."""

    def now() -> datetime:
        return datetime.now(UTC)

    stage = Stage(now, telegram=TelegramWorld(now=now, token=BOT_TOKEN))
    # Without limits, and without headers that tell of a limit used up: the service would heed them.
    stage.x.rate_limited, stage.x.rate_headers = False, False
    stage.telegram.flood.rates = None
    for handle in handles:
        stage.x.add_account(
            handle,
            consumer_key=CONSUMER_KEY,
            consumer_secret=CONSUMER_SECRET,
            token=token_of(handle),
            token_secret=secret_of(handle),
        )
    for person, user_id in PEOPLE.items():
        stage.add_person(person, user_id, person.title(), "it")
        stage.telegram.people[user_id].started = True
    return stage


async def _body(receive: Receive) -> bytes:
    body = bytearray()
    while True:
        event = await receive()
        body += event.get("body", b"")
        if event["type"] != "http.request" or not event.get("more_body"):
            return bytes(body)


async def _answer(send: Send, value: Any) -> None:
    body = json.dumps(value).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def main(handles: list[str]) -> None:
    async with serve(Bench(build(handles))) as address:
        print(address, flush=True)
        await asyncio.to_thread(sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:]))
