"""The legend of a rota picture: whose colour is whose, and what grey, red and tinted places mean."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PIL import Image

from bot.rota_picture import bars, letters
from bot.rota_picture.letters import BOLD, REGULAR
from bot.rota_picture.looks import HOLIDAY, INK, LINE, OFFICE, Look
from bot.rota_picture.names import Names
from bot.rota_picture.sheet import MARGIN, WIDTH, Box
from bot.wording import rotas as say
from bot.wording.words import Words
from schedules.rota import Plan
from schedules.weeks import Cover, Week, shown_people

ROW = 54
_SAMPLE = (66, 40)
_TEXT_SIZE = 29
_BESIDE = _SAMPLE[0] + 14


@dataclass(slots=True)
class Entry:
    """A sample and what it means, at `left` of its row, `width` wide."""

    sample: Image.Image
    text: str
    left: int = 0
    width: int = 0

    def paint(self, image: Image.Image, top: int) -> None:
        image.paste(self.sample, (self.left, top + (_SAMPLE[1] - self.sample.height) // 2), self.sample)
        text = letters.cut(self.text, REGULAR, _TEXT_SIZE, self.width - _BESIDE)
        at = (self.left + _BESIDE, top + _SAMPLE[1] // 2)
        letters.write(image, at, text, REGULAR, _TEXT_SIZE, INK, "lm")


def legend(weeks: Sequence[Week], plan: Plan, worn: Mapping[str, Look], words: Words) -> list[list[Entry]]:
    """The rows of the legend: only what stands on the sheet is explained. worn: everybody's look."""
    names, shown = Names(plan), shown_people(weeks)
    people = [Entry(_sample(worn[one], names.initials(one)), names.full(one)) for one in plan.people if one in shown]
    covers = {each.cover for week in weeks for row in week.covers.values() for each in row}
    signs = []
    if Cover.GAP in covers:
        signs.append(Entry(bars.gap(*_SAMPLE, (True, True)), say.gap_meaning(words)))
    if Cover.OFFICE in covers:
        signs.append(Entry(Image.new("RGBA", (_SAMPLE[0], 30), (*OFFICE, 255)), say.office(words)))
    if Cover.NOBODY in covers:
        signs.append(Entry(Image.new("RGBA", (_SAMPLE[0], 4), (*LINE, 255)), say.unpaged(words)))
    if any(day.is_holiday for week in weeks for day in week.days):
        signs.append(Entry(Image.new("RGBA", _SAMPLE, (*HOLIDAY, 255)), say.holiday(words)))
    return _in_rows(people) + _in_rows(signs)


def _sample(look: Look, initials: str) -> Image.Image:
    sprite = bars.bar(*_SAMPLE, look, (True, True)).copy()
    size, initials = letters.fitted(initials, BOLD, (26, 22, 18, 14), _SAMPLE[0] - 8)
    letters.centred(sprite, Box(0, 0, *_SAMPLE), initials, size, look.ink, look.fill, halo=3)
    return sprite


def _in_rows(entries: Sequence[Entry]) -> list[list[Entry]]:
    """The entries in three columns, or in two where three would cut many of them."""
    room = WIDTH - 2 * MARGIN
    cut = sum(letters.width(entry.text, REGULAR, _TEXT_SIZE) + _BESIDE + 24 > room // 3 for entry in entries)
    columns = 3 if cut * 5 <= len(entries) else 2
    for place, entry in enumerate(entries):
        entry.left = MARGIN + place % columns * (room // columns)
        entry.width = room // columns - 10
    return [list(entries[place : place + columns]) for place in range(0, len(entries), columns)]
