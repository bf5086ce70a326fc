"""The house checks itself: who may know whom, who reads the clock, who sends, and that what is listed is complete.

The walls between our own rooms stand as import-linter's contracts in pyproject.toml; here they are run, and what such
contracts cannot say is read from the sources. Every exception is listed with its reason, and one that is not needed any
more fails, too.
"""

import ast
import re
import subprocess
import sys
import tokenize
from collections.abc import Collection, Iterable, Iterator
from functools import cache
from pathlib import Path

import pytest

from bot.core.commands import COMMANDS
from bot.settings import KEYS

ROOT = Path(__file__).parents[1]
SOURCES = sorted(path for room in ("bot", "schedules") for path in (ROOT / room).rglob("*.py"))
PYTHON_LINES_MAX = 600
BYTES_MAX = 1024 * 1024

SESSION = {"sqlmodel", "sqlalchemy"}
LIBRARIES: dict[str, set[str]] = {
    "schedules": {"holidays", "icalendar", "tomlkit"},
    "schedules.timetable": {"apscheduler"},
    "bot.__main__": {"typer", "rich"},
    "bot.app": SESSION,
    "bot.checking": SESSION | {"rich"},
    "bot.demo": SESSION,
    "bot.heartbeat": {"httpx"},
    "bot.last_resort": {"apprise"},
    "bot.locking": SESSION,
    "bot.forgetting": SESSION,
    "bot.rota_commands": {"typer", "rich"},
    "bot.rota_picture": {"PIL"},
    "bot.rota_table": {"rich"},
    "bot.ticket_table": SESSION | {"rich"},
    "bot.triage_commands": {"typer", "rich"},
    "bot.settings": {"dotenv"},
    "bot.core": {"phonenumbers", "stdnum", "twitter_text"},
    "bot.store": {"sqlmodel", "sqlalchemy", "alembic", "psycopg"},
    "bot.x": {"tweepy", "aiohttp", "yarl", "oauthlib"},
    "bot.telegram": {"telegram", "httpx"},
    "bot.current_rota": SESSION,
    "bot.paging": SESSION,
    "bot.showing": SESSION,
    "bot.intake": SESSION,
    "bot.desk": SESSION,
    "bot.watch": SESSION,
    "bot.delivery": SESSION,
    "bot.wording": {"babel"},
    "bot.web": {"prometheus_client", "starlette", "uvicorn"},
    "bot.sandbox": {"starlette", "uvicorn", "oauthlib", "twitter_text"},
}
"""Which libraries a room may use, the longest name that fits; a room that is not listed may use none."""

CLOCK_READERS = {
    "bot/clock.py": "the one reader",
    "bot/sandbox/app.py": "paces the page's events by the loop's clock, for the world's clock may stand still",
    "bot/sandbox/stage.py": "how long no service was heard, by the loop's clock for the same reason",
    "bot/sandbox/x_world.py": "checks the time in a signature, which the clients take from the real clock",
    "bot/triage_commands.py": "measures how fast this machine judges a mention",
}
ENVIRONMENT_READERS = {"bot/settings.py": "the one reader"}
COMMAND_LINE = ("bot/__main__.py", "bot/demo/stage.py", "bot/rota_commands/", "bot/triage_commands.py")
SENDERS = ("bot/delivery/", "bot/x/", "bot/telegram/", "bot/sandbox/")
LONG = {
    "bot/core/triage_words.py": "one vocabulary, as a table",
}


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


@cache
def nodes(path: Path) -> tuple[ast.AST, ...]:
    """Everything in a file, walked once for all that look."""
    return tuple(ast.walk(parsed(path)))


def name_of(path: Path) -> str:
    """As it stands in the exceptions: from the root, with slashes."""
    return path.relative_to(ROOT).as_posix()


def module_of(path: Path) -> str:
    return name_of(path).removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def imports(found: Iterable[ast.AST]) -> Iterator[tuple[int, str]]:
    """Line and full name of everything imported, also inside functions and for the type checker alone."""
    for node in found:
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"line {node.lineno}: imports name their module in full"
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


def room_of(module: str) -> str | None:
    return max((room for room in LIBRARIES if f"{module}.".startswith(f"{room}.")), key=len, default=None)


