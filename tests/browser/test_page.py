"""The rehearsal page in a real browser: what a person sees, presses and types there reaches the stand-ins and back."""

import re
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.async_api import Page, expect

from bot.sandbox.app import create_app
from bot.sandbox.server import serve
from bot.sandbox.shelf import SHELF
from bot.sandbox.stage import BOT_TOKEN, Stage

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

CLAIM = [{"text": "Prendo", "callback_data": "claim:1", "style": "primary"}]
ON_X = [{"text": "Apri su X", "url": "https://x.com/anna_verdi/status/1"}]
GIULIA = "#pane-0"


async def unfold(page: Page) -> None:
    """What one writes oneself stands below the stories."""
    if not await page.locator("#write-box").evaluate("box => box.open"):
        await page.click("#write-box > summary")


async def write(page: Page, text: str) -> None:
    await unfold(page)
    await page.fill("#text", text)
    await page.click("#write button[type=submit]")


async def test_a_post_written_on_the_page_appears_and_is_on_x(rehearsal: Any, open_page: Any) -> None:
    page = await open_page()
    await expect(page.locator("#timeline-empty")).to_be_hidden()  # the stories have its place
    await page.click("#stories-box > summary")
    await expect(page.locator("#timeline-empty")).to_be_visible()
    await write(page, "no signal in the whole valley")
    await expect(page.locator(".post-text")).to_have_text("@TIM_Official no signal in the whole valley")
    await expect(page.locator("#text")).to_have_value("")
    (post,) = rehearsal.stage.x.timeline()
    assert (post["author"], post["mentions"]) == ("anna_verdi", ["tim_official"])


async def test_our_reply_stands_under_the_post_and_posts_can_be_edited_and_deleted(
    rehearsal: Any, open_page: Any
) -> None:
    page = await open_page()
    await write(page, "@TIM119Giulia niente rete")
    first = rehearsal.stage.x.timeline()[0]["id"]
    rehearsal.stage.x.write("TIM119Giulia", "Ci guardo subito. ^GR", in_reply_to=int(first))
    thread = page.locator(".thread")
    await expect(thread.locator(".post.ours .handle")).to_have_text("@TIM119Giulia")
    await thread.locator(".post").first.get_by_role("button", name="Edit").click()
    await thread.locator("textarea").fill("@TIM119Giulia niente rete da ieri")
    rehearsal.stage.x.write("altro", "@TIM_Official un altro post arriva mentre scrivo")
    await expect(page.locator(".thread")).to_have_count(2)
    await expect(page.locator(".thread textarea")).to_have_value("@TIM119Giulia niente rete da ieri")
    await page.get_by_role("button", name="Save").click()
    edited = page.locator(".post", has_text="da ieri")
    await expect(edited.locator("em")).to_have_text("edited")
    await edited.get_by_role("button", name="Delete").click()
    await expect(page.locator(".post.gone")).to_have_count(1)


async def test_a_customer_writes_again_in_the_conversation(rehearsal: Any, open_page: Any) -> None:
    page = await open_page()
    await write(page, "no signal")
    await page.locator(".post").get_by_role("button", name="Reply").click()
    await write(page, "still nothing")
    await expect(page.locator(".thread")).to_have_count(1)
    await expect(page.locator(".post")).to_have_count(2)
    assert rehearsal.stage.x.timeline()[0]["in_reply_to"] == rehearsal.stage.x.timeline()[1]["id"]


async def test_every_post_of_the_shelf_can_be_written_and_stays_text(rehearsal: Any, open_page: Any) -> None:
    page = await open_page()
    await unfold(page)
    for post in SHELF:
        await page.locator("#shelf").get_by_role("button", name=post.label).click()
    await expect(page.locator(".post")).to_have_count(len(SHELF))
    hostile = page.locator(".post", has_text="onerror")
    await expect(hostile.locator("strong")).to_have_text("<b>Robert</b>")
    assert await page.locator(".timeline img, .timeline script, .timeline a").count() == 0


async def test_what_is_typed_on_a_phone_reaches_the_bot(rehearsal: Any, open_page: Any) -> None:
    page = await open_page()
    box = page.locator(GIULIA).get_by_label("Type on Giulia’s phone")
    await box.fill("/who")
    await box.press("Enter")
    await expect(page.locator(f"{GIULIA} .bubble.mine").last).to_contain_text("/who")
    await expect(box).to_have_value("")
    (update,) = await rehearsal.bot("getUpdates")
    assert (update["message"]["text"], update["message"]["from"]["id"]) == ("/who", 1001)


