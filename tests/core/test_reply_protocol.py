"""A reply's protocol as a table: every outcome from every state, and the edges of all its waits."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.core.mention import Mention
from bot.core.reply import (
    DELETE_WITHIN,
    DOUBT_ENDS,
    LEAVE_WITHIN,
    Look,
    Reply,
    ReplyState,
    Waits,
    ask,
    back_to_draft,
    can_delete,
    can_start,
    cancel,
    doubtful,
    failed,
    look,
    look_failed,
    looked,
    not_sent,
    posted,
    send,
    send_again,
    start,
)
from bot.errors import Refused

NOW = datetime(2026, 11, 28, 21, 0, tzinfo=UTC)
WAITS = Waits(timedelta(seconds=20), timedelta(seconds=45), timedelta(seconds=120))
MOMENT = timedelta.resolution
DRAFT = Reply(7, ReplyState.DRAFT, "Arriviamo ^GR", parent_id=99)
HELD = send(DRAFT, NOW, WAITS)
SENDING = start(HELD, NOW)
DOUBT = doubtful(SENDING, NOW, WAITS)
POSTED = posted(SENDING, 5, NOW)
S = ReplyState


def in_state(state: ReplyState) -> Reply:
    return {S.DRAFT: DRAFT, S.HELD: HELD, S.SENDING: SENDING, S.IN_DOUBT: DOUBT, S.POSTED: POSTED}.get(
        state, replace(POSTED, state=state)
    )


@pytest.mark.parametrize("state", list(S), ids=lambda s: s.value)
def test_send_and_cancel_from_every_state(state: ReplyState) -> None:
    reply = in_state(state)
    if state is S.DRAFT:
        assert (HELD.state, HELD.due_at, HELD.held_at) == (S.HELD, NOW + WAITS.hold, NOW)
        assert (cancel(reply).state, cancel(reply).text) == (S.DROPPED, DRAFT.text)
        return
    with pytest.raises(Refused, match="reply_" + state.value):
        send(reply, NOW, WAITS)
    if state is S.HELD:
        assert cancel(reply) == replace(DRAFT, asked=False)
        return
    with pytest.raises(Refused, match="too_late" if state.is_live else "reply_" + state.value):
        cancel(reply)


def test_no_hold_is_due_at_once() -> None:
    assert send(DRAFT, NOW, replace(WAITS, hold=timedelta(0))).due_at == NOW


def test_it_leaves_by_itself_for_a_quarter_of_an_hour_only() -> None:
    assert can_start(HELD, NOW + LEAVE_WITHIN - MOMENT)
    assert not can_start(HELD, NOW + LEAVE_WITHIN)
    assert not can_start(DRAFT, NOW)
    late = back_to_draft(HELD, "too_late")
    assert (late.state, late.reason, late.held_at, late.due_at) == (S.DRAFT, "too_late", None, None)


def test_the_intent_is_counted_and_the_first_one_remembered() -> None:
    again = start(SENDING, NOW + timedelta(minutes=1))
    assert (again.attempts, again.first_intent_at, again.intent_at) == (2, NOW, NOW + timedelta(minutes=1))


def test_every_outcome_of_a_post() -> None:
    assert (POSTED.state, POSTED.x_id, POSTED.due_at) == (S.POSTED, 5, None)
    told = not_sent(SENDING, NOW, NOW + timedelta(minutes=9), "rate_limit")
    assert (told.state, told.due_at) == (S.HELD, NOW + timedelta(minutes=9))
    assert not_sent(SENDING, NOW, NOW - timedelta(hours=1), "rate_limit").due_at == NOW
    waits = [not_sent(replace(SENDING, attempts=n), NOW, None, "x").due_at for n in (1, 2, 3, 4, 5, 6, 99)]
    assert [(w - NOW).total_seconds() for w in waits if w] == [5, 10, 20, 40, 60, 60, 60]
    assert (failed(SENDING, "refused").state, failed(SENDING, "refused").due_at) == (S.FAILED, None)
    assert (DOUBT.state, DOUBT.doubts, DOUBT.looks, DOUBT.due_at) == (S.IN_DOUBT, 1, 0, NOW + WAITS.first_look)


@pytest.mark.parametrize("looks", [0, 1, 2])
def test_once_in_doubt_it_is_read_before_any_further_post_also_after_a_429(looks: int) -> None:
    after = not_sent(replace(SENDING, doubts=1, looks=looks), NOW, None, "rate_limit")
    assert after.state is S.IN_DOUBT
    assert after.looks == max(looks, 1), "that the writer looked is not forgotten"


@pytest.mark.parametrize("doubts", [1, 2])
@pytest.mark.parametrize("looks", [0, 1, 2])
@pytest.mark.parametrize("age", [timedelta(seconds=45), DOUBT_ENDS - MOMENT, DOUBT_ENDS + MOMENT])
@pytest.mark.parametrize("seen", [Look(), Look(found=5), Look(other=6)], ids=["nothing", "found", "other"])
def test_every_look(doubts: int, looks: int, age: timedelta, seen: Look) -> None:
    now = NOW + age
    after = looked(replace(DOUBT, doubts=doubts, looks=looks), seen, now, WAITS)
    if seen.found:
        assert after is not None
        assert (after.state, after.x_id) == (S.POSTED, 5)
    elif doubts == 2 or age > DOUBT_ENDS or (seen.other and looks < 2):
        assert after is not None
        assert (after.state, after.asked, after.due_at) == (S.IN_DOUBT, True, None)
    elif looks == 0:
        assert after is not None
        assert (after.asked, after.looks, after.due_at) == (False, 1, now + WAITS.second_look)
    else:
        assert after is None, "not there twice: posted once more"


def test_a_doubt_that_could_not_leave_in_time_asks_instead_of_posting() -> None:
    """Each attempt renews the intent: with credits used up it would go on for hours and then post by itself."""
    now = NOW + LEAVE_WITHIN + MOMENT
    renewed = replace(DOUBT, looks=1, intent_at=now - timedelta(minutes=1))
    after = looked(renewed, Look(), now, WAITS)
    assert after is not None
    assert after.asked
    again = send_again(after, now)
    assert looked(again, Look(), now, WAITS) is None, "a person said so: it leaves"


def test_a_failed_look_stays_in_doubt_until_it_is_old() -> None:
    assert look_failed(DOUBT, NOW, None).due_at == NOW + timedelta(seconds=10)
    assert look_failed(DOUBT, NOW, NOW + timedelta(minutes=3)).due_at == NOW + timedelta(minutes=3)
    assert look_failed(DOUBT, NOW, NOW + timedelta(hours=3)).due_at == NOW + DOUBT_ENDS, "then the writer is asked"
    assert not look_failed(DOUBT, NOW + DOUBT_ENDS - MOMENT, None).asked
    assert look_failed(DOUBT, NOW + DOUBT_ENDS, None).asked
    assert look_failed(DOUBT, NOW + DOUBT_ENDS + MOMENT, None) == ask(DOUBT)


def test_send_again_looks_once_more_and_minds_no_other_answer() -> None:
    again = send_again(ask(DOUBT), NOW)
    assert (again.state, again.asked, again.due_at) == (S.IN_DOUBT, False, NOW)
    assert looked(again, Look(other=6), NOW, WAITS) is None
    second = doubtful(start(again, NOW), NOW, WAITS)
    assert second.doubts == 2


def test_held_and_once_in_doubt_cannot_be_taken_back() -> None:
    with pytest.raises(Refused, match="too_late"):
        cancel(replace(HELD, doubts=1))


def test_delete_is_offered_for_ten_minutes() -> None:
    assert can_delete(POSTED, NOW + DELETE_WITHIN)
    assert not can_delete(POSTED, NOW + DELETE_WITHIN + MOMENT)
    assert not can_delete(SENDING, NOW)


def post(id: int, text: str, parent: int | None = 99, at: datetime = NOW) -> Mention:
    return Mention(id, id, 1, "TIM_Official", "TIM", text, at, 99, parent_id=parent)


def test_what_a_look_sees() -> None:
    assert look(DOUBT, []) == Look()
    assert look(DOUBT, [post(5, "@mario Arriviamo ^GR")]) == Look(found=5)
    assert look(DOUBT, [post(5, "Arriviamo ^GR", parent=98)]) == Look(), "below another post"
    assert look(DOUBT, [post(5, "Arriviamo ^SR")]) == Look(other=5)
    assert look(DOUBT, [post(6, "altro"), post(5, "Arriviamo ^GR")]) == Look(found=5)
    edge = NOW - timedelta(seconds=60)
    assert look(DOUBT, [post(5, "Arriviamo ^GR", at=edge)]) == Look(found=5)
    assert look(DOUBT, [post(5, "Arriviamo ^GR", at=edge - MOMENT)]) == Look()
