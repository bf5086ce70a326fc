"""Longer messages: help, who is on duty, lists of tickets, the handover, the silent list."""

from collections.abc import Sequence
from datetime import datetime

from bot.core.commands import COMMANDS
from bot.core.message import Button, Draft, Message
from bot.core.views import Item, OnDuty
from bot.wording.cards import ICONS, item, line_name, urgency
from bot.wording.reasons import N_
from bot.wording.rotas import nobody
from bot.wording.words import Words, handle

# A list shows this many tickets with their first words, and this many further ones by number alone, so that nothing
# is left out and any list stays well within 4096 characters.
SHOWN_MAX = 12
NUMBERS_MAX = 120
# Buttons under a list.
BUTTONS_MAX = 8


HELP: tuple[tuple[str, tuple[str, ...]], ...] = (
    (N_("Look"), ("who", "rota", "tickets", "ticket", "mine", "calendar")),
    (
        N_("A ticket (most of it stands on its card, too)"),
        (
            "claim",
            "release",
            "takeover",
            "handover",
            "snooze",
            "close",
            "reopen",
            "normal",
            "urgent",
            "escalate",
            "note",
        ),
    ),
    (N_("Your reply"), ("reply", "send", "cancel", "delete")),
    (N_("Your duties"), ("myshifts", "away", "swap")),
    (N_("For leads"), ("override", "undo", "people", "enroll", "lock")),
    (N_("And"), ("yes", "no", "language", "help")),
)
"""The commands as /help groups them; a test asks that none is forgotten."""


def help_text(words: Words, *, is_lead: bool, first: bool, name: str) -> Message:
    """/help: what works for one's role, in the reader's spelling. first: the few lines that greet a new phone."""
    out = Draft()
    if first:
        out.line(words.t("Welcome, {name}. This phone is linked.", name=name), "bold")
        out.line(words.t("When it rings: press Claim, then reply to the card. You see a preview; only Send posts it."))
        out.line(words.t("Give this chat a loud sound of its own, and let it through Do not disturb."))
        out.line(words.t("/help shows the rest."))
        return out.done(silent=True, protect=False)
    out.line(words.t("To answer a customer, reply to their card. You see a preview; only Send posts it."))
    out.line(words.t("The number may be left out when you reply to a card."))
    specs = {spec.name: spec for spec in COMMANDS}
    for title, names in HELP:
        mine = [specs[one] for one in names if is_lead or specs[one].role != "lead"]
        if mine:
            out.line().line(words.t(title), "bold")
        for spec in mine:
            spelling = spec.aliases[0] if words.language == "it" and spec.aliases else spec.name
            out.line(f"/{spelling}{_takes(words, spec.takes, spec.name)} – {what(words, spec.name)}")
    return out.done(silent=True, protect=False)


def _takes(words: Words, takes: str, name: str) -> str:
    by_name = {
        "override": " " + words.t("NAME FROM TO"),
        "away": " " + words.t("FROM TO"),
        "swap": " " + words.t("NAME MYDAY THEIRDAY"),
        "language": " it|en",
        "rota": " [" + words.t("ROTA") + "]",
        "calendar": " [" + words.t("ROTA") + "|off]",
        "close": " 42 " + words.t("solved|passed|nothing"),
    }
    return by_name.get(name) or {
        "ticket": " 42",
        "ticket text": " 42 " + words.t("TEXT"),
        "ticket name": " 42 " + words.t("NAME"),
        "ticket time": " 42 30m",
        "name": " " + words.t("NAME"),
    }.get(takes, "")


def what(words: Words, command: str) -> str:
    """What a command does, in a few words; also for Telegram's own menu."""
    return {
        "start": words.t("link this phone"),
        "help": words.t("this help"),
        "language": words.t("Italian or English"),
        "who": words.t("who is on duty now and next"),
        "rota": words.t("the coming weeks as a picture"),
        "tickets": words.t("open tickets"),
        "ticket": words.t("its whole story"),
        "mine": words.t("your tickets"),
        "calendar": words.t("your duties, or a rota, in your own calendar"),
        "claim": words.t("take it"),
        "release": words.t("give it back"),
        "takeover": words.t("take it over from a colleague"),
        "handover": words.t("offer it to a colleague"),
        "snooze": words.t("let it sleep"),
        "close": words.t("close it"),
        "reopen": words.t("open it again"),
        "normal": words.t("it is not urgent"),
        "urgent": words.t("it is urgent after all"),
        "escalate": words.t("call the next one now"),
        "note": words.t("a note for colleagues"),
        "reply": words.t("answer, with a preview first"),
        "send": words.t("send what the preview shows"),
        "cancel": words.t("stop it, or drop the draft"),
        "delete": words.t("delete it from X (within 10 minutes)"),
        "myshifts": words.t("your duties of the next weeks"),
        "away": words.t("enter an absence; alone: those there are"),
        "swap": words.t("swap a duty with a colleague"),
        "yes": words.t("yes to what I asked"),
        "no": words.t("no to it"),
        "override": words.t("put somebody on duty; alone: all its forms"),
        "undo": words.t("take back the last change of the rota"),
        "people": words.t("the team and their phones"),
        "enroll": words.t("invite somebody"),
        "lock": words.t("lock a phone out at once"),
    }[command]


