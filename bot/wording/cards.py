"""The card of a ticket, and the preview of a reply.

The first line carries no personal data (lock screens). The customer's words come masked and harmless; they stand in a
quotation, never as markup.
"""

from bot.core.mention import Urgency
from bot.core.message import Button, Draft, Message
from bot.core.reply import ReplyState
from bot.core.ticket import State
from bot.core.views import Card, Item, Post, Preview, Story
from bot.wording.reasons import reason
from bot.wording.words import Words

ICONS = {Urgency.CRITICAL: "🔴", Urgency.URGENT: "🟠", Urgency.NORMAL: "⚪", Urgency.NOISE: "▫️"}
# Customer's words on a card are cut to this many characters, so that any card stays within Telegram's 4096.
POST_SHOWN_MAX = 700
CALLBACK_ROW = tuple[Button, ...]


def urgency(words: Words, value: Urgency) -> str:
    return {
        Urgency.CRITICAL: words.t("critical"),
        Urgency.URGENT: words.t("urgent"),
        Urgency.NORMAL: words.t("normal"),
        Urgency.NOISE: words.t("noise"),
    }[value]


def line_name(words: Words, line: str) -> str:
    return words.t("line unknown") if line == "unknown" else line


def first_line(words: Words, card: Card) -> str:
    """`🔴 #42 · 187 · critical · 3 min`, or with who has it instead of the age."""
    icon = ICONS[card.urgency]
    last = words.age(card.age)
    match card.state:
        case State.CLAIMED:
            icon, last = "✋", words.t("you have it") if card.mine else words.t("{name} has it", name=card.owner)
        case State.ANSWERED:
            icon, last = "✅", words.t("answered by {name}", name=card.answered_by)
        case State.SNOOZED:
            icon, last = "💤", words.t("snoozed by {name}", name=card.owner)
        case State.CLOSED:
            icon, last = "☑️", words.t("closed")
        case _:
            pass
    return f"{icon} #{card.number} · {line_name(words, card.line)} · {urgency(words, card.urgency)} · {last}"


def card(words: Words, view: Card, *, silent: bool) -> Message:
    """The card of one ticket on one phone."""
    out = Draft()
    head = first_line(words, view)
    out.line(head, "bold")
    if view.repeat:
        out.line(words.t("(repeat)"))
    if view.follow_up:
        out.line(words.t("They wrote again."))
    out.line()
    to = words.t("{author} to @{account}", author=_author(view), account=view.account)
    out.line(to)
    if view.for_agent:
        out.line(words.t("It was meant for {name}.", name=view.for_agent))
    _posts(words, out, view)
    out.line()
    if view.reasons:
        out.line(words.t("Why: {reasons}", reasons="; ".join(reason(words, r) for r in view.reasons[:3])))
    _standing(words, out, view)
    for row in buttons(words, view):
        out.row(*row)
    return out.done(silent=silent)


def _author(view: Card) -> str:
    name = view.author_name.strip()
    return f"@{view.author}" if not name or name.lower() == view.author.lower() else f"{name} (@{view.author})"


def _posts(words: Words, out: Draft, view: Card) -> None:
    hidden = view.posts_total - len(view.posts)
    if hidden > 0:
        out.line(words.n("… {n} earlier post", "… {n} earlier posts", hidden))
    for post in view.posts:
        _post(words, out, view, post)


def _post(words: Words, out: Draft, view: Card, post: Post) -> None:
    text = post.text if len(post.text) <= POST_SHOWN_MAX else post.text[: POST_SHOWN_MAX - 1] + "…"
    marks = [words.when(post.at, view.now)] if view.posts_total > 1 else []
    if post.edited:
        marks.append(words.t("edited"))
    if post.deleted:
        marks.append(words.t("deleted by the customer"))
    if post.has_media:
        marks.append(words.t("with a picture: open it on X"))
    if marks:
        out.line(" · ".join(marks), "italic")
    out.line(text or words.t("(no words)"), "quote")


