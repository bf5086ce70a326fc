"""A warning about the rota as JSON values, as it waits in the outbox, and back."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from schedules.problems import Finding

# A message on a phone names so many dates of one warning; `rota check` has them all.
WHEN_MAX = 3


def as_facts(finding: Finding) -> dict[str, Any]:
    """What words are made of; without the English message. more: how many stretches are left out."""
    return {
        "kind": finding.kind,
        "when": [[start.isoformat(), end.isoformat()] for start, end in finding.when[:WHEN_MAX]],
        "more": max(len(finding.when) - WHEN_MAX, 0),
        "people": list(finding.people),
        "rotas": list(finding.rotas),
        "about": finding.about,
        "amounts_s": [int(amount.total_seconds()) for amount in finding.amounts],
    }


def from_facts(facts: Mapping[str, Any]) -> tuple[Finding, int]:
    """The warning without its message, and how many stretches were left out."""
    when = tuple((datetime.fromisoformat(start), datetime.fromisoformat(end)) for start, end in facts["when"])
    amounts = tuple(timedelta(seconds=each) for each in facts["amounts_s"])
    found = Finding(facts["kind"], "", when, tuple(facts["people"]), tuple(facts["rotas"]), facts["about"])
    return replace(found, amounts=amounts), int(facts["more"])
