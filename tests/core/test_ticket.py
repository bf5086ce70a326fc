"""Every move from every state, by everybody who may and who may not."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.core.mention import Urgency
from bot.core.ticket import MOVES, SERVICE, Actor, Move, State, Ticket, Who, abandon_at, may, move
from bot.errors import Refused

NOW = datetime(2026, 11, 28, 21, 0, tzinfo=UTC)
OWNER = Actor("giulia", on_duty=True)
LEAD = Actor("marco", is_lead=True)
DUTY = Actor("sara", on_duty=True)
OTHER = Actor("alessio")

W, P, C, A, Z, X = State.WAITING, State.PAGING, State.CLAIMED, State.ANSWERED, State.SNOOZED, State.CLOSED


def ticket(state: State, urgency: Urgency | None = None, acted: timedelta = timedelta()) -> Ticket:
    """A ticket as it stands in that state; an alarm except on the silent list. acted: how long ago, by the owner."""
    held = state in (C, A, Z)
    return Ticket(
        id=42,
        state=state,
        urgency=urgency or (Urgency.NORMAL if state is W else Urgency.URGENT),
        owner=OWNER.person if held or state is X else None,
        owner_acted_at=NOW - acted if held else None,
        snoozed_until=NOW + timedelta(hours=1) if state is Z else None,
        answered_at=NOW if state is A else None,
        closed_at=NOW - timedelta(hours=1) if state is X else None,
        closed_as="solved" if state is X else "",
        closed_by=OWNER.person if state is X else None,
    )


def make(of: Ticket, what: Move, by: Actor, **more: object) -> Ticket:
    values: dict[str, object] = {}
    if what is Move.HANDOVER:
        values["new_owner"] = "sara"
    if what is Move.SNOOZE:
        values["until"] = NOW + timedelta(minutes=30)
    return move(of, what, by, NOW, **(values | more))  # type: ignore[arg-type]  # one call for every move


# DESIGN.md, "A ticket's life", written a second time: what may happen in each state, and where it leads.
LEGAL = {
    W: {"claim": C, "close": X, "normal": W, "urgent": P, "answer": A, "ring": P},
    P: {"claim": C, "close": X, "normal": W, "escalate": P, "answer": A, "ring": P},
    C: {
        "release": P,
        "takeover": C,
        "handover": C,
        "snooze": Z,
        "close": X,
        "normal": C,
        "urgent": C,
        "escalate": P,
        "still": C,
        "answer": A,
        "abandon": P,
        "back": P,
        "office": W,
    },
    A: {
        "release": P,
        "takeover": A,
        "handover": A,
        "snooze": Z,
        "close": X,
        "normal": A,
        "urgent": A,
        "answer": A,
        "back": P,
        "further": C,
    },
    Z: {
        "release": P,
        "takeover": C,
        "handover": Z,
        "snooze": Z,
        "close": X,
        "normal": Z,
        "urgent": C,
        "answer": A,
        "back": P,
        "wake": C,
    },
    X: {"reopen": C, "further": P},
}


@pytest.mark.parametrize("what", list(Move), ids=lambda m: m.value)
@pytest.mark.parametrize("state", list(State), ids=lambda s: s.value)
def test_every_pair_of_state_and_move(state: State, what: Move) -> None:
    target = LEGAL[state].get(what.value)
    # Urgent asks for a ticket that is none, ring and normal for one that is.
    urgency = Urgency.NORMAL if what is Move.URGENT else Urgency.URGENT
    by = LEAD
    if what is Move.STILL:
        by = OWNER
    before = ticket(state, urgency)
    if target is None:
        with pytest.raises(Refused) as refused:
            make(before, what, by)
        expected = "taken" if what is Move.CLAIM and state in (C, A, Z) else "not_open" if state is X else "cannot"
        assert refused.value.why == expected
        assert not may(before, what, by, NOW)
        return
    assert may(before, what, by, NOW)
    after = make(before, what, by)
    assert after.state is target
    assert (after.owner is None) == (target in (W, P) or (target is X and state in (W, P)))
    assert (after.closed_at is None) == (target is not X)
    assert (after.snoozed_until is None) == (target is not Z)


def test_the_table_holds_nothing_else() -> None:
    assert {(s, m.value) for s, m in MOVES} == {(s, name) for s, moves in LEGAL.items() for name in moves}


PEOPLE = {"owner": OWNER, "lead": LEAD, "on duty": DUTY, "other": OTHER}
ALLOWED = {
    Who.ANYONE: {"owner", "lead", "on duty", "other"},
    Who.HOLDER: {"owner", "lead"},
    Who.OWNER: {"owner"},
    Who.RELIEF: {"owner", "lead"},  # while the owner is on duty and acted lately; the edges stand below
}


@pytest.mark.parametrize("who", list(PEOPLE))
@pytest.mark.parametrize(("state", "what"), list(MOVES), ids=lambda v: v.value)
def test_who_may(state: State, what: Move, who: str) -> None:
    rule = MOVES[state, what][1]
    if rule not in ALLOWED:
        return
    urgency = Urgency.NORMAL if what is Move.URGENT else Urgency.URGENT
    before = ticket(state, urgency)
    assert may(before, what, PEOPLE[who], NOW) == (who in ALLOWED[rule])
    if who not in ALLOWED[rule]:
        with pytest.raises(Refused, match="not_yours"):
            make(before, what, PEOPLE[who])


@pytest.mark.parametrize("state", [C, A, Z], ids=lambda s: s.value)
@pytest.mark.parametrize(
    ("by", "silent", "owner_on_duty", "allowed"),
    [
        pytest.param(DUTY, timedelta(minutes=10) - timedelta.resolution, True, False, id="silent for a moment less"),
        pytest.param(DUTY, timedelta(minutes=10), True, True, id="silent for exactly ten minutes"),
        pytest.param(DUTY, timedelta(0), False, True, id="owner off duty"),
        pytest.param(OTHER, timedelta(hours=3), False, False, id="not on duty"),
        pytest.param(LEAD, timedelta(0), True, True, id="a lead at once"),
        pytest.param(OWNER, timedelta(0), True, False, id="the owner has it already"),
    ],
)
def test_takeover(state: State, by: Actor, silent: timedelta, owner_on_duty: bool, allowed: bool) -> None:
    before = ticket(state, acted=silent)
    if not allowed:
        with pytest.raises(Refused):
            make(before, Move.TAKEOVER, by, owner_on_duty=owner_on_duty)
        return
    after = make(before, Move.TAKEOVER, by, owner_on_duty=owner_on_duty)
    assert after.owner == by.person
    assert after.owner_acted_at == NOW


@pytest.mark.parametrize("state", [W, P], ids=lambda s: s.value)
def test_only_a_lead_closes_an_alarm_that_nobody_has(state: State) -> None:
    with pytest.raises(Refused, match="lead_only"):
        make(ticket(state, Urgency.CRITICAL), Move.CLOSE, DUTY)
    assert make(ticket(state, Urgency.CRITICAL), Move.CLOSE, LEAD).closed_by == "marco"
    assert make(ticket(W, Urgency.NORMAL), Move.CLOSE, OTHER).state is X


def test_of_two_claims_one_wins_and_the_other_hears_who_has_it() -> None:
    won = make(ticket(P), Move.CLAIM, DUTY)
    with pytest.raises(Refused) as late:
        make(won, Move.CLAIM, OTHER)
    assert (late.value.why, late.value.facts["owner"]) == ("taken", "sara")
    with pytest.raises(Refused, match="already_yours"):
        make(won, Move.CLAIM, DUTY)


@pytest.mark.parametrize(
    ("what", "more", "why"),
    [
        (Move.SNOOZE, {"until": NOW}, "bad_time"),
        (Move.SNOOZE, {"until": None}, "bad_time"),
        (Move.CLOSE, {"closed_as": "whatever"}, "bad_close"),
        (Move.HANDOVER, {"new_owner": "giulia"}, "cannot"),
        (Move.HANDOVER, {"new_owner": None}, "cannot"),
    ],
)
def test_moves_that_lack_something_are_refused(what: Move, more: dict[str, object], why: str) -> None:
    with pytest.raises(Refused, match=why):
        make(ticket(C), what, OWNER, **more)


@pytest.mark.parametrize(
    ("state", "what"),
    [(C, Move.RELEASE), (A, Move.BACK), (Z, Move.BACK), (C, Move.ABANDON), (W, Move.RING), (X, Move.FURTHER)],
)
def test_what_is_no_alarm_goes_to_the_silent_list_and_never_rings(state: State, what: Move) -> None:
    assert make(ticket(state, Urgency.NORMAL), what, LEAD).state is W
    assert make(ticket(state, Urgency.CRITICAL), what, LEAD).state is P


def test_an_alarm_that_waits_may_still_ring_and_keeps_its_urgency() -> None:
    after = make(ticket(W, Urgency.CRITICAL), Move.URGENT, OTHER)
    assert (after.state, after.urgency) == (P, Urgency.CRITICAL)


def test_a_ticket_without_a_ladder_cannot_climb() -> None:
    before = ticket(C, Urgency.NORMAL)
    assert not may(before, Move.ESCALATE, OWNER, NOW)
    with pytest.raises(Refused, match="cannot"):
        make(before, Move.ESCALATE, OWNER)


def test_urgency_is_said_once() -> None:
    with pytest.raises(Refused, match="already"):
        make(ticket(C, Urgency.CRITICAL), Move.URGENT, OWNER)
    with pytest.raises(Refused, match="already"):
        make(ticket(C, Urgency.NORMAL), Move.NORMAL, OWNER)


def test_what_a_lead_decides_does_not_count_as_the_owners_act_but_waking_does() -> None:
    old = ticket(C, acted=timedelta(minutes=25))
    assert make(old, Move.NORMAL, LEAD).owner_acted_at == old.owner_acted_at
    assert make(old, Move.NORMAL, OWNER).owner_acted_at == NOW
    asleep = ticket(Z, Urgency.NORMAL, acted=timedelta(hours=5))
    woken = make(asleep, Move.URGENT, LEAD)
    assert (woken.state, woken.owner_acted_at, woken.snoozed_until) == (C, NOW, None)


def test_a_silent_owner_is_asked_at_two_thirds_and_only_while_it_is_claimed() -> None:
    assert abandon_at(ticket(C), timedelta(minutes=30)) == (NOW + timedelta(minutes=20), NOW + timedelta(minutes=30))
    for state in (W, P, A, Z, X):
        assert abandon_at(ticket(state), timedelta(minutes=30)) is None


def test_an_act_takes_the_question_back() -> None:
    asked = replace(ticket(C), asked_at=NOW, ask_ends_at=NOW + timedelta(minutes=15))
    for what in (Move.STILL, Move.SNOOZE, Move.ANSWER, Move.CLOSE, Move.RELEASE):
        after = make(asked, what, OWNER)
        assert (after.asked_at, after.ask_ends_at) == (None, None), what


def test_the_service_claims_nothing() -> None:
    with pytest.raises(Refused):
        make(ticket(P), Move.CLAIM, SERVICE)
