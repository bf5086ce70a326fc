"""Personal data leaves for everybody to read by a second, explicit tap only."""

from datetime import timedelta

import pytest
from weekend import Weekend, claimed, labels

CALL_US = "Scrivimi a anna.verdi@example.org o chiama il 333 1234567"


async def asked(weekend: Weekend) -> None:
    """A reply that shows personal data was typed and Send was pressed."""
    await claimed(weekend)
    giulia = weekend.phone("giulia")
    await giulia.types(CALL_US, reply_to=giulia.card())
    assert "personal data" in await giulia.presses(giulia.preview(), "Send")


async def test_the_second_tap_sends_it_once(weekend: Weekend) -> None:
    await asked(weekend)
    giulia = weekend.phone("giulia")
    question = giulia.starting("⚠️ #1")
    assert labels(question) == ["Post it", "Keep the draft"]
    yes = question.buttons[0][0]["callback_data"]
    messages = len(giulia.since_start())
    await giulia.presses(giulia.preview(), "Send")
    await giulia.types("/send 1")
    assert len([m for m in giulia.since_start()[messages:] if m.buttons]) == 0, (
        "asked once, however often it is pressed"
    )
    await weekend.advance(minutes=1)
    assert weekend.posts() == []
    await giulia.presses(question, "Post it")
    await giulia.sends_data(question, yes)
    await weekend.advance(minutes=1)
    assert len(weekend.posts()) == 1
    assert weekend.ticket()["replies"][0]["state"] == "posted"
    await weekend.nothing_else()


@pytest.mark.parametrize("how", ["Keep the draft", "silence", "Cancel"])
async def test_without_it_nothing_leaves(weekend: Weekend, how: str) -> None:
    await asked(weekend)
    giulia = weekend.phone("giulia")
    question = giulia.starting("⚠️ #1")
    yes = question.buttons[0][0]["callback_data"]
    match how:
        case "silence":
            await weekend.jump(weekend.clock.now() + timedelta(minutes=16))
        case "Cancel":
            await giulia.presses(giulia.preview(), "Cancel")
        case _:
            await giulia.presses(question, how)
    await giulia.sends_data(question, yes)
    await weekend.advance(minutes=1)
    assert weekend.posts() == []
    assert weekend.ticket()["replies"][0]["state"] == ("dropped" if how == "Cancel" else "draft")


async def test_nobody_else_taps_for_the_writer(weekend: Weekend) -> None:
    await asked(weekend)
    question = weekend.phone("giulia").starting("⚠️ #1")
    marco = weekend.phone("marco")
    await marco.types("/who")
    await marco.sends_data(marco.last, question.buttons[0][0]["callback_data"])
    await weekend.advance(minutes=1)
    assert weekend.posts() == []
