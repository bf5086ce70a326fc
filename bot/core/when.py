"""Times as people type them in a chat: "sat 18:00", "domani", "28/11 9:00", "20 dicembre", "2026-11-28T18:00".

Read on the wall of the given zone; a weekday, a day and month or an hour alone means the next such moment.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.errors import Refused

_WEEKDAYS = {
    name: number
    for number, names in enumerate(
        (
            ("mon", "monday", "lun", "lunedi"),
            ("tue", "tuesday", "mar", "martedi"),
            ("wed", "wednesday", "mer", "mercoledi"),
            ("thu", "thursday", "gio", "giovedi"),
            ("fri", "friday", "ven", "venerdi"),
            ("sat", "saturday", "sab", "sabato"),
            ("sun", "sunday", "dom", "domenica"),
        )
    )
    for name in names
}
_NAMED = {"yesterday": -1, "ieri": -1, "today": 0, "oggi": 0, "tomorrow": 1, "domani": 1, "dopodomani": 2}
_HOUR = re.compile(r"([0-9]{1,2})[:.]([0-9]{2})|h?([0-9]{1,2})h?")
_DAY_MONTH = re.compile(r"([0-9]{1,2})/([0-9]{1,2})(?:/([0-9]{4}))?")
_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2})?(?:Z|[+-][0-9]{2}:[0-9]{2})?)?")


_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            ("jan", "january", "gen", "gennaio"),
            ("feb", "february", "febbraio"),
            ("mar", "march", "marzo"),
            ("apr", "april", "aprile"),
            ("may", "mag", "maggio"),
            ("jun", "june", "giu", "giugno"),
            ("jul", "july", "lug", "luglio"),
            ("aug", "august", "ago", "agosto"),
            ("sep", "sept", "september", "set", "settembre"),
            ("oct", "october", "ott", "ottobre"),
            ("nov", "november", "novembre"),
            ("dec", "december", "dic", "dicembre"),
        ),
        1,
    )
    for name in names
}
# Said before a time, and worth nothing: "from 20/12 until 28/12", "dal 20 dicembre al 28".
_LEADING = frozenset({"from", "to", "until", "till", "da", "dal", "dalle", "a", "al", "alle", "fino", "-", "–"})
_NUMBER = re.compile(r"[0-9]{1,2}")
_OVER_THE_YEAR_MAX = timedelta(days=300)
_YEAR = re.compile(r"[0-9]{4}")


@dataclass(frozen=True, slots=True)
class _Read:
    """A time that was read. day: the date when no hour was given with it. rest: the tokens after it.

    hour: the one that was given. next_year: typed without a year, and this year's such day is over.
    """

    at: datetime
    day: date | None
    rest: list[str]
    hour: time | None = None
    iso: bool = False
    next_year: bool = False


def read_stretch(
    tokens: Sequence[str],
    now: datetime,
    zone: ZoneInfo,
    *,
    whole_days: bool = False,
    alone: Callable[[str], bool] | None = None,
) -> tuple[datetime, datetime, list[str]]:
    """FROM and TO at the beginning of `tokens`, aware UTC, and what is left over; or one day alone, the whole of it.

    TO without a day is the first such hour after FROM. From day to day both are meant: "20/12 28/12" ends with the
    28th. After an hour, and as an ISO date, a bare day as TO means its beginning; with whole_days, its end.
    alone: whether what stands after a bare day lets it be one day alone; None to take none.
    Raises: Refused("bad_day") for what cannot be read, Refused("no_end"), Refused("ends_before_start") for an empty
    stretch.
    """
    try:
        if pair := _apart(tokens):
            tokens = [*pair, *tokens[1:]]
        start = _read(_words(tokens, now.astimezone(zone).date()), now, zone)
        if start.day is not None and alone is not None and alone(" ".join(start.rest)):
            return start.at, _at(start.day + timedelta(days=1), time(), zone), start.rest
        if not start.rest:
            raise Refused("no_end")
        end = _read(start.rest, start.at, zone, start.hour)
        meant = whole_days or (start.day is not None and not end.iso)
        ends = _at(end.day + timedelta(days=1), time(), zone) if meant and end.day is not None else end.at
    except OverflowError:
        # Beyond the first or the last day that there is.
        raise Refused("bad_day", text=" ".join(tokens)[:40]) from None
    # "6/12 5/12" is a slip and not a year; "20/12 6/1" goes over the year's end.
    slip = end.next_year and ends - start.at > _OVER_THE_YEAR_MAX
    if ends <= start.at or slip:
        raise Refused("ends_before_start", start=start.at.isoformat(), end=ends.isoformat())
    return start.at, ends, end.rest


def read_days(tokens: Sequence[str], now: datetime, zone: ZoneInfo) -> tuple[datetime, datetime, list[str]]:
    """One day, or several as "fri-sun" or "11/12-13/12", from the beginning of the first to the end of the last.

    Raises: as `read_stretch`.
    """
    alone = None if _apart(tokens) else lambda _: True
    return read_stretch(tokens, now, zone, whole_days=True, alone=alone)


def begins_with_a_time(tokens: Sequence[str], now: datetime, zone: ZoneInfo) -> bool:
    """Whether the first words are meant as a time, and not as a name."""
    if not tokens or not tokens[0][0].isalpha():
        return bool(tokens)
    try:
        _read(_words([*(_apart(tokens) or tokens[:1]), *tokens[1:]], now.astimezone(zone).date()), now, zone)
    except (Refused, OverflowError):
        return False
    return True


def _apart(tokens: Sequence[str]) -> list[str]:
    """The first and last day of "fri-sun" or "11/12-13/12"; empty when the tokens begin with no such thing."""
    first, dash, second = tokens[0].replace("–", "-").partition("-") if tokens else ("", "", "")
    return [first, second] if dash and _is_day(first) and _is_day(second) else []


def _words(tokens: Sequence[str], today: date) -> list[str]:
    """The tokens with "20 dicembre 2026" as one; "dom 20/12" is "20/12" when that is a Sunday."""
    out: list[str] = []
    left = list(tokens)
    while left:
        token = left.pop(0)
        weekday = _WEEKDAYS.get(_plain(out[-1])) if out else None
        if _NUMBER.fullmatch(token) and left and (month := _MONTHS.get(_plain(left[0]))):
            dated = f"{token}/{month}" + (f"/{left[1]}" if len(left) > 1 and _YEAR.fullmatch(left[1]) else "")
            # "dom 18 mar 8:00" may be a Sunday, 18 March, or from Sunday at 18 until Tuesday.
            if _plain(left[0]) not in _WEEKDAYS or not out or not _is_day(out[-1]) or _falls_on(dated, weekday, today):
                token, left = dated, left[dated.count("/") :]
        if _falls_on(token, weekday, today):
            out[-1] = token
        else:
            out.append(token)
    return out


def _falls_on(token: str, weekday: int | None, today: date) -> bool:
    """Whether the token is a day and month that falls on that weekday."""
    if weekday is None or not _DAY_MONTH.fullmatch(token):
        return False
    try:
        day = _day(token, today)
    except Refused:
        return False
    return day is not None and day.weekday() == weekday


def _is_day(token: str) -> bool:
    plain = _plain(token)
    return plain in _NAMED or plain in _WEEKDAYS or _DAY_MONTH.fullmatch(plain) is not None


def _read(tokens: list[str], after: datetime, zone: ZoneInfo, since: time | None = None) -> _Read:
    """since: the hour that was typed for `after`; where the clocks go forward over it, `after` is an hour later."""
    while tokens and _plain(tokens[0]) in _LEADING:
        tokens = tokens[1:]
    if not tokens:
        raise Refused("bad_day", text="")
    token = _plain(tokens[0])
    hour = _hour(tokens[1]) if len(tokens) > 1 else None
    after_day = tokens[2:] if hour is not None else tokens[1:]
    if _ISO.fullmatch(tokens[0]):
        try:
            value = datetime.fromisoformat(tokens[0])
        except ValueError:
            raise Refused("bad_day", text=tokens[0][:40]) from None
        if value.tzinfo is not None:
            return _Read(_utc(value), None, tokens[1:])
        if "T" in tokens[0] or " " in tokens[0]:
            return _Read(_at(value.date(), value.time(), zone), None, tokens[1:], value.time())
        bare = value.date() if hour is None else None
        return _Read(_at(value.date(), hour or time(), zone), bare, after_day, hour, iso=True)
    local = after.astimezone(zone)
    day = _day(token, local.date())
    if day is None:
        hour = _hour(token)
        if hour is None:
            raise Refused("bad_day", text=tokens[0][:40])
        at = _at(local.date(), hour, zone)
        if at <= after and (since is None or hour <= since):
            at = _at(local.date() + timedelta(days=1), hour, zone)
        return _Read(at, None, tokens[1:], hour)
    at = _at(day, hour or time(), zone)
    if token in _WEEKDAYS and at <= after and day == local.date():
        day += timedelta(days=7)
        at = _at(day, hour or time(), zone)
    without_year = _DAY_MONTH.fullmatch(token) is not None and token.count("/") == 1
    bare = day if hour is None else None
    return _Read(at, bare, after_day, hour, next_year=without_year and day.year > local.year)


def _day(token: str, today: date) -> date | None:
    if token in _NAMED:
        return today + timedelta(days=_NAMED[token])
    if token in _WEEKDAYS:
        return today + timedelta(days=(_WEEKDAYS[token] - today.weekday()) % 7)
    match = _DAY_MONTH.fullmatch(token)
    if match is None:
        return None
    try:
        year = int(match.group(3) or today.year)
        found = date(year, int(match.group(2)), int(match.group(1)))
        if match.group(3) is None and found < today:
            found = date(year + 1, found.month, found.day)
    except ValueError:
        raise Refused("bad_day", text=token[:40]) from None
    return found


def _hour(token: str) -> time | None:
    match = _HOUR.fullmatch(_plain(token))
    if match is None:
        return None
    hour, minute = int(match.group(1) or match.group(3)), int(match.group(2) or 0)
    if hour == 24 and minute == 0:
        raise Refused("bad_day", text=token[:40])
    return time(hour, minute) if hour < 24 and minute < 60 else None


def _at(day: date, hour: time, zone: ZoneInfo) -> datetime:
    try:
        return _utc(datetime.combine(day, hour, zone))
    except ValueError:
        raise Refused("bad_day", text=str(day)) from None


def _utc(value: datetime) -> datetime:
    return value.astimezone(ZoneInfo("UTC"))


def _plain(token: str) -> str:
    return token.casefold().replace("ì", "i").rstrip(".,")
