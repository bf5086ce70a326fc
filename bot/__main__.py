"""The command line. JSON goes to standard output, everything said to a person to standard error.

Only what a command needs is imported, so that `reperibile rota who` answers at once. Whatever goes wrong ends in
`main`: what a person can cure is said in plain words, exit 1; a mistake of ours shows its trace.
"""

import json
import logging
import signal
import sys
from collections.abc import Collection, Coroutine, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, NoReturn

import typer

from bot import __version__, rota_commands
from bot.clock import Clock
from bot.errors import DoorError, Misconfigured, ReperibileError
from bot.triage_commands import triage_command

if TYPE_CHECKING:
    from bot.settings import Settings
    from bot.store.db import Store

app = typer.Typer(
    help="Who is on call answers the customer on X, from their own phone.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.add_typer(rota_commands.rota_app, name="rota")
app.command("triage")(triage_command)

USUAL_CONFIG = Path("config.env")
INTERRUPTED = 130  # what a shell expects of a process that Ctrl-C ended

ConfigOption = Annotated[
    Path | None, typer.Option("--config", help="The settings file; config.env when it exists.", show_default=False)
]
Language = Literal["en", "it"]
JsonOption = Annotated[bool, typer.Option("--json", help="Answer in JSON.")]


@app.callback(invoke_without_command=True)
def _root(version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False) -> None:
    if version:
        typer.echo(__version__)
        raise typer.Exit


@app.command()
def demo(
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="The page's port on 127.0.0.1; 0 takes a free one.")
    ] = 8080,
    headless: Annotated[bool, typer.Option("--headless", help="Print the address alone, on standard output.")] = False,
    language: Annotated[Language, typer.Option(help="What page and phones speak; can be switched on the page.")] = "en",
) -> None:
    """Try it without any account: the service, a stand-in X and Telegram, and phones in the browser."""
    _end_politely()
    from bot.demo.stage import play

    _run(play(port, headless=headless, language=language))


@app.command()
def sandbox(
    port: Annotated[int, typer.Option(min=0, max=65535, help="The port on 127.0.0.1; 0 takes a free one.")] = 8080,
) -> None:
    """The stand-ins alone, for a rehearsal with your own settings (config.example.env fits them)."""
    _end_politely()
    from bot.demo.stage import stage_alone

    _run(stage_alone(port))


@app.command()
def run(config: ConfigOption = None) -> None:
    """Go on call: the real thing."""
    _end_politely()
    from bot import app as house
    from bot import logs
    from bot.store.migrate import upgrade

    settings = _settings(config)
    logs.set_up(settings.secrets())
    for warning in settings.warnings:
        _say(f"warning: {warning}")
    settings.require_doors()
    done = upgrade(settings.database_url)
    if done:
        _say(f"database brought up to date: {', '.join(done)}")
    _run(house.run(settings, _clock(settings)))


@app.command()
def check(
    config: ConfigOption = None,
    as_json: JsonOption = False,
    ring: Annotated[
        bool,
        typer.Option("--ring", "--send-test", help="Really send one test message to each address of LAST_RESORT_URLS."),
    ] = False,
) -> None:
    """Is everything ready to go on call? Exit 1 when anything is wrong."""
    import asyncio

    from bot.checking import check_all, table

    found = asyncio.run(check_all(config or _usual(), Clock(), send_test=ring))
    good = all(one.ok for one in found)
    if as_json:
        _json({"ok": good, "checks": [one.as_json() for one in found]})
    else:
        table(found)
    raise typer.Exit(0 if good else 1)


@app.command()
def authorize(
    account: Annotated[str, typer.Argument(help="The account's handle on X, such as Acme_Help.")],
    config: ConfigOption = None,
) -> None:
    """Let our X app in as ACCOUNT, with a PIN from its browser: its two lines for config.env."""
    import asyncio

    from bot.x.authorize import ask, let_in

    settings = _settings(config)
    if not settings.x_consumer_key or not settings.x_consumer_secret:
        _fail("Not set: X_CONSUMER_KEY, X_CONSUMER_SECRET. Cure: put the app's keys into config.env first.")
    app_keys = (settings.x_api_url, settings.x_consumer_key, settings.x_consumer_secret)
    name = account.removeprefix("@")
    try:
        asked = asyncio.run(ask(*app_keys))
        _say(f"In a browser that is signed in as @{name} open\n\n    {asked.address}\n")
        _say("and press Authorize app. Type the PIN that it shows:")
        found = asyncio.run(let_in(*app_keys, asked, sys.stdin.readline().strip()))
    except DoorError as problem:
        cure = "are the keys those of the app, does it say Read and write, is the PIN right? Then once more."
        _fail(f"X did not let the app in ({problem.detail or problem.reason}). Cure: {cure}")
    if found.handle.lower() != name.lower():
        _fail(f"You were signed in as @{found.handle}, not as @{name}. Cure: once more, in a private window.")
    _say("Put these two lines into config.env; whoever has them can post as this account:")
    for part, value in (("", found.token), ("SECRET_", found.secret)):
        typer.echo(f"X_TOKEN_{part}{found.handle.upper()}={value}")


