"""Which dates are holidays, written down by hand: Italy year by year, and the patron of every province's capital.

Source: ROTA.md ("`IT` means …"); L. 260/1949 with its changes up to L. 151/2025; the capitals' own calendars.
"""

import re
from datetime import UTC, date, datetime, timedelta

import holidays
import pytest

from schedules.office import is_open
from schedules.on_duty import who
from schedules.problems import RotaErrors
from schedules.public_holidays import Calendar, is_code
from schedules.rota_file import load

EVERY_YEAR = ["01-01", "01-06", "04-25", "05-01", "06-02", "08-15", "11-01", "12-08", "12-25", "12-26"]


def days(code: str, year: int) -> list[str]:
    return sorted(day.isoformat()[5:] for day in Calendar((code,)).in_year(year))


@pytest.mark.parametrize(
    ("year", "moving"),
    [
        pytest.param(2025, ["04-20", "04-21"], id="2025, before 4 October was one"),
        pytest.param(2026, ["04-05", "04-06", "10-04"], id="2026, the first 4 October"),
        pytest.param(2027, ["03-28", "03-29", "10-04"], id="2027, Easter on the night of the clocks"),
        pytest.param(2028, ["04-16", "04-17", "10-04"], id="2028"),
        pytest.param(2029, ["04-01", "04-02", "10-04"], id="2029"),
        pytest.param(2030, ["04-21", "04-22", "10-04"], id="2030"),
    ],
)
def test_the_italian_year(year: int, moving: list[str]) -> None:
    """Nothing else: neither Good Friday, 24 December nor the unity day on November's first Sunday."""
    assert days("IT", year) == sorted(EVERY_YEAR + moving)


# The patron day of each capital. The movable ones are below.
FIXED = dict(
    re.findall(
        r"(\w\w) (\S+)",
        """
AG 02-25 AL 11-10 AN 05-04 AO 09-07 AP 08-05 AQ 06-10 AR 08-07 AV 02-14 BA 12-06 BG 08-26 BI 12-26 BL 11-11 BN 08-24
BO 10-04 BS 02-15 CA 10-30 CB 04-23 CE 01-20 CH 05-11 CL 09-29 CN 09-29 CO 08-31 CR 11-13 CS 02-12 CT 02-05 CZ 07-16
EN 07-02 FC 02-04 FE 04-23 FG 03-22 FI 06-24 FR 06-20 GE 06-24 GO 03-16 GR 08-10 IM 11-26 IS 05-19 KR 10-09 LC 12-06
LE 08-26 LI 05-22 LO 01-19 LU 07-12 MB 06-24 MC 08-31 ME 06-03 MI 12-07 MN 03-18 MO 01-31 MS 10-04 MT 07-02 NA 09-19
NO 01-22 NU 08-05 OR 02-13 PA 07-15 PC 07-04 PD 06-13 PE 10-10 PG 01-29 PI 06-17 PO 12-26 PR 01-13 PT 07-25 PU 09-24
PV 12-09 PZ 05-30 RA 07-23 RC 04-23 RE 11-24 RI 12-04 RM 06-29 RN 10-14 RO 11-26 SA 09-21 SI 12-01 SO 06-19 SP 03-19
SR 12-13 SS 12-06 SV 03-18 TA 05-10 TE 12-19 TN 06-26 TO 06-24 TP 08-07 TR 02-14 TS 11-03 TV 04-27 UD 07-12 VA 05-08
VB 05-08 VC 08-01 VI 09-08 VR 05-21 VT 09-04 VV 03-01
""",
    )
)

# Two saints of one town, or of the three towns that are capital together.
SEVERAL = {
    "FM": ["08-15", "08-16"],
    "LT": ["04-25", "07-06"],
    "PN": ["04-25", "09-08"],
    "RG": ["04-23", "08-29"],
    "VE": ["04-25", "11-21"],
}
# By the weekday: Asti's first Tuesday of May, Brindisi's first Sunday of September, Carbonia's second Thursday of May,
# Bolzano's Whit Monday, Andria's third Sunday of September beside Trani's and Barletta's fixed days.
MOVABLE = {
    "AT": {2025: ["05-06"], 2026: ["05-05"], 2027: ["05-04"]},
    "BR": {2025: ["09-07"], 2026: ["09-06"], 2027: ["09-05"]},
    "BT": {2026: ["05-03", "09-20", "12-30"], 2027: ["05-03", "09-19", "12-30"]},
    "BZ": {2025: ["06-09"], 2026: ["05-25"], 2027: ["05-17"], 2028: ["06-05"]},
    "SU": {2026: ["05-14"], 2027: ["05-13"]},
}


@pytest.mark.parametrize("province", FIXED)
def test_a_province_is_the_patron_day_of_its_capital(province: str) -> None:
    """Alone, also where it falls on a national holiday: `IT` and `IT-MI` are written side by side."""
    for year in range(2025, 2031):
        assert days(f"IT-{province}", year) == [FIXED[province]]


