"""Too many alarms for one phone: it keeps telling everything, and stays usable."""

import itertools

from weekend import BUSINESS, OUTAGE, Weekend


async def _eleven_in_an_hour(weekend: Weekend) -> None:
    """Ten alarms ring by themselves and are taken; the hour's budget of rings is spent."""
    giulia = weekend.phone("giulia")
    for n in range(1, 11):
        weekend.customer_says(f"{BUSINESS} (sala {n})", author=f"bar{n}")
        await weekend.walk(30, minutes=1)
        await giulia.presses(giulia.card(n), "Claim")
        await giulia.types(f"/close {n}")
    assert giulia.rings == 10


async def test_beyond_ten_rings_an_hour_urgent_ones_gather_in_one_summary(weekend: Weekend) -> None:
    """A phone that never stops ringing is switched off; the eleventh alarm joins a list that rings now and then."""
    giulia, sara = weekend.phone("giulia"), weekend.phone("sara")
    await _eleven_in_an_hour(weekend)
    for n in range(11, 15):
        weekend.customer_says(f"{BUSINESS} (sala {n})", author=f"bar{n}")
        await weekend.pass_by()
    await weekend.advance(seconds=30)
    (summary,) = [m for m in giulia.since_start() if m.text.startswith("🟠 ") and "tickets wait" in m.text]
    assert summary.rang
    assert giulia.rings == 11
    assert all(f"#{n}" in summary.text for n in range(11, 15))
    told = [m for m in sara.since_start() if "Giulia" in m.text and m.rang]
    assert len(told) == 1, "the backup is told once"

    critical = weekend.customer_says(OUTAGE, author="mario")
    assert critical
    await weekend.advance(seconds=30)
    assert giulia.card(15).rang, "critical always rings by itself"
    await weekend.walk(30, minutes=9)
    rings = [m.sent_at for m in giulia.since_start() if m.rang and "tickets wait" in m.text]
    assert len(rings) == 1
    await weekend.walk(60, minutes=13)
    rings = [m.sent_at for m in giulia.since_start() if m.rang and "tickets wait" in m.text]
    assert all((b - a).total_seconds() >= 600 for a, b in itertools.pairwise(rings))
    assert len(rings) == 2
    assert {t["id"] for t in weekend.tickets()} == set(range(1, 16)), "nothing is dropped"
    newest = [m for m in giulia.since_start() if "tickets wait" in m.text][-1]
    for n in range(11, 15):
        await giulia.presses(newest, f"Claim #{n}")
    await giulia.presses(giulia.card(15), "Claim")
    await weekend.advance(seconds=10)
    await weekend.nothing_else()


async def test_a_hundred_alarms_at_once_are_one_ring(weekend: Weekend) -> None:
    """A cut cable in a city: a hundred customers in a minute must not be a hundred rings, nor one customer less."""
    giulia = weekend.phone("giulia")
    for n in range(100):
        weekend.customer_says(f"{BUSINESS} (sala {n})", author=f"bar{n}")
    await weekend.pass_by()
    assert giulia.rings == 1
    assert len(weekend.tickets()) == 100
    assert "100 urgent tickets wait" in giulia.last.text
    assert len(giulia.last.text) < 4096
    await weekend.nothing_else()
