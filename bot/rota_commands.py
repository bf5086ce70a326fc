"""`reperibile rota …`: ask a rota file or the stored rota, and keep its revisions.

The store is opened through `open_rota_store`, which bot/__main__.py sets: these commands must start at once and know no
table. Results go to standard output, what is said to a person to standard error; exit codes: 0, 1 for errors in the
file or the input, 2 for wrong usage. Source: ROTA.md, "The commands".
"""

import json
import sys
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn, Protocol

import typer

from bot.clock import Clock

if TYPE_CHECKING:
    from schedules.problems import Finding, Problem
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


# Set by bot/__main__.py; the argument is the path of --config, None for the usual place.
open_rota_store: Callable[[Path | None], RotaStore] | None = None
clock: Clock = Clock()

# A question over more years than this is a mistake, and answering it would take minutes.
YEARS_MAX = 200
WEEKS_MAX = 104
AUTHOR = "command line"

rota_app = typer.Typer(
    help="Who is on duty: check a rota file, ask it, keep its revisions.", no_args_is_help=True, add_completion=False
)

FileArgument = Annotated[
    Path | None, typer.Argument(help="A rota file; without it the stored rota is read.", show_default=False)
]
ConfigOption = Annotated[Path | None, typer.Option("--config", help="The settings that name the database.")]
RotaOption = Annotated[str, typer.Option("--rota", help="The rota's name.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Answer in JSON.")]
FromOption = Annotated[str, typer.Option("--from", help="Beginning: a date, a wall time or an instant.")]
ToOption = Annotated[str, typer.Option("--to", help="End, not included.")]


# -- asking --


@rota_app.command()
def check(file: FileArgument = None, as_json: JsonOption = False, config: ConfigOption = None) -> None:
    """Say everything that is wrong (exit 1) or odd (warnings) about a rota."""
    from schedules.checks import findings
    from schedules.problems import RotaErrors
    from schedules.rota_file import load

    problems: tuple[Problem, ...] = ()
    warnings: list[Finding] = []
    try:
        text, source = _text(file, config)
        warnings = findings(load(text, source), _now())
    except RotaErrors as errors:
        problems = errors.problems
    if as_json:
        _say_json(
            {
                "ok": not problems,
                "errors": [_problem_json(problem) for problem in problems],
                "warnings": [_finding_json(finding) for finding in warnings],
            }
        )
    else:
        for problem in problems:
            _tell(f"error: {problem}")
        for finding in warnings:
            _tell(_finding_text(finding))
        _tell(f"{len(problems)} errors, {len(warnings)} warnings")
    if problems:
        raise typer.Exit(1)


@rota_app.command()
def who(
    rota: RotaOption,
    at: Annotated[str, typer.Option("--at", help="An instant, a wall time, or - for one a line from standard input.")],
    file: FileArgument = None,
    as_json: JsonOption = False,
    config: ConfigOption = None,
) -> None:
    """Who is on duty at an instant."""
    plan = _plan(file, config, rota)
    failed = False
    for asked in _lines_in() if at == "-" else [at]:
        line, good = _who_line(plan, rota, asked, as_json)
        failed = failed or not good
        if good or as_json or at == "-":
            # Flushed each time, so that a program may ask, read the answer and ask again.
            print(line, flush=at == "-")
        else:
            _tell(json.loads(line)["error"])
    if failed:
        raise typer.Exit(1)


def _who_line(plan: "Plan", rota: str, asked: str, as_json: bool) -> tuple[str, bool]:
    from schedules.on_duty import who as on_duty
    from schedules.walltime import format_instant, parse_instant

    try:
        at = parse_instant(asked, plan.timezone)
    except ValueError as error:
        return json.dumps({"at": asked, "error": str(error)}), False
    people, written = sorted(on_duty(plan, rota, at)), format_instant(at)
    if as_json:
        return json.dumps({"rota": rota, "at": written, "who": people}), True
    return f"{written}\t{','.join(people)}", True


def _lines_in() -> Iterator[str]:
    for raw in sys.stdin.buffer:
        line = raw.decode("utf-8", "replace").strip()
        if line:
            yield line


