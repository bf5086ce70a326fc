"""What is told while it still can be: a silent Telegram, a disk that fills, a clock that jumped, a task that hangs."""

import asyncio
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from shutil import disk_usage
from typing import Any

import pytest
from sqlmodel import Session, select

from bot.app import import_rota
from bot.clock import HandClock
from bot.core.options import Options
from bot.core.reply import Waits
from bot.current_rota import CurrentRota
from bot.delivery import Delivery
from bot.store.db import Store
from bot.store.tables import Cursor, MentionRow, OutboxRow
from bot.stuck import TICK_LOOKS, Stuck
from bot.watch import Watch
from bot.watch.disk import free_of

NIGHT = datetime(2026, 11, 28, 21, 0, tzinfo=UTC)
S, M = timedelta(seconds=1), timedelta(minutes=1)
MIB = 2**20
ROTA = """
timezone = "Europe/Rome"
[office]
hours = ["mon-fri 09:00-18:00"]
[people.giulia]
[people.marco]
role = "lead"
language = "en"
[[rotas.primary.layers]]
people = ["giulia"]
starts = 2026-01-01T00:00:00
turn = "1 week"
"""


class Night:
    def __init__(self, store: Store) -> None:
        self.store, self.clock, self.called, self.free = store, HandClock(NIGHT), list[str](), 10**12
        import_rota(store, ROTA, "server", "test", NIGHT)
        options = replace(Options((), Waits(S, S, S), always=True), last_resort=True)
        self.watch = Watch(store, options, CurrentRota(), lambda: self.free)

        async def call(text: str) -> int:
            self.called.append(text)
            return 1

        self.delivery = Delivery(store, None, None, options, CurrentRota(), self.clock, call)  # type: ignore[arg-type]  # neither is asked

    def telegram(self, good_at: datetime, fails: int) -> None:
        def write(session: Session) -> None:
            session.merge(Cursor(name="telegram", good_at=good_at, fails=fails))

        self.store.run_now(write)

    async def tick(self, **later: float) -> None:
        self.clock.advance(timedelta(**later))
        await self.watch.tick(self.clock.now())
        await self.delivery.to_last_resort()

    def told(self, what: str) -> list[tuple[str | None, bool, dict[str, Any]]]:
        """Who heard it, whether it rang, and its facts."""
        rows = self.store.read_now(lambda s: s.exec(select(OutboxRow).where(OutboxRow.kind == "notice")).all())
        return [(row.person, not row.silent, row.facts) for row in rows if row.facts["what"] == what]


@pytest.fixture
def night(sqlite_template: Path, tmp_path: Path) -> Night:
    path = tmp_path / "reperibile.db"
    path.write_bytes(sqlite_template.read_bytes())
    return Night(Store.open(f"sqlite:///{path}"))


async def test_a_telegram_that_does_not_answer_is_told_elsewhere(night: Night) -> None:
    """Nobody can be rung or claim: the last resort after five minutes, hourly, and one line when it is over."""
    night.telegram(NIGHT, 0)
    await night.tick()
    night.telegram(NIGHT, 2)
    await night.tick(minutes=4, seconds=59)
    assert night.called == []
    await night.tick(seconds=1)
    assert night.called == [
        "Reperibile: Telegram non risponde da sab 28 nov, 22:00. Nessuno può essere chiamato e nessuno può prendere "
        "in carico: guardate X voi stessi."
    ]
    await night.tick(minutes=59)
    assert len(night.called) == 1
    await night.tick(minutes=1)
    assert len(night.called) == 2
    night.telegram(night.clock.now(), 0)
    await night.tick(seconds=1)
    await night.tick(minutes=10)
    [(person, rang, facts)] = night.told("heard_again")
    assert (person, rang, facts["since"]) == ("marco", False, NIGHT.isoformat())
    assert len(night.called) == 2


