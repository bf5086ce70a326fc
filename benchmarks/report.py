"""How the figures are shown: a table in the terminal, the same in docs/benchmarks.md, a picture, JSON."""

import json
import math
import os
import platform
import sqlite3
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks import rota_scenario
from benchmarks.figures import median, percentile
from benchmarks.results import Results, Row, rota_rows, rows

BEGIN, END = "<!-- bench: begin -->", "<!-- bench: end -->"


def machine() -> str:
    """The processor, how many of it, and what runs on it."""
    model = platform.machine()
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        names = [line.partition(":")[2].strip() for line in cpuinfo.read_text().splitlines() if "model name" in line]
        model = names[0] if names else model
    versions = f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}"
    return f"{os.cpu_count()} × {model}, {platform.system()} {platform.release().split('-')[0]}, {versions}"


def show(results: Results, console: Console) -> None:
    """The tables in the terminal; those that have rows."""
    for title, other, found, caption in (
        ("reperibile beside a plain forwarder", "forwarder", rows(results), conditions(results)),
        ("the rota beside the same as an iCalendar", "iCalendar", rota_rows(results), rota_conditions(results)),
    ):
        if not found:
            continue
        table = Table(title=title, caption="\n".join(caption))
        table.add_column("what")
        for name in ("", "reperibile", other, "ratio", "mark", ""):
            table.add_column(name, justify="right")
        for row in found:
            colour = {"met": "green", "missed": "red"}.get(row.verdict, "")
            verdict = f"[{colour}]{row.verdict}[/]" if colour else ""
            what = f"{row.name} [dim]{row.note}[/]" if row.note else row.name
            table.add_row(what, row.unit, *_numbers(row), _mark(row), verdict)
        console.print(table)


def as_markdown(results: Results) -> str:
    """The same for the documentation."""
    lines = ["![p50 and p99 at three rates, and how much of each mark is used](bench.svg)"]
    lines += ["", *_table(rows(results), "forwarder"), "", *(f"{line}  " for line in conditions(results))]
    if found := rota_rows(results):
        lines += ["", *_table(found, "iCalendar"), "", *(f"{line}  " for line in rota_conditions(results))]
    return "\n".join(lines)


def _table(found: list[Row], other: str) -> list[str]:
    lines = [f"| what | unit | reperibile | {other} | ratio | mark | |", "|---|---|--:|--:|--:|--:|---|"]
    for row in found:
        what = f"{row.name} ({row.note})" if row.note else row.name
        verdict = f"**{row.verdict}**" if row.verdict else ""
        lines.append(f"| {what} | {row.unit} | {' | '.join(_numbers(row))} | {_mark(row)} | {verdict} |")
    return lines


def conditions(results: Results) -> list[str]:
    """What one has to know to compare the figures with another run's, a line each."""
    found = [f"{results.began}; {results.machine}."]
    if results.commit_ms:
        p50, p99 = percentile(results.commit_ms, 50), percentile(results.commit_ms, 99)
        found.append(
            f"Yardstick of this disk: a bare SQLite commit (WAL, synchronous=FULL) took {p50:.2f} ms (p50), "
            f"{p99:.2f} ms (p99), measured {len(results.commit_ms)} times during the run."
        )
    answers = [run.answer_ms for run in results.latencies if run.subject == "reperibile" and run.answer_ms]
    if answers:
        found.append(
            f"Of each latency the stand-in X itself took about {median(answers):.1f} ms for a page of mentions."
        )
    return found


def rota_conditions(results: Results) -> list[str]:
    """What was asked of the rota, and that both ways agreed; the run had failed otherwise."""
    return [
        f"The rota: {rota_scenario.WHAT}. "
        f"Both ways named the same people at {run.instants} random instants and in all {run.pieces} pieces of the year."
        for run in results.rotas[-1:]
    ]


def write_docs(page: Path, results: Results) -> None:
    """Put the table between the markers of the page. Raises: ValueError when they are not there."""
    text = page.read_text("utf-8")
    if BEGIN not in text or END not in text:
        raise ValueError(f"{page} has no {BEGIN} … {END}")
    before, _, rest = text.partition(BEGIN)
    after = rest.partition(END)[2]
    page.write_text(f"{before}{BEGIN}\n{as_markdown(results)}\n{END}{after}", "utf-8")


def as_json(results: Results) -> str:
    """The rows, and every run with all its samples."""
    table = [*values(rows(results), "forwarder"), *values(rota_rows(results), "icalendar")]
    return json.dumps({"rows": table, "runs": asdict(results)}, indent=1, ensure_ascii=False)


def values(found: list[Row], other: str) -> list[dict[str, Any]]:
    """The rows for JSON; what is not there is null."""
    return [
        {
            "name": row.name,
            "unit": row.unit,
            "reperibile": _finite(row.ours),
            other: _finite(row.theirs),
            "ratio": _finite(row.ratio),
            "note": row.note,
            "mark": row.mark.most if row.mark else None,
            "met": row.mark.is_met(row.ours) if row.mark else None,
        }
        for row in found
    ]


