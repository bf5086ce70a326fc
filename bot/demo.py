"""`reperibile demo`: the whole weekend on one page, without any account.

The service as it is, its database in a folder of its own, against the stand-ins on loopback; the clock stands on a
Saturday night and can be moved on the page.
"""

import asyncio
import sys
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlmodel import Session, select

from bot import logs
from bot.app import House, run
from bot.clock import Clock
from bot.desk.team import new_token
from bot.errors import Misconfigured
from bot.sandbox.app import create_app
from bot.sandbox.server import serve
from bot.sandbox.stage import (
    ACCOUNTS,
    BOT_TOKEN,
    CONSUMER_KEY,
    CONSUMER_SECRET,
    PEOPLE,
    Stage,
    secret_of,
    token_of,
)
from bot.settings import load
from bot.store import outbox, people
from bot.store.migrate import upgrade
from bot.store.tables import DutyRow, OutboxRow, PersonRow
from schedules.office import is_open
from schedules.on_duty import spans, who
from schedules.rota import Plan

ROME = ZoneInfo("Europe/Rome")
# What the page says under the clock, in the languages of the stage.
FACTS = {
    "en": {"open": "office open", "closed": "out of hours", "primary": "on duty", "backup": "backup", "none": "nobody"},
    "it": {
        "open": "ufficio aperto",
        "closed": "fuori orario",
        "primary": "di turno",
        "backup": "riserva",
        "none": "nessuno",
    },
}
# The stage begins on a Saturday at this hour: out of hours, not yet deep in the night.
BEGINS = time(21, 30)
POLL_S = 1.0
HOLD_S = 10

ROTA = """\
timezone   = "Europe/Rome"
escalation = "standard"

[office]
hours    = ["mon-fri 09:00-18:00"]
holidays = ["IT", "IT-MI"]

[people.giulia]
name = "Giulia Rossi"
signature = "GR"
lines = ["119", "187"]
network = "own"

[people.alessio]
name = "Alessio Conti"
signature = "AC"
network = "other"

[people.sara]
name = "Sara Ricci"
signature = "SR"
network = "other"

[people.marco]
name = "Marco Villa"
signature = "MV"
role = "lead"

[lines.119]
title = "mobile"
[lines.187]
title = "landline and fibre"
[lines.191]
title = "business"

[accounts.TIM_Official]
[accounts.TIM119Giulia]
line = "119"
agent = "giulia"
[accounts.Telecom187Fabio]
line = "187"
[accounts.Telecom191Paolo]
line = "191"

[contacts.noc]
name = "Network control"
rules = ["C1", "C2", "U8"]
text = "Open a P1 on extension 4400, then answer with the ticket number."

[[rotas.primary.layers]]
people  = ["giulia", "alessio", "sara"]
starts  = {friday}T18:00:00
turn    = "1 week"
windows = ["fri 18:00 - mon 09:00", "mon-thu 18:00-09:00", "holiday 09:00-18:00"]

[[rotas.backup.layers]]
people = ["sara", "giulia", "alessio"]
starts = {friday}T18:00:00
turn   = "1 week"

[escalations.standard]
repeat = 2
[[escalations.standard.steps]]
page = ["rota:primary"]
wait_min = 5
[[escalations.standard.steps]]
page = ["rota:primary", "rota:backup"]
wait_min = 5
[[escalations.standard.steps]]
page = ["leads", "last_resort"]
wait_min = 10
"""


def saturday_night(now: datetime) -> datetime:
    """The Saturday evening on or after `now` (aware), in Rome, as UTC."""
    local = now.astimezone(ROME)
    day = local.date() + timedelta(days=(5 - local.weekday()) % 7)
    return datetime.combine(day, BEGINS, ROME).astimezone(UTC)


async def play(port: int, *, headless: bool, language: str = "en") -> None:
    """Serve the page and the service until cancelled.

    language: of the page and the phones, en or it. Raises: Misconfigured when the port is taken.
    """
    real = Clock().now()
    begins = saturday_night(real)
    clock = Clock(begins - real)
    friday = begins.astimezone(ROME).date() - timedelta(days=1)
    stage = Stage.standard(clock.now, clock.advance)
    stage.x.rate_limited = False
    stage.speak(language)
    with tempfile.TemporaryDirectory(prefix="reperibile-demo-") as folder:
        rota = _write_rota(folder, friday)
        async with _served(stage, port) as address:
            settings = load(None, _environment(address, folder, rota))
            logs.set_up(settings.secrets())
            upgrade(settings.database_url)

            async def ready(house: House) -> None:
                house.store.run_now(_speak, language)
                house.store.run_now(_confirm, house.store.read_now(house.rota.plan), clock.now())
                house.store.run_now(_enrol, stage, clock)
                stage.language_changed.append(lambda new: house.store.run_now(_speak, new))
                stage.facts = _facts(house, stage)
                _greet(address, headless=headless)

            await run(settings, clock, on_ready=ready)


