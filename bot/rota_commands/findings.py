"""How what is wrong or odd about a rota is said: as a line of text, as JSON."""

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from datetime import datetime

    from bot.rota_commands.shared import RotaStore
    from schedules.problems import Finding, Problem
    from schedules.rota import Plan


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
        "rotas": list(finding.rotas),
    }


# So many stretches are named in plain text; --json has all.
_STRETCHES_SHOWN = 6


def finding_text(finding: "Finding", plan: "Plan | None" = None) -> str:
    """One line. plan: for dates as its zone's clocks show them; without it in UTC."""
    stretches = stretches_shown(finding, plan)
    when = f" ({'; '.join(stretches)})" if stretches else ""
    people = f" [{', '.join(finding.people)}]" if finding.people else ""
    return f"warning: {finding.message}{when}{people}"


def stretches_shown(finding: "Finding", plan: "Plan | None") -> list[str]:
    """When it is, the first few stretches, and how many more there are."""
    stretches = [_stretch(start, end, plan) for start, end in finding.when]
    if len(stretches) > _STRETCHES_SHOWN:
        return [*stretches[:_STRETCHES_SHOWN], f"and {len(stretches) - _STRETCHES_SHOWN} more"]
    return stretches


def _stretch(start: "datetime", end: "datetime", plan: "Plan | None") -> str:
    from schedules.walltime import format_instant

    if plan is None:
        return f"{format_instant(start)} to {format_instant(end)}"
    here = ZoneInfo(plan.timezone)
    begins, ends = start.astimezone(here), end.astimezone(here)
    # Once a year an hour stands twice on the clock: its offset tells which is meant.
    exact = "" if begins.utcoffset() == ends.utcoffset() else "%z"
    return f"{begins:%a %Y-%m-%d %H:%M{exact}} to {ends:%a %Y-%m-%d %H:%M{exact}}"


def database_findings(plan: "Plan", store: "RotaStore", now: "datetime") -> "list[Finding]":
    """The warnings that need the database: phones that cannot be rung, and rest cut short by call-outs."""
    from schedules.call_outs import called_out
    from schedules.checks import LOOK_AHEAD
    from schedules.checks.phones import no_phone
    from schedules.checks.rest import LOOK_BACK, rest

    called = called_out(plan, store.called(now - LOOK_BACK, now))
    return [*no_phone(plan, now, now + LOOK_AHEAD, store.reachable()), *rest(plan, now, called)]
