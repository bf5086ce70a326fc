"""Windows and holidays as they stand in a rota file. Source: ROTA.md, "Windows" and "A complete file"."""

import re
from datetime import date, datetime, time

from schedules.public_holidays import Calendar, is_code
from schedules.rota_limits import HOLIDAYS_MAX, WINDOWS_MAX
from schedules.toml_notes import shown
from schedules.toml_table import Table
from schedules.windows import PLUS_DAYS_MAX, Window, parse, parse_clock, parse_days

_WINDOW_CURE = (
    'write "mon-fri 18:00-09:00", "daily 22:00-07:00", "holiday 00:00-24:00", "fri 18:00 - mon 09:00" '
    'or { days = ["sat"], from = "08:00", to = "20:00" }'
)
_WINDOWS = '["mon-fri 18:00-09:00"]'
_DAYS = "mon, tue, wed, thu, fri, sat, sun, mon-fri, daily and holiday"
_HOLIDAYS = '["IT", "IT-MI", 2026-12-24]'


def read_windows(table: Table, key: str) -> tuple[Window, ...] | None:
    """A list of windows, each in shorthand or as a table; None when the key is not there or is no list."""
    values = table.items(key, example=_WINDOWS, most=WINDOWS_MAX)
    if not isinstance(table.raw.get(key), list):
        return None
    windows: list[Window] = []
    for place, raw in enumerate(values):
        path = (*table.at(key), place)
        if isinstance(raw, dict):
            window = _read_window(Table(table.notes, path, raw))
            if window is not None:
                windows.append(window)
            continue
        try:
            if not isinstance(raw, str):
                raise ValueError("not a window")
            windows.append(parse(raw))
        except ValueError as error:
            message = "bad window" if str(error) == "not a window" else f"bad window: {error}"
            table.notes.note(path, raw, message, _window_cure(raw))
    return tuple(windows)


def _window_cure(raw: object) -> str:
    if not isinstance(raw, str) or not raw.strip():
        return _WINDOW_CURE
    with_colons = re.sub(r"(\d)\.(\d\d)", r"\1:\2", raw)
    if with_colons != raw:
        return f"write times with a colon: {shown(with_colons)}"
    try:
        parse_days([raw.split()[0].split(",")[0]])
    except ValueError:
        return f"days are {_DAYS}"
    if not re.search(r"\d:\d\d", raw):
        return 'add the times: "mon-fri 18:00-09:00"'
    return _WINDOW_CURE


def _read_window(table: Table) -> Window | None:
    weekdays: frozenset[int] = frozenset()
    on_holidays = False
    for path, day in (days := table.texts("days", required=True, example='["sat", "sun"]')):
        try:
            more, holiday = parse_days([day])
        except ValueError:
            table.notes.note(path, day, "bad window: no day", f"days are {_DAYS}")
        else:
            weekdays, on_holidays = weekdays | more, on_holidays or holiday
    if not days and table.raw.get("days") == []:
        table.note("days", "bad window: it opens on no day", 'write days = ["sat", "sun"]')
    opens, closes = _read_clock(table, "from", "08:00"), _read_clock(table, "to", "20:00")
    plus_days = table.whole("plus_days", 0, 0, PLUS_DAYS_MAX)
    except_holidays = table.flag("except_holidays")
    table.done()
    if opens is None or closes is None:
        return None
    if plus_days == 0 and closes < opens:
        table.note("to", "bad window: end before start", "write a later time, or plus_days = 1")
    return Window(weekdays, opens, closes, plus_days, on_holidays, except_holidays)


def _read_clock(table: Table, key: str, example: str) -> int | None:
    value = table.get(key, required=True, example=f'"{example}"')
    if value is None:
        return None
    try:
        if not isinstance(value, str | time):
            raise ValueError("no time of day")
        return parse_clock(value)
    except ValueError as error:
        message = str(error).partition(":")[0]
        table.note(key, f"bad window: {message}", f'write it from "00:00" to "24:00", for example {key} = "{example}"')
        return None


def read_calendar(table: Table) -> Calendar | None:
    """The `holidays` of a table; None when the key is not there."""
    values = table.items("holidays", example=_HOLIDAYS, most=HOLIDAYS_MAX)
    if "holidays" not in table.raw:
        return None
    codes: list[str] = []
    dates: set[date] = set()
    for place, raw in enumerate(values):
        if isinstance(raw, str) and is_code(raw):
            codes.append(raw)
        elif isinstance(raw, date) and not isinstance(raw, datetime):
            dates.add(raw)
        else:
            table.notes.note((*table.at("holidays"), place), raw, "not a holiday", _holiday_cure(raw))
    return Calendar(tuple(codes), frozenset(dates))


def _holiday_cure(raw: object) -> str:
    if isinstance(raw, str) and is_code(raw.strip().upper()):
        return f'did you mean "{raw.strip().upper()}"?'
    if isinstance(raw, datetime):
        return f"write the date alone: {raw.date().isoformat()}"
    if isinstance(raw, str):
        try:
            return f"write it without quotes: {date.fromisoformat(raw).isoformat()}"
        except ValueError:
            pass
    return 'write a country ("IT"), a province ("IT-MI") or a date (2026-12-24)'
