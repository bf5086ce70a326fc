"""A stage on a real loopback server, and headless Chromium in front of it."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, async_playwright

from bot.clock import HandClock
from bot.sandbox.app import create_app
from bot.sandbox.server import serve
from bot.sandbox.stage import BOT_TOKEN, Stage

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
START = datetime(2026, 11, 28, 20, 47, tzinfo=UTC)  # a Saturday, 21:47 in Rome


@dataclass(slots=True)
class Rehearsal:
    """The stage, its address, and the service as these tests play it: calls of the Bot API over HTTP."""

    stage: Stage
    clock: HandClock
    base: str
    http: httpx.AsyncClient
    stop: Callable[[], Awaitable[None]]
    problems: list[str] = field(default_factory=list)

    def forgive(self) -> None:
        """What the browser complained about so far was meant to happen."""
        self.problems.clear()

    async def bot(self, method: str, **parameters: Any) -> Any:
        answer = (await self.http.post(f"/bot{BOT_TOKEN}/{method}", json=parameters)).json()
        assert answer["ok"], answer
        return answer["result"]

    async def card(self, user_id: int, text: str, *rows: list[dict[str, str]], **more: Any) -> int:
        """A message of the bot's with buttons; its id."""
        markup = {"inline_keyboard": list(rows)} if rows else None
        sent = await self.bot("sendMessage", chat_id=user_id, text=text, reply_markup=markup, **more)
        return int(sent["message_id"])


# One browser for all tests, so one event loop for all of them; every page has a context, and so a memory, of its own.
in_one_loop = pytest_asyncio.fixture(loop_scope="session")


@in_one_loop
async def rehearsal() -> AsyncIterator[Rehearsal]:
    """The standard stage at a clock that stands still; everybody has started the bot."""
    clock = HandClock(START)
    stage = Stage.standard(clock.now, clock.advance, facts=lambda: ["On duty: Giulia until Monday 09:00"])
    for user_id in stage.telegram.people:
        stage.telegram.types(user_id, "/start")
    stage.telegram.updates.clear()
    async with AsyncExitStack() as server:
        base = await server.enter_async_context(serve(create_app(stage)))
        http = await server.enter_async_context(httpx.AsyncClient(base_url=base, timeout=30))
        yield Rehearsal(stage, clock, base, http, server.aclose)


@pytest.fixture(scope="session")
def chromium() -> Path:
    if not CHROMIUM.exists():
        pytest.fail(f"{CHROMIUM} is missing: install the chromium package, or leave these tests out: -m 'not browser'")
    return CHROMIUM


@pytest_asyncio.fixture(loop_scope="session", scope="session")
async def browser(chromium: Path) -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield browser
        await browser.close()


Open = Callable[..., Awaitable[Page]]


@in_one_loop
async def open_page(browser: Browser, rehearsal: Rehearsal) -> AsyncIterator[Open]:
    """Opens the page at a width; afterwards: no error in its console, nothing asked of another origin."""
    problems = rehearsal.problems
    pages: list[Page] = []

    async def open_at(width: int = 1440, height: int = 900, **options: Any) -> Page:
        page = await browser.new_page(viewport={"width": width, "height": height}, **options)
        pages.append(page)
        page.set_default_timeout(10_000)
        page.on("console", lambda message: problems.append(message.text) if message.type in ("error", "warning") else 0)
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("request", lambda r: 0 if r.url.startswith(rehearsal.base) else problems.append(f"asked for {r.url}"))
        await page.goto(rehearsal.base)
        await page.wait_for_selector("body[data-version]")
        return page

    yield open_at
    for page in pages:
        await page.close()
    assert problems == []
