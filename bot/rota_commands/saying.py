"""Mistakes and warnings as a person reads them.

Piped they are one line each, which other programs rely on. On a terminal the place stands first, as terminals make it
a link, in red or yellow, and what to do about it on a line of its own; NO_COLOR is heeded by rich.
"""

import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING

from bot.rota_commands.findings import finding_text, stretches_shown
from bot.rota_commands.shared import tell

if TYPE_CHECKING:
    from rich.console import Console

    from schedules.problems import Finding, Problem
    from schedules.rota import Plan


def say_problems(problems: "Iterable[Problem]") -> None:
    """All mistakes, to standard error."""
    terminal = _terminal()
    for problem in problems:
        if terminal is None:
            tell(f"error: {problem}")
        else:
            show_problem(terminal, problem)


def say_findings(findings: "Iterable[Finding]", plan: "Plan | None") -> None:
    """All warnings, to standard error. plan: for dates as its zone's clocks show them."""
    terminal = _terminal()
    for finding in findings:
        if terminal is None:
            tell(finding_text(finding, plan))
        else:
            show_finding(terminal, finding, plan)


def say_summary(errors: int, warnings: int) -> None:
    """How many of each, to standard error."""
    said = f"{errors} errors, {warnings} warnings"
    terminal = _terminal()
    if terminal is None:
        tell(said)
    else:
        terminal.print(said, style="bold red" if errors else "bold yellow" if warnings else "bold green")


def show_problem(terminal: "Console", problem: "Problem") -> None:
    """One mistake on a terminal: where, what, and the cure."""
    from rich.text import Text

    what = " = ".join(part for part in (problem.where, problem.value) if part)
    terminal.print(Text.assemble((f"{problem.source}:{problem.line}", "bold red"), f"  {what}" if what else ""))
    _below(terminal, problem.message, "red")
    _below(terminal, f"→ {problem.cure}", "")


def show_finding(terminal: "Console", finding: "Finding", plan: "Plan | None") -> None:
    """One warning on a terminal: what, and when."""
    from rich.text import Text

    terminal.print(Text.assemble(("warning  ", "bold yellow"), finding.message))
    for stretch in stretches_shown(finding, plan):
        _below(terminal, stretch, "dim")


def _below(terminal: "Console", text: str, style: str) -> None:
    from rich.padding import Padding
    from rich.text import Text

    terminal.print(Padding(Text(text, style), (0, 0, 0, 4), expand=False))


def _terminal() -> "Console | None":
    """Standard error, if somebody looks at it; None when it is piped."""
    if not sys.stderr.isatty():
        return None
    from rich.console import Console

    return Console(stderr=True, highlight=False)
