"""The world around the service: X and Telegram as they truly are, what may go wrong, and who saw what.

The doors' doubles stand at the lines' small Protocols, straight on the worlds of bot/sandbox: no HTTP, no signatures.
The real doors have their failure tables tested row by row elsewhere; here a night has to pass in half a second.
"""

import asyncio
import contextlib
import random
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from sim_loop import Process, VirtualLoop

from bot.core.incoming import Incoming
from bot.core.mention import Mention, MentionPage
from bot.core.message import Message
from bot.errors import InDoubt, Permanent, Temporary
from bot.sandbox.telegram_limits import ApiRefusal
from bot.sandbox.telegram_values import Shown
from bot.sandbox.telegram_world import TelegramWorld
from bot.sandbox.x_posts import Post, handles_in_order
from bot.sandbox.x_refusals import NotAllowed
from bot.sandbox.x_world import XWorld
from bot.telegram import incoming

T = TypeVar("T")

# Saturday 28 November 2026, 22:00 in Rome: Giulia is on duty, Sara is her backup, Marco leads.
START = datetime(2026, 11, 28, 21, 0, tzinfo=UTC)
ACCOUNT = "TIM_Official"
TEAM = {"giulia": 1001, "alessio": 1002, "sara": 1003, "marco": 1004}
HTTP_TIMEOUT_S = 10.0
PAGE = re.compile(r"\S+ #(\d+) · (?:119|187|191|line unknown) · ")
TAG = re.compile(r"\bk\d+z\b")


FOCUS = (
    *("_keep", "_handle", "_done", "_tick", "_recover", "_take", "_sent", "_not_sent"),
    *("_next_errand", "_next_errand", "_post_failed", "_posted", "_looked", "_look_failed"),
    *("updates", "send", "lookup", "post", "own_posts"),
)
FOCUS_RATE = 0.4


@dataclass
class Rates:
    """How bad this night is; drawn per seed.

    write, idle: per commit boundary, of a transaction that changed something that matters, and of one that did not.
    focus: one transaction or call at which much more happens than elsewhere; "" for none.
    kinds: what happens then, with its weight. http: by call. A fault of a call is drawn from `ways`.
    """

    write: float
    idle: float
    http: dict[str, float]
    kinds: dict[str, float]
    ways: dict[str, float]
    pause_s: float
    down_s: tuple[float, float]
    lock_lost: float
    lag_s: float
    late_s: float
    focus: str

    @classmethod
    def drawn(cls, chance: random.Random) -> "Rates":
        def some(most: float) -> float:
            return chance.choice((0.0, most * chance.random(), most))

        rates = cls(
            write=chance.choice((0.0, 0.02, 0.05, 0.1)),
            idle=chance.choice((0.0, 0.0005, 0.003)),
            http={
                "mentions": some(0.08),
                "own_posts": some(0.3),
                "lookup": some(0.2),
                "post": chance.choice((0.0, 0.3, 0.6, 0.9)),
                "delete": some(0.3),
                "updates": some(0.08),
                "send": some(0.35),
                "edit": some(0.1),
                "answer": some(0.1),
                "me": some(0.1),
            },
            kinds={"kill": 3.0, "error": some(2.0), "pause": some(3.0)},
            ways={
                "refused": 1.0,
                "limited": 1.0,
                "server": 1.0,
                "server_after": some(2.0),
                "lost": 1.0,
                "lost_after": some(3.0),
                "late": some(3.0),
                "forbidden": some(0.2),
                "kill_before": some(2.0),
                "kill_under_way": some(2.0),
                "kill_after": some(3.0),
                "pause_before": some(1.0),
                "pause_after": some(1.0),
            },
            pause_s=chance.choice((5.0, 60.0, 300.0)),
            down_s=chance.choice(((0.5, 3.0), (0.5, 3.0), (1.0, 60.0), (60.0, 400.0))),
            lock_lost=chance.choice((0.0, 0.5, 1.0)),
            lag_s=chance.choice((0.0, 3.0, 20.0)),
            late_s=chance.choice((1.0, 20.0, 60.0)),
            focus=chance.choice(("", *FOCUS)),
        )
        match chance.randrange(8):
            case 0:  # machines that fall asleep for minutes while they hold the lead
                rates.pause_s, rates.lock_lost, rates.kinds["pause"] = 300.0, 1.0, 9.0
                rates.focus = chance.choice(("_next_errand", "_next_errand", "lookup", "_take"))
                rates.ways["pause_before"] = rates.ways["pause_after"] = 6.0
            case 1:  # an X that is slow to show what it has taken
                rates.lag_s, rates.focus = 20.0, "post"
                rates.ways["lost_after"] = rates.ways["late"] = 4.0
        return rates


