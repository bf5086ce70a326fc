"""The settings, the files and their disk: what this machine must have before anything else matters."""

import shutil
import stat
from collections.abc import Iterator
from pathlib import Path

from bot.checking.check import Check, split, wrong
from bot.errors import Misconfigured
from bot.settings import Settings, is_loopback
from bot.store.db import parse_url, sqlite_path

PUBLIC_APIS = {"TELEGRAM_API_URL": "https://api.telegram.org", "X_API_URL": "https://api.x.com"}
# A busy weekend writes some tens of MB; an upgrade copies the file; a full disk stops the intake.
FREE_AT_LEAST = 200 * 1024**2
FREE_COMFORTABLY = 1024**3


def settings_checks(settings: Settings, config: Path | None) -> Iterator[Check]:
    """Are all keys there, and what is odd about them?"""
    try:
        settings.require_doors()
    except Misconfigured as problem:
        yield wrong("settings", str(problem))
    else:
        yield Check("settings", True, f"read from {config}" if config else "read from the environment")
    for warning in settings.warnings:
        # The one warning about a file is about who may read our secrets: that is wrong, not odd.
        what, cure = split(warning)
        if config is not None and warning.startswith(f"{config} "):
            yield Check("files", False, what, cure)
        else:
            yield Check("settings", True, what, cure or "Look at config.example.env, which explains each key.")
    if settings.dry_run:
        yield Check("settings", True, "DRY_RUN=1: it reads and pages, but posts nothing", "Set DRY_RUN=0 to go live.")
    if settings.now_offset_s:
        what = f"NOW_OFFSET_S={settings.now_offset_s:g} shifts the clock of every command: this is a rehearsal"
        yield Check("settings", True, what, "Remove NOW_OFFSET_S to go live.")
    yield from _addresses(settings)


def _addresses(settings: Settings) -> Iterator[Check]:
    """Do both doors lead to the real world, or both to the stand-ins?"""
    asked = {"TELEGRAM_API_URL": settings.telegram_api_url, "X_API_URL": settings.x_api_url}
    elsewhere = [key for key, url in asked.items() if url != PUBLIC_APIS[key]]
    rehearsed = [key for key in elsewhere if is_loopback(asked[key])]
    if not elsewhere:
        yield Check("addresses", True, "X and Telegram themselves are asked")
    elif len(rehearsed) == 1:
        other = next(key for key in asked if key not in rehearsed)
        what = f"{rehearsed[0]} is on loopback but {other} is not: half a rehearsal mixes real people and a stand-in"
        yield Check(
            "addresses", False, what, "Leave both empty for the real X and Telegram, or point both to loopback."
        )
    else:
        stage = "the stand-ins on loopback" if rehearsed else "neither X nor Telegram themselves"
        what = ", ".join(f"{key}={asked[key]}" for key in elsewhere) + f": {stage}"
        yield Check("addresses", True, what, f"Leave {' and '.join(elsewhere)} empty to go live.")


def file_checks(settings: Settings) -> Iterator[Check]:
    """May others read what customers wrote?"""
    path = database_file(settings)
    if path is None or not path.exists():
        return
    others = stat.S_IRWXG | stat.S_IRWXO
    family = [path, *sorted(path.parent.glob(f"{path.name}-*")), *sorted(path.parent.glob(f"{path.name}.before-*"))]
    if open_files := [each for each in family if each.exists() and each.stat().st_mode & others]:
        names = " ".join(map(str, open_files))
        yield Check("files", False, f"others may read what customers wrote: {names}", f"chmod 600 {names}")
    else:
        yield Check("files", True, f"only its owner may read {path}")


def disk_checks(settings: Settings, free: int | None = None) -> Iterator[Check]:
    """Is there room to write? free: bytes, looked up when None."""
    path = database_file(settings)
    if path is None or not path.parent.is_dir():
        return
    left = shutil.disk_usage(path.parent).free if free is None else free
    mib = f"{left // 1024**2} MiB are free where {path.name} lies ({path.parent})"
    cure = "Make room there, or move the database: a full disk stops everything."
    if left < FREE_AT_LEAST:
        yield Check("disk", False, f"only {mib}", cure)
    else:
        yield Check("disk", True, mib, "" if left >= FREE_COMFORTABLY else cure)


def database_file(settings: Settings) -> Path | None:
    """Where the SQLite file is; None for PostgreSQL, or an address that the check of the database will tell about."""
    try:
        return sqlite_path(parse_url(settings.database_url))
    except Misconfigured:
        return None
