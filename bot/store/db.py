"""The database as one thing: functions of a session run in transactions, writes one after the other in one thread.

A question asked of the store is a plain function `fn(session, …)`; `Store` gives it a session, commits when it
returns and rolls back when it raises. It knows no tables. SQLite and PostgreSQL behave the same to the caller.

Source: RELIABILITY.md, "The engine" and "Traps" (SQLite's deferred BEGIN; network file systems).
"""

import asyncio
import logging
import os
import re
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Concatenate, Final, ParamSpec, Self, TypeVar

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DatabaseError, DBAPIError, OperationalError
from sqlmodel import Session

from bot.core.event import Event
from bot.errors import Misconfigured
from bot.store import story

log = logging.getLogger("reperibile.store")

BUSY_TIMEOUT_S: Final = 15
"""How long a SQLite writer waits for another process's transaction before it gives up."""
STATEMENT_TIMEOUT_S: Final = 10
"""PostgreSQL ends a statement that takes longer; ours take milliseconds."""
IDLE_TIMEOUT_S: Final = 60
"""PostgreSQL ends a transaction whose process fell asleep in the middle, so that its row locks go."""

NETWORK_FILE_SYSTEMS: Final = frozenset({"nfs", "nfs4", "cifs", "smb3", "smbfs", "fuse.sshfs"})
"""Their locks cannot be relied on, so two processes could write at once."""

P = ParamSpec("P")
T = TypeVar("T")

Boundary = Callable[[str, str], None]
"""Called with the moment ("before_commit" or "after_commit") and the name of the function that ran."""