@rota_app.command()
def spans(
    rota: RotaOption,
    start: FromOption,
    end: ToOption,
    file: FileArgument = None,
    as_json: JsonOption = False,
    config: ConfigOption = None,
) -> None:
    """Who is on duty through a stretch of time, cut at each change."""
    from schedules.on_duty import spans as on_duty_spans
    from schedules.walltime import format_instant

    plan = _plan(file, config, rota)
    found = on_duty_spans(plan, rota, *_stretch(plan, start, end))
    rows = [(format_instant(span.start), format_instant(span.end), sorted(span.who)) for span in found]
    if as_json:
        _say_json([{"start": begins, "end": ends, "who": people} for begins, ends, people in rows])
    else:
        for begins, ends, people in rows:
            print(f"{begins}\t{ends}\t{','.join(people)}")


@rota_app.command()
def load(
    rota: RotaOption,
    start: FromOption,
    end: ToOption,
    file: FileArgument = None,
    as_json: JsonOption = False,
    config: ConfigOption = None,
) -> None:
    """Hours of duty of each person: in all, on weekends, at night, on holidays."""
    from schedules.load import load as loads

    plan = _plan(file, config, rota)
    rows = {
        person: {
            "hours": _hours(each.total),
            "weekend": _hours(each.weekend),
            "night": _hours(each.night),
            "holiday": _hours(each.holiday),
        }
        for person, each in sorted(loads(plan, rota, *_stretch(plan, start, end)).items())
    }
    if as_json:
        _say_json(rows)
    else:
        print("person\thours\tweekend\tnight\tholiday")
        for person, row in rows.items():
            print("\t".join([person, *(f"{hours:g}" for hours in row.values())]))


@rota_app.command()
def show(
    file: FileArgument = None,
    weeks: Annotated[int, typer.Option("--weeks", min=1, max=WEEKS_MAX, help="How many weeks.")] = 4,
    rota: Annotated[str | None, typer.Option("--rota", help="Only this rota.")] = None,
    png: Annotated[Path | None, typer.Option("--png", help="Write a picture instead.")] = None,
    config: ConfigOption = None,
) -> None:
    """The coming weeks as a table: one row a week, one colour a person, gaps in red, today marked."""
    if png is not None:
        _tell("--png comes with a later version; without it the table is shown here")
        raise typer.Exit(2)
    from bot.rota_table import print_weeks

    plan = _plan(file, config, rota)
    print_weeks(plan, [rota] if rota else list(plan.rotas), clock.now(), weeks)


# -- revisions --


@rota_app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="The rota file to make current.")],
    by: Annotated[str, typer.Option("--by", help="Who made the change.")] = AUTHOR,
    why: Annotated[str, typer.Option("--why", help="Why it was made.")] = "",
    config: ConfigOption = None,
) -> None:
    """Make a file the current revision; refused when it has errors."""
    from schedules.checks import findings

    store = _store(config)
    plan = _plan(file, config)
    for finding in findings(plan, _now()):
        _tell(_finding_text(finding))
    _save(store, plan.text, by, why or f"import of {file.name}")


@rota_app.command()
def export(config: ConfigOption = None) -> None:
    """Write the current revision to standard output, word for word."""
    # As bytes: the text keeps its own line ends and letters, whatever the terminal's.
    sys.stdout.buffer.write(_current(_store(config))[1].encode("utf-8"))
    sys.stdout.buffer.flush()


@rota_app.command()
def history(as_json: JsonOption = False, config: ConfigOption = None) -> None:
    """The revisions, newest first."""
    from schedules.walltime import format_instant

    rows = [(number, author, format_instant(at), why) for number, author, at, why in _store(config).history()]
    if as_json:
        _say_json([{"revision": n, "author": author, "made_at": at, "why": why} for n, author, at, why in rows])
    else:
        for row in rows:
            print("\t".join(str(cell).replace("\t", " ").replace("\n", " ") for cell in row))


@rota_app.command()
def restore(
    number: Annotated[int, typer.Argument(help="The revision to bring back.")],
    by: Annotated[str, typer.Option("--by", help="Who made the change.")] = AUTHOR,
    config: ConfigOption = None,
) -> None:
    """Make an old revision current again, as a new one."""
    from schedules.problems import RotaErrors
    from schedules.rota_file import load as load_file

    store = _store(config)
    text = store.get(number)
    if text is None:
        _refuse(f"there is no revision {number}; `reperibile rota history` lists them")
    try:
        load_file(text, f"revision {number}")
    except RotaErrors as errors:
        _refuse_file(errors.problems)
    _save(store, text, by, f"restore of revision {number}")


