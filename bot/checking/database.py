"""The database: can it be reached and written, are its tables those of this version, and who runs on it now?

Looks and changes nothing, not even a file that is not there yet.
"""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import text
from sqlmodel import Session, col, select

from bot.checking.check import Check, wrong
from bot.checking.files import database_file
from bot.core.reply_text import links_in
from bot.errors import Misconfigured
from bot.settings import Settings
from bot.store import call_outs, health, migrate, people, rotas
from bot.store.db import NETWORK_FILE_SYSTEMS, Store, file_system, in_plain_words
from bot.store.lock import Leadership
from bot.store.tables import MentionRow, PersonRow, ReplyRow
from schedules.checks.rest import LOOK_BACK

NOBODY = "nobody"
MOUNTS = Path("/proc/self/mounts")
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Day:
    """What went over X in the last 24 hours, as our own rows tell. authors: each once."""

    mentions: int
    authors: int
    replies: int
    with_link: int


@dataclass(frozen=True, slots=True)
class Stored:
    """What the tables hold. rota: number and text of the revision in force. called: who was called out lately."""

    rota: tuple[int, str] | None
    phones: Mapping[str, PersonRow]
    day: Day
    called: Mapping[str, Sequence[datetime]]
    telegram: health.Sign


@dataclass(slots=True)
class Known:
    """What the database told. stored: None while it has no tables yet. leader: whose process runs on it; "" unknown."""

    checks: list[Check] = field(default_factory=list)
    stored: Stored | None = None
    leader: str = ""


def database_checks(settings: Settings, now: datetime, mounts: Path = MOUNTS) -> Known:
    """All of it; mounts: where the kernel tells its file systems. Blocks: not for an event loop's thread."""
    known = Known()
    path = database_file(settings)
    if path is not None and not path.exists():
        known.checks.append(_first_start(path, mounts))
        known.leader = NOBODY
        return known
    try:
        _tables(settings, now, known)
        if path is not None and not (os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)):
            # SQLite writes its journal beside the file.
            cure = f"Let the user who runs this own them: chown reperibile {path.parent} {path}"
            known.checks.append(Check("database", False, f"{path} or its folder cannot be written by this user", cure))
        known.leader = _leader(settings)
    except Misconfigured as problem:
        known.checks.append(wrong("database", str(problem)))
    except Exception as problem:
        in_words = in_plain_words(problem)
        if in_words is None:
            raise
        known.checks.append(wrong("database", in_words))
    if known.leader not in ("", NOBODY):
        known.checks.append(_service(known, now))
    return known


def _first_start(path: Path, mounts: Path) -> Check:
    folder = path.parent
    if not folder.is_dir():
        return Check("database", False, f"the folder {folder} does not exist", f"mkdir -p {folder}")
    kind = file_system(path, mounts.read_text()) if mounts.exists() else ""
    if kind in NETWORK_FILE_SYSTEMS:
        what = f"{path} would lie on a network file system ({kind}), whose locks cannot be relied on"
        return Check("database", False, what, "Put it on a local disk, or use PostgreSQL.")
    if not os.access(folder, os.W_OK):
        return Check("database", False, f"this user may not write in {folder}", f"chown reperibile {folder}")
    return Check("database", True, f"{path} is not there yet: the first start makes it")


def _tables(settings: Settings, now: datetime, known: Known) -> None:
    due, present = migrate.due(settings.database_url), migrate.current(settings.database_url)
    if present is None:
        known.checks.append(Check("database", True, "reachable and empty: the first start makes its tables"))
        return
    if due:
        cure = "Nothing to do: the next start brings them up to date; a SQLite file is copied first."
        known.checks.append(Check("database", True, f"reachable, with tables of an older version ({present})", cure))
        return
    store = Store.open(settings.database_url)
    try:
        if store.kind == "postgresql" and store.read_now(_is_copy):
            cure = "Name the primary in DATABASE_URL."
            known.checks.append(Check("database", False, "it is a read-only copy of another PostgreSQL", cure))
            return
        known.stored = store.read_now(_stored, now)
        known.checks.append(Check("database", True, f"reachable, its tables are those of this version ({present})"))
    finally:
        store.close()


def _is_copy(session: Session) -> bool:
    return bool(session.connection().execute(text("SELECT pg_is_in_recovery()")).scalar())


def _stored(session: Session, now: datetime) -> Stored:
    row = rotas.current(session)
    return Stored(
        rota=(row.number, row.text) if row else None,
        phones={person.id: person for person in people.linked(session)},
        day=_day(session, now),
        called=call_outs.called(session, now - LOOK_BACK, now),
        telegram=health.signs(session).telegram,
    )


def _day(session: Session, now: datetime) -> Day:
    authors = session.exec(select(MentionRow.author_id).where(MentionRow.seen_at >= now - DAY)).all()
    posted = session.exec(select(ReplyRow.text).where(col(ReplyRow.posted_at) >= now - DAY)).all()
    return Day(len(authors), len(set(authors)), len(posted), sum(bool(links_in(each)) for each in posted))


def _leader(settings: Settings) -> str:
    leadership = Leadership(settings.database_url)
    try:
        who = leadership.who()
    finally:
        leadership.release()
    return "" if who.startswith("unknown") else who


def _service(known: Known, now: datetime) -> Check:
    """Somebody runs on this database: does it hear the phones?"""
    sign = known.stored.telegram if known.stored is not None else health.Sign()
    if sign.fails == 0:
        return Check("service", True, f"{known.leader} is on call on this database")
    since = f"for {int((now - sign.good_at).total_seconds() // 60)} minutes" if sign.good_at else "since it began"
    return Check(
        "service",
        False,
        f"{known.leader} is on call on this database, but has not heard Telegram {since}",
        "Read its log: when it says conflict, somebody else uses the same token (see telegram polling in this list).",
    )
