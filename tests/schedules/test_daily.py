"""The daily instant: once each local day, over both clock changes."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from schedules.daily import dailies_between, last_daily
from schedules.rota import Plan
from schedules.rota_file import load

ROME = ZoneInfo("Europe/Rome")


@pytest.fixture(scope="module")
def plan() -> Plan:
    return load((Path(__file__).parents[2] / "rota.example.toml").read_text(encoding="utf-8"), "example")


@pytest.mark.parametrize("change", [datetime(2026, 3, 29, tzinfo=UTC), datetime(2026, 10, 25, tzinfo=UTC)])
def test_once_a_local_day_at_half_past_four(plan: Plan, change: datetime) -> None:
    found = dailies_between(plan, change - timedelta(days=3), change + timedelta(days=3))
    assert len({at.astimezone(ROME).date() for at in found}) == len(found) == 6
    assert {f"{at.astimezone(ROME):%H:%M}" for at in found} == {"04:30"}


def test_the_last_one_is_the_last(plan: Plan) -> None:
    at = datetime(2026, 11, 28, 3, 30, tzinfo=UTC)
    assert last_daily(plan, at) == at
    assert last_daily(plan, at - timedelta.resolution) == at - timedelta(days=1)
    assert last_daily(plan, at + timedelta(hours=23)) == at
