"""The stage of the stories: the whole bot with its real doors, a stand-in X and Telegram on loopback, and a clock that
is moved by hand. A story reads as the night went; every story ends with "and nothing else was sent"."""

from __future__ import annotations

import contextlib
import re
import shutil
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from sqlmodel import SQLModel

from bot.app import House, import_rota
from bot.clock import HandClock
from bot.core.options import BotName, Options
from bot.core.reply import Waits
from bot.errors import Temporary
from bot.sandbox.app import create_app
from bot.sandbox.faults import Fault
from bot.sandbox.server import serve
from bot.sandbox.stage import BOT_TOKEN, CONSUMER_KEY, CONSUMER_SECRET, PEOPLE, Stage, secret_of, token_of
from bot.store import people
from bot.store.db import Store
from bot.store.migrate import upgrade
from bot.telegram.door import TelegramDoor
from bot.ticket_table import as_lines
from bot.x.door import XDoor

# Saturday 28 November 2026, 22:00 in Rome: Giulia is on duty, Sara is her backup, Marco leads.
SATURDAY_NIGHT = datetime(2026, 11, 28, 21, 0, tzinfo=UTC)
ACCOUNTS = ("TIM_Official", "TIM119Giulia")
STEP = timedelta(seconds=30)
TEAM = {"giulia": 1001, "alessio": 1002, "sara": 1003, "marco": 1004}

ROTA = """\
timezone   = "Europe/Rome"
escalation = "standard"
[office]
hours    = ["mon-fri 09:00-18:00"]
holidays = ["IT", "IT-MI"]
[people.giulia]
name = "Giulia Rossi"
signature = "GR"
language = "en"
[people.alessio]
name = "Alessio Conti"
signature = "AC"
language = "en"
[people.sara]
name = "Sara Ricci"
signature = "SR"
language = "en"
[people.marco]
name = "Marco Villa"
signature = "MV"
role = "lead"
language = "en"
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
[[rotas.primary.layers]]
people  = ["giulia", "alessio", "sara"]
starts  = 2026-11-27T18:00:00
turn    = "1 week"
windows = ["fri 18:00 - mon 09:00", "mon-thu 18:00-09:00", "holiday 09:00-18:00"]
[[rotas.backup.layers]]
people = ["sara", "giulia", "alessio"]
starts = 2026-11-27T18:00:00
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
page = ["leads"]
wait_min = 10
"""

OUTAGE = "@TIM_Official siamo un'intera borgata senza linea, nemmeno il 112 si riesce a chiamare"
"""Judged critical by the rules (C1, C2)."""
BUSINESS = "@TIM_Official il pos del ristorante è morto, sala piena e non possiamo incassare"
"""Judged urgent (U2)."""
QUESTION = "@TIM_Official quando arriva la fibra nella mia via? grazie"
"""Judged normal."""


@dataclass
class Phone:
    """One person's phone, as they see and use it."""

    weekend: Weekend
    person: str

    @property
    def user_id(self) -> int:
        return TEAM[self.person]

    @property
    def messages(self) -> list[Any]:
        """What the bot wrote here, oldest first."""
        return [m for m in self.weekend.stage.telegram.chat(self.user_id) if m.from_bot]

    def since_start(self) -> list[Any]:
        """What the bot wrote after the story began."""
        return [m for m in self.messages if m.message_id not in self.weekend.before[self.person]]

    @property
    def last(self) -> Any:
        return self.since_start()[-1]

    def card(self, ticket: int = 1) -> Any:
        """The newest card of a ticket on this phone."""
        head = re.compile(rf"\S+ #{ticket} · (119|187|191|line unknown) · ")
        cards = [m for m in self.since_start() if head.match(m.text)]
        assert cards, f"{self.person} has no card of #{ticket}: {[m.text[:60] for m in self.since_start()]}"
        return cards[-1]

    def starting(self, head: str) -> Any:
        """The newest message beginning so."""
        found = [m for m in self.since_start() if m.text.startswith(head)]
        assert found, f"{self.person} has no message starting {head!r}: {[m.text[:60] for m in self.since_start()]}"
        return found[-1]

    def preview(self) -> Any:
        """The newest message that shows a reply, in whatever state."""
        mark = re.compile(r"(✏️|✋|⏳|❓|✅|⛔|🗑|▫️|☑️) #\d+ · (?!119|187|191|line unknown)")
        found = [m for m in self.since_start() if mark.match(m.text)]
        assert found, f"{self.person} has no preview: {[m.text[:60] for m in self.since_start()]}"
        return found[-1]

    def saw(self, words: str) -> bool:
        """Does any message here say so?"""
        return any(words in m.text for m in self.since_start())

    @property
    def rings(self) -> int:
        """How often this phone rang since the story began."""
        return sum(m.rang for m in self.since_start())

    async def types(self, text: str, reply_to: Any = None) -> int:
        number = self.weekend.stage.telegram.types(
            self.user_id, text, reply_to=reply_to.message_id if reply_to is not None else None
        )
        await self.weekend.settle()
        return number

    async def presses(self, message: Any, label: str) -> str:
        """Press the button with that label; gives the popup."""
        data = next(
            (b["callback_data"] for row in message.buttons for b in row if b["text"] == label and "callback_data" in b),
            None,
        )
        assert data is not None, f"no button {label!r} under {message.text!r}: {labels(message)}"
        return await self.sends_data(message, data)

    async def sends_data(self, message: Any, data: str) -> str:
        """Press with any data, as a hostile client can."""
        before = len(self.weekend.stage.telegram.popups(self.user_id))
        self.weekend.stage.telegram.presses(self.user_id, message.message_id, data)
        await self.weekend.settle()
        popups = self.weekend.stage.telegram.popups(self.user_id)[before:]
        return popups[-1].text if popups else ""


