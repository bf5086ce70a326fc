"""Calendar links: one works for each feed of a person, none is kept in words, none outlives a lock or the phone."""

from datetime import UTC, datetime, timedelta

from sqlmodel import Session, select

from bot.app import import_rota
from bot.store import calendars, people
from bot.store.db import Store
from bot.store.tables import CalendarRow, LogRow

NOW = datetime(2026, 11, 28, 21, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
ROTA = """\
timezone = "Europe/Rome"
[people.giulia]
name = "Giulia Rossi"
signature = "GR"
role = "lead"
[[rotas.primary.layers]]
people = ["giulia"]
starts = 2026-11-27T18:00:00
turn = "1 week"
"""


def issue(store: Store, person: str, token: str, rota: str = "") -> None:
    store.run_now(calendars.issue, person, rota, "it", token, NOW)


def opens(store: Store, token: str) -> tuple[str, str] | None:
    row = store.read_now(calendars.opened_by, token)
    return (row.person, row.rota) if row is not None else None


def test_a_link_opens_its_feed_until_it_is_taken_back(store: Store) -> None:
    issue(store, "giulia", "own")
    issue(store, "giulia", "whole", rota="primary")
    issue(store, "sara", "hers")
    assert [opens(store, t) for t in ("own", "whole", "hers", "none", "")] == [
        ("giulia", ""), ("giulia", "primary"), ("sara", ""), None, None,
    ]  # fmt: skip
    assert store.run_now(calendars.revoke, "giulia", LATER) == 2
    assert store.run_now(calendars.revoke, "giulia", LATER) == 0
    assert [opens(store, t) for t in ("own", "whole", "hers")] == [None, None, ("sara", "")]


def test_not_even_a_second_one_to_the_same_feed_survives(store: Store) -> None:
    """However it came to be: whoever takes their links back has none."""

    def two(session: Session) -> None:
        for token in ("one", "other"):
            hashed = calendars.hash_of(token)
            session.add(CalendarRow(token_hash=hashed, person="giulia", language="it", made_at=NOW))

    store.run_now(two)
    assert store.run_now(calendars.revoke, "giulia", LATER) == 2
    assert [opens(store, t) for t in ("one", "other")] == [None, None]


def test_a_newer_link_ends_the_older_one_of_the_same_feed_only(store: Store) -> None:
    for token, rota in (("old", ""), ("whole", "primary"), ("new", "")):
        issue(store, "giulia", token, rota)
    assert [opens(store, t) for t in ("old", "whole", "new")] == [None, ("giulia", "primary"), ("giulia", "")]
    assert [row.rota for row in store.read_now(calendars.live, "giulia")] == ["", "primary"]


def test_a_lock_ends_them_and_an_unlock_does_not_bring_them_back(store: Store) -> None:
    issue(store, "giulia", "own")
    store.run_now(people.lock, "giulia", "marco", LATER)
    store.run_now(people.link, "giulia", 1001, LATER, confirmed=True)
    assert opens(store, "own") is None


def test_a_phone_that_is_given_away_takes_no_links_with_it(store: Store) -> None:
    """Neither those of the person it belonged to, nor, for whoever got it, those on the phone they had before."""
    for person, user_id in (("giulia", 1001), ("sara", 1002)):
        store.run_now(people.link, person, user_id, NOW, confirmed=True)
        issue(store, person, person)
    store.run_now(people.link, "giulia", 1001, LATER, confirmed=True)
    assert opens(store, "giulia") == ("giulia", "")
    store.run_now(people.link, "giulia", 1002, LATER, confirmed=True)
    assert [opens(store, t) for t in ("giulia", "sara")] == [None, None]


def test_who_leaves_the_rota_loses_theirs_for_good(store: Store) -> None:
    """Also somebody who has no phone here any more, and also when they come back later."""
    issue(store, "giulia", "stays")
    issue(store, "sara", "goes")
    import_rota(store, ROTA, "server", "test", LATER)
    assert [opens(store, t) for t in ("stays", "goes")] == [("giulia", ""), None]


def test_no_token_is_kept_only_its_hash(store: Store) -> None:
    issue(store, "giulia", "the-secret")

    def all_text(session: Session) -> str:
        return repr([*session.exec(select(CalendarRow)).all(), *session.exec(select(LogRow)).all()])

    assert "the-secret" not in store.read_now(all_text)
    assert calendars.hash_of("the-secret") != people.hash_of("the-secret"), "no invitation opens a calendar"
