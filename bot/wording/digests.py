"""What the leads read about the rota by itself: warnings, and the hours of the week."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from bot.core.findings import from_facts
from bot.core.message import Draft, Message
from bot.wording.notices import Names
from bot.wording.words import Words
from schedules.problems import Finding

# A message names so many warnings; the rest is a number. Telegram takes 4096 characters.
SHOWN_MAX = 12


def warnings(words: Words, facts: Mapping[str, Any], name: Names, *, silent: bool) -> Message:
    """What an edit brought, who is missing before the weekend, or whose rest was too short: facts["why"]."""
    found: Sequence[Mapping[str, Any]] = facts["findings"]
    titles = {
        "edit": words.t("New about the rota"),
        "ahead": words.t("Before the weekend: who is missing in the next seven days"),
        "rest": words.t("Too little rest after call-outs"),
    }
    title = titles.get(str(facts.get("why")), titles["edit"])
    out = Draft().line("⚠️ " + title, "bold")
    for one in found[:SHOWN_MAX]:
        finding, more = from_facts(one)
        out.line("· " + _said(words, finding, name) + _dates(words, finding, more))
    if len(found) > SHOWN_MAX:
        out.line(words.n("and {n} more warning", "and {n} more warnings", len(found) - SHOWN_MAX))
    kinds = {one["kind"] for one in found}
    if kinds & {"gap", "same_person", "same_network"}:
        out.line(words.t("Somebody else for one stretch: /override NAME FROM TO"))
    if "no_phone" in kinds:
        out.line(words.t("To let a phone in: /enroll NAME"))
    if "daily_rest" in kinds:
        out.line(words.t("The law wants 11 hours in a row: let them begin later, or put somebody else on."))
    return out.done(silent=silent)


def _said(words: Words, finding: Finding, name: Names) -> str:
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


def _dates(words: Words, finding: Finding, more: int) -> str:
    """ ": Sat 28 Nov, 18:00 – Sun 29 Nov, 09:00; …"; nothing for what is about a year or 14 days."""
    if finding.kind in ("unequal_load", "weekly_rest") or not finding.when:
        return ""
    if finding.kind == "weekends_in_a_row":
        dates = [words.day_hour(start).split(",")[0] for start, _ in finding.when]
    else:
        dates = [f"{words.day_hour(start)} – {words.day_hour(end)}" for start, end in finding.when]
    if more:
        dates.append(words.n("and {n} more", "and {n} more", more))
    return ": " + "; ".join(dates)


def week(words: Words, facts: Mapping[str, Any], name: Names, *, silent: bool) -> Message:
    """The hours of the last week, a line each, in the order of the rota file."""
    since, until = (datetime.fromisoformat(str(facts[key])) for key in ("since", "until"))
    out = Draft().line("📊 " + words.t("On duty in the last week"), "bold")
    for row in facts["people"]:
        out.line(f"{name(str(row['person']))}: " + ", ".join(_parts(words, row)))
    out.line(f"{words.day_hour(since)} – {words.day_hour(until)}", "italic")
    return out.done(silent=silent)


def _parts(words: Words, row: Mapping[str, Any]) -> list[str]:
    def spent(key: str) -> timedelta:
        return timedelta(hours=float(row[key]))

    parts = [hours(words, spent("hours"))]
    for key, said in (("weekend", words.t("weekend")), ("night", words.t("night")), ("holiday", words.t("holiday"))):
        if spent(key):
            parts.append(f"{said} {hours(words, spent(key))}")
    calls = int(row["call_outs"])
    return [*parts, words.n("{n} call-out", "{n} call-outs", calls)] if calls else parts


def hours(words: Words, span: timedelta) -> str:
    """ "63 h", "7.5 h"."""
    return words.t("{n} h", n=f"{span / timedelta(hours=1):.1f}".removesuffix(".0"))
