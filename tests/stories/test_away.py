"""Away: who steps in is said before it holds, and what nobody covers is said loudly; one's own duties, at a glance."""

from datetime import UTC, datetime
from pathlib import Path

from weekend import ROTA, Weekend, labels, weekend_stage

from bot.app import import_rota
from bot.store import rotas
from schedules.on_duty import who
from schedules.rota_file import load

NEXT = ROTA.replace('turn    = "1 week"', 'turn    = "1 week"\nabsence = "next"')
GAP = ROTA.replace('turn    = "1 week"', 'turn    = "1 week"\nabsence = "gap"')
SUNDAY_NOON = datetime(2026, 11, 29, 11, 0, tzinfo=UTC)


def text(weekend: Weekend) -> str:
    row = weekend.house.store.read_now(rotas.current)
    assert row is not None
    return row.text


def on(weekend: Weekend, at: datetime = SUNDAY_NOON) -> set[str]:
    return set(who(load(text(weekend)), "primary", at))


async def test_who_steps_in_is_shown_then_told(tmp_path: Path) -> None:
    async with weekend_stage(tmp_path, rota=NEXT) as weekend:
        giulia, alessio, sara, marco = map(weekend.phone, ("giulia", "alessio", "sara", "marco"))
        await giulia.types("/away sun mon")
        asked = giulia.last.text
        assert asked.startswith("Giulia is away, Sun 29 Nov – Mon 30 Nov?")
        assert "· primary, Sun 29 Nov, 00:00 – Mon 30 Nov, 09:00: Giulia → Alessio" in asked
        assert "Stays on duty" not in asked
        assert on(weekend) == {"giulia"}
        await giulia.presses(giulia.last, "Confirm")
        assert on(weekend) == {"alessio"}
        assert "Giulia → Alessio" in alessio.starting("📅 Giulia is away").text
        assert marco.starting("📅 Giulia is away")
        assert sara.since_start() == []
        await giulia.types("/assente")
        assert giulia.last.text.startswith("Giulia is away, Sun 29 Nov – Mon 30 Nov.")
        assert "Alessio → Giulia" in giulia.last.text
        await giulia.presses(giulia.last, "Take it back")
        assert (on(weekend), text(weekend)) == ({"giulia"}, NEXT)
        assert marco.starting("📅 Giulia is not away after all")
        await weekend.pass_by()
        await weekend.nothing_else()


async def test_a_hole_is_said_loudly(tmp_path: Path) -> None:
    """Nobody steps in: the one who goes away sees it first, and the leads' phones ring."""
    async with weekend_stage(tmp_path, rota=GAP) as weekend:
        giulia, marco = weekend.phone("giulia"), weekend.phone("marco")
        await giulia.types("/away 29/11")
        assert "⚠️ Nobody is on duty (primary): Sun 29 Nov" in giulia.last.text
        await giulia.types("/yes")
        assert on(weekend) == set()
        told = marco.starting("📅 Giulia is away")
        assert "Giulia → nobody" in told.text
        assert told.rang


async def test_a_rota_that_takes_no_notice_is_said(weekend: Weekend) -> None:
    """Without an absence mode the duty stays: nobody must think that entering it was enough."""
    giulia, marco = weekend.phone("giulia"), weekend.phone("marco")
    await giulia.types("/away dal 29/11 al 29/11")
    assert "Nobody's hours move." in giulia.last.text
    stays = "⚠️ Stays on duty all the same:\n· primary, Sun 29 Nov"
    assert stays in giulia.last.text
    await giulia.types("/yes")
    assert stays in marco.starting("📅 Giulia is away").text


