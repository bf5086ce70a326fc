"""/metrics: what a care operation watches, and who may see it."""

import re
from datetime import datetime, timedelta
from pathlib import Path

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlmodel import Session

from bot.app import import_rota
from bot.clock import HandClock
from bot.core.event import Event
from bot.core.traffic import Traffic
from bot.store import outbox, people, story
from bot.store.db import Store
from bot.store.tables import Cursor, MentionRow, ReplyRow, TicketRow
from bot.web import Calendars, Guard, Health, Metrics, web_app
from bot.web.gauges import ahead
from schedules.rota_file import load

ROOT = Path(__file__).parents[2]
ROTA = (ROOT / "rota.example.toml").read_text(encoding="utf-8")
NIGHT = datetime.fromisoformat("2026-11-28T21:00:00Z")
CUSTOMER, WORDS = "canary_customer", "canary words of the customer"


def minutes(count: float) -> datetime:
    return NIGHT + timedelta(minutes=count)


class Page:
    """The page as Prometheus reads it."""

    def __init__(self, metrics: Metrics) -> None:
        self.metrics = metrics

    async def read(self) -> dict[str, float]:
        """Value by `name{label=value,…}`, labels sorted."""
        found = {}
        for family in text_string_to_metric_families((await self.metrics.text()).decode()):
            for sample in family.samples:
                labels = ",".join(f"{name}={value}" for name, value in sorted(sample.labels.items()))
                found[f"{sample.name}{{{labels}}}" if labels else sample.name] = sample.value
        return found


@pytest.fixture
def clock() -> HandClock:
    return HandClock(NIGHT)


@pytest.fixture
def traffic(clock: HandClock) -> Traffic:
    return Traffic(clock.now)


@pytest.fixture
def page(store: Store, clock: HandClock, traffic: Traffic) -> Page:
    import_rota(store, ROTA, "server", "test", NIGHT)
    health = Health(store, clock.now, ("tim_official",))
    health.leads()
    return Page(Metrics(store, health, traffic, clock.now))


def night(session: Session) -> None:
    """#1 was claimed and answered, given back, and nobody has taken it since; #2 came later and pages, too."""
    for number, opened in ((1, minutes(-60)), (2, minutes(-5))):
        session.add(
            TicketRow(
                id=number,
                account="TIM_Official",
                author_id=7,
                author=CUSTOMER,
                state="paging",
                urgency="critical",
                line="187",
                opened_at=opened,
                first_mention_at=opened,
                last_mention_at=opened,
                newest_mention_id=number,
                ladder=1,
            )
        )
        session.flush()
        session.add(
            MentionRow(
                id=number,
                newest_id=number,
                account="TIM_Official",
                author_id=7,
                author=CUSTOMER,
                author_name=CUSTOMER,
                text=WORDS,
                conversation_id=number,
                created_at=opened,
                seen_at=opened,
                ticket_id=number,
            )
        )
        session.flush()
    rung = outbox.say(
        session, minutes(-59), "page:1:1:1:0:1:giulia", "page", person="giulia", ticket_id=1, mention_id=1
    )
    rung.state, rung.sent_at = "sent", minutes(-59)
    session.add(rung)
    session.flush()
    people.log(session, minutes(-57), "giulia", "claim", ticket=1)
    session.flush()
    people.log(session, minutes(-50), "giulia", "answered", ticket=1)
    people.log(session, minutes(-20), "giulia", "release", ticket=1)
    waiting = outbox.say(session, minutes(-2), "page:2:1:1:0:1:sara", "page", person="sara", ticket_id=2, mention_id=2)
    waiting.in_doubt = True
    session.add(waiting)
    session.add(
        ReplyRow(
            ticket_id=1,
            writer="giulia",
            account="TIM_Official",
            mention_id=1,
            parent_id=1,
            typed=WORDS,
            text=WORDS,
            state="held",
            made_at=minutes(-3),
            held_at=minutes(-1),
        )
    )
    for name in ("beat", "telegram", "x:TIM_Official"):
        session.add(Cursor(name=name, good_at=minutes(-0.5)))


