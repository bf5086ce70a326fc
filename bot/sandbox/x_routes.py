"""The stand-in X over HTTP: the endpoints the service uses, with X's statuses, limits and words.

Each request passes the same gates in the same order: who asks (401), with which kind of token (403), how often (429),
whether there are credits left (402), whether the token may write (403); only then the endpoint works.
"""

from collections.abc import Awaitable, Callable
from datetime import UTC, timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.sandbox import x_refusals, x_search, x_writing
from bot.sandbox.x_asked import LOOKS, TIMELINE, asked_of, count_of, id_of, listed
from bot.sandbox.x_limits import Limits
from bot.sandbox.x_oauth import Caller, Signatures
from bot.sandbox.x_pages import Page, page_of
from bot.sandbox.x_posts import Account, Post
from bot.sandbox.x_refusals import NOT_YOURS, Invalid, NotAllowed, TooLong, not_found, not_visible, problem
from bot.sandbox.x_upload import UploadEndpoints
from bot.sandbox.x_wire import Told, user_json, written_json
from bot.sandbox.x_world import XWorld

MENTIONS_MAX = 800
OWN_POSTS_MAX = 3200
PROJECT_CAP = 3_000_000

Handler = Callable[[Request, Caller], Awaitable[tuple[int, Any]]]
BOTH = ("user", "app")


def x_routes(world: XWorld) -> list[Route]:
    """The routes of `/2/…` over a world, and the one that gives an app its token."""
    gate = _Gate(world)
    x = _X(world)
    uploads = UploadEndpoints(world)
    return [
        Route("/oauth2/token", gate.app_token, methods=["POST"]),
        Route("/2/users/me", gate.asked("me", x.me), methods=["GET"]),
        Route("/2/users/by", gate.asked("users_by", x.users_by, BOTH), methods=["GET"]),
        Route("/2/users/{id}/mentions", gate.asked("mentions", x.mentions, BOTH), methods=["GET"]),
        Route("/2/users/{id}/tweets", gate.asked("own_posts", x.own_posts, BOTH), methods=["GET"]),
        Route("/2/tweets/search/recent", gate.asked("search", x.search, BOTH), methods=["GET"]),
        Route("/2/tweets", gate.asked("lookup", x.lookup, BOTH), methods=["GET"]),
        Route("/2/tweets", gate.asked("post", x.post), methods=["POST"]),
        Route("/2/tweets/{id}", gate.asked("tweet", x.tweet, BOTH), methods=["GET"]),
        Route("/2/tweets/{id}", gate.asked("delete", x.delete), methods=["DELETE"]),
        Route("/2/usage/tweets", gate.asked("usage", x.usage, ("app",)), methods=["GET"]),
        Route("/2/media/upload/initialize", gate.asked("media", uploads.initialize), methods=["POST"]),
        Route("/2/media/upload/{id}/append", gate.asked("media", uploads.append), methods=["POST"]),
        Route("/2/media/upload/{id}/finalize", gate.asked("media", uploads.finalize), methods=["POST"]),
        Route("/2/media/upload", gate.asked("media", uploads.at_once), methods=["POST"]),
        Route("/2/media/upload", gate.asked("media", uploads.status), methods=["GET"]),
    ]


class _Gate:
    """What every request passes before its endpoint works."""

    def __init__(self, world: XWorld) -> None:
        self._world = world
        self._signatures = Signatures(world)
        self._limits = Limits(world)

    async def app_token(self, request: Request) -> Response:
        status, body = await self._signatures.app_token(request)
        return JSONResponse(body, status)

    def asked(
        self, endpoint: str, handler: Handler, schemes: tuple[str, ...] = ("user",)
    ) -> Callable[[Request], Awaitable[Response]]:
        """The handler behind signature, rate limit, credits and X's way to refuse."""

        async def answer(request: Request) -> Response:
            caller = self._signatures.caller(request)
            if caller is None:
                return problem(401, "Unauthorized", "Unauthorized")
            used = "app" if caller.account is None else "user"
            if used not in schemes:
                return x_refusals.wrong_scheme(used, list(schemes))
            allowed, headers = self._limits.count(endpoint, caller)
            if caller.account is not None:
                headers["x-access-level"] = caller.account.rights
            if not allowed:
                return problem(429, "Too Many Requests", "Too Many Requests", headers)
            if self._world.meter.is_spent and endpoint != "usage":
                return x_refusals.no_credits(caller.app, headers)
            if request.method != "GET" and caller.account is not None and "write" not in caller.account.rights:
                kind = x_refusals.PROBLEMS + "oauth1-permissions"
                return problem(403, "Forbidden", x_refusals.READ_ONLY, headers, kind)
            return await self._answered(request, caller, handler, headers)

        return answer

    async def _answered(self, request: Request, caller: Caller, handler: Handler, headers: dict[str, str]) -> Response:
        try:
            status, body = await handler(request, caller)
        except Invalid as wrong:
            parameters = dict(request.query_params) if wrong.parameters is None else wrong.parameters
            return JSONResponse(x_refusals.invalid(parameters, str(wrong)), 400, headers)
        except TooLong as refused:
            if self._world.too_long_status == 400:
                return JSONResponse(x_refusals.invalid({}, str(refused)), 400, headers)
            return problem(403, "Forbidden", str(refused), headers)
        except NotAllowed as refused:
            return problem(403, "Forbidden", str(refused), headers)
        return JSONResponse(body, status, headers)


