"""Writing on a picture: the two fonts, what fits, and what to write when a name has letters that the fonts lack.

DejaVu Sans Condensed comes with us, as it was released (fonts/LICENSE), so that a rota looks the same on every machine.
It has Latin, Greek, Cyrillic, Arabic and Hebrew letters, but no Chinese ones: a box would say nothing, so what cannot
be written whole is not written at all, and the next best words are (a signature, at last the id).
"""

import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont, features

from bot.rota_picture.looks import Colour
from bot.rota_picture.sheet import Box

FONTS = Path(__file__).parent / "fonts"
REGULAR, BOLD = "DejaVuSansCondensed.ttf", "DejaVuSansCondensed-Bold.ttf"
ELLIPSIS = "…"
# A letter that no font has: what is drawn like it is not there.
_ABSENT = "\U0010fffe"
# Written from right to left, or upon the letter before: this needs the shaping engine, which not every Pillow has.
_SHAPED = frozenset({"R", "AL", "AN", "NSM"})


@lru_cache(maxsize=64)
def font(name: str, size: int, *, shaped: bool = False) -> ImageFont.FreeTypeFont:
    """One of our fonts in pixels."""
    layout = ImageFont.Layout.RAQM if shaped else ImageFont.Layout.BASIC
    return ImageFont.truetype(FONTS / name, size, layout_engine=layout)


@lru_cache(maxsize=2000)
def can_write(text: str) -> bool:
    """Whether every letter of `text` can be drawn here, and in the right order."""
    if any(_needs_shaping(letter) for letter in text) and not features.check("raqm"):
        return False
    return bool(text) and all(letter == " " or _has(letter) for letter in text)


def first_writable(texts: Iterable[str]) -> str:
    """The first of `texts`, in their order, that can be written; "" when none can."""
    return next((plain for text in texts if can_write(plain := cleaned(text))), "")


def font_for(text: str, name: str, size: int) -> ImageFont.FreeTypeFont:
    """The font to measure and draw `text` with."""
    return font(name, size, shaped=any(_needs_shaping(letter) for letter in text) and features.check("raqm"))


def width(text: str, name: str, size: int) -> int:
    """How wide `text` is, in pixels."""
    return round(font_for(text, name, size).getlength(text))


def cut(text: str, name: str, size: int, room: int) -> str:
    """The text, with an ellipsis where it is wider than `room` pixels; "" when nothing of it fits."""
    if width(text, name, size) <= room:
        return text
    for length in range(len(text) - 1, 0, -1):
        shorter = text[:length].rstrip() + ELLIPSIS
        if width(shorter, name, size) <= room:
            return shorter
    return ""


def fitted(text: str, name: str, sizes: Sequence[int], room: int) -> tuple[int, str]:
    """The first of `sizes` in which the text is no wider than `room`; in the last one it is cut if it must be."""
    for size in sizes:
        if width(text, name, size) <= room:
            return size, text
    return sizes[-1], cut(text, name, sizes[-1], room)


def write(image: Image.Image, at: tuple[int, int], text: str, name: str, size: int, ink: Colour, anchor: str) -> None:
    """Write on an image; anchor: Pillow's two letters for where `at` is in the text."""
    ImageDraw.Draw(image).text(at, text, fill=ink, font=font_for(text, name, size), anchor=anchor)


def centred(image: Image.Image, box: Box, text: str, size: int, ink: Colour, ground: Colour, halo: int = 0) -> None:
    """Bold text in the middle of a box; halo: so many pixels of the ground around each letter, over a pattern."""
    middle = ((box.left + box.right) / 2, (box.top + box.bottom) / 2)
    face = font_for(text, BOLD, size)
    ImageDraw.Draw(image).text(middle, text, ink, face, "mm", stroke_width=halo, stroke_fill=ground)


def cleaned(text: str) -> str:
    """The text in composed letters, one line, without what cannot be seen."""
    composed = unicodedata.normalize("NFC", " ".join(text.split()))
    return "".join(letter for letter in composed if unicodedata.category(letter) not in ("Cc", "Cf"))


def _needs_shaping(letter: str) -> bool:
    return unicodedata.bidirectional(letter) in _SHAPED


@lru_cache(maxsize=5000)
def _has(letter: str) -> bool:
    """Pillow does not tell which letters a font has: those it lacks are all drawn alike."""
    return all(_drawn(name, letter) != _drawn(name, _ABSENT) for name in (REGULAR, BOLD))


@lru_cache(maxsize=5000)
def _drawn(name: str, letter: str) -> tuple[tuple[int, int], bytes]:
    mask = font(name, 24).getmask(letter)
    return mask.size, bytes(mask)
