"""The feed as a calendar reads it: parsed back it says who is on duty, through both clock changes; it stands still."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from dateutil.rrule import rrulestr
from icalendar import Calendar

from schedules.calendar_company import Phrases
from schedules.calendar_feed import (
    EVENTS_MAX,
    Entry,
    Feed,
    Horizon,
    Marked,
    Version,
    entries,
    horizon,
    marked,
    version,
)
from schedules.calendar_text import ics
from schedules.on_duty import spans, who
from schedules.rota import Plan
from schedules.rota_file import load

NOW = datetime(2026, 11, 28, 21, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
PHRASES = Phrases(
    title_person="Duties of {name}",
    title_rota="Rota {rota}",
    duty="On duty: {rota}",
    hole="Nobody: {rota}",
    nobody="nobody",
    together="With {names}",
    before="Before ({rota}): {names}",
    after="After ({rota}): {names}",
    leads="Then the leads",
)
HEAD = """\
timezone = "Europe/Rome"
[office]
hours = ["mon-fri 09:00-18:00"]
holidays = ["IT"]
[people.giulia]
name = "Giulia Rossi"
signature = "GR"
[people.alessio]
name = "Alessio Conti"
signature = "AC"
[people.sara]
name = "Sara Ricci"
signature = "SR"
[people.marco]
name = "Marco Villa"
signature = "MV"
role = "lead"
"""
# In two zones, with windows that end in the hours of the clock changes, and people on two rotas.
ROTAS = """\
[[rotas.primary.layers]]
people = ["giulia", "alessio", "sara"]
starts = 2025-06-13T18:00:00
turn = "1 week"
windows = ["fri 18:00 - mon 09:00", "mon-thu 18:00-09:00", "holiday 09:00-18:00"]
[[rotas.night.layers]]
people = ["alessio", "giulia", ["sara", "marco"], ""]
starts = 2026-01-01T00:00:00
turn = "1 window"
windows = ["daily 22:30-02:30"]
[[rotas.backup.layers]]
people = ["sara", "giulia", "alessio"]
starts = 2025-06-13T18:00:00
turn = "3 day"
timezone = "Atlantic/Azores"
[[rotas.sundays.layers]]
people = ["marco"]
starts = 2026-01-01T00:00:00
turn = "1 window"
windows = ["sun 00:30-02:30"]
timezone = "America/New_York"
"""
LADDER = """\
[escalations.standard]
[[escalations.standard.steps]]
page = ["rota:primary"]
wait_min = 5
[[escalations.standard.steps]]
page = ["rota:backup"]
wait_min = 5
[[escalations.standard.steps]]
page = ["leads"]
wait_min = 5
"""
FILE = HEAD + ROTAS + LADDER
OF_FILE = load(FILE, "test")
PEOPLE = ("giulia", "alessio", "sara", "marco")
ALL_ROTAS = ("primary", "night", "backup", "sundays")


def events(plan: Plan, feed: Feed, shown: Horizon) -> list[Any]:
    """The feed's events as icalendar reads them back from its bytes."""
    text = ics(feed.title(plan), plan.timezone, marked(feed, [version(1, NOW, plan, shown)], shown), shown)
    return list(Calendar.from_ical(text).walk("VEVENT"))


def instants(event: Any) -> tuple[datetime, datetime]:
    """As the wall times mean them."""
    return event["DTSTART"].dt.astimezone(UTC), event["DTEND"].dt.astimezone(UTC)


def cut(stretches: Iterator[tuple[datetime, datetime]], shown: Horizon) -> list[tuple[datetime, datetime]]:
    """On the horizon, with neighbours made one."""
    out: list[tuple[datetime, datetime]] = []
    for start, end in sorted(stretches):
        start, end = max(start, shown.start), min(end, shown.end)
        if start >= end:
            continue
        if out and out[-1][1] == start:
            out[-1] = (out[-1][0], end)
        else:
            out.append((start, end))
    return out


# Seen in autumn and in spring, so that each clock change of the two years in between is on some horizon.
WHENS = (datetime(2026, 3, 1, tzinfo=UTC), NOW)


