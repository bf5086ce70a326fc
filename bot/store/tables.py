"""The tables. Rows are for storing only; decisions are made on the values of bot/core.

Two inboxes (mention, inbox), two outboxes (outbox for phones, reply for X), one ticket table between them, and what
they need: cursors, people, calendar addresses, rota revisions, questions, duties, notes and the log.

Every instant is aware and UTC (sqlmodel refuses naive ones). Words of customers and staff stand only in `mention`,
`reply`, `note` and, until it is handled, `inbox.raw`; the log holds ids and verbs, never words.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Column, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel


def _json() -> Any:
    return Column(JSON, nullable=False)


_BEHIND = text("version > shown")


class Cursor(SQLModel, table=True):
    """Where a reader stands: `x:ACCOUNT`, `telegram`, `office`, `beat`; and where a group went: `moved:CHAT`."""

    name: str = Field(primary_key=True)
    value: str = ""
    good_at: datetime | None = None
    """The last time the reader had a good answer."""
    full_at: datetime | None = None
    """X only: the last time the whole lookback was read."""
    failing_since: datetime | None = None
    told_at: datetime | None = None
    """When somebody was last told that it is failing."""
    fails: int = 0
    not_before: datetime | None = None
    """Do not ask again before this instant (rate limits, back-off)."""


class MentionRow(SQLModel, table=True):
    """One post on X that names one of our accounts; keyed by the first id of its edit history."""

    __tablename__ = "mention"
    __table_args__ = (Index("ix_mention_todo", "state", "id"), Index("ix_mention_author", "author_id", "account"))

    id: int = Field(sa_type=BigInteger, primary_key=True, sa_column_kwargs={"autoincrement": False})
    newest_id: int = Field(sa_type=BigInteger, index=True)
    account: str
    also: list[str] = Field(default_factory=list, sa_column=_json())
    """Others of our accounts named in the text."""
    author_id: int = Field(sa_type=BigInteger)
    author: str
    author_name: str
    text: str
    lang: str = "und"
    conversation_id: int = Field(sa_type=BigInteger, index=True)
    parent_id: int | None = Field(default=None, sa_type=BigInteger)
    has_media: bool = False
    created_at: datetime
    seen_at: datetime
    state: str = "new"
    """new (to be judged) · joined (stands in its ticket) · folded (noise without a ticket) · answered (by one of our
    accounts before we saw it)."""
    urgency: str = ""
    line: str = "unknown"
    score: float = 0.0
    reasons: list[str] = Field(default_factory=list, sa_column=_json())
    ticket_id: int | None = Field(default=None, foreign_key="ticket.id", index=True)
    edited_at: datetime | None = None
    deleted_at: datetime | None = None
    cold: bool = False
    """Older than two hours when a fresh installation first saw it: never rings."""


class TicketRow(SQLModel, table=True):
    """One customer's trouble, `#id`."""

    __tablename__ = "ticket"
    __table_args__ = (
        Index("ix_ticket_author", "author_id", "account"),
        Index("ix_ticket_due", "state", "next_step_at"),
    )

    id: int | None = Field(default=None, primary_key=True)
    account: str
    author_id: int = Field(sa_type=BigInteger)
    author: str
    state: str = Field(index=True)
    urgency: str
    line: str
    owner: str | None = None
    opened_at: datetime
    first_mention_at: datetime
    last_mention_at: datetime
    newest_mention_id: int = Field(sa_type=BigInteger)
    """The first id of the newest mention that is not noise."""
    ladder: int = 0
    """How many times a ladder was started for this ticket; 0 = never rang."""
    step: int = 0
    """Steps of the running ladder already taken, over all its runs."""
    next_step_at: datetime | None = None
    paged_at: datetime | None = None
    owner_acted_at: datetime | None = None
    asked_at: datetime | None = None
    """When a silent owner was asked [Still on it] [Release], or at the end of a duty [Keep] [Pass]."""
    ask_ends_at: datetime | None = None
    snoozed_until: datetime | None = None
    answered_at: datetime | None = None
    answered_by: str | None = None
    closed_at: datetime | None = None
    closed_as: str = ""
    closed_by: str | None = None


class OutboxRow(SQLModel, table=True):
    """One message to one phone: what to show, not the words; they are made when it is sent or edited."""

    __tablename__ = "outbox"
    __table_args__ = (
        Index("ix_outbox_due", "state", "due_at"),
        Index("ix_outbox_remote", "chat_id", "remote_id"),
        Index("ix_outbox_ticket", "ticket_id", "state"),
        Index("ix_outbox_kind", "kind", "person", "made_at"),
        # The few that are to be edited, among a season's messages.
        Index("ix_outbox_behind", "state", "priority", "id", sqlite_where=_BEHIND, postgresql_where=_BEHIND),
    )

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True)
    """Says what this message is: written twice, it is one row."""
    kind: str
    person: str | None = None
    chat_id: int | None = Field(default=None, sa_type=BigInteger)
    """Where it went; for a person it is looked up when it is sent."""
    ticket_id: int | None = Field(default=None, foreign_key="ticket.id")
    mention_id: int | None = Field(default=None, sa_type=BigInteger)
    reply_id: int | None = Field(default=None, foreign_key="reply.id", index=True)
    question_id: int | None = Field(default=None, foreign_key="question.id", index=True)
    facts: dict[str, Any] = Field(default_factory=dict, sa_column=_json())
    silent: bool = True
    priority: int = 50
    """Lower goes first: 10 page, 20 escalation, 40 answer and receipt, 60 edit, 80 list."""
    state: str = "due"
    """due · sending · sent · failed · dropped."""
    due_at: datetime
    made_at: datetime
    attempts: int = 0
    intent_at: datetime | None = None
    in_doubt: bool = False
    """A copy may have arrived: the next one says "(repeat)"."""
    remote_id: int | None = Field(default=None, sa_type=BigInteger)
    sent_at: datetime | None = None
    version: int = 1
    """What should be shown; raised when the ticket or reply changes."""
    shown: int = 0
    """The version that stands on the phone."""
    edit_at: datetime | None = None
    """Do not edit before this instant (flood limits)."""
    error: str = ""


