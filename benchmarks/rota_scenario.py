"""The rota that is measured, twice: as a rota file and as an iCalendar. Both say who is on duty in one year in Rome.

30 people in three layers of ten: a weekly one that is always on, over it the weekends (Friday 18:00 to Monday 09:00),
over these the working days (Monday to Friday, 09:00 to 18:00); and 200 covers of some hours or days, the latest made
wins.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event

WHAT = "30 people, three layers, 200 covers, Europe/Rome, the year 2026"
ZONE = "Europe/Rome"
YEAR = (datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC))
PEOPLE = tuple(f"p{number:02d}" for number in range(30))
COVERS = 200

# Monday 29 December 2025 and Friday 2 January 2026 are the first turns; a wall time has no zone.
_MONDAY = datetime(2025, 12, 29)  # noqa: DTZ001
_FRIDAY = datetime(2026, 1, 2)  # noqa: DTZ001


@dataclass(frozen=True, slots=True)
class Shifts:
    """One layer: ten seats taking turns by the week from `starts`, always or in one window.

    starts and the first shift's end on the wall; days: of the shifts that begin in a week, as iCalendar writes them.
    """

    people: tuple[str, ...]
    starts: datetime
    length: timedelta
    days: tuple[str, ...]
    window: str
    priority: int


@dataclass(frozen=True, slots=True)
class Cover:
    """This person instead of whoever has it, on the wall."""

    person: str
    start: datetime
    end: datetime


LAYERS = (
    Shifts(PEOPLE[:10], _MONDAY, timedelta(weeks=1), ("MO",), "", 1),
    Shifts(PEOPLE[10:20], _FRIDAY + timedelta(hours=18), timedelta(hours=63), ("FR",), "fri 18:00 - mon 09:00", 2),
    Shifts(
        PEOPLE[20:],
        _MONDAY + timedelta(hours=9),
        timedelta(hours=9),
        ("MO", "TU", "WE", "TH", "FR"),
        "mon-fri 09:00-18:00",
        3,
    ),
)


def covers(seed: int = 4) -> list[Cover]:
    """200 of them all over the year, in the order in which they were made; some overlap."""
    rng = random.Random(seed)  # noqa: S311 - repeatable, not secret
    found = []
    for _ in range(COVERS):
        start = datetime(2026, 1, 1) + timedelta(hours=rng.randrange(365 * 24))  # noqa: DTZ001 - a wall time
        found.append(Cover(rng.choice(PEOPLE), start, start + timedelta(hours=rng.choice((2, 4, 6, 9, 15, 24)))))
    return found


def as_file(made: list[Cover]) -> str:
    """As a rota file."""
    return "\n".join(_lines(made)) + "\n"


def _lines(made: list[Cover]) -> Iterator[str]:
    yield f'timezone = "{ZONE}"'
    for person in PEOPLE:
        yield f'[people.{person}]\nname = "{person.upper()}"\nsignature = "{person.upper()}"\nrole = "lead"'
    for layer in LAYERS:
        yield "[[rotas.primary.layers]]"
        yield f"people = {list(layer.people)}".replace("'", '"')
        yield f'starts = {layer.starts.isoformat()}\nturn = "1 week"\npriority = {layer.priority}'
        if layer.window:
            yield f'windows = ["{layer.window}"]'
    for cover in made:
        yield f'[[rotas.primary.overrides]]\nput = ["{cover.person}"]'
        yield f"start = {cover.start.isoformat()}\nend = {cover.end.isoformat()}"


def as_calendar(made: list[Cover]) -> bytes:
    """As an iCalendar, as one would write it by hand: a rule a seat, a single event a cover.

    Of the events that hold at an instant the one with the highest X-RANK is on duty: layers by priority, then the
    covers in the order in which they were made.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//reperibile//benchmark//")
    calendar.add("version", "2.0")
    for layer in LAYERS:
        for seat, person in enumerate(layer.people):
            event = _event(person, layer.starts + timedelta(weeks=seat), layer.length, layer.priority)
            event.add("rrule", {"freq": "weekly", "interval": len(layer.people), "byday": layer.days, "wkst": "MO"})
            calendar.add_component(event)
    for number, cover in enumerate(made):
        calendar.add_component(_event(cover.person, cover.start, cover.end - cover.start, 10 + number))
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())


def _event(person: str, start: datetime, length: timedelta, rank: int) -> Event:
    event = Event()
    event.add("uid", f"{rank}-{person}-{start.isoformat()}")
    event.add("summary", person)
    here = ZoneInfo(ZONE)
    # Added on the wall: the last hour before the clocks change is as long as the window says.
    event.add("dtstart", start.replace(tzinfo=here))
    event.add("dtend", (start + length).replace(tzinfo=here))
    event.add("x-rank", str(rank))
    return event
