"""What people do with their phones besides pressing buttons: edits, voice notes, strangers' messages, lost ids."""

from weekend import Weekend, claimed, held, labels, sent


async def test_a_text_that_replies_to_nothing_gets_one_kind_line(weekend: Weekend) -> None:
    """A slip of the thumb must never be posted in public."""
    await claimed(weekend)
    giulia = weekend.phone("giulia")
    before = len(giulia.since_start())
    await giulia.types("Arrivo subito!")
    assert len(giulia.since_start()) == before + 1
    assert "Nothing was sent" in giulia.last.text
    assert not giulia.last.rang
    assert weekend.ticket()["replies"] == []
    await weekend.advance(minutes=1)
    assert weekend.posts() == []
    await weekend.nothing_else()


async def test_voice_notes_and_stickers_get_one_kind_line(weekend: Weekend) -> None:
    """What cannot be posted is said at once, so that nobody believes it was."""
    await claimed(weekend)
    giulia = weekend.phone("giulia")
    for kind in ("voice", "sticker", "photo"):
        before = len(giulia.since_start())
        weekend.stage.telegram.sends(giulia.user_id, kind, reply_to=giulia.card().message_id)
        await weekend.settle()
        assert len(giulia.since_start()) == before + 1, kind
        assert "only pass on text" in giulia.last.text
    assert weekend.ticket()["replies"] == []
    await weekend.nothing_else()


async def test_a_reply_to_an_unknown_message_is_kept_and_taken_up(weekend: Weekend) -> None:
    """They replied to the wrong bubble: the words are not typed twice."""
    await claimed(weekend)
    giulia = weekend.phone("giulia")
    own = await giulia.types("/mine")
    mine = next(m for m in weekend.stage.telegram.chat(giulia.user_id) if m.message_id == own)
    await giulia.types("Il tecnico arriva alle 23.", reply_to=mine)
    assert "/reply" in giulia.last.text
    assert "kept" in giulia.last.text
    assert weekend.ticket()["replies"] == []
    await giulia.types("/reply 1")
    assert "Il tecnico arriva alle 23. ^GR" in giulia.preview().text
    await weekend.nothing_else()


async def test_words_for_a_ticket_that_is_not_there_are_kept(weekend: Weekend) -> None:
    """A wrong number at night costs a number, not the words."""
    await claimed(weekend)
    giulia = weekend.phone("giulia")
    await giulia.types("/reply 17 Il tecnico arriva alle 23.")
    assert "kept" in giulia.last.text
    await giulia.types("/rispondo 1")
    assert "Il tecnico arriva alle 23. ^GR" in giulia.preview().text
    await weekend.nothing_else()


async def test_a_message_whose_id_was_never_learnt_is_known_by_its_buttons(weekend: Weekend) -> None:
    """Telegram's answer got lost after the card had arrived: a reply to that very copy still finds its ticket."""
    weekend.fault(match="POST /bot/sendMessage", drop="after")
    weekend.customer_says("@TIM_Official siamo un'intera borgata senza linea, nemmeno il 112 si riesce a chiamare")
    await weekend.advance(minutes=1)
    giulia = weekend.phone("giulia")
    first, repeat = giulia.since_start()[-2:]
    assert "(repeat)" not in first.text
    assert "(repeat)" in repeat.text
    await giulia.types("Arriviamo.", reply_to=first)
    assert weekend.ticket()["owner"] == "giulia"
    assert "Arriviamo. ^GR" in giulia.preview().text
    await giulia.presses(giulia.preview(), "Send")
    await weekend.advance(seconds=30)
    assert len(weekend.posts()) == 1
    await weekend.nothing_else()


async def test_a_press_tells_which_message_had_arrived(weekend: Weekend) -> None:
    """Claimed on the copy in doubt, before it was repeated: it needs no repeat, and its Claim does not stay there."""
    weekend.fault(match="POST /bot/sendMessage", drop="after")
    weekend.customer_says("@TIM_Official siamo un'intera borgata senza linea, nemmeno il 112 si riesce a chiamare")
    await weekend.advance(seconds=1)
    giulia = weekend.phone("giulia")
    (first,) = giulia.since_start()
    await giulia.presses(first, "Claim")
    await weekend.advance(minutes=1)
    (card,) = giulia.since_start()
    assert "you have it" in card.text
    assert not any(button["data"] == "claim:1" for row in card.as_json()["buttons"] for button in row)
    await weekend.nothing_else()


