"""What is measured: one function a scenario, each one run of one subject against a fresh stage."""

import contextlib
import random
import shutil
import sqlite3
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks import prepared
from benchmarks.processes import Measured, StageProcess, Subject, TooLate, running, stage
from benchmarks.stage import PEOPLE
from benchmarks.texts import Kind, Said, said

POLL_S = 0.2
LATENCY_HANDLES = ("Care1",)
# X shows the newest 800 mentions of an account, so the backlog is spread over eight.
BACKLOG_HANDLES = tuple(f"Care{i}" for i in range(1, 9))
# The default: the first poll shows everything, and at 0.2 s eight accounts would mostly measure reading again.
BACKLOG_POLL_S = 15.0
# How often the database is looked at from outside while a backlog is worked off: the figure's precision.
LOOK_AT_DATABASE_S = 0.02
START_TIMEOUT_S = 60.0
LATE_S = 30.0

Wave = list[tuple[float, str, str, str, str]]


@dataclass(frozen=True, slots=True)
class Latency:
    """One run at one rate. samples: seconds from visible to accepted, one an alarm; lost: alarms that never rang.

    cpu_s and wall_s: of the stretch under load. answer_ms: what the stand-in itself took for a page, in the middle.
    """

    subject: Subject
    rate: float
    mentions: int
    samples: tuple[float, ...]
    lost: int
    wall_s: float
    cpu_s: float
    peak_mib: float
    answer_ms: float


@dataclass(frozen=True, slots=True)
class Backlog:
    """One backlog worked off. Seconds from the first poll's request: until every mention was judged and every alarm
    stood in the outbox (None: the forwarder has none), and until the last alarm was accepted by Telegram."""

    subject: Subject
    mentions: int
    alarms: int
    first_poll_s: float
    judged_s: float | None
    rung_s: float
    cpu_s: float
    peak_mib: float


@dataclass(frozen=True, slots=True)
class Day:
    """A day's mentions and a few replies. cost: what X charges for them, as the stand-in's meter has it."""

    subject: Subject
    mentions: int
    replies: int
    cost: dict[str, Any]
    peak_mib: float


@dataclass(frozen=True, slots=True)
class Start:
    """One start on a database with a past: seconds from the process's begin to its first request for mentions."""

    subject: Subject
    first_poll_s: float
    cpu_s: float
    peak_mib: float


def steady(rate: float, seconds: float, handle: str, seed: int) -> Wave:
    """`rate` mentions a second at random instants; at most one alarm a second, the rest normal and noise."""
    chance = random.Random(seed)  # noqa: S311 - repeatable, not secret
    count, alarms = round(rate * seconds), round(min(rate, 1.0) * seconds)
    others: list[Kind] = ["normal" if chance.random() < 0.6 else "noise" for _ in range(count - alarms)]
    instants = [(chance.uniform(0, seconds), kind) for kind in others]
    # One alarm in each second, so that they do not come in heaps.
    instants += [((i + chance.random()) * seconds / alarms, "alarm") for i in range(alarms)]
    instants.sort()
    posts = said([kind for _, kind in instants], handle, chance)
    return [_wire(at, post) for (at, _), post in zip(instants, posts, strict=True)]


def heap(count: int, alarms: int, handles: Sequence[str], seed: int) -> Wave:
    """`count` mentions at once, shared out among the accounts."""
    chance = random.Random(seed)  # noqa: S311 - repeatable, not secret
    kinds: list[Kind] = ["alarm"] * alarms
    kinds += ["normal" if chance.random() < 0.6 else "noise" for _ in range(count - alarms)]
    chance.shuffle(kinds)
    wave: Wave = []
    for i, handle in enumerate(handles):
        wave += [_wire(0.0, post) for post in said(kinds[i :: len(handles)], handle, chance)]
    return wave


def latency(
    subject: Subject, rate: float, seconds: float, past: Path, folder: Path, seed: int, profile: Path | None = None
) -> Latency:
    """How long an alarm takes from the request that shows it to the message that rings, without the poll's wait."""
    with stage(LATENCY_HANDLES) as on:
        on.load(steady(rate, seconds, LATENCY_HANDLES[0], seed))
        with running(subject, on, past, folder, LATENCY_HANDLES, POLL_S, profile) as measured:
            _first_poll(measured, on)
            time.sleep(1.0)  # the menu of commands and the like are behind it
            cpu, begun = measured.cpu_s(), time.monotonic()
            on.go()
            time.sleep(seconds)
            with contextlib.suppress(TooLate):
                _all_rung(measured, on)
            report = on.report()
            mentions = report["mentions"]
            alarms = [one for one in mentions if one["kind"] == "alarm"]
            good = [one for one in alarms if one["rung"] is not None]
            return Latency(
                subject,
                rate,
                len(mentions),
                tuple(one["rung"] - one["seen"] for one in good),
                len(alarms) - len(good),
                time.monotonic() - begun,
                measured.cpu_s() - cpu,
                measured.peak_mib(),
                report["answer_ms"] or 0.0,
            )


def backlog(
    subject: Subject, count: int, alarms: int, past: Path, folder: Path, seed: int, profile: Path | None = None
) -> Backlog:
    """How long it takes to work off what came in while the service was down."""
    with stage(BACKLOG_HANDLES) as on:
        on.load(heap(count, alarms, BACKLOG_HANDLES, seed))
        on.go()
        while on.progress()["written"] < count:
            time.sleep(0.05)
        with running(subject, on, past, folder, BACKLOG_HANDLES, BACKLOG_POLL_S, profile) as measured:
            first = _first_poll(measured, on, every_s=0.02)
            judged = None
            if subject == "reperibile":
                judged = _all_judged(measured, folder / prepared.DATABASE, count, alarms) - first
            last = _all_rung(measured, on, alarms)
            return Backlog(
                subject,
                count,
                alarms,
                first - measured.started,
                judged,
                last - first,
                measured.cpu_s(),
                measured.peak_mib(),
            )


