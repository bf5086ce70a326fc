"""The door and the stand-in X keep the same contract, over real HTTP and really signed."""

from datetime import timedelta

import pytest

from bot.core.mention import id_at
from bot.errors import Permanent, Temporary
from bot.x.door import XDoor


async def test_an_account_knows_itself_and_asks_once(door, record):
    own_id, handle = await door.me("AcmeCare")
    assert handle == "AcmeCare"
    assert await door.me("acmecare") == (own_id, handle)
    assert len(record.of("GET /2/users/me")) == 1


@pytest.mark.parametrize("vocabulary", ["old", "new"])
async def test_a_mention_arrives_with_all_we_know_of_it(door, world, clock, vocabulary):
    world.vocabulary = vocabulary
    world.customer("marco_r", "Marco Rossi")
    first = world.write("marco_r", "il 187 non va")
    text = "@AcmeCare @acmegiulia fibra <ferma> & muta: https://example.org/foto?a=1&b=2"
    post = world.write("marco_r", text, in_reply_to=first.id, lang="it", quoted=first.id)

    page = await door.mentions("AcmeCare")

    (mention,) = page.mentions
    assert (mention.id, mention.first_id, mention.is_edited) == (post.id, post.id, False)
    assert (mention.author, mention.author_name, mention.author_id) == ("marco_r", "Marco Rossi", post.author.id)
    assert mention.text.startswith("@AcmeCare @acmegiulia fibra <ferma> & muta: https://t.co/")
    assert mention.links == ("https://example.org/foto?a=1&b=2", f"https://x.com/marco_r/status/{first.id}")
    assert mention.mentioned == ("AcmeCare", "acmegiulia")
    assert mention.created_at == clock.now()
    assert (mention.conversation_id, mention.parent_id, mention.quoted_id) == (first.id, first.id, first.id)
    assert (mention.lang, mention.is_retweet, page.unreadable, page.next_token) == ("it", False, 0, None)
    assert page.remaining == 299
    assert page.resets_at == clock.now() + timedelta(minutes=15)
    assert id_at(mention.created_at) <= mention.id < id_at(mention.created_at + timedelta(milliseconds=1))


async def test_only_posts_by_others_that_name_the_account_are_mentions(door, world):
    world.write("marco", "acmecare is no mention, nor is me@acmecare.it")
    world.write("AcmeCare", "@acmecare ourselves")
    world.write("marco", "@AcmeCareful somebody else")
    seen = world.write("marco", "ciao @ACMECARE!")
    world.write("lia", "", retweeted=seen.id)
    assert [(m.author, m.is_retweet) for m in (await door.mentions("AcmeCare")).mentions] == [
        ("lia", True),
        ("marco", False),
    ]


async def test_a_long_post_is_read_whole(door, world):
    world.write("marco", "@acmecare " + "aiuto " * 100 + "fine")
    (mention,) = (await door.mentions("AcmeCare")).mentions
    assert mention.text.endswith("aiuto fine")
    assert mention.mentioned == ("acmecare",)


async def test_an_edit_is_a_new_version_of_the_same_mention(door, world):
    old = world.write("marco", "@acmecare fibra lenta")
    new = world.edit(old.id, "@acmecare fibra ferma, allarme scollegato")
    (mention,) = (await door.mentions("AcmeCare")).mentions
    assert (mention.id, mention.first_id, mention.is_edited) == (new.id, old.id, True)


async def test_pages_follow_each_other_without_gap_or_repeat(door, world):
    written = [world.write("marco", f"@acmecare numero {n}").id for n in range(250)]
    seen, token = [], None
    while True:
        page = await door.mentions("AcmeCare", since_id=written[9], page_token=token)
        seen += [m.id for m in page.mentions]
        token = page.next_token
        if token is None:
            break
    assert seen == written[:9:-1]


async def test_only_the_newest_800_mentions_are_shown(door, world):
    written = [world.write("marco", f"@acmecare numero {n}").id for n in range(900)]
    seen, token = [], None
    while token is not None or not seen:
        page = await door.mentions("AcmeCare", page_token=token)
        seen += [m.id for m in page.mentions]
        token = page.next_token
    assert seen == written[:99:-1]


async def test_start_time_and_late_indexing(door, world, clock):
    world.write("marco", "@acmecare prima")
    clock.advance(timedelta(minutes=5))
    at = clock.now()
    late = world.write("marco", "@acmecare dopo")
    assert [m.id for m in (await door.mentions("AcmeCare", start_time=at)).mentions] == [late.id]
    world.index_delay_s = 8
    assert (await door.mentions("AcmeCare", start_time=at)).mentions == ()
    clock.advance(timedelta(seconds=8))
    assert [m.id for m in (await door.mentions("AcmeCare", start_time=at)).mentions] == [late.id]


async def test_a_reply_is_posted_once_read_back_and_deleted(door, world, record, clock):
    parent = world.write("marco", "@acmecare fibra ferma")
    posted = await door.post("AcmeCare", "Ci siamo. ^GR", in_reply_to=parent.id)
    assert len(record.of("POST /2/tweets")) == 1
    assert record.of("POST /2/tweets")[0].body == {
        "text": "Ci siamo. ^GR",
        "reply": {"in_reply_to_tweet_id": str(parent.id)},
    }
    (own,) = await door.own_posts("AcmeCare", since=clock.now() - timedelta(seconds=60))
    assert (own.id, own.parent_id, own.conversation_id) == (posted, parent.id, parent.id)
    assert own.text == "@marco Ci siamo. ^GR"  # X puts the leading mention there

    await door.delete("AcmeCare", posted)
    await door.delete("AcmeCare", posted)
    assert await door.own_posts("AcmeCare", since=clock.now() - timedelta(seconds=60)) == ()


