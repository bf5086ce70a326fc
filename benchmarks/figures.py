"""The arithmetic of the benchmark: percentiles, ratios, marks. Pure."""

import math
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mark:
    """What issue 3 and, of the rota, issue 4 ask of a figure: at most `most`, in the figure's unit."""

    figure: str
    most: float
    unit: str

    def is_met(self, value: float) -> bool:
        return value <= self.most


MARKS = (
    Mark("latency_20_p50", 15.0, "ms"),
    Mark("latency_20_p99", 50.0, "ms"),
    Mark("backlog_judged", 4.0, "s"),
    Mark("restart", 2.0, "s"),
    Mark("memory", 150.0, "MiB"),
    Mark("rota_cold", 0.05, "ms"),
    Mark("rota_rendered", 2.0, "µs"),
    Mark("rota_year", 20.0, "ms"),
    Mark("rota_lines", 1.0, "s"),
)


def percentile(samples: Sequence[float], percent: float) -> float:
    """The smallest sample that at least `percent` % of all do not exceed (nearest rank); NaN of nothing."""
    if not samples:
        return math.nan
    rank = max(math.ceil(len(samples) * percent / 100), 1)
    return sorted(samples)[rank - 1]


def median(samples: Sequence[float]) -> float:
    """The middle sample, or the mean of the two in the middle; NaN of nothing."""
    if not samples:
        return math.nan
    ordered, half = sorted(samples), len(samples) // 2
    return ordered[half] if len(samples) % 2 else (ordered[half - 1] + ordered[half]) / 2


def ratio(ours: float, theirs: float) -> float:
    """How many times as much as the other; NaN when there is nothing to compare with."""
    return ours / theirs if theirs > 0 else math.nan
