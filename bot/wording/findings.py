"""Warnings about the rota in words: what is odd, and when."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta

from bot.wording.words import Words
from schedules.problems import Finding

Names = Callable[[str], str]


def said(words: Words, finding: Finding, name: Names) -> str:
    """A warning without its dates."""
    t = words.t
    names = words.listed(tuple(name(person) for person in finding.people))
    rotas = words.listed(finding.rotas)
    match finding.kind:
        case "gap" if finding.about == "everywhere":
            return t("Nobody is on duty at all ({rotas})", rotas=rotas)
        case "gap":
            return t("Nobody is on duty ({rotas})", rotas=rotas)
        case "no_phone":
            return t("{name} is on duty ({rotas}) without a phone that I can reach", name=names, rotas=rotas)
        case "same_person":
            return t("{rotas} are the same: {names}", rotas=rotas, names=names)
        case "same_network":
            return t("{rotas} are both on our own network: {names}", rotas=rotas, names=names)
        case "weekends_in_a_row":
            return t("{name} has two weekends in a row ({rotas})", name=names, rotas=rotas)
        case "away":
            return t("{name} is away and put on duty", name=names)
        case "unequal_load":
            return _unequal(words, finding, name)
        case "lonely_line":
            return t("Line {line} hangs on {name} alone", line=finding.about, name=names)
        case "daily_rest":
            return t("{name} rests {span} in a row", name=names, span=_span(words, finding))
        case "weekly_rest":
            return t(
                "{name} has had no 35 hours of rest in a row in 14 days, {span} at most",
                name=names,
                span=_span(words, finding),
            )
        case _:
            return finding.kind


def _unequal(words: Words, finding: Finding, name: Names) -> str:
    what = {
        "weekends": words.t("weekends"),
        "nights": words.t("nights"),
        "holidays": words.t("holidays"),
    }.get(finding.about, "")
    shares = tuple(
        f"{name(person)} {hours(words, amount)}"
        for person, amount in zip(finding.people, finding.amounts, strict=False)
    )
    rotas = words.listed(finding.rotas)
    return words.t("Unequal in a year ({rotas}), {what}: {shares}", rotas=rotas, what=what, shares=words.listed(shares))


def _span(words: Words, finding: Finding) -> str:
    return words.age(finding.amounts[0]) if finding.amounts else ""


def dates(words: Words, finding: Finding, more: int, year: int | None = None) -> str:
    """ ": Sat 28 Nov, 18:00 – Sun 29 Nov, 09:00; …"; nothing for what is about a year or 14 days.

    more: how many stretches are left out. year: as in `moment`.
    """
    if finding.kind in ("unequal_load", "weekly_rest") or not finding.when:
        return ""
    if finding.kind == "weekends_in_a_row":
        shown = [moment(words, start, year).rpartition(",")[0] for start, _ in finding.when]
    else:
        shown = [stretch(words, start, end, year) for start, end in finding.when]
    if more:
        shown.append(words.n("and {n} more", "and {n} more", more))
    return ": " + "; ".join(shown)


def stretch(words: Words, start: datetime, end: datetime, year: int | None = None) -> str:
    """ "Sun 29 Nov, 09:00 – 21:00"; with both days when it goes over midnight, and the year as in `moment`.

    Whole days are shown as days, the last one included: "Sat 5 Dec", "Sun 20 Dec – Mon 28 Dec".
    """
    first, after = start.astimezone(words.zone), end.astimezone(words.zone)
    if first.time() == after.time() == time() and first.date() < after.date():
        last = after.date() - timedelta(days=1)
        days = dict.fromkeys(_day(words, day, year) for day in (first.date(), last))
        return " – ".join(days)
    same_day = start.astimezone(words.zone).date() == end.astimezone(words.zone).date()
    return f"{moment(words, start, year)} – {words.hour(end) if same_day else moment(words, end, year)}"


def moment(words: Words, at: datetime, year: int | None = None) -> str:
    """ "Sun 29 Nov, 09:00"; with its year unless that is `year`: "27/11" typed a day late is next year's."""
    return f"{_day(words, at.astimezone(words.zone).date(), year)}, {words.hour(at)}"


def _day(words: Words, day: date, year: int | None) -> str:
    return words.day(day, "EEE d MMM" if year in (None, day.year) else "EEE d MMM y")


def hours(words: Words, span: timedelta) -> str:
    """ "63 h", "7.5 h"."""
    return words.t("{n} h", n=f"{span / timedelta(hours=1):.1f}".removesuffix(".0"))
