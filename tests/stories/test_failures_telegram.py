"""Telegram refuses, and what people typed meets a refusal: nothing is lost, and somebody is told."""

from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlmodel import select
from weekend import OUTAGE, QUESTION, TEAM, Weekend, claimed, labels, rung, weekend_stage

from bot.locking import lock_person
from bot.store.tables import NoteRow, PersonRow

LISTENING = "POST /bot/getUpdates"


def notes(weekend: Weekend) -> list[tuple[int | None, str]]:
    """Every note: its ticket (None: loose) and its words."""
    rows = weekend.house.store.read_now(lambda s: s.exec(select(NoteRow)).all())
    return [(row.ticket_id, row.text) for row in rows]


async def test_somebody_else_with_our_token_is_an_alarm(weekend: Weekend) -> None:
    """Their copy takes away what our phones say: the lead hears it at once, and our presses count again after."""
    marco, giulia = weekend.phone("marco"), weekend.phone("giulia")
    await rung(weekend)
    body = {"ok": False, "error_code": 409, "description": "Conflict: terminated by other getUpdates request"}
    weekend.fault(match=LISTENING, times=None, status=409, body=body)
    await weekend.advance(seconds=30)
    told = marco.starting("⚠️ Somebody else reads what you write to this bot")
    assert told.rang
    await weekend.walk(60, minutes=3)
    assert sum("Somebody else" in m.text for m in marco.since_start()) == 1, "and then hourly"
    weekend.stage.clear_faults()
    await weekend.advance(seconds=30)
    await giulia.presses(giulia.card(), "Claim")
    assert weekend.ticket()["owner"] == "giulia"
    await weekend.nothing_else()


async def test_a_note_for_a_ticket_that_is_not_there_is_kept(weekend: Weekend) -> None:
    """A mistyped number must not cost the words: they are taken up by the right number alone."""
    await claimed(weekend)
    giulia = weekend.phone("giulia")
    await giulia.types("/note 42 Chiama dopo le nove.")
    assert "no ticket #42" in giulia.last.text
    assert "kept your words" in giulia.last.text
    assert notes(weekend) == [(None, "Chiama dopo le nove.")]
    await giulia.types("/note 1")
    assert notes(weekend) == [(1, "Chiama dopo le nove.")]
    await giulia.types("/note 1")
    assert "no words" in giulia.last.text
    await weekend.nothing_else()


async def test_the_words_of_any_refused_command_are_kept(weekend: Weekend) -> None:
    """Without a number, with a slash word we do not have, with a reason instead of a way to close, under a photo."""
    await claimed(weekend)
    giulia = weekend.phone("giulia")
    for typed, kept in (
        ("/note Chiama dopo le nove.", "Chiama dopo le nove."),
        ("/repli 1 Buonasera, arriviamo.", "Buonasera, arriviamo."),
        ("/close 1 sentita al telefono", "sentita al telefono"),
        ("/close 99 sentita al telefono", "sentita al telefono"),
        ("/reply 77 Eccoci.", "Eccoci."),
    ):
        await giulia.types(typed)
        assert "kept your words" in giulia.last.text, typed
        assert notes(weekend)[-1] == (None, kept)
    count = len(notes(weekend))
    for bare in ("/close 99 solved", "/clam 1", "/nothing", "/claim 99"):
        await giulia.types(bare)
        assert "kept your words" not in giulia.last.text, bare
    assert len(notes(weekend)) == count
    await giulia.types("/reply 1")
    assert "Eccoci. ^GR" in giulia.preview().text
    await weekend.nothing_else()


async def test_a_lock_from_the_server_is_told_to_the_leads(weekend: Weekend) -> None:
    """The lead must know that a phone is out, and that its ticket rings again."""
    await claimed(weekend)
    marco = weekend.phone("marco")
    weekend.house.store.run_now(lock_person, "giulia", weekend.clock.now())
    await weekend.pass_by()
    told = marco.starting("🔒 Giulia was locked out on the server.")
    assert "1 ticket is free again" in told.text
    weekend.house.store.run_now(lock_person, "giulia", weekend.clock.now() + timedelta(minutes=1))
    await weekend.pass_by()
    assert sum("locked out on the server" in m.text for m in marco.since_start()) == 1


async def test_the_old_phone_keeps_no_card_after_yes(weekend: Weekend) -> None:
    """Sara's new phone is confirmed: the customers' words go from the old one at once, not at the next change."""
    await claimed(weekend, OUTAGE)
    sara, marco = weekend.phone("sara"), weekend.phone("marco")
    await sara.types("/ticket 1")
    story = sara.last
    assert "borgata" in story.text
    await marco.types("/enroll Sara")
    link = marco.last.text
    token = link.rsplit("start=", 1)[1].split()[0]
    weekend.stage.telegram.add_person(2003, "Sara nuova")
    weekend.stage.telegram.types(2003, f"/start {token}")
    await weekend.settle()
    await marco.presses(marco.last, "Yes, let them in")
    assert weekend.house.store.read_now(lambda s: s.get_one(PersonRow, "sara")).user_id == 2003
    assert "borgata" not in story.text
    assert "no longer linked" in story.text
    await weekend.nothing_else()


async def test_the_silent_list_comes_back_to_a_phone_that_was_blocked(weekend: Weekend) -> None:
    """The list was refused while she had blocked us; when she is back, what waits must be seen again."""
    giulia = weekend.phone("giulia")
    weekend.stage.telegram.updates.clear()
    weekend.stage.telegram.blocks(TEAM["giulia"])
    weekend.stage.telegram.updates.clear()
    weekend.customer_says(QUESTION, author="lia")
    await weekend.advance(seconds=30)
    assert weekend.phone("marco").saw("Giulia cannot be reached")
    weekend.stage.telegram.unblocks(TEAM["giulia"])
    await weekend.walk(300, minutes=11)
    assert "lia" in giulia.starting("⚪ Waiting").text
    await weekend.nothing_else()


async def test_a_summary_that_telegram_refuses_climbs_at_once(tmp_path: Path) -> None:
    """Six alarms in one ring, refused: the next step comes now, and the lead knows whose phone lacks it."""
    async with weekend_stage(tmp_path) as weekend:
        for n in range(6):
            weekend.customer_says(f"@TIM_Official il pos del ristorante è morto, sala piena ({n})", author=f"bar{n}")
        body: dict[str, Any] = {"ok": False, "error_code": 400, "description": "Bad Request: message is too odd"}
        weekend.fault(match="POST /bot/sendMessage", times=1, status=400, body=body)
        await weekend.pass_by()
        await weekend.advance(seconds=5)
        assert weekend.phone("marco").saw("Telegram refused a message to Giulia")
        assert weekend.phone("sara").starting("🟠 6 urgent tickets wait").rang
        assert labels(weekend.phone("marco").last) == []
