"""Store → X on both databases: what no person would wait for is put back, however much of it there is."""

from datetime import UTC, datetime, timedelta
from typing import Any, cast

from sqlmodel import Session, func, select

from bot.clock import HandClock
from bot.core.options import Options
from bot.core.reply import LEAVE_WITHIN, Waits
from bot.current_rota import CurrentRota
from bot.delivery import Delivery
from bot.store.db import Store
from bot.store.tables import ReplyRow, TicketRow

NIGHT = datetime(2026, 11, 28, 21, 0, tzinfo=UTC)
WAITS = Waits(timedelta(seconds=20), timedelta(seconds=45), timedelta(seconds=120))
MANY = 50


def held_replies(session: Session) -> None:
    ticket = TicketRow(
        account="TIM_Official",
        author_id=1,
        author="mario",
        state="claimed",
        urgency="urgent",
        line="187",
        opened_at=NIGHT,
        first_mention_at=NIGHT,
        last_mention_at=NIGHT,
        newest_mention_id=1,
    )
    session.add(ticket)
    session.flush()
    assert ticket.id is not None
    for _ in range(MANY):
        session.add(
            ReplyRow(
                ticket_id=ticket.id,
                writer="giulia",
                account="TIM_Official",
                mention_id=1,
                parent_id=1,
                typed="Eccoci.",
                text="Eccoci. ^GR",
                state="held",
                made_at=NIGHT,
                held_at=NIGHT,
                due_at=NIGHT,
            )
        )


async def test_whatever_waited_too_long_becomes_a_draft_again(store: Store) -> None:
    """After a long outage all of them are too late at once: none is posted."""
    store.run_now(held_replies)
    nobody = cast(Any, None)  # neither X nor a phone is asked for anything
    clock = HandClock(NIGHT + LEAVE_WITHIN)
    delivery = Delivery(store, nobody, nobody, Options((), WAITS), CurrentRota(), clock)
    assert await delivery.to_x() == 0

    def drafts(session: Session) -> int:
        return session.exec(select(func.count()).where(ReplyRow.state == "draft", ReplyRow.reason == "too_late")).one()

    assert store.read_now(drafts) == MANY
