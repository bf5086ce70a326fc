"""`reperibile export DIR`: everything, or one customer's, as JSON Lines in a folder that is there whole or not at all.

The files are written into a folder beside it and reach the disk before that takes its name: a crash leaves no half
of an export where somebody looks for one. They hold what customers wrote, so nobody but their owner may read them.
"""

import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from bot import __version__
from bot.errors import Misconfigured
from bot.store.db import Store
from bot.store.exporting import KINDS, SECRET_FACTS, Customer, Kind, Snapshot

FORMAT = 1
"""Raised when a file or field changes its meaning or goes away; new ones do not raise it."""
MANIFEST = "manifest.json"
TELLS_EVERY = 10_000
"""Lines between two words of progress."""


@dataclass(frozen=True, slots=True)
class Export:
    """What was written. lines: by file."""

    folder: Path
    lines: Mapping[str, int]
    customer: Customer | None = None

    def as_json(self) -> dict[str, Any]:
        return {"dir": str(self.folder), **_scope(self.customer), "lines": dict(self.lines)}


def export(
    store: Store, folder: Path, now: datetime, *, handle: str | None = None, say: Callable[[str], None] | None = None
) -> Export:
    """Write everything, or one customer's, into `folder`, which must be empty or not there yet.

    handle: see store/exporting.py, Snapshot.customer. say: told now and then how far it is.
    Raises: Misconfigured when the folder cannot be used, or nobody is known by that handle. Works beside a running
    service: it reads one moment and holds nobody up.
    """
    folder = folder.expanduser().resolve()
    _check(folder)
    say = say or (lambda _: None)
    return store.snapshot_now(lambda session: _write(Snapshot(session), folder, now, store.kind, handle, say))


def _check(folder: Path) -> None:
    if folder.exists() and not folder.is_dir():
        raise Misconfigured(f"{folder} is a file. Cure: name a folder that is empty or not there yet.")
    if folder.is_dir() and any(folder.iterdir()):
        raise Misconfigured(f"{folder} is not empty. Cure: name another folder; nothing is ever overwritten.")
    if not folder.parent.is_dir():
        raise Misconfigured(f"The folder {folder.parent} does not exist. Cure: mkdir -p {folder.parent}")


def _write(
    snapshot: Snapshot, folder: Path, now: datetime, database: str, handle: str | None, say: Callable[[str], None]
) -> Export:
    customer = snapshot.customer(handle) if handle is not None else None
    kinds = [kind for kind in KINDS if customer is None or not kind.not_a_customers]
    with _there_whole(folder) as half:
        lines = {
            f"{kind.name}.jsonl": _lines(half / f"{kind.name}.jsonl", snapshot.rows(kind, customer), say)
            for kind in kinds
        }
        manifest = {
            "format": FORMAT,
            "version": __version__,
            "made_at": now.isoformat(timespec="seconds").replace("+00:00", "Z"),
            "database": database,
            **_scope(customer),
            "lines": lines,
            "fields": {f"{kind.name}.jsonl": list(kind.columns) for kind in kinds},
            "left_out": _left_out(kinds),
        }
        _lines(half / MANIFEST, [manifest], say, indent=2)
    return Export(folder, lines, customer)


def _scope(customer: Customer | None) -> dict[str, Any]:
    if customer is None:
        return {"of": "everything"}
    return {"of": "one customer", "author_id": customer.author_id, "handles": list(customer.handles)}


def _left_out(kinds: Iterable[Kind]) -> list[dict[str, str]]:
    """What is not there, and why."""
    there = list(kinds)
    columns = [{"what": f"{kind.name}.{column}", "why": why} for kind in there for column, why in kind.left_out.items()]
    facts = [{"what": f"outbox.facts.{fact}", "why": "it could make a link again"} for fact in SECRET_FACTS]
    tables = [{"what": kind.name, "why": kind.not_a_customers} for kind in KINDS if kind not in there]
    settings = {"what": "settings", "why": "they hold secrets and are not in the database"}
    return [*columns, *facts, *tables, settings]


def _lines(path: Path, rows: Iterable[dict[str, Any]], say: Callable[[str], None], indent: int | None = None) -> int:
    """One JSON object a line, on the disk when this returns; gives how many."""
    count = 0
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with open(descriptor, "w", encoding="utf-8", newline="\n") as file:
        for row in rows:
            file.write(json.dumps(row, ensure_ascii=False, indent=indent) + "\n")
            count += 1
            if count % TELLS_EVERY == 0:
                say(f"{path.name}: {count} lines")
        file.flush()
        os.fsync(file.fileno())
    return count


@contextmanager
def _there_whole(folder: Path) -> Iterator[Path]:
    """A folder beside `folder` that takes its name when all went well, and is gone when not; mode 0700."""
    half = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", suffix=".half", dir=folder.parent))
    try:
        yield half
        _to_disk(half)
        # Takes the place of an empty folder, too; one that was filled meanwhile is refused by the system.
        half.rename(folder)
        _to_disk(folder.parent)
    finally:
        if half.exists():
            shutil.rmtree(half)


def _to_disk(folder: Path) -> None:
    """The names in a folder reach the disk by a call of their own."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
