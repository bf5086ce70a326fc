"""`GET /calendar/<token>.ics`: a feed for whoever has its address, from the leader and from a standby alike.

A feed is made once for each revision of the rota and each week, and kept: however often phones come back, the rota is
worked out once. They come with the ETag they have, and mostly hear that nothing changed.
"""

import asyncio
import hashlib
import logging
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from starlette.responses import PlainTextResponse, Response

from bot.errors import Misconfigured
from bot.store.db import Store
from bot.store.feeds import Opened, Revision, look, revisions
from bot.web.health import ANSWERS_WITHIN_S
from bot.wording.calendars import phrases
from bot.wording.words import Words
from schedules.calendar_feed import Feed, Horizon, Version, horizon, marked, version
from schedules.calendar_text import ics
from schedules.problems import RotaErrors
from schedules.rota import Plan
from schedules.rota_file import load

log = logging.getLogger("reperibile.web")

VERSIONS_MAX: Final = 16
"""An event's SEQUENCE is the last revision that changed it, looked for from the last multiple of this on: at such a
revision every event's rises once, and nobody ever has to read more of the history."""
FEEDS_MAX: Final = 100
"""Feeds kept made; the one that was asked for longest ago goes first."""
NO_SUCH: Final = "There is no such calendar.\n"

_SAFE = {
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex, nofollow",
}
# A phone may keep it and must ask each time whether it still holds: a link that was taken back ends at once.
_PRIVATE = {"Cache-Control": "private, no-cache", **_SAFE}
_FRESH = {"Cache-Control": "no-store", **_SAFE}


@dataclass(frozen=True, slots=True)
class _Made:
    """A finished feed. number: the revision it is made of; timezone, shown: so that one sees when its week is over."""

    number: int
    timezone: str
    shown: Horizon
    members: frozenset[str]
    body: bytes
    etag: str


class Calendars:
    """Answers for every feed. Belongs to one event loop.

    home: PUBLIC_URL; told: hears how each request ended (ok, not_modified, not_found, failed).
    """

    def __init__(
        self, store: Store, now: Callable[[], datetime], home: str = "", told: Callable[[str], None] | None = None
    ) -> None:
        self._store = store
        self._now = now
        self._home = home
        self._told = told or (lambda _: None)
        self._made: OrderedDict[tuple[str, str, str], _Made] = OrderedDict()
        self._plans: dict[int, tuple[datetime, Plan] | None] = {}
        self._versions: dict[int, Version] = {}
        self._shown: Horizon | None = None
        # One feed is made at a time, on a thread: an alarm must not wait for a hundred phones.
        self._making = asyncio.Lock()

    async def answer(self, token: str, if_none_match: str = "") -> Response:
        """200 with the feed, 304 when the asker has it, 404 for whatever opens nothing, 503 when we cannot know."""
        try:
            made = await self._feed(token)
        except Exception as problem:
            log.warning("a calendar cannot be served: %s", type(problem).__name__)
            self._told("failed")
            return PlainTextResponse("Not now.\n", 503, {**_FRESH, "Retry-After": "60"})
        if made is None:
            self._told("not_found")
            return PlainTextResponse(NO_SUCH, 404, _FRESH)
        headers = {"ETag": made.etag, **_PRIVATE}
        if _has(if_none_match, made.etag):
            self._told("not_modified")
            return Response(status_code=304, headers=headers)
        self._told("ok")
        headers["Content-Disposition"] = 'inline; filename="reperibile.ics"'
        return Response(made.body, headers=headers, media_type="text/calendar; charset=utf-8")

    async def _feed(self, token: str) -> _Made | None:
        async with asyncio.timeout(ANSWERS_WITHIN_S):
            asked = await self._store.read(look, token)
        if asked is None or asked.revision == 0:
            return None
        made = self._known(asked)
        if made is None:
            async with self._making:
                # Whoever waited here may find it made by the one before.
                made = self._known(asked) or await self._make(asked)
        return made if made is not None and asked.person in made.members else None

    def _known(self, asked: Opened) -> _Made | None:
        made = self._made.get(_key(asked))
        if made is None or made.number != asked.revision or made.shown != horizon(made.timezone, self._now()):
            return None
        self._made.move_to_end(_key(asked))
        return made

    async def _make(self, asked: Opened) -> _Made | None:
        number = asked.revision
        first = max(number - number % VERSIONS_MAX, 1)
        for old in [each for each in self._plans if not first <= each <= number]:
            del self._plans[old]
            self._versions.pop(old, None)
        missing = [each for each in range(first, number + 1) if each not in self._plans]
        async with asyncio.timeout(ANSWERS_WITHIN_S):
            rows = await self._store.read(revisions, missing)
        made = await asyncio.to_thread(self._made_of, rows, asked, self._now())
        if made is not None:
            self._made[_key(asked)] = made
            while len(self._made) > FEEDS_MAX:
                self._made.popitem(last=False)
        return made

    def _made_of(self, rows: Sequence[Revision], asked: Opened, now: datetime) -> _Made | None:
        """Runs on a thread of its own, one at a time. Raises: Misconfigured when none of these can be read."""
        for row in rows:
            self._plans[row.number] = _parsed(row)
        # As current_rota.py has it: while the newest cannot be read, the last one that can stays in force.
        newest = next((plan for _, plan in sorted(self._plans.items(), reverse=True) if plan is not None), None)
        if newest is None:
            raise Misconfigured(f"revision {asked.revision} of the rota cannot be read")
        plan = newest[1]
        if asked.rota and asked.rota not in plan.rotas:
            return None
        shown = horizon(plan.timezone, now)
        if shown != self._shown:
            self._versions.clear()
            self._shown = shown
        for each, known in self._plans.items():
            if known is not None and each not in self._versions:
                self._versions[each] = version(each, known[0], known[1], shown)
        person, rota, language = _key(asked)
        words = Words(language, ZoneInfo(plan.timezone))
        feed = Feed(phrases(words), person, rota, self._home)
        events = marked(feed, [self._versions[each] for each in sorted(self._versions)], shown)
        body = ics(feed.title(plan), plan.timezone, events, shown)
        etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
        return _Made(asked.revision, plan.timezone, shown, frozenset(plan.people), body, etag)


def _key(asked: Opened) -> tuple[str, str, str]:
    """Everybody who asks for a rota in one language gets the same feed."""
    return ("" if asked.rota else asked.person), asked.rota, asked.language


def _parsed(row: Revision) -> tuple[datetime, Plan] | None:
    """None for a revision that does not pass: it is as if it had never been."""
    try:
        return row.made_at, load(row.text, f"revision {row.number}")
    except RotaErrors:
        return None


def _has(if_none_match: str, etag: str) -> bool:
    """RFC 9110 §13.1.2: a list of tags, weak or strong, or *."""
    given = [each.strip().removeprefix("W/") for each in if_none_match.split(",")]
    return "*" in given or etag in given