def _standing(words: Words, out: Draft, view: Card) -> None:
    """Who has it, who else was paged, what comes next."""
    match view.state:
        case State.PAGING:
            if view.paged:
                out.line(words.t("Paged: {names}", names=words.listed(view.paged)))
            if view.next_at and view.next_names:
                names, at = words.listed(view.next_names), words.hour(view.next_at)
                out.line(words.t("Nobody has it. Next at {time}: {names}", names=names, time=at))
            elif view.next_at:
                out.line(words.t("Nobody has it. Rings again at {time}", time=words.hour(view.next_at)))
            else:
                out.line(words.t("Nobody has it yet."))
        case State.WAITING:
            out.line(words.t("Waits for the office; rings nobody."))
        case State.CLAIMED if view.mine:
            out.line(words.t("It is yours. Answer by replying to this message."))
            for name, text in view.contacts:
                out.line(words.t("Who can act: {name}. {text}", name=name, text=text))
        case State.CLAIMED:
            out.line(words.t("{name} has it.", name=view.owner))
        case State.SNOOZED if view.snoozed_until:
            until = words.when(view.snoozed_until, view.now)
            out.line(words.t("Sleeps until {time}, with {name}.", time=until, name=view.owner))
        case State.ANSWERED if view.answered_at:
            at = words.when(view.answered_at, view.now)
            out.line(words.t("Answered by {name} at {time}.", name=view.answered_by, time=at))
        case State.CLOSED:
            out.line(words.t("Closed by {name}: {how}.", name=view.closed_by, how=closed_as(words, view.closed_as)))
        case _:
            pass


def closed_as(words: Words, how: str) -> str:
    return {"passed": words.t("passed on"), "nothing": words.t("nothing to do")}.get(how, words.t("solved"))


def buttons(words: Words, view: Card) -> list[CALLBACK_ROW]:
    """Only what works now for this reader, the likeliest first."""
    n, can = view.number, view.moves
    rows: list[CALLBACK_ROW] = []
    open_x = Button(words.t("Open on X"), url=view.url)
    more = Button(words.t("Less") if view.more else words.t("More…"), f"more:{n}")
    match view.state:
        case State.PAGING | State.WAITING:
            claim = Button(words.t("Claim"), f"claim:{n}", style="success")
            rows.append((claim, Button(words.t("Reply"), f"reply:{n}", style="primary")))
            if view.urgency.is_alarm:
                second = [Button(words.t("Not urgent"), f"normal:{n}")]
                if "escalate" in can:
                    second.append(Button(words.t("Escalate"), f"escalate:{n}", style="danger"))
            else:
                second = [Button(words.t("Urgent after all"), f"urgent:{n}", style="danger")]
            rows.append(tuple(second))
            rows.append((open_x, more))
        case State.CLOSED:
            rows.append((Button(words.t("Reopen"), f"reopen:{n}"), open_x))
            return rows
        case _ if view.mine:
            rows.append(
                (
                    Button(words.t("Reply"), f"reply:{n}", style="primary"),
                    Button(words.t("Close: solved"), f"close:{n}:solved", style="success"),
                )
            )
            rows.append((open_x, more))
        case _:
            if "takeover" in can:
                rows.append((Button(words.t("Take over"), f"takeover:{n}"), open_x))
            else:
                rows.append((open_x,))
            if "close" in can:
                rows[-1] = (*rows[-1], more)
    if view.more:
        rows += _more(words, view)
    return rows


def _more(words: Words, view: Card) -> list[CALLBACK_ROW]:
    n, can = view.number, view.moves
    rows: list[CALLBACK_ROW] = []
    if "snooze" in can:
        rows.append(
            (
                Button(words.t("Snooze 30 min"), f"snooze:{n}:30"),
                Button(words.t("Snooze 2 h"), f"snooze:{n}:120"),
            )
        )
    if "close" in can:
        rows.append(
            (
                Button(words.t("Close: passed on"), f"close:{n}:passed"),
                Button(words.t("Close: nothing to do"), f"close:{n}:nothing"),
            )
        )
    last = []
    if "release" in can:
        last.append(Button(words.t("Release"), f"release:{n}"))
    if view.state is State.CLAIMED and "escalate" in can:
        last.append(Button(words.t("Escalate"), f"escalate:{n}", style="danger"))
    if view.state not in (State.PAGING, State.WAITING) and "normal" in can and view.urgency.is_alarm:
        last.append(Button(words.t("Not urgent"), f"normal:{n}"))
    return [*rows, *([tuple(last)] if last else [])]


