"""X is down, Telegram is down, the machine was off: somebody is told, and afterwards nothing is missing."""

from datetime import timedelta
from pathlib import Path

from weekend import BUSINESS, OUTAGE, SATURDAY_NIGHT, TEAM, Weekend, at, weekend_stage

MENTIONS = "GET /2/users/*/mentions"
SENDING = "POST /bot/sendMessage"


def urgent(n: int) -> str:
    return f"{BUSINESS} (sala {n})"


async def test_an_hour_of_server_errors_is_told_and_made_up_for(weekend: Weekend) -> None:
    """While X answers 503 nobody sees a mention: people must know, and then get the alarm with its age."""
    giulia, marco, sara = weekend.phone("giulia"), weekend.phone("marco"), weekend.phone("sara")
    weekend.fault(match=MENTIONS, times=None, status=503)
    weekend.customer_says(OUTAGE)
    await weekend.advance(minutes=6)

    both = f"{at('TIM_Official')} and {at('TIM119Giulia')}"
    warning = giulia.starting(f"⚠️ I have not been able to read X for {both} since Sat")
    assert warning.rang
    assert marco.starting("⚠️ I have not been able to read X").rang
    told = giulia.rings
    assert told == 1, "accounts that are silent together ring once"
    await weekend.walk(60, minutes=50)
    assert giulia.rings == told, "once an hour is enough"
    await weekend.walk(60, minutes=12)
    assert giulia.rings == 2 * told

    weekend.stage.clear_faults()
    await weekend.walk(60, minutes=2)
    assert giulia.card().text.split("\n")[0].startswith("🔴 #1 · 187 · critical · 1 h")
    assert giulia.card().rang
    assert not giulia.starting(f"✅ I can read X for {both} again").rang
    assert not marco.starting(f"✅ I can read X for {both} again").rang
    assert sara.starting(f"✅ I can read X for {both} again")
    await giulia.presses(giulia.card(), "Claim")
    await weekend.nothing_else()


async def test_an_account_that_stays_silent_does_not_keep_back_the_news_of_the_other(weekend: Weekend) -> None:
    """One key was revoked while X was down: the lead must not think that nothing is read at all."""
    giulia = weekend.phone("giulia")
    weekend.fault(match=MENTIONS, times=None, status=503)
    await weekend.walk(60, minutes=7)
    weekend.stage.clear_faults()
    weekend.stage.x.revoke("TIM119Giulia")
    await weekend.walk(60, minutes=5)
    assert not giulia.saw("I can read X"), "the other one may come back any moment"
    await weekend.walk(60, minutes=5)
    assert giulia.saw(f"✅ I can read X for {at('TIM_Official')} again")
    weekend.stage.x.revoke("TIM119Giulia", False)
    await weekend.walk(60, minutes=8)
    assert giulia.last.text == f"✅ I can read X for {at('TIM119Giulia')} again."


async def test_dropped_connections_are_read_again_without_anybody_noticing(weekend: Weekend) -> None:
    """A hiccup of a minute is no news: no warning, and the alarm rings as soon as X answers."""
    weekend.fault(match=MENTIONS, times=4, drop="before")
    weekend.customer_says(OUTAGE)
    await weekend.advance(minutes=3)
    giulia = weekend.phone("giulia")
    assert [m.text.split("\n")[0] for m in giulia.since_start()] == ["🔴 #1 · 187 · critical · 1 min"]
    await weekend.nothing_else()


async def test_a_rate_limit_is_kept_to_the_second(weekend: Weekend) -> None:
    """Asking before the reset would only prolong the limit; asking long after it would cost minutes of an alarm."""
    weekend.fault(match=MENTIONS, times=2, status=429, headers={"x-rate-limit-reset": "now+120"}, body={"title": "x"})
    await weekend.pass_by()
    asked = weekend.sent(MENTIONS)
    weekend.customer_says(OUTAGE)
    await weekend.advance(seconds=90)
    assert weekend.sent(MENTIONS) == asked
    await weekend.advance(seconds=30)
    assert weekend.phone("giulia").card().rang
    await weekend.nothing_else()