async def test_a_card_rings_is_pressed_and_answered(rehearsal: Any, open_page: Any) -> None:
    page = await open_page()
    text = "🔴 #1 · 187 · critical\nniente linea\nC1"
    entities = [{"type": "blockquote", "offset": 23, "length": 12}, {"type": "code", "offset": 36, "length": 2}]
    card = await rehearsal.card(1001, text, CLAIM, ON_X, entities=entities)
    phone = page.locator(GIULIA)
    await expect(phone.locator(".phone.ringing")).to_be_visible()
    await expect(phone.locator(".bell b")).to_have_text("1")
    await expect(page.locator("#announce")).to_contain_text("Giulia’s phone rings: 🔴 #1 · 187 · critical")
    await expect(phone.locator("blockquote")).to_have_text("niente linea")
    await expect(phone.locator(".text code")).to_have_text("C1")

    await phone.get_by_role("button", name="Prendo").click()
    await expect(phone.locator(".bell")).to_be_hidden()
    await expect(phone.locator(".phone.ringing")).to_have_count(0)
    press = (await rehearsal.bot("getUpdates"))[-1]["callback_query"]
    assert (press["data"], press["message"]["message_id"], press["from"]["id"]) == ("claim:1", card, 1001)
    await rehearsal.bot("answerCallbackQuery", callback_query_id=press["id"], text="È tuo")
    await expect(phone.locator(".popup")).to_have_text("È tuo")
    await rehearsal.bot("editMessageText", chat_id=1001, message_id=card, text="🟢 #1 · Giulia ce l'ha")
    await expect(phone.locator(".bubble.theirs .text")).to_have_text("🟢 #1 · Giulia ce l'ha")
    await expect(phone.locator(".bubble.theirs .meta")).to_contain_text("edited")
    await expect(phone.locator(".bell")).to_be_hidden()


async def test_a_silent_message_does_not_ring(rehearsal: Any, open_page: Any) -> None:
    page = await open_page()
    await rehearsal.card(1003, "Rapporto della notte", disable_notification=True)
    await expect(page.locator("#pane-1 .bubble.theirs")).to_have_count(1)
    await expect(page.locator("#pane-1 .bell")).to_be_hidden()


async def test_a_reply_to_a_card_carries_the_card(rehearsal: Any, open_page: Any) -> None:
    """With the mouse, and with the keyboard alone."""
    page = await open_page()
    card = await rehearsal.card(1001, "🔴 #1", CLAIM)
    bubble = page.locator(f"{GIULIA} .bubble.card")
    await bubble.hover()
    await bubble.locator("button.tool").click()
    await expect(page.locator(f"{GIULIA} .quote-text")).to_have_text("🔴 #1")
    await page.keyboard.type("Arriviamo")
    await page.keyboard.press("Enter")
    await expect(page.locator(f"{GIULIA} .bubble.mine .parent")).to_have_text("🔴 #1")
    await page.keyboard.press("ArrowUp")
    await page.keyboard.press("ArrowUp")
    await expect(page.locator(f"{GIULIA} .quote-text")).to_have_text("🔴 #1")
    await page.keyboard.type("Ancora noi")
    await page.keyboard.press("Enter")
    await expect(page.locator(f"{GIULIA} .bubble.mine .parent")).to_have_count(2)
    replies = [u["message"]["reply_to_message"]["message_id"] for u in await rehearsal.bot("getUpdates")]
    assert replies == [card, card]


async def test_a_sent_message_is_edited(rehearsal: Any, open_page: Any) -> None:
    page = await open_page()
    mine = page.locator(f"{GIULIA} .bubble.mine").last
    await mine.hover()
    await mine.get_by_role("button", name="Edit").click()
    await page.keyboard.press("Control+a")
    await page.keyboard.type("/help")
    await page.keyboard.press("Enter")
    await expect(mine).to_contain_text("/help")
    assert "edited_message" in (await rehearsal.bot("getUpdates"))[0]


async def test_a_url_button_shows_its_address_and_opens_nothing(rehearsal: Any, open_page: Any) -> None:
    page = await open_page()
    await rehearsal.card(1001, "🔴 #1", ON_X)
    await page.get_by_role("button", name="Apri su X").click()
    await expect(page.locator(f"{GIULIA} .popup")).to_contain_text("https://x.com/anna_verdi/status/1")
    assert len(page.context.pages) == 1


