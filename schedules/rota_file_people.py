"""The part of a rota file that says who and what there is: people, lines, accounts, contacts, office, absences."""

import re

from schedules.public_holidays import NO_HOLIDAYS
from schedules.rota import Absence, Account, Contact, Line, Network, Office, Person, Role
from schedules.rota_file_known import Known
from schedules.rota_file_rotas import read_reason
from schedules.rota_file_times import read_calendar, read_windows
from schedules.rota_limits import ID_LENGTH_MAX, SIGNATURE_LENGTH_MAX
from schedules.toml_table import Table

RULES = (*(f"C{n}" for n in range(1, 7)), *(f"U{n}" for n in range(1, 10)), *(f"N{n}" for n in range(1, 10)))
"""The rules of the rubric that may judge a mention; a contact can be for some of them."""

_PERSON_ID = re.compile(rf"[^\s,:@\x00-\x1f]{{1,{ID_LENGTH_MAX}}}")
_SIGNATURE = re.compile(r"[^\s^]+")
_HANDLE = re.compile(r"[A-Za-z0-9_]{1,50}", re.ASCII)
_LINES = '["119", "187"]'


def read_people(top: Table, tables: dict[str, Table], known: Known) -> dict[str, Person]:
    """The people by id, in file order."""
    people: dict[str, Person] = {}
    signed: dict[str, str] = {}
    for name, table in tables.items():
        if not _PERSON_ID.fullmatch(name) or not name.isprintable():
            table.notes.note(table.path, None, "not a usable id", "write one word: letters, digits, - and _")
        person = _read_person(name, table, known)
        people[name] = person
        other = signed.setdefault(person.signature.casefold(), name)
        if other != name:
            cure = f"{other} already signs so; give one of them another"
            table.notes.note(table.at("signature"), person.signature, "two people with one signature", cure)
    if tables and not any(table.raw.get("role") == Role.LEAD for table in tables.values()):
        top.notes.note(("people",), None, "no lead", 'give somebody role = "lead"')
    if top.raw.get("people") == {}:
        top.note("people", "nobody", "add a [people.NAME] with name and signature, at least one of them a lead")
    return people


def _read_person(name: str, table: Table, known: Known) -> Person:
    network = table.word("network", tuple(Network), "")
    person = Person(
        id=name,
        name=table.name_shown("name", name, example='"Giulia Rossi"'),
        signature=_read_signature(name, table),
        role=Role(table.word("role", tuple(Role), Role.STAFF)),
        lines=table.names("lines", "line", known.lines, example=_LINES),
        network=Network(network) if network else None,
        language=table.word("language", ("it", "en"), "it"),
        holidays=read_calendar(table),
    )
    table.done()
    return person


def _read_signature(name: str, table: Table) -> str:
    """What replies of this person end in after ^; the id when the file does not say."""
    signature = table.text("signature", name, example='"GR"', length_max=SIGNATURE_LENGTH_MAX)
    if isinstance(table.raw.get("signature"), str):
        if not _SIGNATURE.fullmatch(signature) or not signature.isprintable():
            table.note("signature", "not a signature", 'write one word without ^, for example initials: "GR"')
    elif "signature" not in table.raw and (len(name) > SIGNATURE_LENGTH_MAX or not _SIGNATURE.fullmatch(name)):
        # Without one people sign with their id, which is not made for that.
        table.note("signature", "missing", 'add signature = "GR": the id is too long to sign with, or holds a ^')
    return signature


# -- lines, accounts, contacts --


def read_lines(tables: dict[str, Table], known: Known) -> dict[str, Line]:
    """The lines by id, in file order."""
    lines: dict[str, Line] = {}
    for name, table in tables.items():
        known.check_name(table, name)
        lines[name] = Line(
            id=name,
            title=table.name_shown("title", name, example='"mobile"'),
            escalation=table.name("escalation", "escalation", known.escalations),
        )
        table.done()
    return lines


def read_accounts(tables: dict[str, Table], known: Known) -> dict[str, Account]:
    """The accounts by handle, in file order."""
    accounts: dict[str, Account] = {}
    spelled: dict[str, str] = {}
    for handle, table in tables.items():
        if not _HANDLE.fullmatch(handle):
            bare = handle.removeprefix("@")
            without = f"write [accounts.{bare}], without @"
            cure = without if _HANDLE.fullmatch(bare) else "write it with letters, digits and _ only"
            table.notes.note(table.path, None, "not an X handle", cure)
        other = spelled.setdefault(handle.lower(), handle)
        if other != handle:
            table.notes.note(table.path, None, f"the same account as {other}", "keep one of them")
        accounts[handle] = Account(
            handle=handle,
            line=table.name("line", "line", known.lines, example='"119"'),
            agent=table.name("agent", "person", known.people, example='"giulia"'),
            escalation=table.name("escalation", "escalation", known.escalations),
        )
        table.done()
    return accounts


def read_contacts(tables: dict[str, Table], known: Known) -> dict[str, Contact]:
    """Who inside can act, by id, in file order."""
    contacts: dict[str, Contact] = {}
    for name, table in tables.items():
        known.check_name(table, name)
        rules = table.texts("rules", example='["C2", "U8"]')
        for path, rule in rules:
            if rule not in RULES:
                alike = rule.upper() in RULES
                cure = f'did you mean "{rule.upper()}"?' if alike else "write C1 to C6, U1 to U9 or N1 to N9"
                table.notes.note(path, rule, "no rule of the rubric", cure)
        contacts[name] = Contact(
            id=name,
            name=table.name_shown("name", name),
            lines=table.names("lines", "line", known.lines, example=_LINES),
            rules=tuple(rule for _, rule in rules),
            text=table.text("text"),
        )
        table.done()
    return contacts


# -- office, absences --


def read_office(table: Table | None) -> Office | None:
    """When the office is open; None without an office."""
    if table is None:
        return None
    office = Office(
        hours=read_windows(table, "hours") or (),
        quiet=read_windows(table, "quiet") or (),
        holidays=read_calendar(table) or NO_HOLIDAYS,
    )
    table.done()
    return office


def read_absences(tables: list[Table], known: Known) -> tuple[Absence, ...]:
    """Who is away when, in file order."""
    return tuple(absence for table in tables if (absence := _read_absence(table, known)) is not None)


def _read_absence(table: Table, known: Known) -> Absence | None:
    person = table.name("person", "person", known.people, required=True, example='"giulia"')
    stretch = table.stretch(known.timezone)
    by, why = read_reason(table)
    table.done()
    return Absence(person, *stretch, by, why) if stretch and person else None
