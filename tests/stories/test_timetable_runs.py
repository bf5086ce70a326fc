"""The tick and the real scheduler together, on a clock that runs and is set: no handoff is missed, none is doubled."""

import asyncio
import contextlib
import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import Session, select
from weekend import ROTA, weekend_stage

from bot.app import _ticking, _Wake, import_rota
from bot.clock import Clock
from bot.store.tables import DutyRow, OutboxRow

# The night of the clock change: Giulia hands over to Alessio at 02:30, the first of two.
HANDOFF = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
NIGHTLY = ROTA.replace(
    'starts  = 2026-11-27T18:00:00\nturn    = "1 week"', 'starts = 2026-10-24T02:30:00\nturn = "1 day"', 1
)
PUT_MARCO = '[[rotas.primary.overrides]]\nput = ["marco"]\nstart = 2026-10-25T01:00:00\nend = 2026-10-25T06:00:00\n'


def duties(session: Session) -> list[tuple[str, datetime]]:
    """Who was told of which duty of the primary, in order."""
    rows = session.exec(select(DutyRow).where(DutyRow.rota == "primary").order_by(DutyRow.id)).all()  # type: ignore[arg-type]
    told = {row.facts["duty"] for row in session.exec(select(OutboxRow).where(OutboxRow.kind == "duty")).all()}
    return [(row.person, row.start) for row in rows if row.id in told]


async def test_the_scheduler_wakes_the_tick_at_the_handoff_and_no_jump_doubles_it(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A third of a second before the handoff the jobs are laid down; then the clock is set forward, and back."""
    caplog.set_level(logging.INFO, "reperibile")
    async with weekend_stage(tmp_path, rota=NIGHTLY, at=HANDOFF - timedelta(hours=1)) as weekend:
        house, wake = weekend.house, _Wake()
        ticks: asyncio.Queue[float] = asyncio.Queue()
        house.clock = clock = Clock(HANDOFF - timedelta(seconds=0.3) - datetime.now(UTC))

        async def until(true: Callable[[], bool]) -> None:
            async with asyncio.timeout(10):
                while not true():
                    await ticks.get()

        def told() -> list[str]:
            return [person for person, _ in house.store.read_now(duties)]

        ticking = asyncio.create_task(_ticking(house, wake, ticks.put_nowait))
        try:
            await until(lambda: told() == ["giulia", "alessio"])
            assert f"the timetable says: duty:primary:{HANDOFF.isoformat()}" in caplog.messages
            assert house.store.read_now(duties)[-1] == ("alessio", HANDOFF)

            # Another process edits the rota: noticed at the next tick, and its own handoff is one of the jobs.
            import_rota(house.store, NIGHTLY + PUT_MARCO, "sara", "x", clock.now())
            wake.tick.set()
            await until(lambda: told()[-1] == "marco")

            # Asleep until the next day, over two handoffs: what is true now is told, once.
            clock.advance(timedelta(hours=25))
            wake.tick.set()
            await until(lambda: told()[-1] == "sara")
            assert told() == ["giulia", "alessio", "marco", "sara"]

            # Set back before the first handoff, and forward again: nobody is told a second time.
            for by in (timedelta(hours=-26), timedelta(hours=26)):
                clock.advance(by)
                for _ in range(2):
                    wake.tick.set()
                    await ticks.get()
            assert told() == ["giulia", "alessio", "marco", "sara"]
        finally:
            ticking.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await ticking
        house.clock = weekend.clock
