"""The stage over HTTP: what the control API does, refuses, and who is not let in."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from bot.clock import HandClock
from bot.sandbox.app import create_app
from bot.sandbox.control import BODY_BYTES_MAX
from bot.sandbox.server import serve
from bot.sandbox.shelf import SHELF
from bot.sandbox.stage import ACCOUNTS, BOT_TOKEN, BOT_USERNAME, PEOPLE, Stage
from bot.sandbox.stories import DOES

START = datetime(2026, 11, 28, 20, 47, tzinfo=UTC)  # a Saturday, 21:47 in Rome
BASE = "http://127.0.0.1:8080"


@pytest.fixture
def clock() -> HandClock:
    return HandClock(START)


@pytest.fixture
def stage(clock: HandClock) -> Stage:
    return Stage.standard(clock.now, clock.advance)


@pytest.fixture
async def http(stage: Stage) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app=create_app(stage))
    async with httpx.AsyncClient(transport=transport, base_url=BASE) as client:
        yield client


async def state_of(http: httpx.AsyncClient) -> Any:
    return (await http.get("/sandbox/state")).json()


async def bot(http: httpx.AsyncClient, method: str, **parameters: Any) -> Any:
    """What the service would do: call the Bot API."""
    answer = await http.post(f"/bot{BOT_TOKEN}/{method}", json=parameters)
    return answer.json()["result"]


# ── the cast ────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_the_standard_stage_has_the_rehearsal_cast(http: httpx.AsyncClient) -> None:
    state = await state_of(http)
    assert [a["handle"] for a in state["accounts"]] == list(ACCOUNTS)
    assert {p["key"]: p["user_id"] for p in state["people"]} == {key: user for key, (user, _) in PEOPLE.items()}
    assert state["roles"] == [
        {"person": "giulia", "role": "on duty"},
        {"person": "sara", "role": "backup"},
        {"person": "marco", "role": "lead"},
    ]
    assert state["now"] == START.isoformat()
    assert (await bot(http, "getMe"))["username"] == BOT_USERNAME


def test_the_accounts_have_the_documented_keys(stage: Stage) -> None:
    account = stage.x.accounts["tim119giulia"]
    assert (account.consumer_key, account.consumer_secret) == ("sandbox-consumer-key", "sandbox-consumer-secret")
    assert (account.token, account.token_secret) == ("sandbox-token-tim119giulia", "sandbox-secret-tim119giulia")
    assert BOT_TOKEN == "110201543:sandbox-token-for-rehearsals"


async def test_roles_can_change_while_the_page_is_open(stage: Stage, http: httpx.AsyncClient) -> None:
    before = stage.version
    stage.roles = [("sara", "on duty"), ("alessio", "backup"), ("marco", "lead")]
    assert stage.version > before
    assert {p["key"]: p["role"] for p in (await state_of(http))["people"]}["giulia"] == ""
    with pytest.raises(ValueError, match="nobody"):
        stage.roles = [("piero", "on duty")]


async def test_facts_are_shown_as_they_are_now(stage: Stage, http: httpx.AsyncClient) -> None:
    facts = ["On duty: Giulia"]
    stage.facts = lambda: facts
    assert (await state_of(http))["facts"] == ["On duty: Giulia"]
    facts[0] = "On duty: Sara"
    assert (await state_of(http))["facts"] == ["On duty: Sara"]


async def test_the_shelf_can_be_written_and_names_our_accounts(stage: Stage, http: httpx.AsyncClient) -> None:
    shelf = (await http.get("/sandbox/shelf")).json()["shelf"]
    assert len(shelf) == len(SHELF) >= 16
    assert {post["lang"] for post in shelf} == {"it", "en"}
    for post in shelf:
        wish = {"author": post["handle"], "name": post["name"], "text": post["text"]}
        assert (await http.post("/sandbox/x/posts", json=wish)).status_code == 200
    posts = (await state_of(http))["x"]["posts"]
    ours = {handle.lower() for handle in ACCOUNTS}
    assert all(ours & set(post["mentions"]) for post in posts)
    assert {handle for post in posts for handle in ours & set(post["mentions"])} == ours


# ── X ───────────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_customer_writes_edits_and_deletes(http: httpx.AsyncClient) -> None:
    wish = {"author": "@anna_verdi", "name": "Anna", "text": "@TIM_Official no signal"}
    first = (await http.post("/sandbox/x/posts", json=wish)).json()["id"]
    again = {"author": "anna_verdi", "text": "still none", "in_reply_to": first}
    await http.post("/sandbox/x/posts", json=again)
    edited = (await http.post(f"/sandbox/x/posts/{first}/edit", json={"text": "@TIM_Official no signal at all"})).json()

    opening, follow_up = (await state_of(http))["x"]["posts"]
    assert edited["id"] != first
    assert (opening["id"], opening["first_id"], opening["edited"]) == (edited["id"], first, True)
    assert (opening["name"], opening["author"], opening["ours"]) == ("Anna", "anna_verdi", False)
    assert follow_up["conversation_id"] == opening["conversation_id"]
    assert follow_up["in_reply_to"] == first

    assert (await http.delete(f"/sandbox/x/posts/{edited['id']}")).status_code == 200
    assert (await state_of(http))["x"]["posts"][0]["deleted"] is True
    late = await http.post(f"/sandbox/x/posts/{edited['id']}/edit", json={"text": "too late"})
    assert (late.status_code, late.json()["error"]) == (400, "a deleted post cannot be edited")


async def test_switches_of_x(stage: Stage, http: httpx.AsyncClient) -> None:
    answer = await http.post("/sandbox/x/switch", json={"duplicate_filter": False, "index_delay_s": 30})
    assert answer.json().items() >= {"duplicate_filter": False, "index_delay_s": 30.0}.items()
    assert (stage.x.duplicate_filter, stage.x.index_delay_s) == (False, 30.0)


# ── phones ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("who", ["giulia", "Giulia", "1001"])
async def test_typing_reaches_the_bot(http: httpx.AsyncClient, who: str) -> None:
    answer = await http.post(f"/sandbox/telegram/{who}/type", json={"text": "/who"})
    (update,) = await bot(http, "getUpdates")
    assert update["message"]["text"] == "/who"
    assert update["message"]["message_id"] == answer.json()["message_id"]
    assert update["message"]["from"]["id"] == 1001


async def test_a_card_is_pressed_and_answered(http: httpx.AsyncClient) -> None:
    await http.post("/sandbox/telegram/giulia/type", json={"text": "/start"})
    keyboard = {"inline_keyboard": [[{"text": "Claim", "callback_data": "claim:1", "style": "primary"}]]}
    card = await bot(http, "sendMessage", chat_id=1001, text="🔴 #1", reply_markup=keyboard)
    shown = (await state_of(http))["phones"]["1001"]["messages"][-1]
    assert (shown["text"], shown["rang"], shown["from_bot"]) == ("🔴 #1", True, True)
    assert shown["buttons"] == [[{"label": "Claim", "data": "claim:1", "url": "", "style": "primary"}]]

    press = {"message_id": card["message_id"], "data": "claim:1"}
    callback = (await http.post("/sandbox/telegram/giulia/press", json=press)).json()["callback_id"]
    update = (await bot(http, "getUpdates"))[-1]["callback_query"]
    assert (update["id"], update["data"]) == (callback, "claim:1")
    await bot(http, "answerCallbackQuery", callback_query_id=callback, text="Giulia has it")
    assert (await state_of(http))["phones"]["1001"]["popups"][-1]["text"] == "Giulia has it"


async def test_reply_edit_voice_block_and_unblock(http: httpx.AsyncClient) -> None:
    first = (await http.post("/sandbox/telegram/sara/type", json={"text": "ciao"})).json()["message_id"]
    await http.post("/sandbox/telegram/sara/type", json={"text": "di nuovo", "reply_to": first})
    await http.post("/sandbox/telegram/sara/edit", json={"message_id": first, "text": "ciao!"})
    await http.post("/sandbox/telegram/sara/send", json={"kind": "voice"})
    for verb in ("block", "block", "unblock"):
        assert (await http.post(f"/sandbox/telegram/sara/{verb}")).status_code == 200
    updates = await bot(http, "getUpdates")
    kinds = [next(key for key in update if key != "update_id") for update in updates]
    assert kinds == ["message", "message", "edited_message", "message", "my_chat_member", "my_chat_member"]
    assert updates[1]["message"]["reply_to_message"]["message_id"] == first
    messages = (await state_of(http))["phones"]["1003"]["messages"]
    assert [(m["text"], m["edited"], m["reply_to"]) for m in messages[:2]] == [
        ("ciao!", True, None),
        ("di nuovo", False, first),
    ]


async def test_who_has_blocked_the_bot_cannot_type(http: httpx.AsyncClient) -> None:
    await http.post("/sandbox/telegram/sara/block")
    answer = await http.post("/sandbox/telegram/sara/type", json={"text": "hello"})
    assert (answer.status_code, answer.json()["error"]) == (400, "Sara has blocked the bot")


# ── record, faults, clock ───────────────────────────────────────────────────────────────────────────────────────────


async def test_the_record_keeps_the_doors_and_not_the_page(http: httpx.AsyncClient) -> None:
    await http.get("/sandbox/state")
    await bot(http, "getMe")
    await http.get("/2/users/me")
    asked = (await http.get("/sandbox/record")).json()["requests"]
    assert [(r["method"], r["path"], r["status"]) for r in asked] == [
        ("POST", "/bot/getMe", 200),
        ("GET", "/2/users/me", 401),
    ]
    later = (await http.get("/sandbox/record", params={"after": asked[0]["number"]})).json()["requests"]
    assert [r["path"] for r in later] == ["/2/users/me"]


async def test_faults_apply_are_shown_and_go_away(stage: Stage, http: httpx.AsyncClient) -> None:
    rules = [
        {"match": "POST /bot/getMe", "status": 502, "body": "Bad Gateway"},
        {"match": "* /2/*", "times": None, "status": 503},
    ]
    assert (await http.post("/sandbox/faults", json=rules)).status_code == 200
    assert len((await state_of(http))["faults"]) == 2
    before = stage.version
    assert (await http.post(f"/bot{BOT_TOKEN}/getMe")).status_code == 502
    assert stage.version > before, "a rule that is used up is news for the page"
    assert [rule["match"] for rule in (await http.get("/sandbox/faults")).json()["faults"]] == ["* /2/*"]
    assert (await http.get("/2/users/me")).status_code == 503
    await http.delete("/sandbox/faults")
    assert (await http.get("/2/users/me")).status_code == 401


async def test_a_fault_never_hits_the_page(http: httpx.AsyncClient) -> None:
    await http.post("/sandbox/faults", json={"match": "*", "times": None, "status": 500})
    assert (await http.get("/")).status_code == 200
    assert (await http.get("/sandbox/state")).status_code == 200
    assert (await http.get("/sandbox/static/page.js")).status_code == 200


async def test_the_clock_moves_forward(clock: HandClock, http: httpx.AsyncClient) -> None:
    answer = await http.post("/sandbox/clock", json={"advance_s": 3600})
    assert clock.now() == START + timedelta(hours=1)
    assert answer.json() == {"now": clock.now().isoformat(), "movable": True}


async def test_a_clock_that_cannot_be_moved_says_so(clock: HandClock) -> None:
    app = create_app(Stage.standard(clock.now))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url=BASE) as http:
        assert (await http.get("/sandbox/clock")).json()["movable"] is False
        answer = await http.post("/sandbox/clock", json={"advance_s": 60})
    assert (answer.status_code, answer.json()["error"]) == (400, "the clock of this stage cannot be moved")


# ── the service and the stories ────────────────────────────────────────────────────────────────────────────────────


class Rehearsed:
    """A service that somebody else runs: what the stage asks of it is written down."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.down = False

    def as_json(self) -> dict[str, Any]:
        return {"state": "down" if self.down else "up", "for_s": 1.0}

    def kill(self, down_s: float | None = None) -> int:
        if self.down:
            raise ValueError("the service is down already")
        self.down = True
        self.asked.append(f"kill {down_s}")
        return 4711

    def start_again(self) -> None:
        self.asked.append("start")


