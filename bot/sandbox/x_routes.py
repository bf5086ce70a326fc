"""The stand-in X over HTTP: the endpoints the service uses, with X's statuses, limits and words."""

import json
import re
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.sandbox.x_limits import Limits
from bot.sandbox.x_oauth import Signatures
from bot.sandbox.x_wire import posts_json, user_json, written_json
from bot.sandbox.x_world import NOT_YOURS, Account, NotAllowed, Post, XWorld

MENTIONS_MAX = 800
OWN_POSTS_MAX = 3200
BODY_BYTES_MAX = 1_000_000
READ_ONLY = "Your client app is not configured with the appropriate oauth1 app permissions for this endpoint."
_PROBLEMS = "https://api.twitter.com/2/problems/"
_FIELDS = {"tweet.fields", "post.fields", "user.fields", "media.fields", "expansions"}
_TIMELINE = _FIELDS | {"since_id", "until_id", "start_time", "end_time", "max_results", "pagination_token", "exclude"}

Handler = Callable[[Request, Account], Awaitable[tuple[int, Any]]]


def x_routes(world: XWorld) -> list[Route]:
    """The routes of `/2/…` over a world."""
    x = _X(world)
    return [
        Route("/2/users/me", x.asked("me", x.me), methods=["GET"]),
        Route("/2/users/by", x.asked("users_by", x.users_by), methods=["GET"]),
        Route("/2/users/{id}/mentions", x.asked("mentions", x.mentions), methods=["GET"]),
        Route("/2/users/{id}/tweets", x.asked("own_posts", x.own_posts), methods=["GET"]),
        Route("/2/tweets", x.asked("lookup", x.lookup), methods=["GET"]),
        Route("/2/tweets", x.asked("post", x.post), methods=["POST"]),
        Route("/2/tweets/{id}", x.asked("delete", x.delete), methods=["DELETE"]),
    ]


class _Invalid(Exception):
    """A request X answers with 400; the text is the message."""


class _X:
    def __init__(self, world: XWorld) -> None:
        self.world = world
        self._signatures = Signatures(world)
        self._limits = Limits(world)

    def asked(self, endpoint: str, handler: Handler) -> Callable[[Request], Awaitable[Response]]:
        """The handler behind signature, rate limit and X's way to refuse."""

        async def answer(request: Request) -> Response:
            account = self._signatures.account(request)
            if account is None:
                return _problem(401, "Unauthorized", "Unauthorized")
            allowed, headers = self._limits.count(endpoint, account)
            headers["x-access-level"] = account.rights
            if not allowed:
                return _problem(429, "Too Many Requests", "Too Many Requests", headers)
            if request.method != "GET" and "write" not in account.rights:
                return _problem(403, "Forbidden", READ_ONLY, headers, _PROBLEMS + "oauth1-permissions")
            try:
                status, body = await handler(request, account)
            except _Invalid as wrong:
                return JSONResponse(_invalid(request, str(wrong)), 400, headers)
            except NotAllowed as refused:
                return _problem(403, "Forbidden", str(refused), headers)
            return JSONResponse(body, status, headers)

        return answer

    async def me(self, request: Request, account: Account) -> tuple[int, Any]:
        _only(request, _FIELDS)
        return 200, {"data": user_json(account)}

    async def users_by(self, request: Request, account: Account) -> tuple[int, Any]:
        _only(request, _FIELDS | {"usernames"})
        wanted = _listed(request, "usernames")
        found = [a for name in wanted if (a := self.world.accounts.get(name.lower()))]
        missing = [name for name in wanted if name.lower() not in self.world.accounts]
        return 200, _with_errors({"data": [user_json(a) for a in found]} if found else {}, "user", "usernames", missing)

    async def mentions(self, request: Request, account: Account) -> tuple[int, Any]:
        return self._timeline(request, self.world.mentions_of, MENTIONS_MAX)

    async def own_posts(self, request: Request, account: Account) -> tuple[int, Any]:
        return self._timeline(request, self.world.posts_by, OWN_POSTS_MAX)

    def _timeline(self, request: Request, read: Callable[[Account], list[Post]], newest: int) -> tuple[int, Any]:
        _only(request, _TIMELINE)
        user_id = _number("id", request.path_params["id"])
        owner = self.world.account_of(user_id)
        if owner is None:
            return 200, _with_errors({}, "user", "id", [str(user_id)])
        asked = request.query_params
        length = _number("max_results", asked.get("max_results", "10"))
        if not 5 <= length <= 100:
            raise _Invalid(f"The `max_results` query parameter value [{length}] is not between 5 and 100")
        posts = list(filter(_window(asked), read(owner)[:newest]))
        page, rest = posts[:length], posts[length:]
        body = posts_json(self.world, page, *_wanted(request))
        body["meta"] = {"result_count": len(page)}
        if page:
            body["meta"] |= {"newest_id": str(page[0].id), "oldest_id": str(page[-1].id)}
        if rest:
            body["meta"]["next_token"] = f"older{page[-1].id:x}"
        return 200, body

    async def lookup(self, request: Request, account: Account) -> tuple[int, Any]:
        _only(request, _FIELDS | {"ids"})
        ids = [_number("ids", value) for value in _listed(request, "ids")]
        found = [p for i in ids if (p := self.world.posts.get(i)) and not p.deleted]
        there = {post.id for post in found}
        body = posts_json(self.world, found, *_wanted(request))
        return 200, _with_errors(body, "tweet", "ids", [str(i) for i in ids if i not in there])

    async def post(self, request: Request, account: Account) -> tuple[int, Any]:
        raw = await request.body()
        try:
            body = json.loads(raw[:BODY_BYTES_MAX])
        except ValueError:
            raise _Invalid("The request body is not valid JSON") from None
        if not isinstance(body, dict) or not body:
            raise _Invalid("Requests must contain a JSON object")
        unknown = set(body) - {"text", "reply", "quote_tweet_id"}
        if unknown:
            raise _Invalid(f"$.{min(unknown)}: is not defined in the schema and is not allowed")
        text, reply = body.get("text"), body.get("reply", {})
        if not isinstance(text, str) or not text.strip():
            raise _Invalid("$.text: is required and must be a non-empty string")
        if not isinstance(reply, dict) or set(reply) - {"in_reply_to_tweet_id", "exclude_reply_user_ids"}:
            raise _Invalid("$.reply: is not as the schema wants it")
        parent, quoted = reply.get("in_reply_to_tweet_id"), body.get("quote_tweet_id")
        post = self.world.write_by_api(
            account,
            text,
            in_reply_to=None if parent is None else _number("in_reply_to_tweet_id", parent),
            quoted=None if quoted is None else _number("quote_tweet_id", quoted),
        )
        return 201, written_json(self.world, post)

    async def delete(self, request: Request, account: Account) -> tuple[int, Any]:
        post_id = _number("id", request.path_params["id"])
        post = self.world.posts.get(post_id)
        if post is None or post.deleted:
            return 404, _with_errors({}, "tweet", "id", [str(post_id)])
        if post.author.id != account.id:
            raise NotAllowed(NOT_YOURS)
        self.world.delete(post_id)
        return 200, {"data": {"deleted": True}}


