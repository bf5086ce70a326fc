"""The rota in one's own calendar: a link given in the chat works until it is taken back, and stands nowhere else."""

import re
from datetime import timedelta
from pathlib import Path

from icalendar import Calendar
from starlette.responses import Response
from weekend import Phone, Weekend, weekend_stage

from bot.store import rotas
from bot.web import Calendars

HOME = "https://oncall.example.org"
LINK = re.compile(rf"^{HOME}/calendar/([A-Za-z0-9_-]{{22,64}})\.ics$", re.MULTILINE)


def given(phone: Phone) -> str:
    """The token in the newest link on this phone."""
    found = [match[1] for message in phone.since_start() for match in LINK.finditer(message.text)]
    assert found, [m.text for m in phone.since_start()]
    assert f"webcal://oncall.example.org/calendar/{found[-1]}.ics" in phone.last.text
    return found[-1]


class Reader:
    """A calendar app that has links."""

    def __init__(self, weekend: Weekend) -> None:
        self.feeds = Calendars(weekend.house.store, weekend.clock.now, HOME)

    async def get(self, token: str) -> Response:
        return await self.feeds.answer(token)

    async def duties(self, token: str) -> set[str]:
        answer = await self.get(token)
        assert answer.status_code == 200
        events = Calendar.from_ical(bytes(answer.body)).walk("VEVENT")
        return {f"{event['SUMMARY']} {event['DTSTART'].dt:%d %b %H:%M}" for event in events}


def traces(folder: Path, secret: str) -> list[str]:
    return [path.name for path in folder.glob("story.db*") if secret.encode() in path.read_bytes()]


async def test_a_link_from_the_chat_to_the_calendar_and_back(tmp_path: Path) -> None:
    """/calendar → the link → the feed → an override shows in it → /calendar off → as if it had never been."""
    async with weekend_stage(tmp_path, public_url=HOME) as weekend:
        giulia, marco, reader = weekend.phone("giulia"), weekend.phone("marco"), Reader(weekend)
        # Telegram is slow: the link waits in the outbox, and does not stand there.
        weekend.fault(match="POST /bot/sendMessage", times=2, status=500)
        await giulia.types("/calendario")
        await weekend.advance(minutes=1)
        token = given(giulia)
        assert giulia.rings == 0
        assert traces(tmp_path, token) == []
        before = await reader.duties(token)
        assert {"On duty: primary 27 Nov 18:00", "On duty: backup 04 Dec 18:00"} <= before

        await marco.types("/override alessio 2026-11-29T08:00 2026-11-29T12:00")
        await marco.presses(marco.last, "Confirm")
        after = await reader.duties(token)
        assert after - before == {"On duty: primary 29 Nov 12:00"}
        assert "On duty: primary 27 Nov 18:00" in after

        await giulia.types("/calendar off")
        assert giulia.saw("1 calendar link ended")
        assert (await reader.get(token)).status_code == 404
        await giulia.types("/calendar off")
        assert giulia.saw("You have no calendar link")
        assert token in "".join(m.text for m in giulia.since_start()), "the message itself is left alone"
        await weekend.advance(seconds=30)
        await weekend.nothing_else()


async def test_a_new_link_ends_the_old_one_and_is_asked_for_first(tmp_path: Path) -> None:
    """So nobody empties their own calendar by typing twice."""
    async with weekend_stage(tmp_path, public_url=HOME) as weekend:
        sara, reader = weekend.phone("sara"), Reader(weekend)
        await sara.types("/calendar")
        first = given(sara)
        await sara.types("/calendar PRIMARY")
        whole = given(sara)
        assert "Giulia Rossi 27 Nov 18:00" in await reader.duties(whole)
        await sara.types("/calendar")
        await sara.presses(sara.starting("You have a link to your duties"), "Keep it")
        assert (await reader.get(first)).status_code == 200
        await sara.types("/calendar")
        await sara.presses(sara.starting("You have a link to your duties"), "Make a new one")
        second = given(sara)
        assert second not in (first, whole)
        assert [(await reader.get(each)).status_code for each in (first, second, whole)] == [404, 200, 200]
        await sara.types("/calendar nightly")
        assert "primary, backup" in sara.last.text
        await weekend.nothing_else()


async def test_a_lock_and_leaving_the_rota_end_all_links(tmp_path: Path) -> None:
    """A phone that is cut off keeps no window open; the link of a whole rota goes with who asked for it."""
    async with weekend_stage(tmp_path, public_url=HOME) as weekend:
        reader, tokens = Reader(weekend), []
        for person, what in (("sara", "/calendar"), ("sara", "/calendar primary"), ("alessio", "/calendar backup")):
            await weekend.phone(person).types(what)
            tokens.append(given(weekend.phone(person)))
        assert {(await reader.get(token)).status_code for token in tokens} == {200}
        stood = [m.text for m in weekend.phone("sara").since_start() if LINK.search(m.text)]

        await weekend.phone("marco").types("/lock sara")
        await weekend.advance(minutes=1)
        assert [(await reader.get(token)).status_code for token in tokens] == [404, 404, 200]
        assert [m.text for m in weekend.phone("sara").since_start() if LINK.search(m.text)] == stood

        row = weekend.house.store.read_now(rotas.current)
        assert row is not None
        without = row.text.replace("alessio", "carlo").replace("Alessio Conti", "Carlo Neri")
        weekend.house.store.run_now(rotas.save, without, "server", "test", weekend.clock.now())
        assert {(await reader.get(token)).status_code for token in tokens} == {404}


async def test_without_an_address_that_phones_reach_there_is_no_link(tmp_path: Path) -> None:
    """One plain sentence that says who has to do what."""
    async with weekend_stage(tmp_path) as weekend:
        giulia = weekend.phone("giulia")
        await giulia.types("/calendar")
        assert "PUBLIC_URL" in giulia.last.text
        await weekend.advance(seconds=timedelta(minutes=1).total_seconds())
        assert len(giulia.since_start()) == 1
        await weekend.nothing_else()
