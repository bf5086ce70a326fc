"""Time → store: what is overdue, at each tick, and what it asks for.

Every question is asked anew of the tables, so that a tick that never came is made up for by the next one. One
transaction a tick and subject; nothing is sent here.
"""

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session, col, or_, select

from bot.core.ladder import first_called, on_duty_now
from bot.core.mention import Urgency
from bot.core.options import Options
from bot.core.ticket import SERVICE, Move, State, abandon_at, move
from bot.current_rota import CurrentRota
from bot.paging import RINGS_WITHIN, ring_due, start_ladder
from bot.store import holds, outbox, people, story, tickets
from bot.store.db import Store
from bot.store.durations import facts_of
from bot.store.rows import put_ticket, ticket_of
from bot.store.tables import Cursor, DutyRow, OutboxRow, QuestionRow, ReplyRow, TicketRow
from bot.watch import quiet, requests, silence, unheard
from bot.watch.digests import Digests
from bot.watch.disk import Disk, Free
from bot.watch.invariants import Invariants
from bot.watch.telling import cursor_of, notice
from schedules.office import is_open, last_opening
from schedules.on_duty import spans, who
from schedules.rota import Plan

log = logging.getLogger("reperibile.watch")

# An owner whose duty ended and who does not answer [Keep] [Pass]: the ticket goes to the new duty (DESIGN.md).
KEEP_WITHIN = timedelta(minutes=15)
# A duty that is not confirmed by a press within this time is told to the leads.
CONFIRM_WITHIN = timedelta(minutes=15)
# A silent list that Telegram refused is written anew after this long.
LIST_AGAIN = timedelta(minutes=10)
# A clock that jumped so far has moved alarms and handoffs: the leads are rung.
JUMP_RINGS = timedelta(minutes=10)
# How far a duty is looked for around now, to know its start and end.
DUTY_SEEN = timedelta(days=8)
# A tick jumps at most this far into the past when it looks for what it missed.
CLAMP = timedelta(hours=1)
_ALARMS = frozenset(urgency.value for urgency in Urgency if urgency.is_alarm)


