"""What people do with their phones: the control API under /sandbox/telegram; telegram_control.py has the rest of it."""

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.sandbox.control import BadInput, object_of, text_of, told, whole_of
from bot.sandbox.stage import Stage
from bot.sandbox.telegram_control import telegram_more_controls


def telegram_controls(stage: Stage) -> list[Route]:
    """Its routes over one stage."""
    more = telegram_more_controls(stage)
    return [*more, Route("/sandbox/telegram/{user}/{verb}", told(_Telegram(stage).telegram), methods=["POST"])]


class _Telegram:
    def __init__(self, stage: Stage) -> None:
        self.stage = stage

    async def telegram(self, request: Request) -> Response:
        """One thing a person does with their phone."""
        who, verb = request.path_params["user"], request.path_params["verb"]
        user_id = self.stage.user_id(who)
        if user_id is None:
            raise BadInput(f"nobody here is called {who[:30]!r}", 404)
        verbs = {
            "type": self._type,
            "press": self._press,
            "edit": self._edit,
            "send": self._send,
            "block": self._block,
            "unblock": self._unblock,
        }
        if verb not in verbs:
            raise BadInput(f"a phone cannot {verb[:30]!r}; it can {', '.join(verbs)}", 404)
        keys = {"type": ("text", "reply_to"), "press": ("message_id", "data"), "edit": ("message_id", "text")}
        wish = await object_of(request, *keys.get(verb, ("kind",) if verb == "send" else ()))
        try:
            return JSONResponse(verbs[verb](user_id, wish))
        except ValueError as refused:
            raise BadInput(str(refused)) from None

    def _type(self, user_id: int, wish: dict[str, Any]) -> dict[str, Any]:
        reply_to = None if wish.get("reply_to") is None else self._message_id(user_id, wish, "reply_to")
        return {"message_id": self.stage.telegram.types(user_id, text_of(wish, "text"), reply_to=reply_to)}

    def _press(self, user_id: int, wish: dict[str, Any]) -> dict[str, Any]:
        """Any client could send any data, so it need not stand on a button, nor need the message still be there."""
        message_id = whole_of(wish, "message_id")
        return {"callback_id": self.stage.telegram.presses(user_id, message_id, text_of(wish, "data", 64))}

    def _edit(self, user_id: int, wish: dict[str, Any]) -> dict[str, Any]:
        message_id = self._message_id(user_id, wish, "message_id")
        try:
            self.stage.telegram.edits(user_id, message_id, text_of(wish, "text"))
        except KeyError:
            raise BadInput("only what this person wrote can be edited here") from None
        return {}

    def _send(self, user_id: int, wish: dict[str, Any]) -> dict[str, Any]:
        return {"message_id": self.stage.telegram.sends(user_id, text_of(wish, "kind", 20))}

    def _block(self, user_id: int, wish: dict[str, Any]) -> dict[str, Any]:
        if not self.stage.telegram.people[user_id].blocked:
            self.stage.telegram.blocks(user_id)
        return {}

    def _unblock(self, user_id: int, wish: dict[str, Any]) -> dict[str, Any]:
        if self.stage.telegram.people[user_id].blocked:
            self.stage.telegram.unblocks(user_id)
        return {}

    def _message_id(self, user_id: int, wish: dict[str, Any], key: str) -> int:
        message_id = whole_of(wish, key)
        if self.stage.telegram.find(user_id, message_id) is None:
            raise BadInput(f"there is no message {message_id} on this phone", 404)
        return message_id
