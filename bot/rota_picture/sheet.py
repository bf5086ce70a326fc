"""The sheet: where everything stands on the picture, in pixels; 1080 of them are as wide as a phone's screen.

Title and who is on now; a block for each week, days as columns, one lane a rota with bars true to time; the legend; the
small print. A day is as wide as any other, also the one of 23 or 25 hours: within it, time runs evenly.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from schedules.weeks import Cover, Stretch, Week

WIDTH = 1080
MARGIN = 30
LANE = 68
LANE_SPACE = 8
ROW_MIN = 42
"""A lane is higher where several are on at once: at least this for each."""
TOGETHER_MAX = 5
WEEK_HEAD = 56
WEEK_SPACE = 26
GUTTER_MIN, GUTTER_MAX = 78, 180


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle: left and top are in it, right and bottom are not."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def width(self) -> int:
        return self.right - self.left

    @property
    def height(self) -> int:
        return self.bottom - self.top


@dataclass(frozen=True, slots=True)
class Piece:
    """One bar to draw: a stretch's place in its lane. who: "" for what is no person; more: so many stand in it unnamed.

    ends: round on the left and on the right; straight where the stretch comes from the week before or goes on after.
    """

    box: Box
    cover: Cover
    who: str
    ends: tuple[bool, bool]
    start: datetime
    end: datetime
    more: int = 0


@dataclass(frozen=True)
class Block:
    """One week's place on the sheet."""

    week: Week
    top: int
    left: int
    day_width: float
    lanes: dict[str, Box]

    @cached_property
    def bottom(self) -> int:
        return max(lane.bottom for lane in self.lanes.values())

    @cached_property
    def midnights(self) -> frozenset[datetime]:
        return frozenset(day.start for day in self.week.days)

    def x(self, at: datetime) -> int:
        """Where an instant of this week stands."""
        for place, day in enumerate(self.week.days):
            if at < day.end:
                within = (at - day.start) / (day.end - day.start)
                return round(self.left + (place + within) * self.day_width)
        return round(self.left + 7 * self.day_width)

    def column(self, place: int) -> tuple[int, int]:
        """Left and right of the day at `place`, Monday 0."""
        return round(self.left + place * self.day_width), round(self.left + (place + 1) * self.day_width)

    def pieces(self, rota: str) -> Iterator[Piece]:
        """What stands in the lane of a rota, from left to right, several at once from top to bottom."""
        lane, stretches = self.lanes[rota], self.week.covers[rota]
        for stretch in stretches:
            ends = (stretch.start > self.week.start, stretch.end < self.week.end)
            # A hair of the sheet stays between neighbours.
            left, right = self.x(stretch.start), self.x(stretch.end) - (2 if ends[1] else 0)
            if right <= left:
                right = left + 1
            named, more = _named(stretch)
            rows = len(named) + (1 if more else 0)
            for row in range(rows):
                top = lane.top + row * lane.height // rows
                bottom = lane.top + (row + 1) * lane.height // rows - (3 if row < rows - 1 else 0)
                who = named[row] if row < len(named) else ""
                box = Box(left, top, right, bottom)
                yield Piece(
                    box, stretch.cover, who, ends, stretch.start, stretch.end, more=more if row == len(named) else 0
                )


def _named(stretch: Stretch) -> tuple[tuple[str, ...], int]:
    """Who has a row of their own, and how many share the last one."""
    if stretch.cover is not Cover.ON:
        return ("",), 0
    if len(stretch.who) <= TOGETHER_MAX:
        return stretch.who, 0
    return stretch.who[: TOGETHER_MAX - 1], len(stretch.who) - TOGETHER_MAX + 1


def blocks(weeks: Sequence[Week], rotas: Sequence[str], top: int, gutter: int) -> list[Block]:
    """The weeks one under the other from `top` on; gutter: what is kept on the left for the rotas' names."""
    left = MARGIN + gutter
    day_width = (WIDTH - MARGIN - left) / 7
    found = []
    for week in weeks:
        lanes: dict[str, Box] = {}
        at = top + WEEK_HEAD
        for rota in rotas:
            rows = max(min(len(stretch.who), TOGETHER_MAX) for stretch in week.covers[rota])
            height = max(LANE, rows * ROW_MIN)
            lanes[rota] = Box(left, at, WIDTH - MARGIN, at + height)
            at += height + LANE_SPACE
        found.append(Block(week, top, left, day_width, lanes))
        top = at - LANE_SPACE + WEEK_SPACE
    return found


def labelled(pieces: Sequence[Piece]) -> list[Piece]:
    """Where the names go: each run of one person's touching pieces is named once, on the widest of them."""
    runs: list[list[Piece]] = []
    running: dict[str, list[Piece]] = {}
    for piece in pieces:
        if not piece.who:
            continue
        run = running.get(piece.who)
        if run is None or run[-1].end != piece.start:
            run = running[piece.who] = []
            runs.append(run)
        run.append(piece)
    return [max(run, key=lambda piece: piece.box.width) for run in runs]
