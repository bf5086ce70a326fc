"""PostgreSQL's half of lock.py: a session advisory lock on a connection of its own.

A file of its own, so that the database's driver is loaded only where there is a PostgreSQL.
"""

import os
import socket
from contextlib import suppress
from typing import Final

import psycopg
from sqlalchemy import URL

LEADER_KEY: Final = 0x5265_7065_7269_0001
"""The advisory lock's number ("Reperi", 1): the same in every release, or two releases would both lead."""
ANSWER_WITHIN_MS: Final = 3000
"""A PostgreSQL that does not answer a ping within this time counts as gone (RELIABILITY.md: 3 s)."""


class AdvisoryLock:
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
        # The server ends a closed connection a moment later: told first, it lets a standby take over at once.
        if self._connection is not None and self._backend is not None:
            with suppress(psycopg.Error):
                self._connection.execute("SELECT pg_advisory_unlock_all()")
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
