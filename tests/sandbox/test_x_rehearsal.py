"""What a rehearsal can do with the stand-in X over the control API: switches, bad days, costs, conversations."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from oauthlib.oauth1 import Client as Signer

from bot.clock import HandClock
from bot.sandbox.app import create_app
from bot.sandbox.stage import CONSUMER_KEY, CONSUMER_SECRET, Stage, secret_of, token_of
from bot.sandbox.x_cost import DAYS_KEPT, Meter
from bot.sandbox.x_faults import NAMED
from bot.sandbox.x_rehearsal import switches

BASE = "http://127.0.0.1:8080"
OWN = "TIM_Official"


@pytest.fixture
def clock() -> HandClock:
    return HandClock(datetime(2026, 11, 21, 3, 10, tzinfo=UTC))


@pytest.fixture
def stage(clock: HandClock) -> Stage:
    return Stage.standard(clock.now, clock.advance)


@pytest.fixture
async def http(stage: Stage) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app=create_app(stage))
    async with httpx.AsyncClient(transport=transport, base_url=BASE) as client:
        yield client


async def of_x(http: httpx.AsyncClient, method: str, route: str, **sent: Any) -> httpx.Response:
    """What the service would ask X, signed by its account."""
    signer = Signer(CONSUMER_KEY, CONSUMER_SECRET, token_of(OWN), secret_of(OWN))
    url, headers, _ = signer.sign(BASE + route, method)
    return await http.request(method, url, headers=headers, **sent)


async def mentions(http: httpx.AsyncClient, stage: Stage, more: str = "") -> httpx.Response:
    own = stage.x.accounts[OWN.lower()].id
    return await of_x(http, "GET", f"/2/users/{own}/mentions?expansions=author_id{more}")


TURNED = {
    "vocabulary": "new",
    "duplicate_filter": False,
    "index_delay_s": 90.0,
    "implicit_mention_counts": False,
    "too_long_status": 400,
    "rate_limited": False,
    "rate_headers": False,
    "limits": {"post": 17},
    "app_limits": {"usage": 3},
    "day_limits": {"post": {"user": 5}},
    "skew_s": -600.0,
    "app_owner": OWN,
    "credits_usd": 2.5,
    "bill_users": False,
    "processing_s": 30.0,
    "processing_fails": True,
}


async def test_every_switch_can_be_turned_and_says_how_it_stands(http: httpx.AsyncClient, stage: Stage) -> None:
    before = (await http.get("/sandbox/x/switch")).json()
    assert set(before) == set(TURNED) == set(switches(stage.x))
    after = (await http.post("/sandbox/x/switch", json=TURNED)).json()
    assert after == TURNED | {
        "limits": before["limits"] | {"post": 17},
        "app_limits": before["app_limits"] | {"usage": 3},
    }
    assert (await http.post("/sandbox/x/switch", json=before)).json() == before


@pytest.mark.parametrize(
    ("wish", "words"),
    [
        ({"vocabulary": "latin"}, "must be one of: 'asked', 'old', 'new'"),
        ({"too_long_status": 404}, "one of: 403, 400"),
        ({"too_long_status": True}, "one of: 403, 400"),
        ({"app_owner": "marco"}, "must be one of: ''"),
        ({"index_delay_s": 601}, "from 0 to 600"),
        ({"credits_usd": -1}, "from 0 to 1000000"),
        ({"skew_s": "1"}, "must be a number"),
        ({"rate_limited": 1}, "must be true or false"),
        ({"limits": {"coffee": 1}}, "limits knows "),
        ({"limits": {"post": -1}}, "whole numbers"),
        ({"day_limits": {"post": {"cat": 1}}}, "post knows app, user"),
        ({"day_limits": []}, "must be an object"),
        ({"colour": "red"}, "unknown: colour"),
        ({"duplicate_filter": False, "vocabulary": "latin"}, "one of"),
    ],
)
async def test_a_switch_that_cannot_be_turned_so_leaves_all_as_they_were(
    http: httpx.AsyncClient, stage: Stage, wish: dict[str, Any], words: str
) -> None:
    before = switches(stage.x)
    answer = await http.post("/sandbox/x/switch", json=wish)
    assert (answer.status_code, words in answer.json()["error"]) == (400, True), answer.json()
    assert switches(stage.x) == before


async def test_customers_post_all_kinds_of_posts(http: httpx.AsyncClient, stage: Stage, clock: HandClock) -> None:
    first = (await http.post("/sandbox/x/posts", json={"author": "anna", "text": f"@{OWN} ciao", "lang": "it"})).json()
    wish = {"author": "marco", "text": f"@{OWN} guardate", "quoted": first["id"], "media": ["photo", "video"]}
    second = await http.post("/sandbox/x/posts", json=wish | {"visible_after_s": 60, "closed": True})
    post = stage.x.posts[int(second.json()["id"])]
    assert ([each.kind for each in post.media], post.quoted, post.closed) == (
        ["photo", "video"],
        int(first["id"]),
        True,
    )
    again = await http.post("/sandbox/x/posts", json={"author": "lucia", "text": "-", "retweeted": first["id"]})
    assert stage.x.posts[int(again.json()["id"])].text == f"RT @anna: @{OWN} ciao"
    seen = (await mentions(http, stage)).json()["data"]
    assert [each["id"] for each in seen] == [again.json()["id"], first["id"]]
    clock.advance(timedelta(seconds=60))
    assert len((await mentions(http, stage)).json()["data"]) == 3
    for wrong in (
        {"media": ["poem"]},
        {"media": ["photo"] * 5},
        {"closed": 1},
        {"quoted": "17"},
        {"visible_after_s": -1},
    ):
        assert (await http.post("/sandbox/x/posts", json={"author": "a", "text": "b", **wrong})).status_code in (
            400,
            404,
        )


async def test_a_bad_day_by_name(http: httpx.AsyncClient, stage: Stage) -> None:
    assert set((await http.get("/sandbox/x/faults")).json()["faults"]) == set(NAMED)
    put = await http.post("/sandbox/x/faults", json={"name": "402", "match": "GET /2/users/me", "times": 2})
    (rule,) = put.json()["faults"]
    assert (rule["match"], rule["times"], rule["status"]) == ("GET /2/users/me", 2, 402)
    assert [(await of_x(http, "GET", "/2/users/me")).status_code for _ in range(3)] == [402, 402, 200]
    assert (await http.post("/sandbox/x/faults", json={"name": "sunny"})).status_code == 404
    assert (await http.post("/sandbox/x/faults", json={"name": "402", "times": 0})).status_code == 400
    await http.post("/sandbox/x/faults", json={"name": "503-html", "times": None})
    answer = await of_x(http, "GET", "/2/users/me")
    assert (answer.status_code, answer.text.startswith("<!DOCTYPE html>")) == (503, True)


async def test_blocking_and_revoking(http: httpx.AsyncClient, stage: Stage) -> None:
    stage.x.write("marco", f"@{OWN} ciao")
    assert (await http.post("/sandbox/x/block", json={"who": "@marco", "whom": OWN})).status_code == 200
    assert "data" not in (await mentions(http, stage)).json()
    await http.post("/sandbox/x/block", json={"who": "marco", "whom": OWN, "is_blocked": False})
    assert len((await mentions(http, stage)).json()["data"]) == 1
    assert (await http.post("/sandbox/x/revoke", json={"account": OWN})).json() == {"revoked": [OWN.lower()]}
    assert (await mentions(http, stage)).status_code == 401
    assert (await http.post("/sandbox/x/revoke", json={"account": OWN, "is_void": False})).json() == {"revoked": []}
    assert (await mentions(http, stage)).status_code == 200
    assert (await http.post("/sandbox/x/block", json={"who": "nobody", "whom": OWN})).status_code == 404
    assert (await http.post("/sandbox/x/revoke", json={"account": OWN, "is_void": 1})).status_code == 400


async def test_a_conversation_is_a_tree(http: httpx.AsyncClient, stage: Stage) -> None:
    root = stage.x.write("marco", f"@{OWN} fibra ferma")
    ours = stage.x.write(OWN, "Ci siamo", in_reply_to=root.id)
    edited = stage.x.edit(root.id, f"@{OWN} fibra ferma da ieri")
    stage.x.write("anna", "anch'io", in_reply_to=edited.id)
    thanks = stage.x.write("marco", "grazie", in_reply_to=ours.id)
    stage.x.delete(ours.id)
    body = (await http.get(f"/sandbox/x/conversation/{thanks.id}")).json()
    assert (body["conversation_id"], body["posts"]) == (str(root.id), 4)

    def drawn(node: dict[str, Any]) -> Any:
        return [node["author"], node["text"], node["deleted"], *map(drawn, node["replies"])]

    assert drawn(body["root"]) == [
        "marco",
        f"@{OWN} fibra ferma da ieri",
        False,
        [OWN, "Ci siamo", True, ["marco", "grazie", False]],
        ["anna", "anch'io", False],
    ]
    found = await of_x(http, "GET", f"/2/tweets/search/recent?query=conversation_id%3A{root.id}")
    assert [each["text"] for each in found.json()["data"]] == [
        f"@{OWN} grazie",
        f"@marco @{OWN} anch'io",
        f"@{OWN} fibra ferma da ieri",
    ]
    assert (await http.get("/sandbox/x/conversation/17")).status_code == 404


async def test_costs_stand_in_the_state_and_by_day(http: httpx.AsyncClient, stage: Stage, clock: HandClock) -> None:
    parent = stage.x.write("marco", f"@{OWN} fibra ferma")
    for _ in range(2):
        assert (await mentions(http, stage)).status_code == 200
    reply = {"in_reply_to_tweet_id": str(parent.id)}
    for body in (
        {"text": "Ci siamo", "reply": reply},
        {"text": "Leggete qui: tim.it/guasti", "reply": reply},
        {"text": "Buongiorno"},
    ):
        assert (await of_x(http, "POST", "/2/tweets", json=body)).status_code == 201
    own = stage.x.posts_by(stage.x.accounts[OWN.lower()])[0]
    assert (await of_x(http, "DELETE", f"/2/tweets/{own.id}")).status_code == 200
    clock.advance(timedelta(days=1))
    stage.x.app_owner = OWN
    assert (await mentions(http, stage)).status_code == 200
    cost = (await http.get("/sandbox/x/cost")).json()
    assert cost == (await http.get("/sandbox/state")).json()["x"]["cost"]
    assert {kind: found["count"] for kind, found in cost["kinds"].items()} == {
        "post_read": 1,
        "owned_read": 1,
        "user_read": 2,
        "post": 1,
        "summoned_reply": 1,
        "post_with_link": 1,
        "delete": 1,
    }
    assert [(day["date"], day["usd"]) for day in cost["days"]] == [("2026-11-21", 0.25), ("2026-11-22", 0.011)]
    assert (cost["total_usd"], cost["today_usd"], cost["credits_usd"]) == (0.261, 0.011, None)


def test_the_meter_forgets_what_is_long_ago(clock: HandClock) -> None:
    meter = Meter(clock.now)
    for _ in range(DAYS_KEPT + 5):
        meter.read([1], [2])
        clock.advance(timedelta(days=1))
    assert len(meter.to_json()["days"]) == DAYS_KEPT + 1
    meter.bill_users = False
    heard: list[int] = []
    meter.changed.append(lambda: heard.append(1))
    meter.read([1, 1], [3])
    meter.read([1], [3])
    assert meter.to_json()["today_usd"] == 0.005
    assert heard == [1]
