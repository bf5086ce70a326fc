"""Who else stands there: the names in an event, and the lines under it that say who is beside, before and after them.

Who comes before and after is what the ladder says: the rotas of its earlier and later steps, then the leads.
"""

import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from schedules.ladder import TargetKind, ladder_of_rota, steps_of
from schedules.on_duty import Span
from schedules.rota import Plan
from schedules.walltime import from_us, to_us, zone

# A backup that changes more often than this within one duty is cut short: the rest stands in its own feed.
CHANGES_MAX = 6


@dataclass(frozen=True, slots=True)
class Phrases:
    """The sentences of a feed in one language. {rota}, {names}, {name} are filled in, where they stand."""

    title_person: str
    title_rota: str
    duty: str
    hole: str
    nobody: str
    together: str
    before: str
    after: str
    leads: str


class Company:
    """Who is around the people on one rota. duties: who is on, by rota."""

    def __init__(self, plan: Plan, rota: str, duties: Mapping[str, Sequence[Span]], phrases: Phrases) -> None:
        self._plan = plan
        self._phrases = phrases
        self._own = _Spans(duties[rota])
        self._others: list[tuple[str, str, _Spans]] = []
        self._leads = False
        ladder = ladder_of_rota(plan, rota)
        if ladder is None:
            return
        steps = steps_of(ladder)
        for other, step in steps.items():
            if other != rota and other in duties:
                phrase = phrases.before if step < steps[rota] else phrases.after
                self._others.append((phrase, other, _Spans(duties[other])))
        self._leads = any(target.kind is TargetKind.LEADS for step in ladder.steps for target in step.page)

    def about(self, start: datetime, end: datetime, *, but: str = "") -> str:
        """The lines under an event that lasts [start, end); "" when there is nobody to name.

        but: whose own duty it is, to name who is together with them; "" when the event names everybody on the rota.
        """
        lines = []
        if but and (others := self._through(self._own, start, end, but)):
            lines.append(self._phrases.together.format(names=others))
        for phrase, rota, spans in self._others:
            names = self._through(spans, start, end) or self._phrases.nobody
            lines.append(phrase.format(rota=clean(rota), names=names))
        if self._leads:
            lines.append(self._phrases.leads)
        return "\n".join(lines)

    def _through(self, spans: "_Spans", start: datetime, end: datetime, but: str = "") -> str:
        """ "Sara Ricci", or when they change "Sara Ricci (from – until); Alessio Conti (from – until)"; "" for nobody.

        but: somebody who is not named, and whose company counts only while it lasts; "" for another rota, whose hours
        are its own business: gaps in them are passed over.
        """
        changes: list[tuple[frozenset[str], datetime, datetime]] = []
        for span in spans.overlapping(start, end):
            if not (who := span.who - {but}):
                continue
            a, b = max(span.start, start), min(span.end, end)
            if changes and changes[-1][0] == who and (not but or changes[-1][2] == a):
                a = changes.pop()[1]
            changes.append((who, a, b))
        whole = len(changes) == 1 and (not but or changes[0][1:] == (start, end))
        parts = [
            names_of(self._plan, who) + ("" if whole else f" ({self._wall(a)} – {self._wall(b)})")
            for who, a, b in changes[:CHANGES_MAX]
        ]
        return "; ".join(parts) + ("; …" if len(changes) > CHANGES_MAX else "")

    def _wall(self, at: datetime) -> str:
        return f"{from_us(zone(self._plan.timezone).wall(to_us(at))):%Y-%m-%d %H:%M}"


class _Spans:
    """Spans in a row, to be asked for those of a stretch."""

    def __init__(self, spans: Sequence[Span]) -> None:
        self._spans = spans
        self._starts = [span.start for span in spans]

    def overlapping(self, start: datetime, end: datetime) -> Iterator[Span]:
        for span in self._spans[max(bisect_right(self._starts, start) - 1, 0) :]:
            if span.start >= end:
                return
            yield span


def name_of(plan: Plan, person: str) -> str:
    """The whole name, on one line; the id when the plan does not know them."""
    member = plan.people.get(person)
    return clean(member.name if member else person)


def names_of(plan: Plan, who: frozenset[str]) -> str:
    """Whole names in the order of the file; "" for nobody."""
    return ", ".join(name_of(plan, person) for person in plan.people if person in who)


def clean(text: str) -> str:
    """Without line breaks and control characters, which no calendar can show."""
    return "".join(c for c in " ".join(text.split()) if unicodedata.category(c) != "Cc")
