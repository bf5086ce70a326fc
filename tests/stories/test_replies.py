"""A reply's way from the phone to X: preview, Send, hold, Cancel, Edit, Delete, and everything X may refuse."""

from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from weekend import BUSINESS, Weekend, claimed, held, labels, rung, sent, weekend_stage

DEAR_LINK = "Guarda qui: https://www.tim.it/assistenza"
FORBIDDEN = {"title": "Forbidden", "type": "about:blank", "status": 403}
TOO_LONG = "Your Tweet text is too long. For more information on how Twitter determines text length see our docs."
NOT_ENGAGED = (
    "Reply to this conversation is not allowed because you have not been mentioned or otherwise engaged "
    "by the author of the post you are replying to."
)


def reply(weekend: Weekend, number: int = 0) -> dict[str, Any]:
    """A reply of #1 as tools see it."""
    found: dict[str, Any] = weekend.ticket()["replies"][number]
    return found


def refused(weekend: Weekend, status: int, detail: str, **rule: Any) -> None:
    """The next POST is answered so."""
    body = {**FORBIDDEN, "status": status, "detail": detail}
    weekend.fault(match="POST /2/tweets", status=status, body=body, **rule)


# --- the preview ----------------------------------------------------------------------------------------------------


async def test_the_preview_shows_what_will_stand_there(weekend: Weekend) -> None:
    """The last look before the public: to whom, from which account, their words, ours, how long."""
    await claimed(weekend)
    giulia = weekend.phone("giulia")
    await giulia.types("  Arriviamo   entro le 23.  ", reply_to=giulia.card())
    preview = giulia.preview()
    for piece in ("mario", "TIM_Official", "borgata", "Arriviamo", "^GR", "of 280", "not sent"):
        assert piece in preview.text, piece
    assert labels(preview) == ["Send", "Edit", "Cancel"]
    assert not preview.rang
    assert "borgata" not in preview.text.split("\n")[0]
    await weekend.nothing_else()


async def test_a_typed_signature_is_not_doubled(weekend: Weekend) -> None:
    """Many agents sign out of habit."""
    await claimed(weekend)
    giulia = weekend.phone("giulia")
    await giulia.types("Arriviamo. ^GR", reply_to=giulia.card())
    assert giulia.preview().text.count("^GR") == 1
    await giulia.presses(giulia.preview(), "Send")
    await weekend.advance(seconds=30)
    assert [p.text for p in weekend.posts()] == ["Arriviamo. ^GR"]
    await weekend.nothing_else()


async def test_what_is_too_long_cannot_be_sent(weekend: Weekend) -> None:
    """X would refuse it; better here, where it can be shortened."""
    await claimed(weekend)
    giulia = weekend.phone("giulia")
    await giulia.types("a" * 290, reply_to=giulia.card())
    preview = giulia.preview()
    assert "294 of 280" in preview.text
    assert labels(preview) == ["Edit", "Cancel"]
    assert "280" in await giulia.sends_data(preview, "send:1")
    await giulia.types("/send 1")
    await weekend.advance(minutes=1)
    assert weekend.posts() == []
    assert weekend.sent("POST /2/tweets") == 0
    await weekend.nothing_else()


async def test_the_preview_warns(weekend: Weekend) -> None:
    """A dear link, a phone number in public, other people named, words sent before: said before Send, not after."""
    await claimed(weekend)
    giulia = weekend.phone("giulia")
    await giulia.types(f"{DEAR_LINK} o chiama il 347 1234567, vero @lucia?", reply_to=giulia.card())
    assert giulia.preview().text.count("⚠️") == 3
    await giulia.presses(giulia.preview(), "Cancel")
    await sent(weekend, "Arriviamo.")
    await giulia.types("Arriviamo!", reply_to=giulia.card())
    assert "⚠️" not in giulia.preview().text
    await giulia.types("Arriviamo.", reply_to=giulia.preview())
    assert "⚠️" in giulia.preview().text
    await weekend.nothing_else()


# --- send, hold, cancel, edit, delete -------------------------------------------------------------------------------


