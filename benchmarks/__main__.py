"""`python -m benchmarks` measures everything, service and forwarder in turn, and renews docs/benchmarks.md.

python -m benchmarks --quick                              about a minute, for a first impression; renews nothing
python -m benchmarks latency --rate 20 --seconds 30       one scenario by itself, a line of JSON a run
python -m benchmarks --alone --profile DIR backlog        only the service, under cProfile
python -m benchmarks --alone rota                         the rota engine beside an iCalendar, seconds
"""

import argparse
import json
import random
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich.console import Console

from benchmarks import figures, prepared, report, scenarios
from benchmarks.forwarder import is_alarm
from benchmarks.processes import ROOT, SUBJECTS, Failed, Subject
from benchmarks.results import Results, rota_rows, rows
from benchmarks.rota import RotaRun, rota
from benchmarks.texts import Kind, misjudged, said
from bot.core.triage import judge

DOCS = ROOT / "docs"


@dataclass(frozen=True, slots=True)
class Plan:
    """How much is measured. latencies: (mentions a second, seconds) of each run, in order; a rate may come twice.

    rota: how many instants are asked, and how often what takes long is repeated.
    """

    latencies: tuple[tuple[float, float], ...]
    backlog_rounds: int
    backlog: int
    starts: int
    day: int
    replies: int
    rota: tuple[int, int]


# p99 wants many alarms where a mark depends on it: 100 at 20 a second, in two rounds; about nine minutes in all.
FULL = Plan(((20, 50), (1, 40), (200, 50), (20, 50)), 3, 5000, 5, 500, 10, (300, 15))
QUICK = Plan(((20, 6), (1, 4), (200, 4)), 1, 1000, 1, 100, 2, (100, 3))


def main() -> None:
    options = _options()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that no process of ours is left behind
    refuse_misjudged()
    try:
        with _scratch(options.scratch) as folder:
            bench = _Bench(options, folder)
            match options.scenario:
                case "backlog":
                    bench.some(options.rounds, lambda subject, seed: bench.backlog(subject, options.mentions, seed))
                case "latency":
                    bench.some(
                        options.rounds,
                        lambda subject, seed: bench.latency(subject, options.rate, options.seconds, seed),
                    )
                case "start":
                    bench.some(options.rounds, lambda subject, _: bench.start(subject))
                case "rota":
                    bench.rotas(options.rounds, options.instants)
                case _:
                    everything(bench, QUICK if options.quick else FULL, options)
    except Failed as problem:
        sys.exit(f"the benchmark failed: {problem}")


