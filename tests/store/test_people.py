"""Whose phone is whose: a link works once and in time, a phone has one person, a lock holds."""

from datetime import UTC, datetime, timedelta

from sqlmodel import Session, select

from bot.store import people
from bot.store.db import Store
from bot.store.tables import EnrolmentRow, LogRow

NOW = datetime(2026, 11, 28, 21, 0, tzinfo=UTC)
QUARTER = timedelta(minutes=15)
MOMENT = timedelta.resolution


def use(store: Store, token: str, now: datetime = NOW) -> str | None:
    row = store.run_now(people.use_invitation, people.hash_of(token), now)
    return row.person if row else None


def test_a_link_works_once(store: Store) -> None:
    store.run_now(people.invite, "giulia", "secret", "server", NOW, QUARTER)
    assert use(store, "Secret") is None
    assert use(store, "secret", NOW + QUARTER - MOMENT) == "giulia"
    assert use(store, "secret") is None


def test_a_link_ends_at_its_instant(store: Store) -> None:
    store.run_now(people.invite, "giulia", "secret", "server", NOW, QUARTER)
    assert use(store, "secret", NOW + QUARTER) is None


def test_a_newer_link_ends_the_older_ones_of_the_same_person_only(store: Store) -> None:
    for person, token in (("giulia", "old"), ("sara", "hers"), ("giulia", "new")):
        store.run_now(people.invite, person, token, "marco", NOW, QUARTER)
    assert [use(store, t) for t in ("old", "hers", "new")] == [None, "sara", "giulia"]


def test_no_token_is_kept_only_its_hash(store: Store) -> None:
    store.run_now(people.invite, "giulia", "the-secret", "server", NOW, QUARTER)

    def all_text(session: Session) -> str:
        return repr([*session.exec(select(EnrolmentRow)).all(), *session.exec(select(LogRow)).all()])

    assert "the-secret" not in store.read_now(all_text)


def test_a_phone_has_one_person_and_a_person_one_phone(store: Store) -> None:
    store.run_now(people.link, "giulia", 1001, NOW, confirmed=True)
    store.run_now(people.link, "giulia", 2**40, NOW, confirmed=True)
    assert store.read_now(people.by_user, 1001) is None
    assert store.read_now(people.reachable) == {"giulia": 2**40}
    store.run_now(people.link, "sara", 2**40, NOW, confirmed=True)
    assert store.read_now(people.reachable) == {"sara": 2**40}
    found = store.read_now(people.by_user, 2**40)
    assert found is not None
    assert found.id == "sara"
    assert [row.id for row in store.read_now(people.linked)] == ["sara"]


def test_only_who_is_confirmed_unlocked_and_not_blocking_can_be_rung(store: Store) -> None:
    for number, person in enumerate(("giulia", "sara", "alessio", "marco")):
        store.run_now(people.link, person, number, NOW, confirmed=person != "sara")
    store.run_now(people.lock, "alessio", "marco", NOW)

    def blocks(session: Session) -> None:
        row = people.get(session, "marco")
        assert row is not None
        row.unreachable_since = NOW
        session.add(row)

    store.run_now(blocks)
    assert store.read_now(people.reachable) == {"giulia": 0}
    assert store.read_now(people.by_user, 1) is None, "not confirmed yet"
    assert store.read_now(people.by_user, 2) is None, "locked"
    known = store.read_now(people.any_by_user, 2)
    assert known is not None
    assert store.read_now(people.any_by_user, 99) is None, "a stranger"
    found = store.read_now(people.by_user, 3)
    assert found is not None, "who cannot be rung may still act"
    store.run_now(people.link, "marco", 3, NOW, confirmed=True)
    assert "marco" in store.read_now(people.reachable), "a new link heals it"


def test_a_lock_holds_from_its_first_instant_and_ends_open_links(store: Store) -> None:
    store.run_now(people.link, "giulia", 1001, NOW, confirmed=True)
    store.run_now(people.invite, "giulia", "open", "marco", NOW, QUARTER)
    assert store.run_now(people.lock, "giulia", "marco", NOW)
    assert not store.run_now(people.lock, "giulia", "marco", NOW + QUARTER)
    row = store.read_now(people.get, "giulia")
    assert row is not None
    assert row.locked_at == NOW
    assert use(store, "open") is None
    store.run_now(people.link, "giulia", 1001, NOW, confirmed=True)
    assert store.read_now(people.reachable) == {"giulia": 1001}, "enrolled anew"


def test_somebody_without_a_phone_can_be_locked(store: Store) -> None:
    assert store.run_now(people.lock, "sara", "server", NOW)
    assert store.read_now(people.linked) == []


def test_the_log_is_cut_not_refused(store: Store) -> None:
    store.run_now(lambda s: people.log(s, NOW, "marco", "close", ticket=7, detail="x" * 1000))
    row = store.read_now(lambda s: s.exec(select(LogRow)).one())
    assert (row.who, row.verb, row.ticket_id, len(row.detail), row.at) == ("marco", "close", 7, 200, NOW)
