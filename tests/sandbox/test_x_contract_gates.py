"""The contract of the stand-in X, part three: who may ask, how often, with what credits; and X's bad days."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import aiohttp
import pytest
from x_here import KEYS, NOW, OURS, Here, parent_post

from bot.errors import DoorError, InDoubt, Permanent, Temporary
from bot.sandbox.x_faults import NAMED, named
from bot.sandbox.x_oauth import bearer_of
from bot.x.door import XDoor
from bot.x.errors import from_answer, says

pytestmark = pytest.mark.asyncio(loop_scope="module")

# Who may ask at all


async def test_an_apps_token_is_had_for_its_key_and_reads_what_an_app_may(here: Here) -> None:
    basic = {"Authorization": aiohttp.encode_basic_auth(*KEYS)}
    answer = await here.raw("POST", "/oauth2/token", basic, data={"grant_type": "client_credentials"})
    assert answer.json() == {"token_type": "bearer", "access_token": bearer_of(*KEYS)}
    assert (await here.as_app(f"/2/users/{here.own_id}/mentions")).status == 200
    wrong = {"Authorization": aiohttp.encode_basic_auth("CK", "no")}
    refused = await here.raw("POST", "/oauth2/token", wrong, data={"grant_type": "client_credentials"})
    assert (refused.status, refused.json()["errors"][0]["code"]) == (403, 99)
    no_grant = await here.raw("POST", "/oauth2/token", basic)
    assert no_grant.json()["errors"][0]["code"] == 170


async def test_each_endpoint_insists_on_its_kind_of_token(here: Here) -> None:
    by_user = await here.client.request("GET", "/2/usage/tweets")
    by_app = await here.as_app("/2/users/me")
    assert [each.json()["type"].rsplit("/")[-1] for each in (by_user, by_app)] == ["unsupported-authentication"] * 2
    assert says(by_user) == (
        "Authenticating with OAuth 1.0a User Context is forbidden for this endpoint.  "
        "Supported authentication types are [OAuth 2.0 Application-Only]."
    )
    refused = from_answer(by_app, writing=False)
    assert (by_app.status, refused is not None and refused.reason) == (403, "forbidden")
    assert (await here.raw("GET", "/2/usage/tweets", {"Authorization": "Bearer wrong"})).status == 401


async def test_usage_counts_posts_by_utc_day(here: Here) -> None:
    for n in range(3):
        here.world.write("marco", f"@AcmeCare {n}")
    route = f"/2/users/{here.own_id}/mentions"
    await here.get(route)
    await here.get(route)
    here.clock.advance(timedelta(days=1))
    await here.get(route, max_results="5")
    plain = (await here.as_app("/2/usage/tweets")).json()["data"]
    assert set(plain) == {"cap_reset_day", "project_cap", "project_id", "project_usage"}
    assert plain["project_usage"] == "6"
    full = (await here.as_app("/2/usage/tweets?days=2&usage.fields=daily_project_usage")).json()["data"]
    assert full["daily_project_usage"]["usage"] == [
        {"date": "2026-11-22T00:00:00.000Z", "usage": "3"},
        {"date": "2026-11-21T00:00:00.000Z", "usage": "3"},
    ]
    for query in ("days=91", "days=0", "days=0091", "usage.fields=money", "month=1"):
        assert (await here.as_app(f"/2/usage/tweets?{query}")).status == 400


@pytest.mark.parametrize("how", ["revoked", "skew", "-skew", "read-only"])
async def test_a_token_that_is_not_good_any_more(here: Here, x_door: XDoor, how: str) -> None:
    parent = parent_post(here)
    await x_door.me("AcmeCare")
    if how == "revoked":
        here.world.revoke("AcmeCare")
    elif how == "read-only":
        here.world.accounts["acmecare"] = _with_rights(here, "read")
    else:
        here.world.skew_s = -600 if how == "-skew" else 600
    expected, reason = (Permanent, "forbidden") if how == "read-only" else (Temporary, "unauthorized")
    with pytest.raises(expected) as refused:
        await x_door.post("AcmeCare", "Ci siamo", in_reply_to=parent.id)
    assert refused.value.reason == reason
    if how == "revoked":
        assert len((await x_door.mentions("AcmeGiulia")).mentions) == 0, "the others go on"
        here.world.revoke("AcmeCare", is_void=False)
        assert await x_door.post("AcmeCare", "Ci siamo", in_reply_to=parent.id)


def _with_rights(here: Here, rights: str) -> Any:
    return replace(here.world.accounts["acmecare"], rights=rights)


# Limits and credits


async def test_limits_of_the_window_and_of_the_day(here: Here, x_door: XDoor) -> None:
    parent = parent_post(here)
    here.world.limits["post"] = 2
    here.world.day_limits["post"] = {"user": 3, "app": 100}
    first = await here.post(text="uno")
    ends = int((NOW + timedelta(minutes=15)).timestamp())
    assert {k: v for k, v in first.headers.items() if k.startswith("x-")} == {
        "x-rate-limit-limit": "2",
        "x-rate-limit-remaining": "1",
        "x-rate-limit-reset": str(ends),
        "x-user-limit-24hour-limit": "3",
        "x-user-limit-24hour-remaining": "2",
        "x-user-limit-24hour-reset": str(int((NOW + timedelta(days=1)).timestamp())),
        "x-app-limit-24hour-limit": "100",
        "x-app-limit-24hour-remaining": "99",
        "x-app-limit-24hour-reset": str(int((NOW + timedelta(days=1)).timestamp())),
        "x-access-level": "read-write",
    }
    await here.post(text="due")

    async def refused_until(text: str) -> datetime | None:
        with pytest.raises(Temporary) as refused:
            await x_door.post("AcmeCare", text, in_reply_to=parent.id)
        assert refused.value.reason == "rate_limit"
        return refused.value.until

    assert await refused_until("tre") == NOW + timedelta(minutes=15)
    assert (await here.sister.request("POST", "/2/tweets", json={"text": "mio"})).status == 201, "each user for itself"
    here.clock.advance(timedelta(minutes=15))
    assert await x_door.post("AcmeCare", "tre", in_reply_to=parent.id)
    assert await refused_until("quattro") == NOW + timedelta(days=1), "the day is spent, though the window has room"
    here.clock.advance(timedelta(days=1))
    here.world.rate_headers = False
    assert [k for k in (await here.post(text="cinque")).headers if "limit" in k] == []
    here.world.limits["post"] = 1
    assert await refused_until("sei") is None, "a 429 that does not say until when"
    here.world.rate_limited, here.world.rate_headers = False, True
    assert await x_door.post("AcmeCare", "sei", in_reply_to=parent.id)
    left = {k: v for k, v in (await here.post(text="sette")).headers.items() if k.endswith("-remaining")}
    assert left == {
        "x-rate-limit-remaining": "1",
        "x-user-limit-24hour-remaining": "3",
        "x-app-limit-24hour-remaining": "100",
    }, "without limits nobody is told to stop"


async def test_credits_run_down_and_then_everything_is_refused(here: Here, x_door: XDoor) -> None:
    parent = parent_post(here)
    await x_door.me("AcmeCare")
    here.world.meter.credits_usd = 0.02
    assert len((await x_door.mentions("AcmeCare")).mentions) == 1  # 0.005 for the post, 0.010 for its author
    assert here.world.meter.credits_usd == pytest.approx(0.005)
    await x_door.post("AcmeCare", "Ci siamo", in_reply_to=parent.id)
    for call in (x_door.mentions("AcmeCare"), x_door.post("AcmeCare", "Eccoci", in_reply_to=parent.id)):
        with pytest.raises(Temporary) as refused:
            await call
        assert (refused.value.reason, "does not have any credits" in refused.value.detail) == ("credits", True)
    assert (await here.as_app("/2/usage/tweets")).status == 200, "what it cost can still be asked"
    here.world.meter.credits_usd = None
    assert await x_door.post("AcmeCare", "Eccoci", in_reply_to=parent.id)


# Bad days

_READ_BACK: dict[str, tuple[type[DoorError], type[DoorError], str]] = {
    "503-html": (Temporary, InDoubt, "server"),
    "503-json": (Temporary, InDoubt, "server"),
    "503-after-work": (Temporary, InDoubt, "server"),
    "500": (Temporary, InDoubt, "server"),
    "504-empty": (Temporary, InDoubt, "server"),
    "403-html": (Temporary, InDoubt, "unreadable"),
    "200-html": (Temporary, InDoubt, "unreadable"),
    "302": (Temporary, InDoubt, "server"),
    "401": (Temporary, Temporary, "unauthorized"),
    "402": (Temporary, Temporary, "credits"),
    "429": (Temporary, Temporary, "rate_limit"),
    "429-without-reset": (Temporary, Temporary, "rate_limit"),
    "429-old-form": (Temporary, Temporary, "rate_limit"),
    "429-day": (Temporary, Temporary, "rate_limit"),
    "automated": (Permanent, Permanent, "forbidden"),
    "locked": (Permanent, Permanent, "forbidden"),
    "suspended": (Permanent, Permanent, "forbidden"),
    "hangs": (Temporary, InDoubt, "server"),
    "hangs-after-work": (Temporary, InDoubt, "server"),
    "dropped": (Temporary, InDoubt, "server"),
    "dropped-after-work": (Temporary, InDoubt, "server"),
}


async def test_every_bad_day_is_in_the_table() -> None:
    assert set(_READ_BACK) == set(NAMED)
    with pytest.raises(KeyError):
        named("sunny")


@pytest.mark.parametrize("name", NAMED)
async def test_a_bad_day_is_read_as_what_it_is(here: Here, name: str) -> None:
    reading, writing, reason = _READ_BACK[name]
    parent = parent_post(here)
    async with XDoor(here.url, *KEYS, {"AcmeCare": OURS}, timeout_s=0.15 if "hangs" in name else 5) as x_door:
        here.faults.add(named(name, "GET /2/users/me"), named(name, "POST /2/tweets"))
        with pytest.raises(reading) as refused:
            await x_door.me("AcmeCare")
        assert refused.value.reason == reason
        with pytest.raises(writing) as refused:
            await x_door.post("AcmeCare", "Ci siamo", in_reply_to=parent.id)
        assert refused.value.reason == reason
    if name == "429-day":
        assert refused.value.until == NOW + timedelta(hours=2)
    if name in ("429", "429-without-reset"):
        assert refused.value.until == (NOW + timedelta(minutes=1) if name == "429" else None)
    landed = any(post.by_api for post in here.world.posts.values())
    assert landed == ("after-work" in name)
    assert here.faults.to_json() == []
