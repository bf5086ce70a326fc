"""What is told of the rota by itself: handoffs that were missed, holes ahead of the weekend, the week on Monday."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from weekend import BUSINESS, OUTAGE, ROTA, Weekend, labels, weekend_stage

from bot.app import import_rota, prepare_rota
from bot.store import rotas
from schedules.rota_file import load

# Handed over daily at 02:30: on 25 October that wall time stands twice, and means the first, 00:30Z.
STARTS = 'starts  = 2026-11-27T18:00:00\nturn    = "1 week"'
NIGHTLY = ROTA.replace(STARTS, 'starts = 2026-10-24T02:30:00\nturn = "1 day"', 1)
NIGHTLY = NIGHTLY.replace("2026-11-27T18:00:00", "2026-01-02T18:00:00")
# It has begun a week ago: until Friday Giulia is on duty and Sara her backup, then Alessio and Giulia.
BEGUN = ROTA.replace("2026-11-27T18:00:00", "2026-11-20T18:00:00")
BEFORE = datetime(2026, 10, 25, 0, 10, tzinfo=UTC)
HANDOFF = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
WEDNESDAY = datetime(2026, 11, 25, 8, 0, tzinfo=UTC)
THURSDAY_10 = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
MONDAY_9 = datetime(2026, 11, 30, 8, 0, tzinfo=UTC)
M = timedelta(minutes=1)
# Nobody stands in the primary on the first Saturday.
HOLE = "[[rotas.{rota}.overrides]]\nput = []\nstart = 2026-11-28T10:00:00\nend = 2026-11-28T12:00:00\n"


def told(weekend: Weekend, person: str, head: str) -> int:
    """How many messages since the story began start so."""
    return sum(message.text.startswith(head) for message in weekend.phone(person).since_start())


async def test_a_handoff_while_the_service_was_down_is_made_up_for_once(tmp_path: Path) -> None:
    """The night of the clock change: down over the handoff, restarted, and then the clock is set back over it."""
    async with weekend_stage(tmp_path, rota=NIGHTLY, at=BEFORE) as weekend:
        giulia, alessio = weekend.phone("giulia"), weekend.phone("alessio")
        weekend.customer_says(BUSINESS)
        await weekend.advance(seconds=30)
        await giulia.presses(giulia.card(), "Claim")
        # The process dies before 02:30 and is back when the clocks show 02:10 for the second time.
        weekend.clock.advance(HANDOFF + 40 * M - weekend.clock.now())
        await weekend.restart()
        await weekend.pass_by()
        assert told(weekend, "alessio", "🔔 You are on duty (primary)") == 1
        assert told(weekend, "alessio", "📋 Handover") == 1
        assert told(weekend, "giulia", "Your duty is over") == 1
        assert labels(giulia.starting("Your duty is over")) == ["Keep", "Pass to Alessio"]
        await giulia.presses(giulia.starting("Your duty is over"), "Keep")
        await alessio.presses(alessio.starting("🔔"), "I am on duty")

        # 02:30 comes a second time, the clock is set back before the handoff, and the handoff comes again.
        await weekend.walk(300, minutes=25)
        await weekend.restart()
        await weekend.jump(HANDOFF - 5 * M)
        await weekend.walk(60, minutes=10)
        assert told(weekend, "alessio", "🔔 You are on duty (primary)") == 1
        assert told(weekend, "alessio", "📋 Handover") == 1
        assert told(weekend, "giulia", "🔔 You are on duty (primary)") == 0
        assert weekend.ticket()["owner"] == "giulia"
        await weekend.nothing_else()


async def test_the_same_persons_next_duty_is_told_also_when_nobody_saw_the_one_before_end(tmp_path: Path) -> None:
    """Down from Giulia's Wednesday night until Thursday's: it is another duty, which nobody has confirmed."""
    async with weekend_stage(tmp_path, rota=BEGUN, at=WEDNESDAY) as weekend:
        giulia = weekend.phone("giulia")
        await weekend.jump(WEDNESDAY + 10 * 60 * M)
        await giulia.presses(giulia.starting("🔔 You are on duty (primary) until Thu 26 Nov, 09:00"), "I am on duty")
        weekend.clock.advance(24 * 60 * M)
        await weekend.restart()
        await weekend.pass_by()
        assert labels(giulia.starting("🔔 You are on duty (primary) until Fri 27 Nov, 09:00")) == ["I am on duty"]
        await weekend.walk(480, minutes=16)
        assert told(weekend, "marco", "⚠️ Giulia is on duty (primary) and has not confirmed it yet") == 1
        assert told(weekend, "giulia", "🔔 You are on duty (primary)") == 2


async def test_a_hole_is_told_at_the_edit_and_before_the_weekend(tmp_path: Path) -> None:
    """By whatever process the rota was edited: the lead hears of it while there is time left, and each thing once."""
    async with weekend_stage(tmp_path, rota=BEGUN, at=WEDNESDAY) as weekend:
        marco, store = weekend.phone("marco"), weekend.house.store
        import_rota(store, BEGUN + HOLE.format(rota="primary") + HOLE.format(rota="backup"), "sara", "x", WEDNESDAY)
        await weekend.pass_by()
        news = marco.starting("⚠️ New about the rota")
        assert news.rang
        assert "Nobody is on duty at all (primary and backup): Sat 28 Nov, 10:00 – 12:00" in news.text
        assert told(weekend, "giulia", "⚠️") == 0, "warnings are for leads"

        # Half of it is filled: no news. The process is down at ten on Thursday, and comes back at noon.
        import_rota(store, BEGUN + HOLE.format(rota="primary"), "sara", "x", WEDNESDAY)
        await weekend.pass_by()
        assert told(weekend, "marco", "⚠️ New about the rota") == 1
        weekend.clock.advance(THURSDAY_10 + 120 * M - weekend.clock.now())
        await weekend.restart()
        await weekend.pass_by()
        ahead = marco.starting("⚠️ Before the weekend")
        assert ahead.rang
        assert "Nobody is on duty (primary): Sat 28 Nov, 10:00 – 12:00" in ahead.text

        # Set back before ten: when ten comes again it has been told.
        await weekend.jump(THURSDAY_10 - 5 * M)
        await weekend.walk(120, minutes=8)
        assert told(weekend, "marco", "⚠️ Before the weekend") == 1
        await weekend.nothing_else()


async def test_a_sound_rota_is_silent_and_a_missing_phone_is_not(tmp_path: Path) -> None:
    """On Thursday nothing is said about a rota without holes; but Giulia, who is on duty tonight, has no phone."""
    linked = ("sara", "alessio", "marco")
    async with weekend_stage(tmp_path, rota=BEGUN, at=THURSDAY_10 - 10 * M, linked=linked) as weekend:
        await weekend.walk(300, minutes=15)
        ahead = weekend.phone("marco").starting("⚠️ Before the weekend")
        assert (
            "Giulia is on duty (primary and backup) without a phone that I can reach: Thu 26 Nov, 18:00" in ahead.text
        )
        assert "Nobody" not in ahead.text
        assert "/enroll" in ahead.text
        await weekend.nothing_else()
    (tmp_path / "sound").mkdir()
    async with weekend_stage(tmp_path / "sound", rota=BEGUN, at=THURSDAY_10 - 10 * M) as weekend:
        await weekend.walk(300, minutes=15)
        assert weekend.phone("marco").since_start() == []


async def test_on_monday_the_week_is_counted_and_short_rest_is_told(tmp_path: Path) -> None:
    """Giulia was rung at 06:00 and should open the office at nine: the lead reads it, and the hours of all."""
    async with weekend_stage(tmp_path, at=MONDAY_9 - 180 * M) as weekend:
        giulia, marco = weekend.phone("giulia"), weekend.phone("marco")
        weekend.customer_says(OUTAGE)
        await weekend.advance(seconds=30)
        await giulia.presses(giulia.card(), "Claim")
        await giulia.types("/close 1 solved")
        await weekend.walk(3600, minutes=180)
        rest = marco.starting("⚠️ Too little rest after call-outs")
        assert "Giulia rests 2 h 59 in a row: Mon 30 Nov, 06:00 – 09:00" in rest.text
        week = marco.starting("📊 On duty in the last week")
        assert not week.rang
        assert "\nGiulia: 63 h, weekend 48 h, night 24 h, 1 call-out\n" in week.text
        assert marco.rings == 0
        assert told(weekend, "giulia", "📊") == 0
        await weekend.walk(3600, hours=24)
        assert told(weekend, "marco", "📊") == told(weekend, "marco", "⚠️ Too little rest") == 1
        await weekend.nothing_else()


async def test_an_office_that_closes_for_lunch_hands_over_twice_a_day(tmp_path: Path) -> None:
    """At nine and at two: what came over lunch is not swallowed because the morning had its list."""
    lunch = BEGUN.replace('"mon-fri 09:00-18:00"', '"mon-fri 09:00-13:00", "mon-fri 14:00-18:00"')
    lunch = lunch.replace('"mon-thu 18:00-09:00"', '"mon-thu 18:00-09:00", "mon-fri 13:00-14:00"')
    async with weekend_stage(tmp_path, rota=lunch, at=WEDNESDAY - 5 * M) as weekend:
        weekend.customer_says(BUSINESS)
        await weekend.advance(seconds=30)
        await weekend.walk(300, minutes=10)
        assert told(weekend, "marco", "📋 Good morning") == 1
        await weekend.walk(3600, hours=6)
        assert told(weekend, "marco", "📋 Good morning") == 2


async def test_a_hole_that_begins_is_told_once_also_when_the_clock_is_set_back(tmp_path: Path) -> None:
    """Ten on Saturday: nobody is on duty, and somebody sets the clock to a quarter to ten."""
    ten = datetime(2026, 11, 28, 9, 0, tzinfo=UTC)
    rota = BEGUN + HOLE.format(rota="primary") + HOLE.format(rota="backup")
    async with weekend_stage(tmp_path, rota=rota, at=ten - M) as weekend:
        await weekend.walk(60, minutes=2)
        await weekend.jump(ten - 15 * M)
        await weekend.walk(300, minutes=20)
        assert told(weekend, "marco", "⚠️ The office is closed and nobody is on duty.") == 1


async def test_a_revision_that_cannot_be_read_leaves_the_last_one_in_force(tmp_path: Path) -> None:
    """Written by hand, or under the rules of another version: nobody goes unpaged for it, also after a restart."""
    async with weekend_stage(tmp_path, rota=BEGUN, at=WEDNESDAY) as weekend:
        marco, store = weekend.phone("marco"), weekend.house.store
        broken = BEGUN.replace("turn ", "turnx ")
        store.run_now(rotas.save, broken, "somebody", "by hand", WEDNESDAY)
        await weekend.pass_by()
        await weekend.restart()
        await weekend.pass_by()
        assert told(weekend, "marco", "⚠️ I cannot read revision 2 of the rota, so revision 1 stays in force.") == 1
        assert list(prepare_rota(store, tmp_path / "none.toml", WEDNESDAY).people) == list(load(BEGUN, "x").people)

        # /undo writes what holds anew, so that everybody can read it.
        await marco.types("/undo")
        await marco.presses(marco.starting("Take back revision 2"), "Take it back")
        newest = store.read_now(rotas.current)
        assert newest is not None
        assert (newest.number, newest.text) == (3, BEGUN)
        assert told(weekend, "giulia", "📅") == 0
