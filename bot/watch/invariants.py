"""What must never be so, asked of the tables several times a minute, and told by itself: whatever went wrong before.

Every case is told once: the log keeps which. Each waits out the time in which it may be so, counted from when it was
first seen, so that neither a restart nor a clock that is set calls something overdue that has just begun.
"""

from collections.abc import Collection, Hashable, Mapping, Sequence
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from bot.core.options import Options
from bot.core.reply import ReplyState
from bot.core.ticket import State
from bot.store import outbox, people, tickets
from bot.store.outbox import Rung
from bot.store.tables import LogRow, ReplyRow, TicketRow
from bot.watch.telling import notice
from schedules.ladder import escalation_for
from schedules.rota import Plan

# A look costs a few milliseconds in a storm, and the tick comes every second.
LOOK_EVERY = timedelta(seconds=15)
# An alarm whose page has reached no phone in this time (promise 1).
UNRUNG = timedelta(seconds=60)
# A reply in doubt for so long: its writer has been asked, and has not answered, or nobody was asked.
LONG_DOUBT = timedelta(minutes=15)
# A ladder at its end takes so long to ring the leads, who come after all its runs.
LADDER_OVER = timedelta(seconds=60)


class Invariants:
    """Looks at what pages and at what is in doubt."""

    def __init__(self, options: Options) -> None:
        self._options = options
        self._looked_at: datetime | None = None
        self._since: dict[Hashable, datetime] = {}

    def look(self, session: Session, plan: Plan, now: datetime) -> None:
        """Tell what is not as it must be; often called, it looks when it is time to."""
        if self._looked_at is not None and timedelta() <= now - self._looked_at < LOOK_EVERY:
            return
        self._looked_at = now
        paging = [row for row in tickets.in_state(session, State.PAGING) if row.id is not None]
        rung = outbox.rung(session, paging)
        unrung = [row for row in paging if not rung[row.id or 0].people]
        over = [row for row in paging if self._is_over(plan, row, rung[row.id or 0])]
        doubts = _long_doubts(session, now)
        seen: dict[Hashable, datetime] = {}
        late = self._late("unrung", unrung, now, UNRUNG, seen)
        ended = self._late("over", over, now, LADDER_OVER, seen)
        self._since = seen
        self._unrung(session, plan, late, rung, now)
        self._over(session, plan, ended, now)
        self._doubts(session, plan, doubts, now)

    def _late(
        self, what: str, rows: Sequence[TicketRow], now: datetime, after: timedelta, seen: dict[Hashable, datetime]
    ) -> list[TicketRow]:
        """Those that have been so for long enough. seen: since when each of them has been so; added to."""
        late = []
        for row in rows:
            key = (what, row.id, row.ladder)
            seen[key] = min(self._since.get(key, now), now)
            if now - seen[key] >= after:
                late.append(row)
        return late

    def _is_over(self, plan: Plan, row: TicketRow, rung: Rung) -> bool:
        """Has the ladder been climbed through all its runs without any lead's phone having rung?"""
        escalation = escalation_for(plan, row.line, row.account)
        return bool(
            rung.people
            and row.step > len(escalation.steps) * escalation.repeat
            and plan.leads
            and plan.leads.isdisjoint(rung.people)
        )

    def _unrung(
        self, session: Session, plan: Plan, rows: Sequence[TicketRow], rung: Mapping[int, Rung], now: datetime
    ) -> None:
        for tried in (False, True):
            # No phone of anybody on the ladder to begin with, or none that took the page: two sentences.
            new = [row for row in rows if rung[row.id or 0].tried is tried]
            new = [row for row in new if _first(session, row.id, "unrung", f"ladder {row.ladder}", now)]
            numbers = [row.id or 0 for row in new]
            if not numbers:
                continue
            facts = {"what": "unrung" if tried else "nobody_to_ring", "tickets": numbers}
            for lead in sorted(plan.leads):
                notice(session, now, f"unrung:{_named(new)}:{lead}", lead, facts, rings=True)
            if self._options.last_resort:
                outbox.say(
                    session,
                    now,
                    f"last_resort:unrung:{_named(new)}",
                    outbox.LAST_RESORT,
                    facts={"about": "unrung", "tickets": numbers},
                    silent=False,
                    priority=outbox.PAGE,
                )

    def _over(self, session: Session, plan: Plan, rows: Sequence[TicketRow], now: datetime) -> None:
        new = [row for row in rows if _first(session, row.id, "ladder over", f"ladder {row.ladder}", now)]
        if new:
            numbers = [row.id or 0 for row in new]
            for lead in sorted(plan.leads):
                facts = {"what": "ladder_over", "tickets": numbers}
                notice(session, now, f"ladder_over:{_named(new)}:{lead}", lead, facts, rings=True)

    def _doubts(self, session: Session, plan: Plan, rows: Sequence[ReplyRow], now: datetime) -> None:
        for row in rows:
            if _first(session, row.ticket_id, "long doubt", f"reply {row.id}", now):
                for lead in sorted(plan.leads - {row.writer}):
                    facts = {"what": "long_doubt", "ticket": row.ticket_id, "person": row.writer}
                    key = f"long_doubt:{row.id}:{lead}"
                    notice(session, now, key, lead, facts, rings=True, ticket_id=row.ticket_id)


def _long_doubts(session: Session, now: datetime) -> Sequence[ReplyRow]:
    asked = select(ReplyRow).where(
        ReplyRow.state == ReplyState.IN_DOUBT.value, col(ReplyRow.first_intent_at) <= now - LONG_DOUBT
    )
    return session.exec(asked.order_by(col(ReplyRow.id))).all()


def _first(session: Session, ticket: int | None, verb: str, detail: str, now: datetime) -> bool:
    """Whether this case was never told before; from now on it was."""
    known = select(LogRow.id).where(LogRow.ticket_id == ticket, LogRow.verb == verb, LogRow.detail == detail)
    if session.exec(known).first() is not None:
        return False
    people.log(session, now, "watch", verb, ticket=ticket, detail=detail)
    return True


def _named(rows: Collection[TicketRow]) -> str:
    """Part of a key: the first of the cases that are told together."""
    first = min(rows, key=lambda row: row.id or 0)
    return f"{first.id}:{first.ladder}"