class Watch:
    """The tick. Everything it needs to know stands in the tables."""

    def __init__(self, store: Store, options: Options, rota: CurrentRota, free: Free | None = None) -> None:
        self._store = store
        self._options = options
        self._rota = rota
        self._started: datetime | None = None
        self._digests = Digests()
        self._invariants = Invariants(options)
        self._disk = Disk(free)

    async def tick(self, now: datetime) -> None:
        """Do everything that is due at `now`."""
        await self._store.run(self._tick, now)

    async def jumped(self, by: timedelta, now: datetime) -> None:
        """The machine's clock was set, or it stood still: the leads are told; they are rung when it was for long."""
        await self._store.run(self._jumped, by, now)

    def _jumped(self, session: Session, by: timedelta, now: datetime) -> None:
        plan = self._rota.plan(session)
        story.tell(session, now, "watch", "clock jumped", grave=True, facts={"by_s": by.total_seconds()})
        for lead in sorted(plan.leads):
            facts = {"what": "clock_jumped", "by_s": by.total_seconds()}
            key = f"clock_jumped:{now.timestamp()}:{lead}"
            notice(session, now, key, lead, facts, rings=abs(by) >= JUMP_RINGS)

    def _tick(self, session: Session, now: datetime) -> None:
        plan = self._rota.plan(session)
        self._started = min(self._started or now, now)
        _clamp(session, now)
        if holds.is_on_hold(session):
            holds.ask(session, plan.leads, now)
            cursor_of(session, "beat").good_at = now
            return
        self._office(session, plan, now)
        self._duties(session, plan, now)
        self._abandoned(session, plan, now)
        self._ended_questions(session, plan, now)
        self._snoozed(session, plan, now)
        ring_due(session, plan, now, self._options)
        self._digests.tell(session, plan, self._rota.number, now)
        silence.tell_unread(session, plan, self._rota.number, self._rota.in_force, now)
        silence.tell_holes(session, plan, now)
        silence.tell(session, plan, now, self._options, self._started)
        self._lists(session, plan, now)
        self._invariants.look(session, plan, now)
        self._disk.look(session, plan, now)
        unheard.tell(session, plan, now, self._options, self._started)
        quiet.tell(session, plan, now, self._options)
        beat = cursor_of(session, "beat")
        beat.good_at = now

    # --- the office opens and closes -----------------------------------------------------------------------------

    def _office(self, session: Session, plan: Plan, now: datetime) -> None:
        cursor = cursor_of(session, "office")
        state = "open" if is_open(plan, now) else "closed"
        if cursor.value == state:
            return
        first_time, cursor.value, cursor.good_at = not cursor.value, state, now
        if first_time:
            return
        people.log(session, now, "watch", f"office {state}")
        if state == "open":
            self._opening(session, plan, now)
        else:
            self._closing(session, now)

    def _closing(self, session: Session, now: datetime) -> None:
        """An alarm that came while the office was open, and that nobody took, rings now; cold ones stay silent."""
        for row in tickets.in_state(session, State.WAITING):
            alarms = [m for m in tickets.mentions_of(session, row.id or 0) if m.urgency in _ALARMS]
            if Urgency(row.urgency).is_alarm and not (alarms and all(m.cold for m in alarms)):
                put_ticket(row, move(ticket_of(row), Move.RING, SERVICE, now))
                start_ladder(row, now)
                session.add(row)
                story.tell(session, now, "watch", "rings", ticket=row.id, facts=facts_of(session, "rings", row.id, now))
                outbox.ticket_changed(session, row.id or 0)

    def _opening(self, session: Session, plan: Plan, now: datetime) -> None:
        """Unclaimed alarms go on to the leads until claimed; everything else stands in the handover."""
        for row in tickets.in_state(session, State.PAGING):
            row.next_step_at = now
            session.add(row)
        opened = last_opening(plan, now) or now
        if tickets.open_tickets(session):
            for person in sorted(plan.leads | on_duty_now(plan, opened - timedelta(seconds=1))):
                # Named by the opening: an office that closes for lunch opens twice a day.
                _say_handover(session, person, f"opening:{opened.isoformat()}", "opening", now)

    # --- duties --------------------------------------------------------------------------------------------------

    def _duties(self, session: Session, plan: Plan, now: datetime) -> None:
        running: set[tuple[str, str]] = set()
        begun: dict[str, int] = {}
        for rota in plan.rotas:
            for person, start, end in _running(plan, rota, now):
                running.add((rota, person))
                number = self._duty_runs(session, rota, person, start, end, now)
                if number is not None:
                    begun[person] = number
        open_rows = session.exec(select(DutyRow).where(col(DutyRow.ended_at).is_(None))).all()
        ended = [row for row in open_rows if (row.rota, row.person) not in running]
        for row in ended:
            _duty_ends(session, row, now)
        gone = {row.person for row in ended} - on_duty_now(plan, now)
        for person in sorted(gone):
            self._duty_over(session, plan, person, {row.rota for row in ended if row.person == person}, now)
        if gone and not is_open(plan, now) and tickets.open_tickets(session):
            # At the office's opening the list has its own occasion (`_opening`).
            for person, number in sorted(begun.items()):
                # Named by the duty: a clock that is set back over a handoff does not hand over twice.
                _say_handover(session, person, f"duty:{number}", "duty", now)
        if ended or begun:
            self._reconsider(session, plan, now)
        for row in open_rows:
            if row.ended_at is None:
                self._unconfirmed(session, plan, row, now)

    def _duty_runs(
        self, session: Session, rota: str, person: str, start: datetime, end: datetime, now: datetime
    ) -> int | None:
        """The duty's number when it was not known to run; None when it was."""
        row = session.exec(
            select(DutyRow).where(DutyRow.person == person, DutyRow.rota == rota, col(DutyRow.ended_at).is_(None))
        ).first()
        if row is not None and now - DUTY_SEEN < start and row.end <= start:
            # It ended, and this one of the same person began, while nobody looked: to be told and confirmed anew.
            _duty_ends(session, row, now)
            row = None
        if row is not None:
            # The end is only known as far as we look: a row is written for a real change alone.
            if abs(row.end - end) > timedelta(hours=1) and end < now + DUTY_SEEN:
                row.end = end
                session.add(row)
            return None
        story.tell(session, now, "watch", "duty begins", detail=f"{person} {rota}")
        row = DutyRow(person=person, rota=rota, start=start, end=end, told_at=now)
        again = session.exec(
            select(DutyRow).where(DutyRow.person == person, DutyRow.rota == rota, DutyRow.start == start)
        ).first()
        if again is not None:
            again.ended_at, again.end = None, end
            session.add(again)
            return again.id
        session.add(row)
        session.flush()
        outbox.say(
            session,
            now,
            f"duty:{row.id}",
            "duty",
            person=person,
            facts={"duty": row.id, "rota": rota},
            silent=False,
            priority=outbox.RECEIPT,
        )
        return row.id

    def _unconfirmed(self, session: Session, plan: Plan, row: DutyRow, now: datetime) -> None:
        waited = row.told_at is not None and now - row.told_at >= CONFIRM_WITHIN
        if row.confirmed_at is not None or row.lead_told_at is not None or not waited:
            return
        row.lead_told_at = now
        session.add(row)
        story.tell(session, now, "watch", "duty unconfirmed", detail=f"{row.person} {row.rota}", grave=True)
        linked = row.person in people.reachable(session)
        for lead in sorted(plan.leads - {row.person}):
            notice(
                session,
                now,
                f"unconfirmed:{row.id}:{lead}",
                lead,
                {"what": "unconfirmed" if linked else "no_phone", "person": row.person, "rota": row.rota},
                rings=True,
            )

    def _duty_over(self, session: Session, plan: Plan, person: str, rotas: set[str], now: datetime) -> None:
        """Their claimed tickets stay theirs until they answer; answered and snoozed ones are only handed over."""
        # Whoever stands where they stood, else anybody on duty; in office hours nobody does, the office takes over.
        heirs = sorted(frozenset().union(*(who(plan, rota, now) for rota in rotas if rota in plan.rotas)) - {person})
        heirs = [] if is_open(plan, now) else heirs or sorted(on_duty_now(plan, now) - {person})
        for row in tickets.of_owner(session, person):
            if row.state != State.CLAIMED.value or row.ask_ends_at is not None:
                continue
            row.asked_at, row.ask_ends_at = now, now + KEEP_WITHIN
            session.add(row)
            _ask(
                session,
                now,
                "keep",
                person,
                now + KEEP_WITHIN,
                ticket_id=row.id,
                facts={"to": heirs[0] if heirs else "", "ticket": row.id},
            )

    def _reconsider(self, session: Session, plan: Plan, now: datetime) -> None:
        """The duty changed: what still pages, but has not rung for who is called first now, starts anew with them."""
        if is_open(plan, now):
            return
        first = first_called(plan, now)
        for row in tickets.in_state(session, State.PAGING):
            assert row.id is not None
            if first.isdisjoint(outbox.paged(session, row.id, row.ladder)):
                start_ladder(row, now)
                session.add(row)

    # --- owners who do nothing -----------------------------------------------------------------------------------

    def _abandoned(self, session: Session, plan: Plan, now: datetime) -> None:
        for row in tickets.in_state(session, State.CLAIMED):
            due = abandon_at(ticket_of(row), self._options.abandon_after)
            if due is None or row.ask_ends_at is not None or is_open(plan, now):
                continue
            ask_at, climb_at = due
            if now >= climb_at and row.asked_at is not None:
                self._free(session, row, Move.ABANDON, "abandoned", now)
            elif now >= ask_at and row.asked_at is None:
                row.asked_at = now
                told = facts_of(session, "asked", row.id, now)
                story.tell(session, now, "watch", "still on it?", ticket=row.id, facts=told)
                # Asked late (after downtime), they still get the time they were promised.
                row.owner_acted_at = max(row.owner_acted_at or now, now - self._options.abandon_after * 2 / 3)
                session.add(row)
                notice(
                    session,
                    now,
                    f"still:{row.id}:{row.owner}:{now.timestamp()}",
                    row.owner or "",
                    {"what": "still_on_it", "ticket": row.id, "rings": Urgency(row.urgency).is_alarm},
                    rings=True,
                    ticket_id=row.id,
                )

    def _free(self, session: Session, row: TicketRow, how: Move, what: str, now: datetime) -> None:
        """The owner loses the ticket, and is told."""
        assert row.id is not None
        owner = row.owner
        put_ticket(row, move(ticket_of(row), how, SERVICE, now))
        if row.state == State.PAGING.value:
            start_ladder(row, now)
        session.add(row)
        people.log(session, now, "watch", what, ticket=row.id, detail=owner or "")
        outbox.ticket_changed(session, row.id)
        if owner:
            facts = {"what": what, "ticket": row.id, "rings": row.state == State.PAGING.value}
            notice(session, now, f"{what}:{row.id}:{now.timestamp()}", owner, facts)

    def _ended_questions(self, session: Session, plan: Plan, now: datetime) -> None:
        rows = session.exec(select(QuestionRow).where(QuestionRow.answer == "", col(QuestionRow.ends_at) <= now)).all()
        for question in rows:
            question.answer, question.answered_at = "expired", now
            session.add(question)
            assert question.id is not None
            outbox.question_changed(session, question.id)
            ticket = tickets.get(session, question.ticket_id) if question.ticket_id else None
            if question.kind == "keep" and ticket is not None and ticket.owner == question.person:
                self._not_kept(session, plan, ticket, now)
            elif question.kind == "swap":
                requests.expired(session, question, now)
            elif question.kind == "handover" and ticket is not None:
                notice(
                    session,
                    now,
                    f"expired:{question.id}",
                    str(question.facts.get("giver", "")),
                    {"what": "handover_expired", "ticket": ticket.id, "person": question.person},
                )

    def _not_kept(self, session: Session, plan: Plan, row: TicketRow, now: datetime) -> None:
        """No answer after the end of a duty: to the new duty, or in office hours into the handover."""
        if row.state == State.CLAIMED.value:
            self._free(session, row, Move.OFFICE if is_open(plan, now) else Move.BACK, "passed_on", now)

    # --- sleepers ------------------------------------------------------------------------------------------------

    def _snoozed(self, session: Session, plan: Plan, now: datetime) -> None:
        for row in tickets.in_state(session, State.SNOOZED):
            if row.snoozed_until is None or row.snoozed_until > now:
                continue
            assert row.id is not None
            off_duty = row.owner not in on_duty_now(plan, now)
            if off_duty and not is_open(plan, now):
                self._free(session, row, Move.BACK, "passed_on", now)
                continue
            put_ticket(row, move(ticket_of(row), Move.WAKE, SERVICE, now))
            session.add(row)
            outbox.ticket_changed(session, row.id)
            outbox.say(
                session,
                now,
                f"woke:{row.id}:{now.timestamp()}",
                "card",
                person=row.owner,
                ticket_id=row.id,
                mention_id=row.newest_mention_id,
                silent=False,
                priority=outbox.PAGE,
            )

    # --- the silent list -----------------------------------------------------------------------------------------

    def _lists(self, session: Session, plan: Plan, now: datetime) -> None:
        """The on-duty phone has one silent list while anything waits; lists of those whose duty is over are retired."""
        watched = self._options.always or not is_open(plan, now)
        on_duty = first_called(plan, now) if watched else frozenset()
        # One that never arrived keeps a new one back for a while only: the phone may take messages again by now.
        live = {
            row.person: row
            for row in outbox.running_lists(session, "list")
            if row.state != "failed" or now - row.made_at < LIST_AGAIN
        }
        for person, row in live.items():
            if person not in on_duty:
                outbox.retire(session, row)
        for row in outbox.running_lists(session, "summary"):
            if row.made_at <= now - RINGS_WITHIN:
                outbox.retire(session, row)
        if not tickets.any_in_state(session, State.WAITING):
            return
        for person in sorted(on_duty & set(people.reachable(session))):
            if person not in live:
                outbox.say(
                    session,
                    now,
                    f"list:{person}:{now.timestamp()}",
                    "list",
                    person=person,
                    facts={"since": now.isoformat()},
                    priority=outbox.LIST,
                )


