"""What X's answers say beside their bodies: its own clock, and what a token may do. For `reperibile check`."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime


@dataclass(frozen=True, slots=True)
class Told:
    """clock: X's own when it answered, in whole seconds; None when it did not say.

    rights: what the token may do: "read", "read-write" or "read-write-directmessages"; "" when X did not say. X sends
    them to user tokens of OAuth 1.0a, as `x-access-level`; public code relies on it for /2/users/me, though the
    documentation names it for v1.1 alone (checked 2026-11), so that its absence means nothing.
    """

    clock: datetime | None = None
    rights: str = ""


def told(headers: Mapping[str, str]) -> Told:
    """What these headers (names in lower case) say. Raises: nothing; what makes no sense was not said."""
    return Told(_instant(headers.get("date", "")), headers.get("x-access-level", "").strip().lower())


def _instant(text: str) -> datetime | None:
    try:
        at = parsedate_to_datetime(text)
        return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, OverflowError):
        return None
