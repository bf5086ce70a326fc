"""Colleagues swap duties: nothing holds before the other one's yes, and never another swap than the one shown."""

from datetime import UTC, datetime, timedelta
from typing import Any

from weekend import Phone, Weekend, labels

from bot.app import import_rota
from bot.store import outbox, rotas
from schedules.on_duty import who
from schedules.rota import Swap
from schedules.rota_file import load

# Giulia has primary until Friday 4 December, then Alessio for a week, then Sara.
GIULIAS = datetime(2026, 12, 1, 20, 0, tzinfo=UTC)
"""Tuesday night, Giulia's until Wednesday at 09:00."""
ALESSIOS = datetime(2026, 12, 10, 20, 0, tzinfo=UTC)
"""Thursday of the week after, Alessio's until Friday at 09:00."""
ASK = "/swap alessio 1/12 10/12"


def on(weekend: Weekend) -> tuple[set[str], set[str]]:
    """Who is on duty in Giulia's night and in Alessio's."""
    plan = load(text(weekend))
    return set(who(plan, "primary", GIULIAS)), set(who(plan, "primary", ALESSIOS))


AS_IT_WAS = ({"giulia"}, {"alessio"})
SWAPPED = ({"alessio"}, {"giulia"})


def text(weekend: Weekend) -> str:
    row = weekend.house.store.read_now(rotas.current)
    assert row is not None
    return row.text


def requests(weekend: Weekend) -> list[Swap]:
    return [each for each in load(text(weekend)).rotas["primary"].overrides if isinstance(each, Swap) and each.open]


async def late(phone: Phone, message: Any) -> str:
    """A press on a button that stood there a moment ago."""
    return await phone.sends_data(message, f"yes:{number_of(phone, message)}")


def number_of(phone: Phone, message: Any) -> int:
    """The question that a message asked."""

    def asked(session: Any) -> int:
        row = outbox.by_message(session, phone.user_id, message.message_id)
        assert row is not None
        assert row.question_id is not None
        return row.question_id

    return phone.weekend.house.store.read_now(asked)


async def quiet(weekend: Weekend) -> None:
    await weekend.pass_by()
    await weekend.nothing_else()


async def asked(weekend: Weekend, typed: str = ASK, by: str = "giulia", other: str = "alessio") -> Any:
    """The question on the other one's phone."""
    await weekend.phone(by).types(typed)
    question = weekend.phone(other).last
    assert labels(question) == ["Yes", "No"], question.text
    return question


async def test_a_swap_holds_from_the_others_yes_on(weekend: Weekend) -> None:
    """The request stands in the rota without effect; the yes makes it hold, and the leads hear of it."""
    giulia, alessio, marco = map(weekend.phone, ("giulia", "alessio", "marco"))
    before = text(weekend)
    question = await asked(weekend)
    assert question.text.startswith(
        "Giulia would like to swap on primary: you take Tue 1 Dec, 18:00 – Wed 2 Dec, 09:00, "
        "Giulia takes Thu 10 Dec, 18:00 – Fri 11 Dec, 09:00."
    ), question.text
    assert not question.rang, "a week ahead wakes nobody"
    (request,) = requests(weekend)
    assert (request.first.person, request.second.person, request.by) == ("giulia", "alessio", "giulia")
    assert on(weekend) == AS_IT_WAS
    mine = giulia.last
    assert labels(mine) == ["Let it stand", "Withdraw"]
    assert marco.since_start() == []
    await alessio.presses(question, "Yes")
    assert (on(weekend), requests(weekend)) == (SWAPPED, [])
    assert giulia.starting("🔁 Giulia and Alessio have swapped:")
    assert marco.starting("🔁 Giulia and Alessio have swapped:")
    assert text(weekend).startswith(before)
    assert 'by = "giulia"' in text(weekend).removeprefix(before)
    assert await late(giulia, mine) == "That was answered already."
    row = weekend.house.store.read_now(rotas.current)
    assert row is not None
    assert (row.author, row.number) == ("alessio", 3)
    await quiet(weekend)


