"""When the office closes and opens, when duties begin and end, and when nothing may ring."""

from datetime import UTC, datetime
from pathlib import Path

from weekend import BUSINESS, OUTAGE, QUESTION, ROTA, Weekend, at, labels, weekend_stage

FRIDAY_17_20 = datetime(2026, 11, 27, 16, 20, tzinfo=UTC)
FRIDAY_17_59 = datetime(2026, 11, 27, 16, 59, tzinfo=UTC)
MONDAY_08_50 = datetime(2026, 11, 30, 7, 50, tzinfo=UTC)
SUNDAY_22_30 = datetime(2026, 11, 29, 21, 30, tzinfo=UTC)
MENTIONS = "GET /2/users/*/mentions"
QUIET = ROTA.replace('holidays = ["IT", "IT-MI"]', 'quiet = ["daily 23:00-07:00"]\nholidays = ["IT", "IT-MI"]')
HANDOFF_SUNDAY = ROTA + (
    "[[rotas.primary.overrides]]\nput = ['alessio']\nstart = 2026-11-29T09:00:00\nend = 2026-11-30T09:00:00\n"
)


async def test_closing_time_takes_in_what_the_office_left(tmp_path: Path) -> None:
    """Friday 18:00: what nobody answered in the last half hour rings; what our account answered by hand does not."""
    async with weekend_stage(tmp_path, at=FRIDAY_17_20) as weekend:
        giulia = weekend.phone("giulia")
        asked = weekend.sent(MENTIONS)
        weekend.customer_says(OUTAGE, author="toolate")
        await weekend.walk(60, minutes=20)
        answered = weekend.customer_says(BUSINESS, author="bar")
        weekend.stage.x.write("TIM_Official", "Ci pensiamo noi, a fra poco", in_reply_to=answered)
        await weekend.walk(60, minutes=5)
        weekend.customer_says(OUTAGE, author="mario")
        await weekend.walk(60, minutes=14)
        assert weekend.sent(MENTIONS) == asked, "nothing is read while the office is open"
        await weekend.walk(60, minutes=3)
        assert [(t["author"], t["urgency"], t["state"]) for t in weekend.tickets()] == [("mario", "critical", "paging")]
        card = giulia.card()
        assert card.rang
        assert card.text.split("\n")[0].startswith("🔴 #1 · 187 · critical · ")
        duty = giulia.starting("🔔 You are on duty (primary) until")
        await giulia.presses(duty, "I am on duty")
        await giulia.presses(card, "Claim")
        await weekend.nothing_else()


async def test_opening_time_hands_the_rest_to_the_office(tmp_path: Path) -> None:
    """Monday 09:00: an alarm that nobody took goes on to the leads; the rest stands on the handover list."""
    async with weekend_stage(tmp_path, at=MONDAY_08_50) as weekend:
        giulia, sara, marco = weekend.phone("giulia"), weekend.phone("sara"), weekend.phone("marco")
        weekend.customer_says(QUESTION, author="lia")
        await weekend.walk(30, minutes=6)
        weekend.customer_says(OUTAGE)
        await weekend.walk(30, minutes=5)
        handover = marco.starting("📋 Good morning, Marco")
        assert handover.rang
        assert at("lia") in handover.text
        assert at("mario") in handover.text
        assert labels(handover) == ["Claim #2", "Claim #1"]
        assert marco.card(2).rang, "the leads are paged until somebody claims"
        assert [m.text for m in sara.since_start() if m.text.startswith("📋")][1:] == [], "one handover is enough"
        asked, rung = weekend.sent(MENTIONS), marco.rings
        await weekend.walk(60, minutes=11)
        assert weekend.sent(MENTIONS) == asked
        assert marco.rings == rung + 1, "critical: every ten minutes"
        before = giulia.rings
        await marco.presses(marco.card(2), "Claim")
        await weekend.walk(60, minutes=20)
        assert giulia.rings == before
        await weekend.nothing_else()


async def test_a_holiday_is_no_office_day(tmp_path: Path) -> None:
    """8 December is a Tuesday: at eleven in the morning the phone of the duty rings, not nobody's."""
    async with weekend_stage(tmp_path, at=datetime(2026, 12, 8, 10, 0, tzinfo=UTC)) as weekend:
        weekend.customer_says(OUTAGE)
        await weekend.advance(minutes=1)
        alessio = weekend.phone("alessio")
        assert alessio.card().rang
        await alessio.presses(alessio.card(), "Claim")
        await weekend.nothing_else()


async def test_watching_always_rings_nobody_in_office_hours(tmp_path: Path) -> None:
    """With WATCH=always the office's own mentions are kept in sight, but the office answers them."""
    async with weekend_stage(tmp_path, at=datetime(2026, 11, 30, 10, 0, tzinfo=UTC), always=True) as weekend:
        weekend.customer_says(OUTAGE)
        await weekend.walk(60, minutes=20)
        assert weekend.ticket()["state"] == "waiting"
        assert {p: weekend.phone(p).rings for p in ("giulia", "sara", "marco")} == {"giulia": 0, "sara": 0, "marco": 0}
        await weekend.nothing_else()