@pytest.mark.parametrize(("person", "now"), [*zip(PEOPLE, WHENS * 2, strict=True)], ids=PEOPLE)
def test_a_persons_feed_says_when_they_are_on_duty(person: str, now: datetime) -> None:
    plan = OF_FILE
    shown = horizon(plan.timezone, now)
    found = events(plan, Feed(PHRASES, person=person), shown)
    for rota in ALL_ROTAS:
        mine = [instants(event) for event in found if event["SUMMARY"] == f"On duty: {rota}"]
        wanted = ((s.start, s.end) for s in spans(plan, rota, shown.start, shown.end) if person in s.who)
        assert cut(iter(mine), shown) == cut(wanted, shown)
        for start, end in mine:
            # Each duty is whole, also where the horizon cuts through it.
            assert person in who(plan, rota, start)
            assert person not in who(plan, rota, start - SECOND)
            assert person not in who(plan, rota, end)


@pytest.mark.parametrize(("rota", "now"), [*zip(ALL_ROTAS, WHENS * 2, strict=True)], ids=ALL_ROTAS)
def test_a_rotas_feed_names_everybody_and_the_holes(rota: str, now: datetime) -> None:
    """A hole is out of hours, and on a rota that a ladder pages: elsewhere nobody is missed."""
    plan = OF_FILE
    shown = horizon(plan.timezone, now)
    names = {person.id: person.name for person in plan.people.values()}
    told: dict[str, list[tuple[datetime, datetime]]] = {}
    for event in events(plan, Feed(PHRASES, rota=rota), shown):
        told.setdefault(str(event["SUMMARY"]), []).append(instants(event))
    holes = told.pop(f"Nobody: {rota}", [])
    wanted: dict[str, list[tuple[datetime, datetime]]] = {}
    for span in spans(plan, rota, shown.start, shown.end):
        if span.who:
            said = ", ".join(names[person] for person in names if person in span.who)
            wanted.setdefault(said, []).append((span.start, span.end))
    assert {said: cut(iter(when), shown) for said, when in told.items()} == {
        said: cut(iter(when), shown) for said, when in wanted.items()
    }
    assert holes == [], "out of hours all of it is covered, or nobody is missed"


def test_a_hole_shouts_and_office_hours_are_none() -> None:
    """A lead who takes somebody off sees it in the rota's feed, until somebody is put on."""
    off = FILE + DROP.format(start="2026-12-04T18:00:00", end="2026-12-08T09:00:00")
    plan = load(off, "test")
    shown = horizon(plan.timezone, NOW)
    rome = ZoneInfo("Europe/Rome")
    holes = [
        tuple(at.astimezone(rome).strftime("%a %d %H:%M") for at in instants(event))
        for event in events(plan, Feed(PHRASES, rota="primary"), shown)
        if event["SUMMARY"] == "Nobody: primary"
    ]
    # Monday 7 December is a day at the office; the 8th is a holiday.
    assert holes == [("Fri 04 18:00", "Mon 07 09:00"), ("Mon 07 18:00", "Tue 08 09:00")]


DROP = """
[[rotas.primary.overrides]]
put = []
start = {start}
end = {end}
"""


@pytest.mark.parametrize(
    ("end", "written"),
    [
        ("2026-10-25T02:30:00+02:00", "DTEND;TZID=Europe/Rome:20261025T023000"),
        ("2026-10-25T02:30:00+01:00", "DTEND:20261025T013000Z"),
        ("2026-10-25T03:00:00", "DTEND;TZID=Europe/Rome:20261025T030000"),
        ("2026-03-29T03:00:00", "DTEND;TZID=Europe/Rome:20260329T030000"),
        ("2026-03-29T02:30:00", "DTEND;TZID=Europe/Rome:20260329T033000"),
    ],
    ids=["first of two", "second of two", "after both", "after the gap", "in the gap"],
)
def test_an_end_in_the_hour_of_the_clock_change(end: str, written: str) -> None:
    """Wall times where they say the instant, UTC where they cannot; a time that never is means the offset before."""
    start = end[:10] + "T00:00:00"
    text = HEAD + "[rotas.primary]\n" + DROP.replace("put = []", 'put = ["sara"]').format(start=start, end=end)
    plan = load(text, "test")
    shown = horizon(plan.timezone, datetime.fromisoformat(start).replace(tzinfo=UTC))
    feed = Feed(PHRASES, person="sara")
    written_feed = ics("t", plan.timezone, marked(feed, [version(1, NOW, plan, shown)], shown), shown).decode()
    assert [line for line in written_feed.splitlines() if line.startswith("DTEND")] == [written]


