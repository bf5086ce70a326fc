"""Whose ticket it is: claims that race, release, take-over, handover, closing, judging, escalation, and silence."""

import pytest
from weekend import BUSINESS, OUTAGE, QUESTION, Weekend, claimed, labels, rung, sent


@pytest.mark.parametrize(("first", "second"), [("giulia", "sara"), ("sara", "giulia")])
async def test_of_two_claims_in_one_moment_one_wins(weekend: Weekend, first: str, second: str) -> None:
    """Two people press Claim at the same second: only one may answer the customer, and both must know who."""
    await rung(weekend)
    await weekend.advance(minutes=5)
    one, two = weekend.phone(first), weekend.phone(second)
    for phone in (one, two):
        weekend.stage.telegram.presses(phone.user_id, phone.card().message_id, "claim:1")
    await weekend.settle()

    assert weekend.ticket()["owner"] == first
    winner, loser = (weekend.stage.telegram.popups(p.user_id)[-1] for p in (one, two))
    assert "#1 is yours" in winner.text
    assert loser.alert
    assert first.title() in loser.text
    name = first.title()
    for copy in two.since_start():
        if "#1 · " in copy.text:
            assert f"{name} has it" in copy.text.split("\n")[0]
            assert "Claim" not in labels(copy)
    for copy in one.since_start():
        if "#1 · " in copy.text:
            assert "you have it" in copy.text.split("\n")[0]
            assert "Reply" in labels(copy)
    assert not weekend.phone("marco").since_start()
    await weekend.nothing_else()


@pytest.mark.parametrize("typed", ["/claim 1", "/prendo 1", "/claim #1", "/claim@reperibile_bot 1", "/CLAIM 1"])
async def test_a_claim_can_be_typed(weekend: Weekend, typed: str) -> None:
    """Buttons expire and clients differ: whatever can be pressed can be typed, in both languages."""
    await rung(weekend)
    giulia = weekend.phone("giulia")
    await giulia.types(typed)
    assert weekend.ticket()["owner"] == "giulia"
    assert "you have it" in giulia.card().text.split("\n")[0]
    await weekend.nothing_else()


async def test_replying_to_an_unclaimed_card_claims_it(weekend: Weekend) -> None:
    """Who answers, has it: nobody should have to press two things at 3 in the night."""
    await rung(weekend)
    await weekend.advance(minutes=5)
    sara = weekend.phone("sara")
    await sara.types("Ci siamo, guardiamo subito.", reply_to=sara.card())
    assert weekend.ticket()["owner"] == "sara"
    assert "^SR" in sara.preview().text
    assert "Sara has it" in weekend.phone("giulia").card().text
    rings = weekend.phone("marco").rings
    await weekend.advance(minutes=10)
    assert weekend.phone("marco").rings == rings == 0
    await weekend.nothing_else()


async def test_a_reply_to_somebody_elses_ticket_is_refused_and_kept(weekend: Weekend) -> None:
    """Two answers in public to one customer look like chaos; what was typed is not thrown away, though."""
    await rung(weekend)
    await weekend.advance(minutes=5)
    giulia, sara = weekend.phone("giulia"), weekend.phone("sara")
    await giulia.presses(giulia.card(), "Claim")
    await sara.types("Ho già chiamato il centro di Rieti.", reply_to=sara.card())
    assert "Giulia has #1" in sara.last.text
    assert "kept" in sara.last.text
    assert weekend.ticket()["owner"] == "giulia"
    (kept,) = weekend.ticket()["replies"]
    assert kept["state"] == "dropped"
    await giulia.types("/ticket 1")
    assert "Ho già chiamato il centro di Rieti." in giulia.last.text
    await weekend.advance(minutes=1)
    assert weekend.posts() == []
    await weekend.nothing_else()


async def test_the_owner_is_relieved_only_when_silent(weekend: Weekend) -> None:
    """Taking a ticket off an active colleague would cross their work; a sleeping colleague must not block it."""
    await rung(weekend)
    await weekend.advance(minutes=5)
    giulia, sara = weekend.phone("giulia"), weekend.phone("sara")
    await giulia.presses(giulia.card(), "Claim")
    await weekend.advance(minutes=9)
    await sara.types("/takeover 1")
    assert "Giulia" in sara.last.text
    assert "10 minutes" in sara.last.text
    assert weekend.ticket()["owner"] == "giulia"

    await weekend.advance(minutes=1)
    await sara.types("/takeover 1")
    assert weekend.ticket()["owner"] == "sara"
    assert "Sara took over #1" in giulia.last.text
    assert giulia.last.rang
    assert "Sara has it" in giulia.card().text
    await weekend.nothing_else()


