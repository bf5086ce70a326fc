"""A ticket's life: all its moves, in one table, and who may make them.

Pure: a move takes a ticket as it stands, an actor and the instant, and gives the ticket as it will stand, or refuses.
What follows from a move (pages, edits, notices) is written by the lines.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from bot.core.mention import Urgency
from bot.errors import Refused

# An owner on duty who did nothing for this long may be relieved by anyone on duty (DESIGN.md, "Who may what").
SILENT_OWNER = timedelta(minutes=10)
# A closed ticket opens again for the same conversation within this time (DESIGN.md, "Which ticket a mention joins").
REOPEN_WITHIN = timedelta(days=7)
CLOSED_AS = ("solved", "passed", "nothing")


class State(StrEnum):
    WAITING = "waiting"
    PAGING = "paging"
    CLAIMED = "claimed"
    ANSWERED = "answered"
    SNOOZED = "snoozed"
    CLOSED = "closed"


class Move(StrEnum):
    """What can happen to a ticket. The first group is a person's doing, the second the service's."""

    CLAIM = "claim"
    RELEASE = "release"
    TAKEOVER = "takeover"
    HANDOVER = "handover"
    SNOOZE = "snooze"
    CLOSE = "close"
    REOPEN = "reopen"
    NORMAL = "normal"
    URGENT = "urgent"
    ESCALATE = "escalate"
    STILL = "still"
    ANSWER = "answer"

    RING = "ring"
    ABANDON = "abandon"
    WAKE = "wake"
    FURTHER = "further"
    BACK = "back"
    OFFICE = "office"


class Who(StrEnum):
    """Who may make a move."""

    ANYONE = "anyone enrolled"
    HOLDER = "its owner or a lead"
    OWNER = "its owner"
    RELIEF = "a lead, or anyone on duty if the owner is off duty or silent for 10 minutes"
    LEAD_IF_FREE = "anyone if it is nobody's alarm, else a lead"
    SERVICE = "the service, also in the name of a person who agreed (a handover) or whose reply was posted"


@dataclass(frozen=True, slots=True)
class Ticket:
    """What the moves look at and change; the rest of the row is none of their business."""

    id: int
    state: State
    urgency: Urgency
    owner: str | None = None
    owner_acted_at: datetime | None = None
    asked_at: datetime | None = None
    ask_ends_at: datetime | None = None
    snoozed_until: datetime | None = None
    answered_at: datetime | None = None
    answered_by: str | None = None
    closed_at: datetime | None = None
    closed_as: str = ""
    closed_by: str | None = None

    @property
    def is_open(self) -> bool:
        return self.state is not State.CLOSED


@dataclass(frozen=True, slots=True)
class Actor:
    """Who moves. on_duty: on any rota now. Leads may act for others."""

    person: str
    is_lead: bool = False
    on_duty: bool = False


SERVICE = Actor("service")

W, P, C, A, Z, X = State.WAITING, State.PAGING, State.CLAIMED, State.ANSWERED, State.SNOOZED, State.CLOSED

# (from, move) → (to, who may). What does not stand here is refused. "Free" targets that depend on the urgency are
# PAGING here and become WAITING for a ticket that is no alarm (see `_free`).
MOVES: dict[tuple[State, Move], tuple[State, Who]] = {
    (W, Move.CLAIM): (C, Who.ANYONE),
    (P, Move.CLAIM): (C, Who.ANYONE),
    (C, Move.RELEASE): (P, Who.HOLDER),
    (A, Move.RELEASE): (P, Who.HOLDER),
    (Z, Move.RELEASE): (P, Who.HOLDER),
    (C, Move.TAKEOVER): (C, Who.RELIEF),
    (A, Move.TAKEOVER): (A, Who.RELIEF),
    (Z, Move.TAKEOVER): (C, Who.RELIEF),
    (C, Move.HANDOVER): (C, Who.SERVICE),
    (A, Move.HANDOVER): (A, Who.SERVICE),
    (Z, Move.HANDOVER): (Z, Who.SERVICE),
    (C, Move.SNOOZE): (Z, Who.HOLDER),
    (A, Move.SNOOZE): (Z, Who.HOLDER),
    (Z, Move.SNOOZE): (Z, Who.HOLDER),
    (W, Move.CLOSE): (X, Who.LEAD_IF_FREE),
    (P, Move.CLOSE): (X, Who.LEAD_IF_FREE),
    (C, Move.CLOSE): (X, Who.HOLDER),
    (A, Move.CLOSE): (X, Who.HOLDER),
    (Z, Move.CLOSE): (X, Who.HOLDER),
    (X, Move.REOPEN): (C, Who.ANYONE),
    (W, Move.NORMAL): (W, Who.ANYONE),
    (P, Move.NORMAL): (W, Who.ANYONE),
    (C, Move.NORMAL): (C, Who.HOLDER),
    (A, Move.NORMAL): (A, Who.HOLDER),
    (Z, Move.NORMAL): (Z, Who.HOLDER),
    (W, Move.URGENT): (P, Who.ANYONE),
    (C, Move.URGENT): (C, Who.HOLDER),
    (A, Move.URGENT): (A, Who.HOLDER),
    (Z, Move.URGENT): (C, Who.HOLDER),
    (P, Move.ESCALATE): (P, Who.ANYONE),
    (C, Move.ESCALATE): (P, Who.HOLDER),
    (C, Move.STILL): (C, Who.OWNER),
    (C, Move.ANSWER): (A, Who.SERVICE),
    (A, Move.ANSWER): (A, Who.SERVICE),
    (Z, Move.ANSWER): (A, Who.SERVICE),
    (W, Move.ANSWER): (A, Who.SERVICE),
    (P, Move.ANSWER): (A, Who.SERVICE),
    (W, Move.RING): (P, Who.SERVICE),
    (P, Move.RING): (P, Who.SERVICE),
    (C, Move.ABANDON): (P, Who.SERVICE),
    (C, Move.BACK): (P, Who.SERVICE),
    (A, Move.BACK): (P, Who.SERVICE),
    (Z, Move.BACK): (P, Who.SERVICE),
    (C, Move.OFFICE): (W, Who.SERVICE),
    (Z, Move.WAKE): (C, Who.SERVICE),
    (A, Move.FURTHER): (C, Who.SERVICE),
    (X, Move.FURTHER): (P, Who.SERVICE),
}
del W, P, C, A, Z, X


def move(
    ticket: Ticket,
    what: Move,
    actor: Actor,
    now: datetime,
    *,
    owner_on_duty: bool = True,
    new_owner: str | None = None,
    until: datetime | None = None,
    closed_as: str = "solved",
) -> Ticket:
    """The ticket after the move.

    owner_on_duty: is the present owner on duty now (takeover only)? new_owner: the receiver of a handover.
    until: the end of a snooze, after now. closed_as: solved | passed | nothing.
    Raises Refused("taken" | "not_yours" | "not_open" | "already" | "cannot" | …) naming owner or state.
    """
    if what is Move.CLAIM and ticket.owner is not None and ticket.is_open:
        raise Refused(
            "already_yours" if ticket.owner == actor.person else "taken", ticket=ticket.id, owner=ticket.owner
        )
    row = MOVES.get((ticket.state, what))
    if row is None:
        raise Refused("not_open" if not ticket.is_open else "cannot", ticket=ticket.id, state=ticket.state, move=what)
    target, who = row
    if not _may(who, ticket, actor, now, owner_on_duty):
        raise Refused("not_yours" if ticket.owner else "lead_only", ticket=ticket.id, owner=ticket.owner, move=what)
    match what:
        case Move.CLAIM | Move.TAKEOVER | Move.REOPEN:
            if what is Move.TAKEOVER and ticket.owner == actor.person:
                raise Refused("already_yours", ticket=ticket.id, owner=ticket.owner)
            return _owned(
                replace(ticket, state=target, closed_at=None, closed_as="", closed_by=None), actor.person, now
            )
        case Move.HANDOVER:
            if new_owner is None or new_owner == ticket.owner:
                raise Refused("cannot", ticket=ticket.id, state=ticket.state, move=what)
            return _owned(replace(ticket, state=target), new_owner, now, snoozed_until=ticket.snoozed_until)
        case Move.SNOOZE:
            if until is None or until <= now:
                raise Refused("bad_time", ticket=ticket.id)
            return replace(_acted(ticket, now), state=target, snoozed_until=until)
        case Move.CLOSE:
            if closed_as not in CLOSED_AS:
                raise Refused("bad_close", ticket=ticket.id)
            closed = replace(ticket, closed_at=now, closed_as=closed_as, closed_by=actor.person)
            return replace(closed, state=target, asked_at=None, ask_ends_at=None, snoozed_until=None)
        case Move.NORMAL:
            if not ticket.urgency.is_alarm:
                raise Refused("already", ticket=ticket.id, urgency=ticket.urgency)
            return replace(_acted_by(ticket, actor, now), state=target, urgency=Urgency.NORMAL)
        case Move.URGENT:
            # An alarm that waits (it came in office hours, or before a cold start) rang nobody: it may still ring.
            if ticket.urgency.is_alarm and ticket.state is not State.WAITING:
                raise Refused("already", ticket=ticket.id, urgency=ticket.urgency)
            urgency = ticket.urgency if ticket.urgency.is_alarm else Urgency.URGENT
            awake = _acted(ticket, now) if ticket.state is State.SNOOZED else _acted_by(ticket, actor, now)
            return replace(awake, state=target, urgency=urgency, snoozed_until=None)
        case Move.STILL:
            return _acted(ticket, now)
        case Move.ANSWER:
            answered = replace(_acted(ticket, now), state=target, answered_at=now, answered_by=actor.person)
            answered = replace(answered, snoozed_until=None)
            return answered if answered.owner else _owned(answered, actor.person, now)
        case Move.ESCALATE if not ticket.urgency.is_alarm:
            # There is no ladder to climb; /urgent gives it one, Release gives it back to the list.
            raise Refused("cannot", ticket=ticket.id, state=ticket.state, move=what)
        case Move.RELEASE | Move.ESCALATE | Move.ABANDON | Move.BACK | Move.RING | Move.OFFICE:
            return _free(ticket, target)
        case Move.WAKE:
            return replace(_acted(ticket, now), state=target, snoozed_until=None)
        case Move.FURTHER:
            if ticket.state is State.ANSWERED:
                return replace(_acted(ticket, now), state=target)
            return _free(replace(ticket, closed_at=None, closed_as="", closed_by=None), target)


def may(ticket: Ticket, what: Move, actor: Actor, now: datetime, *, owner_on_duty: bool = True) -> bool:
    """Would this move be allowed? Used to show only buttons that work."""
    row = MOVES.get((ticket.state, what))
    if row is None or (what is Move.ESCALATE and not ticket.urgency.is_alarm):
        return False
    return _may(row[1], ticket, actor, now, owner_on_duty)


def abandon_at(ticket: Ticket, abandon_after: timedelta) -> tuple[datetime, datetime] | None:
    """When a silent owner is asked, and when the ticket climbs again; None unless it is claimed.

    DESIGN.md: asked at ABANDON_MIN × 2/3, climbs at ABANDON_MIN, counted from the owner's last act.
    """
    if ticket.state is not State.CLAIMED or ticket.owner_acted_at is None:
        return None
    return ticket.owner_acted_at + abandon_after * 2 / 3, ticket.owner_acted_at + abandon_after


def _may(who: Who, ticket: Ticket, actor: Actor, now: datetime, owner_on_duty: bool) -> bool:
    is_owner = ticket.owner is not None and ticket.owner == actor.person
    match who:
        case Who.ANYONE:
            return actor is not SERVICE
        case Who.HOLDER:
            return is_owner or actor.is_lead
        case Who.OWNER:
            return is_owner
        case Who.RELIEF:
            silent = ticket.owner_acted_at is not None and now - ticket.owner_acted_at >= SILENT_OWNER
            return actor.is_lead or is_owner or (actor.on_duty and (not owner_on_duty or silent))
        case Who.LEAD_IF_FREE:
            return actor.is_lead or not ticket.urgency.is_alarm
        case Who.SERVICE:
            return True


def _owned(ticket: Ticket, owner: str, now: datetime, snoozed_until: datetime | None = None) -> Ticket:
    return replace(
        ticket, owner=owner, owner_acted_at=now, asked_at=None, ask_ends_at=None, snoozed_until=snoozed_until
    )


def _acted(ticket: Ticket, now: datetime) -> Ticket:
    return replace(ticket, owner_acted_at=now, asked_at=None, ask_ends_at=None)


def _acted_by(ticket: Ticket, actor: Actor, now: datetime) -> Ticket:
    return _acted(ticket, now) if ticket.owner == actor.person else ticket


def _free(ticket: Ticket, target: State) -> Ticket:
    """Nobody's again: on the ladder if it is an alarm, else on the silent list."""
    if target is State.PAGING and not ticket.urgency.is_alarm:
        target = State.WAITING
    return replace(
        ticket,
        state=target,
        owner=None,
        owner_acted_at=None,
        asked_at=None,
        ask_ends_at=None,
        snoozed_until=None,
    )
