"""DESIGN's failure table for X, row by row, against a server that really fails that way."""

import asyncio
import logging
import socket
from datetime import UTC, datetime, timedelta

import pytest

from bot.errors import InDoubt, Permanent, Temporary
from bot.sandbox.faults import Fault
from bot.x.door import XDoor
from bot.x.errors import Answer, from_answer, resets_at


def problem(detail, title="Forbidden"):
    return {"title": title, "detail": detail, "type": "about:blank", "status": 403}


# status, body, error when reading, error when writing, reason
ROWS = [
    pytest.param(429, {"title": "Too Many Requests"}, Temporary, Temporary, "rate_limit", id="429"),
    pytest.param(429, "", Temporary, Temporary, "rate_limit", id="429-empty"),
    pytest.param(429, {"errors": [{"code": 88, "message": "Rate limit"}]}, Temporary, Temporary, "rate_limit", id="88"),
    pytest.param(402, {"title": "CreditsDepleted"}, Temporary, Temporary, "credits", id="402"),
    pytest.param(401, problem("Unauthorized"), Temporary, Temporary, "unauthorized", id="401"),
    pytest.param(401, "<html>", Temporary, Temporary, "unauthorized", id="401-html"),
    pytest.param(500, {"title": "Internal"}, Temporary, InDoubt, "server", id="500"),
    pytest.param(503, "<html>Over capacity</html>", Temporary, InDoubt, "server", id="503-html"),
    pytest.param(504, "", Temporary, InDoubt, "server", id="504-empty"),
    pytest.param(302, "", Temporary, InDoubt, "server", id="302"),
    pytest.param(408, "", Temporary, InDoubt, "server", id="408"),
    pytest.param(200, "<html>login</html>", Temporary, InDoubt, "unreadable", id="200-html"),
    pytest.param(200, "", Temporary, InDoubt, "unreadable", id="200-empty"),
    pytest.param(200, [1], Temporary, InDoubt, "unreadable", id="200-list"),
    pytest.param(200, {"data": {}}, Temporary, InDoubt, "unreadable", id="200-without-id"),
    pytest.param(200, {"errors": [{"title": "x"}]}, Temporary, InDoubt, "unreadable", id="200-errors-alone"),
    pytest.param(403, "<html>blocked</html>", Temporary, InDoubt, "unreadable", id="403-html"),
    pytest.param(
        403,
        problem(
            "Reply to this conversation is not allowed because you have not been mentioned or otherwise engaged "
            "by the author of the post you are replying to."
        ),
        Permanent,
        Permanent,
        "not_engaged",
        id="not-engaged",
    ),
    pytest.param(
        403,
        {"errors": [{"detail": "You attempted to reply to a Tweet that is deleted or not visible to you."}]},
        Permanent,
        Permanent,
        "parent_gone",
        id="parent-gone",
    ),
    pytest.param(
        403,
        problem("You are not permitted to reply to this conversation"),
        Permanent,
        Permanent,
        "reply_settings",
        id="reply-settings",
    ),
    pytest.param(403, problem("Your Tweet text is too long."), Permanent, Permanent, "too_long", id="too-long-403"),
    pytest.param(
        400,
        {"errors": [{"message": "Your Tweet text is too long."}]},
        Permanent,
        Permanent,
        "too_long",
        id="too-long-400",
    ),
    pytest.param(
        403,
        problem("You are not allowed to create a Tweet with duplicate content."),
        Permanent,
        Permanent,
        "duplicate",
        id="duplicate",
    ),
    pytest.param(403, problem("Your account is suspended"), Permanent, Permanent, "forbidden", id="403-other"),
    pytest.param(400, {"title": "Invalid Request"}, Permanent, Permanent, "bad_request", id="400"),
    pytest.param(404, {"title": "Not Found"}, Permanent, Permanent, "bad_request", id="404"),
]


async def read(door, world):
    await door.me("AcmeCare")
    return door.mentions("AcmeCare"), "GET /2/users/*/mentions"


async def write(door, world):
    parent = world.write("marco", "@acmecare fibra ferma")
    return door.post("AcmeCare", "ciao", in_reply_to=parent.id), "POST /2/tweets"


async def erase(door, world):
    return door.delete("AcmeCare", world.write("AcmeCare", "ciao").id), "DELETE /2/tweets/*"


CALLS = pytest.mark.parametrize("call", [read, write, erase], ids=["reading", "posting", "deleting"])


