"""The whole stage in one value: a stand-in X, a stand-in Telegram, their faults, the record, and the clock.

Whoever starts the stage (the demo, a story in the tests) brings the clock; the page and the control API in app.py only
look at the stage and pull its strings. It must not know the service: that one comes in over HTTP.
Everything here belongs to one event loop.
"""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol
from uuid import uuid4

from starlette.routing import Router

from bot.sandbox.faults import Fault, Faults, Record
from bot.sandbox.telegram import TelegramWorld, telegram_routes
from bot.sandbox.x import XWorld, x_routes
from bot.sandbox.x_pin import pin_routes

CONSUMER_KEY = "sandbox-consumer-key"
CONSUMER_SECRET = "sandbox-consumer-secret"  # noqa: S105 - opens nothing but the stand-in
BOT_TOKEN = "110201543:sandbox-token-for-rehearsals"  # noqa: S105 - opens nothing but the stand-in
BOT_USERNAME = "reperibile_bot"
ACCOUNTS = {
    "TIM_Official": "TIM",
    "TIM119Giulia": "Giulia · TIM 119",
    "Telecom187Fabio": "Fabio · Telecom 187",
    "Telecom191Paolo": "Paolo · Telecom 191",
}
PEOPLE = {"giulia": (1001, "Giulia"), "alessio": (1002, "Alessio"), "sara": (1003, "Sara"), "marco": (1004, "Marco")}
LANGUAGES = ("en", "it")
LISTENS_FOR_S = 60.0  # a service's longest silence: a long poll of at most 50 s, and a pause after an error
ROLES = (("giulia", "on duty"), ("sara", "backup"), ("marco", "lead"))


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with a phone on the stage. key: their name in the rota. role: "" for who stands nowhere now."""

    key: str
    user_id: int
    name: str
    role: str = ""


class Service(Protocol):
    """The service's process, where whoever set the stage also runs it."""

    def as_json(self) -> dict[str, Any]:
        """{"state": "starting" | "up" | "down", "for_s": real seconds, ...}, for the page."""
        ...

    def kill(self, down_s: float | None = None) -> int:
        """Kill the process as it stands; it starts again `down_s` later. Its id. Raises: ValueError when it is down."""
        ...

    def start_again(self) -> None:
        """At once, when it is down."""
        ...


