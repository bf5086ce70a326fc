"""The store: transactions that are whole or nothing, on both databases, beside other processes."""

import asyncio
import contextlib
import sqlite3
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import BigInteger, MetaData, text
from sqlalchemy.exc import DBAPIError, IntegrityError, StatementError
from sqlalchemy.orm import registry
from sqlmodel import Field, Session, SQLModel, select

from bot.errors import Misconfigured
from bot.store import story
from bot.store.db import Store, connect, file_system, parse_url, prepare_file


class Base(SQLModel, registry=registry(metadata=MetaData())):
    """Tables of this file alone, apart from the product's."""


class Jar(Base, table=True):
    name: str = Field(primary_key=True)
    coins: int = Field(default=0, sa_type=BigInteger)
    filled_at: datetime | None = None


class Label(Base, table=True):
    id: int | None = Field(default=None, primary_key=True)
    jar: str = Field(foreign_key="jar.name")


@pytest.fixture
def shelf(database_url: str) -> Iterator[Store]:
    """A store with one empty jar."""
    opened = Store.open(database_url)
    Base.metadata.create_all(opened.engine)
    opened.run_now(put, "a")
    yield opened
    opened.close()


def put(session: Session, name: str, coins: int = 0, filled_at: datetime | None = None) -> Jar:
    jar = Jar(name=name, coins=coins, filled_at=filled_at)
    session.add(jar)
    return jar


def add_coin(session: Session, name: str = "a") -> int:
    jar = session.get_one(Jar, name)
    jar.coins += 1
    return jar.coins


def coins(session: Session, name: str = "a") -> int | None:
    return session.exec(select(Jar.coins).where(Jar.name == name)).first()


async def test_what_a_function_wrote_is_there_and_its_rows_can_still_be_read(shelf: Store) -> None:
    jar = await shelf.run(put, "b", coins=2**62)
    assert jar.name == "b"
    assert jar.coins == 2**62
    assert await shelf.read(coins, "b") == 2**62


async def test_a_function_that_raises_leaves_no_trace(shelf: Store) -> None:
    def half(session: Session) -> None:
        add_coin(session)
        session.flush()
        raise LookupError("half-way")

    with pytest.raises(LookupError, match="half-way"):
        await shelf.run(half)
    assert await shelf.run(coins) == 0


async def test_writes_queue_for_one_thread(shelf: Store) -> None:
    threads = set()

    def note(session: Session) -> int:
        threads.add(threading.get_ident())
        return add_coin(session)

    assert await asyncio.gather(*(shelf.run(note) for _ in range(20))) == list(range(1, 21))
    assert len(threads) == 1
    assert threads != {threading.get_ident()}


async def test_a_cancelled_caller_leaves_a_begun_transaction_whole_and_a_queued_one_not_begun(shelf: Store) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def slow(session: Session) -> None:
        add_coin(session)
        begun.set()
        go_on.wait(10)
        add_coin(session)

    first = asyncio.create_task(shelf.run(slow))
    queued = asyncio.create_task(shelf.run(put, "never"))
    await asyncio.to_thread(begun.wait, 10)
    for task in (first, queued):
        task.cancel()
    await asyncio.wait([first, queued])
    assert first.cancelled()
    assert queued.cancelled()
    go_on.set()
    assert await shelf.run(coins) == 2
    assert await shelf.run(coins, "never") is None


async def test_reading_neither_waits_for_a_writer_nor_sees_its_half(shelf: Store) -> None:
    written, go_on = threading.Event(), threading.Event()

    def slow(session: Session) -> None:
        add_coin(session)
        session.flush()
        written.set()
        go_on.wait(10)

    writing = asyncio.create_task(shelf.run(slow))
    await asyncio.to_thread(written.wait, 10)
    assert await shelf.read(coins) == 0
    go_on.set()
    await writing
    assert await shelf.read(coins) == 1


def test_who_said_to_read_cannot_write_and_the_next_writer_can(shelf: Store) -> None:
    def write(session: Session) -> None:
        add_coin(session)
        session.flush()

    with pytest.raises(DBAPIError, match=r"readonly|read-only"):
        shelf.read_now(write)
    for _ in range(8):  # whichever pooled connection comes next
        shelf.read_now(coins)
        shelf.run_now(add_coin)
    assert shelf.read_now(coins) == 8


def test_references_are_checked(shelf: Store) -> None:
    def stray(session: Session) -> None:
        session.add(Label(jar="nowhere"))

    with pytest.raises(IntegrityError):
        shelf.run_now(stray)


