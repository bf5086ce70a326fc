"""Takes every picture of docs/ anew: `make pictures`, or `python scripts/pictures.py [FOLDER]`.

Pictures that somebody took once by hand show, a year later, a product that is not there any more. These come from the
running demo, one for each language, by Debian's Chromium, and the rota's from the example; look at the difference
before committing it.
"""

import asyncio
import sys
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

from playwright.async_api import Browser, Locator, Page, async_playwright

from bot.rota_picture import rota_png
from bot.sandbox.shelf import SHELF
from schedules.rota_file import load

ROOT = Path(__file__).parents[1]
CHROMIUM = "/usr/bin/chromium"
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
TELECARE = SHELF[0]
STORY_WITHIN_MS = 60_000

# A Thursday evening before two holidays; the sheet of the example looks the same for ever.
ROTA_AT = datetime(2026, 12, 3, 20, 40, tzinfo=UTC)

# By language: the ending of the file's name, the buttons, what is answered.
WORDS = {
    "en": ("", "Claim", "Send", "We are on it now. Please send us the number of the line in a private message."),
    "it": (".it", "Prendo io", "Invia", "Ce ne occupiamo subito. Ci scrive in privato il numero della linea?"),
}


@asynccontextmanager
async def demo(language: str) -> AsyncIterator[str]:
    """The demo as a process of its own; its address."""
    command = (sys.executable, "-m", "bot", "demo", "--headless", "--port", "0", "--language", language)
    process = await asyncio.create_subprocess_exec(*command, cwd=ROOT, stdout=PIPE, stderr=DEVNULL)
    try:
        assert process.stdout is not None
        address = (await process.stdout.readline()).decode().strip()
        if not address:
            sys.exit("The demo did not start; `reperibile demo` says why.")
        yield address
    finally:
        if process.returncode is None:
            process.terminate()
            await process.wait()


async def opened(browser: Browser, address: str, width: int, height: int, scale: float) -> Page:
    page = await browser.new_page(viewport={"width": width, "height": height}, device_scale_factor=scale)
    page.set_default_timeout(15_000)
    await page.goto(address)
    await page.wait_for_selector(".story")
    return page


async def taken(what: Page | Locator, file: Path) -> None:
    picture = await what.screenshot(path=file, animations="disabled")
    print(f"{file}: {len(picture) // 1000} kB")


async def play_until(page: Page, story: str, asked: int) -> None:
    """Play a story ("": the one that plays), pressing [Show me], until it has asked for a person this many times."""
    if story:
        await page.click(f'.story[data-key="{story}"] button')
    for turn in range(asked):
        await page.wait_for_selector("#play-do:visible", timeout=STORY_WITHIN_MS)
        await page.wait_for_selector(".point", timeout=STORY_WITHIN_MS)
        if turn < asked - 1:
            step = await page.inner_text("#playing-count")
            await page.click("#play-do")
            await page.wait_for_function(
                "step => document.getElementById('playing-count').innerText !== step", arg=step, timeout=STORY_WITHIN_MS
            )
    await page.wait_for_timeout(800)  # the last messages slide in


async def phone_on_call(browser: Browser, address: str, language: str, folder: Path) -> None:
    """The two pictures of docs/on-call.md: a card that rings, and the preview of an answer."""
    ending, claim, send, answer = WORDS[language]
    page = await opened(browser, address, 390, 890, 2)
    author, text = TELECARE.handle, TELECARE.text
    post = {"author": author, "text": text, "name": TELECARE.name}
    written = await page.request.post(f"{address}/sandbox/x/posts", data=post)
    assert written.ok, await written.text()
    await page.click('#tabs [data-tab="0"]')
    phone = page.locator("#pane-0 .phone")
    card = phone.locator(".bubble.card", has_text=author).first
    await card.locator(".key", has_text=claim).wait_for()
    await page.wait_for_timeout(800)
    await taken(phone, folder / f"on-call-card{ending}.png")
    await card.locator(".key", has_text=claim).click()
    await card.locator(".tool").first.click()
    await page.set_viewport_size({"width": 390, "height": 830})
    await phone.locator("textarea").fill(answer)
    await phone.locator("button.send").click()
    await phone.locator(".bubble.card").last.locator(".key", has_text=send).wait_for()
    await page.wait_for_timeout(800)
    await phone.locator(".popup").first.wait_for(state="detached")  # it says that the ticket is theirs, and goes
    await taken(phone, folder / f"on-call-preview{ending}.png")
    await page.close()


def rota_drawn(folder: Path) -> None:
    """The picture of docs/lead.md: what `/rota` sends for rota.example.toml."""
    plan = load((ROOT / "rota.example.toml").read_text(encoding="utf-8"), "rota.example.toml")
    file = folder / "rota-picture.png"
    picture = rota_png(plan, tuple(plan.rotas), ROTA_AT, 4, "en")
    file.write_bytes(picture)
    print(f"{file}: {len(picture) // 1000} kB")


async def main(folder: Path) -> None:
    rota_drawn(folder)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for language in WORDS:
            async with demo(language) as address:
                await phone_on_call(browser, address, language, folder)
        async with demo("en") as address:
            page = await opened(browser, address, 390, 844, 1)
            await play_until(page, "telecare", 1)
            await taken(page, folder / "demo-phone.png")
            await play_until(page, "", 3)  # claim, answer, send
            await page.click("#play-do")
            await page.click('#tabs [data-tab="x"]')
            await page.wait_for_selector(".post.ours", timeout=STORY_WITHIN_MS)
            await page.close()
            page = await opened(browser, address, 1440, 900, 1)
            await play_until(page, "restaurant", 1)
            await taken(page, folder / "demo.png")
        await browser.close()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs"))
