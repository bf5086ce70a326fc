"""More of what the control API can do with the stand-in Telegram: files, reactions, groups, and its switches.

    GET  /sandbox/telegram/files/ID              a photo's or document's bytes, ID as in a message's `file.url`
    GET  /sandbox/telegram/switch                {"flood","privacy_mode","webhook"}
    POST /sandbox/telegram/switch                any of {"flood": "off"|"realistic", "privacy_mode": true|false,
                                                 "webhook": "https://…" or ""}
    POST /sandbox/telegram/USER/upload?kind=photo|document&name=…&caption=…&reply_to=…
                                                 the body is the file → {"message_id"}
    POST /sandbox/telegram/USER/react            {"message_id","emoji"} ("" takes it away)
    POST /sandbox/telegram/USER/deactivate       the account is deleted, for good
    GET  /sandbox/telegram/groups                {"groups"}, with their messages
    POST /sandbox/telegram/groups                {"title","by","supergroup"?: true|false} → {"chat_id"}
    POST /sandbox/telegram/groups/CHAT/VERB      {"by", …}: `by` is the person who does it
         add-bot | remove-bot | demote-bot | silence-bot | join | leave
         promote-bot                             {"rights": ["can_pin_messages", …]}
         type                                    {"text","reply_to"?,"anonymous"?} → {"message_id"}
         press                                   {"message_id","data"} → {"callback_id"}
         react                                   {"message_id","emoji"}
         migrate                                 → {"chat_id"}: it becomes a supergroup

USER and `by` are a number or a name; CHAT is the group's (negative) number.
"""

from collections.abc import Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.sandbox.control import BadInput, object_of, text_of, told, whole_of
from bot.sandbox.stage import Stage
from bot.sandbox.telegram import REALISTIC
from bot.sandbox.telegram_files import IMAGES, UPLOAD_BYTES_MAX
from bot.sandbox.telegram_values import SUPERGROUP_IDS, Group

GROUPS_MAX = 50
MESSAGES_SHOWN_MAX = 400  # per group
CAPTION_LENGTH_MAX = 1024

_Deed = Callable[[Group, int, dict[str, Any]], dict[str, Any]]


def telegram_more_controls(stage: Stage) -> list[Route]:
    """Its routes over one stage; they go before those that take any verb."""
    phones, groups = _Phones(stage), _Groups(stage)
    return [
        Route("/sandbox/telegram/files/{id}", told(phones.file), methods=["GET"]),
        Route("/sandbox/telegram/switch", told(phones.switch), methods=["GET", "POST"]),
        Route("/sandbox/telegram/groups", told(groups.groups), methods=["GET", "POST"]),
        Route("/sandbox/telegram/groups/{chat}/{verb}", told(groups.deed), methods=["POST"]),
        Route("/sandbox/telegram/{user}/upload", told(phones.upload), methods=["POST"]),
        Route("/sandbox/telegram/{user}/react", told(phones.react), methods=["POST"]),
        Route("/sandbox/telegram/{user}/deactivate", told(phones.deactivate), methods=["POST"]),
    ]


def switches(stage: Stage) -> dict[str, Any]:
    """How the stand-in Telegram behaves now."""
    world = stage.telegram
    flood = "off" if world.flood.rates is None else "realistic"
    return {"flood": flood, "privacy_mode": world.privacy_mode, "webhook": world.updates.webhook}