@pytest.mark.parametrize(("status", "body", "reading", "writing", "reason"), ROWS)
async def test_the_table(door, world, faults, record, status, body, reading, writing, reason):
    """Reading, posting, deleting: on one stage, for starting a server is what a test of a row costs."""
    for call in (read, write, erase):
        waiting, match = await call(door, world)
        faults.add(Fault(match, status=status, body=body))
        with pytest.raises((Temporary, Permanent, InDoubt)) as refused:
            await waiting
        assert (type(refused.value), refused.value.reason) == (reading if call is read else writing, reason)
        assert len(record.of(match)) == 1, "one call is one request"


@CALLS
@pytest.mark.parametrize("drop", ["before", "after"])
async def test_a_dropped_connection_is_a_doubt_only_when_writing(door, world, faults, record, call, drop):
    waiting, match = await call(door, world)
    faults.add(Fault(match, times=None, drop=drop))
    with pytest.raises(Temporary if call is read else InDoubt) as refused:
        await waiting
    assert refused.value.reason == "server"
    assert len(record.of(match)) == 1, "aiohttp must not send it again on its own"


@CALLS
async def test_a_time_out_is_a_doubt_only_when_writing_and_never_a_second_request(url, world, faults, record, call):
    async with XDoor(url, "CK", "CS-canary", {"acmecare": ("TK", "TS")}, timeout_s=0.3) as door:
        waiting, match = await call(door, world)
        faults.add(Fault(match, times=None, delay_s=60, after_work=True))
        with pytest.raises(Temporary if call is read else InDoubt) as refused:
            await waiting
    assert refused.value.reason == "server"
    assert len(record.of(match)) == 1


async def test_what_was_in_doubt_can_be_found(door, world, faults, clock):
    """The answer was lost, the post is there: reading our own posts tells."""
    parent = world.write("marco", "@acmecare fibra ferma")
    faults.add(Fault("POST /2/tweets", drop="after"))
    with pytest.raises(InDoubt):
        await door.post("AcmeCare", "ciao", in_reply_to=parent.id)
    (own,) = await door.own_posts("AcmeCare", since=clock.now() - timedelta(minutes=1))
    assert own.parent_id == parent.id
    with pytest.raises(Permanent, match="duplicate"):
        await door.post("AcmeCare", "ciao", in_reply_to=parent.id)


@CALLS
@pytest.mark.parametrize("told", [True, False], ids=["reset told", "no reset"])
async def test_a_429_says_until_when(door, world, faults, clock, call, told):
    """Through tweepy, which must neither wait nor lose the header."""
    waiting, match = await call(door, world)
    faults.add(Fault(match, status=429, headers={"x-rate-limit-reset": "now+300"} if told else {}))
    with pytest.raises(Temporary) as refused:
        await waiting
    assert refused.value.until == (clock.now() + timedelta(minutes=5) if told else None)


@CALLS
async def test_402_is_looked_at_again_in_ten_minutes(door, world, faults, call):
    waiting, match = await call(door, world)
    faults.add(Fault(match, status=402, body={"title": "CreditsDepleted", "detail": "Your credits are depleted."}))
    with pytest.raises(Temporary, match="Your credits are depleted") as refused:
        await waiting
    assert (refused.value.until, refused.value.after) == (None, timedelta(minutes=10))


async def test_a_limit_of_one_endpoint_or_account_is_not_the_others(door, world, faults):
    """The door keeps no limits itself: what is refused here says nothing about what is asked there."""
    faults.add(Fault("POST /2/tweets", times=None, status=429))
    parent = world.write("marco", "@acmecare fibra ferma")
    with pytest.raises(Temporary):
        await door.post("AcmeCare", "ciao", in_reply_to=parent.id)
    assert (await door.mentions("AcmeCare")).mentions
    assert (await door.me("AcmeGiulia"))[1] == "AcmeGiulia"


@pytest.mark.parametrize("writing", [False, True], ids=["reading", "posting"])
async def test_a_connect_time_out_sent_nothing(writing):
    """A host that takes no connection (a firewall that drops): told apart from an answer that never comes."""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as full, socket.socket() as one, socket.socket() as two:
        for client in (one, two):
            client.setblocking(False)
            client.connect_ex(full.getsockname())
        base = f"http://127.0.0.1:{full.getsockname()[1]}"
        async with XDoor(base, "CK", "CS", {"a": ("TK", "TS")}, timeout_s=0.4) as door:
            with pytest.raises(Temporary) as refused:
                await (door.post("a", "ciao", in_reply_to=1) if writing else door.me("a"))
    assert refused.value.reason == "not_sent"


