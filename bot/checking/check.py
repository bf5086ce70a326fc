"""One finding, and how every other file here asks: in time, and in plain words when there is no answer."""

import asyncio
from collections.abc import Awaitable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TypeVar
from zoneinfo import ZoneInfo

from bot.errors import DoorError
from schedules.rota import Plan

# No answer within this time is an answer, too.
ANSWERS_WITHIN_S = 5.0
# The doors give up a little earlier, so that they can still say why.
DOOR_GIVES_UP_S = 4.0

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Check:
    """One finding. name: the subject. what: how it is. cure: what to do; "" when there is nothing to do."""

    name: str
    ok: bool
    what: str
    cure: str = ""

    def as_json(self) -> dict[str, str | bool]:
        return asdict(self)


# A door's words for what went wrong: what a person reads, and the cure. None: any other word.
Words = dict[str | None, tuple[str, str]]
UNREACHED = "Check the network, DNS and a proxy of this machine; the service itself keeps trying."


async def said(name: str, ask: Awaitable[Check], words: Words) -> Check:
    """The check, or in plain words why it could not be made."""
    try:
        return await ask
    except DoorError as problem:
        what, cure = words.get(problem.reason) or words[None]
        return Check(name, False, f"{what}: {problem.detail}" if problem.detail else what, cure)


async def in_time(name: str, ask: Awaitable[T], within_s: float = ANSWERS_WITHIN_S) -> T | Check:
    """What was asked for, or that it took too long."""
    try:
        async with asyncio.timeout(within_s):
            return await ask
    except TimeoutError:
        return Check(name, False, f"no answer within {within_s:g} s", "See whether it runs and can be reached.")


def wrong(name: str, message: str) -> Check:
    """Something wrong, in the words of an error of ours."""
    return Check(name, False, *split(message))


def split(text: str) -> tuple[str, str]:
    """What is wrong, and the cure, which our messages put last."""
    what, _, cure = text.partition(" Cure: ")
    return what.removesuffix("."), cure


def local(at: datetime, plan: Plan) -> str:
    return f"{at.astimezone(ZoneInfo(plan.timezone)):%a %Y-%m-%d %H:%M}"
