"""Whatever the ladder asks for rings, once each time, on both databases."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import Session, select

from bot.core.options import Options
from bot.core.reply import Waits
from bot.paging import BATCH_MAX, RINGS_MAX, SUMMARY_EVERY, ring_due, start_ladder
from bot.store import people
from bot.store.db import Store
from bot.store.tables import OutboxRow, TicketRow
from schedules.rota_file import load

# Saturday 28 November 2026, 22:00 in Rome; quiet begins at 23:00 and ends at 7:00.
NIGHT = datetime(2026, 11, 28, 21, 0, tzinfo=UTC)
QUIET = datetime(2026, 11, 28, 23, 0, tzinfo=UTC)
MORNING = datetime(2026, 11, 29, 6, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
OPTIONS = Options(("TIM_Official",), Waits(SECOND, SECOND, SECOND))
PLAN = load(
    """
timezone = "Europe/Rome"
[office]
hours = ["mon-fri 09:00-18:00"]
quiet = ["daily 23:00-07:00"]
[people.giulia]
[people.sara]
[people.marco]
role = "lead"
[[rotas.primary.layers]]
people = ["giulia"]
starts = 2026-01-01T00:00:00
turn = "1 week"
[[rotas.backup.layers]]
people = ["sara"]
starts = 2026-01-01T00:00:00
turn = "1 week"
"""
)


def alarms(session: Session, count: int, at: datetime, urgency: str = "urgent") -> list[TicketRow]:
    rows = []
    for _ in range(count):
        row = TicketRow(
            account="TIM_Official",
            author_id=1,
            author="mario",
            state="paging",
            urgency=urgency,
            line="187",
            opened_at=at,
            first_mention_at=at,
            last_mention_at=at,
            newest_mention_id=1,
        )
        start_ladder(row, at)
        session.add(row)
        rows.append(row)
    session.flush()
    return rows


@pytest.fixture
def linked(store: Store) -> Store:
    for number, person in enumerate(PLAN.people):
        store.run_now(people.link, person, 1000 + number, NIGHT, confirmed=True)
    return store


def ring(store: Store, at: datetime) -> list[tuple[str, str | None, bool]]:
    """(kind, person, silent) of what this turn wrote."""

    def turn(session: Session) -> list[tuple[str, str | None, bool]]:
        before = {row.id for row in session.exec(select(OutboxRow)).all()}
        ring_due(session, PLAN, at, OPTIONS)
        session.flush()
        return [(r.kind, r.person, r.silent) for r in session.exec(select(OutboxRow)).all() if r.id not in before]

    return store.run_now(turn)


def test_one_step_rings_once(linked: Store) -> None:
    linked.run_now(alarms, 1, NIGHT)
    assert ring(linked, NIGHT) == [("page", "giulia", False)]
    assert ring(linked, NIGHT) == []
    assert ring(linked, NIGHT + timedelta(minutes=5)) == [("page", "sara", False)]


def test_more_than_five_at_once_are_one_ring_and_critical_ones_ring_by_themselves(linked: Store) -> None:
    linked.run_now(alarms, BATCH_MAX + 1, NIGHT)
    linked.run_now(alarms, 2, NIGHT, "critical")
    assert sorted(ring(linked, NIGHT)) == [("page", "giulia", False)] * 2 + [("summary", "giulia", False)]


def test_five_at_once_ring_one_by_one(linked: Store) -> None:
    linked.run_now(alarms, BATCH_MAX, NIGHT)
    assert ring(linked, NIGHT) == [("page", "giulia", False)] * BATCH_MAX


def test_quiet_hours_show_at_once_and_ring_once_when_they_end(linked: Store) -> None:
    linked.run_now(alarms, 2, QUIET)
    assert ring(linked, QUIET) == [("page", "giulia", True)] * 2
    assert ring(linked, MORNING - SECOND) == []
    assert ring(linked, MORNING) == [("summary", "giulia", False)]


def test_a_single_one_that_waited_rings_as_its_own_card(linked: Store) -> None:
    linked.run_now(alarms, 1, QUIET)
    ring(linked, QUIET)
    assert ring(linked, MORNING) == [("page", "giulia", False)]


def test_critical_rings_in_quiet_hours(linked: Store) -> None:
    linked.run_now(alarms, 1, QUIET, "critical")
    assert ring(linked, QUIET) == [("page", "giulia", False)]


def test_when_only_the_lead_can_be_reached_the_lead_is_rung_again_and_again(store: Store) -> None:
    """Every step but the leads' is empty: the same step is taken anew each time, and each time it rings."""
    plan = load(
        """
timezone = "Europe/Rome"
[people.giulia]
[people.marco]
role = "lead"
[[rotas.primary.layers]]
people = ["giulia"]
starts = 2026-01-01T00:00:00
turn = "1 week"
[office]
hours = ["mon-fri 09:00-18:00"]
[[escalations.standard.steps]]
page = ["rota:primary"]
"""
    )
    store.run_now(people.link, "marco", 1, NIGHT, confirmed=True)
    store.run_now(alarms, 1, NIGHT)

    def deliver(session: Session) -> None:
        for row in session.exec(select(OutboxRow)).all():
            row.state = "sent"
            session.add(row)

    rung = []
    for i in range(3):
        rung.append(store.run_now(ring_due, plan, NIGHT + timedelta(minutes=10 * i), OPTIONS))
        store.run_now(deliver)
    count = store.read_now(lambda s: len(s.exec(select(OutboxRow)).all()))
    assert (rung, count) == ([1, 1, 1], 3)


