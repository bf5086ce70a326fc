"""The rota file: text in, a plan out, or every mistake in it at once.

The text itself is kept word for word, so export followed by import changes nothing; what a chat command adds is written
at the end of the text, and whatever people wrote and remarked before stays as it is.
Source: ROTA.md, "A complete file", "What may be left out", "Checks".
"""

import re
import tomllib
from types import MappingProxyType

from schedules.problems import Problem, RotaErrors
from schedules.rota import Plan
from schedules.rota_file_known import Known, read_zone
from schedules.rota_file_ladder import read_escalations
from schedules.rota_file_people import (
    read_absences,
    read_accounts,
    read_contacts,
    read_lines,
    read_office,
    read_people,
)
from schedules.rota_file_rotas import read_rotas
from schedules.rota_limits import (
    KEY_PARTS_MAX,
    OVERRIDES_MAX,
    PEOPLE_MAX,
    PROBLEMS_MAX,
    ROTAS_MAX,
    TABLES_MAX,
    TEXT_LENGTH_MAX,
)
from schedules.toml_errors import stumbles
from schedules.toml_lines import lines_of
from schedules.toml_notes import Notes
from schedules.toml_table import Table

__all__ = ["BYTES_MAX", "Problem", "RotaErrors", "decode", "dump", "load"]

# Of a file; no character takes more than four. Who reads one reads at most one byte more than this.
BYTES_MAX = 4 * TEXT_LENGTH_MAX

# The lines everybody means when a file defines none of its own (DESIGN.md, "Words").
USUAL_LINES = ("119", "187", "191")

_START = "begin with an example of docs/rota.md"
_ENDS_KEY = re.compile(r"[\n=,]")

_LAYER = "in a [[rotas.NAME.layers]]"
_OVERRIDE = "in a [[rotas.NAME.overrides]]"
_HOMES = {
    "timezone": "at the top of the file, before the first [header]",
    "escalation": "at the top of the file, before the first [header], or in a line or an account",
    "hours": "in [office]",
    "quiet": "in [office]",
    "holidays": "in [office], in a person or in [rotas.NAME]",
    "signature": "in a [people.NAME]",
    "role": "in a [people.NAME]",
    "network": "in a [people.NAME]",
    "language": "in a [people.NAME]",
    "lines": "in a person or a contact",
    "line": "in an [accounts.HANDLE]",
    "agent": "in an [accounts.HANDLE]",
    "title": "in a [lines.NAME]",
    "rules": "in a [contacts.NAME]",
    "people": f"{_LAYER}, or at the top as [people.NAME]",
    "layers": "in a rota: [[rotas.NAME.layers]]",
    "overrides": "in a rota: [[rotas.NAME.overrides]]",
    "starts": _LAYER,
    "until": _LAYER,
    "turn": _LAYER,
    "windows": _LAYER,
    "priority": _LAYER,
    "absence": f"{_LAYER}; who is away stands in an [[absences]]",
    "changes": _LAYER,
    "holder": "in the changes of a layer",
    "put": _OVERRIDE,
    "replace": _OVERRIDE,
    "swap": _OVERRIDE,
    "drop": _OVERRIDE,
    "add": _OVERRIDE,
    "start": "in an override or an absence; a layer has starts",
    "end": "in an override or an absence; a layer has until",
    "steps": "in a ladder: [[escalations.NAME.steps]]",
    "repeat": "in an [escalations.NAME]",
    "page": "in an [[escalations.NAME.steps]]",
    "wait_min": "in an [[escalations.NAME.steps]]",
}
"""Where the keys belong that people put elsewhere. In TOML a key belongs to the last [header] above it."""


def decode(raw: bytes, source: str = "rota.toml") -> str:
    """The text of a rota file as it lies on the disk, its line ends kept.

    Raises: RotaErrors when it is too long or no UTF-8.
    """
    if len(raw) > BYTES_MAX:
        raise _refused(source, 1, *_TOO_LONG)
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        wide = raw.startswith((b"\xff\xfe", b"\xfe\xff"))
        message = "not UTF-8 but UTF-16" if wide else "not UTF-8"
        raise _refused(source, line, message, 'save the file as plain text, encoding "UTF-8"') from None


