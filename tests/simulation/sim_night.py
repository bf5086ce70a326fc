"""One night, from a seed to a verdict. `make simulate SEED=7` plays one and tells it; without a seed, minutes of them.

The real house (intake, desk, watch, delivery, on SQLite) runs on virtual time, on one or two nodes, while customers
write, people answer and all that can fail fails. Then the faults stop; when it has come to rest, the oracle asks.
"""

import argparse
import asyncio
import contextlib
import gc
import logging
import os
import shutil
import sys
import tempfile
import time
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

from sim_loop import VirtualLoop
from sim_node import Node, options, watched
from sim_oracle import Rows, judge, unsettled
from sim_people import Person, Town
from sim_world import TEAM, World
from sqlalchemy import Engine, event

from bot import app
from bot.core.options import Options
from bot.core.reply import Waits
from bot.current_rota import CurrentRota
from bot.store import people
from bot.store.db import Store, connect
from bot.store.migrate import upgrade
from bot.watch import Watch

FAULTS_S = 360.0
"""So long things fail."""
AT_MOST_S = 3000.0
"""So long they may take to come to rest."""
TICKS_S = (5.0, 10.0, 20.0, 20.0)
WAITS = Waits(hold=timedelta(seconds=20), first_look=timedelta(seconds=45), second_look=timedelta(seconds=120))

ROTA = """\
timezone   = "Europe/Rome"
escalation = "standard"
[office]
hours = ["mon-fri 09:00-18:00"]
[people.giulia]
name = "Giulia Rossi"
signature = "GR"
language = "en"
[people.alessio]
name = "Alessio Conti"
signature = "AC"
language = "en"
[people.sara]
name = "Sara Ricci"
signature = "SR"
language = "en"
[people.marco]
name = "Marco Villa"
signature = "MV"
role = "lead"
language = "en"
[lines.187]
title = "landline and fibre"
[accounts.TIM_Official]
[[rotas.primary.layers]]
people  = ["giulia", "alessio", "sara"]
starts  = 2026-11-27T18:00:00
turn    = "1 week"
windows = ["fri 18:00 - mon 09:00", "mon-thu 18:00-09:00"]
[[rotas.backup.layers]]
people = ["sara", "giulia", "alessio"]
starts = 2026-11-27T18:00:00
turn   = "1 week"
[escalations.standard]
repeat = 2
[[escalations.standard.steps]]
page = ["rota:primary"]
wait_min = 2
[[escalations.standard.steps]]
page = ["rota:primary", "rota:backup"]
wait_min = 2
[[escalations.standard.steps]]
page = ["leads"]
wait_min = 10
"""


@dataclass
class Verdict:
    """What came of a night."""

    seed: int
    violations: list[str]
    trace: list[str] = field(repr=False)
    faults: Counter[str] = field(default_factory=Counter)
    virtual_s: float = 0.0


Change = Callable[[Options], Options]


def play(seed: int, change: Change = lambda options: options) -> Verdict:
    """Play the night of this seed. change: of the options, for a mutant."""
    with _quiet(), tempfile.TemporaryDirectory(dir=_memory(), prefix="reperibile-sim-") as folder:
        database = Path(folder, "night.db")
        shutil.copy(_prepared(), database)
        engine = _engine(database)
        loop = VirtualLoop()
        asyncio.set_event_loop(loop)
        world = World(loop, seed)
        nodes: list[Node] = []
        tick, app.TICK_S = app.TICK_S, world.chance.choice(TICKS_S)
        try:
            loop.run_until_complete(_night(world, engine, nodes, change))
        finally:
            app.TICK_S = tick
            world.is_over = True
            loop.bury([life for node in nodes for life in node.lives])
            loop.close()
            asyncio.set_event_loop(None)
            engine.dispose()
        return Verdict(
            seed, list(dict.fromkeys(world.ledger.violations)), world.trace, world.ledger.faults, loop.time()
        )