@dataclass
class Ledger:
    """What truly happened, seen from outside; violations are noted the moment they can be seen."""

    violations: list[str] = field(default_factory=list)
    faults: Counter[str] = field(default_factory=Counter)
    rang: list[tuple[float, str, int, str]] = field(default_factory=list)
    """When, whose phone, ticket (0: none), text."""
    doubtful: dict[tuple[int, str], bool] = field(default_factory=dict)
    """(parent, text) → a POST may have landed and nobody has looked since."""
    posts: Counter[tuple[int, str]] = field(default_factory=Counter)
    typed: dict[str, str] = field(default_factory=dict)
    """Typed words → who typed them."""
    updates: set[int] = field(default_factory=set)
    """Numbers of the updates that hold typed words: presses live 150 s at Telegram, these a day."""
    sends: set[str] = field(default_factory=set)
    """Words of replies whose Send was pressed."""
    again: Counter[str] = field(default_factory=Counter)
    """How often the writer, asked, said: send again."""

    def broken(self, promise: str, what: str) -> None:
        self.violations.append(f"{promise}: {what}")


class World:
    """One night's truth."""

    def __init__(self, loop: VirtualLoop, seed: int) -> None:
        self.loop = loop
        self.chance = random.Random(seed)
        self.rates = Rates.drawn(self.chance)
        self.ledger = Ledger()
        self.trace: list[str] = []
        self.is_faulty = False
        self.is_over = False
        self.leader: Process | None = None
        self.x = XWorld(now=self.now, real_time=loop.time)
        self.x.rate_limited = self.x.duplicate_filter = False
        self.x.index_delay_s = self.rates.lag_s
        self.x.add_account(ACCOUNT)
        self.telegram = TelegramWorld(now=self.now)
        for person, number in TEAM.items():
            self.telegram.add_person(number, person.title(), "en").started = True

    def now(self) -> datetime:
        return START + timedelta(seconds=self.loop.time())

    def tell(self, who: str, what: str) -> None:
        self.trace.append(f"{self.loop.time():8.2f}  {who:<8}  {what}")

    def later(self, seconds: float, do: Callable[..., object], *args: Any) -> None:
        self.loop.call_later(seconds, do, *args, context=self.loop.nobody)

    # --- faults ---------------------------------------------------------------------------------------------------

    def strikes(self, name: str, rate: float) -> bool:
        rate = max(rate, FOCUS_RATE) if name == self.rates.focus else rate
        return self.is_faulty and rate > 0 and self.chance.random() < rate

    def one_of(self, weights: Mapping[str, float]) -> str:
        return self.chance.choices(list(weights), list(weights.values()))[0]

    def kill(self, process: Process, why: str) -> None:
        self.ledger.faults["kill"] += 1
        self.tell(process.name, f"✝ killed {why}")
        process.alive = False
        if self.leader is process:
            self.leader = None

    def pause(self, process: Process, why: str, most_s: float) -> None:
        self.ledger.faults["pause"] += 1
        seconds = self.chance.choice((self.chance.uniform(1.0, most_s), most_s))
        lost = self.chance.random() < self.rates.lock_lost
        if lost and self.leader is process:
            self.leader = None
        self.tell(process.name, f"❄ frozen for {seconds:.0f} s {why}{', and the lead is lost' if lost else ''}")
        process.freeze(seconds)

    async def gone(self) -> Any:
        """Where a killed process stands for ever."""
        if self.is_over:
            raise asyncio.CancelledError
        return await self.loop.create_future()

    async def rest(self, seconds: float) -> None:
        if self.is_over:
            raise asyncio.CancelledError
        await asyncio.sleep(seconds)


