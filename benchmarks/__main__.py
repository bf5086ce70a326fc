"""`python -m benchmarks`: everything, or one scenario by itself."""

import argparse
import json
import random
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from benchmarks import figures, prepared, scenarios
from benchmarks.forwarder import is_alarm
from benchmarks.processes import SUBJECTS, Failed, Subject
from benchmarks.texts import Kind, misjudged, said
from bot.core.triage import judge


def main() -> None:
    options = _options()
    refuse_misjudged()
    subjects: tuple[Subject, ...] = SUBJECTS if not options.alone else ("reperibile",)
    try:
        with _scratch(options.scratch) as folder:
            _SCENARIOS[options.scenario](options, subjects, folder)
    except Failed as problem:
        sys.exit(f"the benchmark failed: {problem}")


def refuse_misjudged() -> None:
    """Raises: SystemExit naming texts that are not judged as intended: the figures would not mean what they say."""
    kinds: list[Kind] = [kind for kind in ("alarm", "normal", "noise") for _ in range(700)]
    posts = said(kinds, "Care1", random.Random(7))  # noqa: S311 - repeatable, not secret
    wrong = list(misjudged(posts, lambda text, lang: judge(text, lang).urgency.value, is_alarm))
    if wrong:
        sys.exit("these texts are not judged as intended, see benchmarks/texts.py:\n" + "\n".join(wrong[:20]))


def _backlog(options: argparse.Namespace, subjects: tuple[Subject, ...], folder: Path) -> None:
    past = _past(folder, scenarios.BACKLOG_HANDLES)
    for number in range(options.rounds):
        for subject in subjects:
            run = scenarios.backlog(
                subject,
                options.mentions,
                options.mentions // 10,
                past,
                folder / f"backlog-{number}-{subject}",
                number,
                options.profile if subject == "reperibile" else None,
            )
            _show(asdict(run))


def _latency(options: argparse.Namespace, subjects: tuple[Subject, ...], folder: Path) -> None:
    past = _past(folder, scenarios.LATENCY_HANDLES)
    for number in range(options.rounds):
        for subject in subjects:
            run = scenarios.latency(
                subject,
                options.rate,
                options.seconds,
                past,
                folder / f"latency-{number}-{subject}",
                number,
                options.profile if subject == "reperibile" else None,
            )
            values = asdict(run)
            samples = values.pop("samples")
            values["p50_ms"], values["p99_ms"] = (figures.percentile(samples, p) * 1000 for p in (50, 99))
            values["samples"] = len(samples)
            _show(values)


def _start(options: argparse.Namespace, subjects: tuple[Subject, ...], folder: Path) -> None:
    past = _past(folder, scenarios.LATENCY_HANDLES)
    for number in range(options.rounds):
        for subject in subjects:
            _show(asdict(scenarios.start(subject, past, folder / f"start-{number}-{subject}", options.profile)))


_SCENARIOS = {"backlog": _backlog, "latency": _latency, "start": _start}


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--alone", action="store_true", help="without the forwarder")
    parser.add_argument("--rounds", type=int, default=1, help="how often, service and forwarder in turn")
    parser.add_argument("--profile", type=Path, help="run the service under cProfile, one file a thread in this folder")
    parser.add_argument("--scratch", type=Path, help="where databases and logs go, and stay (a real disk)")
    scenario = parser.add_subparsers(dest="scenario", required=True)
    backlog = scenario.add_parser("backlog", help="what came in while the service was down")
    backlog.add_argument("--mentions", type=int, default=5000)
    latency = scenario.add_parser("latency", help="visible at X to accepted by Telegram")
    latency.add_argument("--rate", type=float, default=20.0, help="mentions a second")
    latency.add_argument("--seconds", type=float, default=30.0)
    scenario.add_parser("start", help="process start to first poll")
    return parser.parse_args()


@contextmanager
def _scratch(given: Path | None) -> Iterator[Path]:
    """An empty folder on a real disk: /tmp may be memory, where a commit costs nothing."""
    if given is not None:
        given.mkdir(parents=True, exist_ok=True)
        yield Path(tempfile.mkdtemp(prefix="run-", dir=given)).resolve()
        return
    with tempfile.TemporaryDirectory(prefix=".bench-", dir=Path.cwd()) as folder:
        yield Path(folder).resolve()


def _past(folder: Path, handles: tuple[str, ...]) -> Path:
    past = folder / f"past-{len(handles)}"
    past.mkdir()
    prepared.prepare(past, handles)
    return past


def _show(values: dict[str, Any]) -> None:
    print(json.dumps(values), flush=True)


if __name__ == "__main__":
    main()