async def test_a_no_takes_the_request_out_again(weekend: Weekend) -> None:
    before = text(weekend)
    question = await asked(weekend)
    await weekend.phone("alessio").presses(question, "No")
    assert (on(weekend), text(weekend)) == (AS_IT_WAS, before)
    assert weekend.phone("giulia").starting("Alessio declined the swap")
    assert weekend.phone("marco").since_start() == []
    await quiet(weekend)


async def test_no_answer_ends_it_before_the_first_duty_begins(weekend: Weekend) -> None:
    before = text(weekend)
    question = await asked(weekend)
    await weekend.jump(datetime(2026, 12, 1, 16, 59, 30, tzinfo=UTC))
    assert len(requests(weekend)) == 1
    await weekend.jump(datetime(2026, 12, 1, 17, 0, tzinfo=UTC))
    assert (on(weekend), text(weekend)) == (AS_IT_WAS, before)
    assert weekend.phone("giulia").saw("Alessio did not answer about the swap")
    assert "no answer in time" in weekend.phone("alessio").starting("Giulia would like to swap").text
    assert await late(weekend.phone("alessio"), question) == "That was answered already."
    assert on(weekend) == AS_IT_WAS


async def test_two_that_end_at_the_same_tick_both_leave_the_rota(weekend: Weekend) -> None:
    """As after downtime: the second must not be taken out of a text that still holds the first."""
    before = text(weekend)
    await asked(weekend)
    await asked(weekend, "/swap alessio 2/12 9/12")
    assert len(requests(weekend)) == 2
    await weekend.jump(datetime(2026, 12, 3, 16, 0, tzinfo=UTC))
    assert (requests(weekend), text(weekend)) == ([], before)


async def test_the_asker_withdraws_it(weekend: Weekend) -> None:
    """By the button, or by typing /swap, which shows what is open once more."""
    giulia, alessio = weekend.phone("giulia"), weekend.phone("alessio")
    before = text(weekend)
    question = await asked(weekend)
    await giulia.types(ASK)
    assert giulia.last.text == "Alessio was asked that already. /swap shows it."
    await giulia.types("/away 24/12")
    await giulia.types("/no")
    assert giulia.last.text == "Nothing was changed.", "a request waits for days and is not in the way"
    await giulia.types("/swap")
    await giulia.types("/no")
    assert text(weekend) == before
    assert alessio.last.text == "Giulia withdrew the swap (primary, Tue 1 Dec, 18:00 – Wed 2 Dec, 09:00)."
    assert await late(alessio, question) == "That was answered already."
    await quiet(weekend)


async def test_when_the_duties_moved_meanwhile_it_is_asked_anew(weekend: Weekend) -> None:
    """Alessio said yes to one night; by now Marco stands in for half of it."""
    alessio, marco = weekend.phone("alessio"), weekend.phone("marco")
    question = await asked(weekend)
    await marco.types("/override marco 10/12 22:00 11/12 9:00")
    await marco.types("/yes")
    assert "changed meanwhile" in await alessio.presses(question, "Yes")
    assert (len(requests(weekend)), on(weekend)[0]) == (1, {"giulia"})
    anew = alessio.last
    assert anew.text.startswith("The rota has changed meanwhile, so I ask again.")
    assert "Thu 10 Dec, 18:00 – 22:00: Alessio → Giulia" in anew.text
    await alessio.presses(anew, "Yes")
    assert on(weekend) == ({"alessio"}, {"giulia"})
    assert set(who(load(text(weekend)), "primary", ALESSIOS + timedelta(hours=2))) == {"marco"}
    await quiet(weekend)


async def test_other_changes_do_not_disturb_it(weekend: Weekend) -> None:
    marco, alessio = weekend.phone("marco"), weekend.phone("alessio")
    question = await asked(weekend)
    await marco.types("/override marco 20/12 9:00 21/12 9:00")
    await marco.types("/yes")
    await alessio.presses(question, "Yes")
    assert on(weekend) == SWAPPED


