"""The composition root: the only file that knows every room. It wires them and keeps them running.

`House` holds the wired lines and their single steps (stories and simulations call those); `serve` runs them as
supervised tasks. A task that dies ends the process: a bare task that dies would stop intake silently.
"""

import asyncio
import contextlib
import gc
import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from sqlmodel import Session

from bot.clock import Clock
from bot.core import triage_words
from bot.core.invitation import link_key
from bot.core.options import BotName, Options
from bot.core.reply import Waits
from bot.core.reply_text import weighted_length
from bot.core.traffic import Traffic
from bot.core.triage import Judge, judge
from bot.current_rota import CurrentRota
from bot.delivery import Delivery, LastResort
from bot.desk import Desk
from bot.desk.edits import tell_imported
from bot.errors import DoorError, Misconfigured, ReperibileError, Temporary
from bot.forgetting import forget_again
from bot.heartbeat import Heartbeat
from bot.intake import Intake
from bot.intake.rechecking import Rechecking
from bot.locking import lock_person
from bot.service_manager import ServiceManager
from bot.settings import Settings, notify_socket
from bot.store import calendars, people, rotas
from bot.store.db import Store
from bot.store.lock import Leadership
from bot.stuck import Stuck
from bot.telegram.door import TelegramDoor
from bot.vitals import Vitals
from bot.watch import Watch
from bot.watch.disk import Free, free_of
from bot.watch.retention import Retention
from bot.web import Calendars, Guard, Health, Metrics, served, web_app
from bot.wording.lists import what
from bot.wording.words import LANGUAGES, Words
from bot.x.door import XDoor
from schedules.problems import RotaErrors
from schedules.rota import Plan
from schedules.rota_file import decode, load
from schedules.timetable import Reading, Timetable

log = logging.getLogger("reperibile")

# A reading that has news waits so long for the phones, at most: a Telegram that hangs must not keep X from being read.
LET_OUT_S = 0.1
# How often the tick comes, and how long Telegram may hold a getUpdates open (its own maximum is 50 s).
TICK_S = 1.0
LONG_POLL_S = 25
# X is read after this long at the latest, also while Telegram hangs; the phones are heard later then.
LISTEN_AT_START_S = 5.0
# A standby asks this often whether it may lead (RELIABILITY.md).
STANDBY_S = 0.5
# Who was told to wait for long says this often that it does.
PATIENCE_S = 60.0
# How often it is asked whether the day's housekeeping is due.
DAILY_LOOK_S = 60.0
# After a jump X is read before the tick, but a hanging X must not hold the tick up for longer than this.
JUMP_READS_S = 15.0
# A jump of the machine's clock that the leads hear of; smaller ones are only logged.
TOLD_JUMP = timedelta(minutes=1)


class LeadLost(ReperibileError):
    """Two leaders could both answer a customer: whoever is not sure of the lead stops, to be started again."""


class House:
    """Every line, wired: what can be done, one step at a time."""

    def __init__(
        self,
        store: Store,
        x: XDoor,
        telegram: TelegramDoor,
        options: Options,
        clock: Clock,
        *,
        judge: Judge = judge,
        last_resort: LastResort | None = None,
        free: Free | None = None,
    ) -> None:
        self.store = store
        self.x = x
        self.telegram = telegram
        self.options = options
        self.clock = clock
        self.rota = CurrentRota()
        self.intake = Intake(store, x, judge, options, self.rota)
        self.desk = Desk(store, telegram, options, self.rota)
        self.watch = Watch(store, options, self.rota, free)
        self.retention = Retention(store, options, self.rota)
        self.rechecking = Rechecking(store, x, options, self.rota)
        self.delivery = Delivery(store, telegram, x, options, self.rota, clock, last_resort)

    async def start(self) -> None:
        """After a start or a take-over: settle what was on its way, then hear the phones before anything escalates."""
        await self.delivery.recover()
        try:
            async with asyncio.timeout(LISTEN_AT_START_S):
                while await self.listen(0):
                    pass
        except (Temporary, TimeoutError) as problem:
            log.warning("phones cannot be heard at start: %s", problem or "no answer in time")
        await self.desk.work(self.clock.now)

    async def listen(self, timeout_s: int) -> int:
        """One getUpdates, as the desk does it; before it our own name is asked for until Telegram has told it.

        Raises: Temporary, see Desk.listen.
        """
        if not self.options.bot.username:
            self.options.bot.username = await username_of(self.telegram)
        return await self.desk.listen(self.clock.now, timeout_s)

    async def daily(self) -> None:
        """What is due once a day, unless it is done: old words go, and those of posts that were deleted on X."""
        for account in self.options.accounts:
            await self.rechecking.work(account, self.clock.now())
        await self.retention.work(self.clock.now())

    async def read_x(self) -> None:
        """Poll every account once and judge what is new."""
        for account in self.options.accounts:
            await self.intake.poll(account, self.clock.now(), _nobody_waits)
        await self.intake.judge(self.clock.now())