async def test_the_service_is_killed_and_started_where_the_stage_runs_it(stage: Stage, http: httpx.AsyncClient) -> None:
    service = stage.service = Rehearsed()
    assert (await http.post("/sandbox/service/kill", json={"down_s": 3})).json() == {"pid": 4711}
    assert (await state_of(http))["service"] == {"run_here": True, "state": "down", "for_s": 1.0}
    again = await http.post("/sandbox/service/kill", json={})
    assert (again.status_code, again.json()["error"]) == (400, "the service is down already")
    assert (await http.post("/sandbox/service/start")).status_code == 200
    assert service.asked == ["kill 3.0", "start"]


async def test_a_stage_alone_kills_nothing_and_says_whether_a_service_is_there(http: httpx.AsyncClient) -> None:
    assert (await state_of(http))["service"] == {"run_here": False, "state": "none"}
    for verb in ("kill", "start"):
        answer = await http.post(f"/sandbox/service/{verb}", json={})
        assert (answer.status_code, "runs no service" in answer.json()["error"]) == (400, True)
    await bot(http, "getMe")
    assert (await state_of(http))["service"]["state"] == "up"


async def test_the_stories_are_told_in_both_languages_with_known_steps(http: httpx.AsyncClient) -> None:
    stories = (await http.get("/sandbox/shelf")).json()["stories"]
    assert len(stories) == len({story["key"] for story in stories}) == 8
    for story in stories:
        assert story["title"] != story["title_it"]
        assert story["line"] != story["line_it"]
        assert {step["do"] for step in story["steps"]} <= set(DOES)
        assert all(step["en"] and step["it"] and step["en"] != step["it"] for step in story["steps"])
    needs = {story["key"]: story["needs"] for story in stories}
    assert (needs["kill"], needs["outage"], needs["telecare"]) == (["service"], ["clock"], [])


