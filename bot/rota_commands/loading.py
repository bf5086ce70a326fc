"""`reperibile rota load`: how much each person does, and how often they were called out. Counted, never ranked."""

import sys
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.rota_commands.shared import (
    ConfigOption,
    FileArgument,
    JsonOption,
    asked_stretch,
    refuse,
    rota_plan,
    rota_store,
    say_json,
    this_second,
)

if TYPE_CHECKING:
    from schedules.load import Load
    from schedules.rota import Plan

_HEAD = ("person", "hours", "weekend", "night", "holiday", "weekends", "nights")
_CALL_OUTS = "call_outs"


def load(
    file: FileArgument = None,
    rota: Annotated[str | None, typer.Option("--rota", help="One rota; all together without it.")] = None,
    start: Annotated[
        str | None, typer.Option("--from", help="Beginning: a date, a wall time or an instant; else of this quarter.")
    ] = None,
    end: Annotated[
        str | None, typer.Option("--to", help="End, not included; else that of the quarter in which it begins.")
    ] = None,
    as_json: JsonOption = False,
    with_calls: Annotated[
        bool, typer.Option("--call-outs", help="In JSON, too, say how often each was called out; not with FILE.")
    ] = False,
    config: ConfigOption = None,
) -> None:
    """Hours of duty of each person: in all, on weekends, at night, on holidays; from the database with call-outs."""
    from schedules.load import load_of_rotas

    if file is not None and with_calls:
        refuse("--call-outs are in the database alone: leave FILE away")
    plan = rota_plan(file, config, rota)
    first, last = _stretch(plan, start, end)
    loads = load_of_rotas(plan, [rota] if rota is not None else plan.rotas, first, last)
    calls = None if file is not None or (as_json and not with_calls) else _calls(plan, config, first, last)
    if as_json:
        # The keys are a contract: call-outs come only when they are asked for.
        say_json({person: _row(each) | _called(calls, person) for person, each in loads.items()})
    elif sys.stdout.isatty():
        _table(plan, rota, loads, calls, first, last)
    else:
        print("\t".join([*_HEAD, *([_CALL_OUTS] if calls is not None else [])]))
        for person, each in loads.items():
            print("\t".join([person, *_cells(each), *(str(n) for n in _called(calls, person).values())]))


def _stretch(plan: "Plan", start: str | None, end: str | None) -> tuple[datetime, datetime]:
    from schedules.load import quarter
    from schedules.walltime import format_instant

    begins = start if start is not None else format_instant(quarter(plan, this_second())[0])
    if end is None:
        end = format_instant(quarter(plan, asked_stretch(plan, begins, begins)[0])[1])
    return asked_stretch(plan, begins, end)


def _calls(plan: "Plan", config: Path | None, start: datetime, end: datetime) -> dict[str, int]:
    from schedules.call_outs import called_out

    # One that began before is none of these, though it still went on.
    outs = called_out(plan, rota_store(config).called(start - timedelta(days=1), end))
    return {person: sum(start <= each.start for each in mine) for person, mine in outs.items()}


def _called(calls: Mapping[str, int] | None, person: str) -> dict[str, int]:
    return {} if calls is None else {_CALL_OUTS: calls[person]}


def _row(each: "Load") -> dict[str, float]:
    from schedules.load import as_hours

    parts = {"hours": each.total, "weekend": each.weekend, "night": each.night, "holiday": each.holiday}
    return {name: as_hours(length) for name, length in parts.items()}


def _cells(each: "Load") -> list[str]:
    return [*(f"{hours:g}" for hours in _row(each).values()), str(each.weekends), str(each.nights)]


def _table(
    plan: "Plan",
    rota: str | None,
    loads: Mapping[str, "Load"],
    calls: Mapping[str, int] | None,
    start: datetime,
    end: datetime,
) -> None:
    from zoneinfo import ZoneInfo

    from rich.console import Console
    from rich.table import Table

    here = ZoneInfo(plan.timezone)
    begins, ends = (f"{at.astimezone(here):%a %Y-%m-%d %H:%M}" for at in (start, end))
    title = f"{rota or ', '.join(plan.rotas)}: {begins} to {ends}"
    table = Table(title=title, title_justify="left", caption="Parts overlap: a Sunday night is weekend and night.")
    heads: Sequence[str] = [*_HEAD, *(["call-outs"] if calls is not None else [])]
    for place, head in enumerate(heads):
        table.add_column(head, justify="right" if place else "left")
    for person, each in loads.items():
        cells = [plan.people[person].name, *_cells(each), *(str(n) for n in _called(calls, person).values())]
        table.add_row(*cells)
    Console(markup=False, highlight=False).print(table)
