"""The stage itself: the record, the faults, the clock and the language, in the control API."""

from datetime import timedelta

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.sandbox.control import BadInput, json_of, number_of, object_of, text_of, told
from bot.sandbox.faults import Fault
from bot.sandbox.stage import Service, Stage

ADVANCE_MAX = timedelta(days=92)
DOWN_MAX_S = 600
FAULTS_MAX = 100


def stage_controls(stage: Stage) -> list[Route]:
    """Its routes over one stage."""
    strings = _Strings(stage)
    return [
        Route("/sandbox/record", told(strings.record), methods=["GET"]),
        Route("/sandbox/faults", told(strings.faults), methods=["GET", "POST", "DELETE"]),
        Route("/sandbox/clock", told(strings.clock), methods=["GET", "POST"]),
        Route("/sandbox/language", told(strings.language), methods=["POST"]),
        Route("/sandbox/service/kill", told(strings.kill), methods=["POST"]),
        Route("/sandbox/service/start", told(strings.start), methods=["POST"]),
    ]


class _Strings:
    def __init__(self, stage: Stage) -> None:
        self.stage = stage

    async def record(self, request: Request) -> Response:
        after = request.query_params.get("after", "0")
        if not (after.isascii() and after.isdigit() and len(after) <= 15):
            raise BadInput("after must be a number")
        return JSONResponse({"requests": self.stage.record.to_json(int(after))})

    async def faults(self, request: Request) -> Response:
        if request.method == "DELETE":
            self.stage.clear_faults()
        elif request.method == "POST":
            wish = await json_of(request)
            try:
                rules = [Fault.from_json(rule) for rule in (wish if isinstance(wish, list) else [wish])]
            except ValueError as wrong:
                raise BadInput(str(wrong)) from None
            if len(rules) + len(self.stage.faults.to_json()) > FAULTS_MAX:
                raise BadInput(f"at most {FAULTS_MAX} rules at once")
            self.stage.add_faults(*rules)
        return JSONResponse({"faults": self.stage.faults.to_json()})

    async def clock(self, request: Request) -> Response:
        if request.method == "POST":
            wish = await object_of(request, "advance_s")
            if self.stage.advance is None:
                raise BadInput("the clock of this stage cannot be moved")
            seconds = number_of(wish, "advance_s", 0, ADVANCE_MAX.total_seconds())
            if seconds == 0:
                raise BadInput("the clock only moves forward: advance_s must be above 0")
            self.stage.move_clock(timedelta(seconds=seconds))
        return JSONResponse({"now": self.stage.now().isoformat(), "movable": self.stage.advance is not None})

    async def language(self, request: Request) -> Response:
        wish = await object_of(request, "language")
        try:
            self.stage.speak(text_of(wish, "language", 8))
        except ValueError as problem:
            raise BadInput(str(problem)) from None
        return JSONResponse({"language": self.stage.language})

    async def kill(self, request: Request) -> Response:
        """A true SIGKILL of a true process; it is started again by itself."""
        wish = await object_of(request, "down_s")
        down_s = number_of(wish, "down_s", 0, DOWN_MAX_S) if "down_s" in wish else None
        try:
            return JSONResponse({"pid": self._service().kill(down_s)})
        except ValueError as refused:
            raise BadInput(str(refused)) from None

    async def start(self, request: Request) -> Response:
        self._service().start_again()
        return JSONResponse({})

    def _service(self) -> Service:
        if self.stage.service is None:
            raise BadInput("this stage runs no service: whoever started it must kill it")
        return self.stage.service
