"""The README's promise, with the real `reperibile demo` as a process of its own: a post, a card, an answer on X.

Everything is done with the page's own controls, at the width of a desk and at that of a telephone; then every story of
the shelf is played to its end. One demo for all: its weekend goes on from test to test, as it would before a visitor.
"""

import asyncio
import re
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from bot.sandbox.stories import STORIES

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

ROOT = Path(__file__).parents[2]
STARTS_WITHIN_S = 30.0
STOPS_WITHIN_S = 5.0
CUSTOMERS = {
    1440: ("anna_verdi", "mia nonna di 88 anni ha il telesoccorso sulla linea fissa, il telefono è muto da stamattina"),
    390: ("ugo_sala", "mio padre ha il telesoccorso e la linea fissa è morta da un'ora, non possiamo chiamare nessuno"),
}
KEYBOARD = ("ines_riva", "il telesoccorso di mia zia non funziona, la linea fissa è muta da stanotte")
ANSWER = "We are on it. Please send us the number of the line."
STORY_WITHIN_MS = 45_000
# As somebody would who only ever presses [Show me].
SHOW_ME = """() => setInterval(() => {
    const button = document.getElementById("play-do");
    if (button.offsetParent && !button.disabled) button.click();
    const again = document.getElementById("service-start");
    if (again.offsetParent && playing?.story.steps[playing.at]?.do === "up") again.click();
}, 60)"""


@dataclass(slots=True)
class Demo:
    """The demo as a process, and the address it printed."""

    process: Process
    address: str


@pytest_asyncio.fixture(loop_scope="session", scope="module")
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


Visit = Callable[..., Awaitable[Page]]


@pytest_asyncio.fixture(loop_scope="session")
async def visit(demo: Demo, browser: Browser) -> AsyncIterator[Visit]:
    """Opens the demo at a width; afterwards: no error in the console, nothing asked of another host."""
    problems: list[str] = []
    pages: list[Page] = []

    async def open_at(width: int = 1440, height: int = 900, **options: Any) -> Page:
        page = await browser.new_page(viewport={"width": width, "height": height}, **options)
        pages.append(page)
        page.set_default_timeout(15_000)
        page.on("console", lambda m: problems.append(m.text) if m.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("request", lambda r: None if r.url.startswith(demo.address) else problems.append(f"asked for {r.url}"))
        await page.goto(demo.address)
        await page.wait_for_selector("body[data-version]")
        await page.wait_for_selector(".story")
        return page

    yield open_at
    for page in pages:
        await page.close()
    assert problems == []


async def show(page: Page, tab: str) -> None:
    """Bring X or the first phone to the front, where the page is too narrow for both."""
    button = page.locator(f'#tabs [data-tab="{tab}"]')
    if await button.is_visible():
        await button.click()


async def tab_to(page: Page, css: str) -> None:
    """Press Tab until something like this has the focus."""
    for _ in range(150):
        if await page.evaluate("css => document.activeElement.matches(css)", css):
            return
        await page.keyboard.press("Tab")
    raise AssertionError(f"Tab never came to {css}")


async def test_a_calendar_link_opens(demo: Demo) -> None:
    """The service of the demo serves its calendars beside the page, so that a link on a phone can be tried."""
    async with httpx.AsyncClient(base_url=demo.address, timeout=STARTS_WITHIN_S) as http:
        await http.post("/sandbox/telegram/giulia/type", json={"text": "/calendar"})
        async with http.stream("GET", "/sandbox/events") as events:
            async for _ in events.aiter_lines():
                seen = (await http.get("/sandbox/state")).text
                if link := re.search(r"http://127\.0\.0\.1:\d+/calendar/[\w-]+\.ics", seen):
                    break
        assert link is not None
        answer = await http.get(link[0])
    assert (answer.status_code, answer.text.split()[0]) == (200, "BEGIN:VCALENDAR")


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (390, 844)])
async def test_a_customers_post_is_answered_on_x_from_the_phone(visit: Visit, width: int, height: int) -> None:
    page = await visit(width, height)
    author, post = CUSTOMERS[width]
    phone = page.locator("#pane-0")
    await expect(phone.locator(".bubble.theirs").filter(has_text="Welcome, Giulia")).to_have_count(1)
    await expect(page.locator(".ringing")).to_have_count(0)
    await expect(page.locator("#rota-now")).to_contain_text("Giulia until Sun 18:00 · then Alessio")

    await page.click("#write-box > summary")
    await page.fill("#handle", author)
    await page.fill("#text", post)
    await page.click("#write button[type=submit]")
    await expect(page.locator(".thread .post-text").first).to_contain_text("telesoccorso")

    await show(page, "0")
    card = phone.locator(".bubble.card", has_text=author).first
    await expect(card.locator(".text")).to_contain_text(re.compile(r"^🔴 #\d+ · \d+ · critical"))
    await expect(page.locator("#coach-say")).to_contain_text("Press Claim")
    claim = card.get_by_role("button", name="Claim")
    await expect(claim).to_have_class(re.compile("point"))
    await claim.click()
    await expect(card.locator(".text")).to_contain_text("you have it")
    await expect(page.locator("#coach-say")).to_contain_text("answer from Giulia’s phone")

    await card.get_by_role("button", name=re.compile("^Reply: ")).click()
    await expect(phone.locator(".quote-text")).to_contain_text("#")
    answer = f"{ANSWER} {author}"
    await phone.get_by_label("Type on Giulia’s phone").fill(answer)
    await phone.get_by_role("button", name="Send", exact=True).last.click()
    preview = phone.locator(".bubble.card").last
    await expect(preview.locator(".text")).to_contain_text("not sent yet")
    await expect(preview.locator(".text")).to_contain_text(f"{answer} ^GR")
    await preview.get_by_role("button", name="Send").click()
    await expect(preview.locator(".text")).to_contain_text("leaves at")
    await page.get_by_role("button", name="+1 min").click()
    await expect(preview.locator(".text")).to_contain_text("posted at")

    await show(page, "x")
    ours = page.locator(".thread .post.ours").first
    await expect(ours).to_be_visible()
    await expect(ours.locator(".post-text")).to_have_text(f"{answer} ^GR")
    await expect(page.locator("#coach-say")).to_contain_text("Posted on X")
    await expect(page.locator("#cost")).to_contain_text("$0.")