@cache
def kept_files() -> tuple[Path, ...]:
    """Every file that git keeps or would keep."""
    if not (ROOT / ".git").exists():
        pytest.skip("no git here: this is not a checkout")
    asked = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(asked, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return tuple(path for name in listed.split("\0") if name and (path := ROOT / name).is_file())


def test_no_room_knows_what_it_must_not() -> None:
    """A wall once broken is never rebuilt: the contracts of pyproject.toml."""
    # In a process of its own: import-linter switches off the loggers of the one it runs in.
    tool = [Path(sys.executable).with_name("lint-imports"), "--no-logo", "--no-cache"]
    ran = subprocess.run(tool, cwd=ROOT, capture_output=True, text=True)
    if ran.returncode:
        pytest.fail(ran.stdout + ran.stderr, pytrace=False)


def test_only_the_room_that_owns_a_library_speaks_it() -> None:
    """So that a library, or a whole door, can be replaced by changing one room."""
    foreign = [
        f"{name_of(path)}:{line} imports {name}"
        for path in SOURCES
        for line, name in imports(nodes(path))
        if (top := name.split(".")[0]) not in sys.stdlib_module_names
        and top not in ("bot", "schedules")
        and top not in LIBRARIES.get(room_of(module_of(path)) or "", set())
    ]
    assert foreign == []


def test_only_the_composition_root_knows_the_timetable() -> None:
    """Everybody else is called by it, or tells it through the store."""
    knowing = [
        f"{name_of(path)}:{line}"
        for path in SOURCES
        for line, name in imports(nodes(path))
        if f"{name}.".startswith("schedules.timetable.") and name_of(path) != "bot/app.py"
    ]
    assert knowing == []


CLOCK_CALLS = {
    "datetime": {"now", "utcnow", "today"},
    "date": {"today"},
    "time": {"time", "time_ns", "monotonic", "monotonic_ns", "perf_counter", "perf_counter_ns", "localtime", "gmtime"},
}


def clock_reads(found: Collection[ast.AST]) -> Iterator[int]:
    """Lines that read the time of day or a running clock, or hand over the function that does."""
    modules = {name for _, name in imports(found)}
    for node in found:
        if isinstance(node, ast.ImportFrom) and node.module == "time":
            yield from (node.lineno for alias in node.names if alias.name in CLOCK_CALLS["time"])
        if not isinstance(node, ast.Attribute):
            continue
        match node.value:
            case ast.Name(id="time") if "time" not in modules:
                pass  # datetime's time
            case ast.Name(id=owner) | ast.Attribute(attr=owner) if node.attr in CLOCK_CALLS.get(owner, ()):
                yield node.lineno
            case ast.Call(func=ast.Attribute(attr="get_running_loop" | "get_event_loop")) if node.attr == "time":
                yield node.lineno
            case _:
                pass


@pytest.mark.parametrize(
    ("source", "reads"),
    [
        ("from datetime import datetime\ndatetime.now(UTC)", True),
        ("import datetime\ndatetime.datetime.utcnow()", True),
        ("from datetime import date\ndate.today()", True),
        ("import time\ndef wait(timer=time.monotonic): ...", True),
        ("from time import perf_counter", True),
        ("import asyncio\nasyncio.get_running_loop().time()", True),
        ("world.now()", False),
        ("clock.monotonic()", False),
        ("from datetime import time\ntime.max", False),
    ],
)
def test_a_look_at_the_clock_is_recognised(source: str, *, reads: bool) -> None:
    assert any(clock_reads([*ast.walk(ast.parse(source))])) == reads


def test_only_the_clock_reads_the_clock() -> None:
    """Else a rehearsal, a story or the demo cannot move the night forward."""
    read = {name_of(path): lines for path in SOURCES if (lines := sorted(clock_reads(nodes(path))))}
    assert {name: lines for name, lines in read.items() if name not in CLOCK_READERS} == {}
    assert set(CLOCK_READERS) - set(read) == set(), "these exceptions are not needed any more"


def test_only_the_settings_read_the_environment() -> None:
    """Else a key works that no `check`, no example and no error message knows."""
    read = {
        name_of(path)
        for path in SOURCES
        for node in nodes(path)
        if (isinstance(node, ast.Attribute) and node.attr in ("environ", "environb", "getenv"))
        or (isinstance(node, ast.ImportFrom) and node.module == "os" and any("env" in a.name for a in node.names))
    }
    assert read == set(ENVIRONMENT_READERS)


def test_nothing_sleeps_with_the_whole_process() -> None:
    """`time.sleep` in the loop stops every phone; in a test it makes a night out of a minute."""
    sleeping = [
        f"{name_of(path)}:{node.lineno}"
        for path in [*SOURCES, *(ROOT / "tests").rglob("*.py")]
        if "sleep" in path.read_text(encoding="utf-8")  # most need not be parsed
        for node in nodes(path)
        if isinstance(node, ast.Attribute)
        and node.attr == "sleep"
        and isinstance(node.value, ast.Name)
        and node.value.id == "time"
    ]
    assert sleeping == []


def test_only_the_command_line_prints() -> None:
    """Everybody else logs: standard output is for the JSON that other tools read."""
    printing = [
        f"{name_of(path)}:{node.lineno}"
        for path in SOURCES
        for node in nodes(path)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"
        if not name_of(path).startswith(COMMAND_LINE)
    ]
    assert printing == []


SENDING = {"send", "edit", "post", "delete"}


def test_only_delivery_sends() -> None:
    """Two senders could both answer the customer. A line can call only what its Protocol of a door lists."""
    sending = []
    for path in SOURCES:
        if name_of(path).startswith(SENDERS):
            continue
        for node in nodes(path):
            match node:
                case ast.AsyncFunctionDef(name=name) if name in SENDING:
                    sending.append(f"{name_of(path)}:{node.lineno} declares {name}")
                case ast.Await(value=ast.Call(func=ast.Attribute(attr=name))) if name in SENDING:
                    sending.append(f"{name_of(path)}:{node.lineno} awaits {name}")
                case _:
                    pass
    assert sending == []


# Written backwards, so that this file names none either.
REGISTRIES = ["gro.ipyp", "gro.detsohnohtyp", "gro.sjmpn", "moc.sjmpn", "moc.gkpnray", "gro.naibed.bed", "oi.setarc"]


def test_no_file_names_a_package_registry() -> None:
    """Where packages come from is the business of the machine: pip and apt know, also behind a company's mirror."""
    hosts = re.compile("|".join(re.escape(host[::-1]) for host in REGISTRIES).encode())
    naming = [name_of(path) for path in kept_files() if hosts.search(path.read_bytes())]
    assert naming == []


def test_no_file_is_heavy() -> None:
    """A clone stays quick."""
    assert [name_of(path) for path in kept_files() if path.stat().st_size > BYTES_MAX] == []


def test_every_module_says_why_it_exists() -> None:
    silent = [name_of(path) for path in kept_files() if path.suffix == ".py" and not begins_with_a_text(path)]
    assert silent == []


def begins_with_a_text(path: Path) -> bool:
    """Whether a docstring stands first: one word is looked at, and hundreds of files need not be parsed for it."""
    with tokenize.open(path) as file:
        words = tokenize.generate_tokens(file.readline)
        first = next(word for word in words if word.type not in (tokenize.COMMENT, tokenize.NL))
        return first.type == tokenize.STRING and first.string.startswith('"""') and len(first.string) > len('""""""')


def test_no_file_of_code_is_long() -> None:
    """One idea a file; a long one has a reason that stands here."""
    lengths = {
        name_of(path): lines
        for path in kept_files()
        if path.suffix == ".py" and (lines := path.read_text(encoding="utf-8").count("\n")) > PYTHON_LINES_MAX
    }
    assert set(lengths) == set(LONG), lengths


def test_the_example_settings_are_complete() -> None:
    """Who starts from config.example.env has seen every key, and none that is refused."""
    text = (ROOT / "config.example.env").read_text(encoding="utf-8")
    shown = set(re.findall(r"^(?:# ?)?([A-Z][A-Z0-9_]+)=", text, re.MULTILINE))
    of_accounts = {key for key in shown if key.startswith("X_TOKEN_")}
    assert of_accounts, "the example shows at least one account"
    assert shown - of_accounts - {f"{key.name}_FILE" for key in KEYS if key.secret} == {key.name for key in KEYS}


def strings(folder: Path) -> set[str]:
    """Every text in the sources of a folder."""
    return {
        node.value
        for path in folder.rglob("*.py")
        for node in nodes(path)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


@pytest.mark.parametrize("command", [spec.name for spec in COMMANDS])
def test_every_command_stands_in_the_help(command: str) -> None:
    """A command that no help names does not exist at 03:10."""
    said = strings(ROOT / "bot" / "wording")
    assert command in said or any(re.search(rf"/{command}\b", text) for text in said)


def test_every_command_and_alias_stands_in_the_documentation() -> None:
    pages = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]
    text = "\n".join(page.read_text(encoding="utf-8") for page in pages if page.exists())
    words = [word for spec in COMMANDS for word in (spec.name, *spec.aliases)]
    assert [word for word in words if not re.search(rf"/{word}\b", text)] == []
