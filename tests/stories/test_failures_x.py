"""X refuses, as the night sees it: what DESIGN.md's failure table says must be done, from the phone's side."""

from datetime import timedelta

from weekend import BUSINESS, OUTAGE, Weekend, claimed, labels, sent

MENTIONS = "GET /2/users/*/mentions"
POST = "POST /2/tweets"
DELETE = "DELETE /2/tweets/*"


async def test_a_limit_on_posting_never_stops_reading(weekend: Weekend) -> None:
    """X lets us post nothing for ten minutes: the next customer's alarm rings all the same."""
    await claimed(weekend)
    giulia = weekend.phone("giulia")
    weekend.fault(match=POST, times=None, status=429, headers={"x-rate-limit-reset": "now+600"})
    await sent(weekend)
    weekend.customer_says(BUSINESS, author="bar")
    await weekend.advance(seconds=30)
    assert giulia.card(2).rang
    await giulia.types("Arriviamo.", reply_to=giulia.card(2))
    await giulia.presses(giulia.preview(), "Send")
    await weekend.advance(seconds=30)
    assert weekend.sent(POST) == 1, "the second reply does not even ask"
    assert "slow down" in giulia.preview().text
    weekend.stage.clear_faults()
    await weekend.walk(120, minutes=10)
    assert len(weekend.posts()) == 2
    await weekend.nothing_else()


async def test_used_up_credits_while_reading_reach_the_leads_at_once(weekend: Weekend) -> None:
    """Nobody sees a mention from now on: the lead hears it now, not in five minutes, and once for both accounts."""
    marco = weekend.phone("marco")
    weekend.fault(match=MENTIONS, times=None, status=402, body={"title": "CreditsDepleted", "status": 402})
    await weekend.advance(seconds=30)
    (told,) = marco.since_start()
    assert "credits are used up" in told.text
    assert told.rang
    await weekend.walk(600, minutes=50)
    assert sum("credits are used up: I can" in m.text for m in marco.since_start()) == 1
    await weekend.walk(600, minutes=20)
    assert sum("credits are used up: I can" in m.text for m in marco.since_start()) == 2
    weekend.stage.clear_faults()


async def test_a_refused_key_while_reading_is_told_after_three_times(weekend: Weekend) -> None:
    """One 401 is a hiccup; three are a revoked key, and the lead is told which account's."""
    marco = weekend.phone("marco")
    weekend.fault(match=MENTIONS, times=4, status=401, body={"title": "Unauthorized", "status": 401})
    await weekend.walk(20, seconds=20)
    await weekend.walk(20, seconds=20)
    assert marco.since_start() == [], "two accounts, twice each"
    weekend.stage.clear_faults()
    weekend.fault(match=MENTIONS, times=None, status=401, body={"title": "Unauthorized", "status": 401})
    await weekend.walk(40, seconds=80)
    assert {m.text.split("key for ")[1].split(".")[0].strip("@\u2060") for m in marco.since_start()} == {
        "TIM_Official",
        "TIM119Giulia",
    }
    weekend.stage.clear_faults()


async def test_a_refused_delete_ends_with_the_link_in_hand(weekend: Weekend) -> None:
    """A wrong answer stands in public and X does not take it down: after ten minutes the writer does it by hand."""
    await claimed(weekend)
    giulia = weekend.phone("giulia")
    preview = await sent(weekend)
    weekend.fault(match=DELETE, times=None, status=503)
    await giulia.presses(preview, "Delete")
    await weekend.walk(30, minutes=3)
    assert not giulia.saw("could not delete")
    await weekend.walk(60, minutes=8)
    assert weekend.sent(DELETE) <= 12
    told = giulia.starting("⚠️ #1: I could not delete the reply.")
    assert told.rang
    assert labels(told) == ["Open on X"]
    assert told.buttons[0][0]["url"] == f"https://x.com/TIM_Official/status/{weekend.posts()[0].id}"
    asked = weekend.sent(DELETE)
    await weekend.walk(120, minutes=6)
    assert weekend.sent(DELETE) == asked
    await weekend.nothing_else()


async def test_closing_in_doubt_says_so_and_posts_nothing_more(weekend: Weekend) -> None:
    """She wrote it by hand and closed: the doubt is settled by a question, never by a second answer."""
    weekend.stage.x.duplicate_filter = False
    await claimed(weekend)
    giulia = weekend.phone("giulia")
    weekend.fault(match=POST, drop="before")
    await sent(weekend)
    await giulia.types("/close 1")
    assert "Is the reply on X? I am still finding out" in giulia.last.text
    await weekend.walk(45, minutes=4)
    asked = giulia.preview()
    assert asked.rang
    assert labels(asked) == ["Open on X", "It is there", "Send again"]
    assert weekend.sent(POST) == 1
    assert "/reopen" in await giulia.presses(asked, "Send again")
    await giulia.presses(asked, "It is there")
    assert weekend.ticket()["replies"][0]["state"] == "posted"
    assert weekend.posts() == []
    await weekend.nothing_else()


async def test_closing_with_the_question_open_leaves_it_open(weekend: Weekend) -> None:
    await claimed(weekend, OUTAGE)
    giulia = weekend.phone("giulia")
    weekend.fault(match=POST, times=2, drop="before")
    await sent(weekend)
    await weekend.walk(45, minutes=5)
    await giulia.types("/close 1")
    assert "That question is still open" in giulia.last.text
    assert "It is there" in labels(giulia.preview())
    weekend.clock.advance(timedelta(hours=1))
    await giulia.presses(giulia.preview(), "It is there")
    assert weekend.ticket()["replies"][0]["state"] == "posted"
