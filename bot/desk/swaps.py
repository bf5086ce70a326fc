"""Colleagues among themselves: swap two duties, or have one taken over. Nothing holds before the other one's Yes.

A swap that was asked for stands in the rota as a request without effect, so that everybody who reads the rota sees it.
The Yes counts for the duties that were shown: when the rota moved them meanwhile, it is asked anew.
"""

from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.core import swapping
from bot.core.rota_change import Effect, effect
from bot.core.shifts import of_day
from bot.core.swapping import Request, request_of
from bot.core.when import read_days
from bot.desk.edits import edited, open_questions, settle, shown, tell_affected, this_minute, this_year, write
from bot.desk.rota import named
from bot.desk.visit import Visit
from bot.errors import Refused
from bot.store import people
from bot.store.tables import QuestionRow
from schedules.problems import Stretch
from schedules.rota import Plan

ANSWER_WITHIN = timedelta(days=7)
# A question about a duty that begins sooner than this rings.
SOON = timedelta(hours=24)


def swap(visit: Visit, text: str) -> None:
    """`/swap NAME MYDAY THEIRDAY [ROTA]`; with one day only NAME is asked to take it over; alone: what is open."""
    tokens = text.split()
    if not tokens:
        _list(visit)
        return
    other, tokens = named(visit, tokens)
    if other == visit.who:
        raise Refused("not_with_yourself")
    if not tokens:
        raise Refused("usage_swap")
    only = ""
    with suppress(Refused):
        only, tokens = visit.rota(tokens[-1]), tokens[:-1]
    zone = ZoneInfo(visit.plan.timezone)
    first, last, tokens = read_days(tokens, visit.now, zone)
    mine, theirs = (first, last), None
    if tokens:
        first, last, tokens = read_days(tokens, visit.now, zone)
        theirs = (first, last)
    if tokens:
        raise visit.no_rota(" ".join(tokens))
    if other not in people.reachable(visit.session):
        raise Refused("no_phone", person=other)
    _ask(visit, _meant(visit, other, mine, theirs, [only] if only else list(visit.plan.rotas)))


def _meant(visit: Visit, other: str, mine: Stretch, theirs: Stretch | None, rotas: list[str]) -> Request:
    """The first rota on which both have the duty of their day. Raises: Refused that says whose is missing."""
    now = this_minute(visit)
    given = {rota: found for rota in rotas if (found := of_day(visit.plan, rota, visit.who, mine, now))}
    if not given:
        raise Refused("no_duty_then", person=visit.who, own=True, start=mine[0].isoformat(), year=this_year(visit))
    if theirs is None:
        rota = next(iter(given))
        return Request(visit.who, other, rota, given[rota])
    taken = {rota: found for rota in rotas if (found := of_day(visit.plan, rota, other, theirs, now))}
    if not taken:
        raise Refused("no_duty_then", person=other, start=theirs[0].isoformat(), year=this_year(visit))
    both = [rota for rota in given if rota in taken]
    if not both:
        raise Refused("other_rota", person=other, rota=next(iter(given)), other_rota=next(iter(taken)))
    return Request(visit.who, other, both[0], given[both[0]], taken[both[0]])


def _ask(visit: Visit, request: Request) -> None:
    """Write the request, ask the other one, and leave the asker a way back."""
    for question in open_questions(visit, ("swap",), request.other):
        if request_of(question.facts) == request and _stands(visit, request):
            raise Refused("already_asked", person=request.other)
    found = _effect(visit, request)
    if not found.changes:
        raise Refused("nothing_to_swap", person=request.other)
    if request.theirs is not None:
        requested = edited(lambda: swapping.asked(visit.plan, request, visit.now))
        visit.rota_number = write(visit, requested, f"/swap {request.other} {request.rota}: asked")
        visit.plan = requested
    _put_questions(visit, request, found)


def _put_questions(visit: Visit, request: Request, found: Effect, *, anew: bool = False) -> None:
    # Until the first duty begins; one that runs already may be taken over while it runs.
    ends = request.first if request.first > visit.now else request.last
    lasts = min(ANSWER_WITHIN, ends - visit.now)
    facts: dict[str, Any] = {**request.as_facts(), **shown(visit, found)}
    visit.ask(
        "swap",
        request.other,
        lasts=lasts,
        silent=request.first > visit.now + SOON,
        **facts,
        anew=anew,
    )
    if not anew:
        visit.ask("swap_asked", request.asker, lasts=lasts, **facts)


def _effect(visit: Visit, request: Request) -> Effect:
    """What it would do if it held now."""
    return effect(visit.plan, _agreed(visit, request), this_minute(visit), request.last)


