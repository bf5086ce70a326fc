"""A Saturday night with the service as a real process, and with a death between any two of its steps.

The stand-ins live in the test's own event loop; the service is a child (victim.py). Nobody waits for a fixed time:
people act on what they see, and once the service is at rest.
"""

import asyncio
import os
import re
import signal
import uuid
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from prepared import ACCOUNTS, SATURDAY_NIGHT, Databases
from reaper import Gate, Reaper, Step
from service import Starter, launcher
from sqlmodel import select

from bot.clock import Clock
from bot.sandbox.app import create_app
from bot.sandbox.server import serve
from bot.sandbox.stage import BOT_TOKEN, CONSUMER_KEY, CONSUMER_SECRET, PEOPLE, Stage, secret_of, token_of
from bot.store.db import Store
from bot.store.tables import InboxRow, OutboxRow, ReplyRow, TicketRow

TICK_S = 0.2
AT_ONCE = 4
"""Nights played side by side: they mostly wait."""
PATIENCE_S = 2.5
"""So long a person waits for something to happen before they press again."""
AT_MOST_S = 40.0
"""So long anything may take before the night counts as failed."""
EVERY_S = {"X_POLL_S": "0.2", "REPLY_HOLD_S": "0.3", "X_DOUBT_WAIT_S": "0.5", "X_DOUBT_WAIT2_S": "0.7"}

OUTAGE = "@TIM_Official siamo un'intera borgata senza linea, nemmeno il 112 si riesce a chiamare"
WORDS = "Ci siamo: il guasto è noto, i tecnici sono sul posto entro le 23."


