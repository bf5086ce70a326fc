"""`GET /metrics` for Prometheus: the counts of this process, and how things stand in the tables.

Counts and durations are those of this process since its start (meters.py and the doors' traffic); everything else is
read at each scrape and so outlives a restart (gauges.py). A database that fails is a number here, not an error.
"""

import asyncio
import logging
from collections.abc import Callable, Iterator
from datetime import datetime

from prometheus_client import CollectorRegistry, ProcessCollector, generate_latest
from prometheus_client.core import Metric
from prometheus_client.registry import Collector

from bot.core.traffic import Traffic
from bot.store.db import Store
from bot.store.health import Signs
from bot.store.state import Standing, look
from bot.web.gauges import Ahead, Seen, ahead, families
from bot.web.health import ANSWERS_WITHIN_S, Health
from bot.web.meters import Meters
from schedules.rota import Plan

log = logging.getLogger("reperibile.web")

# The rota's next two weeks are worked out anew this often at most (in seconds), or when it changes.
LOOKS_AHEAD_EVERY_S = 300


class Metrics:
    """Everything that is shown, in a registry of its own. It listens to the store from the beginning on."""

    def __init__(self, store: Store, health: Health, traffic: Traffic, now: Callable[[], datetime]) -> None:
        self._store = store
        self._health = health
        self._traffic = traffic
        self._now = now
        self._ahead: tuple[Plan, datetime, dict[str, Ahead]] | None = None
        registry = CollectorRegistry()
        self._registry = registry
        self._scrape = _Scrape(traffic)
        self.meters = Meters(registry)
        registry.register(self._scrape)
        # Memory, CPU seconds, open files and start time of this process.
        ProcessCollector(registry=registry)
        store.listeners.append(self.meters.heard)

    async def text(self) -> bytes:
        """The exposition, Prometheus's text format 0.0.4. Raises: nothing that the database does."""
        now = self._now()
        held: tuple[Standing, Signs] | None = None
        plan: Plan | None = None
        try:
            async with asyncio.timeout(ANSWERS_WITHIN_S):
                held = await self._store.read(look)
                plan = await self._health.plan()
        except Exception as problem:
            log.warning("the database does not answer: %s", type(problem).__name__)
        self._scrape.seen = Seen(
            now=now,
            leader=self._health.is_leader,
            watching=self._health.watching(plan, now),
            standing=held[0] if held else None,
            signs=held[1] if held else None,
            silent_since=self._health.silent_since(held[1]) if held else {},
            duties=self._duties(plan, now) if plan is not None else {},
        )
        # No await from here on, so two scrapes at once do not mix.
        return generate_latest(self._registry)

    def _duties(self, plan: Plan, now: datetime) -> dict[str, Ahead]:
        known = self._ahead
        if known is None or known[0] is not plan or abs((now - known[1]).total_seconds()) > LOOKS_AHEAD_EVERY_S:
            known = self._ahead = (plan, now, ahead(plan, now))
        return known[2]


class _Scrape(Collector):
    """Gives the registry what the last look saw."""

    def __init__(self, traffic: Traffic) -> None:
        self.seen: Seen | None = None
        self._traffic = traffic

    def collect(self) -> Iterator[Metric]:
        if self.seen is not None:
            yield from families(self.seen, self._traffic)
