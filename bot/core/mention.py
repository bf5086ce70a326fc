"""A post on X as the rest of the house knows it: parsed once, at the door."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Urgency(StrEnum):
    """How bad it is if nobody acts before the office opens (RUBRIC.md). The first two are alarms."""

    CRITICAL = "critical"
    URGENT = "urgent"
    NORMAL = "normal"
    NOISE = "noise"

    @property
    def is_alarm(self) -> bool:
        return self in (Urgency.CRITICAL, Urgency.URGENT)

    @property
    def rank(self) -> int:
        """0 for critical … 3 for noise: sorts worst first."""
        return _RANK[self]


_RANK = {Urgency.CRITICAL: 0, Urgency.URGENT: 1, Urgency.NORMAL: 2, Urgency.NOISE: 3}


@dataclass(frozen=True, slots=True)
class Mention:
    """One version of a post on X, by somebody else or by ourselves.

    id: this version's X id; first_id: the first id of its edit history, which is the mention's identity.
    text: HTML entities undone, the long form where there is one. mentioned: handles without @, in the order of the
    text. links: expanded addresses. lang: X's own guess, BCP 47, "und" when unknown.
    """

    id: int
    first_id: int
    author_id: int
    author: str
    author_name: str
    text: str
    created_at: datetime
    conversation_id: int
    lang: str = "und"
    parent_id: int | None = None
    quoted_id: int | None = None
    mentioned: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    has_media: bool = False
    is_retweet: bool = False

    @property
    def is_edited(self) -> bool:
        return self.id != self.first_id


@dataclass(frozen=True, slots=True)
class MentionPage:
    """One page of a timeline, newest first.

    unreadable: how many items of the page could not be parsed (they are counted and logged, never block the rest).
    remaining / resets_at: what the rate headers said, None when they said nothing.
    """

    mentions: tuple[Mention, ...]
    next_token: str | None = None
    unreadable: int = 0
    remaining: int | None = None
    resets_at: datetime | None = None


# X ids carry their time: milliseconds since this epoch, above 22 bits (X docs, "X IDs"; checked 2026-11).
X_EPOCH_MS = 1288834974657


def id_at(instant: datetime) -> int:
    """The smallest X id that a post written at `instant` (aware) can have; 0 before X's epoch."""
    return max(0, int(instant.timestamp() * 1000) - X_EPOCH_MS) << 22
