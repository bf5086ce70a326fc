"""The documentation tells the truth: every link leads somewhere, every command and path named there exists."""

import re
from functools import lru_cache
from pathlib import Path

import pytest
import typer.main

from bot.__main__ import app
from bot.core.commands import COMMANDS
from bot.settings import KEYS

ROOT = Path(__file__).parents[1]
PAGES = sorted([ROOT / "README.md", *(ROOT / "docs").glob("*.md")])
# Keys that a page may name without their being settings of ours.
NOT_KEYS = {"X_TOKEN_ACME_CARE", "X_TOKEN_SECRET_ACME_CARE", "X_TOKEN_", "X_CONSUMER_"}


def ids(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


each_page = pytest.mark.parametrize("page", PAGES, ids=ids)


@lru_cache
def text_of(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def code_in(page: Path) -> list[str]:
    """What stands as code, in blocks (line by line) and between backticks."""
    text = text_of(page)
    blocks = re.findall(r"^ *```[a-z]*\n(.*?)^ *```", text, re.MULTILINE | re.DOTALL)
    rest = re.sub(r"^ *```.*?^ *```", "", text, flags=re.MULTILINE | re.DOTALL)
    return [line.strip() for block in blocks for line in block.splitlines()] + re.findall(r"`([^`\n]+)`", rest)


def anchors_of(page: Path) -> set[str]:
    """The headings as addresses, the way Git's hosts make them."""
    headings = re.findall(r"^#+ (.+)$", text_of(page), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@each_page
def test_every_link_leads_somewhere(page: Path) -> None:
    """Also into the middle of a page, and every picture is there."""
    lost = []
    text = text_of(page)
    for target in re.findall(r"\]\(([^)\s]+)\)", text) + re.findall(r'<img src="([^"]+)"', text):
        if re.match(r"https?://|mailto:", target):
            continue
        path, _, anchor = target.partition("#")
        file = (page.parent / path).resolve() if path else page
        if not file.exists() or (anchor and anchor not in anchors_of(file)):
            lost.append(target)
    assert lost == []


def test_every_page_can_be_found_from_the_first() -> None:
    """A page that nobody links to is not read."""
    found, todo = set(), [ROOT / "README.md"]
    while todo:
        page = todo.pop()
        if page in found:
            continue
        found.add(page)
        links = re.findall(r"\]\(([^)#\s]+\.md)", text_of(page))
        todo += [file for link in links if (file := (page.parent / link).resolve()) in PAGES]
    assert [ids(page) for page in PAGES if page not in found] == []


def targets() -> set[str]:
    return set(re.findall(r"^([a-z][a-z-]*):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))


@each_page
def test_every_make_target_exists(page: Path) -> None:
    named = {word for code in code_in(page) for word in re.findall(r"(?:^|&& )make ([a-z][a-z-]*)", code)}
    assert named - targets() == set()


@each_page
def test_every_command_of_the_server_exists(page: Path) -> None:
    """With its options; a name in capitals, … or a file stands for anything."""
    wrong = []
    commands = typer.main.get_command(app).commands  # type: ignore[attr-defined]
    for code in code_in(page):
        for said in re.findall(r"(?:^|(?:sudo|&&|\|\||bin/\S*) +|bin/)reperibile +([^#&|;]+)", code):
            words = said.replace("[", " ").replace("]", " ").split()
            known, command = commands, None
            while words and words[0] in known:
                command = known[words.pop(0)]
                known = getattr(command, "commands", {})
            options = {option for each in getattr(command, "params", []) for option in each.opts} | {
                "--version",
                "--help",
            }
            placeholder = not words or re.fullmatch(r"[A-Z…].*", words[0]) or words[0].startswith(("-", "…"))
            if (command is None or known) and not placeholder:
                wrong.append(f"reperibile {said.strip()}")
            wrong += [
                f"reperibile {said.strip()}: {word}" for word in words if word.startswith("--") and word not in options
            ]
    assert wrong == []


@each_page
def test_every_command_of_the_chat_exists(page: Path) -> None:
    """BotFather's stand in a table of their own."""
    ours = {word for spec in COMMANDS for word in (spec.name, *spec.aliases)}
    botfather = {
        "newbot",
        "setjoingroups",
        "setprivacy",
        "setdescription",
        "setuserpic",
        "setcommands",
        "revoke",
        "mybots",
    }
    named = {word for code in code_in(page) if (word := _chat_command(code))}
    assert named - ours - botfather - {"healthz", "metrics", "calendar", "sandbox"} == set()


def _chat_command(code: str) -> str:
    found = re.match(r"/([a-z]+)(?=[ `]|$)", code)
    return found[1] if found else ""


@each_page
def test_every_setting_exists(page: Path) -> None:
    known = {key.name for key in KEYS} | {f"{key.name}_FILE" for key in KEYS if key.secret} | NOT_KEYS
    prefixes = (
        "X_",
        "TELEGRAM_",
        "HTTP_",
        "LAST_",
        "TEAM_",
        "DATABASE_",
        "ROTA_",
        "REPLY_",
        "HEARTBEAT",
        "NOW_",
        "DRY_",
        "KEEP_",
    )
    said = {word for code in code_in(page) for word in re.findall(r"\b[A-Z][A-Z0-9]*_[A-Z0-9_]*", code)}
    assert {word for word in said if word.startswith(prefixes)} - known == set()


@each_page
def test_every_file_of_ours_exists(page: Path) -> None:
    """Paths such as bot/core/ticket.py, deploy/backup, bot/sandbox/control_*.py."""
    folders = "bot|deploy|docs|tests|schedules|scripts|benchmarks"
    path = re.compile(rf"(?<![\w/.])(?:/opt/reperibile/)?((?:{folders})/[\w./*-]*[\w*])")
    said = {found for code in code_in(page) for found in path.findall(code)}
    assert [each for each in sorted(said) if not list(ROOT.glob(each))] == []


def test_every_command_of_the_server_is_documented() -> None:
    said = text_of(ROOT / "docs" / "commands.md")
    commands = typer.main.get_command(app).commands  # type: ignore[attr-defined]
    names = [f"{name} {sub}" for name, command in commands.items() for sub in getattr(command, "commands", [""])]
    assert [name for name in names if f"`reperibile {name.strip()}" not in said] == []
