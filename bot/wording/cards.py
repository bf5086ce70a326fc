"""The card of a ticket, and its one line in a list.

The first line carries no personal data (lock screens). The customer's words come masked and harmless; they stand in a
quotation, never as markup. A card fits a phone's screen: the newest post is shown at length, earlier ones in brief.
"""

from bot.core.mention import Urgency
from bot.core.message import Button, Draft, Message
from bot.core.ticket import State
from bot.core.views import Card, Item, Post
from bot.wording.reasons import masked, reason
from bot.wording.words import Words, cut, handle, one_line

ICONS = {Urgency.CRITICAL: "🔴", Urgency.URGENT: "🟠", Urgency.NORMAL: "⚪", Urgency.NOISE: "▫️"}
# How much of a post is shown, in UTF-16 units as Telegram counts, so that any card stays within its 4096.
NEWEST_SHOWN_MAX = 700
EARLIER_SHOWN_MAX = 160
ITEM_SHOWN_MAX = 70
CONTACT_SHOWN_MAX = 200
NAME_SHOWN_MAX = 40
REASONS_SHOWN_MAX = 2
Row = tuple[Button, ...]


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
    out.line(first_line(words, view), "bold")
    if view.repeat:
        out.line(words.t("(repeat)"))
    if view.follow_up:
        out.line(words.t("They wrote again."))
    out.line()
    out.line(words.t("{author} to {account}", author=_author(view), account=handle(view.account)))
    if view.for_agent:
        out.line(words.t("It was meant for {name}.", name=view.for_agent))
    _posts(words, out, view)
    out.line()
    if view.reasons:
        why = "; ".join(cut(reason(words, r), CONTACT_SHOWN_MAX) for r in view.reasons[:REASONS_SHOWN_MAX])
        out.line(words.t("Why: {reasons}", reasons=why))
    _standing(words, out, view)
    for row in buttons(words, view):
        out.row(*row)
    return out.done(silent=silent)


def _author(view: Card) -> str:
    """The name as one line, whatever the customer put into it."""
    name = cut(one_line(view.author_name), NAME_SHOWN_MAX)
    own = not name or name.lower() == view.author.lower()
    return handle(view.author) if own else f"{name} ({handle(view.author)})"


def _posts(words: Words, out: Draft, view: Card) -> None:
    hidden = view.posts_total - len(view.posts)
    if hidden > 0:
        out.line(words.n("… {n} earlier post", "… {n} earlier posts", hidden))
    for post in view.posts[:-1]:
        _post(words, out, view, post, EARLIER_SHOWN_MAX)
    for post in view.posts[-1:]:
        _post(words, out, view, post, NEWEST_SHOWN_MAX)


def _post(words: Words, out: Draft, view: Card, post: Post, length_max: int) -> None:
    marks = [words.when(post.at, view.now)] if view.posts_total > 1 else []
    if post.edited:
        marks.append(words.t("edited"))
    if post.deleted:
        marks.append(words.t("deleted by the customer"))
    if post.has_media:
        marks.append(words.t("with a picture: open it on X"))
    if marks:
        out.line(" · ".join(marks), "italic")
    out.line(cut(masked(words, post.text), length_max) or words.t("(no words)"), "quote")


def _standing(words: Words, out: Draft, view: Card) -> None:
    """What the first line does not say: who else was paged, what comes next, who can help."""
    match view.state:
        case State.PAGING:
            if view.paged:
                out.line(words.t("Paged: {names}", names=words.listed(view.paged)))
            out.line(_next(words, view))
        case State.WAITING:
            out.line(words.t("It rings nobody; it waits for the office."))
        case State.CLAIMED if view.mine:
            out.line(words.t("Answer by replying to this message."))
            for name, text in view.contacts:
                out.line(cut("☎️ " + one_line(f"{name}: {text}" if text else name), CONTACT_SHOWN_MAX))
        case State.SNOOZED if view.snoozed_until:
            out.line(words.t("It sleeps until {time}.", time=words.when(view.snoozed_until, view.now)))
        case State.ANSWERED if view.answered_at:
            out.line(words.t("Answered at {time}.", time=words.when(view.answered_at, view.now)))
        case State.CLOSED if view.closed_by:
            out.line(words.t("Closed by {name}: {how}.", name=view.closed_by, how=closed_as(words, view.closed_as)))
        case _:
            pass


