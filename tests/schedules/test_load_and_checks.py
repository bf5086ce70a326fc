"""Hours counted on elapsed time, and the warnings that no error stops."""

from datetime import UTC, datetime, timedelta

import pytest

from schedules.checks import findings
from schedules.checks.news import news
from schedules.checks.phones import no_phone
from schedules.load import Load, load, load_of_rotas, quarter
from schedules.problems import Finding
from schedules.rota import Plan
from schedules.rota_file import load as load_file


def plan(body: str, people: str = "") -> Plan:
    return load_file(
        'timezone = "Europe/Rome"\n[office]\nhours = ["mon-fri 09:00-18:00"]\nholidays = ["IT"]\n'
        + '[people.a]\nname = "Ada"\nrole = "lead"\n'
        + (people or '[people.b]\nname = "Bob"\n[people.c]\nname = "Cat"\n')
        + body
    )


def layer(text: str, rota: str = "primary") -> str:
    return f'[[rotas.{rota}.layers]]\nstarts = 2026-01-01\nturn = "1 week"\n{text}\n'


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def hours(of: Load) -> tuple[float, float, float, float]:
    total, weekend, night, holiday = (
        part / timedelta(hours=1) for part in (of.total, of.weekend, of.night, of.holiday)
    )
    return total, weekend, night, holiday


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        pytest.param("2026-03-28T22:00:00+01:00", "2026-03-29T09:00:00+02:00", (10, 10, 7, 0), id="clocks forward"),
        pytest.param("2026-10-24T22:00:00+02:00", "2026-10-25T08:00:00+01:00", (11, 11, 9, 0), id="clocks back"),
        pytest.param("2026-11-27T18:00:00+01:00", "2026-11-30T09:00:00+01:00", (63, 48, 24, 0), id="a plain weekend"),
        pytest.param("2026-12-24T18:00:00+01:00", "2026-12-26T18:00:00+01:00", (48, 18, 16, 42), id="Christmas"),
        pytest.param("2026-11-27T05:30:00+01:00", "2026-11-27T06:30:00+01:00", (1, 0, 0.5, 0), id="the night's end"),
    ],
)
def test_load(start: str, end: str, expected: tuple[float, float, float, float]) -> None:
    of = plan(layer('people = ["a"]'))
    found = load(of, "primary", at(start), at(end))
    assert hours(found["a"]) == expected
    assert hours(found["b"]) == (0, 0, 0, 0)


def test_a_persons_own_calendar_counts_their_holidays() -> None:
    people = '[people.b]\nname = "Bob"\nholidays = [2026-11-26]\n'
    of = plan(layer('people = [["a", "b"]]'), people)
    found = load(of, "primary", at("2026-11-26T12:00:00Z"), at("2026-11-26T14:00:00Z"))
    assert [found[person].holiday for person in "ab"] == [timedelta(), timedelta(hours=2)]


def test_on_two_rotas_at_once_an_hour_is_an_hour() -> None:
    both = layer('people = ["a"]') + layer('people = ["a", "b"]', "backup").replace("1 week", "1 day")
    start, end = at("2026-03-28T00:00+01:00"), at("2026-03-30T00:00+02:00")
    found = load_of_rotas(plan(both), ["primary", "backup"], start, end)
    # The Sunday of the clock change has 23 hours.
    assert (hours(found["a"])[0], found["a"].weekends, found["a"].nights) == (47, 1, 3)
    assert hours(found["b"])[0] in (23, 24)


def test_the_instant_of_a_handoff_is_the_next_ones() -> None:
    """A holiday that meets a weekend: from Friday 25 December to Monday 28, handed over at midnight."""
    of = plan(layer('people = ["a", "b"]').replace("1 week", "1 day").replace("2026-01-01", "2026-12-25"))
    found = load(of, "primary", at("2026-12-25T00:00+01:00"), at("2026-12-28T00:00+01:00"))
    assert hours(found["a"]) == (48, 24, 16, 24)
    # Saturday 26 December is a holiday, too, and counts as both.
    assert hours(found["b"]) == (24, 24, 8, 24)
    assert (found["a"].weekends, found["a"].nights, found["b"].nights) == (1, 4, 2)