def labels(message: Any) -> list[str]:
    """The labels of a message's buttons."""
    return [b["text"] for row in message.buttons for b in row]


def at(handle: str) -> str:
    """A handle as the bot writes it: not to be tapped by mistake (a word joiner stands behind the @)."""
    return f"@\u2060{handle}"


class Weekend:
    """Everything a story needs to say."""

    def __init__(self, stage: Stage, house: House, clock: HandClock, url: str, address: str) -> None:
        self.stage = stage
        self.house = house
        self.clock = clock
        self.database_url = url
        self.address = address
        self.before: dict[str, set[int]] = {p: set() for p in TEAM}
        self.expected_posts = 0

    def phone(self, person: str) -> Phone:
        return Phone(self, person)

    def customer_says(self, text: str, author: str = "mario", in_reply_to: int | None = None) -> int:
        """A customer writes on X; it is seen at the next reading."""
        post = self.stage.x.write(author, text, in_reply_to=in_reply_to)
        return int(post.id)

    async def settle(self) -> None:
        """Let everything that is due now happen, without time passing."""
        for _ in range(20):
            done = 0
            # Asking Telegram when nothing waits and nothing is broken tells nothing; it would be half of all requests.
            if self.stage.telegram.updates.pending() or self.stage.faults.to_json():
                with contextlib.suppress(Temporary):  # an outage of Telegram is part of some stories
                    done += await self.house.desk.listen(self.clock.now, 0)
            done += await self.house.desk.work(self.clock.now)
            done += await self.house.delivery.to_phones()
            done += await self.house.delivery.to_last_resort()
            done += await self.house.delivery.to_x()
            if not done:
                return
        raise AssertionError("the house does not come to rest")

    async def pass_by(self) -> None:
        """One turn of everything: read X, tick, send."""
        await self.house.read_x()
        await self.settle()
        await self.house.watch.tick(self.clock.now())
        await self.settle()

    async def advance(self, **span: float) -> None:
        """Time passes, in small steps, and everything runs as it would."""
        left = timedelta(**span)
        while left > timedelta():
            step = min(STEP, left)
            self.clock.advance(step)
            left -= step
            await self.pass_by()

    async def walk(self, step_s: float, **span: float) -> None:
        """Time passes in steps of the story's choice: long nights need not be walked by half minutes."""
        left = timedelta(**span)
        while left > timedelta():
            step = min(timedelta(seconds=step_s), left)
            self.clock.advance(step)
            left -= step
            await self.pass_by()

    def transcript(self, person: str) -> str:
        """Everything that stands on a phone since the story began, to be read by a person."""
        return "\n".join(
            f"[{'RING' if m.rang else '    '} {m.sent_at:%a %H:%M:%S}] {m.text} {labels(m) or ''}"
            for m in self.phone(person).since_start()
        )

    def everything(self, *but: str) -> dict[str, list[tuple[Any, ...]]]:
        """The whole database, table by table, except those named: to see that nothing changed."""
        with self.house.store.engine.connect() as connection:
            return {
                table.name: sorted((tuple(row) for row in connection.execute(table.select())), key=repr)
                for table in SQLModel.metadata.sorted_tables
                if table.name not in but
            }

    async def jump(self, to: datetime) -> None:
        """Move the clock at once, then let a turn pass (the machine was asleep, or nothing happened)."""
        self.clock.advance(to - self.clock.now())
        await self.pass_by()

    def posts(self) -> list[Any]:
        """Our own posts on X, oldest first."""
        return sorted((p for p in self.stage.x.posts.values() if p.author.handle in ACCOUNTS), key=lambda p: p.id)

    def sent(self, what: str) -> int:
        """How many requests of that kind ("POST /2/tweets") the stand-ins saw."""
        return len(self.stage.record.of(what))

    def tickets(self) -> list[dict[str, Any]]:
        return self.house.store.read_now(as_lines)

    def ticket(self, number: int = 1) -> dict[str, Any]:
        return next(t for t in self.tickets() if t["id"] == number)

    def fault(self, **rule: Any) -> None:
        self.stage.add_faults(Fault(**rule))

    async def restart(self) -> None:
        """The process dies and another one starts on the same database."""
        await self.house.x.close()
        await self.house.telegram.close()
        self.house.store.close()
        self.house = await open_house(self.database_url, self.address, self.clock, self.house.options)
        await self.house.start()
        await self.settle()

    async def nothing_else(self) -> None:
        """And nothing else was sent: an hour's quarter passes without any new message or post."""
        await self.settle()
        messages, posts = self.sent("POST /bot/sendMessage"), self.sent("POST /2/tweets")
        await self.pass_by()
        assert self.sent("POST /bot/sendMessage") == messages
        assert self.sent("POST /2/tweets") == posts


