"""X → store on both databases, with a scripted X: nothing that X shows us is lost, nothing is taken in twice."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import Session, select

from bot.core.mention import Mention, MentionPage, Urgency, id_at
from bot.core.options import Options
from bot.core.reply import Waits
from bot.core.triage import Judgement
from bot.current_rota import CurrentRota
from bot.errors import DoorError, Temporary
from bot.intake import BACK_OFF, COLD_RINGS, FULL_EVERY, OVERLAP, Intake
from bot.store import people, rotas
from bot.store.db import Store
from bot.store.tables import Cursor, MentionRow, OutboxRow, ReplyRow, TicketRow

# Saturday 28 November 2026, 22:00 in Rome; the office closed on Friday at 18:00.
NIGHT = datetime(2026, 11, 28, 21, 0, tzinfo=UTC)
CLOSING = datetime(2026, 11, 27, 17, 0, tzinfo=UTC)
ACCOUNT = "TIM_Official"
S = timedelta(seconds=1)
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
"""


def judge(text: str, lang: str = "und") -> Judgement:
    """The words say it themselves."""
    urgency = next((u for u in Urgency if u.value in text), Urgency.NORMAL)
    return Judgement(urgency, "187", 0.5, ("N5 a question",))


def post(at: datetime, text: str = "urgent", *, author: int = 1, nr: int = 0, conversation: int = 0) -> Mention:
    number = id_at(at) + nr
    return Mention(
        number, number, author, f"c{author}", "C", text, at, conversation or number, "it", mentioned=(ACCOUNT,)
    )


async def nobody_waits() -> None:
    """News that nobody acts upon."""


class ScriptedX:
    """A timeline that pages as X does, and fails when told."""

    def __init__(self) -> None:
        self.posts: list[Mention] = []
        self.own: list[Mention] = []
        self.deleted: set[int] = set()
        self.page_size = 100
        self.remaining: int | None = None
        self.resets_at: datetime | None = None
        self.fails: dict[str, DoorError] = {}
        self.fails_from_page = 0
        self.calls: list[tuple[str, int]] = []
        self.held: asyncio.Event | None = None

    async def mentions(
        self,
        account: str,
        *,
        since_id: int | None = None,
        start_time: datetime | None = None,
        page_token: str | None = None,
    ) -> MentionPage:
        self.calls.append(("mentions", since_id or 0))
        if self.held is not None and len(self.calls) == 1:
            await self.held.wait()
        first = int(page_token or 0)
        if "mentions" in self.fails and first >= self.fails_from_page * self.page_size:
            raise self.fails["mentions"]
        shown = sorted(
            (p for p in self.posts if p.id > (since_id or 0) and p.id not in self.deleted), key=lambda p: -p.id
        )
        last = first + self.page_size
        token = str(last) if last < len(shown) else None
        return MentionPage(tuple(shown[first:last]), token, 0, self.remaining, self.resets_at)

    async def own_posts(self, account: str, *, since: datetime) -> tuple[Mention, ...]:
        self.calls.append(("own_posts", id_at(since)))
        if "own_posts" in self.fails:
            raise self.fails["own_posts"]
        return tuple(p for p in self.own if p.author == account)

    async def lookup(self, account: str, ids: Sequence[int]) -> dict[int, Mention | None]:
        self.calls.append(("lookup", len(ids)))
        if "lookup" in self.fails:
            raise self.fails["lookup"]
        return {i: None for i in ids if i in self.deleted}

    def pages_read(self) -> int:
        """How many pages were asked for since the last question."""
        count = sum(1 for what, _ in self.calls if what == "mentions")
        self.calls.clear()
        return count