class Store:
    """An open database. Writes of this process queue for one thread; other processes take turns with it.

    boundaries is a seam for fault injection, empty in production: each hook is called at every write transaction,
    on the thread that writes, once before the commit (all statements sent, nothing durable) and once after it (durable,
    the caller does not know yet). A hook may kill the process, or raise: before the commit that rolls back, after
    it the caller gets the error although the rows are written, like an answer lost on the way.
    """

    def __init__(self, engine: Engine) -> None:
        """Used by `open`; a test may hand in an engine of its own."""
        self.boundaries: list[Boundary] = []
        self.listeners: list[Callable[[Event], None]] = [story.write]
        """Told every event of a write transaction after its commit, on the thread that writes: they must be quick."""
        self._engine = engine
        self._read_engine = engine.execution_options(read_only=True, postgresql_readonly=True)
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="store-writer")
        self._reader = ThreadPoolExecutor(1, thread_name_prefix="store-reader")

    @classmethod
    def open(cls, database_url: str) -> Self:
        """Open the database, creating an empty SQLite file (mode 0600) when there is none; tables are migrate's job.

        Raises: Misconfigured for an address that cannot work. PostgreSQL is first called at the first transaction.
        """
        return cls(connect(database_url))

    @property
    def engine(self) -> Engine:
        """For migrations and tests; the house asks by `run` and `read`."""
        return self._engine

    @property
    def url(self) -> str:
        """The address, as `open` takes it, with the password."""
        return self._engine.url.render_as_string(hide_password=False)

    @property
    def kind(self) -> str:
        """sqlite or postgresql."""
        return self._engine.dialect.name

    async def run(self, fn: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """What `fn(session, …)` returns, run in one write transaction on the writer thread.

        A caller cancelled while waiting leaves no half: a transaction not begun is not begun, a begun one is finished
        by its thread, committed or rolled back as if nobody had left. Raises: whatever fn raises, after the rollback.
        """
        return await asyncio.wrap_future(self._writer.submit(lambda: self.run_now(fn, *args, **kwargs)))

    def run_now(self, fn: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """The same on the caller's thread: for the command line, beside a running service, and for simple tests."""
        name = getattr(fn, "__name__", repr(fn))
        with Session(self._engine, expire_on_commit=False) as session:
            result = fn(session, *args, **kwargs)
            session.flush()
            self._reached("before_commit", name)
            session.commit()
            self._tell(session)
        self._reached("after_commit", name)
        return result

    async def read(self, fn: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """What `fn(session, …)` returns; it may not write. It waits for no writer and no writer waits for it."""
        return await asyncio.wrap_future(self._reader.submit(lambda: self.read_now(fn, *args, **kwargs)))

    def read_now(self, fn: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """The same on the caller's thread: for lists and exports, however long they take."""
        with Session(self._read_engine, expire_on_commit=False) as session:
            return fn(session, *args, **kwargs)

    def snapshot_now(self, fn: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """The same as of one moment: whatever others commit while it reads, it does not see."""
        engine = self._read_engine
        if self.kind == "postgresql":
            engine = engine.execution_options(isolation_level="REPEATABLE READ")
        with Session(engine, expire_on_commit=False) as session:
            return fn(session, *args, **kwargs)

    def close(self) -> None:
        """Finish what has begun, refuse what comes later, let go of the connections."""
        self._writer.shutdown(wait=True, cancel_futures=True)
        self._reader.shutdown(wait=True, cancel_futures=True)
        self._engine.dispose()

    def _tell(self, session: Session) -> None:
        """What was done is done: a listener that fails takes nothing back and stops nobody."""
        for happened in story.told(session):
            for listener in self.listeners:
                try:
                    listener(happened)
                except Exception:
                    log.exception("an event (%s) could not be told", happened.verb)

    def _reached(self, moment: str, name: str) -> None:
        for hook in self.boundaries:
            hook(moment, name)


def connect(database_url: str, *, migrating: bool = False) -> Engine:
    """An engine set up as RELIABILITY.md asks, without any time limit on statements and foreign keys when migrating.

    Raises: Misconfigured for an address that cannot work.
    """
    url = parse_url(database_url)
    if url.get_backend_name() == "sqlite":
        return _sqlite(url, foreign_keys=not migrating)
    return _postgresql(url, statement_timeout_s=0 if migrating else STATEMENT_TIMEOUT_S)


def in_plain_words(error: BaseException) -> str | None:
    """What a failure of the database itself means to a person; None for everything else, mistakes of ours included."""
    said = error.orig if isinstance(error, DBAPIError) and type(error) in (OperationalError, DatabaseError) else error
    if said is error and not isinstance(error, sqlite3.DatabaseError):
        return None
    text = str(said).strip()
    if isinstance(said, sqlite3.DatabaseError) and "locked" in text:
        return (
            f"The database is locked: another process has been writing for more than {BUSY_TIMEOUT_S} s. "
            "Cure: see which one it is (fuser reperibile.db), end it or wait for it."
        )
    if isinstance(said, sqlite3.DatabaseError) and "is full" in text:
        return "The disk is full: nothing can be written, so nobody can be rung. Cure: make room, then start again."
    if isinstance(said, sqlite3.DatabaseError) and "not a database" in text:
        return "DATABASE_URL names a file that is no SQLite database. Cure: check the path."
    reason = text.splitlines()[0] if text else type(said).__name__
    return f"The database cannot be used ({reason}). Cure: check DATABASE_URL, that it runs and that it lets us in."


def parse_url(database_url: str) -> URL:
    """The address with the driver we use. Raises: Misconfigured, without showing a password."""
    cure = "Cure: sqlite:///reperibile.db, or postgresql://USER:PASSWORD@HOST/DATABASE."
    try:
        url = make_url(database_url)
    except ArgumentError:
        raise Misconfigured(f"DATABASE_URL is not a database address. {cure}") from None
    kind = re.split(r"[+:]", url.drivername)[0]
    if kind in ("postgresql", "postgres"):
        return url.set(drivername="postgresql+psycopg")
    if kind == "sqlite" and url.database and url.database != ":memory:":
        return url.set(drivername="sqlite")
    raise Misconfigured(f"DATABASE_URL={url.render_as_string()}: cannot be used. {cure}")


def sqlite_path(url: URL) -> Path | None:
    """Where the SQLite file of this address is, absolute and without links; None for PostgreSQL."""
    if url.get_backend_name() != "sqlite":
        return None
    # One database, one lock: also when it is reached through a link.
    return Path(str(url.database)).resolve()


def file_system(path: Path, mounts: str) -> str:
    """The type of the file system that holds `path` (absolute), from the text of /proc/self/mounts; "" if unknown."""
    found, kind = "", ""
    for entry in mounts.splitlines():
        fields = entry.split()
        if len(fields) < 3:
            continue
        # The kernel writes blanks in paths as octal escapes.
        mounted_on = re.sub(r"\\([0-7]{3})", lambda m: chr(int(m[1], 8)), fields[1])
        # The last of several mounts on one point is the one in use.
        if path.is_relative_to(mounted_on) and len(mounted_on) >= len(found):
            found, kind = mounted_on, fields[2]
    return kind


def prepare_file(path: Path, mounts: Path = Path("/proc/self/mounts")) -> None:
    """Make sure that a SQLite database can live at `path`, and create it for its owner alone.

    Raises: Misconfigured when the folder is missing, not ours to write, or on a network file system.
    """
    folder = path.parent
    if not folder.is_dir():
        raise Misconfigured(f"DATABASE_URL: the folder {folder} does not exist. Cure: mkdir -p {folder}")
    kind = file_system(path.resolve(), mounts.read_text()) if mounts.exists() else ""
    if kind in NETWORK_FILE_SYSTEMS:
        raise Misconfigured(
            f"DATABASE_URL: {path} lies on a network file system ({kind}), whose locks cannot be relied on. "
            "Cure: put it on a local disk, or use PostgreSQL."
        )
    try:
        # SQLite gives its -wal and -shm files the mode of the database.
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
    except OSError as error:
        raise Misconfigured(
            f"DATABASE_URL: {path} cannot be opened for writing ({error.strerror}). "
            f"Cure: let the user who runs this own {path} and its folder."
        ) from None


def _sqlite(url: URL, *, foreign_keys: bool) -> Engine:
    path = sqlite_path(url)
    assert path is not None
    prepare_file(path)
    engine = create_engine(url, pool_size=3, max_overflow=5)

    @event.listens_for(engine, "connect")
    def set_up(connection: Any, _record: Any) -> None:
        # The driver's own BEGIN is deferred and fails "locked" when a reader turns writer: we say BEGIN ourselves.
        connection.isolation_level = None
        for pragma in (
            f"busy_timeout={BUSY_TIMEOUT_S * 1000}",
            "journal_mode=WAL",
            "synchronous=FULL",
            # What is deleted is overwritten: a customer's words must not stay between the rows.
            "secure_delete=ON",
            f"foreign_keys={'ON' if foreign_keys else 'OFF'}",
        ):
            connection.execute(f"PRAGMA {pragma}").close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        reading = connection.get_execution_options().get("read_only", False)
        # Set once, until the connection is used for the other: every transaction would pay for it.
        if connection.info.get("query_only") != reading:
            connection.exec_driver_sql(f"PRAGMA query_only={'ON' if reading else 'OFF'}")
            connection.info["query_only"] = reading
        connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")

    return engine


def _postgresql(url: URL, *, statement_timeout_s: int) -> Engine:
    asked = url.query.get("options", "")
    options = {
        "statement_timeout": f"{statement_timeout_s}s",
        "idle_in_transaction_session_timeout": f"{IDLE_TIMEOUT_S}s",
        "timezone": "UTC",
    }
    return create_engine(
        url,
        pool_size=3,
        max_overflow=2,
        pool_timeout=STATEMENT_TIMEOUT_S,
        pool_pre_ping=True,
        connect_args={
            "connect_timeout": 5,
            "keepalives_idle": 5,
            "keepalives_interval": 2,
            "keepalives_count": 3,
            "options": " ".join([str(asked), *(f"-c {name}={value}" for name, value in options.items())]).strip(),
        },
    )
