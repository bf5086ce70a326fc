"""The rota drawn: what is seen on the picture, in pixels. How it looks is for eyes: docs/rota-picture.png."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from io import BytesIO
from itertools import combinations
from math import dist
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageStat

from bot.rota_picture import WEEKS_MAX, letters, rota_png
from bot.rota_picture.looks import COLOURS, GAP, HOLIDAY, INK, OFFICE, Pattern, ink_on, looks
from bot.rota_picture.sheet import MARGIN, WIDTH, Block, blocks, labelled
from schedules.rota import Plan
from schedules.rota_file import load
from schedules.weeks import coming_weeks

EXAMPLE = load((Path(__file__).parents[2] / "rota.example.toml").read_text(encoding="utf-8"), "the example")
# Thursday before the autumn clock change, 10:40 in Rome.
NOW = datetime(2026, 10, 22, 8, 40, tzinfo=UTC)

HEAD = 'timezone = "Europe/Rome"\n[office]\nhours = ["mon-fri 09:00-18:00"]\nholidays = ["IT"]\n'
WEEKENDS = (
    '[[rotas.weekend.layers]]\nstarts = 2026-10-02T18:00:00\nturn = "1 week"\nwindows = ["sat 10:00 - mon 06:00"]\n'
)


def team(*names: str) -> str:
    rows = [f'[people.p{n}]\nname = "{name}"\nsignature = "S{n}"\n' for n, name in enumerate(names)]
    return "".join(rows) + '[people.boss]\nname = "The Boss"\nsignature = "TB"\nrole = "lead"\n'


def plan_of(text: str) -> Plan:
    return load(text, "a test")


@cache
def weekends() -> Plan:
    """Two people in turn on weekends, nobody on the nights between."""
    return plan_of(HEAD + team("Anna Neri", "Ugo Re") + WEEKENDS + 'people = ["p0", "p1"]\n')


@dataclass(frozen=True)
class Seen:
    """A picture, and where its weeks stand."""

    image: Image.Image
    blocks: list[Block]

    def at(self, week: int, rota: str, when: datetime, down: float = 0.8) -> tuple[int, ...]:
        """The colour in a lane at an instant; down: how far from its top, 0 to 1."""
        block = self.blocks[week]
        lane = block.lanes[rota]
        colour = self.image.getpixel((block.x(when) + 3, lane.top + int(lane.height * down)))
        assert isinstance(colour, tuple)
        return colour

    def red(self, week: int, rota: str, start: datetime, end: datetime) -> bool:
        """Whether the gap's red is seen in a lane between two instants."""
        block = self.blocks[week]
        lane = block.lanes[rota]
        part = self.image.crop((block.x(start), lane.top, block.x(end), lane.bottom))
        return GAP in {colour for _, colour in part.getcolors(part.width * part.height) or []}


def drawn(plan: Plan, now: datetime = NOW, weeks: int = 2, language: str = "en") -> Seen:
    rotas = tuple(plan.rotas)
    image = Image.open(BytesIO(rota_png(plan, rotas, now, weeks, language))).convert("RGB")
    gutter = min(max(max(letters.width(rota, letters.BOLD, 30) for rota in rotas) + 18, 78), 180)
    top = 128 + 52 * len(rotas) + 26
    return Seen(image, blocks(coming_weeks(plan, rotas, now, weeks), rotas, top, gutter))


def rome(day: int, hour: int, month: int = 10) -> datetime:
    """An hour of late October or November 2026 in Rome, as an instant."""
    summer = month == 10 and (day < 25 or (day == 25 and hour < 3))
    return datetime(2026, month, day, hour, tzinfo=UTC) - timedelta(hours=2 if summer else 1)


# -- what is seen --