# ── live ────────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_events_tell_of_a_change_and_of_the_time(stage: Stage, clock: HandClock) -> None:
    """Over a real server: a stream never ends, which an in-process transport cannot show."""
    stage.facts = lambda: ["On duty: Giulia"]
    async with (
        serve(create_app(stage)) as base,
        httpx.AsyncClient(base_url=base, timeout=10) as http,
        http.stream("GET", "/sandbox/events") as stream,
    ):
        assert stream.headers["content-type"].startswith("text/event-stream")
        events = _events(stream)
        assert await anext(events) == ("changed", stage.version)
        service = {"run_here": False, "state": "none"}
        told = {"now": clock.now().isoformat(), "facts": ["On duty: Giulia"], "service": service}
        assert await anext(events) == ("clock", told)
        for number in range(20):
            stage.x.write("anna_verdi", f"@TIM_Official {number}")
        versions: list[int] = []
        while not versions or versions[-1] < stage.version:
            name, data = await anext(events)
            versions += [data] if name == "changed" else []
        assert len(versions) <= 3, "a burst is told in few events"


async def _events(stream: httpx.Response) -> AsyncIterator[tuple[str, Any]]:
    name = ""
    async for line in stream.aiter_lines():
        if line.startswith("event: "):
            name = line.removeprefix("event: ")
        elif line.startswith("data: "):
            yield name, json.loads(line.removeprefix("data: "))


