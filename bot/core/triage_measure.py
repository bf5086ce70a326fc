"""How good is a judge? Figures over labelled mentions, for the command line and for those who train one."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.core.mention import Urgency
from bot.core.triage import Judgement

# Where recall is read off the ranking: 2 % is a quiet night, 10 % the most a person on duty bears.
FALSE_ALARM_RATES = (0.02, 0.05, 0.10)


@dataclass(frozen=True, slots=True)
class Labelled:
    """A mention with what a person said about it by RUBRIC.md."""

    text: str
    lang: str
    urgency: Urgency
    line: str


@dataclass(frozen=True, slots=True)
class Measured:
    """The figures, each 0…1; None where nothing was there to be measured.

    critical_recall: critical mentions that ring, as critical or as urgent. line_accuracy: over what is not noise.
    recall_at_false_alarm_rate: by the ranking of the scores alone, at most that share of no-alarms above the line.
    """

    n: int
    precision: float | None
    recall: float | None
    f1: float | None
    false_alarm_rate: float | None
    critical_recall: float | None
    line_accuracy: float | None
    recall_at_false_alarm_rate: dict[float, float | None]
    by_lang: dict[str, "Measured"] = field(default_factory=dict)


def measure(rows: Sequence[Labelled], judgements: Sequence[Judgement]) -> Measured:
    """The figures over all mentions, and by_lang over each language; both sequences in the same order."""
    pairs = list(zip(rows, judgements, strict=True))
    by_lang = {
        lang: _measured([pair for pair in pairs if pair[0].lang == lang]) for lang in sorted({row.lang for row in rows})
    }
    whole = _measured(pairs)
    whole.by_lang.update(by_lang)
    return whole


def _measured(pairs: Sequence[tuple[Labelled, Judgement]]) -> Measured:
    alarms = [found for row, found in pairs if row.urgency.is_alarm]
    others = [found for row, found in pairs if not row.urgency.is_alarm]
    critical = [found for row, found in pairs if row.urgency is Urgency.CRITICAL]
    with_line = [found.line == row.line for row, found in pairs if row.urgency is not Urgency.NOISE]
    hits, false = sum(j.urgency.is_alarm for j in alarms), sum(j.urgency.is_alarm for j in others)
    precision, recall = _share(hits, hits + false), _share(hits, len(alarms))
    both = (precision or 0) + (recall or 0)
    return Measured(
        n=len(pairs),
        precision=precision,
        recall=recall,
        f1=round(2 * (precision or 0) * (recall or 0) / both, 4) if both else None,
        false_alarm_rate=_share(false, len(others)),
        critical_recall=_share(sum(j.urgency.is_alarm for j in critical), len(critical)),
        line_accuracy=_share(sum(with_line), len(with_line)),
        recall_at_false_alarm_rate={rate: _recall_at(rate, alarms, others) for rate in FALSE_ALARM_RATES},
    )


def _recall_at(rate: float, alarms: Sequence[Judgement], others: Sequence[Judgement]) -> float | None:
    """The share of alarms that score above the best line which lets at most `rate` of the others through."""
    allowed = int(rate * len(others))
    ranked = sorted((j.score for j in others), reverse=True)
    limit = ranked[allowed] if allowed < len(ranked) else -1.0
    return _share(sum(j.score > limit for j in alarms), len(alarms))


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None
