"""`reperibile forget`: no byte of a customer is left in the database, and an older one put back forgets them again."""

import io
import shutil
import stat
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from command_line import CommandLine
from sqlmodel import Session, col, select

from bot.errors import Misconfigured
from bot.forgetting import forget, forget_again, whom
from bot.store import rotas
from bot.store.db import Store
from bot.store.forgotten import forgotten_among, list_of, merge, remember
from bot.store.tables import LogRow, MentionRow, NoteRow, OutboxRow, ReplyRow, TicketRow

NOW = datetime(2026, 11, 28, 20, 0, tzinfo=UTC)
MARIO, ANNA = 70_707, 80_808
CANARY = "Mario_Canarino"
ANNAS = "@TIM_Official anche a me, come a @MARIO_canarino e a https://x.com/mario_canarino/status/1; canarini no"


def fill(session: Session, state: str = "closed", reply: str = "posted") -> None:
    for number, author_id, author, text in ((1, MARIO, CANARY, "canaryword " * 80), (2, ANNA, "anna", ANNAS)):
        session.add(
            TicketRow(
                id=number,
                account="TIM_Official",
                author_id=author_id,
                author=author,
                state=state,
                urgency="urgent",
                line="187",
                owner="giulia" if state == "claimed" else None,
                opened_at=NOW,
                first_mention_at=NOW,
                last_mention_at=NOW,
                newest_mention_id=number,
                closed_at=NOW if state == "closed" else None,
            )
        )
        session.flush()
        session.add(
            MentionRow(
                id=number,
                newest_id=number,
                account="TIM_Official",
                author_id=author_id,
                author=author,
                author_name=f"name of {author}",
                text=text,
                conversation_id=number,
                created_at=NOW,
                seen_at=NOW,
                state="joined",
                ticket_id=number,
            )
        )
        session.add(
            ReplyRow(
                ticket_id=number,
                writer="giulia",
                account="TIM_Official",
                mention_id=number,
                parent_id=number,
                typed=f"Grazie @{author}",
                text=f"Grazie @{author} ^GR",
                state=reply,
                made_at=NOW,
            )
        )
        session.add(NoteRow(ticket_id=number, person="giulia", text=f"detto da @{CANARY}", made_at=NOW))
        for kind in ("page", "story"):
            session.add(
                OutboxRow(
                    key=f"{kind}{number}",
                    kind=kind,
                    person="giulia",
                    ticket_id=number,
                    state="sent",
                    remote_id=number,
                    shown=1,
                    due_at=NOW,
                    made_at=NOW,
                )
            )
    session.add(OutboxRow(key="list", kind="handover", state="sent", remote_id=9, shown=1, due_at=NOW, made_at=NOW))


def hits(folder: Path, *words: str) -> list[str]:
    """Every file that holds one of the words, in any case."""
    return [
        path.name
        for path in sorted(folder.iterdir())
        if path.is_file() and any(word.lower().encode() in path.read_bytes().lower() for word in words)
    ]


@pytest.fixture
def known(ready: CommandLine) -> CommandLine:
    """A database that knows Mario and Anna."""
    with_database(ready.folder).close()
    return ready


def with_database(folder: Path, state: str = "closed") -> Store:
    store = Store.open(f"sqlite:///{folder}/reperibile.db")
    store.run_now(fill, state)
    return store