class Room:
    """Intake, its X and its store, at a time that is moved by hand."""

    def __init__(self, store: Store, at: datetime = NIGHT, *, warm: bool = True, always: bool = False) -> None:
        self.store, self.now, self.x = store, at, ScriptedX()
        second = timedelta(seconds=1)
        self.options = Options((ACCOUNT, "TIM119Giulia"), Waits(second, second, second), always=always)
        store.run_now(rotas.save, ROTA, "server", "", at)
        store.run_now(people.link, "giulia", 1001, at, confirmed=True)
        self.restart()
        if warm:
            store.run_now(lambda s: s.add(Cursor(name=f"x:{ACCOUNT}", good_at=at - 15 * S, full_at=at - 15 * S)))

    def restart(self) -> None:
        self.intake = Intake(self.store, self.x, judge, self.options, CurrentRota())

    async def poll(self, **later: float) -> bool:
        self.now += timedelta(**later)
        return await self.intake.poll(ACCOUNT, self.now)

    async def read(self, **later: float) -> bool:
        """As the house does it; `poll` alone is a house that dies before it judges."""
        self.now += timedelta(**later)
        good = await self.intake.poll(ACCOUNT, self.now, nobody_waits)
        await self.intake.judge(self.now)
        return good

    @property
    def mentions(self) -> list[MentionRow]:
        return self.store.read_now(lambda s: list(s.exec(select(MentionRow).order_by(MentionRow.id)).all()))  # type: ignore[arg-type]  # a column

    @property
    def tickets(self) -> list[TicketRow]:
        return self.store.read_now(lambda s: list(s.exec(select(TicketRow).order_by(TicketRow.id)).all()))  # type: ignore[arg-type]  # a column

    @property
    def cursor(self) -> Cursor:
        return self.store.read_now(lambda s: s.exec(select(Cursor).where(Cursor.name == f"x:{ACCOUNT}")).one())

    def said(self, kind: str) -> list[OutboxRow]:
        return self.store.read_now(lambda s: list(s.exec(select(OutboxRow).where(OutboxRow.kind == kind)).all()))


@pytest.fixture
def room(store: Store) -> Room:
    return Room(store)


async def test_an_alarm_is_a_ticket_and_a_page_and_stays_one(room: Room) -> None:
    room.x.posts = [post(NIGHT, "critical")]
    assert await room.read(seconds=15)
    for _ in range(4):
        assert await room.read(seconds=15)
    assert [(t.state, t.urgency) for t in room.tickets] == [("paging", "critical")]
    assert [(p.person, p.silent) for p in room.said("page")] == [("giulia", False)]


async def test_what_x_indexes_late_is_found_by_the_overlap_and_later_by_the_full_reading(room: Room) -> None:
    assert await room.read(seconds=15)
    good = room.cursor.good_at
    assert good is not None
    room.x.posts = [post(good - OVERLAP + S, author=1)]
    assert await room.read(seconds=15)
    assert len(room.tickets) == 1
    room.x.posts.append(post(good - timedelta(minutes=20), author=2))
    assert await room.read(seconds=15)
    assert len(room.tickets) == 1
    assert await room.read(seconds=FULL_EVERY.total_seconds())
    assert len(room.tickets) == 2


async def test_a_reading_that_the_clock_overtook_is_not_the_newest(room: Room) -> None:
    """The clock jumped while X was being read: seven hours of silence would be told that never were."""
    room.x.held = asyncio.Event()
    old = asyncio.create_task(room.intake.poll(ACCOUNT, NIGHT))
    new = asyncio.create_task(room.intake.poll(ACCOUNT, NIGHT + timedelta(hours=7)))
    await asyncio.wait({new}, timeout=0.1)
    room.x.held.set()
    await asyncio.gather(old, new)
    assert room.cursor.good_at == NIGHT + timedelta(hours=7)


async def test_pages_are_read_until_everything_on_one_is_known(room: Room) -> None:
    room.x.page_size = 10
    room.x.posts = [post(NIGHT + i * S, "noise", author=i) for i in range(35)]
    assert await room.read(seconds=60)
    assert (len(room.mentions), room.x.pages_read()) == (35, 4)
    room.restart()
    room.x.posts += [post(NIGHT + timedelta(seconds=60 + i), "noise", author=i) for i in range(12)]
    assert await room.read(seconds=15)
    assert (len(room.mentions), room.x.pages_read()) == (47, 3)


async def test_a_page_that_slides_while_it_is_read_repeats_mentions(room: Room) -> None:
    twice = post(NIGHT)
    edited = replace(twice, id=twice.id + 5, text="critical")
    room.x.posts = [twice, twice, edited]
    assert await room.read(seconds=15)
    assert [(m.id, m.newest_id, m.text) for m in room.mentions] == [(twice.id, edited.id, "critical")]


