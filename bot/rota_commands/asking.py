"""Questions about a rota: is it right, who is on duty, and when."""

import json
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from bot.rota_commands.findings import database_findings, finding_json, problem_json
from bot.rota_commands.saying import say_findings, say_problems, say_summary
from bot.rota_commands.shared import (
    ConfigOption,
    FileArgument,
    FromOption,
    JsonOption,
    RotaOption,
    ToOption,
    asked_stretch,
    rota_plan,
    rota_store,
    rota_text,
    say_json,
    tell,
    this_second,
)

if TYPE_CHECKING:
    from schedules.problems import Finding, Problem
    from schedules.rota import Plan


def check(file: FileArgument = None, as_json: JsonOption = False, config: ConfigOption = None) -> None:
    """Say everything that is wrong (exit 1) or odd (warnings) about a rota."""
    from schedules.checks import findings
    from schedules.problems import RotaErrors
    from schedules.rota_file import load

    problems: tuple[Problem, ...] = ()
    warnings: list[Finding] = []
    plan: Plan | None = None
    try:
        text, source = rota_text(file, config)
        plan, now = load(text, source), this_second()
        warnings = findings(plan, now)
        if file is None:
            warnings += database_findings(plan, rota_store(config), now)
    except RotaErrors as errors:
        problems = errors.problems
    if as_json:
        say_json(
            {
                "ok": not problems,
                "errors": [problem_json(problem) for problem in problems],
                "warnings": [finding_json(finding) for finding in warnings],
            }
        )
    else:
        say_problems(problems)
        say_findings(warnings, plan)
        say_summary(len(problems), len(warnings))
    if problems:
        raise typer.Exit(1)


def who(
    rota: RotaOption,
    at: Annotated[str, typer.Option("--at", help="An instant, a wall time, or - for one a line from standard input.")],
    file: FileArgument = None,
    as_json: JsonOption = False,
    config: ConfigOption = None,
) -> None:
    """Who is on duty at an instant."""
    plan = rota_plan(file, config, rota)
    failed = False
    for asked in _lines_in() if at == "-" else [at]:
        line, good = _who_line(plan, rota, asked, as_json)
        failed = failed or not good
        if good or as_json or at == "-":
            # Flushed each time, so that a program may ask, read the answer and ask again.
            print(line, flush=at == "-")
        else:
            tell(json.loads(line)["error"])
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

    plan = rota_plan(file, config, rota)
    found = on_duty_spans(plan, rota, *asked_stretch(plan, start, end))
    rows = [(format_instant(span.start), format_instant(span.end), sorted(span.who)) for span in found]
    if as_json:
        say_json([{"start": begins, "end": ends, "who": people} for begins, ends, people in rows])
    else:
        for begins, ends, people in rows:
            print(f"{begins}\t{ends}\t{','.join(people)}")
