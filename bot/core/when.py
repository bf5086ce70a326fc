"""Times as people type them in a chat: "sat 18:00", "domani", "28/11 9:00", "2026-11-28T18:00".

Read on the wall of the given zone; a weekday, a day and month or an hour alone means the next such moment.
"""

import re
from collections.abc import Sequence
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
_NAMED = {"today": 0, "oggi": 0, "tomorrow": 1, "domani": 1, "dopodomani": 2}
_HOUR = re.compile(r"([0-9]{1,2})[:.]([0-9]{2})|h?([0-9]{1,2})h?")
_DAY_MONTH = re.compile(r"([0-9]{1,2})/([0-9]{1,2})(?:/([0-9]{4}))?")
_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2})?(?:Z|[+-][0-9]{2}:[0-9]{2})?)?")


def read_two(tokens: Sequence[str], now: datetime, zone: ZoneInfo) -> tuple[datetime, datetime, list[str]]:
    """FROM and TO at the beginning of `tokens`, aware UTC, and what is left over.

    TO without a day is the first such hour after FROM; a bare day as TO means the beginning of that day.
    Raises: Refused("bad_time") for what cannot be read, Refused("ends_before_start") for an empty stretch.
    """
    try:
        start, rest = _read(list(tokens), now, zone)
        end, rest = _read(rest, start, zone)
    except OverflowError:
        # Beyond the first or the last day that there is.
        raise Refused("bad_time", text=" ".join(tokens)[:40]) from None
    if end <= start:
        raise Refused("ends_before_start", start=start.isoformat(), end=end.isoformat())
    return start, end, rest


def _read(tokens: list[str], after: datetime, zone: ZoneInfo) -> tuple[datetime, list[str]]:
    if not tokens:
        raise Refused("bad_time", text="")
    token = _plain(tokens[0])
    if _ISO.fullmatch(tokens[0]):
        try:
            value = datetime.fromisoformat(tokens[0])
        except ValueError:
            raise Refused("bad_time", text=tokens[0][:40]) from None
        if value.tzinfo is not None:
            return _utc(value), tokens[1:]
        if "T" not in tokens[0] and len(tokens) > 1 and (hour := _hour(tokens[1])) is not None:
            return _at(value.date(), hour, zone), tokens[2:]
        return _at(value.date(), value.time(), zone), tokens[1:]
    local = after.astimezone(zone)
    day = _day(token, local.date())
    if day is None:
        hour = _hour(token)
        if hour is None:
            raise Refused("bad_time", text=tokens[0][:40])
        at = _at(local.date(), hour, zone)
        return (at if at > after else _at(local.date() + timedelta(days=1), hour, zone)), tokens[1:]
    hour = _hour(tokens[1]) if len(tokens) > 1 else None
    at = _at(day, hour or time(), zone)
    if token in _WEEKDAYS and at <= after and day == local.date():
        at = _at(day + timedelta(days=7), hour or time(), zone)
    return at, tokens[2:] if hour is not None else tokens[1:]


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
        raise Refused("bad_time", text=token[:40]) from None
    return found


def _hour(token: str) -> time | None:
    match = _HOUR.fullmatch(_plain(token))
    if match is None:
        return None
    hour, minute = int(match.group(1) or match.group(3)), int(match.group(2) or 0)
    if hour == 24 and minute == 0:
        raise Refused("bad_time", text=token[:40])
    return time(hour, minute) if hour < 24 and minute < 60 else None


def _at(day: date, hour: time, zone: ZoneInfo) -> datetime:
    try:
        return _utc(datetime.combine(day, hour, zone))
    except ValueError:
        raise Refused("bad_time", text=str(day)) from None


def _utc(value: datetime) -> datetime:
    return value.astimezone(ZoneInfo("UTC"))


def _plain(token: str) -> str:
    return token.casefold().replace("ì", "i").rstrip(".,")
