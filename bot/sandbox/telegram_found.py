"""What Telegram finds in a text by itself and makes tappable: commands, names, hashtags, addresses.

It does so in everybody's texts, the bot's own too, except inside code and links: a customer's "/resolve" on a card is
one tap away from being sent. A word joiner (U+2060) behind the sign prevents it. Simpler than TDLib's rules.
Source: core.telegram.org/bots/api#messageentity and TDLib's MessageEntity.cpp, checked 2026-11.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from bot.sandbox.telegram_limits import utf16_length

_OPAQUE = frozenset({"code", "pre", "text_link", "text_mention", "url", "mention", "bot_command", "hashtag", "email"})
_DOMAIN = r"(?:[\w-]{1,63}\.)+(?:com|it|org|net|eu|me|io|app|dev|info|gov|uk|de|fr|es)"
_KINDS = (
    ("url", re.compile(rf"(?<![\w@./-])(?:https?://[^\s<>\"»]+|{_DOMAIN}(?:[/?#][^\s<>\"»]*)?)(?<![.,;:!?)\]])", re.I)),
    ("email", re.compile(rf"(?<![\w@.+-])[\w.+-]{{1,64}}@{_DOMAIN}(?!\w)", re.I)),
    ("bot_command", re.compile(r"(?<![\w/<>])/[A-Za-z0-9_]{1,32}(?:@\w{3,32})?(?![\w/])")),
    ("mention", re.compile(r"(?<![\w@])@[A-Za-z]\w{2,31}(?!\w)", re.ASCII)),
    ("hashtag", re.compile(r"(?<![\w#])#(?=\w*[^\W\d])\w{1,256}")),
)


def found_entities(text: str, given: Iterable[dict[str, Any]] = ()) -> list[dict[str, Any]]:
    """The entities in a text beside those given, in order; none where one that hides its text stands already."""
    opaque = [(each["offset"], each["offset"] + each["length"]) for each in given if each["type"] in _OPAQUE]
    return [{"type": kind, "offset": start, "length": end - start} for kind, start, end in _found(text, tuple(opaque))]


@lru_cache(maxsize=4096)
def _found(text: str, opaque: tuple[tuple[int, int], ...]) -> tuple[tuple[str, int, int], ...]:
    """Kind, start and end of what is found outside the opaque stretches; the page asks for the same texts often."""
    taken, found = list(opaque), []
    for kind, pattern in _KINDS:
        for match in pattern.finditer(text):
            start = utf16_length(text[: match.start()])
            end = start + utf16_length(match.group())
            if all(end <= begun or ended <= start for begun, ended in taken):
                taken.append((start, end))
                found.append((kind, start, end))
    return tuple(sorted(found, key=lambda each: each[1]))