async def test_a_duty_that_is_not_confirmed_is_told_to_the_leads(tmp_path: Path) -> None:
    """A phone in a drawer is found out at the beginning of the duty, not by the first alarm."""
    async with weekend_stage(tmp_path, at=FRIDAY_17_59) as weekend:
        giulia, marco = weekend.phone("giulia"), weekend.phone("marco")
        await weekend.advance(minutes=1)
        duty = giulia.starting("🔔 You are on duty (primary) until")
        assert duty.rang
        assert labels(duty) == ["I am on duty"]
        await weekend.walk(60, minutes=14)
        assert marco.since_start() == []
        await weekend.walk(60, minutes=1)
        assert marco.starting("⚠️ Giulia is on duty (primary) and has not confirmed it yet.").rang
        await weekend.walk(60, minutes=30)
        # Sara's backup duty was not confirmed either; each is told once.
        assert len(marco.since_start()) == 2
        await giulia.presses(duty, "I am on duty")
        assert "✅ Confirmed." in giulia.starting("🔔").text
        assert labels(giulia.starting("🔔")) == []
        await weekend.nothing_else()


async def test_at_the_end_of_a_duty_the_owner_keeps_or_passes(tmp_path: Path) -> None:
    """No ticket changes hands silently: the one who goes home is asked, and the one who comes gets the list."""
    async with weekend_stage(tmp_path, rota=HANDOFF_SUNDAY, at=datetime(2026, 11, 29, 7, 50, tzinfo=UTC)) as weekend:
        giulia, alessio, sara = weekend.phone("giulia"), weekend.phone("alessio"), weekend.phone("sara")
        for author in ("kept", "passed", "forgotten"):
            weekend.customer_says(BUSINESS, author=author)
        await weekend.advance(seconds=30)
        for number in (1, 2, 3):
            await giulia.presses(giulia.card(number), "Claim")
        await weekend.walk(30, minutes=5)
        weekend.customer_says(f"{OUTAGE} ora", author="paging")
        await weekend.walk(30, minutes=5)
        assert alessio.starting("🔔 You are on duty (primary)").rang
        handover = alessio.starting("📋 Handover")
        assert all(f"#{n}" in handover.text for n in (1, 2, 3, 4))
        assert not [m for m in sara.since_start() if m.text.startswith("📋")], "Sara's duty does not begin"
        assert alessio.card(4).rang, "what still pages is paged to the new duty"
        asked = [m for m in giulia.since_start() if m.text.startswith("Your duty is over")]
        assert [labels(m) for m in asked] == [["Keep", "Pass to Alessio"]] * 3
        await giulia.presses(asked[0], "Keep")
        await giulia.presses(asked[1], "Pass to Alessio")
        assert (weekend.ticket(1)["owner"], weekend.ticket(2)["state"]) == ("giulia", "paging")
        assert alessio.card(2).rang
        await alessio.presses(alessio.card(2), "Claim")
        await alessio.presses(alessio.card(4), "Claim")
        await weekend.walk(60, minutes=16)
        assert (weekend.ticket(3)["state"], weekend.ticket(3)["owner"]) == ("paging", None)
        assert alessio.card(3).rang
        assert giulia.starting("Your duty is over, so #3 has gone on")
        await alessio.presses(alessio.card(3), "Claim")
        await weekend.nothing_else()


async def test_who_is_just_answering_keeps_the_ticket_at_the_end_of_the_duty(tmp_path: Path) -> None:
    """A draft typed after the question is an answer to it: nobody takes the ticket from under the words."""
    async with weekend_stage(tmp_path, rota=HANDOFF_SUNDAY, at=datetime(2026, 11, 29, 7, 58, tzinfo=UTC)) as weekend:
        giulia = weekend.phone("giulia")
        weekend.customer_says(BUSINESS, author="bar")
        await weekend.advance(seconds=30)
        await giulia.presses(giulia.card(1), "Claim")
        await weekend.walk(30, minutes=3)
        assert labels(giulia.starting("Your duty is over")) == ["Keep", "Pass to Alessio"]
        await giulia.types("Arriviamo tra un'ora.", reply_to=giulia.card(1))
        assert labels(giulia.starting("Your duty is over")) == []
        await weekend.walk(60, minutes=16)
        assert weekend.ticket(1)["owner"] == "giulia"
        await weekend.nothing_else()