def test_bars_gaps_and_the_office_stand_where_they_are() -> None:
    """True to time: the red begins when the office closes, and ends when somebody is on."""
    seen = drawn(weekends())
    anna, ugo = COLOURS[0], COLOURS[1]
    assert seen.at(0, "weekend", rome(24, 12)) == ugo
    assert seen.at(0, "weekend", rome(25, 22)) == ugo
    assert seen.at(1, "weekend", rome(26, 3)) == ugo
    assert seen.at(1, "weekend", rome(31, 12)) == anna
    assert seen.at(1, "weekend", rome(27, 12)) == OFFICE
    assert seen.red(0, "weekend", rome(22, 19), rome(23, 8))
    assert seen.red(0, "weekend", rome(23, 18), rome(24, 9))
    assert not seen.red(0, "weekend", rome(23, 10), rome(23, 17))
    assert not seen.red(0, "weekend", rome(24, 12), rome(25, 23))


def test_a_rota_that_nobody_calls_has_no_gaps() -> None:
    """A rota for learners, say: red would be a false alarm."""
    escalations = '[escalations.s]\n[[escalations.s.steps]]\npage = ["rota:weekend"]\nwait_min = 5\n'
    shadow = '[[rotas.shadow.layers]]\npeople = ["p0"]\nstarts = 2026-10-02T18:00:00\nturn = "1 week"\n'
    windows = 'windows = ["sat 08:00-20:00"]\n'
    text = HEAD + team("Anna Neri", "Ugo Re") + WEEKENDS + 'people = ["p0", "p1"]\n' + shadow + windows + escalations
    seen = drawn(plan_of(text))
    assert seen.red(1, "weekend", rome(27, 19), rome(28, 8))
    assert not seen.red(1, "shadow", rome(26, 1), rome(31, 7))
    assert seen.at(1, "shadow", rome(31, 12)) == COLOURS[0]


def test_what_is_past_is_pale_and_now_is_a_line() -> None:
    seen = drawn(weekends(), now=rome(31, 16))
    assert seen.at(0, "weekend", rome(31, 12)) not in COLOURS
    assert seen.at(0, "weekend", rome(31, 20)) == COLOURS[0]
    block = seen.blocks[0]
    assert seen.image.getpixel((block.x(rome(31, 16)), block.bottom)) == INK


def test_holidays_are_tinted() -> None:
    seen = drawn(weekends())
    last = seen.blocks[1].column(6)
    assert seen.image.getpixel((last[0] + 4, seen.blocks[1].top + 2)) == HOLIDAY, "1 November"
    assert seen.image.getpixel((last[0] - 4, seen.blocks[1].top + 2)) != HOLIDAY


def test_two_at_once_share_the_lane_and_many_are_counted() -> None:
    names = ["Anna", "Ugo", "Ida", "Leo", "Eva", "Ada", "Teo"]
    together = ", ".join(f'"p{n}"' for n in range(7))
    layer = (
        f'[[rotas.all.layers]]\npeople = [["p0", "p1"], [{together}]]\nstarts = 2026-10-19T00:00:00\nturn = "1 day"\n'
    )
    seen = drawn(plan_of(HEAD + team(*names) + layer), weeks=1)
    assert seen.at(0, "all", rome(23, 20), down=0.2) == COLOURS[0]
    assert seen.at(0, "all", rome(23, 20), down=0.7) == COLOURS[1]
    assert seen.at(0, "all", rome(24, 20), down=0.7) == COLOURS[3]
    assert seen.at(0, "all", rome(24, 4), down=0.9) == (92, 98, 110), "three more"
    assert seen.blocks[0].lanes["all"].height > 200


@pytest.mark.parametrize(
    ("now", "hours"), [(NOW, 25), (datetime(2027, 3, 25, 12, tzinfo=UTC), 23)], ids=["25 h", "23 h"]
)
def test_the_night_of_the_clock_change_fits_its_day(now: datetime, hours: int) -> None:
    """A day is as wide as any other, and what lies in it keeps its share of it."""
    (block,) = drawn(weekends(), now=now, weeks=1).blocks
    sunday = block.week.days[6]
    assert sunday.hours == hours
    assert [block.x(day.start) for day in block.week.days] == [block.column(place)[0] for place in range(7)]
    middle = block.x(sunday.start + (sunday.end - sunday.start) / 2)
    assert abs(middle - sum(block.column(6)) / 2) <= 1
    assert block.x(sunday.end) == block.column(6)[1] == WIDTH - MARGIN