class Doubles:
    """What both doubles share: a call over a network on which anything may happen."""

    def __init__(self, world: World, process: Process) -> None:
        self.world = world
        self.process = process

    async def call(
        self,
        name: str,
        about: str,
        work: Callable[[], T],
        *,
        writing: bool = False,
        ended: Callable[[bool], None] = lambda _: None,
    ) -> T:
        """Do the work, or not; answer, or not. ended: told whether something may have been done and nobody knows.

        Raises: Temporary, InDoubt, Permanent, as the real doors would.
        """
        world, process = self.world, self.process
        way = world.one_of(world.rates.ways) if world.strikes(name, world.rates.http.get(name, 0.0)) else ""
        if way == "forbidden" and name != "post":
            way = "refused"
        if way:
            world.ledger.faults[way] += 1
        if way or about:
            world.tell(process.name, f"{name} {about}{f'  ⚡ {way}' if way else ''}")
        await world.rest(world.chance.uniform(0.01, 0.15))
        quiet = lambda: _quietly(work)  # noqa: E731
        lost: type[Temporary] | type[InDoubt] = InDoubt if writing else Temporary
        match way:
            case "kill_before":
                world.kill(process, f"before {name}")
                await world.gone()
            case "kill_under_way":
                ended(True)
                world.later(world.chance.uniform(0.0, world.rates.late_s), quiet)
                world.kill(process, f"with {name} under way")
                await world.gone()
            case "pause_before":
                # The last instant before the first byte: what no check can see. Shorter than the lease.
                world.pause(process, f"before {name}", min(world.rates.pause_s, 25.0))
                await world.rest(0.0)
            case "refused":
                ended(False)
                raise Temporary("not_sent")
            case "limited":
                ended(False)
                if isinstance(self, XDouble):
                    raise Temporary("rate_limit", until=self.now() + timedelta(seconds=world.chance.uniform(1, 60)))
                raise Temporary("flood", after=timedelta(seconds=world.chance.uniform(1, 20)))
            case "server":
                ended(True)
                raise lost("server")
            case "forbidden":
                ended(False)
                raise Permanent("forbidden")
            case "lost":
                await world.rest(HTTP_TIMEOUT_S)
                ended(True)
                raise lost("server")
            case "late":
                ended(True)
                world.later(HTTP_TIMEOUT_S + world.chance.uniform(0.0, world.rates.late_s), quiet)
                await world.rest(HTTP_TIMEOUT_S)
                raise lost("server")
        result = work()
        match way:
            case "kill_after":
                ended(True)
                world.kill(process, f"after {name}")
                await world.gone()
            case "pause_after":
                world.pause(process, f"after {name}", world.rates.pause_s)
            case "server_after":
                ended(True)
                raise lost("server")
            case "lost_after":
                ended(True)
                await world.rest(HTTP_TIMEOUT_S)
                raise lost("server")
        await world.rest(world.chance.uniform(0.01, 0.15))
        return result

    def now(self) -> datetime:
        return self.world.now()


class XDouble(Doubles):
    """X, as intake and delivery know it."""

    async def mentions(
        self,
        account: str,
        *,
        since_id: int | None = None,
        start_time: datetime | None = None,
        page_token: str | None = None,
    ) -> MentionPage:
        ours = self.world.x.customer(account)

        def work() -> MentionPage:
            shown = [p for p in self.world.x.mentions_of(ours) if p.id > (since_id or 0)]
            return MentionPage(tuple(_mention(p) for p in shown if start_time is None or p.created_at >= start_time))

        return await self.call("mentions", "", work)

    async def own_posts(self, account: str, *, since: datetime) -> tuple[Mention, ...]:
        ours, doubtful = self.world.x.customer(account), dict(self.world.ledger.doubtful)

        def work() -> tuple[Mention, ...]:
            return tuple(_mention(p) for p in self.world.x.posts_by(ours) if p.created_at >= since)

        posts = await self.call("own_posts", f"since {since:%H:%M:%S}", work)
        for key in doubtful:
            self.world.ledger.doubtful[key] = False
        return posts

    async def lookup(self, account: str, ids: Sequence[int]) -> dict[int, Mention | None]:
        def work() -> dict[int, Mention | None]:
            posts = {i: self.world.x.posts.get(i) for i in ids}
            return {i: None if p is None or p.deleted else _mention(p) for i, p in posts.items()}

        return await self.call("lookup", "", work)

    async def post(self, account: str, text: str, *, in_reply_to: int) -> int:
        ledger, key = self.world.ledger, (in_reply_to, text)
        if ledger.doubtful.get(key):
            ledger.broken("double post", f"{text!r} was posted again without a look at X")
        ours = self.world.x.customer(account)
        done: list[int] = []

        def work() -> int:
            try:
                post = self.world.x.write_by_api(ours, text, in_reply_to=in_reply_to)
            except NotAllowed as refusal:
                raise Permanent("forbidden", str(refusal)) from None
            done.append(post.id)
            ledger.posts[key] += 1
            self.world.tell("X", f"our post {ledger.posts[key]} of {text!r} stands")
            words = next((typed for typed in ledger.typed if text.startswith(typed)), text)
            if words not in ledger.sends:
                ledger.broken("sent unasked", f"{text!r} was posted without a Send")
            if ledger.posts[key] > 1 + ledger.again[words]:
                ledger.broken("double post", f"{text!r} stands on X {ledger.posts[key]} times")
            return post.id

        def ended(in_doubt: bool) -> None:
            if in_doubt:
                ledger.doubtful[key] = True

        return await self.call("post", repr(text), work, writing=True, ended=ended)

    async def delete(self, account: str, post_id: int) -> None:
        await self.call("delete", str(post_id), lambda: self.world.x.delete(post_id), writing=True)


