"""What happened, as a value: a line of the night's story, and a count for those who watch from outside.

Ids, verbs and numbers only, never a customer's words or handle: events go to the log and to the metrics.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

Fact = str | int | float


@dataclass(frozen=True, slots=True)
class Event:
    """Somebody did something. who: a person's id, or the line that acted. at: aware, UTC.

    verb: a stable word or two, such as "claim" or "page sent". ticket: its number. detail: ids, for people.
    facts: what machines read; durations in seconds, their names end in _s.
    grave: somebody should look at it. quiet: too frequent for the log, counted all the same.
    """

    at: datetime
    who: str
    verb: str
    ticket: int | None = None
    detail: str = ""
    facts: Mapping[str, Fact] = field(default_factory=dict)
    grave: bool = False
    quiet: bool = False