def test_a_run_is_named_once() -> None:
    """Where somebody joins, the bar of who stays is drawn anew, and the name stands on the wider part."""
    add = '[[rotas.weekend.overrides]]\nadd = ["boss"]\nstart = 2026-10-24T12:00:00\nend = 2026-10-24T14:00:00\n'
    plan = plan_of(HEAD + team("Anna Neri", "Ugo Re") + WEEKENDS + 'people = ["p0", "p1"]\n' + add)
    block = drawn(plan, weeks=1).blocks[0]
    named = labelled(list(block.pieces("weekend")))
    assert {piece.who: piece.start for piece in named if piece.start >= NOW} == {
        "boss": rome(24, 12),
        "p1": rome(24, 14),
    }


# -- the same for the same, and every rota --


def test_the_same_values_give_the_same_bytes() -> None:
    first = rota_png(weekends(), ("weekend",), NOW, 3, "it")
    assert rota_png(weekends(), ("weekend",), NOW, 3, "it") == first
    assert rota_png(weekends(), ("weekend",), NOW, 3, "en") != first
    assert rota_png(weekends(), ("weekend",), NOW + timedelta(days=1), 3, "it") != first


@pytest.mark.parametrize("weeks", [0, WEEKS_MAX + 1])
def test_more_weeks_than_a_phone_shows_are_refused(weeks: int) -> None:
    with pytest.raises(ValueError, match=f"1 to {WEEKS_MAX} weeks"):
        rota_png(weekends(), ("weekend",), NOW, weeks, "it")


