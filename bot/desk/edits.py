"""What every edit of the rota from a phone shares: what it would do, how it is written, and who hears of it.

An edit is shown first, on the revision that is in force; its Yes counts only while that one still is. When somebody
else was quicker, the same edit is shown anew on what holds now.
"""

from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from bot.core.findings import as_facts
from bot.core.rota_change import CHANGES_SHOWN, Effect, changes_json, effect, facts_of
from bot.core.swapping import place_of, request_of
from bot.desk.moves import back_to_ladder
from bot.desk.visit import Visit
from bot.errors import Refused
from bot.store import calendars, outbox, people, rotas
from bot.store.tables import QuestionRow, RevisionRow
from schedules.problems import Finding, RotaErrors
from schedules.rota import Plan
from schedules.rota_diff import duty_changes
from schedules.rota_file import load

CONFIRM_WITHIN = timedelta(minutes=30)
# Whose hours a whole new text moves is looked for this far ahead.
SEEN = timedelta(weeks=52)
# A duty that begins sooner than this is told with a sound.
SOON = timedelta(hours=12)
MEANWHILE_SHOWN = 5
# A new pattern moves everybody's hours for ever; they are told of the coming ones.
IMPORT_SEEN = timedelta(weeks=8)


def this_minute(visit: Visit) -> datetime:
    """Now, to the minute: nobody edits what has been."""
    return visit.now.replace(second=0, microsecond=0)


def this_year(visit: Visit) -> int:
    """On the wall: dates of other years are shown with theirs."""
    return visit.now.astimezone(ZoneInfo(visit.plan.timezone)).year


def current(visit: Visit) -> RevisionRow:
    """The newest revision: the one that `visit.plan` was read from, or one after it that cannot be read."""
    row = rotas.get(visit.session, visit.rota_number)
    assert row is not None, "a visit has a plan, so there is a revision"
    return row


def edited(change: Callable[[], str]) -> Plan:
    """The plan that a change of the text gives. Raises: Refused("by_hand") where only a person can make it."""
    try:
        return load(change(), "the rota after this change")
    except (RotaErrors, ValueError, LookupError):
        raise Refused("by_hand") from None


def shown(visit: Visit, found: Effect) -> dict[str, Any]:
    """An effect as facts of a question, with those put on duty whose phone cannot be reached."""
    reach = people.reachable(visit.session)
    unheard = [
        as_facts(Finding("no_phone", "", (), (person,), rotas))
        for person, rotas in found.coming_on().items()
        if person not in reach
    ]
    facts = facts_of(found)
    return {
        **facts,
        "odd": [*facts["odd"], *unheard],
        "year": this_year(visit),
        "base": visit.rota_number,
    }


# -- somebody else was quicker --


def overtaken(visit: Visit, question: QuestionRow) -> dict[str, Any] | None:
    """What was done to the rota since the question was asked, as facts; None while it still is as it was shown."""
    base = int(str(question.facts.get("base", 0)))
    if base == visit.rota_number:
        return None
    newest, seen = current(visit), rotas.get(visit.session, base)
    done: list[list[Any]] = []
    if seen is not None:
        try:
            before = load(seen.text, f"revision {base}")
        except RotaErrors:
            before = visit.plan
        done = changes_json(tuple(duty_changes(before, visit.plan, visit.now, visit.now + SEEN)[:MEANWHILE_SHOWN]))
    return {"by": newest.author, "revision": newest.number, "changes": done}


def ask_anew(visit: Visit, question: QuestionRow, again: Callable[[], None]) -> None:
    """The question is settled; `again` shows the edit on what holds now, or says why it is none any more."""
    settle(visit, question, "replaced")
    visit.done("rota_moved_on", by=current(visit).author)
    visit.alert = True
    try:
        again()
    except Refused as refused:
        visit.say("refusal", why=refused.why, **refused.facts)


