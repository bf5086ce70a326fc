"""What can go wrong at a door or with a wish, said as what to do next.

    ReperibileError
    ├── DoorError                 a door (X, Telegram) could not do what was asked
    │   ├── Temporary             nothing was done; try again, at the earliest at `until` or `after`
    │   ├── Permanent             nothing was done and trying again is pointless; `reason` says why
    │   └── InDoubt               it may have been done; look before any second try
    ├── Refused                   a person may not, or cannot now, do what they asked; `why` is a word for wording
    └── Misconfigured             a setting or a file is wrong; says key, value and cure

Each door turns everything its library and the network can throw into one of the first three; nothing foreign passes.
"""

from datetime import datetime, timedelta
from typing import Any


class ReperibileError(Exception):
    """The root; caught only where a line records it on the row and goes on with the next one."""


class DoorError(ReperibileError):
    """A door could not do what was asked.

    reason: a short word for code, logs and wording (see the tables in x/errors.py and telegram/errors.py).
    detail: what the other side said, cut to 300 characters, without secrets.
    """

    def __init__(self, reason: str, detail: str = "") -> None:
        self.reason = reason
        self.detail = detail[:300]
        super().__init__(f"{reason}: {self.detail}" if detail else reason)


class Temporary(DoorError):
    """Nothing was done; try again.

    until: the earliest instant, aware UTC, when the other side named one; after: the same as a span of time;
    neither: the caller's own back-off.
    """

    def __init__(
        self, reason: str, detail: str = "", *, until: datetime | None = None, after: timedelta | None = None
    ) -> None:
        super().__init__(reason, detail)
        self.until = until
        self.after = after


class Permanent(DoorError):
    """Nothing was done, and asking again will not change that."""


class InDoubt(DoorError):
    """The request may have been carried out: its answer was lost or made no sense."""


class Refused(ReperibileError):
    """A person may not, or cannot now, do what they asked.

    why: a word that wording turns into a sentence; facts: the values for that sentence.
    """

    def __init__(self, why: str, **facts: Any) -> None:
        self.why = why
        self.facts: dict[str, Any] = facts
        super().__init__(f"{why} {facts}" if facts else why)


class Misconfigured(ReperibileError):
    """A setting or file is wrong; the text names the key, the value (never a secret's) and the cure."""
