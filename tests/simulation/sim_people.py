"""Customers who write and people with phones who claim, reply, send, hand over, close, or sleep."""

import asyncio
import re
from collections.abc import Callable
from typing import Any

from sim_world import TEAM, World
from sqlmodel import Session, col, select

from bot.sandbox.telegram_values import Shown
from bot.store.db import Store
from bot.store.tables import QuestionRow, ReplyRow, TicketRow

OUTAGE = "@TIM_Official siamo un'intera borgata senza linea, nemmeno il 112 si riesce a chiamare ({tag})"
BUSINESS = "@TIM_Official il pos del ristorante è morto, sala piena e non possiamo incassare ({tag})"
QUESTION = "@TIM_Official quando arriva la fibra nella mia via? grazie ({tag})"
SEEN_WITHIN_S = 25.0
TRIES = 6
CARD = re.compile(r"\S+ #(\d+) · (?:119|187|191|line unknown) · ")


class Town:
    """Who writes on X, and what they wrote."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.alarms: dict[int, float] = {}
        """Post → when; each by another customer."""
        self.quiet: set[int] = set()
        """Posts that must ring nobody."""
        self.others: set[int] = set()
        """Further posts of customers who have written an alarm."""
        self._count = 0

    async def write(self, until_s: float) -> None:
        chance = self.world.chance
        for number in range(chance.randint(2, 5)):
            await asyncio.sleep(chance.uniform(0.0, until_s / 6))
            kind = chance.choice((OUTAGE, OUTAGE, BUSINESS, QUESTION))
            post = self._says(f"customer{number}", kind)
            (self.quiet.add(post) if kind is QUESTION else self.alarms.setdefault(post, self.world.loop.time()))
            if kind is not QUESTION and chance.random() < 0.3:
                await asyncio.sleep(chance.uniform(5.0, 60.0))
                self.others.add(self._says(f"customer{number}", chance.choice((OUTAGE, BUSINESS)), post))

    def _says(self, author: str, text: str, parent: int | None = None) -> int:
        self._count += 1
        said = text.format(tag=f"k{self._count}z")
        self.world.tell(author, said)
        return self.world.x.write(author, said, in_reply_to=parent).id


class Person:
    """One phone and who holds it. They act on what the phone shows; when nothing happens they try again."""

    def __init__(self, world: World, store: Store, name: str) -> None:
        self.world = world
        self.store = store
        self.name = name
        self.chance = world.chance
        self.awake = self.chance.random() < {"giulia": 0.85, "sara": 0.6}.get(name, 0.4)
        self.busy = 0
        self._met: set[int] = set()
        self.deeds: set[asyncio.Task[None]] = set()

    async def watch(self) -> None:
        while True:
            await asyncio.sleep(self.chance.uniform(2.0, 20.0))
            for shown in self._chat():
                duty = next((data for data in shown.button_data if data.startswith("duty")), "")
                if duty and self.awake and self.chance.random() < 0.2:
                    self._press(shown, duty)
                ticket = _ticket(shown)
                if ticket and ticket not in self._met and self.awake:
                    self._met.add(ticket)
                    if self._ticket(ticket).state in ("paging", "waiting") and self.chance.random() < 0.85:
                        self._begin(self._serve(ticket))
                offered = next((int(data[4:]) for data in shown.button_data if data.startswith("yes:")), 0)
                if offered and "hand #" in shown.text and -offered not in self._met:
                    self._met.add(-offered)
                    self._begin(self._answer(shown, offered))

    def _begin(self, deed: Any) -> None:
        self.busy += 1
        task = asyncio.create_task(deed)
        self.deeds.add(task)

        def done(ended: asyncio.Task[None]) -> None:
            self.busy -= 1
            self.deeds.discard(ended)
            if not ended.cancelled() and ended.exception() is not None:
                self.world.ledger.broken("the simulation itself", repr(ended.exception()))

        task.add_done_callback(done)

    # --- what they do ---------------------------------------------------------------------------------------------

    async def _serve(self, ticket: int) -> None:
        await asyncio.sleep(self.chance.uniform(1.0, 40.0))
        plan = self.chance.choice(("claim", "command", "reply", "reply", "typed"))
        if plan == "claim" and not await self._until(
            lambda: self._press_card(ticket, "claim"), lambda: self._owns(ticket)
        ):
            return
        if plan == "command" and not await self._until(
            lambda: self._type(f"/claim {ticket}"), lambda: self._owns(ticket)
        ):
            return
        if plan in ("claim", "command"):
            what = self.chance.choice(("reply", "reply", "close", "hand over", "sleep"))
            if what == "sleep":
                return
            if what == "close":
                await self._until(lambda: self._type(f"/close {ticket} solved"), lambda: self._is(ticket, "closed"))
                return
            if what == "hand over":
                to = "sara" if self.name == "giulia" else "giulia"
                self._type(f"/handover {ticket} {to}")
                return
        await self._reply(ticket, by_command=plan == "typed")

    async def _reply(self, ticket: int, *, by_command: bool) -> None:
        words = f"Stiamo lavorando sul guasto, pratica {self.chance.randrange(10**6)}"
        self.world.ledger.typed[words] = self.name
        card = self._card(ticket)
        if by_command or card is None:
            self._type(f"/reply {ticket} {words}")
        else:
            self._type(words, reply_to=card.message_id)
        if not await self._see(lambda: self._row(words) is not None, 600.0):
            return  # the oracle says whether it is lost
        pressed = 0
        for _ in range(40):
            row = self._row(words)
            if row is None or row.state in ("posted", "failed", "dropped", "deleted"):
                break
            if row.state == "draft" and pressed < 10:
                pressed += 1
                self.world.ledger.sends.add(words)
                number = row.id
                preview = self._with(f"send:{number}")
                if preview is not None and self.chance.random() < 0.8:
                    self._press(preview, f"send:{number}")
                else:
                    self._type(f"/send {ticket}")
                await self._see(lambda: self._state(words) != "draft", SEEN_WITHIN_S)
                if self.chance.random() < 0.1 and self._state(words) == "held":
                    self._type(f"/cancel {ticket}")
                    await asyncio.sleep(10.0)
                    if self._state(words) == "draft":
                        return
            elif row.state == "in_doubt" and row.asked:
                await self._settle(words, row)
            elif row.state == "draft":
                return
            await self._see(lambda: self._state(words) != row.state or self._is_asked(words), 240.0)  # noqa: B023
        if self._state(words) == "posted" and self.chance.random() < 0.3:
            await self._until(lambda: self._type(f"/close {ticket} solved"), lambda: self._is(ticket, "closed"))

    async def _settle(self, words: str, row: ReplyRow) -> None:
        """Asked whether it is there: they look at X, with eyes of their own."""
        await asyncio.sleep(self.chance.uniform(45.0, 90.0))
        question = next((q for q in self._asked("doubt") if q.reply_id == row.id), None)
        shown = self._with(f"yes:{question.id}") if question is not None else None
        if question is None or shown is None:
            return
        is_there = any(p.text == row.text and p.in_reply_to == row.parent_id for p in self.world.x.posts.values())
        if is_there:
            self._press(shown, f"yes:{question.id}")
        else:
            self.world.ledger.again[words] += 0  # nothing stands there, so nothing may stand twice
            self._press(shown, f"no:{question.id}")
        await self._see(lambda: not any(q.id == question.id for q in self._asked("doubt")), SEEN_WITHIN_S)

    async def _answer(self, shown: Shown, question: int) -> None:
        """Asked to take a ticket over: yes or no, and again while the buttons are there."""
        data = f"{self.chance.choice(('yes', 'no'))}:{question}"
        await self._until(lambda: self._press(shown, data), lambda: data not in shown.button_data)

    async def _until(self, act: Callable[[], object], is_so: Callable[[], bool]) -> bool:
        for _ in range(TRIES):
            act()
            if await self._see(is_so, SEEN_WITHIN_S):
                return True
        return False

    async def _see(self, is_so: Callable[[], bool], at_most_s: float) -> bool:
        end = self.world.loop.time() + at_most_s
        step = 1.0
        while not is_so():
            if self.world.loop.time() >= end:
                return False
            await asyncio.sleep(step)
            step = min(step * 1.5, 10.0)
        return True

    # --- fingers --------------------------------------------------------------------------------------------------

    def _type(self, text: str, reply_to: int | None = None) -> None:
        self.world.tell(self.name, f"types {text!r}{' as a reply' if reply_to else ''}")
        self.world.telegram.types(TEAM[self.name], text, reply_to=reply_to)
        self.world.ledger.updates.add(self.world.telegram.updates.next_id - 1)

    def _press(self, shown: Shown, data: str) -> None:
        self.world.tell(self.name, f"presses {data}")
        self.world.telegram.presses(TEAM[self.name], shown.message_id, data)

    def _press_card(self, ticket: int, verb: str) -> None:
        shown = self._with(f"{verb}:{ticket}")
        if shown is not None:
            self._press(shown, f"{verb}:{ticket}")

    # --- eyes -----------------------------------------------------------------------------------------------------

    def _chat(self) -> list[Shown]:
        return [m for m in self.world.telegram.chat(TEAM[self.name]) if m.from_bot]

    def _card(self, ticket: int) -> Shown | None:
        return next((m for m in reversed(self._chat()) if _ticket(m) == ticket), None)

    def _with(self, data: str) -> Shown | None:
        return next((m for m in reversed(self._chat()) if data in m.button_data), None)

    def _ticket(self, number: int) -> TicketRow:
        row = self.store.read_now(lambda s: s.get(TicketRow, number))
        assert row is not None
        return row

    def _owns(self, ticket: int) -> bool:
        return self._ticket(ticket).owner == self.name

    def _is(self, ticket: int, state: str) -> bool:
        return self._ticket(ticket).state == state

    def _row(self, words: str) -> ReplyRow | None:
        def newest(session: Session) -> ReplyRow | None:
            typed = select(ReplyRow).where(ReplyRow.typed == words).order_by(col(ReplyRow.id).desc())
            return session.exec(typed).first()

        return self.store.read_now(newest)

    def _state(self, words: str) -> str:
        row = self._row(words)
        return row.state if row is not None else ""

    def _is_asked(self, words: str) -> bool:
        row = self._row(words)
        return row is not None and row.asked

    def _asked(self, kind: str) -> list[QuestionRow]:
        mine = select(QuestionRow).where(
            QuestionRow.person == self.name, QuestionRow.kind == kind, QuestionRow.answer == ""
        )
        return list(self.store.read_now(lambda s: s.exec(mine).all()))


def _ticket(shown: Shown) -> int:
    found = CARD.match(shown.text)
    return int(found[1]) if found else 0
