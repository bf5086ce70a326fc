"""The coming weeks of some rotas in a terminal: days as columns, a line a rota, bars true to time.

Nothing hangs on colour alone: initials stand on the bars, a gap is written in exclamation marks, and below every gap is
named with its hours, so that a pipe and a terminal without colours say as much.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from unicodedata import bidirectional
from zoneinfo import ZoneInfo

from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.style import Style
from rich.text import Text

from bot.core.views import on_duty
from bot.rota_picture.looks import Colour, Look, Pattern, looks
from bot.wording import rotas as say
from bot.wording.words import Words
from schedules.rota import Plan
from schedules.weeks import Cover, Stretch, Week, coming_weeks, gaps_ahead, now_and_next, shown_people

DAY_MIN, DAY_MAX = 3, 16
GUTTER_MAX = 12
GAPS_SHOWN = 10
# What a bar is filled with where no letters stand, so that two people of one colour differ here, too. On a coloured bar
# a plain one needs nothing.
_FILLS = {Pattern.PLAIN: "─", Pattern.STRIPES: "╱", Pattern.DOTS: "·", Pattern.LINES: "═"}
_GAP, _OFFICE, _NOBODY = "!", " ", "·"
_DIM = Style(dim=True)
_RED = Style(color="red", bold=True)


def print_weeks(plan: Plan, rotas: Sequence[str], now: datetime, weeks: int, language: str) -> None:
    """Print who is on now, this week and the following ones, what the signs mean, and every gap, in the plan's zone."""
    console = Console(highlight=False)
    words = Words(language, ZoneInfo(plan.timezone))
    _Table(console, plan, rotas, now, coming_weeks(plan, rotas, now, weeks), words).print()


@dataclass(slots=True)
class _Cell:
    """One character of a line, and its style."""

    letter: str
    style: Style