async def test_a_lead_enters_it_for_somebody(tmp_path: Path) -> None:
    """Ill since this evening: what has been stays, from now on the next one is on duty."""
    async with weekend_stage(tmp_path, rota=NEXT) as weekend:
        marco, giulia = weekend.phone("marco"), weekend.phone("giulia")
        await marco.types("/away giulia")
        assert marco.last.text == "Giulia has no absence ahead. To enter one: /away 20/12 28/12"
        await marco.types("/away Giulia Rossi today sun")
        assert marco.last.text.startswith("Giulia is away, Sat 28 Nov, 22:00 – Mon 30 Nov, 00:00?")
        await marco.types("/yes")
        assert (on(weekend, weekend.clock.now()), on(weekend)) == ({"alessio"}, {"alessio"})
        assert on(weekend, datetime(2026, 11, 28, 20, 59, tzinfo=UTC)) == {"giulia"}
        assert giulia.starting("📅 Giulia is away, Sat 28 Nov, 22:00 – Mon 30 Nov, 00:00 (entered by Marco):").rang
        await marco.types("/away giulia sun")
        assert marco.last.text == "Giulia is away then already. /away shows it."
        await weekend.jump(datetime(2026, 11, 29, 9, 0, tzinfo=UTC))
        await giulia.types("/away")
        await giulia.types("/yes")
        assert on(weekend) == {"giulia"}
        assert on(weekend, datetime(2026, 11, 29, 8, 0, tzinfo=UTC)) == {"alessio"}, "what has been stays"
        await giulia.types("/away sun 11:00 12:00")
        await giulia.types("/yes")
        await weekend.jump(datetime(2026, 11, 29, 10, 45, tzinfo=UTC))
        await giulia.types("/away")
        as_it_was = text(weekend)
        await weekend.jump(datetime(2026, 11, 29, 11, 10, tzinfo=UTC))
        await giulia.types("/yes")
        assert (giulia.last.text, text(weekend)) == ("That is in the past.", as_it_was), "nor does it grow longer"
        await marco.types("/away giulia mon")
        no_lead_now = (
            text(weekend).replace('role = "lead"', "").replace("[people.sara]", '[people.sara]\nrole = "lead"')
        )
        import_rota(weekend.house.store, no_lead_now, "server", "", weekend.clock.now())
        await marco.types("/yes")
        assert marco.last.text == "Only a lead can do that."


async def test_what_cannot_be_entered(weekend: Weekend) -> None:
    giulia = weekend.phone("giulia")
    for typed, said in (
        ("", "Giulia has no absence ahead."),
        ("20/12 28/12 sea", "I cannot read “sea” as a day"),
        ("pippo 20/12", "Whom do you mean by “pippo”?"),
        ("2026-11-20 2026-11-21", "That is in the past."),
        ("20/12/2026 20/12/2028", "That is longer than 366 days"),
    ):
        await giulia.types(f"/away {typed}")
        assert giulia.last.text.startswith(said), (typed, giulia.last.text)
        assert labels(giulia.last) == []
    assert weekend.house.store.read_now(rotas.current_number) == 1


async def test_two_edits_that_cross(tmp_path: Path) -> None:
    """Giulia's absence was shown on a rota that a lead has changed since: shown anew, with what the lead did."""
    async with weekend_stage(tmp_path, rota=NEXT) as weekend:
        giulia, marco = weekend.phone("giulia"), weekend.phone("marco")
        await giulia.types("/away sun")
        question = giulia.last
        await marco.types("/override sara for alessio sun backup")
        await marco.types("/override sara sun 9:00 12:00")
        await marco.types("/yes")
        await giulia.presses(question, "Confirm")
        anew = giulia.last
        assert "Meanwhile Marco changed the rota (revision 2):" in anew.text
        assert "Sun 29 Nov, 12:00 – Mon 30 Nov, 00:00: Giulia → Alessio" in anew.text
        await giulia.presses(anew, "Confirm")
        assert on(weekend) == {"alessio"} or on(weekend) == {"sara"}
        assert on(weekend, datetime(2026, 11, 29, 9, tzinfo=UTC)) == {"sara"}


async def test_ones_own_duties_at_a_glance(weekend: Weekend) -> None:
    giulia, marco = weekend.phone("giulia"), weekend.phone("marco")
    await giulia.types("/turni")
    lines = giulia.last.text.split("\n")
    assert lines[:3] == [
        "Your duties in the next 8 weeks",
        "now, until Mon 30 Nov, 09:00 · primary · with Sara",
        "Mon 30 Nov, 18:00 – Tue 1 Dec, 09:00 · primary · with Sara",
    ]
    assert "Fri 4 Dec, 18:00 – Fri 11 Dec, 18:00 · backup · with Alessio" in lines
    await marco.types("/myshifts")
    assert marco.last.text == "You have no duty in the next 8 weeks."
