"""Media upload v2 at the stand-in X over HTTP: initialize, append, finalize, status, and a picture at once."""

from email.parser import BytesParser
from typing import Any

from starlette.requests import Request

from bot.sandbox.x_asked import id_of
from bot.sandbox.x_media import SEGMENT_BYTES_MAX
from bot.sandbox.x_oauth import Caller
from bot.sandbox.x_posts import Account
from bot.sandbox.x_refusals import Invalid
from bot.sandbox.x_world import XWorld
from bot.sandbox.x_writing import object_of

_BEGINNING = {"media_type", "total_bytes", "media_category", "shared", "additional_owners"}


class UploadEndpoints:
    """The endpoints under /2/media/upload."""

    def __init__(self, world: XWorld) -> None:
        self._world = world

    async def initialize(self, request: Request, caller: Caller) -> tuple[int, Any]:
        """A JSON body; what the older form took as query parameters is refused."""
        body = await object_of(request)
        for name in sorted(set(body) - _BEGINNING):
            why = f"$.{name}: is not defined in the schema and the schema does not allow additional properties"
            raise Invalid(why)
        media_type, total, category = body.get("media_type"), body.get("total_bytes"), body.get("media_category", "")
        if not isinstance(media_type, str) or type(total) is not int or not isinstance(category, str):
            raise Invalid("$: media_type and total_bytes are missing but they are required")
        others = body.get("additional_owners", [])
        if not isinstance(others, list) or len(others) > 100:
            raise Invalid("$.additional_owners: there must be 1 to 100 items in the array")
        owners = [id_of("additional_owners", each) for each in others]
        upload = self._world.uploads.begin(_who(caller), media_type, total, category, owners)
        return 200, {"data": self._world.uploads.to_json(upload)}

    async def append(self, request: Request, caller: Caller) -> tuple[int, Any]:
        """A multipart body: segment_index, media."""
        form = await _form(request)
        index = form.get("segment_index", b"").decode("ascii", "replace")
        if not (index.isascii() and index.isdigit() and len(index) <= 6):
            raise Invalid("$.segment_index: is missing but it is required")
        upload_id = id_of("id", request.path_params["id"])
        upload = self._world.uploads.append(_who(caller), upload_id, int(index), form.get("media", b""))
        return 200, {"data": {"expires_at": int(upload.expires_at.timestamp())}}

    async def finalize(self, request: Request, caller: Caller) -> tuple[int, Any]:
        """A JSON body, at least {}: without one X refuses (seen by a public client, 2026-07)."""
        await object_of(request)
        upload = self._world.uploads.finish(_who(caller), id_of("id", request.path_params["id"]))
        return 200, {"data": self._world.uploads.to_json(upload)}

    async def status(self, request: Request, caller: Caller) -> tuple[int, Any]:
        """?command=STATUS&media_id=…"""
        if request.query_params.get("command", "STATUS") != "STATUS":
            raise Invalid("The `command` query parameter value is not one of [STATUS]")
        uploads = self._world.uploads
        upload = uploads.of(_who(caller), id_of("media_id", request.query_params.get("media_id", "")))
        return 200, {"data": uploads.to_json(upload)}

    async def at_once(self, request: Request, caller: Caller) -> tuple[int, Any]:
        """A picture in one request: media, media_category (tweet_image), media_type?; films need the long way."""
        form = await _form(request)
        content, category = form.get("media", b""), form.get("media_category", b"").decode("ascii", "replace")
        if category != "tweet_image":
            raise Invalid("$.media_category: does not have a value in the enumeration [tweet_image]")
        media_type = form.get("media_type", b"").decode("ascii", "replace") or _guessed(content)
        uploads, owner = self._world.uploads, _who(caller)
        upload = uploads.begin(owner, media_type, len(content), category)
        uploads.append(owner, upload.id, 0, content)
        return 200, {"data": uploads.to_json(uploads.finish(owner, upload.id))}


def _who(caller: Caller) -> Account:
    assert caller.account is not None, "the gate lets users only come here"
    return caller.account


def _guessed(content: bytes) -> str:
    known = {b"\xff\xd8\xff": "image/jpeg", b"\x89PNG": "image/png", b"RIFF": "image/webp"}
    return next((name for start, name in known.items() if content.startswith(start)), "")


async def _form(request: Request) -> dict[str, bytes]:
    """The parts of a multipart body by name. Raises Invalid for anything else."""
    kind = request.headers.get("content-type", "")
    body = await request.body()
    if not kind.startswith("multipart/form-data") or len(body) > SEGMENT_BYTES_MAX + 100_000:
        raise Invalid("The request must be multipart/form-data, with at most 5 MB of media.")
    message = BytesParser().parsebytes(b"Content-Type: " + kind.encode("latin-1") + b"\r\n\r\n" + body)
    parts: dict[str, bytes] = {}
    for part in message.walk():
        if not part.is_multipart():
            content = part.get_payload(decode=True)
            name = str(part.get_param("name", "", header="content-disposition"))
            parts[name] = content if isinstance(content, bytes) else b""
    return parts