async def test_updates_keep_what_is_being_typed_the_focus_and_the_place(rehearsal: Any, open_page: Any) -> None:
    for number in range(120):
        await rehearsal.card(1001, f"message {number}", disable_notification=True)
    page = await open_page()
    chat = page.locator(f"{GIULIA} .chat")
    assert await chat.evaluate("c => c.scrollHeight - c.scrollTop - c.clientHeight") < 2
    box = page.locator(f"{GIULIA} textarea")
    await box.fill("half a sent")
    await rehearsal.card(1001, "one more", CLAIM)
    await expect(page.locator(f"{GIULIA} .bubble.theirs")).to_have_count(121)
    assert await chat.evaluate("c => c.scrollHeight - c.scrollTop - c.clientHeight") < 2, "still at the newest"
    await expect(box).to_have_value("half a sent")
    await expect(box).to_be_focused()

    await box.fill("several\nlines\nmake\nthe box\ngrow")
    at_bottom = "c => c.scrollHeight - c.scrollTop - c.clientHeight < 2"
    await page.wait_for_function(f"({at_bottom})(document.querySelector('{GIULIA} .chat'))")

    # The page hears of it with the next picture it draws; on a busy machine the message would come before.
    two_pictures_later = "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
    await chat.evaluate(f"c => {{ c.scrollTop = 200; return {two_pictures_later} }}")
    await rehearsal.card(1001, "and one more", CLAIM)
    await expect(page.locator(f"{GIULIA} .newest")).to_be_visible()
    assert await chat.evaluate("c => c.scrollTop") == 200


async def test_a_long_chat_stays_quick(rehearsal: Any, open_page: Any) -> None:
    """Only the new bubble is built: 300 others keep their nodes."""
    for number in range(300):
        await rehearsal.card(1001, f"message {number}", CLAIM, disable_notification=True)
    page = await open_page()
    await expect(page.locator(f"{GIULIA} .bubble.theirs")).to_have_count(300)
    await page.evaluate("document.querySelectorAll('.bubble').forEach(b => { b.marked = true })")
    await rehearsal.card(1001, "one more")
    await expect(page.locator(f"{GIULIA} .bubble.theirs")).to_have_count(301)
    kept = await page.evaluate(f"[...document.querySelectorAll('{GIULIA} .bubble')].filter(b => b.marked).length")
    assert kept == 301, "300 cards and Giulia's /start"


async def test_the_clock_is_shown_and_moved(rehearsal: Any, open_page: Any) -> None:
    page = await open_page()
    await expect(page.locator("#clock-day")).to_have_text("Saturday, 28 November 2026")
    await expect(page.locator("#clock-time")).to_have_text("21:47:00")
    await expect(page.locator("#facts")).to_contain_text("On duty: Giulia until Monday 09:00")
    await page.get_by_role("button", name="+5 min").click()
    await expect(page.locator("#clock-time")).to_have_text("21:52:00")
    await page.get_by_role("button", name="to Mon 09:00").click()
    await expect(page.locator("#clock-day")).to_have_text("Monday, 30 November 2026")
    await expect(page.locator("#clock-time")).to_have_text("09:00:00")


JUMPS = [
    ("2026-11-28T20:47:00Z", 1, 9, "2026-11-30T08:00:00Z"),
    ("2026-11-30T08:00:00Z", 1, 9, "2026-12-07T08:00:00Z"),
    ("2026-11-30T07:59:59Z", 1, 9, "2026-11-30T08:00:00Z"),
    ("2026-10-24T18:00:00Z", 1, 9, "2026-10-26T08:00:00Z"),  # the night with 25 hours
    ("2026-03-28T18:00:00Z", 1, 9, "2026-03-30T07:00:00Z"),  # the night with 23
    ("2026-12-31T22:59:59Z", 5, 18, "2027-01-01T17:00:00Z"),
]


async def test_jumps_land_on_the_wall_time_of_rome(open_page: Any) -> None:
    page = await open_page()
    for now, weekday, hour, then in JUMPS:
        call = f"new Date(Date.parse('{now}') + 1000 * secondsTo(new Date('{now}'), {weekday}, {hour})).toISOString()"
        assert await page.evaluate(call) == then.replace("Z", ".000Z"), now


