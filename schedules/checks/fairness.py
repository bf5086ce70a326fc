"""Is duty shared out? Two weekends in a row, and unequal weekends, nights and holidays."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from itertools import pairwise

from schedules.checks.holes import paged_rotas
from schedules.checks.stretches import cut
from schedules.load import Load, load
from schedules.on_duty import spans
from schedules.problems import Finding, Stretch
from schedules.rota import Layer, Plan
from schedules.walltime import day_of, day_us, from_us, to_us, zone

LOAD_AHEAD = timedelta(weeks=52)

# Loads differ by a turn or two in any year; only more than this, and more than a quarter of the mean, is worth a word.
_SPREADS = {"weekends": timedelta(hours=48), "nights": timedelta(hours=56), "holidays": timedelta(hours=24)}
_SPREAD_SHARE = 0.25


def weekends_in_a_row(plan: Plan, now: datetime, until: datetime) -> list[Finding]:
    """Who is on duty on two weekends that follow one another, the second not over at `now`: one finding a person.

    On duty: at any moment of a local Saturday or Sunday, on any rota that is paged, and not the same on both.
    """
    weekends = _weekends(plan, now, until)
    if len(weekends) < 2:
        return []
    rows: dict[str, dict[Stretch, list[str]]] = {}
    per_rota = {
        rota: [
            frozenset[str]().union(*(span.who for span in cut(on, [weekend])))
            for on in [spans(plan, rota, weekends[0][0], weekends[-1][1])]
            for weekend in weekends
        ]
        for rota in paged_rotas(plan)
    }
    for person in plan.people:
        where = [[rota for rota, on in per_rota.items() if person in on[place]] for place in range(len(weekends))]
        for one, two in pairwise(range(len(weekends))):
            if where[one] and where[two]:
                rows.setdefault(person, {}).update({weekends[one]: where[one], weekends[two]: where[two]})
    found = []
    for person, row in rows.items():
        involved = {rota for rotas in row.values() for rota in rotas}
        rotas = tuple(rota for rota in per_rota if rota in involved)
        message = f"{', '.join(rotas)}: {plan.people[person].name} has two weekends in a row"
        found.append(Finding("weekends_in_a_row", message, tuple(row), (person,), rotas))
    return found


def _weekends(plan: Plan, now: datetime, until: datetime) -> list[Stretch]:
    """Local Saturdays 00:00 to Mondays 00:00 that begin before `until`, from the last one that is over at `now` on."""
    here = zone(plan.timezone)
    today = date.fromordinal(day_of(here.wall(to_us(now))))
    saturday = today.toordinal() + (5 - today.weekday()) - 7
    found: list[Stretch] = []
    while (start := from_us(here.instant(day_us(saturday)))) < until:
        found.append((start, from_us(here.instant(day_us(saturday + 2)))))
        saturday += 7
    return [each for each in found if each[1] > now - timedelta(days=7)]


def unequal_load(plan: Plan, now: datetime) -> list[Finding]:
    """Who takes turns on one rota and has far more or far fewer weekends, nights or holidays than another.

    Only those are compared who take turns with one another: a second team that stands in for holidays is meant to
    have more of them. Counted over the 52 weeks from `now`, or from the last change of the order in them: who leaves
    or joins then is no sign of unfairness.
    """
    found = []
    for rota in paged_rotas(plan):
        since, until = _settled(plan.rotas[rota].layers, now, now + LOAD_AHEAD), now + LOAD_AHEAD
        teams = [team for team in _teams(plan.rotas[rota].layers, since) if len(team) > 1]
        loads = load(plan, rota, since, until) if teams else {}
        for about, team in ((about, team) for team in teams for about in _SPREADS):
            shares = {person: _share(each, about) for person, each in loads.items() if person in team}
            if uneven := _uneven(shares, _SPREADS[about]):
                amounts = tuple(shares[person] for person in uneven)
                most, fewest = (
                    f"{plan.people[person].name} {amount / timedelta(hours=1):.0f} h"
                    for person, amount in zip(uneven, amounts, strict=True)
                )
                weeks = round((until - since) / timedelta(weeks=1))
                ahead = f"in the {weeks} weeks from {since.date()}" if since > now else f"in the next {weeks} weeks"
                message = f"{rota}: unequal {about} {ahead}: {most}, {fewest}"
                found.append(Finding("unequal_load", message, ((since, until),), uneven, (rota,), about, amounts))
    return found


def _settled(layers: tuple[Layer, ...], now: datetime, until: datetime) -> datetime:
    """From when on the order stays as it is, as far as can be seen."""
    begins = min((layer.starts.instant for layer in layers), default=now)
    changes = [change.at.instant for layer in layers for change in layer.changes if change.at.instant < until]
    return min(max([now, begins, *changes]), until)


def _teams(layers: tuple[Layer, ...], at: datetime) -> list[frozenset[str]]:
    """Who stands in a seat from `at` on: those of one layer together, and layers that share a person."""
    teams: list[frozenset[str]] = []
    for layer in layers:
        if layer.until is not None and layer.until.instant <= at:
            continue
        changed = [change for change in layer.changes if change.at.instant <= at]
        seats = max(changed, key=lambda change: change.at.instant).seats if changed else layer.seats
        people = frozenset[str]().union(*seats)
        joined = [team for team in teams if team & people]
        teams = [team for team in teams if team not in joined] + [people.union(*joined)]
    return teams


def _share(each: Load, about: str) -> timedelta:
    return {"weekends": each.weekend, "nights": each.night, "holidays": each.holiday}[about]


def _uneven(shares: Mapping[str, timedelta], least: timedelta) -> tuple[str, str] | None:
    """Who has most and who has fewest, when they lie too far apart."""
    most, fewest = max(shares, key=lambda person: shares[person]), min(shares, key=lambda person: shares[person])
    spread = shares[most] - shares[fewest]
    mean = sum(shares.values(), timedelta()) / len(shares)
    return (most, fewest) if spread > least and spread > mean * _SPREAD_SHARE else None
