"""A reply in doubt twice is settled by its writer; what we never learnt about it must not trip us later."""

from sqlmodel import select
from weekend import OUTAGE, Weekend

from bot.store.tables import QuestionRow


async def test_delete_of_a_post_we_never_saw(weekend: Weekend) -> None:
    """She says that it is there; we know no id to delete, say so, and go on."""
    giulia = weekend.phone("giulia")
    weekend.customer_says(OUTAGE)
    await weekend.advance(minutes=1)
    await giulia.types("Ci siamo.", reply_to=giulia.card())
    weekend.fault(match="POST /2/tweets", times=2, status=503)
    await giulia.types("/send 1")
    await weekend.advance(minutes=5)
    (question,) = weekend.house.store.read_now(lambda s: s.exec(select(QuestionRow)).all())
    await giulia.sends_data(giulia.last, f"yes:{question.id}")
    assert weekend.ticket()["replies"][0]["state"] == "posted"

    await giulia.types("/delete 1")
    assert giulia.last.text.startswith("⚠️ #1: I could not delete the reply.")
    assert weekend.sent("DELETE /2/tweets/*") == 0
    await weekend.nothing_else()
