"""A database put back from a backup sends nothing by itself: a lead presses Resume, and what was on its way is looked
for first."""

from pathlib import Path
from typing import Any

from weekend import BUSINESS, OUTAGE, Weekend, claimed, held, labels, open_house, rung

from bot.backup import backup, restore
from bot.store import holds


async def put_back(weekend: Weekend, copy: Path) -> Any:
    """The service is stopped, the copy restored, and the service started again."""
    await weekend.house.x.close()
    await weekend.house.telegram.close()
    weekend.house.store.close()
    done = restore(weekend.database_url, copy, weekend.clock.now())
    weekend.house = await open_house(weekend.database_url, weekend.address, weekend.clock, weekend.house.options)
    await weekend.house.start()
    await weekend.pass_by()
    return done


def copied(weekend: Weekend, folder: Path) -> Path:
    return backup(weekend.database_url, folder / "backups", weekend.clock.now())


async def test_what_was_sent_since_the_backup_is_not_posted_again(weekend: Weekend, tmp_path: Path) -> None:
    """The copy was made while the answer was held; then it was posted, and the disk died."""
    await claimed(weekend)
    await held(weekend, "I tecnici sono sul posto.")
    copy = copied(weekend, tmp_path)
    await weekend.advance(minutes=1)
    assert len(weekend.posts()) == 1
    seen = weekend.sent("GET /2/users/:id/mentions")
    done = await put_back(weekend, copy)
    assert (done.in_doubt, done.replaced is not None) == (1, True)
    marco = weekend.phone("marco")
    question = marco.last
    assert labels(question) == ["Resume", "Not yet"]
    assert question.rang
    weekend.customer_says(BUSINESS, "anna")
    before = weekend.sent("POST /bot/sendMessage")
    await weekend.advance(minutes=30)
    assert weekend.sent("POST /bot/sendMessage") == before, "nothing else leaves"
    assert weekend.sent("GET /2/users/:id/mentions") == seen, "nothing is read"
    assert weekend.ticket()["replies"][0]["state"] == "in_doubt"

    await marco.presses(question, "Not yet")
    assert await is_held(weekend)
    await weekend.advance(minutes=31)
    assert labels(marco.last) == ["Resume", "Not yet"], "asked again after an hour"
    assert await marco.presses(marco.last, "Resume") == "Everything goes on from now."
    await weekend.advance(minutes=1)
    assert weekend.ticket()["replies"][0]["state"] == "posted"
    assert len(weekend.posts()) == 1
    assert weekend.phone("giulia").saw("il pos del ristorante"), "what came since is read and rings"
    assert not await is_held(weekend)


async def test_what_is_not_on_x_is_put_to_its_writer(weekend: Weekend, tmp_path: Path) -> None:
    await claimed(weekend)
    preview = await held(weekend)
    copy = copied(weekend, tmp_path)
    await weekend.phone("giulia").presses(preview, "Cancel")
    await put_back(weekend, copy)
    assert await is_held(weekend)
    assert weekend.house.store.run_now(holds.resume, "server", weekend.clock.now())
    await weekend.advance(minutes=1)
    assert weekend.posts() == []
    [reply] = weekend.ticket()["replies"]
    assert reply["state"] == "in_doubt"
    assert labels(weekend.phone("giulia").preview()) != []


async def test_only_a_lead_goes_on(weekend: Weekend, tmp_path: Path) -> None:
    await rung(weekend, OUTAGE)
    await put_back(weekend, copied(weekend, tmp_path))
    marco, giulia = weekend.phone("marco"), weekend.phone("giulia")
    number = next(b["callback_data"] for row in marco.last.buttons for b in row)
    await giulia.sends_data(giulia.card(), number)
    assert await is_held(weekend)
    await marco.types("/yes")
    assert not await is_held(weekend)


async def is_held(weekend: Weekend) -> bool:
    return await weekend.house.store.read(holds.is_on_hold)
