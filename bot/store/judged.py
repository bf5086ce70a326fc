"""A batch of mentions being judged: what that asks of the tables and writes to them, in a few statements for all.

After an outage thousands wait and each must be judged as if it were alone: the tickets that the batch could join are
read at once and kept true while it is judged, and what it writes is gathered until somebody has to see it.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import bindparam, update
from sqlmodel import Session, col, or_, select

from bot.core.joining import Candidate
from bot.core.ticket import REOPEN_WITHIN, State
from bot.store import outbox, people, tickets
from bot.store.rows import add_all, ask, table_of
from bot.store.tables import MentionRow, ReplyRow, TicketRow

CANDIDATES_MAX = 50
"""The newest tickets of one author and account that are looked at."""


@dataclass(frozen=True, slots=True)
class NewMention:
    """A mention that waits to be judged, as far as it matters. ticket_id: it stands there already, with other words."""

    id: int
    newest_id: int
    account: str
    author_id: int
    author: str
    text: str
    lang: str
    conversation_id: int
    created_at: datetime
    cold: bool
    ticket_id: int | None


_Key = tuple[int, str]


@dataclass(frozen=True, slots=True)
class _Opening:
    """A ticket to be opened by a mention. detail: for the log."""

    mention: NewMention
    columns: dict[str, Any]
    detail: str


def waiting(session: Session, most: int) -> list[NewMention]:
    """The mentions that wait to be judged, the oldest first."""
    return [NewMention(*row) for row in ask(session, _waiting(), {"most": most})]


@cache
def _waiting() -> Any:
    mentions = table_of(MentionRow).c
    columns = [mentions[name] for name in NewMention.__slots__]
    return select(*columns).where(mentions.state == "new").order_by(mentions.id).limit(bindparam("most"))


@cache
def _verdict() -> Any:
    mentions = table_of(MentionRow)
    names = ("state", "urgency", "line", "score", "reasons", "ticket_id")
    return (
        update(mentions)
        .where(mentions.c.id == bindparam("mention"))
        .values({name: bindparam(f"new_{name}") for name in names})
    )


@cache
def _theirs(*, some_stand: bool) -> Any:
    """The tickets that mentions of these authors could join, and those in which some of the mentions stand."""
    could_be_joined = or_(col(TicketRow.state) != State.CLOSED.value, col(TicketRow.closed_at) >= bindparam("since"))
    which: Any = col(TicketRow.author_id).in_(bindparam("authors", expanding=True)) & could_be_joined
    if some_stand:
        which |= col(TicketRow.id).in_(bindparam("stood", expanding=True))
    return select(TicketRow).where(which)


class Judged:
    """One batch. Nothing is sure to be in the tables before `write`."""

    def __init__(self, session: Session, mentions: Sequence[NewMention], now: datetime) -> None:
        self._session = session
        self._now = now
        self._rows: dict[int, TicketRow] = {}
        self._by_author: dict[_Key, list[TicketRow]] = defaultdict(list)
        self._conversations: dict[int, set[int]] = defaultdict(set)
        self._replies: dict[int, ReplyRow] = {}
        self._opening: dict[_Key, list[_Opening]] = defaultdict(list)
        self._unread: dict[_Key, list[int]] = defaultdict(list)
        self._verdicts: dict[int, dict[str, Any]] = {}
        self._log: list[people.LogLine] = []
        self._changed: set[int] = set()
        self._read(mentions)

    # --- asking --------------------------------------------------------------------------------------------------

    def candidates(self, mention: NewMention) -> list[Candidate]:
        """The tickets that this mention could join, those opened by the batch among them."""
        key = (mention.author_id, mention.account)
        if key in self._opening:
            self._open()
        if unread := self._unread.pop(key, None):
            self._know(self._session.exec(select(TicketRow).where(col(TicketRow.id).in_(unread))).all())
        since = mention.created_at - REOPEN_WITHIN
        fits = [
            row
            for row in self._by_author.get(key, ())
            if row.state != State.CLOSED.value or (row.closed_at is not None and row.closed_at >= since)
        ]
        return [
            Candidate(
                row.id, State(row.state), frozenset(self._conversations[row.id]), row.last_mention_at, row.closed_at
            )
            for row in sorted(fits, key=lambda row: -(row.id or 0))[:CANDIDATES_MAX]
            if row.id is not None
        ]

    def ticket(self, ticket_id: int) -> TicketRow:
        """One of the candidates, or the ticket in which a mention stands already; what is changed in it is written."""
        return self._rows[ticket_id]

    def live_reply(self, ticket_id: int) -> ReplyRow | None:
        """As tickets.live_reply, of the same tickets."""
        return self._replies.get(ticket_id)

    # --- writing -------------------------------------------------------------------------------------------------

    def judged(self, mention: NewMention, **verdict: Any) -> None:
        """What the judge said of a mention, as columns of its row; it is folded unless it opens or joins a ticket."""
        columns = {"state": "folded", "ticket_id": None, **verdict}
        self._verdicts[mention.id] = {f"new_{name}": value for name, value in columns.items()}

    def joins(self, mention: NewMention, ticket_id: int) -> None:
        """The mention stands in this ticket, and the messages that show it are behind."""
        self._verdicts[mention.id] |= {"new_state": "joined", "new_ticket_id": ticket_id}
        self._conversations[ticket_id].add(mention.conversation_id)
        self._changed.add(ticket_id)

    def opens(self, mention: NewMention, detail: str, **columns: Any) -> None:
        """The mention opens a ticket with these columns; detail: for the log."""
        self._opening[mention.author_id, mention.account].append(_Opening(mention, columns, detail))

    def noted(self, verb: str, detail: str, *, ticket: int, line: str, urgency: str) -> None:
        """A line of the log; line and urgency are the ticket's."""
        facts = {"line": line, "urgency": urgency}
        self._log.append(people.LogLine(self._now, "intake", verb, ticket, detail, facts))

    def write(self) -> None:
        """Everything that was gathered; last of all the lists are marked that show it."""
        self._open()
        self._session.flush()
        verdicts = [{"mention": number, **columns} for number, columns in self._verdicts.items()]
        self._session.connection().execute(_verdict(), verdicts)
        people.log_all(self._session, self._log)
        outbox.tickets_changed(self._session, self._changed)

    # --- in a few statements -------------------------------------------------------------------------------------

    def _read(self, mentions: Sequence[NewMention]) -> None:
        since = min(m.created_at for m in mentions) - REOPEN_WITHIN
        asked: dict[str, Any] = {"authors": list({m.author_id for m in mentions}), "since": since}
        if stood := {m.ticket_id for m in mentions if m.ticket_id is not None}:
            asked["stood"] = list(stood)
        self._know(self._session.exec(_theirs(some_stand=bool(stood)), params=asked).all())

    def _know(self, rows: Sequence[TicketRow]) -> None:
        ids = [row.id for row in rows if row.id is not None]
        if not ids:
            return
        for row in rows:
            self._rows[row.id or 0] = row
            self._by_author[row.author_id, row.account].append(row)
        pairs = select(MentionRow.ticket_id, MentionRow.conversation_id).distinct()
        for ticket_id, conversation in self._session.exec(pairs.where(col(MentionRow.ticket_id).in_(ids))).all():
            self._conversations[ticket_id or 0].add(conversation)
        self._replies |= tickets.live_replies(self._session, ids)

    def _open(self) -> None:
        """Write the tickets that were opened until now: from here on they are like any other."""
        opening = sorted((one for of_key in self._opening.values() for one in of_key), key=lambda one: one.mention.id)
        self._opening.clear()
        ids = add_all(self._session, TicketRow, [one.columns for one in opening], returning=col(TicketRow.id))
        for ticket_id, one in zip(ids, opening, strict=True):
            mention = one.mention
            self._verdicts[mention.id] |= {"new_state": "joined", "new_ticket_id": ticket_id}
            self._conversations[ticket_id].add(mention.conversation_id)
            self._unread[mention.author_id, mention.account].append(ticket_id)
            line, urgency = one.columns["line"], one.columns["urgency"]
            self.noted("open", one.detail, ticket=ticket_id, line=line, urgency=urgency)
