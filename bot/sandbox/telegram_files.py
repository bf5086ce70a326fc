"""The files of the stand-in Telegram: what was uploaded, under which ids, and how it may be fetched again.

A file_id serves for sending again and for getFile; a file_unique_id only says which file it is; a file_path from
getFile opens the download for an hour. Sizes and words: core.telegram.org/bots/api#sending-files, #getfile, and the Bot
API server's sources (github.com/tdlib); checked 2026-11.
"""

import re
import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.sandbox.telegram_limits import bad_request

UPLOAD_BYTES_MAX = 50 * 1024 * 1024  # of a whole request
PHOTO_BYTES_MAX = 10 * 1024 * 1024
DOWNLOAD_BYTES_MAX = 20 * 1024 * 1024
PHOTO_SIDES_MAX = 10_000  # width and height together, pixels
PHOTO_RATIO_MAX = 20
PATH_LIFE = timedelta(hours=1)  # "guaranteed to be valid for at least 1 hour"
KEPT_BYTES_MAX = 256 * 1024 * 1024
NAME_LENGTH_MAX = 60  # as Telegram cuts long names; an assumption
IMAGES = {"png": "image/png", "jpg": "image/jpeg", "gif": "image/gif", "webp": "image/webp"}

_FILE_ID = re.compile(r"[A-Za-z0-9_-]{20,}")
_KINDS = {"photo": "AgACAgQAAxkBAAI", "document": "BQACAgQAAxkBAAI"}


