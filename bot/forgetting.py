"""`reperibile forget HANDLE`: everything of one customer goes, here, on the phones, and in backups put back later."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlmodel import Session

from bot.core.options import Options
from bot.core.reply import ReplyState, Waits
from bot.core.ticket import Actor, Move, State
from bot.current_rota import CurrentRota
from bot.desk.visit import Visit
from bot.errors import Misconfigured
from bot.store import erasing, forgotten, outbox, people, tickets
from bot.store.db import Store
from bot.store.erasing import Erased
from bot.store.exporting import Customer, Snapshot
from bot.store.scrubbing import rewrite
from bot.store.tables import PersonRow, TicketRow

# Whoever reads a long list keeps the old bytes in the -wal file; nobody writes while we wait for them.
_WAIT_S = 1
_TRIES = 5


@dataclass(frozen=True, slots=True)
class Done:
    """What went. clean: no byte of it is left in the files, either."""

    erased: Erased
    closed: int
    clean: bool


def whom(store: Store, handle: str) -> Customer:
    """Who that is. Raises: Misconfigured for a handle nobody is known by; a number, "id:N", need not be known."""
    digits = handle.strip().lower().removeprefix("id:")
    try:
        return store.read_now(lambda session: Snapshot(session).customer(handle))
    except Misconfigured:
        if handle.strip().lower().startswith("id:") and digits.isdecimal() and len(digits) < 20 and int(digits):
            return Customer(int(digits), ())
        raise


def holds(store: Store, customer: Customer, now: datetime) -> tuple[int, int]:
    """How many tickets we hold of them, and how many of these are open."""
    mine = store.read_now(erasing.tickets_of, customer.author_id, now)
    return len(mine), sum(row.state != State.CLOSED.value for row in mine)


def forget(store: Store, customer: Customer, now: datetime) -> Done:
    """Forget them, beside a running service. Raises: Misconfigured while a reply to them is on its way."""
    # First of all: whoever is killed half way has at least said who is not to come back; the next start does the rest.
    store.read_now(_nothing_on_its_way, customer.author_id, now)
    forgotten.remember(forgotten.list_of(store.url), customer.author_id, now)
    erased, closed = store.run_now(_forget, customer, now, now)
    return Done(erased, closed, _clean(store))


def forget_again(store: Store, now: datetime, listed: Path | None = None) -> int:
    """After a start or a restore: whoever stands on the list and in the database is forgotten again; how many.

    listed: the list, where it is not beside this database.
    """
    path = listed or forgotten.list_of(store.url)
    if not path.exists():
        return 0
    found = forgotten.forgotten_among(path, store.read_now(erasing.authors))
    count = 0
    for author_id, at in found.items():
        customer = whom(store, f"id:{author_id}")
        erased, _ = store.run_now(_forget, customer, at, now)
        count += bool(erased)
    if count:
        _clean(store)
    return count


def _nothing_on_its_way(session: Session, author_id: int, now: datetime) -> None:
    for row in erasing.tickets_of(session, author_id, now):
        live = tickets.live_reply(session, row.id or 0)
        if live is not None and live.state != ReplyState.DRAFT.value and not live.asked:
            raise Misconfigured(f"A reply to #{row.id} is on its way. Cure: try again in some minutes, or /cancel it.")


def _forget(session: Session, customer: Customer, until: datetime, now: datetime) -> tuple[Erased, int]:
    mine = erasing.tickets_of(session, customer.author_id, until)
    still_open = [row for row in mine if row.state != State.CLOSED.value]
    for row in still_open:
        _close(session, row, now)
    session.flush()
    erased = erasing.customer(session, customer.author_id, customer.handles, until)
    if erased:
        people.log(session, now, "server", "customer forgotten", detail=str(erased))
    return erased, len(still_open)


def _close(session: Session, row: TicketRow, now: datetime) -> None:
    """There is nothing left to work on: the ladder stops, and what was typed is dropped."""
    live = tickets.live_reply(session, row.id or 0)
    if live is not None:
        live.state, live.reason, live.due_at = ReplyState.DROPPED.value, "cancelled", None
        session.add(live)
        outbox.reply_changed(session, live.id or 0)
    nothing = Options((), Waits(now - now, now - now, now - now))
    server = Visit(session, now, CurrentRota().plan(session), nothing, PersonRow(id="server"), 0, typed=True)
    server.move(row, Move.CLOSE, closed_as="nothing", actor=Actor("server", is_lead=True))


def _clean(store: Store) -> bool:
    return any(rewrite(store, _WAIT_S) for _ in range(_TRIES))