async def test_the_keyboard_alone_answers_a_customer(visit: Visit) -> None:
    """From the skip link to the public answer, without a mouse."""
    page = await visit()
    await page.keyboard.press("Tab")
    await expect(page.locator(".skip")).to_be_focused()
    await tab_to(page, "#write-box > summary")
    await page.keyboard.press("Enter")
    await tab_to(page, "#handle")
    await page.keyboard.press("Control+a")
    await page.keyboard.type(KEYBOARD[0])
    await tab_to(page, "#text")
    await page.keyboard.type(KEYBOARD[1])
    await page.keyboard.press("Control+Enter")
    phone = page.locator("#pane-0")
    card = phone.locator(".bubble.card", has_text=KEYBOARD[0]).first
    await expect(card).to_be_visible()
    await expect(page.locator("#announce")).to_contain_text("Giulia’s phone rings")
    await tab_to(page, "#pane-0 [data-press^='claim:']")
    await page.keyboard.press("Enter")
    await expect(card.locator(".text")).to_contain_text("you have it")
    await tab_to(page, "#pane-0 .composer textarea")
    await page.keyboard.press("ArrowUp")
    await expect(phone.locator(".quote-text")).to_contain_text("#")
    await page.keyboard.type("From the keyboard.")
    await page.keyboard.press("Enter")
    send = phone.locator(".bubble.card").last.get_by_role("button", name="Send")
    await expect(send).to_be_visible()
    await tab_to(page, "#pane-0 [data-press^='send:']")
    await page.keyboard.press("Enter")
    await expect(phone.locator(".bubble.card").last.locator(".text")).to_contain_text("leaves at")
    await tab_to(page, "#jumps button")
    await page.keyboard.press("Enter")
    await expect(page.locator(".post.ours", has_text="From the keyboard. ^GR")).to_be_visible()


@pytest.mark.parametrize("key", [story.key for story in STORIES])
async def test_a_story_is_played_to_its_end(visit: Visit, key: str) -> None:
    """[Show me] does the person's part; the joke is told in Italian, the restaurant's on a telephone."""
    size = (390, 844) if key == "restaurant" else (1440, 900)
    # The hours pass in sight once; whoever wants no motion does not wait for them.
    page = await visit(*size, reduced_motion="no-preference" if key == "quiet" else "reduce")
    italian = key == "joke"
    if italian:
        await page.get_by_role("button", name="Italiano").click()
        await expect(page.locator("#stories-box > summary")).to_have_text("Storie: premi Play e guarda")
    await page.click(f'.story[data-key="{key}"] .play')
    await page.evaluate(SHOW_ME)
    await expect(page.locator("#playing")).to_have_attribute("data-over", key, timeout=STORY_WITHIN_MS)
    await expect(page.locator("#caption")).to_contain_text("La storia finisce qui" if italian else "That was the story")
    await expect(page.locator("#playing-progress")).to_have_js_property("value", 1)
    if key == "agent":
        ours = page.locator(".post.ours").first
        await expect(ours.locator(".handle")).to_have_text("@TIM119Giulia")
        await expect(ours.locator(".post-text")).to_contain_text(re.compile(r"\^(AC|SR)$"))
    if key == "kill":
        await expect(page.locator("#service")).to_contain_text("Nothing was lost")
    if italian:
        await page.get_by_role("button", name="English").click()
        await expect(page.locator("html")).to_have_attribute("lang", "en")


async def test_a_story_can_be_stopped(visit: Visit) -> None:
    page = await visit()
    await page.click('.story[data-key="telecare"] .play')
    await page.locator("#playing").get_by_role("button", name="Stop").click()
    await expect(page.locator("#playing")).to_be_hidden()
    await expect(page.locator(".story").first).to_be_visible()


async def test_the_demo_stops_when_told_to(demo: Demo) -> None:
    """The service it runs has ended with it, and nothing went wrong in either all the while."""
    demo.process.send_signal(signal.SIGTERM)
    _, said = await asyncio.wait_for(demo.process.communicate(), STOPS_WITHIN_S)
    assert demo.process.returncode == 0
    assert "Traceback" not in said.decode()
    assert said.decode().rstrip().endswith("stopped")
