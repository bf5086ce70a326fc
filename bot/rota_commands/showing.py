"""`reperibile rota show`: the coming weeks, in the terminal or as a picture."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.rota_commands.shared import ConfigOption, FileArgument, around, refuse, rota_plan

if TYPE_CHECKING:
    from schedules.rota import Plan

WEEKS_MAX = 104


def show(
    file: FileArgument = None,
    weeks: Annotated[int, typer.Option("--weeks", min=1, max=WEEKS_MAX, help="How many weeks.")] = 4,
    rota: Annotated[str | None, typer.Option("--rota", help="Only this rota.")] = None,
    png: Annotated[Path | None, typer.Option("--png", help="Write a picture to this file, or - to print it.")] = None,
    language: Annotated[
        str | None, typer.Option("--language", help="it or en; else the picture speaks as most of the team.")
    ] = None,
    config: ConfigOption = None,
) -> None:
    """The coming weeks, true to time: one colour a person, gaps in red, today and holidays marked."""
    from bot.wording.words import LANGUAGES

    if language is not None and language not in LANGUAGES:
        raise typer.BadParameter(f"{language!r} is none of {', '.join(LANGUAGES)}", param_hint="--language")
    plan = rota_plan(file, config, rota)
    rotas = [rota] if rota else list(plan.rotas)
    if png is not None:
        _write(_picture(plan, rotas, weeks, language), png)
        return
    from bot.rota_table import print_weeks

    # The terminal speaks English, like all other commands, unless it is asked.
    print_weeks(plan, rotas, around.clock.now(), weeks, language or "en")


def _picture(plan: "Plan", rotas: list[str], weeks: int, language: str | None) -> bytes:
    from bot.rota_picture import WEEKS_MAX as PICTURE_WEEKS_MAX
    from bot.rota_picture import rota_png
    from bot.wording.words import language_of, most_read

    if weeks > PICTURE_WEEKS_MAX:
        refuse(f"a picture of more than {PICTURE_WEEKS_MAX} weeks is read by nobody; leave out --png for {weeks} weeks")
    team = most_read(language_of(person.language) for person in plan.people.values())
    return rota_png(plan, rotas, around.clock.now(), weeks, language or team)


def _write(picture: bytes, png: Path) -> None:
    if str(png) == "-":
        sys.stdout.buffer.write(picture)
        sys.stdout.buffer.flush()
        return
    try:
        png.write_bytes(picture)
    except OSError as error:
        refuse(f"{png}: cannot be written: {error.strerror or error}")
    except ValueError:
        refuse(f"{str(png)!r}: no name of a file")