async def test_another_person_can_be_put_into_a_phone(rehearsal: Any, open_page: Any) -> None:
    page = await open_page()
    await page.locator(f"{GIULIA} textarea").fill("a draft of Giulia’s")
    await page.locator(f"{GIULIA} select.person").select_option("alessio")
    await expect(page.locator(f"{GIULIA} textarea")).to_have_value("")
    await expect(page.locator(f"{GIULIA} .role")).to_have_text("off duty")
    await page.locator(f"{GIULIA} select.person").select_option("giulia")
    await expect(page.locator(f"{GIULIA} textarea")).to_have_value("a draft of Giulia’s")


async def test_blocking_and_voice_notes(rehearsal: Any, open_page: Any) -> None:
    page = await open_page()
    menu = page.locator(f"{GIULIA} .menu summary")
    await menu.click()
    await page.locator(f"{GIULIA} .kinds").get_by_role("button", name="Voice note").click()
    await expect(page.locator(f"{GIULIA} .bubble.mine .kind")).to_contain_text("Voice note")
    await menu.click()
    await page.get_by_role("button", name="Block the bot").click()
    await expect(page.locator(f"{GIULIA} .phone.blocked")).to_be_visible()
    assert rehearsal.stage.telegram.people[1001].blocked


async def test_a_stage_that_begins_again_rings_again(rehearsal: Any, open_page: Any) -> None:
    """The demo was restarted under an open page: messages are numbered from 1 again, and none of them was looked at."""
    page = await open_page()
    for number in range(9):
        await rehearsal.card(1001, f"🔴 #{number}", CLAIM)
    await expect(page.locator(f"{GIULIA} .bell b")).to_have_text("9")
    await page.locator(f"{GIULIA} textarea").click()
    await expect(page.locator(f"{GIULIA} .bell")).to_be_hidden()
    port = int(rehearsal.base.rpartition(":")[2])
    await rehearsal.stop()
    await expect(page.locator("#link")).to_contain_text("lost")
    stage = Stage.standard(rehearsal.clock.now, rehearsal.clock.advance)
    stage.telegram.types(1001, "/start")
    async with serve(create_app(stage), port=port), httpx.AsyncClient(base_url=rehearsal.base) as http:
        await http.post(f"/bot{BOT_TOKEN}/sendMessage", json={"chat_id": 1001, "text": "🔴 #1"})
        await expect(page.locator("#link")).to_contain_text("live")
        await expect(page.locator(f"{GIULIA} .bell b")).to_have_text("1")
        await expect(page.locator(f"{GIULIA} .bubble")).to_have_count(2)
        await page.close()  # before this stage ends, too: the page would complain of it
        rehearsal.forgive()


async def test_trouble_is_made_and_cleared(rehearsal: Any, open_page: Any) -> None:
    page = await open_page()
    await page.locator("#trouble summary").click()
    await page.get_by_role("button", name="X answers 503").click()
    await expect(page.locator("#trouble summary")).to_have_text("Trouble · 1 active")
    assert (await rehearsal.http.get("/2/users/me")).status_code == 503
    await expect(page.locator("#active")).to_contain_text("X answers 503")
    await page.locator("#presets").get_by_role("button", name="All well again").click()
    await expect(page.locator("#trouble summary")).to_have_text("Trouble")
    await expect(page.locator("#active")).to_be_hidden()
    await page.get_by_label("X refuses duplicate texts").uncheck()
    await expect(page.get_by_label("X refuses duplicate texts")).not_to_be_checked()
    assert rehearsal.stage.x.duplicate_filter is False


async def test_any_of_xs_bad_days_can_be_chosen_by_name(rehearsal: Any, open_page: Any) -> None:
    page = await open_page()
    await page.locator("#trouble summary").click()
    await page.get_by_label("One of X’s bad days").select_option("suspended")
    await page.get_by_role("button", name="Once", exact=True).click()
    await expect(page.locator("#active")).to_contain_text("X: suspended ×1")
    assert (await rehearsal.http.get("/2/users/me")).status_code == 403
    await expect(page.locator("#active")).to_be_hidden()