async def serve(
    house: House,
    poll_s: float,
    ready: asyncio.Event | None = None,
    ticked: Callable[[float], None] | None = None,
    came_round: Callable[[str], None] = lambda name: None,
) -> None:
    """Run the house until cancelled. Raises whatever ended one of its tasks.

    poll_s: seconds between two readings of each account. ticked: told how many seconds each tick took.
    came_round: told the name of each task that waits for others whenever it begins anew.
    """
    wake = _Wake(came_round)
    await house.start()
    tasks = {
        "phones": _listening(house, wake),
        "desk": _desk(house, wake),
        "tick": _ticking(house, wake, ticked),
        "pages": _sending(house, wake),
        "replies": _posting(house, wake),
        "last resort": _calling(house, wake),
        "daily": _daily(house, wake),
        **{f"X @{account}": _polling(house, account, poll_s, wake) for account in house.options.accounts},
    }
    async with asyncio.TaskGroup() as group:
        group.create_task(_warming_up(wake), name="warming up")
        for name, coroutine in tasks.items():
            group.create_task(_supervised(name, coroutine), name=name)
        log.info(
            "on call: watching %s; revision %d of the rota",
            ", ".join("@" + a for a in house.options.accounts) or "no account",
            house.rota.in_force,
        )
        if ready is not None:
            ready.set()


class _Wake:
    """Makes it quick: whoever wrote something wakes whoever acts upon it. The tick makes it certain."""

    def __init__(self, came_round: Callable[[str], None] = lambda name: None) -> None:
        self.came_round = came_round
        self.pages = asyncio.Event()
        self.replies = asyncio.Event()
        self.last_resort = asyncio.Event()
        self.inbox = asyncio.Event()
        self.tick = asyncio.Event()
        self.daily = asyncio.Event()
        self.sent = asyncio.Event()
        """What was due for the phones has left."""
        self.polls: list[asyncio.Event] = []
        self.polled = asyncio.Event()
        """X has been read once."""

    def senders(self) -> None:
        self.pages.set()
        self.replies.set()
        self.last_resort.set()

    async def let_out(self) -> None:
        """Wake the sender to the phones, and let what rings leave before anything else is done."""
        self.sent.clear()
        self.pages.set()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LET_OUT_S):
                await self.sent.wait()

    def turning_point(self, name: str) -> None:
        """The rota or the office changes now: read X if it is time to, then tick."""
        log.info("the timetable says: %s", name)
        for poll in self.polls:
            poll.set()
        self.tick.set()
        self.daily.set()


async def _supervised(name: str, coroutine: Awaitable[None]) -> None:
    try:
        await coroutine
    except asyncio.CancelledError:
        raise
    except BaseException:
        log.critical("the task %r ended: the service stops, so that somebody starts it again", name)
        raise
    raise RuntimeError(f"the task {name!r} came to an end")


async def _warming_up(wake: _Wake) -> None:
    """What waits so that the start is quick is made after the first poll, before an alarm has to wait for it."""
    await wake.polled.wait()
    await asyncio.to_thread(_warm_up)


def _warm_up() -> None:
    triage_words.get_ready()
    weighted_length("")
    # What stands now stays: to look through all of it again and again for garbage would hold up a page by 90 ms.
    gc.freeze()


async def _listening(house: House, wake: _Wake) -> None:
    while True:
        wake.came_round("phones")
        try:
            if await house.listen(LONG_POLL_S):
                wake.inbox.set()
        except Temporary as problem:
            now = house.clock.now()
            wait_s = max((problem.until - now).total_seconds() if problem.until else 1.0, 0.2)
            while wait_s > 0:
                # Told to wait for long is not stuck.
                wake.came_round("phones")
                await asyncio.sleep(min(wait_s, PATIENCE_S))
                wait_s -= PATIENCE_S


