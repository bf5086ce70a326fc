"""The coming weeks of a rota in a terminal: weeks as rows, days as columns."""

import hashlib
from datetime import date, datetime, timedelta

from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from schedules.office import open_spans
from schedules.on_duty import Span, spans
from schedules.rota import Plan
from schedules.walltime import day_of, day_us, from_us, to_us, zone
from schedules.windows import WEEKDAYS

# Red is for gaps. Told apart on dark and on light terminals alike.
_COLOURS = (
    "cyan",
    "green",
    "magenta",
    "yellow",
    "blue",
    "bright_cyan",
    "bright_green",
    "bright_magenta",
    "bright_blue",
)


def print_weeks(plan: Plan, rotas: list[str], now: datetime, weeks: int) -> None:
    """Print one table per rota, from the Monday of this week on, in the plan's zone."""
    console = Console(highlight=False)
    here = zone(plan.timezone)
    today = day_of(here.wall(to_us(now)))
    monday = today - (today - 1) % 7
    colours = _colours(plan)
    for rota in rotas:
        table = Table(title=f"{escape(rota)} · {plan.timezone}", show_lines=True, title_justify="left")
        table.add_column("week of", no_wrap=True)
        for name in WEEKDAYS:
            table.add_column(name)
        for week in range(weeks):
            first = monday + 7 * week
            days = [_day(plan, rota, day, colours, is_today=day == today) for day in range(first, first + 7)]
            table.add_row(date.fromordinal(first).isoformat(), *days)
        console.print(table)


def _day(plan: Plan, rota: str, day: int, colours: dict[str, str], *, is_today: bool) -> Text:
    here = zone(plan.timezone)
    start, end = from_us(here.instant(day_us(day))), from_us(here.instant(day_us(day + 1)))
    cell = Text()
    if is_today:
        cell.append("● today", style="bold reverse")
    for span in _to_cover(plan, rota, start, end):
        if cell:
            cell.append("\n")
        begins = from_us(here.wall(to_us(span.start)))
        if span.start > start:
            cell.append(f"{begins:%H:%M} ", style="dim")
        if not span.who:
            cell.append("gap", style="bold red")
        for place, person in enumerate(sorted(span.who)):
            cell.append(", " if place else "")
            cell.append(person, style=colours[person])
    return cell


def _to_cover(plan: Plan, rota: str, start: datetime, end: datetime) -> list[Span]:
    """The day's duties; where nobody is on, only what is out of hours is a gap."""
    shown: list[Span] = []
    opens = open_spans(plan, start, end)
    for span in spans(plan, rota, start, end):
        if span.who:
            shown.append(span)
            continue
        at = span.start
        for open_from, open_to in opens:
            if open_to <= at or open_from >= span.end:
                continue
            if at < open_from:
                shown.append(Span(at, open_from, span.who))
            at = open_to
        if at < span.end:
            shown.append(Span(at, span.end, span.who))
    return [span for span in shown if span.end - span.start > timedelta()]


def _colours(plan: Plan) -> dict[str, str]:
    """A colour a person, the same in every run; people get different ones as long as there are enough."""
    colours: dict[str, str] = {}
    for person in plan.people:
        wanted = hashlib.sha256(person.encode("utf-8", "replace")).digest()[0]
        free = [colour for colour in _COLOURS if colour not in colours.values()] or list(_COLOURS)
        colours[person] = free[wanted % len(free)]
    return colours