async def test_a_preview_whose_id_was_never_learnt_still_sends_once(weekend: Weekend) -> None:
    """Two copies of one preview: Send on either posts the reply once, and the other says so."""
    await claimed(weekend)
    giulia = weekend.phone("giulia")
    weekend.fault(match="POST /bot/sendMessage", drop="after")
    await giulia.types("Arriviamo.", reply_to=giulia.card())
    await weekend.advance(seconds=30)
    first, repeat = giulia.since_start()[-2:]
    await giulia.presses(first, "Send")
    assert await giulia.sends_data(repeat, "send:1")
    await weekend.advance(seconds=30)
    assert len(weekend.posts()) == 1
    await giulia.sends_data(first, "send:1")
    await weekend.advance(minutes=1)
    assert len(weekend.posts()) == 1
    await weekend.nothing_else()


async def test_editing_the_message_of_a_draft_asks(weekend: Weekend) -> None:
    """People correct typos where they typed them: the new words are offered, never taken silently."""
    await claimed(weekend)
    giulia = weekend.phone("giulia")
    number = await giulia.types("Arivo subito.", reply_to=giulia.card())
    weekend.stage.telegram.edits(giulia.user_id, number, "Arrivo subito.")
    await weekend.settle()
    assert labels(giulia.last) == ["The new ones", "The earlier ones"]
    weekend.stage.telegram.edits(giulia.user_id, number, "Arrivo entro le 23.")
    await weekend.settle()
    await giulia.presses(giulia.last, "The new ones")
    assert "Arrivo entro le 23. ^GR" in giulia.preview().text
    weekend.stage.telegram.edits(giulia.user_id, number, "Arrivo entro le 24.")
    await weekend.settle()
    await giulia.presses(giulia.last, "The earlier ones")
    await giulia.presses(giulia.preview(), "Send")
    await weekend.advance(seconds=30)
    (answer,) = weekend.posts()
    assert answer.text == "Arrivo entro le 23. ^GR"
    await weekend.nothing_else()


async def test_editing_during_the_hold_stops_the_reply_and_asks(weekend: Weekend) -> None:
    """Who edits in the 20 seconds has seen a mistake: the mistake must not leave meanwhile."""
    await claimed(weekend)
    giulia = weekend.phone("giulia")
    number = await giulia.types("/reply 1 Arivo.")
    await giulia.presses(giulia.preview(), "Send")
    weekend.stage.telegram.edits(giulia.user_id, number, "/reply 1 Arrivo.")
    await weekend.advance(minutes=1)
    assert weekend.posts() == []
    await giulia.presses(giulia.last, "The new ones")
    await giulia.presses(giulia.preview(), "Send")
    await weekend.advance(seconds=30)
    (answer,) = weekend.posts()
    assert answer.text == "Arrivo. ^GR"
    await weekend.nothing_else()


async def test_editing_after_the_post_asks_and_posts_nothing(weekend: Weekend) -> None:
    """Telegram edits do not reach X: the person must know what the public reads."""
    await claimed(weekend)
    giulia = weekend.phone("giulia")
    await sent(weekend)
    (typed,) = [m for m in weekend.stage.telegram.chat(giulia.user_id) if m.text == "I tecnici sono sul posto."]
    for words in ("I tecnici sono in viaggio.", "I tecnici sono a casa."):
        before = len(giulia.since_start())
        weekend.stage.telegram.edits(giulia.user_id, typed.message_id, words)
        await weekend.advance(minutes=1)
        assert len(giulia.since_start()) == before + 1
        assert "changed nothing on X" in giulia.last.text
    (answer,) = weekend.posts()
    assert answer.text == "I tecnici sono sul posto. ^GR"
    assert weekend.sent("POST /2/tweets") == 1
    await weekend.nothing_else()


async def test_an_edited_command_does_nothing(weekend: Weekend) -> None:
    """ "/close 1" made out of "/claim 1" by an edit is no new wish."""
    await claimed(weekend)
    giulia = weekend.phone("giulia")
    number = await giulia.types("/note 1 tecnico in viaggio")
    before = len(giulia.since_start())
    weekend.stage.telegram.edits(giulia.user_id, number, "/close 1")
    await weekend.settle()
    assert weekend.ticket()["state"] == "claimed"
    assert len(giulia.since_start()) == before
    await weekend.nothing_else()


async def test_the_writer_may_reply_to_the_preview_with_better_words(weekend: Weekend) -> None:
    """The nearest bubble is the preview: replying to it means "rather this", without a question."""
    await claimed(weekend)
    giulia = weekend.phone("giulia")
    preview = await held(weekend, "Arriviamo.")
    await giulia.types("Arriviamo entro le 23.", reply_to=preview)
    assert "Arriviamo entro le 23. ^GR" in giulia.preview().text
    await weekend.advance(minutes=1)
    assert weekend.posts() == []
    await giulia.types("/invio 1")
    await weekend.advance(seconds=30)
    assert [p.text for p in weekend.posts()] == ["Arriviamo entro le 23. ^GR"]
    await weekend.nothing_else()
