"""The log of a night: no secret in it, however much is logged and by whomever; and it reads as the night went."""

import base64
import io
import logging
import re
import sys
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest
from sqlalchemy import create_engine
from weekend import OUTAGE, TEAM, Weekend, claimed, sent, weekend_stage

from bot import logs
from bot.core.traffic import Traffic
from bot.last_resort import LastResortChannels
from bot.sandbox.stage import ACCOUNTS, BOT_TOKEN, CONSUMER_KEY, CONSUMER_SECRET, secret_of, token_of
from bot.settings import load
from bot.store import people
from bot.web import Calendars, Guard, Health, web_app
from bot.web.metrics import Metrics

TOKEN = "canaryHttpToken-9f2c"
PASSWORD = "canary&pass/word+1"
RESORT = f"json://canaryuser:{quote(PASSWORD, safe='')}@127.0.0.1:9/canarypath0123/?+X-Key=canaryheader99"
INVITATION = "canaryInvitationCanaryInv0"


@pytest.fixture
def secrets(tmp_path: Path) -> tuple[str, ...]:
    """All of them, as a real start learns them from its settings."""
    environ = {
        "TELEGRAM_TOKEN": BOT_TOKEN,
        "X_CONSUMER_KEY": CONSUMER_KEY,
        "X_CONSUMER_SECRET": CONSUMER_SECRET,
        "DATABASE_URL": f"postgresql://reperibile:{quote(PASSWORD, safe='')}@127.0.0.1:9/reperibile",
        "LAST_RESORT_URLS": RESORT,
        "HTTP_TOKEN": TOKEN,
    }
    for account in ACCOUNTS:
        environ[f"X_TOKEN_{account.upper()}"] = token_of(account)
        environ[f"X_TOKEN_SECRET_{account.upper()}"] = secret_of(account)
    return load(None, environ).secrets()


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch, secrets: tuple[str, ...]) -> Iterator[io.StringIO]:
    """What standard error gets; afterwards all is as before."""
    root, stream = logging.getLogger(), io.StringIO()
    loggers = [logger for logger in root.manager.loggerDict.values() if isinstance(logger, logging.Logger)]
    before = [(logger, logger.level, logger.disabled) for logger in (root, *loggers)]
    handlers, hooks = list(root.handlers), (sys.excepthook, threading.excepthook, sys.unraisablehook)
    monkeypatch.setattr(sys, "stderr", stream)
    logs.set_up(secrets)
    yield stream
    root.handlers[:] = handlers
    for logger in root.manager.loggerDict.values():
        if isinstance(logger, logging.Logger):
            logger.setLevel(logging.NOTSET)
    for logger, level, disabled in before:
        logger.setLevel(level)
        logger.disabled = disabled
    sys.excepthook, threading.excepthook, sys.unraisablehook = hooks
    logging.captureWarnings(False)


def everything_at_debug() -> None:
    """As somebody does who looks for a fault: every logger that there is, whatever we told it."""
    for name in (*logs.NOISY, "apprise", "sqlalchemy.engine", "sqlalchemy.pool", "urllib3", "uvicorn.error"):
        logging.getLogger(name)
    for logger in (logging.getLogger(), *logging.getLogger().manager.loggerDict.values()):
        if isinstance(logger, logging.Logger):
            logger.setLevel(logging.DEBUG)


def forms(secret: str) -> set[str]:
    """How a secret may be dressed."""
    encoded = secret.encode()
    return {
        secret,
        quote(secret, safe=""),
        quote(quote(secret, safe=""), safe=""),
        repr(secret)[1:-1],
        base64.b64encode(encoded).decode().rstrip("=")[:-1],
        base64.b64encode(b"user:" + encoded).decode().rstrip("=")[8:-1],
        base64.urlsafe_b64encode(b":" + encoded).decode().rstrip("=")[2:-1],
    }


async def test_no_secret_in_any_form(weekend: Weekend, written: io.StringIO, secrets: tuple[str, ...]) -> None:
    """Everything at DEBUG, a whole story, and everything that can break breaks with its trace."""
    everything_at_debug()
    store = weekend.house.store
    store.run_now(people.invite, "alessio", INVITATION, "server", weekend.clock.now(), timedelta(minutes=15))
    await weekend.phone("alessio").types(f"/start {INVITATION}")
    await claimed(weekend)
    weekend.fault(match="POST /2/tweets", status=503, body="<html>down</html>")
    await sent(weekend)
    weekend.fault(match="POST /bot/sendMessage", drop="before")
    weekend.fault(match="GET /2/users/*/mentions", drop="before")
    await weekend.advance(minutes=4)
    assert weekend.ticket()["state"] == "answered"

    await LastResortChannels([RESORT]).notify("nobody answers")
    health = Health(store, weekend.clock.now, weekend.house.options.accounts)
    metrics = Metrics(store, health, Traffic(weekend.clock.now), weekend.clock.now)
    app = web_app(health, metrics, Guard(open=False, token=TOKEN), Calendars(store, weekend.clock.now))
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://here") as client:
        assert (await client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})).status_code == 200
    log = logging.getLogger("somebody.careless")
    for secret in secrets:
        try:
            raise ValueError(f"with {secret!r}, {secret.encode()!r} and {quote(secret, safe='')}") from OSError(secret)
        except ValueError:
            log.exception("that broke with %s and %r", {"it": secret}, secret.encode())
        log.debug("encoded %s", base64.b64encode(f"user:{secret}".encode()).decode())
    log.debug("settings: %s", load(None, {"HTTP_TOKEN": TOKEN, "LAST_RESORT_URLS": RESORT}))
    engine = create_engine(f"postgresql+psycopg://reperibile:{quote(PASSWORD, safe='')}@127.0.0.1:9/reperibile")
    try:
        engine.connect()
    except Exception:
        log.exception("no database at %s", engine.url.render_as_string(hide_password=False))

    text = written.getvalue()
    assert {"apprise", "httpx", "oauthlib", "sqlalchemy", "telegram", "reperibile"} <= {
        line.split()[3].split(".")[0].rstrip(":") for line in text.splitlines()
    }, "the libraries were not heard at all"
    shown = {form for secret in (*secrets, PASSWORD, INVITATION) for form in forms(secret) if form in text}
    assert shown == set()
    signed = re.findall(
        r"(?i)oauth_(?:signature|nonce|token|consumer_key)['\"]?(?:=|: |, |%3D|%253D)['\"]?(.{3})", text
    )
    assert set(signed) == {"***"}


