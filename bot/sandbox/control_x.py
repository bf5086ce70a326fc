"""What customers do on the stand-in X: the control API under /sandbox/x; how X itself behaves stands in x_rehearsal."""

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.sandbox.control import BadInput, number_of, object_of, text_of, told
from bot.sandbox.stage import Stage
from bot.sandbox.x_media import PHOTOS_MAX

DELAY_MAX_S = 600
KINDS = ("photo", "animated_gif", "video")
_MORE = ("quoted", "retweeted", "media", "closed", "lang", "visible_after_s")


def x_controls(stage: Stage) -> list[Route]:
    """Its routes over one stage."""
    x = _X(stage)
    return [
        Route("/sandbox/x/posts", told(x.write), methods=["POST"]),
        Route("/sandbox/x/posts/{id}/edit", told(x.edit_post), methods=["POST"]),
        Route("/sandbox/x/posts/{id}", told(x.delete_post), methods=["DELETE"]),
    ]


class _X:
    def __init__(self, stage: Stage) -> None:
        self.stage = stage

    async def write(self, request: Request) -> Response:
        wish = await object_of(request, "author", "name", "text", "in_reply_to", *_MORE)
        author = text_of(wish, "author", 16).removeprefix("@")
        if not (author.isascii() and author.replace("_", "a").isalnum() and len(author) <= 15):
            raise BadInput("author must be a handle: 1 to 15 letters, digits or _")
        text = text_of(wish, "text")
        parent = None if wish.get("in_reply_to") is None else self._post_id(str(wish["in_reply_to"]))
        if wish.get("name"):
            self.stage.x.customer(author, text_of(wish, "name", 50))
        post = self.stage.x.write(author, text, in_reply_to=parent, **self._more(wish))
        return JSONResponse({"id": str(post.id)})

    async def edit_post(self, request: Request) -> Response:
        wish = await object_of(request, "text")
        text = text_of(wish, "text")
        post_id = self._post_id(request.path_params["id"])
        if self.stage.x.posts[post_id].deleted:
            raise BadInput("a deleted post cannot be edited")
        return JSONResponse({"id": str(self.stage.x.edit(post_id, text).id)})

    async def delete_post(self, request: Request) -> Response:
        self.stage.x.delete(self._post_id(request.path_params["id"]))
        return JSONResponse({})

    def _more(self, wish: dict[str, Any]) -> dict[str, Any]:
        """What else a post may have, as XStore.write takes it."""
        media = wish.get("media") or []
        if not isinstance(media, list) or any(each not in KINDS for each in media) or len(media) > PHOTOS_MAX:
            raise BadInput(f"media must be a list of at most {PHOTOS_MAX} of {', '.join(KINDS)}")
        if not isinstance(wish.get("closed", False), bool):
            raise BadInput("closed must be true or false")
        late = wish.get("visible_after_s")
        return {
            "quoted": None if wish.get("quoted") is None else self._post_id(str(wish["quoted"])),
            "retweeted": None if wish.get("retweeted") is None else self._post_id(str(wish["retweeted"])),
            "media": tuple(media),
            "closed": wish.get("closed", False),
            "lang": None if wish.get("lang") is None else text_of(wish, "lang", 8),
            "visible_after_s": None if late is None else number_of(wish, "visible_after_s", 0, DELAY_MAX_S),
        }

    def _post_id(self, raw: str) -> int:
        if raw.isascii() and raw.isdigit() and len(raw) <= 19 and int(raw) in self.stage.x.posts:
            return int(raw)
        raise BadInput(f"there is no post {raw[:30]!r}", 404)
