"""Short messages: what happened, what was refused and why, what is asked. A table each, code → sentence.

`facts` are the JSON values a line wrote down; `name` turns a person's id into the name people call them by.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from bot.core.message import Button, Draft, Message
from bot.wording.cards import closed_as, why_back
from bot.wording.words import Words

Names = Callable[[str], str]
Facts = Mapping[str, Any]


def _at(words: Words, value: object) -> str:
    return words.day_hour(datetime.fromisoformat(str(value))) if value else ""


def _who(name: Names, facts: Facts, key: str = "person") -> str:
    return name(str(facts.get(key) or ""))


def notice(words: Words, facts: Facts, name: Names, *, silent: bool) -> Message:
    """Something a person should know. facts["what"] says which."""
    out = Draft().line(_notice_text(words, facts, name))
    for row in _notice_buttons(words, facts):
        out.row(*row)
    return out.done(silent=silent)


def short(words: Words, what: str, facts: Facts, name: Names) -> str:
    """The same as a popup: at most 200 characters."""
    return _notice_text(words, {**facts, "what": what}, name)[:200]


def _notice_text(words: Words, facts: Facts, name: Names) -> str:
    t, n = words.t, facts.get("ticket")
    match facts.get("what"):
        case "claimed":
            return t("✋ #{n} is yours. Answer by replying to its card.", n=n)
        case "released":
            return t("#{n} is free again.", n=n)
        case "released_by":
            return t("{name} took #{n} off you; it is back with the duty.", name=_who(name, facts), n=n)
        case "taken_over":
            return t("{name} took over #{n}.", name=_who(name, facts), n=n)
        case "offered":
            return t("{name} was asked to take #{n}. Until they accept it stays yours.", name=_who(name, facts), n=n)
        case "declined":
            return t("You declined #{n}.", n=n)
        case "handover_declined":
            return t("{name} declined #{n}; it stays yours.", name=_who(name, facts), n=n)
        case "handover_expired":
            return t("{name} did not answer about #{n}; it stays yours.", name=_who(name, facts), n=n)
        case "handed_over":
            return t("{name} has #{n} now.", name=_who(name, facts), n=n)
        case "snoozed":
            return t("💤 #{n} sleeps until {time}.", n=n, time=_at(words, facts.get("until")))
        case "closed":
            return t("☑️ #{n} closed: {how}.", n=n, how=closed_as(words, str(facts.get("how", ""))))
        case "made_normal":
            return t("#{n} rings nobody any more; it waits on the silent list.", n=n)
        case "made_normal_owned":
            return t("#{n} is not urgent any more; it stays yours.", n=n)
        case "made_urgent":
            return t("#{n} is urgent now.", n=n)
        case "escalated":
            return t("The next on the ladder are paged for #{n}.", n=n)
        case "kept":
            return t("#{n} stays with you.", n=n)
        case "noted":
            return t("Noted on #{n}.", n=n)
        case "kept_old":
            return t("The earlier draft stays.")
        case "sending":
            return t("On its way.")
        case "cancelled":
            return t("Cancelled: nothing was sent.")
        case "deleting":
            return t("It is being deleted from X.")
        case "posted":
            return t("Good: it stands on X.")
        case "language_set":
            return t("I speak English with you from now on.")
        case "wait_for_confirmation":
            return t("Almost there: a lead has to confirm this phone. You will hear from me.")
        case "invited":
            return t("{by} invited {name}.", by=_who(name, facts, "by"), name=_who(name, facts))
        case "enrolled":
            return t("{name}'s phone is linked now. Not them? Press Lock.", name=_who(name, facts))
        case "phone_confirmed":
            return t("{name}'s phone is confirmed.", name=_who(name, facts))
        case "phone_refused":
            return t("Refused: that phone stays locked out.")
        case "locked":
            count = int(facts.get("count") or 0)
            freed = words.n("{n} ticket went back.", "{n} tickets went back.", count)
            return t("🔒 {name} is locked out.", name=_who(name, facts)) + " " + freed
        case "locked_by":
            return t("🔒 {by} locked {name} out.", by=_who(name, facts, "by"), name=_who(name, facts))
        case "duty_confirmed":
            return t("Thank you. You are on duty.")
        case "not_changed":
            return t("Nothing was changed.")
        case "changed":
            return t(
                "The rota is changed (revision {revision}): {name} on {rota} from {start} to {end}.",
                revision=facts.get("revision"),
                name=_who(name, facts),
                rota=facts.get("rota"),
                start=_at(words, facts.get("start")),
                end=_at(words, facts.get("end")),
            )
        case "rota_changed":
            return t(
                "📅 {by} changed the rota {rota}: {name} is on duty from {start} to {end}.",
                by=_who(name, facts, "by"),
                rota=facts.get("rota"),
                name=_who(name, facts),
                start=_at(words, facts.get("start")),
                end=_at(words, facts.get("end")),
            )
        case "unreachable":
            return t("⚠️ {name} cannot be reached on Telegram: they stopped the bot.", name=_who(name, facts))
        case "no_phone":
            return t(
                "⚠️ {name} is on duty ({rota}) but has no linked phone. Send them /enroll {id}.",
                name=_who(name, facts),
                rota=facts.get("rota"),
                id=facts.get("person"),
            )
        case "unconfirmed":
            return t(
                "⚠️ {name} has not confirmed their duty ({rota}) yet.", name=_who(name, facts), rota=facts.get("rota")
            )
        case "hole":
            return t("⚠️ The office is closed and nobody is on duty. Put somebody on: /override NAME FROM TO.")
        case "silence":
            why = why_back(words, str(facts.get("reason", "")))
            return t(
                "⚠️ X has not answered for @{account} since {since}: mentions may be waiting unseen. {why}",
                account=facts.get("account"),
                since=_at(words, facts.get("since")),
                why=why,
            ).strip()
        case "speaks":
            return t("X answers again for @{account}.", account=facts.get("account"))
        case "cold_start":
            return words.n(
                "First start for @{account}: {n} mention older than two hours stands on the list without ringing.",
                "First start for @{account}: {n} mentions older than two hours stand on the list without ringing.",
                int(facts.get("count") or 0),
                account=facts.get("account"),
            )
        case "flood":
            return t(
                "{name}'s phone is ringing more than ten times an hour. Please help: /tickets", name=_who(name, facts)
            )
        case "relieved":
            return t("The customer of #{n} wrote again; as you are off duty, the duty is paged.", n=n)
        case "passed_on":
            return t("#{n} went to the new duty.", n=n)
        case "abandoned":
            return t("#{n} is back on the ladder: nothing happened on it for a while.", n=n)
        case "still_on_it":
            return t("Are you still on #{n}? Without an answer it rings for the others soon.", n=n)
        case "credits":
            return t("⚠️ The X credits are used up: nothing can be read or posted. Top up in the developer console.")
        case "unauthorized":
            return t("⚠️ X refuses our key for @{account}. Revoked, or an outage?", account=facts.get("account"))
        case "delete_failed":
            return t("⚠️ #{n}: the reply could not be deleted. Delete it on X by hand.", n=n)
        case "page_failed":
            return t("⚠️ #{n} could not be shown on {name}'s phone.", n=n, name=_who(name, facts))
        case other:
            return str(other or "")


def _notice_buttons(words: Words, facts: Facts) -> list[tuple[Button, ...]]:
    n = facts.get("ticket")
    match facts.get("what"):
        case "still_on_it":
            return [
                (
                    Button(words.t("Still on it"), f"keep:{n}", style="success"),
                    Button(words.t("Release"), f"release:{n}"),
                )
            ]
        case "relieved" | "released_by" | "handed_over" | "taken_over":
            return []
        case _:
            return []


def refusal(words: Words, why: str, facts: Facts, name: Names) -> str:
    """Why something was not done, and what can be done instead."""
    t = words.t
    n = facts.get("ticket")
    kept = "\n" + t("Your words are kept with the ticket.") if facts.get("kept") else ""
    owner = name(str(facts.get("owner") or ""))
    match why:
        case "taken":
            return t("{name} has #{n}. If they do not answer: /takeover {n}", name=owner, n=n) + kept
        case "already_yours":
            return t("#{n} is yours already. Answer by replying to its card.", n=n)
        case "has_it_already":
            return t("{name} has #{n} already.", name=owner, n=n)
        case "not_yours" if facts.get("move") == "takeover":
            return t(
                "{name} has #{n}. A lead can take it over; on duty you can once they are silent for 10 minutes.",
                name=owner,
                n=n,
            )
        case "nobodys":
            return t("Nobody has #{n}: press Claim on its card, then send.", n=n)
        case "not_yours":
            return t("#{n} belongs to {name}; only they or a lead can do that.", n=n, name=owner or t("nobody"))
        case "not_open":
            return t("#{n} is closed. /reopen {n} opens it again.", n=n) + kept
        case "cannot":
            return t("That does not fit #{n} as it stands now. /ticket {n} shows it.", n=n)
        case "already":
            return t("#{n} is judged so already.", n=n)
        case "lead_only":
            return t("Only a lead can do that.")
        case "no_ticket":
            return t("There is no ticket #{n}. /tickets lists the open ones.", n=n)
        case "which_ticket":
            return t("Which ticket? Reply to its card, or add its number. /tickets lists the open ones.")
        case "which_ticket_kept":
            return t("Which ticket is that for? Your words are kept: send /reply NUMBER and I take them up.")
        case "replies_to_nothing":
            return t("Nothing was sent: to answer a customer, reply to their card. /help shows the rest.")
        case "only_text":
            return t("I can only pass on text. Please type your answer as a reply to the card.")
        case "unknown_command":
            return t("I do not know /{word}. /help shows what I know.", word=facts.get("word"))
        case "for_other_bot":
            return t("That was for another bot. /help shows what I know.")
        case "bad_press":
            return t("This button no longer works. /tickets shows where things stand.")
        case "bad_time":
            return t(
                'I cannot read "{text}" as a time. Try 30m, 2h, sat 18:00 or 2026-11-28T18:00.',
                text=facts.get("text", ""),
            )
        case "ends_before_start":
            return t("That would end before it starts.")
        case "in_the_past":
            return t("That lies in the past.")
        case "too_far":
            return t("That is longer than {days} days: change the rota file instead.", days=facts.get("days"))
        case "bad_close":
            return t("Close as: solved, passed or nothing.")
        case "no_words":
            return t("There are no words in it.")
        case "too_long":
            return t(
                "{length} of {most} characters: too long for X. Shorten it.",
                length=facts.get("length"),
                most=facts.get("most"),
            )
        case "parent_gone":
            return t("The customer deleted that post: there is nothing left to answer.")
        case "reply_on_its_way":
            return t("A reply to #{n} is on its way; wait for it, or cancel it first.", n=n) + kept
        case "no_reply":
            return t("There is no such reply on #{n}.", n=n) if n else t("There is no such reply.")
        case "not_your_reply":
            return t("Only {name}, who wrote it, can do that.", name=name(str(facts.get("writer") or "")))
        case "cancel_too_late":
            return t("Too late: it is on its way to X. Once it is posted you can delete it.")
        case "too_late":
            return t("Too late for that.")
        case "delete_too_late":
            return t("More than 10 minutes have passed: delete it on X by hand.")
        case "edited_after":
            return t("Your edit changed nothing on X: the reply is posted. Delete it, or write another one.")
        case "no_person" | "which_person":
            return t(
                'Whom do you mean by "{given}"? Known: {known}',
                given=facts.get("name", ""),
                known=facts.get("known", ""),
            )
        case "no_phone":
            return t("{name} has no phone that I can reach.", name=_who(name, facts))
        case "no_rota":
            return t('There is no rota "{rota}". Known: {known}', rota=facts.get("rota"), known=facts.get("known"))
        case "rota_moved":
            return t("Somebody changed the rota meanwhile. Look at it and ask again.")
        case "not_yourself":
            return t("You cannot lock yourself out; ask another lead.")
        case "not_your_duty" | "not_your_question":
            return t("That was not for you.")
        case "duty_over":
            return t("That duty is over.")
        case "answered_before":
            return t("That was answered already.")
        case "moved_on":
            return t("Things have moved on meanwhile.")
        case "bad_language":
            return t("Languages: {known}", known=facts.get("known"))
        case "usage":
            return t("Like this: /override NAME FROM TO, for example /override sara sat 18:00 sun 09:00")
        case _ if why.startswith("reply_"):
            return t("That no longer fits this reply.")
        case _:
            return t("That is not possible now.")


def question(words: Words, kind: str, facts: Facts, name: Names, number: int, answer: str) -> Message:
    """Something asked; once answered it says so and has no buttons."""
    t, n = words.t, facts.get("ticket")
    out = Draft()
    yes, no = t("Yes"), t("No")
    match kind:
        case "handover":
            out.line(t("{name} would like to hand #{n} over to you.", name=_who(name, facts, "giver"), n=n))
            yes, no = t("Accept"), t("Decline")
        case "keep":
            to = _who(name, facts, "to")
            out.line(t("Your duty is over and #{n} is still yours. Without an answer it goes on in 15 minutes.", n=n))
            yes, no = t("Keep"), t("Pass to {name}", name=to) if to else t("Pass on")
        case "replace":
            out.line(t("There is a draft for #{n} already. Use your new words instead?", n=n))
            yes, no = t("Use the new words"), t("Keep the earlier ones")
        case "phone":
            by, who = _who(name, facts, "by"), _who(name, facts)
            out.line(t("A phone used the link that {by} made for {name}. Is it theirs?", by=by, name=who))
            yes, no = t("Yes, let them in"), t("No, lock it out")
        case "override":
            _override(words, out, facts, name)
            yes, no = t("Confirm"), t("Cancel")
        case _:
            out.line(t("Yes or no?"))
    if answer:
        said = {"yes": yes, "no": no, "expired": t("no answer in time")}.get(answer, t("overtaken"))
        out.line().line("→ " + said, "italic")
    else:
        first = Button(yes, f"keep:{n}" if kind == "keep" else f"yes:{number}", style="success")
        out.row(first, Button(no, f"no:{number}"))
    return out.done(silent=False)


def _override(words: Words, out: Draft, facts: Facts, name: Names) -> None:
    who = _who(name, facts)
    out.line(words.t("Change the rota {rota}?", rota=facts.get("rota")), "bold")
    start, end = _at(words, facts.get("start")), _at(words, facts.get("end"))
    out.line(words.t("{name} alone is on duty from {start} to {end}.", name=who, start=start, end=end))
    out.line(words.t("Until now:"))
    for begins, ends, people in facts.get("before", []):
        names = words.listed(tuple(name(p) for p in people)) or words.t("nobody")
        out.line(f"· {_at(words, begins)} – {_at(words, ends)}: {names}")


def taken_away(words: Words) -> Message:
    """What a card says on a phone that was locked out."""
    return Message("🔒 " + words.t("This phone is no longer linked."), silent=True)


def stranger(words: Words, facts: Facts) -> Message:
    """The one quiet line for people who are not enrolled."""
    if facts.get("what") == "bad_link":
        return Message(words.t("This link does not work (any more). Ask your lead for a new one."), silent=True)
    return Message(
        words.t("This is a private on-call bot. If you belong to the team, ask your lead for a link."), silent=True
    )
