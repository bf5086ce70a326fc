"""A reply on its writer's phone: the preview, its way, its end; and in plain words why it stopped."""

from bot.core.message import Button, Draft, Message
from bot.core.reply import ReplyState
from bot.core.views import Preview
from bot.wording.cards import Row
from bot.wording.reasons import KINDS, N_, kind, masked
from bot.wording.words import Words, cut, handle

# In UTF-16 units. What can be a reply (at most 600 characters, see reply_text.py) is shown whole.
THEIR_WORDS_MAX = 500
OUR_WORDS_MAX = 1200
WARNED_ABOUT_MAX = 120
_BEFORE = (ReplyState.DRAFT, ReplyState.HELD)


def preview(words: Words, view: Preview, *, silent: bool) -> Message:
    """A reply before it leaves, while it is on its way, and after."""
    out = Draft()
    out.line(_head(words, view), "bold")
    if why := why_stopped(words, view.reason):
        out.line(why)
    if view.state is ReplyState.HELD and view.reason == "credits":
        # Written by hand and left here, it would stand on X twice.
        out.line(words.t("To write it by hand, press Cancel first."))
    out.line()
    out.line(words.t("To {author}, from {account}", author=handle(view.author), account=handle(view.account)))
    if view.state in _BEFORE:
        out.line(cut(masked(words, view.their_words), THEIR_WORDS_MAX) or words.t("(no words)"), "quote")
        out.line(words.t("Our words:"))
    out.line(cut(view.our_words, OUR_WORDS_MAX) or words.t("(no words)"), "quote")
    if view.state is ReplyState.DRAFT:
        out.line(words.t("{length} of {most} characters", length=view.length, most=view.length_max))
    if view.state in _BEFORE:
        for warned in view.warnings:
            out.line("⚠️ " + warning(words, warned.code, warned.about))
        if view.dry_run and view.reason != "dry_run":
            out.line("🧪 " + words.t("Rehearsal (DRY_RUN): nothing will be posted on X."))
    for row in _buttons(words, view):
        out.row(*row)
    return out.done(silent=silent)


def _head(words: Words, view: Preview) -> str:
    n = view.ticket
    match view.state:
        case ReplyState.DRAFT if view.reason:
            return "✋ " + words.t("#{n} · held back: not sent", n=n)
        case ReplyState.DRAFT:
            return "✏️ " + words.t("#{n} · preview: not sent yet", n=n)
        case ReplyState.HELD if view.leaves_at and view.now and view.leaves_at > view.now:
            at = view.leaves_at.astimezone(words.zone).strftime("%H:%M:%S")
            return "⏳ " + words.t("#{n} · leaves at {time}", n=n, time=at)
        case ReplyState.HELD | ReplyState.SENDING:
            return "⏳ " + words.t("#{n} · on its way", n=n)
        case ReplyState.IN_DOUBT if view.asked:
            return "❓ " + words.t("#{n} · is it on X? Please look", n=n)
        case ReplyState.IN_DOUBT:
            return "❓ " + words.t("#{n} · in doubt: I look on X before anything else", n=n)
        case ReplyState.POSTED if view.posted_at:
            return "✅ " + words.t("#{n} · posted at {time}", n=n, time=words.hour(view.posted_at))
        case ReplyState.FAILED:
            return "⛔ " + words.t("#{n} · not posted", n=n)
        case ReplyState.DELETED:
            return "🗑 " + words.t("#{n} · deleted from X", n=n)
        case ReplyState.DROPPED if view.reason == "by_hand":
            return "☑️ " + words.t("#{n} · written by hand", n=n)
        case _:
            return "▫️ " + words.t("#{n} · dropped, nothing was sent", n=n)