async def test_six_missed_alarms_ring_once_and_the_critical_one_by_itself(weekend: Weekend) -> None:
    """After an outage a phone that rings seven times in a second helps nobody; a list does."""
    weekend.fault(match=MENTIONS, times=None, status=503)
    for n in range(6):
        weekend.customer_says(urgent(n), author=f"bar{n}")
    weekend.customer_says(OUTAGE, author="mario")
    await weekend.walk(60, minutes=3)
    weekend.stage.clear_faults()
    await weekend.walk(60, minutes=2)
    giulia = weekend.phone("giulia")
    critical = [t["id"] for t in weekend.tickets() if t["urgency"] == "critical"]
    summary = giulia.starting("🟠 6 urgent tickets wait")
    assert giulia.card(critical[0]).rang
    assert summary.rang
    assert giulia.rings == 2
    assert all(at(f"bar{n}") in summary.text for n in range(6))
    for number in (t["id"] for t in weekend.tickets()):
        await giulia.sends_data(summary, f"claim:{number}")
    await weekend.advance(seconds=5)
    assert "0 urgent tickets wait" in giulia.starting("🟠").text.split("\n")[0]
    await weekend.nothing_else()


async def test_a_late_indexed_mention_is_not_lost(weekend: Weekend) -> None:
    """X shows some posts minutes after newer ones: reading only what is newer than the newest would lose them."""
    weekend.stage.x.index_delay_s = 100
    weekend.customer_says(OUTAGE, author="late")
    await weekend.advance(seconds=30)
    weekend.customer_says(BUSINESS, author="bar")
    await weekend.advance(seconds=110)
    weekend.stage.x.index_delay_s = 240
    weekend.customer_says(f"{OUTAGE}!", author="anna")
    await weekend.walk(30, minutes=9)
    assert {t["author"] for t in weekend.tickets()} == {"late", "bar", "anna"}
    for t in weekend.tickets():
        await weekend.phone("giulia").presses(weekend.phone("giulia").card(t["id"]), "Claim")
    await weekend.nothing_else()


async def test_two_hours_without_the_process_are_made_up_for(weekend: Weekend) -> None:
    """Whatever came while nobody ran the service still rings, with its age."""
    await weekend.advance(seconds=30)
    weekend.clock.advance(timedelta(minutes=10))
    weekend.customer_says(OUTAGE)
    weekend.clock.advance(timedelta(minutes=110))
    await weekend.restart()
    await weekend.pass_by()
    card = weekend.phone("giulia").card()
    assert card.text.split("\n")[0] == "🔴 #1 · 187 · critical · 1 h 50"
    assert card.rang
    await weekend.nothing_else()


async def test_a_first_start_sums_up_what_is_old(tmp_path: Path) -> None:
    """On its first day the bot must not ring for yesterday's trouble, nor hide it."""
    async with weekend_stage(tmp_path, before_start=lambda stage, clock: _old_posts(stage)) as weekend:
        giulia = weekend.phone("giulia")
        texts = [m.text for m in giulia.messages]
        (line,) = [t for t in texts if t.startswith("First start")]
        assert "2 mentions older than two hours" in line
        assert [m.text for m in giulia.messages if m.rang and "critical" in m.text] == []
        assert {t["state"] for t in weekend.tickets()} == {"waiting"}
        await weekend.nothing_else()


def _old_posts(stage: object) -> None:
    world = stage.x  # type: ignore[attr-defined]
    real = world.now
    world.now = lambda: SATURDAY_NIGHT - timedelta(hours=3)
    world.write("mario", OUTAGE)
    world.write("bar", BUSINESS)
    world.now = real


async def test_ten_minutes_without_telegram_lose_nothing(weekend: Weekend) -> None:
    """Every page of the outage arrives afterwards, the oldest first, and nobody has to ask for it."""
    giulia = weekend.phone("giulia")
    weekend.fault(match="POST /bot/*", times=None, status=502, body="<html>Bad Gateway</html>")
    for n in range(3):
        weekend.customer_says(urgent(n), author=f"bar{n}")
        await weekend.advance(minutes=3)
    weekend.customer_says(OUTAGE)
    await weekend.advance(minutes=1)
    assert giulia.since_start() == []
    weekend.stage.clear_faults()
    await weekend.advance(minutes=1)
    for number in (1, 2, 3, 4):
        assert giulia.card(number).rang, f"#{number} is on the phone"
    assert giulia.rings == 4, "not once for every step that fell into the outage"
    assert "(repeat)" in giulia.since_start()[0].text
    firsts = [m.text.split(" ·")[0].split("#")[1] for m in giulia.since_start() if "#" in m.text.split("\n")[0]]
    assert list(dict.fromkeys(firsts)) == ["1", "2", "3", "4"], "in the order in which they came"
    for number in (1, 2, 3, 4):
        await giulia.presses(giulia.card(number), "Claim")
    await weekend.pass_by()
    again = weekend.phone("marco").starting("✅ Telegram answers again. From Sat 28 Nov, 22:0")
    assert not again.rang, "it is over: the lead may read it in the morning"
    await weekend.nothing_else()


