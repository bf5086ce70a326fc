"""Whom each step pages and when the next one comes, on both sides of every edge."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.core.ladder import CRITICAL_AGAIN, NOBODY_AGAIN, URGENT_AGAIN, Climb, climb, on_duty_now
from bot.core.mention import Urgency
from schedules.rota import Plan
from schedules.rota_file import load

NOW = datetime(2026, 11, 28, 21, 0, tzinfo=UTC)
EVERYBODY = frozenset({"a", "b", "c", "lead"})
C, U = Urgency.CRITICAL, Urgency.URGENT


def plan(steps: str, repeat: int = 2) -> Plan:
    return load(
        f"""
timezone = "Europe/Rome"
[people.a]
[people.b]
[people.c]
[people.lead]
role = "lead"
[accounts.Acme]
escalation = "short"
[lines.191]
title = "business"
escalation = "short"
[lines.119]
title = "mobile"
[[rotas.primary.layers]]
people = ["a"]
starts = 2026-01-01T00:00:00
turn = "1 week"
[[rotas.backup.layers]]
people = ["b"]
starts = 2026-01-01T00:00:00
turn = "1 week"
[[rotas.empty.layers]]
people = [""]
starts = 2026-01-01T00:00:00
turn = "1 week"
[escalations.standard]
repeat = {repeat}
{steps}
[[escalations.short.steps]]
page = ["leads"]
wait_min = 1
"""
    )


def step(page: str, wait: str) -> str:
    return f"[[escalations.standard.steps]]\npage = [{page}]\nwait_min = {wait}\n"


USUAL = plan(
    step('"rota:primary"', "5") + step('"rota:primary", "rota:backup", "person:a"', "2.5") + step('"leads"', "10")
)


def go(
    at: int,
    urgency: Urgency = U,
    *,
    of: Plan = USUAL,
    reach: frozenset[str] = EVERYBODY,
    line: str = "",
    **more: object,
) -> Climb:
    return climb(of, urgency, line, "nobody", at, NOW, reach, **more)  # type: ignore[arg-type]  # keywords by name


@pytest.mark.parametrize(
    ("at", "people", "wait"),
    [
        (0, ("a",), timedelta(minutes=5)),
        (1, ("a", "b"), timedelta(minutes=2, seconds=30)),
        (2, ("lead",), timedelta(minutes=10)),
        (3, ("a",), timedelta(minutes=5)),
        (5, ("lead",), timedelta(minutes=10)),
    ],
)
def test_steps_follow_each_other_and_run_twice(at: int, people: tuple[str, ...], wait: timedelta) -> None:
    assert go(at) == Climb(people, at + 1, NOW + wait)


def test_after_the_last_run() -> None:
    assert go(6, C) == Climb(("lead",), 7, NOW + CRITICAL_AGAIN)
    assert go(60, C) == Climb(("lead",), 61, NOW + CRITICAL_AGAIN)
    assert go(6, U) == Climb(("lead",), 7, NOW + URGENT_AGAIN)


def test_critical_repeats_its_last_step_not_the_leads() -> None:
    of = plan(step('"leads"', "5") + step('"rota:backup"', "5"), repeat=1)
    assert go(2, C, of=of).people == ("b",)
    assert go(2, U, of=of).people == ("lead",)
    assert go(2, C, of=of, reach=frozenset("c")).people == ("c",), "anybody at all"


def test_a_step_that_reaches_nobody_is_skipped_at_once() -> None:
    assert go(0, reach=frozenset({"b", "lead"})) == Climb(("b",), 2, NOW + timedelta(minutes=2.5), skipped=(1,))
    of = plan(step('"rota:empty"', "5") + step('"everyone"', "5"))
    assert go(0, of=of) == Climb(("a", "b", "c", "lead"), 2, NOW + timedelta(minutes=5), skipped=(1,))


def test_when_every_step_is_empty_leads_and_last_resort_follow_without_waiting() -> None:
    of = plan(step('"rota:empty"', "5") + step('"person:c"', "5"))
    reach = frozenset({"lead"})
    assert go(0, of=of, reach=reach) == Climb(("lead",), 0, NOW + CRITICAL_AGAIN, skipped=(1, 2, 3, 4))
    both = go(0, of=of, reach=reach, has_last_resort=True)
    assert (both.people, both.last_resort) == (("lead",), True)
    alone = go(0, of=of, reach=frozenset(), has_last_resort=True)
    assert (alone.people, alone.last_resort, alone.unreached) == ((), True, False)


@pytest.mark.parametrize("at", [0, 3, 6, 9])
@pytest.mark.parametrize("urgency", [C, U])
@pytest.mark.parametrize("office_open", [True, False])
def test_what_reached_nobody_stays_due(at: int, urgency: Urgency, office_open: bool) -> None:
    found = go(at, urgency, reach=frozenset(), office_open=office_open)
    assert (found.people, found.unreached, found.next_at) == ((), True, NOW + NOBODY_AGAIN)
    assert found.step <= max(at, 6), "no step is used up by nobody"


def test_last_resort_is_a_step_or_the_end_of_all_reach() -> None:
    of = plan(step('"rota:primary"', "5") + step('"leads", "last_resort"', "5"), repeat=1)
    assert not go(0, of=of, has_last_resort=True).last_resort
    assert go(1, of=of, has_last_resort=True).last_resort
    assert not go(1, of=of).last_resort
    assert go(2, C, of=of, has_last_resort=True).last_resort, "the last step again"
    assert not go(2, U, of=of, has_last_resort=True).last_resort, "the leads are rung, nobody else"
    assert go(2, U, of=of, reach=frozenset("a"), has_last_resort=True).last_resort
    alone = go(1, of=of, reach=frozenset("a"), has_last_resort=True)
    assert (alone.people, alone.last_resort, alone.step) == ((), True, 2)


def test_quiet_hours_stand_still_for_urgent_only() -> None:
    end = NOW + timedelta(hours=6)
    assert go(0, U, quiet_until=end) == Climb(("a",), 0, end, silent=True)
    assert go(1, U, quiet_until=end) == Climb(("a", "b"), 1, end, silent=True)
    assert go(99, U, quiet_until=end) == Climb(("lead",), 99, end, silent=True)
    assert go(0, C, quiet_until=end) == go(0, C)


@pytest.mark.parametrize(("urgency", "again"), [(C, CRITICAL_AGAIN), (U, URGENT_AGAIN)])
def test_an_open_office_goes_on_to_the_leads(urgency: Urgency, again: timedelta) -> None:
    assert go(1, urgency, office_open=True, quiet_until=NOW + again) == Climb(("lead",), 2, NOW + again)


def test_lines_and_accounts_have_ladders_of_their_own() -> None:
    assert go(0, line="191").people == ("lead",)
    assert go(0, line="119").people == ("a",)
    assert climb(USUAL, U, "unknown", "acme", 0, NOW, EVERYBODY).people == ("lead",)


def test_on_duty_on_any_rota() -> None:
    assert on_duty_now(USUAL, NOW) == {"a", "b"}
    assert on_duty_now(USUAL, datetime(2025, 1, 1, tzinfo=UTC)) == frozenset()
