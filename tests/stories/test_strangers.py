"""Nobody gets in: whatever a stranger, a locked person or a curious colleague sends, nothing of the team's changes."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from weekend import BUSINESS, OUTAGE, QUESTION, Weekend, labels, weekend_stage

from bot.core.commands import COMMANDS, PRESSES
from bot.store import people

MALLORY = 6666
# What a stranger's attempt may leave behind: the kept update, the log, the one quiet line, the reader's place.
TRACES = ("inbox", "log", "outbox", "cursor")
FORGED = [
    "", ":", "claim", "claim:", "claim:-1", "claim:0", "claim:1:2", "claim:1e3", "claim:0x1", "claim: 1", "claim:1 ",
    "claim:١", "claim:１", "CLAIM:1", "claim:1\n", "claim:1\x00", "claim:" + "9" * 16, "claim:" + "9" * 58,
    "claim:9223372036854775808", "x" * 64, "é" * 32, "🔴" * 16, "snooze:1", "snooze:1:-30", "snooze:1:999999",
    "snooze:1:NaN", "close:1:", "close:1:everything", "close:1:solved:now", "duty:1", "duty:ok:", "duty:ok:-1",
    "duty:no:1", "yes:", "yes:1:1", "no:1.5", "send:true", "send:1;drop table ticket", "../../etc/passwd", "%s%s%n",
    "delete:1 or 1=1", "{}", "null", "claim:1\u202e", "claim\u200b:1", "lock:giulia", "override:1", "enroll:marco",
]  # fmt: skip


async def _busy_night(weekend: Weekend) -> None:
    """Tickets, a claim, a preview, a question: something of everybody's to be tempted by."""
    giulia = weekend.phone("giulia")
    weekend.customer_says(OUTAGE, author="mario")
    weekend.customer_says(BUSINESS, author="bar")
    weekend.customer_says(QUESTION, author="lia")
    await weekend.advance(seconds=30)
    await giulia.presses(giulia.card(1), "Claim")
    await giulia.types("Ci siamo", reply_to=giulia.card(1))
    await weekend.phone("sara").types("/claim 2")
    await giulia.types("/handover 1 marco")


def _stranger(weekend: Weekend) -> None:
    weekend.stage.telegram.add_person(MALLORY, "Mallory", "en")


async def _says(weekend: Weekend, text: str) -> None:
    weekend.stage.telegram.types(MALLORY, text)
    await weekend.settle()


def _answers(weekend: Weekend) -> list[str]:
    return [m.text for m in weekend.stage.telegram.chat(MALLORY) if m.from_bot]


async def test_a_stranger_gets_one_quiet_line_a_day_and_nothing_else(weekend: Weekend) -> None:
    """Whoever finds the bot learns that it is private: not who works here, nor what is open."""
    await _busy_night(weekend)
    _stranger(weekend)
    before = weekend.everything(*TRACES)
    for spec in COMMANDS:
        for word in (spec.name, *spec.aliases):
            if spec.name != "start":
                await _says(weekend, f"/{word}")
                await _says(weekend, f"/{word} 1 giulia 30m")
    for text in ("ciao", "@TIM_Official aiuto", "' OR 1=1 --", "\u202e/claim 1", "/start", "🔴" * 500, "x" * 4096):
        await _says(weekend, text)
    for kind in ("voice", "sticker", "photo"):
        weekend.stage.telegram.sends(MALLORY, kind)
        await weekend.settle()
    (line,) = _answers(weekend)
    assert line == "This bot is for a team on call. If you belong to it, ask your lead for a link."
    assert not any(m.rang for m in weekend.stage.telegram.chat(MALLORY))
    assert weekend.everything(*TRACES) == before
    for person in ("giulia", "sara", "marco"):
        assert not any("Mallory" in m.text or "6666" in m.text for m in weekend.phone(person).since_start())
    weekend.clock.advance(timedelta(days=1))
    await _says(weekend, "again")
    assert len(_answers(weekend)) == 2


async def test_a_stranger_presses_every_button(weekend: Weekend) -> None:
    """Callback data can be forged by any client: every verb with every id, and worse, changes nothing."""
    await _busy_night(weekend)
    _stranger(weekend)
    await _says(weekend, "hello")
    mine = next(m for m in weekend.stage.telegram.chat(MALLORY) if m.from_bot)
    before = weekend.everything(*TRACES)
    for verb, about in PRESSES.items():
        for number in range(1, 6):
            data = f"duty:ok:{number}" if about == "duty" else f"{verb}:{number}"
            data += {"snooze": ":30", "close": ":solved"}.get(verb, "")
            weekend.stage.telegram.presses(MALLORY, mine.message_id, data)
    for data in FORGED:
        weekend.stage.telegram.presses(MALLORY, 1, data)
    await weekend.settle()
    assert weekend.everything(*TRACES) == before
    assert weekend.stage.telegram.popups(MALLORY) == []
    assert len(_answers(weekend)) == 1
    await weekend.nothing_else()


