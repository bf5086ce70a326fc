"""A busy night on which the service is killed at random instants, again and again, while everybody goes on working.

Nothing is known about where it dies; afterwards no page is missing, no reply stands twice, no word is lost.
"""

import asyncio
import random
from collections import Counter
from pathlib import Path

import pytest
from night import WORDS, Night, night
from prepared import Databases
from service import launcher

from bot.sandbox.stage import PEOPLE
from bot.store.tables import InboxRow, QuestionRow, ReplyRow, TicketRow

ALARM = "@TIM_Official siamo un'intera borgata senza linea, nemmeno il 112 si riesce a chiamare"
GIULIA = PEOPLE["giulia"][0]


async def a_customer(here: Night, number: int) -> None:
    """Writes; Giulia sees it, answers by commands, sends, and settles what she is asked."""
    mention = here.stage.x.write(f"customer{number}", ALARM)
    ticket: list[int] = []

    def paged() -> bool:
        found = [t.id for t in here.rows(TicketRow) if t.newest_mention_id == mention.id]
        ticket[:] = found
        return bool(found) and bool(here.on_phone("giulia", rf"(?s).*#{found[0]}\b"))

    await here.must(f"Giulia hears of customer {number}", paged)
    (mine,) = ticket
    here.stage.telegram.types(GIULIA, f"/reply {mine} {WORDS} ({number})")
    await here.must(f"the preview of #{mine}", lambda: here.on_phone("giulia", rf"✏️ #{mine}\b"))
    message = here.on_phone("giulia", rf"✏️ #{mine}\b")[-1]
    send = next(data for data in message.button_data if data.startswith("send:"))

    def sent() -> bool:
        return any(r.id == int(send[5:]) and r.state != "draft" for r in here.rows(ReplyRow))

    await here.presses_until("giulia", rf"✏️ #{mine}\b", send, sent)
    answered: set[int] = set()

    def posted_or_asked() -> bool:
        row = next(r for r in here.rows(ReplyRow) if r.id == int(send[5:]))
        return row.state == "posted" or bool(open_questions(here, row.id or 0, answered))

    while True:
        await here.must(f"#{mine} is answered or asked about", posted_or_asked)
        asked = open_questions(here, int(send[5:]), answered)
        if not asked:
            return
        # She looks at X before she says whether it is there.
        is_there = any(p.in_reply_to == mention.id for p in here.posts())
        data = f"{'yes' if is_there else 'no'}:{asked[0]}"
        answered.add(asked[0])
        here.stage.telegram.presses(GIULIA, message.message_id, data)


def open_questions(here: Night, reply: int, but: set[int]) -> list[int]:
    found = [q.id for q in here.rows(QuestionRow) if q.reply_id == reply and not q.answer and q.id not in but]
    return [number for number in found if number is not None]


@pytest.mark.torture
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("seed", [1])
async def test_two_hundred_deaths_at_random(databases: Databases, tmp_path: Path, seed: int) -> None:
    """200 times kill -9 while 60 customers write: a page for each, a reply for each, once."""
    chance = random.Random(seed)
    customers, deaths = 60, 200
    loop = asyncio.get_running_loop()
    begun = loop.time()
    async with launcher() as one, night(one, databases, tmp_path) as here:
        here.at_most_s = 300.0
        await here.rest()

        async def death() -> None:
            for life in range(1, deaths + 1):
                # Counted from its first sign of life, or a slow machine would never let it get anywhere.
                await here.must("it lives", lambda: here.reaper.steps[-1].life == life)  # noqa: B023
                if life % 4 == 0:
                    # On a busy machine whole rows of lives end before they have read X: some get as far as that.
                    await here.rest()
                await asyncio.sleep(chance.uniform(0.0, 2.0))
                here.reaper.strike()

        async def crowd() -> None:
            async with asyncio.TaskGroup() as group:
                for number in range(customers):
                    group.create_task(a_customer(here, number))
                    await asyncio.sleep(chance.uniform(0.0, 2.0 * deaths / customers))

        killing = asyncio.create_task(death())
        await crowd()
        await killing
        await here.must("everything is settled", lambda: not here.unsettled())
        below = Counter(p.in_reply_to for p in here.posts())
        print(
            f"{len(here.reaper.kills)} deaths in {loop.time() - begun:.0f} s, {customers} mentions, "
            f"{len(here.posts())} posts, most below one mention {max(below.values())}, {here.again} presses again, "
            f"{sum(len(r.reason) > 0 for r in here.rows(ReplyRow))} replies with a reason"
        )
        assert len(here.rows(TicketRow)) == customers, here.state()
        assert len(below) == customers, here.state()
        assert set(below.values()) == {1}, here.state()
        assert {p.text.removesuffix(" ^GR") for p in here.posts()} == {f"{WORDS} ({n})" for n in range(customers)}
        assert {t.state for t in here.rows(TicketRow)} == {"answered"}, here.state()
        assert all(u.handled_at is not None and not u.error for u in here.rows(InboxRow)), here.state()
        assert sorted(r.typed for r in here.rows(ReplyRow)) == sorted(f"{WORDS} ({n})" for n in range(customers))