def _next(words: Words, view: Card) -> str:
    if view.next_at is None:
        return words.t("Nobody has it yet.")
    at = words.when(view.next_at, view.now)
    if view.next_names:
        return words.t("Nobody has it. Next at {time}: {names}", names=words.listed(view.next_names), time=at)
    return words.t("Nobody has it. Rings again at {time}", time=at)


def closed_as(words: Words, how: str) -> str:
    return {"passed": words.t("passed on"), "nothing": words.t("nothing to do")}.get(how, words.t("solved"))


def buttons(words: Words, view: Card) -> list[Row]:
    """Only what works now for this reader, the likeliest first."""
    n, can = view.number, view.moves
    open_x = Button(words.t("Open on X"), url=view.url)
    reply = Button(words.t("Reply"), f"reply:{n}", style="primary")
    further = _further(words, view)
    more: Row = (Button(words.t("Less") if view.more else words.t("More…"), f"more:{n}"),) if further else ()
    rows: list[Row]
    match view.state:
        case State.PAGING | State.WAITING:
            rows = [(Button(words.t("Claim"), f"claim:{n}", style="success"), reply)]
            if view.urgency.is_alarm:
                rows.append((Button(words.t("Not urgent"), f"normal:{n}"), *_escalate(words, view)))
            else:
                rows.append((Button(words.t("Urgent after all"), f"urgent:{n}", style="danger"),))
            rows.append((open_x, *more))
        case State.CLOSED:
            return [(Button(words.t("Reopen"), f"reopen:{n}"), open_x)]
        case _ if view.mine:
            rows = [
                (reply, Button(words.t("Close: solved"), f"close:{n}:solved", style="success")),
                (open_x, *more),
            ]
        case _:
            takeover: Row = (Button(words.t("Take over"), f"takeover:{n}"),) if "takeover" in can else ()
            rows = [(*takeover, open_x, *more)]
    return rows + further if view.more else rows


def _escalate(words: Words, view: Card) -> Row:
    if "escalate" not in view.moves:
        return ()
    return (Button(words.t("Escalate"), f"escalate:{view.number}", style="danger"),)


def _further(words: Words, view: Card) -> list[Row]:
    """What stands behind More…; nothing when the reader may do nothing further, and then there is no More… either."""
    n, can = view.number, view.moves
    rows: list[Row] = []
    if "snooze" in can:
        short, long = (
            Button(words.t("Snooze 30 min"), f"snooze:{n}:30"),
            Button(words.t("Snooze 2 h"), f"snooze:{n}:120"),
        )
        rows.append((short, long))
    if "close" in can:
        passed = Button(words.t("Close: passed on"), f"close:{n}:passed")
        nothing = Button(words.t("Close: nothing to do"), f"close:{n}:nothing")
        rows.append((passed, nothing))
    last: Row = (Button(words.t("Release"), f"release:{n}"),) if "release" in can else ()
    if view.state is State.CLAIMED:
        last += _escalate(words, view)
    if last:
        rows.append(last)
    if view.state not in (State.PAGING, State.WAITING) and "normal" in can and view.urgency.is_alarm:
        rows.append((Button(words.t("Not urgent"), f"normal:{n}"),))
    return rows


def item(words: Words, view: Item) -> str:
    """One ticket in a list: number, line, age, who has it; below it who wrote and the first words."""
    have = ""
    match view.state:
        case State.CLAIMED | State.SNOOZED:
            have = " · " + words.t("{name} has it", name=view.owner)
        case State.ANSWERED:
            have = " · " + words.t("answered")
        case State.CLOSED:
            have = " · " + words.t("closed")
        case _:
            pass
    count = f" ×{view.posts}" if view.posts > 1 else ""
    head = f"{ICONS[view.urgency]} #{view.number} · {line_name(words, view.line)} · {words.age(view.age)}{count}{have}"
    return f"{head}\n{handle(view.author)}: {cut(one_line(masked(words, view.words)), ITEM_SHOWN_MAX)}"