class _Phones:
    def __init__(self, stage: Stage) -> None:
        self.stage = stage

    async def file(self, request: Request) -> Response:
        file = self.stage.telegram.files.by_unique_id(request.path_params["id"])
        if file is None:
            raise BadInput("there is no such file", 404)
        # Whatever else somebody sent must not run on the stage's own origin.
        mime = file.mime if file.mime in IMAGES.values() else "application/octet-stream"
        headers = {"cache-control": "private, max-age=3600"}
        if mime not in IMAGES.values():
            headers["content-disposition"] = "attachment"
        return Response(file.content, media_type=mime, headers=headers)

    async def switch(self, request: Request) -> Response:
        if request.method == "POST":
            wish = await object_of(request, "flood", "privacy_mode", "webhook")
            flood, privacy = wish.get("flood", "off"), wish.get("privacy_mode", True)
            webhook = wish.get("webhook", "")
            if flood not in ("off", "realistic"):
                raise BadInput("flood must be off or realistic")
            if not isinstance(privacy, bool):
                raise BadInput("privacy_mode must be true or false")
            if not isinstance(webhook, str) or (webhook and not webhook.startswith("https://")):
                raise BadInput("webhook must be an https address, or empty")
            world = self.stage.telegram
            if "flood" in wish:
                world.flood.rates = REALISTIC if flood == "realistic" else None
            if "privacy_mode" in wish:
                world.privacy_mode = privacy
            if "webhook" in wish:
                world.updates.set_webhook(webhook)
            self.stage.changed()
        return JSONResponse(switches(self.stage))

    async def upload(self, request: Request) -> Response:
        user_id = _somebody(self.stage, request.path_params["user"])
        asked = request.query_params
        caption, reply_to = asked.get("caption", ""), asked.get("reply_to", "0")
        if len(caption) > CAPTION_LENGTH_MAX:
            raise BadInput(f"caption is longer than {CAPTION_LENGTH_MAX} characters")
        if not (reply_to.isascii() and reply_to.isdigit() and len(reply_to) <= 15):
            raise BadInput("reply_to must be a whole number")
        content = b""
        async for chunk in request.stream():
            content += chunk
            if len(content) > UPLOAD_BYTES_MAX:
                raise BadInput(f"the file is bigger than {UPLOAD_BYTES_MAX} bytes")
        try:
            message_id = self.stage.telegram.uploads(
                user_id,
                asked.get("kind", ""),
                asked.get("name") or "file",
                content,
                caption=caption,
                reply_to=int(reply_to) or None,
            )
        except ValueError as refused:
            raise BadInput(str(refused)) from None
        return JSONResponse({"message_id": message_id})

    async def react(self, request: Request) -> Response:
        user_id = _somebody(self.stage, request.path_params["user"])
        _react(self.stage, user_id, user_id, await object_of(request, "message_id", "emoji"))
        return JSONResponse({})

    async def deactivate(self, request: Request) -> Response:
        self.stage.telegram.deactivates(_somebody(self.stage, request.path_params["user"]))
        return JSONResponse({})