async def test_no_calendar_link_in_any_log(written: io.StringIO, tmp_path: Path) -> None:
    """Neither when it leaves for the phone, whose client logs every message, nor when a calendar comes back with it."""
    everything_at_debug()
    async with weekend_stage(tmp_path, public_url="https://oncall.example.org") as weekend:
        await weekend.phone("giulia").types("/calendar")
        shown = weekend.phone("giulia").last.text
        (token,) = set(re.findall(r"/calendar/([\w-]{22,})\.ics", shown))
        store, now = weekend.house.store, weekend.clock.now
        health = Health(store, now, weekend.house.options.accounts)
        feeds = Calendars(store, now)
        app = web_app(health, Metrics(store, health, Traffic(now), now), Guard(open=True), feeds)
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://here") as client:
            assert (await client.get(f"/calendar/{token}.ics")).status_code == 200
    text = written.getvalue()
    assert "/calendar/***.ics" in text
    assert {form for form in forms(token) if form in text} == set()


def told(text: str) -> list[tuple[str, str, dict[str, str]]]:
    """Level, verb and facts of each line of the story."""
    found = []
    for line in text.splitlines():
        match = re.fullmatch(r"\S+ \S+Z (\w+) reperibile\.story: (?:#\d+ )?([^:;]+)(?:: [^;]+)?; (.*)", line)
        if match is not None:
            facts = re.findall(r'(\w+)=("(?:[^"\\]|\\.)*"|\S+)', match[3])
            assert " ".join(f"{name}={value}" for name, value in facts) == match[3], line
            found.append((match[1], match[2], dict(facts)))
    return found


async def test_the_log_reads_as_the_night_went(weekend: Weekend, written: io.StringIO) -> None:
    """Who reads it at 03:10 sees what happened to #1, in order, and nothing that a stranger may not read."""
    written.truncate(0)
    health = Health(weekend.house.store, weekend.clock.now, weekend.house.options.accounts)
    metrics = Metrics(weekend.house.store, health, Traffic(weekend.clock.now), weekend.clock.now)
    await claimed(weekend)
    weekend.fault(match="GET /2/users/*/mentions", status=503)
    await sent(weekend)
    await weekend.advance(minutes=1)
    await weekend.phone("giulia").types("/close 1 solved")
    text = written.getvalue()
    story = told(text)
    assert [verb for _, verb, facts in story if facts.get("ticket") == "1"] == [
        *("open", "page", "page sent", "claim", "draft", "send", "sending", "answered", "close"),
    ]
    facts = {verb: facts for _, verb, facts in story}
    assert {"line": "187", "urgency": "critical", "person": "giulia"}.items() <= facts["page sent"].items()
    assert float(facts["page sent"]["mention_s"]) == 30
    assert (facts["claim"]["who"], facts["claim"]["owner"], facts["claim"]["paged_s"]) == ("giulia", "giulia", "0")
    assert float(facts["answered"]["claimed_s"]) >= 20
    assert facts["mentions seen"]["new"] == "1"
    assert (facts["X back"]["fails"], float(facts["X back"]["down_s"])) == ("1", 30)
    assert {level for level, _, _ in story} == {"INFO"}
    words = {word.lower() for word in re.findall(r"\w{5,}", f"{OUTAGE} I tecnici sono sul posto mario rossi")}
    assert not words & {word.lower() for word in re.findall(r"\w+", text)} - {"tim_official"}
    assert not any(str(number) in text for number in TEAM.values())
    counted = (await metrics.text()).decode()
    for line in (
        'reperibile_mentions_total{account="tim_official",urgency="critical"} 1.0',
        'reperibile_pages_total{outcome="sent"} 1.0',
        'reperibile_mention_to_page_seconds_sum{urgency="critical"} 30.0',
        'reperibile_page_to_claim_seconds_count{urgency="critical"} 1.0',
        'reperibile_claim_to_reply_seconds_count{urgency="critical"} 1.0',
        'reperibile_replies{state="posted"} 1.0',
    ):
        assert f"{line}\n" in counted
