"""No answer of X, of any shape, stops a loop: it is read, counted as unreadable, or one of the door's errors."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from garbage import NUMBERS, VALUES, Garbage, garbage, is_storable, nested, spelled, spoilt
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sqlmodel import select

from bot.core.mention import Mention, Urgency, id_at
from bot.core.options import Options
from bot.core.reply import Waits
from bot.core.triage import Judgement
from bot.current_rota import CurrentRota
from bot.errors import DoorError
from bot.intake import Intake
from bot.store import rotas
from bot.store.db import Store
from bot.store.tables import Cursor, MentionRow, TicketRow
from bot.x import parse
from bot.x.door import XDoor
from bot.x.errors import Answer, from_answer

FUZZ = settings.get_profile("fuzz")
NIGHT = datetime(2026, 11, 28, 21, 0, tzinfo=UTC)
ID = str(id_at(NIGHT))


def post(number: int = 0, text: str = "@TIM_Official siamo senza linea") -> dict[str, Any]:
    """A mention as X shows it, with everything on it."""
    own = str(int(ID) + number)
    return {
        "id": own,
        "text": text,
        "author_id": str(1000 + number),
        "created_at": "2026-11-28T20:59:30.000Z",
        "conversation_id": own,
        "lang": "it",
        "edit_history_tweet_ids": [own],
        "referenced_tweets": [{"type": "replied_to", "id": "3"}, {"type": "quoted", "id": "4"}],
        "attachments": {"media_keys": ["3_1"]},
        "note_tweet": {"text": text, "entities": {"mentions": [{"start": 0, "end": 13, "username": "TIM_Official"}]}},
        "entities": {
            "mentions": [{"start": 0, "end": 13, "username": "TIM_Official"}],
            "urls": [{"start": 20, "end": 30, "url": "https://t.co/x", "expanded_url": "https://a.example/"}],
        },
    }


PAGE = {
    "data": [post(), post(1)],
    "includes": {"users": [{"id": "1000", "name": "Mario", "username": "mario"}]},
    "meta": {"result_count": 2, "next_token": "7140dibdnow9c7btw"},
    "errors": [{"type": "https://api.twitter.com/2/problems/resource-not-found", "resource_id": "5", "value": "5"}],
}
ONE = {"data": {"id": ID, "text": "ciao", "username": "TIM_Official", "deleted": True}}
BODIES = VALUES | spoilt(PAGE) | spoilt(ONE)


def is_sound(mention: Mention) -> bool:
    texts = (mention.author, mention.author_name, mention.text, mention.lang, *mention.mentioned, *mention.links)
    numbers = (mention.id, mention.first_id, mention.author_id, mention.conversation_id)
    return (
        all(map(is_storable, texts)) and all(0 < n < 2**63 for n in numbers) and 2006 <= mention.created_at.year < 2100
    )


@settings(FUZZ, max_examples=FUZZ.max_examples * 2)
@given(BODIES)
@example({"data": [post(text="&#" + "9" * 5000 + ";")], "meta": {}})
@example({"data": [{**post(), "created_at": "9999-12-31T23:59:59Z"}], "meta": {}})
@example({"data": [], "meta": {"next_token": "\ud800"}})
def test_a_page_of_any_shape_is_read_or_refused_as_a_whole(body: Any) -> None:
    try:
        mentions, unreadable = parse.timeline(body)
    except parse.Unreadable:
        mentions, unreadable = [], 0
    assert all(map(is_sound, mentions))
    assert unreadable >= 0
    token = parse.next_token(body)
    assert token is None or token.isascii()
    for reads in (parse.user, parse.written, parse.missing, parse.is_deleted):
        with contextlib.suppress(parse.Unreadable):
            reads(body)


NEIGHBOURS = spelled([post(n) for n in range(99)])


@settings(FUZZ)
@given(VALUES | st.builds(dict, data=VALUES) | spoilt(post()))
@example({**post(), "id": 10**1000})
@example({**post(), "text": None})
@example(nested(100))
def test_one_poisonous_item_in_a_page_of_a_hundred_loses_only_itself(poison: Any) -> None:
    answer = Answer(200, {}, b'{"meta":{},"data":[' + spelled(poison) + b"," + NEIGHBOURS[1:] + b"}")
    mentions, unreadable = parse.timeline(answer.json())
    assert len(mentions) + unreadable == 100
    assert {int(ID) + n for n in range(99)} <= {m.id for m in mentions}


@settings(FUZZ)
@given(
    status=st.integers(200, 599),
    headers=st.dictionaries(
        st.sampled_from(["x-rate-limit-reset", "x-rate-limit-remaining", "x-user-limit-24hour-reset"]),
        st.text(max_size=12) | NUMBERS.map(lambda n: f"{n}" if abs(n) < 10**30 else "9" * 30),
    ),
    body=BODIES.map(spelled) | st.binary(max_size=40),
    writing=st.booleans(),
)
def test_every_status_means_success_or_one_of_three_errors(
    status: int, headers: dict[str, str], body: bytes, writing: bool
) -> None:
    error = from_answer(Answer(status, headers, body), writing=writing)
    assert (error is None) == (200 <= status < 300)
    assert error is None or is_storable(error.detail.replace("\x00", ""))


@dataclass
class Stage:
    """One loop, one server of garbage, the real door in front of it."""

    runner: asyncio.Runner
    server: Garbage
    door: XDoor


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    with asyncio.Runner() as runner:
        serving = garbage()
        server = runner.run(serving.__aenter__())
        door = XDoor(server.address, "CK", "CS", {"TIM_Official": ("TK", "TS")}, timeout_s=5)
        runner.run(door.open())
        server.answers(200, spelled({"data": {"id": "7", "username": "TIM_Official"}}))
        runner.run(door.me("TIM_Official"))
        yield Stage(runner, server, door)
        runner.run(door.close())
        runner.run(serving.__aexit__(None, None, None))


CALLS: dict[str, Callable[[XDoor], Awaitable[object]]] = {
    "mentions": lambda door: door.mentions("TIM_Official"),
    "own_posts": lambda door: door.own_posts("TIM_Official", since=NIGHT),
    "lookup": lambda door: door.lookup("TIM_Official", [int(ID), 5]),
    "post": lambda door: door.post("TIM_Official", "ciao", in_reply_to=5),
    "delete": lambda door: door.delete("TIM_Official", 5),
}


@settings(FUZZ)
@given(
    call=st.sampled_from(sorted(CALLS)),
    status=st.sampled_from([200, 200, 200, 201, 204, 302, 400, 401, 402, 403, 404, 429, 503, 599]),
    body=BODIES.map(spelled) | st.binary(max_size=40) | st.just(b"[" * 5000 + b"]" * 5000),
)
def test_nothing_foreign_passes_the_door(stage: Stage, call: str, status: int, body: bytes) -> None:
    """The real client, over a real connection: a value, or Temporary, Permanent, InDoubt."""
    stage.server.answers(status, body)
    with contextlib.suppress(DoorError):
        stage.runner.run(CALLS[call](stage.door))  # type: ignore[arg-type]


def judge(text: str, lang: str = "und") -> Judgement:
    return Judgement(Urgency.CRITICAL, "187", 0.9, ("C1 a danger",))


ROTA = """
timezone = "Europe/Rome"
[people.marco]
role = "lead"
[[rotas.primary.layers]]
people = ["marco"]
starts = 2026-01-01T00:00:00
turn = "1 week"
"""


async def test_what_x_says_never_stops_the_intake(store: Store, stage: Stage) -> None:
    """Whatever stands beside it, the good mention becomes a ticket; garbage as a whole is tried again later."""
    waits = Waits(timedelta(), timedelta(), timedelta())
    store.run_now(rotas.save, ROTA, "server", "", NIGHT)
    store.run_now(lambda s: s.add(Cursor(name="x:TIM_Official", good_at=NIGHT, full_at=NIGHT)))
    poisons = st.lists(VALUES | spoilt(post(1)), max_size=3)
    number, now = 10, NIGHT

    async with garbage() as server, XDoor(server.address, "CK", "CS", {"TIM_Official": ("TK", "TS")}) as door:
        server.answers(200, spelled({"data": {"id": "7", "username": "TIM_Official"}}))
        await door.me("TIM_Official")
        intake = Intake(store, door, judge, Options(("TIM_Official",), waits, always=True), CurrentRota())
        for _, poison in zip(range(FUZZ.max_examples // 5), examples(poisons), strict=False):
            number, now = number + 1, now + timedelta(minutes=6)
            server.answers(200, spelled({"data": [*poison, post(number)], "meta": {}}))
            assert await intake.poll("TIM_Official", now)
            server.answers(200, spelled(poison))
            await intake.judge(now)
            assert not await intake.poll("TIM_Official", now + timedelta(seconds=1))
        await intake.judge(now)
    kept = store.read_now(lambda s: s.exec(select(MentionRow.id)).all())
    assert {int(ID) + n for n in range(11, number + 1)} <= set(kept)
    assert store.read_now(lambda s: s.exec(select(MentionRow).where(MentionRow.state == "new")).all()) == []
    assert len(store.read_now(lambda s: s.exec(select(TicketRow.id)).all())) >= number - 10


def examples(strategy: st.SearchStrategy[Any]) -> list[Any]:
    """A fixed handful of values of a strategy, for a test whose loop is not hypothesis's own."""
    found: list[Any] = []

    @settings(FUZZ)
    @given(strategy)
    def collect(value: Any) -> None:
        found.append(value)

    collect()
    return found