def who(
    words: Words, now: datetime, rotas: Sequence[OnDuty], *, office_open: bool, turns_at: datetime | None
) -> Message:
    """/who: on duty now and next, each rota."""
    out = Draft()
    if turns_at is not None:
        at = words.day_hour(turns_at)
        closes = words.t("The office is open until {time}.", time=at)
        out.line(closes if office_open else words.t("Out of hours until {time}.", time=at))
        out.line()
    for rota in rotas:
        out.line(rota.rota, "bold")
        names = words.listed(rota.now) or nobody(words, rota.office)
        until = ", " + words.t("until {time}", time=words.day_hour(rota.until)) if rota.until else ""
        out.line(words.t("Now: {names}", names=names) + until)
        if rota.until:
            out.line(words.t("Then: {names}", names=words.listed(rota.next) or nobody(words, rota.office_next)))
        for name in rota.unreachable:
            out.line("⚠️ " + words.t("{name} has no phone that I can reach", name=name))
    return out.done(silent=True)


def tickets(words: Words, items: Sequence[Item], *, folded: int) -> Message:
    """/tickets: open tickets, worst and oldest first, and how much noise was folded."""
    title = words.n("{n} open ticket", "{n} open tickets", len(items)) if items else words.t("Nothing is open.")
    return _list(words, items, title, folded)


def mine(words: Words, items: Sequence[Item]) -> Message:
    """/mine: the reader's own tickets."""
    title = words.n("{n} ticket is yours", "{n} tickets are yours", len(items)) if items else ""
    return _list(words, items, title or words.t("Nothing is yours."), 0)


def _list(words: Words, items: Sequence[Item], title: str, folded: int) -> Message:
    out = Draft().line(title, "bold" if items else "")
    _items(words, out, items)
    _folded(words, out, folded)
    return out.done(silent=True)


def _folded(words: Words, out: Draft, folded: int) -> None:
    if folded:
        out.line(words.n("{n} more mention was noise.", "{n} more mentions were noise.", folded))


def _items(words: Words, out: Draft, items: Sequence[Item]) -> None:
    for one in items[:SHOWN_MAX]:
        out.line(item(words, one))
    further = items[SHOWN_MAX:]
    if further:
        numbers = " ".join(f"#{one.number}" for one in further[:NUMBERS_MAX])
        numbers += " …" if len(further) > NUMBERS_MAX else ""
        out.line(words.t("… and {n} more: {numbers}", n=len(further), numbers=numbers))


def silent_list(words: Words, items: Sequence[Item], *, folded: int, over: bool) -> Message:
    """What rings nobody, worst first, with [Urgent after all] for each."""
    out = Draft()
    out.line("⚪ " + words.t("Waiting, ringing nobody"), "bold")
    if over:
        out.line(words.t("Your duty is over: this list is no longer kept."))
        return out.done(silent=True)
    if not items:
        out.line(words.t("Nothing waits."))
    _items(words, out, items)
    _folded(words, out, folded)
    buttons = [Button(words.t("Urgent: #{n}", n=one.number), f"urgent:{one.number}") for one in items[:BUTTONS_MAX]]
    for start in range(0, len(buttons), 2):
        out.row(*buttons[start : start + 2])
    return out.done(silent=True)


def summary(words: Words, items: Sequence[Item], *, over: bool) -> Message:
    """Many alarms in one ring; those still unclaimed can be claimed from here."""
    out = Draft()
    open_items = [one for one in items if one.state == "paging"]
    count = words.n("{n} urgent ticket waits", "{n} urgent tickets wait", len(open_items))
    out.line("🟠 " + count, "bold")
    if over:
        out.line(words.t("This list is no longer kept. How things stand: /tickets"))
        return out.done(silent=True)
    _items(words, out, items)
    buttons = [Button(words.t("Claim #{n}", n=one.number), f"claim:{one.number}") for one in open_items[:BUTTONS_MAX]]
    for start in range(0, len(buttons), 2):
        out.row(*buttons[start : start + 2])
    return out.done(silent=False)