def _duty_ends(session: Session, row: DutyRow, now: datetime) -> None:
    row.ended_at = now
    session.add(row)
    story.tell(session, now, "watch", "duty ends", detail=f"{row.person} {row.rota}")


def _running(plan: Plan, rota: str, now: datetime) -> Iterable[tuple[str, datetime, datetime]]:
    """(person, start, end) of each duty running now, looked for at most DUTY_SEEN around now."""
    pieces = spans(plan, rota, now - DUTY_SEEN, now + DUTY_SEEN)
    at = next((i for i, piece in enumerate(pieces) if piece.start <= now < piece.end), None)
    if at is None:
        return
    for person in sorted(pieces[at].who):
        first = last = at
        while first > 0 and person in pieces[first - 1].who:
            first -= 1
        while last + 1 < len(pieces) and person in pieces[last + 1].who:
            last += 1
        yield person, pieces[first].start, pieces[last].end


def _clamp(session: Session, now: datetime) -> None:
    """A clock that was set back must not put the next ring hours away (RELIABILITY.md, "Clock")."""
    beat = session.get(Cursor, "beat")
    if beat is None or beat.good_at is None or beat.good_at <= now + timedelta(seconds=5):
        return
    back = beat.good_at - now
    log.warning("the clock went back by %s: due times are moved along", back)
    for row in session.exec(select(TicketRow).where(TicketRow.state != State.CLOSED.value)).all():
        row.next_step_at = _moved(row.next_step_at, back, now)
        row.snoozed_until = _moved(row.snoozed_until, back, now)
        row.ask_ends_at = _moved(row.ask_ends_at, back, now)
        row.owner_acted_at, row.asked_at = _past(row.owner_acted_at, back, now), _past(row.asked_at, back, now)
        session.add(row)
    for question in session.exec(select(QuestionRow).where(QuestionRow.answer == "")).all():
        question.ends_at = _moved(question.ends_at, back, now)
        session.add(question)
    for duty in session.exec(select(DutyRow).where(col(DutyRow.ended_at).is_(None))).all():
        duty.told_at = _past(duty.told_at, back, now)
        session.add(duty)
    for message in session.exec(select(OutboxRow).where(OutboxRow.state == "due", OutboxRow.due_at > now)).all():
        message.due_at = max(message.due_at - back, now)
        session.add(message)
    for cursor in session.exec(select(Cursor).where(col(Cursor.not_before) > now)).all():
        assert cursor.not_before is not None
        cursor.not_before = max(cursor.not_before - back, now)
        session.add(cursor)
    for cursor in session.exec(select(Cursor).where(_counts_silence())).all():
        # Silence is counted from these: one that lies ahead of us would hide it until the clock is there again.
        cursor.good_at, cursor.told_at = _past(cursor.good_at, back, now), _past(cursor.told_at, back, now)
        session.add(cursor)
    for reply in session.exec(select(ReplyRow).where(col(ReplyRow.due_at) > now)).all():
        assert reply.due_at is not None
        reply.due_at = max(reply.due_at - back, now)
        # The quarter of an hour in which a reply may leave by itself is counted from its Send.
        reply.held_at = min(reply.held_at, now) if reply.held_at else None
        session.add(reply)