@pytest.mark.parametrize(("moment", "kept"), [("before_commit", 0), ("after_commit", 1)])
def test_a_fault_at_a_boundary_strikes_on_the_right_side_of_the_commit(shelf: Store, moment: str, kept: int) -> None:
    """The torture tests kill the process in such a hook; what they prove depends on where it strikes."""
    seen = []

    def strike(at: str, name: str) -> None:
        seen.append((at, name))
        if at == moment:
            raise ConnectionError("struck")

    shelf.boundaries.append(strike)
    with pytest.raises(ConnectionError):
        shelf.run_now(add_coin)
    shelf.boundaries.clear()
    assert shelf.read_now(coins) == kept
    assert seen[-1] == (moment, "add_coin")


async def test_a_closed_store_finished_what_it_began(database_url: str) -> None:
    store = Store.open(database_url)
    Base.metadata.create_all(store.engine)
    await store.run(put, "a", coins=7)
    store.close()
    with pytest.raises(RuntimeError):
        await store.run(coins)
    again = Store.open(database_url)
    assert again.run_now(coins) == 7
    again.close()


MOMENTS = {
    "utc": datetime(2026, 11, 21, 3, 10, 0, 123456, tzinfo=UTC),
    "winter in Rome": datetime(2026, 10, 25, 2, 30, tzinfo=timezone(timedelta(hours=1))),
    "summer in Rome": datetime(2026, 10, 25, 2, 30, tzinfo=timezone(timedelta(hours=2))),
    "west of UTC": datetime(2026, 12, 31, 23, 59, 59, tzinfo=timezone(timedelta(hours=-11))),
}


@pytest.mark.parametrize("moment", MOMENTS.values(), ids=MOMENTS.keys())
def test_an_instant_comes_back_as_the_same_instant_in_utc(shelf: Store, moment: datetime) -> None:
    shelf.run_now(put, "b", filled_at=moment)

    def read(session: Session) -> datetime | None:
        return session.get_one(Jar, "b").filled_at

    back = shelf.run_now(read)
    assert back == moment
    assert back is not None
    assert back.utcoffset() == timedelta(0)


def test_instants_are_compared_as_instants_in_the_database(shelf: Store) -> None:
    for name, moment in MOMENTS.items():
        shelf.run_now(put, name, filled_at=moment)

    def in_order(session: Session) -> list[str]:
        return list(session.exec(select(Jar.name).where(Jar.filled_at != None).order_by(Jar.filled_at)))  # type: ignore[arg-type]  # noqa: E711

    assert shelf.run_now(in_order) == sorted(MOMENTS, key=lambda name: MOMENTS[name])


def test_an_instant_without_a_zone_is_refused(shelf: Store) -> None:
    with pytest.raises(StatementError, match="timezone"):
        shelf.run_now(put, "b", filled_at=datetime(2026, 11, 21, 3, 10))  # noqa: DTZ001  # the point of the test


TAKE_TURNS = """
import sys
from sqlalchemy import text
from bot.store.db import Store

def take_turn(session):
    coins = session.connection().execute(text("SELECT coins FROM jar")).scalar_one()
    session.connection().execute(text("UPDATE jar SET coins = :coins"), {"coins": coins + 1})

sys.stdin.readline()
store = Store.open(sys.argv[1])
for _ in range(200):
    store.run_now(take_turn)
"""


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_two_processes_take_turns_and_none_is_told_locked(shelf: Store, database_url: str) -> None:
    """With SQLite's deferred BEGIN 320 of these 400 failed."""
    command = [sys.executable, "-c", TAKE_TURNS, database_url]
    others = [subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    for other in others:
        assert other.stdin is not None
        other.stdin.write("go\n")
        other.stdin.flush()
    assert [other.communicate(timeout=60)[1] for other in others] == ["", ""]
    assert shelf.run_now(coins) == 400


def test_postgresql_comes_back_after_the_server_cut_the_connection(postgresql_server: str) -> None:
    store = Store.open(postgresql_server)

    def backend(session: Session) -> int:
        return int(session.connection().execute(text("SELECT pg_backend_pid()")).scalar_one())

    cut = store.run_now(backend)
    other = connect(postgresql_server)
    with other.begin() as connection:
        connection.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": cut})
    other.dispose()
    assert store.run_now(backend) != cut
    store.close()


def test_postgresql_is_set_up_with_limits(postgresql_server: str) -> None:
    store = Store.open(postgresql_server)

    def settings(session: Session) -> list[str]:
        names = ("statement_timeout", "idle_in_transaction_session_timeout", "timezone")
        return [str(session.connection().execute(text(f"SHOW {name}")).scalar_one()) for name in names]

    assert store.run_now(settings) == ["10s", "1min", "UTC"]
    store.close()


def test_sqlite_is_set_up_to_survive_a_power_cut(tmp_path: Path) -> None:
    store = Store.open(f"sqlite:///{tmp_path}/new.db")

    def pragmas(session: Session) -> list[object]:
        names = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        return [session.connection().execute(text(f"PRAGMA {name}")).scalar_one() for name in names]

    assert store.run_now(pragmas) == ["wal", 2, 1, 15000]
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()}
    assert modes == {"new.db": 0o600, "new.db-wal": 0o600, "new.db-shm": 0o600}
    store.close()