async def test_quiet_hours_let_an_urgent_ticket_sleep_until_morning(tmp_path: Path) -> None:
    """Where the team agreed on quiet hours an urgent card arrives without a sound and rings once at seven."""
    async with weekend_stage(tmp_path, rota=QUIET, at=datetime(2026, 11, 29, 22, 0, tzinfo=UTC)) as weekend:
        giulia, sara = weekend.phone("giulia"), weekend.phone("sara")
        weekend.customer_says(BUSINESS, author="bar")
        await weekend.advance(minutes=1)
        assert not giulia.card(1).rang
        assert "07:00: Giulia" in giulia.card(1).text
        await weekend.walk(600, hours=7, minutes=50)
        assert (giulia.rings, sara.rings) == (0, 0)
        await weekend.walk(60, minutes=10)
        assert giulia.rings == 1
        assert giulia.card(1).rang
        await giulia.presses(giulia.card(1), "Claim")
        await weekend.nothing_else()


async def test_several_that_slept_through_the_quiet_ring_once(tmp_path: Path) -> None:
    """At seven one list, not a string of rings."""
    async with weekend_stage(tmp_path, rota=QUIET, at=datetime(2026, 11, 30, 5, 0, tzinfo=UTC)) as weekend:
        giulia = weekend.phone("giulia")
        for n in range(3):
            weekend.customer_says(BUSINESS, author=f"bar{n}")
        await weekend.walk(60, minutes=61)
        assert giulia.rings == 1
        summary = giulia.starting("🟠 3 urgent tickets wait")
        assert labels(summary) == ["Claim #1", "Claim #2", "Claim #3"]
        for n in (1, 2, 3):
            await giulia.presses(summary, f"Claim #{n}")
        await weekend.nothing_else()


async def test_critical_rings_in_the_quiet(tmp_path: Path) -> None:
    """An emergency call that fails does not wait for the morning."""
    async with weekend_stage(tmp_path, rota=QUIET, at=datetime(2026, 11, 30, 1, 0, tzinfo=UTC)) as weekend:
        weekend.customer_says(OUTAGE)
        await weekend.advance(minutes=6)
        assert weekend.phone("giulia").card().rang
        assert weekend.phone("sara").card().rang
        await weekend.phone("sara").presses(weekend.phone("sara").card(), "Claim")
        await weekend.nothing_else()


async def test_the_silent_list_is_one_message_worst_first(weekend: Weekend) -> None:
    """What rings nobody is still seen: one message, kept up to date, with a way to make any of it ring."""
    giulia = weekend.phone("giulia")
    weekend.customer_says(QUESTION, author="lia")
    await weekend.advance(minutes=1)
    weekend.customer_says("@TIM_Official come faccio a cambiare il piano tariffario?", author="ugo")
    weekend.customer_says("@TIM_Official buongiorno a tutti!", author="hello")
    await weekend.advance(minutes=1)
    (the_list,) = giulia.since_start()
    assert not the_list.rang
    assert the_list.text.startswith("⚪ Waiting")
    assert the_list.text.index(at("lia")) < the_list.text.index(at("ugo"))
    assert "1 more mention was noise." in the_list.text
    assert labels(the_list) == ["Urgent: #1", "Urgent: #2"]

    await giulia.presses(the_list, "Urgent: #2")
    assert giulia.card(2).rang
    (the_list,) = [m for m in giulia.since_start() if m.text.startswith("⚪ Waiting")]
    await weekend.advance(minutes=1)
    (the_list,) = [m for m in giulia.since_start() if m.text.startswith("⚪ Waiting")]
    assert at("ugo") not in the_list.text
    await giulia.presses(giulia.card(2), "Claim")
    await weekend.advance(minutes=1)
    await weekend.nothing_else()


async def test_a_snoozed_ticket_wakes_its_owner_at_its_time(weekend: Weekend) -> None:
    """Sleep is a promise: it wakes with a ring to its owner, and to nobody else."""
    giulia, sara = weekend.phone("giulia"), weekend.phone("sara")
    weekend.customer_says(BUSINESS)
    await weekend.advance(seconds=30)
    await giulia.presses(giulia.card(), "Claim")
    await giulia.types("/snooze 1 40m")
    assert "sleeps until" in giulia.last.text
    rung = giulia.rings
    weekend.customer_says("@TIM_Official allora? sto aspettando da un pezzo", author="mario")
    await weekend.walk(60, minutes=39)
    assert (giulia.rings, weekend.ticket()["state"]) == (rung, "snoozed")
    await weekend.walk(60, minutes=1)
    assert (giulia.rings, sara.rings) == (rung + 1, 0)
    assert weekend.ticket()["state"] == "claimed"
    await weekend.nothing_else()


async def test_a_snoozed_ticket_wakes_early_only_when_it_gets_worse(weekend: Weekend) -> None:
    """The customer's lost emergency call is worth waking somebody for; another question is not."""
    giulia = weekend.phone("giulia")
    weekend.customer_says(BUSINESS)
    await weekend.advance(seconds=30)
    await giulia.presses(giulia.card(), "Claim")
    await giulia.types("/snooze 1 2h")
    rung = giulia.rings
    weekend.customer_says(OUTAGE)
    await weekend.advance(minutes=1)
    assert weekend.ticket()["state"] == "claimed"
    assert weekend.ticket()["urgency"] == "critical"
    assert giulia.rings == rung + 1
    await weekend.nothing_else()