async def _desk(house: House, wake: _Wake) -> None:
    while True:
        wake.came_round("desk")
        await _woken(wake.inbox, TICK_S)
        if await house.desk.work(house.clock.now):
            wake.senders()


async def _polling(house: House, account: str, poll_s: float, wake: _Wake) -> None:
    mine = asyncio.Event()
    wake.polls.append(mine)
    while True:
        begun = house.clock.monotonic()
        await house.intake.poll(account, house.clock.now(), wake.let_out)
        wake.polled.set()
        # Also after a failed or idle reading: mentions kept before a crash, or by half a reading, wait to be judged.
        if await house.intake.judge(house.clock.now()):
            wake.senders()
        await _woken(mine, max(poll_s - (house.clock.monotonic() - begun), 0.05))


async def _ticking(house: House, wake: _Wake, ticked: Callable[[float], None] | None) -> None:
    """The tick makes everything certain; the timetable makes the changes of the rota exact."""
    timetable = Timetable(wake.turning_point)
    timetable.start()
    last = _reading(house.clock)
    try:
        while True:
            reading = _reading(house.clock)
            jumps = False
            if jump := reading.jumped_since(last):
                machine = reading.machine_jumped_since(last)
                last = reading
                # Before anything is called overdue or silent, X is read at the new time.
                log.warning("the clock jumped by %s", jump)
                # Not told when a rehearsal shifts our clock alone.
                jumps = min(abs(machine), abs(jump)) >= TOLD_JUMP
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(JUMP_READS_S):
                        await house.read_x()
            begun = house.clock.monotonic()
            await house.watch.tick(house.clock.now())
            wake.came_round("tick")
            if jumps:
                await house.watch.jumped(jump, house.clock.now())
            if ticked is not None:
                ticked(house.clock.monotonic() - begun)
            wake.senders()
            if timetable.is_outdated(house.rota.number, _reading(house.clock)):
                # As a write: the plan in force is kept by the one thread that all lines ask it on.
                plan = await house.store.run(house.rota.plan)
                timetable.lay_down(plan, house.rota.number, _reading(house.clock))
            await _woken(wake.tick, TICK_S)
    finally:
        timetable.stop()


def _reading(clock: Clock) -> Reading:
    return Reading(clock.now(), Clock().now(), clock.monotonic())


async def _sending(house: House, wake: _Wake) -> None:
    while True:
        await _woken(wake.pages, TICK_S)
        await house.delivery.to_phones()
        wake.sent.set()


async def _daily(house: House, wake: _Wake) -> None:
    """What is done once a day; looked at every minute, so that what was missed is made up for."""
    while True:
        await _woken(wake.daily, DAILY_LOOK_S)
        await house.daily()


async def _nobody_waits() -> None:
    pass


async def _posting(house: House, wake: _Wake) -> None:
    while True:
        await _woken(wake.replies, TICK_S)
        if await house.delivery.to_x():
            wake.pages.set()


async def _calling(house: House, wake: _Wake) -> None:
    """The channels outside Telegram, which may be slow: apart from the pages."""
    while True:
        await _woken(wake.last_resort, TICK_S)
        await house.delivery.to_last_resort()


async def _woken(event: asyncio.Event, at_most_s: float) -> None:
    """Wait for the event, at most so long, and take it back."""
    try:
        async with asyncio.timeout(at_most_s):
            await event.wait()
    except TimeoutError:
        pass
    event.clear()


# --- from settings ---------------------------------------------------------------------------------------------------


def accounts_of(settings: Settings, plan: Plan) -> dict[str, tuple[str, str]]:
    """Handle (as the rota spells it) → token and secret."""
    found = {}
    for account in settings.accounts:
        known = plan.account(account.name)
        found[known.handle if known else account.name] = (account.token, account.token_secret)
    return found


