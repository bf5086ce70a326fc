"""The contract of the stand-in X, part one: every read, in both vocabularies, and every refusal of one."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from x_here import NOW, Here

from bot.core.mention import Mention
from bot.errors import Permanent
from bot.sandbox.x import Post
from bot.x import parse
from bot.x.door import XDoor
from bot.x.errors import from_answer

pytestmark = pytest.mark.asyncio(loop_scope="module")

OLD_FIELDS = (
    "attachments,author_id,conversation_id,created_at,edit_controls,edit_history_tweet_ids,entities,"
    "in_reply_to_user_id,lang,note_tweet,public_metrics,referenced_tweets,reply_settings"
)
OLD_EXPANSIONS = "author_id,attachments.media_keys,referenced_tweets.id,referenced_tweets.id.author_id"


def in_new_names(text: str) -> str:
    return text.replace("tweet", "post")


def rich(here: Here) -> tuple[Post, Post]:
    """A reply with everything on it, and the post it answers."""
    parent = here.world.write("lucia", "Anche da voi @marco?")
    text = f"@AcmeCare guasto & <fermo> https://example.org/foto {'a' * 300}"
    post = here.world.write("marco", text, in_reply_to=parent.id, quoted=parent.id, media=["photo", "photo"], lang="it")
    return here.world.edit(post.id, text + "!"), parent


# Every endpoint that reads, in both vocabularies

READS: dict[str, Callable[[Here, Post], tuple[str, dict[str, str]]]] = {
    "mentions": lambda here, post: (f"/2/users/{here.own_id}/mentions", {}),
    "own-posts": lambda here, post: (f"/2/users/{post.author.id}/tweets", {}),
    "lookup": lambda here, post: ("/2/tweets", {"ids": str(post.id)}),
    "one-post": lambda here, post: (f"/2/tweets/{post.id}", {}),
    "search": lambda here, post: (
        "/2/tweets/search/recent",
        {"query": f"conversation_id:{post.conversation_id} from:marco"},
    ),
}


@pytest.mark.parametrize("switch", ["asked", "old", "new"])
@pytest.mark.parametrize("asks", ["old", "new"])
@pytest.mark.parametrize("read", READS)
async def test_every_read_tells_the_same_in_both_vocabularies(here: Here, read: str, asks: str, switch: Any) -> None:
    here.world.vocabulary = switch
    post, parent = rich(here)
    route, params = READS[read](here, post)
    fields, expansions = OLD_FIELDS, OLD_EXPANSIONS
    name = "tweet.fields"
    if asks == "new":
        fields, expansions, name = in_new_names(fields), in_new_names(expansions), "post.fields"
    answer = await here.client.request("GET", route, params={**params, name: fields, "expansions": expansions})
    assert answer.status == 200, answer.body
    body = answer.json()
    if read == "one-post":
        body["data"] = [body["data"]]
    told = body["data"][0]
    speaks_new = (asks if switch == "asked" else switch) == "new"
    assert ("edit_history_post_ids" in told, "note_post" in told, "referenced_posts" in told) == (speaks_new,) * 3
    assert ("posts" in body["includes"], "repost_count" in told["public_metrics"]) == (speaks_new, speaks_new)
    assert [media["type"] for media in body["includes"]["media"]] == ["photo", "photo"]
    (mention,), unreadable = parse.posts(body)
    assert unreadable == 0
    assert mention == Mention(
        id=post.id,
        first_id=post.history[0],
        author_id=post.author.id,
        author="marco",
        author_name="marco",
        text=mention.text,
        created_at=NOW,
        conversation_id=parent.id,
        lang="it",
        parent_id=parent.id,
        quoted_id=parent.id,
        mentioned=("lucia", "AcmeCare"),
        links=mention.links,
        has_media=True,
        is_retweet=False,
    )
    assert mention.text.startswith("@lucia @AcmeCare guasto & <fermo> https://t.co/")
    assert "a" * 300 + "!" in mention.text
    assert mention.links == (
        "https://example.org/foto",
        f"https://x.com/lucia/status/{parent.id}",
        f"https://x.com/marco/status/{post.id}/photo/1",
    )


@pytest.mark.parametrize(
    ("asked", "keys"),
    [
        pytest.param({}, set(), id="nothing"),
        pytest.param({"tweet.fields": "lang"}, {"lang"}, id="one-field"),
        pytest.param({"post.fields": "lang,id"}, {"lang"}, id="post-fields"),
        pytest.param({"tweet.fields": "geo,source"}, set(), id="a-field-that-is-not-there"),
        pytest.param({"expansions": "author_id"}, {"author_id", "users"}, id="author"),
        pytest.param({"expansions": "in_reply_to_user_id"}, {"in_reply_to_user_id", "users"}, id="in-reply-to"),
        pytest.param({"expansions": "referenced_tweets.id"}, {"referenced_tweets", "tweets"}, id="referenced"),
        pytest.param({"expansions": "referenced_tweets"}, {"referenced_tweets", "tweets"}, id="referenced-without-id"),
        pytest.param(
            {"expansions": "referenced_posts", "post.fields": "id"},
            {"referenced_tweets", "tweets"},
            id="referenced-new",
        ),
        pytest.param(
            {"expansions": "referenced_tweets.id.author_id"},
            {"referenced_tweets", "tweets", "users"},
            id="their-author",
        ),
        pytest.param({"expansions": "entities.mentions.username"}, {"entities", "users"}, id="mentions"),
        pytest.param({"expansions": "attachments.media_keys"}, {"attachments", "media"}, id="media"),
        pytest.param({"user.fields": "verified"}, set(), id="user-fields-of-nobody"),
    ],
)
async def test_only_what_was_asked_for_is_told(here: Here, asked: dict[str, str], keys: set[str]) -> None:
    post, _ = rich(here)
    answer = await here.client.request("GET", "/2/tweets", params={"ids": str(post.id), **asked})
    body = answer.json()
    names = {"edit_history_post_ids": "edit_history_tweet_ids", "referenced_posts": "referenced_tweets"}
    told = {names.get(key, key) for key in body["data"][0]}
    included = {"tweets" if key == "posts" else key for key in body.get("includes", {})}
    assert told | included == {"id", "text", "edit_history_tweet_ids"} | keys


async def test_users_are_told_as_asked(here: Here) -> None:
    body = await here.get("/2/users/me", user__fields="verified,created_at")
    assert parse.user(body) == (here.own_id, "AcmeCare")
    assert set(body["data"]) == {"id", "name", "username", "verified", "created_at"}
    body = await here.get("/2/users/by", usernames="acmegiulia,nobody")
    assert [user["username"] for user in body["data"]] == ["AcmeGiulia"]
    assert body["errors"][0] | {"detail": ""} == {
        "value": "nobody",
        "detail": "",
        "title": "Not Found Error",
        "resource_type": "user",
        "parameter": "usernames",
        "resource_id": "nobody",
        "type": "https://api.twitter.com/2/problems/resource-not-found",
    }


async def test_media_are_told_by_kind(here: Here) -> None:
    post = here.world.write("marco", "@AcmeCare guardate", media=["video"])
    fields = "url,preview_image_url,duration_ms,width"
    body = await here.get("/2/tweets", ids=str(post.id), expansions="attachments.media_keys", media__fields=fields)
    (film,) = body["includes"]["media"]
    assert film["media_key"] == f"7_{post.media[0].id}"
    assert set(film) == {"media_key", "type", "preview_image_url", "duration_ms", "width"}


async def test_retweets_and_quotes_name_what_they_are(x_door: XDoor, here: Here) -> None:
    first = here.world.write("marco", "@AcmeCare fibra ferma")
    here.world.write("lucia", "", retweeted=first.id)
    here.world.write("lucia", "@AcmeCare idem", quoted=first.id)
    quote, retweet, plain = (await x_door.mentions("AcmeCare")).mentions
    assert (retweet.is_retweet, retweet.text) == (True, "RT @marco: @AcmeCare fibra ferma")
    assert (quote.quoted_id, quote.is_retweet, plain.quoted_id) == (first.id, False, None)


async def test_a_deleted_post_is_a_success_with_errors(here: Here) -> None:
    post, answer = here.world.write("marco", "@AcmeCare ciao"), here.world.write("anna", "@AcmeCare e io?")
    below = here.world.write("lucia", "@AcmeCare anch'io", in_reply_to=post.id)
    here.world.delete(post.id)
    many = await here.get("/2/tweets", ids=f"{post.id},{answer.id}")
    assert ([each["id"] for each in many["data"]], parse.missing(many)) == ([str(answer.id)], {post.id})
    one = await here.get(f"/2/tweets/{post.id}")
    assert (one["errors"][0]["parameter"], "data" in one, parse.missing(one)) == ("id", False, {post.id})
    page = await here.get(f"/2/users/{here.own_id}/mentions", expansions="referenced_tweets.id")
    assert [each["id"] for each in page["data"]] == [str(below.id), str(answer.id)]
    assert page["errors"][0]["parameter"] == "referenced_tweets.id"


async def test_who_has_blocked_us_is_hidden_from_us(here: Here, x_door: XDoor) -> None:
    post = here.world.write("marco", "@AcmeCare @AcmeGiulia ciao")
    here.world.block("marco", "AcmeCare")
    body = await here.get("/2/tweets", ids=str(post.id))
    assert (parse.missing(body), parse.missing(body, or_hidden=True)) == (set(), {post.id})
    assert (await x_door.mentions("AcmeCare")).mentions == ()
    assert len((await x_door.mentions("AcmeGiulia")).mentions) == 1
    with pytest.raises(Permanent) as refused:
        await x_door.post("AcmeCare", "ciao", in_reply_to=post.id)
    assert refused.value.reason == "parent_gone"
    here.world.block("marco", "AcmeCare", is_blocked=False)
    assert await x_door.post("AcmeCare", "ciao", in_reply_to=post.id)


# Late indexing, edits, pages


async def test_a_post_may_be_indexed_late_each_in_its_own_time(here: Here, x_door: XDoor) -> None:
    here.world.index_delay_s = 30
    late = here.world.write("marco", "@AcmeCare tardi", visible_after_s=90)
    soon = here.world.write("marco", "@AcmeCare subito", visible_after_s=0)
    usual = here.world.write("marco", "@AcmeCare normale")

    async def seen() -> list[int]:
        return [mention.id for mention in (await x_door.mentions("AcmeCare")).mentions]

    assert await seen() == [soon.id]
    assert set(await x_door.lookup("AcmeCare", [late.id])) == {late.id}, "by its id it is there at once"
    here.clock.advance(timedelta(seconds=30))
    assert await seen() == [usual.id, soon.id]
    edited = here.world.edit(soon.id, "@AcmeCare subito!")
    assert await seen() == [usual.id, soon.id], "the version before is shown until the new one is indexed"
    here.clock.advance(timedelta(seconds=60))
    assert await seen() == [edited.id, usual.id, late.id]


async def test_pages_lead_both_ways(here: Here) -> None:
    ids = [str(here.world.write("marco", f"@AcmeCare {n}").id) for n in range(12)][::-1]
    route = f"/2/users/{here.own_id}/mentions"
    first = await here.get(route, max_results="5")
    second = await here.get(route, max_results="5", pagination_token=first["meta"]["next_token"])
    third = await here.get(route, max_results="5", pagination_token=parse.next_token(second) or "")
    pages = [[each["id"] for each in page["data"]] for page in (first, second, third)]
    assert pages == [ids[:5], ids[5:10], ids[10:]]
    assert "previous_token" not in first["meta"]
    assert parse.next_token(third) is None
    back = await here.get(route, max_results="5", pagination_token=third["meta"]["previous_token"])
    assert [each["id"] for each in back["data"]] == ids[5:10]
    assert first["meta"] | {"next_token": ""} == {
        "result_count": 5,
        "newest_id": ids[0],
        "oldest_id": ids[4],
        "next_token": "",
    }
    within = await here.get(route, since_id=ids[8], until_id=ids[2], max_results="10")
    assert [each["id"] for each in within["data"]] == ids[3:8]
    nothing = await here.get(route, since_id=ids[0])
    assert nothing == {"meta": {"result_count": 0}}


async def test_times_bound_a_page_and_replies_can_be_left_out(here: Here) -> None:
    first = here.world.write("marco", "@AcmeCare uno")
    here.clock.advance(timedelta(minutes=5))
    second = here.world.write("marco", "@AcmeCare due", in_reply_to=first.id)
    route = f"/2/users/{here.own_id}/mentions"
    after = await here.get(route, start_time="2026-11-21T03:15:00Z")
    before = await here.get(route, end_time="2026-11-21T03:15:00Z")
    assert ([p["id"] for p in after["data"]], [p["id"] for p in before["data"]]) == ([str(second.id)], [str(first.id)])
    alone = await here.get(route, exclude="replies,retweets")
    assert [p["id"] for p in alone["data"]] == [str(first.id)]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("fibra", {"marco", "anna"}),
        ('"fibra ferma"', {"marco"}),
        ("@AcmeCare -is:reply", {"marco"}),
        ("from:anna", {"anna"}),
        ("to:marco", {"anna"}),
        ("is:reply has:media", {"anna"}),
        ("lang:it", {"marco"}),
        ("in_reply_to_tweet_id:1", set()),
        ("is:quote", set()),
        ("is:retweet", set()),
    ],
)
async def test_search_finds_the_last_seven_days(here: Here, query: str, found: set[str]) -> None:
    here.world.write("vecchio", "@AcmeCare fibra ferma")
    here.clock.advance(timedelta(days=8))
    first = here.world.write("marco", "@AcmeCare fibra ferma", lang="it")
    here.world.write("anna", "anche la mia fibra", in_reply_to=first.id, media=["photo"])
    body = await here.get("/2/tweets/search/recent", query=query, expansions="author_id")
    assert {user["username"] for user in body.get("includes", {}).get("users", [])} == found


# Every refusal of a read: 400 in X's form

MENTIONS = "/2/users/{own}/mentions"
SEARCH = "/2/tweets/search/recent"
WRONG = [
    (
        "max-results-4",
        MENTIONS,
        {"max_results": "4"},
        "The `max_results` query parameter value [4] is not between 5 and 100",
    ),
    ("max-results-101", MENTIONS, {"max_results": "101"}, "[101] is not between 5 and 100"),
    ("max-results-word", MENTIONS, {"max_results": "many"}, "[many] is not between"),
    ("max-results-search", SEARCH, {"query": "a", "max_results": "9"}, "[9] is not between 10 and 100"),
    ("since-id", MENTIONS, {"since_id": "x"}, "`since_id` query parameter value [x] is not valid"),
    ("until-id", MENTIONS, {"until_id": "-1"}, "`until_id` query parameter value [-1] is not valid"),
    ("start-time", MENTIONS, {"start_time": "today"}, "`start_time` query parameter value [today]"),
    ("start-time-no-zone", MENTIONS, {"start_time": "2026-11-21T03:10:00"}, "is not a valid RFC3339"),
    ("end-time", MENTIONS, {"end_time": "2026-13-01T00:00:00Z"}, "`end_time` query parameter value"),
    (
        "times-crossed",
        MENTIONS,
        {"start_time": "2026-11-21T03:10:00Z", "end_time": "2026-11-21T03:10:00Z"},
        "'start_time' must be before 'end_time'",
    ),
    ("token", MENTIONS, {"pagination_token": "zz"}, "`pagination_token` query parameter value [zz] is not valid"),
    ("exclude", MENTIONS, {"exclude": "ads"}, "[ads] is not one of [replies,retweets]"),
    (
        "field",
        MENTIONS,
        {"tweet.fields": "colour"},
        "The `tweet.fields` query parameter value [colour] is not one of [id,text,",
    ),
    ("post-field", MENTIONS, {"post.fields": "colour"}, "edit_history_post_ids"),
    ("user-field", MENTIONS, {"user.fields": "age"}, "`user.fields` query parameter value [age] is not one of"),
    ("media-field", MENTIONS, {"media.fields": "age"}, "`media.fields` query parameter value [age] is not one of"),
    (
        "expansion",
        MENTIONS,
        {"expansions": "dummy"},
        "The `expansions` query parameter value [dummy] is not one of [edit",
    ),
    ("unknown", MENTIONS, {"colour": "red"}, "The query parameter [colour] is not one of [end_time,"),
    ("no-ids", "/2/tweets", {}, "The `ids` query parameter can not be empty"),
    ("bad-id", "/2/tweets", {"ids": "12,ab"}, "`ids` query parameter value [ab] is not valid"),
    ("101-ids", "/2/tweets", {"ids": ",".join("1" * 101)}, "[101] is not between 1 and 100"),
    ("one-bad-id", "/2/tweets/abc", {}, "`id` query parameter value [abc] is not valid"),
    ("no-query", SEARCH, {}, "The `query` query parameter can not be empty"),
    ("long-query", SEARCH, {"query": "a" * 513}, "longer than 512"),
    ("operator", SEARCH, {"query": "url:example"}, "Reference to invalid operator 'url:example'"),
    ("or", SEARCH, {"query": "a OR b"}, "Reference to invalid operator 'OR'"),
    (
        "old-since",
        SEARCH,
        {"query": "a", "since_id": "1"},
        "'since_id' must be a tweet id created after 2026-11-14T03:10Z",
    ),
    (
        "old-start",
        SEARCH,
        {"query": "a", "start_time": "2026-11-01T00:00:00Z"},
        "must be on or after 2026-11-14T03:10Z",
    ),
    ("too-new", SEARCH, {"query": "a", "end_time": "2026-11-21T03:09:55Z"}, "a minimum of 10 seconds prior"),
    (
        "ids-and-times",
        SEARCH,
        {"query": "a", "since_id": "2123977196958646272", "start_time": "2026-11-20T00:00:00Z"},
        "Invalid use of 'since_id' or 'until_id' in conjunction with 'start_time' or 'end_time'.",
    ),
    ("no-usernames", "/2/users/by", {}, "`usernames` query parameter can not be empty"),
]


@pytest.mark.parametrize(("route", "params", "message"), [pytest.param(*row[1:], id=row[0]) for row in WRONG])
async def test_a_wrong_read_is_refused_in_xs_form(here: Here, route: str, params: dict[str, str], message: str) -> None:
    answer = await here.client.request("GET", route.format(own=here.own_id), params=params)
    body = answer.json()
    assert (answer.status, body["title"]) == (400, "Invalid Request")
    assert body["type"] == "https://api.twitter.com/2/problems/invalid-request"
    (error,) = body["errors"]
    assert message in error["message"]
    assert all(isinstance(values, list) for values in error["parameters"].values())
    read = from_answer(answer, writing=False)
    assert isinstance(read, Permanent)
    assert (read.reason, message in read.detail) == ("bad_request", True)


async def test_a_timeline_of_nobody_is_empty_with_an_error(here: Here) -> None:
    body = await here.get("/2/users/17/mentions")
    assert body["errors"][0]["resource_type"] == "user"
    with pytest.raises(parse.Unreadable):
        parse.timeline(body)
