"""The doubtful send: X's answer is lost, and nobody knows whether the reply stands there. Never twice, never silent.

All with the stand-in's duplicate filter off: X's filter would hide a blind retry (RELIABILITY.md).
"""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from weekend import OUTAGE, Weekend, claimed, held, labels, sent, weekend_stage

WORDS = "I tecnici sono sul posto."
POST = "POST /2/tweets"
LOOKS = "GET /2/users/*/tweets"


@pytest.fixture
async def weekend(tmp_path: Path) -> AsyncIterator[Weekend]:
    """Saturday night on an X that takes the same words twice."""
    async with weekend_stage(tmp_path) as stage:
        stage.stage.x.duplicate_filter = False
        yield stage


def reply(weekend: Weekend) -> dict[str, Any]:
    """The first reply of #1 as tools see it."""
    found: dict[str, Any] = weekend.ticket()["replies"][0]
    return found


@pytest.mark.parametrize(
    "rule",
    [
        {"drop": "after"},
        {"status": 503, "after_work": True, "body": "<html>Over capacity</html>"},
        {"status": 500, "after_work": True, "body": {"title": "Internal Server Error"}},
        {"status": 201, "after_work": True, "body": "<html>fine</html>"},
    ],
    ids=["dropped", "503", "500", "201 without JSON"],
)
async def test_it_stood_there_after_all(weekend: Weekend, rule: dict[str, Any]) -> None:
    """The answer was lost after the work: one look finds the reply, and it is not sent again."""
    await claimed(weekend)
    giulia = weekend.phone("giulia")
    weekend.fault(match=POST, **rule)
    preview = await sent(weekend)
    assert preview.text.startswith("❓")
    assert labels(preview) == []
    rings = giulia.rings
    await weekend.advance(minutes=1)
    assert len(weekend.posts()) == 1
    assert reply(weekend) == {"id": 1, "state": "posted", "text": f"{WORDS} ^GR", "x_id": weekend.posts()[0].id}
    assert preview.text.startswith("✅")
    assert "answered by Giulia" in giulia.card().text.split("\n")[0]
    assert giulia.rings == rings, "it went well: nobody is woken for that"
    await weekend.advance(minutes=5)
    assert weekend.sent(POST) == 1
    await weekend.nothing_else()


@pytest.mark.parametrize(
    "rule", [{"drop": "before"}, {"status": 503, "body": "<html>Over capacity</html>"}], ids=["dropped", "503"]
)
async def test_it_was_not_there_and_is_posted_once_more(weekend: Weekend, rule: dict[str, Any]) -> None:
    """Two looks, 45 and 120 seconds apart, do not find it: it is posted once more, and stands there once."""
    await claimed(weekend)
    weekend.fault(match=POST, **rule)
    await sent(weekend)
    looks = weekend.sent(LOOKS)
    await weekend.advance(seconds=30)
    assert weekend.sent(LOOKS) == looks
    await weekend.advance(seconds=30)
    assert weekend.sent(LOOKS) == looks + 1
    await weekend.advance(seconds=90)
    assert (weekend.sent(LOOKS), weekend.sent(POST)) == (looks + 1, 1)
    await weekend.advance(seconds=60)
    assert (weekend.sent(LOOKS), weekend.sent(POST)) == (looks + 2, 2)
    assert len(weekend.posts()) == 1
    assert reply(weekend)["state"] == "posted"
    await weekend.advance(minutes=5)
    assert len(weekend.posts()) == 1
    await weekend.nothing_else()


async def test_a_late_index_does_not_post_twice(weekend: Weekend) -> None:
    """X's timelines lag: a reply that shows a minute later is found by the second look."""
    await claimed(weekend)
    weekend.stage.x.index_delay_s = 100
    weekend.fault(match=POST, drop="after")
    await sent(weekend)
    await weekend.advance(minutes=5)
    assert weekend.sent(POST) == 1
    assert len(weekend.posts()) == 1
    assert reply(weekend)["state"] == "posted"
    await weekend.nothing_else()


