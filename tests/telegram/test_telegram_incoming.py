"""Reading raw updates: every shape is answered with a value, and nothing untrue is believed."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.incoming import Other, Pressed, Reach, RepliedTo, Wrote
from bot.telegram.door import TelegramDoor
from bot.telegram.incoming import KINDS, read

BOT = 8100000001
ANNA = {"id": 101, "is_bot": False, "first_name": "Anna", "language_code": "it"}
PRIVATE = {"id": 101, "type": "private", "first_name": "Anna"}
TEAM = {"id": -5, "type": "group", "title": "Team"}
DATE = 1795835400


def message(**more: Any) -> dict[str, Any]:
    return {"message_id": 9, "from": ANNA, "chat": PRIVATE, "date": DATE, "text": "ciao"} | more


def press(**more: Any) -> dict[str, Any]:
    return {"id": "77", "from": ANNA, "chat_instance": "1", "message": message(), "data": "claim:42"} | more


def wrote(**more: Any) -> Wrote:
    found = read({"update_id": 1, "message": message(**more)}, BOT)
    assert isinstance(found, Wrote)
    return found


def test_a_text() -> None:
    assert wrote() == Wrote(1, 101, 101, True, 9, "ciao", datetime.fromtimestamp(DATE, UTC), "text", False, None, "it")


def test_an_edited_text_says_when_it_was_edited() -> None:
    found = read({"update_id": 1, "edited_message": message(edit_date=DATE + 60)}, BOT)
    assert isinstance(found, Wrote)
    assert (found.edited, found.sent_at) == (True, datetime.fromtimestamp(DATE + 60, UTC))


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_no_text_keeps_its_caption(kind: str) -> None:
    body = message(**{kind: {"strange": True}})
    del body["text"]
    bare = read({"update_id": 1, "message": body}, BOT)
    assert isinstance(bare, Wrote)
    assert (bare.kind, bare.text) == (kind, "")
    with_caption = read({"update_id": 1, "message": body | {"caption": "look"}}, BOT)
    assert isinstance(with_caption, Wrote)
    assert with_caption.text == "look"


def test_buttons_are_believed_only_under_our_own_message() -> None:
    markup = {"inline_keyboard": [[{"text": "Claim", "callback_data": "claim:42"}, {"text": "X", "url": "https://x"}]]}
    ours = message(message_id=8, reply_markup=markup) | {"from": {"id": BOT, "is_bot": True, "first_name": "R"}}
    theirs = message(message_id=8, reply_markup=markup)
    assert wrote(reply_to_message=ours).reply_to == RepliedTo(8, True, ("claim:42",))
    assert wrote(reply_to_message=theirs).reply_to == RepliedTo(8, False, ())
    assert wrote(reply_to_message={"message_id": 8, "chat": PRIVATE, "date": 0}).reply_to == RepliedTo(8, False)


def test_a_broken_neighbour_does_not_cost_the_words() -> None:
    """New or broken fields next to the text must not make us lose what a person typed."""
    found = wrote(entities="?", reply_to_message=[], via_bot=7, checklist_from_2031={"x": []})
    assert (found.text, found.reply_to) == ("ciao", None)


@pytest.mark.parametrize(
    "body",
    [
        message(sender_chat=TEAM),
        message(chat=TEAM) | {"from": {"id": 1087968824, "is_bot": True, "first_name": "Group"}},
        message() | {"from": {"id": 5, "is_bot": True, "first_name": "A bot"}},
        {key: value for key, value in message().items() if key != "from"},
    ],
    ids=["sender_chat", "anonymous admin", "a bot", "nobody"],
)
def test_posts_by_nobody_in_particular_are_none_of_ours(body: dict[str, Any]) -> None:
    assert read({"update_id": 3, "message": body}, BOT) == Other(3, "not written by a person")


def test_groups_are_not_private() -> None:
    assert not wrote(chat=TEAM).private
    assert not wrote(chat=PRIVATE | {"id": 102}).private


def test_a_press() -> None:
    assert read({"update_id": 2, "callback_query": press()}, BOT) == Pressed(
        2, 101, 101, True, "77", 9, "claim:42", "it"
    )
    assert read({"update_id": 2, "callback_query": press(message=None)}, BOT) == Pressed(
        2, 101, 101, True, "77", None, "claim:42", "it"
    )
    gone = {"chat": TEAM, "message_id": 9, "date": 0}
    assert read({"update_id": 2, "callback_query": press(message=gone)}, BOT) == Pressed(
        2, 101, -5, False, "77", 9, "claim:42", "it"
    )
    assert isinstance(read({"update_id": 2, "callback_query": press(data=None)}, BOT), Other)


@pytest.mark.parametrize(
    ("member", "reachable"),
    [
        ({"status": "member"}, True),
        ({"status": "administrator"}, True),
        ({"status": "kicked", "until_date": 0}, False),
        ({"status": "left"}, False),
        ({"status": "restricted", "is_member": True}, True),
        ({"status": "restricted", "is_member": False}, False),
        ({"status": 7}, False),
    ],
)
def test_reach(member: dict[str, Any], reachable: bool) -> None:
    change = {"chat": TEAM, "from": ANNA, "date": DATE, "old_chat_member": {}, "new_chat_member": member}
    assert read({"update_id": 4, "my_chat_member": change}, BOT) == Reach(4, 101, -5, False, reachable)


@pytest.mark.parametrize(
    "raw",
    [
        {},
        {"update_id": "7"},
        {"update_id": True, "message": message()},
        {"update_id": 2**63, "message": message()},
        {"update_id": 7},
        {"update_id": 7, "message": None},
        {"update_id": 7, "channel_post": message()},
        {"update_id": 7, "message": message(date=10**18)},
        {"update_id": 7, "message": message(date="today")},
        {"update_id": 7, "message": message(pinned_message={}, text=None)},
        {"update_id": 7, "message": message(chat={"id": 10**30, "type": "private"})},
        {"update_id": 7, "callback_query": []},
        {"update_id": 7, "callback_query": press(message="gone")},
        {"update_id": 7, "my_chat_member": {"chat": PRIVATE, "from": ANNA}},
    ],
    ids=range(14),
)
def test_strange_updates_become_other_with_a_problem(raw: dict[str, Any]) -> None:
    found = read(raw, BOT)
    assert isinstance(found, Other)
    assert found.problem
    assert found.update_id == (7 if raw.get("update_id") == 7 else 0)


def test_the_door_knows_its_id_from_the_token() -> None:
    door = TelegramDoor(f"{BOT}:secret", "http://127.0.0.1:1")
    ours = message(message_id=8) | {"from": {"id": BOT, "is_bot": True, "first_name": "R"}}
    found = door.read({"update_id": 1, "message": message(reply_to_message=ours)})
    assert isinstance(found, Wrote)
    assert found.reply_to == RepliedTo(8, True)


NAMES = st.sampled_from(
    [
        "update_id",
        "message",
        "edited_message",
        "callback_query",
        "my_chat_member",
        "from",
        "chat",
        "id",
        "type",
        "date",
        "edit_date",
        "text",
        "caption",
        "voice",
        "message_id",
        "reply_to_message",
        "reply_markup",
        "inline_keyboard",
        "callback_data",
        "data",
        "is_bot",
        "new_chat_member",
        "status",
        "sender_chat",
        "language_code",
    ]
) | st.text(max_size=5)
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(st.characters(), max_size=10)
    | st.sampled_from(["private", "member", ANNA, PRIVATE, TEAM, message(), press(), BOT])
)
TREES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=6), max_leaves=25
)


@given(st.dictionaries(NAMES, TREES, max_size=6))
def test_no_dict_of_any_shape_raises(raw: dict[str, Any]) -> None:
    assert isinstance(read(raw, BOT), Wrote | Pressed | Reach | Other)


@given(
    st.sampled_from(["message", "edited_message", "callback_query", "my_chat_member"]),
    st.dictionaries(NAMES, TREES, max_size=6),
)
def test_no_field_of_any_shape_raises(kind: str, more: dict[str, Any]) -> None:
    body = press() if kind == "callback_query" else message()
    found = read({"update_id": 5, kind: body | more}, BOT)
    assert found.update_id == 5


def test_what_no_database_stores_is_replaced() -> None:
    assert wrote(text="a\ud83d\0b").text == "a\ufffd\ufffdb"
    found = read({"update_id": 1, "callback_query": press(data="claim:\udc00")}, BOT)
    assert isinstance(found, Pressed)
    assert found.data == "claim:\ufffd"
