"""A lead edits the rota from the phone: every kind of override, two leads at once, and taking a change back."""

from datetime import UTC, datetime
from pathlib import Path

from weekend import ROTA, Weekend, labels, weekend_stage

from bot.app import import_rota
from bot.store import people, rotas
from schedules.on_duty import who

TWO_LEADS = ROTA.replace('signature = "SR"', 'signature = "SR"\nrole = "lead"')
SUNDAY_NOON = datetime(2026, 11, 29, 11, 0, tzinfo=UTC)


def on(weekend: Weekend, rota: str = "primary", at: datetime = SUNDAY_NOON) -> set[str]:
    return set(who(weekend.house.store.read_now(weekend.house.rota.plan), rota, at))


def number(weekend: Weekend) -> int:
    return weekend.house.store.read_now(rotas.current_number)


def text(weekend: Weekend, revision: int | None = None) -> str:
    row = weekend.house.store.read_now(rotas.get, revision or number(weekend))
    assert row is not None
    return row.text


async def quiet(weekend: Weekend) -> None:
    """And nothing else was sent, once the leads know what is odd about the rota now (a digest of the tick)."""
    await weekend.pass_by()
    await weekend.nothing_else()


async def test_each_kind_of_override_is_shown_as_it_is_meant(weekend: Weekend) -> None:
    """A tired lead reads before → after, and what turns odd by it, before anything holds."""
    marco = weekend.phone("marco")
    for typed, said, shows, after in (
        ("alessio sun 09:00 21:00", "Alessio alone is on duty", "Giulia → Alessio", {"alessio"}),
        ("alessio for giulia sun 09:00 21:00", "Alessio stands in for Giulia", "Giulia → Alessio", {"alessio"}),
        ("+alessio domenica 9 21", "Alessio is on duty, too", "Giulia → Alessio and Giulia", {"alessio", "giulia"}),
        ("-giulia sun", "Giulia is off duty", "Giulia → nobody", set()),
        ("nessuno dom 9:00 21:00", "Nobody is on duty: ", "Giulia → nobody", set()),
        ("Marco Villa per giulia from sun 9:00 to sun 21:00", "Marco stands in for", "Giulia → Marco", {"marco"}),
    ):
        before = number(weekend)
        await marco.types(f"/override {typed}")
        preview = marco.last.text
        assert said in preview, preview
        assert shows in preview, preview
        assert ("⚠️ Nobody is on duty (primary)" in preview) == (not after), preview
        assert on(weekend) == {"giulia"}, "nothing holds before Confirm"
        await marco.presses(marco.last, "Confirm")
        assert on(weekend) == after
        await marco.types("/undo")
        await marco.presses(marco.last, "Take it back")
        assert on(weekend) == {"giulia"}
        assert text(weekend) == text(weekend, before), "taken back to the byte"


async def test_the_rota_is_the_one_where_it_makes_sense(weekend: Weekend) -> None:
    """Who stands in for the backup need not know how the rotas are called."""
    marco = weekend.phone("marco")
    await marco.types("/override alessio for sara sun")
    assert marco.last.text.startswith("Change the rota “backup”?")
    await marco.presses(marco.last, "Confirm")
    assert (on(weekend, "backup"), on(weekend)) == ({"alessio"}, {"giulia"})
    await marco.types("/override giulia sun 9:00 21:00 BACKUP")
    assert "⚠️ primary and backup are the same: Giulia: Sun 29 Nov, 09:00 – 21:00" in marco.last.text


async def test_a_change_that_changes_nothing_is_refused(weekend: Weekend) -> None:
    marco = weekend.phone("marco")
    for typed in ("giulia sun 09:00 21:00", "+giulia sun", "-marco sun", "sara for alessio sun"):
        await marco.types(f"/override {typed}")
        assert marco.last.text == "That would change nothing: on primary it is Giulia then.", typed
        assert labels(marco.last) == []
    await marco.types("/override nobody tue 10:00 12:00")
    assert marco.last.text == "That would change nothing: on primary it is nobody then.", "the office is open"