def _buttons(words: Words, view: Preview) -> list[Row]:
    r = view.reply
    edit = Button(words.t("Edit"), f"edit:{r}")
    by_hand = Button(words.t("Write it on X by hand"), url=view.by_hand_url)
    cancel = Button(words.t("Cancel"), f"cancel:{r}", style="danger")
    match view.state:
        case ReplyState.DRAFT:
            cannot_go = any(w.code in ("too_long", "empty") for w in view.warnings)
            send = Button(words.t("Send"), f"send:{r}", style="success")
            return [(edit, cancel)] if cannot_go else [(send, edit, cancel)]
        case ReplyState.HELD if view.reason == "credits":
            return [(cancel,), (by_hand,)]
        case ReplyState.HELD:
            return [(cancel,)]
        case ReplyState.IN_DOUBT if view.asked and view.question:
            there = Button(words.t("It is there"), f"yes:{view.question}", style="success")
            again = Button(words.t("Send again"), f"no:{view.question}", style="danger")
            return [(Button(words.t("Open on X"), url=view.parent_url),), (there, again)]
        case ReplyState.POSTED:
            open_x = Button(words.t("Open on X"), url=view.url or view.parent_url)
            delete = Button(words.t("Delete"), f"delete:{r}", style="danger")
            return [(open_x, delete)] if view.can_delete else [(open_x,)]
        case ReplyState.FAILED:
            done = Button(words.t("Done"), f"close:{view.ticket}:solved", style="success")
            return [(by_hand,), (done, edit, cancel)]
        case _:
            return []


def warning(words: Words, code: str, about: str) -> str:
    """One thing to mind before sending."""
    about = cut(about, WARNED_ABOUT_MAX)
    match code:
        case "too_long":
            return words.t("Too long for X: shorten it.")
        case "link":
            return words.t("“{link}” counts as a link: 23 characters, and X charges $0.20 for this post.", link=about)
        case "personal_data":
            what = ", ".join(kind(words, one) if one in KINDS else one for one in about.split(", "))
            return words.t("It shows personal data ({what}), for everybody to read.", what=what)
        case "same_as_before":
            return words.t("This customer was already sent these very words.")
        case "mentions_somebody":
            return words.t("It names {who}: they will be notified.", who=about)
        case "empty":
            return words.t("There are no words in it.")
        case "not_newest":
            return words.t("The customer has written again since.")
        case _:
            return about or code


STOPPED: dict[str, str] = {
    "new_post": N_("The customer wrote again meanwhile. Read it, then press Send if your words still fit."),
    "edited": N_("The customer changed their post meanwhile. Read it, then press Send if your words still fit."),
    "parent_gone": N_("The customer deleted the post you answer."),
    "too_late": N_("It could not leave within 15 minutes. If it still fits, press Send."),
    "not_owner": N_("The ticket is no longer yours; your words are kept here."),
    "dry_run": N_("Rehearsal (DRY_RUN): nothing was posted on X."),
    "not_engaged": N_("X takes replies only where the customer named this account. Write it by hand."),
    "reply_settings": N_("The customer limits who may reply. Write it by hand."),
    "too_long": N_("X says it is too long. Edit it."),
    "duplicate": N_("X says these words were posted before. Edit it: one other word is enough."),
    "forbidden": N_("X refused it. Write it by hand."),
    "bad_request": N_("X did not understand it. Write it by hand."),
    "rate_limit": N_("X asks us to slow down: it leaves as soon as X allows."),
    "credits": N_("Our X credits are used up; the leads know. It leaves as soon as there are new ones."),
    "unauthorized": N_("X does not accept our key for this account. I keep trying."),
    "not_sent": N_("X cannot be reached. I keep trying."),
    "server": N_("X is in trouble. I keep trying."),
    "unreadable": N_("X gave an answer that makes no sense. I keep trying."),
    "in_doubt": N_("X took it, perhaps: its answer got lost."),
    "other_answer": N_("Another answer of ours stands below the same post."),
    "cancelled": N_("Cancelled."),
    "replaced": N_("Replaced by newer words."),
    "by_hand": N_("Written on X by hand."),
    "asked": N_("An earlier draft was there."),
    "on_its_way": N_("An earlier reply was on its way."),
    "edited_after": N_("The message was edited after its words had been taken."),
    "taken": N_("Somebody else had the ticket."),
}
"""Why a reply is where it is: in draft again, waiting, in doubt, failed or dropped; and what can be done."""


def why_stopped(words: Words, code: str) -> str:
    """The sentence for a reply's reason; "" for none."""
    return words.t(STOPPED[code]) if code in STOPPED else ""
