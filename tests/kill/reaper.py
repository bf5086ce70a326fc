"""Steps and deaths. A `Step` is one side of one commit or of one network call; `Reaper` sees them all in one order and
kills the service with SIGKILL at the steps it is told.

Killed at "before" a request, it dies when the request arrives, before any work; at "after", when the work is done and
the answer is not yet given.
"""

import asyncio
import re
from collections import Counter
from collections.abc import Callable, Sequence
from itertools import zip_longest
from typing import Any, NamedTuple

from bot.sandbox.faults import without_token
from bot.sandbox.server import DROP


class Step(NamedTuple):
    """One side of a commit or of a request: the nth of its name in this phase of this life of the service.

    life: 1 for the first process, 2 for the one after its death; as a target also 0, for any.
    """

    life: int
    phase: str
    what: str
    side: str
    nth: int

    def __str__(self) -> str:
        return f"life {self.life}, {self.phase}: {self.side} {self.what} ({self.nth})"


class Reaper:
    """Counts the steps, and kills at those it is told, each once."""

    def __init__(self, targets: Sequence[Step] = ()) -> None:
        self.steps: list[Step] = []
        self.targets = list(targets)
        self.kills: list[Step] = []
        self.life = 1
        self.phase = "start"
        self.kill: Callable[[], None] = lambda: None
        self.changed: Callable[[], None] = lambda: None
        self._counts: Counter[tuple[int, str, str, str]] = Counter()
        self._dying = False

    def reached(self, what: str, side: str) -> bool:
        """Takes note of a step; True when the service died there."""
        if self._dying:
            return True
        key = (self.life, self.phase, what, side)
        self._counts[key] += 1
        step = Step(*key, self._counts[key])
        self.steps.append(step)
        target = next((t for t in self.targets if t[1:] == step[1:] and t.life in (0, step.life)), None)
        if target is not None:
            self.targets.remove(target)
            self.kills.append(step)
            self._dying = True
            self.kill()
            return True
        self.changed()
        return False

    def strike(self) -> None:
        """Kill now, wherever it is."""
        if not self._dying:
            self.kills.append(Step(self.life, self.phase, "any instant", "at", len(self.kills) + 1))
            self._dying = True
            self.kill()

    def reborn(self) -> None:
        """Another process has taken its place."""
        self.life += 1
        self._dying = False


class Gate:
    """Around the stand-ins: each request is a step when it arrives and a step when it was worked upon."""

    def __init__(self, app: Any, reaper: Reaper) -> None:
        self._app = app
        self._reaper = reaper

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        life = self._reaper.life
        what = f"{scope['method']} {re.sub(r'[0-9]{2,}', '*', without_token(scope['path']))}"
        if self._reaper.reached(what, "before"):
            await _hang_up(scope)
            return
        died = False

        async def answer(event: Any) -> None:
            nonlocal died
            if event["type"] == "http.response.start":
                died = self._reaper.life != life or self._reaper.reached(what, "after")
                if died:
                    await _hang_up(scope)
            if not died:
                await send(event)

        await self._app(scope, receive, answer)


async def _hang_up(scope: Any) -> None:
    """The other end is dead; the server is given a turn to notice, so that it does not answer for us."""
    scope["extensions"][DROP]()
    await asyncio.sleep(0)


# --- where to die -----------------------------------------------------------------------------------------------------

PHASES = ("page", "claim", "words", "send", "start")
# Comes at every tick or reading, so it is killed at once a phase, not each time.
IDLE = re.compile(r"commit \w+ \[(cursor)?\]|POST /bot/getUpdates|GET /2/users/.*")


def each_kind(steps: Sequence[Step]) -> list[Step]:
    """Every distinct commit that wrote something and every distinct request, both sides, once in the night."""
    found: dict[tuple[str, str], Step] = {}
    for phase in PHASES:
        for step in steps:
            if step.phase == phase and "[]" not in step.what:
                found.setdefault((step.what, step.side), step._replace(life=0))
    return list(found.values())


def every_step(steps: Sequence[Step]) -> list[Step]:
    """Every single step of the night; those that only pass the time once a phase."""
    return [s._replace(life=0) for s in steps if s.phase != "after" and (s.nth == 1 or not IDLE.fullmatch(s.what))]


def together(steps: Sequence[Step]) -> list[list[Step]]:
    """As few nights as possible: an early and a late death in each phase of a night, but one alone around the post.

    Two of those would be put to a person (in doubt twice), which is another story.
    """
    columns: list[list[Step]] = []
    for phase in PHASES:
        of_phase = [s for s in steps if s.phase == phase]
        half = len(of_phase) if phase == "send" else (len(of_phase) + 1) // 2
        columns += [of_phase[:half], of_phase[half:]]
    return [[s for s in one if s is not None] for one in zip_longest(*columns)]