async def test_pictures_are_seen_on_x_and_on_phones(rehearsal: Any, open_page: Any) -> None:
    rehearsal.stage.x.write("anna_verdi", "@TIM_Official il palo è caduto", media=("photo",))
    rehearsal.stage.telegram.sends(1001, "photo")
    page = await open_page()
    for picture in (page.locator(".post img"), page.locator(f"{GIULIA} .bubble.mine img")):
        await expect(picture).to_have_attribute("alt", re.compile("Photo|photo"))
        await expect(picture).to_be_visible()
        await picture.evaluate("img => img.decode()")
        assert await picture.evaluate("img => img.naturalWidth") > 0


async def test_a_phone_is_calm_again_when_somebody_else_took_it(rehearsal: Any, open_page: Any) -> None:
    """Nobody has touched Sara's phone: the card says that Giulia has it, and that is the end of the alarm."""
    page = await open_page()
    card = await rehearsal.card(1003, "🔴 #1", CLAIM)
    await expect(page.locator("#pane-1 .phone.ringing")).to_be_visible()
    text = "✋ #1 · Giulia has it"
    await rehearsal.bot("editMessageText", chat_id=1003, message_id=card, text=text)
    await expect(page.locator("#pane-1 .phone.ringing")).to_have_count(0)
    await expect(page.locator("#pane-1 .bell")).to_be_hidden()


async def test_the_page_says_when_no_service_is_connected(rehearsal: Any, open_page: Any) -> None:
    page = await open_page()
    await expect(page.locator("#service")).to_contain_text("No service is connected")
    await expect(page.locator('.story[data-key="kill"]')).to_contain_text("needs reperibile demo")
    await expect(page.locator('.story[data-key="kill"] .play')).to_be_disabled()
    await rehearsal.bot("getUpdates")
    await expect(page.locator("#service")).to_be_hidden()


async def test_light_and_dark_can_be_chosen_and_are_remembered(open_page: Any) -> None:
    page = await open_page(color_scheme="light")
    ground = "getComputedStyle(document.body).backgroundColor"
    light = await page.evaluate(ground)
    await page.get_by_role("button", name="Theme: system").click()
    assert await page.evaluate(ground) == light
    await page.get_by_role("button", name="Theme: light").click()
    dark = await page.evaluate(ground)
    assert dark != light
    await page.reload()
    await expect(page.get_by_role("button", name="Theme: dark")).to_be_visible()
    assert await page.evaluate(ground) == dark


async def test_sound_is_off_until_asked_for_and_only_for_what_rings(rehearsal: Any, open_page: Any) -> None:
    page = await open_page()
    await page.evaluate(
        """() => {
            const real = AudioContext.prototype.createOscillator;
            window.played = 0;
            AudioContext.prototype.createOscillator = function () { played += 1; return real.call(this); };
        }"""
    )
    await rehearsal.card(1001, "🔴 #1", CLAIM)
    await expect(page.locator(f"{GIULIA} .bell b")).to_have_text("1")
    assert await page.evaluate("played") == 0
    await page.get_by_role("button", name="Sound off").click()
    await expect(page.get_by_role("button", name="Sound on")).to_have_attribute("aria-pressed", "true")
    once = await page.evaluate("played")
    await rehearsal.card(1001, "quiet", disable_notification=True)
    await expect(page.locator(f"{GIULIA} .bubble.hushed")).to_have_count(1)
    assert await page.evaluate("played") == once > 0, "switching it on lets one hear it"
    await rehearsal.card(1001, "🔴 #2", CLAIM)
    await expect(page.locator(f"{GIULIA} .bubble.rang")).to_have_count(2)
    assert await page.evaluate("played") == 2 * once


async def test_a_swipe_replies(rehearsal: Any, open_page: Any) -> None:
    page = await open_page(390, 844, has_touch=True)
    await rehearsal.card(1001, "🔴 #1", CLAIM)
    await page.locator("#tabs [data-tab='0']").click()
    await page.locator(f"{GIULIA} .bubble.card").evaluate(
        """node => {
            const at = x => [new Touch({ identifier: 1, target: node, clientX: x, clientY: 200 })];
            const tell = (type, x, left) => node.dispatchEvent(new TouchEvent(type, { bubbles: true,
                touches: left ? at(x) : [], changedTouches: at(x) }));
            tell("touchstart", 200, true); tell("touchmove", 120, true); tell("touchend", 120, false);
        }"""
    )
    await expect(page.locator(f"{GIULIA} .quote-text")).to_have_text("🔴 #1")


