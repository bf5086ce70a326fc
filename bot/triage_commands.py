"""`reperibile triage`: judge mentions from a file, or measure the judge on labelled ones.

What other tools read goes to standard output as JSON, in the shape DESIGN.md fixes; all else to standard error.
"""

import json as jsonlib
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

if TYPE_CHECKING:
    # The rules and their words take a while to prepare: only who judges waits for them, no other command does.
    from bot.core.triage import Judge
    from bot.core.triage_measure import Labelled, Measured

_LINE_LENGTH_MAX = 1_000_000
_LINES = ("119", "187", "191", "unknown")


def triage_command(
    file: Annotated[str, typer.Argument(help="Mentions, one JSON object a line; - reads standard input.")] = "",
    eval: Annotated[Path | None, typer.Option("--eval", help="Labelled mentions to measure the judge on.")] = None,  # noqa: A002,RUF100  # the contract's name
    json: Annotated[bool, typer.Option("--json", help="With --eval: figures as one JSON object.")] = False,
) -> None:
    """Judge mentions: how urgent, which line, and why."""
    if eval is not None:
        _evaluate(eval, as_json=json)
        return
    if not file:
        raise typer.BadParameter("say which file to read, or - for standard input", param_hint="FILE")
    any_bad = False
    for answer in answers(_lines_of(file)):
        any_bad = any_bad or "error" in answer
        sys.stdout.write(jsonlib.dumps(answer, ensure_ascii=False) + "\n")
    sys.stdout.flush()
    if any_bad:
        raise typer.Exit(1)


def answers(lines: Iterable[str], by: "Judge | None" = None) -> Iterator[dict[str, Any]]:
    """One answer a line, in order; {"id": null, "error": …} for a line that cannot be read. Blank lines are skipped.

    by: the judge; None for ours.
    """
    if by is None:
        from bot.core.triage import judge

        by = judge
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            row = _parsed(line)
        except ValueError as error:
            yield {"id": None, "error": f"line {number}: {error}"}
            continue
        found = by(row["text"], row.get("lang") or "und")
        yield {
            "id": row["id"],
            "urgency": found.urgency.value,
            "line": found.line,
            "score": found.score,
            "reasons": list(found.reasons),
        }


def _parsed(line: str) -> dict[str, Any]:
    """A line as an object with "id" and "text". Raises ValueError with what is wrong, never quoting the text."""
    if len(line) > _LINE_LENGTH_MAX:
        raise ValueError(f"longer than {_LINE_LENGTH_MAX} characters")
    try:
        row = jsonlib.loads(line)
    except (ValueError, RecursionError) as error:
        raise ValueError("not JSON") from error
    if not isinstance(row, dict):
        raise ValueError("not a JSON object")
    if not isinstance(row.get("id"), str | int) or isinstance(row.get("id"), bool):
        raise ValueError('"id" is missing or neither text nor number')
    if not isinstance(row.get("text"), str):
        raise ValueError('"text" is missing or no text')
    if not isinstance(row.get("lang"), str | None):
        raise ValueError('"lang" is no text')
    return row


def _lines_of(file: str) -> Iterator[str]:
    # Undecodable bytes become replacement characters: one broken mention must not hide the ones behind it.
    if file == "-":
        for raw in sys.stdin.buffer:
            yield raw.decode("utf-8", errors="replace")
        return
    try:
        with Path(file).open(encoding="utf-8-sig", errors="replace", newline="\n") as opened:
            yield from opened
    except OSError as error:
        _fail(f"Cannot read {file}: {error.strerror or error}")


def _evaluate(file: Path, *, as_json: bool) -> None:
    from bot.core.triage import judge
    from bot.core.triage_measure import measure

    rows = list(_labelled(file))
    if not rows:
        _fail(f"{file} holds no labelled mention")
    started = time.perf_counter()
    judgements = [judge(row.text, row.lang) for row in rows]
    us_per_mention = (time.perf_counter() - started) / len(rows) * 1e6
    result = measure(rows, judgements)
    figures = {
        **_figures(result),
        "by_lang": {lang: _figures(part) for lang, part in result.by_lang.items()},
        "us_per_mention": round(us_per_mention, 1),
    }
    if as_json:
        sys.stdout.write(jsonlib.dumps(figures) + "\n")
    else:
        _print_table(result, us_per_mention)


def _labelled(file: Path) -> "Iterator[Labelled]":
    from bot.core.mention import Urgency
    from bot.core.triage_measure import Labelled

    for number, line in enumerate(_lines_of(str(file)), start=1):
        if not line.strip():
            continue
        try:
            row = _parsed(line)
            urgency = Urgency(str(row.get("urgency")))
            if row.get("line") not in _LINES:
                raise ValueError('"line" is none of ' + ", ".join(_LINES))
        except ValueError as error:
            # A measure over half a file looks like a measure over all of it: refuse.
            _fail(f"{file}, line {number}: {error}")
        yield Labelled(row["text"], row.get("lang") or "und", urgency, row["line"])


def _figures(result: "Measured") -> dict[str, Any]:
    return {
        "n": result.n,
        "alarm": {
            "precision": result.precision,
            "recall": result.recall,
            "f1": result.f1,
            "false_alarm_rate": result.false_alarm_rate,
        },
        "recall_at_fa": {f"{rate:.2f}": recall for rate, recall in result.recall_at_false_alarm_rate.items()},
        "critical_recall": result.critical_recall,
        "line_accuracy": result.line_accuracy,
    }


def _print_table(result: "Measured", us_per_mention: float) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(title=f"Triage on {result.n} mentions")
    table.add_column("")
    parts = {"all": result, **result.by_lang}
    for name in parts:
        table.add_column(name, justify="right")

    def row(label: str, *values: float | None) -> None:
        table.add_row(label, *("–" if value is None else f"{value:.3f}" for value in values))

    table.add_row("mentions", *(str(part.n) for part in parts.values()))
    row("alarm precision", *(part.precision for part in parts.values()))
    row("alarm recall", *(part.recall for part in parts.values()))
    row("alarm F1", *(part.f1 for part in parts.values()))
    row("false alarm rate", *(part.false_alarm_rate for part in parts.values()))
    for rate in result.recall_at_false_alarm_rate:
        row(f"recall at {rate:.0%} false alarms", *(p.recall_at_false_alarm_rate[rate] for p in parts.values()))
    row("critical recall", *(part.critical_recall for part in parts.values()))
    row("line accuracy", *(part.line_accuracy for part in parts.values()))
    Console().print(table)
    Console().print(f"{us_per_mention:.0f} µs per mention")


def _fail(why: str) -> NoReturn:
    typer.echo(why, err=True)
    raise typer.Exit(1)
