"""How what is wrong or odd about a rota is said: as a line of text, as JSON."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from schedules.problems import Finding, Problem


def problem_json(problem: "Problem") -> dict[str, object]:
    return {
        "file": problem.source,
        "line": problem.line,
        "where": problem.where,
        "value": problem.value,
        "message": problem.message,
        "cure": problem.cure,
    }


def finding_json(finding: "Finding") -> dict[str, object]:
    from schedules.walltime import format_instant

    return {
        "kind": finding.kind,
        "message": finding.message,
        "when": [{"start": format_instant(start), "end": format_instant(end)} for start, end in finding.when],
        "people": list(finding.people),
    }


# So many stretches are named in plain text; --json has all.
_STRETCHES_SHOWN = 6


def finding_text(finding: "Finding") -> str:
    from schedules.walltime import format_instant

    stretches = [f"{format_instant(start)} to {format_instant(end)}" for start, end in finding.when]
    if len(stretches) > _STRETCHES_SHOWN:
        stretches = [*stretches[:_STRETCHES_SHOWN], f"and {len(stretches) - _STRETCHES_SHOWN} more"]
    when = f" ({'; '.join(stretches)})" if stretches else ""
    people = f" [{', '.join(finding.people)}]" if finding.people else ""
    return f"warning: {finding.message}{when}{people}"
