"""What a message shows, as plain values: read from the store when it is sent, turned into words by wording."""

from collections.abc import Callable, Container
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.core.mention import Urgency
from bot.core.reply import ReplyState
from bot.core.ticket import State
from schedules.weeks import Cover, Stretch


@dataclass(frozen=True, slots=True)
class Post:
    """A customer's words as they may be shown: personal data masked, nothing tappable."""

    text: str
    at: datetime
    edited: bool = False
    deleted: bool = False
    has_media: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """Something we said on X."""

    writer: str
    text: str
    at: datetime
    url: str = ""
    deleted: bool = False


@dataclass(frozen=True, slots=True)
class Unposted:
    """Typed words that do not stand on X: a draft, on their way, refused, replaced, or kept for whoever needs them."""

    writer: str
    text: str
    at: datetime
    state: ReplyState
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """One ticket on one phone. Names are people's first names; `moves` are those the reader may make now."""

    number: int
    urgency: Urgency
    line: str
    state: State
    age: timedelta
    now: datetime
    account: str
    author: str
    author_name: str
    posts: tuple[Post, ...]
    posts_total: int
    url: str
    reasons: tuple[str, ...] = ()
    for_agent: str = ""
    owner: str = ""
    mine: bool = False
    paged: tuple[str, ...] = ()
    next_at: datetime | None = None
    next_names: tuple[str, ...] = ()
    snoozed_until: datetime | None = None
    answered_by: str = ""
    answered_at: datetime | None = None
    closed_as: str = ""
    closed_by: str = ""
    moves: frozenset[str] = frozenset()
    repeat: bool = False
    more: bool = False
    """Show the further buttons (More… was pressed)."""
    contacts: tuple[tuple[str, str], ...] = ()
    """(name, text) of those inside who can act; shown after Claim."""
    follow_up: bool = False
    """A further post of a customer whose ticket the reader owns."""
    last_mention_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Warned:
    """One thing to mind before sending: a code and the value it is about."""

    code: str
    about: str = ""


@dataclass(frozen=True, slots=True)
class Preview:
    """A reply before (and after) it is posted."""

    reply: int
    ticket: int
    state: ReplyState
    account: str
    author: str
    their_words: str
    our_words: str
    length: int
    length_max: int
    warnings: tuple[Warned, ...] = ()
    reason: str = ""
    leaves_at: datetime | None = None
    now: datetime | None = None
    posted_at: datetime | None = None
    url: str = ""
    parent_url: str = ""
    by_hand_url: str = ""
    """Opens X with text and parent filled in: the manual way."""
    can_delete: bool = False
    delete_until: datetime | None = None
    asked: bool = False
    dry_run: bool = False
    question: int = 0
    """The open question of a reply in doubt, 0 when none."""


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a list of tickets."""

    number: int
    urgency: Urgency
    state: State
    line: str
    age: timedelta
    author: str
    words: str
    owner: str = ""
    posts: int = 1


@dataclass(frozen=True, slots=True)
class Story:
    """One ticket's whole story, for /ticket."""

    card: Card
    answers: tuple[Answer, ...]
    notes: tuple[tuple[str, datetime, str], ...]
    """(who, when, text)"""
    log: tuple[tuple[datetime, str, str, str], ...]
    """(when, who, verb, whom a page rang)"""
    unposted: tuple[Unposted, ...] = ()


@dataclass(frozen=True, slots=True)
class OnDuty:
    """One rota now and next. office, office_next: nobody is on (or will be then), for the office is open."""

    rota: str
    now: tuple[str, ...]
    unreachable: tuple[str, ...]
    until: datetime | None
    next: tuple[str, ...]
    office: bool = False
    office_next: bool = False


def on_duty(
    rota: str, running: Stretch, then: Stretch | None, name: Callable[[str], str], reach: Container[str] | None = None
) -> OnDuty:
    """running, then: as weeks.now_and_next has them. reach: whose phone can be rung, where the others are named."""
    return OnDuty(
        rota,
        tuple(map(name, running.who)),
        tuple(name(person) for person in running.who if reach is not None and person not in reach),
        then.start if then else None,
        tuple(map(name, then.who)) if then else (),
        office=running.cover is Cover.OFFICE,
        office_next=then is not None and then.cover is Cover.OFFICE,
    )
