"""The rota engine's figures: our rota file and the same rota as an iCalendar, question by question in turn.

Before anything is believed both must name the same people, at random instants and throughout the year.
"""

import json
import random
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TypeVar

from benchmarks.processes import Failed, installed
from benchmarks.rota_calendar import CalendarRota
from benchmarks.rota_scenario import YEAR, as_calendar, as_file, covers
from schedules.on_duty import spans, who
from schedules.rota import Plan
from schedules.rota_file import load

ROTA = "primary"
# Years before the first turn: asking there compiles the rota and renders nothing of the year.
_BEFORE = datetime(2020, 1, 1, tzinfo=YEAR[0].tzinfo)
# A plan that is asked more often would begin to render.
_COLD_QUESTIONS = 10
_LINES = 10_000
_LINES_TIMEOUT_S = 60.0

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Pair:
    """Seconds: ours, and the iCalendar way's; () where it has no such thing."""

    ours: tuple[float, ...]
    theirs: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class RotaRun:
    """instants: how many both were asked and agreed on; pieces: of the rendered year; the rest: seconds, one a try.

    compiled: the first question to a plan, what it compiles included. cold: a question to a compiled rota about an
    instant of a stretch that was never asked about. rendered: a question to a rendered year.
    from_text: from the file's text to the first answer. lines: 10,000 instants through `reperibile rota who --at -`.
    """

    instants: int
    pieces: int
    parsed: Pair
    compiled: Pair
    cold: Pair
    rendered: Pair
    year: Pair
    from_text: Pair
    lines: Pair


def rota(instants: int, rounds: int, seed: int) -> RotaRun:
    """One run; instants: how many questions of each kind, rounds: how often what takes long is repeated.

    Raises: Failed when the two ways do not name the same people.
    """
    rng = random.Random(seed)  # noqa: S311 - repeatable, not secret
    made = covers()
    file, calendar = as_file(made), as_calendar(made)
    asked = _random_instants(instants, rng)
    plan, theirs = load(file), CalendarRota(calendar)
    pieces = agreed_pieces(plan, theirs)
    cold = _cold(plan, theirs, asked)

    def rendered_year() -> float:
        fresh = _compiled(plan)
        return _taken(lambda: spans(fresh, ROTA, *YEAR))[0]

    return RotaRun(
        instants=instants,
        pieces=pieces,
        parsed=_in_turn(
            rounds, lambda: _taken(lambda: load(file))[0], lambda: _taken(lambda: CalendarRota(calendar))[0]
        ),
        compiled=Pair(tuple(_taken(lambda: who(replace(plan), ROTA, _BEFORE))[0] for _ in range(rounds))),
        cold=cold,
        rendered=Pair(_rendered(plan, asked, rounds), cold.theirs),
        year=_in_turn(rounds, rendered_year, lambda: _taken(lambda: theirs.spans(*YEAR))[0]),
        from_text=_in_turn(
            rounds,
            lambda: _taken(lambda: who(load(file), ROTA, asked[0]))[0],
            lambda: _taken(lambda: CalendarRota(calendar).who(asked[0]))[0],
        ),
        lines=Pair((_through_standard_input(plan, file, _random_instants(_LINES, rng)),)),
    )


def agreed_pieces(plan: Plan, theirs: CalendarRota) -> int:
    """How many pieces the year has. Raises: Failed when the two ways see another one."""
    ours = [(span.start, span.who) for span in spans(plan, ROTA, *YEAR)]
    there = theirs.spans(*YEAR)
    if ours != there:
        differ = next((pair for pair in zip(ours, there, strict=False) if pair[0] != pair[1]), (len(ours), len(there)))
        raise Failed(f"the rota and the iCalendar see another year: {differ}")
    return len(ours)


def _cold(plan: Plan, theirs: CalendarRota, asked: Sequence[datetime]) -> Pair:
    """Each instant asked both ways, some by some in turn. Raises: Failed when they name different people."""
    ours_s: list[float] = []
    theirs_s: list[float] = []
    for first in range(0, len(asked), _COLD_QUESTIONS):
        some, fresh = asked[first : first + _COLD_QUESTIONS], _compiled(plan)
        ours = [_taken(partial(who, fresh, ROTA, at)) for at in some]
        there = [_taken(partial(theirs.who, at)) for at in some]
        for at, (_, people), (_, others) in zip(some, ours, there, strict=True):
            if people != others:
                raise Failed(f"at {at} the rota says {sorted(people)}, the iCalendar {sorted(others)}")
        ours_s += (taken for taken, _ in ours)
        theirs_s += (taken for taken, _ in there)
    return Pair(tuple(ours_s), tuple(theirs_s))


def _rendered(plan: Plan, asked: Sequence[datetime], rounds: int) -> tuple[float, ...]:
    """The mean of each round, for a single question takes hardly longer than looking at the stop-watch."""
    spans(plan, ROTA, *YEAR)

    def ask() -> None:
        for at in asked:
            who(plan, ROTA, at)

    return tuple(_taken(ask)[0] / len(asked) for _ in range(rounds))


def _compiled(plan: Plan) -> Plan:
    """The same plan without anything rendered: what is kept is kept by plan."""
    fresh = replace(plan)
    who(fresh, ROTA, _BEFORE)
    return fresh


def _through_standard_input(plan: Plan, file: str, asked: Sequence[datetime]) -> float:
    """Seconds that `reperibile rota who --at -` takes for all of them, from its first answer to its end.

    Raises: Failed when it answers otherwise than asked here.
    """
    first, *lines = (f"{at.isoformat()}\n".encode() for at in (asked[0], *asked))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rota.toml"
        path.write_text(file, "utf-8")
        command = [*installed(), "rota", "who", str(path), "--rota", ROTA, "--at", "-", "--json"]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:  # noqa: S603 - ours
            assert process.stdin is not None
            assert process.stdout is not None
            process.stdin.write(first)
            process.stdin.flush()
            process.stdout.readline()
            began = time.perf_counter()
            try:
                answers, _ = process.communicate(b"".join(lines), _LINES_TIMEOUT_S)
            except subprocess.TimeoutExpired:
                process.kill()
                raise Failed(f"{len(lines)} instants took longer than {_LINES_TIMEOUT_S:g} s") from None
            taken = time.perf_counter() - began
    if [json.loads(line)["who"] for line in answers.splitlines()] != [sorted(who(plan, ROTA, at)) for at in asked]:
        raise Failed("`rota who --at -` names other people than the engine")
    return taken


def _random_instants(count: int, rng: random.Random) -> list[datetime]:
    seconds = int((YEAR[1] - YEAR[0]).total_seconds())
    return [YEAR[0] + timedelta(seconds=rng.randrange(seconds)) for _ in range(count)]


def _in_turn(rounds: int, ours: Callable[[], float], theirs: Callable[[], float]) -> Pair:
    """One after the other, so that both see the same noise."""
    pairs = [(ours(), theirs()) for _ in range(rounds)]
    return Pair(tuple(each for each, _ in pairs), tuple(each for _, each in pairs))


def _taken(what: Callable[[], T]) -> tuple[float, T]:
    began = time.perf_counter()
    found = what()
    return time.perf_counter() - began, found