def _agreed(visit: Visit, request: Request) -> Plan:
    return edited(lambda: swapping.agreed(visit.plan, request, visit.now))


# -- the answer --


def swap_answered(visit: Visit, question: QuestionRow, yes: bool) -> None:
    """The other one's answer."""
    request = request_of(question.facts)
    asked = request.theirs is not None
    if not _stands(visit, request):
        _gone(visit, question, request)
        return
    if not yes:
        _end(visit, request, "swap_declined", question)
        visit.done("swap_refused", person=request.asker)
        return
    found = _effect(visit, request)
    if not _as_shown(visit, question, found):
        _moved(visit, question, request, found)
        return
    after = _agreed(visit, request)
    what = "/swap" if asked else "/swap: taken over"
    write(visit, after, f"{what} {request.asker} {request.other} {request.rota}", answering=question)
    _settle_of(visit, request, question, "agreed")
    tell_affected(
        visit,
        found,
        "swapped" if asked else "taken_on",
        also={request.asker},
        person=request.asker,
        other=request.other,
    )
    visit.done("swap_done", person=request.asker)


def _as_shown(visit: Visit, question: QuestionRow, found: Effect) -> bool:
    """Whether it still does what was shown, but for what is over by now."""
    now = this_minute(visit)

    def ahead(rows: list[list[Any]]) -> list[Any]:
        cut = ([row[0], max(datetime.fromisoformat(row[1]), now), *row[2:]] for row in rows)
        return [row for row in cut if row[1] < datetime.fromisoformat(row[2])]

    return bool(found.changes) and ahead(question.facts["changes"]) == ahead(shown(visit, found)["changes"])


def _moved(visit: Visit, question: QuestionRow, request: Request, found: Effect) -> None:
    """The duties are not those that were shown: asked anew, or ended when there is nothing left to swap."""
    if not found.of(request.asker):
        _gone(visit, question, request)
        return
    settle(visit, question, "replaced")
    visit.alert = True
    _put_questions(visit, request, found, anew=True)
    visit.done("swap_moved")


def _stands(visit: Visit, request: Request) -> bool:
    """Whether the rota still knows of it: a request may be imported away or taken back, like everything in it."""
    if request.theirs is not None:
        return swapping.place_of(visit.plan, request) is not None
    return request.asker in visit.plan.people and request.rota in visit.plan.rotas


def _gone(visit: Visit, question: QuestionRow, request: Request) -> None:
    settle(visit, question, "replaced")
    _end(visit, request, "swap_gone", question)
    visit.alert = True
    visit.done("swap_gone", person=request.asker, other=request.other)


def asked_answered(visit: Visit, question: QuestionRow, yes: bool) -> None:
    """The asker lets it stand, or withdraws it."""
    if yes:
        visit.done("swap_stands")
        return
    request = request_of(question.facts)
    _end(visit, request, "swap_withdrawn", question)
    visit.done("swap_taken_back")


def _end(visit: Visit, request: Request, what: str, question: QuestionRow) -> None:
    """The request is no more: out of the rota, its questions settled, and the one who did not end it is told."""
    text = swapping.taken_back(visit.plan, request)
    _settle_of(visit, request, question, {"swap_gone": "replaced"}.get(what, what.removeprefix("swap_")))
    if text is not None:
        why = f"/swap {request.asker} {request.other}: {what.removeprefix('swap_')}"
        write(visit, edited(lambda: text), why, answering=question)
    to = request.other if visit.who == request.asker else request.asker
    which = {"rota": request.rota, "mine": request.as_facts()["mine"], "year": this_year(visit)}
    if what == "swap_declined":
        visit.tell(to, "swap_declined", person=request.other, **which)
    elif what == "swap_withdrawn":
        visit.tell(to, "swap_withdrawn", person=request.asker, **which)
    else:
        visit.tell(to, "swap_gone", person=request.asker, other=request.other)


def _settle_of(visit: Visit, request: Request, but: QuestionRow, answer: str) -> None:
    """Nobody else needs to answer about it: the other one's message says how it ended."""
    for question in open_questions(visit, ("swap", "swap_asked")):
        if question.id != but.id and request_of(question.facts) == request:
            settle(visit, question, answer)


# -- what is open --


def _list(visit: Visit) -> None:
    """What I asked, and what I am asked, once more at the end of the chat."""
    mine = open_questions(visit, ("swap", "swap_asked"), visit.who)
    if not mine:
        raise Refused("usage_swap")
    for question in mine:
        left = question.ends_at - visit.now if question.ends_at else ANSWER_WITHIN
        settle(visit, question, "again")
        if left > timedelta():
            visit.ask(question.kind, visit.who, lasts=left, **question.facts)
