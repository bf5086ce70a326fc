"""Which ticket a mention joins: each sentence of the rule, and the rule against one written without cleverness."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.joining import Candidate, belongs_to, raised, ticket_to_join
from bot.core.mention import Urgency
from bot.core.ticket import State

NOW = datetime(2026, 11, 28, 21, 0, tzinfo=UTC)
MOMENT = timedelta.resolution


def an_open(id: int, *conversations: int, last: timedelta = timedelta(), state: State = State.PAGING) -> Candidate:
    return Candidate(id, state, frozenset(conversations), NOW - last)


def a_closed(id: int, *conversations: int, ago: timedelta) -> Candidate:
    return Candidate(id, State.CLOSED, frozenset(conversations), NOW - ago - timedelta(hours=1), NOW - ago)


DAY, WEEK = timedelta(hours=24), timedelta(days=7)
U, N = Urgency.URGENT, Urgency.NOISE


@pytest.mark.parametrize(
    ("candidates", "urgency", "joins"),
    [
        pytest.param([], U, None, id="a new one"),
        pytest.param([an_open(1, 7), an_open(2, 7)], U, 2, id="same conversation: its newest ticket"),
        pytest.param([an_open(1, 7), an_open(2, 8)], U, 1, id="same conversation comes before a newer ticket"),
        pytest.param([an_open(1, 7, last=30 * DAY)], U, 1, id="same conversation, however old"),
        pytest.param([an_open(1, 7, state=State.SNOOZED)], U, 1, id="snoozed is open"),
        pytest.param([an_open(1, 8), an_open(2, 9)], U, 2, id="else the newest open one"),
        pytest.param([an_open(1, 8, last=DAY - MOMENT)], U, 1, id="whose last mention is less than 24 h old"),
        pytest.param([an_open(1, 8, last=DAY)], U, None, id="not with exactly 24 h"),
        pytest.param([an_open(1, 8), an_open(2, 9, last=DAY)], U, 1, id="an older ticket that is fresh"),
        pytest.param([a_closed(1, 7, ago=WEEK)], U, 1, id="reopens within exactly 7 days"),
        pytest.param([a_closed(1, 7, ago=WEEK + MOMENT)], U, None, id="not after 7 days"),
        pytest.param([a_closed(1, 8, ago=timedelta(hours=1))], U, None, id="reopens only in the same conversation"),
        pytest.param([a_closed(1, 7, ago=timedelta(hours=1))], N, None, id="noise reopens nothing"),
        pytest.param([a_closed(2, 7, ago=timedelta(hours=1)), an_open(1, 8)], N, 1, id="noise joins what is open"),
        pytest.param([an_open(1, 7)], N, 1, id="noise joins its conversation"),
        pytest.param([an_open(1, 7), a_closed(2, 7, ago=timedelta(hours=1))], U, 2, id="its newest, though closed"),
        pytest.param([an_open(1, 8), a_closed(2, 7, ago=WEEK + MOMENT)], U, 1, id="closed too long: the open one"),
    ],
)
def test_the_rule(candidates: list[Candidate], urgency: Urgency, joins: int | None) -> None:
    assert ticket_to_join(candidates, 7, NOW, urgency) == joins
    assert ticket_to_join(candidates[::-1], 7, NOW, urgency) == joins


def oracle(candidates: list[Candidate], conversation: int, urgency: Urgency) -> int | None:
    same = [c for c in candidates if conversation in c.conversations]
    if same:
        newest = max(same, key=lambda c: c.id)
        if newest.state is not State.CLOSED:
            return newest.id
        assert newest.closed_at is not None
        if urgency is not N and newest.closed_at >= NOW - WEEK:
            return newest.id
    fresh = [c.id for c in candidates if c.state is not State.CLOSED and c.last_mention_at > NOW - DAY]
    return max(fresh, default=None)


hours = st.integers(0, 200).map(lambda h: timedelta(hours=h))
some = st.builds(
    lambda id, state, conversations, last: Candidate(
        id, state, conversations, NOW - last, NOW - last if state is State.CLOSED else None
    ),
    st.integers(1, 50),
    st.sampled_from(State),
    st.frozensets(st.integers(5, 9), min_size=1, max_size=3),
    hours,
)


@given(st.lists(some, max_size=8, unique_by=lambda c: c.id), st.integers(5, 9), st.sampled_from(Urgency))
def test_against_the_oracle(candidates: list[Candidate], conversation: int, urgency: Urgency) -> None:
    assert ticket_to_join(candidates, conversation, NOW, urgency) == oracle(candidates, conversation, urgency)


OURS = ("TIM_Official", "TIM119Giulia")


@pytest.mark.parametrize(
    ("mentioned", "expected"),
    [
        (["tim_official"], ("TIM_Official", ())),
        (["rete4", "TIM119GIULIA", "TIM_Official"], ("TIM119Giulia", ("TIM_Official",))),
        (["TIM_Official", "tim_official"], ("TIM_Official", ())),
        (["rete4"], ("TIM_Official", ())),
        ([], ("TIM_Official", ())),
    ],
)
def test_it_belongs_to_the_account_named_first(mentioned: list[str], expected: tuple[str, tuple[str, ...]]) -> None:
    assert belongs_to(mentioned, OURS, "TIM_Official") == expected


@given(st.sampled_from(Urgency), st.sampled_from(Urgency))
def test_joining_never_lowers(before: Urgency, after: Urgency) -> None:
    assert raised(before, after).rank == min(before.rank, after.rank)
