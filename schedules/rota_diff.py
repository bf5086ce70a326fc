"""What one rota says otherwise than another, and who is on duty otherwise because of it.

`changes` compares what two plans mean, so a file that was only tidied up has none; `sentence` puts one in words.
`duty_changes` compares the answers: whatever was changed, these are the hours in which somebody else is on duty.
"""

import difflib
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from schedules.on_duty import Span, spans
from schedules.public_holidays import NO_HOLIDAYS
from schedules.rota import Absence, Add, Drop, Given, Override, Person, Plan, Put, Replace, Swap
from schedules.walltime import from_us, to_us, zone

NOTHING = "-"
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
# Key in the file → where the value stands, when it is called otherwise there.
_ATTRIBUTES = {"people": "seats"}
_PERSON = ("name", "signature", "role", "lines", "network", "language", "holidays")
_LINE = ("title", "escalation")
_ACCOUNT = ("line", "agent", "escalation")
_CONTACT = ("name", "lines", "rules", "text")
_ESCALATION = ("steps", "repeat")
_OFFICE = ("hours", "quiet", "holidays")
_LAYER = ("people", "starts", "turn", "windows", "until", "priority", "timezone", "absence", "changes")


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that the later plan says otherwise.

    what: file · office · person · line · account · contact · escalation · rota · layer · override · absence · text.
    name: which one of them ("1 of backup" for a layer), the rota of an override, the person of an absence.
    key: the value that changed; "" when the whole thing came or went. before, after: in words, "" where there is none.
    """

    what: str
    name: str = ""
    key: str = ""
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class DutyChange:
    """Throughout [start, end), aware UTC, `after` are on duty on `rota` where `before` were."""

    rota: str
    start: datetime
    end: datetime
    before: frozenset[str]
    after: frozenset[str]


# -- who is on duty otherwise --


def duty_changes(before: Plan, after: Plan, start: datetime, end: datetime) -> list[DutyChange]:
    """Where the two answer differently within [start, end), by rota in file order, then by time.

    A rota that one of them does not have counts as one with nobody on duty.
    """
    found: list[DutyChange] = []
    for rota in dict.fromkeys([*after.rotas, *before.rotas]):
        for change in _both(rota, _spans(before, rota, start, end), _spans(after, rota, start, end)):
            last = found[-1] if found else None
            if last and (last.rota, last.end, last.before, last.after) == (
                rota,
                change.start,
                change.before,
                change.after,
            ):
                found[-1] = DutyChange(rota, last.start, change.end, change.before, change.after)
            else:
                found.append(change)
    return found


def _spans(plan: Plan, rota: str, start: datetime, end: datetime) -> list[Span]:
    if rota in plan.rotas:
        return spans(plan, rota, start, end)
    return [Span(start, end, frozenset())] if start < end else []


def _both(rota: str, old: Sequence[Span], new: Sequence[Span]) -> Iterable[DutyChange]:
    i = j = 0
    while i < len(old) and j < len(new):
        start, end = max(old[i].start, new[j].start), min(old[i].end, new[j].end)
        if start < end and old[i].who != new[j].who:
            yield DutyChange(rota, start, end, old[i].who, new[j].who)
        if old[i].end == end:
            i += 1
        if new[j].end == end:
            j += 1


# -- what is said otherwise --


def changes(before: Plan, after: Plan) -> list[Change]:
    """What `after` says otherwise than `before`; what was only written otherwise is one change of the text.

    Both must still hold the text that they were read from.
    """
    old, new = (tomllib.loads(plan.text.removeprefix("\ufeff")) for plan in (before, after))
    found = _keys("file", "", before, after, old, new, ("timezone", "escalation"))
    found += _keys("office", "", before.office, after.office, old.get("office", {}), new.get("office", {}), _OFFICE)
    for what, where, keys in (
        ("person", "people", _PERSON),
        ("line", "lines", _LINE),
        ("account", "accounts", _ACCOUNT),
        ("contact", "contacts", _CONTACT),
        ("escalation", "escalations", _ESCALATION),
    ):
        found += _named(
            what, getattr(before, where), getattr(after, where), old.get(where, {}), new.get(where, {}), keys
        )
    for rota in dict.fromkeys([*before.rotas, *after.rotas]):
        found += _rota(rota, before, after, old["rotas"].get(rota, {}), new["rotas"].get(rota, {}))
    found += _absences(before, after)
    if not found and before.text != after.text:
        found.append(Change("text", key="" if old == new else "form"))
    return found


def _named(
    what: str,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    old: Mapping[str, Any],
    new: Mapping[str, Any],
    keys: Sequence[str],
) -> list[Change]:
    found: list[Change] = []
    for name in dict.fromkeys([*before, *after]):
        called = _first(before.get(name) or after[name], name) if what == "person" else name
        if name not in after:
            found.append(Change(what, called, before=name))
        elif name not in before:
            found.append(Change(what, called, after=name))
        else:
            found += _keys(what, called, before[name], after[name], old.get(name, {}), new.get(name, {}), keys)
    return found


def _keys(
    what: str,
    name: str,
    before: object,
    after: object,
    old: Mapping[str, Any],
    new: Mapping[str, Any],
    keys: Sequence[str],
) -> list[Change]:
    """The keys whose values differ, shown as they are written, or as what they are when they are left out."""
    found: list[Change] = []
    for key in keys:
        attribute = _ATTRIBUTES.get(key, key)
        one, two = getattr(before, attribute, None), getattr(after, attribute, None)
        if one != two:
            shown = (_written(raw[key]) if key in raw else _left_out(value) for raw, value in ((old, one), (new, two)))
            found.append(Change(what, name, key, *shown))
    return found


def _rota(rota: str, before: Plan, after: Plan, old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Change]:
    if rota not in after.rotas:
        return [Change("rota", rota, before=rota)]
    if rota not in before.rotas:
        return [Change("rota", rota, after=rota)]
    one, two = before.rotas[rota], after.rotas[rota]
    found = _keys("rota", rota, one, two, old, new, ("holidays",))
    for tag, i1, i2, j1, j2 in _steps(one.layers, two.layers):
        paired = min(i2 - i1, j2 - j1) if tag == "replace" else 0
        for step in range(paired):
            raw_old, raw_new = old["layers"][i1 + step], new["layers"][j1 + step]
            where = f"{j1 + step + 1} of {rota}"
            found += _keys("layer", where, one.layers[i1 + step], two.layers[j1 + step], raw_old, raw_new, _LAYER)
        for place in range(i1 + paired, i2):
            found.append(Change("layer", f"{place + 1} of {rota}", before=_written(old["layers"][place]["people"])))
        for place in range(j1 + paired, j2):
            found.append(Change("layer", f"{place + 1} of {rota}", after=_written(new["layers"][place]["people"])))
    return found + _overrides(rota, before, after)


def _overrides(rota: str, before: Plan, after: Plan) -> list[Change]:
    one, two = before.rotas[rota].overrides, after.rotas[rota].overrides
    gone: list[Override] = []
    come: list[Override] = []
    for _, i1, i2, j1, j2 in _steps(one, two):
        gone += one[i1:i2]
        come += two[j1:j2]
    found: list[Change] = []
    for override in gone:
        accepted = next((each for each in come if _accepts(each, override)), None)
        if accepted is not None:
            come.remove(accepted)
            words = override_words(before, rota, accepted)
            found.append(Change("override", rota, "open", override_words(before, rota, override), words))
        else:
            found.append(Change("override", rota, before=override_words(before, rota, override)))
    return found + [Change("override", rota, after=override_words(before, rota, each, after)) for each in come]


def _accepts(come: Override, gone: Override) -> bool:
    return (
        isinstance(come, Swap)
        and isinstance(gone, Swap)
        and gone.open
        and not come.open
        and (come.first.person, come.second) == (gone.first.person, gone.second)
    )


def _absences(before: Plan, after: Plan) -> list[Change]:
    gone = list(before.absences)
    come: list[Absence] = []
    for absence in after.absences:
        if absence in gone:
            gone.remove(absence)
        else:
            come.append(absence)
    return [Change("absence", _name(before, a.person), before=stretch_words(before, a.start, a.end)) for a in gone] + [
        Change("absence", _name(after, a.person), after=stretch_words(after, a.start, a.end)) for a in come
    ]


def _steps(one: Sequence[Any], two: Sequence[Any]) -> list[tuple[str, int, int, int, int]]:
    # What both begin with is passed over: it is nearly all of two revisions, and many alike take quadratic time.
    head = next((place for place, (a, b) in enumerate(zip(one, two, strict=False)) if a != b), min(len(one), len(two)))
    steps = difflib.SequenceMatcher(None, one[head:], two[head:], autojunk=False).get_opcodes()
    return [(tag, head + i1, head + i2, head + j1, head + j2) for tag, i1, i2, j1, j2 in steps if tag != "equal"]


# -- in words --


def sentence(change: Change) -> str:
    """One line, in English: "person Sara: language it -> en"."""
    subject = f"{change.what} {change.name}".strip()
    match change.what:
        case "text" if change.key:
            return "written otherwise, the same meaning"
        case "text":
            return "comments or spacing only"
        case "override" if change.key:
            return f"{change.name}: accepted: {change.after}"
        case "override":
            return f"{change.name}: " + (change.after or f"taken back: {change.before}")
        case "absence":
            how = "added" if change.after else "taken back"
            return f"absence of {change.name} {how}, {change.after or change.before}"
        case _ if change.key:
            return f"{subject}: {change.key} {change.before} -> {change.after}"
        case "layer":
            return f"{subject} {'added' if change.after else 'removed'} ({change.after or change.before})"
        case _:
            return f"{subject} {'added' if change.after else 'removed'}"


def override_words(plan: Plan, rota: str, override: Override, named: Plan | None = None) -> str:
    """ "Marco instead of Giulia, Sat 5 Dec 2026 00:00 - Sun 6 Dec 00:00".

    plan: the one before it, which says who is on duty otherwise; named: one that knows all the names, if not that.
    """
    names = named or plan
    match override:
        case Put(people=people, start=start, end=end):
            others = frozenset[str]().union(*(span.who for span in _spans(plan, rota, start, end))) - people
            instead = f" instead of {_names(names, others)}" if others else ""
            return f"{_names(names, people)}{instead}, {stretch_words(plan, start, end)}"
        case Replace(person=person, stand_in=stand_in, start=start, end=end):
            pair = f"{_name(names, stand_in)} instead of {_name(names, person)}"
            return f"{pair}, {stretch_words(plan, start, end)}"
        case Add(people=people, start=start, end=end):
            return f"{_names(names, people)} too, {stretch_words(plan, start, end)}"
        case Drop(person=person, start=start, end=end):
            return f"without {_name(names, person)}, {stretch_words(plan, start, end)}"
        case Swap(first=first, second=second):
            asked = "swap asked" if override.open else "swap"
            return f"{asked}: {_given(names, first, second)}; {_given(names, second, first)}"


def stretch_words(plan: Plan, start: datetime, end: datetime) -> str:
    """ "Sat 5 Dec 2026 00:00 - Sun 6 Dec 00:00", on the wall of the plan's zone; the year again where it changes."""
    here = zone(plan.timezone)
    first, last = (from_us(here.wall(to_us(at))) for at in (start, end))
    if first.date() == last.date():
        return f"{_day(first)} {first:%Y %H:%M} - {last:%H:%M}"
    year = f" {last:%Y}" if last.year != first.year else ""
    return f"{_day(first)} {first:%Y %H:%M} - {_day(last)}{year} {last:%H:%M}"