async def test_whoever_waits_for_a_version_is_woken(stage: Stage) -> None:
    waiting = [asyncio.create_task(stage.version_after(stage.version, 30)) for _ in range(3)]
    await asyncio.sleep(0)
    stage.x.write("anna_verdi", "@TIM_Official hello")
    assert await asyncio.wait_for(asyncio.gather(*waiting), 5) == [stage.version] * 3


# ── what is refused ─────────────────────────────────────────────────────────────────────────────────────────────────

WRITE, TYPE, PRESS = "/sandbox/x/posts", "/sandbox/telegram/giulia/type", "/sandbox/telegram/giulia/press"


@pytest.mark.parametrize(
    ("path", "body", "status", "word"),
    [
        (WRITE, b"{", 400, "not JSON"),
        (WRITE, b"[" * 50_000, 400, "not JSON"),
        (WRITE, b"\xff\xfe", 400, "not JSON"),
        (WRITE, b"[]", 400, "object"),
        (WRITE, b'{"author": "a", "text": "b", "colour": 1}', 400, "unknown: colour"),
        (WRITE, b'{"author": "a b", "text": "c"}', 400, "handle"),
        (WRITE, b'{"author": "a_name_that_is_too_long", "text": "c"}', 400, "longer"),
        (WRITE, '{"author": "città", "text": "c"}'.encode(), 400, "handle"),
        (WRITE, b'{"author": "anna", "text": "  "}', 400, "text must"),
        (WRITE, b'{"author": "anna", "text": 7}', 400, "text must"),
        (WRITE, b'{"author": "anna", "text": "\\ud800"}', 400, "Unicode"),
        (WRITE, b'{"author": "anna", "text": "b", "in_reply_to": "12"}', 404, "no post"),
        (WRITE, b'{"author": "anna", "text": "' + b"x" * BODY_BYTES_MAX + b'"}', 400, "longer"),
        ("/sandbox/x/posts/12/edit", b'{"text": "b"}', 404, "no post"),
        ("/sandbox/x/posts/twelve/edit", b'{"text": "b"}', 404, "no post"),
        ("/sandbox/x/switch", b'{"duplicate_filter": "yes"}', 400, "true or false"),
        ("/sandbox/x/switch", b'{"index_delay_s": -1}', 400, "number from 0"),
        ("/sandbox/x/switch", b'{"index_delay_s": NaN}', 400, "number from 0"),
        (TYPE, b'{"text": ""}', 400, "text must"),
        (TYPE, b'{"text": "hi", "reply_to": 99}', 404, "no message 99"),
        (TYPE, b'{"text": "hi", "reply_to": "1"}', 400, "whole number"),
        (PRESS, b'{"message_id": true, "data": "x"}', 400, "whole number"),
        (PRESS, b'{"message_id": 1}', 400, "data must"),
        ("/sandbox/telegram/giulia/edit", b'{"message_id": 99, "text": "b"}', 404, "no message 99"),
        ("/sandbox/telegram/giulia/send", b'{"kind": "elephant"}', 400, "elephant"),
        ("/sandbox/telegram/giulia/dance", b"{}", 404, "cannot 'dance'"),
        ("/sandbox/telegram/piero/type", b'{"text": "hi"}', 404, "nobody"),
        ("/sandbox/clock", b'{"advance_s": -60}', 400, "number from 0"),
        ("/sandbox/clock", b'{"advance_s": 0}', 400, "forward"),
        ("/sandbox/clock", b'{"advance_s": 1e12}', 400, "number from 0"),
        ("/sandbox/clock", b'{"advance_s": true}', 400, "number"),
        ("/sandbox/faults", b'{"match": ""}', 400, "match"),
        ("/sandbox/faults", b'{"match": "*", "sttus": 500}', 400, "sttus"),
        ("/sandbox/faults", b"7", 400, "object"),
        ("/sandbox/nowhere", b"{}", 404, "there is no"),
    ],
)
async def test_bad_input_gets_a_sentence(
    http: httpx.AsyncClient, path: str, body: bytes, status: int, word: str
) -> None:
    answer = await http.post(path, content=body)
    assert answer.status_code == status
    assert word in answer.json()["error"]


