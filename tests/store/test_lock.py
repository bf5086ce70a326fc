"""One leader at a time, on both databases, whatever becomes of the one before."""

import os
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import psycopg.conninfo
import pytest

from bot.store.lock import Leadership

LEAD = """
import os, sys, time
from bot.store.lock import Leadership
leadership = Leadership(sys.argv[1])
print(leadership.try_acquire(), os.getpid(), flush=True)
sys.stdin.readline()
"""


@pytest.fixture
def other_leader(database_url: str) -> Iterator["subprocess.Popen[str]"]:
    """Another process that leads."""
    command = [sys.executable, "-c", LEAD, database_url]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("True")
        yield process
        process.kill()


def wait_until_leading(leadership: Leadership) -> bool:
    """PostgreSQL notices a dead client a moment later; as a standby does, ask again."""
    return any(leadership.try_acquire() for _ in range(100_000))


def test_one_leads_and_asking_again_changes_nothing(database_url: str) -> None:
    one, two = Leadership(database_url), Leadership(database_url)
    assert one.who() == "nobody"
    assert one.try_acquire()
    assert one.try_acquire()
    assert one.still_held()
    assert not two.try_acquire()
    assert not two.still_held()
    one.release()
    one.release()
    assert not one.still_held()
    assert two.try_acquire()
    two.release()
    assert two.who() == "nobody"


def test_the_leader_is_named_by_its_process(database_url: str, other_leader: "subprocess.Popen[str]") -> None:
    leadership = Leadership(database_url)
    assert not leadership.try_acquire()
    assert str(other_leader.pid) in leadership.who()
    leadership.release()


def test_a_killed_leader_makes_room(database_url: str, other_leader: "subprocess.Popen[str]") -> None:
    standby = Leadership(database_url)
    assert not standby.try_acquire()
    os.kill(other_leader.pid, signal.SIGKILL)
    other_leader.wait(10)
    assert wait_until_leading(standby)
    assert str(os.getpid()) in standby.who()
    standby.release()


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_cut_connection_is_noticed_and_another_may_lead(database_url: str, postgresql_server: str) -> None:
    one, two = Leadership(database_url), Leadership(database_url)
    assert one.try_acquire()
    assert not two.try_acquire()
    with psycopg.connect(postgresql_server, autocommit=True) as admin:
        admin.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted"
            " AND database = (SELECT oid FROM pg_database WHERE datname = %s)",
            [psycopg.conninfo.conninfo_to_dict(database_url)["dbname"]],
        )
    assert wait_until_leading(two)
    assert not one.still_held()
    assert not one.try_acquire()
    two.release()
    assert one.try_acquire()
    one.release()


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_another_database_on_the_same_server_has_its_own_leader(database_url: str, postgresql_server: str) -> None:
    here, there = Leadership(database_url), Leadership(postgresql_server)
    assert here.try_acquire()
    assert there.try_acquire()
    assert there.who().endswith("(this one)")
    here.release()
    there.release()


def test_nobody_leads_over_a_database_that_cannot_be_reached(tmp_path: Path) -> None:
    leadership = Leadership(f"postgresql://nobody@/nothing?host={tmp_path}")
    assert not leadership.try_acquire()
    assert not leadership.still_held()
    assert "cannot be reached" in leadership.who()


@pytest.fixture
def beside(tmp_path: Path) -> tuple[str, Path]:
    """The address of a SQLite database and its lock file."""
    return f"sqlite:///{tmp_path}/a.db", tmp_path / "a.db.lock"


def test_a_lock_file_left_behind_or_with_nonsense_in_it_stops_nobody(beside: tuple[str, Path]) -> None:
    database_url, file = beside
    file.write_text("4711\nnonsense\n")
    leadership = Leadership(database_url)
    assert leadership.who() == "nobody"
    assert leadership.try_acquire()
    assert file.read_text() == f"{os.getpid()}\n"
    leadership.release()
    assert file.read_text() == ""


def test_the_lock_file_is_its_owners_alone(beside: tuple[str, Path]) -> None:
    database_url, file = beside
    leadership = Leadership(database_url)
    assert leadership.try_acquire()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    leadership.release()


def test_a_leader_whose_lock_file_was_deleted_leads_no_more(beside: tuple[str, Path]) -> None:
    """Otherwise a second process would make a new file and lead as well."""
    database_url, file = beside
    one, two = Leadership(database_url), Leadership(database_url)
    assert one.try_acquire()
    file.unlink()
    assert two.try_acquire()
    assert not one.still_held()
    assert not one.try_acquire()
    two.release()


def test_one_database_has_one_leader_also_through_a_link(beside: tuple[str, Path], tmp_path: Path) -> None:
    database_url, _ = beside
    (tmp_path / "folder").mkdir()
    link = tmp_path / "folder" / "link.db"
    link.symlink_to(tmp_path / "a.db")
    one, two = Leadership(database_url), Leadership(f"sqlite:///{link}")
    assert one.try_acquire()
    assert not two.try_acquire()
    one.release()