@dataclass(frozen=True, slots=True)
class StoredFile:
    """One file as it lies at Telegram. kind: photo or document. width, height: of a photo, pixels; 0 for others.

    thumbnail: the small version of a photo, which is the same picture here under an id of its own.
    """

    file_id: str
    unique_id: str
    kind: str
    name: str
    mime: str
    content: bytes
    width: int = 0
    height: int = 0

    @property
    def thumbnail_id(self) -> str:
        return self.file_id + "s"

    def as_message_part(self) -> Any:
        """What a Message has under `photo` (sizes, the biggest last) or `document`."""
        about: dict[str, Any] = {"file_unique_id": self.unique_id, "file_size": len(self.content)}
        if self.kind == "document":
            return {"file_id": self.file_id, "file_name": self.name, "mime_type": self.mime} | about
        shrunk = max(1, max(self.width, self.height) // 90)
        small = {
            "file_id": self.thumbnail_id,
            "file_unique_id": self.unique_id + "s",
            "file_size": len(self.content),
            "width": max(1, self.width // shrunk),
            "height": max(1, self.height // shrunk),
        }
        return [small, {"file_id": self.file_id, "width": self.width, "height": self.height} | about]

    def as_json(self) -> dict[str, Any]:
        """For the page with the phones; `url` serves the bytes on the control API."""
        return {
            "name": self.name,
            "mime": self.mime,
            "bytes": len(self.content),
            "width": self.width,
            "height": self.height,
            "url": f"/sandbox/telegram/files/{self.unique_id}",
        }


class Files:
    """Every file of one world. The oldest go when they weigh more than KEPT_BYTES_MAX together.

    now: the world's clock. upload_bytes_max: what one request may bring.
    """

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self.upload_bytes_max = UPLOAD_BYTES_MAX
        self._by_id: dict[str, StoredFile] = {}
        self._paths: dict[str, tuple[StoredFile, datetime]] = {}
        self._next = 1

    def keep(self, kind: str, name: str, content: bytes) -> StoredFile:
        """Store what was uploaded. Raises: ApiRefusal 400 when it is empty, or no photo that Telegram would take."""
        if not content:
            raise bad_request("file must be non-empty")
        extension, width, height = image_size(content) or ("", 0, 0)
        if kind == "photo":
            _check_photo(len(content), width, height)
        tail = f"{self._next:08d}"
        mime = IMAGES.get(extension) or _mime(name)
        width, height = (width, height) if kind == "photo" else (0, 0)
        kept = StoredFile(
            _KINDS[kind] + tail + "AAE", f"AQAD{tail}", kind, name[-NAME_LENGTH_MAX:], mime, content, width, height
        )
        self._next += 1
        self._by_id[kept.file_id] = kept
        while sum(len(file.content) for file in self._by_id.values()) > KEPT_BYTES_MAX and len(self._by_id) > 1:
            del self._by_id[next(iter(self._by_id))]
        return kept

    def again(self, file_id: str, kind: str) -> StoredFile:
        """The file of an id that is to be sent once more. Raises: ApiRefusal 400 when there is none of this kind."""
        if "." in file_id:  # Telegram fetches such an address; the stand-in has no world outside
            raise bad_request("failed to get HTTP URL content")
        if not _FILE_ID.fullmatch(file_id):
            raise bad_request("wrong remote file identifier specified: Wrong string length")
        file = self._find(file_id)
        if file is None:
            raise bad_request("wrong file identifier/HTTP URL specified")
        if file.kind != kind:
            raise bad_request(f"can't use file of type {file.kind.capitalize()} as {kind.capitalize()}")
        return file

    def path(self, file_id: str) -> dict[str, Any]:
        """getFile's answer, a File object. Raises: ApiRefusal 400 when there is none or it is too big to fetch."""
        if not file_id:
            raise bad_request("file_id not specified")
        if not _FILE_ID.fullmatch(file_id):
            raise bad_request("invalid file_id")
        file = self._find(file_id)
        if file is None:
            raise bad_request("wrong file_id or the file is temporarily unavailable")
        if len(file.content) > DOWNLOAD_BYTES_MAX:
            raise bad_request("file is too big")
        extension = next((end for end, mime in IMAGES.items() if mime == file.mime), "")
        suffix = file.name.rpartition(".")[2] if "." in file.name else extension
        path = f"{file.kind}s/file_{file.unique_id[4:].lstrip('0')}" + (f".{suffix}" if suffix else "")
        self._paths[path] = (file, self._now())
        return {
            "file_id": file_id,
            "file_unique_id": file.unique_id,
            "file_size": len(file.content),
            "file_path": path,
        }

    def download(self, path: str) -> StoredFile | None:
        """What lies under a path of getFile; None when there never was such a path, or not within the last hour."""
        file, since = self._paths.get(path, (None, self._now()))
        return file if self._now() - since < PATH_LIFE else None

    def by_unique_id(self, unique_id: str) -> StoredFile | None:
        """For the page; None when it is unknown, or gone."""
        return next((file for file in self._by_id.values() if file.unique_id == unique_id), None)

    def _find(self, file_id: str) -> StoredFile | None:
        return self._by_id.get(file_id) or self._by_id.get(file_id.removesuffix("s"))


def sample_photo(width: int = 90, height: int = 60) -> bytes:
    """A PNG of a quiet evening sky, for whoever sends a photo without having one."""
    rows = b"".join(
        b"\0" + bytes((40 + 150 * y // height, 60 + 70 * y // height, 120 - 20 * y // height)) * width
        for y in range(height)
    )
    parts = ((b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)), (b"IDAT", zlib.compress(rows)))
    chunks = (
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in (*parts, (b"IEND", b""))
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def image_size(content: bytes) -> tuple[str, int, int] | None:
    """The extension, width and height of a PNG, JPEG, GIF or WebP; None when it is none of them."""
    if content.startswith(b"\x89PNG\r\n\x1a\n") and len(content) >= 24:
        return "png", *struct.unpack(">II", content[16:24])
    if content[:6] in (b"GIF87a", b"GIF89a") and len(content) >= 10:
        return "gif", *struct.unpack("<HH", content[6:10])
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return _webp_size(content)
    if content.startswith(b"\xff\xd8"):
        return _jpeg_size(content)
    return None


def _webp_size(content: bytes) -> tuple[str, int, int] | None:
    if content[12:16] == b"VP8X" and len(content) >= 30:
        return "webp", 1 + int.from_bytes(content[24:27], "little"), 1 + int.from_bytes(content[27:30], "little")
    if content[12:16] == b"VP8L" and len(content) >= 25:
        bits = int.from_bytes(content[21:25], "little")
        return "webp", 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    if content[12:16] == b"VP8 " and len(content) >= 30:
        width, height = struct.unpack("<HH", content[26:30])
        return "webp", width & 0x3FFF, height & 0x3FFF
    return None


def _jpeg_size(content: bytes) -> tuple[str, int, int] | None:
    """Walks the segments to the frame header, which alone says the size."""
    at = 2
    while at + 9 <= len(content) and content[at] == 0xFF:
        marker, length = content[at + 1], int.from_bytes(content[at + 2 : at + 4], "big")
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", content[at + 5 : at + 9])
            return "jpg", width, height
        at += 2 + length
    return None


def _check_photo(size: int, width: int, height: int) -> None:
    if size > PHOTO_BYTES_MAX:
        raise bad_request(
            f"file of size {size} bytes is too big for a photo; the maximum size is {PHOTO_BYTES_MAX} bytes"
        )
    if not width or not height:
        raise bad_request("IMAGE_PROCESS_FAILED")
    if width + height > PHOTO_SIDES_MAX or max(width, height) > PHOTO_RATIO_MAX * min(width, height):
        raise bad_request("PHOTO_INVALID_DIMENSIONS")


def _mime(name: str) -> str:
    known = {"txt": "text/plain", "csv": "text/csv", "json": "application/json", "pdf": "application/pdf"}
    known |= {"zip": "application/zip", "log": "text/plain", "html": "text/html"}
    return known.get(name.rpartition(".")[2].lower(), "application/octet-stream")