async def test_a_night_in_numbers(page: Page, store: Store, traffic: Traffic) -> None:
    store.run_now(night)
    found = await page.read()
    expected = {
        "reperibile_leader": 1,
        "reperibile_database_up": 1,
        "reperibile_watching": 1,
        "reperibile_tickets{state=paging,urgency=critical}": 2,
        "reperibile_tickets{state=closed,urgency=normal}": 0,
        "reperibile_replies{state=held}": 1,
        "reperibile_oldest_unclaimed_alarm_age_seconds": 20 * 60,
        "reperibile_outbox_waiting_messages{kind=page}": 1,
        "reperibile_outbox_oldest_age_seconds": 120,
        "reperibile_outbox_in_doubt_messages": 1,
        "reperibile_oldest_unsent_reply_age_seconds": 60,
        "reperibile_mentions_unjudged": 2,
        "reperibile_x_poll_age_seconds{account=tim_official}": 0,
        "reperibile_telegram_poll_age_seconds": 30,
        "reperibile_tick_age_seconds": 30,
        "reperibile_page_to_claim_seconds_count{urgency=critical}": 1,
        "reperibile_page_to_claim_seconds_sum{urgency=critical}": 120,
        "reperibile_claim_to_reply_seconds_sum{urgency=critical}": 7 * 60,
        "reperibile_pages_total{outcome=failed}": 0,
    }
    assert {name: found[name] for name in expected} == expected


async def test_the_customer_wrote_again_after_it_was_given_back(page: Page, store: Store) -> None:
    """The alarm is as old as the words nobody has answered, not as the ticket."""
    store.run_now(night)

    def again(session: Session) -> None:
        for number in (1, 2):
            ticket = session.get(TicketRow, number)
            assert ticket is not None
            ticket.state = "claimed" if number == 2 else "paging"
            session.add(ticket)
        row = session.get(MentionRow, 2)
        assert row is not None
        row.ticket_id, row.seen_at = 1, minutes(-4)
        session.add(row)

    store.run_now(again)
    assert (await page.read())["reperibile_oldest_unclaimed_alarm_age_seconds"] == 240


async def test_nobody_is_named(page: Page, store: Store) -> None:
    """Labels are read by many: no customer's word or handle, no colleague's name."""
    store.run_now(night)
    text = (await page.metrics.text()).decode()
    assert "canary" not in text
    assert not re.search(r"giulia|sara|marco", text, re.IGNORECASE)


@pytest.fixture
def sqlite_page(sqlite_template: Path, tmp_path: Path, clock: HandClock, traffic: Traffic) -> Page:
    """On an empty database without tables' rows, for what the database's kind does not matter to."""
    path = tmp_path / "reperibile.db"
    path.write_bytes(sqlite_template.read_bytes())
    store = Store.open(f"sqlite:///{path}")
    return Page(Metrics(store, Health(store, clock.now, ("tim_official",)), traffic, clock.now))


async def test_events_are_counted_after_the_commit_only(sqlite_page: Page) -> None:
    store = sqlite_page.metrics._store

    def judged(session: Session, *, fail: bool) -> None:
        facts = {"account": "TIM_Official", "urgency": "noise"}
        story.tell(session, NIGHT, "intake", "judged", quiet=True, facts=facts)
        story.tell(session, NIGHT, "delivery", "page sent", facts={"urgency": "urgent", "mention_s": 12.5})
        if fail:
            raise ValueError("half way")

    store.run_now(judged, fail=False)
    with pytest.raises(ValueError, match="half way"):
        store.run_now(judged, fail=True)
    found = await sqlite_page.read()
    assert found["reperibile_mentions_total{account=tim_official,urgency=noise}"] == 1
    assert found["reperibile_pages_total{outcome=sent}"] == 1
    assert found["reperibile_mention_to_page_seconds_bucket{le=10.0,urgency=urgent}"] == 0
    assert found["reperibile_mention_to_page_seconds_bucket{le=15.0,urgency=urgent}"] == 1


async def test_a_listener_that_fails_takes_nothing_back(sqlite_page: Page) -> None:
    store = sqlite_page.metrics._store

    def fail(_: Event) -> None:
        raise RuntimeError("canary")

    store.listeners.insert(0, fail)
    store.run_now(people.log, NIGHT, "giulia", "duty confirmed")
    sqlite_page.metrics.meters.ticked(0.02)
    assert (await sqlite_page.read())["reperibile_tick_duration_seconds_count"] == 1


async def test_a_database_that_fails_is_a_number(clock: HandClock, traffic: Traffic, tmp_path: Path) -> None:
    store = Store.open(f"sqlite:///{tmp_path}/without_tables.db")
    found = await Page(Metrics(store, Health(store, clock.now, ("a",)), traffic, clock.now)).read()
    assert (found["reperibile_database_up"], found["reperibile_leader"]) == (0, 0)
    assert "reperibile_outbox_oldest_age_seconds" not in found