def test_beyond_ten_rings_an_hour_one_summary_is_kept_and_the_backup_is_told_once(linked: Store) -> None:
    for i in range(RINGS_MAX):
        linked.run_now(alarms, 1, NIGHT + i * SECOND)
        assert ("page", "giulia", False) in ring(linked, NIGHT + i * SECOND)
    at = NIGHT + 20 * SECOND
    linked.run_now(alarms, 1, at)
    assert sorted(r[:2] for r in ring(linked, at)) == [("notice", "sara"), ("summary", "giulia")]
    linked.run_now(alarms, 1, at + SECOND)
    assert ring(linked, at + SECOND) == [], "the summary is edited"
    summary = linked.read_now(lambda s: s.exec(select(OutboxRow).where(OutboxRow.kind == "summary")).one())
    assert len(summary.facts["tickets"]) == 2


def test_a_summary_from_before_the_clock_was_set_back_keeps_nothing_from_ringing(linked: Store) -> None:
    linked.run_now(alarms, 6, NIGHT)
    assert ring(linked, NIGHT) == [("summary", "giulia", False)]
    back = NIGHT - timedelta(hours=1) + SUMMARY_EVERY
    linked.run_now(alarms, 6, back)
    assert ("summary", "giulia", False) in ring(linked, back)


@pytest.mark.parametrize("state", ["failed", "dropped"])
def test_nothing_is_added_to_a_summary_that_never_reached_the_phone(linked: Store, state: str) -> None:
    """Telegram refused it, or there was no phone: the next alarms ring by a summary of their own, with all of them."""
    linked.run_now(alarms, BATCH_MAX + 1, NIGHT)
    ring(linked, NIGHT)

    def lose(session: Session) -> None:
        session.exec(select(OutboxRow).where(OutboxRow.kind == "summary")).one().state = state

    linked.run_now(lose)
    linked.run_now(alarms, BATCH_MAX + 1, NIGHT + SECOND)
    assert ring(linked, NIGHT + SECOND) == [("summary", "giulia", False)]

    def shown(session: Session) -> int:
        newest = session.exec(select(OutboxRow).where(OutboxRow.kind == "summary", OutboxRow.state == "due")).one()
        return len(newest.facts["tickets"])

    assert linked.read_now(shown) == 2 * (BATCH_MAX + 1)
