"""What else the control API can do with the stand-in X: its switches, its bad days, what it cost, a conversation."""

from collections.abc import Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.sandbox import x_shown
from bot.sandbox.control import BadInput, number_of, object_of, text_of, told
from bot.sandbox.faults import Fault
from bot.sandbox.stage import Stage
from bot.sandbox.x_faults import NAMED, named
from bot.sandbox.x_world import XWorld

DELAY_MAX_S = 600
CREDITS_MAX_USD = 1_000_000
_LIMITS = ("limits", "app_limits")


def x_rehearsal(stage: Stage) -> list[Route]:
    """Its routes over one stage."""
    control = _Control(stage)
    return [
        Route("/sandbox/x/cost", told(control.cost), methods=["GET"]),
        Route("/sandbox/x/conversation/{id}", told(control.conversation), methods=["GET"]),
        Route("/sandbox/x/switch", told(control.switch), methods=["GET", "POST"]),
        Route("/sandbox/x/faults", told(control.faults), methods=["GET", "POST"]),
        Route("/sandbox/x/block", told(control.block), methods=["POST"]),
        Route("/sandbox/x/revoke", told(control.revoke), methods=["POST"]),
    ]


def switches(world: XWorld) -> dict[str, Any]:
    """How every switch stands."""
    return {
        "vocabulary": world.vocabulary,
        "duplicate_filter": world.duplicate_filter,
        "index_delay_s": world.index_delay_s,
        "implicit_mention_counts": world.implicit_mention_counts,
        "too_long_status": world.too_long_status,
        "rate_limited": world.rate_limited,
        "rate_headers": world.rate_headers,
        "limits": world.limits,
        "app_limits": world.app_limits,
        "day_limits": world.day_limits,
        "skew_s": world.skew_s,
        "app_owner": world.app_owner,
        "credits_usd": world.meter.credits_usd,
        "bill_users": world.meter.bill_users,
        "processing_s": world.uploads.processing_s,
        "processing_fails": world.uploads.processing_fails,
    }


def turn(world: XWorld, wish: dict[str, Any]) -> None:
    """Turn switches; none of them when one cannot be. Raises BadInput."""
    checked = [(name, _checked(world, name, wish)) for name in wish]
    for name, value in checked:
        holder: object = world
        if name in ("credits_usd", "bill_users"):
            holder = world.meter
        elif name in ("processing_s", "processing_fails"):
            holder = world.uploads
        setattr(holder, name, value)


def _checked(world: XWorld, name: str, wish: dict[str, Any]) -> Any:
    value = wish[name]
    numbers: dict[str, Callable[[], float]] = {
        "index_delay_s": lambda: number_of(wish, name, 0, DELAY_MAX_S),
        "processing_s": lambda: number_of(wish, name, 0, DELAY_MAX_S),
        "skew_s": lambda: number_of(wish, name, -86_400, 86_400),
        "credits_usd": lambda: number_of(wish, name, 0, CREDITS_MAX_USD),
    }
    if name == "credits_usd" and value is None:
        return None
    if name in numbers:
        return numbers[name]()
    if name == "vocabulary":
        return _one_of(name, value, "asked", "old", "new")
    if name == "too_long_status":
        return _one_of(name, value, 403, 400)
    if name == "app_owner":
        return _one_of(name, value, "", *(a.handle for a in world.accounts.values() if a.ours))
    if name in _LIMITS:
        return getattr(world, name) | _counts(name, value, set(getattr(world, name)))
    if name == "day_limits":
        if not isinstance(value, dict):
            raise BadInput("day_limits must be an object: endpoint to user and app")
        _known(name, set(value), set(world.limits) | set(world.app_limits))
        return {each: _counts(each, limits, {"user", "app"}) for each, limits in value.items()}
    if not isinstance(value, bool):
        raise BadInput(f"{name} must be true or false")
    return value


def _one_of(name: str, value: Any, *known: Any) -> Any:
    if isinstance(value, bool) or value not in known:
        raise BadInput(f"{name} must be one of: {', '.join(repr(each) for each in known)}")
    return value


def _counts(name: str, value: Any, known: set[str]) -> dict[str, int]:
    if not isinstance(value, dict) or any(type(n) is not int or not 0 <= n <= 10**9 for n in value.values()):
        raise BadInput(f"{name} must be an object of whole numbers")
    _known(name, set(value), known)
    return dict(value)


def _known(name: str, found: set[str], known: set[str]) -> None:
    if found - known:
        raise BadInput(f"{name} knows {', '.join(sorted(known))}")


class _Control:
    def __init__(self, stage: Stage) -> None:
        self.stage = stage

    async def cost(self, request: Request) -> Response:
        return JSONResponse(self.stage.x.meter.to_json())

    async def conversation(self, request: Request) -> Response:
        raw = request.path_params["id"]
        if not (raw.isascii() and raw.isdigit() and len(raw) <= 19 and int(raw) in self.stage.x.posts):
            raise BadInput(f"there is no post {raw[:30]!r}", 404)
        return JSONResponse(x_shown.conversation(self.stage.x, int(raw)))

    async def switch(self, request: Request) -> Response:
        if request.method == "POST":
            turn(self.stage.x, await object_of(request, *switches(self.stage.x)))
            self.stage.changed()
        return JSONResponse(switches(self.stage.x))

    async def faults(self, request: Request) -> Response:
        """The bad days by name; a POST puts one in force."""
        if request.method == "GET":
            return JSONResponse({"faults": {name: rule.to_json() for name, rule in NAMED.items()}})
        wish = await object_of(request, "name", "match", "times")
        name = text_of(wish, "name", 40)
        if name not in NAMED:
            raise BadInput(f"no bad day is called {name!r}; known are {', '.join(NAMED)}", 404)
        match = text_of(wish, "match", 200) if wish.get("match") is not None else None
        try:
            rule = Fault.from_json(named(name, match).to_json() | {"times": wish.get("times", 1)})
        except ValueError as wrong:
            raise BadInput(str(wrong)) from None
        self.stage.add_faults(rule)
        return JSONResponse({"faults": self.stage.faults.to_json()})

    async def block(self, request: Request) -> Response:
        wish = await object_of(request, "who", "whom", "is_blocked")
        self.stage.x.block(self._handle(wish, "who"), self._handle(wish, "whom"), _is(wish, "is_blocked"))
        return JSONResponse({})

    async def revoke(self, request: Request) -> Response:
        wish = await object_of(request, "account", "is_void")
        self.stage.x.revoke(self._handle(wish, "account"), _is(wish, "is_void"))
        return JSONResponse({"revoked": sorted(self.stage.x.revoked)})

    def _handle(self, wish: dict[str, Any], key: str) -> str:
        handle = text_of(wish, key, 16).removeprefix("@")
        if handle.lower() not in self.stage.x.accounts:
            raise BadInput(f"nobody here is called {handle!r}", 404)
        return handle


def _is(wish: dict[str, Any], key: str) -> bool:
    value = wish.get(key, True)
    if not isinstance(value, bool):
        raise BadInput(f"{key} must be true or false")
    return value