def test_no_byte_is_left_and_an_older_backup_forgets_again(known: CommandLine, tmp_path: Path) -> None:
    older = tmp_path / "older"
    shutil.copy(known.folder / "reperibile.db", older)
    assert known.do("rota", "import", "rota.toml").code == 0
    done = known.do("forget", f"@{CANARY.upper()}", "--yes")
    assert (done.code, done.out) == (0, ""), done.err
    assert f"id:{MARIO} (@{CANARY}): 1 tickets, 0 of them open" in done.err
    assert "Forgotten: 1 tickets, 2 mentions, 1 replies, 2 notes." in done.err
    older.rename(tmp_path.parent / f"{tmp_path.name}-older")
    assert hits(known.folder, CANARY, "canaryword") == []
    assert hits(known.folder, str(MARIO)) == []
    store = Store.open(f"sqlite:///{known.folder}/reperibile.db")
    assert store.read_now(lambda session: session.get_one(MentionRow, 2).text) == (
        "@TIM_Official anche a me, come a ▒▒▒ e a https://x.com/▒▒▒/status/1; canarini no"
    )
    versions = store.read_now(lambda session: session.exec(select(OutboxRow.version).order_by(col(OutboxRow.id))).all())
    assert versions == [2, 2, 1, 1, 2], "Mario's messages and the list are edited, Anna's are left alone"
    store.close()
    path = known.folder / "reperibile.db.forgotten"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600

    shutil.copy(tmp_path.parent / f"{tmp_path.name}-older", known.folder / "reperibile.db")
    store = Store.open(f"sqlite:///{known.folder}/reperibile.db")
    assert forget_again(store, NOW) == 1
    assert forget_again(store, NOW) == 0
    store.close()
    assert hits(known.folder, CANARY, "canaryword") == []


@pytest.mark.parametrize("typed", ["", "no", "y"])
def test_it_asks_first(known: CommandLine, monkeypatch: pytest.MonkeyPatch, typed: str) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(typed + "\n"))
    done = known.do("forget", CANARY)
    assert (done.code, "Nothing was deleted" in done.err) == (1, True)
    assert hits(known.folder, CANARY) != []
    monkeypatch.setattr(sys, "stdin", io.StringIO("yes\n"))
    assert known.do("forget", CANARY).code == 0


def test_nobody_and_numbers(known: CommandLine) -> None:
    """A handle must be known; a number need not, for an older backup may know it."""
    for nobody in ("@nobody", "", "id:0"):
        done = known.do("forget", nobody, "--yes")
        assert (done.code, "Nobody is known" in done.err) == (1, True), done.err
    assert known.do("forget", "id:4711", "--yes").code == 0
    assert list(forgotten_among(known.folder / "reperibile.db.forgotten", [4710, 4711])) == [4711]


def test_open_tickets_are_closed_and_replies_on_their_way_are_waited_for(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    text = (Path(__file__).parents[2] / "rota.example.toml").read_text("utf-8")
    store.run_now(rotas.save, text, "server", "", NOW, None)
    store.run_now(fill, "claimed", "held")
    with pytest.raises(Misconfigured, match="#1 is on its way"):
        forget(store, whom(store, CANARY), NOW)
    store.run_now(set_draft)
    mario = whom(store, CANARY)
    done = forget(store, mario, NOW)
    assert (done.closed, done.clean) == (1, True)
    ticket = store.read_now(lambda session: session.get_one(TicketRow, 1))
    assert (ticket.state, ticket.closed_as, ticket.closed_by, ticket.author) == ("closed", "nothing", "server", "")
    reply = store.read_now(lambda session: session.get_one(ReplyRow, 1))
    assert (reply.state, reply.text) == ("dropped", "")
    assert store.read_now(lambda session: session.get_one(TicketRow, 2)).state == "claimed"
    said = store.read_now(lambda session: session.exec(select(LogRow.detail)).all())
    assert not any(CANARY.lower() in one.lower() for one in said)


def set_draft(session: Session) -> None:
    row = session.get_one(ReplyRow, 1)
    row.state = "draft"
    session.add(row)


def test_who_writes_again_is_kept_like_anybody(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    store.run_now(fill)
    remember(list_of(store.url), MARIO, NOW - timedelta(seconds=1))
    assert forget_again(store, NOW) == 0


def test_lists_of_two_machines_are_one(tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    remember(one, 1, NOW)
    remember(two, 2, NOW)
    remember(two, 1, NOW + timedelta(days=1))
    merge(one, two)
    merge(one, two)
    assert forgotten_among(one, [1, 2, 3]) == {1: NOW + timedelta(days=1), 2: NOW}
    assert len(one.read_text().splitlines()) == 3
    merge(one, tmp_path / "nowhere")
    two.write_text('{"salt": "zz"}\n')
    with pytest.raises(Misconfigured, match="line 1: this is no list"):
        merge(one, two)
