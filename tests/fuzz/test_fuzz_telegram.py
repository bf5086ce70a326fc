"""No answer of Telegram, of any shape, stops a loop: it is read, passed over, or one of the door's errors."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from garbage import NUMBERS, TEXTS, VALUES, Garbage, garbage, is_storable, nested, spelled, spoilt
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sqlmodel import col, func, select

from bot.core.incoming import Incoming, Other, Pressed, Reach, RepliedTo, Wrote
from bot.core.message import Message
from bot.core.options import Options
from bot.core.reply import Waits
from bot.core.trouble import told_until
from bot.current_rota import CurrentRota
from bot.desk import Desk
from bot.errors import DoorError, Temporary
from bot.store import people, rotas
from bot.store.db import Store
from bot.store.tables import InboxRow, OutboxRow
from bot.telegram import incoming
from bot.telegram.door import TelegramDoor

FUZZ = settings.get_profile("fuzz")
NIGHT = datetime(2026, 11, 28, 21, 0, tzinfo=UTC)
BOT, MARCO = 7000000001, 1004
TOKEN = f"{BOT}:" + "x" * 35

PERSON = {"id": MARCO, "is_bot": False, "first_name": "Marco", "language_code": "it"}
CHAT = {"id": MARCO, "type": "private"}
CARD = {
    "message_id": 5,
    "date": 1780000000,
    "chat": CHAT,
    "from": {"id": BOT, "is_bot": True},
    "text": "🔴 #1",
    "reply_markup": {"inline_keyboard": [[{"text": "Claim", "callback_data": "claim:1"}]]},
}
TYPED = {"message_id": 6, "date": 1780000000, "chat": CHAT, "from": PERSON, "text": "/who", "reply_to_message": CARD}
UPDATES: list[dict[str, Any]] = [
    {"update_id": 1, "message": TYPED},
    {"update_id": 1, "message": {**TYPED, "text": "/note 7 Buonasera"}},
    {"update_id": 1, "message": {**TYPED, "text": "/start abcdefghij"}},
    {"update_id": 1, "edited_message": {**TYPED, "edit_date": 1780000100}},
    {"update_id": 1, "callback_query": {"id": "9", "from": PERSON, "message": CARD, "data": "claim:1"}},
    {"update_id": 1, "my_chat_member": {"chat": CHAT, "from": PERSON, "new_chat_member": {"status": "kicked"}}},
]
STRANGE = st.sampled_from(UPDATES).flatmap(spoilt) | st.dictionaries(
    st.sampled_from(["update_id", "message", "edited_message", "callback_query", "my_chat_member", "poll"]), VALUES
)
REFUSAL = {
    "ok": False,
    "error_code": 429,
    "description": "Too Many Requests: retry after 5",
    "parameters": {"retry_after": 5, "migrate_to_chat_id": -100123},
}
BODIES = VALUES | spoilt(REFUSAL) | spoilt({"ok": True, "result": CARD}) | st.builds(dict, ok=VALUES, result=VALUES)


def is_sound(value: Incoming | RepliedTo) -> bool:
    for field in fields(value):
        inside = getattr(value, field.name)
        for one in inside if isinstance(inside, tuple) else (inside,):
            if isinstance(one, str) and not is_storable(one):
                return False
            if isinstance(one, int) and not isinstance(one, bool) and not abs(one) < 2**63:
                return False
            if isinstance(one, RepliedTo) and not is_sound(one):
                return False
    return True


@settings(FUZZ, max_examples=FUZZ.max_examples * 4)
@given(STRANGE)
@example({"update_id": 1, "message": {**TYPED, "date": 10**18}})
@example({"update_id": 1, "message": {**TYPED, "text": "\ud83d\x00"}})
@example({"update_id": 1, "message": {**TYPED, "reply_to_message": nested(200)}})
def test_an_update_of_any_shape_is_read(raw: dict[str, Any]) -> None:
    read = incoming.read(raw, BOT)
    assert isinstance(read, Wrote | Pressed | Reach | Other)
    assert is_sound(read)


@dataclass
class Stage:
    """One loop, one server of garbage, the real door in front of it."""

    runner: asyncio.Runner
    server: Garbage
    door: TelegramDoor


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    with asyncio.Runner() as runner:
        serving = garbage()
        server = runner.run(serving.__aenter__())
        door = TelegramDoor(TOKEN, server.address, timeout_s=5)
        runner.run(door.open())
        yield Stage(runner, server, door)
        runner.run(door.close())
        runner.run(serving.__aexit__(None, None, None))


PAGE = Message("🔴 #42")
CALLS: dict[str, Callable[[TelegramDoor], Awaitable[object]]] = {
    "send": lambda door: door.send(MARCO, PAGE),
    "edit": lambda door: door.edit(MARCO, 5, PAGE),
    "delete": lambda door: door.delete(MARCO, 5),
    "updates": lambda door: door.updates(1, 0),
    "me": lambda door: door.me(),
    "webhook": lambda door: door.webhook(),
    "chat": lambda door: door.chat(MARCO),
    "answer": lambda door: door.answer("9", "ok"),
    "leave": lambda door: door.leave(-5),
}


@settings(FUZZ, max_examples=FUZZ.max_examples * 2)
@given(
    call=st.sampled_from(sorted(CALLS)),
    status=st.sampled_from([200, 200, 200, 204, 302, 400, 401, 403, 404, 409, 429, 502, 599]),
    body=BODIES.map(spelled) | st.binary(max_size=40) | st.just(b"[" * 5000 + b"]" * 5000),
)
@example("send", 429, spelled({"parameters": {"retry_after": 10**12}}))
@example("send", 429, spelled({"parameters": {"retry_after": -5}}))
@example("send", 429, spelled({"parameters": {"retry_after": "soon"}}))
@example("send", 400, spelled({"parameters": {"migrate_to_chat_id": "elsewhere"}}))
@example("send", 400, spelled({"description": ["no"], "parameters": [1]}))
def test_nothing_foreign_passes_the_door(stage: Stage, call: str, status: int, body: bytes) -> None:
    """The real client, over a real connection: a value, or an error that a line can act upon."""
    stage.server.answers(status, body)
    problem: DoorError | None = None
    try:
        stage.runner.run(CALLS[call](stage.door))  # type: ignore[arg-type]
    except DoorError as raised:
        problem = raised
    until = told_until(problem, NIGHT) if problem else None
    assert until is None or NIGHT < until <= NIGHT + timedelta(hours=25)
    assert problem is None or problem.reason != "chat_migrated" or abs(int(problem.detail)) < 2**63


@settings(FUZZ)
@given(st.lists(STRANGE | VALUES, max_size=4))
@example([{"update_id": 10**30}, {"update_id": True}, {"update_id": 5, "message": float("nan")}])
@example([{"update_id": 5, "message": nested(300)}])
def test_whatever_stands_beside_it_a_good_update_is_given(stage: Stage, poison: list[Any]) -> None:
    good = {"update_id": 10**9, "message": TYPED}
    stage.server.answers(200, spelled({"ok": True, "result": [*poison, good]}))
    given_ = stage.runner.run(stage.door.updates(None, 0))
    assert good in given_
    assert all(type(each["update_id"]) is int and 0 <= each["update_id"] < 2**63 for each in given_)


ROTA = """
timezone = "Europe/Rome"
[people.marco]
role = "lead"
[[rotas.primary.layers]]
people = ["marco"]
starts = 2026-01-01T00:00:00
turn = "1 week"
"""


async def test_what_telegram_says_never_stops_the_desk(store: Store) -> None:
    """Raw updates of any shape are kept, taken one by one and put away; the /help behind them is answered."""
    waits = Waits(timedelta(), timedelta(), timedelta())
    store.run_now(rotas.save, ROTA, "server", "", NIGHT)
    store.run_now(people.link, "marco", MARCO, NIGHT, confirmed=True)
    batches: list[list[Any]] = []

    @settings(FUZZ)
    @given(st.lists(STRANGE | st.sampled_from(UPDATES), min_size=1, max_size=5), NUMBERS, TEXTS)
    def collect(batch: list[Any], number: Any, text: str) -> None:
        batches.append([*batch, {"update_id": 0, "message": {**TYPED, "text": text, "odd": number}}])

    collect()
    rounds = FUZZ.max_examples // 4
    async with garbage() as server:
        door = TelegramDoor(TOKEN, server.address, timeout_s=5)
        desk = Desk(store, door, Options((), waits), CurrentRota())
        number = 100
        for batch in batches[:rounds]:
            result = []
            for raw in [*batch, {"message": {**TYPED, "text": "/who"}}]:
                number += 1
                result.append({**raw, "update_id": number})
            server.answers(200, spelled({"ok": True, "result": result}))
            assert await desk.listen(lambda: NIGHT, 0) == len(result)
            server.answers(200, spelled({"ok": True, "result": True}))
            await desk.work(lambda: NIGHT)
            server.answers(200, spelled(batch))
            with pytest.raises(Temporary):
                await desk.listen(lambda: NIGHT, 0)
        await door.close()
    assert number > 100
    unhandled = select(func.count()).select_from(InboxRow).where(col(InboxRow.handled_at).is_(None))
    assert store.read_now(lambda s: s.exec(unhandled).one()) == 0
    answers = select(func.count()).select_from(OutboxRow).where(col(OutboxRow.kind) == "who")
    assert store.read_now(lambda s: s.exec(answers).one()) >= min(rounds, len(batches))
