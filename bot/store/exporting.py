"""What an export holds: every table with its reason for what is left out, and what of it is one customer's.

Rows are read one after the other from one snapshot, so a long export neither mixes two moments nor fills the memory.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import false, func, or_, true
from sqlmodel import Session, SQLModel, col, select

from bot.errors import Misconfigured
from bot.store.erasing import NOBODY
from bot.store.tables import (
    CalendarRow,
    Cursor,
    DutyRow,
    EnrolmentRow,
    InboxRow,
    LogRow,
    MentionRow,
    NoteRow,
    OutboxRow,
    PersonRow,
    QuestionRow,
    ReplyRow,
    RevisionRow,
    TicketRow,
)

FETCH: Final = 500
"""Rows held in memory at once."""
_BY_ID: Final = "id:"
_ID_MAX: Final = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Kind:
    """One table's file, NAME.jsonl. left_out: columns that are not exported, and why.

    not_a_customers: why one customer's export does not hold it; "" when it does.
    """

    table: type[SQLModel]
    not_a_customers: str = ""
    left_out: Mapping[str, str] = field(default_factory=dict)

    @property
    def of(self) -> Any:
        """The table as SQL knows it."""
        return self.table.__table__  # type: ignore[attr-defined]  # SQLModel makes it

    @property
    def name(self) -> str:
        return str(self.of.name)

    @property
    def columns(self) -> tuple[str, ...]:
        """What each line holds, in order."""
        return tuple(name for name in self.of.columns.keys() if name not in self.left_out)  # noqa: SIM118  # not a dict


_STAFF = "it is about the team, not about a customer"
KINDS: Final = (
    Kind(MentionRow),
    Kind(TicketRow),
    Kind(ReplyRow),
    Kind(NoteRow),
    Kind(LogRow),
    Kind(OutboxRow),
    Kind(QuestionRow),
    Kind(PersonRow, _STAFF),
    Kind(DutyRow, _STAFF),
    Kind(RevisionRow, _STAFF),
    Kind(EnrolmentRow, _STAFF, {"token_hash": "it is what is left of a one-time secret"}),
    Kind(CalendarRow, _STAFF, {"token_hash": "it is what is left of an address that is a secret"}),
    Kind(
        InboxRow,
        "what was done with it stands in the tickets, replies and notes",
        {"raw": "it is empty once handled, and before that may hold what is left of an enrolment's secret"},
    ),
    Kind(Cursor, "it says where the readers stand"),
)
"""Every table, in the order of the files."""

SECRET_FACTS: Final = ("nonce",)
"""Keys of outbox.facts that could make the link of an invitation or a calendar."""


@dataclass(frozen=True, slots=True)
class Customer:
    """One author on X, whatever they have called themselves. handles: the newest first."""

    author_id: int
    handles: tuple[str, ...]


class Snapshot:
    """One moment of the database, as long as its read transaction lasts."""

    def __init__(self, session: Session) -> None:
        self._session = session
        # The first read fixes the moment.
        session.exec(select(RevisionRow.number).limit(1)).all()

    def customer(self, handle: str) -> Customer:
        """Who that is: with or without @, in any case, by any handle they had; or "id:NUMBER", X's id of the author.

        Raises: Misconfigured when nobody is known by it, or two customers were, one after the other.
        """
        wanted = handle.strip().removeprefix("@")
        digits = wanted[len(_BY_ID) :]
        if wanted.lower().startswith(_BY_ID) and digits.isdecimal():
            # A number that no column holds is nobody's; a database would trip over it.
            ids = {int(digits)} if len(digits) < 20 and int(digits) <= _ID_MAX else set()
        elif not wanted:
            # Those who were erased have no name left.
            ids = set()
        else:
            ids = {
                author_id
                for table in (MentionRow, TicketRow)
                for author_id in self._session.exec(
                    select(table.author_id).where(func.lower(table.author) == wanted.lower()).distinct()
                ).all()
            }
        known = [
            Customer(author_id, names) for author_id in sorted(ids - {NOBODY}) if (names := self._handles(author_id))
        ]
        if not known:
            raise Misconfigured(
                f"Nobody is known as {handle!r}. Cure: give the handle as it stood on X when they wrote, "
                "or id:NUMBER, the author's id on X."
            )
        if len(known) > 1:
            said = "; ".join(f"id:{one.author_id} (now @{one.handles[0]})" for one in known)
            raise Misconfigured(f"{handle!r} was {len(known)} customers' handle: {said}. Cure: --handle id:NUMBER.")
        return known[0]

    def rows(self, kind: Kind, customer: Customer | None = None) -> Iterator[dict[str, Any]]:
        """The lines of one file, in the order of their keys; customer: theirs alone."""
        table = kind.of
        mine = self._tickets(customer) if customer is not None else []
        asked = (
            select(*(table.c[name] for name in kind.columns))
            .where(true() if customer is None else _of(kind, customer))
            .order_by(*table.primary_key.columns)
            .execution_options(yield_per=FETCH)
        )
        for row in self._session.execute(asked).mappings():
            line = {name: _plain(value) for name, value in row.items()}
            if kind.table is OutboxRow:
                if customer is not None and line["ticket_id"] is None and not _mine(line, mine):
                    continue
                line["facts"] = _without_secrets(line["facts"])
            yield line

    def _handles(self, author_id: int) -> tuple[str, ...]:
        newest = func.max(MentionRow.seen_at)
        names = self._session.exec(
            select(MentionRow.author)
            .where(MentionRow.author_id == author_id)
            .group_by(col(MentionRow.author))
            .order_by(newest.desc())
        ).all()
        of_tickets = self._session.exec(
            select(TicketRow.author).where(TicketRow.author_id == author_id).distinct()
        ).all()
        return tuple(dict.fromkeys([*names, *of_tickets]))

    def _tickets(self, customer: Customer) -> list[int]:
        found = self._session.exec(select(TicketRow.id).where(TicketRow.author_id == customer.author_id)).all()
        return [number for number in found if number is not None]


def _of(kind: Kind, customer: Customer) -> Any:
    """Which rows of a table may be this customer's."""
    columns = kind.of.c
    if kind.not_a_customers:
        return false()
    if kind.table in (MentionRow, TicketRow):
        return columns.author_id == customer.author_id
    on_ticket = columns.ticket_id.in_(select(TicketRow.id).where(TicketRow.author_id == customer.author_id))
    # A summary rings for many tickets; whether theirs stands on it is seen from its facts.
    return or_(on_ticket, columns.kind == "summary") if kind.table is OutboxRow else on_ticket


def _mine(line: dict[str, Any], tickets: list[int]) -> bool:
    """Does this summary show one of the customer's tickets? The others' numbers are taken off it."""
    shown = [number for number in line["facts"].get("tickets", []) if number in tickets]
    line["facts"] = {**line["facts"], "tickets": shown}
    return bool(shown)


def _without_secrets(facts: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in facts.items() if name not in SECRET_FACTS}


def _plain(value: Any) -> Any:
    """As JSON has it: instants in UTC, ISO 8601 with a Z."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().removesuffix("+00:00") + "Z"
    return value
