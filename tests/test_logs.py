"""No secret reaches the log, whoever logs it and however; and one event is one line."""

import asyncio
import base64
import gc
import io
import logging
import sys
import threading
import warnings
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import httpx
import pytest

from bot import logs

TOKEN = "110201543:canary-AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"
SECRETS = (TOKEN, "canary-key", "canary-key-longer", "canary/with+signs&more=", "canary\nin two lines", "ab")


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """What standard error got, with logging set up at DEBUG; afterwards all is as before."""
    root, stream = logging.getLogger(), io.StringIO()
    before, level = list(root.handlers), root.level
    levels = {name: logging.getLogger(name).level for name in logs.NOISY}
    hooks = sys.excepthook, threading.excepthook, sys.unraisablehook
    monkeypatch.setattr(sys, "stderr", stream)
    # A uvicorn without access log, of another test, cuts its logger off for the whole process.
    monkeypatch.setattr(logging.getLogger("uvicorn.access"), "propagate", True)
    logs.set_up(SECRETS, logging.DEBUG)
    yield stream
    root.handlers[:] = before
    root.setLevel(level)
    for name, old in levels.items():
        logging.getLogger(name).setLevel(old)
    sys.excepthook, threading.excepthook, sys.unraisablehook = hooks
    logging.captureWarnings(False)


def raise_deeply(text: str) -> None:
    try:
        raise ValueError(text)
    except ValueError as cause:
        raise RuntimeError(f"because of {text}") from cause


@pytest.mark.parametrize("secret", SECRETS[:-1])
def test_no_secret_in_messages_arguments_exceptions_or_traces(log: io.StringIO, secret: str) -> None:
    logger = logging.getLogger("bot.somewhere")
    logger.debug(f"in the message {secret}")
    logger.info("in an argument %s, in a list %s, in a mapping %s", secret, [secret], {"a": secret})
    logger.info("by name %(name)s", {"name": secret})
    logger.warning("too many %s", secret, secret)
    logger.error("with the stack", stack_info=True)
    try:
        raise_deeply(secret)
    except RuntimeError:
        logger.exception("in an exception")
    written = log.getvalue()
    assert "canary" not in written
    assert "in two lines" not in written
    assert len(written.splitlines()) == 6
    assert "ValueError: ***" in written
    assert "raise_deeply" in written


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("GET https://api.telegram.org/bot123456:AAcanary-x/getMe", "GET https://api.telegram.org/bot***/getMe"),
        ("GET /bot1:canary", "GET /bot***"),
        ("https://h/bot123456%3Acanary_x/getMe", "https://h/bot***/getMe"),
        ("the token 987654321:canary-canary-canary-canary", "the token ***"),
        ('OAuth oauth_token="canary", oauth_version="1.0"', 'OAuth oauth_token="***", oauth_version="1.0"'),
        ("oauth_signature=canary%3D&x=1", "oauth_signature=***&x=1"),
        ("Authorization: Bearer canarycanary", "Authorization: Bearer ***"),
        ("postgresql+psycopg://user:canary@host/db", "postgresql+psycopg://user:***@host/db"),
        ("GET /calendar/canary-canary.ics", "GET /calendar/***.ics"),
        ("webcal://h/calendar/canary_canary-canary", "webcal://h/calendar/***"),
        ("to=https%3A%2F%2Fh%2Fcalendar%2Fcanary-canary-canary.ics", "to=https%3A%2F%2Fh%2Fcalendar%2F***.ics"),
        ("GET /calendar/ and docs/calendar/feeds.md", "GET /calendar/ and docs/calendar/feeds.md"),
        ('{"text": "/start canary-canary-canary-0"}', '{"text": "/start ***"}'),
        ("text=%2Fstart+canary-canary-canary-0", "text=%2Fstart+***"),
        ("https://t.me/a_bot?start=canary-canary-canary-0", "https://t.me/a_bot?start=***"),
        ("[('oauth_nonce', '123canary'), ('a', 'b')]", "[('oauth_nonce', '***'), ('a', 'b')]"),
        ("POST&https%3A%2F%2Fh&oauth_token%3Dcanary%26x", "POST&https%3A%2F%2Fh&oauth_token%3D***"),
        ("canary%252Fwith%252Bsigns%2526more%253D", "***"),
        ("to start the watch at 21:00", "to start the watch at 21:00"),
        ("canary%2Fwith%2Bsigns%26more%3D", "***"),
        ("canary-key-longer and canary-key", "*** and ***"),
        ("about the robot 42: at 03:10 a table", "about the robot 42: at 03:10 a table"),
        ("send:7 claim:42 close:42:solved", "send:7 claim:42 close:42:solved"),
    ],
)
def test_what_looks_like_a_secret_is_one_and_ordinary_words_stay(text: str, left: str) -> None:
    assert logs.Redactor(SECRETS)(text) == left


def test_a_secret_that_is_no_utf_8_is_hidden_like_any_other() -> None:
    """As os.environ hands it on; the service must start with it, if only to be refused by Telegram."""
    secret = b"canary-\xe9-latin1".decode("utf-8", "surrogateescape")
    text = f"plain {secret}, quoted canary-%E9-latin1, bytes {secret.encode(errors='surrogateescape')!r}"
    assert "latin1" not in logs.Redactor([secret])(text)


