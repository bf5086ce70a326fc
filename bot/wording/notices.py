"""Short messages: what happened, what was refused and why, what is asked. A table each, code → sentence.

`facts` are the JSON values a line wrote down; `name` turns a person's id into the name people call them by.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from bot.core.mention import Urgency
from bot.core.message import Button, Draft, Message
from bot.wording import alarms, edit_answers, edits
from bot.wording.cards import closed_as, urgency
from bot.wording.reasons import N_
from bot.wording.reasons import kind as kind_of_data
from bot.wording.words import Words, cut, handle

Names = Callable[[str], str]
Facts = Mapping[str, Any]

# What a pressed button may say at once: core.telegram.org/bots/api#answercallbackquery, checked 2026-11.
POPUP_MAX = 200
# Typed text that is repeated in an answer is cut to this.
GIVEN_MAX = 40


def _at(words: Words, value: object) -> str:
    return words.day_hour(datetime.fromisoformat(str(value))) if value else ""


def _account(facts: Facts) -> str:
    return handle(str(facts.get("account") or ""))


def _accounts(words: Words, facts: Facts) -> str:
    """The accounts that facts name: "@TIM_Official and @TIM119Giulia"."""
    accounts = facts.get("accounts")
    return words.listed(tuple(handle(str(a)) for a in accounts)) if isinstance(accounts, list) else _account(facts)


def _who(name: Names, facts: Facts, key: str = "person") -> str:
    return name(str(facts.get(key) or ""))


def notice(words: Words, facts: Facts, name: Names, *, silent: bool) -> Message:
    """Something a person should know. facts["what"] says which."""
    out = Draft().line(_notice_text(words, facts, name))
    for line in edits.details(words, facts, name):
        out.line(line)
    for row in _notice_buttons(words, facts):
        out.row(*row)
    return out.done(silent=silent)


def short(words: Words, what: str, facts: Facts, name: Names) -> str:
    """The same as a popup: at most 200 characters."""
    return cut(_notice_text(words, {**facts, "what": what}, name), POPUP_MAX)


def _notice_text(words: Words, facts: Facts, name: Names) -> str:
    t, n = words.t, facts.get("ticket")
    match facts.get("what"):
        case "claimed":
            return t("✋ #{n} is yours. Answer by replying to its card.", n=n)
        case "released":
            return t("#{n} is free again.", n=n)
        case "released_by":
            return t("{name} took #{n} off you: it rings for those on duty.", name=_who(name, facts), n=n)
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
            closed = t("☑️ #{n} closed: {how}.", n=n, how=closed_as(words, str(facts.get("how", ""))))
            match facts.get("doubt"):
                case "looking":
                    return closed + " " + t("Is the reply on X? I am still finding out, and send nothing again.")
                case "asked":
                    return closed + " " + t("Is the reply on X? That question is still open.")
            return closed
        case "made_normal":
            return t("#{n} rings nobody now. It stands on the silent list.", n=n)
        case "made_normal_owned":
            return t("#{n} is not urgent now. It stays yours.", n=n)
        case "made_urgent":
            return t("#{n} is urgent now.", n=n)
        case "urgent_by":
            return t("🟠 {name} says that #{n} is urgent. It is yours.", name=_who(name, facts), n=n)
        case "escalated":
            return t("#{n}: the next one is being paged.", n=n)
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
            return t("I am deleting it from X.")
        case "posted":
            return t("Good: it is on X.")
        case "language_set":
            return t("I speak English with you from now on.")
        case "wait_for_confirmation":
            return t("Almost there: a lead has to confirm this phone. You will hear from me.")
        case "invited":
            return t("{by} invited {name}.", by=_who(name, facts, "by"), name=_who(name, facts))
        case "enrolled":
            who = facts.get("person")
            return t("{name}'s phone is linked now. Not them? /lock {id}", name=_who(name, facts), id=who)
        case "phone_confirmed":
            return t("{name}'s phone is confirmed.", name=_who(name, facts))
        case "phone_refused":
            return t("Refused: that phone stays out.")
        case "locked":
            count = int(facts.get("count") or 0)
            done = t("🔒 {name} is locked out.", name=_who(name, facts))
            freed = words.n("{n} ticket is free again.", "{n} tickets are free again.", count)
            return f"{done} {freed}" if count else done
        case "locked_by" if facts.get("by") == "server":
            count = int(facts.get("count") or 0)
            done = t("🔒 {name} was locked out on the server.", name=_who(name, facts))
            freed = words.n("{n} ticket is free again.", "{n} tickets are free again.", count)
            return f"{done} {freed}" if count else done
        case "locked_by":
            return t("🔒 {by} locked {name} out.", by=_who(name, facts, "by"), name=_who(name, facts))
        case "duty_confirmed":
            return t("Thank you. You are on duty.")
        case "publish_asked":
            return t("Not sent yet: it shows personal data. See my question below.")
        case "stays_draft":
            return t("It stays a draft: nothing was sent.")
        case "resumed":
            return t("Everything goes on from now.")
        case "stays_on_hold":
            return t("It stays on hold. I ask again in an hour.")
        case "calendar_off":
            return words.n(
                "{n} calendar link ended. Take it out of your calendar app, too.",
                "{n} calendar links ended. Take them out of your calendar app, too.",
                int(facts.get("count") or 0),
            )
        case "not_changed":
            return t("Nothing was changed.")
        case "unreachable":
            return t("⚠️ {name} cannot be reached: they stopped the bot. I call the next ones.", name=_who(name, facts))
        case "no_phone":
            return t(
                "⚠️ {name} is on duty ({rota}) without a phone that I can reach. Invite them: /enroll {id}",
                name=_who(name, facts),
                rota=facts.get("rota"),
                id=facts.get("person"),
            )
        case "unconfirmed":
            return t(
                "⚠️ {name} is on duty ({rota}) and has not confirmed it yet.",
                name=_who(name, facts),
                rota=facts.get("rota"),
            )
        case "hole":
            return t("⚠️ The office is closed and nobody is on duty. Put somebody on: /override NAME FROM TO")
        case "unread":
            return t(
                "⚠️ I cannot read revision {n} of the rota, so revision {revision} stays in force. /undo takes it "
                "back; what is wrong in it: reperibile rota check",
                n=facts.get("number"),
                revision=facts.get("revision"),
            )
        case "silence":
            return t(
                "⚠️ I have not been able to read X for {account} since {since}: mentions may wait unseen. {why}",
                account=_accounts(words, facts),
                since=_at(words, facts.get("since")),
                why=why_silent(words, str(facts.get("reason", ""))),
            ).strip()
        case "speaks":
            return t("✅ I can read X for {account} again.", account=_accounts(words, facts))
        case "cold_start":
            return words.n(
                "First start for {account}: {n} mention older than two hours is on the list and rings nobody.",
                "First start for {account}: {n} mentions older than two hours are on the list and ring nobody.",
                int(facts.get("count") or 0),
                account=_account(facts),
            )
        case "flood":
            return t(
                "🌊 {name}'s phone rings more than ten times an hour. Please help: /tickets", name=_who(name, facts)
            )
        case "relieved":
            return t("#{n}: the customer wrote again. You are off duty, so it rings for those who are on.", n=n)
        case "passed_on":
            return t("Your duty is over, so #{n} has gone on to those who are on now.", n=n)
        case "abandoned" if facts.get("rings") is False:
            return t("#{n} is back on the silent list: nothing happened on it for a while.", n=n)
        case "still_on_it" if facts.get("rings") is False:
            return t("Are you still on #{n}? Without an answer it soon goes back to the silent list.", n=n)
        case "abandoned":
            return t("#{n} rings for the others again: nothing happened on it for a while.", n=n)
        case "still_on_it":
            return t("Are you still on #{n}? Without an answer it soon rings for the others.", n=n)
        case "credits":
            return t("⚠️ Our X credits are used up: I can neither read nor post. Top them up in the developer console.")
        case "unauthorized":
            return t("⚠️ X refuses our key for {account}. Was it revoked, or is X down?", account=_account(facts))
        case "delete_failed":
            return t("⚠️ #{n}: I could not delete the reply. Delete it on X by hand.", n=n)
        case "page_failed":
            return t(
                "⚠️ #{n} did not reach {name}'s phone: Telegram refused it. I call the next ones.",
                n=n,
                name=_who(name, facts),
            )
        case "message_failed":
            return t("⚠️ Telegram refused a message to {name}: they do not see it. Call them.", name=_who(name, facts))
        case "team_failed":
            return t("⚠️ I cannot write to the team's group any more. Am I still in it?")
        case "conflict":
            return t(
                "⚠️ Somebody else reads what you write to this bot: another copy of it runs with the same token, or a "
                "webhook is set. Stop it: until then presses and replies may get lost."
            )
        case other:
            return edit_answers.notice(words, facts, name) or alarms.notice(words, facts, name) or str(other or "")


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
        case "delete_failed" if facts.get("url"):
            return [(Button(words.t("Open on X"), url=str(facts["url"])),)]
        case "relieved" | "released_by" | "handed_over" | "taken_over":
            return []
        case _:
            return []


def refusal(words: Words, why: str, facts: Facts, name: Names) -> str:
    """Why something was not done, and what can be done instead. facts["loose"]: the typed words are kept, loose."""
    said = _why(words, why, facts, name)
    if not facts.get("loose"):
        return said
    return said + "\n" + words.t("I have kept your words: /reply or /note with a ticket's number takes them up.")


def _why(words: Words, why: str, facts: Facts, name: Names) -> str:
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
                "{name} has #{n}. A lead can take it over, or anyone on duty once {name} is silent for 10 minutes.",
                name=owner,
                n=n,
            )
        case "nobodys":
            return t("Nobody has #{n}: press Claim on its card, then send.", n=n)
        case "not_yours" if not owner:
            return t("Nobody has #{n} now: claim it first.", n=n)
        case "not_yours":
            return t("{name} has #{n}: only they or a lead can do that.", n=n, name=owner)
        case "not_open":
            return t("#{n} is closed. /reopen {n} opens it again.", n=n) + kept
        case "cannot":
            return t("#{n} cannot do that as it stands now. Look: /ticket {n}", n=n)
        case "already":
            return t("#{n} is {urgency} already.", n=n, urgency=urgency(words, Urgency(facts.get("urgency", "normal"))))
        case "lead_only" if facts.get("move") == "close":
            return t("Nobody has #{n}: claim it first, or a lead closes it.", n=n)
        case "lead_only":
            return t("Only a lead can do that.")
        case "no_ticket":
            return t("There is no ticket #{n}. The open ones: /tickets", n=n)
        case "which_ticket":
            return t("Which ticket? Add its number, or reply to its card. The open ones: /tickets")
        case "which_ticket_kept":
            return t(
                "Which ticket is that for? I have kept your words: send /reply and its number. The open ones: /tickets"
            )
        case "replies_to_nothing":
            return t("Nothing was sent. To answer a customer, reply to their card. All the rest: /help")
        case "only_text":
            return t("I can only pass on text. Nothing was sent: type it as a reply to the card.")
        case "unknown_command":
            return t("I do not know /{word}. What I know: /help", word=cut(str(facts.get("word", "")), GIVEN_MAX))
        case "for_other_bot":
            return t("That was for another bot. What I know: /help")
        case "bad_press":
            return t("This button no longer works. How things stand: /tickets")
        case "bad_time" if not facts.get("text"):
            return t("How long? For example: 30m, 2h, 1d")
        case "bad_time":
            given = cut(str(facts["text"]), GIVEN_MAX)
            return t("I cannot read “{text}” as a span of time. For example: 30m, 2h, 1d", text=given)
        case "bad_day" if not facts.get("text"):
            return t("A day is missing. For example: sat, tomorrow 18:00, 20/12, 20 December")
        case "bad_day":
            given = cut(str(facts["text"]), GIVEN_MAX)
            return t(
                "I cannot read “{text}” as a day or an hour. For example: sat, tomorrow 18:00, 20/12, 20 December",
                text=given,
            )
        case "no_end":
            return t("Until when? For example: sat 18:00 sun 09:00; a day alone, sat, means all of it.")
        case "ends_before_start":
            return t("That would end before it starts.")
        case "in_the_past":
            return t("That is in the past.")
        case "too_far":
            return t("That is longer than {days} days: change the rota file instead.", days=facts.get("days"))
        case "bad_close":
            return t("Close it as solved, passed or nothing. For example: /close 42 passed")
        case "no_words":
            return t("There are no words in it.")
        case "too_long":
            return t(
                "Too long for X: {length} of {most} characters. Shorten it.",
                length=facts.get("length"),
                most=facts.get("most"),
            )
        case "parent_gone":
            return t("The customer deleted that post: there is nothing left to answer.")
        case "reply_on_its_way":
            return t("A reply to #{n} is on its way: wait for it, or cancel it first.", n=n) + kept
        case "reply_leaving":
            return t("A reply to #{n} is just going out: wait until it stands on X.", n=n) + kept
        case "no_reply":
            return t("#{n} has no such reply.", n=n) if n else t("There is no such reply.")
        case "not_your_reply":
            return t("Only {name}, who wrote it, can do that.", name=name(str(facts.get("writer") or "")))
        case "cancel_too_late":
            return t("Too late: it is on its way to X. Once it is posted you can delete it.")
        case "too_late":
            return t("Too late for that.")
        case "delete_too_late":
            return t("More than 10 minutes have passed: delete it on X by hand.")
        case "edited_after":
            return t("Your edit changed nothing on X: the reply stands there. Delete it, or write another one.")
        case "no_person" | "which_person" if not facts.get("name"):
            return t("Whom? Add a name.")
        case "no_person" | "which_person":
            known = facts.get("known", "")
            return t(
                "Whom do you mean by “{given}”? I know: {known}", given=cut(str(facts["name"]), GIVEN_MAX), known=known
            )
        case "no_phone":
            return t("{name} has no phone that I can reach.", name=_who(name, facts))
        case "no_rota":
            return t("There is no rota “{rota}”. I know: {known}", rota=facts.get("rota"), known=facts.get("known"))
        case "no_public_url":
            return t(
                "I cannot make calendar links yet: the server has no address that phones reach. Whoever runs it sets "
                "PUBLIC_URL; then ask me again."
            )
        case "no_calendar":
            return t("You have no calendar link. For one: /calendar")
        case "rota_moved":
            return t("Somebody changed the rota meanwhile: /who. Then ask again.")
        case "not_yourself":
            return t("You cannot lock yourself out. Ask another lead.")
        case "not_invited_alone":
            return t(
                "Nobody else could confirm your new phone. Get a link from the server: reperibile enroll {id}",
                id=facts.get("person"),
            )
        case "not_your_duty" | "not_your_question":
            return t("That was not for you.")
        case "duty_over":
            return t("That duty is over.")
        case "answered_before":
            return t("That was answered already.")
        case "set_aside":
            return t("That did not work: something went wrong on our side. It is kept; a lead can look at it.")
        case "moved_on":
            return t("Things have moved on meanwhile.")
        case "bad_language":
            return t("I speak Italian and English: /language it or /language en")
        case _ if why in REPLY_STANDS:
            return t(REPLY_STANDS[why])
        case _:
            return edit_answers.refusal(words, why, facts, name) or t("That is not possible now.")


REPLY_STANDS: dict[str, str] = {
    "reply_draft": N_("It was not sent yet: there is nothing to delete."),
    "reply_held": N_("It is on its way already."),
    "reply_sending": N_("It is on its way already."),
    "reply_in_doubt": N_("I am still finding out whether it is on X. Wait for that."),
    "reply_posted": N_("It is on X already."),
    "reply_failed": N_("X did not take it. Edit it, or write it by hand."),
    "reply_dropped": N_("It was dropped before. Write it anew as a reply to the card."),
    "reply_deleted": N_("It was deleted before."),
}
"""Refused because the reply is in the state that the code names."""

SILENT: dict[str, str] = {
    "rate_limit": N_("X asks us to slow down."),
    "credits": N_("Our X credits are used up."),
    "unauthorized": N_("X refuses our key."),
    "forbidden": N_("X refuses to show them."),
    "bad_request": N_("X did not understand the question."),
    "not_sent": N_("X cannot be reached."),
    "server": N_("X is in trouble."),
    "unreadable": N_("Its answers make no sense."),
}
"""Why X cannot be read: the door's reasons."""