def read_onsets(zone: Any) -> list[tuple[datetime, timedelta]]:
    """When each offset begins, to the letter of RFC 5545 §3.6.5: the wall of the offset before."""
    found = []
    for part in zone.subcomponents:
        walls = [part.DTSTART, *(each.dt for each in getattr(part.get("RDATE"), "dts", []))]
        if "RRULE" in part:
            rule = part["RRULE"].to_ical().decode()
            walls += rrulestr(rule, dtstart=part.DTSTART).between(part.DTSTART, datetime(2030, 1, 1))  # noqa: DTZ001 - on the wall
        found += [((wall - part.TZOFFSETFROM).replace(tzinfo=UTC), part.TZOFFSETTO) for wall in walls]
    return found


@pytest.mark.parametrize(
    ("name", "by_rule"),
    [
        ("Europe/Rome", True),
        ("America/New_York", True),
        ("Australia/Lord_Howe", True),
        ("Pacific/Apia", False),
        ("Africa/Casablanca", False),
        ("Asia/Kolkata", False),
    ],
)
def test_the_zone_as_written_is_the_zone(name: str, *, by_rule: bool) -> None:
    """For calendars that do not know its name: read from the text alone it has the same offset, at every half hour."""
    shown = Horizon(datetime(2026, 9, 1, tzinfo=UTC), datetime(2027, 12, 6, tzinfo=UTC))
    (zone,) = Calendar.from_ical(ics("t", name, [], shown)).walk("VTIMEZONE")
    onsets, real = read_onsets(zone), ZoneInfo(name)
    changes = [
        at + timedelta(minutes=30 * half)
        for at in (shown.start + timedelta(hours=hours) for hours in range(0, 461 * 24, 24))
        if at.astimezone(real).utcoffset() != (at + timedelta(days=1)).astimezone(real).utcoffset()
        for half in range(48)
    ]
    days = [shown.start + timedelta(days=day) for day in range(461)]
    for at in (*days, *changes):
        assert max(each for each in onsets if each[0] <= at)[1] == at.astimezone(real).utcoffset(), at
    assert ("RRULE" in ics("t", name, [], shown).decode()) is by_rule


def test_utc_needs_no_zone() -> None:
    plan = load(FILE.replace("Europe/Rome", "UTC"), "test")
    shown = horizon("UTC", NOW)
    feed = Feed(PHRASES, rota="primary")
    text = ics("t", "UTC", marked(feed, [version(1, NOW, plan, shown)], shown), shown).decode()
    assert "VTIMEZONE" not in text
    assert "TZID" not in text
    assert "DTSTART:20261127T180000Z" in text


# --- what stands still ------------------------------------------------------------------------------------------------


@cache
def revision(number: int, text: str, shown: Horizon) -> Version:
    return version(number, NOW + timedelta(minutes=number), load(text, "test"), shown)


def history(*texts: str, feed: Feed | None = None, now: datetime = NOW) -> dict[str, Marked]:
    """The events after these revisions, made a minute apart, by their beginning in Rome."""
    shown = horizon("Europe/Rome", now)
    versions = [revision(number, text, shown) for number, text in enumerate(texts, 1)]
    found = marked(feed or Feed(PHRASES, person="giulia"), versions, shown)
    rome = ZoneInfo("Europe/Rome")
    return {f"{each.entry.summary} {each.entry.start.astimezone(rome):%Y-%m-%d %H:%M}": each for each in found}


SHORTER = DROP.replace("put = []", 'put = ["marco"]').format(start="2026-12-14T08:00:00", end="2026-12-14T09:00:00")
BEFORE = DROP.replace("put = []", 'put = ["marco"]').format(start="2026-12-11T18:00:00", end="2026-12-11T20:00:00")
FRIDAY = "On duty: primary 2026-12-11 18:00"


