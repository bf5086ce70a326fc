"""Where the demo begins: a Saturday night, its rota, its settings, and four people whose phones are linked.

All of it stands in a folder of the demo's own before the service starts; the service finds what any other would find.
"""

from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from socket import create_server
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from sqlmodel import Session, select

from bot.desk.team import new_token
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
from bot.store import outbox, people
from bot.store.tables import DutyRow, OutboxRow, PersonRow
from schedules.on_duty import spans
from schedules.rota import Plan

ROME = ZoneInfo("Europe/Rome")
# The stage begins on a Saturday at this hour: out of hours, not yet deep in the night.
BEGINS = time(21, 30)
POLL_S = 1.0
HOLD_S = 10
# The team's group sees numbers and owners, never a customer's words.
TEAM_CHAT = -1_001_500_000_001
TEAM_NAME = "Care team"

# Turns of a day, so that a handoff is never far: on this Saturday evening Giulia is on duty and Sara her backup.
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
people  = ["sara", "giulia", "alessio"]
starts  = {friday}T18:00:00
turn    = "1 day"
windows = ["fri 18:00 - mon 09:00", "mon-thu 18:00-09:00", "holiday 09:00-18:00"]
absence = "next"

[[rotas.backup.layers]]
people = ["alessio", "sara", "giulia"]
starts = {friday}T18:00:00
turn   = "1 day"
absence = "next"

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


def write_rota(folder: Path, friday: date) -> Path:
    """The stage's rota, whose turns begin on that Friday."""
    rota = folder / "rota.toml"
    rota.write_text(ROTA.format(friday=friday.isoformat()), encoding="utf-8")
    return rota


def write_settings(folder: Path, address: str, rota: Path) -> Path:
    """The settings file of a service that works against the stand-ins at `address`."""
    config = folder / "config.env"
    config.touch(mode=0o600)
    lines = (f"{key}={value}\n" for key, value in _settings(address, folder, rota).items())
    config.write_text("".join(lines), encoding="utf-8")
    return config


def _free_port(wish: int) -> int:
    """`wish` if nobody listens there, else any; on loopback."""
    for port in (wish, 0):
        with suppress(OSError, OverflowError), create_server(("127.0.0.1", port)) as listener:
            return int(listener.getsockname()[1])
    return 0


def _settings(address: str, folder: Path, rota: Path) -> dict[str, str]:
    # The service serves calendars, health and metrics as it would anywhere, next door to the page.
    port = _free_port((urlsplit(address).port or 0) + 1)
    keys = {
        "DATABASE_URL": f"sqlite:///{folder / 'demo.db'}",
        "ROTA_FILE": str(rota),
        "TELEGRAM_TOKEN": BOT_TOKEN,
        "TELEGRAM_API_URL": address,
        "X_API_URL": address,
        "X_CONSUMER_KEY": CONSUMER_KEY,
        "X_CONSUMER_SECRET": CONSUMER_SECRET,
        "X_POLL_S": str(POLL_S),
        "REPLY_HOLD_S": str(HOLD_S),
        "HTTP_PORT": str(port),
        "PUBLIC_URL": f"http://127.0.0.1:{port}",
        "TEAM_CHAT_ID": str(TEAM_CHAT),
    }
    for handle in ACCOUNTS:
        keys[f"X_TOKEN_{handle.upper()}"] = token_of(handle)
        keys[f"X_TOKEN_SECRET_{handle.upper()}"] = secret_of(handle)
    return keys


def enrol(session: Session, stage: Stage, now: datetime) -> None:
    """Each phone presses its own enrolment link, as it would on a first day; the lead takes the bot into the group."""
    stage.telegram.group(TEAM_CHAT, TEAM_NAME)
    stage.telegram.adds_bot(TEAM_CHAT, PEOPLE["marco"][0])
    for person, (user_id, _) in PEOPLE.items():
        token = new_token()
        people.invite(session, person, token, "server", now, timedelta(minutes=15))
        stage.telegram.types(user_id, f"/start {token}")


def confirm(session: Session, plan: Plan, now: datetime) -> None:
    """Those on duty said so when it began: on the stage nothing rings before the first customer has written."""
    week = timedelta(days=8)
    for rota in plan.rotas:
        running = next(one for one in spans(plan, rota, now - week, now + week) if one.start <= now < one.end)
        for person in sorted(running.who):
            since = running.start
            session.add(
                DutyRow(person=person, rota=rota, start=since, end=running.end, told_at=since, confirmed_at=since)
            )


def speak(session: Session, language: str) -> None:
    """The phones speak this language from now on, and what stands on them is said anew in it."""
    for person in PEOPLE:
        row = session.get(PersonRow, person) or PersonRow(id=person)
        row.language = language
        session.add(row)
    for message in session.exec(select(OutboxRow).where(OutboxRow.state == "sent")).all():
        outbox.row_changed(session, message)
