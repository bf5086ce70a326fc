"""The chat commands in one table, and how typed text and button data become one and the same command.

Language-free: every command has an Italian alias. Nothing typed or pressed is trusted: what fits no row is refused
with the row's own usage.
"""

import re
from dataclasses import dataclass
from datetime import timedelta
from unicodedata import combining, normalize

from bot.errors import Refused

# Longest typed text looked at; Telegram's own limit is 4096 characters (facts/TELEGRAM.md, checked 2026-11).
TYPED_MAX = 4096
# Ticket numbers and row ids beyond this are no ids of ours: our id columns hold 32 bits, and PostgreSQL refuses a
# question about a larger one.
ID_MAX = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Spec:
    """One command. takes: "" nothing · ticket · ticket text · ticket name · ticket time · name · text · token.

    role: anyone (also strangers) · staff · lead. The ticket may be left out when the text replies to its card.
    """

    name: str
    aliases: tuple[str, ...]
    role: str
    takes: str


COMMANDS: tuple[Spec, ...] = (
    Spec("start", (), "anyone", "token"),
    Spec("help", ("aiuto",), "anyone", ""),
    Spec("language", ("lingua",), "staff", "text"),
    Spec("who", ("chi",), "staff", ""),
    Spec("rota", ("turnazione",), "staff", "text"),
    Spec("tickets", ("coda",), "staff", ""),
    Spec("ticket", (), "staff", "ticket"),
    Spec("mine", ("miei",), "staff", ""),
    Spec("calendar", ("calendario",), "staff", "text"),
    Spec("claim", ("prendo",), "staff", "ticket"),
    Spec("release", ("lascio",), "staff", "ticket"),
    Spec("takeover", ("subentro",), "staff", "ticket"),
    Spec("handover", ("passo",), "staff", "ticket name"),
    Spec("snooze", ("rimando",), "staff", "ticket time"),
    Spec("close", ("chiudo",), "staff", "ticket text"),
    Spec("reopen", ("riapro",), "staff", "ticket"),
    Spec("normal", ("normale",), "staff", "ticket"),
    Spec("urgent", ("urgente",), "staff", "ticket"),
    Spec("escalate", ("avanti",), "staff", "ticket"),
    Spec("note", ("nota",), "staff", "ticket text"),
    Spec("reply", ("rispondo",), "staff", "ticket text"),
    Spec("send", ("invio",), "staff", "ticket"),
    Spec("cancel", ("annulla",), "staff", "ticket"),
    Spec("delete", ("elimina",), "staff", "ticket"),
    Spec("myshifts", ("turni",), "staff", ""),
    Spec("away", ("assente",), "staff", "text"),
    Spec("swap", ("cambio",), "staff", "text"),
    Spec("yes", ("si",), "staff", "text"),
    Spec("no", (), "staff", "text"),
    Spec("override", ("sostituzione",), "lead", "text"),
    Spec("undo", ("disfo",), "lead", ""),
    Spec("people", ("persone",), "lead", ""),
    Spec("enroll", ("iscrivo",), "lead", "name"),
    Spec("lock", ("blocco",), "lead", "name"),
)
_BY_WORD = {word: spec for spec in COMMANDS for word in (spec.name, *spec.aliases)}


@dataclass(frozen=True, slots=True)
class Command:
    """A parsed wish. ticket: None when it must come from the card replied to. rest: what else was typed."""

    spec: Spec
    ticket: int | None = None
    rest: str = ""


# With accents, which the keyboard puts on "/si" by itself.
_COMMAND = re.compile(
    r"/([A-Za-z_\u00c0-\u00ff\u0300\u0301]{1,32})(?:@([A-Za-z0-9_]{1,64}))?(?:[ \t\n]+|$)(.*)", re.DOTALL
)
_TICKET = re.compile(r"#?([0-9]{1,16})(?:[ \t\n]+|$)(.*)", re.DOTALL)


def parse(text: str, bot_username: str = "") -> Command | None:
    """A typed command; None when the text is none.

    Raises Refused("unknown_command") for a slash word we do not have, Refused("for_other_bot") for /cmd@another_bot.
    """
    text = text[:TYPED_MAX].strip()
    if not text.startswith("/"):
        return None
    match = _COMMAND.fullmatch(text)
    word = _unaccented(match.group(1).lower()) if match else ""
    # While our own name is not known (Telegram was down at start), a command in our own chat is meant for us.
    if match and match.group(2) and bot_username and match.group(2).lower() != bot_username.lower():
        raise Refused("for_other_bot")
    spec = _BY_WORD.get(word)
    if spec is None or match is None:
        raise Refused("unknown_command", word=(word or text[1:20]))
    rest = match.group(3).strip()
    if not spec.takes.startswith("ticket"):
        return Command(spec, None, rest)
    number = _TICKET.fullmatch(rest)
    if number is None:
        return Command(spec, None, rest)
    ticket = int(number.group(1))
    if not 0 < ticket <= ID_MAX:
        if spec.takes == "ticket text":
            return Command(spec, None, rest)  # a telephone number, say: the first word of what was typed, to be kept
        raise Refused("no_ticket", ticket=number.group(1))
    return Command(spec, ticket, number.group(2).strip())