class TelegramDouble(Doubles):
    """Telegram, as desk and delivery know it."""

    async def me(self) -> tuple[int, str]:
        return await self.call("me", "", lambda: (self.world.telegram.bot_id, "reperibile_bot"))

    async def updates(self, offset: int | None, timeout_s: int) -> list[dict[str, Any]]:
        updates = self.world.telegram.updates
        if offset is not None and updates.pending():
            updates.confirm(offset)
        await self.call("updates", "", lambda: None)
        try:
            return await updates.poll(offset or 0, 100, timeout_s)
        except ApiRefusal as refusal:
            raise Temporary("conflict", refusal.description) from None

    def read(self, raw: Mapping[str, Any]) -> Incoming:
        return incoming.read(raw, self.world.telegram.bot_id)

    async def answer(self, callback_id: str, text: str = "", *, alert: bool = False) -> None:
        with contextlib.suppress(Temporary, Permanent, InDoubt):
            await self.call("answer", "", lambda: None)

    async def leave(self, chat_id: int) -> None:
        self.world.ledger.broken("sent unasked", f"left chat {chat_id}")

    async def send(self, chat_id: int, message: Message, *, reply_to: int | None = None) -> int:
        about = _person(chat_id) + ("" if message.silent else " RINGS")
        return await self.call(
            "send", f"{about}: {_line(message)}", lambda: self._arrives(chat_id, message), writing=True
        )

    async def edit(self, chat_id: int, message_id: int, message: Message) -> None:
        def work() -> None:
            shown = self.world.telegram.find(chat_id, message_id)
            if shown is None:
                raise Permanent("bad_request", "message to edit not found")
            shown.text, shown.markup, shown.edited_at = message.text, _markup(message), self.world.now()

        await self.call("edit", f"{_person(chat_id)}: {_line(message)}", work, writing=True)

    async def delete(self, chat_id: int, message_id: int) -> None:
        await self.call("edit", f"takes {message_id} away", lambda: None, writing=True)

    def _arrives(self, chat_id: int, message: Message) -> int:
        world, ledger, person = self.world, self.world.ledger, _person(chat_id)
        shown = Shown(0, chat_id, True, world.telegram.bot_id, message.text, world.now(), markup=_markup(message))
        shown.silent, shown.rang = message.silent, not message.silent
        world.telegram.bot_puts(shown)
        if person == str(chat_id):
            ledger.broken("sent unasked", f"a message to {chat_id}, whom nobody knows")
        if shown.rang:
            page = PAGE.match(message.text)
            ticket = int(page[1]) if page else 0
            ledger.rang.append((world.loop.time(), person, ticket, message.text))
        return shown.message_id


def _quietly(work: Callable[[], object]) -> None:
    """What was under way when its sender died or gave up."""
    with contextlib.suppress(Permanent, ApiRefusal):
        work()


def _person(chat_id: int) -> str:
    return next((person for person, number in TEAM.items() if number == chat_id), str(chat_id))


def _line(message: Message) -> str:
    return message.text.partition("\n")[0][:70]


def _markup(message: Message) -> dict[str, Any] | None:
    if not message.buttons:
        return None
    rows = [
        [{"text": b.label, **({"url": b.url} if b.url else {"callback_data": b.data})} for b in row]
        for row in message.buttons
    ]
    return {"inline_keyboard": rows}


def _mention(post: Post) -> Mention:
    return Mention(
        id=post.id,
        first_id=post.history[0],
        author_id=post.author.id,
        author=post.author.handle,
        author_name=post.author.name,
        text=post.full_text,
        created_at=post.created_at,
        conversation_id=post.conversation_id,
        parent_id=post.in_reply_to,
        mentioned=tuple(handles_in_order(post.full_text)),
    )
