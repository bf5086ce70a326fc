"""Telegram does not answer: nobody can be rung or claim, and no lead can be told there. So it is told elsewhere."""

from datetime import datetime, timedelta

from sqlmodel import Session

from bot.core.options import Options
from bot.store import outbox, story
from bot.store.durations import seconds
from bot.store.tables import Cursor
from bot.watch.telling import cursor_of, notice
from schedules.rota import Plan

# No getUpdates answered for so long is an alarm, as X's silence is (promise 5).
UNHEARD = timedelta(minutes=5)
AGAIN = timedelta(hours=1)


def tell(session: Session, plan: Plan, now: datetime, options: Options, started: datetime | None) -> None:
    """The last resort is called, hourly; when Telegram answers again the leads read, silently, for how long it did not.

    started: when this process began to watch; nothing before it counts.
    """
    telegram = session.get(Cursor, "telegram")
    if telegram is None:
        return
    told = session.get(Cursor, "unheard")
    if telegram.fails:
        since = max(filter(None, (telegram.good_at, started)), default=now)
        # One from the future was told before the clock was set back.
        again = told is None or told.told_at is None or not now - AGAIN < told.told_at <= now
        if now - since < UNHEARD or not again:
            return
        told = cursor_of(session, "unheard")
        told.good_at = (told.good_at if told.told_at else None) or since
        told.told_at = now
        story.tell(session, now, "watch", "Telegram silent", grave=True, facts={"silent_s": seconds(told.good_at, now)})
        if options.last_resort:
            facts = {"about": "unheard", "since": told.good_at.isoformat()}
            key = f"last_resort:unheard:{now.timestamp()}"
            outbox.say(session, now, key, outbox.LAST_RESORT, facts=facts, silent=False, priority=outbox.PAGE)
    elif told is not None and told.told_at is not None:
        began, told.told_at, told.good_at = told.good_at, None, None
        session.add(told)
        for lead in sorted(plan.leads):
            facts = {"what": "heard_again", "since": (began or now).isoformat(), "until": now.isoformat()}
            notice(session, now, f"heard_again:{now.timestamp()}:{lead}", lead, facts)
