"""What reading HTML and MarkdownV2 have in common: the text that comes out, its entities, and how a refusal begins.

The rules and the words of refusal follow TDLib (github.com/tdlib/td, MessageEntity.cpp, parse_html and
parse_markdown_v2; checked 2026-11). Places in the words count bytes of UTF-8, as there.
"""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from bot.sandbox.telegram_limits import bad_request, utf16_length

Entities = list[dict[str, Any]]


@dataclass(slots=True)
class Open:
    """An entity that has begun. at: its place in the source; start: in the text that came out, as UTF-16."""

    kind: str
    at: int
    start: int
    text_at: int
    argument: str = ""
    tag: str = ""


class Out:
    """The text without its markup, with its entities."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.parts: list[str] = []
        self.length = 0
        self.entities: Entities = []
        self.open: list[Open] = []

    def add(self, text: str) -> None:
        self.parts.append(text)
        self.length += utf16_length(text)

    def begin(self, kind: str, at: int, argument: str = "", tag: str = "") -> None:
        self.open.append(Open(kind, at, self.length, len(self.parts), argument, tag))

    def end(self, opened: Open, **more: Any) -> None:
        if self.length > opened.start:
            entity = {"type": opened.kind, "offset": opened.start, "length": self.length - opened.start}
            self.entities.append(entity | more)

    def byte(self, at: int) -> int:
        return len(self.source[:at].encode())

    def done(self) -> tuple[str, Entities]:
        for entity in self.entities:
            if entity["type"] == "code":
                entity.pop("language", None)  # only a whole block has one
        outer_first = self.entities[::-1]
        return "".join(self.parts), sorted(outer_first, key=lambda each: (each["offset"], -each["length"]))


def link(url: str) -> str:
    """The address as Telegram keeps it; "" when it is none, and the text stays plain."""
    whole = url if "://" in url or url.startswith(("tg:", "ton:")) else f"http://{url}"
    try:
        address = urlsplit(whole)
        host = address.hostname or ""
    except ValueError:
        return ""
    if address.scheme not in ("http", "https", "tg", "ton") or not host or " " in whole:
        return ""
    is_plain_host = address.scheme in ("tg", "ton") or "." in host
    return (whole if address.path or address.query else whole + "/") if is_plain_host else ""


def unreadable(why: str) -> Exception:
    return bad_request(f"can't parse entities: {why}")