class Night:
    """The stage, the service on it, and what people do."""

    def __init__(self, stage: Stage, reaper: Reaper, starter: Starter, url: str, folder: Path) -> None:
        self.stage = stage
        self.reaper = reaper
        self.url = url
        self.store = Store.open(url)
        self.log = folder / f"service-{uuid.uuid4().hex[:8]}.log"
        self.at_most_s = AT_MOST_S
        self.presses = 0
        self.again = 0
        """How often somebody pressed a second time, because nothing had happened."""
        self._starter = starter
        self._news = asyncio.Event()
        for changed in (stage.x.changed, stage.record.changed):
            changed.append(self._news.set)
        stage.telegram.changed.append(lambda _chat: self._news.set())
        reaper.changed = self._news.set
        reaper.kill = self._kill
        self._pid = 0
        self._condemned = False
        self._over = False
        self._life: asyncio.Task[None] | None = None

    # the service

    def begin(self, address: str, control: int) -> None:
        self._life = asyncio.create_task(self._live(address, control))

    async def _live(self, address: str, control: int) -> None:
        """Start the service, and again whenever it was killed."""
        offset = (self.stage.now() - datetime.now(UTC)).total_seconds()
        environ = {
            "DATABASE_URL": self.url,
            "ROTA_FILE": "none.toml",
            "TELEGRAM_TOKEN": BOT_TOKEN,
            "TELEGRAM_API_URL": address,
            "X_API_URL": address,
            "X_CONSUMER_KEY": CONSUMER_KEY,
            "X_CONSUMER_SECRET": CONSUMER_SECRET,
            "HTTP_PORT": "0",
            "NOW_OFFSET_S": str(offset),
            **EVERY_S,
        }
        for handle in ACCOUNTS:
            environ[f"X_TOKEN_{handle.upper()}"] = token_of(handle)
            environ[f"X_TOKEN_SECRET_{handle.upper()}"] = secret_of(handle)
        spec = {"environ": environ, "control": control, "log": str(self.log), "tick_s": TICK_S}
        while True:
            self._condemned = False
            self._pid, gone = await self._starter.start(spec)
            if self._condemned:
                self._kill()
            code = await asyncio.shield(gone)
            self._pid = 0
            if self._over:
                return
            if code != -signal.SIGKILL:
                raise AssertionError(
                    f"the service ended by itself, exit {code}, {self.reaper.kills}:\n{self.log.read_text()[-3000:]}"
                )
            self.reaper.reborn()

    def _kill(self) -> None:
        self._condemned = True
        if self._pid:
            os.kill(self._pid, signal.SIGKILL)

    async def hear(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """The control connection of one service: each boundary is a step, and goes on by one byte."""
        with suppress(ConnectionError):
            await reader.readline()
            while line := await reader.readline():
                moment, _, name = line.decode().strip().partition(" ")
                if not self.reaper.reached(f"commit {name}", moment.removesuffix("_commit")):
                    writer.write(b".")
        writer.close()

    async def end(self) -> None:
        self._over = True
        self._kill()
        assert self._life is not None
        try:
            await self._life
        finally:
            self.store.close()

    # waiting

    async def until(self, is_so: Callable[[], Any], at_most_s: float) -> bool:
        """Wait until something is so, looking whenever anything happens; False after so long."""
        assert self._life is not None
        try:
            async with asyncio.timeout(at_most_s):
                while not is_so():
                    if self._life.done():
                        self._life.result()
                    self._news.clear()
                    await self._news.wait()
        except TimeoutError:
            return False
        return True

    async def must(self, what: str, is_so: Callable[[], Any]) -> None:
        if not await self.until(is_so, self.at_most_s):
            raise AssertionError(f"{what}: not within {self.at_most_s:g} s\n{self.state()}\n{self.told()}")

    async def rest(self) -> None:
        """Until the service has read X twice more: whatever was under way is done."""
        seen = len(self.stage.record.of("GET /2/users/*/mentions"))
        await self.must("the service reads X", lambda: len(self._readings()) >= seen + 2 * len(ACCOUNTS))

    def _readings(self) -> list[Any]:
        return [r for r in self.stage.record.of("GET /2/users/*/mentions") if r.status == 200]

    # people

    def on_phone(self, person: str, pattern: str) -> list[Any]:
        """What the bot wrote to this person that begins so, oldest first."""
        chat = self.stage.telegram.chat(PEOPLE[person][0])
        return [m for m in chat if m.from_bot and re.match(pattern, m.text)]

    async def presses_until(self, person: str, pattern: str, data: str, is_so: Callable[[], Any]) -> None:
        """Press a button; press again when nothing happens, as people do."""
        message = self.on_phone(person, pattern)[-1]
        for _ in range(int(self.at_most_s / PATIENCE_S)):
            self.presses += 1
            self.stage.telegram.presses(PEOPLE[person][0], message.message_id, data)
            if await self.until(is_so, PATIENCE_S):
                return
            self.again += 1
        raise AssertionError(f"{person} pressed {data} in vain\n{self.state()}\n{self.told()}")

    def posts(self) -> list[Any]:
        """Our own posts on X, oldest first."""
        return [p for p in self.stage.x.posts.values() if p.author.handle in ACCOUNTS]

    def popups(self, person: str) -> int:
        return len(self.stage.telegram.popups(PEOPLE[person][0]))

    # what stands in the database

    def rows(self, table: type[Any]) -> list[Any]:
        return list(self.store.read_now(lambda session: session.exec(select(table)).all()))

    def unsettled(self) -> list[str]:
        """Everything that is still under way."""
        now = self.stage.now()
        found = [f"update {r.update_id}" for r in self.rows(InboxRow) if r.handled_at is None]
        found += [f"reply {r.id} {r.state}" for r in self.rows(ReplyRow) if r.state in ("held", "sending", "in_doubt")]
        for row in self.rows(OutboxRow):
            if row.state == "sending" or (row.state == "due" and row.due_at <= now):
                found.append(f"message {row.key} {row.state}")
            elif row.state == "sent" and row.remote_id is not None and row.version > row.shown:
                found.append(f"message {row.key} is not up to date")
        return found

    def told(self) -> str:
        """The end of the service's log."""
        return self.log.read_text()[-2500:] if self.log.exists() else "no log"

    def state(self) -> str:
        """For a failure: everything at a glance."""
        tickets = [(t.id, t.state, t.owner) for t in self.rows(TicketRow)]
        replies = [(r.id, r.state, r.reason, r.attempts, r.doubts, r.asked) for r in self.rows(ReplyRow)]
        outbox = [(o.key, o.state, o.attempts, o.error) for o in self.rows(OutboxRow)]
        last = [str(s) for s in self.reaper.steps[-12:]]
        return "\n".join(
            f"{name}: {value}"
            for name, value in {
                "killed": [str(k) for k in self.reaper.kills],
                "tickets": tickets,
                "replies": replies,
                "outbox": outbox,
                "unsettled": self.unsettled(),
                "posts": [p.text for p in self.posts()],
                "giulia": [m.text.split("\n")[0] for m in self.on_phone("giulia", "")],
                "last steps": last,
            }.items()
        )


@asynccontextmanager
async def night(one: Starter, databases: Databases, folder: Path, targets: Sequence[Step] = ()) -> AsyncIterator[Night]:
    """Saturday, 22:00 in Rome; the service runs, and dies at the targets."""
    clock = Clock(SATURDAY_NIGHT - datetime.now(UTC))
    stage = Stage.standard(clock.now)
    stage.x.rate_limited = False
    stage.x.duplicate_filter = False
    for phone in stage.telegram.people.values():
        phone.started = True
    reaper = Reaper(targets)
    async with databases.fresh() as url, serve(Gate(create_app(stage), reaper)) as address:
        here = Night(stage, reaper, one, url, folder)
        control = await asyncio.start_server(here.hear, "127.0.0.1", 0)
        here.begin(address, control.sockets[0].getsockname()[1])
        try:
            yield here
        finally:
            await here.end()
            control.close()


# --- the story --------------------------------------------------------------------------------------------------------

CARD = r"(?s)\S+ #1 · 187 · "
PREVIEW = r"✏️ #1\b"


async def from_mention_to_answer(here: Night) -> None:
    """A customer writes, Giulia claims, types and sends; every phase ends at rest."""
    await here.rest()
    here.reaper.phase = "page"
    mention = here.stage.x.write("mario", OUTAGE)
    await here.must("Giulia's phone shows the card", lambda: here.on_phone("giulia", CARD))
    await here.rest()

    here.reaper.phase = "claim"
    popups = here.popups("giulia")
    await here.presses_until(
        "giulia",
        CARD,
        "claim:1",
        lambda: here.popups("giulia") > popups or here.on_phone("giulia", CARD + "[^\n]*you have it"),
    )
    await here.rest()

    here.reaper.phase = "words"
    user = PEOPLE["giulia"][0]
    here.stage.telegram.types(user, WORDS, reply_to=here.on_phone("giulia", CARD)[-1].message_id)
    await here.must("Giulia sees the preview", lambda: here.on_phone("giulia", PREVIEW))
    await here.rest()

    here.reaper.phase = "send"
    await here.presses_until("giulia", PREVIEW, "send:1", here.posts)
    await here.rest()
    await here.must("everything is settled", lambda: not here.unsettled())
    here.reaper.phase = "after"
    await here.rest()
    check(here, mention.id)


def check(here: Night, mention: int) -> None:
    """The page at least once, the reply exactly once, nothing lost, nothing else said."""
    assert here.on_phone("giulia", CARD), here.state()
    assert any(m.rang for m in here.on_phone("giulia", CARD)), here.state()
    assert len(here.on_phone("giulia", CARD)) <= 1 + len(here.reaper.kills), here.state()
    assert not here.on_phone("sara", CARD), here.state()

    assert [(p.author.handle, p.in_reply_to, p.text) for p in here.posts()] == [
        ("TIM_Official", mention, f"{WORDS} ^GR")
    ], here.state()

    (ticket,) = here.rows(TicketRow)
    assert (ticket.state, ticket.owner) == ("answered", "giulia"), here.state()
    (reply,) = here.rows(ReplyRow)
    assert (reply.typed, reply.state, reply.x_id) == (WORDS, "posted", here.posts()[0].id), here.state()
    assert not here.unsettled(), here.state()
    updates = here.rows(InboxRow)
    assert len(updates) == 1 + here.presses, here.state()
    assert all(u.handled_at is not None and not u.error and not u.raw for u in updates), here.state()
    failed = [o for o in here.rows(OutboxRow) if o.state == "failed"]
    assert not failed, here.state()


@dataclass(frozen=True)
class Outcome:
    """What became of one night. missed: the steps at which the service should have died but that never came."""

    targets: tuple[Step, ...]
    missed: tuple[Step, ...]
    steps: tuple[Step, ...]
    seconds: float
    again: int
    problem: str = ""


async def play(one: Starter, databases: Databases, folder: Path, targets: Sequence[Step] = ()) -> Outcome:
    """One night, told in one value; nothing is raised."""
    loop = asyncio.get_running_loop()
    begun = loop.time()
    problem = ""
    reaper: Reaper | None = None
    again = 0
    try:
        async with night(one, databases, folder, targets) as here:
            reaper = here.reaper
            try:
                await from_mention_to_answer(here)
            finally:
                again = here.again
    except Exception as error:
        problem = f"{type(error).__name__}: {error}"
    return Outcome(
        tuple(targets),
        tuple(reaper.targets) if reaper else (),
        tuple(reaper.steps) if reaper else (),
        loop.time() - begun,
        again,
        problem,
    )


async def play_all(
    databases: Databases, folder: Path, plans: Sequence[Sequence[Step]], at_once: int = AT_ONCE
) -> list[Outcome]:
    """Many nights, some at once. What is missed in company is tried again alone."""
    places = asyncio.Semaphore(at_once)
    async with launcher() as one:

        async def in_turn(targets: Sequence[Step]) -> Outcome:
            async with places:
                return await play(one, databases, folder, targets)

        outcomes = list(await asyncio.gather(*map(in_turn, plans)))
        alone = [
            [step] for o in outcomes if len(o.targets) > 1 and not o.problem for step in o.missed if step.life == 0
        ]
        again = await asyncio.gather(*map(in_turn, alone))
    made_up = {o.targets[0] for o in again if not o.missed}
    outcomes = [replace(o, missed=tuple(s for s in o.missed if s not in made_up)) for o in outcomes]
    return [*outcomes, *(o for o in again if o.problem)]


def complaints(outcomes: Sequence[Outcome]) -> str:
    """What went wrong, for an assertion; "" when all is well."""
    return "\n\n".join(
        f"killed at {', '.join(map(str, o.targets)) or 'no step'}: "
        + (o.problem or f"never came: {', '.join(map(str, o.missed))}")
        for o in outcomes
        if o.problem or o.missed
    )
