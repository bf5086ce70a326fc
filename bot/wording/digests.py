"""What the leads read about the rota by itself: warnings, and the hours of the week."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from bot.core.findings import from_facts
from bot.core.message import Draft, Message
from bot.wording.findings import Names, dates, hours, said
from bot.wording.words import Words

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
        out.line("· " + said(words, finding, name) + dates(words, finding, more))
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
    for key, part in (("weekend", words.t("weekend")), ("night", words.t("night")), ("holiday", words.t("holiday"))):
        if spent(key):
            parts.append(f"{part} {hours(words, spent(key))}")
    calls = int(row["call_outs"])
    return [*parts, words.n("{n} call-out", "{n} call-outs", calls)] if calls else parts