async def test_own_posts_of_many_pages(door, world, clock):
    for n in range(230):
        world.write("AcmeCare", f"numero {n}")
    assert len(await door.own_posts("AcmeCare", since=clock.now())) == 230


async def test_lookup_tells_what_is_gone(door, world, record):
    here, gone = world.write("marco", "@acmecare qui"), world.write("marco", "@acmecare via")
    world.delete(gone.id)
    many = [world.write("lia", f"numero {n}").id for n in range(150)]
    found = await door.lookup("AcmeCare", [here.id, gone.id, 17, *many])
    assert found[gone.id] is None
    assert found[17] is None
    assert found[here.id].text == "@acmecare qui"
    assert all(found[i].id == i for i in many)
    assert len(record.of("GET /2/tweets")) == 2


REFUSED_PARENTS = {
    "never named us": lambda world: world.write("marco", "acme?"),
    "named another account of ours": lambda world: world.write("marco", "@acmegiulia fibra ferma"),
    "closed": lambda world: world.write("marco", "@acmecare fibra ferma", closed=True),
}


@pytest.mark.parametrize(
    ("case", "reason"),
    [
        ("never named us", "not_engaged"),
        ("named another account of ours", "not_engaged"),
        ("closed", "reply_settings"),
    ],
)
async def test_x_refuses_parents_that_may_not_be_answered(door, world, case, reason):
    parent = REFUSED_PARENTS[case](world)
    with pytest.raises(Permanent) as refused:
        await door.post("AcmeCare", "ciao", in_reply_to=parent.id)
    assert refused.value.reason == reason


async def test_x_refuses_a_parent_that_is_gone_and_a_post_of_somebody_else(door, world):
    gone = world.write("marco", "@acmecare fibra ferma")
    world.delete(gone.id)
    for parent_id in (gone.id, 17):
        with pytest.raises(Permanent) as refused:
            await door.post("AcmeCare", "ciao", in_reply_to=parent_id)
        assert refused.value.reason == "parent_gone"
    theirs = world.write("marco", "@acmecare di nuovo")
    with pytest.raises(Permanent) as refused:
        await door.delete("AcmeCare", theirs.id)
    assert refused.value.reason == "forbidden"


async def test_x_refuses_texts_that_are_too_long_or_said_before(door, world):
    parent = world.write("marco", "@acmecare fibra ferma")
    with pytest.raises(Permanent) as refused:
        await door.post("AcmeCare", "x" * 281, in_reply_to=parent.id)
    assert refused.value.reason == "too_long"
    await door.post("AcmeCare", "x" * 280, in_reply_to=parent.id)
    with pytest.raises(Permanent) as refused:
        await door.post("AcmeCare", "x" * 280, in_reply_to=parent.id)
    assert refused.value.reason == "duplicate"


async def test_whether_xs_own_leading_mention_counts_is_a_switch(door, world):
    """Not established for the real X: the demo can show both."""
    ours = world.write("AcmeCare", "guasto in corso")
    follow_up = world.write("marco", "ancora fermo", in_reply_to=ours.id)
    assert (await door.mentions("AcmeCare")).mentions[0].text == "@AcmeCare ancora fermo"
    world.implicit_mention_counts = False
    with pytest.raises(Permanent, match="not_engaged"):
        await door.post("AcmeCare", "ciao", in_reply_to=follow_up.id)
    world.implicit_mention_counts = True
    await door.post("AcmeCare", "ciao", in_reply_to=follow_up.id)


async def test_quoting_us_is_engagement_and_the_duplicate_filter_can_be_off(door, world):
    world.duplicate_filter = False
    ours = world.write("AcmeCare", "guasto in corso")
    quote = world.write("marco", "ancora?", quoted=ours.id)
    await door.post("AcmeCare", "ciao", in_reply_to=quote.id)
    await door.post("AcmeCare", "ciao", in_reply_to=quote.id)


async def test_a_spent_limit_refuses_until_its_window_ends(door, world, clock):
    world.limits["mentions"] = 2
    end = clock.now() + timedelta(minutes=15)
    await door.mentions("AcmeCare")
    assert (await door.mentions("AcmeCare")).remaining == 0
    with pytest.raises(Temporary) as refused:
        await door.mentions("AcmeCare")
    assert (refused.value.reason, refused.value.until) == ("rate_limit", end)
    await door.mentions("AcmeGiulia")  # another user's window
    clock.advance(timedelta(minutes=15))
    await door.mentions("AcmeCare")


@pytest.mark.parametrize(
    ("consumer", "pair"),
    [
        (("CK", "wrong"), ("TK", "TS")),
        (("other", "CS-canary"), ("TK", "TS")),
        (("CK", "CS-canary"), ("TK", "wrong")),
        (("CK", "CS-canary"), ("revoked", "TS")),
    ],
)
async def test_a_wrong_signature_is_unauthorized(url, consumer, pair):
    async with XDoor(url, *consumer, {"acmecare": pair}) as door:
        with pytest.raises(Temporary) as refused:
            await door.me("acmecare")
    assert refused.value.reason == "unauthorized"


async def test_a_clock_that_is_wrong_by_minutes_is_unauthorized(door, world, clock):
    clock.advance(timedelta(days=2))  # the world's time may be moved: signatures go by real time
    await door.me("AcmeCare")
    real = world.real_time
    world.real_time = lambda: real() + 301
    with pytest.raises(Temporary) as refused:
        await door.mentions("AcmeCare")
    assert refused.value.reason == "unauthorized"
