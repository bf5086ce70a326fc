"""/ticket 42: one ticket's whole story. Its card, what we answered, what was typed and did not leave, notes, events.

The newest of each are shown; all of it together stays within one message.
"""

from bot.core.message import Draft, Message
from bot.core.reply import ReplyState
from bot.core.views import Story, Unposted
from bot.wording.cards import card
from bot.wording.reasons import N_
from bot.wording.replies import why_stopped
from bot.wording.words import Words, cut, one_line, utf16_length

ANSWERS_SHOWN_MAX = 2
UNPOSTED_SHOWN_MAX = 2
NOTES_SHOWN_MAX = 3
EVENTS_SHOWN_MAX = 8
# How much of each text is shown, in UTF-16 units: the first of these with which all of it fits. What may stand on X has
# at most 280 weighted characters.
TEXT_LENGTHS = (300, 150, 50)
# core.telegram.org/bots/api#sendmessage, in UTF-16 units, checked 2026-11.
STORY_LENGTH_MAX = 4096

EVENTS: dict[str, str] = {
    "open": N_("came in"),
    "join": N_("the customer wrote again"),
    "page": N_("{whom} was paged"),
    "reached nobody": N_("nobody could be reached"),
    "unrung": N_("for a minute no phone was reached: the leads were told"),
    "ladder over": N_("the ladder was at its end: the leads were told"),
    "long doubt": N_("a reply was in doubt for 15 minutes: the leads were told"),
    "step reached nobody": N_("a step of the ladder reached nobody"),
    "last resort": N_("the last resort was called: its address {whom} took it"),
    "last resort failed": N_("the last resort could not be reached"),
    "claim": N_("took it"),
    "release": N_("gave it back"),
    "takeover": N_("took it over"),
    "handover": N_("took it from a colleague"),
    "snooze": N_("let it sleep"),
    "wake": N_("it woke up"),
    "close": N_("closed it"),
    "reopen": N_("opened it again"),
    "normal": N_("not urgent"),
    "urgent": N_("urgent after all"),
    "escalate": N_("called the next one"),
    "still": N_("still on it"),
    "back": N_("back to those on duty"),
    "abandoned": N_("back to those on duty: nothing had happened"),
    "passed_on": N_("passed on: the owner's duty was over"),
    "note": N_("left a note"),
    "draft": N_("wrote a draft"),
    "send": N_("pressed Send"),
    "cancel": N_("pressed Cancel"),
    "sending": N_("the answer is on its way to X"),
    "not posted": N_("the answer was not posted"),
    "answer": N_("found our answer on X"),
    "answered": N_("answered"),
    "it is there": N_("found our answer on X"),
    "send again": N_("had it sent again"),
    "delete": N_("pressed Delete"),
    "deleted": N_("the answer was deleted from X"),
    "not deleted": N_("the answer could not be deleted from X"),
}
"""The log's verbs about a ticket, as a colleague reads them."""
# Written by the service itself: these names are no colleagues', and are left out.
LINES = ("intake", "watch", "delivery", "desk", "service", "server")


def story(words: Words, view: Story) -> Message:
    """Everything about one ticket, long texts cut as much as it takes."""
    told = [_told(words, view, length) for length in TEXT_LENGTHS]
    return next((one for one in told if utf16_length(one.text) <= STORY_LENGTH_MAX), told[-1])


def _told(words: Words, view: Story, text_max: int) -> Message:
    base = card(words, view.card, silent=True)
    out = Draft(base.text + "\n", list(base.spans), list(base.buttons))
    if view.answers:
        out.line().line(words.t("Our answers:"), "bold")
        for a in view.answers[-ANSWERS_SHOWN_MAX:]:
            gone = " · " + words.t("deleted") if a.deleted else ""
            out.line(f"{a.writer}, {words.when(a.at, view.card.now)}{gone}", "italic")
            out.line(cut(a.text, text_max), "quote")
    if view.unposted:
        out.line().line(words.t("Typed, not on X:"), "bold")
        for u in view.unposted[-UNPOSTED_SHOWN_MAX:]:
            out.line(f"{u.writer}, {words.when(u.at, view.card.now)} · {unposted_state(words, u)}", "italic")
            out.line(cut(u.text, text_max), "quote")
    if view.notes:
        out.line().line(words.t("Notes:"), "bold")
        for who, at, text in view.notes[-NOTES_SHOWN_MAX:]:
            out.line(f"{who}, {words.when(at, view.card.now)}: {cut(one_line(text), text_max)}")
    if view.log:
        out.line().line(words.t("What happened:"), "bold")
        for at, who, verb, whom in view.log[-EVENTS_SHOWN_MAX:]:
            by = "" if who in LINES else f"{who}: "
            out.line(f"{words.when(at, view.card.now)} {by}{event(words, verb, whom)}")
    return out.done(silent=True)


def unposted_state(words: Words, one: Unposted) -> str:
    """Where words stand that are not on X, and why."""
    match one.state:
        case ReplyState.DRAFT:
            state = words.t("draft")
        case ReplyState.HELD | ReplyState.SENDING:
            state = words.t("on its way")
        case ReplyState.IN_DOUBT:
            state = words.t("in doubt")
        case ReplyState.FAILED:
            state = words.t("not posted")
        case _:
            state = words.t("kept aside")
    why = why_stopped(words, one.reason)
    return f"{state}. {why}" if why else state


def event(words: Words, verb: str, whom: str = "") -> str:
    """One verb of the log in the reader's language. whom: who was paged."""
    return words.t(EVENTS[verb], whom=whom) if verb in EVENTS else verb
