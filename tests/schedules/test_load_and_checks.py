"""Hours counted on elapsed time, and the warnings that no error stops."""

from datetime import UTC, datetime, timedelta

import pytest

from schedules.checks import findings
from schedules.load import Load, load
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


def test_a_rota_that_no_ladder_pages_is_left_alone() -> None:
    ladder = '[[escalations.x.steps]]\npage = ["rota:primary"]\nwait_min = 5\n'
    of = plan(layer('people = ["a", "b", "c"]') + "[rotas.training]\n" + ladder)
    assert "gap" not in kinds(of)