async def test_warnings_stand_in_the_preview(tmp_path: Path) -> None:
    """Put on duty while away, without a phone, and on both rotas; a gap that is filled is said, too."""
    rota = ROTA + '[[absences]]\nperson = "alessio"\nstart = 2026-11-29\nend = 2026-11-30\n'
    async with weekend_stage(tmp_path, rota=rota, linked=("giulia", "sara", "marco")) as weekend:
        marco = weekend.phone("marco")
        await marco.types("/override alessio sun 9:00 mon 12:00")
        assert "⚠️ Alessio is away and put on duty: Sun 29 Nov, 09:00 – Mon 30 Nov, 00:00" in marco.last.text
        assert "⚠️ Alessio is on duty (primary) without a phone that I can reach" in marco.last.text
        await marco.types("/override nobody sun 9:00 12:00")
        await marco.presses(marco.last, "Confirm")
        await marco.types("/override marco sun 9:00 12:00")
        assert "✅ No gap any more on primary: Sun 29 Nov, 09:00 – 12:00" in marco.last.text
        await marco.types("/override marco 1/12 18:00 8/12 9:00")
        assert "Thu 3 Dec, 18:00 – Fri 4 Dec, 09:00: Giulia → Marco" in marco.last.text
        assert "Fri 4 Dec, 18:00 – Tue 8 Dec, 09:00: Alessio → Marco" in marco.last.text, "Milan's patron: a holiday"


async def test_a_date_of_next_year_shows_its_year(weekend: Weekend) -> None:
    """Typed on the 28th, "27/11" can only be next year's: the preview must not look like yesterday."""
    marco = weekend.phone("marco")
    await marco.types("/override marco 27/11 9:00 12:00")
    assert "on duty: Sat 27 Nov 2027, 09:00 – 12:00." in marco.last.text
    assert "· Sat 27 Nov 2027, 09:00 – 12:00: " in marco.last.text


async def test_the_night_of_the_clock_change_is_shown_on_the_wall(tmp_path: Path) -> None:
    """Saturday 22:00 to Sunday 08:00 is eleven hours there, and reads as it is typed."""
    at = datetime(2027, 10, 29, 12, 0, tzinfo=UTC)
    async with weekend_stage(tmp_path, at=at, linked=("marco",)) as weekend:
        marco = weekend.phone("marco")
        await marco.types("/override marco sat 22:00 sun 8:00")
        assert "on duty: Sat 30 Oct, 22:00 – Sun 31 Oct, 08:00" in marco.last.text
        await marco.presses(marco.last, "Confirm")
        assert on(weekend, at=datetime(2027, 10, 30, 20, tzinfo=UTC)) == {"marco"}
        assert on(weekend, at=datetime(2027, 10, 31, 6, 59, tzinfo=UTC)) == {"marco"}
        assert "marco" not in on(weekend, at=datetime(2027, 10, 31, 7, 0, tzinfo=UTC))


async def test_those_affected_are_told_their_own_hours(weekend: Weekend) -> None:
    """And what begins soon rings."""
    giulia, alessio, sara, marco = map(weekend.phone, ("giulia", "alessio", "sara", "marco"))
    await marco.types("/override alessio sun 01:00 21:00")
    await marco.types("/yes")
    told = alessio.starting("📅 Marco changed the rota:")
    assert told.text.endswith("· primary, Sun 29 Nov, 01:00 – 21:00: Giulia → Alessio")
    assert told.rang
    assert giulia.starting("📅 Marco changed the rota:").rang
    assert sara.since_start() == []
    assert marco.last.text == "The rota is changed (revision 2)."
    await marco.types("/override marco 11/12 18:00 12/12 9:00")
    await marco.types("/no")
    assert marco.last.text == "Nothing was changed."
    await quiet(weekend)


