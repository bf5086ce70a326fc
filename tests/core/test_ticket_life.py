"""Random moves by random people: whatever happens, a ticket stays in one piece."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from bot.core.mention import Urgency
from bot.core.ticket import SERVICE, Actor, Move, State, Ticket, may, move
from bot.errors import Refused

START = datetime(2026, 11, 28, 21, 0, tzinfo=UTC)
ACTORS = (Actor("giulia", on_duty=True), Actor("sara", on_duty=True), Actor("alessio"), Actor("marco", is_lead=True))
HELD = (State.CLAIMED, State.ANSWERED, State.SNOOZED)


class Life(RuleBasedStateMachine):
    """One ticket, moved about."""

    ticket: Ticket
    now: datetime

    @initialize(urgency=st.sampled_from([Urgency.CRITICAL, Urgency.URGENT, Urgency.NORMAL]))
    def opens(self, urgency: Urgency) -> None:
        state = State.PAGING if urgency.is_alarm else State.WAITING
        self.ticket, self.now = Ticket(1, state, urgency), START

    @rule(seconds=st.integers(0, 3 * 3600))
    def time_passes(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)

    @rule(
        what=st.sampled_from(list(Move)),
        by=st.sampled_from([*ACTORS, SERVICE]),
        receiver=st.sampled_from(["giulia", "sara", "alessio", "marco", None]),
        minutes=st.integers(-5, 120),
        how=st.sampled_from(["solved", "passed", "nothing", "?"]),
        owner_on_duty=st.booleans(),
    )
    def somebody_moves(
        self, what: Move, by: Actor, receiver: str | None, minutes: int, how: str, owner_on_duty: bool
    ) -> None:
        before = self.ticket
        allowed = may(before, what, by, self.now, owner_on_duty=owner_on_duty)
        with suppress(Refused):
            self.ticket = move(
                before,
                what,
                by,
                self.now,
                owner_on_duty=owner_on_duty,
                new_owner=receiver,
                until=self.now + timedelta(minutes=minutes),
                closed_as=how,
            )
            assert allowed, "nothing happens that no button would offer"
            if before.owner and self.ticket.owner not in (before.owner, None) and what is not Move.HANDOVER:
                assert self.ticket.owner == by.person, "whoever takes it, takes it themselves"

    @invariant()
    def one_owner_or_none(self) -> None:
        if self.ticket.state in HELD:
            assert self.ticket.owner is not None
            assert self.ticket.owner_acted_at is not None
        if self.ticket.state in (State.WAITING, State.PAGING):
            assert self.ticket.owner is None

    @invariant()
    def closed_says_when_and_by_whom(self) -> None:
        closed = self.ticket.state is State.CLOSED
        assert (self.ticket.closed_at is not None) == closed
        assert (self.ticket.closed_by is not None) == closed
        assert bool(self.ticket.closed_as) == closed

    @invariant()
    def only_sleepers_have_an_alarm_clock(self) -> None:
        assert (self.ticket.snoozed_until is not None) == (self.ticket.state is State.SNOOZED)

    @invariant()
    def only_alarms_page(self) -> None:
        assert self.ticket.state is not State.PAGING or self.ticket.urgency.is_alarm

    @invariant()
    def answered_says_when(self) -> None:
        assert self.ticket.state is not State.ANSWERED or self.ticket.answered_at is not None


TestLife = Life.TestCase
TestLife.settings = settings(max_examples=80, stateful_step_count=40, deadline=None)
