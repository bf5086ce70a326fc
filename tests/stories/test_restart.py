"""The process dies at every point of the way: nothing is lost, and nothing is said twice."""

from datetime import timedelta
from pathlib import Path

from weekend import BUSINESS, OUTAGE, QUESTION, Weekend, weekend_stage

SENDING = "POST /bot/sendMessage"


async def test_a_restart_at_every_point_of_an_answer(weekend: Weekend) -> None:
    """From mention to answer with a new process at each step: one page, one claim, one preview, one post."""
    giulia = weekend.phone("giulia")
    weekend.customer_says(OUTAGE)
    for account in weekend.house.options.accounts:
        await weekend.house.intake.poll(account, weekend.clock.now())
    await weekend.restart()  # read, not yet judged
    await weekend.advance(seconds=30)
    assert giulia.rings == 1
    await weekend.restart()  # paged
    await weekend.advance(minutes=1)
    assert giulia.rings == 1
    await giulia.presses(giulia.card(), "Claim")
    await weekend.restart()  # claimed
    await weekend.advance(minutes=6)
    assert giulia.rings == 1
    assert weekend.phone("sara").rings == 0
    await giulia.types("Ci siamo: i tecnici sono sul posto.", reply_to=giulia.card())
    await weekend.restart()  # draft
    await giulia.presses(giulia.starting("✏️ #1"), "Send")
    await weekend.restart()  # held
    assert weekend.posts() == []
    await weekend.advance(seconds=30)
    await weekend.restart()  # posted
    await weekend.advance(minutes=3)
    (answer,) = weekend.posts()
    assert answer.text.endswith("sul posto. ^GR")
    assert weekend.ticket()["state"] == "answered"
    await weekend.nothing_else()


async def test_a_press_while_nobody_runs_counts(weekend: Weekend) -> None:
    """The claim lay unread at Telegram while the process was down: it is heard before anything escalates."""
    giulia, sara = weekend.phone("giulia"), weekend.phone("sara")
    weekend.customer_says(OUTAGE)
    await weekend.advance(minutes=4)
    weekend.stage.telegram.presses(1001, giulia.card().message_id, "claim:1")
    # Telegram keeps a press for 150 seconds; by then the second step of the ladder is due.
    weekend.clock.advance(timedelta(seconds=140))
    await weekend.restart()
    await weekend.pass_by()
    assert weekend.ticket()["owner"] == "giulia"
    assert sara.rings == 0
    await weekend.nothing_else()


async def test_a_page_on_its_way_when_the_process_died_rings_at_once(weekend: Weekend) -> None:
    """Found in the middle of being sent it may have arrived or not: it is sent again now, and says so."""
    from sqlmodel import Session, select

    from bot.store import outbox
    from bot.store.tables import OutboxRow

    weekend.customer_says(OUTAGE)
    await weekend.house.read_x()

    def claimed_and_dead(session: Session) -> None:
        assert outbox.take(session, weekend.clock.now(), timedelta(minutes=1), 8)

    weekend.house.store.run_now(claimed_and_dead)
    await weekend.restart()
    card = weekend.phone("giulia").card()
    assert card.rang
    assert card.text.split("\n")[1] == "(repeat)"
    assert all(r.state == "sent" for r in weekend.house.store.read_now(lambda s: s.exec(select(OutboxRow)).all()))
    await weekend.phone("giulia").presses(card, "Claim")
    await weekend.nothing_else()


async def test_questions_and_lists_survive(weekend: Weekend) -> None:
    """An offer, a silent list and a snooze belong to the database, not to the process."""
    giulia, sara = weekend.phone("giulia"), weekend.phone("sara")
    weekend.customer_says(QUESTION, author="lia")
    weekend.customer_says(BUSINESS, author="bar")
    await weekend.advance(seconds=30)
    business = next(t["id"] for t in weekend.tickets() if t["urgency"] == "urgent")
    await giulia.presses(giulia.card(business), "Claim")
    await giulia.types(f"/handover {business} sara")
    await weekend.restart()
    await sara.presses(next(m for m in sara.since_start() if "Giulia" in m.text), "Accept")
    assert weekend.ticket(business)["owner"] == "sara"
    await sara.types(f"/snooze {business} 30m")
    await weekend.restart()
    rung = sara.rings
    await weekend.walk(60, minutes=30)
    assert sara.rings == rung + 1
    lists = [m for m in giulia.since_start() if m.text.startswith("⚪ Waiting")]
    assert len(lists) == 1
    await weekend.nothing_else()


async def test_a_clock_set_back_an_hour_loses_no_page(weekend: Weekend) -> None:
    """Somebody corrects the server's clock in the night: the ladder goes on, and new mentions still ring."""
    giulia, sara = weekend.phone("giulia"), weekend.phone("sara")
    weekend.customer_says(BUSINESS, author="bar")
    await weekend.advance(seconds=30)
    weekend.clock.advance(timedelta(hours=-1))
    await weekend.pass_by()
    await weekend.walk(30, minutes=6)
    assert sara.card(1).rang, "the second step came in its time"
    weekend.customer_says(OUTAGE, author="mario")
    await weekend.walk(30, minutes=2)
    assert giulia.card(2).rang
    for n in (1, 2):
        await giulia.presses(giulia.card(n), "Claim")
    await giulia.types("Arriviamo", reply_to=giulia.card(2))
    await giulia.presses(giulia.starting("✏️ #2"), "Send")
    weekend.clock.advance(timedelta(hours=-1))
    await weekend.walk(10, minutes=2)
    assert len(weekend.posts()) == 1
    await weekend.nothing_else()


async def test_a_whole_night_with_a_restart_every_ten_minutes(tmp_path: Path) -> None:
    """A machine that keeps falling over: every customer still has one ticket, and every page is on the phone."""
    async with weekend_stage(tmp_path) as weekend:
        giulia = weekend.phone("giulia")
        for n in range(1, 7):
            weekend.customer_says(f"{BUSINESS} (sala {n})", author=f"bar{n}")
            weekend.clock.advance(timedelta(minutes=10))
            await weekend.restart()
            await weekend.pass_by()
            await giulia.presses(giulia.card(n), "Claim")
            await giulia.types(f"/close {n}")
        assert [t["author"] for t in weekend.tickets()] == [f"bar{n}" for n in range(1, 7)]
        assert giulia.rings == 6
        await weekend.nothing_else()
