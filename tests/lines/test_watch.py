"""What ticks, fails or is locked out between two pages, on both databases: nothing that should ring is forgotten."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import Session, select

from bot.app import import_rota
from bot.clock import HandClock
from bot.core.message import Message
from bot.core.options import Options
from bot.core.reply import Waits
from bot.current_rota import CurrentRota
from bot.delivery import LAST_RESORT_TRIES, Delivery
from bot.errors import Permanent
from bot.paging import start_ladder
from bot.store import people
from bot.store.db import Store
from bot.store.tables import Cursor, DutyRow, LogRow, MentionRow, OutboxRow, QuestionRow, TicketRow
from bot.watch import Watch

# Saturday 28 November 2026, 22:00 in Rome; on Friday the office closed at 18:00.
NIGHT = datetime(2026, 11, 28, 21, 0, tzinfo=UTC)
CLOSING = datetime(2026, 11, 27, 17, 0, tzinfo=UTC)
S, M, H = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
OPTIONS = Options((), Waits(S, S, S), always=True)
ROTA = """
timezone = "Europe/Rome"
[office]
hours = ["mon-fri 09:00-18:00"]
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
WITHOUT_GIULIA = ROTA.replace("[people.giulia]\n", "").replace('["giulia"]', '["marco"]')


class Phones:
    """Takes every message, except those for a phone that blocks us."""

    def __init__(self, blocked: int = 0) -> None:
        self.blocked = blocked
        self.number = 0

    async def send(self, chat_id: int, message: Message, *, reply_to: int | None = None) -> int:
        if chat_id == self.blocked:
            raise Permanent("unreachable")
        self.number += 1
        return self.number

    async def edit(self, chat_id: int, message_id: int, message: Message) -> None: ...


class Night:
    """A store with a rota, at a time that is moved by hand."""

    def __init__(self, store: Store, at: datetime, *linked: str) -> None:
        self.store, self.clock = store, HandClock(at)
        import_rota(store, ROTA, "server", "test", at)
        for number, person in enumerate(("giulia", "sara", "marco")):
            if person in linked:
                store.run_now(people.link, person, 1000 + number, at, confirmed=True)
        self.watch = Watch(store, OPTIONS, CurrentRota())

    def ticket(self, state: str = "paging", *, cold: bool = False, **changes: Any) -> int:
        at = self.clock.now()

        def make(session: Session) -> int:
            values: dict[str, Any] = {
                "account": "TIM_Official",
                "author_id": 1,
                "author": "mario",
                "urgency": "urgent",
                "line": "187",
                "opened_at": at,
                "first_mention_at": at,
                "last_mention_at": at,
                "newest_mention_id": 1,
            }
            row = TicketRow(state=state, **{**values, **changes})
            if state == "paging":
                start_ladder(row, at)
            session.add(row)
            session.flush()
            assert row.id is not None
            mention = {"author_name": "M", "text": "urgent", "seen_at": at, "created_at": at, "conversation_id": 1}
            number = row.id * 10
            session.add(
                MentionRow(
                    id=number,
                    newest_id=number,
                    account=row.account,
                    author_id=1,
                    author="mario",
                    state="joined",
                    urgency="urgent",
                    reasons=["U2 x"],
                    ticket_id=row.id,
                    cold=cold,
                    **mention,  # type: ignore[arg-type]  # values of several types
                )
            )
            row.newest_mention_id = number
            return row.id

        return self.store.run_now(make)

    async def tick(self, **later: float) -> None:
        self.clock.advance(timedelta(**later))
        await self.watch.tick(self.clock.now())

    def get(self, number: int) -> TicketRow:
        def read(session: Session) -> TicketRow:
            row = session.get(TicketRow, number)
            assert row is not None
            return row

        return self.store.read_now(read)

    def rows(self, kind: str) -> list[OutboxRow]:
        return self.store.read_now(lambda s: list(s.exec(select(OutboxRow).where(OutboxRow.kind == kind)).all()))

    def paged(self) -> list[tuple[int | None, str | None]]:
        return sorted((row.ticket_id, row.person) for row in self.rows("page"))


async def test_a_rota_that_leaves_somebody_out_frees_what_they_had(store: Store) -> None:
    """They cannot answer any more: their ticket must ring for somebody else."""
    night = Night(store, NIGHT, "giulia", "marco")
    number = night.ticket("claimed", owner="giulia", owner_acted_at=NIGHT)
    import_rota(store, WITHOUT_GIULIA, "marco", "she left", NIGHT)
    assert (night.get(number).state, night.get(number).owner) == ("paging", None)
    assert "giulia" not in store.read_now(people.reachable)
    await night.tick(seconds=1)
    assert night.paged() == [(number, "marco")]