@app.command()
def enroll(
    person: Annotated[str, typer.Argument(help="An id of the rota, such as giulia.")],
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """Make a one-time link (15 minutes) that ties a phone to PERSON, an id of the rota."""
    import asyncio

    from bot.app import prepare_rota, username_of
    from bot.desk.team import SERVER_LINK, new_token
    from bot.store import people
    from bot.telegram.door import TelegramDoor

    settings, store = _open(config)
    now = _clock(settings).now()
    # Before the first start, too: the first lead is enrolled on an empty database.
    plan = prepare_rota(store, settings.rota_file, now)
    if person not in plan.people:
        _fail(f"There is no {person!r} in the rota. Known: {', '.join(plan.people)}")
    token = new_token()
    store.run_now(people.invite, person, token, "server", now, SERVER_LINK)
    store.close()

    async def ask() -> str:
        door = TelegramDoor(settings.telegram_token, settings.telegram_api_url, 3.0)
        await door.open()
        try:
            return await username_of(door)
        finally:
            await door.close()

    username = asyncio.run(ask()) if settings.telegram_token else ""
    url = f"https://t.me/{username or 'YOUR_BOT'}?start={token}"
    if not username:
        _say("Telegram did not tell the bot's name: put it in the link, or send the bot: /start TOKEN")
    if as_json:
        _json({"person": person, "token": token, "url": url})
    else:
        typer.echo(url)
        typer.echo(token)


@app.command()
def lock(
    person: Annotated[str, typer.Argument(help="An id of the rota, such as giulia.")], config: ConfigOption = None
) -> None:
    """Cut PERSON's phone off at once; their tickets go back on the ladder."""
    from bot.locking import lock_person

    settings, store = _open(config)
    count = store.run_now(lock_person, person, _clock(settings).now())
    store.close()
    _say(f"{person} is locked out. Tickets that went back: {count}.")


@app.command()
def tickets(config: ConfigOption = None, as_json: JsonOption = False) -> None:
    """Every ticket, a line each."""
    from bot.ticket_table import as_lines, as_table

    _, store = _open(config)
    if as_json:
        for line in store.read_now(as_lines):
            _json(line)
    else:
        store.read_now(as_table)
    store.close()


@app.command()
def export(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A folder that is empty or not there yet.")],
    handle: Annotated[
        str | None, typer.Option("--handle", help="One customer's alone: @name, in any case, or id:NUMBER.")
    ] = None,
    config: ConfigOption = None,
) -> None:
    """Write everything, or one customer's, into DIR as JSON Lines (docs/export.md)."""
    from bot.export import export as write

    settings, store = _open(config)
    try:
        done = write(store, folder, _clock(settings).now(), handle=handle, say=_say)
    finally:
        store.close()
    _json(done.as_json())


@app.command()
def forget(
    handle: Annotated[str, typer.Argument(metavar="HANDLE", help="@name, in any case, or id:NUMBER.")],
    config: ConfigOption = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Delete everything of one customer: here, on the phones, and whenever an older backup is put back."""
    from bot.forgetting import forget as erase
    from bot.forgetting import holds, whom
    from bot.store.scrubbing import copies_of

    settings, store = _open(config)
    now = _clock(settings).now()
    try:
        customer = whom(store, handle)
        count, still_open = holds(store, customer, now)
        names = ", ".join("@" + name for name in customer.handles) or "no handle known here"
        _say(f"id:{customer.author_id} ({names}): {count} tickets, {still_open} of them open (they will be closed).")
        if not yes:
            _say("This cannot be undone. Type yes to forget them:")
            if sys.stdin.readline().strip().lower() != "yes":
                _fail("Nothing was deleted. Cure: type yes, or give --yes.")
        done = erase(store, customer, now)
        copies = copies_of(store)
    finally:
        store.close()
    _say(f"Forgotten: {done.erased}. Open tickets that were closed: {done.closed}. The phones are edited now.")
    if not done.clean:
        _say("Somebody reads the database for long: some bytes stay until tonight. Cure: the same again in a while.")
    if copies:
        _say("Older copies hold them still, and forget them when they are put back: " + ", ".join(map(str, copies)))


@app.command()
def backup(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Where the copies are kept.")] = Path("backups"),
    config: ConfigOption = None,
    kept: Annotated[int, typer.Option("--keep", min=1, help="How many copies stay in DIR.")] = 14,
) -> None:
    """Copy the database into DIR, whole, also while the service runs."""
    from bot.backup import backup as copy

    settings = _settings(config)
    _json({"file": str(copy(settings.database_url, folder, _clock(settings).now(), kept=kept))})


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A file that `backup` wrote.")],
    config: ConfigOption = None,
) -> None:
    """Put a backup in the place of the database, on hold: nothing is sent until a lead presses Resume."""
    from bot import logs
    from bot.backup import restore as put_back

    settings = _settings(config)
    logs.set_up(settings.secrets(), logging.WARNING)
    done = put_back(settings.database_url, file, _clock(settings).now())
    if done.replaced:
        _say(f"The database that was there is kept as {done.replaced}")
    counts = f"{done.in_doubt} replies in doubt, {done.forgotten} customers forgotten again"
    _say(f"{file} is in its place, on hold: {counts}.")
    _say("Start the service: it asks the leads whether to go on. Or: reperibile resume")


@app.command()
def hold(config: ConfigOption = None) -> None:
    """Put a database on hold that was put back by other means (pg_restore), before the service starts."""
    from bot.backup import hold as put_on_hold

    settings, store = _open(config)
    count = put_on_hold(store, _clock(settings).now())
    store.close()
    _say(f"On hold: {count} replies in doubt. A lead presses Resume, or: reperibile resume")


@app.command()
def resume(config: ConfigOption = None) -> None:
    """Let a database that is on hold go on, as a lead's [Resume] does."""
    from bot.store import holds

    settings, store = _open(config)
    done = store.run_now(holds.resume, "server", _clock(settings).now())
    store.close()
    _say("Everything goes on from now." if done else "Nothing was on hold.")


# --- what the commands share -----------------------------------------------------------------------------------------


def _usual() -> Path | None:
    return USUAL_CONFIG if USUAL_CONFIG.exists() else None


def _settings(config: Path | None) -> "Settings":
    from bot.settings import load

    return load(config or _usual())


def _clock(settings: "Settings") -> Clock:
    return Clock(timedelta(seconds=settings.now_offset_s))


def _open(config: Path | None) -> "tuple[Settings, Store]":
    """Settings and the database, migrated."""
    from bot import logs
    from bot.store.db import Store
    from bot.store.migrate import upgrade

    settings = _settings(config)
    # What a command did it says itself; the story's lines are the service's.
    logs.set_up(settings.secrets(), logging.WARNING)
    upgrade(settings.database_url)
    return settings, Store.open(settings.database_url)


def _end_politely() -> None:
    """Until the loop takes the signals over: a kill or Ctrl-C while things are still being prepared is no failure."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    signal.signal(signal.SIGINT, lambda *_: sys.exit(INTERRUPTED))


def _run(main: Coroutine[Any, Any, None]) -> None:
    """Run until done, or until Ctrl-C or a polite kill, which end it cleanly. Raises: what else ended it."""
    import asyncio

    async def stoppable() -> None:
        task = asyncio.ensure_future(main)
        loop = asyncio.get_running_loop()
        for name in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(name, task.cancel)
        try:
            await task
        except asyncio.CancelledError:
            _say("stopped")

    asyncio.run(stoppable())


def _json(value: Any) -> None:
    sys.stdout.write(json.dumps(value, ensure_ascii=False) + "\n")


def _say(text: str) -> None:
    typer.echo(text, err=True)


def _fail(text: str) -> NoReturn:
    raise Misconfigured(text)


class _StoredRota:
    """The revisions in the database, as the rota commands ask for them."""

    def __init__(self, config: Path | None) -> None:
        self._settings, self._store = _open(config)
        rota_commands.around.clock = _clock(self._settings)

    def current(self) -> tuple[int, str] | None:
        from bot.store import rotas

        row = self._store.read_now(rotas.current)
        return (row.number, row.text) if row else None

    def save(self, text: str, author: str, why: str, base: int | None) -> int:
        from bot.app import import_rota

        return import_rota(self._store, text, author, why, _clock(self._settings).now(), base)

    def history(self) -> list[tuple[int, str, datetime, str]]:
        from bot.store import rotas

        return [(m.number, m.author, m.made_at, m.why) for m in self._store.read_now(rotas.history)]

    def get(self, number: int) -> str | None:
        from bot.store import rotas

        row = self._store.read_now(rotas.get, number)
        return row.text if row else None

    def reachable(self) -> Collection[str]:
        from bot.store import people

        return self._store.read_now(people.reachable).keys()

    def called(self, since: datetime, until: datetime) -> Mapping[str, Sequence[datetime]]:
        from bot.store import call_outs

        return self._store.read_now(call_outs.called, since, until)


rota_commands.around.open_store = _StoredRota


# --- how it ends -----------------------------------------------------------------------------------------------------


def main() -> None:
    """The installed command."""
    try:
        app(prog_name="reperibile")
    except Exception as problem:
        said = [_in_plain_words(one) for one in _each(problem)]
        if None in said:
            raise
        _say("\n".join(dict.fromkeys(text for text in said if text)))
        sys.exit(1)


def _each(problem: BaseException) -> Iterator[BaseException]:
    """The problem itself, or all those in a group."""
    if isinstance(problem, BaseExceptionGroup):
        for one in problem.exceptions:
            yield from _each(one)
    else:
        yield problem


def _in_plain_words(problem: BaseException) -> str | None:
    """What a person can read and cure; None for a mistake of ours."""
    from bot.store.db import in_plain_words
    from schedules.problems import RotaErrors

    match problem:
        case DoorError():
            return None  # the lines settle these; one that comes this far is our mistake
        case ReperibileError() | RotaErrors():
            return str(problem)
        case OSError():
            where = f"{problem.filename}: " if problem.filename else ""
            return f"{where}{problem.strerror or problem}"
        case _:
            return in_plain_words(problem)


if __name__ == "__main__":
    main()
