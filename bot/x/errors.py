"""What X says, and what to do about it: the failure table of the design page, row by row.

    X says                                    reading                  posting, deleting
    429                                       Temporary rate_limit     the same: nothing was done
    402                                       Temporary credits        the same
    401                                       Temporary unauthorized   the same
    connection refused, DNS, TLS              Temporary not_sent       the same
    time-out, connection lost, 5xx, 408, 3xx  Temporary server         InDoubt server
    body that is not JSON, or makes no sense  Temporary unreadable     InDoubt unreadable
    403 in the words of REFUSALS              Permanent (its word)     the same
    400, 403 too long                         Permanent too_long       the same
    403 otherwise                             Permanent forbidden      the same
    400, 404, 4xx otherwise                   Permanent bad_request    the same

`duplicate` is Permanent here: whether an earlier attempt makes it a doubt only the caller knows.
"""

import asyncio
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp

from bot.core.outside import read_json
from bot.errors import DoorError, InDoubt, Permanent, Temporary

CREDITS_RETRY_AFTER = timedelta(minutes=10)

# The words of X's refusals, lower case, in public code bases as of 2026-11; the first that fits counts.
REFUSALS = (
    ("not been mentioned or otherwise engaged", "not_engaged"),
    ("deleted or not visible", "parent_gone"),
    ("not permitted to reply", "reply_settings"),
    ("who can reply", "reply_settings"),
    ("reply settings", "reply_settings"),
    ("reply to this conversation is not allowed", "reply_settings"),
    ("duplicate content", "duplicate"),
    ("text is too long", "too_long"),
    ("too long", "too_long"),
)

# Failures before the request left: nothing can have been done.
_NOT_SENT = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.InvalidURL)


class ConnectionLost(aiohttp.ClientError):
    """The connection ended without an answer; our own class, because aiohttp sends some requests again on its own."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One HTTP answer of X, as it came. headers: names in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        """The body as JSON values. Raises ValueError when it is none (also for absurdly deep JSON)."""
        return read_json(self.body)


def from_answer(answer: Answer, *, writing: bool) -> DoorError | None:
    """The error an answer stands for; None for a success (2xx), whose body is still to be read."""
    status = answer.status
    if 200 <= status < 300:
        return None
    detail = says(answer)
    if status == 429:
        return Temporary("rate_limit", detail, until=resets_at(answer.headers))
    if status == 402:
        return Temporary("credits", detail, after=CREDITS_RETRY_AFTER)
    if status == 401:
        return Temporary("unauthorized", detail)
    if status >= 500 or status < 400 or status == 408:
        return lost("server", f"{status} {detail}".strip(), writing=writing)
    if not _is_object(answer):
        return unreadable(f"{status} without JSON", writing=writing)
    refusal = next((word for words, word in REFUSALS if words in detail.lower()), None)
    if status == 403:
        return Permanent(refusal or "forbidden", detail)
    return Permanent("too_long" if refusal == "too_long" else "bad_request", f"{status} {detail}".strip())


def from_failure(failure: Exception, *, writing: bool) -> DoorError:
    """The error for what the network threw; its text names the kind only, since aiohttp's may carry our headers."""
    kind = type(failure).__name__
    if isinstance(failure, _NOT_SENT):
        return Temporary("not_sent", kind)
    if isinstance(failure, asyncio.TimeoutError):
        return lost("server", "no answer in time", writing=writing)
    return lost("server", kind, writing=writing)


def lost(reason: str, detail: str, *, writing: bool) -> DoorError:
    """An answer that tells nothing: harmless when reading, a doubt when writing."""
    return InDoubt(reason, detail) if writing else Temporary(reason, detail)


def unreadable(detail: str, *, writing: bool) -> DoorError:
    return lost("unreadable", detail, writing=writing)


def says(answer: Answer) -> str:
    """X's own words for an error, in any of its forms; "" when there are none."""
    try:
        body = answer.json()
    except ValueError:
        return ""
    if not isinstance(body, dict):
        return ""
    parts = [body.get("detail")]
    errors = body.get("errors")
    for error in errors if isinstance(errors, list) else []:
        if isinstance(error, dict):
            parts += [error.get("detail"), error.get("message")]
        else:
            parts.append(error)
    parts.append(body.get("error"))
    said = [part for part in parts if isinstance(part, str) and part]
    title = body.get("title")
    words = "; ".join(dict.fromkeys(said)) or (title if isinstance(title, str) else "")
    return words.encode("utf-8", "replace").decode()  # halves of surrogate pairs fit into no log


def resets_at(headers: Mapping[str, str]) -> datetime | None:
    """When a spent limit is full again: the latest of the 15-minute reset and of the 24-hour limits that are spent.

    None when X does not say. Only spent daily limits count: they are sent along with every answer.
    """
    resets = [_instant(headers.get("x-rate-limit-reset"))]
    for day in ("x-user-limit-24hour", "x-app-limit-24hour"):
        if remaining(headers, f"{day}-remaining") in (0, None):
            resets.append(_instant(headers.get(f"{day}-reset")))
    return max((reset for reset in resets if reset is not None), default=None)


def remaining(headers: Mapping[str, str], name: str = "x-rate-limit-remaining") -> int | None:
    """How many requests the window still allows; None when X does not say."""
    text = headers.get(name, "")
    return int(text) if re.fullmatch(r"[0-9]{1,9}", text) else None


def window_ends_at(headers: Mapping[str, str]) -> datetime | None:
    """When the 15-minute window of this endpoint ends; None when X does not say."""
    return _instant(headers.get("x-rate-limit-reset"))


def _instant(text: str | None) -> datetime | None:
    """Unix seconds as an instant; None for anything else."""
    if text is None or not re.fullmatch(r"[0-9]{1,11}", text):
        return None
    return datetime.fromtimestamp(int(text), UTC)


def _is_object(answer: Answer) -> bool:
    try:
        return isinstance(answer.json(), dict)
    except ValueError:
        return False