@pytest.mark.parametrize(
    ("now", "begins", "ends"),
    [
        pytest.param("2026-11-28T12:00+01:00", "2026-10-01T00:00+02:00", "2027-01-01T00:00+01:00", id="last"),
        pytest.param(
            "2026-01-01T00:00+01:00", "2026-01-01T00:00+01:00", "2026-04-01T00:00+02:00", id="its first instant"
        ),
        pytest.param(
            "2026-06-30T23:59+02:00", "2026-04-01T00:00+02:00", "2026-07-01T00:00+02:00", id="its last minute"
        ),
    ],
)
def test_the_quarter_is_that_of_the_wall(now: str, begins: str, ends: str) -> None:
    assert quarter(plan(layer('people = ["a"]')), at(now)) == (at(begins), at(ends))


NOW = at("2026-11-23T12:00:00Z")


def kinds(of: Plan) -> dict[str, Finding]:
    return {finding.kind: finding for finding in findings(of, NOW)}


def test_a_sound_rota_has_no_warnings() -> None:
    people = '[people.b]\nname = "Bob"\n[people.c]\nname = "Cat"\nnetwork = "other"\n'
    of = plan(layer('people = ["a", "b"]') + layer('people = ["c"]\nwindows = ["mon-fri 00:00-24:00"]', "x"), people)
    assert set(kinds(of)) <= {"gap", "unequal_load"}
    assert "gap" not in kinds(plan(layer('people = ["a", "b", "c"]')))


def test_a_gap_out_of_hours_is_told_with_its_dates() -> None:
    body = 'people = ["a", "b", "c"]\nwindows = ["fri 18:00 - mon 08:00", "mon-thu 18:00-09:00", "holiday 09:00-18:00"]'
    gap = kinds(plan(layer(body)))["gap"]
    # A Friday holiday, 1 January 2027, is covered until 09:00 by Thursday night; only Monday mornings are open.
    assert gap.when[0] == (at("2026-11-30T08:00:00+01:00"), at("2026-11-30T09:00:00+01:00"))
    assert len(gap.when) == 8


def test_no_gap_in_office_hours() -> None:
    body = 'people = ["a", "b", "c"]\nwindows = ["fri 18:00 - mon 09:00", "mon-thu 18:00-09:00", "holiday 09:00-18:00"]'
    assert "gap" not in kinds(plan(layer(body)))


def test_an_empty_rota_shouts() -> None:
    gap = kinds(plan("[rotas.primary]\n"))["gap"]
    assert "nobody is on duty at all" in gap.message


def test_a_gap_on_every_rota_is_told_apart_from_one_on_one_rota() -> None:
    """A hole of the primary that the backup fills is no hole of the team; one on both is, and comes first."""
    nights = 'windows = ["mon-thu 18:00-09:00"]'
    backup = layer('people = ["c"]', "backup") + "until = 2026-12-05T00:00:00\n"
    of = plan(layer('people = ["a", "b"]\n' + nights) + backup)
    everywhere, primary, on_backup = [each for each in findings(of, NOW) if each.kind == "gap"]
    assert (everywhere.rotas, everywhere.about) == (("primary", "backup"), "everywhere")
    assert everywhere.when[0] == (at("2026-12-05T00:00+01:00"), at("2026-12-07T09:00+01:00"))
    assert everywhere.message.startswith("primary, backup: nobody is on duty on any rota out of hours for ")
    assert primary.when == (
        (at("2026-11-27T18:00+01:00"), at("2026-11-30T09:00+01:00")),
        (at("2026-12-04T18:00+01:00"), at("2026-12-05T00:00+01:00")),
    )
    assert primary.message.endswith("(backup has somebody)")
    assert on_backup.rotas == ("backup",)


