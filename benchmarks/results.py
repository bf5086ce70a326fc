"""What a whole run found, and the rows that people read of it. Pure: values in, rows out."""

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from benchmarks.figures import MARKS, Mark, median, percentile, ratio
from benchmarks.processes import Subject
from benchmarks.rota import Pair, RotaRun
from benchmarks.scenarios import Backlog, Day, Latency, Start

# A smaller one says nothing about the mark.
BACKLOG_OF_THE_MARK = 5000
READS = ("post_read", "owned_read", "user_read")


@dataclass(slots=True)
class Results:
    """Every run of one bench, in the order in which they were made, and what the machine is like."""

    machine: str
    began: str
    commit_ms: list[float] = field(default_factory=list)
    latencies: list[Latency] = field(default_factory=list)
    backlogs: list[Backlog] = field(default_factory=list)
    starts: list[Start] = field(default_factory=list)
    days: list[Day] = field(default_factory=list)
    rotas: list[RotaRun] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table. theirs: the forwarder's or the iCalendar's, NaN where it has no such thing.

    note: samples, conditions.
    """

    name: str
    unit: str
    ours: float
    theirs: float
    note: str = ""
    mark: Mark | None = None

    @property
    def ratio(self) -> float:
        return ratio(self.ours, self.theirs)

    @property
    def verdict(self) -> str:
        """ "met" or "missed", "" without a mark."""
        if self.mark is None:
            return ""
        return "met" if self.mark.is_met(self.ours) else "missed"


def rows(results: Results) -> list[Row]:
    """The table, top to bottom; what was not run is left out."""
    found = [*_latencies(results), *_backlog(results), *_upkeep(results), *_cost(results)]
    return [row for row in found if not math.isnan(row.ours)]


def rota_rows(results: Results) -> list[Row]:
    """The table of the rota engine, beside the iCalendar way; empty when it was not run."""
    if not results.rotas:
        return []
    run = results.rotas[-1]
    asked = f"median of {run.instants}"

    def row(name: str, unit: str, pair: Pair, note: str, figure: str = "") -> Row:
        times = {"s": 1, "ms": 1e3, "µs": 1e6}[unit]
        return Row(name, unit, times * median(pair.ours), times * median(pair.theirs), note, _mark(figure))

    rounds = f"median of {len(run.year.ours)}"
    return [
        row("who is on duty at an instant never asked about", "ms", run.cold, asked, "rota_cold"),
        row("who is on duty at an instant of a rendered year", "µs", run.rendered, asked, "rota_rendered"),
        row(f"a year rendered ({run.pieces} pieces)", "ms", run.year, rounds, "rota_year"),
        row("the file parsed", "ms", run.parsed, rounds),
        row("the rota compiled, with its first answer", "ms", run.compiled, rounds),
        row("from the file's text to the first answer", "ms", run.from_text, rounds),
        row("10,000 instants by `rota who --at -`, after its start", "s", run.lines, "", "rota_lines"),
    ]


def _latencies(results: Results) -> Iterator[Row]:
    for rate in sorted({run.rate for run in results.latencies}):
        ours, theirs = (_samples(results, rate, subject) for subject in ("reperibile", "forwarder"))
        lost = sum(run.lost for run in results.latencies if run.rate == rate and run.subject == "reperibile")
        note = f"{len(ours)} alarms" + (f", {lost} did not ring in time" if lost else "")
        for percent in (50, 99):
            yield Row(
                f"visible at X → accepted by Telegram, {rate:g} mentions/s, p{percent}",
                "ms",
                percentile(ours, percent),
                percentile(theirs, percent),
                note,
                _mark(f"latency_{rate:g}_p{percent}"),
            )


def _samples(results: Results, rate: float, subject: Subject) -> list[float]:
    """Milliseconds, of all rounds."""
    return [
        sample * 1000
        for run in results.latencies
        if run.rate == rate and run.subject == subject
        for sample in run.samples
    ]


def _backlog(results: Results) -> Iterator[Row]:
    if not results.backlogs:
        return
    of = results.backlogs[0]
    what = f"backlog of {of.mentions:,} mentions, {of.alarms:,} alarms"
    rounds = f"median of {sum(run.subject == 'reperibile' for run in results.backlogs)}"

    def middle(subject: Subject, value: Callable[[Backlog], float | None]) -> float:
        return median(
            [found for run in results.backlogs if run.subject == subject and (found := value(run)) is not None]
        )

    # The forwarder keeps nothing: its alarms are safe when Telegram has them.
    sent = middle("forwarder", lambda run: run.rung_s)
    judged = middle("reperibile", lambda run: run.judged_s)
    since_start = middle("reperibile", lambda run: None if run.judged_s is None else run.first_poll_s + run.judged_s)
    mark = _mark("backlog_judged") if of.mentions >= BACKLOG_OF_THE_MARK else None
    yield Row(f"{what}: first poll → all judged, alarms in the outbox", "s", judged, sent, rounds, mark)
    theirs = middle("forwarder", lambda run: run.first_poll_s + run.rung_s)
    yield Row("the same from the start of the process", "s", since_start, theirs, rounds)
    yield Row("the same until the last phone rang", "s", middle("reperibile", lambda run: run.rung_s), sent, rounds)


def _upkeep(results: Results) -> Iterator[Row]:
    def first_polls(subject: Subject) -> list[float]:
        return [run.first_poll_s for run in results.starts if run.subject == subject]

    def load(rate: float, subject: Subject) -> float:
        runs = [run for run in results.latencies if run.rate == rate and run.subject == subject]
        return ratio(60 * sum(run.cpu_s for run in runs), sum(run.wall_s for run in runs))

    def backlog_cpu(subject: Subject) -> float:
        return median([run.cpu_s for run in results.backlogs if run.subject == subject])

    starts = f"median of {len(first_polls('reperibile'))}"
    yield Row(
        "start of the process → first poll",
        "s",
        median(first_polls("reperibile")),
        median(first_polls("forwarder")),
        starts,
        _mark("restart"),
    )
    for rate in sorted({run.rate for run in results.latencies}):
        yield Row(f"CPU in a minute at {rate:g} mentions/s", "s", load(rate, "reperibile"), load(rate, "forwarder"))
    yield Row(
        "CPU for the backlog, start and sending included", "s", backlog_cpu("reperibile"), backlog_cpu("forwarder")
    )
    ours, theirs = (_peak(results, subject) for subject in ("reperibile", "forwarder"))
    yield Row("peak memory, over all scenarios", "MiB", ours, theirs, "", _mark("memory"))


def _peak(results: Results, subject: Subject) -> float:
    runs: Iterable[Latency | Backlog | Start | Day] = [
        *results.latencies,
        *results.backlogs,
        *results.starts,
        *results.days,
    ]
    return max((run.peak_mib for run in runs if run.subject == subject), default=math.nan)


def _cost(results: Results) -> Iterator[Row]:
    """What X charges, by the stand-in's meter at the published prices."""
    days = {run.subject: run for run in results.days}
    ours, theirs = days.get("reperibile"), days.get("forwarder")
    if ours is None:
        return
    read = [
        f"{found['count']} {kind}s" for kind, found in ours.cost["kinds"].items() if kind in READS and found["count"]
    ]
    yield Row(
        f"X's price for reading {ours.mentions} mentions",
        "$",
        _dollars(ours, READS),
        _dollars(theirs, READS) if theirs else math.nan,
        ", ".join(read).replace("_", " "),
    )
    yield Row(f"X's price for them and {ours.replies} replies", "$", float(ours.cost["total_usd"]), math.nan)


def _dollars(day: Day, kinds: Sequence[str]) -> float:
    return sum(float(found["usd"]) for kind, found in day.cost["kinds"].items() if kind in kinds)


def _mark(figure: str) -> Mark | None:
    return next((mark for mark in MARKS if mark.figure == figure), None)