def _counts_silence() -> Any:
    return or_(col(Cursor.name) == "office", col(Cursor.name).startswith("x:"))


def _moved(due: datetime | None, back: timedelta, now: datetime) -> datetime | None:
    """A due time keeps its distance from the clock; what was overdue stays as it was."""
    return None if due is None else min(due, max(due - back, now))


def _past(at: datetime | None, back: timedelta, now: datetime) -> datetime | None:
    """What was done keeps its age; what happened just now was dated by the new clock already."""
    return at if at is None or now - timedelta(minutes=1) < at <= now else at - back


def _ask(
    session: Session,
    now: datetime,
    kind: str,
    person: str,
    ends_at: datetime,
    *,
    ticket_id: int | None,
    facts: dict[str, object],
) -> None:
    question = QuestionRow(
        kind=kind, person=person, ticket_id=ticket_id, facts=dict(facts), asked_at=now, ends_at=ends_at
    )
    session.add(question)
    session.flush()
    outbox.say(
        session,
        now,
        f"question:{question.id}",
        "question",
        person=person,
        ticket_id=ticket_id,
        question_id=question.id,
        silent=False,
    )


def _say_handover(session: Session, person: str, occasion: str, why: str, now: datetime) -> None:
    outbox.say(
        session,
        now,
        f"handover:{occasion}:{person}",
        "handover",
        person=person,
        facts={"why": why},
        silent=False,
        priority=outbox.LIST,
    )
