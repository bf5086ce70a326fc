"""What the rota commands share: where the rota is read from, and how they speak.

Results go to standard output, what is said to a person to standard error; exit codes: 0, 1 for errors in the file or
the input, 2 for wrong usage.
"""

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn, Protocol

import typer

from bot.clock import Clock

if TYPE_CHECKING:
    from schedules.problems import Problem
    from schedules.rota import Plan


class RotaStore(Protocol):
    """The numbered revisions of the rota, oldest 1. `made_at` is aware UTC."""

    def current(self) -> tuple[int, str] | None:
        """Number and text of the newest revision; None when there is none."""

    def save(self, text: str, author: str, why: str, base: int | None) -> int:
        """Store a new revision made from revision `base` and return its number.

        Raises: Refused when `base` is no longer the newest.
        """
        ...

    def history(self) -> list[tuple[int, str, datetime, str]]:
        """Number, author, made_at and why of each revision, newest first."""
        ...

    def get(self, number: int) -> str | None:
        """The text of one revision; None when there is no such number."""

    def reachable(self) -> Collection[str]:
        """Whose phone can be rung."""
        ...

    def called(self, since: datetime, until: datetime) -> Mapping[str, Sequence[datetime]]:
        """Person → when they were rung or did something about a ticket, in [since, until)."""
        ...


@dataclass(slots=True)
class Around:
    """What bot/__main__.py (or a test) puts in: these commands must start at once and know no table."""

    clock: Clock
    open_store: Callable[[Path | None], RotaStore] | None = None
    """The argument is the path of --config, None for the usual place."""


around = Around(Clock())

# A question over more years than this is a mistake, and answering it would take minutes.
YEARS_MAX = 200
AUTHOR = "command line"

FileArgument = Annotated[
    Path | None, typer.Argument(help="A rota file; without it the stored rota is read.", show_default=False)
]
ConfigOption = Annotated[Path | None, typer.Option("--config", help="The settings that name the database.")]
RotaOption = Annotated[str, typer.Option("--rota", help="The rota's name.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Answer in JSON.")]
FromOption = Annotated[str, typer.Option("--from", help="Beginning: a date, a wall time or an instant.")]
ToOption = Annotated[str, typer.Option("--to", help="End, not included.")]


# -- reading --


def rota_store(config: Path | None) -> RotaStore:
    if around.open_store is None:
        refuse("this needs the database, which is not connected here; give a rota FILE or use the reperibile command")
    return around.open_store(config)


def current_revision(store: RotaStore) -> tuple[int, str]:
    current = store.current()
    if current is None:
        refuse("the database has no rota yet; `reperibile rota import FILE` brings one in")
    return current


def rota_text(file: Path | None, config: Path | None) -> tuple[str, str]:
    """The rota's text, and the name to report its mistakes under.

    Raises: RotaErrors when the file is no text, or too long for a rota.
    """
    from schedules.rota_file import BYTES_MAX, decode

    if file is None:
        number, text = current_revision(rota_store(config))
        return text, f"revision {number}"
    try:
        with file.open("rb") as opened:
            raw = opened.read(BYTES_MAX + 1)
    except OSError as error:
        refuse(f"{file}: cannot be read: {error.strerror or error}")
    except ValueError:
        refuse(f"{str(file)!r}: no name of a file")
    return decode(raw, str(file)), str(file)


def rota_plan(file: Path | None, config: Path | None, rota: str | None = None) -> "Plan":
    from schedules.problems import RotaErrors
    from schedules.rota_file import load as load_file

    try:
        text, source = rota_text(file, config)
        plan = load_file(text, source)
    except RotaErrors as errors:
        refuse_file(errors.problems)
    if rota is not None and rota not in plan.rotas:
        refuse(f"{source}: no rota {rota!r}; there are: {', '.join(plan.rotas)}")
    return plan


def this_second() -> datetime:
    """Now, to the second: nobody reads further in a message."""
    return around.clock.now().replace(microsecond=0)


def asked_stretch(plan: "Plan", start: str, end: str) -> tuple[datetime, datetime]:
    from schedules.walltime import parse_instant

    try:
        first, last = parse_instant(start, plan.timezone), parse_instant(end, plan.timezone)
    except ValueError as error:
        refuse(str(error))
    if last < first:
        refuse("--to is before --from")
    if last - first > timedelta(days=366 * YEARS_MAX):
        refuse(f"at most {YEARS_MAX} years at once")
    return first, last


# -- saying --


def say_json(value: object) -> None:
    print(json.dumps(value))


def tell(text: str) -> None:
    typer.echo(text, err=True)


def refuse(text: str) -> NoReturn:
    tell(text)
    raise typer.Exit(1)


def refuse_file(problems: "tuple[Problem, ...]") -> NoReturn:
    from bot.rota_commands.saying import say_problems

    say_problems(problems)
    raise typer.Exit(1)
