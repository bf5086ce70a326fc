"""What a run begins with: rota, settings, and a database that has a past and people with phones.

The office is open one hour a day, twelve hours from now, so that it is out of hours whenever the benchmark runs; the
second step of the ladder comes after the benchmark is over.
"""

import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlmodel import Session

from benchmarks.stage import PEOPLE
from bot.app import import_rota
from bot.core.mention import id_at
from bot.sandbox.stage import BOT_TOKEN, CONSUMER_KEY, CONSUMER_SECRET, secret_of, token_of
from bot.store import people
from bot.store.db import Store
from bot.store.migrate import upgrade
from bot.store.tables import Cursor, DutyRow, LogRow, MentionRow, OutboxRow, TicketRow
from schedules.on_duty import spans
from schedules.rota_file import load

DATABASE = "reperibile.db"
# A winter of a busy team: so many mentions and tickets stand in the database before anything is measured.
PAST_MENTIONS = 10_000
PAST_TICKETS = 3_000
# The past's messages are numbered from here: the stand-in begins anew at 1, where Telegram never gives a number twice.
PAST_MESSAGES = 1_000_000_000

ROTA = """\
timezone   = "UTC"
escalation = "standard"
[office]
hours = ["daily {opens}-{closes}"]
[people.giulia]
name = "Giulia Rossi"
signature = "GR"
network = "other"
[people.sara]
name = "Sara Ricci"
signature = "SR"
network = "other"
[people.marco]
name = "Marco Villa"
signature = "MV"
role = "lead"
{accounts}
[[rotas.primary.layers]]
people = ["giulia", "sara"]
starts = {starts}
turn   = "1 week"
[escalations.standard]
[[escalations.standard.steps]]
page = ["rota:primary"]
wait_min = 600
[[escalations.standard.steps]]
page = ["leads"]
wait_min = 600
"""


def rota(handles: Sequence[str], now: datetime) -> str:
    """The text of the rota: Giulia is on duty since yesterday, for a week."""
    starts = (now - timedelta(days=1)).replace(minute=0, second=0, microsecond=0)
    opens = now + timedelta(hours=12)
    return ROTA.format(
        opens=opens.strftime("%H:00"),
        closes=opens.strftime("%H:30"),
        starts=starts.strftime("%Y-%m-%dT%H:%M:%S"),
        accounts="\n".join(f"[accounts.{handle}]" for handle in handles),
    )


def settings(address: str, folder: Path, handles: Sequence[str], poll_s: float, http_port: int) -> dict[str, str]:
    """The environment of the service, as an operator would write it; only the poll is quicker."""
    keys = {
        "DATABASE_URL": f"sqlite:///{folder / DATABASE}",
        "ROTA_FILE": str(folder / "rota.toml"),
        "TELEGRAM_TOKEN": BOT_TOKEN,
        "TELEGRAM_API_URL": address,
        "X_API_URL": address,
        "X_CONSUMER_KEY": CONSUMER_KEY,
        "X_CONSUMER_SECRET": CONSUMER_SECRET,
        "X_POLL_S": str(poll_s),
        "HTTP_PORT": str(http_port),
    }
    for handle in handles:
        keys[f"X_TOKEN_{handle.upper()}"] = token_of(handle)
        keys[f"X_TOKEN_SECRET_{handle.upper()}"] = secret_of(handle)
    return keys


def prepare(folder: Path, handles: Sequence[str], *, past: int = PAST_MENTIONS) -> None:
    """Write rota and database into an empty folder; copies of it are what the runs begin with."""
    now = datetime.now(UTC)
    text = rota(handles, now)
    (folder / "rota.toml").write_text(text, "utf-8")
    url = f"sqlite:///{folder / DATABASE}"
    upgrade(url)
    store = Store.open(url)
    import_rota(store, text, "server", "the benchmark's rota", now)
    store.run_now(_people, text, now)
    store.run_now(_past, handles, now, past)
    store.close()


def _people(session: Session, text: str, now: datetime) -> None:
    """Everybody has a phone and has confirmed the duty that runs: nothing rings but what customers write."""
    for person, user_id in PEOPLE.items():
        people.link(session, person, user_id, now, confirmed=True)
    plan, week = load(text, "rota"), timedelta(days=8)
    for name in plan.rotas:
        for span in spans(plan, name, now - week, now + week):
            if span.start <= now < span.end:
                for person in span.who:
                    duty = DutyRow(person=person, rota=name, start=span.start, end=span.end)
                    duty.told_at = duty.confirmed_at = span.start
                    session.add(duty)


def _past(session: Session, handles: Sequence[str], now: datetime, count: int) -> None:
    """Mentions of the last two months with their tickets, all closed; the last good poll was an hour ago."""
    chance = random.Random(1)  # noqa: S311 - repeatable, not secret
    numbers = count * PAST_TICKETS // PAST_MENTIONS
    instants = sorted(now - timedelta(days=2) - timedelta(days=60) * chance.random() for _ in range(count))
    for number in range(numbers):
        at = instants[number * count // numbers]
        session.add(
            TicketRow(
                account=handles[number % len(handles)],
                author_id=10_000 + number,
                author=f"past{number}",
                state="closed",
                urgency="urgent" if number % 4 == 0 else "normal",
                line="187",
                opened_at=at,
                first_mention_at=at,
                last_mention_at=at,
                newest_mention_id=id_at(at) + number,
                ladder=int(number % 4 == 0),
                closed_at=at + timedelta(hours=1),
                closed_as="solved",
                closed_by="giulia",
            )
        )
    session.flush()
    for number, at in enumerate(instants):
        ticket = number * numbers // count + 1 if number % 2 else None
        session.add(
            MentionRow(
                id=id_at(at) + number,
                newest_id=id_at(at) + number,
                account=handles[number % len(handles)],
                author_id=10_000 + (ticket or number),
                author=f"past{ticket or number}",
                author_name="Past",
                text=f"@{handles[number % len(handles)]} something that was said a while ago, number {number}",
                lang="en",
                conversation_id=id_at(at) + number,
                created_at=at,
                seen_at=at,
                state="joined" if ticket else "folded",
                urgency="normal" if ticket else "noise",
                reasons=["N1 a failure is reported"],
                ticket_id=ticket,
            )
        )
        if ticket:
            session.add(LogRow(at=at, who="intake", verb="open", ticket_id=ticket, detail="normal 187"))
        if number % 8 == 1:
            session.add(
                OutboxRow(
                    key=f"past:{number}",
                    kind="page",
                    person="giulia",
                    chat_id=PEOPLE["giulia"],
                    ticket_id=ticket,
                    mention_id=id_at(at) + number,
                    state="sent",
                    silent=False,
                    priority=10,
                    due_at=at,
                    made_at=at,
                    sent_at=at,
                    attempts=1,
                    remote_id=PAST_MESSAGES + number,
                    shown=1,
                )
            )
    for handle in handles:
        last = now - timedelta(hours=1)
        session.add(Cursor(name=f"x:{handle}", good_at=last, full_at=last))
