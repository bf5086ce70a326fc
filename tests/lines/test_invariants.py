"""What must never be so is found and told by itself, once a case, whatever went wrong before."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session, select

from bot.app import import_rota
from bot.clock import HandClock
from bot.core.message import Message
from bot.core.options import Options
from bot.core.reply import Waits
from bot.current_rota import CurrentRota
from bot.delivery import Delivery
from bot.errors import Temporary
from bot.last_resort import LastResortChannels
from bot.paging import start_ladder
from bot.showing import Showing
from bot.store import people
from bot.store.db import Store
from bot.store.tables import LogRow, MentionRow, OutboxRow, ReplyRow, TicketRow
from bot.watch import Watch

# Saturday 28 November 2026, 22:00 in Rome.
NIGHT = datetime(2026, 11, 28, 21, 0, tzinfo=UTC)
S, M = timedelta(seconds=1), timedelta(minutes=1)
OPTIONS = Options((), Waits(S, S, S), always=True)
ROTA = """
timezone = "Europe/Rome"
[office]
hours = ["mon-fri 09:00-18:00"]
[people.giulia]
[people.marco]
role = "lead"
[[rotas.primary.layers]]
people = ["giulia"]
starts = 2026-01-01T00:00:00
turn = "1 week"
[escalations.standard]
repeat = 2
[[escalations.standard.steps]]
page = ["rota:primary"]
wait_min = 5
"""
TOLD = ("unrung", "nobody_to_ring", "ladder_over", "long_doubt")


class Phones:
    """Telegram, which takes what is for the chats it is not `down` for."""

    def __init__(self) -> None:
        self.down: set[int] = set()
        self.took: list[str] = []

    async def send(self, chat_id: int, message: Message, *, reply_to: int | None = None) -> int:
        if chat_id in self.down:
            raise Temporary("not_sent")
        self.took.append(message.text)
        return len(self.took)

    async def edit(self, chat_id: int, message_id: int, message: Message) -> None: ...


class Night:
    def __init__(self, store: Store, *linked: str, last_resort: Any = None) -> None:
        self.store, self.clock, self.phones, self.called = store, HandClock(NIGHT), Phones(), list[str]()
        import_rota(store, ROTA, "server", "test", NIGHT)
        for number, person in enumerate(("giulia", "marco")):
            if person in linked:
                store.run_now(people.link, person, 1000 + number, NIGHT, confirmed=True)

        async def call(text: str) -> int:
            self.called.append(text)
            return 2

        options = replace(OPTIONS, last_resort=True)
        rota = CurrentRota()
        self.watch = Watch(store, options, rota)
        self.delivery = Delivery(store, self.phones, None, options, rota, self.clock, last_resort or call)  # type: ignore[arg-type]  # no X here

    def ticket(self, urgency: str = "urgent", **changes: Any) -> int:
        def make(session: Session) -> int:
            at = self.clock.now()
            row = TicketRow(
                account="TIM_Official", author_id=1, author="mario", urgency=urgency, line="187", state="paging",
                opened_at=at, first_mention_at=at, last_mention_at=at, newest_mention_id=1,
            )  # fmt: skip
            start_ladder(row, at)
            session.add(row)
            session.flush()
            mention = MentionRow(
                id=(row.id or 0) * 10, newest_id=(row.id or 0) * 10, account=row.account, author_id=1, author="mario",
                author_name="M", text="it is down", seen_at=at, created_at=at, conversation_id=1, state="joined",
                urgency=urgency, ticket_id=row.id,
            )  # fmt: skip
            session.add(mention)
            row.newest_mention_id = mention.id
            return row.id or 0

        return self.store.run_now(make)

    def change(self, number: int, **values: Any) -> None:
        def write(session: Session) -> None:
            row = session.get(TicketRow, number)
            assert row is not None
            for name, value in values.items():
                setattr(row, name, value)
            session.add(row)

        self.store.run_now(write)

    async def goes_on(self, *, step: timedelta = 15 * S, **span: float) -> None:
        """Time passes, ticking and sending."""
        until = self.clock.now() + timedelta(**span)
        while True:
            await self.watch.tick(self.clock.now())
            await self.delivery.to_phones()
            await self.delivery.to_last_resort()
            if self.clock.now() >= until:
                return
            self.clock.advance(min(step, until - self.clock.now()))

    def told(self) -> list[tuple[str, str | None, object]]:
        """What the watchman wrote to whom, about what."""
        rows = self.store.read_now(lambda s: s.exec(select(OutboxRow).where(OutboxRow.kind == "notice")).all())
        return [
            (r.facts["what"], r.person, r.facts.get("tickets") or r.facts.get("ticket"))
            for r in rows
            if r.facts["what"] in TOLD and not r.silent
        ]

    def story(self, number: int) -> list[tuple[str, str]]:
        rows = self.store.read_now(lambda s: s.exec(select(LogRow).where(LogRow.ticket_id == number)).all())
        return [(r.verb, r.detail) for r in rows if r.who in ("watch", "delivery")]


@pytest.fixture
def quick_store(sqlite_template: Path, tmp_path: Path) -> Store:
    path = tmp_path / "reperibile.db"
    path.write_bytes(sqlite_template.read_bytes())
    return Store.open(f"sqlite:///{path}")


async def test_an_alarm_that_reached_no_phone_in_a_minute_is_told(store: Store) -> None:
    """Giulia's phone does not take it, whatever the reason: the lead's and the last resort ring, once."""
    night = Night(store, "giulia", "marco")
    await night.goes_on()
    night.phones.down = {1000}
    first, second = night.ticket(), night.ticket()
    await night.goes_on(seconds=60)
    assert (night.told(), night.called) == ([], []), "it was first seen 15 s later"
    await night.goes_on(seconds=15)
    assert night.told() == [("unrung", "marco", [first, second])]
    assert "per un minuto nessuna chiamata è arrivata" in night.phones.took[-1]
    assert len(night.called) == 1
    assert night.called[0].startswith("Reperibile: #1 e #2. ")
    assert night.story(first)[-2:] == [("unrung", "ladder 1"), ("last resort", "address 2")]
    await night.goes_on(minutes=3)
    assert len(night.told()) == len(night.called) == 1
    # Another ladder is another case; what the leads were rung for meanwhile (the page's own steps) is none.
    night.change(first, ladder=2, step=0, next_step_at=night.clock.now())
    await night.goes_on(seconds=90)
    assert night.told()[1:] == [("unrung", "marco", [first])]


async def test_a_page_that_arrived_is_no_case(quick_store: Store) -> None:
    """By itself, silently in quiet hours, or on a summary."""
    night = Night(quick_store, "giulia", "marco")
    await night.goes_on()
    for _ in range(7):
        night.ticket()
    await night.goes_on(minutes=3)
    rows = quick_store.read_now(lambda s: s.exec(select(OutboxRow).where(OutboxRow.kind == "summary")).all())
    assert [(row.state, len(row.facts["tickets"])) for row in rows] == [("sent", 7)]
    assert (night.told(), night.called) == ([], [])


async def test_a_ladder_without_any_phone_is_told(quick_store: Store) -> None:
    """Nobody of the rota has linked theirs: the lead hears that it rang nowhere."""
    night = Night(quick_store, "marco")
    await night.goes_on()
    number = night.ticket()
    night.change(number, next_step_at=NIGHT + 10 * M)
    await night.goes_on(seconds=75)
    assert night.told() == [("nobody_to_ring", "marco", [number])]
    assert len(night.called) == 1


async def test_what_somebody_took_meanwhile_is_not_told(quick_store: Store) -> None:
    """Telegram was down for everybody: after it, a lead is not rung for what Giulia has by then."""
    night = Night(quick_store, "giulia", "marco")
    await night.goes_on()
    night.phones.down = {1000, 1001}
    number = night.ticket()
    await night.goes_on(seconds=90)
    assert [what for what, _, _ in night.told()] == ["unrung"]
    night.change(number, state="claimed", owner="giulia", owner_acted_at=night.clock.now())
    night.phones.down = set()
    await night.goes_on(minutes=1)
    assert not any("per un minuto" in text for text in night.phones.took)


@pytest.mark.parametrize("leads_rung", [False, True])
async def test_a_ladder_at_its_end_of_which_no_lead_knows_is_told(quick_store: Store, *, leads_rung: bool) -> None:
    """A critical one repeats its last step for ever; here that rings the same person, and no lead."""
    night = Night(quick_store, "giulia", "marco")
    await night.goes_on()
    number = night.ticket("critical")
    await night.goes_on(minutes=10, step=M)
    assert night.told() == []
    if leads_rung:
        page = {"kind": "page", "ticket_id": number, "person": "marco", "due_at": NIGHT, "made_at": NIGHT}
        quick_store.run_now(lambda s: s.add(OutboxRow(key=f"page:{number}:1:9", state="sent", remote_id=99, **page)))
    await night.goes_on(minutes=15, step=M)
    assert night.told() == ([] if leads_rung else [("ladder_over", "marco", [number])])


async def test_a_reply_in_doubt_for_a_quarter_of_an_hour_is_told(quick_store: Store) -> None:
    night = Night(quick_store, "giulia", "marco")
    await night.goes_on()
    number = night.ticket()
    night.change(number, state="claimed", owner="giulia", owner_acted_at=NIGHT, next_step_at=None)

    def doubt(session: Session) -> None:
        reply = {"writer": "giulia", "account": "TIM_Official", "mention_id": 10, "parent_id": 10, "made_at": NIGHT}
        session.add(ReplyRow(ticket_id=number, typed="w", text="w", state="in_doubt", first_intent_at=NIGHT, **reply))

    quick_store.run_now(doubt)
    await night.goes_on(minutes=14, seconds=59, step=5 * M)
    assert night.told() == []
    await night.goes_on(minutes=5)
    assert night.told() == [("long_doubt", "marco", number)]


async def test_a_channel_that_hangs_holds_up_neither_pages_nor_other_calls(quick_store: Store) -> None:
    hangs, both, calls = asyncio.Event(), asyncio.Event(), list[str]()

    async def call(text: str) -> int:
        calls.append(text)
        if len(calls) == 2:
            both.set()
        await hangs.wait()
        return 1

    night = Night(quick_store, "giulia", last_resort=call)
    await night.goes_on()
    numbers = [night.ticket(), night.ticket()]

    def write(session: Session) -> None:
        for number in numbers:
            at = {"due_at": NIGHT, "made_at": NIGHT}
            session.add(OutboxRow(key=f"x{number}", kind="last_resort", ticket_id=number, **at))

    quick_store.run_now(write)
    calling = asyncio.create_task(night.delivery.to_last_resort())
    await both.wait()
    await night.watch.tick(NIGHT)
    assert await night.delivery.to_phones() >= 2
    assert sum("it is down" in text for text in night.phones.took) == 2
    hangs.set()
    assert await calling == 2
    assert night.story(numbers[0])[-1] == ("last resort", "address 1")

    def shown(session: Session) -> str:
        row = OutboxRow(kind="story", person="giulia", ticket_id=numbers[0], key="s", due_at=NIGHT, made_at=NIGHT)
        plan = CurrentRota().plan(session)
        return Showing(session, plan, NIGHT, OPTIONS, {"giulia": 1000}).message(row).text

    assert "indirizzo 1" in quick_store.read_now(shown)


@asynccontextmanager
async def gateway(answer: bytes | None) -> AsyncIterator[str]:
    """A web hook on loopback; None: it takes the message and says nothing."""
    over = asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        if answer is None:
            await over.wait()
        else:
            writer.write(answer)
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    yield f"json://127.0.0.1:{server.sockets[0].getsockname()[1]}/hook"
    over.set()
    server.close()


async def test_channels_are_tried_in_order_until_one_takes_it() -> None:
    ok, no = (f"HTTP/1.1 {code}\r\nContent-Length: 0\r\n\r\n".encode() for code in ("200 OK", "500 No"))
    async with gateway(ok) as works, gateway(no) as refuses, gateway(None) as hangs:
        assert await LastResortChannels([refuses, works, works]).notify("text") == 2
        assert await LastResortChannels(["nonsense://x", works]).notify("text") == 2
        assert await LastResortChannels([hangs, works], gives_up_s=0.2).notify("text") == 2
        assert await LastResortChannels([refuses]).notify("text") == 0
