"""Phone → store on both databases: whatever one update holds, the next one is handled."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest
from sqlmodel import Session, col, func, select

from bot.core.incoming import Incoming, Pressed, Wrote
from bot.core.options import Options
from bot.core.reply import Waits
from bot.current_rota import CurrentRota
from bot.desk import Desk
from bot.desk.visit import Visit
from bot.errors import Refused
from bot.store import people, rotas
from bot.store.db import Store
from bot.store.tables import InboxRow, OutboxRow, PersonRow
from schedules.rota import Plan
from schedules.rota_file import load

NIGHT = datetime(2026, 11, 28, 21, 0, tzinfo=UTC)
WAITS = Waits(timedelta(seconds=20), timedelta(seconds=45), timedelta(seconds=120))
ROTA = """
timezone = "Europe/Rome"
[people.marco]
role = "lead"
[[rotas.primary.layers]]
people = ["marco"]
starts = 2026-01-01T00:00:00
turn = "1 week"
"""


class ScriptedPhones:
    """A stranger's messages, each from the user that its update names."""

    def __init__(self, *users: int) -> None:
        self.waiting = [{"update_id": number, "user": user} for number, user in enumerate(users, 1)]
        self.presses = False
        self.handled: Callable[[], int] = lambda: 0
        self.handled_at_answer: list[int] = []

    async def updates(self, offset: int | None, timeout_s: int) -> list[dict[str, Any]]:
        return [raw for raw in self.waiting if raw["update_id"] >= (offset or 0)]

    def read(self, raw: Mapping[str, Any]) -> Incoming:
        user = int(raw["user"])
        if self.presses:
            return Pressed(int(raw["update_id"]), user, user, True, "id", None, "claim:1", "it")
        return Wrote(int(raw["update_id"]), user, user, True, 1, "ciao", NIGHT, "text", False, None, "it")

    async def answer(self, callback_id: str, text: str = "", *, alert: bool = False) -> None:
        self.handled_at_answer.append(self.handled())

    async def leave(self, chat_id: int) -> None: ...


def first_rota(session: Session) -> None:
    rotas.save(session, ROTA, "server", "test", NIGHT)


async def test_values_that_the_database_refuses_do_not_block_the_rest(store: Store) -> None:
    """The database says no to the values of one update, for ever: that one is set aside, the service goes on."""

    store.run_now(first_rota)
    desk = Desk(store, ScriptedPhones(2**70, 7), Options((), WAITS), CurrentRota())
    await desk.listen(lambda: NIGHT, 0)
    assert await desk.work(lambda: NIGHT) == 2

    def errors(session: Session) -> list[str]:
        return list(session.exec(select(InboxRow.error).order_by(col(InboxRow.update_id))).all())

    assert [bool(error) for error in store.read_now(errors)] == [True, False]


async def test_no_press_waits_for_the_popup_of_another(store: Store) -> None:
    """A Telegram that hangs over an answer must not hold up a claim: everything kept is handled first."""
    store.run_now(first_rota)
    phones = ScriptedPhones(7, 8, 9)
    phones.presses = True

    def handled(session: Session) -> int:
        return session.exec(select(func.count()).where(col(InboxRow.handled_at).is_not(None))).one()

    phones.handled = lambda: store.read_now(handled)
    desk = Desk(store, phones, Options((), WAITS), CurrentRota())
    await desk.listen(lambda: NIGHT, 0)
    assert await desk.work(lambda: NIGHT) == 3
    assert phones.handled_at_answer == [3, 3, 3]


async def test_the_sender_of_an_update_that_was_set_aside_is_told(store: Store) -> None:
    """Silence would look like success to somebody who has just pressed Claim."""
    store.run_now(first_rota)
    store.run_now(people.link, "marco", 7, NIGHT, confirmed=True)
    phones = ScriptedPhones(7)
    desk = Desk(store, phones, Options((), WAITS), BrokenOnce())
    await desk.listen(lambda: NIGHT, 0)

    assert await desk.work(lambda: NIGHT) == 1

    said = store.read_now(lambda s: [(r.kind, r.person, r.facts["why"]) for r in s.exec(select(OutboxRow)).all()])
    assert said == [("refusal", "marco", "set_aside")]
    assert store.read_now(lambda s: s.exec(select(InboxRow)).one().raw) != {}


class BrokenOnce(CurrentRota):
    """A rota that cannot be read: what a bug or a broken revision would do to an update."""

    def plan(self, session: Session) -> Plan:
        raise ValueError("this revision cannot be read")


def test_a_rota_is_meant_as_the_file_writes_it_before_any_other_case() -> None:
    """Two may differ in nothing else; an override must not land on the other one."""
    plan = load(ROTA + ROTA[ROTA.index("[[") :].replace("primary", "Primary"))
    visit = Visit(cast(Any, None), NIGHT, plan, Options((), WAITS), PersonRow(id="marco"), 1, typed=True)
    assert [visit.rota(typed) for typed in ("primary", "Primary", " PRIMARY ")] == ["primary", "Primary", "primary"]
    with pytest.raises(Refused, match="no_rota"):
        visit.rota("nights")
