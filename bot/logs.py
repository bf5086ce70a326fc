"""Logging: one readable line per event on standard error, in UTC, and no secret in any of them.

Libraries log what they like: httpx the bot's token with every request, tweepy its Authorization header. So the noisy
ones are turned down, and whatever still comes (also from a dying thread or an uncaught exception) is redacted on the
root handler before it is written.

Source: RELIABILITY.md, "Traps" (httpx at INFO logs the bot token).
"""

import json
import logging
import re
import sys
import threading
from base64 import b64encode
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from types import TracebackType
from typing import TYPE_CHECKING, Final
from urllib.parse import quote, quote_plus

if TYPE_CHECKING:  # these two names exist for type checkers only
    from sys import UnraisableHookArgs
    from threading import ExceptHookArgs

NOISY: Final = (
    "aiohttp", "alembic", "apscheduler", "asyncio", "httpcore", "httpx", "oauthlib", "requests_oauthlib", "telegram",
    "tweepy", "uvicorn.access",
)  # fmt: skip
"""Heard from WARNING upwards only, whatever the level of the rest."""

HIDDEN: Final = "***"
SHORTEST_SECRET: Final = 4
"""Anything shorter would blot out ordinary words, and is no secret."""

# What is secret by its form, known or not. Group 1 stays readable. The sign before each stands in every text that can
# fit, in lower case: most lines hold few of them and are left alone quickly.
_FORMS: Final = (
    # A bot's token, in a request's path or by itself (Bot API, "Authorizing your bot"; checked 2026-11).
    ("bot", re.compile(r"(bot)\d+(?::|%3A)[\w-]+", re.ASCII | re.IGNORECASE)),
    (":", re.compile(r"()\b\d{6,}:[A-Za-z0-9_-]{20,}", re.ASCII)),
    ("%3a", re.compile(r"()\b\d{6,}%3A[A-Za-z0-9_-]{20,}", re.ASCII | re.IGNORECASE)),
    (
        "oauth_",
        re.compile(
            r"(oauth_(?:consumer_key|token|signature|nonce)(?![a-z_])[\"']?(?:\s*[=:,]\s*|%3D|%253D)[\"']?)[^\"'&,\s]+",
            re.IGNORECASE,
        ),
    ),
    ("signature", re.compile(r"(Signature: ?)[\w+/=%-]{16,}", re.IGNORECASE)),
    ("bearer", re.compile(r"(Bearer\s+)[\w.~+/%=-]{4,}", re.IGNORECASE)),
    ("basic", re.compile(r"(Basic\s+)[\w.~+/%=-]{8,}")),
    # A password in an address.
    ("://", re.compile(r"([a-z][a-z0-9+.-]*://[^\s/:@]*:)[^\s/@]+(?=@)", re.IGNORECASE)),
    # Whoever has the address of a calendar may read it; also one that was cut short, or stands in another address.
    ("/calendar/", re.compile(r"(/calendar/)(?:[\w-]{16,}|[\w-]+(?=\.ics))", re.ASCII)),
    ("%2fcalendar%2f", re.compile(r"(%2Fcalendar%2F)[\w-]{16,}", re.ASCII | re.IGNORECASE)),
    # Whoever has the token of an invitation may be that person (128 bits are 22 letters).
    ("start", re.compile(r"(/start(?:\s|\+|%20|\\u0020)+|[?&]start=)[\w-]{16,}", re.ASCII)),
    ("%2fstart", re.compile(r"(%2Fstart(?:\s|\+|%20)+)[\w-]{16,}", re.ASCII | re.IGNORECASE)),
    ("start%3d", re.compile(r"(start%3D)[\w-]{16,}", re.ASCII | re.IGNORECASE)),
)


