"""A thread that looks whether the tasks come round, and ends the process when one does not.

A loop that stands still cannot say so itself, whether it is blocked by a call or waits for a transaction that never
ends. So it is seen from outside: what every thread does stands in the log, then the process ends with exit 1, and
whoever started it starts it again.
"""

import faulthandler
import logging
import os
import sys
import threading
from collections.abc import Callable
from typing import NoReturn, TextIO

log = logging.getLogger("reperibile")

# Counted in looks of this thread, not in seconds: a machine that was paused has looked as seldom as it has worked.
LOOK_EVERY_S = 5.0
TICK_LOOKS = 12  # 60 s without a tick (DESIGN.md)
TASK_LOOKS = 180  # 15 min for what waits for others: a reading of many pages, an outage with all its time-outs
EXIT = 1


def end() -> NoReturn:
    """At once: a loop that stands still cannot be asked to stop."""
    os._exit(EXIT)


class Stuck:
    """`came_round` is called by each task whenever it begins anew; `watch` starts the thread."""

    def __init__(
        self, *, look_every_s: float = LOOK_EVERY_S, end: Callable[[], object] = end, out: TextIO | None = None
    ) -> None:
        self._look_every_s = look_every_s
        self._end = end
        self._out = out
        self._rounds: dict[str, int] = {}
        self._over = threading.Event()

    def came_round(self, name: str) -> None:
        self._rounds[name] = self._rounds.get(name, 0) + 1

    def watch(self) -> None:
        threading.Thread(target=self._watch, name="stuck", daemon=True).start()

    def stop(self) -> None:
        self._over.set()

    def _watch(self) -> None:
        seen: dict[str, tuple[int, int]] = {}
        while not self._over.wait(self._look_every_s):
            for name, rounds in list(self._rounds.items()):
                before, looks = seen.get(name, (-1, 0))
                looks = looks + 1 if rounds == before else 0
                seen[name] = (rounds, looks)
                if looks >= (TICK_LOOKS if name == "tick" else TASK_LOOKS):
                    self._give_up(name, looks)
                    return

    def _give_up(self, name: str, looks: int) -> None:
        seconds = looks * self._look_every_s
        log.critical("the task %r has not come round for %.0f s: the service ends, what it did follows", name, seconds)
        # Files, lines and functions; no values, so no secrets.
        faulthandler.dump_traceback(file=self._out or sys.stderr, all_threads=True)
        self._end()