async def stage_alone(port: int) -> None:
    """Serve the stand-ins without the service, for a rehearsal with one's own settings; their clock is the machine's.

    Raises: Misconfigured when the port is taken.
    """
    stage = Stage.standard(Clock().now)
    stage.x.rate_limited = False
    async with _served(stage, port) as address:
        sys.stderr.write(f"The stand-ins are at {address}; config.example.env fits them. Ctrl-C ends them.\n")
        sys.stderr.flush()
        await asyncio.Event().wait()


@asynccontextmanager
async def _served(stage: Stage, port: int) -> AsyncIterator[str]:
    async with AsyncExitStack() as stack:
        try:
            address = await stack.enter_async_context(serve(create_app(stage), port=port))
        except OSError as error:
            raise Misconfigured(
                f"127.0.0.1:{port} cannot be had ({(error.strerror or str(error)).split(' (')[0]}). "
                "Cure: stop what listens there, or take a free port: --port 0"
            ) from None
        yield address


def _write_rota(folder: str, friday: date) -> Path:
    """The stage's rota, whose turns begin on that Friday."""
    rota = Path(folder, "rota.toml")
    rota.write_text(ROTA.format(friday=friday.isoformat()), encoding="utf-8")
    return rota


def _environment(address: str, folder: str, rota: Path) -> dict[str, str]:
    keys = {
        "DATABASE_URL": f"sqlite:///{folder}/demo.db",
        "ROTA_FILE": str(rota),
        "TELEGRAM_TOKEN": BOT_TOKEN,
        "TELEGRAM_API_URL": address,
        "X_API_URL": address,
        "X_CONSUMER_KEY": CONSUMER_KEY,
        "X_CONSUMER_SECRET": CONSUMER_SECRET,
        "X_POLL_S": str(POLL_S),
        "REPLY_HOLD_S": str(HOLD_S),
        "HTTP_PORT": "0",
    }
    for handle in ACCOUNTS:
        keys[f"X_TOKEN_{handle.upper()}"] = token_of(handle)
        keys[f"X_TOKEN_SECRET_{handle.upper()}"] = secret_of(handle)
    return keys


def _enrol(session: Session, stage: Stage, clock: Clock) -> None:
    """Each phone presses its own enrolment link, as it would on a first day."""
    for person, (user_id, _) in PEOPLE.items():
        token = new_token()
        people.invite(session, person, token, "server", clock.now(), timedelta(minutes=15))
        stage.telegram.types(user_id, f"/start {token}")


def _confirm(session: Session, plan: Plan, now: datetime) -> None:
    """Those on duty said so when it began: on the stage nothing rings before the first customer has written."""
    week = timedelta(days=8)
    for rota in plan.rotas:
        running = next(one for one in spans(plan, rota, now - week, now + week) if one.start <= now < one.end)
        for person in sorted(running.who):
            since = running.start
            session.add(
                DutyRow(person=person, rota=rota, start=since, end=running.end, told_at=since, confirmed_at=since)
            )


def _speak(session: Session, language: str) -> None:
    """The phones speak this language from now on, and what stands on them is said anew in it."""
    for person in PEOPLE:
        row = session.get(PersonRow, person) or PersonRow(id=person)
        row.language = language
        session.add(row)
    for message in session.exec(select(OutboxRow).where(OutboxRow.state == "sent")).all():
        outbox.row_changed(session, message)


def _facts(house: House, stage: Stage) -> Callable[[], list[str]]:
    """Who is on duty now, for the page and in its language; the phones change places with the rota."""

    def facts() -> list[str]:
        plan = house.store.read_now(house.rota.plan)
        now = house.clock.now()
        primary, backup = (sorted(who(plan, rota, now)) for rota in ("primary", "backup"))
        first = primary[0] if primary else None
        second = next((p for p in [*backup, *PEOPLE] if p not in (first, "marco")), "sara")
        roles = [(first, "on duty")] if first else []
        stage.roles = [*roles, (second, "backup"), ("marco", "lead")]
        words = FACTS[stage.language]

        def line(rota: str, names: list[str]) -> str:
            return f"{words[rota]}: {', '.join(PEOPLE[p][1] for p in names) or words['none']}"

        office = words["open" if is_open(plan, now) else "closed"]
        return [office, line("primary", primary), line("backup", backup)]

    return facts


def _greet(address: str, *, headless: bool) -> None:
    if headless:
        sys.stdout.write(address + "\n")
        sys.stdout.flush()
        return
    lines = (
        "",
        f"  Reperibile is on call. Open  {address}",
        "  Write as a customer on X; the phone on duty rings. Press Claim, reply to the card, press Send.",
        "  Ctrl-C ends everything.",
        "",
    )
    sys.stderr.write("\n".join(lines) + "\n")
    sys.stderr.flush()
