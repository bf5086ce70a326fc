"""Who belongs to the team, whose phone is whose, and who is on duty: every change has an author and is told."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

from weekend import BUSINESS, OUTAGE, Weekend, labels, weekend_stage

from bot.core.options import BotName
from bot.store import people, rotas
from schedules.on_duty import who
from schedules.rota_file import load

WITHOUT_ALESSIO = ("giulia", "sara", "marco")


def database_bytes(folder: Path) -> bytes:
    return b"".join(p.read_bytes() for p in folder.glob("story.db*"))


def on_duty(weekend: Weekend, rota: str = "primary") -> set[str]:
    row = weekend.house.store.read_now(rotas.current)
    assert row is not None
    return set(who(load(row.text, "now"), rota, weekend.clock.now()))


async def test_a_servers_link_opens_once_and_is_kept_nowhere(tmp_path: Path) -> None:
    """The link is a key: used once, good for a quarter of an hour, and the database holds only its hash."""
    async with weekend_stage(tmp_path, linked=WITHOUT_ALESSIO) as weekend:
        alessio, marco = weekend.phone("alessio"), weekend.phone("marco")
        token = "a-token-of-the-server-1234567890"

        def invite(session: object) -> None:
            people.invite(session, "alessio", token, "server", weekend.clock.now(), timedelta(minutes=15))  # type: ignore[arg-type]

        weekend.house.store.run_now(invite)
        await alessio.types(f"/start {token}")
        assert alessio.starting("Welcome, Alessio")
        assert marco.starting("Alessio's phone is linked")
        await weekend.phone("sara").types("/who")
        stolen = weekend.stage.telegram
        stolen.add_person(7777, "Thief", "en")
        stolen.types(7777, f"/start {token}")
        await weekend.settle()
        (answer,) = [m.text for m in stolen.chat(7777) if m.from_bot]
        assert "link" in answer
        assert weekend.house.store.read_now(people.by_user, 7777) is None
        assert token.encode() not in database_bytes(tmp_path)
        await weekend.nothing_else()


async def test_a_link_runs_out_after_a_quarter_of_an_hour(tmp_path: Path) -> None:
    """A link forgotten in a mail is worth nothing the next day."""
    async with weekend_stage(tmp_path, linked=WITHOUT_ALESSIO) as weekend:

        def invite(session: object) -> None:
            people.invite(session, "alessio", "tok", "server", weekend.clock.now(), timedelta(minutes=15))  # type: ignore[arg-type]

        weekend.house.store.run_now(invite)
        weekend.clock.advance(timedelta(minutes=15))
        await weekend.phone("alessio").types("/start tok")
        assert weekend.house.store.read_now(people.by_user, 1002) is None
        assert len(weekend.phone("alessio").since_start()) == 1
        await weekend.nothing_else()


async def test_a_leads_link_stands_nowhere_in_the_database(tmp_path: Path) -> None:
    """Whoever reads the disk (or a backup) of the night opens no door, not even before the link has left."""
    async with weekend_stage(tmp_path, linked=WITHOUT_ALESSIO) as weekend:
        weekend.fault(match="POST /bot/sendMessage", times=2, status=500)
        files: list[bytes] = []
        marco = weekend.phone("marco")
        await marco.types("/enroll alessio")
        files.append(database_bytes(tmp_path))
        await weekend.advance(minutes=1)
        found = re.search(r"\?start=([A-Za-z0-9_-]{22,64})", marco.starting("Send this link").text)
        assert found
        files.append(database_bytes(tmp_path))
        assert b"invitation" in files[0]
        assert not any(found.group(1).encode() in content for content in files)
        await weekend.phone("alessio").types(f"/start {found.group(1)}")
        assert weekend.phone("alessio").last.text.startswith("Almost")


async def test_the_bot_learns_its_name_when_telegram_was_down_at_start(tmp_path: Path) -> None:
    """Without it a link would lead nowhere until the next restart, and /claim@our_bot would be refused."""
    async with weekend_stage(tmp_path, linked=WITHOUT_ALESSIO, bot=BotName()) as weekend:
        marco = weekend.phone("marco")
        await marco.types("/tickets@reperibile_bot")
        assert marco.last.text == "Nothing is open."
        weekend.fault(match="POST /bot/getMe", times=1, status=500)
        await weekend.house.listen(0)
        assert weekend.house.options.bot.username == ""
        await weekend.house.listen(0)
        assert await _lead_invites(weekend, "alessio")
        assert "https://t.me/reperibile_bot?start=" in marco.last.text


async def _lead_invites(weekend: Weekend, name: str) -> str:
    marco = weekend.phone("marco")
    await marco.types(f"/enroll {name}")
    found = re.search(r"\?start=([A-Za-z0-9_-]{22,64})", marco.last.text)
    assert found, marco.last.text
    return found.group(1)


async def test_a_leads_link_waits_for_the_leads_yes(tmp_path: Path) -> None:
    """A link sent by chat can be forwarded: the phone that used it is shown to a lead before it sees anything."""
    async with weekend_stage(tmp_path, linked=WITHOUT_ALESSIO) as weekend:
        alessio, marco = weekend.phone("alessio"), weekend.phone("marco")
        token = await _lead_invites(weekend, "alessio")
        await alessio.types(f"/start {token}")
        assert alessio.last.text.startswith("Almost")
        await alessio.types("/tickets")
        assert "open" not in alessio.last.text.lower()
        question = marco.starting("A phone asks to be let in as")
        assert question.rang
        assert labels(question) == ["Yes, let them in", "No, lock it out"]
        await marco.presses(question, "Yes, let them in")
        assert alessio.starting("Welcome, Alessio")
        await alessio.types("/tickets")
        assert alessio.last.text == "Nothing is open."
        assert not any(token in repr(row) for rows in weekend.everything().values() for row in rows)
        await weekend.nothing_else()


async def test_a_leads_no_locks_the_phone_out(tmp_path: Path) -> None:
    """The wrong phone is out for good; a new link brings the right one in."""
    async with weekend_stage(tmp_path, linked=WITHOUT_ALESSIO) as weekend:
        alessio, marco = weekend.phone("alessio"), weekend.phone("marco")
        await alessio.types(f"/start {await _lead_invites(weekend, 'alessio')}")
        await marco.presses(marco.starting("A phone asks to be let in as"), "No, lock it out")
        assert weekend.house.store.read_now(people.by_user, 1002) is None
        await alessio.types(f"/start {await _lead_invites(weekend, 'alessio')}")
        questions = [m for m in marco.since_start() if m.text.startswith("A phone asks to be let in as")]
        await marco.presses(questions[-1], "Yes, let them in")
        assert weekend.house.store.read_now(people.by_user, 1002) is not None
        await weekend.nothing_else()


async def test_the_old_phone_rings_until_a_lead_says_yes_to_the_new_one(tmp_path: Path) -> None:
    """A new phone at 3 in the morning must not silence the one that works: nobody is awake to confirm it."""
    async with weekend_stage(tmp_path, linked=WITHOUT_ALESSIO) as weekend:
        giulia, marco = weekend.phone("giulia"), weekend.phone("marco")
        telegram = weekend.stage.telegram
        telegram.add_person(7777, "Giulia's new phone", "it")
        for answer in ("No, lock it out", "Yes, let them in"):
            telegram.types(7777, f"/start {await _lead_invites(weekend, 'giulia')}")
            await weekend.settle()
            questions = [m for m in marco.since_start() if m.text.startswith("A phone asks to be let in as")]
            assert weekend.house.store.read_now(people.reachable)["giulia"] == 1001
            weekend.customer_says((OUTAGE, BUSINESS)[answer.startswith("Yes")], author=answer[:2])
            rang = giulia.rings
            await weekend.advance(seconds=30)
            assert giulia.rings == rang + 1
            await marco.presses(questions[-1], answer)
        assert weekend.house.store.read_now(people.by_user, 1001) is None
        assert weekend.house.store.read_now(people.reachable)["giulia"] == 7777
        await weekend.nothing_else()


async def test_the_only_lead_cannot_lock_themselves_out_with_a_link(tmp_path: Path) -> None:
    """Their new phone would wait for a Yes that nobody can give, and the team would have no lead."""
    async with weekend_stage(tmp_path, linked=WITHOUT_ALESSIO) as weekend:
        marco = weekend.phone("marco")
        await marco.types("/enroll marco")
        assert marco.last.text.startswith("Nobody else could confirm your new phone.")
        assert weekend.house.store.read_now(people.by_user, 1004) is not None
        await weekend.nothing_else()


async def test_a_lock_cuts_off_at_once_and_frees_what_they_had(weekend: Weekend) -> None:
    """A stolen phone: what it held rings elsewhere now, what it was about to post is not posted."""
    giulia, marco, sara = weekend.phone("giulia"), weekend.phone("marco"), weekend.phone("sara")
    weekend.customer_says(OUTAGE)
    await weekend.advance(seconds=30)
    await giulia.presses(giulia.card(), "Claim")
    await giulia.types("Una risposta", reply_to=giulia.card())
    await giulia.presses(giulia.starting("✏️ #1"), "Send")
    await marco.types("/lock giulia")
    assert "Giulia" in marco.starting("🔒").text
    assert weekend.ticket()["state"] == "paging"
    await weekend.advance(minutes=6)
    assert sara.card().rang
    assert weekend.posts() == []
    await giulia.sends_data(giulia.messages[-1], "claim:1")
    assert weekend.ticket()["owner"] is None
    await sara.presses(sara.card(), "Claim")

    token = await _lead_invites(weekend, "giulia")
    await giulia.types(f"/start {token}")
    question = marco.starting("A phone asks to be let in as")
    await marco.presses(question, "Yes, let them in")
    assert weekend.house.store.read_now(people.by_user, 1001).id == "giulia"
    await weekend.nothing_else()


async def test_an_override_is_previewed_confirmed_and_told(weekend: Weekend) -> None:
    """A sick colleague on a Saturday night: two taps, and everybody concerned knows."""
    giulia, marco, sara = weekend.phone("giulia"), weekend.phone("marco"), weekend.phone("sara")
    number = weekend.house.store.read_now(rotas.current_number)
    await marco.types("/override alessio sun 09:00 sun 21:00")
    preview = marco.last
    assert labels(preview) == ["Confirm", "Cancel"]
    assert "Alessio" in preview.text
    assert "Giulia" in preview.text, "who is on duty until now"
    assert weekend.house.store.read_now(rotas.current_number) == number, "nothing happens before Confirm"
    await marco.presses(preview, "Cancel")
    assert weekend.house.store.read_now(rotas.current_number) == number

    await marco.types("/sostituzione alessio dom 09:00 dom 21:00")
    await marco.presses(marco.last, "Confirm")
    assert weekend.house.store.read_now(rotas.current_number) == number + 1
    for phone in (giulia, weekend.phone("alessio")):
        told = phone.starting("📅 Marco")
        assert "Alessio" in told.text
    assert sara.since_start() == []
    weekend.clock.advance(datetime(2026, 11, 29, 7, 59, 59, tzinfo=UTC) - weekend.clock.now())
    assert on_duty(weekend) == {"giulia"}
    weekend.clock.advance(timedelta(seconds=1))
    assert on_duty(weekend) == {"alessio"}
    await weekend.pass_by()
    assert weekend.phone("alessio").starting("🔔 You are on duty (primary)")
    await weekend.nothing_else()


async def test_two_leads_cannot_overwrite_each_other(tmp_path: Path) -> None:
    """The second Confirm was made on a rota that is no longer in force: it is refused and says so."""
    from weekend import ROTA

    two_leads = ROTA.replace('signature = "SR"', 'signature = "SR"\nrole = "lead"')
    async with weekend_stage(tmp_path, rota=two_leads) as weekend:
        sara, marco = weekend.phone("sara"), weekend.phone("marco")
        await marco.types("/override alessio sun 09:00 sun 21:00")
        await sara.types("/override marco sun 09:00 sun 21:00")
        first, second = marco.last, sara.last
        await marco.presses(first, "Confirm")
        number = weekend.house.store.read_now(rotas.current_number)
        said = await sara.presses(second, "Confirm")
        assert "meanwhile" in said or "changed" in said
        assert weekend.house.store.read_now(rotas.current_number) == number
        await weekend.pass_by()
        assert sara.saw("Alessio has two weekends in a row"), "an edit is told with what it brings"
        await weekend.nothing_else()


async def test_what_cannot_be_read_gets_clear_words(weekend: Weekend) -> None:
    """A wrong name, hour or order is answered with what was not understood and how it is written."""
    marco = weekend.phone("marco")
    number = weekend.house.store.read_now(rotas.current_number)
    for typed, said in (
        ("/override", "/override"),
        ("/override alessio", "/override"),
        ("/override pippo sun 09:00 sun 12:00", "pippo"),
        ("/override alessio sunn 09:00 sun 12:00", "sunn"),
        ("/override alessio sun 25:00 sun 12:00", "25:00"),
        ("/override alessio 2026-11-29T12:00 2026-11-29T09:00", "before"),
        ("/override alessio 2026-11-20T12:00 2026-11-21T09:00", "past"),
        ("/override alessio sun 09:00 sun 12:00 nights", "nights"),
        ("/override alessio 2026-12-01 2027-12-01", "62"),
    ):
        await marco.types(typed)
        assert said in marco.last.text, (typed, marco.last.text)
        assert labels(marco.last) == []
    assert weekend.house.store.read_now(rotas.current_number) == number
    await weekend.nothing_else()


async def test_nobody_linked_keeps_the_alarm_until_a_phone_comes(tmp_path: Path) -> None:
    """The very first evening: no phone is linked yet, and the alarm must not have been for nothing."""
    async with weekend_stage(tmp_path, linked=()) as weekend:
        weekend.customer_says(OUTAGE)
        await weekend.walk(60, minutes=30)
        assert weekend.ticket()["state"] == "paging"

        def invite(session: object) -> None:
            people.invite(session, "giulia", "tok", "server", weekend.clock.now(), timedelta(minutes=15))  # type: ignore[arg-type]

        weekend.house.store.run_now(invite)
        giulia = weekend.phone("giulia")
        await giulia.types("/start tok")
        assert giulia.card().rang
        assert giulia.starting("🔔 You are on duty")
        await giulia.presses(giulia.card(), "Claim")
        await weekend.nothing_else()


async def test_blocking_the_bot_on_duty_pages_the_next_one_now(weekend: Weekend) -> None:
    """A phone that stopped the bot will not ring: waiting five minutes for it would be five minutes lost."""
    giulia, sara, marco = weekend.phone("giulia"), weekend.phone("sara"), weekend.phone("marco")
    weekend.customer_says(OUTAGE)
    await weekend.advance(seconds=30)
    weekend.stage.telegram.blocks(1001)
    await weekend.settle()
    assert sara.card().rang
    assert marco.starting("⚠️ Giulia").rang
    weekend.stage.telegram.unblocks(1001)
    await weekend.settle()
    await sara.presses(sara.card(), "Claim")
    assert "Sara has it" in giulia.card().text
    await weekend.nothing_else()


async def test_a_blocked_backup_is_skipped_at_once(weekend: Weekend) -> None:
    """Telegram says 403 when we try: the step goes on without waiting, and the lead hears of it."""
    sara, marco = weekend.phone("sara"), weekend.phone("marco")
    weekend.stage.telegram.people[1003].blocked = True  # a block whose notice we never got
    weekend.customer_says(OUTAGE)
    await weekend.advance(minutes=5, seconds=30)
    await weekend.pass_by()
    assert marco.starting("⚠️ Sara").rang
    assert marco.card().rang, "the next step came at once"
    assert sara.rings == 0
    await marco.presses(marco.card(), "Claim")
    await weekend.nothing_else()


async def test_after_two_runs_critical_repeats_and_urgent_rings_the_leads_hourly(weekend: Weekend) -> None:
    """Nobody reacts to anything: the bot does not give up, and does not ring everybody for ever either."""
    weekend.customer_says(OUTAGE, author="mario")
    weekend.customer_says(BUSINESS, author="bar")
    await weekend.walk(60, minutes=41)
    critical = next(t["id"] for t in weekend.tickets() if t["urgency"] == "critical")
    urgent = next(t["id"] for t in weekend.tickets() if t["urgency"] == "urgent")

    def rung(person: str, ticket: int) -> int:
        return sum(m.rang and f"#{ticket} ·" in m.text.split("\n")[0] for m in weekend.phone(person).since_start())

    assert [rung("giulia", critical), rung("sara", critical), rung("marco", critical)] == [4, 2, 3]
    before = rung("marco", critical), rung("marco", urgent)
    await weekend.walk(300, hours=2)
    assert rung("marco", critical) - before[0] == 12
    assert rung("marco", urgent) - before[1] == 2
    assert rung("giulia", critical) == 4
    for number in (critical, urgent):
        await weekend.phone("marco").presses(weekend.phone("marco").card(number), "Claim")
    await weekend.nothing_else()
