"""What customers do on the stand-in X, and how it behaves: the control API under /sandbox/x."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.sandbox.control import BadInput, number_of, object_of, text_of, told
from bot.sandbox.stage import Stage

INDEX_DELAY_MAX_S = 600


def x_controls(stage: Stage) -> list[Route]:
    """Its routes over one stage."""
    x = _X(stage)
    return [
        Route("/sandbox/x/posts", told(x.write), methods=["POST"]),
        Route("/sandbox/x/posts/{id}/edit", told(x.edit_post), methods=["POST"]),
        Route("/sandbox/x/posts/{id}", told(x.delete_post), methods=["DELETE"]),
        Route("/sandbox/x/switch", told(x.switch), methods=["POST"]),
    ]


class _X:
    def __init__(self, stage: Stage) -> None:
        self.stage = stage

    async def write(self, request: Request) -> Response:
        wish = await object_of(request, "author", "name", "text", "in_reply_to")
        author = text_of(wish, "author", 16).removeprefix("@")
        if not (author.isascii() and author.replace("_", "a").isalnum() and len(author) <= 15):
            raise BadInput("author must be a handle: 1 to 15 letters, digits or _")
        text = text_of(wish, "text")
        parent = None if wish.get("in_reply_to") is None else self._post_id(str(wish["in_reply_to"]))
        if wish.get("name"):
            self.stage.x.customer(author, text_of(wish, "name", 50))
        post = self.stage.x.write(author, text, in_reply_to=parent)
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

    async def switch(self, request: Request) -> Response:
        wish = await object_of(request, "duplicate_filter", "index_delay_s")
        if "duplicate_filter" in wish and not isinstance(wish["duplicate_filter"], bool):
            raise BadInput("duplicate_filter must be true or false")
        if "index_delay_s" in wish:
            self.stage.x.index_delay_s = number_of(wish, "index_delay_s", 0, INDEX_DELAY_MAX_S)
        if "duplicate_filter" in wish:
            self.stage.x.duplicate_filter = wish["duplicate_filter"]
        self.stage.changed()
        return JSONResponse(
            {"duplicate_filter": self.stage.x.duplicate_filter, "index_delay_s": self.stage.x.index_delay_s}
        )

    def _post_id(self, raw: str) -> int:
        if raw.isascii() and raw.isdigit() and len(raw) <= 19 and int(raw) in self.stage.x.posts:
            return int(raw)
        raise BadInput(f"there is no post {raw[:30]!r}", 404)