async def test_send_holds_then_posts_under_the_right_post_from_the_right_account(weekend: Weekend) -> None:
    """Twenty seconds to think again, then exactly one post, where it belongs."""
    post = await claimed(weekend)
    giulia = weekend.phone("giulia")
    preview = await held(weekend)
    assert preview.text.startswith("⏳")
    assert labels(preview) == ["Cancel"]
    weekend.clock.advance(timedelta(seconds=19))
    await weekend.pass_by()
    assert weekend.posts() == []
    weekend.clock.advance(timedelta(seconds=1))
    await weekend.pass_by()
    (answer,) = weekend.posts()
    assert (answer.author.handle, answer.in_reply_to) == ("TIM_Official", post)
    assert preview.text.startswith("✅")
    assert labels(preview) == ["Open on X", "Delete"]
    await giulia.sends_data(preview, "send:1")
    await weekend.advance(minutes=1)
    assert len(weekend.posts()) == 1
    await weekend.nothing_else()


async def test_cancel_in_the_hold_makes_it_a_draft_again(weekend: Weekend) -> None:
    """Second thoughts cost nothing: the words are still there."""
    await claimed(weekend)
    giulia = weekend.phone("giulia")
    preview = await held(weekend)
    assert "nothing was sent" in (await giulia.presses(preview, "Cancel")).lower()
    assert reply(weekend)["state"] == "draft"
    assert labels(preview) == ["Send", "Edit", "Cancel"]
    await weekend.advance(minutes=1)
    assert weekend.posts() == []
    await giulia.presses(preview, "Cancel")
    assert reply(weekend)["state"] == "dropped"
    assert labels(preview) == []
    await giulia.types("/ticket 1")
    assert "I tecnici sono sul posto." in giulia.last.text
    await weekend.nothing_else()


async def test_cancel_after_it_left_comes_too_late(weekend: Weekend) -> None:
    """What stands in public is not undone by Cancel; the way out is Delete."""
    await claimed(weekend)
    giulia = weekend.phone("giulia")
    preview = await sent(weekend)
    assert await giulia.sends_data(preview, "cancel:1")
    assert reply(weekend)["state"] == "posted"
    assert "Delete" in labels(preview)
    await weekend.nothing_else()


async def test_edit_opens_a_prompt_and_the_new_words_replace_the_old(weekend: Weekend) -> None:
    """Edit means "rather this": no question is asked about the earlier words."""
    await claimed(weekend)
    giulia = weekend.phone("giulia")
    await giulia.types("Arivo.", reply_to=giulia.card())
    first = giulia.preview()
    await giulia.presses(first, "Edit")
    prompt = giulia.last
    assert prompt.text.startswith("✏️ #1")
    assert prompt.markup["force_reply"]
    await giulia.types("Arrivo.", reply_to=prompt)
    assert "Arrivo. ^GR" in giulia.preview().text
    assert labels(first) == []
    assert [r["state"] for r in weekend.ticket()["replies"]] == ["dropped", "draft"]
    await weekend.nothing_else()


@pytest.mark.parametrize("yes", [True, False])
async def test_a_second_text_asks_before_it_replaces_the_first(weekend: Weekend, yes: bool) -> None:
    """One live reply per ticket: of two drafts nobody would know which one is going out."""
    await claimed(weekend)
    giulia = weekend.phone("giulia")
    await giulia.types("Il primo.", reply_to=giulia.card())
    await giulia.types("Il secondo.", reply_to=giulia.card())
    assert len(labels(giulia.last)) == 2
    await giulia.presses(giulia.last, labels(giulia.last)[0 if yes else 1])
    await giulia.presses(giulia.preview(), "Send")
    await weekend.advance(seconds=30)
    assert [p.text for p in weekend.posts()] == ["Il secondo. ^GR" if yes else "Il primo. ^GR"]
    await giulia.types("/ticket 1")
    assert "Il primo." in giulia.last.text
    assert "Il secondo." in giulia.last.text
    await weekend.nothing_else()


async def test_everything_can_be_typed(weekend: Weekend) -> None:
    """/reply, /send, /cancel, /delete and their Italian twins do what the buttons do."""
    post = await claimed(weekend)
    giulia = weekend.phone("giulia")
    await giulia.types("/rispondo 1 Arriviamo.")
    await giulia.types("/send 1")
    assert reply(weekend)["state"] == "held"
    await giulia.types("/annulla 1")
    assert reply(weekend)["state"] == "draft"
    await giulia.types("/invio 1")
    await weekend.advance(seconds=30)
    assert [p.in_reply_to for p in weekend.posts()] == [post]
    await giulia.types("/elimina 1")
    await weekend.settle()
    assert reply(weekend)["state"] == "deleted"
    await giulia.types("/send 1")
    assert "no such reply" in giulia.last.text
    await giulia.types("/reply 1 Ecco.")
    await giulia.types("/cancel 1")
    assert reply(weekend, 1)["state"] == "dropped"
    await weekend.nothing_else()


