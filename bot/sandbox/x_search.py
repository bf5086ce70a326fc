"""The stand-in X's search over the last seven days: a handful of operators, everything else refused loudly."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta

from bot.sandbox.x_asked import id_of, instant_of
from bot.sandbox.x_posts import X_EPOCH_MS, Post
from bot.sandbox.x_refusals import Invalid
from bot.sandbox.x_store import XStore

DAYS = timedelta(days=7)
QUERY_LENGTH_MAX = 512
TOO_NEW = timedelta(seconds=10)

Test = Callable[[Post], bool]


def matches(store: XStore, query: str) -> Test:
    """What a query asks of a post: every part of it, `-` before one for its opposite. Raises Invalid."""
    parts = re.findall(r'-?"[^"]*"|\S+', query)
    if not parts:
        raise Invalid("The `query` query parameter can not be empty", {"query": [query]})
    if len(query) > QUERY_LENGTH_MAX:
        raise Invalid(
            f"The `query` query parameter value is longer than {QUERY_LENGTH_MAX} characters", {"query": [query]}
        )
    tests = [_part(store, part, query) for part in parts]
    return lambda post: all(test(post) for test in tests)


def _part(store: XStore, part: str, query: str) -> Test:
    if part.startswith("-") and len(part) > 1:
        positive = _part(store, part[1:], query)
        return lambda post: not positive(post)
    name, colon, value = part.partition(":")
    if colon and not part.startswith('"'):
        return _operator(store, name, value, query)
    if re.fullmatch(r"@\w{1,15}", part):
        return lambda post: post.names(part[1:])
    if part in ("OR", "AND") or set(part) & set("()"):
        raise Invalid(_no(part, query), {"query": [query]})
    words = part.strip('"').lower()
    return lambda post: re.search(rf"(?<!\w){re.escape(words)}(?!\w)", post.full_text.lower()) is not None


def _operator(store: XStore, name: str, value: str, query: str) -> Test:
    value = value.removeprefix("@")
    number = int(value) if re.fullmatch(r"[0-9]{1,19}", value) else -1
    operators: dict[str, Test] = {
        "conversation_id": lambda post: post.conversation_id == number,
        "in_reply_to_tweet_id": lambda post: post.in_reply_to == number,
        "from": lambda post: post.author.handle.lower() == value.lower() or post.author.id == number,
        "to": lambda post: _is_to(store, post, value.lower(), number),
        "lang": lambda post: post.lang == value,
    }
    flags: dict[str, Test] = {
        "is:reply": lambda post: post.in_reply_to is not None,
        "is:retweet": lambda post: post.retweeted is not None,
        "is:quote": lambda post: post.quoted is not None,
        "has:media": lambda post: bool(post.media),
    }
    found = operators.get(name) or flags.get(f"{name}:{value}")
    if found is None:
        raise Invalid(_no(f"{name}:{value}", query), {"query": [query]})
    return found


def _is_to(store: XStore, post: Post, handle: str, number: int) -> bool:
    who = store.account_of(post.in_reply_to_user) if post.in_reply_to_user is not None else None
    return who is not None and (who.handle.lower() == handle or who.id == number)


def _no(part: str, query: str) -> str:
    return (
        f"There were errors processing your request: Reference to invalid operator '{part}'. "
        f"Operator is not available in this stand-in (at position {query.find(part) + 1})"
    )


def check_recent(asked: Mapping[str, str], now: datetime) -> None:
    """X's bounds for the last seven days. Raises Invalid."""
    since = now - DAYS
    minute = since.strftime("%Y-%m-%dT%H:%MZ")
    ids, times = {"since_id", "until_id"} & set(asked), {"start_time", "end_time"} & set(asked)
    if ids and times:
        why = "Invalid use of 'since_id' or 'until_id' in conjunction with 'start_time' or 'end_time'."
        raise Invalid(why, {name: [asked[name]] for name in sorted(ids | times)})
    for name in ids:
        value = id_of(name, asked[name])
        least = int(since.timestamp() * 1000) - X_EPOCH_MS << 22
        if value < least:
            why = (
                f"'{name}' must be a tweet id created after {minute}. Please use a '{name}' that is larger than {least}"
            )
            raise Invalid(why, {name: [value]})
    for name in times:
        at = instant_of(name, asked[name])
        told = at.astimezone(UTC).strftime("%Y-%m-%dT%H:%MZ")
        if at < since:
            why = f"Invalid '{name}':'{told}'. '{name}' must be on or after {minute}"
        elif at > now - TOO_NEW:
            why = f"Invalid '{name}':'{told}'. '{name}' must be a minimum of 10 seconds prior to the request time."
        else:
            continue
        raise Invalid(why, {name: [told]})
