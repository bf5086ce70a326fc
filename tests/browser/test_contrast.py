"""Can everything on the page be read, in light and in dark? Measured, not looked at: WCAG AA, 4.5 to 1."""

from typing import Any

import pytest
from playwright.async_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

# Every text that can be seen, against the colours that lie behind it.
LOW_CONTRAST = r"""() => {
    const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
    canvas.canvas.width = canvas.canvas.height = 1;
    const over = (ground, css) => {
        canvas.fillStyle = `rgb(${ground})`; canvas.fillRect(0, 0, 1, 1);
        canvas.fillStyle = css; canvas.fillRect(0, 0, 1, 1);
        return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
    };
    const light = rgb => {
        const [r, g, b] = rgb.map(v => v / 255).map(v => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4);
        return .2126 * r + .7152 * g + .0722 * b;
    };
    const white = [255, 255, 255];
    const behind = node => node ? over(behind(node.parentElement), getComputedStyle(node).backgroundColor) : white;
    const bad = new Set();
    let seen = 0;
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let text = walk.nextNode(); text; text = walk.nextNode()) {
        const node = text.parentElement;
        if (!node.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue;
        if (node.closest(":disabled, .sr, .spoiler, option, noscript, .skip")) continue;
        if (!/[\p{L}\p{N}]/u.test(text.data)) continue;
        seen += 1;
        const ground = behind(node);
        const [low, high] = [light(ground), light(over(ground, getComputedStyle(node).color))].sort((a, b) => a - b);
        const ratio = (high + .05) / (low + .05);
        const what = `${node.className || node.tagName}: ${text.data.trim().slice(0, 30)}`;
        if (ratio < 4.5) bad.add(`${ratio.toFixed(2)} ${what}`);
    }
    return seen < 100 ? ["too little was seen"] : [...bad];
}"""
STYLES: tuple[dict[str, str], ...] = ({}, {"style": "primary"}, {"style": "success"}, {"style": "danger"})


async def test_every_text_can_be_read_in_light_and_dark(rehearsal: Any, open_page: Any) -> None:
    """Over as much as the page can show at once."""
    post = rehearsal.stage.x.write("anna_verdi", "@TIM_Official niente linea #rete")
    rehearsal.stage.x.write("TIM_Official", "Ci guardiamo. ^GR", in_reply_to=post.id)
    quote = [{"type": "blockquote", "offset": 3, "length": 5}, {"type": "code", "offset": 0, "length": 2}]
    keys = [{"text": f"Key {n}", "callback_data": "claim:1", **style} for n, style in enumerate(STYLES)]
    card = await rehearsal.card(1001, "#1 words of theirs", keys, entities=quote)
    await rehearsal.card(1003, "quiet", disable_notification=True)
    rehearsal.stage.telegram.types(1001, "/who", reply_to=card)
    await rehearsal.http.post("/sandbox/faults", json={"match": "GET /2/nothing"})
    page = await open_page(reduced_motion="reduce")
    await page.click("#write-box > summary")
    await page.locator("#trouble summary").click()
    await page.evaluate(
        """() => {
            toast("well"); toast("ill", "bad"); slots[0].popUp({ text: "said" });
            slots[0].aim({ mode: "reply", message: state.phones[1001].messages.at(-1) });
        }"""
    )
    await expect(page.locator(".toast")).to_have_count(2)
    for scheme in ("light", "dark"):
        await page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        assert await page.evaluate(LOW_CONTRAST) == [], scheme