async def test_who_may_take_over_at_once(weekend: Weekend) -> None:
    """A lead may always; somebody off duty never; and an owner whose duty is over may be relieved by the duty."""
    await claimed(weekend)
    alessio, marco, sara = weekend.phone("alessio"), weekend.phone("marco"), weekend.phone("sara")
    await weekend.advance(minutes=11)
    await alessio.types("/takeover 1")
    assert weekend.ticket()["owner"] == "giulia"
    await marco.types("/subentro 1")
    assert weekend.ticket()["owner"] == "marco"
    await sara.types("/takeover 1")
    assert weekend.ticket()["owner"] == "sara", "marco is on no rota now, so sara, who is, may relieve him at once"
    await weekend.nothing_else()


async def test_release_puts_it_back_on_the_ladder(weekend: Weekend) -> None:
    """Who cannot go on says so, and it rings again from the first step."""
    await claimed(weekend)
    giulia = weekend.phone("giulia")
    await giulia.presses(giulia.card(), "More…")
    await giulia.presses(giulia.card(), "Release")
    assert weekend.ticket()["state"] == "paging"
    assert weekend.ticket()["owner"] is None
    assert giulia.rings == 2
    assert "Claim" in labels(giulia.card())
    await weekend.advance(minutes=5)
    assert weekend.phone("sara").rings == 1
    await weekend.nothing_else()


async def test_handover_is_accepted(weekend: Weekend) -> None:
    """A ticket never changes owner silently: the receiver says yes, and both phones show it."""
    await claimed(weekend)
    giulia, sara = weekend.phone("giulia"), weekend.phone("sara")
    await giulia.types("/handover 1 Sara")
    assert weekend.ticket()["owner"] == "giulia"
    question = sara.last
    assert question.rang
    assert "Giulia" in question.text
    assert "#1" in question.text
    assert labels(question) == ["Accept", "Decline"]
    await sara.presses(question, "Accept")
    assert weekend.ticket()["owner"] == "sara"
    assert giulia.saw("Sara has #1 now")
    assert "you have it" in sara.card().text
    assert labels(sara.starting("Giulia would like")) == []
    await weekend.nothing_else()


async def test_handover_is_declined(weekend: Weekend) -> None:
    """No is an answer too, and the giver hears it aloud: it still is theirs."""
    await claimed(weekend)
    giulia, sara = weekend.phone("giulia"), weekend.phone("sara")
    await giulia.types("/passo 1 sara ricci")
    await sara.presses(sara.last, "Decline")
    assert weekend.ticket()["owner"] == "giulia"
    assert "declined" in giulia.last.text
    assert giulia.last.rang
    await weekend.nothing_else()


async def test_handover_without_answer_stays(weekend: Weekend) -> None:
    """A receiver who sleeps must not make the ticket nobody's; late presses change nothing."""
    await claimed(weekend)
    giulia, sara = weekend.phone("giulia"), weekend.phone("sara")
    await giulia.types("/handover 1 sara")
    question = sara.last
    await weekend.walk(60, minutes=16)
    assert weekend.ticket()["owner"] == "giulia"
    assert "did not answer" in giulia.last.text
    assert labels(sara.starting("Giulia would like")) == []
    await sara.sends_data(question, "yes:1")
    assert weekend.ticket()["owner"] == "giulia"
    await giulia.types("/handover 1 nobody")
    assert "nobody" in giulia.last.text
    await weekend.nothing_else()


async def test_only_owner_or_lead_release_and_close(weekend: Weekend) -> None:
    """A colleague's slip must not close or free what somebody else is working on."""
    await claimed(weekend)
    sara, marco = weekend.phone("sara"), weekend.phone("marco")
    for typed in ("/release 1", "/close 1", "/snooze 1", "/escalate 1", "/normal 1", "/handover 1 sara"):
        await sara.types(typed)
        assert "Giulia" in sara.last.text, typed
        assert weekend.ticket()["owner"] == "giulia", typed
        assert weekend.ticket()["state"] == "claimed", typed
    await marco.types("/close 1 passed")
    assert weekend.ticket()["state"] == "closed"
    await weekend.nothing_else()


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("/close 1", "solved"),
        ("/chiudo 1 risolto", "solved"),
        ("/close 1 passed", "passed on"),
        ("/chiudo 1 passato", "passed on"),
        ("/close 1 nothing", "nothing to do"),
        ("/chiudo 1 niente", "nothing to do"),
    ],
)
async def test_close_and_reopen(weekend: Weekend, typed: str, shown: str) -> None:
    """How it ended is part of the story; closing too early can be undone."""
    await claimed(weekend)
    giulia = weekend.phone("giulia")
    await giulia.types(typed)
    assert weekend.ticket()["state"] == "closed"
    card = giulia.card()
    assert "closed" in card.text.split("\n")[0]
    assert shown in card.text
    await giulia.presses(card, "Reopen")
    assert weekend.ticket()["state"] == "claimed"
    assert weekend.ticket()["owner"] == "giulia"
    await giulia.types("/close 1 whatever")
    assert "solved, passed or nothing" in giulia.last.text
    await giulia.types("/close 1")
    await giulia.types("/riapro 1")
    assert weekend.ticket()["state"] == "claimed"
    await weekend.nothing_else()