async def test_what_the_bot_wrote_cannot_be_edited_on_the_phone(http: httpx.AsyncClient) -> None:
    await http.post("/sandbox/telegram/giulia/type", json={"text": "/start"})
    card = await bot(http, "sendMessage", chat_id=1001, text="hello")
    wish = {"message_id": card["message_id"], "text": "mine now"}
    answer = await http.post("/sandbox/telegram/giulia/edit", json=wish)
    assert answer.status_code == 400


@pytest.mark.parametrize("after", ["-1", "x", "9" * 40])
async def test_a_bad_place_in_the_record_is_refused(http: httpx.AsyncClient, after: str) -> None:
    assert (await http.get("/sandbox/record", params={"after": after})).status_code == 400


SEND = f"/bot{BOT_TOKEN}/sendMessage?chat_id=1001&text=hi"


@pytest.mark.parametrize(
    ("method", "path", "headers", "status"),
    [
        ("GET", "/sandbox/state", {"host": "evil.example"}, 403),
        ("GET", "/sandbox/state", {"host": "127.0.0.1.evil.example:8080"}, 403),
        ("GET", "/sandbox/state", {"host": "192.168.1.5:8080"}, 403),
        ("GET", "/sandbox/state", {"host": ""}, 403),
        ("GET", "/sandbox/state", {"host": "localhost:8080"}, 200),
        ("GET", "/sandbox/state", {"host": "[::1]:8080"}, 200),
        ("GET", "/2/users/me", {"host": "evil.example"}, 403),
        ("DELETE", "/sandbox/faults", {"origin": "https://evil.example"}, 403),
        ("DELETE", "/sandbox/faults", {"origin": "null"}, 403),
        ("DELETE", "/sandbox/faults", {"origin": "http://127.0.0.1:9999"}, 403),
        ("DELETE", "/sandbox/faults", {"origin": BASE}, 200),
        ("DELETE", "/sandbox/faults", {"sec-fetch-site": "same-origin"}, 200),
        ("GET", SEND, {"sec-fetch-site": "cross-site"}, 403),
        ("GET", SEND, {"sec-fetch-site": "same-site"}, 403),
        ("GET", "/", {"sec-fetch-site": "cross-site"}, 200),
        ("GET", "/", {"sec-fetch-site": "none"}, 200),
    ],
)
async def test_a_foreign_page_cannot_drive_the_stage(
    http: httpx.AsyncClient, method: str, path: str, headers: dict[str, str], status: int
) -> None:
    """A DNS name that resolves to loopback, a form or an image on any page must not reach the stand-ins."""
    assert (await http.request(method, path, headers=headers)).status_code == status


async def test_the_page_brings_everything_itself(http: httpx.AsyncClient) -> None:
    page = await http.get("/")
    assert "default-src 'self'" in page.headers["content-security-policy"]
    for name in ("style.css", "page.js", "director.js", "icon.svg", "bell.svg", "bell-off.svg"):
        asset = await http.get(f"/sandbox/static/{name}")
        assert asset.status_code == 200
        assert "//cdn" not in asset.text
    assert (await http.get("/sandbox/static/../app.py")).status_code == 404


async def test_the_stage_speaks_one_language_and_tells_who_listens(stage: Stage, http: httpx.AsyncClient) -> None:
    """The phones of the demo follow the page, so that a newcomer never reads "Press Claim" under an Italian button."""
    heard: list[str] = []
    stage.language_changed.append(heard.append)
    assert (await http.get("/sandbox/state")).json()["language"] == "en"
    for _ in range(2):
        assert (await http.post("/sandbox/language", json={"language": "it"})).status_code == 200
    assert heard == ["it"]
    assert (await http.get("/sandbox/state")).json()["language"] == "it"
    assert (await http.post("/sandbox/language", json={"language": "xx"})).status_code == 400
