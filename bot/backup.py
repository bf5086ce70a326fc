"""`reperibile backup` and `restore`: a whole copy of a database that is at work, and the way back, which is careful.

Nothing is sent after a restore until a person says so (store/holds.py), and who was forgotten stays forgotten
(store/forgotten.py). The database that was replaced is kept beside the new one.
"""

import os
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bot.errors import Misconfigured
from bot.forgetting import forget_again
from bot.store import forgotten, holds
from bot.store.db import Store, parse_url, sqlite_path
from bot.store.lock import Leadership
from bot.store.migrate import upgrade
from bot.store.scrubbing import rewrite

KEPT = 14
"""How many copies stay in a folder."""
_NAME = "reperibile-{:%Y-%m-%dT%H%M%SZ}.db"
_OURS = "reperibile-20*.db"


@dataclass(frozen=True, slots=True)
class Restored:
    """replaced: where the database that was there is now; None when there was none."""

    replaced: Path | None
    in_doubt: int
    forgotten: int


def backup(database_url: str, folder: Path, now: datetime, *, kept: int = KEPT) -> Path:
    """Copy the database, at one moment, beside a running service; the file, on the disk. Older ones than `kept` go.

    Raises: Misconfigured for PostgreSQL, or when the folder cannot be used.
    """
    path = _sqlite(database_url, "pg_dump --format=custom --file=FILE DATABASE, as often as you like")
    if not path.exists():
        raise Misconfigured(f"There is no database at {path}. Cure: check DATABASE_URL.")
    folder.mkdir(mode=0o700, exist_ok=True)
    target = folder / _NAME.format(now.astimezone(UTC))
    half = target.with_name(f".{target.name}.half")
    _vacuum_into(path, half)
    half.replace(target)
    # Whoever is forgotten by now is not in this copy; the list is for the copies that are older.
    forgotten.merge(forgotten_beside(target), forgotten.list_of(database_url))
    _to_disk(folder)
    copies = sorted(folder.glob(_OURS))
    for old in copies[: max(len(copies) - kept, 0)]:
        old.unlink()
    return target


def forgotten_beside(copy: Path) -> Path:
    """The list of the forgotten in a folder of backups."""
    return copy.with_name("reperibile.forgotten")


def restore(database_url: str, file: Path, now: datetime) -> Restored:
    """Put a copy in the database's place, on hold. Raises: Misconfigured when a service runs on it, when the file is no
    database of ours, or was written by a newer version; nothing is changed then."""
    path = _sqlite(database_url, "pg_restore --clean into the stopped service's database, then: reperibile hold")
    if not file.is_file():
        raise Misconfigured(f"There is no file {file}.")
    leadership = Leadership(database_url)
    if not leadership.try_acquire():
        raise Misconfigured(
            f"A service runs on {path} ({leadership.who()}). Cure: stop it first: sudo systemctl stop reperibile"
        )
    try:
        for one in file.parent.glob("*.forgotten"):
            forgotten.merge(forgotten.list_of(database_url), one)
        half = path.with_name(f".{path.name}.half")
        _copy_of(file, half)
        try:
            in_doubt, again = _prepare(half, file, forgotten.list_of(database_url), now)
        except BaseException:
            _gone(half)
            raise
        replaced = _aside(path, now)
        half.replace(path)
        _to_disk(path.parent)
    finally:
        leadership.release()
    return Restored(replaced, in_doubt, again)


def hold(store: Store, now: datetime) -> int:
    """Put a database on hold that was put back by other means; gives how many replies are in doubt by it."""
    return store.run_now(holds.put_on_hold, now, now)


def _sqlite(database_url: str, instead: str) -> Path:
    path = sqlite_path(parse_url(database_url))
    if path is None:
        raise Misconfigured(f"PostgreSQL has its own way, which this command does not take. Cure: {instead}.")
    return path


def _vacuum_into(path: Path, target: Path) -> None:
    """One moment of the database as a file of its own, 0600, checked."""
    target.unlink(missing_ok=True)
    os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, 0o600))
    with closing(sqlite3.connect(path, timeout=15)) as source:
        source.execute("VACUUM INTO ?", (str(target),))
    with closing(sqlite3.connect(target)) as copy:
        found = copy.execute("PRAGMA integrity_check").fetchone()
    if found != ("ok",):
        raise Misconfigured(f"The database {path} is damaged ({found[0]}). Cure: reperibile restore NEWEST_GOOD_COPY")
    with open(target, "rb") as written:
        os.fsync(written.fileno())


def _copy_of(file: Path, target: Path) -> None:
    try:
        with closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)) as source:
            known = source.execute("SELECT count(*) FROM sqlite_master WHERE name = 'alembic_version'").fetchone()
        if known != (1,):
            raise Misconfigured(f"{file} is no database of ours. Cure: name a file that reperibile backup wrote.")
        _vacuum_into(file, target)
    except sqlite3.DatabaseError as problem:
        target.unlink(missing_ok=True)
        raise Misconfigured(f"{file} cannot be used ({problem}). Cure: take an older copy.") from None


def _prepare(half: Path, file: Path, listed: Path, now: datetime) -> tuple[int, int]:
    """Bring the copy up to date, put it on hold and forget again; (replies in doubt, customers forgotten)."""
    address = f"sqlite:///{half}"
    try:
        upgrade(address)
    finally:
        for copy in half.parent.glob(f"{half.name}.before-*"):
            copy.unlink()  # the file that was given is the copy
    store = Store.open(address)
    try:
        made_at = datetime.fromtimestamp(file.stat().st_mtime, UTC)
        in_doubt = store.run_now(holds.put_on_hold, made_at, now)
        again = forget_again(store, now, listed)
        rewrite(store)
    finally:
        store.close()
    with closing(sqlite3.connect(half)) as whole:
        # What is put in place is one file, and nothing of it stands in a -wal.
        whole.execute("PRAGMA journal_mode=DELETE")
    return in_doubt, again


def _aside(path: Path, now: datetime) -> Path | None:
    """The database that is there takes another name, its -wal with it: a broken one may still be wanted."""
    if not path.exists():
        _gone(path)
        return None
    replaced = path.with_name(f"{path.name}.replaced-{now.astimezone(UTC):%Y-%m-%dT%H%M%SZ}")
    for ending in ("-wal", "-shm", ""):
        part = path.with_name(path.name + ending)
        if part.exists():
            part.replace(replaced.with_name(replaced.name + ending))
    return replaced


def _gone(path: Path) -> None:
    for ending in ("", "-wal", "-shm", "-journal"):
        path.with_name(path.name + ending).unlink(missing_ok=True)


def _to_disk(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
