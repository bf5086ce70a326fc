"""Every new mention is judged, and opens or joins a ticket: one transaction for a batch."""

import logging
from datetime import datetime

from sqlmodel import Session

from bot.core.joining import raised, ticket_to_join
from bot.core.ladder import on_duty_now
from bot.core.mention import Urgency
from bot.core.options import Options
from bot.core.ticket import SERVICE, Move, State, move
from bot.core.triage import Judge, Judgement
from bot.current_rota import CurrentRota
from bot.intake.changes import held_back
from bot.paging import ring_due, start_ladder
from bot.store import outbox, story
from bot.store.judged import Judged, NewMention, waiting
from bot.store.rows import put_ticket, ticket_of
from bot.store.tables import TicketRow
from schedules.office import is_open
from schedules.rota import Plan

log = logging.getLogger("reperibile.intake")

# Mentions judged in one transaction.
JUDGE_MAX = 100


class Judging:
    """Turns mentions that wait into (parts of) tickets; what rings is due in the same transaction."""

    def __init__(self, judge: Judge, options: Options, rota: CurrentRota) -> None:
        self._judge = judge
        self._options = options
        self._rota = rota

    def some(self, session: Session, now: datetime) -> int:
        found = waiting(session, JUDGE_MAX + 1)
        if not found:
            return 0
        plan = self._rota.plan(session)
        batch = Judged(session, found[:JUDGE_MAX], now)
        for mention in found[:JUDGE_MAX]:
            self._judge_one(session, batch, plan, mention, now)
        batch.write()
        # A backlog rings when all of it is judged, so that it is one ring with a list; a tick in between rings, too.
        # What rings changes the lists as well.
        if len(found) > JUDGE_MAX or not ring_due(session, plan, now, self._options):
            outbox.lists_changed(session)
        return min(len(found), JUDGE_MAX)

    def _judge_one(self, session: Session, batch: Judged, plan: Plan, mention: NewMention, now: datetime) -> None:
        judgement = self._judgement(mention)
        urgency, line = judgement.urgency, judgement.line
        if line == "unknown":
            account = plan.account(mention.account)
            line = (account.line if account else "") or "unknown"
        batch.judged(mention, urgency=urgency.value, line=line, score=judgement.score, reasons=list(judgement.reasons))
        counted = {"account": mention.account, "urgency": urgency.value}
        story.tell(session, now, "intake", "judged", detail=f"x:{mention.id}", quiet=True, facts=counted)
        # An edit of a mention that already stands in a ticket is the same mention with new words.
        ticket_id = mention.ticket_id
        if ticket_id is None:
            fits = batch.candidates(mention)
            ticket_id = ticket_to_join(fits, mention.conversation_id, mention.created_at, urgency)
        if ticket_id is not None:
            batch.joins(mention, ticket_id)
            self._join(session, batch, plan, ticket_id, mention, urgency, line, now)
        elif urgency is not Urgency.NOISE:
            self._open(batch, plan, mention, urgency, line, now)

    def _judgement(self, mention: NewMention) -> Judgement:
        """What the judge says. What it trips over rings, for a person can read it; the rest is judged all the same."""
        try:
            return self._judge(mention.text, mention.lang)
        except Exception as problem:
            # Neither trace nor message: they could hold the customer's words.
            log.error("x:%s could not be judged (%s): it counts as urgent", mention.id, type(problem).__name__)
            return Judgement(Urgency.URGENT, "unknown", 1.0, ("?? could not be judged",))

    def _open(self, batch: Judged, plan: Plan, mention: NewMention, urgency: Urgency, line: str, now: datetime) -> None:
        rings = urgency.is_alarm and not mention.cold and not is_open(plan, now)
        batch.opens(
            mention,
            f"{urgency} {line} x:{mention.id}",
            account=mention.account,
            author_id=mention.author_id,
            author=mention.author,
            state=(State.PAGING if rings else State.WAITING).value,
            urgency=urgency.value,
            line=line,
            opened_at=now,
            first_mention_at=mention.created_at,
            last_mention_at=mention.created_at,
            newest_mention_id=mention.id,
            # As start_ladder does.
            ladder=int(rings),
            next_step_at=now if rings else None,
        )

    def _join(
        self,
        session: Session,
        batch: Judged,
        plan: Plan,
        ticket_id: int,
        mention: NewMention,
        urgency: Urgency,
        line: str,
        now: datetime,
    ) -> None:
        ticket, is_edit = batch.ticket(ticket_id), mention.ticket_id is not None
        if not is_edit:
            # Also for noise ("it works again, thanks"): our answer was written before they said so.
            held_back(session, batch.live_reply(ticket_id), "new_post", now)
        if urgency is Urgency.NOISE:
            return
        before = Urgency(ticket.urgency)
        after = raised(before, urgency)
        rise = after is not before and after.is_alarm
        ticket.urgency = after.value
        if not is_edit:
            ticket.last_mention_at = max(ticket.last_mention_at, mention.created_at)
            ticket.newest_mention_id = max(ticket.newest_mention_id, mention.id)
        if ticket.line == "unknown":
            ticket.line = line
        session.add(ticket)
        batch.noted("join", f"{urgency} x:{mention.id}", ticket=ticket_id, line=ticket.line, urgency=ticket.urgency)
        if not is_edit or rise:
            self._react(session, plan, ticket, mention, rise, now)

    def _react(
        self, session: Session, plan: Plan, ticket: TicketRow, row: NewMention, rise: bool, now: datetime
    ) -> None:
        """What joining does, by the ticket's state (DESIGN.md, "Which ticket a mention joins")."""
        on_duty = ticket.owner is not None and ticket.owner in on_duty_now(plan, now)
        rings = not row.cold and not is_open(plan, now)
        match State(ticket.state):
            case State.PAGING:
                if rise and rings:
                    ticket.next_step_at = now
            case State.WAITING:
                if rise and rings:
                    self._move(ticket, Move.RING, now)
            case State.CLAIMED:
                if rise and not on_duty and rings:
                    self._tell_relieved(session, ticket, now)
                    self._move(ticket, Move.BACK, now)
                else:
                    self._follow_up(session, ticket, row, now, rings=rise)
            case State.ANSWERED:
                if on_duty or not rings:
                    self._move(ticket, Move.FURTHER, now)
                    self._follow_up(session, ticket, row, now, rings=rings)
                else:
                    self._tell_relieved(session, ticket, now)
                    self._move(ticket, Move.BACK, now)
            case State.SNOOZED:
                if rise and on_duty:
                    self._move(ticket, Move.WAKE, now)
                    self._follow_up(session, ticket, row, now, rings=True)
                elif rise and rings:
                    self._tell_relieved(session, ticket, now)
                    self._move(ticket, Move.BACK, now)
            case State.CLOSED:
                self._move(ticket, Move.FURTHER, now)
                if ticket.state == State.PAGING.value and not rings:
                    ticket.state, ticket.next_step_at = State.WAITING.value, None
        session.add(ticket)

    def _move(self, row: TicketRow, what: Move, now: datetime) -> None:
        put_ticket(row, move(ticket_of(row), what, SERVICE, now))
        if row.state == State.PAGING.value:
            start_ladder(row, now)

    def _follow_up(self, session: Session, ticket: TicketRow, row: NewMention, now: datetime, *, rings: bool) -> None:
        """The owner gets the customer's further words as a card of their own, to reply to."""
        outbox.say(
            session,
            now,
            f"follow:{ticket.id}:{row.newest_id}",
            "card",
            person=ticket.owner,
            ticket_id=ticket.id,
            mention_id=row.id,
            facts={"follow_up": True},
            silent=not rings,
            priority=outbox.PAGE if rings else outbox.RECEIPT,
        )

    def _tell_relieved(self, session: Session, ticket: TicketRow, now: datetime) -> None:
        outbox.say(
            session,
            now,
            f"relieved:{ticket.id}:{ticket.newest_mention_id}:{ticket.owner}",
            "notice",
            person=ticket.owner,
            ticket_id=ticket.id,
            facts={"what": "relieved", "ticket": ticket.id},
        )
