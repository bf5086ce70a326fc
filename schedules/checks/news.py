"""What is new between two looks at a rota, so that nobody is told the same twice."""

from collections.abc import Iterable
from dataclasses import replace

from schedules.checks.stretches import joined, without
from schedules.problems import Finding, Stretch

# These are about how a rota is, not about dates: they are new or they are not.
_WITHOUT_DATES = frozenset({"unequal_load", "lonely_line"})


def news(before: Iterable[Finding], after: Iterable[Finding]) -> list[Finding]:
    """What stands in `after` and not in `before`, in its order: whole findings, or only their new stretches."""
    known: dict[tuple[object, ...], list[Stretch]] = {}
    for finding in before:
        known.setdefault(_what(finding), []).extend(finding.when)
        if finding.about == "everywhere":
            # Who heard that nobody is on any rota need not hear that nobody is on this one.
            for rota in finding.rotas:
                known.setdefault((finding.kind, (rota,), ""), []).extend(finding.when)
    found = []
    for finding in after:
        what = _what(finding)
        if what not in known:
            found.append(finding)
        elif finding.kind not in _WITHOUT_DATES and (left := without(finding.when, joined(known[what]))):
            found.append(replace(finding, when=tuple(left)))
    return found


def _what(finding: Finding) -> tuple[object, ...]:
    if finding.kind in ("gap", "same_person", "same_network", "unequal_load"):
        # Who it is about may change from look to look; the trouble is the same.
        return finding.kind, finding.rotas, finding.about
    return finding.kind, finding.people, finding.about
