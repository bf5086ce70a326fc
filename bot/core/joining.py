"""Which ticket a mention joins, and what its joining does (DESIGN.md, "Which ticket a mention joins")."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.core.mention import Urgency
from bot.core.ticket import REOPEN_WITHIN, State

# The newest open ticket of the same author and account is joined while its last mention is younger than this.
SAME_TROUBLE = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A ticket of the same author and account. conversations: of its mentions."""

    id: int
    state: State
    conversations: frozenset[int]
    last_mention_at: datetime
    closed_at: datetime | None = None


def ticket_to_join(
    candidates: Sequence[Candidate], conversation: int, posted_at: datetime, urgency: Urgency
) -> int | None:
    """The id of the ticket to join; None: open a new one, or, for noise, fold it.

    candidates: tickets of the same author and account, in any order. Noise joins an open ticket silently and neither
    opens nor reopens anything.
    """
    newest_first = sorted(candidates, key=lambda c: c.id, reverse=True)
    for ticket in newest_first:
        if conversation in ticket.conversations:
            if ticket.state is not State.CLOSED:
                return ticket.id
            closed_at = ticket.closed_at or ticket.last_mention_at
            if urgency is not Urgency.NOISE and posted_at - closed_at <= REOPEN_WITHIN:
                return ticket.id
            break
    for ticket in newest_first:
        if ticket.state is not State.CLOSED and posted_at - ticket.last_mention_at < SAME_TROUBLE:
            return ticket.id
    return None


def belongs_to(mentioned: Sequence[str], ours: Sequence[str], seen_by: str) -> tuple[str, tuple[str, ...]]:
    """The account a mention belongs to (named first in the text) and our others that are named.

    mentioned: handles in the order of the text; ours: our accounts as configured; seen_by: the account in whose
    timeline the mention stood, used when the text names none of ours.
    """
    by_lower = {account.lower(): account for account in ours}
    named = list(dict.fromkeys(by_lower[m.lower()] for m in mentioned if m.lower() in by_lower))
    if not named:
        return seen_by, ()
    return named[0], tuple(named[1:])


def raised(before: Urgency, after: Urgency) -> Urgency:
    """Joining may raise urgency, never lower it."""
    return before if before.rank <= after.rank else after