def test_an_event_keeps_its_identity_when_its_end_moves_and_only_then_counts_up() -> None:
    before, after = history(FILE), history(FILE, FILE + SHORTER)
    old, new = before[FRIDAY], after[FRIDAY]
    assert old.entry.uid == new.entry.uid
    assert old.entry.end - new.entry.end == timedelta(hours=1)
    assert (old.sequence, new.sequence) == (1, 2)
    assert new.changed_at == NOW + timedelta(minutes=2)
    others = set(after) - {FRIDAY}
    assert {after[each] for each in others} == {before[each] for each in others}, "nothing else was touched"


def test_a_duty_that_begins_at_another_time_is_another_event() -> None:
    """The first hours were given away: the old event is gone, for a feed is the whole truth."""
    before, after = history(FILE), history(FILE, FILE + BEFORE)
    assert FRIDAY not in after
    later = after["On duty: primary 2026-12-11 20:00"]
    assert later.sequence == 2
    assert later.entry.uid not in {each.entry.uid for each in before.values()}
    assert len({each.entry.uid for each in after.values()}) == len(after)


def test_what_is_undone_counts_up_once_more() -> None:
    """A calendar that saw the change must take the way back, too."""
    back = history(FILE, FILE + SHORTER, FILE)[FRIDAY]
    assert (back.sequence, back.entry) == (3, history(FILE)[FRIDAY].entry)
    gone = history(FILE, FILE + BEFORE, FILE)[FRIDAY]
    assert gone.sequence == 3


def test_a_new_name_or_another_backup_changes_the_event() -> None:
    """Everything that is shown counts, not the times alone."""
    renamed = FILE.replace("Sara Ricci", "Sara Bianchi")
    after = history(FILE, renamed)
    about = "Sara Bianchi"
    assert any(about in each.entry.description for each in after.values())
    for each in after.values():
        assert each.sequence == (2 if about in each.entry.description else 1)


def test_the_same_is_the_same_to_the_byte_all_week() -> None:
    """So a phone hears 304; and next week what both weeks show is the same, event by event."""
    plan = OF_FILE
    feed = Feed(PHRASES, rota="primary")

    def text(now: datetime) -> bytes:
        shown = horizon(plan.timezone, now)
        return ics(feed.title(plan), plan.timezone, marked(feed, [version(1, NOW, plan, shown)], shown), shown)

    monday = datetime(2026, 11, 22, 23, 0, tzinfo=UTC)
    assert text(monday) == text(NOW) == text(monday + timedelta(days=7) - SECOND)
    assert text(monday - SECOND) != text(monday)
    this, following = history(FILE, feed=feed), history(FILE, feed=feed, now=NOW + timedelta(days=7))
    both = set(this) & set(following)
    assert len(both) > 0.95 * len(this)
    assert {each: this[each] for each in both} == {each: following[each] for each in both}


def test_a_duty_without_an_end_is_cut_at_the_firsts_of_months() -> None:
    """One event that grows every week would never stand still."""
    always = HEAD + '[[rotas.primary.layers]]\npeople = ["marco"]\nstarts = 2026-11-20T18:00:00\nturn = "1 week"\n'
    plan = load(always, "test")
    seen: dict[str, Entry] = {}
    for week in range(60):
        shown = horizon(plan.timezone, NOW + timedelta(weeks=week))
        for entry in entries(Feed(PHRASES, person="marco"), version(1, NOW, plan, shown), shown):
            assert seen.setdefault(entry.uid, entry) == entry
    walls = sorted(entry.start.astimezone(ZoneInfo("Europe/Rome")).replace(tzinfo=None) for entry in seen.values())
    assert walls[0] == datetime(2026, 11, 20, 18, 0)  # noqa: DTZ001 - on the wall
    assert {(at.day, at.hour) for at in walls[1:]} == {(1, 0)}
    assert [e.end for e in sorted(seen.values(), key=lambda e: e.start)][:-1] == sorted(e.start for e in seen.values())[
        1:
    ]


def test_a_feed_has_a_bound() -> None:
    hourly = HEAD + '[[rotas.primary.layers]]\npeople = ["giulia", "sara"]\nstarts = 2026-01-01\nturn = "1 hour"\n'
    found = history(hourly, feed=Feed(PHRASES, rota="primary"))
    starts = [each.entry.start for each in found.values()]
    assert len(set(starts)) >= EVENTS_MAX - 2  # an hour that stands twice has one key here
    assert min(starts) <= horizon("Europe/Rome", NOW).start
    assert max(starts) > NOW


