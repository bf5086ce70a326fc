"""What the names in a rota file may refer to, and what a name may look like."""

from dataclasses import dataclass
from zoneinfo import available_timezones

from schedules.rota_limits import ID_LENGTH_MAX
from schedules.toml_notes import nearest
from schedules.toml_table import Table
from schedules.walltime import is_zone


@dataclass(frozen=True, slots=True)
class Known:
    """The names a file defines, and its zone."""

    people: tuple[str, ...]
    lines: tuple[str, ...]
    rotas: tuple[str, ...]
    escalations: tuple[str, ...]
    timezone: str

    def check_name(self, table: Table, name: str) -> None:
        """Note the name of a rota, line, ladder or contact that nobody could read or type."""
        if not name.strip() or len(name) > ID_LENGTH_MAX or not name.isprintable():
            cure = f"write 1 to {ID_LENGTH_MAX} letters, digits, - and _"
            table.notes.note(table.path, None, "not a usable name", cure)


def read_zone(table: Table, default: str, *, required: bool = False) -> str:
    """The `timezone` of a table; the default when it is not there or unknown."""
    key = table.text("timezone", default, required=required, example='"Europe/Rome"')
    if is_zone(key):
        return key
    table.note("timezone", "unknown time zone", _zone_cure(key))
    return default


def _zone_cure(key: str) -> str:
    city = key.strip().replace(" ", "_").casefold()
    names = sorted(available_timezones())
    meant = next((name for name in names if city in (name.casefold(), name.casefold().rpartition("/")[2])), "")
    if meant or (meant := nearest(key, names, 0.85)):
        return f'did you mean "{meant}"?'
    return 'write a region and a city, for example "Europe/Rome"'