def _unaccented(word: str) -> str:
    return "".join(c for c in normalize("NFKD", word) if not combining(c))


_LEADING_NUMBER = re.compile(r"#?[0-9]{1,16}(?:\s+|$)")


def words_in(text: str, bot_username: str = "") -> str:
    """The free words of a typed command, worth keeping when it is refused; "" when it has none (or is no command)."""
    try:
        command = parse(text, bot_username)
    except Refused:
        # A slash word that we do not have, mistyped perhaps: what follows it may have cost five minutes.
        _, *after = text.strip().split(maxsplit=1)
        words = _LEADING_NUMBER.sub("", "".join(after), count=1)
        return words if any(c.isalpha() for c in words) else ""
    if command is None or command.spec.takes != "ticket text":
        return ""
    closes = command.spec.name == "close" and command.rest.lower() in CLOSE_WORDS
    return "" if closes else command.rest


@dataclass(frozen=True, slots=True)
class Press:
    """A pressed button: verb, the id it is about, and what else stood in its data."""

    verb: str
    id: int
    rest: str = ""


# verb → does the id mean a ticket, a reply, a duty or a question?
PRESSES: dict[str, str] = {
    "claim": "ticket",
    "release": "ticket",
    "takeover": "ticket",
    "reply": "ticket",
    "normal": "ticket",
    "urgent": "ticket",
    "escalate": "ticket",
    "snooze": "ticket",
    "close": "ticket",
    "reopen": "ticket",
    "more": "ticket",
    "keep": "ticket",
    "send": "reply",
    "cancel": "reply",
    "edit": "reply",
    "delete": "reply",
    "duty": "duty",
    "yes": "question",
    "no": "question",
}
_PRESS = re.compile(r"([a-z]{1,16}):(?:(ok):)?([0-9]{1,16})(?::([a-z0-9]{1,16}))?")


def parse_press(data: str) -> Press:
    """Callback data as DESIGN.md's contract has it (`claim:42`, `snooze:42:30`, `duty:ok:3`).

    Raises Refused("bad_press") for anything else: any client can send any bytes.
    """
    match = _PRESS.fullmatch(data) if len(data) <= 64 else None
    if match is None:
        raise Refused("bad_press")
    verb, ok, number, rest = match.group(1), match.group(2), int(match.group(3)), match.group(4) or ""
    if verb not in PRESSES or (verb == "duty") != (ok is not None) or not 0 < number <= ID_MAX:
        raise Refused("bad_press")
    if bool(rest) != (verb in ("snooze", "close")):
        raise Refused("bad_press")
    return Press(verb, number, rest)


_SPAN = re.compile(r"([0-9]{1,4})\s*(m|min|minuti|minutes?|h|ore|ora|hours?|d|g|giorni|giorno|days?)?", re.IGNORECASE)
SNOOZE_MAX = timedelta(days=7)


def span_of_time(text: str) -> timedelta:
    """ "30m", "2h", "1 giorno", a bare number of minutes; 1 minute to 7 days. Raises Refused("bad_time")."""
    match = _SPAN.fullmatch(text.strip())
    if match is None:
        raise Refused("bad_time", text=text[:40])
    unit = (match.group(2) or "m").lower()[0]
    span = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "o": timedelta(hours=1)}.get(unit, timedelta(days=1))
    span *= int(match.group(1))
    if not timedelta(minutes=1) <= span <= SNOOZE_MAX:
        raise Refused("bad_time", text=text[:40])
    return span


CLOSE_WORDS = {
    "": "solved",
    "solved": "solved",
    "risolto": "solved",
    "passed": "passed",
    "passato": "passed",
    "nothing": "nothing",
    "niente": "nothing",
}


def how_closed(text: str) -> str:
    """solved | passed | nothing, from either language; nothing typed means solved. Raises Refused("bad_close")."""
    word = CLOSE_WORDS.get(text.strip().lower())
    if word is None:
        raise Refused("bad_close", text=text[:40])
    return word