def test_capitals_with_two_saints_and_with_movable_days() -> None:
    for province, both in SEVERAL.items():
        assert days(f"IT-{province}", 2026) == both
    for province, by_year in MOVABLE.items():
        assert {year: days(f"IT-{province}", year) for year in by_year} == by_year


def test_no_province_is_left_out() -> None:
    """When a release of the library brings a new one, its patron is looked up before it is believed."""
    known = {code for code in holidays.country_holidays("IT").subdivisions if len(code) == 2}
    assert known == {*FIXED, *SEVERAL, *MOVABLE}


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        pytest.param("IT-Roma", ["06-29"], id="a capital by its name"),
        pytest.param("IT-Perugia", ["01-29"], id="not the saints of Assisi"),
        pytest.param("IT-Forlì-Cesena", ["02-04"], id="the capital is Forlì"),
        pytest.param("IT-Cesena", ["06-24"], id="but Cesena can be named"),
        pytest.param("IT-Biella", ["12-26"], id="St Stephen's, a national day too"),
    ],
)
def test_towns_by_name(code: str, expected: list[str]) -> None:
    assert days(code, 2026) == expected


def test_a_patron_day_may_fall_on_the_unity_day_and_still_counts() -> None:
    """3 November 2024 was the first Sunday: no day off in Italy, San Giusto in Trieste."""
    assert date(2024, 11, 3) not in Calendar(("IT",))
    assert date(2024, 11, 3) in Calendar(("IT", "IT-TS"))


def test_single_dates_stand_beside_codes() -> None:
    calendar = Calendar(("IT", "IT-MI"), frozenset({date(2026, 12, 24)}))
    december = [day.day for day in sorted(calendar.in_year(2026)) if day.month == 12]
    assert december == [7, 8, 24, 25, 26]
    assert date(2027, 12, 24) not in calendar


HEAD = 'timezone = "{zone}"\n[people.a]\nrole = "lead"\n[office]\nhours = ["daily 00:00-24:00"]\nholidays = [{days}]\n'
ALWAYS = '[[rotas.primary.layers]]\npeople = ["a"]\nstarts = 2026-01-01\nturn = "1 week"\n'


@pytest.mark.parametrize(
    ("zone", "edges"),
    [
        pytest.param("Europe/Rome", ("2026-12-24T23:00:00Z", "2026-12-26T23:00:00Z"), id="Rome, an hour ahead"),
        pytest.param("Europe/Lisbon", ("2026-12-25T00:00:00Z", "2026-12-27T00:00:00Z"), id="Lisbon"),
        pytest.param("America/New_York", ("2026-12-25T05:00:00Z", "2026-12-27T05:00:00Z"), id="New York"),
        pytest.param("Pacific/Auckland", ("2026-12-24T11:00:00Z", "2026-12-26T11:00:00Z"), id="Auckland"),
    ],
)
def test_a_holiday_is_a_day_of_the_offices_zone(zone: str, edges: tuple[str, str]) -> None:
    """Christmas and St Stephen's begin and end at midnight there, wherever the instant was written."""
    plan = load(HEAD.format(zone=zone, days='"IT"') + ALWAYS + 'windows = ["holiday 00:00-24:00"]\n')
    for edge, closes in zip(edges, (True, False), strict=True):
        at = datetime.fromisoformat(edge).astimezone(UTC)
        for instant, holiday in ((at - timedelta(microseconds=1), not closes), (at, closes)):
            assert is_open(plan, instant) is not holiday
            assert who(plan, "primary", instant) == ({"a"} if holiday else frozenset())


def test_a_layers_zone_says_when_its_holidays_are() -> None:
    """The office's Christmas, by the clock of the layer's people."""
    windows = 'timezone = "America/New_York"\nwindows = ["holiday 00:00-24:00"]\n'
    plan = load(HEAD.format(zone="Europe/Rome", days="2026-12-25") + ALWAYS + windows)
    hours = ("25T04:59:59", "25T05:00:00", "26T04:59:59", "26T05:00:00")
    on = [who(plan, "primary", datetime.fromisoformat(f"2026-12-{hour}+00:00")) for hour in hours]
    assert on == [frozenset(), {"a"}, {"a"}, frozenset()]


@pytest.mark.parametrize("code", ["IT", "IT-MI", "IT-BT", "IT-Milano", "IT-L'Aquila", "PT", "DE-BY"])
def test_codes(code: str) -> None:
    assert is_code(code)


@pytest.mark.parametrize("code", ["XX", "IT-XX", "IT-mi", "it", "Italy", "", "IT-", "IT-Monza", "IT- MI", "ITA"])
def test_an_unknown_code_is_told_with_its_value_and_the_cure(code: str) -> None:
    """Never a traceback, and never a calendar without days."""
    assert not is_code(code)
    with pytest.raises(RotaErrors) as caught:
        load(HEAD.format(zone="Europe/Rome", days=f'"IT", "{code}"') + ALWAYS)
    (problem,) = caught.value.problems
    assert (problem.line, problem.value, problem.message) == (6, f'"{code}"', "not a holiday")
    assert '"IT' in problem.cure
