"""What is to be said stands in rows: written once, taken in order, edited to the newest state, never lost by a kill."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import Session, select

from bot.store import outbox
from bot.store.db import Store
from bot.store.tables import OutboxRow, QuestionRow, ReplyRow, TicketRow

NOW = datetime(2026, 11, 28, 21, 0, tzinfo=UTC)
LEASE = timedelta(seconds=60)


def a_ticket(session: Session) -> int:
    row = TicketRow(
        account="TIM_Official",
        author_id=1,
        author="mario",
        state="paging",
        urgency="urgent",
        line="187",
        opened_at=NOW,
        first_mention_at=NOW,
        last_mention_at=NOW,
        newest_mention_id=1,
    )
    session.add(row)
    session.flush()
    assert row.id is not None
    return row.id


def a_reply(session: Session, ticket: int) -> ReplyRow:
    row = ReplyRow(
        ticket_id=ticket,
        writer="giulia",
        account="TIM_Official",
        mention_id=1,
        parent_id=1,
        typed="Ciao",
        text="Ciao ^GR",
        made_at=NOW,
    )
    session.add(row)
    session.flush()
    return row


def test_said_twice_under_one_key_it_is_one_message(store: Store) -> None:
    def twice(session: Session) -> tuple[int | None, int | None]:
        first = outbox.say(session, NOW, "k", "notice", person="giulia", facts={"a": [1, "è"]})
        return first.id, outbox.say(session, NOW, "k", "notice", person="sara").id

    first, second = store.run_now(twice)
    assert first == second
    third = store.run_now(lambda s: outbox.say(s, NOW, "k", "notice"))
    assert (third.id, third.person, third.facts) == (first, "giulia", {"a": [1, "è"]})


def test_pressing_ones_leave_first_and_each_once(store: Store) -> None:
    def write(session: Session) -> None:
        for key, priority, due in (
            ("list", outbox.LIST, 0),
            ("second page", outbox.PAGE, 0),
            ("receipt", outbox.RECEIPT, 0),
            ("later page", outbox.PAGE, 1),
            ("third page", outbox.PAGE, -5),
        ):
            outbox.say(session, NOW + timedelta(seconds=due), key, "notice", priority=priority)

    store.run_now(write)
    taken = store.run_now(outbox.take, NOW, LEASE, 3)
    assert [row.key for row in taken] == ["second page", "third page", "receipt"]
    assert {(r.state, r.attempts, r.intent_at, r.due_at) for r in taken} == {("sending", 1, NOW, NOW + LEASE)}
    assert [r.key for r in store.run_now(outbox.take, NOW, LEASE, 3)] == ["list"]
    assert store.run_now(outbox.take, NOW, LEASE, 3) == []
    assert [r.key for r in store.run_now(outbox.take, NOW + timedelta(seconds=1), LEASE, 3)] == ["later page"]


def test_what_a_kill_left_on_its_way_is_sent_again_as_a_repeat(store: Store) -> None:
    store.run_now(lambda s: outbox.say(s, NOW, "on its way", "page"))
    store.run_now(outbox.take, NOW, LEASE, 8)
    store.run_now(lambda s: outbox.say(s, NOW, "waits", "page"))
    assert store.run_now(outbox.put_back_unfinished, NOW) == 1
    rows = {row.key: row for row in store.run_now(outbox.take, NOW + LEASE, LEASE, 8)}
    assert {key: (row.in_doubt, row.attempts) for key, row in rows.items()} == {
        "on its way": (True, 2),
        "waits": (False, 1),
    }


def sent(session: Session, key: str, kind: str, **more: int | str | None) -> OutboxRow:
    row = outbox.say(session, NOW, key, kind, **more)  # type: ignore[arg-type]  # keywords by name
    row.state, row.sent_at, row.chat_id, row.remote_id, row.shown = "sent", NOW, 7, 1000 + (row.id or 0), 1
    session.add(row)
    session.flush()
    return row


def shown_behind(session: Session) -> list[str]:
    return [row.key for row in outbox.outdated(session, NOW, 50)]


def test_what_nobody_settled_within_its_lease_is_sent_again_as_a_repeat(store: Store) -> None:
    """A leader that lost the lead while it was sending never tells how that ended, and its successor has started."""

    def work(session: Session) -> None:
        outbox.say(session, NOW, "page:1", "page", person="giulia", silent=False)
        (row,) = outbox.take(session, NOW, LEASE, 8)
        assert not outbox.take(session, NOW + LEASE - timedelta(seconds=1), LEASE, 8)
        assert not row.in_doubt
        (again,) = outbox.take(session, NOW + LEASE, LEASE, 8)
        assert (again.id, again.state, again.attempts, again.in_doubt) == (row.id, "sending", 2, True)

    store.run_now(work)


@pytest.mark.parametrize(
    ("change", "behind"),
    [
        ("ticket", {"page", "card", "team", "list", "summary"}),
        ("ticket alone", {"page", "card", "team"}),
        ("reply", {"preview"}),
        ("question", {"question"}),
        ("lists", {"list", "summary"}),
    ],
)
def test_a_change_outdates_what_shows_it_and_nothing_else(store: Store, change: str, behind: set[str]) -> None:
    def change_it(session: Session) -> list[str]:
        ticket, other = a_ticket(session), a_ticket(session)
        reply = a_reply(session, ticket).id
        assert reply is not None
        question = QuestionRow(kind="keep", person="giulia", asked_at=NOW)
        session.add(question)
        session.flush()
        assert question.id is not None
        for kind in (*outbox.TICKET_KINDS, "notice"):
            sent(session, kind, kind, ticket_id=ticket)
            sent(session, f"other {kind}", kind, ticket_id=other)
        sent(session, "preview", "preview", ticket_id=ticket, reply_id=reply)
        sent(session, "question", "question", ticket_id=ticket, question_id=question.id)
        for kind in outbox.LIST_KINDS:
            sent(session, kind, kind)
        assert shown_behind(session) == []
        match change:
            case "ticket":
                outbox.ticket_changed(session, ticket)
            case "ticket alone":
                outbox.ticket_changed(session, ticket, lists=False)
            case "reply":
                outbox.reply_changed(session, reply)
            case "question":
                outbox.question_changed(session, question.id)
            case "lists":
                outbox.lists_changed(session)
        return shown_behind(session)

    assert set(store.run_now(change_it)) == behind


def test_an_edit_waits_for_its_time_and_for_a_known_message(store: Store) -> None:
    def edits(session: Session) -> None:
        ticket = a_ticket(session)
        for key in ("now", "later", "unknown"):
            row = sent(session, key, "card", ticket_id=ticket)
            row.edit_at = NOW + timedelta(seconds=1) if key == "later" else NOW
            row.remote_id = None if key == "unknown" else row.remote_id
        outbox.ticket_changed(session, ticket)
        assert shown_behind(session) == ["now"]
        assert [row.key for row in outbox.outdated(session, NOW + timedelta(seconds=1), 50)] == ["now", "later"]
        assert len(outbox.outdated(session, NOW + timedelta(seconds=1), 1)) == 1

    store.run_now(edits)


def test_a_message_on_a_phone_finds_its_row(store: Store) -> None:
    row = store.run_now(sent, "card", "card")
    assert row.remote_id is not None
    found = store.read_now(outbox.by_message, 7, row.remote_id)
    assert found is not None
    assert found.key == "card"
    assert store.read_now(outbox.by_message, 8, row.remote_id) is None
    assert store.read_now(outbox.by_message, 7, 1) is None


def test_pages_that_did_not_leave_need_not_ring_any_more(store: Store) -> None:
    def drop(session: Session) -> dict[str, str]:
        ticket, other = a_ticket(session), a_ticket(session)
        sent(session, "left", "page", ticket_id=ticket)
        outbox.say(session, NOW, "waits", "page", ticket_id=ticket)
        outbox.say(session, NOW, "receipt", "notice", ticket_id=ticket)
        outbox.say(session, NOW, "other", "page", ticket_id=other)
        outbox.drop_pages(session, ticket)
        return {row.key: row.state for row in session.exec(select(OutboxRow)).all()}

    assert store.run_now(drop) == {"left": "sent", "waits": "dropped", "receipt": "due", "other": "due"}


def test_rings_are_counted_by_phone_within_their_hour(store: Store) -> None:
    def count(session: Session) -> int:
        hour = timedelta(hours=1)
        for key, at, person, kind, silent, state in (
            ("edge", NOW - hour, "giulia", "page", False, "sent"),
            ("page", NOW - hour + timedelta.resolution, "giulia", "page", False, "sent"),
            ("waits", NOW, "giulia", "summary", False, "due"),
            ("silent", NOW, "giulia", "page", True, "sent"),
            ("notice", NOW, "giulia", "notice", False, "sent"),
            ("dropped", NOW, "giulia", "page", False, "dropped"),
            ("other", NOW, "sara", "page", False, "sent"),
        ):
            row = outbox.say(session, at, key, kind, person=person, silent=silent)
            row.state = state
        session.flush()
        return outbox.rings_since(session, "giulia", NOW - hour)

    assert store.run_now(count) == 2


def test_a_retired_list_is_edited_a_last_time(store: Store) -> None:
    def retire(session: Session) -> tuple[list[str], bool]:
        row = sent(session, "list", "list")
        outbox.retire(session, row)
        session.flush()
        return shown_behind(session), bool(row.facts["over"])

    assert store.run_now(retire) == (["list"], True)
