"""`GET /calendar/<token>.ics` through the real server: whoever has a link reads it, everybody else learns nothing."""

import asyncio
import logging
import shutil
from collections.abc import AsyncIterator, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import httpx
import pytest
from icalendar import Calendar

from bot.app import import_rota
from bot.clock import HandClock
from bot.core.traffic import Traffic
from bot.store import calendars, rotas
from bot.store.db import Store
from bot.web import Calendars, Guard, Health, Metrics, served, web_app
from bot.web.calendar import VERSIONS_MAX
from schedules.rota import Put
from schedules.rota_edit import add_override
from schedules.rota_file import load

ROTA = (Path(__file__).parents[2] / "rota.example.toml").read_text(encoding="utf-8")
NIGHT = datetime.fromisoformat("2026-11-28T21:00:00Z")
WEEKLY = """\
timezone = "Europe/Rome"
[people.marco]
name = "Marco Villa"
signature = "MV"
role = "lead"
[people.sara]
name = "Sara Ricci"
signature = "SR"
[[rotas.primary.layers]]
people = ["marco", "sara"]
starts = 2026-01-02T18:00:00
turn = "1 week"
"""
HOME = "https://oncall.example.org"


@pytest.fixture
def clock() -> HandClock:
    return HandClock(NIGHT)


@pytest.fixture
def here(sqlite_template: Path, tmp_path: Path) -> Iterator[Store]:
    """A database with a rota, and three links."""
    shutil.copy(sqlite_template, tmp_path / "here.db")
    store = Store.open(f"sqlite:///{tmp_path}/here.db")
    import_rota(store, ROTA, "server", "test", NIGHT)
    store.run_now(calendars.issue, "giulia", "", "it", "giulias", NIGHT)
    store.run_now(calendars.issue, "marco", "primary", "en", "whole", NIGHT)
    store.run_now(calendars.issue, "sara", "", "it", "revoked", NIGHT)
    store.run_now(calendars.revoke, "sara", NIGHT)
    yield store
    store.close()


@pytest.fixture
async def metrics(here: Store, clock: HandClock) -> Metrics:
    """Of a standby: it never takes the lead."""
    return Metrics(here, Health(here, clock.now, ("tim_official",)), Traffic(clock.now), clock.now)


@pytest.fixture
async def client(here: Store, clock: HandClock, metrics: Metrics) -> AsyncIterator[httpx.AsyncClient]:
    feeds = Calendars(here, clock.now, HOME, metrics.meters.calendar_asked)
    app = web_app(metrics._health, metrics, Guard(open=False), feeds)
    probe = await asyncio.start_server(lambda *_: None, "127.0.0.1", 0)
    port = probe.sockets[0].getsockname()[1]
    probe.close()
    await probe.wait_closed()
    async with served(app, "127.0.0.1", port), httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as asked:
        yield asked


def summaries(answer: httpx.Response) -> set[str]:
    return {str(event["SUMMARY"]) for event in Calendar.from_ical(answer.content).walk("VEVENT")}


async def test_whoever_has_the_link_gets_the_feed(client: httpx.AsyncClient) -> None:
    """Without HTTP_TOKEN, from a standby, in the language of the link."""
    own, whole = await client.get("/calendar/giulias.ics"), await client.get("/calendar/whole.ics")
    assert (own.status_code, whole.status_code) == (200, 200)
    assert own.headers["content-type"] == "text/calendar; charset=utf-8"
    assert own.headers["cache-control"] == "private, no-cache"
    assert own.headers["referrer-policy"] == "no-referrer"
    assert "noindex" in own.headers["x-robots-tag"]
    assert summaries(own) == {"Di turno: primary", "Di turno: backup"}
    assert summaries(whole) == {"Giulia Rossi", "Alessio Conti", "Sara Ricci", "Marco Villa"}
    assert "X-WR-CALNAME:Turni di Giulia Rossi" in own.text
    assert "X-WR-CALNAME:Rota primary" in whole.text


async def test_who_has_it_already_hears_so(client: httpx.AsyncClient) -> None:
    first = await client.get("/calendar/giulias.ics")
    tag = first.headers["etag"]
    for known in (tag, f'"other", W/{tag}', "*"):
        again = await client.get("/calendar/giulias.ics", headers={"If-None-Match": known})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
        assert again.headers["cache-control"] == "private, no-cache"
    assert (await client.get("/calendar/giulias.ics", headers={"If-None-Match": '"other"'})).content == first.content
    head = await client.head("/calendar/giulias.ics")
    assert (head.status_code, head.content, head.headers["etag"]) == (200, b"", tag)
    assert int(head.headers["content-length"]) == len(first.content)


async def test_all_that_opens_nothing_looks_the_same(client: httpx.AsyncClient) -> None:
    """Unknown, malformed, taken back: nobody can tell which."""
    paths = ("unknown.ics", "revoked.ics", "giulias", "giulias.ICS", ".ics", "", "a/b.ics", "%00%ff.ics", "x" * 4000)
    answers = [await client.get(f"/calendar/{path}") for path in paths]
    seen = {
        (a.status_code, a.content, tuple((k, v) for k, v in a.headers.items() if k not in ("date",))) for a in answers
    }
    assert len(seen) == 1
    assert answers[0].status_code == 404
    assert "etag" not in answers[0].headers
    assert (await client.get("/calendar/unknown.ics", headers={"If-None-Match": "*"})).status_code == 404
    assert (await client.post("/calendar/giulias.ics")).status_code == 405