class ReplyRow(SQLModel, table=True):
    """What a person wrote on the phone to be posted on X."""

    __tablename__ = "reply"
    __table_args__ = (Index("ix_reply_due", "state", "due_at"),)

    id: int | None = Field(default=None, primary_key=True)
    ticket_id: int = Field(foreign_key="ticket.id", index=True)
    writer: str
    account: str
    mention_id: int = Field(sa_type=BigInteger)
    """The mention that is answered (its first id); the post goes under its newest version."""
    parent_id: int = Field(sa_type=BigInteger)
    """The version of that mention which the writer saw."""
    typed: str
    text: str
    state: str = "draft"
    made_at: datetime
    held_at: datetime | None = None
    due_at: datetime | None = None
    attempts: int = 0
    intent_at: datetime | None = None
    first_intent_at: datetime | None = None
    doubts: int = 0
    looks: int = 0
    """Looks at X since the last doubt that did not find it."""
    asked: bool = False
    """The writer was asked; nothing more happens by itself."""
    x_id: int | None = Field(default=None, sa_type=BigInteger)
    posted_at: datetime | None = None
    delete_asked_at: datetime | None = None
    deleted_at: datetime | None = None
    reason: str = ""
    """Why it is back in draft, failed or dropped: a word for wording."""
    message_id: int | None = Field(default=None, sa_type=BigInteger)
    """The writer's own message on Telegram, to know it again when they edit it."""


class InboxRow(SQLModel, table=True):
    """One Telegram update as it came; blanked once handled."""

    __tablename__ = "inbox"

    update_id: int = Field(sa_type=BigInteger, primary_key=True, sa_column_kwargs={"autoincrement": False})
    raw: dict[str, Any] = Field(default_factory=dict, sa_column=_json())
    received_at: datetime
    handled_at: datetime | None = Field(default=None, index=True)
    error: str = ""


class PersonRow(SQLModel, table=True):
    """A rota person's phone. Name, role and signature stand in the rota."""

    __tablename__ = "person"

    id: str = Field(primary_key=True)
    user_id: int | None = Field(default=None, sa_type=BigInteger, unique=True)
    language: str = ""
    """Chosen with /language; else the rota's."""
    enrolled_at: datetime | None = None
    confirmed: bool = True
    """False while a lead still has to confirm a phone enrolled through /enroll."""
    locked_at: datetime | None = None
    unreachable_since: datetime | None = None


class EnrolmentRow(SQLModel, table=True):
    """A one-time link to tie a phone to a person; only the hash of its token is kept."""

    __tablename__ = "enrolment"

    token_hash: str = Field(primary_key=True)
    person: str = Field(index=True)
    by: str
    """A person, or "server" for the command line."""
    made_at: datetime
    expires_at: datetime
    used_at: datetime | None = None


class CalendarRow(SQLModel, table=True):
    """A private address of a calendar feed; only the hash of its token is kept."""

    __tablename__ = "calendar"

    token_hash: str = Field(primary_key=True)
    person: str = Field(index=True)
    """Whose address it is: it ends with their place in the team."""
    rota: str = ""
    """The rota that it shows; "" for the person's own duties on every rota."""
    language: str
    """Of the feed's sentences: they stay as they were when the address was made, or every event would change."""
    made_at: datetime
    revoked_at: datetime | None = None


class RevisionRow(SQLModel, table=True):
    """One version of the rota file, as text."""

    __tablename__ = "rota_revision"

    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    text: str
    author: str
    why: str = ""
    made_at: datetime


class QuestionRow(SQLModel, table=True):
    """Something asked of one person, answered with yes:ID or no:ID."""

    __tablename__ = "question"

    id: int | None = Field(default=None, primary_key=True)
    kind: str
    person: str
    ticket_id: int | None = Field(default=None, foreign_key="ticket.id")
    reply_id: int | None = Field(default=None, foreign_key="reply.id")
    facts: dict[str, Any] = Field(default_factory=dict, sa_column=_json())
    asked_at: datetime
    ends_at: datetime | None = None
    answer: str = ""
    """"" while open; yes · no · expired · replaced."""
    answered_at: datetime | None = None


class DutyRow(SQLModel, table=True):
    """One person's duty on one rota, told to them and confirmed by a press."""

    __tablename__ = "duty"
    __table_args__ = (UniqueConstraint("person", "rota", "start"),)

    id: int | None = Field(default=None, primary_key=True)
    person: str
    rota: str
    start: datetime
    end: datetime
    told_at: datetime | None = None
    confirmed_at: datetime | None = None
    lead_told_at: datetime | None = None
    ended_at: datetime | None = None


class NoteRow(SQLModel, table=True):
    """A person's remark on a ticket; also typed words that found no other place, so that they are never lost."""

    __tablename__ = "note"

    id: int | None = Field(default=None, primary_key=True)
    ticket_id: int | None = Field(default=None, foreign_key="ticket.id", index=True)
    person: str
    text: str
    made_at: datetime


class LogRow(SQLModel, table=True):
    """What was done, by whom: append-only; ids and verbs, never words."""

    __tablename__ = "log"

    id: int | None = Field(default=None, primary_key=True)
    at: datetime
    who: str
    """A person, or the line that acted: intake, watch, delivery, server."""
    verb: str
    ticket_id: int | None = Field(default=None, index=True)
    detail: str = ""
