"""The questions asked of tickets, and rows as values and back."""

from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlmodel import Session, SQLModel, select

from bot.core.commands import ID_MAX
from bot.core.joining import Candidate, ticket_to_join
from bot.core.mention import Mention, Urgency
from bot.core.reply import Reply, ReplyState
from bot.core.ticket import REOPEN_WITHIN, State, Ticket
from bot.store import migrate, tickets
from bot.store.db import Store
from bot.store.judged import Judged, NewMention
from bot.store.rows import add_all, put_reply, put_ticket, reply_of, ticket_of
from bot.store.tables import MentionRow, ReplyRow, TicketRow

NOW = datetime(2026, 11, 28, 21, 0, 0, 123456, tzinfo=UTC)
MOMENT = timedelta.resolution


def add(
    session: Session,
    *,
    author_id: int = 1,
    account: str = "TIM_Official",
    state: str = "paging",
    urgency: str = "urgent",
    at: datetime = NOW,
    closed_at: datetime | None = None,
    next_step_at: datetime | None = None,
    owner: str | None = None,
) -> TicketRow:
    row = TicketRow(
        account=account,
        author_id=author_id,
        author="mario",
        state=state,
        urgency=urgency,
        line="187",
        opened_at=at,
        first_mention_at=at,
        last_mention_at=at,
        newest_mention_id=1,
        closed_at=closed_at,
        next_step_at=next_step_at,
        owner=owner,
    )
    session.add(row)
    session.flush()
    return row


def mention(
    session: Session, id: int, ticket: TicketRow | None, conversation: int = 7, urgency: str = "urgent"
) -> None:
    post = Mention(id, id, 1, "mario", "Mario", "è giù 😀", NOW - timedelta(minutes=100 - id), conversation)
    row = MentionRow(**tickets.columns_of(post, "TIM_Official", ["TIM119Giulia"], NOW, cold=False))
    row.ticket_id, row.urgency = ticket.id if ticket else None, urgency
    session.add(row)
    session.flush()


def candidates(session: Session, author_id: int, at: datetime) -> list[Candidate]:
    new = NewMention(99, 99, "TIM_Official", author_id, "mario", "", "it", 7, at, cold=False, ticket_id=None)
    return Judged(session, [new], NOW).candidates(new)


def test_candidates_are_the_authors_tickets_that_could_be_joined(store: Store) -> None:
    def ask(session: Session) -> None:
        an_open = add(session)
        reopens = add(session, state="closed", closed_at=NOW - REOPEN_WITHIN)
        add(session, state="closed", closed_at=NOW - REOPEN_WITHIN - MOMENT)
        add(session, author_id=2)
        add(session, account="TIM119Giulia")
        mention(session, 1, an_open, 7)
        mention(session, 2, an_open, 8)
        mention(session, 3, reopens, 9)
        found = candidates(session, 1, NOW)
        assert {c.id: set(c.conversations) for c in found} == {an_open.id: {7, 8}, reopens.id: {9}}
        assert ticket_to_join(found, 9, NOW, Urgency.URGENT) == reopens.id
        assert candidates(session, 9, NOW) == []
        # After long downtime it counts when the customer wrote, not when we read it.
        assert len(candidates(session, 1, NOW - timedelta(days=2))) == 3

    store.run_now(ask)


def test_lists_begin_with_the_worst_and_then_the_oldest(store: Store) -> None:
    def ask(session: Session) -> None:
        late = add(session, urgency="urgent", at=NOW).id
        normal = add(session, urgency="normal", state="waiting", at=NOW - timedelta(days=3)).id
        early = add(session, urgency="urgent", at=NOW - MOMENT).id
        worst = add(session, urgency="critical", state="claimed", owner="giulia").id
        add(session, urgency="critical", state="closed", closed_at=NOW)
        assert [t.id for t in tickets.open_tickets(session)] == [worst, early, late, normal]
        assert [t.id for t in tickets.in_state(session, State.PAGING)] == [early, late]
        assert [t.id for t in tickets.in_state(session, State.WAITING, State.CLAIMED)] == [worst, normal]
        assert [t.id for t in tickets.of_owner(session, "giulia")] == [worst]
        assert tickets.of_owner(session, "sara") == []

    store.run_now(ask)


def test_a_step_is_due_at_its_instant(store: Store) -> None:
    def ask(session: Session) -> None:
        due = add(session, next_step_at=NOW).id
        add(session, next_step_at=NOW + MOMENT)
        add(session)
        add(session, state="claimed", next_step_at=NOW - MOMENT)
        worst = add(session, urgency="critical", next_step_at=NOW).id
        assert [t.id for t in tickets.ringing_due(session, NOW)] == [worst, due]

    store.run_now(ask)


def test_one_tickets_mentions_replies_and_notes_in_order(store: Store) -> None:
    def ask(session: Session) -> None:
        ticket, other = add(session), add(session)
        for id in (5, 3, 4):
            mention(session, id, ticket)
        mention(session, 6, other)
        assert ticket.id is not None
        assert [m.id for m in tickets.mentions_of(session, ticket.id)] == [3, 4, 5]
        assert [m.id for m in tickets.mentions_of(session, ticket.id, newest=2)] == [4, 5]
        assert tickets.live_reply(session, ticket.id) is None
        for state in ("dropped", "posted", "failed", "draft", "deleted"):
            session.add(_reply(ticket.id, state))
            session.flush()
        assert next(iter(tickets.replies_of(session, ticket.id))).state == "dropped"
        live = tickets.live_reply(session, ticket.id)
        assert live is not None
        assert live.state == "draft"
        tickets.add_note(session, "giulia", "prima", NOW, ticket.id)
        tickets.add_note(session, "giulia", "senza numero", NOW)
        assert [n.text for n in tickets.notes_of(session, ticket.id)] == ["prima"]

    store.run_now(ask)


