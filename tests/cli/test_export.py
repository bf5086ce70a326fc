"""`reperibile export`: everything is there, one customer's is theirs alone, and half of it is never found."""

import json
import os
import re
import tracemalloc
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from command_line import CommandLine
from sqlalchemy import insert
from sqlmodel import Session, SQLModel, select

from bot import export as exporting_to
from bot.clock import Clock
from bot.errors import Misconfigured
from bot.export import MANIFEST, export
from bot.sandbox.stage import Stage
from bot.store import people
from bot.store.db import Store
from bot.store.exporting import FETCH, KINDS, SECRET_FACTS, Customer
from bot.store.tables import (
    CalendarRow,
    Cursor,
    DutyRow,
    EnrolmentRow,
    InboxRow,
    LogRow,
    MentionRow,
    NoteRow,
    OutboxRow,
    PersonRow,
    QuestionRow,
    ReplyRow,
    RevisionRow,
    TicketRow,
)

DOCS = Path(__file__).parents[2] / "docs" / "export.md"
NIGHT = datetime(2026, 11, 28, 21, 0, 0, 123456, tzinfo=UTC)
MARIO, ANNA, NEW_MARIO = 7, 8, 9
HANDLES = ("Mario_New", "mario")
SECRET = "canary-secret"


def mention(number: int, author_id: int, author: str, ticket: int | None, minutes: int = 0, **more: Any) -> MentionRow:
    at = NIGHT + timedelta(minutes=minutes)
    values = {
        "id": 2**53 + number,  # larger than JavaScript's numbers, as X's ids are
        "newest_id": number,
        "account": "TIM_Official",
        "author_id": author_id,
        "author": author,
        "author_name": f"called {author}",
        "text": f'words of {author}: «perché?»\n"quoted" \\ 🙂',
        "conversation_id": number,
        "created_at": at,
        "seen_at": at,
        "ticket_id": ticket,
        "also": ["TIM119Giulia"],
    }
    return MentionRow(**{**values, **more})


def ticket(number: int, author_id: int, author: str) -> TicketRow:
    return TicketRow(
        id=number,
        account="TIM_Official",
        author_id=author_id,
        author=author,
        state="claimed",
        urgency="urgent",
        line="187",
        owner="giulia",
        opened_at=NIGHT,
        first_mention_at=NIGHT,
        last_mention_at=NIGHT,
        newest_mention_id=number,
    )


def fill(session: Session) -> None:
    """Two customers and the team's own things: at least one row in every table."""

    def add(*rows: SQLModel) -> None:
        session.add_all(rows)
        session.flush()

    add(ticket(1, MARIO, "mario"), ticket(2, ANNA, "anna"))
    add(
        mention(1, MARIO, "mario", 1),
        mention(2, ANNA, "anna", 2),
        mention(3, MARIO, "Mario_New", 1, minutes=5),
        mention(4, MARIO, "Mario_New", None, minutes=6, state="folded", urgency="noise"),
    )
    for number, name in ((1, "mario"), (2, "anna")):
        add(
            ReplyRow(
                id=number,
                ticket_id=number,
                writer="giulia",
                account="TIM_Official",
                mention_id=2**53 + number,
                parent_id=2**53 + number,
                typed=f"to {name}",
                text=f"to {name} ^GR",
                made_at=NIGHT,
            ),
            NoteRow(ticket_id=number, person="giulia", text=f"about {name}", made_at=NIGHT),
            LogRow(at=NIGHT, who="giulia", verb="claim", ticket_id=number),
            QuestionRow(kind="keep", person="giulia", ticket_id=number, facts={"ticket": number}, asked_at=NIGHT),
        )
        add(page(f"page:{number}", "page", ticket_id=number, mention_id=2**53 + number))
    add(
        page("summary:1", "summary", facts={"tickets": [1, 2]}),
        page("summary:2", "summary", facts={"tickets": [2]}),
        page("list:1", "list"),
        page("invitation:1", "invitation", facts={"nonce": SECRET, "person": "sara"}),
        NoteRow(ticket_id=None, person="sara", text="found no place", made_at=NIGHT),
        PersonRow(id="giulia", user_id=101),
        DutyRow(person="giulia", rota="primary", start=NIGHT, end=NIGHT + timedelta(hours=8)),
        RevisionRow(number=1, text="rota", author="server", made_at=NIGHT),
        EnrolmentRow(token_hash=SECRET, person="sara", by="marco", made_at=NIGHT, expires_at=NIGHT),
        CalendarRow(token_hash=SECRET, person="sara", language="it", made_at=NIGHT),
        page("calendar:1", "calendar", facts={"nonce": SECRET, "rota": ""}),
        InboxRow(update_id=1, raw={"message": {"text": SECRET}}, received_at=NIGHT),
        Cursor(name="beat", good_at=NIGHT),
    )