async def test_the_page_speaks_italian(open_page: Any) -> None:
    page = await open_page()
    await page.get_by_role("button", name="Italiano").click()
    await expect(page.locator("#coach-say")).to_contain_text("suona il telefono di turno")
    await expect(page.locator(".story h3").first).to_have_text("Una serata tranquilla")
    await expect(page.locator(f"{GIULIA} .role")).to_have_text("di turno")
    await expect(page.locator("#clock-day")).to_have_text("sabato 28 novembre 2026")
    await expect(page.locator("html")).to_have_attribute("lang", "it")


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (1100, 800), (768, 1024), (390, 844), (320, 600)])
async def test_nothing_overflows(rehearsal: Any, open_page: Any, tmp_path: Path, width: int, height: int) -> None:
    long_word = "w" * 200
    post = rehearsal.stage.x.write("anna_verdi", f"@TIM_Official {long_word} 🔥")
    rehearsal.stage.x.write("TIM_Official", "Ci guardiamo. ^GR", in_reply_to=post.id)
    pre = [{"type": "pre", "offset": 0, "length": 200}]
    rows = [[{"text": f"Bottone {n} {'x' * 40}", "callback_data": f"b:{n}"} for n in range(3)]]
    card = await rehearsal.card(1001, long_word, *rows, entities=pre)
    rehearsal.stage.telegram.types(1001, long_word, reply_to=card)
    await rehearsal.http.post("/sandbox/faults", json={"match": "GET /2/nothing"})
    page = await open_page(width, height)
    await unfold(page)
    for tab in ("x", "0", "1", "2"):
        button = page.locator(f"#tabs [data-tab='{tab}']")
        if await button.is_visible():
            await button.click()
        wide = await page.evaluate(
            """[document.documentElement,
                ...document.querySelectorAll('.top, .director, .rota, .x, .fold, .timeline, .tabs, .phone, .chat')]
            .filter(e => e.scrollWidth > e.clientWidth + 1).map(e => e.className || e.tagName)"""
        )
        assert wide == []
        for scheme in ("light", "dark"):
            await page.emulate_media(color_scheme=scheme)
            await page.screenshot(path=tmp_path / f"{width}-{scheme}-{tab}.png")


async def test_a_group_is_read_and_written_in_on_a_phone(rehearsal: Any, open_page: Any) -> None:
    rehearsal.stage.telegram.group(-100123, "Care team")
    rehearsal.stage.telegram.adds_bot(-100123, 1004)
    page = await open_page()
    await page.locator("#pane-2 select.person").select_option(label="👥 Care team")
    await rehearsal.card(-100123, "🔴 #1 · nobody has it yet", disable_notification=True)
    await expect(page.locator("#pane-2 .bubble.theirs")).to_have_text(re.compile("#1 · nobody has it yet"))
    box = page.get_by_label("Write in 👥 Care team as Marco")
    await box.fill("I take the north")
    await box.press("Enter")
    await expect(page.locator("#pane-2 .bubble.mine").last).to_contain_text("I take the north")
    rehearsal.stage.telegram.types_in_group(-100123, 1001, "and I the south")
    await expect(page.locator("#pane-2 .bubble.theirs .author")).to_have_text("Giulia")
    await expect(page.locator("#pane-2 .bubble.theirs").last).to_contain_text("and I the south")


async def test_on_a_small_screen_one_pane_is_seen_at_a_time(rehearsal: Any, open_page: Any) -> None:
    page = await open_page(390, 844)
    await expect(page.locator("#pane-x")).to_be_visible()
    await expect(page.locator(GIULIA)).to_be_hidden()
    await rehearsal.card(1001, "🔴 #1", CLAIM)
    tab = page.locator("#tabs [data-tab='0']")
    await expect(tab.locator("b")).to_have_text("1")
    await tab.click()
    await expect(page.locator(GIULIA)).to_be_visible()
    await expect(page.locator("#pane-x")).to_be_hidden()
    await expect(tab.locator("b")).to_have_count(0)


async def test_no_motion_for_those_who_want_none(rehearsal: Any, open_page: Any) -> None:
    page = await open_page(reduced_motion="reduce")
    await rehearsal.card(1001, "🔴 #1", CLAIM)
    phone = page.locator(f"{GIULIA} .phone.ringing")
    await expect(phone).to_be_visible()
    assert await phone.evaluate("p => getComputedStyle(p).animationName") == "none"