class _X:
    """The endpoints about users and posts."""

    def __init__(self, world: XWorld) -> None:
        self.world = world

    async def me(self, request: Request, caller: Caller) -> tuple[int, Any]:
        asked = asked_of(request, LOOKS, self.world.vocabulary)
        account = _signed(caller)
        self.world.meter.read((), [account.id])
        return 200, {"data": user_json(self.world.accounts[account.handle.lower()], asked.user_fields)}

    async def users_by(self, request: Request, caller: Caller) -> tuple[int, Any]:
        asked = asked_of(request, LOOKS | {"usernames"}, self.world.vocabulary)
        wanted = listed(request, "usernames")
        found = [a for name in wanted if (a := self.world.accounts.get(name.lower()))]
        missing = [name for name in wanted if name.lower() not in self.world.accounts]
        self.world.meter.read((), [a.id for a in found])
        body: dict[str, Any] = {"data": [user_json(a, asked.user_fields) for a in found]} if found else {}
        return 200, _with_errors(body, not_found("user", "usernames", missing))

    async def mentions(self, request: Request, caller: Caller) -> tuple[int, Any]:
        def read(owner: Account) -> list[Post]:
            return self.world.mentions_of(owner, MENTIONS_MAX)

        owner = self.world.app_owner.lower()
        owned = caller.account is not None and caller.account.handle.lower() == owner
        own_id = str(caller.account.id) if caller.account is not None else ""
        return self._timeline(request, caller, read, owned=owned and request.path_params["id"] == own_id)

    async def own_posts(self, request: Request, caller: Caller) -> tuple[int, Any]:
        def read(owner: Account) -> list[Post]:
            return self.world.posts_by(owner, OWN_POSTS_MAX)

        return self._timeline(request, caller, read, owned=False)

    def _timeline(
        self, request: Request, caller: Caller, read: Callable[[Account], list[Post]], *, owned: bool
    ) -> tuple[int, Any]:
        asked_of(request, TIMELINE, self.world.vocabulary)
        user_id = id_of("id", request.path_params["id"])
        length = count_of(request.query_params, 5, 100, 10)
        owner = self.world.account_of(user_id)
        if owner is None:
            return 200, _with_errors({}, not_found("user", "id", [str(user_id)]))
        out = {each for each in request.query_params.get("exclude", "").split(",") if each}
        if out - {"replies", "retweets"}:
            why = f"The `exclude` query parameter value [{min(out)}] is not one of [replies,retweets]"
            raise Invalid(why, {"exclude": sorted(out)})
        posts = [
            post
            for post in read(owner)
            if not ("replies" in out and post.in_reply_to is not None)
            and not ("retweets" in out and post.retweeted is not None)
            and not self.world.is_hidden(post, caller.account)
        ]
        return self._page(request, caller, page_of(posts, request.query_params, length), TIMELINE, owned=owned)

    async def search(self, request: Request, caller: Caller) -> tuple[int, Any]:
        known = TIMELINE - {"exclude"} | {"query", "next_token", "sort_order"}
        asked_of(request, known, self.world.vocabulary)
        asked = request.query_params
        length = count_of(asked, 10, 100, 10)
        x_search.check_recent(asked, self.world.now())
        is_wanted = x_search.matches(self.world, asked.get("query", ""))
        since = self.world.now() - x_search.DAYS
        posts = [
            post
            for post in self.world.everything()
            if post.created_at >= since and is_wanted(post) and not self.world.is_hidden(post, caller.account)
        ]
        token = "next_token" if "next_token" in asked else "pagination_token"
        return self._page(request, caller, page_of(posts, asked, length, token), known, owned=False)

    def _page(
        self, request: Request, caller: Caller, page: Page, known: frozenset[str], *, owned: bool
    ) -> tuple[int, Any]:
        told = Told(self.world, asked_of(request, known, self.world.vocabulary), caller.account)
        body = told.body(page.posts)
        body["meta"] = page.meta()
        self.world.meter.read(told.posts, told.users, owned=owned)
        return 200, body

    async def lookup(self, request: Request, caller: Caller) -> tuple[int, Any]:
        ids = [id_of("ids", value) for value in listed(request, "ids")]
        return self._looked_up(request, caller, ids, LOOKS | {"ids"}, "ids")

    async def tweet(self, request: Request, caller: Caller) -> tuple[int, Any]:
        ids = [id_of("id", request.path_params["id"])]
        return self._looked_up(request, caller, ids, LOOKS, "id")

    def _looked_up(
        self, request: Request, caller: Caller, ids: list[int], known: frozenset[str], name: str
    ) -> tuple[int, Any]:
        """Posts by id; what is gone or hidden stands in `errors`, with a 200."""
        told = Told(self.world, asked_of(request, known, self.world.vocabulary), caller.account)
        there = {i: p for i in ids if (p := self.world.posts.get(i)) is not None and not p.deleted}
        hidden = [i for i, post in there.items() if self.world.is_hidden(post, caller.account)]
        shown = [there[i] for i in dict.fromkeys(ids) if i in there and i not in hidden]
        body = told.body(shown, alone=name == "id")
        errors = not_found("tweet", name, [str(i) for i in ids if i not in there])
        errors += not_visible("tweet", name, [str(i) for i in hidden])
        self.world.meter.read(told.posts, told.users)
        return 200, _with_errors(body, errors)

    async def post(self, request: Request, caller: Caller) -> tuple[int, Any]:
        wish = x_writing.wish_of(await x_writing.object_of(request))
        return 201, written_json(self.world, x_writing.write(self.world, _signed(caller), wish))

    async def delete(self, request: Request, caller: Caller) -> tuple[int, Any]:
        post_id = id_of("id", request.path_params["id"])
        post = self.world.posts.get(post_id)
        if post is None or post.deleted:
            return 404, _with_errors({}, not_found("tweet", "id", [str(post_id)]))
        if post.author.id != _signed(caller).id:
            raise NotAllowed(NOT_YOURS)
        self.world.delete(post_id)
        self.world.meter.wrote("delete")
        return 200, {"data": {"deleted": True}}

    async def usage(self, request: Request, caller: Caller) -> tuple[int, Any]:
        """Posts read, by UTC day, oldest last; numbers as text and days as midnights, as public clients see them."""
        known = frozenset({"days", "usage.fields"})
        for name in set(request.query_params) - known:
            raise Invalid(f"The query parameter [{name}] is not one of [{','.join(sorted(known))}]")
        text = request.query_params.get("days", "7")
        if not (text.isascii() and text.isdigit() and len(text) <= 2 and 1 <= int(text) <= 90):
            raise Invalid(f"The `days` query parameter value [{text}] is not between 1 and 90", {"days": [text]})
        today = self.world.now().astimezone(UTC).date()
        days = [today - timedelta(days=back) for back in range(int(text))]
        usage = [
            {"date": f"{day}T00:00:00.000Z", "usage": str(count)}
            for day in days
            if (count := self.world.meter.posts_read_on(day))
        ]
        month = [today.replace(day=1) + timedelta(days=each) for each in range(today.day)]
        data = {
            "cap_reset_day": 1,
            "project_cap": str(PROJECT_CAP),
            "project_id": "1000000000000000001",
            "project_usage": str(sum(self.world.meter.posts_read_on(day) for day in month)),
            "daily_project_usage": {"project_id": "1000000000000000001", "usage": usage},
            "daily_client_app_usage": [
                {"client_app_id": "10000001", "usage": usage, "usage_result_count": len(usage)},
            ],
        }
        fields = {each for each in request.query_params.get("usage.fields", "").split(",") if each}
        if fields - set(data):
            wrong = min(fields - set(data))
            why = f"The `usage.fields` query parameter value [{wrong}] is not one of [{','.join(data)}]"
            raise Invalid(why, {"usage.fields": [wrong]})
        always = {"cap_reset_day", "project_cap", "project_id", "project_usage"}
        return 200, {"data": {name: value for name, value in data.items() if name in fields or name in always}}


def _signed(caller: Caller) -> Account:
    assert caller.account is not None, "the gate lets users only come here"
    return caller.account


def _with_errors(body: dict[str, Any], errors: list[dict[str, str]]) -> dict[str, Any]:
    return body | {"errors": [*body.get("errors", []), *errors]} if errors else body