class _Table:
    def __init__(
        self, console: Console, plan: Plan, rotas: Sequence[str], now: datetime, weeks: tuple[Week, ...], words: Words
    ) -> None:
        self._console = console
        self._plan = plan
        self._rotas = rotas
        self._now = now
        self._weeks = weeks
        self._words = words
        self._looks = looks(plan)
        self._colourless = console.no_color or console.color_system is None
        narrow = console.width < 60
        self._gutter = min(max(cell_len(rota) for rota in rotas), 5 if narrow else GUTTER_MAX) + 1
        self._day = min(max((console.width - self._gutter) // 7, DAY_MIN), DAY_MAX)

    def print(self) -> None:
        first, last = self._weeks[0].days[0].date, self._weeks[-1].days[-1].date
        title = f"{say.title(self._words)}, {say.span(self._words, first, last)} ({self._plan.timezone})"
        self._say(Text(title, "bold"))
        for rota in self._rotas:
            running, then = now_and_next(self._plan, rota, self._now)
            line = say.now_line(self._words, on_duty(rota, running, then, self._first_name))
            self._say(Text.assemble((f"{rota}: ", "bold"), (line, _RED if running.cover is Cover.GAP else "")))
        for week in self._weeks:
            self._console.print()
            self._week(week)
        self._console.print()
        self._legend()
        self._gaps()

    def _first_name(self, person: str) -> str:
        return self._plan.people[person].first_name

    # -- a week --

    def _week(self, week: Week) -> None:
        self._line(say.month(self._words, week.days[0].date), self._heads(week), Style(dim=True, bold=True))
        for rota in self._rotas:
            stretches = week.covers[rota]
            rows = max(len(stretch.who) for stretch in stretches)
            for row in range(max(rows, 1)):
                self._line(rota if row == 0 else "", self._bars(week, stretches, row), Style(bold=True))

    def _line(self, name: str, body: Text, style: Style) -> None:
        gutter = set_cell_size(_cut(name, self._gutter - 1), self._gutter)
        self._console.print(Text.assemble((gutter, style), body), no_wrap=True, crop=True, overflow="crop")

    def _heads(self, week: Week) -> Text:
        heads = Text()
        for day in week.days:
            mark = ("*" if day.is_holiday else "") + ("~" if day.hours != 24 else "")
            name = say.month(self._words, day.date) if day.date.day == 1 else say.weekday(self._words, day.date)
            number = f"{day.date.day}{mark}"
            short = next(
                (
                    each
                    for each in (f"{name} {number}", f"{name[:2]} {number}", f"{name[:1]}{number}", number)
                    if cell_len(each) + (2 if day.is_today else 0) < self._day
                ),
                number[: self._day - 1],
            )
            if day.is_today:
                short = f"[{short}]" if cell_len(short) + 2 <= self._day else short
            style = Style(bold=True, reverse=day.is_today, color="magenta" if day.is_holiday else None)
            heads.append(short, style).append(" " * (self._day - cell_len(short)))
        return heads

    def _bars(self, week: Week, stretches: Iterable[Stretch], row: int) -> Text:
        cells: list[_Cell] = []
        place = {day.start: number * self._day for number, day in enumerate(week.days)}

        def column(at: datetime) -> int:
            for day in week.days:
                if at < day.end:
                    return place[day.start] + round((at - day.start) / (day.end - day.start) * self._day)
            return 7 * self._day

        for stretch in stretches:
            left, right = max(column(stretch.start), len(cells)), column(stretch.end)
            # What is shorter than a character still shows: a gap of an hour is a gap.
            if right <= left and stretch.cover is Cover.GAP:
                left, right = (left, left + 1) if left < 7 * self._day else (left - 1, left)
                del cells[left:]
            if right > left:
                hour = self._words.hour(stretch.start) if stretch.start not in place else ""
                cells += self._bar(stretch, right - left, row, hour)
        del cells[7 * self._day :]
        if week.start <= self._now < week.end:
            self._mark_now(cells, column(self._now))
        text = Text()
        for cell in cells:
            text.append(cell.letter, cell.style)
        return text

    def _mark_now(self, cells: list[_Cell], at: int) -> None:
        """What is past goes pale."""
        for cell in cells[:at]:
            cell.style = cell.style + _DIM

    def _bar(self, stretch: Stretch, width: int, row: int, hour: str) -> list[_Cell]:
        """`width` cells of one stretch. hour: when it begins, "" at midnight, which the columns show."""
        match stretch.cover:
            case Cover.GAP:
                return _filled(say.gap(self._words), _GAP, width, Style(color="white", bgcolor="red", bold=True))
            case Cover.OFFICE:
                return _filled("", _OFFICE, width, Style())
            case Cover.NOBODY:
                return _filled("", _NOBODY, width, _DIM)
        if row >= len(stretch.who):
            return _filled("", _OFFICE, width, Style())
        person = self._plan.people[stretch.who[row]]
        look = self._looks[person.id]
        first = person.first_name
        # A terminal that turns such names round would turn the hours and bars beside them, too.
        from_right = any(bidirectional(letter) in ("R", "AL") for letter in first)
        names = (person.signature,) if from_right else (f"{hour} {first}".strip(), first, person.signature)
        name = next((each for each in names if cell_len(each) <= width - 1), "")
        return _filled(name or _cut(person.signature, width), self._fill(look), width, _style(look))

    def _fill(self, look: Look) -> str:
        return " " if look.pattern is Pattern.PLAIN and not self._colourless else _FILLS[look.pattern]

    # -- what it all means --

    def _legend(self) -> None:
        shown = shown_people(self._weeks)
        entries = []
        for person in (each for each in self._plan.people.values() if each.id in shown):
            look = self._looks[person.id]
            sample = f" {person.signature}{self._fill(look)}"
            entries.append(Text.assemble((sample, _style(look)), " ", person.name))
        covers = {each.cover for week in self._weeks for row in week.covers.values() for each in row}
        days = [day for week in self._weeks for day in week.days]
        if Cover.GAP in covers:
            entries.append(
                Text.assemble(
                    (_GAP * 3, Style(color="white", bgcolor="red", bold=True)), f" {say.gap_meaning(self._words)}"
                )
            )
        if Cover.NOBODY in covers:
            entries.append(Text.assemble((_NOBODY * 3, _DIM), f" {say.unpaged(self._words)}"))
        if Cover.OFFICE in covers:
            entries.append(Text(f"{say.blank(self._words)} {say.office(self._words)}"))
        entries.append(Text.assemble(("[ ]", "bold reverse"), f" {say.today(self._words)}"))
        if any(day.is_holiday for day in days):
            entries.append(Text.assemble(("*", "bold magenta"), f" {say.holiday(self._words)}"))
        line = Text()
        for entry in entries:
            if line and cell_len(line.plain) + cell_len(entry.plain) + 3 > self._console.width:
                self._say(line)
                line = Text()
            line.append("   " if line else "").append_text(entry)
        self._say(line)
        for day in days:
            if day.hours != 24:
                self._say(Text(f"~ {say.odd_day(self._words, day.date, day.end - day.start)}", _DIM))

    def _gaps(self) -> None:
        for rota in self._rotas:
            found = gaps_ahead(self._weeks, rota, self._now)
            for start, end in found[:GAPS_SHOWN]:
                self._say(Text(f"{rota}: {say.one_gap(self._words, start, end)}", _RED))
            if len(found) > GAPS_SHOWN:
                self._say(Text(f"{rota}: {say.more_gaps(self._words, len(found) - GAPS_SHOWN)}", _RED))

    def _say(self, text: Text) -> None:
        self._console.print(text)


def _style(look: Look) -> Style:
    return Style(color=_rgb(look.ink), bgcolor=_rgb(look.fill))


def _rgb(colour: Colour) -> str:
    return "#{:02x}{:02x}{:02x}".format(*colour)


def _filled(name: str, fill: str, width: int, style: Style) -> list[_Cell]:
    """`width` cells that begin with the name where it fits; a letter of double width takes two of them."""
    cells: list[_Cell] = []
    for letter in name if cell_len(name) <= width else "":
        taken = cell_len(letter)
        if taken == 0 and cells:
            cells[-1].letter += letter
        cells += [_Cell(letter if place == 0 else "", style) for place in range(taken)]
    return cells + [_Cell(fill, style) for _ in range(width - len(cells))]


def _cut(text: str, width: int) -> str:
    if cell_len(text) <= width:
        return text
    return set_cell_size(text, max(width - 1, 0)).rstrip() + "…" if width > 0 else ""
