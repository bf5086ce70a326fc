"""Which colour and pattern stands for whom, on the phone and in the terminal alike.

The colours are Okabe and Ito's, told apart also by those who see no red or no green; their vermilion is left out, for
red means a gap, and indigo is put in. When the colours are used up they come again with a pattern; and initials stand
on every bar that has room for them, so that nothing hangs on colour alone.
"""

from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache

from schedules.rota import Plan
from schedules.weeks import seated_first

Colour = tuple[int, int, int]

WHITE: Colour = (255, 255, 255)
INK: Colour = (24, 26, 31)
GAP: Colour = (196, 17, 33)
SOFT: Colour = (92, 98, 110)  # 6:1 on white: still read in the sun
LINE: Colour = (205, 210, 217)
OFFICE: Colour = (232, 236, 240)
WEEKEND: Colour = (247, 245, 240)
HOLIDAY: Colour = (241, 228, 248)
HOLIDAY_INK: Colour = (122, 31, 143)

COLOURS: tuple[Colour, ...] = (
    (0, 114, 178),  # blue
    (230, 159, 0),  # orange
    (0, 158, 115),  # bluish green
    (204, 121, 167),  # reddish purple
    (86, 180, 233),  # sky blue
    (240, 228, 66),  # yellow
    (51, 34, 136),  # indigo
)


class Pattern(IntEnum):
    PLAIN = 0
    STRIPES = 1
    DOTS = 2
    LINES = 3


@dataclass(frozen=True, slots=True)
class Look:
    """How one person's bars look."""

    fill: Colour
    pattern: Pattern = Pattern.PLAIN

    @property
    def ink(self) -> Colour:
        """Black or white, whichever is read better on the fill."""
        return ink_on(self.fill)


def looks(plan: Plan) -> dict[str, Look]:
    """Everybody's look, the same in every picture and table of this plan."""
    return {
        person: Look(COLOURS[place % len(COLOURS)], Pattern(place // len(COLOURS) % len(Pattern)))
        for place, person in enumerate(seated_first(plan))
    }


@lru_cache(maxsize=100)
def ink_on(fill: Colour) -> Colour:
    """The darker or lighter writing colour, by the contrast it has on `fill` (WCAG 2.2)."""
    light = _luminance(fill)
    return INK if (light + 0.05) / (_luminance(INK) + 0.05) >= 1.05 / (light + 0.05) else WHITE


def mixed(one: Colour, other: Colour, share: float) -> Colour:
    """`share` (0 to 1) of `one`, the rest of `other`."""
    red, green, blue = (round(a * share + b * (1 - share)) for a, b in zip(one, other, strict=True))
    return red, green, blue


def _luminance(colour: Colour) -> float:
    """Relative luminance, 0 to 1. Source: WCAG 2.2, "relative luminance", checked 2026-11."""
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in (c / 255 for c in colour)
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
