"""What triage reads: a mention's words in one plain spelling, so that a rule needs one form of each word.

Capitals, accents, handles, links, emoji and invisible characters say nothing about urgency and go. The result is at
most TEXT_LENGTH_MAX characters, which bounds everything that comes after.
"""

import re
import unicodedata
from collections.abc import Callable

# A long post may have 25,000 characters (X docs, checked 2026-11). People say what is wrong at the beginning or at
# the very end, so those are kept; reading all of it would let one post cost as much as fifty.
TEXT_LENGTH_MAX = 2_000
_HEAD_LENGTH = 1_600
_TAIL_LENGTH = 400

_LINK = re.compile(r"\b(?:https?://|www\.|t\.co/)\S{1,400}", re.IGNORECASE)
_HANDLE = re.compile(r"(?<![\w@])[@＠]\w{1,50}")
_NOT_PLAIN = re.compile(r"[^a-z0-9.,;:!?%+ ]+")
_DRAWN_OUT = re.compile(r"([a-z])\1{2,}")
_SPACES = re.compile(r" {2,}")


class _Without(dict[int, int | None]):
    """For str.translate: takes out the characters that `goes` says so of, each asked once (within bounds)."""

    def __init__(self, goes: Callable[[str], bool]) -> None:
        super().__init__()
        self._goes = goes

    def __missing__(self, code: int) -> int | None:
        kept = None if self._goes(chr(code)) else code
        if len(self) < _REMEMBERED_MAX:
            self[code] = kept
        return kept


_REMEMBERED_MAX = 2_000
_INVISIBLE = _Without(lambda c: unicodedata.category(c) in ("Cf", "Mn"))
_COMBINING = _Without(lambda c: unicodedata.combining(c) != 0)
_OUTAGE_EMOJI = frozenset("📵📶❌🚫🔌")


def cut(text: str) -> str:
    """The beginning and the end of a text that is longer than TEXT_LENGTH_MAX, otherwise the text."""
    if len(text) <= TEXT_LENGTH_MAX:
        return text
    return text[:_HEAD_LENGTH] + " " + text[-(_TAIL_LENGTH - 1) :]


def plain(text: str) -> str:
    """Lower-case ASCII words and . , ; : ! ? % + with single spaces; "" when nothing is left.

    Apostrophes, hyphens and hashes become spaces ("l'ambulanza" reads "l ambulanza", "can't" reads "can t"),
    letters drawn out three times or more become one ("aiutooo" reads "aiuto").
    """
    text = cut(text).translate(_INVISIBLE)
    text = _HANDLE.sub(" ", _LINK.sub(" link ", text))
    # Upper before lower: a few letters have one capital but two small forms (ſ and s, ı and i).
    text = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).upper()).casefold()
    text = text.replace("€", " euro ").replace("$", " dollars ")
    text = text.translate(_COMBINING)
    text = _DRAWN_OUT.sub(r"\1", _NOT_PLAIN.sub(" ", text))
    return _SPACES.sub(" ", text).strip(" .,;:!?")[:TEXT_LENGTH_MAX]


def hints_at_outage(text: str) -> bool:
    """Whether the text, having no words, shows the signs people use for "no signal"."""
    return any(c in _OUTAGE_EMOJI for c in text[:TEXT_LENGTH_MAX])
