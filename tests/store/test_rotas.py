"""The rota as numbered revisions."""

from datetime import UTC, datetime

import pytest
from sqlmodel import select

from bot.errors import Refused
from bot.store import rotas
from bot.store.db import Store
from bot.store.tables import LogRow

NOW = datetime(2026, 11, 28, 21, 0, tzinfo=UTC)


def test_there_is_none_at_first(store: Store) -> None:
    assert store.read_now(rotas.current_number) == 0
    assert store.read_now(rotas.current) is None
    assert store.read_now(rotas.history) == []


def test_each_new_text_is_a_revision_and_the_same_text_is_none(store: Store) -> None:
    assert store.run_now(rotas.save, "uno è", "server", "import", NOW) == 1
    assert store.run_now(rotas.save, "due", "marco", "w" * 500, NOW, 1) == 2
    assert store.run_now(rotas.save, "due", "marco", "again", NOW) == 2
    assert store.run_now(rotas.save, "uno è", "marco", "undo", NOW, 2) == 3
    assert [(r.number, r.text, r.author) for r in store.read_now(rotas.history)] == [
        (3, "uno è", "marco"),
        (2, "due", "marco"),
        (1, "uno è", "server"),
    ]
    second = store.read_now(rotas.get, 2)
    assert second is not None
    assert len(second.why) == 200
    assert store.read_now(rotas.get, 9) is None
    logged = store.read_now(lambda s: [(r.who, r.verb, r.detail) for r in s.exec(select(LogRow)).all()])
    assert logged == [
        ("server", "rota", "revision 1"),
        ("marco", "rota", "revision 2"),
        ("marco", "rota", "revision 3"),
    ]


@pytest.mark.parametrize("base", [0, 2, 99])
def test_whoever_saw_another_revision_is_refused(store: Store, base: int) -> None:
    store.run_now(rotas.save, "uno", "server", "", NOW, 0)
    with pytest.raises(Refused) as refused:
        store.run_now(rotas.save, "due", "marco", "", NOW, base)
    assert (refused.value.why, refused.value.facts["current"]) == ("rota_moved", 1)
    current = store.read_now(rotas.current)
    assert current is not None
    assert current.text == "uno"
