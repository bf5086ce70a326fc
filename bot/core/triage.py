"""How bad is a mention, and which line is it about? One function answers; what stands behind it may change.

Today the rubric's rules answer (triage_rules); a trained model can take their place behind the same `Judge`.
It knows the text alone: no author, no clock, no history.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from bot.core.mention import Urgency
from bot.core.triage_line import line_of
from bot.core.triage_rules import ALARMS, CALM, NOISE, SERVICE, SUSPICIONS, Rule
from bot.core.triage_text import hints_at_outage, plain
from bot.core.triage_words import heard

# From this score on it rings: the point where, on the labelled mentions, at most one in twenty of the others would.
ALARM_SCORE_MIN = 0.5
_REASONS_MAX = 3
# Suspicions order the quiet mentions among themselves; without a rule of the rubric nothing rings.
_SUSPICION_MAX = 0.35
# However much speaks against an alarm, a tenth of it stays, so that the order among the doubtful stays too.
_CALM_SHARE = 0.9


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a mention is worth to the person on duty.

    line: "119", "187", "191" or "unknown". score: 0…1, ranks how surely it is an alarm; it is an order, not a
    probability. reasons: English sentences that begin with the rubric's code, the strongest first; at least one.
    """

    urgency: Urgency
    line: str
    score: float
    reasons: tuple[str, ...]


class Judge(Protocol):
    """The seam: whatever can judge a text. Pure, never raises, bounded time for any input."""

    def __call__(self, text: str, lang: str = "und") -> Judgement: ...


def judge(text: str, lang: str = "und") -> Judgement:
    """The judgement by the rubric's rules.

    text: as Mention.text; of a very long one the beginning and the end are read (triage_text). lang: not needed by
    the rules, which listen in Italian and English at once.
    """
    words = plain(text)
    if not words:
        return _wordless(text)
    cues = heard(words)
    alarms = _strongest_first(ALARMS, cues)
    calm = _strongest_first(CALM, cues)
    suspicion = min(_SUSPICION_MAX, _together(_strongest_first(SUSPICIONS, cues)))
    doubt = (1 - _together(alarms)) * (1 - suspicion)
    score = round((1 - doubt) * (1 - _CALM_SHARE * _together(calm)), 4)
    if alarms and score >= ALARM_SCORE_MIN:
        # Of two problems the graver decides (RUBRIC.md, edge case 14), if it is not a mere suspicion.
        grave = max(alarms, key=lambda rule: (rule.weight >= alarms[0].weight - 0.15, -rule.urgency.rank, rule.weight))
        ordered = [grave, *(rule for rule in alarms if rule is not grave)]
        return Judgement(grave.urgency, line_of(words, cues, grave.code), score, _reasons(ordered))
    service, noise = _strongest_first(SERVICE, cues), _strongest_first(NOISE, cues)
    if _together(noise) >= _together(service):
        return Judgement(Urgency.NOISE, "unknown", score, _reasons(noise) or ("X1 nothing for care to do",))
    return Judgement(Urgency.NORMAL, line_of(words, cues), score, _reasons(service))


def _wordless(text: str) -> Judgement:
    if hints_at_outage(text):
        return Judgement(Urgency.NORMAL, "unknown", 0.02, ("N7 signs only, perhaps an outage",))
    return Judgement(Urgency.NOISE, "unknown", 0.0, ("X1 no words",))


def _strongest_first(table: Iterable[Rule], cues: frozenset[str]) -> list[Rule]:
    return sorted((rule for rule in table if rule.applies(cues)), key=lambda rule: -rule.weight)


def _together(rules: Iterable[Rule]) -> float:
    """How sure several rules are together: each takes its share of the doubt that the others left; one of a code."""
    doubt, codes = 1.0, set[str]()
    for rule in rules:
        if rule.code not in codes:
            doubt *= 1 - rule.weight
            codes.add(rule.code)
    return 1 - doubt


def _reasons(rules: Iterable[Rule]) -> tuple[str, ...]:
    by_code: dict[str, str] = {}
    for rule in rules:
        by_code.setdefault(rule.code, rule.reason)
    return tuple(by_code.values())[:_REASONS_MAX]