def options_of(settings: Settings, accounts: Sequence[str]) -> Options:
    """The lines' view of the settings."""
    return Options(
        accounts=tuple(accounts),
        waits=Waits(
            hold=timedelta(seconds=settings.reply_hold_s),
            first_look=timedelta(seconds=settings.x_doubt_wait_s),
            second_look=timedelta(seconds=settings.x_doubt_wait2_s),
        ),
        lookback=timedelta(minutes=settings.x_lookback_min),
        abandon_after=timedelta(minutes=settings.abandon_min),
        keep=timedelta(days=settings.keep_days),
        recheck=timedelta(days=settings.x_recheck_days),
        always=settings.watch == "always",
        dry_run=settings.dry_run,
        team_chat=settings.team_chat_id,
        bot=BotName(),
        link_key=link_key(settings.telegram_token),
        public_url=settings.public_url if settings.http_port else "",
        last_resort=bool(settings.last_resort_urls),
    )


def prepare_rota(store: Store, rota_file: Path, now: datetime) -> Plan:
    """The rota in force; the file is imported when the database has none, and a difference is told.

    Raises: Misconfigured naming the file and what is wrong in it.
    """
    row = store.read_now(rotas.current)
    try:
        text = decode(rota_file.read_bytes(), str(rota_file)) if rota_file.is_file() else None
    except (OSError, RotaErrors) as problem:
        if row is None:
            raise Misconfigured(f"The rota cannot be used:\n{problem}") from None
        # The rota in force is in the database: a file that nobody needs stops nothing.
        log.warning("ROTA_FILE cannot be read, the rota in force stays: %s", problem)
        text = None
    if row is None:
        if text is None:
            raise Misconfigured(
                f"There is no rota: ROTA_FILE={rota_file} does not exist. "
                "Cure: copy rota.example.toml there and edit it, then: reperibile rota check"
            )
        try:
            plan = load(text, str(rota_file))
        except RotaErrors as problem:
            raise Misconfigured(f"The rota cannot be used:\n{problem}") from None
        import_rota(store, text, "server", f"first start, from {rota_file.name}", now)
        log.info("imported %s as the first revision of the rota", rota_file)
        return plan
    if text is not None and text != row.text:
        log.warning(
            "%s differs from the rota in force (revision %d); nothing is overwritten. To use the file: "
            "reperibile rota import %s",
            rota_file,
            row.number,
            rota_file,
        )
    return store.read_now(CurrentRota().plan)


def import_rota(store: Store, text: str, author: str, why: str, now: datetime, base: int | None = None) -> int:
    """A new revision, told to those whose hours it moves. text: one that loads.

    People it leaves out are locked, what they had is free again, and their calendars end.
    """
    plan = load(text, "rota")

    def work(session: Session) -> int:
        before = _in_force(session)
        newest = rotas.current_number(session)
        number = rotas.save(session, text, author, why, now, base)
        if before is not None and newest != number:
            tell_imported(session, before, plan, author, number, now)
        calendars.keep_only(session, plan.people, now)
        for row in people.linked(session):
            if row.id not in plan.people and row.locked_at is None:
                freed = lock_person(session, row.id, now, by=author, plan=plan)
                log.warning("%s is not in the rota: their phone is locked out, %d tickets are free", row.id, freed)
        return number

    return store.run_now(work)


def _in_force(session: Session) -> Plan | None:
    """None when there was no rota, or none that can be read: then nobody knows whose hours move."""
    try:
        return CurrentRota().plan(session)
    except Misconfigured:
        return None


async def username_of(door: TelegramDoor) -> str:
    """The bot's name, without @; "" when Telegram cannot be asked now."""
    try:
        return (await door.me())[1]
    except DoorError as problem:
        log.warning("Telegram does not tell the bot's name: %s", problem)
        return ""


async def announce_commands(house: House) -> None:
    """Telegram's own menu of commands, in both languages; best effort."""
    zone = house.store.read_now(house.rota.plan).timezone
    from zoneinfo import ZoneInfo

    from bot.core.commands import COMMANDS

    for language in LANGUAGES:
        words = Words(language, ZoneInfo(zone))
        italian = language == "it"
        menu = [
            (spec.aliases[0] if italian and spec.aliases else spec.name, what(words, spec.name))
            for spec in COMMANDS
            if spec.role == "staff" or spec.name == "help"
        ]
        await house.telegram.set_commands("" if language == "en" else language, menu)