async def test_not_urgent_and_urgent_after_all(weekend: Weekend) -> None:
    """The judge errs both ways: one press silences a false alarm, one press on the list rings for a missed one."""
    await rung(weekend, BUSINESS)
    giulia, sara = weekend.phone("giulia"), weekend.phone("sara")
    await giulia.presses(giulia.card(), "Not urgent")
    assert weekend.ticket()["state"] == "waiting"
    await weekend.advance(minutes=6)
    assert sara.rings == 0
    waiting = giulia.starting("⚪ Waiting")
    assert not waiting.rang
    await giulia.presses(waiting, "Urgent: #1")
    assert weekend.ticket()["state"] == "paging"
    assert giulia.rings == 2
    assert "urgent" in giulia.card().text.split("\n")[0]
    await weekend.advance(minutes=5)
    assert sara.rings == 1
    await sara.types("/claim 1")
    await sara.types("/normale 1")
    assert weekend.ticket()["state"] == "claimed"
    assert "stays yours" in sara.last.text
    await weekend.nothing_else()


async def test_escalate_from_the_ladder_and_from_a_claim(weekend: Weekend) -> None:
    """Who cannot do it alone pages the next ones now instead of waiting for the clock."""
    await rung(weekend)
    giulia, sara, marco = weekend.phone("giulia"), weekend.phone("sara"), weekend.phone("marco")
    await giulia.presses(giulia.card(), "Escalate")
    assert sara.rings == 1
    assert marco.rings == 0
    await sara.presses(sara.card(), "Claim")
    await sara.types("/escalate 1")
    assert weekend.ticket()["state"] == "paging"
    assert weekend.ticket()["owner"] is None
    assert giulia.card().rang
    await weekend.advance(minutes=5)
    assert marco.rings == 1
    await marco.types("/claim 1")
    await weekend.nothing_else()


async def test_what_one_can_ask(weekend: Weekend) -> None:
    """/who, /tickets, /mine, /ticket, /help and /note answer in both spellings, on one phone only."""
    await claimed(weekend)
    await rung(weekend, QUESTION, "lucia")
    giulia = weekend.phone("giulia")
    for typed in ("/who", "/chi"):
        await giulia.types(typed)
        assert "primary" in giulia.last.text
        assert "Giulia" in giulia.last.text
        assert "Sara" in giulia.last.text
    for typed in ("/tickets", "/coda"):
        await giulia.types(typed)
        assert "#1" in giulia.last.text
        assert "#2" in giulia.last.text
        assert giulia.last.text.index("#1") < giulia.last.text.index("#2")
    for typed in ("/mine", "/miei"):
        await giulia.types(typed)
        assert "#1" in giulia.last.text
        assert "#2" not in giulia.last.text
    for typed in ("/note 1 Tecnico in viaggio", "/nota 1 Richiamare Rieti"):
        await giulia.types(typed)
    await giulia.types("/ticket 1")
    assert "Tecnico in viaggio" in giulia.last.text
    assert "Richiamare Rieti" in giulia.last.text
    for typed in ("/help", "/aiuto"):
        await giulia.types(typed)
        assert "/claim 42" in giulia.last.text
        assert "/enroll" not in giulia.last.text
    await weekend.phone("marco").types("/help")
    assert "/enroll" in weekend.phone("marco").last.text
    assert not any(m.rang for m in weekend.phone("marco").since_start())
    await weekend.nothing_else()


async def test_a_command_may_reply_to_the_card_instead_of_a_number(weekend: Weekend) -> None:
    """Numbers are hard at night: a command typed as a reply to the card means that ticket."""
    await rung(weekend)
    giulia = weekend.phone("giulia")
    await giulia.types("/claim", reply_to=giulia.card())
    assert weekend.ticket()["owner"] == "giulia"
    await giulia.types("/note tecnico in viaggio", reply_to=giulia.card())
    await giulia.types("/rimando 1 2h")
    assert weekend.ticket()["state"] == "snoozed"
    await giulia.types("/release", reply_to=giulia.card())
    assert weekend.ticket()["state"] == "paging"
    await giulia.types("/claim")
    assert "Which ticket" in giulia.last.text
    await giulia.types("/claim 99")
    assert "no ticket #99" in giulia.last.text
    await giulia.types("/frobnicate 1")
    assert "/help" in giulia.last.text
    await giulia.types("/claim 1")
    await weekend.nothing_else()