async def test_an_alarm_rings_before_the_page_behind_it_is_read(room: Room) -> None:
    """On a busy day each reading takes two pages; and what the second one hides is not lost when it cannot be read."""
    room.x.page_size = 10
    room.x.posts = [post(NIGHT + i * S, "noise", author=i) for i in range(30)]
    assert await room.read(seconds=60)
    late = post(NIGHT + timedelta(seconds=20), "critical", author=50, nr=1)
    room.x.posts += [post(NIGHT + timedelta(seconds=61), "critical", author=40), late]
    room.x.fails, room.x.fails_from_page = {"mentions": Temporary("server")}, 1
    rung: list[int] = []

    async def news() -> None:
        rung.append(len(room.said("page")))

    room.now += timedelta(seconds=15)
    assert not await room.intake.poll(ACCOUNT, room.now, news)
    assert rung == [1], "the page behind it had not been read, and could not be"
    room.x.fails = {}
    assert await room.read(seconds=30)
    assert {t.author for t in room.tickets} == {"c40", "c50"}, "a known first page tells nothing of the second"
    assert room.cursor.full_at == room.now


async def test_where_many_write_what_is_new_is_read_before_what_is_known(room: Room) -> None:
    """The overlap of two minutes is pages that are known: an alarm does not wait for them, and they are read, too."""
    room.x.page_size = 10
    room.x.posts = [post(NIGHT + i * S, "noise", author=i) for i in range(30)]
    assert await room.read(seconds=30)
    assert room.x.pages_read() == 3
    room.x.posts += [post(NIGHT + 31 * S, "critical", author=40), post(NIGHT + timedelta(seconds=28.5), author=41)]
    rung: list[int] = []

    async def news() -> None:
        rung.append(len(room.x.calls))

    room.now += timedelta(seconds=15)
    assert await room.intake.poll(ACCOUNT, room.now, news)
    assert room.x.calls[0] == ("mentions", id_at(NIGHT + 29 * S)), "only what is newer than anything seen"
    assert rung == [1, 2], "the alarm after one request, the one that X showed late after the next"
    assert room.x.pages_read() == 3
    assert {t.author for t in room.tickets} == {"c40", "c41"}


async def test_nothing_is_asked_twice_when_the_limit_is_short(room: Room) -> None:
    """A request more a reading is for those who can pay for it: at X's limit nothing at all would be seen."""
    room.x.page_size = 10
    room.x.posts = [post(NIGHT + i * S, "noise", author=i) for i in range(30)]
    room.x.remaining, room.x.resets_at = 20, NIGHT + timedelta(minutes=10)
    assert await room.read(seconds=30)
    assert room.x.pages_read() == 3
    assert await room.read(seconds=15)
    assert room.x.pages_read() == 1


async def test_a_backlog_is_judged_when_all_of_it_is_there(room: Room) -> None:
    """Seven alarms after ten minutes of silence are one ring with a list, on however many pages they stand."""
    room.x.page_size = 3
    room.x.posts = [post(NIGHT + timedelta(minutes=i), "urgent", author=i) for i in range(7)]
    assert await room.read(minutes=10)
    assert (len(room.said("page")), len(room.said("summary"))) == (0, 1)


async def test_more_than_eight_hundred(room: Room) -> None:
    room.x.posts = [post(NIGHT + timedelta(milliseconds=10 * i), "noise", author=i) for i in range(850)]
    assert await room.read(seconds=60)
    assert len(room.mentions) == 800, "no more than X itself keeps"
    assert {m.state for m in room.mentions} == {"folded"}
    assert room.x.pages_read() == 8


async def test_a_reading_cut_short_keeps_what_it_saw_and_reads_the_rest_later(room: Room) -> None:
    room.x.page_size = 10
    room.x.posts = [post(NIGHT + i * S, "noise", author=i) for i in range(25)] + [post(NIGHT + 30 * S, "critical")]
    room.x.fails, room.x.fails_from_page = {"mentions": Temporary("server")}, 1
    good_at = room.cursor.good_at
    assert not await room.read(seconds=60)
    assert len(room.said("page")) == 1, "the critical one stood on the first page and rings now"
    assert room.cursor.good_at == good_at
    room.x.fails.clear()
    assert await room.read(seconds=15)
    assert len(room.mentions) == 26


