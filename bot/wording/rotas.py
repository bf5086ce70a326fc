"""The rota in words: what stands on its picture, and beside it for those who hear it read or see a lock screen."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from bot.core.message import Draft, Message
from bot.core.views import OnDuty
from bot.wording.words import Words, utf16_length
from schedules.problems import Stretch

# core.telegram.org/bots/api#sendphoto, checked 2026-11: after its formatting was read.
CAPTION_LENGTH_MAX = 1024
GAPS_SHOWN = 3


def caption(words: Words, rotas: Sequence[OnDuty], gaps: Mapping[str, Sequence[Stretch]]) -> Message:
    """/rota: who is on now and next on each rota, and when nobody is; it goes under the picture.

    It begins with who is on, for that is what a lock screen shows of it. gaps: of the weeks that the picture shows.
    Rotas for which a caption has no room are left to the picture.
    """
    out = Draft()
    for rota in rotas:
        one = Draft().line(rota.rota, "bold").line(now_line(words, rota))
        for name in rota.unreachable:
            one.line("⚠️ " + words.t("{name} has no phone that I can reach", name=name))
        found = gaps.get(rota.rota, ())
        for start, end in found[:GAPS_SHOWN]:
            one.line("🔴 " + one_gap(words, start, end))
        if len(found) > GAPS_SHOWN:
            one.line("🔴 " + more_gaps(words, len(found) - GAPS_SHOWN))
        if utf16_length(out.text + one.text) > CAPTION_LENGTH_MAX - 80:
            out.line("…")
            break
        out.join(one.line())
    return out.done(silent=True, protect=False)


def now_line(words: Words, rota: OnDuty) -> str:
    """ "Now: Giulia, until Fri 27 Nov, 18:00. Then: Sara"."""
    names = words.listed(rota.now) or nobody(words, rota.office)
    said = words.t("Now: {names}", names=names)
    if rota.until is None:
        return said
    until = words.t("until {time}", time=words.day_hour(rota.until))
    then = words.t("Then: {names}", names=words.listed(rota.next) or nobody(words, rota.office_next))
    return f"{said}, {until}. {then}"


def nobody(words: Words, office: bool) -> str:
    """Whom one names where a rota has nobody on."""
    return words.t("the office") if office else words.t("nobody")


def one_gap(words: Words, start: datetime, end: datetime) -> str:
    """ "Nobody: Fri 27 Nov, 18:00 – Sat 28 Nov, 10:00", "Nobody: Tue 24 Nov, 08:00 – 09:00"."""
    return words.t("Nobody: {from_} – {to}", from_=words.day_hour(start), to=words.when(end, start))


def more_gaps(words: Words, count: int) -> str:
    return words.n("and {n} more gap", "and {n} more gaps", count)


def span(words: Words, first: date, last: date) -> str:
    """ "23 Nov – 20 Dec 2026", "12 – 25 Jan 2026"."""
    same_year = first.year == last.year
    same_month = same_year and first.month == last.month
    begins = words.day(first, "d" if same_month else "d MMM" if same_year else "d MMM y")
    return f"{begins} – {words.day(last, 'd MMM y')}"


def weekday(words: Words, day: date) -> str:
    """ "Mon", "lun"."""
    return words.day(day, "EEE")


def month(words: Words, day: date) -> str:
    """ "Dec", "dic"."""
    return words.day(day, "MMM")


def title(words: Words) -> str:
    return words.t("On call")


def gap(words: Words) -> str:
    """What stands on a gap of the picture."""
    return words.t("GAP")


def gap_meaning(words: Words) -> str:
    return words.t("gap: nobody on duty")


def office(words: Words) -> str:
    return words.t("office open")


def blank(words: Words) -> str:
    """How a terminal's legend names the place where nothing stands."""
    return words.t("blank:")


def unpaged(words: Words) -> str:
    return words.t("nobody, as planned")


def today(words: Words) -> str:
    return words.t("today")


def holiday(words: Words) -> str:
    return words.t("public holiday")


def odd_day(words: Words, day: date, length: timedelta) -> str:
    """A day with a clock change: "Sun 25 Oct has 25 hours: the clocks change"."""
    hours = f"{length / timedelta(hours=1):g}"
    return words.t("{day} has {hours} hours: the clocks change", day=words.day(day, "EEE d MMM"), hours=hours)


def made(words: Words, zone: str, at: datetime) -> str:
    """The small print: whose clock it is, and when this was true."""
    return words.t("Times in {zone}. Made on {time}.", zone=zone, time=words.day_hour(at))