def day(subject: Subject, count: int, replies: int, past: Path, folder: Path, seed: int) -> Day:
    """What X is asked for and told: `count` mentions, a tenth of them alarms, and `replies` typed on the phone."""
    seconds = count / 10
    wave = steady(10, seconds, LATENCY_HANDLES[0], seed)
    squeezed = [(at / 10, author, text, lang, kind) for at, author, text, lang, kind in wave]
    with stage(LATENCY_HANDLES) as on:
        on.load(squeezed)
        with running(subject, on, past, folder, LATENCY_HANDLES, POLL_S, REPLY_HOLD_S="0") as measured:
            _first_poll(measured, on)
            on.go()
            time.sleep(seconds / 10)
            _all_rung(measured, on)
            if subject == "reperibile":
                _answer_some(measured, on, replies)
            time.sleep(2 * POLL_S)  # the last mentions are read
            return Day(subject, count, replies, on.report()["cost"], measured.peak_mib())


def start(subject: Subject, past: Path, folder: Path, profile: Path | None = None) -> Start:
    """How long it takes from the process's begin to the first look at X.

    profile: a folder that gets what each import took, in imports.log; that, too, costs time.
    """
    timed = "1" if profile is not None else ""
    with (
        stage(LATENCY_HANDLES) as on,
        running(subject, on, past, folder, LATENCY_HANDLES, POLL_S, PYTHONPROFILEIMPORTTIME=timed) as measured,
    ):
        first = _first_poll(measured, on, every_s=0.02)
        found = Start(subject, first - measured.started, measured.cpu_s(), measured.peak_mib())
    if profile is not None and subject == "reperibile":
        profile.mkdir(parents=True, exist_ok=True)
        shutil.copy(measured.log, profile / "imports.log")
    return found


def commit_s(folder: Path, count: int = 200) -> list[float]:
    """What one bare commit costs on this disk: SQLite, WAL, synchronous=FULL, one row each."""
    connection = sqlite3.connect(folder / "yardstick.db", isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("CREATE TABLE IF NOT EXISTS row (id INTEGER PRIMARY KEY, text TEXT)")
    taken = []
    for number in range(count):
        begun = time.perf_counter()
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("INSERT INTO row (text) VALUES (?)", (f"row {number} " * 20,))
        connection.execute("COMMIT")
        taken.append(time.perf_counter() - begun)
    connection.close()
    return taken


def _answer_some(measured: Measured, on: StageProcess, count: int) -> None:
    """Giulia replies to the first cards on her phone and presses Send under each preview."""
    phone = PEOPLE["giulia"]
    pressed: set[str] = set()

    def preview() -> bool | None:
        for message in on.phone(phone):
            for data in _buttons(message):
                if data.startswith("send:") and data not in pressed:
                    pressed.add(data)
                    on.presses(phone, message["message_id"], data)
                    return True
        return None

    def posted() -> bool | None:
        kinds = on.report()["cost"]["kinds"]
        return sum(kinds[kind]["count"] for kind in ("post", "summoned_reply")) >= len(pressed) or None

    cards = [m for m in on.phone(phone) if any(data.startswith("claim:") for data in _buttons(m))]
    for number, card in enumerate(cards[:count]):
        on.types(phone, f"Buonasera, ce ne occupiamo subito (pratica {number}).", card["message_id"])
        measured.until("a preview", preview, LATE_S)
        measured.until("a post", posted, LATE_S)


def _buttons(message: dict[str, Any]) -> list[str]:
    return [button.get("data", "") for row in message.get("buttons") or [] for button in row]


def _all_rung(measured: Measured, on: StageProcess, alarms: int = 0) -> float:
    """When the last of this many alarms rang; 0: of all written."""

    def look() -> float | None:
        now = on.progress()
        if now["written"] and now["rung"] >= max(alarms, now["alarms"]):
            return float(now["last_rung"] or 0.0)
        return None

    return measured.until("the last alarm", look, LATE_S if not alarms else 10 * LATE_S)


def _first_poll(measured: Measured, on: StageProcess, every_s: float = 0.1) -> float:
    def look() -> float | None:
        first: float | None = on.progress()["first_poll"]
        return first

    return measured.until("the first poll", look, START_TIMEOUT_S, every_s)


def _all_judged(measured: Measured, database: Path, count: int, alarms: int) -> float:
    """When the database, looked at from outside, first held every mention judged and a page for every alarm."""
    connection = sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True, isolation_level=None)
    newest = "SELECT count(*) FROM mention WHERE seen_at >= ? AND state != 'new'"
    pages = "SELECT count(*) FROM outbox WHERE kind = 'page' AND made_at >= ?"
    since = connection.execute("SELECT datetime('now', '-1 day')").fetchone()[0]

    def look() -> float | None:
        (judged,), (paged,) = (connection.execute(query, (since,)).fetchone() for query in (newest, pages))
        return time.monotonic() if judged >= count and paged >= alarms else None

    try:
        return measured.until("the last judgement", look, 10 * LATE_S, LOOK_AT_DATABASE_S)
    finally:
        connection.close()


def _wire(at: float, post: Said) -> tuple[float, str, str, str, str]:
    return (round(at, 4), post.author, post.text, post.lang, post.kind)
