"""Pages of the stand-in X: which posts lie between two ids or two instants, and the tokens that lead on."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bot.sandbox.x_asked import id_of, instant_of
from bot.sandbox.x_posts import Post
from bot.sandbox.x_refusals import Invalid

_ALWAYS = datetime.min.replace(tzinfo=UTC)
_NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Page:
    """Some posts, newest first, and where the pages beside it begin."""

    posts: Sequence[Post]
    next_token: str | None = None
    previous_token: str | None = None

    def meta(self) -> dict[str, Any]:
        told: dict[str, Any] = {"result_count": len(self.posts)}
        if self.posts:
            told |= {"newest_id": str(self.posts[0].id), "oldest_id": str(self.posts[-1].id)}
        if self.next_token is not None:
            told["next_token"] = self.next_token
        if self.previous_token is not None:
            told["previous_token"] = self.previous_token
        return told


def page_of(posts: Sequence[Post], asked: Mapping[str, str], length: int, name: str = "pagination_token") -> Page:
    """One page of these posts (newest first), as the query asks: since_id (exclusive), until_id (exclusive),
    start_time (inclusive), end_time (exclusive), and the token of a page. Raises Invalid.
    """
    is_within = _bounds(asked)
    within = [post for post in posts if is_within(post)]
    token = asked.get(name)
    if token is None:
        begin = 0
    else:
        side, at = _read(token, name)
        newer = sum(post.id > at for post in within)
        begin = newer + any(post.id == at for post in within) if side == "older" else max(0, newer - length)
        if side == "newer":
            length = newer - begin
    page = within[begin : begin + length]
    rest = within[begin + length :]
    return Page(
        page,
        f"older{page[-1].id:x}" if page and rest else None,
        f"newer{page[0].id:x}" if page and begin > 0 else None,
    )


def _bounds(asked: Mapping[str, str]) -> Callable[[Post], bool]:
    """Whether a post lies where the query asks. Raises Invalid, also where there is no post to compare with."""
    ids = {name: id_of(name, asked[name]) for name in ("since_id", "until_id") if name in asked}
    times = {name: instant_of(name, asked[name]) for name in ("start_time", "end_time") if name in asked}
    above, below = ids.get("since_id", 0), ids.get("until_id", 2**63)
    start, end = times.get("start_time", _ALWAYS), times.get("end_time", _NEVER)
    if len(times) == 2 and start >= end:
        why = "Invalid time range: 'start_time' must be before 'end_time'."
        raise Invalid(why, {name: [asked[name]] for name in times})
    return lambda post: above < post.id < below and start <= post.created_at < end


def _read(token: str, name: str) -> tuple[str, int]:
    found = re.fullmatch(r"(older|newer)([0-9a-f]{1,16})", token)
    if found is None:
        raise Invalid(f"The `{name}` query parameter value [{token}] is not valid", {name: [token]})
    return found[1], int(found[2], 16)
