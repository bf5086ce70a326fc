"""The rota file: text in, a plan out, or every mistake in it at once.

The text itself is kept word for word, so export followed by import changes nothing; what a chat command adds is written
at the end of the text, and whatever people wrote and remarked before stays as it is.
Source: ROTA.md, "A complete file", "What may be left out", "Checks".
"""

import re
import tomllib
from datetime import timedelta
from types import MappingProxyType

from schedules.ladder import Escalation, Step, Target, TargetKind, default_escalation
from schedules.problems import Problem, RotaErrors
from schedules.public_holidays import NO_HOLIDAYS
from schedules.rota import Absence, Account, Contact, Line, Network, Office, Person, Plan, Role
from schedules.rota_file_rotas import Known, read_calendar, read_rotas, read_windows
from schedules.toml_lines import lines_of
from schedules.toml_table import Notes, Table, closest
from schedules.walltime import is_zone

__all__ = ["Problem", "RotaErrors", "dump", "load"]

# Far beyond any team's file; a bound so that a hostile one cannot keep the service busy.
TEXT_LENGTH_MAX = 2_000_000
KEY_PARTS_MAX = 200
WAIT_MIN_MAX = 7 * 24 * 60
DEFAULT_WAIT_MIN = 5
REPEAT_MAX = 1000
SIGNATURE_LENGTH_MAX = 15

# The lines everybody means when a file defines none of its own (DESIGN.md, "Words").
USUAL_LINES = ("119", "187", "191")

_ENDS_KEY = re.compile(r"[\n=,]")
_PERSON_ID = re.compile(r"[^\s,:@\x00-\x1f]{1,60}")
_HANDLE = re.compile(r"[A-Za-z0-9_]{1,50}", re.ASCII)
_AT_LINE = re.compile(r"\s*\(at (?:line (\d+), column \d+|end of document)\)$")


def load(text: str, source: str = "rota.toml") -> Plan:
    """The plan that `text` describes. `source` is the name its mistakes are reported under.

    Raises: RotaErrors with all mistakes; nothing else, whatever the text.
    """
    if len(text) > TEXT_LENGTH_MAX:
        raise _unreadable(text, source, f"the file has more than {TEXT_LENGTH_MAX} characters")
    if _has_endless_key(text):
        raise _unreadable(text, source, f"a key with more than {KEY_PARTS_MAX} parts")
    try:
        # Some editors put a byte order mark in front.
        raw = tomllib.loads(text.removeprefix("\ufeff"))
    except RecursionError:
        raise _unreadable(text, source, "nested too deeply") from None
    except ValueError as error:
        raise _unreadable(text, source, str(error)) from None
    notes = Notes(source, lines_of(text))
    plan = _read(Table(notes, (), raw), text)
    if notes.problems:
        raise RotaErrors(tuple(sorted(notes.problems, key=lambda problem: problem.line)))
    return plan


def dump(plan: Plan) -> str:
    """The text the plan was read from, word for word."""
    return plan.text


def _has_endless_key(text: str) -> bool:
    """Whether a dotted key has absurdly many parts: tomllib would need quadratic time to read it."""
    run = 0
    for piece in text.split("."):
        run = run + 1 if piece and not _ENDS_KEY.search(piece) else 0
        if run > KEY_PARTS_MAX:
            return True
    return False


def _unreadable(text: str, source: str, message: str) -> RotaErrors:
    found = _AT_LINE.search(message)
    line = int(found[1]) if found and found[1] else text.count("\n") + 1 if found else 1
    plain = _AT_LINE.sub("", message)[:200]
    return RotaErrors(
        (Problem(source, line, "", "", f"not TOML: {plain}", "see the complete file rota.example.toml for the form"),)
    )


def _read(top: Table, text: str) -> Plan:
    timezone = top.text("timezone", required=True)
    if not is_zone(timezone):
        if timezone or "timezone" in top.raw:
            top.note("timezone", "unknown time zone", 'write an IANA name such as "Europe/Rome"')
        timezone = "UTC"
    people = top.named_tables("people", required=True)
    lines = top.named_tables("lines")
    rotas = top.named_tables("rotas", required=True)
    escalations = top.named_tables("escalations")
    known = Known(
        people=tuple(people),
        lines=tuple(lines) if "lines" in top.raw else USUAL_LINES,
        rotas=tuple(rotas),
        escalations=tuple(escalations) if escalations else ("standard",),
        timezone=timezone,
    )
    plan = Plan(
        timezone=timezone,
        people=MappingProxyType(_read_people(top, people, known)),
        rotas=MappingProxyType(read_rotas(rotas, known)),
        escalations=MappingProxyType(_read_escalations(escalations, known)),
        escalation=top.name("escalation", "escalation", known.escalations),
        office=_read_office(top),
        lines=MappingProxyType({name: _read_line(name, table, known) for name, table in lines.items()}),
        accounts=MappingProxyType(_read_accounts(top.named_tables("accounts"), known)),
        contacts=MappingProxyType(
            {name: _read_contact(name, table, known) for name, table in top.named_tables("contacts").items()}
        ),
        absences=tuple(
            absence for table in top.tables("absences") if (absence := _read_absence(table, known)) is not None
        ),
        text=text,
    )
    if "rotas" in top.raw and not rotas:
        top.note("rotas", "no rota", "add a [[rotas.primary.layers]]")
    top.done()
    return plan


# -- people --