PREVIEWS = ("override", "undo", "away", "calendar")
"""Of what a person wished for the newest counts: so /yes means what stands at the end of the chat."""


def settle_previews(visit: Visit, kinds: Collection[str] = PREVIEWS) -> None:
    """What the visitor was shown before and left without an answer."""
    for question in open_questions(visit, kinds, visit.who):
        settle(visit, question, "again")


def settle(visit: Visit, question: QuestionRow, answer: str) -> None:
    """Nobody needs to answer this any more."""
    question.answer, question.answered_at = answer, visit.now
    visit.session.add(question)
    outbox.question_changed(visit.session, question.id or 0)


# -- it holds --


def write(visit: Visit, plan: Plan, why: str, *, answering: QuestionRow | None = None) -> int:
    """A new revision, by the visitor; what it leaves without meaning is settled: phones, and requests that went.

    answering: the question whose answer writes it, which is settled by its answer.
    """
    number = rotas.save(visit.session, plan.text, visit.who, why, visit.now, base=visit.rota_number)
    calendars.keep_only(visit.session, plan.people, visit.now)
    for row in people.linked(visit.session):
        if row.id not in plan.people and row.locked_at is None:
            people.lock(visit.session, row.id, visit.who, visit.now)
            back_to_ladder(visit, row.id)
    for question in open_questions(visit, ("swap", "swap_asked")):
        request = request_of(question.facts)
        gone = request.theirs is not None and place_of(plan, request) is None
        if gone and (answering is None or question.id != answering.id):
            settle(visit, question, "replaced")
    return number


def open_questions(visit: Visit, kinds: Collection[str], person: str | None = None) -> list[QuestionRow]:
    """Those without an answer, oldest first; person: only those put to them."""
    asked = select(QuestionRow).where(col(QuestionRow.kind).in_(kinds), QuestionRow.answer == "")
    if person is not None:
        asked = asked.where(QuestionRow.person == person)
    return list(visit.session.exec(asked.order_by(col(QuestionRow.id))).all())


def tell_affected(visit: Visit, found: Effect, what: str, *, also: Collection[str] = (), **facts: Any) -> None:
    """Each of those whose hours move is told their own; the leads, and `also`, are told all of it.

    What turns odd by it stood in the preview, and the watch tells it to the leads.
    """
    told = {person for person in found.people if person in visit.plan.people}
    all_of_it = facts_of(found)
    everything = {key: all_of_it[key] for key in ("changes", "changes_more")}
    facts["year"] = this_year(visit)
    for person in sorted(told | visit.plan.leads | set(also)):
        mine = found.of(person)
        soon = bool(mine) and mine[0].start < visit.now + SOON
        if person in visit.plan.leads or person in also:
            visit.tell(person, what, rings=soon or found.opens_gap, **facts, **everything)
        else:
            visit.tell(person, what, rings=soon, **facts, changes=changes_json(mine))


def tell_imported(session: Session, before: Plan, after: Plan, author: str, number: int, now: datetime) -> None:
    """Those whose coming hours a file moves are told, as if it had been done in the chat; the watch tells the leads.

    before: what was in force.
    """
    found = effect(before, after, now, now + IMPORT_SEEN)
    year = now.astimezone(ZoneInfo(after.timezone)).year
    for person in sorted(found.people & after.people.keys() - {author}):
        mine = found.of(person)
        facts = {"what": "rota_changed", "by": author, "changes": changes_json(mine), "year": year}
        facts["changes_more"] = max(0, len(mine) - CHANGES_SHOWN)
        silent = mine[0].start >= now + SOON
        outbox.say(session, now, f"imported:{number}:{person}", "notice", person=person, facts=facts, silent=silent)


def effect_of(visit: Visit, plan: Plan, end: datetime | None = None) -> Effect:
    """What `plan` would do from now on, until `end` or for a year."""
    return effect(visit.plan, plan, this_minute(visit), end or visit.now + SEEN)
