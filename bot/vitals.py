"""Is this process alive, and who hears of it: systemd at each tick, the watcher elsewhere once a minute.

Everything here is fed by a tick that has been committed. Nothing is said on behalf of a loop that stands still.
"""

import asyncio

from bot.heartbeat import Heartbeat
from bot.service_manager import ServiceManager
from bot.web import Health

# The watcher is called this often, at most.
BEAT_S = 60.0
# Until all is well for the first time it is looked at more often: nobody waits a minute for a start.
AGAIN_S = 5.0
WELL = "on call: all is well"


class Vitals:
    """`ticked` is called after each tick; `keep` is a task that calls the watcher."""

    def __init__(self, health: Health, manager: ServiceManager, heartbeat: Heartbeat | None) -> None:
        self._health = health
        self._manager = manager
        self._heartbeat = heartbeat
        self._tick = asyncio.Event()
        self._ready = False

    def ticked(self) -> None:
        """A tick has been written to the database."""
        if not self._ready:
            self._ready = True
            self._manager.ready("on call")
        self._manager.alive()
        self._tick.set()

    async def keep(self) -> None:
        """After a tick look at the whole cycle, and call the watcher when all of it works; without end."""
        while True:
            self._tick.clear()
            await self._tick.wait()
            await asyncio.sleep(AGAIN_S if await self.look() else BEAT_S)

    async def look(self) -> tuple[str, ...]:
        """One look; gives what does not work. The watcher is called when that is nothing."""
        wrong = await self._health.not_working()
        self._manager.status("; ".join(wrong) or WELL)
        if not wrong and self._heartbeat is not None:
            await self._heartbeat.beat()
        return wrong
