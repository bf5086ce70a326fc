"""X's JSON is outside material: no shape of it may raise anything but Unreadable, and one bad post hides no other."""

import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.mention import Mention
from bot.x import parse
from bot.x.errors import Answer, from_answer, says

WORDS = """
data includes users meta errors next_token id author_id text note_tweet note_post entities mentions urls start username
name expanded_url url created_at lang conversation_id edit_history_tweet_ids edit_history_post_ids type
referenced_tweets referenced_posts attachments media_keys resource_id value detail title message deleted
"""
KEYS = st.sampled_from(WORDS.split())
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["1", "1860000000000000000", "2026-11-21T03:10:00.000Z", "0001-01-01T00:00:00+14:00", "@a &lt;"])
    | st.sampled_from(["replied_to", "https://x.com/2/problems/resource-not-found", "\ud800", "\x00"])
)
JSON = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=8), max_leaves=40
)
POST = st.fixed_dictionaries(
    {"id": st.just("1860000000000000000"), "author_id": st.just("7"), "text": st.text(max_size=20)},
    optional=dict.fromkeys(("entities", "note_tweet", "created_at", "referenced_posts", "edit_history_post_ids"), JSON),
)


@given(JSON | st.fixed_dictionaries({"data": st.lists(POST | JSON, max_size=4), "includes": JSON, "errors": JSON}))
def test_no_shape_of_json_raises_anything_but_unreadable(body):
    for read in (parse.posts, parse.timeline, parse.user, parse.written):
        try:
            value = read(body)
        except parse.Unreadable:
            continue
        if read is parse.posts:
            posts, wrong = value
            assert all(isinstance(post, Mention) for post in posts)
            assert len(posts) + wrong == len(body.get("data", []))
            for post in posts:
                str(post).encode()
                assert post.created_at.tzinfo is not None
    parse.next_token(body)
    parse.missing(body)
    parse.is_deleted(body)
    for status in (200, 400, 401, 403, 404, 429, 503):
        answer = Answer(status, {}, json.dumps(body).encode())
        says(answer)
        from_answer(answer, writing=True)


@given(st.binary(max_size=40))
def test_no_body_at_all_raises_anything_but_value_error(body):
    answer = Answer(403, {}, body)
    with contextlib.suppress(ValueError):
        answer.json()
    from_answer(answer, writing=False)


def test_one_bad_post_hides_no_other():
    good = {"id": "20", "author_id": "7", "text": "ciao"}
    posts, wrong = parse.posts({"data": [{"id": "x"}, good, None, {"id": "21", "author_id": "7"}]})
    assert [post.id for post in posts] == [20]
    assert wrong == 3


@pytest.mark.parametrize(
    ("item", "field", "expected"),
    [
        ({"text": "@a_b &amp; @C, @a_b, x@d.it"}, "mentioned", ("a_b", "C")),
        ({"text": "&lt;3 &amp;amp;"}, "text", "<3 &amp;"),
        ({"text": "cut…", "note_tweet": {"text": "whole &gt;"}}, "text", "whole >"),
        ({"text": "cut…", "note_post": {"text": "whole"}}, "text", "whole"),
        ({"text": "x", "edit_history_post_ids": ["30", "20", "25"]}, "first_id", 20),
        ({"text": "x", "edit_history_tweet_ids": ["19", "20"]}, "first_id", 19),
        ({"text": "x", "referenced_posts": [{"type": "replied_to", "id": "5"}]}, "parent_id", 5),
        ({"text": "x", "referenced_tweets": [{"type": "replied_to", "id": "5"}]}, "conversation_id", 5),
        ({"text": "x", "referenced_tweets": [{"type": "quoted", "id": "6"}]}, "quoted_id", 6),
        ({"text": "x", "referenced_tweets": [{"type": "retweeted", "id": "6"}]}, "is_retweet", True),
        ({"text": "x", "attachments": {"media_keys": ["3_1"]}}, "has_media", True),
        ({"text": "", "attachments": {"media_keys": ["3_1"]}}, "text", ""),
        ({"text": "x"}, "lang", "und"),
    ],
)
def test_fields_in_both_vocabularies(item, field, expected):
    (post,), wrong = parse.posts({"data": [{"id": "20", "author_id": "7", **item}]})
    assert wrong == 0
    assert getattr(post, field) == expected


def test_entities_give_handles_in_the_order_of_the_text():
    entities = {"mentions": [{"start": 9, "username": "b"}, {"start": 0, "username": "a"}]}
    (post,), _ = parse.posts({"data": [{"id": "20", "author_id": "7", "text": "@a ciao @b", "entities": entities}]})
    assert post.mentioned == ("a", "b")