def _window(asked: Mapping[str, str]) -> Callable[[Post], bool]:
    """Whether a post lies within since_id (exclusive), until_id, start_time (inclusive), end_time and the page."""
    above = _number("since_id", asked["since_id"]) if "since_id" in asked else 0
    below = [_number("until_id", asked["until_id"])] if "until_id" in asked else []
    if "pagination_token" in asked:
        token = re.fullmatch(r"older([0-9a-f]{1,16})", asked["pagination_token"])
        if token is None:
            raise _Invalid("The `pagination_token` query parameter value is not valid")
        below.append(int(token[1], 16))
    start = _instant("start_time", asked["start_time"]) if "start_time" in asked else None
    end = _instant("end_time", asked["end_time"]) if "end_time" in asked else None

    def is_asked_for(post: Post) -> bool:
        return (
            post.id > above
            and all(post.id < limit for limit in below)
            and (start is None or post.created_at >= start)
            and (end is None or post.created_at < end)
        )

    return is_asked_for


def _wanted(request: Request) -> tuple[list[str], list[str]]:
    asked = request.query_params
    fields = f"{asked.get('tweet.fields', '')},{asked.get('post.fields', '')}"
    return [f for f in fields.split(",") if f], asked.get("expansions", "").split(",")


def _only(request: Request, known: set[str]) -> None:
    for name in request.query_params:
        if name not in known:
            raise _Invalid(f"The query parameter [{name}] is not one of [{','.join(sorted(known))}]")


def _listed(request: Request, name: str) -> list[str]:
    values = [value for value in request.query_params.get(name, "").split(",") if value]
    if not 1 <= len(values) <= 100:
        raise _Invalid(f"The number of values in the `{name}` query parameter list [{len(values)}] is not 1 to 100")
    return values


def _number(name: str, value: object) -> int:
    if not isinstance(value, str) or not re.fullmatch(r"[0-9]{1,19}", value):
        raise _Invalid(f"The `{name}` query parameter value [{value}] is not valid")
    return int(value)


def _instant(name: str, value: str) -> datetime:
    try:
        at = datetime.fromisoformat(value)
    except ValueError:
        raise _Invalid(f"The `{name}` query parameter value [{value}] is not a valid RFC3339 instant") from None
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _with_errors(body: dict[str, Any], resource: str, parameter: str, missing: list[str]) -> dict[str, Any]:
    if missing:
        body["errors"] = [
            {
                "value": value,
                "detail": f"Could not find {resource} with {parameter}: [{value}].",
                "title": "Not Found Error",
                "resource_type": resource,
                "parameter": parameter,
                "resource_id": value,
                "type": _PROBLEMS + "resource-not-found",
            }
            for value in missing
        ]
    return body


def _problem(
    status: int, title: str, detail: str, headers: Mapping[str, str] | None = None, kind: str = "about:blank"
) -> Response:
    body = {"title": title, "detail": detail, "type": kind, "status": status}
    return JSONResponse(body, status, headers, media_type="application/problem+json")


def _invalid(request: Request, message: str) -> dict[str, Any]:
    return {
        "errors": [{"parameters": dict(request.query_params), "message": message}],
        "title": "Invalid Request",
        "detail": "One or more parameters to your request was invalid.",
        "type": _PROBLEMS + "invalid-request",
    }
