"""The customer writes again, edits, deletes, says thanks: which ticket it joins, and who hears of it."""

from datetime import timedelta

from weekend import BUSINESS, OUTAGE, QUESTION, Weekend, claimed, held, labels, rung, sent

MORE = "@TIM_Official allora? siamo sempre al buio, nessuno risponde. La linea è ancora morta"
THANKS = "@TIM_Official grazie mille, gentilissimi!"


async def test_while_it_rings_the_card_shows_it_without_another_ring(weekend: Weekend) -> None:
    """Five angry posts of one customer are one trouble: one ticket, one ladder."""
    first = await rung(weekend, BUSINESS)
    giulia = weekend.phone("giulia")
    again = weekend.customer_says("@TIM_Official il pos è ancora morto, abbiamo la sala piena!!", in_reply_to=first)
    await weekend.advance(minutes=1)
    assert weekend.ticket()["mentions"] == [first, again]
    assert giulia.rings == 1
    assert "ancora morto" in giulia.card().text
    assert "sala piena e non possiamo" in giulia.card().text
    await weekend.nothing_else()


async def test_a_rise_to_critical_rings_at_once(weekend: Weekend) -> None:
    """What was bad got dangerous: nobody waits for the next step of the ladder."""
    first = await rung(weekend, BUSINESS)
    giulia = weekend.phone("giulia")
    assert giulia.card().text.startswith("🟠")
    weekend.customer_says(OUTAGE, in_reply_to=first)
    await weekend.advance(seconds=30)
    assert giulia.rings == 2
    assert giulia.card().text.startswith("🔴")
    assert weekend.ticket()["urgency"] == "critical"
    await weekend.nothing_else()


async def test_a_silent_ticket_that_gets_urgent_rings(weekend: Weekend) -> None:
    """A question in the afternoon, an emergency at night, the same customer: it must ring."""
    await rung(weekend, QUESTION)
    giulia = weekend.phone("giulia")
    assert giulia.rings == 0
    weekend.customer_says(OUTAGE)
    await weekend.advance(seconds=30)
    assert giulia.rings == 1
    assert len(weekend.tickets()) == 1
    weekend.customer_says(QUESTION)
    await weekend.advance(seconds=30)
    assert weekend.ticket()["urgency"] == "critical", "joining never lowers"
    await weekend.nothing_else()


async def test_the_owner_gets_a_card_to_answer_the_newer_post(weekend: Weekend) -> None:
    """An answer must stand under the words it answers."""
    first = await claimed(weekend)
    giulia = weekend.phone("giulia")
    old = giulia.card()
    newer = weekend.customer_says(MORE, in_reply_to=first)
    await weekend.advance(seconds=30)
    follow_up = giulia.last
    assert "wrote again" in follow_up.text
    assert "sempre al buio" in follow_up.text
    assert "borgata" not in follow_up.text
    await giulia.types("Capiamo, i tecnici sono in viaggio.", reply_to=follow_up)
    await giulia.presses(giulia.preview(), "Send")
    await weekend.advance(seconds=30)
    assert [p.in_reply_to for p in weekend.posts()] == [newer]

    await giulia.types("E per la prima domanda: sì, anche il 112 passa da quella centrale.", reply_to=old)
    await giulia.presses(giulia.preview(), "Send")
    await weekend.advance(seconds=30)
    assert [p.in_reply_to for p in weekend.posts()] == [newer, first]
    await weekend.nothing_else()


async def test_after_the_answer_the_ball_is_ours_again(weekend: Weekend) -> None:
    """ "It does not work" after our answer: the owner, still on duty, is rung and has it again."""
    first = await claimed(weekend)
    giulia = weekend.phone("giulia")
    await sent(weekend)
    assert weekend.ticket()["state"] == "answered"
    weekend.customer_says(MORE, in_reply_to=first)
    await weekend.advance(seconds=30)
    assert weekend.ticket()["state"] == "claimed"
    assert weekend.ticket()["owner"] == "giulia"
    assert giulia.last.rang
    assert "wrote again" in giulia.last.text
    await weekend.nothing_else()


async def test_after_the_answer_of_somebody_off_duty_the_duty_is_paged(weekend: Weekend) -> None:
    """The lead helped out and went to bed: who is on duty now must hear it, and the lead must know."""
    first = await claimed(weekend, by="marco")
    await sent(weekend, by="marco")
    giulia, marco = weekend.phone("giulia"), weekend.phone("marco")
    assert weekend.ticket()["state"] == "answered"
    rings = giulia.rings
    weekend.customer_says(MORE, in_reply_to=first)
    await weekend.advance(seconds=30)
    assert weekend.ticket()["state"] == "paging"
    assert giulia.rings == rings + 1
    assert marco.saw("wrote again")
    assert not marco.last.rang
    await giulia.presses(giulia.card(), "Claim")
    await weekend.nothing_else()


