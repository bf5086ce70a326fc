"""Uploads of pictures and films to the stand-in X: announced, sent in pieces, finished, and then usable in a post.

Bytes are counted and looked at for their first few, never kept. As docs.x.com describes media upload v2 (2026-08):
initialize → append, one segment at a time → finalize → for films and animated pictures, wait for the processing.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal

from bot.sandbox.x_posts import Account, Media, MediaKind
from bot.sandbox.x_refusals import BAD_MEDIA, Invalid

EXPIRES_AFTER = timedelta(hours=24)
SEGMENT_BYTES_MAX = 5_000_000
SEGMENT_INDEX_MAX = 999
UPLOADS_MAX = 500
PHOTOS_MAX = 4
CATEGORIES: dict[str, tuple[MediaKind, int]] = {
    "tweet_image": ("photo", 5_000_000),
    "tweet_gif": ("animated_gif", 15_000_000),
    "tweet_video": ("video", 512_000_000),
    "amplify_video": ("video", 512_000_000),
}
_TYPES = {
    "image/jpeg": b"\xff\xd8\xff",
    "image/pjpeg": b"\xff\xd8\xff",
    "image/png": b"\x89PNG\r\n\x1a\n",
    "image/webp": b"RIFF",
    "image/bmp": b"BM",
    "image/tiff": b"",
    "image/gif": b"GIF8",
    "video/mp4": b"",
    "video/quicktime": b"",
    "video/webm": b"\x1a\x45\xdf\xa3",
}


@dataclass(slots=True)
class Upload:
    """One file on its way. segments: bytes by index; finished_at: when finalize was asked, None before."""

    id: int
    owners: frozenset[int]
    media_type: str
    kind: MediaKind
    total_bytes: int
    expires_at: datetime
    segments: dict[int, int] = field(default_factory=dict)
    begins_with: bytes = b""
    finished_at: datetime | None = None
    alt_text: str = ""

    @property
    def media(self) -> Media:
        return Media(self.id, self.kind, self.alt_text)


class Uploads:
    """All files on their way. processing_s: how long films are worked on; processing_fails: and then not taken."""

    def __init__(self, now: Callable[[], datetime], next_id: Callable[[], int]) -> None:
        self._now = now
        self._next_id = next_id
        self._uploads: dict[int, Upload] = {}
        self.processing_s = 5.0
        self.processing_fails = False

    def begin(
        self, owner: Account, media_type: str, total_bytes: int, category: str = "", others: Iterable[int] = ()
    ) -> Upload:
        """Announce a file. Raises Invalid."""
        if media_type not in _TYPES:
            raise Invalid(f"$.media_type: does not have a value in the enumeration [{', '.join(_TYPES)}]")
        category = category or _usual_category(media_type)
        if category not in CATEGORIES:
            raise Invalid(f"$.media_category: does not have a value in the enumeration [{', '.join(CATEGORIES)}]")
        kind, most = CATEGORIES[category]
        if _usual_category(media_type) != category.replace("amplify", "tweet"):
            raise Invalid(f"The media type {media_type} does not go with the media category {category}.")
        if not 1 <= total_bytes <= most:
            raise Invalid(f"File size exceeds {most} bytes.")
        upload = Upload(
            self._next_id(),
            frozenset({owner.id, *others}),
            media_type,
            kind,
            total_bytes,
            self._now() + EXPIRES_AFTER,
        )
        self._uploads[upload.id] = upload
        while len(self._uploads) > UPLOADS_MAX:
            del self._uploads[next(iter(self._uploads))]
        return upload

    def append(self, owner: Account, upload_id: int, index: int, content: bytes) -> Upload:
        """Take one segment; the same index again replaces it. Raises Invalid."""
        upload = self.of(owner, upload_id)
        if not 0 <= index <= SEGMENT_INDEX_MAX:
            raise Invalid("SegmentIndex must be between 0 and 999.")
        if not content:
            raise Invalid("$.media: is required and must not be empty")
        if len(content) > SEGMENT_BYTES_MAX:
            raise Invalid(f"A segment may have at most {SEGMENT_BYTES_MAX} bytes.")
        if upload.finished_at is not None:
            raise Invalid("The upload is finished already.")
        upload.segments[index] = len(content)
        if index == 0:
            upload.begins_with = content[:12]
        return upload

    def finish(self, owner: Account, upload_id: int) -> Upload:
        """All segments are there. Raises Invalid when they are not, or are not what was announced."""
        upload = self.of(owner, upload_id)
        if sorted(upload.segments) != list(range(len(upload.segments))) or (
            sum(upload.segments.values()) != upload.total_bytes
        ):
            raise Invalid("Segments do not add up to provided total file size.")
        if not upload.begins_with.startswith(_TYPES[upload.media_type]):
            raise Invalid("media type unrecognized")
        if upload.finished_at is None:
            upload.finished_at = self._now()
        return upload

    def of(self, owner: Account, upload_id: int) -> Upload:
        """The upload of that id, its owner's. Raises Invalid also once it has expired."""
        upload = self._uploads.get(upload_id)
        if upload is None or owner.id not in upload.owners or self._now() >= upload.expires_at:
            raise Invalid(BAD_MEDIA, {"media_id": [upload_id]})
        return upload

    def state(self, upload: Upload) -> Literal["pending", "in_progress", "succeeded", "failed"]:
        if upload.finished_at is None:
            return "pending"
        if upload.kind == "photo":
            return "succeeded"
        if self._now() < upload.finished_at + timedelta(seconds=self.processing_s):
            return "in_progress"
        return "failed" if self.processing_fails else "succeeded"

    def to_json(self, upload: Upload) -> dict[str, Any]:
        """As X tells of an upload; with `processing_info` for what it has to work on."""
        left = upload.expires_at - self._now()
        told: dict[str, Any] = {
            "id": str(upload.id),
            "media_key": upload.media.key,
            "expires_after_secs": max(0, int(left.total_seconds())),
        }
        if upload.segments:
            told["size"] = sum(upload.segments.values())
        if upload.finished_at is not None and upload.kind != "photo":
            told["processing_info"] = self._processing(upload, upload.finished_at)
        return told

    def _processing(self, upload: Upload, finished_at: datetime) -> dict[str, Any]:
        state = self.state(upload)
        if state != "in_progress":
            return {"state": state, "progress_percent": 100}
        gone_s = (self._now() - finished_at).total_seconds()
        return {
            "state": "in_progress" if gone_s > 0 else "pending",
            "check_after_secs": max(1, round(self.processing_s - gone_s)),
            "progress_percent": int(100 * gone_s / self.processing_s),
        }

    def attach(self, owner: Account, ids: list[int]) -> tuple[Media, ...]:
        """What a post may hang these ids on: up to four pictures, or one film. Raises Invalid."""
        try:
            uploads = [self.of(owner, media_id) for media_id in ids]
        except Invalid:
            uploads = []
        ready = uploads and all(self.state(upload) == "succeeded" for upload in uploads)
        alone = len(uploads) == 1 or all(upload.kind == "photo" for upload in uploads)
        if not ready or not alone or len(uploads) > PHOTOS_MAX or len(set(ids)) < len(ids):
            raise Invalid(BAD_MEDIA, {"media.media_ids": ids})
        return tuple(upload.media for upload in uploads)


def _usual_category(media_type: str) -> str:
    if media_type == "image/gif":
        return "tweet_gif"
    return "tweet_video" if media_type.startswith("video/") else "tweet_image"