async def test_words_typed_while_one_is_on_its_way_are_kept(weekend: Weekend) -> None:
    """The second thought came when the first was already leaving: it is not lost."""
    await claimed(weekend)
    giulia = weekend.phone("giulia")
    weekend.fault(match="POST /2/tweets", drop="before")
    await sent(weekend)
    assert reply(weekend)["state"] == "in_doubt"
    await giulia.types("Anzi: i tecnici arrivano alle 23.", reply_to=giulia.card())
    assert "kept" in giulia.last.text
    assert [r["state"] for r in weekend.ticket()["replies"]] == ["in_doubt", "dropped"]
    await giulia.types("/ticket 1")
    assert "Anzi: i tecnici arrivano alle 23." in giulia.last.text
    await weekend.advance(minutes=4)
    assert len(weekend.posts()) == 1
    await weekend.nothing_else()


async def test_delete_takes_it_off_x_and_the_ticket_is_open_again(weekend: Weekend) -> None:
    """A wrong answer in public can be taken back for ten minutes; the customer still has none, then."""
    await claimed(weekend)
    giulia = weekend.phone("giulia")
    preview = await sent(weekend)
    await weekend.walk(60, minutes=9)
    await giulia.presses(preview, "Delete")
    (answer,) = weekend.posts()
    assert answer.deleted
    assert reply(weekend)["state"] == "deleted"
    assert weekend.ticket()["state"] == "claimed"
    assert "you have it" in giulia.card().text
    assert preview.text.startswith("🗑")
    await weekend.nothing_else()


async def test_delete_after_ten_minutes_is_refused(weekend: Weekend) -> None:
    """By then it was read and quoted: that is a decision for the office."""
    await claimed(weekend)
    giulia = weekend.phone("giulia")
    preview = await sent(weekend)
    await weekend.walk(60, minutes=11)
    assert "10 minutes" in await giulia.sends_data(preview, "delete:1")
    assert not weekend.posts()[0].deleted
    assert labels(preview) == ["Open on X"]
    await weekend.nothing_else()


async def test_only_the_writer_sends(weekend: Weekend) -> None:
    """A forged or forwarded press must not publish somebody else's words."""
    await claimed(weekend)
    giulia, sara = weekend.phone("giulia"), weekend.phone("sara")
    await giulia.types("Arriviamo.", reply_to=giulia.card())
    await sara.types("/who")
    assert "Giulia" in await sara.sends_data(sara.last, "send:1")
    await sara.types("/send 1")
    await weekend.advance(minutes=1)
    assert weekend.posts() == []
    await weekend.nothing_else()


async def test_a_held_reply_does_not_outlive_its_owner(weekend: Weekend) -> None:
    """The lead took over in the twenty seconds: two voices would answer; the first becomes a draft and rings."""
    await claimed(weekend)
    giulia, marco = weekend.phone("giulia"), weekend.phone("marco")
    await held(weekend)
    await marco.types("/takeover 1")
    await weekend.advance(minutes=1)
    assert weekend.posts() == []
    assert giulia.preview().rang
    assert "no longer yours" in giulia.preview().text
    assert "Marco" in await giulia.presses(giulia.preview(), "Send")
    await weekend.advance(minutes=1)
    assert weekend.posts() == []
    await weekend.nothing_else()


async def test_in_a_dry_run_nothing_is_posted(tmp_path: Path) -> None:
    """A rehearsal with real customers: everything works, and X hears nothing."""
    async with weekend_stage(tmp_path, dry_run=True) as weekend:
        await claimed(weekend)
        giulia = weekend.phone("giulia")
        await giulia.types("Arriviamo.", reply_to=giulia.card())
        assert "DRY_RUN" in giulia.preview().text
        await giulia.presses(giulia.preview(), "Send")
        await weekend.advance(minutes=1)
        assert weekend.posts() == []
        assert weekend.sent("POST /2/tweets") == 0
        assert "DRY_RUN" in giulia.preview().text
        assert reply(weekend)["state"] == "draft"
        await weekend.nothing_else()