def test_two_installations_have_no_event_in_common() -> None:
    one, other = (history(FILE, feed=Feed(PHRASES, person="giulia", home=home)) for home in ("a", "b"))
    assert not {each.entry.uid for each in one.values()} & {each.entry.uid for each in other.values()}


# --- what is said -----------------------------------------------------------------------------------------------------


def test_who_else_is_there() -> None:
    """Beside, before and behind, with times when that changes within the duty."""
    added = '[[rotas.primary.overrides]]\nadd = ["marco"]\nstart = 2026-12-12T00:00:00\nend = 2026-12-13T00:00:00\n'
    text = FILE + added
    about = history(text)[FRIDAY].entry.description.splitlines()
    assert about == [
        "With Marco Villa (2026-12-12 00:00 – 2026-12-13 00:00)",
        "After (backup): Giulia Rossi (2026-12-11 18:00 – 2026-12-11 20:00);"
        " Alessio Conti (2026-12-11 20:00 – 2026-12-14 09:00)",
        "Then the leads",
    ]
    backup = history(text)["On duty: backup 2026-12-17 20:00"].entry.description
    assert backup.splitlines() == [
        "Before (primary): Giulia Rossi (2026-12-17 20:00 – 2026-12-18 09:00);"
        " Alessio Conti (2026-12-18 18:00 – 2026-12-20 20:00)",
        "Then the leads",
    ]
    night = next(v for k, v in history(text).items() if k.startswith("On duty: night 2026-12"))
    assert night.entry.description == "", "nobody pages that rota"


NASTY = "Rossi, Giulia; \\n «D'Aò»\r\n\tBEGIN:VEVENT 🧑‍🚒" + "é" * 50


def test_any_name_comes_back_as_it_is() -> None:
    """Escaped and folded; only line breaks are gone."""
    quoted = NASTY.replace("\\", "\\\\").replace("\r", "\\r").replace("\n", "\\n").replace("\t", "\\t")
    plan = load(FILE.replace("Giulia Rossi", quoted), "test")
    shown = horizon(plan.timezone, NOW)
    feed = Feed(PHRASES, rota="primary")
    text = ics(feed.title(plan), plan.timezone, marked(feed, [version(1, NOW, plan, shown)], shown), shown)
    assert all(len(line) <= 75 for line in text.split(b"\r\n"))
    assert b"\n" not in text.replace(b"\r\n", b"")
    wanted = " ".join(NASTY.split())
    said = {str(event["SUMMARY"]) for event in Calendar.from_ical(text).walk("VEVENT")}
    assert said == {wanted, "Alessio Conti", "Sara Ricci"}


def test_what_stands_around_the_events() -> None:
    plan = OF_FILE
    shown = horizon(plan.timezone, NOW)
    feed = Feed(PHRASES, person="giulia")
    calendar = Calendar.from_ical(ics(feed.title(plan), plan.timezone, marked(feed, [], shown), shown))
    assert str(calendar["X-WR-CALNAME"]) == str(calendar["NAME"]) == "Duties of Giulia Rossi"
    assert calendar["REFRESH-INTERVAL"].dt == timedelta(hours=1)
    assert calendar["REFRESH-INTERVAL"].params["VALUE"] == "DURATION"
    assert str(calendar["X-PUBLISHED-TTL"]) in ("PT1H", "1:00:00")
    first = events(plan, feed, shown)[0]
    assert (str(first["TRANSP"]), first["SEQUENCE"], first["DTSTAMP"].dt) == ("TRANSPARENT", 1, NOW)
    assert shown.start.astimezone(ZoneInfo("Europe/Rome")).date() == date(2026, 9, 21)
    assert shown.end - NOW > timedelta(days=365)


def test_a_person_or_rota_that_is_not_there_has_no_events() -> None:
    assert history(FILE, feed=Feed(PHRASES, person="nobody")) == {}
    assert history(FILE, feed=Feed(PHRASES, rota="nothing")) == {}
