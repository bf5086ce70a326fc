"""Edits of the rota: what is told when one holds, and why one was not made. A table each, code → sentence."""

from bot.wording.edits import Facts, by_whom, instant, moment, names_of, stretch
from bot.wording.findings import Names
from bot.wording.words import Words


def notice(words: Words, facts: Facts, name: Names) -> str:
    """The first line of a notice about an edit; "" for a code that is none of these."""
    t = words.t
    person, other = (name(str(facts.get(key) or "")) for key in ("person", "other"))
    by, which = by_whom(words, facts, name), _which(words, facts)
    first = by[:1].upper() + by[1:]
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
            return t("📅 {by} changed the rota:", by=first)
        case "rota_undone":
            return t("📅 {by} took back revision {n} of the rota:", by=first, n=facts.get("revision"))
        case "rota_moved_on":
            return t("{by} changed the rota meanwhile. Look again: this is how it would be now.", by=first)
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
            return t("{name} declined the swap{which}: everything stays as it was.", name=person, which=which)
        case "swap_withdrawn":
            return t("{name} withdrew the swap{which}.", name=person, which=which)
        case "swap_taken_back":
            return t("Withdrawn.")
        case "swap_stands":
            return t("It stands. /swap shows it again.")
        case "swap_expired":
            return t(
                "{name} did not answer about the swap{which}: everything stays as it was.", name=other, which=which
            )
        case "swap_moved":
            return t("The rota has changed meanwhile: look again, the hours are others now.")
        case "swap_gone":
            return t("The swap of {name} and {other} is off: the rota has changed meanwhile.", name=person, other=other)
        case _:
            return ""


def _which(words: Words, facts: Facts) -> str:
    """ " (primary, Sat 5 Dec, 18:00 – Sun 6 Dec, 09:00)": the duty that the one who asked would give."""
    mine = facts.get("mine")
    return f" ({facts.get('rota')}, {stretch(words, mine[0], mine[1], facts)})" if mine else ""


# -- refusals --


def refusal(words: Words, why: str, facts: Facts, name: Names) -> str:
    """Why an edit was not made; "" for a code that is none of these."""
    t = words.t
    person = name(str(facts.get("person") or ""))
    match why:
        case "usage":
            return t(
                "Like this, for a day or from – to:\n"
                "/override sara sat 18:00 sun 09:00 – Sara alone\n"
                "/override sara for giulia sat – in Giulia's place\n"
                "/override +sara sat – Sara as well\n"
                "/override -sara sat – Sara is off, nobody steps in\n"
                "/override nobody sat – nobody at all\n"
                "Another rota than the first: its name at the end."
            )
        case "usage_swap":
            return t(
                "Like this:\n"
                "/swap sara 5/12 12/12 – my day for theirs\n"
                "/swap sara 5/12 – Sara takes it over\n"
                "Your duties: /myshifts"
            )
        case "changes_nothing":
            on = names_of(words, name, [str(one) for one in facts.get("people") or ()])
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
            day = moment(words, instant(facts.get("start")), facts).split(",")[0]
            if facts.get("own"):
                return t("You have no duty to swap on {day}. Yours: /myshifts", day=day)
            return t("{name} has no duty to swap on {day}. All of them: /rota", name=person, day=day)
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