def page(key: str, kind: str, **more: Any) -> OutboxRow:
    return OutboxRow(key=key, kind=kind, person="giulia", due_at=NIGHT, made_at=NIGHT, state="sent", **more)


@pytest.fixture
def full(store: Store) -> Store:
    store.run_now(fill)
    return store


def read(folder: Path) -> dict[str, list[dict[str, Any]]]:
    """Every line of every file but the manifest."""
    return {
        path.stem: [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line]
        for path in folder.glob("*.jsonl")
    }


def back(value: Any) -> Any:
    """What stood in the row before it became JSON."""
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", value):
        return datetime.fromisoformat(value)
    return value


def test_every_row_of_every_table_can_be_read_back(full: Store, tmp_path: Path) -> None:
    """But for what the manifest says is left out, value by value."""
    assert {kind.name for kind in KINDS} == set(SQLModel.metadata.tables), "a table that no export knows"
    done = export(full, tmp_path / "out", NIGHT)
    found = read(tmp_path / "out")
    manifest = json.loads((tmp_path / "out" / MANIFEST).read_text(encoding="utf-8"))
    for kind in KINDS:
        table = kind.of
        with full.engine.connect() as connection:
            rows = connection.execute(select(*(table.c[name] for name in kind.columns))).mappings().all()
        stored = [dict(row) for row in rows]
        for row in stored:
            if kind.table is OutboxRow:
                row["facts"] = {name: value for name, value in row["facts"].items() if name not in SECRET_FACTS}
        lines = [{name: back(value) for name, value in line.items()} for line in found[kind.name]]
        assert lines, f"nothing of {kind.name} to look at"
        assert sorted(lines, key=str) == sorted(stored, key=str)
        assert done.lines[f"{kind.name}.jsonl"] == manifest["lines"][f"{kind.name}.jsonl"] == len(lines)
        assert manifest["fields"][f"{kind.name}.jsonl"] == list(lines[0])
    assert set(manifest) == {"format", "version", "made_at", "database", "of", "lines", "fields", "left_out"}
    left_out = {one["what"] for one in manifest["left_out"]}
    assert left_out >= {f"{kind.name}.{column}" for kind in KINDS for column in kind.left_out}
    assert SECRET not in "".join(path.read_text(encoding="utf-8") for path in (tmp_path / "out").iterdir())


def test_one_customers_is_theirs_alone_under_every_handle(full: Store, tmp_path: Path) -> None:
    for number, handle in enumerate(("mario", "@MARIO", f"id:{MARIO}")):
        assert export(full, tmp_path / str(number), NIGHT, handle=handle).customer == Customer(MARIO, HANDLES)
    done = export(full, tmp_path / "out", NIGHT, handle="Mario_new")
    found = read(tmp_path / "out")
    assert done.as_json()["handles"] == list(HANDLES)
    assert [row["id"] for row in found["mention"]] == [2**53 + number for number in (1, 3, 4)]
    assert [row["id"] for row in found["ticket"]] == [1]
    for name in ("reply", "note", "log", "question"):
        assert [row["ticket_id"] for row in found[name]] == [1], name
    assert [(row["key"], row["facts"], row["person"]) for row in found["outbox"]] == [
        ("page:1", {}, "giulia"),
        ("summary:1", {"tickets": [1]}, "giulia"),
    ]
    assert set(found) == {kind.name for kind in KINDS if not kind.not_a_customers}
    assert "anna" not in "".join(path.read_text(encoding="utf-8") for path in (tmp_path / "out").iterdir())


def test_a_handle_that_two_customers_had_is_asked_about(full: Store, tmp_path: Path) -> None:
    """Handing one customer's words to another is worse than asking once more."""

    def taken_over(session: Session) -> None:
        session.add(mention(5, NEW_MARIO, "Mario", None, minutes=60))

    full.run_now(taken_over)
    with pytest.raises(Misconfigured, match=rf"2 customers' handle: id:{MARIO} .*; id:{NEW_MARIO} .*--handle id:"):
        export(full, tmp_path / "out", NIGHT, handle="mario")
    assert not list(tmp_path.glob("*out*"))
    export(full, tmp_path / "out", NIGHT, handle=f"id:{NEW_MARIO}")
    assert [row["author_id"] for row in read(tmp_path / "out")["mention"]] == [NEW_MARIO]
    for nobody in ("id:1", "id:9999999999999999999", "id:" + "9" * 5000):
        with pytest.raises(Misconfigured, match="Nobody is known"):
            export(full, tmp_path / "none", NIGHT, handle=nobody)


# --- what the database's kind does not matter to ------------------------------------------------------------------


