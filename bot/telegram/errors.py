"""What Telegram, its library and the network can throw, and what it means: one table, read from the top.

python-telegram-bot wraps everything in TelegramError, but its classes alone do not say whether a message may have been
sent: BadRequest is a NetworkError, and so is a refused connection; a time-out while connecting is the same class as one
while waiting for the answer. So a row may also look at the words and at the cause (httpx's own exception).
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import httpx
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    EndPointNotFound,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)

from bot.errors import DoorError, InDoubt, Permanent, Temporary


@dataclass(frozen=True, slots=True)
class Row:
    """One row. thrown: the exception's class. words: one of them is in its text, in lower case; none: any text.

    cause: the class of its `__cause__`; none: any. sending: the error when something was to be sent, changed or
    deleted; asking: the same when only something was to be read (getUpdates, getMe).
    """

    thrown: type[BaseException]
    reason: str
    sending: type[DoorError]
    asking: type[DoorError]
    words: tuple[str, ...] = ()
    cause: tuple[type[BaseException], ...] = ()

    def fits(self, error: BaseException) -> bool:
        if not isinstance(error, self.thrown):
            return False
        if self.cause and not isinstance(error.__cause__, self.cause):
            return False
        said = str(error).lower()
        return not self.words or any(word in said for word in self.words)


# Telegram names hours at most; a longer wait, or one that is no number, would silence a phone for good.
WAIT_MAX = timedelta(days=1)
CANNOT_BE_WRITTEN_TO = (
    "chat not found",
    "peer_id_invalid",
    "user not found",
    "not enough rights to send",
    "have no rights to send",
    "need administrator rights",
    "chat_write_forbidden",
)
NOTHING_LEFT_THE_HOUSE = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError)

TABLE: tuple[Row, ...] = (
    # thrown          reason           sending    asking
    Row(RetryAfter, "flood", Temporary, Temporary),
    Row(ChatMigrated, "chat_migrated", Temporary, Temporary),  # detail: the new chat's id
    Row(Conflict, "conflict", Temporary, Temporary),  # somebody else polls with this token: an alarm
    Row(Forbidden, "unreachable", Permanent, Permanent),
    Row(BadRequest, "unreachable", Permanent, Permanent, words=CANNOT_BE_WRITTEN_TO),
    Row(BadRequest, "bad_request", Permanent, Permanent),  # before NetworkError, whose subclass it is
    Row(InvalidToken, "unauthorized", Temporary, Temporary),  # 401, and 404: an outage or a revoked token
    Row(EndPointNotFound, "unauthorized", Temporary, Temporary),
    Row(NetworkError, "flood", Temporary, Temporary, words=("too many requests",)),  # a 429 that names no time
    Row(NetworkError, "not_sent", Temporary, Temporary, cause=NOTHING_LEFT_THE_HOUSE),
    Row(NetworkError, "lost_answer", InDoubt, Temporary),  # read time-out, dropped connection, 5xx
    Row(TelegramError, "lost_answer", InDoubt, Temporary),  # a 200 whose body is not JSON
    Row(Exception, "lost_answer", InDoubt, Temporary),  # JSON of another shape than promised
)


def translated(error: Exception, *, sending: bool, scrub: Callable[[str], str]) -> DoorError:
    """What a foreign exception means to the house. scrub: takes secrets out of a text."""
    row = next(row for row in TABLE if row.fits(error))
    kind = row.sending if sending else row.asking
    if isinstance(error, ChatMigrated):
        # An id that is none leads nowhere: the message stays for the chat it was meant for.
        told = error.new_chat_id
        is_chat = type(told) is int and abs(told) < 2**63
        return kind(row.reason, str(told)) if is_chat else Permanent("bad_request", "the group moved nowhere")
    detail = scrub(str(error)) or type(error).__name__
    if isinstance(error, RetryAfter):
        return Temporary(row.reason, detail, after=_wait(error))
    return kind(row.reason, detail)


def is_about_the_chat(refusal: BadRequest) -> bool:
    """Whether it is the chat that cannot be written to, so that nothing else would get there either."""
    said = str(refusal).lower()
    return any(word in said for word in CANNOT_BE_WRITTEN_TO)


def _wait(error: RetryAfter) -> timedelta:
    # Read as it is kept: the public attribute warns on every use until its type changes in a next major version.
    kept = error._retry_after
    try:
        wait = kept if isinstance(kept, timedelta) else timedelta(seconds=float(kept))
    except (OverflowError, ValueError, TypeError):
        return WAIT_MAX
    return min(max(wait, timedelta()), WAIT_MAX)


TOKEN_SHAPE = re.compile(r"\d{5,}:[A-Za-z0-9_-]{20,}")
"""What a bot token looks like, in case another one than ours turns up in a text."""


def without_token(text: str, token: str) -> str:
    """The text with this token, and all that looks like one, taken out."""
    return TOKEN_SHAPE.sub("<token>", text.replace(token, "<token>") if token else text)
