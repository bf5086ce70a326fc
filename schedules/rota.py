"""What a rota file says, as values: the plan, its people, rotas, layers, overrides and absences.

Built by rota_file.load and by tests. Everything that can be wrong in a file has been refused before these exist.
Source: ROTA.md.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from schedules.ladder import Escalation
from schedules.public_holidays import NO_HOLIDAYS, Calendar
from schedules.walltime import Moment
from schedules.windows import Window


class Role(StrEnum):
    STAFF = "staff"
    LEAD = "lead"


class Network(StrEnum):
    """Whose network a person's phone is on: our own fails together with what is reported."""

    OWN = "own"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Person:
    """One member of the team. network: None when the file does not say. holidays: None for the office's."""

    id: str
    name: str
    signature: str
    role: Role = Role.STAFF
    lines: tuple[str, ...] = ()
    network: Network | None = None
    language: str = "it"
    holidays: Calendar | None = None

    @property
    def is_lead(self) -> bool:
        return self.role is Role.LEAD

    @property
    def first_name(self) -> str:
        """What they are called among colleagues. No name is blank: rota_file sees to it."""
        return self.name.split()[0]


@dataclass(frozen=True, slots=True)
class Line:
    """A line customers call; escalation: "" for the file's."""

    id: str
    title: str
    escalation: str = ""


@dataclass(frozen=True, slots=True)
class Account:
    """An X account we watch. line: "" for unknown. agent: whose it is, or "". escalation: "" for the file's."""

    handle: str
    line: str = ""
    agent: str = ""
    escalation: str = ""


@dataclass(frozen=True, slots=True)
class Contact:
    """Who inside can act. lines and rules: empty for all."""

    id: str
    name: str
    lines: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    text: str = ""


@dataclass(frozen=True, slots=True)
class Office:
    """When the office is open, in the plan's zone; quiet: the windows out of hours in which only `critical` rings."""

    hours: tuple[Window, ...] = ()
    quiet: tuple[Window, ...] = ()
    holidays: Calendar = NO_HOLIDAYS


class Unit(StrEnum):
    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    WINDOW = "window"


@dataclass(frozen=True, slots=True)
class Turn:
    """How long one seat is on: `count` (at least 1) units."""

    count: int
    unit: Unit


class AbsenceMode(StrEnum):
    """What a layer does about absent people."""

    IGNORE = ""
    GAP = "gap"
    NEXT = "next"
    NEXT_WHOLE_TURN = "next-whole-turn"


Seats = tuple[frozenset[str], ...]


@dataclass(frozen=True, slots=True)
class Change:
    """From `at` on the order is `seats`, and the first seat naming `holder` has the turn running at `at`."""

    at: Moment
    seats: Seats
    holder: str


@dataclass(frozen=True, slots=True)
class Layer:
    """One rotation. seats: in order, an empty one is nobody. windows: None for always. timezone: an IANA name."""

    seats: Seats
    starts: Moment
    turn: Turn
    timezone: str
    windows: tuple[Window, ...] | None = None
    until: Moment | None = None
    priority: int = 0
    absence: AbsenceMode = AbsenceMode.IGNORE
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class Put:
    """Exactly these people, whatever the layers say."""

    people: frozenset[str]
    start: datetime
    end: datetime
    by: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class Replace:
    """`stand_in` stands wherever `person` stands."""

    person: str
    stand_in: str
    start: datetime
    end: datetime
    by: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class Given:
    """A person's stretch of duty that goes to the other side of a swap."""

    person: str
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Swap:
    """In `first`'s stretch the person of `second` stands in, and vice versa. open: still a request, no effect."""

    first: Given
    second: Given
    open: bool = False
    by: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class Drop:
    """Taken off; nobody steps in."""

    person: str
    start: datetime
    end: datetime
    by: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class Add:
    """These people too."""

    people: frozenset[str]
    start: datetime
    end: datetime
    by: str = ""
    why: str = ""


Override = Put | Replace | Swap | Drop | Add


@dataclass(frozen=True, slots=True)
class Rota:
    """Layers and overrides (in the order they were made). holidays: None for the office's."""

    name: str
    layers: tuple[Layer, ...] = ()
    overrides: tuple[Override, ...] = ()
    holidays: Calendar | None = None


@dataclass(frozen=True, slots=True)
class Absence:
    """A person is away in [start, end), aware UTC."""

    person: str
    start: datetime
    end: datetime
    by: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Plan:
    """A whole rota file. All mappings are by id, in file order. Two plans are the same only if they are one object:
    what is computed from a plan is kept with it, and comparing would cost more than asking.

    escalation: the file's choice, "" for the first of `escalations`, which is never empty.
    office: None when it is always out of hours. text: the file as it was read, word for word.
    """

    timezone: str
    people: Mapping[str, Person]
    rotas: Mapping[str, Rota]
    escalations: Mapping[str, Escalation]
    escalation: str = ""
    office: Office | None = None
    lines: Mapping[str, Line] = field(default_factory=dict)
    accounts: Mapping[str, Account] = field(default_factory=dict)
    contacts: Mapping[str, Contact] = field(default_factory=dict)
    absences: tuple[Absence, ...] = ()
    text: str = ""

    @property
    def holidays(self) -> Calendar:
        """The office's holidays; none without an office."""
        return self.office.holidays if self.office else NO_HOLIDAYS

    @property
    def leads(self) -> frozenset[str]:
        """The ids of the people with the role lead."""
        return frozenset(person.id for person in self.people.values() if person.is_lead)

    def account(self, handle: str) -> Account | None:
        """The account with this handle, with or without @ and whatever its case; None when it is not ours."""
        wanted = handle.removeprefix("@").lower()
        return next((each for each in self.accounts.values() if each.handle.lower() == wanted), None)
