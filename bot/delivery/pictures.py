"""The rota's picture, drawn when its message leaves: from the rota in force, in a thread beside the loop.

A row of the outbox says which rotas to show, never how they look. Whoever asks again within a few minutes is given the
same picture, as long as nothing on it has changed.
"""

import asyncio
import logging
from collections import OrderedDict
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.rota_picture import rota_png
from bot.showing import Showing, weeks_shown
from bot.store.tables import OutboxRow
from schedules.rota import Plan
from schedules.weeks import unchanged_since

log = logging.getLogger("reperibile.delivery")

# So long the mark of "now" may stay where it is: on the sheet that is a pixel.
SAME_FOR = timedelta(minutes=10)
KEPT_MAX = 8


@dataclass(frozen=True, slots=True)
class Drawing:
    """What is to be drawn; equal ones look the same. plan: that of `revision`."""

    plan: Plan
    revision: int
    rotas: tuple[str, ...]
    at: datetime
    weeks: int
    language: str


def drawing(row: OutboxRow, showing: Showing, revision: int) -> Drawing | None:
    """What a message shows as a picture; None for one that is words alone."""
    if row.kind != "rota":
        return None
    plan, now, rotas = showing.plan, showing.now, showing.rotas_shown(row)
    since = datetime.fromtimestamp(now.timestamp() // SAME_FOR.total_seconds() * SAME_FOR.total_seconds(), UTC)
    at = unchanged_since(plan, rotas, since, now)
    return Drawing(plan, revision, rotas, at, weeks_shown(row), showing.words(row).language)


class Pictures:
    """Draws, one at a time: a page must not wait for ten of them."""

    def __init__(self) -> None:
        self._drawn: OrderedDict[Drawing, bytes] = OrderedDict()
        self._one = asyncio.Lock()

    async def png(self, wanted: Drawing) -> bytes:
        """The picture; b"" when it cannot be drawn: the words go all the same."""
        async with self._one:
            png = self._drawn.get(wanted)
            if png is None:
                try:
                    png = await asyncio.to_thread(
                        rota_png, wanted.plan, wanted.rotas, wanted.at, wanted.weeks, wanted.language
                    )
                except Exception:
                    log.exception("the rota cannot be drawn, its words go alone")
                    return b""
                self._drawn[wanted] = png
                while len(self._drawn) > KEPT_MAX:
                    self._drawn.popitem(last=False)
            return png