@pytest.mark.parametrize("broken", ["refused", "dns", "tls"])
@pytest.mark.parametrize("writing", [False, True], ids=["reading", "posting"])
async def test_what_was_never_sent_is_temporary(url, broken, writing):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        free = probe.getsockname()[1]
    base = {
        "refused": f"http://127.0.0.1:{free}",
        "dns": "http://nobody.invalid",
        "tls": url.replace("http", "https"),
    }
    async with XDoor(base[broken], "CK", "CS", {"a": ("TK", "TS")}) as door:
        with pytest.raises(Temporary) as refused:
            await (door.post("a", "ciao", in_reply_to=1) if writing else door.me("a"))
    assert refused.value.reason == "not_sent"


@pytest.mark.parametrize(
    "answer",
    [
        b"garbage\r\n\r\n",
        b"HTTP/1.1 200 OK\r\ncontent-length: 500\r\n\r\n{",
        b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 4\r\n\r\nnope",
        b"HTTP/1.1 201 Created\r\ntransfer-encoding: chunked\r\n\r\nZZ\r\n",
        b"HTTP/1.1 201 Created\r\ncontent-length: 4\r\n\r\n\xff\xfe{}",
        b"HTTP/1.1 200 OK\r\ncontent-length: 200000\r\n\r\n" + b"[" * 200_000,
    ],
    ids=["no HTTP", "half a body", "no gzip", "no chunk", "no UTF-8", "bottomless"],
)
async def test_broken_http_is_a_doubt_and_shows_no_secret(answer):
    async def answer_and_close(reader, writer):
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer_and_close, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server, XDoor(f"http://127.0.0.1:{port}", "CK", "CS-canary", {"a": ("TK-canary", "TS")}) as door:
        with pytest.raises(InDoubt) as refused:
            await door.post("a", "ciao", in_reply_to=1)
        with pytest.raises(Temporary):
            await door.me("a")
    assert "canary" not in f"{refused.value!r} {refused.value.__context__!r} {refused.value.__cause__!r}"


async def test_secrets_stay_out_of_logs_texts_and_reprs(door, faults, caplog):
    caplog.set_level(logging.DEBUG)
    faults.add(Fault("GET /2/users/me", status=403, body=problem("you sent CS-canary and TK and TS2")))
    with pytest.raises(Permanent) as refused:
        await door.me("AcmeCare")
    await door.mentions("AcmeCare")
    seen = f"{refused.value!r} {refused.value} {refused.value.detail} {door!r} {vars(door)['_clients']!r} {caplog.text}"
    assert "CS-canary" not in seen
    assert "oauth_signature" not in seen.lower()
    assert "oauth_token" not in seen.lower()


NOW = datetime(2026, 11, 21, 3, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("headers", "after_s"),
    [
        ({}, None),
        ({"x-rate-limit-reset": "600"}, 600),
        ({"x-rate-limit-reset": "soon"}, None),
        ({"x-rate-limit-reset": "99999999999999"}, None),
        (
            {
                "x-rate-limit-remaining": "12",
                "x-rate-limit-reset": "600",
                "x-user-limit-24hour-remaining": "0",
                "x-user-limit-24hour-reset": "40000",
            },
            40000,
        ),
        (
            {
                "x-rate-limit-reset": "600",
                "x-user-limit-24hour-remaining": "8",
                "x-user-limit-24hour-reset": "40000",
                "x-app-limit-24hour-remaining": "0",
                "x-app-limit-24hour-reset": "30000",
            },
            30000,
        ),
    ],
    ids=["nothing said", "15 minutes", "a word", "beyond the calendar", "the day of the user", "the day of the app"],
)
def test_the_later_reset_of_what_is_spent_counts(headers, after_s):
    start = int(NOW.timestamp())
    shifted = {
        k: str(start + int(v)) if k.endswith("reset") and v.isdigit() and len(v) < 9 else v for k, v in headers.items()
    }
    expected = None if after_s is None else NOW + timedelta(seconds=after_s)
    assert resets_at(shifted) == expected
    error = from_answer(Answer(429, shifted, b""), writing=True)
    assert isinstance(error, Temporary)
    assert error.until == expected


def test_spent_credits_are_looked_at_again_in_ten_minutes():
    error = from_answer(Answer(402, {}, b"{}"), writing=True)
    assert isinstance(error, Temporary)
    assert error.after == timedelta(minutes=10)
