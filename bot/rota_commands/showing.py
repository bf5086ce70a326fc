"""`reperibile rota show`: the coming weeks, in the terminal or as a picture."""

from pathlib import Path
from typing import Annotated

import typer

from bot.rota_commands.shared import ConfigOption, FileArgument, around, rota_plan, tell

WEEKS_MAX = 104


def show(
    file: FileArgument = None,
    weeks: Annotated[int, typer.Option("--weeks", min=1, max=WEEKS_MAX, help="How many weeks.")] = 4,
    rota: Annotated[str | None, typer.Option("--rota", help="Only this rota.")] = None,
    png: Annotated[Path | None, typer.Option("--png", help="Write a picture instead.")] = None,
    config: ConfigOption = None,
) -> None:
    """The coming weeks as a table: one row a week, one colour a person, gaps in red, today marked."""
    if png is not None:
        tell("--png comes with a later version; without it the table is shown here")
        raise typer.Exit(2)
    from bot.rota_table import print_weeks

    plan = rota_plan(file, config, rota)
    print_weeks(plan, [rota] if rota else list(plan.rotas), around.clock.now(), weeks)