def preview(words: Words, view: Preview, *, silent: bool) -> Message:
    """A reply before it leaves, while it is on its way, and after."""
    out = Draft()
    out.line(_preview_head(words, view), "bold")
    if view.reason:
        out.line(why_back(words, view.reason))
    out.line()
    to = words.t("To @{author}, from @{account}", author=view.author, account=view.account)
    out.line(to)
    if view.state in (ReplyState.DRAFT, ReplyState.HELD):
        out.line(view.their_words[:POST_SHOWN_MAX], "quote")
        out.line(words.t("Our words:"))
    out.line(view.our_words, "quote")
    if view.state is ReplyState.DRAFT:
        count = words.t("{length} of {most} characters", length=view.length, most=view.length_max)
        out.line(f"{count}")
    for warned in view.warnings if view.state in (ReplyState.DRAFT, ReplyState.HELD) else ():
        out.line("⚠️ " + warning(words, warned.code, warned.about))
    if view.dry_run and view.state in (ReplyState.DRAFT, ReplyState.HELD):
        out.line("🧪 " + words.t("Rehearsal (DRY_RUN): nothing will be posted on X."))
    for row in _preview_buttons(words, view):
        out.row(*row)
    return out.done(silent=silent)


def _preview_head(words: Words, view: Preview) -> str:
    n = view.ticket
    match view.state:
        case ReplyState.DRAFT:
            return "✏️ " + words.t("#{n} · preview: not sent yet", n=n)
        case ReplyState.HELD if view.leaves_at and view.now and view.leaves_at > view.now:
            at = view.leaves_at.astimezone(words.zone).strftime("%H:%M:%S")
            return "⏳ " + words.t("#{n} · leaves at {time}", n=n, time=at)
        case ReplyState.HELD | ReplyState.SENDING:
            return "⏳ " + words.t("#{n} · on its way", n=n)
        case ReplyState.IN_DOUBT:
            return "❓ " + words.t("#{n} · in doubt: we look on X before anything else", n=n)
        case ReplyState.POSTED if view.posted_at:
            return "✅ " + words.t("#{n} · posted at {time}", n=n, time=words.hour(view.posted_at))
        case ReplyState.FAILED:
            return "⛔ " + words.t("#{n} · not posted", n=n)
        case ReplyState.DELETED:
            return "🗑 " + words.t("#{n} · deleted from X", n=n)
        case _:
            return "▫️ " + words.t("#{n} · dropped, nothing was sent", n=n)


def _preview_buttons(words: Words, view: Preview) -> list[CALLBACK_ROW]:
    r = view.reply
    open_x = Button(words.t("Open on X"), url=view.url or view.parent_url)
    match view.state:
        case ReplyState.DRAFT:
            send = Button(words.t("Send"), f"send:{r}", style="success")
            edit = Button(words.t("Edit"), f"edit:{r}")
            cancel = Button(words.t("Cancel"), f"cancel:{r}", style="danger")
            too_long = any(w.code in ("too_long", "empty") for w in view.warnings)
            return [(edit, cancel)] if too_long else [(send, edit, cancel)]
        case ReplyState.HELD:
            return [(Button(words.t("Cancel"), f"cancel:{r}", style="danger"),)]
        case ReplyState.IN_DOUBT if view.asked and view.question:
            there = Button(words.t("It is there"), f"yes:{view.question}", style="success")
            again = Button(words.t("Send again"), f"no:{view.question}", style="danger")
            return [(Button(words.t("Open on X"), url=view.parent_url),), (there, again)]
        case ReplyState.POSTED if view.can_delete:
            return [(open_x, Button(words.t("Delete"), f"delete:{r}", style="danger"))]
        case ReplyState.POSTED:
            return [(open_x,)]
        case ReplyState.FAILED:
            rows: list[CALLBACK_ROW] = [(Button(words.t("Write it on X by hand"), url=view.by_hand_url),)]
            done = Button(words.t("Done"), f"close:{view.ticket}:solved", style="success")
            return [*rows, (done, Button(words.t("Edit"), f"edit:{r}"), Button(words.t("Cancel"), f"cancel:{r}"))]
        case _:
            return []


