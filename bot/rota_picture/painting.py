"""Paints the sheet. Every text is measured before it is written: what does not fit is shortened, never cut off."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from io import BytesIO

from PIL import Image, ImageDraw

from bot.core.views import on_duty
from bot.rota_picture import bars, letters
from bot.rota_picture.legend import ROW, legend
from bot.rota_picture.letters import BOLD, REGULAR
from bot.rota_picture.looks import (
    GAP,
    HOLIDAY,
    HOLIDAY_INK,
    INK,
    LINE,
    OFFICE,
    SOFT,
    WEEKEND,
    WHITE,
    Colour,
    Look,
    ink_on,
    looks,
    mixed,
)
from bot.rota_picture.names import Names
from bot.rota_picture.sheet import (
    GUTTER_MAX,
    GUTTER_MIN,
    MARGIN,
    WEEK_HEAD,
    WIDTH,
    Block,
    Box,
    Piece,
    blocks,
    labelled,
)
from bot.wording import rotas as say
from bot.wording.words import Words
from schedules.rota import Plan
from schedules.weeks import Cover, Day, Week, now_and_next


@dataclass(frozen=True)
class Painting:
    """One picture: everything is as it is at `now`."""

    plan: Plan
    rotas: Sequence[str]
    now: datetime
    weeks: tuple[Week, ...]
    words: Words

    def png(self) -> bytes:
        """The picture; the same bytes for the same values."""
        out = BytesIO()
        self._painted().save(out, "PNG", compress_level=6)
        return out.getvalue()

    def _painted(self) -> Image.Image:
        top = self._head_height()
        week_blocks = blocks(self.weeks, self.rotas, top, self._gutter)
        explained = legend(self.weeks, self.plan, self._looks, self.words)
        legend_top = week_blocks[-1].bottom + 40
        small = self._small_print()
        height = legend_top + len(explained) * ROW + 24 + len(small) * 36 + MARGIN - 6
        image = Image.new("RGB", (WIDTH, height), WHITE)
        self._head(image)
        for block in week_blocks:
            self._block(image, block)
        for row, entries in enumerate(explained):
            for entry in entries:
                entry.paint(image, legend_top + row * ROW)
        for row, line in enumerate(small):
            y = legend_top + len(explained) * ROW + 24 + row * 36
            letters.write(image, (MARGIN, y), line, REGULAR, 26, SOFT, "la")
        return image

    # -- the head --

    def _head_height(self) -> int:
        return 128 + 52 * len(self.rotas) + 26

    def _head(self, image: Image.Image) -> None:
        first, last = self.weeks[0].days[0].date, self.weeks[-1].days[-1].date
        letters.write(image, (MARGIN, 26), say.title(self.words), BOLD, 30, SOFT, "la")
        letters.write(image, (MARGIN, 62), say.span(self.words, first, last), BOLD, 54, INK, "la")
        for row, rota in enumerate(self.rotas):
            y = 128 + 52 * row + 26
            self._rota_name(image, rota, y)
            x = MARGIN + self._gutter
            running, then = now_and_next(self.plan, rota, self.now)
            line = say.now_line(self.words, on_duty(rota, running, then, self._names.short))
            size, line = letters.fitted(line, REGULAR, (31, 28, 25), WIDTH - MARGIN - x)
            letters.write(image, (x, y), line, REGULAR, size, GAP if running.cover is Cover.GAP else INK, "lm")

    # -- names --

    @cached_property
    def _names(self) -> Names:
        return Names(self.plan)

    @cached_property
    def _looks(self) -> dict[str, Look]:
        return looks(self.plan)

    @cached_property
    def _gutter(self) -> int:
        widest = max(letters.width(letters.cleaned(rota), BOLD, 30) for rota in self.rotas)
        return min(max(widest + 18, GUTTER_MIN), GUTTER_MAX)

    def _rota_name(self, image: Image.Image, rota: str, y: int) -> None:
        size, name = letters.fitted(letters.first_writable((rota,)), BOLD, (30, 27, 24), self._gutter - 12)
        letters.write(image, (MARGIN, y), name, BOLD, size, INK, "lm")

    # -- a week --

    def _block(self, image: Image.Image, block: Block) -> None:
        draw = ImageDraw.Draw(image)
        for place, day in enumerate(block.week.days):
            left, right = block.column(place)
            tint = HOLIDAY if day.is_holiday else WEEKEND if place >= 5 else None
            if tint:
                draw.rectangle((left, block.top, right - 1, block.bottom + 8), fill=tint)
            self._day_head(image, day, left, right, block.top)
        self._month(image, block)
        for rota, lane in block.lanes.items():
            self._rota_name(image, rota, (lane.top + lane.bottom) // 2)
            pieces = list(block.pieces(rota))
            for piece in pieces:
                self._piece(image, block, piece)
            for piece in labelled(pieces):
                self._label(image, block, piece)
        self._now(image, block)

    def _day_head(self, image: Image.Image, day: Day, left: int, right: int, top: int) -> None:
        begins_month = day.date.day == 1
        name = say.month(self.words, day.date) if begins_month else say.weekday(self.words, day.date)
        number = f"{day.date.day}{'*' if day.hours != 24 else ''}"
        ink = HOLIDAY_INK if day.is_holiday else INK
        name_ink, name_font = (ink, BOLD) if begins_month or day.is_holiday else (SOFT, REGULAR)
        if day.is_today:
            ink = name_ink = WHITE
            box = (left + 3, top + 4, right - 4, top + WEEK_HEAD - 8)
            ImageDraw.Draw(image).rounded_rectangle(box, 12, fill=HOLIDAY_INK if day.is_holiday else INK)
        size, name = letters.fitted(name, name_font, (27, 24, 21), right - left - 14 - letters.width(number, BOLD, 34))
        widths = letters.width(name, name_font, size), letters.width(number, BOLD, 34)
        x = (left + right - sum(widths) - 8) // 2
        base = top + 38
        letters.write(image, (x, base), name, name_font, size, name_ink, "ls")
        letters.write(image, (x + widths[0] + 8, base), number, BOLD, 34, ink, "ls")

    def _month(self, image: Image.Image, block: Block) -> None:
        first = block.week.days[0].date
        letters.write(image, (MARGIN, block.top + 38), say.month(self.words, first), BOLD, 30, SOFT, "ls")

    def _piece(self, image: Image.Image, block: Block, piece: Piece) -> None:
        box = piece.box
        match piece.cover:
            case Cover.OFFICE | Cover.NOBODY:
                draw = ImageDraw.Draw(image)
                if piece.cover is Cover.OFFICE:
                    draw.rectangle((box.left, box.top + 10, box.right - 1, box.bottom - 11), fill=OFFICE)
                else:
                    y = (box.top + box.bottom) // 2
                    draw.line((box.left + 4, y, box.right - 5, y), fill=LINE, width=4)
                return
            case Cover.GAP:
                sprite = bars.gap(box.width, box.height, piece.ends)
            case Cover.ON:
                look = self._looks[piece.who] if piece.who else Look(SOFT)
                sprite = bars.bar(box.width, box.height, look, piece.ends)
        self._paste(image, block, piece, sprite)
        if piece.cover is Cover.GAP:
            self._gap_word(image, self._ahead(block, piece), past=piece.end <= self.now)
        elif piece.more:
            letters.centred(image, box, f"+{piece.more}", 28, WHITE, SOFT)

    def _paste(self, image: Image.Image, block: Block, piece: Piece, sprite: Image.Image) -> None:
        """Pale up to now, and in full from now on."""
        box = piece.box
        split = min(max(block.x(self.now), box.left), box.right) if self.now > block.week.start else box.left
        past = split - box.left if self.now < piece.end else box.width
        if past > 0:
            pale = bars.faded(sprite).crop((0, 0, past, box.height))
            image.paste(pale, (box.left, box.top), pale)
        if past < box.width:
            rest = sprite.crop((past, 0, box.width, box.height))
            image.paste(rest, (box.left + past, box.top), rest)

    def _gap_word(self, image: Image.Image, box: Box, *, past: bool) -> None:
        ink = mixed(GAP, WHITE, 0.55) if past else GAP
        word = say.gap(self.words)
        for text, size in ((word, 34), (word, 27), ("!", 34)):
            if letters.width(text, BOLD, size) + 24 <= box.width:
                letters.centred(image, box, text, size, ink, WHITE, halo=7)
                return

    def _label(self, image: Image.Image, block: Block, piece: Piece) -> None:
        """The name where it fits, else the initials, else nothing: the colour has to do."""
        box, look = self._ahead(block, piece), self._looks[piece.who]
        is_past = piece.end <= self.now or box.right < block.x(self.now)
        fill = mixed(look.fill, WHITE, bars.PAST) if is_past else look.fill
        ink = mixed(ink_on(fill), fill, 0.75) if is_past else look.ink
        name, initials = self._names.short(piece.who), self._names.initials(piece.who)
        sizes = (34, 29) if box.height >= 50 else (28, 25)
        for text, size, air in (
            (name, sizes[0], 16),
            (name, sizes[1], 12),
            (initials, sizes[0], 10),
            (initials, 24, 6),
        ):
            if letters.width(text, BOLD, size) <= box.width - air:
                letters.centred(image, box, text, size, ink, fill, halo=4)
                self._begins(image, block, piece, letters.width(text, BOLD, size), ink)
                return

    def _begins(self, image: Image.Image, block: Block, piece: Piece, named: int, ink: Colour) -> None:
        """The hour of the handoff, on a bar that begins at another one than midnight and has room beside the name."""
        size, box = 24, piece.box
        hour = self.words.hour(piece.start)
        room = (box.width - named) // 2 - letters.width(hour, REGULAR, size) - 20
        if room >= 0 and piece.ends[0] and piece.start > self.now and piece.start not in block.midnights:
            letters.write(image, (box.left + 10, (box.top + box.bottom) // 2), hour, REGULAR, size, ink, "lm")

    def _ahead(self, block: Block, piece: Piece) -> Box:
        """Where the words of a piece go: of the running one, upon what is ahead if there is room for initials."""
        box = piece.box
        if not (block.week.start <= self.now and piece.start < self.now < piece.end):
            return box
        at = block.x(self.now)
        ahead, behind = Box(at + 5, box.top, box.right, box.bottom), Box(box.left, box.top, at - 5, box.bottom)
        return ahead if ahead.width >= 70 else max(ahead, behind, key=lambda each: each.width)

    def _now(self, image: Image.Image, block: Block) -> None:
        if not block.week.start <= self.now < block.week.end:
            return
        x = block.x(self.now)
        draw = ImageDraw.Draw(image)
        top = block.top + WEEK_HEAD - 10
        draw.line((x, top, x, block.bottom + 6), fill=WHITE, width=9)
        draw.line((x, top, x, block.bottom + 6), fill=INK, width=5)
        draw.polygon(((x - 13, top - 2), (x + 13, top - 2), (x, top + 15)), fill=INK, outline=WHITE)

    # -- the small print --

    def _small_print(self) -> list[str]:
        odd = [day for week in self.weeks for day in week.days if day.hours != 24]
        lines = ["* " + say.odd_day(self.words, day.date, day.end - day.start) for day in odd]
        lines.append(say.made(self.words, self.plan.timezone, self.now))
        return [letters.cut(line, REGULAR, 26, WIDTH - 2 * MARGIN) for line in lines]
