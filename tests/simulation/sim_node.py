"""The service in the simulation: the real House and the real `serve`, on a store whose transactions run in place."""

import asyncio
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, cast

from sim_loop import Process
from sim_world import ACCOUNT, START, TelegramDouble, World, XDouble
from sqlalchemy import Engine, event
from sqlalchemy.exc import OperationalError
from sqlmodel import select

from bot import app
from bot.clock import Clock
from bot.core.options import BotName, Options
from bot.core.reply import Waits
from bot.store.db import Store
from bot.store.tables import OutboxRow, TicketRow
from bot.telegram.door import TelegramDoor
from bot.x.door import XDoor

# Of these a transaction that changed nothing else is an idle one.
IDLE_TABLES = {"cursor"}
WROTE = re.compile(r'(?:INSERT INTO|UPDATE|DELETE FROM) "?(\w+)')
POLL_S = 15.0


class Killed(BaseException):
    """The process ends here; nothing of it runs any more."""


class NodeClock(Clock):
    """A wall clock that is a little off, and virtual monotonic time."""

    def __init__(self, world: World, off_s: float) -> None:
        super().__init__()
        self._world = world
        self._off = timedelta(seconds=off_s)

    def now(self) -> datetime:
        return START + timedelta(seconds=self._world.loop.time()) + self._off

    def monotonic(self) -> float:
        return self._world.loop.time()


class InlineStore(Store):
    """The real store, but a transaction runs where it is asked for; around it time passes, and anything may happen."""

    def __init__(self, engine: Engine, world: World, process: Process, clock: Clock, wrote: set[str]) -> None:
        super().__init__(engine)
        self._world = world
        self._process = process
        self._clock = clock
        self._wrote = wrote
        self.listeners = []
        self.boundaries.append(self._boundary)

    async def run(self, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        await self._world.rest(0.0)
        try:
            result = self.run_now(fn, *args, **kwargs)
        except Killed:
            return await self._world.gone()
        await self._world.rest(self._world.chance.choice((0.0, 0.002, 0.05)))
        return result

    async def read(self, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        await self._world.rest(0.0)
        return self.read_now(fn, *args, **kwargs)

    def run_now(self, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        self._wrote.clear()
        return super().run_now(fn, *args, **kwargs)

    def _boundary(self, moment: str, name: str) -> None:
        world, process, wrote = self._world, self._process, sorted(self._wrote - IDLE_TABLES)
        what = f"commit {name} [{', '.join(wrote)}]"
        if moment == "after_commit":
            self._committed(name, wrote)
        if not world.strikes(name if wrote else "", world.rates.write if wrote else world.rates.idle):
            if moment == "after_commit" and wrote:
                world.tell(process.name, what)
            return
        how = world.one_of(world.rates.kinds)
        side = moment.removesuffix("_commit")
        if how == "kill":
            world.kill(process, f"{side} {what}")
            raise Killed
        if how == "error":
            world.ledger.faults["error"] += 1
            world.tell(process.name, f"⚡ database error {side} {what}")
            raise OperationalError("simulated", None, Exception("disk I/O error"))
        if moment == "after_commit":
            world.pause(process, f"{side} {what}", world.rates.pause_s)

    def _committed(self, name: str, wrote: list[str]) -> None:
        """A page that has just been taken, to be sent, though its ticket does not page any more."""
        if name != "_take" or "outbox" not in wrote:
            return
        # The very rows of this transaction: no time has passed since.
        page = (OutboxRow.kind == "page", OutboxRow.state == "sending", OutboxRow.intent_at == self._clock.now())
        taken = select(OutboxRow.person, TicketRow.id, TicketRow.state).join(TicketRow).where(*page)
        for person, ticket, state in self.read_now(lambda s: list(s.exec(taken).all())):
            if state != "paging":
                self._world.ledger.broken("page after claim", f"#{ticket} is {state} and is to ring {person}")


def watched(engine: Engine) -> set[str]:
    """The tables that the running transaction has written to."""
    wrote: set[str] = set()

    @event.listens_for(engine, "before_cursor_execute")
    def wrote_to(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if found := WROTE.match(statement):
            wrote.add(found[1])

    return wrote


class Lock:
    """The leader's lock, as a node sees it: lost by dying, sometimes by freezing."""

    def __init__(self, world: World, process: Process) -> None:
        self._world = world
        self._process = process

    def try_acquire(self) -> bool:
        if self._world.leader is None:
            self._world.leader = self._process
            self._world.tell(self._process.name, "leads")
        return self.still_held()

    def release(self) -> None:
        if self.still_held():
            self._world.leader = None

    def still_held(self) -> bool:
        return self._world.leader is self._process


def options(waits: Waits, lookback: timedelta) -> Options:
    return Options((ACCOUNT,), waits, lookback, bot=BotName("reperibile_bot"), link_key=b"nobody's")


class Node:
    """One machine: starts the service again whenever it has ended."""

    def __init__(self, world: World, engine: Engine, wrote: set[str], name: str, options: Options) -> None:
        self.world = world
        self.engine = engine
        self.wrote = wrote
        self.name = name
        self.options = options
        self.off_s = world.chance.uniform(-1.5, 1.5)
        self.lives: list[Process] = []

    async def stand(self) -> None:
        while True:
            process = Process(self.name, self.world.loop)
            self.lives.append(process)
            life = self.world.loop.create_task(self._live(process), context=process.context)
            while process.alive and not life.done():  # noqa: ASYNC110 - a death wakes nobody
                await asyncio.sleep(0.5)
            least, most = self.world.rates.down_s if self.world.is_faulty else (0.5, 3.0)
            await asyncio.sleep(self.world.chance.uniform(least, most))

    async def _live(self, process: Process) -> None:
        lock = Lock(self.world, process)
        clock = NodeClock(self.world, self.off_s)
        store = InlineStore(self.engine, self.world, process, clock, self.wrote)
        try:
            while not lock.try_acquire():  # noqa: ASYNC110 - as `run` does
                await asyncio.sleep(app.STANDBY_S)
            x, telegram = (
                cast(XDoor, XDouble(self.world, process)),
                cast(TelegramDoor, TelegramDouble(self.world, process)),
            )
            house = app.House(store, x, telegram, self.options, clock)
            async with asyncio.TaskGroup() as group:
                group.create_task(app.serve(house, POLL_S))
                group.create_task(self._keep_leading(lock))
        except asyncio.CancelledError:
            raise
        except BaseException as problem:
            self.world.tell(self.name, f"ended by itself: {'; '.join(sorted({_short(p) for p in _leaves(problem)}))}")
            for each in _leaves(problem):
                if not isinstance(each, (app.LeadLost, OperationalError)) or "locked" in str(each):
                    self.world.ledger.broken("died of itself", repr(each))
        finally:
            lock.release()

    async def _keep_leading(self, lock: Lock) -> None:
        """As `run` does: it asks now and then, and stops when another leads."""
        while True:
            await asyncio.sleep(app.STANDBY_S * 4)
            if not lock.still_held():
                raise app.LeadLost("another process leads now")


def _leaves(problem: BaseException) -> list[BaseException]:
    if isinstance(problem, BaseExceptionGroup):
        return [leaf for each in problem.exceptions for leaf in _leaves(each)]
    return [problem]


def _short(problem: BaseException) -> str:
    return type(problem).__name__
