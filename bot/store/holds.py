"""A database put back from a backup is on hold: nothing is read from X and nothing is sent until a person says so.

What stood to be sent then may have been sent since, by the life that the backup does not know of. So answers that
were on their way are in doubt, and are looked for on X before anything else (RELIABILITY.md, "Traps").
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Final

from sqlmodel import Session, col, select

from bot.core.reply import ReplyState
from bot.store import outbox, people
from bot.store.rows import ask as rows_of
from bot.store.rows import table_of
from bot.store.tables import Cursor, OutboxRow, QuestionRow, ReplyRow

ASK_AGAIN: Final = timedelta(hours=1)
"""A lead who said "not yet" is asked again after this long."""
_CURSOR: Final = "hold"
_KEY: Final = "hold:"
_ON_THEIR_WAY = (ReplyState.HELD.value, ReplyState.SENDING.value, ReplyState.IN_DOUBT.value)


def is_on_hold(session: Session) -> bool:
    return any(value for (value,) in rows_of(session, _hold()))


# Asked before each message that leaves: to build it anew, or to make a row of it, costs more than to run it.
@cache
def _hold() -> Any:
    cursors = table_of(Cursor).c
    return select(cursors.value).where(cursors.name == _CURSOR)


def put_on_hold(session: Session, made_at: datetime, now: datetime) -> int:
    """Hold everything; gives how many replies are in doubt by it. made_at: of the backup."""
    session.merge(Cursor(name=_CURSOR, value=made_at.isoformat(), good_at=now))
    replies = session.exec(select(ReplyRow).where(col(ReplyRow.state).in_(_ON_THEIR_WAY), ~col(ReplyRow.asked))).all()
    for row in replies:
        assert row.id is not None
        begun = row.first_intent_at or row.held_at or row.made_at
        # In doubt for the second time: it is looked for once, and if it is not there its writer is asked.
        row.state, row.doubts, row.looks, row.reason = ReplyState.IN_DOUBT.value, 2, 0, "in_doubt"
        row.first_intent_at, row.intent_at, row.due_at = begun, row.intent_at or begun, now
        session.add(row)
        outbox.reply_changed(session, row.id)
    people.log(session, now, "server", "hold", detail=f"{len(replies)} replies in doubt")
    return len(replies)


def resume(session: Session, by: str, now: datetime) -> bool:
    """Go on; False when nothing was on hold. Questions that other leads were asked are settled by it."""
    cursor = session.get(Cursor, _CURSOR)
    if cursor is None or cursor.value == "":
        return False
    cursor.value, cursor.good_at = "", now
    session.add(cursor)
    for question in _asked(session):
        if not question.answer and question.person != by:
            question.answer, question.answered_at = "replaced", now
            session.add(question)
            outbox.question_changed(session, question.id or 0)
    people.log(session, now, by, "resume")
    return True


def ask(session: Session, leads: Collection[str], now: datetime) -> None:
    """Ask every lead who can be reached whether to go on; who is asked already, or said "not yet" just now, is not."""
    cursor = session.get_one(Cursor, _CURSOR)
    since = cursor.good_at or now
    asked = [question for question in _asked(session) if question.asked_at >= since]
    waits = {q.person for q in asked if not q.answer or now - q.asked_at < ASK_AGAIN}
    for lead in sorted((leads & people.reachable(session).keys()) - waits):
        facts = {"start": cursor.value}
        question = QuestionRow(kind="resume", person=lead, facts=facts, asked_at=now)
        session.add(question)
        session.flush()
        outbox.say(
            session,
            now,
            f"{_KEY}{question.id}",
            "question",
            person=lead,
            question_id=question.id,
            silent=False,
            priority=outbox.PAGE,
        )


def take(session: Session, now: datetime, lease: timedelta, most: int) -> Sequence[OutboxRow]:
    """As outbox.take, of the one thing that leaves while everything is on hold: the question to the leads."""
    due = select(OutboxRow).where(OutboxRow.state == "due", OutboxRow.due_at <= now)
    rows = session.exec(due.where(col(OutboxRow.key).startswith(_KEY)).order_by(col(OutboxRow.id)).limit(most)).all()
    for row in rows:
        row.state, row.attempts, row.intent_at, row.due_at = "sending", row.attempts + 1, now, now + lease
        session.add(row)
    return rows


def _asked(session: Session) -> Sequence[QuestionRow]:
    return session.exec(select(QuestionRow).where(QuestionRow.kind == "resume")).all()