async def test_a_clock_set_back_moves_every_due_time_along(store: Store) -> None:
    """A clock an hour too fast, then corrected: nobody sleeps an hour longer, no question waits an hour more."""
    night = Night(store, NIGHT, "giulia", "sara", "marco")
    await night.tick()
    asleep = night.ticket("snoozed", owner="giulia", snoozed_until=NIGHT + 30 * M)
    asked = night.ticket(
        "claimed", owner="giulia", owner_acted_at=NIGHT - 10 * M, asked_at=NIGHT, ask_ends_at=NIGHT + 15 * M
    )

    def ask(session: Session) -> None:
        session.add(QuestionRow(kind="handover", person="sara", asked_at=NIGHT, ends_at=NIGHT + 15 * M))

    store.run_now(ask)
    await night.tick(hours=-1)
    assert night.get(asleep).snoozed_until == NIGHT - H + 30 * M
    row = night.get(asked)
    assert (row.owner_acted_at, row.asked_at) == (NIGHT - H - 10 * M, NIGHT - H)
    assert row.ask_ends_at == NIGHT - H + 15 * M
    question = store.read_now(lambda s: s.exec(select(QuestionRow)).one())
    assert question.ends_at == NIGHT - H + 15 * M
    assert {d.told_at for d in store.read_now(lambda s: s.exec(select(DutyRow)).all())} == {NIGHT - H}


async def test_a_clock_set_back_does_not_hide_that_x_is_silent(store: Store) -> None:
    """Days too fast, then corrected, while X is down: the leads hear of it within minutes, and again each hour."""
    night = Night(store, NIGHT, "giulia", "sara", "marco")
    night.watch = Watch(store, replace(OPTIONS, accounts=("TIM_Official",)), CurrentRota())

    def read(session: Session) -> None:
        session.merge(Cursor(name="x:TIM_Official", good_at=NIGHT - M, fails=1, value="server"))

    store.run_now(read)
    await night.tick()

    def told() -> int:
        return sum(row.facts["what"] == "silence" and row.person == "marco" for row in night.rows("notice"))

    await night.tick(hours=-48)
    await night.tick(minutes=3)
    assert told() == 0
    await night.tick(minutes=2)
    assert told() == 1
    await night.tick(hours=-24)
    await night.tick(minutes=59)
    assert told() == 1
    await night.tick(minutes=1)
    assert told() == 2


async def test_an_unreachable_phone_moves_on_only_what_rang_for_it(store: Store) -> None:
    """Sara blocks the bot: what rings for Giulia must not climb before its time."""
    night = Night(store, NIGHT, "giulia", "sara", "marco")
    old = night.ticket()
    await night.tick(seconds=1)
    await night.tick(minutes=6)
    assert (old, "sara") in night.paged()
    young = night.ticket()
    await night.tick(seconds=1)
    before = night.get(young).next_step_at
    delivery = Delivery(store, Phones(blocked=1001), None, OPTIONS, CurrentRota(), night.clock)  # type: ignore[arg-type]  # no X here
    await delivery.to_phones()
    assert night.get(young).next_step_at == before
    assert night.get(old).next_step_at == night.clock.now()
    await night.tick(seconds=1)
    assert (old, "marco") in night.paged()
    assert [person for ticket, person in night.paged() if ticket == young] == ["giulia"]


async def test_an_alarm_of_the_office_hours_rings_at_closing(store: Store) -> None:
    """WATCH=always: it came at a quarter to six and nobody took it; the night must hear of it unless it is cold."""
    night = Night(store, CLOSING - 15 * M, "giulia", "sara", "marco")
    await night.tick()
    alarm, cold = night.ticket("waiting"), night.ticket("waiting", cold=True)
    normal = night.ticket("waiting", urgency="normal")
    await night.tick(minutes=14)
    assert night.paged() == []
    await night.tick(minutes=1)
    assert night.paged() == [(alarm, "giulia")]
    assert [night.get(n).state for n in (alarm, cold, normal)] == ["paging", "waiting", "waiting"]


async def test_a_ladder_that_reaches_nobody_is_logged_once(store: Store) -> None:
    """Before anybody is linked every minute tries anew; the log must stay readable."""
    night = Night(store, NIGHT)
    number = night.ticket()

    def logged(session: Session) -> int:
        verbs = ("reached nobody", "step reached nobody")
        return len([r for r in session.exec(select(LogRow).where(LogRow.ticket_id == number)).all() if r.verb in verbs])

    await night.tick(seconds=1)
    first = store.read_now(logged)
    assert first > 0
    for _ in range(5):
        await night.tick(minutes=1)
    assert store.read_now(logged) == first


@pytest.mark.parametrize("claimed", [False, True])
async def test_a_last_resort_that_fails_is_tried_again_while_the_ticket_pages(store: Store, claimed: bool) -> None:
    """It is the last way to reach anybody: an outage of the gateway must not end it."""
    night = Night(store, NIGHT)
    number, tried = night.ticket(), 0
    options = replace(OPTIONS, last_resort=True)

    async def fails(text: str) -> int:
        nonlocal tried
        tried += 1
        return 0

    def write(session: Session) -> None:
        session.add(OutboxRow(key="x", kind="last_resort", ticket_id=number, due_at=NIGHT, made_at=NIGHT))

    def claim(session: Session) -> None:
        row = session.get(TicketRow, number)
        assert row is not None
        row.state = "claimed"
        session.add(row)

    store.run_now(write)
    delivery = Delivery(store, Phones(), None, options, CurrentRota(), night.clock, fails)  # type: ignore[arg-type]  # no X here
    await delivery.to_last_resort()
    await delivery.to_last_resort()
    assert tried == 1, "it waits before it tries again"
    if claimed:
        store.run_now(claim)
    for _ in range(20):
        night.clock.advance(H)
        await delivery.to_last_resort()
    assert tried == (1 if claimed else LAST_RESORT_TRIES)
    assert [row.state for row in night.rows("last_resort")] == ["dropped" if claimed else "failed"]