async def _night(world: World, engine: Engine, nodes: list[Node], change: Change) -> None:
    chance = world.chance
    lookback = timedelta(minutes=chance.choice((3, 30)))
    how = change(options(WAITS, lookback))
    store = Store(engine)
    wrote = watched(engine)
    world.tell("night", f"{world.rates}")
    nodes += [Node(world, engine, wrote, f"node{n + 1}", how) for n in range(chance.choice((1, 2, 2)))]
    town = Town(world)
    team = [Person(world, store, name) for name in TEAM]
    others = [asyncio.create_task(node.stand()) for node in nodes]
    # Everybody has begun before anything fails: a first start has rules of its own.
    await asyncio.sleep(20.0)
    others += [asyncio.create_task(person.watch()) for person in team]
    customers = asyncio.create_task(town.write(FAULTS_S))
    world.is_faulty = True
    await asyncio.sleep(FAULTS_S)
    await customers
    world.is_faulty = False
    world.tell("night", "— all faults stop —")
    end = world.loop.time() + AT_MOST_S
    while True:
        await asyncio.sleep(10.0)
        rows = Rows(store)
        left = unsettled(world, rows, town)
        if not left and not any(person.busy for person in team):
            break
        if world.loop.time() > end:
            left += [f"{person.name} still waits for something" for person in team if person.busy]
            for each in left:
                world.ledger.broken("never comes to rest", each)
            break
    others += [deed for person in team for deed in person.deeds]
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
    judge(world, Rows(store), town)


def _engine(database: Path) -> Engine:
    engine = connect(f"sqlite:///{database}")

    @event.listens_for(engine, "connect")
    def unsafe(connection: Any, _record: Any) -> None:
        # Nobody pulls this machine's plug; only the virtual ones are pulled.
        connection.execute("PRAGMA synchronous=OFF").close()

    return engine


@cache
def _prepared() -> Path:
    """A database with tables, rota and everybody's phone, made once a process."""
    path = Path(tempfile.mkdtemp(prefix="reperibile-sim-"), "prepared.db")
    upgrade(f"sqlite:///{path}")
    store = Store.open(f"sqlite:///{path}")
    now = World(VirtualLoop(), 0).now()
    app.import_rota(store, ROTA, "server", "simulation", now)
    for person, number in TEAM.items():
        store.run_now(people.link, person, number, now, confirmed=True)
    # What is done once a rota (its checks) need not be done once a night.
    asyncio.run(Watch(store, options(WAITS, timedelta(minutes=30)), CurrentRota()).tick(now))
    store.close()
    return path


def _memory() -> str | None:
    return "/dev/shm" if os.access("/dev/shm", os.W_OK) else None


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ResourceWarning)
            yield
    finally:
        logging.disable(before)
        gc.unfreeze()


def told(verdict: Verdict) -> str:
    """A failing night, to be read by a person."""
    lines = [*verdict.trace, "", *(f"✗ {each}" for each in verdict.violations)]
    return "\n".join([*lines, f"again: make simulate SEED={verdict.seed}"])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, help="this night alone, told in full")
    parser.add_argument("--minutes", type=float, default=3.0, help="how long fresh seeds are tried")
    asked = parser.parse_args()
    if asked.seed is not None:
        verdict = play(asked.seed)
        print(told(verdict))
        return 1 if verdict.violations else 0
    begun, first = time.monotonic(), int.from_bytes(os.urandom(4)) // 1000 * 1000
    runs, faults, broken = 0, Counter[str](), 0
    while time.monotonic() - begun < asked.minutes * 60:
        verdict = play(first + runs)
        runs += 1
        faults += verdict.faults
        if verdict.violations:
            broken += 1
            print(
                f"\nseed {verdict.seed}: {'; '.join(verdict.violations[:3])}"
                f"\n  again: make simulate SEED={verdict.seed}"
            )
        if runs % (5 if sys.stdout.isatty() else 50) == 0:
            print(f"\r{_sum(runs, faults, broken, time.monotonic() - begun)}", end="", flush=True)
    print(f"\r{_sum(runs, faults, broken, time.monotonic() - begun)}; seeds from {first}")
    print(", ".join(f"{name} {count}" for name, count in sorted(faults.items())))
    return 1 if broken else 0


def _sum(runs: int, faults: Counter[str], broken: int, seconds: float) -> str:
    rate = f"{runs} nights in {seconds:.0f} s ({runs / seconds:.1f}/s)"
    return f"{rate}, {faults.total()} faults, {faults['kill']} kills, {broken} broken"


if __name__ == "__main__":
    sys.exit(main())
