"""The stand-in X lets in only what is signed; ids, weights, duplicates, the page. Its contract: test_x_contract*.py."""

from datetime import UTC, datetime, timedelta

import aiohttp
import pytest
from oauthlib.oauth1 import Client
from starlette.applications import Starlette
from yarl import URL

from bot.clock import HandClock
from bot.sandbox.server import serve
from bot.sandbox.x import XWorld, x_routes
from bot.sandbox.x_posts import X_EPOCH_MS, weight
from bot.sandbox.x_refusals import NotAllowed


@pytest.fixture
def clock():
    return HandClock(datetime(2026, 11, 21, 3, 10, tzinfo=UTC))


@pytest.fixture
def world(clock):
    world = XWorld(clock.now)
    world.add_account("acmecare", "Acme", consumer_key="CK", consumer_secret="CS", token="TK", token_secret="TS")
    return world


@pytest.fixture
async def url(world):
    async with serve(Starlette(routes=x_routes(world))) as base_url:
        yield base_url


def signed(url, method="GET", **changes):
    """URL and headers as an OAuth 1.0a client makes them."""
    signer = Client("CK", "CS", "TK", "TS", **changes)
    return signer.sign(url, method)[:2]


async def call(url, headers, method="GET", **body):
    async with (
        aiohttp.ClientSession() as session,
        session.request(method, URL(url, encoded=True), headers=headers, **body) as answer,
    ):
        return answer.status, await answer.json(), dict(answer.headers)


async def test_a_signed_request_is_good_once(url):
    address, headers = signed(f"{url}/2/users/me")
    assert (await call(address, headers))[0] == 200
    assert (await call(address, headers))[0] == 401


async def test_the_signature_covers_method_host_path_and_query(url):
    address, headers = signed(f"{url}/2/users/by?usernames=acmecare")
    assert (await call(address.replace("acmecare", "marco"), headers))[0] == 401
    assert (await call(f"{url}/2/users/me", headers))[0] == 401
    _, elsewhere = signed("https://api.x.com/2/users/me")
    assert (await call(f"{url}/2/users/me", elsewhere))[0] == 401
    assert (await call(address, headers))[0] == 200


@pytest.mark.parametrize(
    "headers",
    [{}, {"Authorization": "Bearer x"}, {"Authorization": "OAuth"}, {"Authorization": 'OAuth oauth_token="TK", x'}],
)
async def test_without_a_user_signature_nobody_gets_in(url, headers):
    status, body, _ = await call(f"{url}/2/users/me", headers)
    assert (status, body["title"]) == (401, "Unauthorized")


async def test_an_old_timestamp_is_refused(url):
    address, headers = signed(f"{url}/2/users/me", timestamp="1700000000")
    assert (await call(address, headers))[0] == 401


def test_ids_are_snowflakes_that_rise_even_when_the_clock_stands_still(world, clock):
    ids = [world.write("marco", f"numero {n}").id for n in range(3)]
    assert (ids[0] >> 22) + X_EPOCH_MS == int(clock.now().timestamp() * 1000)
    clock.advance(timedelta(seconds=-60))
    ids.append(world.write("marco", "indietro").id)
    assert ids == sorted(set(ids))


def test_the_page_sees_everything_and_hears_of_every_change(world):
    heard = []
    world.changed.append(lambda: heard.append(1))
    first = world.write("marco", "@acmecare fibra ferma", lang="it")
    world.write("acmecare", "Ci siamo", in_reply_to=first.id)
    edited = world.edit(first.id, "@acmecare fibra ferma da ieri")
    world.delete(edited.id)
    shown = world.timeline()
    assert [(p["author"], p["ours"], p["leading"], p["edited"], p["deleted"]) for p in shown] == [
        ("marco", False, "", True, True),
        ("acmecare", True, "@marco ", False, False),
    ]
    assert shown[0]["first_id"] == str(first.id)
    assert len(heard) == 5  # marco himself, two posts, an edit, a deletion
    with pytest.raises(KeyError):
        world.delete(17)


def test_the_same_text_is_a_duplicate_for_a_day(world, clock):
    ours = world.accounts["acmecare"]
    world.write_by_api(ours, "guasto risolto", in_reply_to=None)
    clock.advance(timedelta(hours=23))
    with pytest.raises(NotAllowed, match="duplicate content"):
        world.write_by_api(ours, "guasto risolto", in_reply_to=None)
    clock.advance(timedelta(hours=1))
    world.write_by_api(ours, "guasto risolto", in_reply_to=None)


@pytest.mark.parametrize(("text", "expected"), [("ciao", 4), ("日本", 4), ("https://example.org/" + "x" * 200, 23)])
def test_weight_is_xs(text, expected):
    assert weight(text) == expected


def test_a_handle_is_refused_when_x_would(world):
    with pytest.raises(ValueError, match="handle"):
        world.write("not a handle", "ciao")
