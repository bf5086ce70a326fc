"""The "do" column of DESIGN.md's failure tables: what delivery makes of each error of the doors, row by row.

That the doors raise them is tested with the real clients in tests/x and tests/telegram.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from shutil import copy
from typing import Any

import pytest
from sqlmodel import Session, col, select

from bot.clock import HandClock
from bot.core.mention import Mention
from bot.core.message import Message
from bot.core.options import Options
from bot.core.reply import Waits
from bot.current_rota import CurrentRota
from bot.delivery import Delivery
from bot.errors import DoorError, InDoubt, Permanent, Temporary
from bot.store import outbox, people, rotas
from bot.store.db import Store
from bot.store.tables import MentionRow, OutboxRow, PersonRow, QuestionRow, ReplyRow, TicketRow

NIGHT = datetime(2026, 11, 28, 21, 0, tzinfo=UTC)
S, M = timedelta(seconds=1), timedelta(minutes=1)
WAITS = Waits(20 * S, 45 * S, 120 * S)
GIULIA, SARA, MARCO = 1001, 1003, 1004
ROTA = """
timezone = "Europe/Rome"
[people.giulia]
name = "Giulia Rossi"
language = "en"
[people.sara]
[people.marco]
role = "lead"
[[rotas.primary.layers]]
people = ["giulia"]
starts = 2026-01-01T00:00:00
turn = "1 week"
"""


class ScriptedX:
    """Raises what stands in `fails` for a call ("post", "look", "lookup", "delete"), and counts the calls."""

    def __init__(self) -> None:
        self.fails: dict[str, DoorError] = {}
        self.calls: list[tuple[str, str]] = []

    def _called(self, what: str, account: str) -> None:
        self.calls.append((what, account))
        if what in self.fails:
            raise self.fails[what]

    async def post(self, account: str, text: str, *, in_reply_to: int) -> int:
        self._called("post", account)
        return 900 + len(self.calls)

    async def delete(self, account: str, post_id: int) -> None:
        self._called("delete", account)

    async def own_posts(self, account: str, *, since: datetime) -> tuple[Mention, ...]:
        self._called("look", account)
        return ()

    async def lookup(self, account: str, ids: Sequence[int]) -> dict[int, Mention | None]:
        self._called("lookup", account)
        return {}


class ScriptedPhones:
    """Raises what stands in `fails` for a chat, and keeps what was sent."""

    def __init__(self) -> None:
        self.fails: dict[int, DoorError] = {}
        self.edit_fails: DoorError | None = None
        self.sent: list[tuple[int, str]] = []
        self.edits: list[int] = []

    async def send(self, chat_id: int, message: Message, *, reply_to: int | None = None) -> int:
        if chat_id in self.fails:
            raise self.fails[chat_id]
        self.sent.append((chat_id, message.text))
        return len(self.sent)

    async def edit(self, chat_id: int, message_id: int, message: Message) -> None:
        self.edits.append(chat_id)
        if self.edit_fails is not None:
            raise self.edit_fails


class Room:
    """Delivery, its doors and its store, at a time that is moved by hand."""

    def __init__(self, store: Store) -> None:
        self.store, self.x, self.phones, self.clock = store, ScriptedX(), ScriptedPhones(), HandClock(NIGHT)
        self.delivery = Delivery(store, self.phones, self.x, Options((), WAITS), CurrentRota(), self.clock)
        store.run_now(rotas.save, ROTA, "server", "", NIGHT)
        for person, user in (("giulia", GIULIA), ("sara", SARA), ("marco", MARCO)):
            store.run_now(people.link, person, user, NIGHT, confirmed=True)

    async def after(self, span: timedelta = timedelta()) -> list[tuple[str, str]]:
        """Time passes, and whatever is due for X is done; gives what X was asked."""
        self.clock.advance(span)
        self.x.calls.clear()
        await self.delivery.to_x()
        return self.x.calls

    def run(self, work: Callable[..., Any], *args: Any) -> Any:
        return self.store.run_now(work, *args)

    def reply(self, number: int = 1) -> ReplyRow:
        found: ReplyRow = self.run(lambda s: s.get(ReplyRow, number))
        return found

    def waits(self, number: int = 1) -> timedelta | None:
        due = self.reply(number).due_at
        return None if due is None else due - self.clock.now()

    def told(self, person: str = "marco") -> list[str]:
        """The notices written to a person, by their code."""
        rows = self.run(
            lambda s: s.exec(
                select(OutboxRow)
                .where(OutboxRow.person == person, OutboxRow.kind == "notice")
                .order_by(col(OutboxRow.id))
            ).all()
        )
        return [row.facts["what"] for row in rows]

    def said(self, kind: str, **values: Any) -> OutboxRow:
        row: OutboxRow = self.run(_say, kind, values)
        return row

    def row(self, number: int) -> OutboxRow:
        found: OutboxRow = self.run(lambda s: s.get(OutboxRow, number))
        return found

    def ticket(self, number: int = 1) -> TicketRow:
        found: TicketRow = self.run(lambda s: s.get(TicketRow, number))
        return found


def _say(session: Session, kind: str, values: dict[str, Any]) -> OutboxRow:
    count = len(session.exec(select(OutboxRow.id)).all())
    row = outbox.say(session, NIGHT, f"{kind}:{count}", kind, **values)
    session.flush()
    session.expunge(row)
    return row


def _ticket(session: Session, state: str, account: str) -> int:
    number = len(session.exec(select(TicketRow.id)).all()) + 1
    session.add(
        TicketRow(
            account=account,
            author_id=number,
            author="mario",
            state=state,
            urgency="urgent",
            line="187",
            owner="giulia" if state == "claimed" else None,
            opened_at=NIGHT,
            first_mention_at=NIGHT,
            last_mention_at=NIGHT,
            newest_mention_id=number,
            ladder=1,
            next_step_at=NIGHT + 60 * M if state == "paging" else None,
        )
    )
    session.flush()
    session.add(
        MentionRow(
            id=number,
            newest_id=number,
            account=account,
            author_id=number,
            author="mario",
            author_name="Mario",
            text="senza linea",
            conversation_id=number,
            created_at=NIGHT,
            seen_at=NIGHT,
            state="joined",
            urgency="urgent",
            reasons=["U2"],
            ticket_id=number,
        )
    )
    session.flush()
    return number


def _reply(session: Session, ticket: int, account: str, changes: dict[str, Any]) -> None:
    values: dict[str, Any] = {"state": "held", "made_at": NIGHT, "held_at": NIGHT, "due_at": NIGHT, **changes}
    session.add(
        ReplyRow(
            ticket_id=ticket,
            writer="giulia",
            account=account,
            mention_id=ticket,
            parent_id=ticket,
            typed="Eccoci.",
            text="Eccoci. ^GR",
            **values,
        )
    )


@pytest.fixture
def room(sqlite_template: Path, tmp_path: Path) -> Iterator[Room]:
    copy(sqlite_template, tmp_path / "room.db")
    store = Store.open(f"sqlite:///{tmp_path}/room.db")
    yield Room(store)
    store.close()


def held(room: Room, account: str = "TIM_Official", **changes: Any) -> int:
    """A reply that is due on a ticket of its own; gives the ticket."""
    ticket: int = room.run(_ticket, "claimed", account)
    room.run(_reply, ticket, account, changes)
    return ticket


# --- X, posting -----------------------------------------------------------------------------------------------------

NOT_SENT = [
    pytest.param(Temporary("rate_limit", until=NIGHT + 5 * M), 5 * M, id="429 with a reset"),
    pytest.param(Temporary("rate_limit"), M, id="429 without one: a minute"),
    pytest.param(Temporary("rate_limit", until=NIGHT), M, id="429 whose reset is this very second"),
    pytest.param(Temporary("rate_limit", until=NIGHT - 9 * M), M, id="429 whose reset our clock has passed"),
    pytest.param(Temporary("rate_limit", until=NIGHT + 99999 * M), 15 * M, id="429 for years: asked again in 15 min"),
    pytest.param(Temporary("credits", after=10 * M), 10 * M, id="402"),
    pytest.param(Temporary("unauthorized"), 5 * S, id="401"),
    pytest.param(Temporary("not_sent"), 5 * S, id="refused, DNS, TLS"),
]


@pytest.mark.parametrize(("problem", "waits"), NOT_SENT)
async def test_nothing_was_sent(room: Room, problem: DoorError, waits: timedelta) -> None:
    """The reply stays held, says why, and leaves by itself when its time has come; never at once, never in the call."""
    held(room)
    room.x.fails["post"] = problem
    assert await room.after() == [("lookup", "TIM_Official"), ("post", "TIM_Official")]
    assert (room.reply().state, room.reply().reason, room.waits()) == ("held", problem.reason, waits)
    room.x.fails.clear()
    assert await room.after(waits - S) == []
    if waits < 15 * M:
        await room.after(S)
        assert room.reply().state == "posted"


async def test_an_untold_limit_doubles(room: Room) -> None:
    held(room)
    room.x.fails["post"] = Temporary("rate_limit")
    await room.after()
    for minutes in (1, 2, 4):
        assert room.waits() == minutes * M
        await room.after(minutes * M)
    assert room.waits() == 8 * M


async def test_a_limit_holds_up_its_account_and_endpoint_alone(room: Room) -> None:
    """The other replies of the account wait without a request; another account posts, and looks and deletions go on."""
    held(room)
    room.x.fails["post"] = Temporary("rate_limit", until=NIGHT + 5 * M)
    await room.after()
    held(room)
    held(room, state="in_doubt", doubts=1, attempts=1, intent_at=NIGHT, first_intent_at=NIGHT)
    held(room, state="posted", x_id=77, posted_at=NIGHT, delete_asked_at=NIGHT)
    held(room, "TIM119Giulia")
    room.x.fails.clear()
    asked = await room.after(S)
    assert ("post", "TIM_Official") not in asked
    assert {("look", "TIM_Official"), ("delete", "TIM_Official"), ("post", "TIM119Giulia")} <= set(asked)
    assert (room.reply(2).state, room.reply(2).reason) == ("held", "rate_limit")
    assert (room.reply(4).state, room.reply(5).state) == ("deleted", "posted")
    await room.after(5 * M)
    assert [room.reply(n).state for n in (1, 2)] == ["posted", "posted"]


@pytest.mark.parametrize("what", ["look", "lookup", "delete"])
async def test_a_limit_on_the_other_endpoints_is_kept_as_well(room: Room, what: str) -> None:
    room.x.fails[what] = Temporary("rate_limit", until=NIGHT + 5 * M)
    if what == "look":
        held(room, state="in_doubt", doubts=1, attempts=1, intent_at=NIGHT, first_intent_at=NIGHT)
    elif what == "delete":
        held(room, state="posted", x_id=77, posted_at=NIGHT, delete_asked_at=NIGHT)
    else:
        held(room)
    assert (what, "TIM_Official") in await room.after()
    for _ in range(4):
        held(room)
        assert (what, "TIM_Official") not in await room.after(M)
    assert room.reply(2).state == "posted", "nothing else waits for it"


async def test_credits_are_told_at_once_and_then_hourly(room: Room) -> None:
    """However many replies and accounts meet it: one message an hour to each lead."""
    room.x.fails["post"] = Temporary("credits", after=10 * M)
    for account in ("TIM_Official", "TIM119Giulia"):
        held(room, account)
    await room.after()
    assert room.told() == ["credits"]
    for _ in range(5):
        await room.after(10 * M)
    assert room.told() == ["credits"]
    held(room, held_at=NIGHT + 60 * M, due_at=NIGHT + 60 * M)
    await room.after(10 * M)
    assert room.told() == ["credits", "credits"]


async def test_a_refused_key_is_told_at_the_third_time_and_names_its_account(room: Room) -> None:
    held(room)
    room.x.fails["post"] = Temporary("unauthorized")
    for span, told in ((timedelta(), 0), (5 * S, 0), (10 * S, 1), (20 * S, 1)):
        await room.after(span)
        assert room.told() == ["unauthorized"] * told
    (notice,) = room.run(lambda s: s.exec(select(OutboxRow.facts).where(OutboxRow.kind == "notice")).all())
    assert notice["account"] == "TIM_Official"


async def test_other_failures_between_start_the_count_anew(room: Room) -> None:
    held(room)
    for problem in ("unauthorized", "unauthorized", "not_sent", "unauthorized", "unauthorized"):
        room.x.fails["post"] = Temporary(problem)
        await room.after(room.waits() or timedelta())
    assert room.told() == []


REASONS = ["not_engaged", "parent_gone", "reply_settings", "too_long", "duplicate", "forbidden", "bad_request"]


@pytest.mark.parametrize("reason", REASONS)
async def test_refused_for_good(room: Room, reason: str) -> None:
    """Said to the writer, ringing, with the way by hand; no second request ever."""
    held(room)
    room.x.fails["post"] = Permanent(reason)
    await room.after()
    assert (room.reply().state, room.reply().reason, room.reply().due_at) == ("failed", reason, None)
    assert await room.after(60 * M) == []
    await room.delivery.to_phones()
    ((chat, text),) = room.phones.sent
    assert chat == GIULIA
    assert text.startswith("⛔ #1")


@pytest.mark.parametrize("reason", ["server", "unreadable"])
async def test_a_lost_answer_is_looked_for_before_anything_else(room: Room, reason: str) -> None:
    held(room)
    room.x.fails["post"] = InDoubt(reason)
    await room.after()
    assert (room.reply().state, room.waits()) == ("in_doubt", 45 * S)
    assert await room.after(45 * S) == [("look", "TIM_Official")]
    assert await room.after(120 * S) == [("look", "TIM_Official"), ("post", "TIM_Official")]


async def test_a_duplicate_is_evidence_only_after_a_doubt(room: Room) -> None:
    held(room)
    room.x.fails["post"] = InDoubt("server")
    await room.after()
    room.x.fails["post"] = Permanent("duplicate")
    await room.after(45 * S)
    await room.after(120 * S)
    assert (room.reply().state, room.reply().doubts) == ("in_doubt", 2)


@pytest.mark.parametrize("problem", [Temporary("server"), Temporary("rate_limit", until=NIGHT + 600 * M)])
async def test_a_look_that_fails_ends_with_the_writer_after_a_quarter_of_an_hour(
    room: Room, problem: DoorError
) -> None:
    held(room, state="in_doubt", doubts=1, attempts=1, intent_at=NIGHT, first_intent_at=NIGHT)
    room.x.fails["look"] = problem
    for _ in range(14):
        await room.after(M)
    assert not room.reply().asked
    await room.after(M)
    assert room.reply().asked
    assert room.run(lambda s: s.exec(select(QuestionRow.kind)).all()) == ["doubt"]
    assert ("post", "TIM_Official") not in room.x.calls


async def test_on_a_closed_ticket_a_doubt_ends_with_a_question_not_with_a_post(room: Room) -> None:
    held(room, state="in_doubt", doubts=1, attempts=1, intent_at=NIGHT, first_intent_at=NIGHT)
    room.run(_close)
    await room.after()
    assert await room.after(120 * S) == [("look", "TIM_Official")]
    assert (room.reply().state, room.reply().asked) == ("in_doubt", True)


def _close(session: Session) -> None:
    ticket = session.get(TicketRow, 1)
    assert ticket is not None
    ticket.state, ticket.closed_at = "closed", NIGHT
    session.add(ticket)


# --- X, deleting ----------------------------------------------------------------------------------------------------

UNDELETED = [
    pytest.param(Temporary("unauthorized"), 12, id="401"),
    pytest.param(Temporary("credits", after=10 * M), 2, id="402"),
    pytest.param(Temporary("rate_limit", until=NIGHT + 60 * M), 1, id="429 for an hour"),
    pytest.param(InDoubt("server"), 12, id="5xx"),
    pytest.param(Permanent("forbidden"), 1, id="403"),
]


@pytest.mark.parametrize(("problem", "most"), UNDELETED)
async def test_a_deletion_is_not_tried_for_ever(room: Room, problem: DoorError, most: int) -> None:
    """A bounded number of requests in ten minutes; then the writer is told, with the link to it."""
    held(room, state="posted", x_id=77, posted_at=NIGHT, delete_asked_at=NIGHT)
    room.x.fails["delete"] = problem
    asked = len(await room.after())
    for _ in range(44):
        asked += len(await room.after(15 * S))
    assert asked <= most
    assert room.told("giulia") == ["delete_failed"]
    (facts,) = room.run(
        lambda s: s.exec(select(OutboxRow.facts).where(OutboxRow.person == "giulia", OutboxRow.kind == "notice")).all()
    )
    assert facts["url"] == "https://x.com/TIM_Official/status/77"
    assert (room.reply().state, room.reply().delete_asked_at, room.reply().due_at) == ("posted", None, None)
    await room.delivery.to_phones()
    assert any("could not delete" in text for chat, text in room.phones.sent if chat == GIULIA)


# --- Telegram -------------------------------------------------------------------------------------------------------


async def test_flood_keeps_the_order_of_the_chat_and_holds_up_no_other(room: Room) -> None:
    """Rows of a person and rows of a group alike."""
    for target in ({"person": "giulia"}, {"chat_id": -5}):
        for n in (1, 2):
            room.said("help" if "person" in target else "stranger", facts={"n": n}, **target)
    room.said("help", person="sara")
    room.phones.fails = {GIULIA: Temporary("flood", after=45 * S), -5: Temporary("flood", after=45 * S)}
    await room.delivery.to_phones()
    assert [chat for chat, _ in room.phones.sent] == [SARA]
    room.phones.fails.clear()
    late = [room.said("help", person="giulia").id, room.said("stranger", chat_id=-5).id]
    room.clock.advance(44 * S)
    await room.delivery.to_phones()
    assert len(room.phones.sent) == 1, "nothing newer overtakes"
    room.clock.advance(S)
    await room.delivery.to_phones()
    assert [room.row(n or 0).state for n in (*range(1, 6), *late)] == ["sent"] * 7


async def test_blocked_means_the_next_step_now_and_the_leads_told(room: Room) -> None:
    ticket = room.run(_ticket, "paging", "TIM_Official")
    page = room.said("page", person="giulia", ticket_id=ticket, silent=False)
    room.run(lambda s: _rekey(s, page.id, f"page:{ticket}:1:1"))
    room.phones.fails[GIULIA] = Permanent("unreachable")
    await room.delivery.to_phones()
    assert room.run(lambda s: s.get(PersonRow, "giulia")).unreachable_since == NIGHT
    assert room.ticket().next_step_at == NIGHT
    assert room.told() == ["unreachable"]


async def test_who_has_no_phone_is_not_named_among_those_paged(room: Room) -> None:
    """Also in the cards that leave together with the page that could not."""
    ticket = room.run(_ticket, "paging", "TIM_Official")
    for person in ("giulia", "sara"):
        room.said("page", person=person, ticket_id=ticket, silent=False)
    room.run(people.lock, "giulia", "marco", NIGHT)
    await room.delivery.to_phones()
    [(chat, card)] = room.phones.sent
    assert chat == SARA
    assert "Giulia" not in card
    assert "sara" in card


def _rekey(session: Session, number: int, key: str) -> None:
    row = session.get(OutboxRow, number)
    assert row is not None
    row.key = key
    session.add(row)


async def test_a_person_with_a_new_phone_is_not_unreachable_because_of_the_old_one(room: Room) -> None:
    """The message left for the old chat; its refusal says nothing about the phone that was linked meanwhile."""
    room.said("help", person="giulia")

    async def refuse(chat_id: int, message: Message, *, reply_to: int | None = None) -> int:
        room.run(lambda s: people.link(s, "giulia", 2001, NIGHT, confirmed=True))
        raise Permanent("unreachable")

    room.phones.send = refuse  # type: ignore[method-assign]
    await room.delivery.to_phones()
    assert room.run(lambda s: s.get(PersonRow, "giulia")).unreachable_since is None


@pytest.mark.parametrize(
    ("kind", "climbs", "told"),
    [
        ("page", True, ["page_failed"]),
        ("summary", True, ["message_failed"]),
        ("list", False, ["message_failed"]),
        ("tickets", False, ["message_failed"]),
        ("help", False, []),
    ],
)
async def test_a_refused_message_is_never_only_logged(room: Room, kind: str, climbs: bool, told: list[str]) -> None:
    ticket = room.run(_ticket, "paging", "TIM_Official")
    facts = {"tickets": [ticket]} if kind == "summary" else {}
    row = room.said(kind, person="giulia", ticket_id=ticket if kind == "page" else None, facts=facts, silent=False)
    room.phones.fails[GIULIA] = Permanent("bad_request")
    await room.delivery.to_phones()
    assert room.row(row.id or 0).state == "failed"
    assert (room.ticket().next_step_at == NIGHT) == climbs
    assert room.told() == told
    assert room.run(lambda s: s.get(PersonRow, "giulia")).unreachable_since is None


async def test_a_group_that_takes_nothing_is_told_once_a_day(room: Room) -> None:
    for _ in range(3):
        ticket = room.run(_ticket, "paging", "TIM_Official")
        room.said("team", chat_id=-5, ticket_id=ticket)
    room.phones.fails[-5] = Permanent("unreachable")
    await room.delivery.to_phones()
    assert room.told() == ["team_failed"]


@pytest.mark.parametrize(
    ("problem", "waits", "repeat"),
    [
        pytest.param(Temporary("not_sent"), S, False, id="connect or pool time-out"),
        pytest.param(Temporary("unauthorized"), S, False, id="401"),
        pytest.param(Temporary("flood"), S, False, id="429 without a time"),
        pytest.param(Temporary("flood", after=7 * S), 7 * S, False, id="429"),
        pytest.param(InDoubt("lost_answer"), 2 * S, True, id="read time-out, dropped, 5xx"),
    ],
)
async def test_what_may_pass_is_sent_again(room: Room, problem: DoorError, waits: timedelta, repeat: bool) -> None:
    row = room.said("help", person="giulia")
    room.phones.fails[GIULIA] = problem
    await room.delivery.to_phones()
    again = room.row(row.id or 0)
    assert (again.state, again.due_at, again.in_doubt) == ("due", NIGHT + waits, repeat)
    room.phones.fails.clear()
    room.clock.advance(waits)
    await room.delivery.to_phones()
    ((_, text),) = room.phones.sent
    assert ("(repeat)" in text) == repeat


async def test_a_group_that_moved_gets_everything_under_its_new_id(room: Room) -> None:
    room.said("stranger", chat_id=-5)
    room.phones.fails[-5] = Temporary("chat_migrated", "-1005")
    await room.delivery.to_phones()
    assert [chat for chat, _ in room.phones.sent] == [-1005]


async def test_a_flood_on_an_edit_rests_every_edit_of_that_chat(room: Room) -> None:
    for person in ("giulia", "giulia", "giulia", "sara"):
        room.said("help", person=person)
    await room.delivery.to_phones()
    room.run(lambda s: [outbox.row_changed(s, row) for row in s.exec(select(OutboxRow)).all()])
    room.phones.edit_fails = Temporary("flood", after=30 * S)
    await room.delivery.to_phones()
    assert sorted(room.phones.edits) == [GIULIA, SARA], "one try a chat, not one a message"
    room.phones.edit_fails = None
    room.clock.advance(30 * S)
    await room.delivery.to_phones()
    assert sorted(room.phones.edits) == [GIULIA] * 4 + [SARA] * 2
