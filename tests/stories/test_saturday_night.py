"""The main story: a customer writes, the phone rings, the answer stands on X; and nobody reacts."""

from weekend import OUTAGE, Weekend, labels


async def test_from_mention_to_answer(weekend: Weekend) -> None:
    """What this product is for."""
    giulia, sara = weekend.phone("giulia"), weekend.phone("sara")
    post = weekend.customer_says(OUTAGE)
    await weekend.advance(minutes=1)

    card = giulia.card()
    assert card.text.split("\n")[0] == "🔴 #1 · 187 · critical · now"
    assert card.rang
    assert sara.rings == 0

    await giulia.presses(card, "Claim")
    assert weekend.ticket()["owner"] == "giulia"
    assert "you have it" in giulia.card().text.split("\n")[0]

    await giulia.types("Ci siamo: il guasto è noto, i tecnici sono sul posto entro le 23.", reply_to=card)
    preview = giulia.starting("✏️ #1")
    assert "^GR" in preview.text
    assert labels(preview) == ["Send", "Edit", "Cancel"]
    assert weekend.posts() == []

    await giulia.presses(preview, "Send")
    assert weekend.posts() == []
    await weekend.advance(seconds=30)

    (answer,) = weekend.posts()
    assert answer.author.handle == "TIM_Official"
    assert answer.in_reply_to == post
    assert answer.text.endswith("entro le 23. ^GR")
    assert weekend.ticket()["state"] == "answered"
    assert "answered by Giulia" in giulia.card().text.split("\n")[0]
    await weekend.nothing_else()


async def test_silence_climbs_the_ladder(weekend: Weekend) -> None:
    """Nobody reacts: the next person is paged, then the lead."""
    weekend.customer_says(OUTAGE)
    await weekend.advance(minutes=1)
    assert (weekend.phone("giulia").rings, weekend.phone("sara").rings, weekend.phone("marco").rings) == (1, 0, 0)

    await weekend.advance(minutes=5)
    assert (weekend.phone("giulia").rings, weekend.phone("sara").rings, weekend.phone("marco").rings) == (2, 1, 0)

    await weekend.advance(minutes=5)
    assert weekend.phone("marco").rings == 1

    await weekend.phone("sara").presses(weekend.phone("sara").card(), "Claim")
    assert "Sara has it" in weekend.phone("giulia").card().text
    assert "Sara has it" in weekend.phone("marco").card().text
    await weekend.nothing_else()
