"""The bars of a rota picture: a person's colour and pattern with smooth round corners, and the red hatch of a gap."""

from functools import lru_cache

from PIL import Image, ImageDraw

from bot.rota_picture.looks import GAP, WHITE, Colour, Look, Pattern, ink_on, mixed

RADIUS = 11
# Drawn so many times larger and then made smaller, for Pillow draws edges without smoothing.
_SCALE = 3
_HATCH = 15
# How much of the colours is left of what is past.
PAST = 0.30

Ends = tuple[bool, bool]
"""Whether the left and the right end are round; a bar that goes on in the next week ends straight."""


@lru_cache(maxsize=400)
def bar(width: int, height: int, look: Look, ends: Ends) -> Image.Image:
    """One bar of a person, with transparent corners."""
    big = Image.new("RGB", (width * _SCALE, height * _SCALE), look.fill)
    _pattern(ImageDraw.Draw(big), big.size, look)
    return _rounded(big, ends, edge=mixed(look.fill, (0, 0, 0), 0.72))


@lru_cache(maxsize=200)
def gap(width: int, height: int, ends: Ends) -> Image.Image:
    """One bar of nobody: white with a red hatch and a red edge."""
    big = Image.new("RGB", (width * _SCALE, height * _SCALE), WHITE)
    _stripes(ImageDraw.Draw(big), big.size, GAP, _HATCH, 5)
    return _rounded(big, ends, edge=GAP, edge_width=4)


def faded(image: Image.Image) -> Image.Image:
    """The same, as what is past is shown."""
    pale = Image.blend(Image.new("RGB", image.size, WHITE), image.convert("RGB"), PAST)
    pale.putalpha(image.getchannel("A"))
    return pale


def _pattern(draw: ImageDraw.ImageDraw, size: tuple[int, int], look: Look) -> None:
    mark = mixed(ink_on(look.fill), look.fill, 0.55)
    match look.pattern:
        case Pattern.PLAIN:
            pass
        case Pattern.STRIPES:
            _stripes(draw, size, mark, 17, 4)
        case Pattern.LINES:
            for y in range(5 * _SCALE, size[1], 11 * _SCALE):
                draw.rectangle((0, y, size[0], y + 3 * _SCALE), fill=mark)
        case Pattern.DOTS:
            step, r = 13 * _SCALE, int(2.6 * _SCALE)
            for row, y in enumerate(range(step // 2, size[1], step)):
                for x in range(step // 2 + (row % 2) * step // 2, size[0], step):
                    draw.ellipse((x - r, y - r, x + r, y + r), fill=mark)


def _stripes(draw: ImageDraw.ImageDraw, size: tuple[int, int], colour: Colour, every: int, wide: int) -> None:
    width, height = size
    for x in range(-height, width, every * _SCALE):
        draw.line((x, height, x + height, 0), fill=colour, width=wide * _SCALE)


def _rounded(big: Image.Image, ends: Ends, *, edge: Colour, edge_width: int = 2) -> Image.Image:
    width, height = big.size
    shape = (0, 0, width - 1, height - 1)
    radius = min(RADIUS * _SCALE, width // 2, height // 2) if any(ends) else 0
    corners = (ends[0], ends[1], ends[1], ends[0])
    mask = Image.new("L", big.size, 0)
    ImageDraw.Draw(mask).rounded_rectangle(shape, radius, fill=255, corners=corners)
    ImageDraw.Draw(big).rounded_rectangle(shape, radius, outline=edge, width=edge_width * _SCALE, corners=corners)
    small = big.resize((width // _SCALE, height // _SCALE), Image.Resampling.BOX)
    small.putalpha(mask.resize(small.size, Image.Resampling.BOX))
    return small
