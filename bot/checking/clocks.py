"""This machine's clock beside those of X and Telegram, which tell theirs with every answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.checking.check import Check

# Answers take up to a few seconds and tell whole seconds; more than this is no accident, and ages on cards are off.
ODD = timedelta(seconds=30)
# X refuses OAuth 1.0a signatures whose time is about five minutes off (X, "Creating a signature"; checked 2026-11).
REFUSED = timedelta(minutes=4)


@dataclass(frozen=True, slots=True)
class Reading:
    """What their clock said when ours said `ours`; both aware."""

    whose: str
    theirs: datetime
    ours: datetime

    @property
    def ahead(self) -> timedelta:
        """How far ours is ahead of theirs."""
        return self.ours - self.theirs


def clock_check(readings: Sequence[Reading], *, shifted: bool) -> Check:
    """The worst of them. shifted: NOW_OFFSET_S moves our clock on purpose."""
    if not readings:
        return Check("clock", True, "not compared: neither X nor Telegram told the time", "Try again when they answer.")
    worst = max(readings, key=lambda each: abs(each.ahead))
    off = abs(worst.ahead)
    whose = " and ".join(dict.fromkeys(each.whose for each in readings))
    if off <= ODD:
        return Check("clock", True, f"agrees with {whose} within {ODD.total_seconds():.0f} seconds")
    where = "ahead of" if worst.ahead > timedelta() else "behind"
    what = f"this machine's clock is {_spoken(off)} {where} {worst.whose}'s"
    if shifted:
        cure = "Is the clock of the stand-ins shifted as well? NOW_OFFSET_S shifts ours alone."
    else:
        cure = "Set it by the network: timedatectl set-ntp true (Debian: apt install systemd-timesyncd)."
    if off > REFUSED:
        what += "; X refuses signatures that are five minutes off"
    return Check("clock", off <= REFUSED, what, cure)


def _spoken(off: timedelta) -> str:
    seconds = int(off.total_seconds())
    return f"{seconds} seconds" if seconds < 120 else f"{seconds // 60} minutes"