def duty_words(plan: Plan, change: DutyChange, named: Plan | None = None) -> str:
    """ "primary, Sun 29 Nov 2026 09:00 - 21:00: Giulia -> Alessio"; named: a plan that knows those that left."""
    before, after = _names(plan, change.before, named), _names(plan, change.after, named)
    return f"{change.rota}, {stretch_words(plan, change.start, change.end)}: {before} -> {after}"


def _given(plan: Plan, gives: Given, takes: Given) -> str:
    pair = f"{_name(plan, takes.person)} instead of {_name(plan, gives.person)}"
    return f"{pair}, {stretch_words(plan, gives.start, gives.end)}"


def _day(wall: datetime) -> str:
    return f"{_DAYS[wall.weekday()]} {wall.day} {_MONTHS[wall.month - 1]}"


def _names(plan: Plan, people: Iterable[str], named: Plan | None = None) -> str:
    return ", ".join(sorted(_name(plan, person, named) for person in people)) or "nobody"


def _name(plan: Plan, person: str, named: Plan | None = None) -> str:
    return _first(plan.people.get(person) or (named.people.get(person) if named else None), person)


def _first(member: Person | None, person: str) -> str:
    """What people call them; the id of somebody whom neither plan knows."""
    return member.first_name if member else person


def _left_out(value: object) -> str:
    """What holds for a key that is not written."""
    if not value or value == NO_HOLIDAYS:
        return NOTHING
    return str(value) if isinstance(value, str | int | date) else "the usual"


def _written(value: object) -> str:
    """A value of the file in one line, as one would say it."""
    match value:
        case None | "" | [] | ():
            return NOTHING
        case bool():
            return "yes" if value else "no"
        case datetime():
            return value.isoformat(sep=" ", timespec="minutes")
        case date():
            return value.isoformat()
        case time():
            return value.isoformat(timespec="minutes")
        case list() | tuple():
            return ", ".join(_inner(each) for each in value)
        case dict():
            return " ".join(f"{key} {_inner(each)}" for key, each in value.items())
        case _:
            return str(value)


def _inner(value: object) -> str:
    """The same inside another value."""
    if value == "":
        return "nobody"
    return f"({_written(value)})" if isinstance(value, list | tuple | dict) else _written(value)