async def open_house(url: str, address: str, clock: HandClock, options: Options) -> House:
    tokens = {a: (token_of(a), secret_of(a)) for a in options.accounts}
    x = XDoor(address, CONSUMER_KEY, CONSUMER_SECRET, tokens)
    telegram = TelegramDoor(BOT_TOKEN, address)
    await x.open()
    await telegram.open()
    await telegram.me()
    return House(Store.open(url), x, telegram, options, clock)


def usual_options(**changes: Any) -> Options:
    seconds = {
        "hold": timedelta(seconds=20),
        "first_look": timedelta(seconds=45),
        "second_look": timedelta(seconds=120),
    }
    values: dict[str, Any] = {
        "accounts": ACCOUNTS,
        "waits": Waits(**seconds),
        "bot": BotName("reperibile_bot"),
        "link_key": b"known to the process only",
    }
    return Options(**{**values, **changes})


@cache
def migrated() -> Path:
    """A database file with the newest schema and nothing in it, made once a process."""
    path = Path(tempfile.mkdtemp(prefix="reperibile-stories-"), "empty.db")
    upgrade(f"sqlite:///{path}")
    return path


@asynccontextmanager
async def weekend_stage(
    folder: Path,
    *,
    at: datetime = SATURDAY_NIGHT,
    rota: str = ROTA,
    linked: tuple[str, ...] = tuple(TEAM),
    before_start: Callable[[Stage, HandClock], None] | None = None,
    **options: Any,
) -> AsyncIterator[Weekend]:
    """A weekend with everybody's phone linked and their duty confirmed; the story begins in silence."""
    clock = HandClock(at)
    stage = Stage.standard(clock.now, clock.advance)
    stage.x.rate_limited = False
    if before_start is not None:
        before_start(stage, clock)
    url = f"sqlite:///{folder}/story.db"
    shutil.copy(migrated(), folder / "story.db")
    async with serve(create_app(stage)) as address:
        house = await open_house(url, address, clock, usual_options(**options))
        import_rota(house.store, rota, "server", "story", clock.now())
        weekend = Weekend(stage, house, clock, url, address)
        for person in linked:
            stage.telegram.types(TEAM[person], "/start hello")

            def link(session: Any, who: str = person) -> None:
                people.link(session, who, PEOPLE[who][0], clock.now(), confirmed=True)

            house.store.run_now(link)
        # The accounts have been read before: this is no first start.
        await weekend.pass_by()
        for person in linked:
            for message in weekend.phone(person).messages:
                if "I am on duty" in labels(message):
                    await weekend.phone(person).presses(message, "I am on duty")
        await weekend.settle()
        for person in TEAM:
            weekend.before[person] = {m.message_id for m in weekend.stage.telegram.chat(TEAM[person])}
        yield weekend
        await weekend.house.x.close()
        await weekend.house.telegram.close()
        weekend.house.store.close()


# --- short cuts of the stories about claims and replies ---------------------------------------------------------------


async def rung(weekend: Weekend, text: str = OUTAGE, author: str = "mario") -> int:
    """A customer wrote, and the phone of whoever is on duty rang; gives the post's id."""
    post = weekend.customer_says(text, author)
    await weekend.advance(seconds=30)
    return post


async def claimed(weekend: Weekend, text: str = OUTAGE, author: str = "mario", by: str = "giulia") -> int:
    """The same, and it is claimed by a press on its card (the ticket with the highest number)."""
    post = await rung(weekend, text, author)
    phone = weekend.phone(by)
    await phone.types(f"/claim {max(t['id'] for t in weekend.tickets())}")
    return post


async def held(weekend: Weekend, words: str = "I tecnici sono sul posto.", by: str = "giulia") -> Any:
    """A reply to #1 was typed and Send was pressed; gives its preview's message."""
    phone = weekend.phone(by)
    await phone.types(words, reply_to=phone.card())
    preview = phone.preview()
    await phone.presses(preview, "Send")
    return preview


async def sent(weekend: Weekend, words: str = "I tecnici sono sul posto.", by: str = "giulia") -> Any:
    """The same, and the hold is over: it is posted, or whatever X made of it."""
    preview = await held(weekend, words, by)
    await weekend.advance(seconds=30)
    return preview
