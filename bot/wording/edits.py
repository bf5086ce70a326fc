"""Edits of the rota in words: what is asked before one, whose hours move and what turns odd.

All from the facts that bot/core/rota_change.py and the desk write into a question or a notice.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.core.findings import from_facts
from bot.core.message import Draft
from bot.wording import findings
from bot.wording.findings import Names
from bot.wording.reasons import N_
from bot.wording.words import Words, cut, one_line

Facts = Mapping[str, Any]

QUESTIONS = ("override", "undo", "away", "away_kept", "swap", "swap_asked")
ON_THE_SERVER = frozenset({"server", "command line", "watch"})
"""Authors of revisions who are no persons."""
VALUE_MAX = 60
WHY_MAX = 100


# -- pieces --


def stretch(words: Words, start: object, end: object, facts: Facts) -> str:
    """A stretch of the facts, whose dates carry their year unless it is facts["year"]."""
    return findings.stretch(words, instant(start), instant(end), facts.get("year"))


def moment(words: Words, at: datetime, facts: Facts) -> str:
    return findings.moment(words, at, facts.get("year"))


def instant(value: object) -> datetime:
    return value if isinstance(value, datetime) else datetime.fromisoformat(str(value))


def by_whom(words: Words, facts: Facts, name: Names) -> str:
    by = str(facts.get("by") or "")
    return words.t("the server") if by in ON_THE_SERVER else name(by)


def names_of(words: Words, name: Names, people: Sequence[str]) -> str:
    return words.listed(tuple(name(person) for person in people)) or words.t("nobody")


def _changes(words: Words, facts: Facts, name: Names, rota: str = "") -> list[str]:
    """A line for each stretch; the rota is named unless it is `rota`."""
    lines = []
    for where, start, end, before, after in facts.get("changes", ()):
        on = "" if where == rota else f"{where}, "
        pair = f"{names_of(words, name, before)} → {names_of(words, name, after)}"
        lines.append(f"· {on}{stretch(words, start, end, facts)}: {pair}")
    if more := int(facts.get("changes_more") or 0):
        lines.append("· " + words.n("{n} more", "{n} more", more))
    return lines


def _odd(words: Words, facts: Facts, name: Names) -> list[str]:
    """What turns odd by it, and the gaps that it fills."""
    year, lines = facts.get("year"), []
    for one in facts.get("odd", ()):
        finding, more = from_facts(one)
        lines.append("⚠️ " + findings.said(words, finding, name) + findings.dates(words, finding, more, year))
    for one in facts.get("filled", ()):
        finding, more = from_facts(one)
        rotas = words.listed(finding.rotas)
        lines.append(
            "✅ " + words.t("No gap any more on {rotas}", rotas=rotas) + findings.dates(words, finding, more, year)
        )
    return lines


def _meanwhile(words: Words, out: Draft, facts: Facts, name: Names) -> None:
    done = facts.get("meanwhile") or {}
    if not done:
        return
    by, number = by_whom(words, done, name), done.get("revision")
    out.line(words.t("Meanwhile {name} changed the rota (revision {n}):", name=by, n=number), "italic")
    for line in _changes(words, {**done, "year": facts.get("year")}, name) or ["· " + words.t("nobody's hours moved")]:
        out.line(line)
    out.line()


def _moved(words: Words, out: Draft, facts: Facts, name: Names, rota: str = "") -> None:
    """Before → after, and what to mind."""
    lines = _changes(words, facts, name, rota)
    for line in lines or [words.t("Nobody's hours move.")]:
        out.line(line)
    for line in _odd(words, facts, name):
        out.line(line)


def details(words: Words, facts: Facts, name: Names) -> list[str]:
    """The lines below a notice about an edit; a popup has no room for them."""
    if facts.get("what") not in NOTICES:
        return []
    return (_changes(words, facts, name) or [words.t("Nobody's hours move.")]) + _stays(words, facts)


def _stays(words: Words, facts: Facts) -> list[str]:
    lines = [f"· {rota}, {stretch(words, start, end, facts)}" for rota, start, end in facts.get("stays", ())]
    if more := int(facts.get("stays_more") or 0):
        lines.append("· " + words.n("{n} more", "{n} more", more))
    return ["⚠️ " + words.t("Stays on duty all the same:"), *lines] if lines else []


NOTICES = frozenset({"rota_changed", "rota_undone", "away_told", "away_back_told", "swapped", "taken_on"})
"""Those with lines below."""


# -- questions --


def question(words: Words, out: Draft, kind: str, facts: Facts, name: Names) -> tuple[str, str]:
    """Writes what is asked into `out`; gives the labels of [Yes] and [No]."""
    t = words.t
    _meanwhile(words, out, facts, name)
    match kind:
        case "override":
            rota = str(facts.get("rota"))
            out.line(t("Change the rota “{rota}”?", rota=rota), "bold")
            out.line(_override(words, facts, name))
            _moved(words, out, facts, name, rota)
            return t("Confirm"), t("Cancel")
        case "undo":
            _undo(words, out, facts, name)
            return t("Take it back"), t("Cancel")
        case "away":
            person, when = name(str(facts.get("person"))), stretch(words, facts.get("start"), facts.get("end"), facts)
            out.line(t("{name} is away, {when}?", name=person, when=when), "bold")
            _moved(words, out, facts, name)
            for line in _stays(words, facts):
                out.line(line)
            if facts.get("stays"):
                out.line(t("To be replaced there: /swap NAME DAY, or a lead."))
            return t("Confirm"), t("Cancel")
        case "away_kept":
            person, when = name(str(facts.get("person"))), stretch(words, facts.get("start"), facts.get("end"), facts)
            out.line(t("{name} is away, {when}.", name=person, when=when), "bold")
            if facts.get("changes"):
                out.line(t("If it is taken back:"))
                _moved(words, out, facts, name)
            return t("Take it back"), t("Keep it")
        case "swap":
            asker = name(str(facts.get("asker")))
            if facts.get("anew"):
                out.line(t("The rota has changed meanwhile, so I ask again."), "italic")
            out.line(_swap(words, facts, asker), "bold")
            _moved(words, out, facts, name, str(facts.get("rota")))
            return t("Yes"), t("No")
        case _:
            out.line(_asked(words, facts, name), "bold")
            _moved(words, out, facts, name, str(facts.get("rota")))
            out.line(t("It holds when {name} says yes.", name=name(str(facts.get("other")))))
            return t("Let it stand"), t("Withdraw")


def _override(words: Words, facts: Facts, name: Names) -> str:
    t, who = words.t, names_of(words, name, facts.get("people", ()))
    when = stretch(words, facts["start"], facts["end"], facts)
    match facts.get("how"):
        case "add":
            return t("{name} is on duty, too: {when}.", name=who, when=when)
        case "drop":
            return t("{name} is off duty: {when}. Nobody steps in.", name=who, when=when)
        case "replace":
            other = name(str(facts.get("other")))
            return t("{name} stands in for {other}: {when}.", name=who, other=other, when=when)
        case _ if not facts.get("people"):
            return t("Nobody is on duty: {when}.", when=when)
        case _:
            return t("{name} alone is on duty: {when}.", name=who, when=when)


def _undo(words: Words, out: Draft, facts: Facts, name: Names) -> None:
    t = words.t
    by, at = by_whom(words, facts, name), moment(words, instant(facts.get("made")), facts)
    out.line(
        t("Take back revision {n} of the rota, by {name}, {time}?", n=facts.get("revision"), name=by, time=at), "bold"
    )
    if why := cut(one_line(str(facts.get("why") or "")), WHY_MAX):
        out.line(f"“{why}”")
    for line in facts.get("lines", ()):
        out.line("· " + _line(words, *map(str, line)))
    if more := int(facts.get("lines_more") or 0):
        out.line("· " + words.n("{n} more", "{n} more", more))
    for person in facts.get("left_out", ()):
        out.line("🔒 " + t("{name} is not in it: their phone is locked out.", name=name(str(person))))
    out.line(t("Who is on duty, so far and then:"))
    _moved(words, out, facts, name)


def _line(words: Words, what: str, called: str, key: str, before: str, after: str) -> str:
    """One change of the file. Its own words (keys, values) stay as they stand in it."""
    t = words.t
    thing = f"{t(THINGS[what])} {called}".strip() if what in THINGS else called
    if what == "text":
        return t("only how it is written")
    if key and what != "override":
        return f"{thing}: {key} {cut(before, VALUE_MAX)} → {cut(after, VALUE_MAX)}"
    return f"+ {thing}" if after else f"− {thing}"


THINGS: dict[str, str] = {
    "file": N_("file"),
    "office": N_("office"),
    "person": N_("person"),
    "line": N_("line"),
    "account": N_("account"),
    "contact": N_("contact"),
    "escalation": N_("escalation"),
    "rota": N_("rota"),
    "layer": N_("layer"),
    "override": N_("change of"),
    "absence": N_("absence of"),
}
"""What a rota file is made of."""


def _swap(words: Words, facts: Facts, asker: str) -> str:
    mine = stretch(words, facts["mine"][0], facts["mine"][1], facts)
    if not facts.get("theirs"):
        return words.t("{name} asks you to take over on {rota}: {when}.", name=asker, rota=facts["rota"], when=mine)
    theirs = stretch(words, facts["theirs"][0], facts["theirs"][1], facts)
    return words.t(
        "{name} would like to swap on {rota}: you take {mine}, {name} takes {theirs}.",
        name=asker,
        rota=facts["rota"],
        mine=mine,
        theirs=theirs,
    )


def _asked(words: Words, facts: Facts, name: Names) -> str:
    other, mine = name(str(facts.get("other"))), stretch(words, facts["mine"][0], facts["mine"][1], facts)
    if not facts.get("theirs"):
        return words.t("{name} is asked to take over on {rota}: {when}.", name=other, rota=facts["rota"], when=mine)
    theirs = stretch(words, facts["theirs"][0], facts["theirs"][1], facts)
    return words.t(
        "{name} is asked to swap on {rota}: your {mine} for their {theirs}.",
        name=other,
        rota=facts["rota"],
        mine=mine,
        theirs=theirs,
    )
