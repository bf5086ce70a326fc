"""What the leads hear of the rota by itself: what an edit brought, what the coming week lacks, how the last week was.

Nothing is told twice. An edit (also one made by another process) is compared with the revision that was looked at
last; a digest is due once an instant of the timetable, and one that was missed is made up for. While no lead can be
reached everything waits, for nobody would read it.
"""

import logging
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from sqlmodel import Session

from bot.core.findings import as_facts
from bot.store import call_outs, outbox, people, rotas, story
from bot.watch.telling import cursor_of
from schedules.call_outs import CallOut, called_out
from schedules.checks import findings
from schedules.checks.holes import gaps, paged_rotas
from schedules.checks.news import news
from schedules.checks.phones import no_phone
from schedules.checks.rest import LOOK_BACK, rest
from schedules.digests import WEEK, Digest, digests_between, last_digest
from schedules.load import as_hours, load_of_rotas
from schedules.office import last_opening, next_opening
from schedules.problems import Finding, RotaErrors
from schedules.rota import Plan
from schedules.rota_file import load

log = logging.getLogger("reperibile.watch")

# A first rota has just been read by whoever made it (`rota check`); what cannot wait is told all the same.
_PRESSING = frozenset({"gap", "no_phone"})


class Digests:
    """Looks when something may be due, and remembers until when nothing is: a tick costs a comparison."""

    def __init__(self) -> None:
        self._revision = 0
        self._looked_at = self._next_at = datetime.min.replace(tzinfo=UTC)

    def tell(self, session: Session, plan: Plan, revision: int, now: datetime) -> None:
        """Tell the leads what is due at `now`. revision: the number of `plan`."""
        # A clock that was set back makes nothing due, but what comes next is another.
        if revision == self._revision and self._looked_at <= now < self._next_at:
            return
        if not plan.leads & people.reachable(session).keys():
            return
        if _look(session, plan, revision, now):
            # Only what is committed is done: the next tick finds nothing left, or makes up for what was rolled back.
            return
        coming = [at for _, at in digests_between(plan, now, now + WEEK)]
        opening = next_opening(plan, now)
        self._revision, self._looked_at = revision, now
        self._next_at = min([*coming, *([opening] if opening else [])], default=now + WEEK)


def _look(session: Session, plan: Plan, revision: int, now: datetime) -> bool:
    """Whether anything was due."""
    looked = cursor_of(session, "rota looked at")
    edited = looked.value != str(revision)
    if edited:
        _edited(session, plan, looked.value, revision, now)
        looked.value, looked.good_at = str(revision), now
    ahead, week = (last_digest(plan, digest, now) for digest in (Digest.AHEAD, Digest.WEEK))
    opened = last_opening(plan, now) or week
    missed_ahead = _missed(session, "digest ahead", ahead)
    missed_week = _missed(session, "digest week", week)
    missed_rest = _missed(session, "rest looked at", opened)
    if missed_ahead:
        _ahead(session, plan, ahead, now)
    if missed_week:
        _week(session, plan, missed_week, week, now)
    if missed_rest:
        _opened(session, plan, missed_rest, opened, now)
    return edited or bool(missed_ahead or missed_week or missed_rest)


def _missed(session: Session, what: str, due: datetime) -> datetime | None:
    """When this was done last, if it is due again; None when it is not.

    The very first time is only noted; so is one that a clock set back makes the last one again.
    """
    cursor = cursor_of(session, what)
    before, cursor.good_at = cursor.good_at, due
    return before if before is not None and before < due else None


def _edited(session: Session, plan: Plan, before: str, revision: int, now: datetime) -> None:
    """What this revision brings that the one looked at last did not."""
    reach = people.reachable(session)
    soon = now + WEEK
    fresh = [*findings(plan, now), *no_phone(plan, now, soon, reach)]
    if (earlier := _plan(session, before)) is None:
        fresh = [finding for finding in fresh if finding.kind in _PRESSING]
    else:
        fresh = news([*findings(earlier, now), *no_phone(earlier, now, soon, reach)], fresh)
    _say(session, plan, "edit", f"edit:{revision}", fresh, now)


def _plan(session: Session, revision: str) -> Plan | None:
    """The plan of that revision; None when there is none that can still be read."""
    row = rotas.get(session, int(revision)) if revision else None
    if row is None:
        return None
    try:
        return load(row.text, f"revision {revision}")
    except RotaErrors:
        log.warning("revision %s cannot be read by this version: what is new since then is not known", revision)
        return None


def _ahead(session: Session, plan: Plan, due: datetime, now: datetime) -> None:
    """Before the weekend: who is missing until the next such digest, and who could not be rung."""
    until = due + WEEK
    found = [*gaps(plan, now, until), *no_phone(plan, now, until, people.reachable(session))]
    _say(session, plan, "ahead", f"ahead:{due.isoformat()}", found, now)


def _opened(session: Session, plan: Plan, before: datetime, due: datetime, now: datetime) -> None:
    """At the office's opening: rest that call-outs cut short, seen since the opening before."""
    called = _called(session, plan, before - LOOK_BACK, due)
    fresh = news(rest(plan, before, called), rest(plan, due, called))
    _say(session, plan, "rest", f"rest:{due.isoformat()}", fresh, now)


def _week(session: Session, plan: Plan, since: datetime, due: datetime, now: datetime) -> None:
    """Who did how much since the last digest, a week at most; in file order, without comment."""
    since = max(since, due - WEEK)
    loads = load_of_rotas(plan, paged_rotas(plan), since, due)
    # One that began before is not counted again, though it still went on.
    outs = _called(session, plan, since - timedelta(days=1), due)
    called = {person: sum(since <= out.start for out in mine) for person, mine in outs.items()}
    rows = [
        {
            "person": person,
            "hours": as_hours(each.total),
            "weekend": as_hours(each.weekend),
            "night": as_hours(each.night),
            "holiday": as_hours(each.holiday),
            "call_outs": called[person],
        }
        for person, each in loads.items()
        if each.total or called[person]
    ]
    if rows:
        facts = {"since": since.isoformat(), "until": due.isoformat(), "people": rows}
        _each_lead(session, plan, f"week:{due.isoformat()}", "week", facts, now, rings=False)


def _called(session: Session, plan: Plan, since: datetime, until: datetime) -> dict[str, tuple[CallOut, ...]]:
    return called_out(plan, call_outs.called(session, since, until))


def _say(session: Session, plan: Plan, why: str, key: str, found: Sequence[Finding], now: datetime) -> None:
    if not found:
        return
    kinds = " ".join(dict.fromkeys(finding.kind for finding in found))
    story.tell(session, now, "watch", "rota warnings", detail=kinds, grave=_presses(found))
    facts = {"why": why, "findings": [as_facts(finding) for finding in found]}
    _each_lead(session, plan, f"rota:{key}", "warnings", facts, now, rings=_presses(found))


def _presses(found: Iterable[Finding]) -> bool:
    return any(finding.kind in _PRESSING for finding in found)


def _each_lead(
    session: Session, plan: Plan, key: str, kind: str, facts: Mapping[str, object], now: datetime, *, rings: bool
) -> None:
    for lead in sorted(plan.leads):
        outbox.say(
            session,
            now,
            f"{key}:{lead}",
            kind,
            person=lead,
            facts=dict(facts),
            silent=not rings,
            priority=outbox.LIST,
        )
