"""Away: who enters an absence sees at once which duties it touches, and whether anybody steps in."""

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.core.rota_change import Effect
from bot.core.shifts import duties_of
from bot.core.when import begins_with_a_time, read_stretch
from bot.desk.edits import (
    CONFIRM_WITHIN,
    ask_anew,
    edited,
    effect_of,
    overtaken,
    settle_previews,
    shown,
    tell_affected,
    this_minute,
    write,
)
from bot.desk.rota import instant, named
from bot.desk.visit import Visit
from bot.errors import Refused
from bot.store.tables import QuestionRow
from schedules.rota import Absence, Plan
from schedules.rota_edit import add_absence, without_absence

ABSENCE_MAX = timedelta(days=366)
# An absence may touch a whole turn, which ends later than it.
TURN_MAX = timedelta(days=62)
LISTED = 5
STAYS_SHOWN = 8


def away(visit: Visit, text: str) -> None:
    """`/away FROM TO`, for oneself; `/away NAME FROM TO`, for a lead; without times, the absences there are."""
    tokens = text.split()
    person = visit.who
    zone = ZoneInfo(visit.plan.timezone)
    if tokens and not begins_with_a_time(tokens, visit.now, zone):
        person, tokens = named(visit, tokens)
        _own_or_lead(visit, person)
    if not tokens:
        _list(visit, person)
        return
    start, end, rest = read_stretch(tokens, visit.now, zone, whole_days=True, alone=lambda left: not left)
    if rest:
        raise Refused("bad_day", text=" ".join(rest)[:40])
    if end <= visit.now:
        raise Refused("in_the_past")
    if end - start > ABSENCE_MAX:
        raise Refused("too_far", days=ABSENCE_MAX.days)
    _propose(visit, Absence(person, max(start, this_minute(visit)), end, by=visit.who))


def _own_or_lead(visit: Visit, person: str) -> None:
    """Raises: Refused("lead_only") where a colleague's absence is meant."""
    if person != visit.who:
        visit.lead_only()


def _propose(visit: Visit, absence: Absence, meanwhile: dict[str, Any] | None = None) -> None:
    if any(
        each.person == absence.person and each.start <= absence.start and absence.end <= each.end
        for each in visit.plan.absences
    ):
        raise Refused("already_away", person=absence.person)
    after = edited(lambda: add_absence(visit.plan.text, absence))
    found = effect_of(visit, after, absence.end + TURN_MAX)
    settle_previews(visit)
    visit.ask(
        "away",
        visit.who,
        lasts=CONFIRM_WITHIN,
        person=absence.person,
        start=absence.start.isoformat(),
        end=absence.end.isoformat(),
        **_stays(after, absence),
        **shown(visit, found),
        meanwhile=meanwhile or {},
    )


def _stays(after: Plan, absence: Absence) -> dict[str, Any]:
    """The duties that stay theirs although they are away: their rota takes no notice, or they were put there."""
    found = sorted(
        (start, end, rota)
        for rota in after.rotas
        for start, end in duties_of(after, rota, absence.person, absence.start, absence.end)
    )
    said = [[rota, start.isoformat(), end.isoformat()] for start, end, rota in found[:STAYS_SHOWN]]
    return {"stays": said, "stays_more": len(found) - len(said)}


def away_answered(visit: Visit, question: QuestionRow, yes: bool) -> None:
    facts = question.facts
    person, end = str(facts["person"]), instant(facts["end"])
    _own_or_lead(visit, person)
    if not yes:
        visit.done("not_changed")
        return
    if person not in visit.plan.people:
        raise Refused("moved_on", ticket=None)
    if end <= visit.now:
        raise Refused("in_the_past")
    absence = Absence(person, max(instant(facts["start"]), this_minute(visit)), end, by=visit.who)
    if (meanwhile := overtaken(visit, question)) is not None:
        ask_anew(visit, question, lambda: _propose(visit, absence, meanwhile))
        return
    after = edited(lambda: add_absence(visit.plan.text, absence, visit.now))
    found = effect_of(visit, after, absence.end + TURN_MAX)
    number = write(visit, after, f"/away {person}")
    _tell(visit, found, "away", absence, **_stays(after, absence))
    visit.done("away_entered", revision=number, person=person)


def _tell(visit: Visit, found: Effect, what: str, absence: Absence, **facts: Any) -> None:
    """The person, the leads and those whose hours move."""
    tell_affected(
        visit,
        found,
        "away_told" if what == "away" else "away_back_told",
        also={absence.person},
        person=absence.person,
        by=visit.who,
        start=absence.start.isoformat(),
        end=absence.end.isoformat(),
        **facts,
    )


# -- taking one back --


def _list(visit: Visit, person: str) -> None:
    ahead = [each for each in visit.plan.absences if each.person == person and each.end > visit.now]
    if not ahead:
        raise Refused("no_absence", person=person)
    settle_previews(visit, ("away_kept",))
    for absence in sorted(ahead, key=lambda each: each.start)[:LISTED]:
        _ask_to_take_back(visit, absence)


def _ask_to_take_back(visit: Visit, absence: Absence, meanwhile: dict[str, Any] | None = None) -> None:
    after = edited(lambda: _without(visit, absence))
    visit.ask(
        "away_kept",
        visit.who,
        lasts=CONFIRM_WITHIN,
        person=absence.person,
        start=absence.start.isoformat(),
        end=absence.end.isoformat(),
        **shown(visit, effect_of(visit, after, absence.end + TURN_MAX)),
        meanwhile=meanwhile or {},
    )


def _without(visit: Visit, absence: Absence) -> str:
    """The file without it; one that has begun ends now. Raises: Refused("moved_on") when it is not there any more."""
    same = [
        place
        for place, each in enumerate(visit.plan.absences)
        if (each.person, each.start, each.end) == (absence.person, absence.start, absence.end)
    ]
    if not same:
        raise Refused("moved_on", ticket=None)
    text = without_absence(visit.plan.text, same[-1])
    if absence.start >= this_minute(visit):
        return text
    begun = visit.plan.absences[same[-1]]
    return add_absence(text, Absence(begun.person, begun.start, this_minute(visit), begun.by, begun.why), visit.now)


def away_kept_answered(visit: Visit, question: QuestionRow, yes: bool) -> None:
    facts = question.facts
    person = str(facts["person"])
    _own_or_lead(visit, person)
    if not yes:
        visit.done("not_changed")
        return
    absence = Absence(person, instant(facts["start"]), instant(facts["end"]))
    if absence.end <= visit.now:
        raise Refused("in_the_past")
    if (meanwhile := overtaken(visit, question)) is not None:
        ask_anew(visit, question, lambda: _ask_to_take_back(visit, absence, meanwhile))
        return
    after = edited(lambda: _without(visit, absence))
    found = effect_of(visit, after, absence.end + TURN_MAX)
    number = write(visit, after, f"/away {person} taken back")
    _tell(visit, found, "back", absence)
    visit.done("away_taken_back", revision=number, person=person)
