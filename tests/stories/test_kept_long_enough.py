"""Customers' words go when they have been kept long enough; nothing rings of it, and what is open stays whole."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import select
from weekend import BUSINESS, OUTAGE, Weekend, claimed, rung, sent

from bot.store.tables import LogRow
from bot.store.tickets import mentions_of


def words(weekend: Weekend, number: int) -> list[str]:
    return weekend.house.store.read_now(lambda session: [m.text for m in mentions_of(session, number)])


def said(weekend: Weekend) -> list[str]:
    rows = weekend.house.store.read_now(
        lambda session: session.exec(select(LogRow.detail).where(LogRow.verb == "words deleted")).all()
    )
    return list(rows)


@pytest.mark.parametrize("days", [89, 91])
async def test_after_keep_days_a_closed_ticket_is_a_number(weekend: Weekend, days: int) -> None:
    await claimed(weekend)
    await sent(weekend, "I tecnici sono sul posto.")
    giulia = weekend.phone("giulia")
    await giulia.types("/close 1 solved")
    await rung(weekend, BUSINESS, "anna")
    await weekend.settle()
    weekend.clock.advance(timedelta(days=days))
    rings = giulia.rings
    done = await weekend.house.retention.work(weekend.clock.now())
    await weekend.settle()
    assert giulia.rings == rings
    assert words(weekend, 2) == [BUSINESS]
    gone = days > 90
    assert words(weekend, 1) == ["" if gone else OUTAGE]
    assert said(weekend) == (["1 tickets, 1 mentions, 1 replies, 0 notes"] if gone else [])
    assert bool(done) == gone
    assert weekend.ticket()["state"] == "closed"
    # Once a day, however often it is asked; and what was missed while we were down is made up for.
    assert not await weekend.house.retention.work(weekend.clock.now())
    weekend.clock.advance(timedelta(days=3))
    assert bool(await weekend.house.retention.work(weekend.clock.now())) is not gone
    await giulia.types("/ticket 1")
    assert "▒▒▒" in giulia.last.text
    assert "(no words)" in giulia.last.text
    if gone:
        assert files_with(weekend, b"borgata senza linea") == []


def files_with(weekend: Weekend, words: bytes) -> list[Path]:
    database = Path(weekend.database_url.removeprefix("sqlite:///"))
    found = list(database.parent.glob(f"{database.name}*"))
    assert found
    return [path for path in found if words in path.read_bytes()]


async def test_what_is_deleted_on_x_is_deleted_here_within_a_day(weekend: Weekend) -> None:
    """Young: seen with the next full reading, and the words stay for whoever is at work. Old: by the daily look-up."""
    first = await claimed(weekend)
    second = await rung(weekend, BUSINESS, "anna")
    weekend.stage.x.delete(first)
    await weekend.advance(minutes=6)
    assert words(weekend, 1) == [OUTAGE]
    await weekend.jump(weekend.clock.now() + timedelta(hours=5))
    looks = weekend.sent("GET /2/tweets")
    await weekend.house.daily()
    await weekend.house.daily()
    assert weekend.sent("GET /2/tweets") == looks + 1, "once a day"
    await weekend.jump(weekend.clock.now() + timedelta(hours=23))
    weekend.stage.x.delete(second)
    rings = weekend.phone("giulia").rings
    await weekend.house.daily()
    await weekend.settle()
    assert words(weekend, 1) == words(weekend, 2) == [""]
    assert weekend.phone("giulia").rings == rings
    card = weekend.phone("giulia").card(2).text
    assert "deleted by the customer" in card
    assert "ristorante" not in card
    assert files_with(weekend, BUSINESS.encode()[:40]) == []


async def test_x_down_puts_the_look_off(weekend: Weekend) -> None:
    post = await rung(weekend, BUSINESS, "anna")
    await weekend.jump(weekend.clock.now() + timedelta(hours=18))
    weekend.stage.x.delete(post)
    weekend.fault(match="GET /2/tweets", status=503, times=1)
    await weekend.house.daily()
    assert words(weekend, 1) == [BUSINESS]
    await weekend.house.daily()
    assert words(weekend, 1) == [""]