@pytest.mark.parametrize("before", ["", "a", "ab", "user:"])
@pytest.mark.parametrize("dress", [base64.b64encode, base64.urlsafe_b64encode])
def test_base64_hides_nothing(before: str, dress: Callable[[bytes], bytes]) -> None:
    """Whatever stands before and after it moves the letters."""
    text = dress(f"{before}{SECRETS[3]}{before}".encode()).decode()
    assert SECRETS[3] in base64.b64decode(text.replace("-", "+").replace("_", "/")).decode()
    shown = logs.Redactor(SECRETS)(f"data {text} end")
    assert logs.HIDDEN in shown
    assert len(shown) < len(f"data {before}{before} end") + 16


def test_an_uncaught_exception_is_one_redacted_line(log: io.StringIO) -> None:
    try:
        raise_deeply(TOKEN)
    except RuntimeError as error:
        sys.excepthook(type(error), error, error.__traceback__)
    [line] = log.getvalue().splitlines()
    assert "CRITICAL bot: the process ends" in line
    assert "canary" not in line


def test_an_uncaught_exception_in_a_thread_is_one_redacted_line(log: io.StringIO) -> None:
    thread = threading.Thread(target=raise_deeply, args=(TOKEN,), name="store-writer")
    thread.start()
    thread.join()
    [line] = log.getvalue().splitlines()
    assert "the thread store-writer ends" in line
    assert "canary" not in line


def test_an_exception_in_a_finaliser_is_one_redacted_line(log: io.StringIO) -> None:
    class Careless:
        def __del__(self) -> None:
            raise_deeply(TOKEN)

    Careless()
    gc.collect()
    [line] = log.getvalue().splitlines()
    assert "ERROR bot: " in line
    assert "canary" not in line


async def test_a_task_that_nobody_awaited_is_one_redacted_line(log: io.StringIO) -> None:
    async def fail() -> None:
        raise_deeply(TOKEN)

    task = asyncio.create_task(fail())
    await asyncio.wait([task])
    del task
    gc.collect()
    [line] = log.getvalue().splitlines()
    assert "ERROR asyncio: Task exception was never retrieved" in line
    assert "canary" not in line


def test_warnings_take_the_same_way(log: io.StringIO) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        logging.captureWarnings(False)
        logging.captureWarnings(True)
        warnings.warn(f"about {TOKEN}", UserWarning, stacklevel=1)
    logging.captureWarnings(False)
    assert "WARNING py.warnings" in log.getvalue()
    assert "canary" not in log.getvalue()


async def test_a_real_client_at_debug_shows_no_token(log: io.StringIO) -> None:
    transport = httpx.MockTransport(lambda request: httpx.Response(200, json={"ok": True}))
    async with httpx.AsyncClient(transport=transport) as client:
        await client.get(f"https://api.telegram.org/bot{TOKEN}/getMe")
        assert log.getvalue() == ""
        logging.getLogger("httpx").setLevel(logging.DEBUG)  # somebody looking for a fault
        await client.get(f"https://api.telegram.org/bot{TOKEN}/getMe")
    assert "https://api.telegram.org/bot***/getMe" in log.getvalue()
    assert "canary" not in log.getvalue()


@pytest.mark.parametrize("name", logs.NOISY)
def test_noisy_libraries_are_heard_from_warning_upwards(log: io.StringIO, name: str) -> None:
    logging.getLogger(f"{name}.part").info("chatter")
    logging.getLogger(f"{name}.part").warning("trouble")
    assert "chatter" not in log.getvalue()
    assert "trouble" in log.getvalue()


def test_a_line_says_when_in_utc_how_bad_and_where(log: io.StringIO) -> None:
    record = logging.makeLogRecord(
        {"name": "bot.watch", "levelno": logging.WARNING, "levelname": "WARNING", "msg": "the rota has a gap"}
    )
    record.created = datetime(2026, 11, 21, 3, 10, 0, 123456, tzinfo=UTC).timestamp()
    logging.getLogger().handle(record)
    assert log.getvalue() == "2026-11-21 03:10:00.123Z WARNING bot.watch: the rota has a gap\n"


def test_nobodys_text_can_forge_a_line(log: io.StringIO) -> None:
    logging.getLogger("bot").info("one\n2026-11-21 03:10:00.000Z INFO bot: two\x1b[2J\u2028three\r\x00")
    [line] = log.getvalue().splitlines()
    assert line.endswith(r"bot: one ⏎ 2026-11-21 03:10:00.000Z INFO bot: two\x1b[2J ⏎ three ⏎ \x00")


def test_setting_up_again_takes_the_place_of_the_first(log: io.StringIO, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", log)
    logs.set_up(["another-secret"])
    logging.getLogger("bot").info("another-secret")
    logging.getLogger("bot").debug("not at this level")
    assert [line.rpartition(": ")[2] for line in log.getvalue().splitlines()] == ["***"]
