"""One process per database does the work: whoever holds this lock is the leader, the others stand by.

SQLite: `flock` on a file beside the database. PostgreSQL: a session advisory lock on a connection of its own, which
the server lets go the moment that connection ends. Either way a process that dies loses the lock by dying.

Source: RELIABILITY.md, "The engine" (Leader).
"""

import fcntl
import os
import socket
from pathlib import Path
from typing import Final, Protocol

import psycopg
from sqlalchemy import URL

from bot.store.db import parse_url, sqlite_path

LEADER_KEY: Final = 0x5265_7065_7269_0001
"""The advisory lock's number ("Reperi", 1): the same in every release, or two releases would both lead."""
ANSWER_WITHIN_MS: Final = 3000
"""A PostgreSQL that does not answer a ping within this time counts as gone (RELIABILITY.md: 3 s)."""


class Leadership:
    """The right to poll, tick and send. Its calls are quick but may wait for a network: not for an event loop's thread.

    Not for several threads at once.
    """

    def __init__(self, database_url: str) -> None:
        """Raises: Misconfigured for an address that cannot work. Acquires nothing yet."""
        url = parse_url(database_url)
        path = sqlite_path(url)
        self._lock: _Lock = _AdvisoryLock(url) if path is None else _FileLock(path.with_name(path.name + ".lock"))

    def try_acquire(self) -> bool:
        """Whether this process leads now; never waits for another leader, and may be asked again and again."""
        return self._lock.try_acquire()

    def release(self) -> None:
        """Let another process lead; nothing happens if we do not."""
        self._lock.release()

    def still_held(self) -> bool:
        """Whether the lock is ours at this moment; on PostgreSQL asks the server, so that a lost connection shows."""
        return self._lock.still_held()

    def who(self) -> str:
        """Who leads, for a message: "process 4711", "reperibile web1:4711 from 10.0.0.5"; "nobody" if nobody does."""
        return self._lock.who()


class _Lock(Protocol):
    def try_acquire(self) -> bool: ...
    def release(self) -> None: ...
    def still_held(self) -> bool: ...
    def who(self) -> str: ...


class _FileLock:
    """The file is never deleted: two processes could then hold the lock on two files of one name."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: int | None = None

    def try_acquire(self) -> bool:
        if self.still_held():
            return True
        self.release()
        file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(file)
            return False
        if not self._is_in_place(file):
            # Somebody removed the file between our open and our lock; the next try finds the new one.
            os.close(file)
            return False
        os.ftruncate(file, 0)
        os.write(file, f"{os.getpid()}\n".encode())
        self._file = file
        return True

    def release(self) -> None:
        if self._file is not None:
            if self._is_in_place(self._file):
                os.ftruncate(self._file, 0)
            os.close(self._file)
            self._file = None

    def still_held(self) -> bool:
        return self._file is not None and self._is_in_place(self._file)

    def who(self) -> str:
        # Asked by trying: the number in the file of a process that was killed is old news.
        if self.still_held():
            return f"process {os.getpid()} (this one)"
        try:
            file = os.open(self._path, os.O_RDONLY | os.O_CLOEXEC)
        except FileNotFoundError:
            return "nobody"
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            pid = os.read(file, 32).decode(errors="replace").strip()
            return f"process {pid}" if pid else "another process"
        else:
            return "nobody"
        finally:
            os.close(file)

    def _is_in_place(self, file: int) -> bool:
        try:
            return os.path.samestat(os.fstat(file), os.stat(self._path))
        except FileNotFoundError:
            return False


class _AdvisoryLock:
    """Held by the server for our connection. A pooler in transaction mode would break that: connect directly."""

    def __init__(self, url: URL) -> None:
        self._conninfo = url.set(drivername="postgresql").render_as_string(hide_password=False)
        self._connection: psycopg.Connection | None = None
        self._backend: int | None = None
        """The server process that holds the lock for us; None while we do not lead."""

    def try_acquire(self) -> bool:
        if self.still_held():
            return True
        try:
            connection = self._connected()
            row = connection.execute("SELECT pg_try_advisory_lock(%s), pg_backend_pid()", [LEADER_KEY]).fetchone()
        except psycopg.Error:
            # Who cannot reach the database cannot lead; a standby simply asks again.
            self._drop()
            return False
        assert row is not None
        self._backend = row[1] if row[0] else None
        return self._backend is not None

    def release(self) -> None:
        # Closing is the surest unlock: it also covers a lock taken in an answer that never reached us.
        self._drop()

    def still_held(self) -> bool:
        if self._backend is None or self._connection is None:
            return False
        try:
            row = self._connection.execute("SELECT pg_backend_pid()").fetchone()
        except psycopg.Error:
            row = None
        # Another server process behind the same connection is a pooler's doing: the lock is not ours.
        if row is None or row[0] != self._backend:
            self._drop()
            return False
        return True

    def who(self) -> str:
        try:
            row = (
                self._connected()
                .execute(
                    "SELECT a.application_name, coalesce(host(a.client_addr), ''), l.pid = pg_backend_pid()"
                    " FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid"
                    " WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1"
                    " AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())"
                    " AND (l.classid::bigint << 32 | l.objid::bigint) = %s",
                    [LEADER_KEY],
                )
                .fetchone()
            )
        except psycopg.Error:
            self._drop()
            return "unknown: the database cannot be reached"
        if row is None:
            return "nobody"
        name, address, ours = row
        return f"{name}{f' from {address}' if address else ''}{' (this one)' if ours else ''}"

    def _connected(self) -> psycopg.Connection:
        if self._connection is None or self._connection.closed:
            self._connection = psycopg.connect(
                self._conninfo,
                autocommit=True,
                application_name=f"reperibile {socket.gethostname()}:{os.getpid()}"[:63],
                connect_timeout=3,
                # Dead peers must show by themselves: idle ones by keep-alives, unanswered bytes by the user time-out.
                keepalives_idle=5,
                keepalives_interval=2,
                keepalives_count=3,
                tcp_user_timeout=ANSWER_WITHIN_MS,
                options=f"-c statement_timeout={ANSWER_WITHIN_MS}",
            )
        return self._connection

    def _drop(self) -> None:
        if self._connection is not None:
            self._connection.close()
        self._connection = None
        self._backend = None