ODD: dict[str, Callable[[], Plan]] = {
    "empty rota": lambda: plan_of(HEAD + team("Anna") + "[rotas.nobody]\n"),
    "no office, and it ends": lambda: plan_of(
        'timezone = "Pacific/Auckland"\n' + team("Anna", "Ugo")
        + '[[rotas.r.layers]]\npeople = ["p0", "p1"]\nstarts = 2026-10-20T00:00:00\nturn = "1 hour"\n'
        + "until = 2026-10-24T00:00:00\n"
    ),
    "names of all kinds": lambda: plan_of(
        HEAD + team("Niccolò Çelik", "Ștefan Țăranu", "محمد الفاسي", "王小明", "X" * 100, "נעמי", "नमिता", "E\u0301va")
        + '[[rotas."r-with-a-name-that-is-far-too-long".layers]]\n'.replace('"', "")
        + 'people = ["p0", "p1", "p2", "p3", "p4", "p5", "p6", "p7"]\nstarts = 2026-10-19T00:00:00\nturn = "1 day"\n'
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", ODD)
def test_every_rota_can_be_drawn(kind: str) -> None:
    assert drawn(ODD[kind](), weeks=1).image.width == WIDTH


# -- colours and letters --


def linear(colour: tuple[int, int, int]) -> tuple[float, ...]:
    """Light as it adds up, 0 to 1 a channel."""
    return tuple(c / 255 / 12.92 if c <= 10 else ((c / 255 + 0.055) / 1.055) ** 2.4 for c in colour)


def test_everybody_looks_different_and_can_be_read() -> None:
    """Also the twelfth; and every colour bears its writing (WCAG: 4.5 to 1)."""
    text = HEAD + team(*(f"P {n}" for n in range(28))) + "[rotas.nobody]\n"
    worn = list(looks(plan_of(text)).values())
    assert len(set(worn[:28])) == len(COLOURS) * len(Pattern) == 28

    def light(colour: tuple[int, int, int]) -> float:
        red, green, blue = linear(colour)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05

    for colour in COLOURS:
        bright, dark = sorted((light(colour), light(ink_on(colour))), reverse=True)
        assert bright / dark >= 4.5, colour


# Viénot, Brettel and Mollon 1999, for linear light: red, green and blue as seen by who lacks one kind of cone.
DEUTERANOPE = ((0.29275, 0.70725, 0.0), (0.29275, 0.70725, 0.0), (-0.02234, 0.02234, 1.0))
PROTANOPE = ((0.11238, 0.88762, 0.0), (0.11238, 0.88762, 0.0), (0.00401, -0.00401, 1.0))


@pytest.mark.parametrize("eyes", [DEUTERANOPE, PROTANOPE], ids=["no green", "no red"])
def test_colours_differ_also_without_red_or_green(eyes: tuple[tuple[float, ...], ...]) -> None:
    def seen(colour: tuple[int, int, int]) -> list[float]:
        light = [sum(m * c for m, c in zip(row, linear(colour), strict=True)) for row in eyes]
        return [255 * max(part, 0) ** (1 / 2.2) for part in light]

    for one, other in combinations(COLOURS, 2):
        assert dist(seen(one), seen(other)) > 35, (one, other)


def test_people_keep_their_colours_when_somebody_steps_in() -> None:
    """The lead who is put in for a day, and whoever is added to the file's end, take the next ones."""
    before = looks(EXAMPLE)
    text = EXAMPLE.text.replace('put = ["marco"]', 'put = ["zoe"]') + '[people.zoe]\nname = "Zoe"\nsignature = "ZZ"\n'
    after = looks(plan_of(text))
    assert {person: after[person] for person in before} == before


@pytest.mark.parametrize(
    ("texts", "written"),
    [
        (("Niccolò", "NC"), "Niccolò"),
        (("Nicolo\u0300", "NC"), "Nicolò"),
        (("王小明", "WX"), "WX"),
        (("王小明", "王", "wang"), "wang"),
        (("नमिता", "NM"), "NM"),
        (("", "AB"), "AB"),
        (("A\u202eB",), "AB"),
        (("王",), ""),
    ],
)
def test_no_name_becomes_boxes(texts: tuple[str, ...], written: str) -> None:
    assert letters.first_writable(texts) == written


def test_a_long_name_ends_in_an_ellipsis() -> None:
    shown = letters.cut("Maximilian-Alexander", letters.BOLD, 30, 150)
    assert shown.endswith("…")
    assert 110 < letters.width(shown, letters.BOLD, 30) <= 150
    assert letters.cut("Maximilian", letters.BOLD, 30, 5) == ""


def test_the_days_of_the_example() -> None:
    """Holidays of the office are the sheet's: St Ambrose (Milan), the Immaculate, and 24 December of the file."""
    weeks = coming_weeks(EXAMPLE, ("primary",), datetime(2026, 12, 7, 12, tzinfo=UTC), 4)
    assert [day.date for week in weeks for day in week.days if day.is_holiday] == [
        date(2026, 12, 7), date(2026, 12, 8), date(2026, 12, 24), date(2026, 12, 25), date(2026, 12, 26),
        date(2027, 1, 1),
    ]  # fmt: skip


def test_the_picture_of_the_docs_is_what_it_is_today() -> None:
    """Cure for a wanted change: `make pictures` (the rota's needs no browser: scripts/pictures.py, rota_drawn)."""
    shown = Image.open(Path(__file__).parents[2] / "docs" / "rota-picture.png").convert("RGB")
    made = rota_png(EXAMPLE, tuple(EXAMPLE.rotas), datetime(2026, 12, 3, 20, 40, tzinfo=UTC), 4, "en")
    today = Image.open(BytesIO(made)).convert("RGB")
    assert shown.size == today.size
    # Another release of the font library may move a hair of a letter.
    assert max(ImageStat.Stat(ImageChops.difference(shown, today)).mean) < 1
