"""What X's answers say beside their bodies: the clock and the rights, also in a refusal or when garbled."""

from datetime import UTC, datetime

import pytest

from bot.errors import Temporary
from bot.sandbox.faults import Fault
from bot.x.told import Told, told

TEN = datetime(2026, 11, 28, 22, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("headers", "said"),
    [
        ({}, Told()),
        ({"date": "Sat, 28 Nov 2026 22:00:00 GMT", "x-access-level": "read-write"}, Told(TEN, "read-write")),
        ({"date": "Sat, 28 Nov 2026 23:00:00 +0100", "x-access-level": " Read "}, Told(TEN, "read")),
        ({"date": "soon"}, Told()),
        ({"date": "Sat, 28 Nov 99999 22:00:00 GMT"}, Told()),
    ],
    ids=["nothing", "both", "another zone", "no date", "no year of ours"],
)
def test_what_headers_say(headers: dict[str, str], said: Told) -> None:
    assert told(headers) == said


async def test_a_refusal_tells_the_clock_as_well(door, faults):
    assert door.told("AcmeCare") == Told()
    faults.add(Fault("GET /2/users/me", status=401, headers={"date": "Sat, 28 Nov 2026 22:00:00 GMT"}, body={}))
    with pytest.raises(Temporary):
        await door.me("AcmeCare")
    assert door.told("AcmeCare").clock == TEN
    await door.me("AcmeCare")
    assert door.told("AcmeCare").rights == "read-write"
    assert door.told("AcmeGiulia") == Told(), "each account's answers are its own"