async def test_when_two_leads_cross_the_second_sees_what_the_first_did(tmp_path: Path) -> None:
    """The second Yes was meant for another rota: it is not taken, and the same edit is shown on what holds now."""
    async with weekend_stage(tmp_path, rota=TWO_LEADS) as weekend:
        sara, marco = weekend.phone("sara"), weekend.phone("marco")
        await marco.types("/override alessio sun 09:00 21:00")
        await sara.types("/override marco sun 12:00 15:00")
        first, second = marco.last, sara.last
        assert "Giulia → Marco" in second.text
        await marco.presses(first, "Confirm")
        assert "Marco changed the rota meanwhile" in await sara.presses(second, "Confirm")
        assert (number(weekend), on(weekend)) == (2, {"alessio"})
        anew = sara.last
        assert "Meanwhile Marco changed the rota (revision 2):" in anew.text
        assert "Giulia → Alessio" in anew.text
        assert "· Sun 29 Nov, 12:00 – 15:00: Alessio → Marco" in anew.text
        await sara.presses(anew, "Confirm")
        assert (number(weekend), on(weekend)) == (3, {"marco"})
        await quiet(weekend)


async def test_what_the_other_lead_has_done_already_is_not_offered_again(tmp_path: Path) -> None:
    async with weekend_stage(tmp_path, rota=TWO_LEADS) as weekend:
        sara, marco = weekend.phone("sara"), weekend.phone("marco")
        await marco.types("/override alessio sun 09:00 21:00")
        await sara.types("/override alessio sun 09:00 21:00")
        question = sara.last
        await marco.presses(marco.last, "Confirm")
        await sara.presses(question, "Confirm")
        assert sara.last.text == "That would change nothing: on primary it is Alessio then."
        assert number(weekend) == 2
        await quiet(weekend)


async def test_undo_goes_back_and_forth(tmp_path: Path) -> None:
    """Whose change it was stands in the question; an undo is a change like any other, and can be taken back."""
    async with weekend_stage(tmp_path, rota=TWO_LEADS) as weekend:
        giulia, sara, marco = map(weekend.phone, ("giulia", "sara", "marco"))
        await marco.types("/undo")
        assert marco.last.text == "There is no change to take back."
        await marco.types("/override alessio sun 09:00 21:00")
        await marco.types("/yes")
        await sara.types("/disfo")
        asked = sara.last.text
        assert "Take back revision 2 of the rota, by Marco, Sat 28 Nov, 22:00?" in asked
        assert "“/override alessio primary”" in asked
        assert "· primary, Sun 29 Nov, 09:00 – 21:00: Alessio → Giulia" in asked
        await sara.presses(sara.last, "Take it back")
        assert (number(weekend), on(weekend)) == (3, {"giulia"})
        assert text(weekend) == text(weekend, 1)
        assert "Giulia" in giulia.starting("📅 Sara took back revision 2").text
        assert marco.starting("📅 Sara took back revision 2")
        await marco.types("/undo")
        assert "Take back revision 3 of the rota, by Sara" in marco.last.text
        await marco.types("/yes")
        assert (number(weekend), text(weekend)) == (4, text(weekend, 2))
        await quiet(weekend)


async def test_an_undo_never_goes_past_a_newer_change_unseen(tmp_path: Path) -> None:
    """Between the question and the Yes somebody imports a file: the Yes was not for that."""
    async with weekend_stage(tmp_path, rota=TWO_LEADS) as weekend:
        marco = weekend.phone("marco")
        await marco.types("/override alessio sun 09:00 21:00")
        await marco.types("/yes")
        await marco.types("/undo")
        question = marco.last
        longer = text(weekend).replace('title = "mobile"', 'title = "mobiles"')
        import_rota(weekend.house.store, longer, "sara", "import of rota.toml", weekend.clock.now())
        await marco.presses(question, "Take it back")
        assert number(weekend) == 3
        anew = marco.last.text
        assert "Take back revision 3 of the rota, by Sara" in anew
        assert "· line 119: title mobiles → mobile" in anew
        assert "Nobody's hours move." in anew
        sara = weekend.phone("sara")
        await sara.types("/undo")
        same = sara.last
        await marco.types("/yes")
        assert text(weekend) == text(weekend, 2)
        await sara.presses(same, "Take it back")
        assert text(weekend) == text(weekend, 2), "both wanted the same, and not back and forth"
        await quiet(weekend)