def why_silent(words: Words, reason: str) -> str:
    return words.t(SILENT[reason]) if reason in SILENT else ""


def question(words: Words, kind: str, facts: Facts, name: Names, number: int, answer: str) -> Message:
    """Something asked; once answered it says so and has no buttons."""
    t, n = words.t, facts.get("ticket")
    out = Draft()
    yes, no = t("Yes"), t("No")
    match kind:
        case "handover":
            giver = _who(name, facts, "giver")
            out.line(t("{name} would like to hand #{n} over to you. What it is about: /ticket {n}", name=giver, n=n))
            yes, no = t("Accept"), t("Decline")
        case "keep":
            to = _who(name, facts, "to")
            out.line(
                t(
                    "Your duty is over and #{n} is still yours. Without an answer it moves on in 15 minutes.",
                    n=n,
                )
            )
            yes, no = t("Keep"), t("Pass to {name}", name=to) if to else t("Pass on")
        case "replace":
            if facts.get("doubt"):
                out.line(t("X took it, perhaps: its answer got lost."))
            out.line(t("#{n} has a draft already. Which words do you want?", n=n))
            yes, no = t("The new ones"), t("The earlier ones")
        case "phone":
            by, who = _who(name, facts, "by"), _who(name, facts)
            out.line(
                t(
                    "A phone asks to be let in as {name}, with the link made by {by}. Is it really them?",
                    by=by,
                    name=who,
                )
            )
            yes, no = t("Yes, let them in"), t("No, lock it out")
        case "publish":
            kinds = ", ".join(kind_of_data(words, one) for one in str(facts.get("kinds") or "").split(", "))
            out.line(t("⚠️ #{n}: your words show personal data ({what}).", n=n, what=kinds))
            out.line(t("On X everybody can read it, for good. Post it all the same?"))
            yes, no = t("Post it"), t("Keep the draft")
        case "resume":
            out.line(
                t(
                    "⏸ The database was put back from a backup of {time}.",
                    time=_at(words, facts.get("start")),
                )
            )
            out.line(t("I read nothing on X and send nothing until a lead says so."))
            out.line(t("Then I read what came since, and look for answers that were on their way."))
            out.line(t("Alarms of that time may ring again."))
            yes, no = t("Resume"), t("Not yet")
        case "calendar":
            rota = str(facts.get("rota") or "")
            ends = t("It ends when I make a new one: whatever uses it stays empty until it has the new link.")
            has = t("You have a link to the rota “{rota}” already.", rota=rota) if rota else None
            out.line((has or t("You have a link to your duties already.")) + " " + ends)
            yes, no = t("Make a new one"), t("Keep it")
        case _ if kind in edits.QUESTIONS:
            yes, no = edits.question(words, out, kind, facts, name)
        case _:
            out.line(t("Yes or no?"))
    if answer:
        otherwise = {
            "expired": t("no answer in time"),
            "agreed": t("agreed"),
            "declined": t("declined"),
            "withdrawn": t("withdrawn"),
            "again": t("a newer one is below"),
        }
        said = {"yes": yes, "no": no, **otherwise}.get(answer, t("settled otherwise"))
        out.line().line("→ " + said, "italic")
    else:
        first = Button(yes, f"keep:{n}" if kind == "keep" else f"yes:{number}", style="success")
        out.row(first, Button(no, f"no:{number}"))
    return out.done(silent=False)


def taken_away(words: Words) -> Message:
    """What a card says on a phone that was locked out."""
    return Message("🔒 " + words.t("This phone is no longer linked."), silent=True)


def stranger(words: Words, facts: Facts) -> Message:
    """The one quiet line for people who are not enrolled."""
    if facts.get("what") == "bad_link":
        return Message(words.t("This link does not work, or not any more. Ask your lead for a new one."), silent=True)
    return Message(
        words.t("This bot is for a team on call. If you belong to it, ask your lead for a link."), silent=True
    )