def test_two_empty_rotas_are_one_hole() -> None:
    (gap,) = [each for each in findings(plan("[rotas.primary]\n[rotas.backup]\n"), NOW) if each.kind == "gap"]
    assert gap.message == "primary, backup: nobody is on duty on any rota at all out of hours in the next 8 weeks"


def test_primary_and_backup_the_same_person() -> None:
    both = layer('people = ["a", "b"]')
    found = kinds(plan(both + both.replace("primary", "backup")))["same_person"]
    assert found.people == ("a", "b")
    assert found.when == ((NOW, NOW + timedelta(weeks=8)),) or len(found.when) > 1


@pytest.mark.parametrize(("network", "warned"), [("own", True), ("other", False)])
def test_both_on_our_own_network(network: str, warned: bool) -> None:
    people = f'network = "own"\n[people.b]\nname = "Bob"\nnetwork = "{network}"\n'
    of = plan(layer('people = ["a"]') + layer('people = ["b"]', "backup"), people)
    assert ("same_network" in kinds(of)) is warned


def test_two_weekends_in_a_row() -> None:
    found = kinds(plan(layer('people = ["a", "b"]').replace("1 week", "2 weeks")))["weekends_in_a_row"]
    assert found.when[0][0].astimezone().tzinfo is not None
    assert len(found.when) >= 2
    assert "weekends_in_a_row" not in kinds(plan(layer('people = ["a", "b"]').replace("2026-01-01", "2026-01-02")))


def test_two_weekends_in_a_row_count_across_rotas() -> None:
    """Primary on one weekend and backup on the next are two weekends on which the phone may ring."""
    fridays = layer('people = ["a", "b", "c"]').replace("2026-01-01", "2026-11-27")
    others = layer('people = ["b", "c", "a"]', "backup").replace("2026-01-01", "2026-11-27")
    found = {each.people[0]: each for each in findings(plan(fridays + others), NOW) if each.kind == "weekends_in_a_row"}
    assert found["b"].rotas == ("primary", "backup")
    assert found["b"].when[:2] == (
        (at("2026-11-28T00:00+01:00"), at("2026-11-30T00:00+01:00")),
        (at("2026-12-05T00:00+01:00"), at("2026-12-07T00:00+01:00")),
    )
    assert found["b"].message == "primary, backup: Bob has two weekends in a row"
    assert "weekends_in_a_row" not in kinds(plan(fridays))


def test_the_weekend_before_counts_as_the_first_of_two() -> None:
    """On the Monday between two weekends the second one still is ahead."""
    body = layer('people = ["a", "b"]').replace("1 week", "2 weeks").replace("2026-01-01", "2026-11-20")
    first = next(each for each in findings(plan(body), NOW) if each.kind == "weekends_in_a_row")
    assert (first.people, first.when[0][0]) == (("a",), at("2026-11-21T00:00+01:00"))


def test_who_leaves_or_joins_is_no_sign_of_unfairness() -> None:
    """Bob has few nights because he leaves in January: from then on the rest share them equally."""
    change = 'changes = [{ at = 2027-01-07T00:00:00, people = ["a", "c"], holder = "a" }]'
    found = [
        each
        for each in findings(plan(layer(f'people = ["a", "b", "c"]\n{change}')), NOW)
        if each.kind == "unequal_load"
    ]
    assert "b" not in {person for each in found for person in each.people}


def test_unequal_load() -> None:
    of = plan(layer('people = ["a", "a", "a", "b"]'))
    found = [finding for finding in findings(of, NOW) if finding.kind == "unequal_load"]
    assert [finding.message.split()[2] for finding in found] == ["weekends", "nights", "holidays"]
    assert found[0].people == ("a", "b")


