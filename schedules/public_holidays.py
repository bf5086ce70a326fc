"""Which dates are holidays: a country's, a province's patron day, single dates.

The library's "National Unity Day" (first Sunday of November, or 4 November long ago) is no day off and is left out; a
province code stands for its own days only, so that "IT" and "IT-MI" are written side by side.
Source: ROTA.md; L. 260/1949 with its changes up to L. 151/2025 (4 October, from 2026).
"""

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

_CODE = re.compile(r"[A-Z]{2}(-[^\s-][^\n]{0,40})?")
_NO_DAY_OFF = frozenset({"National Unity Day"})

# A province is its capital, but the library lists every large town of these two (checked with 0.109, November 2026).
_CAPITALS = {"FC": "Forli", "PU": "Pesaro"}

# And here it misses the capital's day: St Stephen's is no more than the national day to it, and under Perugia stand
# the saints of Assisi, while San Costanzo is kept.
_PATRONS = {"BI": (12, 26), "PG": (1, 29), "PO": (12, 26)}


@dataclass(frozen=True, slots=True)
class Calendar:
    """Holidays by code (ISO country "IT", or country and subdivision "IT-MI") and by single date."""

    codes: tuple[str, ...] = ()
    dates: frozenset[date] = frozenset()

    def __contains__(self, day: date) -> bool:
        """Whether `day` is a holiday."""
        return day in self.in_year(day.year)

    def in_year(self, year: int) -> frozenset[date]:
        """All holidays of one year."""
        return _in_year(self, year)


NO_HOLIDAYS = Calendar()


@lru_cache(maxsize=20_000)
def _in_year(calendar: Calendar, year: int) -> frozenset[date]:
    days = {day for day in calendar.dates if day.year == year}
    for code in calendar.codes:
        days |= _days_of(code, year)
    return frozenset(days)


@lru_cache(maxsize=20_000)
def _days_of(code: str, year: int) -> frozenset[date]:
    country, _, province = code.partition("-")
    national = _named(country, "", year)
    if not province:
        return frozenset(national)
    if country == "IT":
        province = _italian(province)
        if patron := national and _PATRONS.get(province):
            return frozenset({date(year, *patron)})
    local = _named(country, province, year)
    return frozenset(day for day, names in local.items() if names - national.get(day, frozenset()))


def _italian(province: str) -> str:
    """The library's name for a province's capital, given the province's code or name."""
    from holidays.countries.italy import Italy

    code = Italy.subdivisions_aliases.get(province, province)
    return _CAPITALS.get(code, code)


def _named(country: str, province: str, year: int) -> dict[date, frozenset[str]]:
    # Imported here: it costs a tenth of a second, and many rotas have no holidays.
    import holidays

    first, last = _years_known(country)
    if not first <= year <= last:
        return {}
    # Italian names do not tell the unity day apart in every release; the English ones do.
    language = "en_US" if country == "IT" else None
    found = holidays.country_holidays(country, subdiv=province or None, years=[year], language=language)
    named = {day: frozenset(found.get_list(day)) - _NO_DAY_OFF for day in found if day.year == year}
    return {day: names for day, names in named.items() if names}


@lru_cache(maxsize=500)
def _years_known(country: str) -> tuple[int, int]:
    """The years the library has data for (Italy: 1870 to 2100); asking beyond them is slow and yields nothing."""
    import holidays

    found = holidays.country_holidays(country)
    return found.start_year, found.end_year


@lru_cache(maxsize=500)
def is_code(code: str) -> bool:
    """Whether the library knows this country, or country and subdivision."""
    if not _CODE.fullmatch(code):
        return False
    country, _, province = code.partition("-")
    try:
        _named(country, province, 2026)
    except (NotImplementedError, KeyError, ValueError, AttributeError, TypeError):
        return False
    return True
