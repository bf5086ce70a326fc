"""What counts as being called out, asked of both databases."""

from datetime import UTC, datetime, timedelta

from sqlmodel import Session

from bot.store import call_outs, outbox, people
from bot.store.db import Store
from bot.store.tables import TicketRow

NIGHT = datetime(2026, 11, 28, 21, 0, tzinfo=UTC)
M = timedelta(minutes=1)


def test_rings_that_left_and_a_persons_own_moves_count(store: Store) -> None:
    """Not what arrived without a sound, never left, rang for something else, or lies outside of what is asked."""

    def write(session: Session) -> None:
        ticket = TicketRow(
            account="TIM_Official",
            author_id=1,
            author="mario",
            state="paging",
            urgency="urgent",
            line="187",
            opened_at=NIGHT,
            first_mention_at=NIGHT,
            last_mention_at=NIGHT,
            newest_mention_id=1,
        )
        session.add(ticket)
        session.flush()
        rows = [
            ("page", False, NIGHT),
            ("summary", False, NIGHT + 2 * M),
            ("page", True, NIGHT + 3 * M),
            ("page", False, None),
            ("duty", False, NIGHT + 4 * M),
            ("page", False, NIGHT + 60 * M),
        ]
        for number, (kind, silent, sent_at) in enumerate(rows):
            row = outbox.say(session, NIGHT, f"x:{number}", kind, person="giulia", silent=silent)
            row.sent_at = sent_at
        people.log(session, NIGHT + 5 * M, "giulia", "claim", ticket=ticket.id)
        people.log(session, NIGHT + 6 * M, "giulia", "language")
        people.log(session, NIGHT + 7 * M, "sara", "note", ticket=ticket.id)

    store.run_now(write)
    found = store.read_now(call_outs.called, NIGHT, NIGHT + 60 * M)
    assert sorted(found["giulia"]) == [NIGHT, NIGHT + 2 * M, NIGHT + 5 * M]
    assert found["sara"] == [NIGHT + 7 * M]
