"""The benchmark itself: its arithmetic, its texts, and that its table and picture say what was measured."""

import io
import json
import math
from datetime import UTC, datetime
from pathlib import Path

import pytest
from rich.console import Console

from benchmarks import forwarder, report
from benchmarks.__main__ import refuse_misjudged
from benchmarks.figures import MARKS, median, percentile, ratio
from benchmarks.results import Results, rota_rows, rows
from benchmarks.rota import Pair, RotaRun
from benchmarks.scenarios import Backlog, Day, Latency, Start, heap, steady
from bot.sandbox.x_cost import Meter

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    ("samples", "percent", "expected"),
    [
        ([7.0], 50, 7.0),
        ([7.0], 99, 7.0),
        ([4.0, 1.0, 3.0, 2.0], 50, 2.0),
        ([4.0, 1.0, 3.0, 2.0], 99, 4.0),
        ([float(n) for n in range(100, 0, -1)], 99, 99.0),
        ([float(n) for n in range(101)], 99, 99.0),
    ],
)
def test_percentiles_are_samples(samples: list[float], percent: float, expected: float) -> None:
    """A percentile between two samples would be a latency that nobody ever saw."""
    assert percentile(samples, percent) == expected


def test_of_nothing_there_is_no_figure() -> None:
    """A scenario that was not run must not show as quick."""
    assert math.isnan(percentile([], 99))
    assert math.isnan(median([]))
    assert math.isnan(ratio(1.0, math.nan))
    assert median([3.0, 1.0]) == 2.0


def test_a_wave_has_one_alarm_a_second() -> None:
    """At every rate the phone rings about once a second; what comes besides is what the rates differ in."""
    for rate, seconds in ((1, 10), (20, 10)):
        wave = steady(rate, seconds, "Care1", 1)
        alarms = [at for at, _, _, _, kind in wave if kind == "alarm"]
        assert len(wave) == rate * seconds
        assert [int(at) for at in alarms] == list(range(seconds))


def test_a_backlog_is_shared_out_and_its_alarms_come_from_as_many_people() -> None:
    """X shows the newest 800 mentions of an account; and two alarms of one person would be one ticket."""
    wave = heap(400, 40, ("Care1", "Care2"), 1)
    alarms = [author for _, author, _, _, kind in wave if kind == "alarm"]
    assert len(alarms) == len(set(alarms)) == 40
    assert sum("@Care1 " in text for _, _, text, _, _ in wave) == 200


def test_the_texts_are_judged_as_intended() -> None:
    """By the service's rules and by the forwarder's list of words; else both would do less than it seems."""
    refuse_misjudged(120)


def test_the_forwarder_stays_a_plain_one() -> None:
    """It is the yardstick: about a hundred lines, and nothing of the service in it."""
    source = Path(forwarder.__file__).read_text("utf-8")
    assert len(source.splitlines()) < 130
    assert "bot." not in source.replace("self.bot.", "")


def _results() -> Results:
    meter = Meter(lambda: datetime(2026, 11, 23, tzinfo=UTC))
    meter.read(range(500), range(400))
    read = meter.to_json()
    for _ in range(10):
        meter.wrote("summoned_reply")
    return Results(
        "2 × test",
        "2026-11-23 12:00 UTC",
        [1.0, 2.0, 3.0],
        [
            Latency("reperibile", 20, 40, (0.010, 0.012, 0.060), 0, 10.0, 1.0, 120.0, 0.003),
            Latency("forwarder", 20, 40, (0.005, 0.005, 0.006), 0, 10.0, 0.1, 60.0, 0.003),
        ],
        [
            Backlog("reperibile", 5000, 500, 1.0, 3.5, 9.0, 8.0, 140.0),
            Backlog("forwarder", 5000, 500, 0.5, None, 1.0, 1.0, 60.0),
        ],
        [Start("reperibile", 1.5, 1.2, 100.0), Start("forwarder", 0.5, 0.4, 50.0)],
        [Day("reperibile", 500, 10, meter.to_json(), 130.0), Day("forwarder", 500, 0, read, 60.0)],
        [
            RotaRun(
                instants=300,
                pieces=768,
                parsed=Pair((0.014,), (0.058,)),
                compiled=Pair((0.0004,)),
                cold=Pair((20e-6, 30e-6, 900e-6), (1e-3,)),
                rendered=Pair((0.7e-6,), (1.4e-3,)),
                year=Pair((0.025,), (0.05,)),
                from_text=Pair((0.015,), (0.07,)),
                lines=Pair((0.3,)),
            )
        ],
    )


def test_the_table_holds_every_mark_with_its_verdict() -> None:
    """Each mark of the issue is in the table once, met or missed as its figure says."""
    found = {row.mark.figure: row for row in (*rows(_results()), *rota_rows(_results())) if row.mark}
    assert set(found) == {mark.figure for mark in MARKS}
    assert {name: row.verdict for name, row in found.items()} == {
        "latency_20_p50": "met",
        "latency_20_p99": "missed",
        "backlog_judged": "met",
        "restart": "met",
        "memory": "met",
        "rota_cold": "met",
        "rota_rendered": "met",
        "rota_year": "missed",
        "rota_lines": "met",
    }
    assert found["latency_20_p50"].ours == pytest.approx(12.0)
    assert found["latency_20_p50"].ratio == pytest.approx(2.4)
    assert found["memory"].ours == 140.0
    assert found["rota_cold"].ours == pytest.approx(0.030)
    assert found["rota_rendered"].ratio == pytest.approx(0.0005)


def test_reading_and_replies_have_their_price() -> None:
    """500 posts by 400 people, the same for both; the forwarder answers nobody."""
    read, whole = (row for row in rows(_results()) if row.unit == "$")
    assert (read.ours, read.theirs) == (pytest.approx(6.5), pytest.approx(6.5))
    assert whole.ours == pytest.approx(6.6)
    assert math.isnan(whole.theirs)


def test_the_documentation_gets_the_table_between_its_markers(tmp_path: Path) -> None:
    """Whoever reads the page sees the figures of the last `make bench`, and the words around them are left alone."""
    page = tmp_path / "benchmarks.md"
    page.write_text((ROOT / "docs" / "benchmarks.md").read_text("utf-8"), "utf-8")
    report.write_docs(page, _results())
    once = page.read_text("utf-8")
    report.write_docs(page, _results())
    assert page.read_text("utf-8") == once
    assert "| ms | 12.0 | 5.00 | 2.40 × | ≤ 15 | **met** |" in once
    assert "| ms | 25.0 | 50.0 | 0.50 × | ≤ 20 | **missed** |" in once
    assert once.startswith("# How quick it is")
    assert "## What is measured" in once


def test_json_and_terminal_say_the_same() -> None:
    """NaN is no JSON, and a narrow terminal loses no row."""
    results = _results()
    parsed = json.loads(report.as_json(results))
    assert len(parsed["rows"]) == len(rows(results)) + len(rota_rows(results))
    assert parsed["runs"]["latencies"][0]["samples"] == [0.010, 0.012, 0.060]
    shown = io.StringIO()
    report.show(results, Console(width=160, file=shown))
    assert shown.getvalue().count("missed") == 2
    assert shown.getvalue().count("met") == 7
