"""Wall clock ↔ instant. Every rule about clock changes is in this file and nowhere else.

Inside the engine both are whole microseconds since 1970-01-01: instants in UTC, wall times as the clock on the wall
shows them. Plain integers neither overflow in the years 1 and 9999 nor forget an offset when they are subtracted.

Source: ROTA.md, "Time"; RFC 5545 §3.3.5; Python's fold=0.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

MICROSECOND = timedelta(microseconds=1)
MINUTE_US = 60_000_000
HOUR_US = 60 * MINUTE_US
DAY_US = 24 * HOUR_US

_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - a wall time has no zone
_EPOCH_UTC = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH_ORDINAL = _EPOCH.toordinal()
FIRST_DAY, LAST_DAY = date.min.toordinal(), date.max.toordinal()
FIRST_US = (datetime.min.replace(tzinfo=UTC) - _EPOCH_UTC) // MICROSECOND
LAST_US = (datetime.max.replace(tzinfo=UTC) - _EPOCH_UTC) // MICROSECOND
# Between these the local time of every zone is within the years 1 to 9999, too.
_INSIDE_FIRST, _INSIDE_LAST = FIRST_US + 2 * DAY_US, LAST_US - 2 * DAY_US

_WRITTEN = re.compile(r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)?)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Moment:
    """A time as it was written: `wall` in the zone that applies there, naive; `instant`, aware UTC, what it means.

    The two differ in more than form when the wall time was skipped or stands twice, or was written with an offset.
    """

    wall: datetime
    instant: datetime


def to_us(instant: datetime) -> int:
    """An aware instant as microseconds since the epoch."""
    return (instant - _EPOCH_UTC) // MICROSECOND


def from_us(instant_us: int) -> datetime:
    """The aware UTC instant; what lies beyond the years 1 to 9999 is cut to their ends."""
    return _EPOCH_UTC + timedelta(microseconds=min(max(instant_us, FIRST_US), LAST_US))


def wall_us(wall: datetime) -> int:
    """A naive wall time as microseconds on the wall's own axis."""
    return (wall - _EPOCH) // MICROSECOND


def day_us(ordinal: int) -> int:
    """00:00 on the wall of the day with this `date.toordinal()`."""
    return (ordinal - _EPOCH_ORDINAL) * DAY_US


def day_of(wall: int) -> int:
    """The `date.toordinal()` of a wall time."""
    return wall // DAY_US + _EPOCH_ORDINAL


class Zone:
    """One time zone: offsets, and the two readings of a clock."""

    __slots__ = ("_info", "key")

    def __init__(self, key: str) -> None:
        self.key = key
        self._info = ZoneInfo(key)

    def instant(self, wall: int) -> int:
        """When the wall shows `wall`: the first of two, and in a gap the offset from before it."""
        # fold=0 is the default of datetime, and means exactly this.
        shown = wall if FIRST_US <= wall <= LAST_US else min(max(wall, FIRST_US), LAST_US)
        offset = self._info.utcoffset(_EPOCH + timedelta(0, 0, shown))
        assert offset is not None
        return wall - offset // MICROSECOND

    def offset(self, instant: int) -> int:
        """Wall minus UTC at `instant`, in microseconds; near the ends of the calendar that of two days inside."""
        if not _INSIDE_FIRST <= instant <= _INSIDE_LAST:
            instant = min(max(instant, _INSIDE_FIRST), _INSIDE_LAST)
        offset = (_EPOCH_UTC + timedelta(0, 0, instant)).astimezone(self._info).utcoffset()
        assert offset is not None
        return offset // MICROSECOND

    def wall(self, instant: int) -> int:
        """What the wall shows at `instant`."""
        return instant + self.offset(instant)


@lru_cache(maxsize=700)
def zone(key: str) -> Zone:
    """The zone of that IANA name.

    Raises: KeyError, ValueError or OSError for a name that is none (see `is_zone`).
    """
    return Zone(key)


def is_zone(key: str) -> bool:
    """Whether the zone data know this name."""
    try:
        zone(key)
    except (KeyError, ValueError, OSError):
        return False
    return True


def moment(value: date, key: str) -> Moment:
    """A TOML date or date-time, read in the zone `key`.

    A bare date is 00:00; one with an offset is that instant, and its wall is what the wall shows then.
    """
    if not isinstance(value, datetime):
        value = datetime(value.year, value.month, value.day)  # noqa: DTZ001 - a wall time has no zone
    here = zone(key)
    offset = value.utcoffset()
    naive = value.replace(tzinfo=None, fold=0)
    if offset is None:
        return Moment(naive, from_us(here.instant(wall_us(naive))))
    instant = wall_us(naive) - offset // MICROSECOND
    return Moment(from_us(here.wall(instant)).replace(tzinfo=None), from_us(instant))


def parse_instant(text: str, key: str) -> datetime:
    """The instant meant by a date, a wall time in the zone `key`, or a date-time with an offset or Z; aware, UTC.

    Raises: ValueError, in plain words, for anything else and for what falls outside the years 1 to 9999.
    """
    written = text.strip()
    if not _WRITTEN.fullmatch(written):
        raise ValueError(f"not a time: {written[:60]!r}; write 2026-11-28T10:00:00Z or a wall time without Z")
    try:
        value = datetime.fromisoformat(written)
    except ValueError as error:
        raise ValueError(f"no such time: {written!r} ({error})") from None
    offset = value.utcoffset()
    naive = wall_us(value.replace(tzinfo=None))
    instant = zone(key).instant(naive) if offset is None else naive - offset // MICROSECOND
    if not FIRST_US <= instant <= LAST_US:
        raise ValueError(f"out of range: {written!r} is not within the years 1 to 9999 in UTC")
    return from_us(instant)


def format_instant(instant: datetime) -> str:
    """UTC with Z: 2026-11-28T10:00:00Z."""
    return instant.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"