async def test_the_budget_of_the_rate_headers_is_kept(room: Room) -> None:
    room.x.page_size = 10
    room.x.posts = [post(NIGHT + i * S, "noise", author=i) for i in range(25)]
    room.x.remaining, room.x.resets_at = 0, NIGHT + timedelta(minutes=9)
    assert not await room.read(seconds=60)
    assert (room.x.pages_read(), len(room.mentions)) == (1, 10)
    assert not await room.read(minutes=7)
    assert room.x.pages_read() == 0, "not before the limit ends"
    room.x.remaining = 5
    assert await room.read(minutes=1)
    assert len(room.mentions) == 25


@pytest.mark.parametrize(
    ("problem", "waits"),
    [
        (Temporary("server"), BACK_OFF[0]),
        (Temporary("credits", after=timedelta(minutes=10)), timedelta(minutes=10)),
        (Temporary("rate_limit", until=NIGHT + timedelta(minutes=3)), timedelta(minutes=3)),
        (Temporary("rate_limit", until=NIGHT - timedelta(minutes=3)), timedelta(minutes=1)),
        (Temporary("rate_limit"), timedelta(minutes=1)),
    ],
    ids=["5xx", "402", "429 with a reset", "429 whose reset has passed", "429 without a reset"],
)
async def test_errors_wait_as_told_and_else_double(room: Room, problem: DoorError, waits: timedelta) -> None:
    room.x.fails = {"mentions": problem}
    assert not await room.read()
    assert room.cursor.not_before == NIGHT + waits
    assert room.cursor.failing_since == NIGHT
    if problem.reason == "server":
        for doubled in (30, 60, 120, 240, 300, 300):
            room.now = room.cursor.not_before or NIGHT
            assert not await room.read()
            assert room.cursor.not_before == room.now + timedelta(seconds=doubled)
    room.x.fails.clear()
    room.now = room.cursor.not_before or NIGHT
    assert await room.read()
    assert (room.cursor.fails, room.cursor.not_before, room.cursor.failing_since) == (0, None, None)


async def test_a_crash_between_reading_and_judging_loses_nothing(room: Room) -> None:
    room.x.posts = [post(NIGHT, "critical")]
    assert await room.poll(seconds=15)
    assert room.tickets == []
    room.restart()
    room.x.posts.clear()
    assert await room.intake.judge(room.now) == 1
    assert len(room.said("page")) == 1


async def test_rows_and_cursor_move_together_or_not_at_all(room: Room) -> None:
    room.x.posts = [post(NIGHT, "critical")]
    before = room.cursor.good_at

    def dies(moment: str, name: str) -> None:
        if (moment, name) == ("before_commit", "_done"):
            raise OSError("killed")

    room.store.boundaries.append(dies)
    with pytest.raises(OSError, match="killed"):
        await room.poll(seconds=15)
    assert (room.mentions, room.cursor.good_at) == ([], before)
    room.store.boundaries.clear()
    assert await room.read()
    assert len(room.tickets) == 1


async def test_an_edit_is_the_same_mention_judged_again(room: Room) -> None:
    first = post(NIGHT, "normal")
    room.x.posts = [first]
    await room.read(seconds=15)
    room.x.posts = [replace(first, id=first.id + 9, text="critical now")]
    await room.read(seconds=15)
    assert [(m.id, m.newest_id, m.text) for m in room.mentions] == [(first.id, first.id + 9, "critical now")]
    assert [(t.state, t.urgency) for t in room.tickets] == [("paging", "critical")]
    room.x.posts = [replace(first, id=first.id + 12, text="noise")]
    await room.read(seconds=15)
    assert [(t.state, t.urgency) for t in room.tickets] == [("paging", "critical")], "it may raise, never lower"


async def test_a_deleted_mention_is_marked_by_the_full_reading(room: Room) -> None:
    room.x.posts = [post(NIGHT)]
    await room.read(seconds=15)
    room.x.deleted = {room.x.posts[0].id}
    room.x.fails = {"lookup": Temporary("server")}
    assert await room.read(minutes=5), "what cannot be looked up is no reason to stop reading"
    assert room.mentions[0].deleted_at is None
    room.x.fails.clear()
    await room.read(minutes=5)
    assert room.mentions[0].deleted_at == room.now
    assert room.tickets[0].state == "paging"