class Redactor:
    """Blots out the secrets it was given, in every form they take on their way, and all that looks like one."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        known = {form for secret in secrets if len(secret) >= SHORTEST_SECRET for form in _disguises(secret)}
        # The longest first: one secret may be the beginning of another.
        self._known = tuple(sorted(known, key=len, reverse=True))

    def __call__(self, text: str) -> str:
        """The text without any secret."""
        for secret in self._known:
            # Looking is cheap and every line is looked at; finding is rare.
            if secret in text:
                text = text.replace(secret, HIDDEN)
        lowered = text.lower()
        for sign, form in _FORMS:
            if sign in lowered:
                text = form.sub(rf"\g<1>{HIDDEN}", text)
        return text


def _disguises(secret: str) -> Iterator[str]:
    """The secret as it is, and as it stands in addresses (signed ones encode twice), in a repr, in JSON, in base64."""
    # The environment may hold bytes that are no UTF-8: Python hands them on as halves of letters.
    data = secret.encode(errors="surrogateescape")
    plain = {secret, repr(secret)[1:-1], json.dumps(secret)[1:-1], repr(data)[2:-1]}
    once = {
        way(form, safe, errors="surrogateescape")
        for form in plain
        for way, safe in ((quote, ""), (quote, "/"), (quote_plus, ""))
    }
    yield from plain | once | {quote(form, safe="") for form in once}
    for before in range(3):
        # What stands before it moves its letters; the first and last of them depend on its neighbours.
        encoded = b64encode(b"\0" * before + data).decode().rstrip("=")
        part = encoded[-(-before * 8 // 6) : len(encoded) - (1 if (before + len(data)) % 3 else 0)]
        if len(part) >= SHORTEST_SECRET * 2:
            yield part
            yield part.replace("+", "-").replace("/", "_")


class RedactingFilter(logging.Filter):
    """Turns each record into its finished, redacted text, so that nothing after it can bring a secret back."""

    def __init__(self, redact: Redactor) -> None:
        super().__init__()
        self._redact = redact

    def filter(self, record: logging.LogRecord) -> bool:
        try:
            message = record.getMessage()
        except Exception:
            # A badly formed call: logging itself would print its arguments, unredacted, to standard error.
            message = f"{record.msg} {record.args!r}"
        record.msg, record.args = self._redact(message), None
        if record.exc_info:
            record.exc_text = self._redact(_PLAIN.formatException(record.exc_info))
            record.exc_info = None
        elif record.exc_text:
            record.exc_text = self._redact(record.exc_text)
        if record.stack_info:
            record.stack_info = self._redact(record.stack_info)
        return True


_PLAIN: Final = logging.Formatter()


class LineFormatter(logging.Formatter):
    """`2026-11-21 03:10:00.123Z WARNING bot.delivery: what happened`, and a trace on the same line."""

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC)
        parts = [record.getMessage(), record.exc_text or "", record.stack_info or ""]
        text = "\n".join(part for part in parts if part)
        return (
            f"{at:%Y-%m-%d %H:%M:%S}.{at.microsecond // 1000:03}Z {record.levelname} {record.name}: {_one_line(text)}"
        )


def _one_line(text: str) -> str:
    """Line breaks become ⏎ and other control characters their escapes: nobody's text can forge a line of its own."""
    text = re.sub(r"\s*[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]+\s*", " ⏎ ", text.strip())
    return re.sub(r"[\x00-\x1f\x7f-\x9f]", lambda m: f"\\x{ord(m[0]):02x}", text)


def set_up(secrets: Iterable[str] = (), level: int = logging.INFO) -> None:
    """Send every log line of this process to standard error, redacted, and every uncaught exception with them.

    Called again (when the secrets have become known) it takes the place of the first call. Exceptions of tasks that
    nobody awaited come through the logger "asyncio". Run uvicorn with log_config=None, or it makes its own handlers.
    """
    handler = logging.StreamHandler(sys.stderr)
    handler.set_name(_HANDLER)
    handler.setFormatter(LineFormatter())
    handler.addFilter(RedactingFilter(Redactor(secrets)))
    root = logging.getLogger()
    for old in [old for old in root.handlers if old.get_name() == _HANDLER]:
        root.removeHandler(old)
    root.addHandler(handler)
    root.setLevel(level)
    for name in NOISY:
        logging.getLogger(name).setLevel(max(level, logging.WARNING))
    logging.captureWarnings(True)
    sys.excepthook = _uncaught
    threading.excepthook = _uncaught_in_thread
    sys.unraisablehook = _unraisable


_HANDLER: Final = "reperibile"


def _uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        logging.getLogger("bot").info("stopped from the keyboard")
        return
    logging.getLogger("bot").critical("the process ends: nobody caught this", exc_info=(kind, error, trace))


def _uncaught_in_thread(args: "ExceptHookArgs") -> None:
    if args.exc_value is not None and not issubclass(args.exc_type, SystemExit):
        name = args.thread.name if args.thread is not None else "unknown"
        exc_info = (args.exc_type, args.exc_value, args.exc_traceback)
        logging.getLogger("bot").critical("the thread %s ends: nobody caught this", name, exc_info=exc_info)


def _unraisable(args: "UnraisableHookArgs") -> None:
    if args.exc_value is not None:
        exc_info = (args.exc_type, args.exc_value, args.exc_traceback)
        message = args.err_msg or "an exception that nobody could catch"
        logging.getLogger("bot").error("%s: %r", message, args.object, exc_info=exc_info)
