"""X: whose keys are these, what may they do, what does X's clock say, and what did the last day cost?"""

import asyncio
from collections.abc import Callable
from datetime import date, datetime

from bot.checking.check import DOOR_GIVES_UP_S, UNREACHED, Check, Words, in_time, said
from bot.checking.clocks import Reading
from bot.checking.database import Day
from bot.core.traffic import POST_READ, POST_WITH_LINK, REPLY, USER_READ
from bot.settings import Settings
from bot.x.door import XDoor
from bot.x.usage import posts_read_on

REFUSALS: Words = {
    "unauthorized": (
        "X refuses these keys (401)",
        "Make new tokens in X's developer console. Is this machine's clock right? Signatures carry the time.",
    ),
    "credits": ("the X app has no credits left (402)", "Buy credits in X's developer console, and set auto-recharge."),
    "rate_limit": ("X's rate limit is used up for now (429)", "Wait 15 minutes, and see who else uses this app."),
    "forbidden": ("X does not let this app do that (403)", "Give the app read and write access, then make new tokens."),
    "not_sent": ("X cannot be reached", UNREACHED),
    None: ("X does not answer properly", "Try again; see X's status page. The service itself keeps trying."),
}
PRICES = "docs.x.com, pricing, as of 2026-08-13"


async def x_checks(settings: Settings, now: Callable[[], datetime], readings: list[Reading]) -> list[Check]:
    """One for each account with keys; its answer tells X's clock, too, which is added to `readings`."""
    if not settings.accounts or not settings.x_consumer_key or not settings.x_consumer_secret:
        return []
    tokens = {account.name: (account.token, account.token_secret) for account in settings.accounts}
    keys = (settings.x_consumer_key, settings.x_consumer_secret)
    async with XDoor(settings.x_api_url, *keys, tokens, DOOR_GIVES_UP_S) as door:

        async def one(name: str) -> list[Check]:
            found = await in_time(f"x @{name}", said(f"x @{name}", _owner(door, name), REFUSALS))
            told = door.told(name)
            if told.clock is not None:
                # A refusal tells it as well: a wrong clock is why X refuses signatures.
                readings.append(Reading("X", told.clock, now()))
            return [found, *_rights(name, told.rights)] if found.ok else [found]

        return [check for found in await asyncio.gather(*map(one, tokens)) for check in found]


async def _owner(door: XDoor, name: str) -> Check:
    _, handle = await door.me(name)
    upper = name.upper()
    if handle.lower() != name:
        return Check(
            f"x @{name}",
            False,
            f"the keys in X_TOKEN_{upper} belong to @{handle}",
            f"Put the tokens of @{name} there, or call the keys X_TOKEN_{handle.upper()} and "
            f"X_TOKEN_SECRET_{handle.upper()}.",
        )
    return Check(f"x @{name}", True, f"X knows these keys as @{handle}")


def _rights(name: str, rights: str) -> list[Check]:
    """What X says the token may do; nothing is posted to find out."""
    if "write" in rights:
        return [Check(f"x rights @{name}", True, f"may read and post ({rights})")]
    if rights:
        cure = (
            "In X's developer console set the app's permissions to Read and write, and only then make new tokens: "
            "old ones keep their old rights."
        )
        return [Check(f"x rights @{name}", False, f"may only read ({rights}): no reply could be posted", cure)]
    cure = (
        "See in X's developer console that the app says Read and write, and that the tokens were made after it did; "
        "the first reply on a test post proves it."
    )
    return [Check(f"x rights @{name}", True, "X did not say whether these keys may post", cure)]


async def price_checks(settings: Settings, day: Day | None, today: date) -> list[Check]:
    """What the last day cost: dollars from our own rows, since X's usage endpoint counts posts alone; and those."""
    own = [] if day is None else [_own_price(day)]
    if not settings.x_consumer_key or not settings.x_consumer_secret:
        return own
    keys = (settings.x_consumer_key, settings.x_consumer_secret)

    async def ask() -> Check:
        count = await posts_read_on(settings.x_api_url, *keys, today, DOOR_GIVES_UP_S)
        what = f"X has counted {count} posts read by this app since midnight UTC (about ${count * POST_READ:.2f})"
        return Check("usage", True, what)

    told = await in_time("usage", said("usage", ask(), REFUSALS))
    if not told.ok:
        # Whether this app may ask is X's affair, and nothing depends on it: the keys have been checked already.
        cure = "Nothing to do: see the figures in X's developer console."
        told = Check("usage", True, f"X does not tell this app how much it used: {told.what}", cure)
    return [*own, told]


def _own_price(day: Day) -> Check:
    plain = day.replies - day.with_link
    dollars = day.mentions * POST_READ + day.authors * USER_READ + plain * REPLY + day.with_link * POST_WITH_LINK
    what = (
        f"about ${dollars:.2f} at X in the last 24 hours, from our own records: {day.mentions} mentions read, "
        f"{day.authors} authors, {day.replies} replies of which {day.with_link} with a link ({PRICES})"
    )
    cure = "A reply with a link costs twenty times one without: write the words instead." if day.with_link else ""
    return Check("price", True, what, cure)