class Stage:
    """X, Telegram, faults and record under one clock.

    now: the stage's instant, aware UTC. advance: moves it forward; None when the clock cannot be moved. facts: lines
    for the page, such as who is on duty; asked for about once a second while a page is open, and must not raise.
    rota: the turns of these days, for the page to draw (see docs/sandbox.md); asked for with every state. service: the
    process that plays on this stage, None when it is somebody else's. heard: called with each request at a stand-in.
    `version` rises with every change that the page shows; `id` tells an open page that another stage has begun.
    """

    def __init__(
        self,
        now: Callable[[], datetime],
        advance: Callable[[timedelta], None] | None = None,
        *,
        x: XWorld | None = None,
        telegram: TelegramWorld | None = None,
        facts: Callable[[], list[str]] | None = None,
    ) -> None:
        self.now = now
        self.advance = advance
        self.facts = facts
        self.rota: Callable[[], dict[str, Any]] | None = None
        self.service: Service | None = None
        self.heard: list[Callable[[], None]] = []
        self._heard_at: float | None = None
        self.x = x or XWorld(now=now)
        self.telegram = telegram or TelegramWorld(now=now)
        self.record = Record()
        self.doors = Router(routes=[*x_routes(self.x), *pin_routes(self.x), *telegram_routes(self.telegram)])
        self.faults = Faults(self.doors, self.record, now)
        self.language = "en"
        self.language_changed: list[Callable[[str], None]] = []
        self.id = uuid4().hex
        self.version = 1
        self._keys: dict[str, int] = {}
        self._roles: list[tuple[str, str]] = []
        self._waiting: set[asyncio.Future[None]] = set()
        self._rules_shown: list[dict[str, Any]] = []
        self.x.changed.append(self.changed)
        self.telegram.changed.append(lambda _chat: self.changed())
        self.record.changed.append(self._asked)

    @classmethod
    def standard(
        cls,
        now: Callable[[], datetime],
        advance: Callable[[timedelta], None] | None = None,
        *,
        facts: Callable[[], list[str]] | None = None,
    ) -> "Stage":
        """The rehearsal's cast: four accounts with their keys, the bot, and four people of whom three are in a role."""
        telegram = TelegramWorld(now=now, token=BOT_TOKEN, username=BOT_USERNAME)
        stage = cls(now, advance, telegram=telegram, facts=facts)
        for handle, name in ACCOUNTS.items():
            stage.x.add_account(
                handle,
                name,
                consumer_key=CONSUMER_KEY,
                consumer_secret=CONSUMER_SECRET,
                token=token_of(handle),
                token_secret=secret_of(handle),
            )
        for key, (user_id, name) in PEOPLE.items():
            stage.add_person(key, user_id, name, "it")
        stage.roles = list(ROLES)
        return stage

    # ── people ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def add_person(self, key: str, user_id: int, first_name: str, language_code: str = "") -> None:
        """A person whose phone stands on the stage."""
        self.telegram.add_person(user_id, first_name, language_code)
        self._keys[key] = user_id
        self.changed()

    @property
    def roles(self) -> list[tuple[str, str]]:
        """(person, where they stand), in the order of the phones on the page: "on duty", "backup", "lead"."""
        return list(self._roles)

    @roles.setter
    def roles(self, roles: Iterable[tuple[str, str]]) -> None:
        new = list(roles)
        unknown = [person for person, _ in new if person not in self._keys]
        if unknown:
            raise ValueError(f"nobody on the stage is called {', '.join(unknown)}")
        if new != self._roles:
            self._roles = new
            self.changed()

    def people(self) -> list[Person]:
        """Everybody with a phone, in the order they came; a person without a name here goes by their number."""
        keys = {user_id: key for key, user_id in self._keys.items()}
        roles = {self._keys[person]: role for person, role in reversed(self._roles)}
        return [
            Person(
                keys.get(phone.user_id, str(phone.user_id)),
                phone.user_id,
                phone.first_name,
                roles.get(phone.user_id, ""),
            )
            for phone in self.telegram.people.values()
        ]

    def user_id(self, who: str) -> int | None:
        """The Telegram number of a person named by key, first name or number; None for nobody."""
        return next(
            (p.user_id for p in self.people() if who.lower() in (p.key.lower(), p.name.lower(), str(p.user_id))), None
        )

    # ── faults and the clock ────────────────────────────────────────────────────────────────────────────────────────

    def add_faults(self, *rules: Fault) -> None:
        """Put rules in force, after those already there."""
        self.faults.add(*rules)
        self._rules_used()

    def clear_faults(self) -> None:
        """All well again."""
        self.faults.clear()
        self._rules_used()

    def speak(self, language: str) -> None:
        """The page's language, "en" or "it"; whoever listens may let the phones follow."""
        if language not in LANGUAGES:
            raise ValueError(f"languages: {', '.join(LANGUAGES)}")
        if language != self.language:
            self.language = language
            for listener in self.language_changed:
                listener(language)
            self.changed()

    def move_clock(self, by: timedelta) -> None:
        """Move the stage's clock forward. Raises: ValueError when it has none that can be moved."""
        if self.advance is None:
            raise ValueError("the clock of this stage cannot be moved")
        self.advance(by)
        self.changed()

    # ── what the page waits for ─────────────────────────────────────────────────────────────────────────────────────

    def changed(self) -> None:
        """Something the page shows is different now."""
        self.version += 1
        waiting, self._waiting = self._waiting, set()
        for future in waiting:
            if not future.done():
                future.set_result(None)

    async def version_after(self, version: int, timeout_s: float) -> int:
        """The version once it is above `version`, or as it is after `timeout_s` real seconds."""
        if self.version <= version:
            future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._waiting.add(future)
            try:
                await asyncio.wait({future}, timeout=timeout_s)
            finally:
                self._waiting.discard(future)
        return self.version

    def service_json(self) -> dict[str, Any]:
        """Who plays on this stage: our own service's standing, else whether any has been heard of late.

        "none" until the first request, and again when none has come for LISTENS_FOR_S (real seconds).
        """
        if self.service is not None:
            return {"run_here": True, **self.service.as_json()}
        if self._heard_at is None:
            return {"run_here": False, "state": "none"}
        for_s = asyncio.get_running_loop().time() - self._heard_at
        return {"run_here": False, "state": "up" if for_s < LISTENS_FOR_S else "none", "for_s": round(for_s, 1)}

    def _asked(self) -> None:
        first = self._heard_at is None
        self._heard_at = asyncio.get_running_loop().time()
        for tell in list(self.heard):
            tell()
        if first:
            self.changed()
        self._rules_used()

    def _rules_used(self) -> None:
        """The record grows with every poll; the page only cares when that used up a rule."""
        rules = self.faults.to_json()
        if rules != self._rules_shown:
            self._rules_shown = rules
            self.changed()


def token_of(handle: str) -> str:
    """The user token of one of our accounts on the standard stage."""
    return f"sandbox-token-{handle.lower()}"


def secret_of(handle: str) -> str:
    """The secret that belongs to it."""
    return f"sandbox-secret-{handle.lower()}"
