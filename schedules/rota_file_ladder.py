"""The part of a rota file that says who is paged when nobody answers. Source: ROTA.md, "The ladder"."""

from datetime import timedelta

from schedules.ladder import Escalation, Step, Target, TargetKind, default_escalation
from schedules.rota_file_known import Known
from schedules.rota_limits import REPEAT_MAX, STEPS_MAX, WAIT_MIN_MAX
from schedules.toml_lines import Path
from schedules.toml_notes import header
from schedules.toml_table import Table

_WAIT_MIN = 5
_PAGE = '["rota:primary"]'
_TARGETS = "write rota:NAME, person:NAME, leads, everyone or last_resort"
_PLAIN = (TargetKind.LEADS, TargetKind.EVERYONE, TargetKind.LAST_RESORT)


def read_escalations(tables: dict[str, Table], known: Known) -> dict[str, Escalation]:
    """The ladders by name, in file order; the usual one when the file has none."""
    if not tables:
        standard = default_escalation(known.rotas)
        return {standard.name: standard}
    escalations: dict[str, Escalation] = {}
    for name, table in tables.items():
        known.check_name(table, name)
        steps = tuple(_read_step(step, known) for step in table.tables("steps", STEPS_MAX))
        if not steps and table.raw.get("steps", []) == []:
            table.notes.note(table.at("steps"), None, "no step", f"add an {header((*table.at('steps'), 0))}")
        escalations[name] = Escalation(name, steps, table.whole("repeat", 1, 1, REPEAT_MAX))
        table.done()
    return escalations


def _read_step(table: Table, known: Known) -> Step:
    named = table.texts("page", required=True, example=_PAGE)
    page = [target for path, text in named if (target := _read_target(table, path, text, known)) is not None]
    if table.raw.get("page") == []:
        table.note("page", "pages nobody", 'write at least one, for example "leads"')
    wait = timedelta(minutes=table.number("wait_min", _WAIT_MIN, 0, WAIT_MIN_MAX))
    table.done()
    return Step(tuple(page), wait)


def _read_target(table: Table, path: Path, text: str, known: Known) -> Target | None:
    kind, colon, name = text.partition(":")
    if colon and kind in (TargetKind.ROTA, TargetKind.PERSON):
        names = known.rotas if kind == TargetKind.ROTA else known.people
        if name in names:
            return Target(TargetKind(kind), name)
        table.notes.unknown(path, kind, name, names, text)
        return None
    if text in _PLAIN:
        return Target(TargetKind(text))
    whose = next((kind for kind, names in (("rota", known.rotas), ("person", known.people)) if text in names), "")
    cure = f'write "{whose}:{text}"' if whose else _TARGETS
    table.notes.note(path, text, "nobody that can be paged", cure)
    return None
