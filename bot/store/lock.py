"""One process per database does the work: whoever holds this lock is the leader, the others stand by.

SQLite: `flock` on a file beside the database. PostgreSQL: a session advisory lock on a connection of its own, which
the server lets go the moment that connection ends. Either way a process that dies loses the lock by dying.

Source: RELIABILITY.md, "The engine" (Leader).
"""

import fcntl
import os
from pathlib import Path
from typing import Protocol

from sqlalchemy import URL

from bot.store.db import parse_url, sqlite_path


class Leadership:
    """The right to poll, tick and send. Its calls are quick but may wait for a network: not for an event loop's thread.

    Not for several threads at once.
    """

    def __init__(self, database_url: str) -> None:
        """Raises: Misconfigured for an address that cannot work. Acquires nothing yet."""
        url = parse_url(database_url)
        path = sqlite_path(url)
        self._lock: _Lock = _advisory(url) if path is None else _FileLock(path.with_name(path.name + ".lock"))

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


def _advisory(url: URL) -> _Lock:
    from bot.store.advisory_lock import AdvisoryLock

    return AdvisoryLock(url)


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