def warning(words: Words, code: str, about: str) -> str:
    """One thing to mind before sending."""
    match code:
        case "too_long":
            return words.t("Too long for X: shorten it.")
        case "link":
            return words.t('"{link}" counts as a link: 23 characters, and X charges $0.20 for the post.', link=about)
        case "personal_data":
            return words.t("It shows personal data ({what}): anyone can read it.", what=about)
        case "same_as_before":
            return words.t("The same words were already sent to this customer.")
        case "mentions_somebody":
            return words.t("It names {who}: they will be notified.", who=about)
        case "empty":
            return words.t("There are no words in it.")
        case "not_newest":
            return words.t("They have written again since.")
        case _:
            return about or code


def why_back(words: Words, reason_code: str) -> str:
    """Why a reply stopped, in plain words, and what can be done."""
    sentences = {
        "new_post": words.t("The customer wrote again meanwhile. Read it, then press Send again."),
        "edited": words.t("The customer changed their post meanwhile. Read it, then press Send again."),
        "parent_gone": words.t("The customer deleted the post you answer; nothing was posted."),
        "too_late": words.t("It could not leave within 15 minutes. Send it again?"),
        "not_owner": words.t("The ticket is no longer yours; your words are kept here."),
        "dry_run": words.t("Rehearsal (DRY_RUN): nothing was posted on X."),
        "not_engaged": words.t("X accepts replies only where the customer named this account. Write it by hand."),
        "reply_settings": words.t("The customer limits who may reply. Write it by hand."),
        "too_long": words.t("X says it is too long."),
        "duplicate": words.t("X says the same words were already posted elsewhere: change a word."),
        "forbidden": words.t("X refused it. Write it by hand."),
        "bad_request": words.t("X did not understand the request. Write it by hand."),
        "rate_limit": words.t("X asks us to slow down; it leaves as soon as X allows."),
        "credits": words.t("Our X credits are used up; the leads were told. It can be written by hand."),
        "unauthorized": words.t("X does not accept our key for this account; it is tried again."),
        "not_sent": words.t("X cannot be reached; it is tried again."),
        "server": words.t("X has trouble; it is tried again."),
        "other_answer": words.t("Another answer of ours stands below the same post."),
        "cancelled": words.t("Cancelled."),
        "replaced": words.t("Replaced by a newer text."),
        "by_hand": words.t("Written by hand."),
        "taken": words.t("Somebody else has the ticket; your words are kept."),
    }
    return sentences.get(reason_code, "")


def item(words: Words, view: Item, words_max: int = 90) -> str:
    """One line of a list: number, urgency, age, who, the first words."""
    text = " ".join(view.words.split())
    text = text if len(text) <= words_max else text[: words_max - 1] + "…"
    have = ""
    match view.state:
        case State.CLAIMED | State.SNOOZED:
            have = " · " + words.t("{name} has it", name=view.owner)
        case State.ANSWERED:
            have = " · " + words.t("answered")
        case _:
            pass
    count = f" ×{view.posts}" if view.posts > 1 else ""
    head = f"{ICONS[view.urgency]} #{view.number} · {line_name(words, view.line)} · {words.age(view.age)}{count}{have}"
    return f"{head}\n@{view.author}: {text}"


def story(words: Words, view: Story) -> Message:
    """/ticket 42: everything about one ticket."""
    base = card(words, view.card, silent=True)
    out = Draft(base.text + "\n", list(base.spans), list(base.buttons))
    if view.answers:
        out.line().line(words.t("Our answers:"), "bold")
        for a in view.answers[-5:]:
            gone = " · " + words.t("deleted") if a.deleted else ""
            out.line(f"{a.writer}, {words.when(a.at, view.card.now)}{gone}", "italic")
            out.line(a.text, "quote")
    if view.notes:
        out.line().line(words.t("Notes:"), "bold")
        for who, at, text in view.notes[-5:]:
            out.line(f"{who}, {words.when(at, view.card.now)}: {text[:300]}")
    if view.log:
        out.line().line(words.t("What happened:"), "bold")
        for at, who, verb in view.log[-12:]:
            out.line(f"{words.hour(at)} {who}: {verb}")
    return out.done(silent=True)