async def test_in_doubt_twice_the_writer_is_asked(weekend: Weekend) -> None:
    """Twice without an answer: a person looks, with the link in hand, and the phone rings for it."""
    post = await claimed(weekend)
    giulia = weekend.phone("giulia")
    weekend.fault(match=POST, times=2, drop="before")
    await sent(weekend)
    await weekend.advance(minutes=5)
    asked = giulia.preview()
    assert asked.rang
    assert asked.text.startswith("❓ #1")
    assert WORDS in asked.text
    assert labels(asked) == ["Open on X", "It is there", "Send again"]
    assert asked.buttons[0][0]["url"].endswith(f"/mario/status/{post}")
    await weekend.advance(minutes=5)
    assert weekend.posts() == []
    await giulia.presses(asked, "Send again")
    await weekend.advance(seconds=30)
    assert len(weekend.posts()) == 1
    assert reply(weekend)["state"] == "posted"
    assert labels(asked) == ["Open on X", "Delete"]
    await weekend.nothing_else()


async def test_the_writer_says_it_is_there(weekend: Weekend) -> None:
    """The person saw it on X: that settles it, and nothing is sent."""
    await claimed(weekend)
    giulia = weekend.phone("giulia")
    weekend.stage.x.index_delay_s = 3600
    weekend.fault(match=POST, times=2, drop="before")
    await sent(weekend)
    await weekend.advance(minutes=5)
    asked = giulia.preview()
    await giulia.presses(asked, "It is there")
    assert reply(weekend)["state"] == "posted"
    assert weekend.ticket()["state"] == "answered"
    posts = weekend.sent(POST)
    assert await giulia.sends_data(asked, "no:1")
    await weekend.advance(minutes=5)
    assert weekend.sent(POST) == posts == 2
    await weekend.nothing_else()


async def test_send_again_looks_before_it_posts(weekend: Weekend) -> None:
    """The person pressed Send again without looking, and it stands there by now: it is found, not repeated."""
    await claimed(weekend)
    giulia = weekend.phone("giulia")
    weekend.fault(match=LOOKS, times=None, status=503)
    weekend.fault(match=POST, drop="after")
    await sent(weekend)
    await weekend.walk(30, minutes=17)
    weekend.stage.clear_faults()
    await giulia.presses(giulia.preview(), "Send again")
    await weekend.advance(seconds=30)
    assert weekend.sent(POST) == 1
    assert len(weekend.posts()) == 1
    assert reply(weekend)["state"] == "posted"
    await weekend.nothing_else()


async def test_another_answer_of_ours_is_put_to_the_writer(weekend: Weekend) -> None:
    """Somebody answered by hand meanwhile: whether both should stand there is for a person to say."""
    post = await claimed(weekend)
    giulia = weekend.phone("giulia")
    weekend.fault(match=POST, drop="before")
    await sent(weekend)
    weekend.stage.x.write("TIM_Official", "Ci scusiamo, stiamo lavorando.", in_reply_to=post)
    await weekend.advance(minutes=1)
    asked = giulia.preview()
    assert asked.rang
    assert "Another answer" in asked.text
    assert labels(asked) == ["Open on X", "It is there", "Send again"]
    await weekend.advance(minutes=5)
    assert weekend.sent(POST) == 1
    await giulia.presses(asked, "Send again")
    await weekend.advance(seconds=30)
    assert len(weekend.posts()) == 2
    await weekend.nothing_else()