def test_a_file_that_is_already_there_keeps_its_mode_and_rows(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    with sqlite3.connect(path) as old:
        old.execute("CREATE TABLE jar (name TEXT PRIMARY KEY, coins INTEGER, filled_at TEXT)")
        old.execute("INSERT INTO jar VALUES ('a', 5, NULL)")
    old.close()
    path.chmod(0o640)
    store = Store.open(f"sqlite:///{path}")
    assert store.run_now(coins) == 5
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    store.close()


def test_a_missing_folder_is_named_with_its_cure(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match=f"mkdir -p {tmp_path}/gone"):
        Store.open(f"sqlite:///{tmp_path}/gone/reperibile.db")


MOUNTS = """\
/dev/sda1 / ext4 rw 0 0
files:/srv /srv/shared nfs4 rw 0 0
//nas/x /mnt/with\\040blank cifs rw 0 0
/dev/sdb1 /srv/shared/local xfs rw 0 0
broken
"""


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/var/lib/a.db", "ext4"),
        ("/srv/shared/a.db", "nfs4"),
        ("/srv/sharedish/a.db", "ext4"),
        ("/srv/shared/local/a.db", "xfs"),
        ("/mnt/with blank/a.db", "cifs"),
    ],
)
def test_the_file_system_is_that_of_the_deepest_mount(path: str, kind: str) -> None:
    assert file_system(Path(path), MOUNTS) == kind


@pytest.mark.parametrize("kind", ["nfs", "nfs4", "cifs"])
def test_a_network_file_system_is_refused(tmp_path: Path, kind: str) -> None:
    mounts = tmp_path / "mounts"
    mounts.write_text(f"/dev/sda1 / ext4 rw 0 0\nserver:/x {tmp_path} {kind} rw 0 0\n")
    with pytest.raises(Misconfigured, match=rf"network file system \({kind}\)"):
        prepare_file(tmp_path / "a.db", mounts)
    assert not (tmp_path / "a.db").exists()


@pytest.mark.parametrize(
    "address",
    ["postgres://u:p@h/d", "postgresql://u:p@h/d", "postgresql+asyncpg://u:p@h/d", "postgresql+psycopg://u:p@h/d"],
)
def test_every_postgresql_address_gets_our_driver(address: str) -> None:
    assert parse_url(address).render_as_string(hide_password=False) == "postgresql+psycopg://u:p@h/d"


@pytest.mark.parametrize("address", ["", "nonsense", "mysql://u:hunter2@h/d", "sqlite://", "sqlite:///:memory:"])
def test_other_addresses_are_refused_without_showing_a_password(address: str) -> None:
    with pytest.raises(Misconfigured, match="Cure:") as refused:
        Store.open(address)
    assert "hunter2" not in str(refused.value)


def test_what_went_back_to_a_savepoint_is_not_told(shelf: Store) -> None:
    """A command refused half way was not done: neither the story nor the metrics may count it."""
    heard: list[str] = []
    shelf.listeners = [lambda happened: heard.append(happened.verb)]

    def work(session: Session) -> None:
        tell(session, "before")
        with contextlib.suppress(ZeroDivisionError), session.begin_nested():
            tell(session, "claim")
            with session.begin_nested():
                tell(session, "release")
            raise ZeroDivisionError
        with session.begin_nested():
            tell(session, "refusal")

    def tell(session: Session, verb: str) -> None:
        story.tell(session, datetime(2026, 11, 21, 22, tzinfo=UTC), "giulia", verb)

    shelf.run_now(work)
    assert heard == ["before", "refusal"]
