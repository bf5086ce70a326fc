"""Taking a reply off X again, at its writer's wish.

To delete twice does no harm, so it is simply asked again; but not for ever: in the end the writer has the link in hand.
"""

from datetime import datetime, timedelta
from typing import Protocol

from sqlmodel import Session

from bot.clock import Clock
from bot.core.reply import Reply, ReplyState
from bot.core.ticket import SERVICE, Move, State, move
from bot.current_rota import CurrentRota
from bot.delivery import limits
from bot.errors import DoorError, Permanent
from bot.showing import post_url
from bot.store import outbox, people, tickets
from bot.store.db import Store
from bot.store.rows import put_ticket, reply_of, ticket_of
from bot.store.tables import ReplyRow

# Asked again after as long as it has been asked for, within these bounds: 5 s, 5 s, 10 s, 20 s, … 2 min.
AGAIN = (timedelta(seconds=5), timedelta(minutes=2))
# Then the writer is told to do it by hand: a wrong answer must not stand there while nobody knows.
TRIED_FOR = timedelta(minutes=10)


class Deleter(Protocol):
    """What is needed of the X door."""

    async def delete(self, account: str, post_id: int) -> None: ...


class Deletions:
    """Deletes what its writer wants deleted."""

    def __init__(self, store: Store, deleter: Deleter, rota: CurrentRota, clock: Clock) -> None:
        self._store = store
        self._deleter = deleter
        self._rota = rota
        self._clock = clock

    def may_go(self, session: Session, row: ReplyRow, now: datetime) -> bool:
        """May X be asked for this now? Else it is due later, or its writer is told that it cannot be done."""
        until = limits.limited_until(session, limits.DELETE, row.account, now)
        if until is None:
            return True
        self._later(session, row, until, now)
        return False

    async def delete(self, reply: Reply, account: str) -> None:
        """One request, and what became of it."""
        problem: DoorError | None = None
        if reply.x_id is None:
            # A person said that it is there: we never learnt which post it is.
            problem = Permanent("unknown_post")
        else:
            try:
                await self._deleter.delete(account, reply.x_id)
            except DoorError as caught:
                problem = caught
        await self._store.run(self._settle, reply.id, problem, self._clock.now())

    def _settle(self, session: Session, reply_id: int, problem: DoorError | None, now: datetime) -> None:
        row = session.get(ReplyRow, reply_id)
        if row is None or row.state != ReplyState.POSTED.value:
            return
        session.add(row)
        if isinstance(problem, Permanent):
            self._give_up(session, row, now)
        elif problem is not None:
            plan = self._rota.plan(session)
            self._later(session, row, limits.failed(session, plan, limits.DELETE, row.account, problem, now), now)
        else:
            limits.worked(session, limits.DELETE, row.account)
            row.state, row.deleted_at, row.due_at = ReplyState.DELETED.value, now, None
            outbox.reply_changed(session, reply_id)
            people.log(session, now, row.writer, "deleted", ticket=row.ticket_id, detail=f"x:{row.x_id}")
            _unanswered(session, row, now)

    def _later(self, session: Session, row: ReplyRow, until: datetime | None, now: datetime) -> None:
        asked_at = row.delete_asked_at or now
        over = asked_at + TRIED_FOR
        if now >= over:
            self._give_up(session, row, now)
            return
        row.due_at = min(until or now + min(max(now - asked_at, AGAIN[0]), AGAIN[1]), over)
        session.add(row)

    def _give_up(self, session: Session, row: ReplyRow, now: datetime) -> None:
        """It stands there still: the writer deletes it by hand, with the link to it (or to what it answers)."""
        row.delete_asked_at, row.due_at = None, None
        session.add(row)
        reply = reply_of(row)
        # "i" instead of a handle: the address needs none, and the outbox keeps no customer's name.
        url = post_url(row.account, reply.x_id) if reply.x_id else post_url("i", reply.parent_id)
        facts = {"what": "delete_failed", "ticket": row.ticket_id, "url": url}
        key = f"delete_failed:{row.id}:{now.timestamp()}"
        outbox.say(session, now, key, "notice", person=row.writer, facts=facts, silent=False)
        outbox.reply_changed(session, row.id or 0)
        people.log(session, now, "delivery", "not deleted", ticket=row.ticket_id, detail=f"reply {row.id}")


def _unanswered(session: Session, row: ReplyRow, now: datetime) -> None:
    """The only answer is gone: the ball is with us again."""
    session.flush()
    still = [r for r in tickets.replies_of(session, row.ticket_id) if r.state == ReplyState.POSTED.value]
    ticket = tickets.get(session, row.ticket_id)
    if ticket is not None and ticket.state == State.ANSWERED.value and not still:
        put_ticket(ticket, move(ticket_of(ticket), Move.FURTHER, SERVICE, now))
        session.add(ticket)
    outbox.ticket_changed(session, row.ticket_id)
