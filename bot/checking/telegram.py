"""Telegram: whose token is this, does anything keep the updates from us, and is the team's group there?"""

import asyncio
from collections.abc import Callable
from datetime import datetime

from bot.checking.check import ANSWERS_WITHIN_S, DOOR_GIVES_UP_S, UNREACHED, Check, Words, in_time, said
from bot.checking.clocks import Reading
from bot.checking.database import NOBODY
from bot.errors import DoorError
from bot.settings import Settings
from bot.telegram.door import AboutBot, TelegramDoor

REFUSALS: Words = {
    "unauthorized": ("Telegram does not know this token", "Take the token from @BotFather again: /mybots, API Token."),
    "not_sent": ("Telegram cannot be reached", UNREACHED),
    "flood": ("Telegram asks us to wait", "Try again in a minute."),
    None: ("Telegram does not answer properly", "Try again. The service itself keeps trying."),
}
NO_GROUP = (
    "TEAM_CHAT_ID is no group that the bot knows",
    "Add the bot to the group, and take the group's number (it begins with a minus sign) from there.",
)


async def telegram_checks(
    settings: Settings, now: Callable[[], datetime], leader: str, listens_s: int, readings: list[Reading]
) -> list[Check]:
    """All of it; Telegram's clock is added to `readings`.

    leader: who runs on our database; only when nobody does may we listen, or we would disturb our own service.
    """
    if not settings.telegram_token:
        return []
    door = TelegramDoor(settings.telegram_token, settings.telegram_api_url, DOOR_GIVES_UP_S)
    await door.open()
    try:
        about: list[AboutBot] = []
        found = await in_time("telegram", said("telegram", _bot(door, about), REFUSALS))
        if door.told_clock is not None:
            readings.append(Reading("Telegram", door.told_clock, now()))
        if not about:
            return [found]
        rest = [_webhook(door, settings)]
        if settings.team_chat_id is not None:
            rest.append(_team(door, settings.team_chat_id))
        answers = await asyncio.gather(*rest)
        hook = answers[0]
        if hook.ok and leader == NOBODY and listens_s >= 0:
            # After the question about the webhook: while one is set, listening is refused anyway.
            answers.append(await _polling(door, listens_s))
        return [found, *_groups(about[0], settings), *answers]
    finally:
        await door.close()


async def _bot(door: TelegramDoor, about: list[AboutBot]) -> Check:
    about.append(await door.about())
    return Check("telegram", True, f"the token is @{about[0].username}'s")


def _groups(about: AboutBot, settings: Settings) -> list[Check]:
    """What the bot may do in groups, which matters only for the team's."""
    if settings.team_chat_id is None:
        if not about.joins_groups:
            return []
        what = "anybody may add the bot to a group; it leaves every group but the team's by itself"
        return [Check("telegram groups", True, what)]
    if not about.joins_groups:
        what = "TEAM_CHAT_ID is set, but BotFather forbids the bot to join groups"
        return [
            Check("telegram groups", False, what, "At @BotFather: /setjoingroups, Enable; then add it to the group.")
        ]
    if about.reads_groups:
        what = "privacy mode is off: Telegram sends the bot every word of the team's group, which it does not need"
        cure = "At @BotFather: /setprivacy, Enable; then take it out of the group and add it again."
        return [Check("telegram groups", True, what, cure)]
    return [Check("telegram groups", True, "may join groups, and hears there only what is meant for it")]


async def _webhook(door: TelegramDoor, settings: Settings) -> Check:
    async def ask() -> Check:
        host = await door.webhook()
        if not host:
            return Check("telegram webhook", True, "none is set: Telegram waits to be asked, as it should")
        # The token goes by standard input: no other user of the machine sees it in the list of processes.
        cure = (
            "Where config.env lies, run: (. ./config.env; "
            'T=${TELEGRAM_TOKEN:-$(cat "$TELEGRAM_TOKEN_FILE")}; '
            f'echo "url={settings.telegram_api_url}/bot$T/deleteWebhook") | curl -sK -'
        )
        return Check("telegram webhook", False, f"one is set, to {host}: while it is, Telegram tells us nothing", cure)

    return await in_time("telegram webhook", said("telegram webhook", ask(), REFUSALS))


async def _polling(door: TelegramDoor, listens_s: int) -> Check:
    """Listen for a few seconds: somebody else with this token cuts us off. Confirms, and so forgets, nothing."""
    name = "telegram polling"

    async def ask() -> Check:
        try:
            waiting = len(await door.updates(None, listens_s))
        except DoorError as problem:
            if problem.reason != "conflict":
                raise
            what = "somebody else listens with this token: each of the two gets only a part of what phones send"
            cure = "Stop the other one; if you do not know it, take a new token from @BotFather: /revoke."
            return Check(name, False, what, cure)
        kept = f"; {waiting} updates wait for the service" if waiting else ""
        return Check(name, True, f"nobody else was heard listening with this token{kept}")

    return await in_time(name, said(name, ask(), REFUSALS), ANSWERS_WITHIN_S + listens_s)


async def _team(door: TelegramDoor, chat_id: int) -> Check:
    async def group() -> Check:
        return Check("team chat", True, f"TEAM_CHAT_ID={chat_id} is the group “{await door.chat(chat_id)}”")

    words = REFUSALS | {"bad_request": NO_GROUP, "unreachable": NO_GROUP}
    return await in_time("team chat", said("team chat", group(), words))
