"""`reperibile backup` and `restore`: whole copies, and a way back that breaks nothing."""

import re
import sqlite3
import stat
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from command_line import CommandLine
from sqlmodel import Session, select

from bot.backup import backup, restore
from bot.errors import Misconfigured
from bot.store import holds
from bot.store.db import Store
from bot.store.forgotten import list_of, remember
from bot.store.lock import Leadership
from bot.store.tables import NoteRow

NOW = datetime(2026, 11, 28, 21, 0, tzinfo=UTC)


def note(session: Session, text: str) -> None:
    session.add(NoteRow(person="giulia", text=text, made_at=NOW))


def notes(url: str) -> list[str]:
    store = Store.open(url)
    try:
        return list(store.read_now(lambda session: session.exec(select(NoteRow.text)).all()))
    finally:
        store.close()


@pytest.fixture
def url(tmp_path: Path, sqlite_template: Path) -> str:
    (tmp_path / "reperibile.db").write_bytes(sqlite_template.read_bytes())
    return f"sqlite:///{tmp_path}/reperibile.db"


def test_a_copy_of_a_database_at_work_is_whole_and_put_back(url: str, tmp_path: Path) -> None:
    store = Store.open(url)
    store.run_now(note, "before")
    copy = backup(url, tmp_path / "copies", NOW)
    store.run_now(note, "after")
    store.close()
    assert copy.name == "reperibile-2026-11-28T210000Z.db"
    assert (stat.S_IMODE(copy.stat().st_mode), stat.S_IMODE(copy.parent.stat().st_mode)) == (0o600, 0o700)
    done = restore(url, copy, NOW)
    assert notes(url) == ["before"]
    assert done.replaced is not None
    assert notes(f"sqlite:///{done.replaced}") == ["before", "after"]
    assert stat.S_IMODE((tmp_path / "reperibile.db").stat().st_mode) == 0o600
    assert not list(tmp_path.glob(".*half*"))
    assert copy.exists()
    store = Store.open(url)
    assert store.read_now(holds.is_on_hold)
    assert store.run_now(holds.resume, "server", NOW)
    assert not store.run_now(holds.resume, "server", NOW)
    store.close()


def test_so_many_are_kept(url: str, tmp_path: Path) -> None:
    folder = tmp_path / "copies"
    for day in range(5):
        backup(url, folder, NOW + timedelta(days=day), kept=3)
    assert [path.name[11:21] for path in sorted(folder.glob("*.db"))] == ["2026-11-30", "2026-12-01", "2026-12-02"]


def test_not_while_a_service_runs_on_it(url: str, tmp_path: Path) -> None:
    copy = backup(url, tmp_path / "copies", NOW)
    service = Leadership(url)
    assert service.try_acquire()
    with pytest.raises(Misconfigured, match=r"A service runs on .*Cure: stop it first"):
        restore(url, copy, NOW)
    service.release()
    assert not list(tmp_path.glob("*.replaced-*"))


def newer(path: Path) -> None:
    with closing(sqlite3.connect(path)) as database:
        database.execute("UPDATE alembic_version SET version_num = 'ffffffffffff'")
        database.commit()


def empty(path: Path) -> None:
    path.write_bytes(b"")


def torn(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def text(path: Path) -> None:
    path.write_text("these are no rows " * 500)


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (newer, "a newer one wrote it"),
        (empty, "no database of ours"),
        (torn, "cannot be used"),
        (text, "cannot be used"),
    ],
)
def test_what_cannot_be_put_back_changes_nothing(url: str, tmp_path: Path, spoil: object, said: str) -> None:
    copy = backup(url, tmp_path / "copies", NOW)
    assert callable(spoil)
    spoil(copy)
    before = (tmp_path / "reperibile.db").read_bytes()
    with pytest.raises(Misconfigured, match=said):
        restore(url, copy, NOW)
    assert (tmp_path / "reperibile.db").read_bytes() == before
    assert [path.name for path in tmp_path.iterdir() if "half" in path.name or "replaced" in path.name] == []


def test_the_forgotten_are_known_beside_the_copies_too(url: str, tmp_path: Path) -> None:
    """The machine is lost, and with it the list: the one in the folder of the copies is read."""
    remember(list_of(url), 7, NOW)
    copy = backup(url, tmp_path / "copies", NOW)
    list_of(url).unlink()
    (tmp_path / "reperibile.db").unlink()
    assert restore(url, copy, NOW).replaced is None
    assert list_of(url).exists()


def test_postgresql_has_its_own_way(tmp_path: Path) -> None:
    for work in (backup, restore):
        with pytest.raises(Misconfigured, match=r"PostgreSQL has its own way.*Cure: pg_"):
            work("postgresql://me@127.0.0.1/reperibile", tmp_path, NOW)


def test_the_commands(ready: CommandLine) -> None:
    made = ready.do("backup")
    assert made.code == 0, made.err
    file = made.json["file"]
    assert re.fullmatch(r"backups/reperibile-2026-11-28T\d{6}Z\.db", file)
    done = ready.do("restore", file)
    assert (done.code, done.out) == (0, ""), done.err
    assert "is in its place, on hold: 0 replies in doubt, 0 customers forgotten again." in done.err
    assert "kept as" in done.err
    for said in ("Everything goes on from now.", "Nothing was on hold."):
        assert ready.do("resume").err.strip() == said
    assert ready.do("hold").code == 0
    assert ready.do("resume").err.strip() == "Everything goes on from now."
    missing = ready.do("restore", "nowhere.db")
    assert (missing.code, "There is no file" in missing.err) == (1, True)