# --- X's refusals ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("told", [True, False], ids=["reset told", "no reset"])
async def test_a_429_leaves_later_by_itself(weekend: Weekend, told: bool) -> None:
    """X asks to slow down: the person need not stay awake for it."""
    await claimed(weekend)
    headers = {"x-rate-limit-reset": "now+300"} if told else {}
    weekend.fault(match="POST /2/tweets", status=429, headers=headers, body={"title": "Too Many Requests"})
    preview = await sent(weekend)
    assert reply(weekend)["state"] == "held"
    assert "slow down" in preview.text
    assert labels(preview) == ["Cancel"]
    await weekend.advance(seconds=30)
    assert weekend.sent("POST /2/tweets") == 1, "not sooner than X allows, or a minute when it does not say"
    await weekend.walk(30, minutes=5 if told else 1)
    assert len(weekend.posts()) == 1
    assert weekend.ticket()["state"] == "answered"
    await weekend.nothing_else()


async def test_a_429_beyond_a_quarter_of_an_hour_asks_again(weekend: Weekend) -> None:
    """An answer that is 20 minutes old may be wrong by now: it never posts by itself later."""
    await claimed(weekend)
    giulia = weekend.phone("giulia")
    weekend.fault(match="POST /2/tweets", times=None, status=429, headers={"x-rate-limit-reset": "now+1200"})
    await sent(weekend)
    await weekend.walk(60, minutes=15)
    asked = giulia.preview()
    assert asked.rang
    assert "15 minutes" in asked.text
    assert labels(asked) == ["Send", "Edit", "Cancel"]
    weekend.stage.clear_faults()
    await weekend.walk(60, minutes=10)
    assert weekend.posts() == []
    await giulia.presses(asked, "Send")
    await weekend.advance(seconds=30)
    assert len(weekend.posts()) == 1
    await weekend.nothing_else()


async def test_used_up_credits_reach_the_leads_and_leave_a_way_by_hand(weekend: Weekend) -> None:
    """Only a lead can top up; the person with the customer needs another way now."""
    await claimed(weekend)
    giulia, marco = weekend.phone("giulia"), weekend.phone("marco")
    weekend.fault(match="POST /2/tweets", times=None, status=402, body={"title": "CreditsDepleted", "status": 402})
    preview = await sent(weekend)
    assert "credits" in marco.last.text
    assert marco.last.rang
    assert "credits" in preview.text
    assert labels(preview) == ["Cancel", "Write it on X by hand"]
    told = len(marco.since_start())
    await weekend.walk(60, minutes=16)
    assert giulia.preview().rang
    await giulia.presses(giulia.preview(), "Send")
    await weekend.walk(60, minutes=2)
    assert len(marco.since_start()) == told, "hourly, not at every try"
    weekend.clock.advance(timedelta(minutes=44))
    await giulia.types("/cancel 1")
    await giulia.types("/send 1")
    await weekend.advance(seconds=30)
    assert len([m for m in marco.since_start() if "credits" in m.text]) == 2
    await giulia.types("/close 1")
    weekend.stage.clear_faults()


@pytest.mark.parametrize(
    ("status", "detail", "said"),
    [
        (403, NOT_ENGAGED, "named this account"),
        (403, "You attempted to reply to a Tweet that is deleted or not visible to you.", "deleted"),
        (403, "You are not permitted to reply to this conversation.", "limits who may reply"),
        (403, TOO_LONG, "too long"),
        (400, TOO_LONG, "too long"),
        (403, "You are not allowed to create a Tweet with duplicate content.", "word"),
        (403, "You are not permitted to perform this action.", "refused"),
    ],
    ids=["not engaged", "gone", "settings", "too long", "too long 400", "duplicate", "other"],
)
async def test_a_refusal_says_why_and_shows_the_way_by_hand(
    weekend: Weekend, status: int, detail: str, said: str
) -> None:
    """X will not take it, ever: in plain words, with X opened on the right post and our words filled in."""
    post = await claimed(weekend)
    giulia = weekend.phone("giulia")
    refused(weekend, status, detail)
    await sent(weekend)
    failed = giulia.preview()
    assert failed.rang
    assert failed.text.startswith("⛔ #1")
    assert said in failed.text
    assert reply(weekend)["state"] == "failed"
    assert labels(failed) == ["Write it on X by hand", "Done", "Edit", "Cancel"]
    link = urlsplit(failed.buttons[0][0]["url"])
    assert parse_qs(link.query) == {"in_reply_to": [str(post)], "text": ["I tecnici sono sul posto. ^GR"]}
    await weekend.advance(minutes=3)
    assert weekend.sent("POST /2/tweets") == 1
    await giulia.presses(failed, "Done")
    assert weekend.ticket()["state"] == "closed"
    assert "by hand" in failed.text
    assert labels(failed) == []
    await weekend.nothing_else()