async def test_what_the_doors_did(sqlite_page: Page, clock: HandClock, traffic: Traffic) -> None:
    ends_at = minutes(10)
    traffic.x("tim_official", "GET", "/2/users/112/mentions", 200, 290, ends_at)
    traffic.x("tim_official", "GET", "/2/users/112/mentions", 429, 0, ends_at)
    traffic.x("tim_official", "POST", "/2/tweets", None)
    traffic.x("tim_official", "DELETE", "/2/tweets/5", 503)
    traffic.telegram("sendMessage", 403)
    traffic.read(posts=[1, 2], users=[7])
    traffic.read(posts=[2], users=[7])
    traffic.wrote(with_link=False)
    traffic.wrote(with_link=True)
    found = await sqlite_page.read()
    assert found["reperibile_x_cost_today_dollars"] == pytest.approx(0.010 + 0.010 + 0.010 + 0.200)
    left = "reperibile_x_rate_limit_remaining_requests{account=tim_official,endpoint=GET /2/users/:id/mentions}"
    assert found[left] == 0
    for endpoint, outcome in (
        ("GET /2/users/:id/mentions", "ok"),
        ("GET /2/users/:id/mentions", "rate_limited"),
        ("POST /2/tweets", "no_answer"),
        ("DELETE /2/tweets/:id", "server_error"),
    ):
        assert found[f"reperibile_x_requests_total{{account=tim_official,endpoint={endpoint},outcome={outcome}}}"] == 1
    assert found["reperibile_telegram_requests_total{method=sendMessage,outcome=refused}"] == 1
    clock.advance(timedelta(hours=4))  # past midnight, and past the window
    later = await sqlite_page.read()
    assert later["reperibile_x_cost_today_dollars"] == 0
    assert left not in later


def test_the_rota_ahead_counts_what_the_office_does_not_cover() -> None:
    """From Saturday night: the example has somebody always; without its Sundays there is a gap a week."""
    full = ahead(load(ROTA, "example"), NIGHT)
    assert {(one.covered_s, one.gaps, one.gap_s) for one in full.values()} == {(14 * 86400, 0, 0)}


def guarded(metrics: Metrics, guard: Guard) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(web_app(metrics._health, metrics, guard, Calendars(metrics._store, metrics._now)))
    return httpx.AsyncClient(transport=transport, base_url="http://reperibile")


@pytest.mark.parametrize(
    ("guard", "header", "status"),
    [
        pytest.param(Guard(open=True, token="secret"), None, 200, id="on loopback"),
        pytest.param(Guard(open=False, token="secret"), None, 401, id="no token"),
        pytest.param(Guard(open=False, token="secret"), "Bearer secret", 200, id="the token"),
        pytest.param(Guard(open=False, token="secret"), "bearer secret", 200, id="small letters"),
        pytest.param(Guard(open=False, token="secret-città"), "Bearer secret-città", 200, id="beyond ASCII"),
        pytest.param(Guard(open=False, token="secret"), "Bearer secre", 401, id="its beginning"),
        pytest.param(Guard(open=False, token="secret"), "Basic secret", 401, id="another scheme"),
        pytest.param(Guard(open=False, token="secret"), "Bearer", 401, id="nothing"),
        pytest.param(Guard(open=False), None, 403, id="none is set"),
        pytest.param(Guard(open=False), "Bearer ", 403, id="none is set, nothing given"),
    ],
)
async def test_who_may_read(sqlite_page: Page, guard: Guard, header: str | None, status: int) -> None:
    async with guarded(sqlite_page.metrics, guard) as client:
        answer = await client.get("/metrics", headers={"Authorization": header.encode()} if header else {})
        assert answer.status_code == status
        assert ("reperibile_leader" in answer.text) == (status == 200)
        assert (await client.get("/healthz")).status_code == 200
    assert "secret" not in repr(guard)


def test_every_metric_and_every_name_in_the_rules_is_real() -> None:
    """docs/metrics.md: a rule that names a metric which is not there never fires, and nobody notices."""
    text = (ROOT / "docs" / "metrics.md").read_text(encoding="utf-8")
    sources = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "bot" / "web").glob("*.py"))
    made = set(re.findall(r'"(reperibile_\w+)"', sources))
    suffix = re.compile(r"_(total|bucket|sum|count)$")
    named = {suffix.sub("", name) for name in re.findall(r"reperibile_\w+", text)}
    assert named == made