async def test_a_request_that_left_the_rota_is_void(weekend: Weekend) -> None:
    """A lead imports a file without it, or takes it back: the yes of before means nothing any more."""
    alessio, marco, giulia = map(weekend.phone, ("alessio", "marco", "giulia"))
    before = text(weekend)
    question = await asked(weekend)
    import_rota(weekend.house.store, before, "server", "import of rota.toml", weekend.clock.now())
    assert "is off: the rota has changed meanwhile" in await alessio.presses(question, "Yes")
    assert giulia.starting("The swap of Giulia and Alessio is off")
    assert on(weekend) == AS_IT_WAS
    await giulia.types(ASK)
    question = alessio.last
    await marco.types("/undo")
    assert "+ " not in marco.last.text
    assert "− change of primary" in marco.last.text
    await marco.types("/yes")
    assert text(weekend) == before
    assert await late(alessio, question) == "That was answered already."


async def test_a_duty_is_taken_over(weekend: Weekend) -> None:
    """With one day nothing is given for it, and nothing stands in the rota until the yes."""
    giulia, alessio = weekend.phone("giulia"), weekend.phone("alessio")
    before = text(weekend)
    question = await asked(weekend, "/cambio alessio mar")
    assert question.text.startswith("Giulia asks you to take over on primary: Tue 1 Dec, 18:00 – Wed 2 Dec, 09:00.")
    assert text(weekend) == before
    await alessio.types("/si")
    assert on(weekend) == ({"alessio"}, {"alessio"})
    assert giulia.starting("🔁 Alessio takes over from Giulia:")
    await quiet(weekend)


async def test_a_duty_that_runs_is_taken_over_from_the_yes_on(weekend: Weekend) -> None:
    """Giulia is ill on Saturday night: it rings at Sara's, and until Sara says yes Giulia is on duty."""
    question = await asked(weekend, "/swap sara today", other="sara")
    assert question.rang
    assert "⚠️ primary and backup are the same: Sara: Sat 28 Nov, 22:00 – Sun 29 Nov, 00:00" in question.text
    await weekend.jump(datetime(2026, 11, 28, 21, 40, tzinfo=UTC))
    await weekend.phone("sara").presses(question, "Yes")
    plan = load(text(weekend))
    minute = timedelta(minutes=1)
    at = datetime(2026, 11, 28, 21, 40, tzinfo=UTC)
    assert [set(who(plan, "primary", each)) for each in (at - minute, at, at + timedelta(minutes=79))] == [
        {"giulia"},
        {"sara"},
        {"sara"},
    ]
    assert set(who(plan, "primary", at + timedelta(minutes=80))) == {"giulia"}


async def test_what_cannot_be_swapped_is_said(weekend: Weekend) -> None:
    giulia = weekend.phone("giulia")
    for typed, said in (
        ("", "Like this:\n/swap sara 5/12 12/12"),
        ("alessio", "Like this:\n/swap sara 5/12 12/12"),
        ("giulia 1/12 10/12", "With yourself?"),
        ("alessio 12/12 10/12", "You have no duty to swap on Sat 12 Dec."),
        ("alessio 1/12 2/12", "Alessio has no duty to swap on Wed 2 Dec."),
        ("sara 1/12 2/12", "Your duty is on primary, Sara's on backup: ask for each by itself"),
        ("alessio 7/12/2027", "You have no duty to swap on Tue 7 Dec 2027."),
        ("alessio dienstag", "I cannot read “dienstag” as a day"),
        ("alessio 1/12 8/12 nights", "There is no rota “nights”"),
        ("pippo 1/12", "Whom do you mean by “pippo”?"),
    ):
        await giulia.types(f"/swap {typed}")
        assert giulia.last.text.startswith(said), (typed, giulia.last.text)
        assert labels(giulia.last) == []
    assert weekend.house.store.read_now(rotas.current_number) == 1


async def test_only_the_one_who_is_asked_can_answer(weekend: Weekend) -> None:
    question = await asked(weekend)
    data = question.buttons[0][0]["callback_data"]
    sara = weekend.phone("sara")
    await sara.types("/help")
    assert await sara.sends_data(sara.last, data) == "That was not for you."
    assert on(weekend) == AS_IT_WAS
