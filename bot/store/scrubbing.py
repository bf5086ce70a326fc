"""Makes what was erased vanish from the files, too.

SQLite overwrites what an UPDATE frees (`secure_delete`, see db.py), but its -wal file keeps older pages until it is
cut, and a file that was written before `secure_delete` keeps leftovers between its rows until it is rewritten.
PostgreSQL keeps old rows until a VACUUM, and may leave their bytes in a page until the page is written anew.
"""

import logging
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Final

from sqlalchemy import Engine, text

from bot.store.db import BUSY_TIMEOUT_S, Store, sqlite_path

log = logging.getLogger("reperibile.store")

WAIT_MS: Final = 250
"""How long a cut waits for those who read: meanwhile nobody writes, so a long export must not hold up a page."""
_WITH_WORDS = ("mention", "ticket", "reply", "note", "inbox", "outbox")


def scrub(store: Store) -> bool:
    """Cut the -wal file down to nothing; False when somebody reads just now: to be done again later."""
    if store.kind == "sqlite":
        return _cut(store.engine, WAIT_MS)
    _vacuum_tables(store.engine)
    return True


def rewrite(store: Store, wait_s: int = BUSY_TIMEOUT_S) -> bool:
    """Write the whole file anew, without leftovers of any kind, and cut the -wal; nobody else writes meanwhile."""
    if store.kind == "sqlite":
        raw = store.engine.raw_connection()
        try:
            cursor = raw.cursor()
            # The connection may have been used for reading last, and is then closed to writing (see db.py).
            cursor.execute("PRAGMA query_only=OFF")
            raw.info["query_only"] = False
            cursor.execute("VACUUM").close()
        finally:
            raw.close()
        return _cut(store.engine, wait_s * 1000)
    _vacuum_tables(store.engine)
    return True


def drop_copies(store: Store, before: datetime) -> list[Path]:
    """Delete the copies beside the database that upgrades and restores left, if they are older than that."""
    gone = [copy for copy in copies_of(store) if copy.stat().st_mtime < before.timestamp()]
    for copy in gone:
        copy.unlink()
    return gone


def copies_of(store: Store) -> list[Path]:
    """The copies beside this database."""
    path = sqlite_path(store.engine.url)
    return [] if path is None else list(copies_beside(path))


def copies_beside(path: Path) -> Iterable[Path]:
    """The copies that upgrades (.before-REVISION) and restores (.replaced-INSTANT) left beside the database."""
    return sorted(copy for kind in ("before", "replaced") for copy in path.parent.glob(f"{path.name}.{kind}-*"))


def _cut(engine: Engine, wait_ms: int) -> bool:
    raw = engine.raw_connection()
    try:
        cursor = raw.cursor()
        cursor.execute(f"PRAGMA busy_timeout={wait_ms}")
        [(busy, _, _)] = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        cursor.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_S * 1000}")
        cursor.close()
        return not busy
    finally:
        raw.close()


def _vacuum_tables(engine: Engine) -> None:
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("SET statement_timeout = 0"))
        for table in _WITH_WORDS:
            connection.execute(text(f"VACUUM {table}"))
        connection.execute(text("RESET statement_timeout"))
