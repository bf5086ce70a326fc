"""Rest after call-outs, in elapsed hours, on both nights of the clock change."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from schedules.call_outs import CallOut, call_outs, called_out
from schedules.checks.rest import rest
from schedules.rota import Plan
from schedules.rota_file import load

OFFICE = '[office]\nhours = ["mon-fri 09:00-18:00"]\nholidays = ["IT"]\n'
HEAD = '[people.a]\nname = "Ada"\nrole = "lead"\n[people.b]\nname = "Bob"\n'
ALWAYS = '[[rotas.primary.layers]]\npeople = ["a"]\nstarts = 2026-01-01\nturn = "1 week"\n'
DAYS = ALWAYS + 'windows = ["sat-sun 09:00-22:00"]\n'


def plan(body: str = ALWAYS, office: str = OFFICE, more: str = "") -> Plan:
    return load(f'timezone = "Europe/Rome"\n{office}{HEAD}{more}{body}')


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def found(of: Plan, now: str, *instants: str) -> list[tuple[str, str, float]]:
    """(kind, person, hours of rest) of each finding."""
    called = called_out(of, {"a": [at(each) for each in instants]})
    return [(each.kind, *each.people, each.amounts[0] / timedelta(hours=1)) for each in rest(of, at(now), called)]


@pytest.mark.parametrize(
    ("called", "now", "hours"),
    [
        pytest.param("2026-03-28T22:00+01:00", "2026-03-28T22:30+01:00", 10, id="22 to 9 on the spring night"),
        pytest.param("2026-10-24T22:00+02:00", "2026-10-24T22:30+02:00", None, id="22 to 9 on the autumn night: 12 h"),
        pytest.param("2026-10-24T23:30+02:00", "2026-10-24T23:40+02:00", 10.5, id="half past 23 in autumn"),
        pytest.param("2026-11-28T22:00+01:00", "2026-11-28T22:30+01:00", None, id="11 h to the second are enough"),
        pytest.param("2026-11-28T22:00:01+01:00", "2026-11-28T22:30+01:00", 11 - 1 / 3600, id="a second less is not"),
    ],
)
def test_rest_until_the_next_duty(called: str, now: str, hours: float | None) -> None:
    """On duty on Saturday and Sunday from 09:00 to 22:00; the call-out may come late."""
    wanted = [("daily_rest", "a", pytest.approx(hours))] if hours else []
    assert found(plan(DAYS), now, called) == wanted


@pytest.mark.parametrize(
    ("called", "hours"),
    [
        pytest.param(("2026-11-24T02:10+01:00", "2026-11-24T02:30+01:00"), [6.5], id="counted from the last act"),
        pytest.param(("2026-11-24T02:10+01:00", "2026-11-24T05:00+01:00"), [4], id="and from the last call-out"),
        pytest.param(("2026-11-23T21:59+01:00",), [], id="early enough"),
        pytest.param(("2026-11-24T11:00+01:00",), [], id="in office hours it is ordinary work"),
        pytest.param((), [], id="stand-by without a call-out is rest"),
    ],
)
def test_rest_until_the_office_opens(called: Sequence[str], hours: list[float]) -> None:
    """In the same night only the last call-out counts; the whole week is one duty."""
    now = "2026-11-24T12:00+01:00"
    assert [each[2] for each in found(plan(), now, *called)] == hours


def test_who_is_away_or_on_a_holiday_of_their_own_sleeps_in() -> None:
    late, now = "2026-11-24T02:10+01:00", "2026-11-24T12:00+01:00"
    away = '[[absences]]\nperson = "a"\nstart = 2026-11-24\nend = 2026-11-25\n'
    assert found(plan(ALWAYS + away), now, late) == []
    of = load(
        f'timezone = "Europe/Rome"\n{OFFICE}[people.a]\nname = "Ada"\nrole = "lead"\nholidays = [2026-11-24]\n{ALWAYS}'
    )
    assert found(of, now, late) == []


def test_a_night_before_a_holiday_is_no_night_before_work() -> None:
    """8 December is a holiday: the call-out of that night cuts nobody's rest short."""
    assert found(plan(), "2026-12-08T12:00+01:00", "2026-12-08T02:10+01:00") == []
    assert found(plan(), "2026-12-09T12:00+01:00", "2026-12-09T02:10+01:00") != []


def test_a_weekend_of_call_outs_leaves_no_eleven_hours() -> None:
    """Every eight hours from Friday night on: no work follows, but no 24 hours hold eleven in a row."""
    calls = [(at("2026-11-28T00:00+01:00") + timedelta(hours=8 * n)).isoformat() for n in range(6)]
    told = found(plan(), "2026-11-30T00:00+01:00", *calls)
    assert {(kind, person) for kind, person, _ in told} == {("daily_rest", "a")}
    assert [hours for _, _, hours in told] == [8], "one for 24 hours of work, not one a call"
    assert found(plan(), "2026-11-30T00:00+01:00", *calls[::2]) == [], "sixteen hours in between are rest"


def test_an_office_that_leaves_no_rest_by_itself_is_not_our_business() -> None:
    """Open from six to midnight it is run in shifts: only rest that a call-out cut short is told."""
    shifts = '[office]\nhours = ["daily 06:00-24:00"]\n'
    assert found(plan(office=shifts), "2026-11-24T12:00+01:00", "2026-11-24T02:10+01:00") == []


def test_no_weekly_rest_in_fourteen_days() -> None:
    """Called on both weekends, in the middle of each day: never 35 hours in a row, though each night was quiet."""
    days = ("2026-11-14", "2026-11-15", "2026-11-21", "2026-11-22")
    calls = [f"{day}T{hour}:00+01:00" for day in days for hour in ("12", "20")]
    now = "2026-11-23T09:00+01:00"
    weekly = [each for each in found(plan(), now, *calls) if each[0] == "weekly_rest"]
    assert weekly == [("weekly_rest", "a", 18)]
    # One weekend without a call, and it is there.
    assert not [each for each in found(plan(), now, *calls[4:]) if each[0] == "weekly_rest"]


def test_a_moment_of_rings_and_acts_is_one_call_out() -> None:
    ring = at("2026-11-28T02:00+01:00")
    minutes = [ring + timedelta(minutes=n) for n in (50, 0, 20, 120)]
    assert call_outs(minutes) == (
        CallOut(ring, ring + timedelta(minutes=50)),
        CallOut(ring + timedelta(hours=2), ring + timedelta(hours=2)),
    )
    assert call_outs([]) == ()