def _read_people(top: Table, tables: dict[str, Table], known: Known) -> dict[str, Person]:
    people: dict[str, Person] = {}
    signed: dict[str, str] = {}
    for name, table in tables.items():
        if not _PERSON_ID.fullmatch(name):
            table.notes.note(table.path, name, "not a usable id", "use letters, digits, - and _")
        person = _read_person(name, table, known)
        people[name] = person
        other = signed.setdefault(person.signature.casefold(), name)
        if other != name:
            cure = f"{other} already signs so; give one of them another"
            table.notes.note(table.at("signature"), person.signature, "two people with one signature", cure)
    if tables and not any(table.raw.get("role") == "lead" for table in tables.values()):
        top.notes.note(("people",), None, "no lead", 'give somebody role = "lead"')
    if "people" in top.raw and not tables:
        top.note("people", "nobody", "add a [people.NAME] with name and signature, at least one of them a lead")
    return people


def _read_person(name: str, table: Table, known: Known) -> Person:
    signature = table.text("signature", name, length_max=SIGNATURE_LENGTH_MAX)
    if "signature" in table.raw and isinstance(table.raw["signature"], str) and not re.fullmatch(r"[^\s^]+", signature):
        table.note("signature", "not a signature", "write one word without ^, for example initials")
    network = table.word("network", tuple(Network), "")
    person = Person(
        id=name,
        name=table.text("name", name, length_max=100),
        signature=signature,
        role=Role(table.word("role", tuple(Role), Role.STAFF)),
        lines=table.names("lines", "line", known.lines),
        network=Network(network) if network else None,
        language=table.word("language", ("it", "en"), "it"),
        holidays=read_calendar(table),
    )
    table.done()
    return person


# -- lines, accounts, contacts, office, absences --


def _read_line(name: str, table: Table, known: Known) -> Line:
    line = Line(
        id=name,
        title=table.text("title", name, length_max=100),
        escalation=table.name("escalation", "escalation", known.escalations),
    )
    table.done()
    return line


def _read_accounts(tables: dict[str, Table], known: Known) -> dict[str, Account]:
    accounts: dict[str, Account] = {}
    spelled: dict[str, str] = {}
    for handle, table in tables.items():
        if not _HANDLE.fullmatch(handle):
            table.notes.note(table.path, handle, "not an X handle", "write it without @: letters, digits and _")
        other = spelled.setdefault(handle.lower(), handle)
        if other != handle:
            table.notes.note(table.path, handle, f"the same account as {other}", "keep one of them")
        accounts[handle] = Account(
            handle=handle,
            line=table.name("line", "line", known.lines),
            agent=table.name("agent", "person", known.people),
            escalation=table.name("escalation", "escalation", known.escalations),
        )
        table.done()
    return accounts


def _read_contact(name: str, table: Table, known: Known) -> Contact:
    contact = Contact(
        id=name,
        name=table.text("name", name, length_max=100),
        lines=table.names("lines", "line", known.lines),
        rules=table.texts("rules"),
        text=table.text("text"),
    )
    table.done()
    return contact


def _read_office(top: Table) -> Office | None:
    table = top.table("office")
    if table is None:
        return None
    office = Office(
        hours=read_windows(table, "hours") or (),
        quiet=read_windows(table, "quiet") or (),
        holidays=read_calendar(table) or NO_HOLIDAYS,
    )
    table.done()
    return office


def _read_absence(table: Table, known: Known) -> Absence | None:
    person = table.name("person", "person", known.people, required=True)
    stretch = table.stretch(known.timezone)
    by, why = table.text("by"), table.text("why")
    table.get("made")
    table.done()
    return Absence(person, *stretch, by, why) if stretch and person else None


# -- the ladder --


def _read_escalations(tables: dict[str, Table], known: Known) -> dict[str, Escalation]:
    if not tables:
        standard = default_escalation(known.rotas)
        return {standard.name: standard}
    escalations: dict[str, Escalation] = {}
    for name, table in tables.items():
        steps = tuple(_read_step(step, known) for step in table.tables("steps"))
        if not steps:
            table.notes.note(table.at("steps"), None, "no step", f"add an [[escalations.{name}.steps]]")
        escalations[name] = Escalation(name, steps, table.whole("repeat", 1, 1, REPEAT_MAX))
        table.done()
    return escalations


def _read_step(table: Table, known: Known) -> Step:
    page = []
    for place, text in enumerate(table.texts("page", required=True)):
        target = _read_target(table, (*table.at("page"), place), text, known)
        if target is not None:
            page.append(target)
    if table.raw.get("page") == []:
        table.note("page", "pages nobody", 'write at least one, for example "leads"')
    wait = timedelta(minutes=table.number("wait_min", DEFAULT_WAIT_MIN, 0, WAIT_MIN_MAX))
    table.done()
    return Step(tuple(page), wait)


def _read_target(table: Table, path: tuple[str | int, ...], text: str, known: Known) -> Target | None:
    kind, colon, name = text.partition(":")
    if colon and kind in ("rota", "person"):
        names = known.rotas if kind == "rota" else known.people
        if name in names:
            return Target(TargetKind(kind), name)
        table.notes.note(path, text, f"unknown {kind}", closest(name, names))
    elif text in ("leads", "everyone", "last_resort"):
        return Target(TargetKind(text))
    else:
        cure = "write rota:NAME, person:NAME, leads, everyone or last_resort"
        table.notes.note(path, text, "nobody that can be paged", cure)
    return None