def test_a_second_team_for_holidays_is_not_unfair() -> None:
    """Only who take turns with one another are compared."""
    people = "[people.b]\n[people.c]\n[people.d]\n"
    others = 'people = ["c", "d"]\nwindows = ["holiday 00:00-24:00"]\npriority = 1'
    of = plan(layer('people = ["a", "b"]') + layer(others).replace("1 week", "1 window"), people)
    assert "unequal_load" not in kinds(of)
    both = plan(
        layer('people = ["a", "b"]') + layer(others.replace('"d"', '"b"')).replace("1 week", "1 window"), people
    )
    assert "unequal_load" in kinds(both)


def test_a_single_person_for_a_line() -> None:
    body = '[lines.119]\ntitle = "mobile"\n[lines.187]\n'
    people = 'lines = ["119", "187"]\n[people.b]\nname = "Bob"\nlines = ["187"]\n'
    found = [
        finding
        for finding in findings(plan(layer('people = ["a", "b"]') + body, people), NOW)
        if finding.kind == "lonely_line"
    ]
    assert [(finding.message, finding.people) for finding in found] == [
        ("line 119 (mobile): only Ada knows it", ("a",))
    ]


def test_a_line_for_which_one_person_alone_is_called() -> None:
    """Where nobody says what they know, the ladder does: leads at its end do not count."""
    (found,) = [
        each
        for each in findings(plan(layer('people = ["b"]') + '[lines.119]\ntitle = "mobile"\n'), NOW)
        if each.kind == "lonely_line"
    ]
    assert found.message == "line 119 (mobile): only Bob is called for it in the next 8 weeks"
    two = plan(layer('people = ["b", "c"]') + '[lines.119]\ntitle = "mobile"\n')
    assert "lonely_line" not in kinds(two)


def test_a_person_on_duty_with_no_phone() -> None:
    of = plan(layer('people = ["a", "b", "c"]\nwindows = ["fri 18:00 - mon 09:00"]'))
    ahead = no_phone(of, NOW, NOW + timedelta(weeks=3), {"a", "c"})
    assert [(each.people, each.rotas, len(each.when)) for each in ahead] == [(("b",), ("primary",), 1)]
    assert ahead[0].message == "primary: Bob is on duty and has no linked phone to be rung"
    assert no_phone(of, NOW, NOW + timedelta(weeks=3), {"a", "b", "c"}) == []


def test_only_what_is_new_is_news() -> None:
    """The same warning with another number, or seen a day later, is no news; a new stretch of an old gap is."""
    day = timedelta(days=1)
    gap = Finding("gap", "for 24 h", ((NOW, NOW + day),), (), ("primary",))
    longer = Finding("gap", "for 48 h", ((NOW, NOW + 2 * day),), (), ("primary",))
    load_ = Finding("unequal_load", "96 h, 24 h", ((NOW, NOW + day),), ("a", "b"), ("primary",), "nights")
    later = Finding("unequal_load", "97 h, 24 h", ((NOW + day, NOW + 2 * day),), ("a", "b"), ("primary",), "nights")
    assert news([gap, load_], [gap, load_]) == []
    assert news([longer, load_], [gap, later]) == []
    (told,) = news([gap], [longer])
    assert told.when == ((NOW + day, NOW + 2 * day),)
    assert news([], [gap, load_]) == [gap, load_]
    assert news([gap], [Finding("gap", "", gap.when, (), ("backup",))])[0].rotas == ("backup",)
    both = Finding("gap", "", gap.when, (), ("primary", "backup"), "everywhere")
    assert news([both], [gap]) == [], "half of it has been filled"
    assert news([gap], [both]) == [both], "now it is nobody at all"


def test_a_rota_that_no_ladder_pages_is_left_alone() -> None:
    ladder = '[[escalations.x.steps]]\npage = ["rota:primary"]\nwait_min = 5\n'
    of = plan(layer('people = ["a", "b", "c"]') + "[rotas.training]\n" + ladder)
    assert "gap" not in kinds(of)