async def test_a_file_from_the_server_is_told_to_those_whose_hours_it_moves(weekend: Weekend) -> None:
    """Nobody finds out on Sunday at noon that they have been on duty since nine."""
    put = '[[rotas.primary.overrides]]\nput = ["alessio"]\nstart = 2026-11-29T09:00:00\nend = 2026-11-29T12:00:00\n'
    import_rota(weekend.house.store, ROTA + put, "command line", "import of rota.toml", weekend.clock.now())
    import_rota(weekend.house.store, ROTA + put + "# tidied up\n", "sara", "", weekend.clock.now())
    await weekend.settle()
    for person in ("giulia", "alessio"):
        (told,) = weekend.phone(person).since_start()
        assert told.text == "📅 The server changed the rota:\n· primary, Sun 29 Nov, 09:00 – 12:00: Giulia → Alessio"
        assert told.rang
    assert weekend.phone("sara").since_start() == []


async def test_an_undo_locks_whom_it_leaves_out_and_never_the_lead_who_asks(tmp_path: Path) -> None:
    """Like an import: a person the rota does not know has no phone here."""
    async with weekend_stage(tmp_path) as weekend:
        marco = weekend.phone("marco")
        without = ROTA.replace('"alessio", ', "").replace(', "alessio"', "")
        without = without.replace('[people.alessio]\nname = "Alessio Conti"\nsignature = "AC"\nlanguage = "en"\n', "")
        store, now = weekend.house.store, weekend.clock.now()
        import_rota(store, without, "server", "Alessio leaves", now)
        import_rota(store, ROTA, "server", "Alessio is back", now)
        store.run_now(people.link, "alessio", 1002, now, confirmed=True)
        await marco.types("/undo")
        assert "🔒 Alessio is not in it: their phone is locked out." in marco.last.text
        assert "· − person Alessio" in marco.last.text
        await marco.presses(marco.last, "Take it back")
        assert store.read_now(people.by_user, 1002) is None
        sara_leads = ROTA.replace('role = "lead"', "").replace('signature = "SR"', 'signature = "SR"\nrole = "lead"')
        import_rota(store, sara_leads, "server", "", now)
        import_rota(store, ROTA, "server", "", now)
        await marco.types("/undo")
        assert "you were no lead" in marco.last.text


async def test_yes_and_no_can_be_typed(weekend: Weekend) -> None:
    """Every button has a typed twin: to the question replied to, or to the only one."""
    marco = weekend.phone("marco")
    await marco.types("/yes")
    assert marco.last.text == "I have asked you nothing that is still open."
    await weekend.phone("giulia").types("/swap marco tue")
    asked = marco.last
    await marco.types("/override marco sun 09:00 21:00")
    second = marco.last
    await marco.types("/si")
    assert marco.last.text == "I have asked you more than one thing: reply to the one you mean."
    await marco.types("/no", reply_to=asked)
    await marco.types("/sì")
    assert on(weekend) == {"marco"}
    await marco.types("/yes", reply_to=second)
    assert marco.last.text == "That was answered already."


async def test_of_ones_own_edits_the_newest_preview_counts(weekend: Weekend) -> None:
    """Mistyped, typed again, /yes: it is the second that is meant, and the first has no buttons any more."""
    marco = weekend.phone("marco")
    shown = []
    for typed in (
        "/override alessio sun 09:00 21:00",
        "/away sara sun",
        "/override pippo sun",
        "/override villa sun 9 21",
    ):
        await marco.types(typed)
        shown.append(marco.last)
    now = {message.message_id: message for message in marco.messages}
    first, second, refused, newest = (now[message.message_id] for message in shown)
    assert refused.text.startswith("Whom do you mean"), "what is refused takes nothing away"
    for earlier in (first, second):
        assert earlier.text.endswith("→ a newer one is below")
        assert labels(earlier) == []
    await marco.types("/yes")
    assert on(weekend) == {"marco"}
    await marco.types("/yes", reply_to=newest)
    assert marco.last.text == "That was answered already."


async def test_only_leads_edit_and_what_is_half_typed_is_refused(weekend: Weekend) -> None:
    giulia, marco = weekend.phone("giulia"), weekend.phone("marco")
    for typed in ("/override giulia sun", "/undo", "/away sara sun"):
        await giulia.types(typed)
        assert giulia.last.text == "Only a lead can do that."
    for typed in ("alessio for", "+", "-", "alessio for giulia", "alessio sun sun sun"):
        await marco.types(f"/override {typed}")
        assert labels(marco.last) == [], typed
    assert number(weekend) == 1
