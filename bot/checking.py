"""`reperibile check`: is everything ready to go on call?

Every check runs, however many fail, and says what is and what to do. It asks X and Telegram who we are and changes
nothing, neither there nor in the database, and may be run beside a running service. No secret stands in any answer.
A check that is `ok` but has a cure is a warning.
"""

import asyncio
import logging
import stat
from collections.abc import Awaitable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

from sqlmodel import Session

from bot import logs
from bot.clock import Clock
from bot.errors import DoorError, Misconfigured
from bot.settings import Settings, load
from bot.store import migrate, people, rotas
from bot.store.db import Store, in_plain_words, parse_url, sqlite_path
from bot.store.tables import PersonRow
from bot.telegram.door import TelegramDoor
from bot.x.door import XDoor
from schedules.checks import findings
from schedules.ladder import TargetKind
from schedules.on_duty import spans
from schedules.problems import Finding, RotaErrors
from schedules.rota import Plan
from schedules.rota_file import load as load_rota

# No answer within this time is an answer, too.
ANSWERS_WITHIN_S = 5.0
# The doors give up a little earlier, so that they can still say why.
DOOR_GIVES_UP_S = 4.0
# Whoever is on duty within this time must have a phone by now.
DUTY_AHEAD = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Check:
    """One finding. name: the subject. what: how it is. cure: what to do; "" when there is nothing to do."""

    name: str
    ok: bool
    what: str
    cure: str = ""

    def as_json(self) -> dict[str, str | bool]:
        return asdict(self)


async def check_all(config: Path | None, clock: Clock) -> list[Check]:
    """Every check, in the order in which a person would cure them. Raises: nothing.

    config: the settings file; None for the environment alone.
    """
    try:
        settings = load(config)
    except Misconfigured as problems:
        # Nothing else can be looked at with settings nobody can read.
        return [Check("settings", False, *_split(line)) for line in str(problems).splitlines()]
    redact = logs.Redactor(settings.secrets())
    logs.set_up(settings.secrets(), level=logging.ERROR)
    now = clock.now() + timedelta(seconds=settings.now_offset_s)
    database, telegram, x = await asyncio.gather(
        _in_time("database", asyncio.to_thread(_database, settings)), _telegram(settings), _x(settings)
    )
    known = _Known([database]) if isinstance(database, Check) else database
    found = [*_settings(settings, config), *_files(settings), *known.checks]
    if known.plan is not None:
        found += _rota(known.plan, settings, known.phones, now)
    found += [*x, *telegram, *_last_resort(settings, known.plan)]
    return [Check(one.name, one.ok, redact(one.what), redact(one.cure)) for one in found]