def everything(bench: "_Bench", plan: Plan, options: argparse.Namespace) -> None:
    """The whole plan, service and forwarder in turn so that both see the same noise; then table, picture, JSON."""
    results = Results(report.machine(), datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"))
    for number in range(plan.backlog_rounds):
        results.commit_ms += bench.commits_ms()
        results.backlogs += [bench.backlog(subject, plan.backlog, number) for subject in bench.subjects]
    for number, (rate, seconds) in enumerate(plan.latencies):
        results.latencies += [bench.latency(subject, rate, seconds, number) for subject in bench.subjects]
        results.commit_ms += bench.commits_ms()
    for _ in range(plan.starts):
        results.starts += [bench.start(subject) for subject in bench.subjects]
    results.days += [bench.day(subject, plan.day, plan.replies) for subject in bench.subjects]
    results.rotas.append(bench.rota(*plan.rota, 0))
    report.show(results, Console(width=150) if not sys.stdout.isatty() else Console())
    if options.json is not None:
        options.json.write_text(report.as_json(results) + "\n", "utf-8")
    if options.quick or options.alone:
        return
    report.write_docs(DOCS / "benchmarks.md", results)
    report.draw(results, DOCS / "bench.svg")
    missed = [row.name for row in (*rows(results), *rota_rows(results)) if row.verdict == "missed"]
    _tell("docs/benchmarks.md and docs/bench.svg are renewed" + (f"; missed: {'; '.join(missed)}" if missed else ""))


class _Bench:
    """Runs scenarios, each in a folder of its own, and tells how it goes on."""

    def __init__(self, options: argparse.Namespace, folder: Path) -> None:
        self.subjects: tuple[Subject, ...] = SUBJECTS if not options.alone else ("reperibile",)
        self._profile: Path | None = options.profile.resolve() if options.profile else None
        self._folder = folder
        self._pasts: dict[int, Path] = {}
        self._runs = 0

    def some(self, rounds: int, one: Any) -> None:
        """One scenario by itself, a line of JSON a run."""
        for number in range(rounds):
            for subject in self.subjects:
                values = asdict(one(subject, number))
                if "samples" in values:
                    samples = [1000 * sample for sample in values.pop("samples")]
                    values |= {f"p{p}_ms": round(figures.percentile(samples, p), 2) for p in (50, 99)}
                    values["alarms"] = len(samples)
                print(json.dumps(values), flush=True)

    def latency(self, subject: Subject, rate: float, seconds: float, seed: int) -> scenarios.Latency:
        folder = self._new(f"{rate:g} mentions/s for {seconds:g} s", subject)
        past = self._past(scenarios.LATENCY_HANDLES)
        return scenarios.latency(subject, rate, seconds, past, folder, seed, self._profile)

    def backlog(self, subject: Subject, count: int, seed: int) -> scenarios.Backlog:
        folder = self._new(f"a backlog of {count} mentions", subject)
        past = self._past(scenarios.BACKLOG_HANDLES)
        return scenarios.backlog(subject, count, count // 10, past, folder, seed, self._profile)

    def start(self, subject: Subject) -> scenarios.Start:
        folder = self._new("start", subject)
        return scenarios.start(subject, self._past(scenarios.LATENCY_HANDLES), folder, self._profile)

    def day(self, subject: Subject, count: int, replies: int) -> scenarios.Day:
        folder = self._new(f"{count} mentions and {replies} replies", subject)
        return scenarios.day(subject, count, replies, self._past(scenarios.LATENCY_HANDLES), folder, 0)

    def rota(self, instants: int, rounds: int, seed: int) -> RotaRun:
        _tell(f"the rota, {instants} instants")
        return rota(instants, rounds, seed)

    def rotas(self, runs: int, instants: int) -> None:
        """The rota by itself: a line of JSON a run, and its table beside."""
        results = Results(report.machine(), datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"))
        for number in range(runs):
            results.rotas.append(self.rota(instants, FULL.rota[1], number))
            print(json.dumps(report.values(rota_rows(results), "icalendar"), ensure_ascii=False), flush=True)
            report.show(results, Console(stderr=True, width=None if sys.stderr.isatty() else 150))

    def commits_ms(self) -> list[float]:
        """The disk's yardstick, taken again and again between the runs."""
        return [1000 * taken for taken in scenarios.commit_s(self._folder)]

    def _new(self, what: str, subject: Subject) -> Path:
        self._runs += 1
        _tell(f"{subject}: {what}")
        return self._folder / f"{self._runs:02d}-{subject}"

    def _past(self, handles: tuple[str, ...]) -> Path:
        """A database with a past for these accounts, made at the first need."""
        if len(handles) not in self._pasts:
            past = self._pasts[len(handles)] = self._folder / f"past-{len(handles)}"
            past.mkdir()
            prepared.prepare(past, handles)
        return self._pasts[len(handles)]


def refuse_misjudged(count: int = 400) -> None:
    """Raises: SystemExit naming texts that are not judged as intended: the figures would not mean what they say."""
    kinds: list[Kind] = ["alarm", "normal", "noise"] * count
    posts = said(kinds, "Care1", random.Random(7))  # noqa: S311 - repeatable, not secret
    wrong = list(misjudged(posts, lambda text, lang: judge(text, lang).urgency.value, is_alarm))
    if wrong:
        sys.exit("these texts are not judged as intended, see benchmarks/texts.py:\n" + "\n".join(wrong[:20]))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--quick", action="store_true", help="about a minute; the documentation stays as it is")
    parser.add_argument("--json", type=Path, metavar="FILE", help="all figures and samples")
    parser.add_argument("--alone", action="store_true", help="without the forwarder; the documentation stays as it is")
    parser.add_argument("--profile", type=Path, metavar="DIR", help="the service under cProfile, a file a thread")
    parser.add_argument("--scratch", type=Path, metavar="DIR", help="where databases and logs go, and stay")
    parser.add_argument("--rounds", type=int, default=1, help="of a scenario by itself")
    scenario = parser.add_subparsers(dest="scenario")
    backlog = scenario.add_parser("backlog", help="what came in while the service was down")
    backlog.add_argument("--mentions", type=int, default=5000)
    latency = scenario.add_parser("latency", help="visible at X to accepted by Telegram")
    latency.add_argument("--rate", type=float, default=20.0, help="mentions a second")
    latency.add_argument("--seconds", type=float, default=30.0)
    scenario.add_parser("start", help="process start to first poll")
    rota_alone = scenario.add_parser("rota", help="who is on duty, beside the same rota as an iCalendar")
    rota_alone.add_argument("--instants", type=int, default=300)
    return parser.parse_args()


@contextmanager
def _scratch(given: Path | None) -> Iterator[Path]:
    """An empty folder beside this file: the checkout is on a real disk, /tmp may be memory, where a commit is free."""
    if given is not None:
        given.mkdir(parents=True, exist_ok=True)
        yield Path(tempfile.mkdtemp(prefix="run-", dir=given)).resolve()
        return
    with tempfile.TemporaryDirectory(prefix="scratch-", dir=Path(__file__).parent) as folder:
        yield Path(folder).resolve()


_BEGAN = time.monotonic()


def _tell(what: str) -> None:
    print(f"{time.monotonic() - _BEGAN:4.0f} s  {what}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