async def test_forged_data_from_a_colleague_is_refused_in_plain_words(weekend: Weekend) -> None:
    """Our own people's clients can lie as well; whatever the bytes, the only answer is that the button does nothing."""
    await _busy_night(weekend)
    alessio = weekend.phone("alessio")
    await alessio.types("/who")
    before = weekend.everything(*TRACES)
    for data in FORGED:
        said = await alessio.sends_data(alessio.last, data)
        assert said, f"{data!r} was answered"
        assert "Traceback" not in said
    assert weekend.everything(*TRACES) == before
    await weekend.nothing_else()


async def test_what_is_another_persons_stays_theirs(weekend: Weekend) -> None:
    """A colleague's preview, question and duty are theirs alone: a press by somebody else changes nothing."""
    await _busy_night(weekend)
    alessio = weekend.phone("alessio")
    await alessio.types("/who")
    before = weekend.everything(*TRACES)
    for number in range(1, 8):
        for data in (f"send:{number}", f"cancel:{number}", f"edit:{number}", f"delete:{number}", f"yes:{number}",
                     f"no:{number}", f"duty:ok:{number}", f"keep:{number}", f"release:{number}",
                     f"close:{number}:solved", f"snooze:{number}:30") :  # fmt: skip
            if data in ("close:3:solved",):
                continue  # nobody's, and no alarm: anybody may close it
            assert await alessio.sends_data(alessio.last, data), data
    assert weekend.everything(*TRACES) == before
    assert weekend.posts() == []
    await weekend.nothing_else()


async def test_staff_cannot_do_a_leads_work(weekend: Weekend) -> None:
    """The rota and the team's phones are the leads' business."""
    giulia = weekend.phone("giulia")
    before = weekend.everything(*TRACES)
    for text in ("/lock sara", "/blocco sara", "/enroll sara", "/iscrivo sara", "/people", "/persone",
                 "/override sara sun 09:00 sun 12:00", "/sostituzione sara dom 09:00 dom 12:00"):  # fmt: skip
        await giulia.types(text)
        assert "lead" in giulia.last.text, text
    assert weekend.everything(*TRACES) == before
    await weekend.nothing_else()


async def test_guessing_links_is_limited(weekend: Weekend) -> None:
    """Five tries an hour: then even a right link does not open, so guessing is hopeless at any speed."""
    _stranger(weekend)
    for n in range(30):
        await _says(weekend, f"/start guess-{n}")
    assert len(_answers(weekend)) == 6
    weekend.house.store.run_now(
        people.invite, "alessio", "right-token", "server", weekend.clock.now(), timedelta(hours=9)
    )
    await _says(weekend, "/start right-token")
    assert weekend.house.store.read_now(people.by_user, MALLORY) is None
    weekend.clock.advance(timedelta(minutes=61))
    await _says(weekend, "/start right-token")
    assert weekend.house.store.read_now(people.by_user, MALLORY).id == "alessio"


async def test_a_foreign_group_is_left_without_a_word(weekend: Weekend) -> None:
    """Whoever adds the bot to a group, lead or stranger: nothing is said there, and it leaves."""
    _stranger(weekend)
    world = weekend.stage.telegram
    for chat, who in ((-501, MALLORY), (-502, 1004)):
        world.group(chat, "A group")
        world.adds_bot(chat, who)
        await weekend.settle()
        assert not world.groups[chat].has_bot
        world.groups[chat].has_bot = True
        world.types_in_group(chat, who, "/tickets")
        await weekend.settle()
        assert not world.groups[chat].has_bot
        assert not [m for m in world.chat(chat) if m.from_bot]
    await weekend.nothing_else()


async def test_the_team_group_reads_no_customers_words_and_commands_nothing(tmp_path: Path) -> None:
    """In the team's own group the bot posts number, line, urgency and owner, and takes no orders."""
    async with weekend_stage(tmp_path, team_chat=-900) as weekend:
        world = weekend.stage.telegram
        world.group(-900, "Team").has_bot = True
        weekend.customer_says(OUTAGE)
        await weekend.advance(seconds=30)
        world.types_in_group(-900, 1001, "/claim 1")
        world.types_in_group(-900, 1004, "/lock giulia", anonymous=True)
        await weekend.settle()
        assert world.groups[-900].has_bot
        (line,) = [m for m in world.chat(-900) if m.from_bot]
        assert line.text == "🔴 #1 · 187 · critical · nobody has it yet"
        world.presses(1001, line.message_id, "claim:1", chat_id=-900)
        await weekend.settle()
        assert weekend.ticket()["owner"] is None
        giulia = weekend.phone("giulia")
        await giulia.presses(giulia.card(), "Claim")
        (line,) = [m for m in world.chat(-900) if m.from_bot]
        assert line.text == "🔴 #1 · 187 · critical · Giulia has it"
        for person in ("sara", "alessio", "marco"):
            await weekend.phone(person).types("/language it")
        await giulia.types("/close 1")
        (line,) = [m for m in world.chat(-900) if m.from_bot]
        assert "critico" in line.text, "the group reads what most of the team reads"
        await weekend.nothing_else()


