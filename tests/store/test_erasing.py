"""What is deleted is gone: from the tables, and from the bytes of the files."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session, select

from bot.store import erasing
from bot.store.db import Store, connect, sqlite_path
from bot.store.erasing import NOBODY, Erased
from bot.store.scrubbing import copies_beside, drop_copies, rewrite, scrub
from bot.store.tables import InboxRow, MentionRow, NoteRow, OutboxRow, ReplyRow, TicketRow

NOW = datetime(2026, 11, 28, 4, 30, tzinfo=UTC)
BEFORE = NOW - timedelta(days=90)
CANARY = "zanzibar-quiproquo"


def files_with(store: Store, words: str = CANARY) -> list[str]:
    """The files of the database that hold these words, in any case."""
    path = sqlite_path(store.engine.url)
    assert path is not None
    return [
        file.name for file in sorted(path.parent.glob(f"{path.name}*")) if words.encode() in file.read_bytes().lower()
    ]


def fill(
    session: Session,
    number: int,
    *,
    state: str = "closed",
    closed_at: datetime | None = BEFORE - timedelta.resolution,
    reply: str = "posted",
) -> None:
    """A ticket with everything that may hold words, long and short."""
    at = BEFORE - timedelta(days=1)
    ticket = TicketRow(
        id=number,
        account="TIM_Official",
        author_id=number,
        author=f"{CANARY}{number}",
        state=state,
        urgency="urgent",
        line="187",
        opened_at=at,
        first_mention_at=at,
        last_mention_at=at,
        newest_mention_id=number,
        closed_at=closed_at if state == "closed" else None,
        closed_by="giulia",
    )
    session.add(ticket)
    session.flush()
    session.add(mention(number, at, ticket_id=number))
    session.add(
        ReplyRow(
            ticket_id=number,
            writer="giulia",
            account="TIM_Official",
            mention_id=number,
            parent_id=number,
            typed=CANARY,
            text=f"{CANARY} ^GR",
            state=reply,
            made_at=at,
            x_id=7,
        )
    )
    session.add(NoteRow(ticket_id=number, person="giulia", text=CANARY * 900, made_at=at))


def fill_some(session: Session, most: int) -> None:
    for number in range(1, most + 1):
        fill(session, number)


def mention(number: int, at: datetime, **more: Any) -> MentionRow:
    values: dict[str, Any] = {
        "id": number,
        "newest_id": number,
        "account": "TIM_Official",
        "author_id": number,
        "author": f"{CANARY}{number}",
        "author_name": CANARY,
        "text": f"{CANARY} " * 90,
        "conversation_id": number,
        "created_at": at,
        "seen_at": at,
        "state": "joined",
        **more,
    }
    return MentionRow(**values)


def test_closed_tickets_lose_their_words_and_keep_their_numbers(store: Store) -> None:
    """Both sides of the edge; what is open or on its way stays, however old."""

    def work(session: Session) -> None:
        fill(session, 1)
        fill(session, 2, closed_at=BEFORE)
        fill(session, 3, state="claimed")
        fill(session, 4, state="paging")
        fill(session, 5, reply="held")

    store.run_now(work)
    assert store.run_now(erasing.old, BEFORE, 50) == Erased(tickets=1, mentions=1, replies=1, notes=1)
    assert store.run_now(erasing.old, BEFORE, 50) == Erased()

    def look(session: Session) -> None:
        ticket, post = session.get_one(TicketRow, 1), session.get_one(MentionRow, 1)
        reply, note = session.get_one(ReplyRow, 1), session.get_one(NoteRow, 1)
        assert (ticket.author, ticket.author_id, ticket.closed_by, ticket.urgency) == ("", NOBODY, "giulia", "urgent")
        assert (post.text, post.author, post.author_name, post.author_id) == ("", "", "", NOBODY)
        assert (reply.typed, reply.text, reply.state, reply.x_id) == ("", "", "posted", 7)
        assert (note.text, note.person) == ("", "giulia")
        assert session.exec(select(TicketRow.id).where(TicketRow.author != "")).all() == [2, 3, 4, 5]
        assert session.exec(select(MentionRow.id).where(MentionRow.author != "")).all() == [2, 3, 4, 5]
        assert len(session.exec(select(NoteRow).where(NoteRow.text != "")).all()) == 4

    store.read_now(look)


def test_what_has_no_ticket_goes_too(store: Store) -> None:
    old, young = BEFORE - timedelta.resolution, BEFORE

    def work(session: Session) -> None:
        session.add_all(
            [
                mention(1, old, state="folded"),
                mention(2, young, state="folded"),
                mention(3, old, state="new"),
                NoteRow(person="giulia", text=CANARY, made_at=old),
                NoteRow(person="giulia", text=CANARY, made_at=young),
                InboxRow(update_id=1, raw={"text": CANARY}, received_at=old, handled_at=NOW),
                InboxRow(update_id=2, raw={"text": CANARY}, received_at=old),
                OutboxRow(key="1", kind="refusal", facts={"n": CANARY}, state="sent", due_at=old, made_at=old),
                OutboxRow(key="2", kind="refusal", facts={"n": CANARY}, state="due", due_at=old, made_at=old),
                OutboxRow(key="3", kind="notice", facts={"what": "said"}, state="sent", due_at=old, made_at=old),
            ]
        )

    store.run_now(work)
    assert store.run_now(erasing.old, BEFORE, 50) == Erased(mentions=1, notes=1, loose=2)
    assert store.run_now(erasing.old, BEFORE, 50) == Erased()
    assert store.read_now(lambda session: session.get_one(InboxRow, 2).raw) == {"text": CANARY}


def test_a_batch_is_bounded(store: Store) -> None:
    store.run_now(fill_some, 5)
    assert [store.run_now(erasing.old, BEFORE, 2).tickets for _ in range(4)] == [2, 2, 1, 0]


@pytest.fixture
def lite(sqlite_template: Path, tmp_path: Path) -> Store:
    path = tmp_path / "reperibile.db"
    path.write_bytes(sqlite_template.read_bytes())
    return Store.open(f"sqlite:///{path}")


def test_no_byte_of_it_is_left_in_the_files(lite: Store) -> None:
    """Neither in the database, between its rows and on freed pages, nor in the -wal."""
    lite.run_now(fill_some, 40)
    assert files_with(lite) == ["reperibile.db-wal"]
    assert scrub(lite)
    assert files_with(lite) == ["reperibile.db"]
    while lite.run_now(erasing.old, BEFORE, 7):
        pass
    assert "reperibile.db" in files_with(lite)
    assert scrub(lite)
    assert files_with(lite) == []
    lite.close()


def test_a_reader_puts_the_scrubbing_off(lite: Store) -> None:
    lite.run_now(fill, 1)

    def reading(session: Session) -> bool:
        session.exec(select(TicketRow)).all()
        lite.run_now(erasing.old, BEFORE, 7)
        return scrub(lite)

    assert not lite.read_now(reading)
    assert files_with(lite) != []
    assert scrub(lite)
    assert files_with(lite) == []
    lite.close()


def test_leftovers_of_an_earlier_version_go_when_the_file_is_rewritten(lite: Store) -> None:
    """Earlier versions did not overwrite what they deleted."""
    engine = connect(lite.url)
    raw = engine.raw_connection()
    raw.cursor().execute("PRAGMA secure_delete=OFF")
    raw.cursor().execute(f"INSERT INTO note (person, text, made_at) VALUES ('x', '{CANARY * 900}', '2026-01-01')")
    raw.cursor().execute("DELETE FROM note")
    raw.close()
    engine.dispose()
    assert scrub(lite)
    assert files_with(lite) == ["reperibile.db"]
    lite.read_now(lambda session: session.exec(select(TicketRow)).all())  # its connection is open to readers only
    assert rewrite(lite)
    assert files_with(lite) == []
    lite.close()


def test_copies_of_upgrades_and_restores_are_not_kept_longer(lite: Store) -> None:
    path = sqlite_path(lite.engine.url)
    assert path is not None
    for name in ("before-a", "before-b", "replaced-2026"):
        path.with_name(f"{path.name}.{name}").write_bytes(b"words")
    written = path.with_name(f"{path.name}.before-a").stat().st_mtime
    assert drop_copies(lite, datetime.fromtimestamp(written - 60, UTC)) == []
    assert len(drop_copies(lite, datetime.fromtimestamp(written + 60, UTC))) == 3
    assert list(copies_beside(path)) == []
    assert path.exists()
    lite.close()