async def test_a_link_that_is_taken_back_ends_at_once(client: httpx.AsyncClient, here: Store) -> None:
    """Also for somebody who left the rota by another way than an import."""
    for token in ("giulias", "whole"):
        assert (await client.get(f"/calendar/{token}.ics")).status_code == 200
    here.run_now(calendars.revoke, "giulia", NIGHT)
    assert (await client.get("/calendar/giulias.ics")).status_code == 404
    here.run_now(rotas.save, ROTA.replace("marco", "carlo"), "server", "test", NIGHT)
    assert (await client.get("/calendar/whole.ics")).status_code == 404


async def test_an_edit_is_seen_at_once_and_nothing_else_moves(client: httpx.AsyncClient, here: Store) -> None:
    """Also by a process that was started after it: what counts stands in the database."""
    before = await client.get("/calendar/whole.ics")
    start = datetime.fromisoformat("2026-12-12T00:00:00+01:00")
    put = Put(frozenset({"marco"}), start, start + timedelta(days=1), by="marco")
    import_rota(here, add_override(ROTA, "primary", put, NIGHT), "marco", "test", NIGHT + timedelta(hours=1))
    after = await client.get("/calendar/whole.ics")
    assert after.headers["etag"] != before.headers["etag"]
    old, new = (
        {str(e["UID"]): e.to_ical() for e in Calendar.from_ical(answer.content).walk("VEVENT")}
        for answer in (before, after)
    )
    changed = [uid for uid in new if old.get(uid) != new[uid]]
    assert len(changed) == 3
    assert set(old) <= set(new), "the first of the three parts is the event it was, shorter"
    assert all(b"SEQUENCE:2\r\n" in new[uid] for uid in changed)
    fresh = await Calendars(here, lambda: NIGHT, HOME).answer("whole")
    assert fresh.body == after.content


async def test_a_long_history_costs_a_bounded_look_back(here: Store) -> None:
    """At every 16th revision all events count up once; between them only what changes does."""
    feeds = Calendars(here, lambda: NIGHT, HOME)
    for number in range(2, VERSIONS_MAX + 2):
        import_rota(here, f"{WEEKLY}\n# {number}\n", "marco", "test", NIGHT + timedelta(minutes=number))
        if 3 < number < VERSIONS_MAX - 1:
            continue
        answer = await feeds.answer("whole")
        sequence = {int(e["SEQUENCE"]) for e in Calendar.from_ical(bytes(answer.body)).walk("VEVENT")}
        assert sequence == {2 if number < VERSIONS_MAX else VERSIONS_MAX}
    assert len(feeds._plans) <= VERSIONS_MAX


async def test_it_is_made_once_a_week_and_revision(here: Store, clock: HandClock) -> None:
    """However many phones come back at once, the rota is worked out for one."""
    feeds = Calendars(here, clock.now, HOME)
    answers = await asyncio.gather(*(feeds.answer("giulias") for _ in range(20)))
    assert len({id(answer.body) for answer in answers}) == 1
    clock.advance(timedelta(days=1))
    assert (await feeds.answer("giulias")).body is answers[0].body
    clock.advance(timedelta(days=1))
    assert (await feeds.answer("giulias")).body != answers[0].body


async def test_a_revision_that_does_not_pass_is_passed_over(here: Store) -> None:
    before = await Calendars(here, lambda: NIGHT, HOME).answer("giulias")
    here.run_now(rotas.save, "words = 'of an older time'", "server", "test", NIGHT)
    during = await Calendars(here, lambda: NIGHT, HOME).answer("giulias")
    assert (during.status_code, during.body) == (200, before.body), "the last one that can be read is in force"
    here.run_now(rotas.save, load(ROTA, "test").text, "server", "test", NIGHT)
    assert (await Calendars(here, lambda: NIGHT, HOME).answer("giulias")).status_code == 200


async def test_a_database_that_fails_is_no_404(
    client: httpx.AsyncClient, here: Store, metrics: Metrics, caplog: pytest.LogCaptureFixture
) -> None:
    """A calendar that gets 404 may be thrown away; and the counts tell what was asked."""
    await client.get("/calendar/giulias.ics")
    await client.get("/calendar/giulias.ics", headers={"If-None-Match": "*"})
    await client.get("/calendar/nothing.ics")
    with here.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE calendar RENAME TO gone")
    with caplog.at_level(logging.DEBUG):
        failed = await client.get("/calendar/giulias.ics")
    assert (failed.status_code, failed.headers["retry-after"]) == (503, "60")
    ours = [record.getMessage() for record in caplog.records if record.name.startswith("reperibile")]
    assert ours == ["a calendar cannot be served: OperationalError"]
    text = (await metrics.text()).decode()
    for outcome in ("ok", "not_modified", "not_found", "failed"):
        assert f'reperibile_calendar_requests_total{{outcome="{outcome}"}} 1.0' in text