async def test_cold_start_sums_up_what_is_old_and_rings_for_what_is_new(store: Store) -> None:
    room = Room(store, warm=False)
    room.x.posts = [
        post(NIGHT - COLD_RINGS - S, "critical", author=1),
        post(NIGHT - COLD_RINGS, "critical", author=2),
        post(NIGHT - timedelta(hours=25), "critical", author=3),
    ]
    assert await room.read()
    assert [(t.author_id, t.state) for t in room.tickets] == [(1, "waiting"), (2, "paging")]
    assert [n.facts for n in room.said("notice")] == [{"what": "cold_start", "account": ACCOUNT, "count": 1}]


async def test_at_closing_the_last_half_hour_is_taken_in_unless_answered(store: Store) -> None:
    room = Room(store, CLOSING - timedelta(hours=9))
    room.now = CLOSING - S
    assert not await room.read()
    assert room.x.calls == [], "in office hours X is not asked"
    half = timedelta(minutes=30)
    answered, by_agent, late, early = (post(CLOSING - half + (i + 1) * S, author=i + 1) for i in range(4))
    early = post(CLOSING - half - S, author=9)
    room.x.posts = [answered, by_agent, late, early]
    for who, what in ((ACCOUNT, answered), ("TIM119Giulia", by_agent)):
        room.x.own.append(replace(post(CLOSING - S), author=who, parent_id=what.id))
    assert await room.read(seconds=1)
    assert [t.author_id for t in room.tickets] == [late.author_id]
    room.x.calls.clear()
    room.x.posts.append(post(CLOSING + S, author=5))
    assert await room.read(seconds=15)
    assert [what for what, _ in room.x.calls] == ["mentions"], "our posts are read only when it matters"


async def test_when_x_cannot_say_what_was_answered_it_rings(store: Store) -> None:
    room = Room(store, CLOSING)
    room.x.posts = [post(CLOSING - S)]
    room.x.fails = {"own_posts": Temporary("server")}
    await room.read(seconds=1)
    assert len(room.said("page")) == 1


async def test_after_downtime_every_missed_mention_is_taken_in(room: Room) -> None:
    room.x.posts = [post(NIGHT + timedelta(minutes=10 * i), "critical", author=i) for i in range(12)]
    assert await room.read(hours=2)
    assert len(room.tickets) == 12
    assert len(room.said("page")) == 12, "each critical one by itself"


async def test_many_missed_urgent_ones_are_one_ring_with_a_list(room: Room) -> None:
    room.x.posts = [post(NIGHT + i * S, "urgent", author=i) for i in range(130)]
    assert await room.read(minutes=10)
    assert len(room.tickets) == 130
    assert room.said("page") == []
    assert [len(row.facts["tickets"]) for row in room.said("summary")] == [130]


async def test_a_clock_set_back_skips_nothing(room: Room) -> None:
    assert await room.read(seconds=15)
    room.now -= timedelta(hours=1)
    room.x.posts = [post(room.now - S)]
    assert await room.read()
    assert len(room.tickets) == 1


async def test_our_own_posts_and_retweets_are_no_mentions(room: Room) -> None:
    room.x.posts = [replace(post(NIGHT), author="tim119giulia"), replace(post(NIGHT + S), is_retweet=True)]
    assert await room.read(seconds=15)
    assert room.mentions == []


async def test_one_that_names_two_accounts_is_one_mention_of_the_first(room: Room) -> None:
    room.x.posts = [replace(post(NIGHT), mentioned=("TIM119Giulia", ACCOUNT))]
    assert await room.read(seconds=15)
    assert await room.intake.poll("TIM119Giulia", room.now)
    assert [(m.account, m.also) for m in room.mentions] == [("TIM119Giulia", [ACCOUNT])]