@pytest.fixture
def small(sqlite_template: Path, tmp_path: Path) -> Iterator[Store]:
    path = tmp_path / "small.db"
    path.write_bytes(sqlite_template.read_bytes())
    store = Store.open(f"sqlite:///{path}")
    store.run_now(fill)
    yield store
    store.close()


def test_only_its_owner_may_read_it(small: Store, tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        export(small, tmp_path / "out", NIGHT)
    finally:
        os.umask(before)
    assert (tmp_path / "out").stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in (tmp_path / "out").iterdir()} == {0o600}


def test_an_empty_folder_is_used_and_a_full_one_is_not_touched(small: Store, tmp_path: Path) -> None:
    empty, full = tmp_path / "empty", tmp_path / "full"
    empty.mkdir()
    full.mkdir()
    (full / "yours").write_text("kept")
    export(small, empty, NIGHT)
    assert (empty / MANIFEST).exists()
    for folder, says in ((full, "is not empty"), (full / "yours", "is a file"), (tmp_path / "no" / "out", "mkdir -p")):
        with pytest.raises(Misconfigured, match=says):
            export(small, folder, NIGHT)
    assert [path.name for path in full.iterdir()] == ["yours"]


def test_half_an_export_is_never_found(small: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever breaks while it is written, the folder is not there, nor anything beside it."""

    def full_disk(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(exporting_to.os, "fsync", full_disk)
    with pytest.raises(OSError, match="No space left"):
        export(small, tmp_path / "out", NIGHT)
    assert not [path for path in tmp_path.iterdir() if "out" in path.name]


def test_it_shows_one_moment_and_holds_nobody_up(full: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A service writes on while it reads; what comes later is not in it, in no file."""
    plain = exporting_to._lines

    def writing_meanwhile(path: Path, *args: Any, **kwargs: Any) -> int:
        full.run_now(people.log, NIGHT, "giulia", "meanwhile")
        return plain(path, *args, **kwargs)

    monkeypatch.setattr(exporting_to, "_lines", writing_meanwhile)
    export(full, tmp_path / "out", NIGHT)
    assert "meanwhile" not in (tmp_path / "out" / "log.jsonl").read_text(encoding="utf-8")
    assert full.read_now(lambda session: len(session.exec(select(LogRow)).all())) > len(KINDS)


def test_many_mentions_need_little_memory(small: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Many times more than is held at once; what is held shows as less than all of it."""
    count = FETCH * 4
    one = mention(0, ANNA, "anna", 2, text="x" * 4000).model_dump()

    def much(session: Session) -> None:
        session.execute(insert(MentionRow), [{**one, "id": number + 1} for number in range(count)])

    small.run_now(much)
    monkeypatch.setattr(exporting_to, "TELLS_EVERY", 1500)
    said: list[str] = []
    tracemalloc.start()
    try:
        done = export(small, tmp_path / "out", NIGHT, say=said.append)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert done.lines["mention.jsonl"] == count + 4
    assert said == ["mention.jsonl: 1500 lines"]
    assert peak < 5 * 1024 * 1024 < (tmp_path / "out" / "mention.jsonl").stat().st_size


def test_the_command(small: Store, tmp_path: Path) -> None:
    """JSON on standard output; nobody known by the handle is exit 1, in plain words, and nothing is written."""
    here = CommandLine(tmp_path, Stage.standard(Clock().now), "", {})
    done = here.do("export", "mine", "--handle", "@Anna", DATABASE_URL=small.url)
    assert (done.code, done.err) == (0, "")
    lines = {"mention": 1, "ticket": 1, "reply": 1, "note": 1, "log": 1, "outbox": 3, "question": 1}
    assert done.json == {
        "dir": str(tmp_path / "mine"),
        "of": "one customer",
        "author_id": ANNA,
        "handles": ["anna"],
        "lines": {f"{name}.jsonl": count for name, count in lines.items()},
    }
    for arguments, says in (
        (("export", "none", "--handle", "nobody"), "Nobody is known as 'nobody'"),
        (("export", "mine"), "is not empty"),
    ):
        failed = here.do(*arguments, DATABASE_URL=small.url)
        assert (failed.code, failed.out, says in failed.err, "Traceback" in failed.err) == (1, "", True, False)
    assert not (tmp_path / "none").exists()


def test_every_field_is_documented() -> None:
    text = DOCS.read_text(encoding="utf-8")
    missing = [
        f"{kind.name}.{column}"
        for kind in KINDS
        for column in (*kind.columns, *kind.left_out)
        if f"`{column}`" not in text
    ]
    assert missing == []
    assert [kind.name for kind in KINDS if f"`{kind.name}.jsonl`" not in text] == []
