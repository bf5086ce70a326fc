"""The disk fills: told while it still can be, for a full one takes no message and no page any more."""

import shutil
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from sqlmodel import Session

from bot.store import story
from bot.store.db import Store, parse_url, sqlite_path
from bot.watch.telling import cursor_of, notice
from schedules.rota import Plan

MIB = 2**20
# Told below each of these, the emptiest last; a night's work needs a few MiB.
LEVELS = {"low": 200 * MIB, "very low": 50 * MIB}
# It has to become so much better before it is told again.
BETTER = 50 * MIB
LOOK_EVERY = timedelta(minutes=1)

Free = Callable[[], int | None]
"""How many bytes are free where the database lies; None when that is not ours to know."""


def free_of(store: Store) -> Free:
    """What is free where the database lies; on PostgreSQL, whose disk is elsewhere, where this process stands."""
    path = sqlite_path(parse_url(store.url))
    folder = path.parent if path is not None else Path.cwd()

    def free() -> int | None:
        try:
            return shutil.disk_usage(folder).free
        except OSError:
            return None

    return free


class Disk:
    def __init__(self, free: Free | None) -> None:
        self._free = free
        self._looked_at: datetime | None = None

    def look(self, session: Session, plan: Plan, now: datetime) -> None:
        """Ring the leads when less is left than before; often called, it looks once a minute."""
        if self._free is None or (self._looked_at is not None and timedelta() <= now - self._looked_at < LOOK_EVERY):
            return
        self._looked_at = now
        free = self._free()
        if free is None:
            return
        cursor = cursor_of(session, "disk")
        order = list(LEVELS)
        level = next((name for name in reversed(order) if free < LEVELS[name]), "")
        known = cursor.value
        if level and (not known or order.index(level) > order.index(known)):
            cursor.value = level
            story.tell(session, now, "watch", f"disk {level}", grave=True, facts={"free_mib": free // MIB})
            for lead in sorted(plan.leads):
                facts = {"what": "disk", "free": free // MIB}
                notice(session, now, f"disk:{level}:{now.timestamp()}:{lead}", lead, facts, rings=True)
        elif known and free >= LEVELS[known] + BETTER:
            cursor.value = level