async def test_when_x_cannot_be_read_the_writer_is_asked_after_a_quarter_of_an_hour(weekend: Weekend) -> None:
    """No look, no second send: after 15 minutes a person with a browser knows more than we do."""
    await claimed(weekend)
    giulia = weekend.phone("giulia")
    weekend.fault(match=LOOKS, times=None, status=503)
    weekend.fault(match=POST, drop="before")
    await sent(weekend)
    await weekend.walk(30, minutes=14)
    assert reply(weekend)["state"] == "in_doubt"
    assert not giulia.preview().rang
    await weekend.walk(30, minutes=2)
    assert giulia.preview().rang
    assert "It is there" in labels(giulia.preview())
    weekend.stage.clear_faults()
    await weekend.advance(minutes=5)
    assert weekend.sent(POST) == 1
    await giulia.presses(giulia.preview(), "Send again")
    await weekend.advance(seconds=30)
    assert len(weekend.posts()) == 1
    await weekend.nothing_else()


async def test_a_429_between_doubt_and_repeat_reads_again_first(weekend: Weekend) -> None:
    """Once in doubt, always look before any POST: also when X only asked us to wait."""
    await claimed(weekend)
    weekend.fault(match=POST, drop="before")
    weekend.fault(match=POST, status=429, headers={"x-rate-limit-reset": "now+60"}, body={"title": "Too Many"})
    await sent(weekend)
    await weekend.advance(minutes=3)
    assert weekend.sent(POST) == 2
    looks = weekend.sent(LOOKS)
    await weekend.advance(minutes=2)
    assert weekend.sent(POST) == 3
    assert weekend.sent(LOOKS) == looks + 1
    assert len(weekend.posts()) == 1
    await weekend.nothing_else()


async def test_a_duplicate_refusal_in_doubt_is_evidence(weekend: Weekend) -> None:
    """With X's filter on: "duplicate" after a lost answer means that our reply stands there."""
    weekend.stage.x.duplicate_filter = True
    await claimed(weekend)
    weekend.stage.x.index_delay_s = 200
    weekend.fault(match=POST, drop="after")
    await sent(weekend)
    await weekend.advance(minutes=6)
    assert len(weekend.posts()) == 1
    assert reply(weekend)["state"] == "posted"
    await weekend.nothing_else()


async def test_nothing_is_cancelled_or_closed_away_while_in_doubt(weekend: Weekend) -> None:
    """Cancel cannot call back what may stand in public, and the story goes on to its end."""
    await claimed(weekend)
    giulia = weekend.phone("giulia")
    weekend.fault(match=POST, drop="after")
    preview = await sent(weekend)
    assert "late" in (await giulia.sends_data(preview, "cancel:1")).lower()
    assert reply(weekend)["state"] == "in_doubt"
    await giulia.types("/close 1")
    await weekend.advance(minutes=2)
    assert reply(weekend)["state"] == "posted"
    assert weekend.sent(POST) == 1
    await weekend.nothing_else()


async def test_it_is_there_can_be_said_of_a_closed_ticket(weekend: Weekend) -> None:
    """Closed meanwhile or not: the question on the phone can always be settled."""
    await claimed(weekend)
    giulia = weekend.phone("giulia")
    weekend.fault(match=POST, times=2, drop="before")
    await sent(weekend)
    await weekend.advance(minutes=5)
    await giulia.types("/close 1")
    await giulia.presses(giulia.preview(), "It is there")
    assert reply(weekend)["state"] == "posted"
    assert weekend.ticket()["state"] == "closed"
    await weekend.nothing_else()


@pytest.mark.parametrize("worked", [True, False], ids=["after the work", "before the work"])
async def test_a_death_while_sending_never_posts_twice(weekend: Weekend, worked: bool) -> None:
    """The process is killed between the request and its answer: the next one looks before it does anything."""
    await claimed(weekend)
    await held(weekend, WORDS)
    weekend.fault(match=POST, delay_s=60, after_work=worked)
    weekend.clock.advance(weekend.house.options.waits.hold)
    dying = asyncio.create_task(weekend.house.delivery.to_x())
    while not weekend.sent(POST) or len(weekend.posts()) < int(worked):  # noqa: ASYNC110 - two stand-ins, no one event
        await asyncio.sleep(0.01)
    dying.cancel()
    await asyncio.gather(dying, return_exceptions=True)
    assert reply(weekend)["state"] == "sending"

    await weekend.restart()
    assert reply(weekend)["state"] == "in_doubt"
    assert weekend.phone("giulia").preview().text.startswith("❓")
    await weekend.advance(minutes=4)
    assert len(weekend.posts()) == 1
    assert reply(weekend)["state"] == "posted"
    assert weekend.sent(POST) == (1 if worked else 2)
    await weekend.nothing_else()