class _Groups:
    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.world = stage.telegram
        world = stage.telegram
        self.plain: dict[str, Callable[[int, int], None]] = {
            "add-bot": world.adds_bot,
            "remove-bot": world.removes_bot,
            "demote-bot": world.demotes_bot,
            "silence-bot": world.silences_bot,
            "join": world.joins,
            "leave": world.goes,
        }
        self.deeds: dict[str, tuple[tuple[str, ...], _Deed]] = {
            "promote-bot": (("rights",), self._promote),
            "type": (("text", "reply_to", "anonymous"), self._type),
            "press": (("message_id", "data"), self._press),
            "react": (("message_id", "emoji"), self._react),
            "migrate": ((), self._migrate),
        }

    async def groups(self, request: Request) -> Response:
        if request.method == "GET":
            return JSONResponse({"groups": self.world.groups_json(MESSAGES_SHOWN_MAX)})
        wish = await object_of(request, "title", "by", "supergroup")
        title, by = text_of(wish, "title", 128), _somebody(self.stage, str(wish.get("by", "")))
        if not isinstance(wish.get("supergroup", False), bool):
            raise BadInput("supergroup must be true or false")
        if len(self.world.groups) >= GROUPS_MAX:
            raise BadInput(f"at most {GROUPS_MAX} groups")
        chat_id = self._free_id(wish.get("supergroup", False))
        self.world.group(chat_id, title)
        self.world.joins(chat_id, by)
        return JSONResponse({"chat_id": chat_id})

    async def deed(self, request: Request) -> Response:
        """One thing somebody does in a group."""
        chat, verb = request.path_params["chat"], request.path_params["verb"]
        number = chat.removeprefix("-")
        if not (number.isascii() and number.isdigit() and len(number) <= 15) or int(chat) not in self.world.groups:
            raise BadInput(f"there is no group {chat[:30]!r}", 404)
        if verb not in self.deeds and verb not in self.plain:
            known = ", ".join((*self.plain, *self.deeds))
            raise BadInput(f"in a group nobody can {verb[:30]!r}; they can {known}", 404)
        keys, deed = self.deeds.get(verb, ((), None))
        wish = await object_of(request, "by", *keys)
        by = _somebody(self.stage, str(wish.get("by", "")))
        group = self.world.groups[int(chat)]
        if group.moved_to is not None:
            raise BadInput(f"this group has become {group.moved_to}")
        try:
            if deed is not None:
                return JSONResponse(deed(group, by, wish))
            self.plain[verb](group.chat_id, by)
        except ValueError as refused:
            raise BadInput(str(refused)) from None
        return JSONResponse({})

    def _promote(self, group: Group, by: int, wish: dict[str, Any]) -> dict[str, Any]:
        rights = wish.get("rights", [])
        if not isinstance(rights, list) or not all(isinstance(right, str) for right in rights):
            raise BadInput("rights must be a list of names, such as can_pin_messages")
        self.world.promotes_bot(group.chat_id, by, *rights)
        return {}

    def _type(self, group: Group, by: int, wish: dict[str, Any]) -> dict[str, Any]:
        reply_to = None if wish.get("reply_to") is None else whole_of(wish, "reply_to")
        anonymous = wish.get("anonymous", False) is True
        text = text_of(wish, "text")
        sent = self.world.types_in_group(group.chat_id, by, text, reply_to=reply_to, anonymous=anonymous)
        return {"message_id": sent}

    def _press(self, group: Group, by: int, wish: dict[str, Any]) -> dict[str, Any]:
        message_id, data = whole_of(wish, "message_id"), text_of(wish, "data", 64)
        return {"callback_id": self.world.presses(by, message_id, data, chat_id=group.chat_id)}

    def _react(self, group: Group, by: int, wish: dict[str, Any]) -> dict[str, Any]:
        _react(self.stage, by, group.chat_id, wish)
        return {}

    def _migrate(self, group: Group, by: int, wish: dict[str, Any]) -> dict[str, Any]:
        if group.is_super:
            raise BadInput("this is a supergroup already")
        chat_id = self._free_id(True)
        self.world.becomes_supergroup(group.chat_id, chat_id)
        return {"chat_id": chat_id}

    def _free_id(self, is_super: bool) -> int:
        first = (SUPERGROUP_IDS if is_super else 0) - 9001
        return next(first - n for n in range(2 * GROUPS_MAX) if first - n not in self.world.groups)


def _somebody(stage: Stage, who: str) -> int:
    user_id = stage.user_id(who)
    if user_id is None:
        raise BadInput(f"nobody here is called {who[:30]!r}", 404)
    return user_id


def _react(stage: Stage, user_id: int, chat_id: int, wish: dict[str, Any]) -> None:
    emoji, message_id = wish.get("emoji"), whole_of(wish, "message_id")
    if not isinstance(emoji, str) or len(emoji) > 20:
        raise BadInput("emoji must be an emoji, or empty")
    try:
        stage.telegram.reacts(user_id, message_id, emoji, chat_id=chat_id)
    except KeyError:
        raise BadInput(f"there is no message {message_id} in this chat", 404) from None
    except ValueError as refused:
        raise BadInput(str(refused)) from None
