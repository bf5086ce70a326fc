"""A channel far quieter than that hour of the week usually is: X may show us less than there is.

What is usual is kept as counts alone, the last ones of every hour of the week, so it outlives the mentions themselves.
Leads are told silently: it is a hint. Nothing is said of an hour that is not known well, or in which few ever write.
"""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from statistics import median
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, func, select

from bot.core.options import Options
from bot.store import story
from bot.store.tables import Cursor, MentionRow
from bot.watch.telling import cursor_of, notice
from schedules.office import is_open, last_closing
from schedules.rota import Plan

HOUR = timedelta(hours=1)
# X shows some mentions late, and the reading of the whole lookback has to have come round.
LATE = timedelta(minutes=10)
# How many weeks of an hour are remembered, and how many have to be known before anything is said.
KNOWN_MAX, KNOWN_MIN = 8, 4
# Below that many in an hour chance alone makes an hour quiet; above, a quarter comes by chance once in 50,000 hours.
USUAL_MIN = 20
QUIET_SHARE = 4
# While it lasts it is told again after this long.
AGAIN = timedelta(hours=6)


def is_too_quiet(count: int, known: Sequence[int]) -> bool:
    """Is this far less than the same hour of earlier weeks?"""
    return len(known) >= KNOWN_MIN and median(known) >= USUAL_MIN and count * QUIET_SHARE < median(known)


def tell(session: Session, plan: Plan, now: datetime, options: Options) -> None:
    """Once an hour: count the last whole one of each account, compare it, and remember it."""
    hour = (now - LATE).replace(minute=0, second=0, microsecond=0) - HOUR
    for account in options.accounts:
        usual = cursor_of(session, f"usual:{account}")
        if usual.good_at is None or usual.good_at > now:
            usual.good_at = hour
        if hour <= usual.good_at:
            continue
        usual.good_at = hour
        if _was_read(session, plan, account, hour, options):
            _compare(session, plan, account, usual, hour, now)


def _was_read(session: Session, plan: Plan, account: str, hour: datetime, options: Options) -> bool:
    """Was X watched all through this hour, and read well since?"""
    read = session.get(Cursor, f"x:{account}")
    if read is None or read.good_at is None or read.good_at < hour + HOUR or read.failing_since is not None:
        return False
    if options.always:
        return True
    closed = last_closing(plan, hour + HOUR)
    return not is_open(plan, hour) and not is_open(plan, hour + HOUR) and (closed is None or closed <= hour)


def _compare(session: Session, plan: Plan, account: str, usual: Cursor, hour: datetime, now: datetime) -> None:
    counted = select(func.count()).select_from(MentionRow).where(
        MentionRow.account == account, col(MentionRow.created_at) >= hour, col(MentionRow.created_at) < hour + HOUR
    )  # fmt: skip
    count = session.exec(counted).one()
    local = hour.astimezone(ZoneInfo(plan.timezone))
    weeks: dict[str, list[int]] = json.loads(usual.value or "{}")
    known = weeks.get(name := f"{local:%u-%H}", [])
    told = usual.told_at is not None and now - AGAIN < usual.told_at <= now
    if is_too_quiet(count, known) and not told:
        usual.told_at = now
        often = round(median(known))
        story.tell(session, now, "watch", "quiet", detail=f"@{account}", grave=True, facts={"n": count, "usual": often})
        for lead in sorted(plan.leads):
            facts = {"what": "quiet", "account": account, "count": count, "usual": often, "since": hour.isoformat()}
            notice(session, now, f"quiet:{account}:{hour.isoformat()}:{lead}", lead, facts)
    weeks[name] = [*known, count][-KNOWN_MAX:]
    usual.value = json.dumps(weeks, separators=(",", ":"))