async def test_a_death_in_the_hold_sends_it_once(weekend: Weekend) -> None:
    """Send was pressed, the process died and came back in time: the reply leaves, once."""
    await claimed(weekend)
    await held(weekend, WORDS)
    await weekend.restart()
    await weekend.restart()
    await weekend.advance(minutes=1)
    assert len(weekend.posts()) == 1
    await weekend.nothing_else()


async def test_a_lost_answer_to_delete_is_asked_again(weekend: Weekend) -> None:
    """Deleting twice does no harm: it goes on until X confirms, and the phone says the truth."""
    await claimed(weekend, OUTAGE)
    giulia = weekend.phone("giulia")
    preview = await sent(weekend)
    weekend.fault(match="DELETE /2/tweets/*", drop="after")
    await giulia.presses(preview, "Delete")
    await weekend.advance(minutes=1)
    assert weekend.posts()[0].deleted
    assert reply(weekend)["state"] == "deleted"
    assert weekend.ticket()["state"] == "claimed"
    await weekend.nothing_else()


async def test_whoever_has_the_ticket_is_not_stuck_behind_a_question_to_somebody_else(weekend: Weekend) -> None:
    """Giulia is asked and sleeps: Marco, who took over, answers in his words; hers do not leave any more."""
    await claimed(weekend)
    giulia, marco = weekend.phone("giulia"), weekend.phone("marco")
    weekend.fault(match=POST, times=2, drop="before")
    await sent(weekend)
    await weekend.advance(minutes=5)
    asked = giulia.preview()
    assert "Send again" in labels(asked)
    await marco.types("/takeover 1")
    assert "Marco has #1" in await giulia.presses(asked, "Send again")
    await weekend.advance(minutes=3)
    assert weekend.posts() == []
    await marco.types("Siamo sul posto.", reply_to=marco.card())
    await marco.presses(marco.last, "The new ones")
    assert [r["state"] for r in weekend.ticket()["replies"]] == ["dropped", "dropped", "draft"]
    assert await giulia.sends_data(asked, "no:1")
    await marco.presses(marco.preview(), "Send")
    await weekend.advance(minutes=1)
    assert [p.text.split(" ", 1)[1] for p in weekend.posts()] == ["sul posto. ^MV"]
    await weekend.nothing_else()


async def test_nothing_is_sent_again_on_a_closed_ticket(weekend: Weekend) -> None:
    """The old button still hangs on the phone; the ticket is done with."""
    await claimed(weekend)
    giulia = weekend.phone("giulia")
    weekend.fault(match=POST, times=2, drop="before")
    await sent(weekend)
    await weekend.advance(minutes=5)
    asked = giulia.preview()
    await giulia.types("/close 1")
    assert await giulia.presses(asked, "Send again")
    await weekend.advance(minutes=3)
    assert weekend.posts() == []
    assert reply(weekend)["state"] == "in_doubt"


async def test_a_rehearsal_finds_out_but_posts_nothing(weekend: Weekend) -> None:
    """DRY_RUN was switched on while a reply was in doubt: it is looked for, and not posted once more."""
    await claimed(weekend)
    weekend.fault(match=POST, drop="before")
    await sent(weekend)
    weekend.house.options = replace(weekend.house.options, dry_run=True)
    await weekend.restart()
    await weekend.advance(minutes=5)
    assert weekend.sent(POST) == 1
    assert "Send again" in labels(weekend.phone("giulia").preview())
    assert await weekend.phone("giulia").presses(weekend.phone("giulia").preview(), "Send again")
    await weekend.advance(minutes=3)
    assert weekend.sent(POST) == 1