async def test_telegram_is_not_called_silent_for_what_was_before_the_start(night: Night) -> None:
    night.telegram(NIGHT - 60 * M, 3)
    await night.tick()
    await night.tick(minutes=4)
    night.telegram(night.clock.now(), 0)
    await night.tick(minutes=30)
    assert (night.called, night.told("heard_again")) == ([], [])


async def test_a_disk_that_fills_is_told_before_it_is_full(night: Night) -> None:
    """Once below each mark; a little better and worse again is nothing new."""
    seen = []
    for free in (10**12, 199, 210, 199, 49, 40, 60, 49, 101, 49, 260, 199):
        night.free = free * MIB if free < 10**6 else free
        await night.tick(minutes=1)
        seen.append(len(night.told("disk")))
    assert seen == [0, 1, 1, 1, 2, 2, 2, 2, 2, 3, 3, 4]
    assert {(person, rang) for person, rang, _ in night.told("disk")} == {("marco", True)}


@pytest.mark.parametrize(("jump", "rings"), [(2 * M, False), (-10 * M, True), (60 * M, True)])
async def test_a_clock_that_jumped_is_told(night: Night, jump: timedelta, *, rings: bool) -> None:
    await night.tick()
    await night.watch.jumped(jump, NIGHT + jump)
    assert [(person, rang) for person, rang, _ in night.told("clock_jumped")] == [("marco", rings)]


async def test_a_loop_that_stands_still_ends_the_process_with_its_name(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """The tick, blocked in the loop or waiting for a transaction: nobody but a thread can see it."""
    ended = threading.Event()
    with (tmp_path / "dump.txt").open("w+") as out:
        stuck = Stuck(look_every_s=0.002, end=ended.set, out=out)
        stuck.came_round("desk")
        stuck.watch()
        # As long as it comes round nothing happens.
        for _ in range(3 * TICK_LOOKS):
            stuck.came_round("tick")
            await asyncio.to_thread(ended.wait, 0.002)
        assert not ended.is_set()
        assert ended.wait(5), "the loop stands still in this very call"
        out.seek(0)
        dump = out.read()
    assert "test_watchman.py" in dump
    assert "'tick' has not come round" in caplog.text


def test_free_space_is_that_of_the_databases_disk(night: Night, tmp_path: Path) -> None:
    free = free_of(night.store)()
    assert free is not None
    assert abs(free - disk_usage(tmp_path).free) < 10**9


async def test_a_channel_quieter_than_ever_is_told_silently(night: Night) -> None:
    """Only when weeks are known, only where many write, and only for hours in which X was read."""
    options = replace(Options(("Busy", "Calm"), Waits(S, S, S)), always=True)
    night.watch = Watch(night.store, options, CurrentRota())
    number = 0

    def an_hour(session: Session, busy: int, *, fails: bool = False) -> None:
        nonlocal number
        for account, count in (("Busy", busy), ("Calm", 2 if busy else 0)):
            for _ in range(count):
                number += 1
                at = {"seen_at": night.clock.now(), "created_at": night.clock.now() + M, "conversation_id": 1}
                who = {"author_id": 1, "author": "mario", "author_name": "M", "text": "t", "state": "joined"}
                session.add(MentionRow(id=number, newest_id=number, account=account, **who, **at))
            read = night.clock.now() + timedelta(hours=2)
            failing = read if fails else None
            session.merge(Cursor(name=f"x:{account}", good_at=read, failing_since=failing))

    told = []
    for busy, fails in ((40, False), (44, False), (40, False), (0, True), (48, False), (9, False), (0, True)):
        await night.tick()
        night.store.run_now(an_hour, busy, fails=fails)
        await night.tick(hours=1, minutes=9)
        before = len(night.told("quiet"))
        await night.tick(minutes=1)
        told.append(len(night.told("quiet")) - before)
        await night.tick(days=7, hours=-1, minutes=-10)
    assert told == [0, 0, 0, 0, 0, 1, 0]
    [(person, rang, facts)] = night.told("quiet")
    assert (person, rang, facts["account"], facts["count"], facts["usual"]) == ("marco", False, "Busy", 9, 42)