async def test_a_ticket_left_alone_is_asked_about_and_climbs(weekend: Weekend) -> None:
    """Claimed and forgotten is as bad as lost: asked at 20 minutes, back on the ladder at 30."""
    await claimed(weekend)
    giulia, sara = weekend.phone("giulia"), weekend.phone("sara")
    await weekend.walk(60, minutes=19)
    asked = len(giulia.since_start())
    await weekend.walk(30, minutes=1)
    question = giulia.last
    assert len(giulia.since_start()) == asked + 1
    assert question.rang
    assert "#1" in question.text
    assert labels(question) == ["Still on it", "Release"]
    await weekend.walk(60, minutes=9)
    assert weekend.ticket()["owner"] == "giulia"
    await weekend.walk(30, minutes=1)
    assert weekend.ticket()["state"] == "paging"
    assert any(m.text.startswith("#1") and "again" in m.text for m in giulia.since_start())
    assert giulia.card().rang
    await weekend.walk(60, minutes=5)
    assert sara.rings == 1
    await sara.presses(sara.card(), "Claim")
    await weekend.nothing_else()


async def test_still_on_it_begins_anew(weekend: Weekend) -> None:
    """Long work is not neglect: one press, or any act of the owner, gives another 20 minutes."""
    await claimed(weekend)
    giulia = weekend.phone("giulia")
    await weekend.walk(60, minutes=21)
    await giulia.presses(giulia.last, "Still on it")
    await weekend.walk(60, minutes=15)
    assert weekend.ticket()["owner"] == "giulia"
    before = len(giulia.since_start())
    await giulia.types("/note 1 ancora al telefono con il centro")
    await weekend.walk(60, minutes=15)
    assert weekend.ticket()["owner"] == "giulia"
    assert len(giulia.since_start()) == before + 1, "only the note was acknowledged"
    await weekend.walk(60, minutes=6)
    await giulia.presses(giulia.last, "Release")
    assert weekend.ticket()["state"] == "paging"
    await giulia.types("/claim 1")
    await weekend.nothing_else()


async def test_answered_never_counts_as_forgotten(weekend: Weekend) -> None:
    """The ball is with the customer: nobody is asked or rung about it."""
    await claimed(weekend)
    giulia = weekend.phone("giulia")
    await sent(weekend)
    before = len(giulia.since_start())
    await weekend.walk(120, minutes=40)
    assert weekend.ticket()["state"] == "answered"
    assert len(giulia.since_start()) == before
    await weekend.nothing_else()


async def test_stale_buttons_say_who_has_it(weekend: Weekend) -> None:
    """A card that scrolled by hours ago is pressed all the same: the database decides, the popup explains."""
    await rung(weekend)
    giulia, sara = weekend.phone("giulia"), weekend.phone("sara")
    await weekend.advance(minutes=5)
    stale = giulia.card()
    await sara.presses(sara.card(), "Claim")
    assert "Sara" in await giulia.sends_data(stale, "claim:1")
    assert "Sara" in await giulia.sends_data(stale, "close:1:solved")
    assert "Sara" in await giulia.sends_data(stale, "reply:1")
    assert await giulia.sends_data(stale, "claim:99")
    assert await giulia.sends_data(stale, "frobnicate:1")
    assert weekend.ticket()["owner"] == "sara"
    await weekend.nothing_else()


async def test_two_tickets_keep_apart(weekend: Weekend) -> None:
    """Each card acts on its own ticket, whichever came last."""
    await rung(weekend, OUTAGE, "mario")
    await rung(weekend, BUSINESS, "lucia")
    giulia = weekend.phone("giulia")
    await giulia.presses(giulia.card(1), "Claim")
    assert [t["owner"] for t in weekend.tickets()] == ["giulia", None]
    await giulia.types("Arriviamo subito.", reply_to=giulia.card(2))
    assert [t["owner"] for t in weekend.tickets()] == ["giulia", "giulia"]
    assert "lucia" in giulia.preview().text
    await weekend.nothing_else()


async def test_somebody_elses_urgent_rings_the_owner(weekend: Weekend) -> None:
    """Whoever has it believes that it can wait; the lead knows better, and only the owner can act at once."""
    await claimed(weekend, QUESTION)
    giulia, marco = weekend.phone("giulia"), weekend.phone("marco")
    rang = giulia.rings
    await marco.types("/urgent 1")
    assert giulia.starting("🟠 Marco says that #1 is urgent.").rang
    assert giulia.rings == rang + 1
    assert weekend.ticket()["owner"] == "giulia"
    await weekend.nothing_else()