async def test_refused_connections_to_telegram_lose_nothing(weekend: Weekend) -> None:
    """The same when not even the connection stands, for notices and lists as well as pages."""
    giulia = weekend.phone("giulia")
    weekend.fault(match="POST /bot/*", times=None, drop="before")
    weekend.customer_says("@TIM_Official quando arriva la fibra nella mia via? grazie", author="lia")
    weekend.customer_says(OUTAGE)
    await weekend.advance(minutes=10)
    weekend.stage.clear_faults()
    await weekend.advance(minutes=1)
    assert giulia.card(2).rang
    assert giulia.starting("⚪ Waiting")
    await giulia.presses(giulia.card(2), "Claim")
    await weekend.pass_by()
    await weekend.nothing_else()


async def test_a_lost_answer_makes_one_marked_copy(weekend: Weekend) -> None:
    """A page whose answer was lost may have arrived: it is sent again, says so, and both copies tell the truth."""
    giulia = weekend.phone("giulia")
    weekend.fault(match=SENDING, times=1, drop="after")
    weekend.customer_says(OUTAGE)
    await weekend.advance(minutes=1)
    first, copy = giulia.since_start()
    assert "(repeat)" not in first.text
    assert copy.text.split("\n")[1] == "(repeat)"
    await giulia.presses(first, "Claim")
    assert weekend.ticket()["owner"] == "giulia"
    assert "you have it" in copy.text.split("\n")[0]
    await weekend.nothing_else()


async def test_a_flood_limit_keeps_the_order_of_a_chat(weekend: Weekend) -> None:
    """Told to wait, the chat waits: what is newer must not overtake what is older."""
    giulia = weekend.phone("giulia")
    refusal = {"ok": False, "error_code": 429, "description": "Too Many Requests", "parameters": {"retry_after": 45}}
    weekend.fault(match=SENDING, times=1, status=429, body=refusal)
    weekend.customer_says(urgent(1), author="bar1")
    await weekend.pass_by()
    weekend.customer_says(urgent(2), author="bar2")
    await weekend.advance(seconds=30)
    weekend.customer_says(urgent(3), author="bar3")
    asked = weekend.sent(SENDING)
    await weekend.pass_by()
    assert weekend.sent(SENDING) == asked, "nothing is asked before the time it named"
    await weekend.advance(seconds=30)
    heads = [m.text.split("\n")[0].split(" ·")[0] for m in giulia.since_start()]
    assert heads == ["🟠 #1", "🟠 #2", "🟠 #3"]
    for number in (1, 2, 3):
        await giulia.presses(giulia.card(number), "Claim")
    await weekend.nothing_else()


async def test_one_unreadable_update_blocks_nobody(weekend: Weekend) -> None:
    """Telegram adds kinds of updates every few weeks; none of them may stand between a person and the Claim button."""
    giulia = weekend.phone("giulia")
    weekend.customer_says(OUTAGE)
    await weekend.advance(minutes=1)
    for strange in (
        ("message", {"message_id": "seven", "chat": [], "from": None}),
        ("message", {"message_id": 2**70, "chat": {"id": 1, "type": "private"}, "from": {"id": 1}, "date": -1}),
        ("callback_query", {"id": 7, "from": {"id": TEAM["giulia"]}, "data": None}),
        ("something_new", {"a": ["b"]}),
        ("my_chat_member", {"chat": {"id": TEAM["giulia"]}}),
    ):
        weekend.stage.telegram.updates.add(*strange)
    await giulia.presses(giulia.card(), "Claim")
    assert weekend.ticket()["owner"] == "giulia"
    await weekend.nothing_else()
