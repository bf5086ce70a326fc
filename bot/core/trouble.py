"""What a door's error asks of whoever called it: when to ask again, and whether the leads must hear of it.

Pure. The rules are the "do" column of DESIGN.md's failure tables.
"""

from datetime import datetime, timedelta

from bot.errors import DoorError, Temporary

BackOff = tuple[timedelta, timedelta]
"""The first wait and the last; each further failure in a row doubles it."""

# After a 429 that named no time.
LIMIT_BACK_OFF: BackOff = (timedelta(seconds=60), timedelta(minutes=15))
# X's longest window is a day. An answer that tells us to wait for years is wrong, and must not silence an account.
TOLD_MAX = timedelta(hours=25)
# The leads hear of what only they can mend, then again this often while it lasts.
TELL_AGAIN = timedelta(hours=1)
# Which failure in a row is told: one 401 is X's hiccup, three are a revoked key.
TOLD_FROM = {"credits": 1, "conflict": 1, "unauthorized": 3}


def told_until(problem: DoorError, now: datetime) -> datetime | None:
    """The instant the other side named, when it makes sense: later than `now`, and within a day or so; else None.

    A reset in this very second, or in a past that only our clock knows, is no reason to ask again at once.
    """
    if not isinstance(problem, Temporary):
        return None
    until = problem.until
    if until is None and problem.after is not None:
        until = now + min(problem.after, TOLD_MAX)
    return min(until, now + TOLD_MAX) if until is not None and until > now else None


def ask_again_at(problem: DoorError, fails: int, now: datetime, back_off: BackOff) -> datetime:
    """When the same may be asked again: as told, else after a back-off.

    fails: failures in a row, this one included. back_off: the caller's own, for what is no limit.
    """
    until = told_until(problem, now)
    return until or now + waited(LIMIT_BACK_OFF if problem.reason == "rate_limit" else back_off, fails)


def waited(back_off: BackOff, fails: int) -> timedelta:
    """The first wait after one failure, doubled with each further one, at most the last."""
    first, most = back_off
    return min(first * (1 << min(max(fails - 1, 0), 20)), most)


def must_tell(reason: str, fails: int, told_at: datetime | None, now: datetime) -> bool:
    """Must the leads hear of this now? fails: failures in a row for this very reason. told_at: when they last did."""
    if fails < TOLD_FROM.get(reason, fails + 1):
        return False
    # One from the future was told before the clock was set back.
    return told_at is None or not now - TELL_AGAIN < told_at <= now
