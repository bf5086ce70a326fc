"""A reply's life: typed, held, sent once, looked for when in doubt (RELIABILITY.md, "A reply to X").

Pure. A public reply is posted at most once: doubt goes to a look at X, and then to a person, never to a blind retry.

    draft ──Send──▶ held ──hold over──▶ sending ──201──▶ posted ──Delete──▶ deleted
      ▲               │                    │ nothing was sent → held, due later
      └── Cancel, ◀───┘                    │ refused for good → failed
          a new post, too late             └ answer lost, 5xx, death → in_doubt ──look──▶ posted
                                                                         ├ not there, twice → sending again
                                                                         └ in doubt twice, or old → writer asked
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from bot.core.mention import Mention
from bot.core.reply_text import same_text
from bot.core.trouble import waited
from bot.errors import Refused

# A reply that could not leave within this time of its Send asks again; it never posts by itself later (DESIGN.md).
LEAVE_WITHIN = timedelta(minutes=15)
# A reply in doubt for this long is put to its writer (RELIABILITY.md).
DOUBT_ENDS = timedelta(minutes=15)
# How long after posting Delete is offered (DESIGN.md).
DELETE_WITHIN = timedelta(minutes=10)
# Longer than the HTTP time-out (10 s), a late commit and a pause: a `sending` row older than this was abandoned.
LEASE = timedelta(seconds=60)
# Our own posts are read from this long before the first intent on, against clocks that differ.
LOOK_BEFORE_INTENT = timedelta(seconds=60)
# The first wait after "nothing was sent" when the other side named no time; doubled up to the last.
BACK_OFF = (timedelta(seconds=5), timedelta(seconds=60))

# `looks` of a reply whose writer looked by themselves: another answer of ours below the post no longer stops it.
PERSON_LOOKED = 2


class ReplyState(StrEnum):
    DRAFT = "draft"
    HELD = "held"
    SENDING = "sending"
    IN_DOUBT = "in_doubt"
    POSTED = "posted"
    FAILED = "failed"
    DROPPED = "dropped"
    DELETED = "deleted"

    @property
    def is_live(self) -> bool:
        """Still on its way: at most one such reply stands on a ticket."""
        return self in (ReplyState.DRAFT, ReplyState.HELD, ReplyState.SENDING, ReplyState.IN_DOUBT)


@dataclass(frozen=True, slots=True)
class Reply:
    """What the protocol looks at and changes.

    due_at: when the next act is due (end of the hold, next try, next look). intent_at: committed before each POST;
    first_intent_at: before the first one. looks: looks since the last doubt that did not find it. asked: the writer
    has been asked, nothing happens by itself any more.
    """

    id: int
    state: ReplyState
    text: str
    parent_id: int
    held_at: datetime | None = None
    due_at: datetime | None = None
    attempts: int = 0
    intent_at: datetime | None = None
    first_intent_at: datetime | None = None
    doubts: int = 0
    looks: int = 0
    asked: bool = False
    x_id: int | None = None
    posted_at: datetime | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Waits:
    """REPLY_HOLD_S, X_DOUBT_WAIT_S and X_DOUBT_WAIT2_S."""

    hold: timedelta
    first_look: timedelta
    second_look: timedelta


def send(reply: Reply, now: datetime, waits: Waits) -> Reply:
    """Send was pressed: held for the hold, then due. Raises Refused unless it is a draft."""
    if reply.state is not ReplyState.DRAFT:
        raise Refused("reply_" + reply.state, reply=reply.id)
    return replace(reply, state=ReplyState.HELD, held_at=now, due_at=now + waits.hold, reason="", asked=False)


def cancel(reply: Reply) -> Reply:
    """A held reply becomes a draft again, a draft is dropped; else Refused("too_late" | …)."""
    if reply.state is ReplyState.HELD:
        # Once in doubt it may stand on X already: cancelling could not take that back.
        if reply.doubts:
            raise Refused("cancel_too_late", reply=reply.id)
        return back_to_draft(reply, "")
    if reply.state is ReplyState.DRAFT:
        return replace(reply, state=ReplyState.DROPPED, reason="cancelled")
    raise Refused("cancel_too_late" if reply.state.is_live else "reply_" + reply.state, reply=reply.id)


def back_to_draft(reply: Reply, reason: str) -> Reply:
    """A draft again, with the reason shown: new_post | edited | parent_gone | too_late | not_owner | dry_run."""
    return replace(
        reply, state=ReplyState.DRAFT, held_at=None, due_at=None, reason=reason, attempts=reply.attempts, asked=False
    )


def can_start(reply: Reply, now: datetime) -> bool:
    """May this due reply still leave by itself? False: more than 15 minutes after its Send, or never sent."""
    return reply.held_at is not None and now < reply.held_at + LEAVE_WITHIN


def start(reply: Reply, now: datetime) -> Reply:
    """The intent, committed before the POST."""
    return replace(
        reply,
        state=ReplyState.SENDING,
        attempts=reply.attempts + 1,
        intent_at=now,
        first_intent_at=reply.first_intent_at or now,
        due_at=now + LEASE,
    )


def posted(reply: Reply, x_id: int, now: datetime) -> Reply:
    return replace(
        reply, state=ReplyState.POSTED, x_id=x_id, posted_at=now, due_at=None, reason="", asked=False, looks=0
    )


def not_sent(reply: Reply, now: datetime, until: datetime | None, reason: str) -> Reply:
    """Nothing was sent: back to what it was, due at `until`, or without one after a back-off.

    A reply that was once in doubt stays in doubt with its next look due: it is always read before any further POST.
    """
    due = max(until, now) if until else now + waited(BACK_OFF, reply.attempts)
    if reply.doubts:
        due = _before_it_is_old(reply, due, now)
        return replace(reply, state=ReplyState.IN_DOUBT, looks=max(reply.looks, 1), due_at=due, reason=reason)
    if reply.held_at is not None:
        # However long X asks us to wait: the writer is asked when the time to leave is over, not later.
        due = min(due, max(reply.held_at + LEAVE_WITHIN, now))
    return replace(reply, state=ReplyState.HELD, due_at=due, reason=reason)


def failed(reply: Reply, reason: str) -> Reply:
    """Refused for good; said on the card, with a way out."""
    return replace(reply, state=ReplyState.FAILED, due_at=None, reason=reason)


def doubtful(reply: Reply, now: datetime, waits: Waits) -> Reply:
    """The answer was lost: look after the wait; the second doubt goes to the writer."""
    doubts = reply.doubts + 1
    return replace(
        reply,
        state=ReplyState.IN_DOUBT,
        doubts=doubts,
        looks=0,
        due_at=now + waits.first_look,
        reason="in_doubt",
    )


@dataclass(frozen=True, slots=True)
class Look:
    """What a look at our own newest posts showed: `found` the reply itself, `other` another text of ours below the
    same post (a colleague may have answered by hand)."""

    found: int | None = None
    other: int | None = None


def look(reply: Reply, own_posts: Sequence[Mention]) -> Look:
    """Search our own posts (since LOOK_BEFORE_INTENT before the first intent) for this reply."""
    assert reply.first_intent_at is not None, "only a reply with an intent is looked for"
    since = reply.first_intent_at - LOOK_BEFORE_INTENT
    below = [p for p in own_posts if p.parent_id == reply.parent_id and p.created_at >= since]
    for post in below:
        if same_text(reply.text, post.text, links=post.links):
            return Look(found=post.id)
    return Look(other=below[0].id if below else None)


def looked(reply: Reply, seen: Look, now: datetime, waits: Waits) -> Reply | None:
    """After a look: posted, still in doubt, or put to the writer; None: not there twice, POST once more."""
    if seen.found is not None:
        return posted(reply, seen.found, now)
    other = seen.other is not None and reply.looks < PERSON_LOOKED
    if other or reply.doubts >= 2 or is_old(reply, now):
        return ask(reply)
    if reply.looks == 0:
        return replace(reply, looks=1, due_at=now + waits.second_look)
    # Every further attempt renews the intent, so this alone keeps a doubt from posting by itself hours after its Send.
    return None if can_start(reply, now) else ask(reply)


def look_failed(reply: Reply, now: datetime, until: datetime | None) -> Reply:
    """The read failed: it stays in doubt and is read again; too old, the writer is asked."""
    if is_old(reply, now):
        return ask(reply)
    return replace(reply, due_at=_before_it_is_old(reply, until or now + BACK_OFF[0] * 2, now))


def ask(reply: Reply) -> Reply:
    """Nothing more happens by itself: the writer has the link in hand and decides."""
    return replace(reply, state=ReplyState.IN_DOUBT, asked=True, due_at=None)


def send_again(reply: Reply, now: datetime) -> Reply:
    """The writer looked and says it is not there: one more look of ours, then it is posted once more.

    It is a Send like the first: it leaves within LEAVE_WITHIN or asks again.
    """
    return replace(
        reply,
        state=ReplyState.IN_DOUBT,
        doubts=1,
        looks=PERSON_LOOKED,
        asked=False,
        held_at=now,
        intent_at=now,
        due_at=now,
        reason="",
    )


def _before_it_is_old(reply: Reply, due: datetime, now: datetime) -> datetime:
    """However long X asks us to wait: the writer is asked when the doubt is old, not later."""
    return max(min(due, reply.intent_at + DOUBT_ENDS) if reply.intent_at else due, now)


def is_old(reply: Reply, now: datetime) -> bool:
    return reply.intent_at is not None and now - reply.intent_at >= DOUBT_ENDS


def can_delete(reply: Reply, now: datetime) -> bool:
    return reply.state is ReplyState.POSTED and reply.posted_at is not None and now - reply.posted_at <= DELETE_WITHIN