async def test_thanks_join_silently(weekend: Weekend) -> None:
    """ "Grazie!" reopens nothing and wakes nobody, before, after, or when nothing is open."""
    weekend.customer_says(THANKS, "lucia")
    first = await claimed(weekend)
    giulia = weekend.phone("giulia")
    await sent(weekend)
    before = len(giulia.since_start())
    thanks = weekend.customer_says(THANKS, in_reply_to=first)
    await weekend.advance(minutes=1)
    assert weekend.ticket()["state"] == "answered"
    assert thanks in weekend.ticket()["mentions"]
    await giulia.types("/close 1")
    weekend.customer_says(THANKS, in_reply_to=first)
    await weekend.advance(minutes=1)
    assert weekend.ticket()["state"] == "closed"
    assert len(weekend.tickets()) == 1
    assert len(giulia.since_start()) == before + 1, "only the close was acknowledged"
    await weekend.nothing_else()


async def test_the_same_conversation_reopens_within_seven_days(weekend: Weekend) -> None:
    """ "Broken again" below our answer, days later, is the old story: its history must be at hand."""
    first = await claimed(weekend)
    giulia = weekend.phone("giulia")
    await giulia.types("/close 1")
    await weekend.jump(weekend.clock.now() + timedelta(days=6, hours=20))
    weekend.customer_says(MORE, in_reply_to=first)
    await weekend.advance(seconds=30)
    assert len(weekend.tickets()) == 1
    assert weekend.ticket()["state"] == "paging"
    assert weekend.ticket()["owner"] is None
    await weekend.nothing_else()


async def test_after_seven_days_it_is_a_new_ticket(weekend: Weekend) -> None:
    """A fortnight later the same thread is a new trouble."""
    first = await claimed(weekend)
    await weekend.phone("giulia").types("/close 1")
    await weekend.jump(weekend.clock.now() + timedelta(days=7, minutes=1))
    weekend.customer_says(OUTAGE, in_reply_to=first)
    await weekend.advance(seconds=30)
    assert [t["state"] for t in weekend.tickets()] == ["closed", "paging"]
    await weekend.nothing_else()


async def test_a_closed_ticket_stays_closed_for_another_conversation(weekend: Weekend) -> None:
    """A new post that answers nothing is a new trouble once the old one is closed."""
    await claimed(weekend)
    await weekend.phone("giulia").types("/close 1")
    weekend.customer_says(OUTAGE)
    await weekend.advance(seconds=30)
    assert [t["state"] for t in weekend.tickets()] == ["closed", "paging"]
    await weekend.nothing_else()


async def test_another_account_is_another_ticket(weekend: Weekend) -> None:
    """X lets only the mentioned account answer: what was said to another account is answered from there."""
    await rung(weekend)
    await rung(weekend, OUTAGE.replace("@TIM_Official", "@TIM119Giulia"))
    assert [t["account"] for t in weekend.tickets()] == ["TIM_Official", "TIM119Giulia"]
    giulia = weekend.phone("giulia")
    await giulia.types("Arriviamo.", reply_to=giulia.card(2))
    await giulia.presses(giulia.preview(), "Send")
    await weekend.advance(seconds=30)
    assert [p.author.handle for p in weekend.posts()] == ["TIM119Giulia"]
    await weekend.nothing_else()


async def test_another_customer_is_another_ticket(weekend: Weekend) -> None:
    """A bystander in the same thread has a trouble of their own."""
    first = await rung(weekend)
    weekend.customer_says(BUSINESS, "lucia", in_reply_to=first)
    await weekend.advance(seconds=30)
    assert [t["author"] for t in weekend.tickets()] == ["mario", "lucia"]
    await weekend.nothing_else()


async def test_a_day_later_it_is_a_new_ticket(weekend: Weekend) -> None:
    """Within 24 hours a new post of the same customer joins the open ticket; later it is a new one."""
    await claimed(weekend)
    await weekend.phone("giulia").types("/snooze 1 3d")
    await weekend.jump(weekend.clock.now() + timedelta(hours=23))
    weekend.customer_says(MORE)
    await weekend.advance(seconds=30)
    assert len(weekend.tickets()) == 1
    await weekend.jump(weekend.clock.now() + timedelta(hours=24, minutes=1))
    weekend.customer_says(OUTAGE)
    await weekend.advance(seconds=30)
    assert len(weekend.tickets()) == 2


async def test_two_of_our_accounts_in_one_post_are_one_ticket(weekend: Weekend) -> None:
    """It stands in both timelines, rings once, and is answered from the account that was named first."""
    await rung(weekend, OUTAGE.replace("@TIM_Official", "@TIM119Giulia @TIM_Official"))
    assert [t["account"] for t in weekend.tickets()] == ["TIM119Giulia"]
    assert weekend.phone("giulia").rings == 1
    await weekend.nothing_else()


async def test_retweets_and_our_own_posts_are_no_mentions(weekend: Weekend) -> None:
    """A hundred retweets of one outage, or our agents' own posts, must not ring a hundred times."""
    first = await rung(weekend)
    weekend.stage.x.write("lucia", "", retweeted=first)
    weekend.stage.x.write("TIM119Giulia", "Anche @TIM_Official è qui: emergenza, nemmeno il 112 si riesce a chiamare")
    await weekend.advance(minutes=1)
    assert len(weekend.tickets()) == 1
    assert weekend.phone("giulia").rings == 1
    await weekend.nothing_else()