def table(found: Sequence[Check]) -> None:
    """The checks for a person, on standard error."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    shown = Table(show_header=False, box=None, pad_edge=False)
    for one in found:
        mark = (
            Text("✗ wrong", "bold red") if not one.ok else Text("! look", "yellow") if one.cure else Text("✓", "green")
        )
        text = Text(one.what)
        if one.cure:
            text.append(f"\n→ {one.cure}", "dim" if one.ok else "")
        shown.add_row(mark, Text(one.name), text)
    wrong = sum(not one.ok for one in found)
    console = Console(stderr=True, highlight=False)
    console.print(shown)
    console.print(
        "Ready to go on call." if not wrong else f"Not ready: {wrong} of {len(found)} checks say what is wrong."
    )


# --- settings and files ----------------------------------------------------------------------------------------------


def _settings(settings: Settings, config: Path | None) -> Iterator[Check]:
    try:
        settings.require_doors()
    except Misconfigured as problem:
        yield Check("settings", False, *_split(str(problem)))
    else:
        yield Check("settings", True, f"read from {config}" if config else "read from the environment")
    for warning in settings.warnings:
        # The one warning about a file is about who may read our secrets: that is wrong, not odd.
        about_secrets = config is not None and warning.startswith(f"{config} ")
        what, cure = _split(warning)
        if about_secrets:
            yield Check("files", False, what, cure)
        else:
            yield Check("settings", True, what, cure or "Look at config.example.env, which explains each key.")
    if settings.dry_run:
        yield Check("settings", True, "DRY_RUN=1: it reads and pages, but posts nothing", "Set DRY_RUN=0 to go live.")


def _files(settings: Settings) -> Iterator[Check]:
    path = _sqlite_file(settings)
    if path is None or not path.exists():
        return
    others = stat.S_IRWXG | stat.S_IRWXO
    family = [path, *sorted(path.parent.glob(f"{path.name}-*")), *sorted(path.parent.glob(f"{path.name}.before-*"))]
    if open_files := [each for each in family if each.exists() and each.stat().st_mode & others]:
        names = " ".join(map(str, open_files))
        yield Check("files", False, f"others may read what customers wrote: {names}", f"chmod 600 {names}")
    else:
        yield Check("files", True, f"only its owner may read {path}")


def _sqlite_file(settings: Settings) -> Path | None:
    try:
        return sqlite_path(parse_url(settings.database_url))
    except Misconfigured:
        return None  # told by the check of the database


# --- database and rota -----------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Known:
    """What the database told. phones: None when it has no tables yet. plan: None when there is no usable rota."""

    checks: list[Check]
    phones: dict[str, PersonRow] | None = None
    plan: Plan | None = None


def _database(settings: Settings) -> _Known:
    known = _Known([])
    row: tuple[int, str] | None = None
    path = _sqlite_file(settings)
    if path is not None and not path.exists():
        if path.parent.is_dir():
            known.checks.append(Check("database", True, f"{path} is not there yet: the first start makes it"))
        else:
            known.checks.append(
                Check("database", False, f"the folder {path.parent} does not exist", f"mkdir -p {path.parent}")
            )
    else:
        try:
            due, present = migrate.due(settings.database_url), migrate.current(settings.database_url)
            if present is None:
                known.checks.append(Check("database", True, "reachable and empty: the first start makes its tables"))
            elif due:
                known.checks.append(
                    Check(
                        "database",
                        True,
                        f"reachable, with tables of an older version ({present})",
                        "Nothing to do: the next start brings them up to date; a SQLite file is copied first.",
                    )
                )
            else:
                known.checks.append(Check("database", True, "reachable, its tables are those of this version"))
                store = Store.open(settings.database_url)
                try:
                    row, known.phones = store.read_now(_stored)
                finally:
                    store.close()
        except Misconfigured as problem:
            known.checks.append(Check("database", False, *_split(str(problem))))
        except Exception as problem:
            said = in_plain_words(problem)
            if said is None:
                raise
            known.checks.append(Check("database", False, *_split(said)))
    known.plan = _plan(settings.rota_file, row, known.checks)
    return known


def _stored(session: Session) -> tuple[tuple[int, str] | None, dict[str, PersonRow]]:
    row = rotas.current(session)
    return (row.number, row.text) if row else None, {person.id: person for person in people.linked(session)}


def _plan(file: Path, row: tuple[int, str] | None, checks: list[Check]) -> Plan | None:
    """The rota in force, or the file that will be; adds what is wrong with it."""
    try:
        text = file.read_text("utf-8") if file.is_file() else None
    except (OSError, UnicodeDecodeError) as problem:
        why = problem.strerror if isinstance(problem, OSError) else "it is not UTF-8"
        checks.append(Check("rota", row is not None, f"ROTA_FILE={file} cannot be read ({why})", f"Look at {file}."))
        text = None
        if row is None:
            return None
    if row is None and text is None:
        checks.append(
            Check(
                "rota",
                False,
                f"there is no rota: ROTA_FILE={file} does not exist",
                f"Copy rota.example.toml to {file} and edit it, then: reperibile rota check {file}",
            )
        )
        return None
    source, used = (f"revision {row[0]}", row[1]) if row is not None else (str(file), text or "")
    try:
        plan = load_rota(used, source)
    except RotaErrors as errors:
        checks += [
            Check("rota", False, str(each).removesuffix(f"; {each.cure}"), each.cure) for each in errors.problems
        ]
        return None
    in_force = "in force" if row is not None else "imported at the first start"
    checks.append(Check("rota", True, f"{source} is {in_force}: {len(plan.people)} people, {', '.join(plan.rotas)}"))
    if row is not None and text is not None and text != row[1]:
        checks.append(
            Check(
                "rota",
                True,
                f"{file} differs from the rota in force ({source}); nothing is overwritten by itself",
                f"To use the file: reperibile rota import {file}. To keep what is in force: "
                f"reperibile rota export > {file}",
            )
        )
    return plan


def _rota(plan: Plan, settings: Settings, phones: dict[str, PersonRow] | None, now: datetime) -> list[Check]:
    return [
        *(_odd(finding, plan) for finding in findings(plan, now)),
        *_accounts(plan, settings),
        *_phones(plan, phones or {}, now),
    ]


def _odd(finding: Finding, plan: Plan) -> Check:
    """A warning of the rota: never wrong, but to be looked at."""
    what = finding.message
    if finding.when:
        start, end = (_local(at, plan) for at in finding.when[0])
        more = f" and {len(finding.when) - 1} more" if len(finding.when) > 1 else ""
        what += f" (first: {start} to {end}{more})"
    return Check(f"rota {finding.kind.replace('_', ' ')}", True, what, "Look at it: reperibile rota show; rota check")


def _accounts(plan: Plan, settings: Settings) -> Iterator[Check]:
    keyed = {account.name for account in settings.accounts}
    for account in plan.accounts.values():
        if account.handle.lower() not in keyed:
            upper = account.handle.upper()
            yield Check(
                f"account @{account.handle}",
                False,
                "stands in the rota but has no keys: nobody reads what customers write to it",
                f"Set X_TOKEN_{upper} and X_TOKEN_SECRET_{upper}, or take it out of the rota.",
            )
    for name in sorted(keyed):
        if plan.account(name) is None:
            yield Check(
                f"account @{name}",
                True,
                "has keys but does not stand in the rota: it is watched, without a line or an escalation of its own",
                f"Add [accounts.{name}] to the rota, or remove its keys.",
            )


def _phones(plan: Plan, phones: dict[str, PersonRow], now: datetime) -> Iterator[Check]:
    """Can those be rung who are on duty soon, and at least one lead?"""
    cure = "On this server: reperibile enroll {person}, then open the link on their phone."
    first: dict[str, datetime] = {}
    for rota in plan.rotas:
        for span in spans(plan, rota, now, now + DUTY_AHEAD):
            for person in span.who:
                first[person] = min(first.get(person, span.start), span.start)
    trouble = {person: _trouble(phones.get(person)) for person in plan.people}
    for person, at in sorted(first.items(), key=lambda item: (item[1], item[0])):
        if trouble[person]:
            when = "now" if at <= now else f"from {_local(at, plan)}"
            yield Check(
                f"phone of {person}",
                False,
                f"{plan.people[person].name} is on duty {when}, but {trouble[person]}",
                cure.format(person=person),
            )
    if all(not trouble[person] for person in first):
        yield Check("phones", True, f"everybody on duty in the next {DUTY_AHEAD.days} days can be rung")
    leads = sorted(plan.leads)
    if all(trouble[lead] for lead in leads):
        yield Check(
            "leads",
            False,
            f"no lead can be rung ({', '.join(leads)}): nobody is told when something is wrong",
            cure.format(person=leads[0]) if leads else 'Give somebody role = "lead" in the rota.',
        )
    else:
        yield Check("leads", True, f"{', '.join(lead for lead in leads if not trouble[lead])} can be rung")


def _trouble(row: PersonRow | None) -> str:
    """Why this phone cannot be rung; "" when it can."""
    if row is None or row.user_id is None:
        return "has no linked phone"
    if row.locked_at is not None:
        return "their phone is locked out"
    if not row.confirmed:
        return "no lead has confirmed their phone yet"
    return "their phone blocks the bot" if row.unreachable_since is not None else ""


# --- outside ---------------------------------------------------------------------------------------------------------


async def _telegram(settings: Settings) -> list[Check]:
    if not settings.telegram_token:
        return []
    door = TelegramDoor(settings.telegram_token, settings.telegram_api_url, DOOR_GIVES_UP_S)
    await door.open()
    try:
        answers = [_in_time("telegram", _said("telegram", _bot(door), _TELEGRAM)), _webhook(door)]
        if settings.team_chat_id is not None:
            answers.append(_team(door, settings.team_chat_id))
        return [each for each in await asyncio.gather(*answers) if each is not None]
    finally:
        await door.close()


async def _bot(door: TelegramDoor) -> Check:
    _, username = await door.me()
    return Check("telegram", True, f"the token is @{username}'s")


async def _webhook(door: TelegramDoor) -> Check | None:
    try:
        async with asyncio.timeout(ANSWERS_WITHIN_S):
            host = await door.webhook()
    except (DoorError, TimeoutError):
        return None  # told by the check of the token
    if not host:
        return None
    return Check(
        "telegram webhook",
        False,
        f"a webhook is set, to {host}: while it is, Telegram tells us nothing",
        "Remove it: call the Bot API's deleteWebhook with this token (curl …/bot<TOKEN>/deleteWebhook).",
    )


async def _team(door: TelegramDoor, chat_id: int) -> Check | None:
    async def group() -> Check:
        return Check("team chat", True, f"TEAM_CHAT_ID={chat_id} is the group “{await door.chat(chat_id)}”")

    table: _Table = {
        "bad_request": (
            f"TEAM_CHAT_ID={chat_id} is no group that the bot knows",
            "Add the bot to the group, and take the group's number from there.",
        )
    }
    table["unreachable"] = table["bad_request"]
    return await _in_time("team chat", _said("team chat", group(), _TELEGRAM | table))


async def _x(settings: Settings) -> list[Check]:
    if not settings.accounts or not settings.x_consumer_key or not settings.x_consumer_secret:
        return []
    tokens = {account.name: (account.token, account.token_secret) for account in settings.accounts}
    keys = (settings.x_consumer_key, settings.x_consumer_secret)
    async with XDoor(settings.x_api_url, *keys, tokens, DOOR_GIVES_UP_S) as door:
        return await asyncio.gather(*(_account(door, name) for name in tokens))


async def _account(door: XDoor, name: str) -> Check:
    async def owner() -> Check:
        _, handle = await door.me(name)
        upper = name.upper()
        if handle.lower() != name:
            return Check(
                f"x @{name}",
                False,
                f"the keys in X_TOKEN_{upper} belong to @{handle}",
                f"Put the tokens of @{name} there, or call the key X_TOKEN_{handle.upper()}.",
            )
        return Check(f"x @{name}", True, f"X knows these keys as @{handle}")

    return await _in_time(f"x @{name}", _said(f"x @{name}", owner(), _X))


# The doors' words for what went wrong: what a person reads, and the cure. None: any other word.
_Table = dict[str | None, tuple[str, str]]
_UNREACHED = "Check the network, DNS and a proxy of this machine; the service itself keeps trying."
_X: _Table = {
    "unauthorized": (
        "X refuses these keys (401)",
        "Make new tokens in X's developer console. Is this machine's clock right? Signatures carry the time.",
    ),
    "credits": ("the X app has no credits left (402)", "Top them up in X's developer console."),
    "rate_limit": ("X's rate limit is used up for now (429)", "Wait 15 minutes, and see who else uses this app."),
    "forbidden": ("X does not let this app do that (403)", "Give the app read and write access, then make new tokens."),
    "not_sent": ("X cannot be reached", _UNREACHED),
    None: ("X does not answer properly", "Try again; see X's status page. The service itself keeps trying."),
}
_TELEGRAM: _Table = {
    "unauthorized": ("Telegram does not know this token", "Take the token from @BotFather again."),
    "not_sent": ("Telegram cannot be reached", _UNREACHED),
    "flood": ("Telegram asks us to wait", "Try again in a minute."),
    None: ("Telegram does not answer properly", "Try again. The service itself keeps trying."),
}


async def _said(name: str, ask: Awaitable[Check], table: _Table) -> Check:
    """The check, or in plain words why it could not be made."""
    try:
        return await ask
    except DoorError as problem:
        what, cure = table.get(problem.reason) or table[None]
        return Check(name, False, f"{what}: {problem.detail}" if problem.detail else what, cure)


def _last_resort(settings: Settings, plan: Plan | None) -> list[Check]:
    if settings.last_resort_urls:
        from bot.last_resort import not_understood

        wrong = not_understood(settings.last_resort_urls)
        cure = "See apprise's documentation for how addresses are written."
        found = [Check("last resort", False, f"address {n} of LAST_RESORT_URLS is none", cure) for n in wrong]
        return found or [Check("last resort", True, f"{len(settings.last_resort_urls)} addresses are understood")]
    wanted = plan is not None and any(
        target.kind is TargetKind.LAST_RESORT
        for escalation in plan.escalations.values()
        for step in escalation.steps
        for target in step.page
    )
    if not wanted:
        return []
    what = "the rota's ladder ends at last_resort, but LAST_RESORT_URLS is empty: nobody is told when Telegram is down"
    return [Check("last resort", True, what, "Set LAST_RESORT_URLS, for example to an SMS or mail address.")]


# --- helpers ---------------------------------------------------------------------------------------------------------


T = TypeVar("T")


async def _in_time(name: str, ask: Awaitable[T]) -> "T | Check":
    """What was asked for, or that it took too long."""
    try:
        async with asyncio.timeout(ANSWERS_WITHIN_S):
            return await ask
    except TimeoutError:
        return Check(name, False, f"no answer within {ANSWERS_WITHIN_S:g} s", "See whether it runs and can be reached.")


def _local(at: datetime, plan: Plan) -> str:
    return f"{at.astimezone(ZoneInfo(plan.timezone)):%a %Y-%m-%d %H:%M}"


def _split(text: str) -> tuple[str, str]:
    """What is wrong, and the cure, which our messages put last."""
    what, _, cure = text.partition(" Cure: ")
    return what.removesuffix("."), cure