def _save(store: RotaStore, text: str, author: str, why: str) -> None:
    from bot.errors import Refused

    current = store.current()
    if current is not None and current[1] == text:
        _tell(f"revision {current[0]} already says exactly this; nothing was changed")
        return
    try:
        number = store.save(text, author, why, current[0] if current else None)
    except Refused as refused:
        _refuse(f"not saved: {refused}; somebody else changed the rota meanwhile, look at `reperibile rota history`")
    _tell(f"revision {number} is current")


# -- reading --


def _store(config: Path | None) -> RotaStore:
    if open_rota_store is None:
        _refuse("this needs the database, which is not connected here; give a rota FILE or use the reperibile command")
    return open_rota_store(config)


def _current(store: RotaStore) -> tuple[int, str]:
    current = store.current()
    if current is None:
        _refuse("the database has no rota yet; `reperibile rota import FILE` brings one in")
    return current


def _text(file: Path | None, config: Path | None) -> tuple[str, str]:
    """The rota's text, and the name to report its mistakes under.

    Raises: RotaErrors when the file is no text.
    """
    from schedules.problems import Problem, RotaErrors

    if file is None:
        number, text = _current(_store(config))
        return text, f"revision {number}"
    try:
        raw = file.read_bytes()
    except OSError as error:
        _refuse(f"{file}: cannot be read: {error.strerror or error}")
    except ValueError:
        _refuse(f"{str(file)!r}: no name of a file")
    try:
        return raw.decode("utf-8"), str(file)
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise RotaErrors((Problem(str(file), line, "", "", "not UTF-8", "save the file as UTF-8"),)) from None


def _plan(file: Path | None, config: Path | None, rota: str | None = None) -> "Plan":
    from schedules.problems import RotaErrors
    from schedules.rota_file import load as load_file

    try:
        text, source = _text(file, config)
        plan = load_file(text, source)
    except RotaErrors as errors:
        _refuse_file(errors.problems)
    if rota is not None and rota not in plan.rotas:
        _refuse(f"{source}: no rota {rota!r}; there are: {', '.join(plan.rotas)}")
    return plan


def _now() -> datetime:
    """Now, to the second: nobody reads further in a message."""
    return clock.now().replace(microsecond=0)


def _stretch(plan: "Plan", start: str, end: str) -> tuple[datetime, datetime]:
    from schedules.walltime import parse_instant

    try:
        first, last = parse_instant(start, plan.timezone), parse_instant(end, plan.timezone)
    except ValueError as error:
        _refuse(str(error))
    if last < first:
        _refuse("--to is before --from")
    if last - first > timedelta(days=366 * YEARS_MAX):
        _refuse(f"at most {YEARS_MAX} years at once")
    return first, last


# -- saying --


def _say_json(value: object) -> None:
    print(json.dumps(value))


def _tell(text: str) -> None:
    typer.echo(text, err=True)


def _refuse(text: str) -> NoReturn:
    _tell(text)
    raise typer.Exit(1)


def _refuse_file(problems: "tuple[Problem, ...]") -> NoReturn:
    for problem in problems:
        _tell(f"error: {problem}")
    raise typer.Exit(1)


def _hours(length: timedelta) -> float:
    return round(length / timedelta(hours=1), 6)


def _problem_json(problem: "Problem") -> dict[str, object]:
    return {
        "file": problem.source,
        "line": problem.line,
        "where": problem.where,
        "value": problem.value,
        "message": problem.message,
        "cure": problem.cure,
    }


def _finding_json(finding: "Finding") -> dict[str, object]:
    from schedules.walltime import format_instant

    return {
        "kind": finding.kind,
        "message": finding.message,
        "when": [{"start": format_instant(start), "end": format_instant(end)} for start, end in finding.when],
        "people": list(finding.people),
    }


# So many stretches are named in plain text; --json has all.
_STRETCHES_SHOWN = 6


def _finding_text(finding: "Finding") -> str:
    from schedules.walltime import format_instant

    stretches = [f"{format_instant(start)} to {format_instant(end)}" for start, end in finding.when]
    if len(stretches) > _STRETCHES_SHOWN:
        stretches = [*stretches[:_STRETCHES_SHOWN], f"and {len(stretches) - _STRETCHES_SHOWN} more"]
    when = f" ({'; '.join(stretches)})" if stretches else ""
    people = f" [{', '.join(finding.people)}]" if finding.people else ""
    return f"warning: {finding.message}{when}{people}"
