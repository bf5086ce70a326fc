"""The README's promise, with the real `reperibile demo` as a process of its own: a post, a card, an answer on X.

Everything is done with the page's own controls, at the width of a desk and at that of a telephone.
"""

import asyncio
import re
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

ROOT = Path(__file__).parents[2]
STARTS_WITHIN_S = 30.0
STOPS_WITHIN_S = 5.0
POST = (
    "mia nonna di 88 anni ha il telesoccorso sulla linea fissa, da stamattina il telefono è muto e non chiama nessuno"
)
ANSWER = "We are on it. Please send us the number of the line."


@dataclass(slots=True)
class Demo:
    """The demo as a process, and the address it printed."""

    process: Process
    address: str


@pytest_asyncio.fixture(loop_scope="session")
async def demo() -> AsyncIterator[Demo]:
    command = (sys.executable, "-m", "bot", "demo", "--headless", "--port", "0")
    process = await asyncio.create_subprocess_exec(*command, cwd=ROOT, stdout=PIPE, stderr=PIPE)
    try:
        assert process.stdout is not None
        line = await asyncio.wait_for(process.stdout.readline(), STARTS_WITHIN_S)
        yield Demo(process, line.decode().strip())
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def show(page: Page, tab: str) -> None:
    """Bring X or the first phone to the front, where the page is too narrow for both."""
    button = page.locator(f'#tabs [data-tab="{tab}"]')
    if await button.is_visible():
        await button.click()


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (390, 844)])
async def test_a_customers_post_is_answered_on_x_from_the_phone(
    demo: Demo, browser: Browser, width: int, height: int
) -> None:
    page = await browser.new_page(viewport={"width": width, "height": height})
    problems: list[str] = []
    page.on("console", lambda message: problems.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.set_default_timeout(15_000)
    await page.goto(demo.address)
    phone = page.locator("#pane-0")
    await expect(phone.locator(".bubble.theirs").last).to_contain_text("Welcome, Giulia")
    await expect(page.locator(".ringing")).to_have_count(0)

    await page.fill("#text", POST)
    await page.click("#write button[type=submit]")
    await expect(page.locator(".thread .post-text")).to_contain_text("mia nonna")

    await show(page, "0")
    card = phone.locator(".bubble.card").first
    await expect(card.locator(".text")).to_contain_text(re.compile(r"^🔴 #1 · \d+ · critical"), timeout=15_000)
    await card.get_by_role("button", name="Claim").click()
    await expect(card.locator(".text")).to_contain_text("you have it")

    await card.get_by_role("button", name=re.compile("^Reply: ")).click()
    await expect(phone.locator(".quote-text")).to_contain_text("#1")
    await phone.get_by_label("Type on Giulia’s phone").fill(ANSWER)
    await phone.get_by_role("button", name="Send", exact=True).last.click()
    preview = phone.locator(".bubble.card").last
    await expect(preview.locator(".text")).to_contain_text("not sent yet")
    await expect(preview.locator(".text")).to_contain_text(f"{ANSWER} ^GR")
    await preview.get_by_role("button", name="Send").click()
    await expect(preview.locator(".text")).to_contain_text("leaves at")
    await page.get_by_role("button", name="+1 min").click()
    await expect(preview.locator(".text")).to_contain_text("posted at")

    await show(page, "x")
    ours = page.locator(".thread .post.ours")
    await expect(ours).to_be_visible()
    await expect(ours.locator(".post-text")).to_have_text(f"{ANSWER} ^GR")
    await expect(page.locator(".thread")).to_have_count(1)
    await expect(page.locator("#facts")).to_contain_text("on duty: Giulia")
    await page.get_by_role("button", name="Italiano").click()
    await expect(page.locator("#facts")).to_contain_text("di turno: Giulia")
    await page.close()
    assert problems == []

    demo.process.send_signal(signal.SIGTERM)
    _, said = await asyncio.wait_for(demo.process.communicate(), STOPS_WITHIN_S)
    assert demo.process.returncode == 0
    assert "Traceback" not in said.decode()
    assert said.decode().rstrip().endswith("stopped")