async def test_a_refused_reply_can_be_written_anew(weekend: Weekend) -> None:
    """Edit after a refusal: other words, another preview, and the dead one loses its buttons."""
    await claimed(weekend)
    giulia = weekend.phone("giulia")
    refused(weekend, 403, TOO_LONG)
    await sent(weekend)
    failed = giulia.preview()
    await giulia.presses(failed, "Edit")
    await giulia.types("Più corto.", reply_to=giulia.last)
    assert labels(failed) == []
    await giulia.presses(giulia.preview(), "Send")
    await weekend.advance(seconds=30)
    assert [p.text for p in weekend.posts()] == ["Più corto. ^GR"]
    await weekend.nothing_else()


async def test_the_same_words_to_two_customers(weekend: Weekend) -> None:
    """X's own filter, on: the second identical answer is refused, said so, and one other word is enough."""
    await claimed(weekend)
    giulia = weekend.phone("giulia")
    await sent(weekend, "Arriviamo.")
    await rung(weekend, BUSINESS, "lucia")
    await giulia.types("Arriviamo.", reply_to=giulia.card(2))
    await giulia.presses(giulia.preview(), "Send")
    await weekend.advance(seconds=30)
    assert len(weekend.posts()) == 1
    assert "word" in giulia.preview().text
    await giulia.types("Arriviamo presto.", reply_to=giulia.preview())
    await giulia.presses(giulia.preview(), "Send")
    await weekend.advance(seconds=30)
    assert len(weekend.posts()) == 2
    await weekend.nothing_else()


async def test_the_same_words_pass_without_the_filter(weekend: Weekend) -> None:
    """Without X's filter we must not invent one: two customers may hear the same."""
    weekend.stage.x.duplicate_filter = False
    await claimed(weekend)
    giulia = weekend.phone("giulia")
    await sent(weekend, "Arriviamo.")
    await rung(weekend, BUSINESS, "lucia")
    await giulia.types("Arriviamo.", reply_to=giulia.card(2))
    await giulia.presses(giulia.preview(), "Send")
    await weekend.advance(seconds=30)
    assert len(weekend.posts()) == 2
    await weekend.nothing_else()


async def test_a_refused_key_is_told_after_three_times(weekend: Weekend) -> None:
    """One 401 is X's hiccup; three are a revoked token, and only a lead can mend that."""
    await claimed(weekend)
    giulia, marco = weekend.phone("giulia"), weekend.phone("marco")
    weekend.fault(match="POST /2/tweets", times=None, status=401, body={"title": "Unauthorized", "status": 401})
    await sent(weekend)
    assert not marco.since_start()
    await weekend.advance(seconds=30)
    assert not marco.since_start()
    await weekend.advance(minutes=1)
    assert "TIM_Official" in marco.last.text
    assert marco.last.rang
    assert "key" in giulia.preview().text
    weekend.stage.clear_faults()
    await weekend.advance(minutes=2)
    assert len(weekend.posts()) == 1
    await weekend.nothing_else()


async def test_a_machine_that_slept_asks_before_it_posts(weekend: Weekend) -> None:
    """The laptop lid was closed with a reply in the hold: 16 minutes later its words are put to the writer first."""
    await claimed(weekend)
    giulia = weekend.phone("giulia")
    preview = await held(weekend)
    await weekend.jump(weekend.clock.now() + timedelta(minutes=16))
    assert weekend.posts() == []
    asked = giulia.preview()
    assert asked.rang
    assert "15 minutes" in asked.text
    assert labels(preview) == labels(asked) == ["Send", "Edit", "Cancel"]
    await giulia.presses(asked, "Send")
    await weekend.advance(seconds=30)
    assert len(weekend.posts()) == 1
    await weekend.nothing_else()
