"""The list of the forgotten: who must not come back with an older backup.

It stands beside the database, not in it, for a restored database would bring back an older list. Each line holds a
salted hash of X's number of the customer and when they were forgotten: nobody can be read off it, only asked for by
whoever knows the number already. What they write after that instant is new, and is kept like anybody's.
"""

import fcntl
import hashlib
import json
import os
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from bot.errors import Misconfigured
from bot.store.db import parse_url, sqlite_path

USUAL: Final = Path("reperibile.forgotten")
"""With PostgreSQL: in the working directory."""


@dataclass(frozen=True, slots=True)
class _Entry:
    salt: str
    digest: str
    at: datetime


def list_of(database_url: str) -> Path:
    """Where the list of this database stands."""
    path = sqlite_path(parse_url(database_url))
    return USUAL if path is None else path.with_name(f"{path.name}.forgotten")


def remember(path: Path, author_id: int, at: datetime) -> None:
    """Add a customer to the list; on the disk when this returns."""
    salt = next((entry.salt for entry in _read(path)), secrets.token_hex(16))
    _append(path, [_Entry(salt, _digest(salt, author_id), at)])


def merge(path: Path, other: Path) -> None:
    """Add what another list holds, such as the one beside a backup."""
    known = set(_read(path))
    _append(path, [entry for entry in _read(other) if entry not in known])


def forgotten_among(path: Path, authors: Iterable[int]) -> Mapping[int, datetime]:
    """Those of these customers who were forgotten, and when last. Raises: Misconfigured for a list that is broken."""
    entries = _read(path)
    when: dict[tuple[str, str], datetime] = {}
    for entry in entries:
        key = entry.salt, entry.digest
        when[key] = max(entry.at, when.get(key, entry.at))
    salts = {entry.salt for entry in entries}
    found = ((author, when.get((salt, _digest(salt, author)))) for author in authors for salt in salts)
    last: dict[int, datetime] = {}
    for author, at in found:
        if at is not None:
            last[author] = max(at, last.get(author, at))
    return last


def _digest(salt: str, author_id: int) -> str:
    return hashlib.blake2b(str(author_id).encode(), key=bytes.fromhex(salt), digest_size=16).hexdigest()


def _read(path: Path) -> list[_Entry]:
    if not path.exists():
        return []
    entries = []
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        try:
            values = json.loads(line)
            at = datetime.fromisoformat(values["at"]).astimezone(UTC)
            bytes.fromhex(values["salt"])
            entries.append(_Entry(values["salt"], values["hash"], at))
        except (ValueError, KeyError, TypeError, AttributeError):
            # A list that is half read would let somebody come back.
            raise Misconfigured(
                f"{path}, line {number}: this is no list of the forgotten. "
                "Cure: put back the copy beside your newest backup."
            ) from None
    return entries


def _append(path: Path, entries: Iterable[_Entry]) -> None:
    lines = [json.dumps({"salt": e.salt, "hash": e.digest, "at": e.at.isoformat()}) + "\n" for e in entries]
    if not lines:
        return
    descriptor = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
    with open(descriptor, "a", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.write("".join(lines))
        file.flush()
        os.fsync(file.fileno())