async def test_the_team_group_becomes_a_supergroup(tmp_path: Path) -> None:
    """Telegram gives the group a new id: the bot stays, goes on writing there, and asks the old id once only."""
    async with weekend_stage(tmp_path, team_chat=-900) as weekend:
        world = weekend.stage.telegram
        world.group(-900, "Team").has_bot = True
        world.becomes_supergroup(-900, -1001234567890)
        weekend.customer_says(OUTAGE)
        await weekend.advance(seconds=30)
        world.types_in_group(-1001234567890, 1001, "ciao")
        await weekend.settle()
        assert world.groups[-1001234567890].has_bot
        sends = weekend.sent("POST /bot/sendMessage")
        weekend.customer_says(BUSINESS, "anna")
        await weekend.advance(seconds=30)
        assert [m.text[:4] for m in world.chat(-1001234567890) if m.from_bot] == ["🔴 #1", "🟠 #2"]
        assert weekend.sent("POST /bot/sendMessage") == sends + 2


async def test_a_reply_to_a_forwarded_card_goes_nowhere(weekend: Weekend) -> None:
    """A card forwarded to a stranger is a picture of a card: answering it reaches nobody."""
    await _busy_night(weekend)
    _stranger(weekend)
    await _says(weekend, "hi")
    forwarded = weekend.stage.telegram.types(MALLORY, weekend.phone("giulia").card(1).text)
    await weekend.settle()
    before = weekend.everything(*TRACES)
    weekend.stage.telegram.types(MALLORY, "my own answer to the customer", reply_to=forwarded)
    mine = next(m for m in weekend.stage.telegram.chat(MALLORY) if m.from_bot)
    weekend.stage.telegram.types(MALLORY, "/reply 1 pwned", reply_to=mine.message_id)
    await weekend.settle()
    assert weekend.everything(*TRACES) == before
    assert weekend.posts() == []
    await weekend.nothing_else()


async def test_an_edited_message_of_a_stranger_is_as_good_as_none(weekend: Weekend) -> None:
    """Editing an old text into a command is the same as typing it."""
    _stranger(weekend)
    number = weekend.stage.telegram.types(MALLORY, "hello")
    await weekend.settle()
    before = weekend.everything(*TRACES)
    for text in ("/start right-token", "/claim 1", "/lock giulia"):
        weekend.stage.telegram.edits(MALLORY, number, text)
        await weekend.settle()
    assert weekend.everything(*TRACES) == before
    assert len(_answers(weekend)) == 1
    await weekend.nothing_else()


async def test_a_locked_person_is_a_stranger_at_once(weekend: Weekend) -> None:
    """A leaver with the chat still open on their phone: every old button and every command is dead."""
    await _busy_night(weekend)
    giulia, marco = weekend.phone("giulia"), weekend.phone("marco")
    card, preview = giulia.card(1), giulia.starting("✏️ #1")
    press = next(d for d in preview.button_data if d.startswith("send:"))
    await marco.types("/lock giulia")
    before = weekend.everything(*TRACES)
    told = len(giulia.since_start())
    for data in (press, "claim:3", "release:1", "close:1:solved", "duty:ok:1", *FORGED):
        await giulia.sends_data(card, data)
    for text in ("/tickets", "/claim 1", "/people", "/start", "text"):
        await giulia.types(text)
    assert weekend.everything(*TRACES) == before
    assert len(giulia.since_start()) == told + 1
    assert giulia.last.text.startswith("Questo bot è di una squadra di reperibili.")
    assert weekend.posts() == []


@pytest.mark.parametrize("data", FORGED[:8], ids=[json.dumps(d) for d in FORGED[:8]])
async def test_no_forged_press_stops_the_desk(weekend: Weekend, data: str) -> None:
    """After any nonsense the next honest press works."""
    weekend.customer_says(OUTAGE)
    await weekend.advance(seconds=30)
    giulia = weekend.phone("giulia")
    await giulia.sends_data(giulia.card(), data)
    await giulia.presses(giulia.card(), "Claim")
    assert weekend.ticket()["owner"] == "giulia"
    assert "Claim" not in labels(giulia.card())
    await weekend.nothing_else()