async def test_with_watch_always_the_office_hours_open_waiting_tickets_and_ring_nobody(store: Store) -> None:
    room = Room(store, CLOSING - timedelta(hours=3), always=True)
    room.x.posts = [post(room.now, "critical")]
    assert await room.read(seconds=15)
    assert [t.state for t in room.tickets] == ["waiting"]
    assert room.said("page") == []


def owned(room: Room, state: str, owner: str, urgency: str = "normal") -> None:
    """The room's one ticket was taken."""

    def take(session: Session) -> None:
        row = session.exec(select(TicketRow)).one()
        row.state, row.owner, row.urgency, row.next_step_at = state, owner, urgency, None
        row.owner_acted_at = room.now
        if state == "snoozed":
            row.snoozed_until = room.now + timedelta(hours=5)
        if state == "closed":
            row.closed_at = room.now
        session.add(row)

    room.store.run_now(take)


@pytest.mark.parametrize(
    ("state", "owner", "words", "after", "owner_hears", "page"),
    [
        ("claimed", "giulia", "normal", "claimed", "card", False),
        ("claimed", "giulia", "critical", "claimed", "card", False),
        ("claimed", "marco", "critical", "paging", "notice", True),
        ("answered", "giulia", "normal", "claimed", "card", False),
        ("answered", "marco", "critical", "paging", "notice", True),
        ("answered", "giulia", "noise", "answered", "", False),
        ("snoozed", "giulia", "normal", "snoozed", "", False),
        ("snoozed", "giulia", "urgent", "claimed", "card", False),
        ("snoozed", "marco", "urgent", "paging", "notice", True),
        ("closed", "giulia", "normal", "waiting", "", False),
        ("closed", "giulia", "urgent", "paging", "", True),
    ],
)
async def test_a_further_mention_by_the_tickets_state(
    room: Room, state: str, owner: str, words: str, after: str, owner_hears: str, page: bool
) -> None:
    room.x.posts = [post(NIGHT, "normal", conversation=7)]
    await room.read(seconds=15)
    owned(room, state, owner)
    room.x.posts.append(post(NIGHT + 20 * S, words, conversation=7))
    await room.read(seconds=15)
    (ticket,) = room.tickets
    assert ticket.state == after
    heard = [row.kind for row in (*room.said("card"), *room.said("notice")) if row.person == owner]
    assert heard == ([owner_hears] if owner_hears else []), "no ticket changes owner silently"
    assert bool(room.said("page")) == page


@pytest.mark.parametrize("words", ["normal", "noise"])
async def test_a_further_post_during_the_hold_returns_the_reply_to_draft(room: Room, words: str) -> None:
    room.x.posts = [post(NIGHT, "urgent", conversation=7)]
    await room.read(seconds=15)
    owned(room, "claimed", "giulia", "urgent")

    ticket, parent = room.tickets[0].id, room.x.posts[0].id
    assert ticket is not None

    def hold(session: Session) -> None:
        session.add(
            ReplyRow(
                ticket_id=ticket,
                writer="giulia",
                account=ACCOUNT,
                mention_id=parent,
                parent_id=parent,
                typed="Ciao",
                text="Ciao ^GR",
                state="held",
                made_at=room.now,
                held_at=room.now,
                due_at=room.now + 20 * S,
            )
        )

    room.store.run_now(hold)
    room.x.posts.append(post(NIGHT + 20 * S, words, conversation=7))
    await room.read(seconds=15)
    reply = room.store.read_now(lambda s: s.exec(select(ReplyRow)).one())
    assert (reply.state, reply.reason) == ("draft", "new_post")


async def test_a_mention_that_the_judge_trips_over_rings_and_holds_up_nothing(room: Room) -> None:
    """One text that our rules choke on must not keep a night's alarms from being judged."""

    def trips(text: str, lang: str = "und") -> Judgement:
        if "trip" in text:
            raise RecursionError(text)
        return judge(text, lang)

    room.intake = Intake(room.store, room.x, trips, room.options, CurrentRota())
    room.x.posts = [post(NIGHT - 3 * S, "trip", author=1), post(NIGHT - 2 * S, "critical", author=2)]
    await room.read(seconds=15)
    assert [(t.state, t.urgency) for t in room.tickets] == [("paging", "urgent"), ("paging", "critical")]
    assert room.mentions[0].reasons == ["?? could not be judged"]
