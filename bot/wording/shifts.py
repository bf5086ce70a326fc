"""One person's coming duties in words."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.core.message import Draft, Message
from bot.core.shifts import Shift
from bot.wording.findings import Names, stretch
from bot.wording.words import Words

SHOWN = 20


def shifts(words: Words, mine: Sequence[Shift], name: Names, now: datetime, within: timedelta) -> Message:
    """/myshifts."""
    weeks = within // timedelta(weeks=1)
    out = Draft()
    if not mine:
        out.line(words.t("You have no duty in the next {n} weeks.", n=weeks))
        return out.done(silent=True)
    out.line(words.t("Your duties in the next {n} weeks", n=weeks), "bold")
    for shift in mine[:SHOWN]:
        when = stretch(words, shift.start, shift.end)
        if shift.start <= now:
            when = words.t("now, until {time}", time=words.day_hour(shift.end))
        names = words.listed(tuple(name(person) for person in sorted(shift.others)))
        beside = " · " + words.t("with {names}", names=names) if names else ""
        out.line(f"{when} · {shift.rota}{beside}")
    if len(mine) > SHOWN:
        more = len(mine) - SHOWN
        out.line(words.n("{n} more", "{n} more", more))
    return out.done(silent=True)