def load(text: str, source: str = "rota.toml") -> Plan:
    """The plan that `text` describes. `source` is the name its mistakes are reported under.

    Raises: RotaErrors with all mistakes, by line, the first 50 of them one by one; nothing else, whatever the text.
    """
    if len(text) > TEXT_LENGTH_MAX:
        raise _refused(source, 1, *_TOO_LONG)
    if endless := _endless_key(text):
        raise _refused(source, endless, f"a key of more than {KEY_PARTS_MAX} parts", "write [header] and key = value")
    # Some editors put a byte order mark in front.
    bare = text.removeprefix("\ufeff")
    try:
        raw = tomllib.loads(bare)
    except RecursionError:
        raise _refused(source, 1, "nested too deeply", "take some of the brackets out") from None
    except ValueError:
        raise RotaErrors(tuple(stumbles(bare, source))) from None
    if not raw:
        raise _refused(source, 1, "the file is empty", _START)
    notes = Notes(source, lines_of(bare), _HOMES)
    plan = _read(Table(notes, (), raw), text)
    if notes.problems:
        raise RotaErrors(_told(notes))
    return plan


def dump(plan: Plan) -> str:
    """The text the plan was read from, word for word."""
    return plan.text


_TOO_LONG = (f"the file is longer than {TEXT_LENGTH_MAX} characters", "take out old overrides and absences")


def _refused(source: str, line: int, message: str, cure: str) -> RotaErrors:
    return RotaErrors((Problem(source, line, "", "", message, cure),))


def _told(notes: Notes) -> tuple[Problem, ...]:
    """The mistakes by line; of very many the first, and how many more there are."""
    ordered = sorted(notes.problems, key=lambda problem: problem.line)
    told = ordered[:PROBLEMS_MAX]
    if (more := notes.count - len(told)) > 0:
        line = ordered[len(told)].line
        told.append(Problem(notes.source, line, "", "", f"and {more} more", "put those above right, then check again"))
    return tuple(told)


def _endless_key(text: str) -> int:
    """The line of a dotted key with absurdly many parts, else 0: tomllib would need quadratic time to read it."""
    run = at = 0
    for piece in text.split("."):
        run = run + 1 if piece and not _ENDS_KEY.search(piece) else 0
        at += len(piece) + 1
        if run > KEY_PARTS_MAX:
            return text.count("\n", 0, at) + 1
    return 0


def _read(top: Table, text: str) -> Plan:
    timezone = read_zone(top, "UTC", required=True)
    people = top.named_tables("people", PEOPLE_MAX, required="[people.NAME]")
    lines = top.named_tables("lines", TABLES_MAX)
    rotas = top.named_tables("rotas", ROTAS_MAX, required="[[rotas.primary.layers]]")
    escalations = top.named_tables("escalations", TABLES_MAX)
    known = Known(
        people=tuple(people),
        lines=tuple(lines) if "lines" in top.raw else USUAL_LINES,
        rotas=tuple(rotas),
        escalations=tuple(escalations) if escalations else ("standard",),
        timezone=timezone,
    )
    plan = Plan(
        timezone=timezone,
        people=MappingProxyType(read_people(top, people, known)),
        rotas=MappingProxyType(read_rotas(rotas, known)),
        escalations=MappingProxyType(read_escalations(escalations, known)),
        escalation=top.name("escalation", "escalation", known.escalations),
        office=read_office(top.table("office")),
        lines=MappingProxyType(read_lines(lines, known)),
        accounts=MappingProxyType(read_accounts(top.named_tables("accounts", TABLES_MAX), known)),
        contacts=MappingProxyType(read_contacts(top.named_tables("contacts", TABLES_MAX), known)),
        absences=read_absences(top.tables("absences", OVERRIDES_MAX), known),
        text=text,
    )
    if top.raw.get("rotas") == {}:
        top.note("rotas", "no rota", "add a [[rotas.primary.layers]]")
    top.done()
    return plan
