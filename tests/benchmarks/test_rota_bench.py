"""The benchmark of the rota: both ways must tell the same year, or its figures compare nothing."""

import random
from datetime import UTC, datetime, timedelta

import pytest

from benchmarks.processes import Failed
from benchmarks.rota import agreed_pieces
from benchmarks.rota_calendar import CalendarRota
from benchmarks.rota_scenario import COVERS, PEOPLE, YEAR, as_calendar, as_file, covers
from schedules.on_duty import who
from schedules.rota import Plan
from schedules.rota_file import load

pytest.importorskip("recurring_ical_events", reason="it comes with the bench extra")


@pytest.fixture(scope="module")
def plan() -> Plan:
    return load(as_file(covers()))


@pytest.fixture(scope="module")
def calendar() -> CalendarRota:
    return CalendarRota(as_calendar(covers()))


def test_the_scenario_is_the_one_that_is_spoken_of(plan: Plan) -> None:
    """30 people, three layers, 200 covers; drawn the same each time."""
    assert len(plan.people) == len(PEOPLE) == 30
    assert len(plan.rotas["primary"].layers) == 3
    assert len(plan.rotas["primary"].overrides) == COVERS == 200
    assert covers() == covers()


def test_file_and_calendar_tell_the_same_year(plan: Plan, calendar: CalendarRota) -> None:
    """In all pieces, and asked one by one, also in the hours around both clock changes."""
    assert agreed_pieces(plan, calendar) > 700
    rng = random.Random(4)
    asked = [YEAR[0] + timedelta(seconds=rng.randrange(365 * 86_400)) for _ in range(40)]
    asked += [datetime(2026, 3, 29, hour, 30, tzinfo=UTC) for hour in range(6)]
    asked += [datetime(2026, 10, 26, hour, 30, tzinfo=UTC) for hour in range(6, 9)]
    for at in asked:
        assert calendar.who(at) == who(plan, "primary", at), at


def test_a_benchmark_of_two_different_rotas_fails(calendar: CalendarRota) -> None:
    """A cover fewer, and it says so instead of printing figures."""
    with pytest.raises(Failed, match="another year"):
        agreed_pieces(load(as_file(covers()[:-1])), calendar)