def test_noise_is_counted(store: Store) -> None:
    def ask(session: Session) -> tuple[int, int]:
        mention(session, 1, None, urgency="noise")
        mention(session, 2, None, urgency="noise")
        mention(session, 3, None)
        return tickets.folded_since(session, NOW), tickets.folded_since(session, NOW + MOMENT)

    assert store.run_now(ask) == (2, 0)


def _reply(ticket: int, state: str) -> ReplyRow:
    return ReplyRow(
        ticket_id=ticket,
        writer="giulia",
        account="TIM_Official",
        mention_id=1,
        parent_id=1,
        typed="Ciao",
        text="Ciao ^GR",
        state=state,
        made_at=NOW,
    )


@pytest.mark.parametrize("state", list(State), ids=lambda s: s.value)
def test_a_ticket_comes_back_as_it_went(store: Store, state: State) -> None:
    rome = timezone(timedelta(hours=1))
    number = store.run_now(lambda s: add(s).id)
    assert number is not None
    value = Ticket(
        id=number,
        state=state,
        urgency=Urgency.CRITICAL,
        owner="giulia",
        owner_acted_at=NOW,
        asked_at=NOW.astimezone(rome),
        ask_ends_at=NOW + timedelta(days=4000),
        snoozed_until=datetime(2026, 10, 25, 2, 30, tzinfo=rome),
        answered_at=NOW,
        answered_by="sara",
        closed_at=NOW,
        closed_as="solved",
        closed_by="marco",
    )
    assert all(getattr(value, f.name) for f in fields(value)), "every field is tried"

    def put(session: Session) -> None:
        row = tickets.get(session, number)
        assert row is not None
        put_ticket(row, value)
        session.add(row)

    store.run_now(put)
    row = store.read_now(tickets.get, number)
    assert row is not None
    assert ticket_of(row) == value
    assert row.snoozed_until is not None
    assert row.snoozed_until.utcoffset() == timedelta(0), "aware and UTC again"


@pytest.mark.parametrize("state", list(ReplyState), ids=lambda s: s.value)
def test_a_reply_comes_back_as_it_went(store: Store, state: ReplyState) -> None:
    def make(session: Session) -> int:
        ticket = add(session)
        assert ticket.id is not None
        row = _reply(ticket.id, "draft")
        session.add(row)
        session.flush()
        assert row.id is not None
        return row.id

    number = store.run_now(make)
    value = Reply(
        id=number,
        state=state,
        text="Arriviamo 😀 ^GR",
        parent_id=2**63 - 1,
        held_at=NOW,
        due_at=NOW + MOMENT,
        attempts=3,
        intent_at=NOW,
        first_intent_at=NOW - MOMENT,
        doubts=1,
        looks=2,
        asked=True,
        x_id=2**62,
        posted_at=NOW,
        reason="in_doubt",
    )

    def put(session: Session) -> None:
        row = session.get(ReplyRow, number)
        assert row is not None
        put_reply(row, value)
        session.add(row)

    store.run_now(put)
    back = store.read_now(lambda s: s.get(ReplyRow, number))
    assert back is not None
    assert reply_of(back) == value
    assert replace(value, state=ReplyState.DRAFT) != value or state is ReplyState.DRAFT


def test_a_mention_comes_back_as_it_went(store: Store) -> None:
    big = 2**63 - 1
    post = Mention(
        big, big - 5, 2**62, "mario", "Màrio 😀", "riga\nè\u202e", NOW, big, "it", big - 9, None, ("x",), has_media=True
    )
    columns = tickets.columns_of(post, "TIM_Official", ["B", "A"], NOW, cold=True)
    store.run_now(add_all, MentionRow, [columns])
    row = store.read_now(lambda s: s.exec(select(MentionRow)).one())
    assert (row.id, row.newest_id, row.parent_id, row.author_id) == (big - 5, big, big - 9, 2**62)
    assert (row.text, row.author_name, row.also) == ("riga\nè\u202e", "Màrio 😀", ["B", "A"])
    assert (row.created_at, row.seen_at, row.edited_at) == (NOW, NOW, NOW)
    assert row.cold
    assert row.has_media


def test_the_revisions_make_the_tables_of_the_models(store: Store) -> None:
    migrate.check(SQLModel.metadata)
    from sqlalchemy import inspect

    seen = inspect(store.engine)
    for name, table in SQLModel.metadata.tables.items():
        columns = {c["name"]: c["nullable"] for c in seen.get_columns(name)}
        assert columns == {c.name: bool(c.nullable) for c in table.columns}, name
        indexes = {tuple(i["column_names"]) for i in seen.get_indexes(name) if not i.get("unique")}
        assert indexes == {tuple(c.name for c in i.columns) for i in table.indexes if not i.unique}, name


def test_any_number_that_a_phone_can_send_may_be_asked_for(store: Store) -> None:
    """The largest number that a command or a forged button lets through must fit the column on either database."""
    assert store.read_now(tickets.get, ID_MAX) is None
