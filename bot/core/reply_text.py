"""The words of a reply: how they are completed, counted and compared, and what a person should know before Send.

X counts in weights (most letters 1, emoji and ideographs 2, every link 23), so the length is never len(text).
"""

import html
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.core.masking import mask

LENGTH_MAX = 280  # weighted; X docs, "Counting characters", checked 2026-11
# The counter's pattern for links is super-linear (35 s for 4,096 hostile characters). Only very long links make a
# valid reply longer than this, and those are better not posted.
RAW_LENGTH_MAX = 600


class WarningCode(StrEnum):
    """What may be wrong with a reply; the first two forbid sending, the others ask for a second look."""

    EMPTY = "empty"
    TOO_LONG = "too_long"
    LINK = "link"
    PERSONAL_DATA = "personal_data"
    SAME_AS_BEFORE = "same_as_before"
    MENTIONS_SOMEBODY = "mentions_somebody"


@dataclass(frozen=True, slots=True)
class ReplyWarning:
    """One warning. detail: what it is about: the weighted length, the links, the kinds of data, the handles."""

    code: WarningCode
    detail: str = ""


def compose(typed: str, signature: str) -> str:
    """The text to be posted: what was typed, NFC, stripped, one space, ^GR; "" when nothing was typed.

    signature: with or without its caret. One that was typed already, in any case, is not doubled.
    """
    text = unicodedata.normalize("NFC", _SURROGATE.sub("\ufffd", typed)).strip()
    signature = unicodedata.normalize("NFC", signature.strip().lstrip("^"))
    ending = f"^{signature}".casefold()
    while text.casefold().endswith(ending):
        text = text[: len(text) - len(ending)].rstrip()
    return f"{text} ^{signature}" if text else ""


def weighted_length(text: str) -> int:
    """The length as X counts it; for a text over RAW_LENGTH_MAX its raw length, which is too long in any case."""
    if len(text) > RAW_LENGTH_MAX:
        return len(text)
    # Imported where it counts: it takes as long to come as the rest of the start, and the first reply is minutes away.
    from twitter_text import parse_tweet  # type: ignore[import-untyped]  # the package ships no types

    return int(parse_tweet(_SURROGATE.sub("\ufffd", text)).weightedLength)


def links_in(text: str) -> tuple[str, ...]:
    """What X will make a link of, also by a missing space ("signal.no"), in the first RAW_LENGTH_MAX characters."""
    from twitter_text import extract_urls_with_indices

    return tuple(
        str(link["url"]) for link in extract_urls_with_indices(_SURROGATE.sub("\ufffd", text[:RAW_LENGTH_MAX]))
    )


def warnings(text: str, *, earlier: Sequence[str] = ()) -> tuple[ReplyWarning, ...]:
    """What the preview says about a composed text, the gravest first; () when there is nothing to say.

    earlier: texts posted before; a repeat is a repeat also under another colleague's initials.
    """
    bare = _unsigned(normalise(text))
    if not bare:
        return (ReplyWarning(WarningCode.EMPTY),)
    found: list[ReplyWarning] = []
    if (length := weighted_length(text)) > LENGTH_MAX:
        found.append(ReplyWarning(WarningCode.TOO_LONG, str(length)))
    if links := links_in(text):
        found.append(ReplyWarning(WarningCode.LINK, ", ".join(links)))
    if kinds := mask(text).found:
        found.append(ReplyWarning(WarningCode.PERSONAL_DATA, ", ".join(kinds)))
    if any(_unsigned(normalise(other)).casefold() == bare.casefold() for other in earlier):
        found.append(ReplyWarning(WarningCode.SAME_AS_BEFORE))
    if handles := _HANDLE.findall(text):
        found.append(ReplyWarning(WarningCode.MENTIONS_SOMEBODY, ", ".join(dict.fromkeys(handles))))
    return tuple(found)


def normalise(text: str, links: Sequence[str] = ()) -> str:
    """The text as it can be compared with what X gives back.

    HTML entities undone, leading @mentions gone, the n-th t.co link replaced by links[n] (the expanded addresses in
    the order of the text), links without their scheme and final slash, NFC, white space collapsed.
    Source: RELIABILITY.md, "A reply to X".
    """
    text = html.unescape(_SURROGATE.sub("\ufffd", text))
    addresses = iter(links)
    text = _T_CO.sub(lambda short: next(addresses, short[0]), text)
    # X adds "http://" to a bare address when it expands it; the person typed none.
    text = _SCHEME.sub("", text)
    text = " ".join(word.rstrip("/") or word for word in unicodedata.normalize("NFC", text).split())
    return _LEADING_MENTIONS.sub("", text).strip()


def same_text(ours: str, theirs: str, *, links: Sequence[str] = ()) -> bool:
    """Whether a text read back from X is the one we sent. links: the expanded addresses of the one read back."""
    return normalise(ours) == normalise(theirs, links)


_SURROGATE = re.compile("[\ud800-\udfff]")
_T_CO = re.compile(r"https?://t\.co/\w{1,30}")
_SCHEME = re.compile(r"\bhttps?://", re.IGNORECASE)
_LEADING_MENTIONS = re.compile(r"^(?:@\w{1,50}\s+)*(?:@\w{1,50}$)?")
_HANDLE = re.compile(r"(?<![\w.@/])[@＠]\w{1,50}")
_SIGNATURE = re.compile(r"(?:^|\s)\^\w{1,4}$")


def _unsigned(text: str) -> str:
    return _SIGNATURE.sub("", text).strip()
