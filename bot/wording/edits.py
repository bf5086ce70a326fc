"""Edits of the rota in words: what is asked before one, what is told after it, whose hours move and what turns odd.

All from the facts that bot/core/rota_change.py and the desk write into a question or a notice.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from bot.core.findings import from_facts
from bot.core.message import Draft, Message
from bot.core.shifts import Shift
from bot.wording import findings
from bot.wording.findings import Names
from bot.wording.reasons import N_
from bot.wording.words import Words, cut, one_line

Facts = Mapping[str, Any]

QUESTIONS = ("override", "undo", "away", "away_kept", "swap", "swap_asked")
ON_THE_SERVER = frozenset({"server", "command line", "watch"})
"""Authors of revisions who are no persons."""
SHIFTS_SHOWN = 20
VALUE_MAX = 60
WHY_MAX = 100


# -- pieces --


def stretch(words: Words, start: object, end: object, facts: Facts) -> str:
    """A stretch of the facts, whose dates carry their year unless it is facts["year"]."""
    return findings.stretch(words, _instant(start), _instant(end), facts.get("year"))


def moment(words: Words, at: datetime, facts: Facts) -> str:
    return findings.moment(words, at, facts.get("year"))


def _instant(value: object) -> datetime:
    return value if isinstance(value, datetime) else datetime.fromisoformat(str(value))


def _by(words: Words, facts: Facts, name: Names) -> str:
    by = str(facts.get("by") or "")
    return words.t("the server") if by in ON_THE_SERVER else name(by)


def _names(words: Words, name: Names, people: Sequence[str]) -> str:
    return words.listed(tuple(name(person) for person in people)) or words.t("nobody")


def _changes(words: Words, facts: Facts, name: Names, rota: str = "") -> list[str]:
    """A line for each stretch; the rota is named unless it is `rota`."""
    lines = []
    for where, start, end, before, after in facts.get("changes", ()):
        on = "" if where == rota else f"{where}, "
        pair = f"{_names(words, name, before)} → {_names(words, name, after)}"
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
    by, number = _by(words, done, name), done.get("revision")
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
    return [
        "⚠️ " + words.t("Stays on duty all the same: {rota}, {when}", rota=rota, when=stretch(words, start, end, facts))
        for rota, start, end in facts.get("stays", ())
    ]


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
    t, who = words.t, _names(words, name, facts.get("people", ()))
    start, end = (moment(words, _instant(facts[key]), facts) for key in ("start", "end"))
    match facts.get("how"):
        case "add":
            return t("{name} is on duty, too, from {start} to {end}.", name=who, start=start, end=end)
        case "drop":
            return t("{name} is off duty from {start} to {end}; nobody steps in.", name=who, start=start, end=end)
        case "replace":
            other = name(str(facts.get("other")))
            return t("{name} stands in for {other} from {start} to {end}.", name=who, other=other, start=start, end=end)
        case _ if not facts.get("people"):
            return t("Nobody is on duty from {start} to {end}.", start=start, end=end)
        case _:
            return t("{name} alone is on duty from {start} to {end}.", name=who, start=start, end=end)


def _undo(words: Words, out: Draft, facts: Facts, name: Names) -> None:
    t = words.t
    by, at = _by(words, facts, name), moment(words, _instant(facts.get("made")), facts)
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


# -- notices --

NOTICES = frozenset({"rota_changed", "rota_undone", "away_told", "away_back_told", "swapped", "taken_on"})
"""Those with lines below."""


def notice(words: Words, facts: Facts, name: Names) -> str:
    """The first line of a notice about an edit; "" for a code that is none of these."""
    t = words.t
    person, other = (name(str(facts.get(key) or "")) for key in ("person", "other"))
    by = _by(words, facts, name)
    match facts.get("what"):
        case "changed":
            return t("The rota is changed (revision {revision}).", revision=facts.get("revision"))
        case "undone":
            return t(
                "Revision {n} is taken back (revision {revision}). /undo takes this back, too.",
                n=facts.get("number"),
                revision=facts.get("revision"),
            )
        case "rota_changed":
            return t("📅 {by} changed the rota:", by=by)
        case "rota_undone":
            return t("📅 {by} took back revision {n} of the rota:", by=by, n=facts.get("revision"))
        case "rota_moved_on":
            return t("{by} changed the rota meanwhile. Look again: this is how it would be now.", by=by)
        case "away_told":
            when = stretch(words, facts.get("start"), facts.get("end"), facts)
            return t("📅 {name} is away, {when} (entered by {by}):", name=person, when=when, by=by)
        case "away_back_told":
            when = stretch(words, facts.get("start"), facts.get("end"), facts)
            return t("📅 {name} is not away after all, {when} ({by}):", name=person, when=when, by=by)
        case "away_entered":
            return t("Entered (revision {revision}): {name} is away.", revision=facts.get("revision"), name=person)
        case "away_taken_back":
            return t("Taken back (revision {revision}).", revision=facts.get("revision"))
        case "swapped":
            return t("🔁 {name} and {other} have swapped:", name=person, other=other)
        case "taken_on":
            return t("🔁 {other} takes over from {name}:", name=person, other=other)
        case "swap_done":
            return t("Agreed: {name} and the leads are told.", name=person)
        case "swap_refused":
            return t("Declined: {name} is told.", name=person)
        case "swap_declined":
            return t("{name} declined the swap: everything stays as it was.", name=person)
        case "swap_withdrawn":
            return t("{name} withdrew the swap.", name=person)
        case "swap_taken_back":
            return t("Withdrawn.")
        case "swap_stands":
            return t("It stands. /swap shows it again.")
        case "swap_expired":
            return t("{name} did not answer about the swap: everything stays as it was.", name=other)
        case "swap_moved":
            return t("The rota has changed meanwhile: look again, the hours are others now.")
        case "swap_gone":
            return t("The swap of {name} and {other} is off: the rota has changed meanwhile.", name=person, other=other)
        case _:
            return ""


# -- refusals --


def refusal(words: Words, why: str, facts: Facts, name: Names) -> str:
    """Why an edit was not made; "" for a code that is none of these."""
    t = words.t
    person = name(str(facts.get("person") or ""))
    match why:
        case "usage":
            return t(
                "Like this: /override sara sat 18:00 sun 09:00 · sara for giulia sat · +sara sat · -sara sat · "
                "nobody sat"
            )
        case "usage_swap":
            return t("Like this: /swap sara 5/12 12/12 (my day, their day) · /swap sara 5/12 (take it over)")
        case "changes_nothing":
            on = _names(words, name, [str(one) for one in facts.get("people") or ()])
            return t("That would change nothing: on {rota} it is {names} then.", rota=facts.get("rota"), names=on)
        case "by_hand":
            return t("I cannot write that into this rota: change the rota file instead, at the server.")
        case "nothing_to_undo":
            return t("There is no change to take back.")
        case "cannot_undo":
            return t("What was before revision {n} is not right by today's rules.", n=facts.get("revision"))
        case "not_yourself_out":
            return t("Before revision {n} you were no lead: another lead has to take it back.", n=facts.get("revision"))
        case "already_away":
            return t("{name} is away then already. /away shows it.", name=person)
        case "no_absence":
            return t("{name} has no absence ahead. To enter one: /away 20/12 28/12", name=person)
        case "not_with_yourself":
            return t("With yourself? Name somebody else.")
        case "no_duty_then":
            day = moment(words, _instant(facts.get("start")), facts).split(",")[0]
            return t("{name} has no duty that can be swapped on {day}. Yours: /myshifts", name=person, day=day)
        case "other_rota":
            return t(
                "Your duty is on {rota}, {name}'s on {other}: ask for each by itself, /swap NAME DAY",
                rota=facts.get("rota"),
                name=person,
                other=facts.get("other_rota"),
            )
        case "already_asked":
            return t("{name} was asked that already. /swap shows it.", name=person)
        case "nothing_to_swap":
            return t("That would change nothing: {name} is on duty then anyway.", name=person)
        case "no_question":
            return t("I have asked you nothing that is still open.")
        case "which_question":
            return t("I have asked you more than one thing: reply to the one you mean.")
        case _:
            return ""


# -- one's own duties --


def shifts(words: Words, mine: Sequence[Shift], name: Names, now: datetime, within: timedelta) -> Message:
    """/myshifts."""
    weeks = within // timedelta(weeks=1)
    out = Draft()
    if not mine:
        out.line(words.t("You have no duty in the next {n} weeks.", n=weeks))
        return out.done(silent=True)
    out.line(words.t("Your duties in the next {n} weeks", n=weeks), "bold")
    for shift in mine[:SHIFTS_SHOWN]:
        when = stretch(words, shift.start, shift.end, {})
        if shift.start <= now:
            when = words.t("now, until {time}", time=words.day_hour(shift.end))
        beside = (
            " · " + words.t("with {names}", names=_names(words, name, sorted(shift.others))) if shift.others else ""
        )
        out.line(f"{when} · {shift.rota}{beside}")
    if len(mine) > SHIFTS_SHOWN:
        more = len(mine) - SHIFTS_SHOWN
        out.line(words.n("{n} more", "{n} more", more))
    return out.done(silent=True)
