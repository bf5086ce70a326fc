"""Silence is an alarm: nobody on duty, a rota or an X that cannot be read.

Accounts fall silent together and come back together, so they are told together: four accounts are one ring, not four.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlmodel import Session

from bot.core.ladder import on_duty_now
from bot.core.options import Options
from bot.store import story
from bot.store.durations import seconds
from bot.store.tables import Cursor
from bot.watch.telling import cursor_of, notice
from schedules.checks.holes import paged_rotas
from schedules.office import is_open, last_closing
from schedules.on_duty import spans, who
from schedules.rota import Plan

# No successful poll for this long is an alarm (promise 5).
SILENCE = timedelta(minutes=5)
SILENCE_AGAIN = timedelta(hours=1)
HOLE_SEEN = timedelta(days=8)
# Once one account has to be told of, those join that fail, too, and would have to be told of within this time.
TOGETHER = timedelta(minutes=1)
# The first account that is back waits this long for the others: a failed poll is tried again after 5 min at most.
BACK_TOGETHER = timedelta(minutes=6)


def tell_unread(session: Session, plan: Plan, newest: int, in_force: int, now: datetime) -> None:
    """A revision that cannot be read changes nothing: the leads are told, once a revision, which one stays in force."""
    if newest != in_force:
        for lead in sorted(plan.leads):
            facts = {"what": "unread", "number": newest, "revision": in_force}
            notice(session, now, f"unread:{newest}:{lead}", lead, facts, rings=True)


def tell_holes(session: Session, plan: Plan, now: datetime) -> None:
    """Out of hours with nobody on duty on any rota that a ladder pages: the leads are told, once a hole."""
    cursor = cursor_of(session, "hole")
    paged = paged_rotas(plan)
    hole = bool(paged) and not is_open(plan, now) and not any(who(plan, rota, now) for rota in paged)
    if hole and not cursor.value:
        # Named by its beginning: a clock that is set back over it tells it once.
        cursor.value = _hole_began(plan, paged, now).isoformat()
        story.tell(session, now, "watch", "nobody on duty", grave=True)
        for lead in sorted(plan.leads):
            notice(session, now, f"hole:{cursor.value}:{lead}", lead, {"what": "hole"}, rings=True)
    elif not hole:
        cursor.value = ""


def _hole_began(plan: Plan, paged: Sequence[str], now: datetime) -> datetime:
    """When the last of them went off duty, or the office closed; looked for at most HOLE_SEEN before now."""
    just_now = now + timedelta.resolution
    ends = [spans(plan, rota, now - HOLE_SEEN, just_now)[-1].start for rota in paged]
    closed = last_closing(plan, now)
    return max([*ends, *([closed] if closed is not None else [])])


def tell(session: Session, plan: Plan, now: datetime, options: Options, started: datetime | None) -> None:
    """No good poll for 5 minutes: on-duty people and leads are told, hourly, and when it is over.

    started: when this process began to watch; nothing before it counts as silence.
    """
    watched = options.always or not is_open(plan, now)
    office = cursor_of(session, "office")
    cursors = {account: cursor_of(session, f"x:{account}") for account in options.accounts}
    # Polling only began when the office closed, or when we started: silence is counted from then on.
    began = {a: max(filter(None, (c.good_at, office.good_at, started)), default=now) for a, c in cursors.items()}
    due = [a for a in cursors if watched and now - began[a] >= SILENCE and _to_be_told(cursors[a], now)]
    if due:
        soon = [
            a
            for a, c in cursors.items()
            if a not in due and c.fails and now - began[a] >= SILENCE - TOGETHER and _to_be_told(c, now + TOGETHER)
        ]
        for reason in sorted({cursors[a].value for a in due}):
            accounts = [a for a in cursors if a in (*due, *soon) and cursors[a].value == reason]
            _silent(session, plan, now, accounts, min(began[a] for a in accounts), reason)
            for account in accounts:
                cursors[account].told_at = now
    told = [a for a, c in cursors.items() if c.told_at is not None]
    back = [a for a in told if cursors[a].fails == 0 and not (watched and now - began[a] >= SILENCE)]
    _back(session, plan, now, told, back, cursors)


def _to_be_told(cursor: Cursor, now: datetime) -> bool:
    return cursor.told_at is None or now - cursor.told_at >= SILENCE_AGAIN


def _silent(session: Session, plan: Plan, now: datetime, accounts: Sequence[str], since: datetime, reason: str) -> None:
    facts = {"silent_s": seconds(since, now), "reason": reason or None}
    names = " ".join(f"@{account}" for account in accounts)
    story.tell(session, now, "watch", "X silent", detail=names, grave=True, facts=facts)
    said = {"what": "silence", "accounts": list(accounts), "since": since.isoformat(), "reason": reason}
    for person in _audience(plan, now):
        notice(session, now, f"silence:{accounts[0]}:{now.timestamp()}:{person}", person, said, rings=True)


def _back(
    session: Session,
    plan: Plan,
    now: datetime,
    told: Sequence[str],
    back: Sequence[str],
    cursors: dict[str, Cursor],
) -> None:
    """Tell of those that are back: at once when all are, else when the others had time to come back with them."""
    first = cursor_of(session, "x back")
    if not back:
        first.good_at = None
        return
    if first.good_at is None or first.good_at > now:
        first.good_at = now
    if len(back) < len(told) and now - first.good_at < BACK_TOGETHER:
        return
    first.good_at = None
    for account in back:
        cursors[account].told_at = None
    for person in _audience(plan, now):
        facts = {"what": "speaks", "accounts": list(back)}
        notice(session, now, f"speaks:{back[0]}:{now.timestamp()}:{person}", person, facts)


def _audience(plan: Plan, now: datetime) -> list[str]:
    return sorted(plan.leads | on_duty_now(plan, now))
