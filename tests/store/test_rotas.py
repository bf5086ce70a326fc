"""The rota as numbered revisions."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier, Event

import pytest
from sqlmodel import Session, select

from bot.errors import Refused
from bot.store import rotas
from bot.store.db import Store
from bot.store.tables import LogRow

NOW = datetime(2026, 11, 28, 21, 0, tzinfo=UTC)


def _text(session: Session, number: int) -> str:
    row = rotas.get(session, number)
    assert row is not None
    return row.text


def test_there_is_none_at_first(store: Store) -> None:
    assert store.read_now(rotas.current_number) == 0
    assert store.read_now(rotas.current) is None
    assert store.read_now(rotas.history) == []


def test_each_new_text_is_a_revision_and_the_same_text_is_none(store: Store) -> None:
    assert store.run_now(rotas.save, "uno è", "server", "import", NOW) == 1
    assert store.run_now(rotas.save, "due", "marco", "w" * 500, NOW, 1) == 2
    assert store.run_now(rotas.save, "due", "marco", "again", NOW) == 2
    assert store.run_now(rotas.save, "uno è", "marco", "undo", NOW, 2) == 3
    assert store.read_now(rotas.history) == [
        rotas.Made(3, "marco", NOW, "undo"),
        rotas.Made(2, "marco", NOW, "w" * 200),
        rotas.Made(1, "server", NOW, "import"),
    ]
    assert [store.read_now(_text, number) for number in (1, 2, 3)] == ["uno è", "due", "uno è"]
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


def test_of_two_who_save_at_once_exactly_one_wins(database_url: str, store: Store) -> None:
    """Two processes, two leads, one second: nobody's change is lost unseen, and the other hears what was done."""
    store.run_now(rotas.save, "uno", "server", "", NOW, 0)
    for base in range(1, 6):
        start = Barrier(2)

        def one(who: str, base: int = base, start: Barrier = start) -> Refused | int:
            own = Store.open(database_url)
            try:
                start.wait()
                return own.run_now(rotas.save, f"{who} after {base}", who, "her reason", NOW, base)
            except Refused as no:
                return no
            finally:
                own.close()

        with ThreadPoolExecutor(2) as threads:
            done = dict(zip(("giulia", "marco"), threads.map(one, ("giulia", "marco")), strict=True))
        (winner,) = (who for who, answer in done.items() if answer == base + 1)
        (refused,) = (answer for answer in done.values() if isinstance(answer, Refused))
        assert refused.why == "rota_moved"
        assert refused.facts == {"base": base, "current": base + 1, "by": winner, "reason": "her reason"}
        current = store.read_now(rotas.current)
        assert current is not None
        assert (current.number, current.text) == (base + 1, f"{winner} after {base}")
    assert len(store.read_now(rotas.history)) == 6


def test_the_key_decides_where_two_may_write_at_once(database_url: str, store: Store) -> None:
    """Both have looked before either wrote: only PostgreSQL lets them."""
    if store.kind == "sqlite":
        pytest.skip("SQLite lets the second one begin when the first has ended")
    store.run_now(rotas.save, "uno", "server", "", NOW, 0)
    saved, looked = Event(), Event()

    def second(session: Session) -> int:
        assert rotas.current_number(session) == 1
        looked.set()
        assert saved.wait(10)
        return rotas.save(session, "due, too", "marco", "", NOW, 1)

    def first(session: Session) -> int:
        assert looked.wait(10)
        number = rotas.save(session, "due", "giulia", "her reason", NOW, 1)
        saved.set()
        return number

    other = Store.open(database_url)
    with ThreadPoolExecutor(2) as threads:
        late = threads.submit(other.run_now, second)
        assert threads.submit(store.run_now, first).result() == 2
        with pytest.raises(Refused) as refused:
            late.result()
    other.close()
    assert (refused.value.why, refused.value.facts["by"], refused.value.facts["current"]) == ("rota_moved", "giulia", 2)
    assert [store.read_now(_text, number) for number in (1, 2)] == ["uno", "due"]
