"""Requests between colleagues: a swap of two duties, or one to be taken over. What they write into the rota file.

A swap that was asked stands in the file with `open = true` and has no effect (ROTA.md); one that is to be taken over
is only asked. Both hold from the other person's Yes on.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from schedules.problems import Stretch
from schedules.rota import Given, Plan, Replace, Swap
from schedules.rota_edit import add_override, without_override


@dataclass(frozen=True, slots=True)
class Request:
    """`asker` would give `mine` to `other`, and take `theirs` for it (None: nothing for it). All on one rota."""

    asker: str
    other: str
    rota: str
    mine: Stretch
    theirs: Stretch | None = None

    @property
    def first(self) -> datetime:
        """When the first of the duties begins."""
        return min(self.mine[0], self.theirs[0]) if self.theirs else self.mine[0]

    @property
    def last(self) -> datetime:
        return max(self.mine[1], self.theirs[1]) if self.theirs else self.mine[1]

    def as_facts(self) -> dict[str, Any]:
        return {
            "asker": self.asker,
            "other": self.other,
            "rota": self.rota,
            "mine": [at.isoformat() for at in self.mine],
            "theirs": [at.isoformat() for at in self.theirs] if self.theirs else [],
        }


def request_of(facts: Mapping[str, Any]) -> Request:
    """A request back from a question's facts."""
    mine, theirs = (tuple(map(datetime.fromisoformat, facts[key])) for key in ("mine", "theirs"))
    theirs_or_none = (theirs[0], theirs[1]) if theirs else None
    return Request(str(facts["asker"]), str(facts["other"]), str(facts["rota"]), (mine[0], mine[1]), theirs_or_none)


def asked(plan: Plan, request: Request, now: datetime) -> str:
    """The file with the request in it; only for one that gives something for it."""
    return add_override(plan.text, request.rota, _swap(request, is_open=True), now)


def place_of(plan: Plan, request: Request) -> int | None:
    """Where the open request stands among its rota's overrides; None when it does not, or not any more."""
    if request.theirs is None or request.rota not in plan.rotas:
        return None
    wanted = _swap(request, is_open=True)
    overrides = plan.rotas[request.rota].overrides
    return next((place for place in reversed(range(len(overrides))) if overrides[place] == wanted), None)


def taken_back(plan: Plan, request: Request) -> str | None:
    """The file without the request; None when it does not stand there, or so that only a person can take it out.

    What is left over has no effect.
    """
    place = place_of(plan, request)
    try:
        return None if place is None else without_override(plan.text, request.rota, place)
    except ValueError:
        return None


def agreed(plan: Plan, request: Request, now: datetime) -> str:
    """The file in which it holds, from `now` on: what a person did until then stays theirs.

    The request need not stand there any more; then it is only written. Raises: KeyError without its rota.
    """
    text = taken_back(plan, request) or plan.text
    minute = now.replace(second=0, microsecond=0)
    mine = (max(request.mine[0], minute), request.mine[1])
    if request.theirs is None:
        stand_in = Replace(request.asker, request.other, *mine, by=request.asker)
        return add_override(text, request.rota, stand_in, now)
    theirs = (max(request.theirs[0], minute), request.theirs[1])
    from_now = Request(request.asker, request.other, request.rota, mine, theirs)
    return add_override(text, request.rota, _swap(from_now, is_open=False), now)


def _swap(request: Request, *, is_open: bool) -> Swap:
    assert request.theirs is not None
    first, second = Given(request.asker, *request.mine), Given(request.other, *request.theirs)
    return Swap(first, second, is_open, by=request.asker)