async def test_an_edited_post_is_judged_again(weekend: Weekend) -> None:
    """X gives an edit a new id: it is the same mention, with new words and a mark on the card."""
    first = await rung(weekend, BUSINESS)
    giulia = weekend.phone("giulia")
    weekend.stage.x.edit(first, OUTAGE)
    await weekend.advance(minutes=1)
    assert len(weekend.tickets()) == 1
    assert weekend.ticket()["mentions"] == [first]
    assert weekend.ticket()["urgency"] == "critical"
    card = giulia.card()
    assert "edited" in card.text
    assert "borgata" in card.text
    assert "ristorante" not in card.text
    assert giulia.rings == 2
    await giulia.types("Arriviamo.", reply_to=card)
    await giulia.presses(giulia.preview(), "Send")
    await weekend.advance(seconds=30)
    (answer,) = weekend.posts()
    assert answer.in_reply_to == weekend.stage.x.posts[first].history[-1], "under the newest version"
    await weekend.nothing_else()


async def test_a_post_edited_into_thanks_keeps_its_card(weekend: Weekend) -> None:
    """The customer solved it and edits the only post: the card still says what there is, and nothing breaks."""
    first = await rung(weekend, BUSINESS)
    giulia = weekend.phone("giulia")
    weekend.stage.x.edit(first, "@TIM_Official grazie mille, tutto risolto!")
    await weekend.advance(minutes=5)
    card = giulia.card()
    assert "tutto risolto" in card.text
    assert "edited" in card.text
    assert card.rang, "what was an alarm climbs until a person says otherwise"
    await giulia.presses(card, "Claim")
    await giulia.types("/close 1")
    await weekend.nothing_else()


async def test_a_deleted_post_is_marked(weekend: Weekend) -> None:
    """Nobody should hunt for a post that is gone; its words stay readable for who has the ticket."""
    first = await claimed(weekend)
    giulia = weekend.phone("giulia")
    weekend.stage.x.delete(first)
    await weekend.walk(60, minutes=8)
    assert "deleted by the customer" in giulia.card().text
    assert weekend.ticket()["state"] == "claimed"
    await giulia.types("Arriviamo.", reply_to=giulia.card())
    preview = giulia.preview()
    popup = await giulia.presses(preview, "Send")
    assert "deleted" in popup
    assert weekend.ticket()["replies"][0]["state"] == "draft"
    await weekend.advance(minutes=1)
    assert weekend.posts() == []
    await weekend.nothing_else()


async def test_a_new_post_during_the_hold_stops_the_reply(weekend: Weekend) -> None:
    """Our words may no longer fit: they wait, and the phone rings with the reason and Send at hand."""
    first = await claimed(weekend)
    giulia = weekend.phone("giulia")
    await held(weekend)
    weekend.customer_says(MORE, in_reply_to=first)
    weekend.clock.advance(timedelta(seconds=10))
    await weekend.pass_by()
    assert weekend.ticket()["replies"][0]["state"] == "draft"
    await weekend.advance(minutes=1)
    assert weekend.posts() == []
    stopped = giulia.preview()
    assert stopped.rang
    assert "wrote again" in stopped.text
    assert labels(stopped) == ["Send", "Edit", "Cancel"]
    await giulia.presses(stopped, "Send")
    await weekend.advance(seconds=30)
    assert len(weekend.posts()) == 1
    await weekend.nothing_else()


async def test_an_edit_during_the_hold_stops_the_reply(weekend: Weekend) -> None:
    """The post was changed under our feet: read it before answering it."""
    first = await claimed(weekend)
    giulia = weekend.phone("giulia")
    await held(weekend)
    weekend.stage.x.edit(first, OUTAGE + " aggiornamento: tornata adesso")
    weekend.clock.advance(timedelta(seconds=10))
    await weekend.pass_by()
    await weekend.advance(minutes=1)
    assert weekend.posts() == []
    stopped = giulia.preview()
    assert stopped.rang
    assert "changed their post" in stopped.text
    await giulia.presses(stopped, "Send")
    await weekend.advance(seconds=30)
    (answer,) = weekend.posts()
    assert answer.in_reply_to == weekend.stage.x.posts[first].history[-1]
    await weekend.nothing_else()


async def test_a_deletion_during_the_hold_stops_the_reply(weekend: Weekend) -> None:
    """An answer to nothing would stand in public without its question."""
    first = await claimed(weekend)
    giulia = weekend.phone("giulia")
    await held(weekend)
    weekend.stage.x.delete(first)
    await weekend.advance(minutes=1)
    assert weekend.posts() == []
    assert weekend.sent("POST /2/tweets") == 0
    stopped = giulia.preview()
    assert stopped.rang
    assert "deleted" in stopped.text
    assert weekend.ticket()["replies"][0]["state"] == "draft"
    await giulia.presses(stopped, "Cancel")
    await weekend.nothing_else()