def candidate(database_url: str) -> Leadership:
    """Stand for the lead: on PostgreSQL perhaps as a standby, on SQLite there is no second.

    Raises: Misconfigured on SQLite when another process has the database.
    """
    leadership = Leadership(database_url)
    if database_url.startswith("sqlite") and not leadership.try_acquire():
        raise Misconfigured(f"Another process runs on this database already ({leadership.who()}). Cure: stop it first.")
    return leadership


async def lead(leadership: Leadership, manager: ServiceManager) -> None:
    """Wait until this is the one process that polls, ticks and sends."""
    waiting = False
    while not await asyncio.to_thread(leadership.try_acquire):
        if not waiting:
            leader = await asyncio.to_thread(leadership.who)
            log.info("standing by: %s leads", leader)
            manager.ready(f"standing by: {leader} leads")
            waiting = True
        manager.alive()
        await asyncio.sleep(STANDBY_S)


async def run(settings: Settings, clock: Clock, *, on_ready: Callable[[House], Awaitable[None]] | None = None) -> None:
    """The real thing, from settings to a clean stop when cancelled. Migrations are done before."""
    settings.require_doors()
    leadership = candidate(settings.database_url)
    store = Store.open(settings.database_url)
    poll_every = timedelta(seconds=settings.x_poll_s)
    handles = [account.name for account in settings.accounts]
    health = Health(store, clock.now, handles, always=settings.watch == "always", poll_every=poll_every)
    traffic = Traffic(clock.now)
    metrics = Metrics(store, health, traffic, clock.now)
    guard = Guard(settings.is_served_on_loopback, settings.http_token)
    feeds = Calendars(store, clock.now, settings.public_url, metrics.meters.calendar_asked)
    manager = ServiceManager(notify_socket())
    heartbeat = Heartbeat(settings.heartbeat_url) if settings.heartbeat_url else None
    vitals = Vitals(health, manager, heartbeat)

    def ticked(seconds: float) -> None:
        metrics.meters.ticked(seconds)
        vitals.ticked()

    try:
        async with served(web_app(health, metrics, guard, feeds), settings.http_host, settings.http_port):
            await lead(leadership, manager)
            health.leads()
            log.info("leading from now on")
            await _run_leading(settings, clock, store, leadership, on_ready, traffic, ticked, vitals)
    finally:
        manager.stopping()
        store.close()
        leadership.release()


async def _run_leading(
    settings: Settings,
    clock: Clock,
    store: Store,
    leadership: Leadership,
    on_ready: Callable[[House], Awaitable[None]] | None,
    traffic: Traffic,
    ticked: Callable[[float], None],
    vitals: Vitals,
) -> None:
    plan = prepare_rota(store, settings.rota_file, clock.now())
    if count := forget_again(store, clock.now()):
        log.warning("an older database was put back: %d customers were forgotten again", count)
    tokens = accounts_of(settings, plan)
    x = XDoor(settings.x_api_url, settings.x_consumer_key, settings.x_consumer_secret, tokens, traffic=traffic)
    telegram = TelegramDoor(settings.telegram_token, settings.telegram_api_url, traffic=traffic)
    await x.open()
    await telegram.open()
    stuck = Stuck()
    stuck.came_round("tick")
    stuck.watch()
    try:
        options = options_of(settings, tuple(tokens))
        house = House(store, x, telegram, options, clock, last_resort=_last_resort(settings), free=free_of(store))
        if on_ready is not None:
            await on_ready(house)
        await house.retention.prepare()
        async with asyncio.TaskGroup() as group:
            group.create_task(serve(house, settings.x_poll_s, ticked=ticked, came_round=stuck.came_round))
            group.create_task(vitals.keep())
            group.create_task(_keep_leading(leadership))
            # A menu is no reason to wait: when Telegram hangs, X is read all the same.
            group.create_task(announce_commands(house))
    finally:
        stuck.stop()
        await telegram.close()
        await x.close()


async def _keep_leading(leadership: Leadership) -> None:
    while True:
        await asyncio.sleep(STANDBY_S * 4)
        if not await asyncio.to_thread(leadership.still_held):
            raise LeadLost("another process leads now, or the database does not answer: this one stops")


def _last_resort(settings: Settings) -> LastResort | None:
    if not settings.last_resort_urls:
        return None
    from bot.last_resort import LastResortChannels

    return LastResortChannels(settings.last_resort_urls).notify