def handover(words: Words, items: Sequence[Item], *, why: str, name: str) -> Message:
    """The list of open things at the end of a duty or at the office's opening."""
    out = Draft()
    head = words.t("Good morning, {name}. Still open:", name=name)
    if why == "duty":
        head = words.t("Handover: open as your duty begins")
    out.line("📋 " + head, "bold")
    if not items:
        out.line(words.t("Nothing is open."))
    _items(words, out, items)
    buttons = [
        Button(words.t("Claim #{n}", n=one.number), f"claim:{one.number}")
        for one in items
        if one.state in ("waiting", "paging")
    ][:BUTTONS_MAX]
    for start in range(0, len(buttons), 2):
        out.row(*buttons[start : start + 2])
    return out.done(silent=False)


def duty(
    words: Words, *, number: int, rota: str, until: datetime, backup: tuple[str, ...], confirmed: bool, over: bool
) -> Message:
    """Your duty begins: press to show that this phone reaches you."""
    out = Draft()
    out.line("🔔 " + words.t("You are on duty ({rota}) until {time}.", rota=rota, time=words.day_hour(until)), "bold")
    if backup:
        out.line(words.t("With you: {names}", names=words.listed(backup)))
    if over:
        out.line(words.t("This duty is over."))
    elif confirmed:
        out.line("✅ " + words.t("Confirmed."))
    else:
        out.line(words.t("Press the button: then everybody knows that this phone reaches you."))
        out.row(Button(words.t("I am on duty"), f"duty:ok:{number}", style="success"))
    return out.done(silent=False)


def people(words: Words, rows: Sequence[tuple[str, str, bool, str]]) -> Message:
    """/people: (name, id, is a lead, phone: linked | none | locked | unreachable | unconfirmed)."""
    out = Draft().line(words.t("The team"), "bold")
    states = {
        "linked": "📱 " + words.t("phone linked"),
        "none": "– " + words.t("no phone"),
        "locked": "🔒 " + words.t("locked out"),
        "unreachable": "⚠️ " + words.t("stopped the bot"),
        "unconfirmed": "⏳ " + words.t("to be confirmed by a lead"),
    }
    for name, person, lead, phone in rows:
        role = " · " + words.t("lead") if lead else ""
        out.line(f"{name} ({person}){role}: {states[phone]}")
    return out.done(silent=True)


def invitation(words: Words, *, name: str, url: str, hours: int) -> Message:
    out = Draft()
    if not url:
        out.line(words.t("The link for {name} stood here.", name=name))
        return out.done(silent=True)
    out.line(
        words.t(
            "Send this link to {name} and to nobody else. It works once, within {hours} hours:", name=name, hours=hours
        )
    )
    out.line(url)
    return out.done(silent=True, protect=False)


def prompt(words: Words, *, number: int, author: str, edit: bool) -> Message:
    """The message to reply to; its input box is open."""
    text = words.t("✏️ #{n}: reply to this message with your answer to {author}.", n=number, author=handle(author))
    if edit:
        text = words.t(
            "✏️ #{n}: reply to this message with the new words for {author}.", n=number, author=handle(author)
        )
    return Message(text, silent=True, ask=True)


def team_line(words: Words, one: Item, owner: str) -> Message:
    """For the team group: number, line, urgency, owner; never a customer's words."""
    line, level = line_name(words, one.line), urgency(words, one.urgency)
    has = words.t("{name} has it", name=owner) if owner else words.t("nobody has it yet")
    match one.state:
        case "answered":
            has = words.t("answered by {name}", name=owner)
        case "closed":
            has = words.t("closed")
        case _:
            pass
    return Message(f"{ICONS[one.urgency]} #{one.number} · {line} · {level} · {has}", silent=True)


def last_resort(words: Words, one: Item) -> str:
    """For channels outside Telegram: no customer's words, no personal data."""
    facts = f"#{one.number} · {line_name(words, one.line)} · {urgency(words, one.urgency)} · {words.age(one.age)}"
    return words.t("Reperibile: {ticket}. Nobody has taken it: open Telegram.", ticket=facts)