def draw(results: Results, path: Path) -> None:
    """A small picture without a background, in colours that can be read on white and on black."""
    import matplotlib

    matplotlib.use("svg")
    import matplotlib.pyplot as plt

    ink, ours, theirs, line = "#808890", "#d9822b", "#808890", "#2f9e8f"
    style: Any = {
        "svg.fonttype": "none",
        "svg.hashsalt": "reperibile",
        "font.family": "sans-serif",
        "font.size": 9,
        "text.color": ink,
        "axes.edgecolor": ink,
        "axes.labelcolor": ink,
        "xtick.color": ink,
        "ytick.color": ink,
    }
    table = rows(results)
    with plt.rc_context(style):
        figure, (left, right) = plt.subplots(1, 2, figsize=(8.6, 3.3), layout="constrained")
        _dots(left, table, ours, theirs, line)
        _bars(right, [*table, *rota_rows(results)], ours, line)
        for axes in (left, right):
            axes.spines[["top", "right"]].set_visible(False)
            axes.patch.set_alpha(0)
        figure.patch.set_alpha(0)
        figure.savefig(path, format="svg", metadata={"Date": None})
        plt.close(figure)
    # Trailing blanks that matplotlib leaves would only be noise in a diff.
    path.write_text("\n".join(part.rstrip() for part in path.read_text("utf-8").splitlines()) + "\n", "utf-8")


def _dots(axes: Any, table: list[Row], ours: str, theirs: str, line: str) -> None:
    """p50 and p99 at each rate, both subjects, on a logarithmic scale."""
    found = [row for row in table if row.unit == "ms"]
    pairs = list(zip(found[::2], found[1::2], strict=True))
    labels = []
    for y, (p50, p99) in enumerate(pairs):
        for shift, colour, low, high in ((0.16, ours, p50.ours, p99.ours), (-0.16, theirs, p50.theirs, p99.theirs)):
            axes.plot([low, high], [y + shift] * 2, color=colour, linewidth=2)
            axes.plot([low], [y + shift], "o", color=colour, markersize=6)
            axes.plot([high], [y + shift], "|", color=colour, markersize=9, markeredgewidth=2)
        for row, sign in ((p50, "o"), (p99, "|")):
            if row.mark:
                axes.plot([row.mark.most], [y + 0.38], sign, color=line, markersize=5)
        labels.append(p50.name.split(", ")[1].removesuffix(", p50"))
    axes.set_xscale("log")
    axes.set_yticks(range(len(labels)), labels)
    axes.set_ylim(-0.6, len(labels) - 0.3)
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:g}")
    axes.set_xlabel("ms, p50 ●  p99 |")
    axes.set_title("visible at X → accepted by Telegram", fontsize=9)
    axes.plot([], [], color=ours, linewidth=2, label="reperibile")
    axes.plot([], [], color=theirs, linewidth=2, label="forwarder")
    axes.plot([], [], "o", color=line, markersize=5, label="mark")
    axes.legend(frameon=False, fontsize=8, loc="best", labelcolor="linecolor")


def _bars(axes: Any, table: list[Row], ours: str, line: str) -> None:
    """How much of each mark is used; left of the line it is met."""
    names = {
        "latency_20_p50": "p50 at 20/s",
        "latency_20_p99": "p99 at 20/s",
        "backlog_judged": "backlog",
        "restart": "start → poll",
        "memory": "memory",
        "rota_cold": "rota: who",
        "rota_rendered": "who, rendered",
        "rota_year": "rota: a year",
        "rota_lines": "10,000 instants",
    }
    marked = [row for row in reversed(table) if row.mark]
    used = [100 * row.ours / row.mark.most for row in marked if row.mark]
    axes.barh([names[row.mark.figure] for row in marked if row.mark], used, color=ours, height=0.55)
    for y, (row, share) in enumerate(zip(marked, used, strict=True)):
        assert row.mark is not None
        shown = f"{_number(row.ours)} of {row.mark.most:g} {row.unit}"
        # To the right of bar and line, so that neither runs through it.
        axes.text(max(share, 100.0) * 1.04, y, shown, va="center", fontsize=8)
    axes.axvline(100, color=line, linewidth=1.5)
    axes.set_xlim(0, max(100.0, *used) * 1.45)
    axes.set_xlabel("% of the mark")
    axes.set_title("marks (at most)", fontsize=9)


def _numbers(row: Row) -> tuple[str, str, str]:
    times = "" if math.isnan(row.ratio) else f"{_number(row.ratio)} ×"
    return _number(row.ours), _number(row.theirs), times


def _number(value: float) -> str:
    """Three figures that mean something, two of what is small; "–" for what is not there."""
    if math.isnan(value):
        return "–"
    if value >= 100:
        return f"{value:,.0f}"
    if value >= 10:
        return f"{value:.1f}"
    return f"{value:.2f}" if value >= 0.1 or value == 0 else f"{value:.2g}"


def _mark(row: Row) -> str:
    return f"≤ {row.mark.most:g}" if row.mark else ""


def _finite(value: float) -> float | None:
    return None if math.isnan(value) else value
