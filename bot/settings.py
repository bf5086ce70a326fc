"""Every setting with unit, default and why, and the only reader of the environment.

`load` reads them once, at start: the environment over the config file over the defaults. A wrong value stops the start;
all wrong values are told at once, each with its key and its cure, and a secret is never shown.

Source: DESIGN.md, "Settings". config.example.env explains each key to the person who fills it in.
"""

import difflib
import math
import os
import re
import stat
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qsl, unquote, urlsplit

from dotenv.parser import parse_stream

from bot.errors import Misconfigured

SECRET_PART_MIN: Final = 8
"""A shorter part of an address is a word such as "notify", and would blot out ordinary text."""


@dataclass(frozen=True, slots=True)
class XAccount:
    """The OAuth 1.0a user token of one account we watch and answer from; `name` in lower case, without @."""

    name: str
    token: str
    token_secret: str

    def __repr__(self) -> str:
        return f"XAccount(name={self.name!r}, token=***, token_secret=***)"


@dataclass(frozen=True, slots=True, repr=False)
class Settings:
    """What `load` found: one field per key of KEYS, in its unit, and the accounts. Empty text or None: not set."""

    database_url: str
    rota_file: Path
    telegram_token: str
    telegram_api_url: str
    team_chat_id: int | None
    x_api_url: str
    x_consumer_key: str
    x_consumer_secret: str
    x_poll_s: float
    x_lookback_min: float
    x_recheck_days: int
    x_doubt_wait_s: float
    x_doubt_wait2_s: float
    reply_hold_s: float
    abandon_min: float
    watch: str
    keep_days: int
    dry_run: bool
    last_resort_urls: tuple[str, ...]
    heartbeat_url: str
    http_host: str
    http_port: int
    public_url: str
    http_token: str
    now_offset_s: float
    accounts: tuple[XAccount, ...]
    """In the order of their names."""
    warnings: tuple[str, ...]
    """What may run but should be looked at, a sentence each."""

    def __repr__(self) -> str:
        hidden = {key.field for key in KEYS if key.secret}
        shown = (
            f"{field.name}={'***' if field.name in hidden and value else repr(value)}"
            for field in fields(self)
            for value in [getattr(self, field.name)]
        )
        return f"Settings({', '.join(shown)})"

    def secrets(self) -> tuple[str, ...]:
        """Every text that must not stand in a log or a message."""
        found = [self.telegram_token, self.x_consumer_key, self.x_consumer_secret, self.http_token]
        for address in (*self.last_resort_urls, self.heartbeat_url):
            found += [address, *_secret_parts(address)]
        for account in self.accounts:
            found += [account.token, account.token_secret]
        for password in re.findall(r"//[^:/]*:([^@]*)@|[?&]password=([^&]*)", self.database_url):
            found += [*password, *map(unquote, password)]
        return tuple(dict.fromkeys(text for text in found if text))

    @property
    def is_served_on_loopback(self) -> bool:
        """Whether only this very machine reaches HTTP_HOST, so that /metrics asks for no token."""
        return _is_loopback_host(self.http_host)

    def require_doors(self) -> None:
        """Raises: Misconfigured unless everything is there that `run` needs to reach Telegram and X."""
        missing = [key.name for key in KEYS if key.needed_by_run and not getattr(self, key.field)]
        if not self.accounts:
            missing.append("X_TOKEN_<ACCOUNT> and X_TOKEN_SECRET_<ACCOUNT> of at least one account")
        if missing:
            raise Misconfigured(
                f"Not set: {', '.join(missing)}. Cure: see config.example.env, which explains each key."
            )


@dataclass(frozen=True, slots=True)
class Key:
    """One setting. `parse` turns its text into its value, or raises ValueError with what would be right."""

    name: str
    default: str
    parse: Callable[[str], Any]
    unit: str
    why: str
    secret: bool = False
    needed_by_run: bool = False

    @property
    def field(self) -> str:
        return self.name.lower()


def notify_socket() -> str:
    """Where the service manager that started us wants to hear of us; "" when it does not (sd_notify(3))."""
    return os.environ.get("NOTIFY_SOCKET", "")


def load(config: Path | None, environ: Mapping[str, str] | None = None) -> Settings:
    """The settings, from `environ` over the file `config` over the defaults; an empty value counts as not set.

    environ: None for this process's own, so that nobody else needs to read it.
    A secret may also stand in a file of its own, named by NAME_FILE. Relative paths start at the working directory.
    Raises: Misconfigured with every problem at once, a line each.
    """
    sources = _Sources()
    if config is not None:
        sources.read_config(config)
    sources.read_environment(os.environ if environ is None else environ)
    values = {key.field: sources.value_of(key) for key in KEYS}
    accounts = sources.accounts()
    sources.check_together(values)
    if sources.problems:
        raise Misconfigured("\n".join(sources.problems))
    sources.warnings += _worth_a_look(values)
    return Settings(**values, accounts=accounts, warnings=tuple(sources.warnings))


def _secret_parts(address: str) -> Iterator[str]:
    """What of an address may be a secret, wherever its service wants the token: name and password, a host without a
    dot, the parts of the path, the values of the query. Libraries quote these parts by themselves."""
    try:
        parts = urlsplit(address)
        host = parts.netloc.rpartition("@")[2].partition(":")[0]
    except ValueError:
        return
    if parts.password:
        yield from (parts.password, unquote(parts.password))
    pieces = [parts.username or "", *parts.path.split("/"), *(value for _, value in parse_qsl(parts.query))]
    if "." not in host and host != "localhost":
        pieces.append(host)
    for piece in pieces:
        if len(piece) >= SECRET_PART_MIN:
            yield from (piece, unquote(piece))


def is_loopback(url: str) -> bool:
    """Whether this address can only be this very machine: localhost, 127.x.x.x or ::1, spelled out."""
    return _is_loopback_host(urlsplit(url).hostname or "")


def _is_loopback_host(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


# What a value may be. Each raises ValueError with the words that follow "must be".


def _text(text: str) -> str:
    return text


def _number(lowest: float = -math.inf, highest: float = math.inf) -> Callable[[str], float]:
    def parse(text: str) -> float:
        bounds = f" from {lowest:g}" * (lowest > -math.inf) + f" to {highest:g}" * (highest < math.inf)
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        if not (math.isfinite(value) and lowest <= value <= highest):
            raise ValueError(f"a number{bounds}")
        return value

    return parse


def _whole(lowest: int, highest: int) -> Callable[[str], int]:
    def parse(text: str) -> int:
        if not re.fullmatch(r"[+-]?\d{1,20}", text) or not lowest <= int(text) <= highest:
            raise ValueError(f"a whole number from {lowest} to {highest}")
        return int(text)

    return parse


def _chat(text: str) -> int | None:
    if text and not re.fullmatch(r"-\d{1,19}", text):
        raise ValueError("the number of a group, which begins with a minus sign, such as -1001234567890")
    return int(text) if text else None


def _one_of(*words: str) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if text not in words:
            raise ValueError(" or ".join(words))
        return text

    return parse


def _yes_or_no(text: str) -> bool:
    return _one_of("0", "1")(text) == "1"


def _address(text: str, what: str) -> str:
    try:
        parts = urlsplit(text)
        usable = parts.scheme in ("http", "https") and parts.hostname and (parts.port is None or parts.port > 0)
    except ValueError:
        usable = False
    if not usable or re.search(r"\s", text):
        raise ValueError(what)
    return text


def _api_url(text: str) -> str:
    what = "an https address without name, password, ? or #, such as https://api.example.org (http only on loopback)"
    parts = urlsplit(_address(text, what))
    if parts.username or parts.password or parts.query or parts.fragment:
        raise ValueError(what)
    if parts.scheme != "https" and not is_loopback(text):
        raise ValueError(what)
    return text.rstrip("/")


def _web_url(text: str) -> str:
    return _address(text, "an http or https address").rstrip("/") if text else ""


def _ping_url(text: str) -> str:
    what = "an https address (http only on loopback)"
    if text and urlsplit(_address(text, what)).scheme != "https" and not is_loopback(text):
        raise ValueError(what)
    return text


def _database_url(text: str) -> str:
    if not re.match(r"sqlite:///[^:]|postgres(ql)?(\+\w+)?://", text):
        raise ValueError("sqlite:///FILE or postgresql://USER:PASSWORD@HOST/DATABASE")
    return text


def _telegram_token(text: str) -> str:
    if text and not re.fullmatch(r"\d+:[\w-]+", text, re.ASCII):
        raise ValueError("a number, a colon, and letters, digits, _ or -, as @BotFather gave it")
    return text


def _apprise_urls(text: str) -> tuple[str, ...]:
    # Apprise addresses may hold commas, so only a comma before the next scheme separates.
    urls = tuple(url for url in re.split(r"[\s,]+(?=[A-Za-z][\w+.-]*://)", text.strip(" ,")) if url)
    if not all(re.fullmatch(r"[A-Za-z][\w+.-]*://\S+", url) for url in urls):
        raise ValueError("apprise addresses such as mailto://… or ntfys://…, separated by blanks")
    return urls


# fmt: off
KEYS: Final = (
    Key("DATABASE_URL", "sqlite:///reperibile.db", _database_url, "address",
        "Where everything is kept; PostgreSQL allows several nodes.", secret=True),
    Key("ROTA_FILE", "rota.toml", Path, "path",
        "The rota to begin with; imported when the database has none."),
    Key("TELEGRAM_TOKEN", "", _telegram_token, "token",
        "Lets us speak as the bot.", secret=True, needed_by_run=True),
    Key("TELEGRAM_API_URL", "https://api.telegram.org", _api_url, "address",
        "Another one only for rehearsals on the stand-in."),
    Key("TEAM_CHAT_ID", "", _chat, "chat number",
        "The team's group, which sees numbers and owners, never a customer's words."),
    Key("X_API_URL", "https://api.x.com", _api_url, "address",
        "Another one only for rehearsals on the stand-in."),
    Key("X_CONSUMER_KEY", "", _text, "token",
        "Says which app is asking (OAuth 1.0a).", secret=True, needed_by_run=True),
    Key("X_CONSUMER_SECRET", "", _text, "token",
        "Signs for the app (OAuth 1.0a).", secret=True, needed_by_run=True),
    Key("X_POLL_S", "15", _number(0.2), "seconds",
        "How often each account's mentions are read: the wait before a phone rings."),
    Key("X_LOOKBACK_MIN", "30", _number(0, 10080), "minutes",
        "How far back is read every 5 minutes and at closing: X shows some mentions late."),
    Key("X_RECHECK_DAYS", "90", _whole(0, 36500), "days",
        "Posts seen so recently are looked up daily (X charges each): what was deleted there goes here. 0 = never."),
    Key("X_DOUBT_WAIT_S", "45", _number(0, 900), "seconds",
        "Before the first look for a reply in doubt: X shows our own posts late, too."),
    Key("X_DOUBT_WAIT2_S", "120", _number(0, 900), "seconds",
        "Before the second look; only then is a reply in doubt posted once more."),
    Key("REPLY_HOLD_S", "20", _number(0, 600), "seconds",
        "The time to think again after Send; 0 = at once."),
    Key("ABANDON_MIN", "30", _number(0.01, 1440), "minutes",
        "A claimed ticket on which its owner does nothing climbs the ladder again."),
    Key("WATCH", "out_of_hours", _one_of("out_of_hours", "always"), "word",
        "When X is read: from closing to opening, or always (in hours nobody is rung)."),
    Key("KEEP_DAYS", "90", _whole(1, 36500), "days",
        "Customers' words in tickets closed for longer than this are deleted, daily."),
    Key("DRY_RUN", "0", _yes_or_no, "0 or 1",
        "1 = read and page, post nothing on X."),
    Key("LAST_RESORT_URLS", "", _apprise_urls, "apprise addresses",
        "Told when Telegram itself cannot be reached.", secret=True),
    Key("HEARTBEAT_URL", "", _ping_url, "address",
        "Called while all is well: a watcher elsewhere notices when we fall silent.", secret=True),
    Key("HTTP_HOST", "127.0.0.1", _text, "host name or address",
        "Where health, metrics and calendars are served."),
    Key("HTTP_PORT", "8081", _whole(0, 65535), "port",
        "The same; 0 = off."),
    Key("PUBLIC_URL", "", _web_url, "address",
        "How phones reach that server from outside: the beginning of calendar links."),
    Key("HTTP_TOKEN", "", _text, "token",
        "Asked for /metrics when it is not served on loopback.", secret=True),
    Key("NOW_OFFSET_S", "0", _number(-1e9, 1e9), "seconds",
        "Shifts the wall clock, for rehearsals on the stand-ins only; may be negative."),
)
# fmt: on

# An X handle has 1 to 15 of these characters (X help, "About your username"; checked 2026-11). SECRET_ comes first,
# so an account whose name begins with "secret_" cannot be configured.
_ACCOUNT_KEY: Final = re.compile(r"X_TOKEN_(?P<secret>SECRET_)?(?P<account>[A-Z0-9_]{1,15}?)(?P<file>_FILE)?")


class _Sources:
    """What stands where, and everything wrong with it so far."""

    def __init__(self) -> None:
        self.problems: list[str] = []
        self.warnings: list[str] = []
        self._texts: dict[str, str] = {}

    def read_config(self, path: Path) -> None:
        try:
            with path.open(encoding="utf-8-sig") as file:
                mode = path.stat().st_mode
                bindings = list(parse_stream(file))
        except (OSError, UnicodeDecodeError) as error:
            reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
            self.problems.append(f"{path}: cannot be read ({reason}). Cure: check the path given with --config.")
            return
        found: dict[str, str] = {}
        for binding in bindings:
            where = f"{path}, line {binding.original.line}"
            if binding.error or (binding.key is not None and binding.value is None):
                # The line itself may hold a secret, so it is not shown.
                self.problems.append(
                    f"{where}: cannot be understood. Cure: write NAME=value, or begin with # a comment."
                )
            elif binding.key is not None and binding.key in found:
                self.problems.append(f"{where}: {binding.key} is there twice. Cure: keep one of the two.")
            elif binding.key is not None:
                found[binding.key] = binding.value or ""
        self.problems += [_unknown(name, path) for name in found if not _is_known(name)]
        self._add({name: text for name, text in found.items() if _is_known(name)}, str(path))
        holds_secret = any(text.strip() and _is_secret(name) for name, text in found.items())
        if holds_secret and mode & (stat.S_IRGRP | stat.S_IROTH):
            self.warnings.append(f"{path} holds secrets and others may read it. Cure: chmod 600 {path}")

    def read_environment(self, environ: Mapping[str, str]) -> None:
        self._add({name: text for name, text in environ.items() if _is_known(name)}, "the environment")

    def value_of(self, key: Key) -> Any:
        """The parsed value of one key; after a problem its default, so that the other keys are still looked at."""
        text = self._texts.get(key.name) or key.default
        try:
            return key.parse(text)
        except ValueError as error:
            shown = key.name if key.secret else f"{key.name}={re.sub('//[^/]*@', '//***@', text)}"
            default = f", or leave it out for {key.default}" if key.default else ""
            self.problems.append(f"{shown}: is wrong. Cure: it must be {error}{default}.")
            return key.parse(key.default)

    def accounts(self) -> tuple[XAccount, ...]:
        tokens: dict[str, str] = {}
        secrets: dict[str, str] = {}
        for name, text in self._texts.items():
            match = _ACCOUNT_KEY.fullmatch(name)
            if match is not None:
                (secrets if match["secret"] else tokens)[match["account"]] = text
        for account in sorted(tokens.keys() ^ secrets.keys()):
            there, missing = ("", "SECRET_") if account in tokens else ("SECRET_", "")
            self.problems.append(
                f"X_TOKEN_{there}{account}: is only half of a pair. Cure: set X_TOKEN_{missing}{account} as well."
            )
        both = sorted(tokens.keys() & secrets.keys())
        return tuple(XAccount(account.lower(), tokens[account], secrets[account]) for account in both)

    def check_together(self, values: Mapping[str, Any]) -> None:
        """What no key can see alone."""
        if values["now_offset_s"] and not _rehearsal(values):
            self.problems.append(
                f"NOW_OFFSET_S={values['now_offset_s']:g}: only for rehearsals. Cure: remove it, or set both "
                "TELEGRAM_API_URL and X_API_URL to the stand-ins on loopback."
            )

    def _add(self, texts: Mapping[str, str], source: str) -> None:
        """Put one source over those before it; NAME and NAME_FILE are the same key."""
        for name, text in texts.items():
            text = text.strip()
            if not text:
                continue
            is_file = name.endswith("_FILE") and name not in _NAMES
            key = name.removesuffix("_FILE") if is_file else name
            if is_file and texts.get(key, "").strip():
                self.problems.append(f"{name}: {key} is set in {source} as well. Cure: keep one of the two.")
            elif is_file:
                self._texts[key] = self._secret_file(name, Path(text))
            else:
                self._texts[key] = text

    def _secret_file(self, name: str, path: Path) -> str:
        try:
            mode, text = path.stat().st_mode, path.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
            self.problems.append(
                f"{name}={path}: cannot be read ({reason}). Cure: check the path and who owns the file."
            )
            return ""
        if mode & stat.S_IROTH:
            self.problems.append(f"{name}={path}: everybody may read this file. Cure: chmod 600 {path}")
        elif not text:
            self.problems.append(f"{name}={path}: the file is empty. Cure: put the secret into it.")
        return text


_NAMES: Final = frozenset(key.name for key in KEYS)
_SECRET_NAMES: Final = frozenset(key.name for key in KEYS if key.secret)


def _is_known(name: str) -> bool:
    return name in _NAMES or _is_secret(name) or _is_secret_file(name)


def _is_secret(name: str) -> bool:
    match = _ACCOUNT_KEY.fullmatch(name)
    return name in _SECRET_NAMES or (match is not None and not match["file"])


def _is_secret_file(name: str) -> bool:
    return name.endswith("_FILE") and _is_secret(name.removesuffix("_FILE"))


def _unknown(name: str, path: Path) -> str:
    candidates = [*_NAMES, *(f"{secret}_FILE" for secret in _SECRET_NAMES)]
    if _is_known(name.upper()):
        return f"{name} in {path}: there is no such setting. Cure: did you mean {name.upper()}?"
    near = difflib.get_close_matches(name.upper(), candidates, n=1)
    hint = f"did you mean {near[0]}?" if near else "remove it; config.example.env lists every key."
    return f"{name} in {path}: there is no such setting. Cure: {hint}"


def _rehearsal(values: Mapping[str, Any]) -> bool:
    return is_loopback(values["telegram_api_url"]) and is_loopback(values["x_api_url"])


def _worth_a_look(values: Mapping[str, Any]) -> Iterator[str]:
    if values["x_poll_s"] < 3:
        yield f"X_POLL_S={values['x_poll_s']:g}: under 3 seconds X's 300 requests in 15 minutes are used up early."
    if values["x_poll_s"] > 240:
        yield f"X_POLL_S={values['x_poll_s']:g}: 5 minutes without a successful poll raise an alarm."
    if values["x_doubt_wait_s"] < 10 and not is_loopback(values["x_api_url"]):
        yield (
            f"X_DOUBT_WAIT_S={values['x_doubt_wait_s']:g}: shorter than X may take to show our own posts, "
            "so that a reply in doubt could be posted twice."
        )
    served_outside = values["http_port"] and not _is_loopback_host(values["http_host"])
    if served_outside and not values["http_token"]:
        yield f"HTTP_HOST={values['http_host']}: is not on loopback and HTTP_TOKEN is not set, so /metrics is refused."
    public = values["public_url"]
    if public and not public.startswith("https:") and not is_loopback(public):
        yield f"PUBLIC_URL={public}: is not https, so that others on the way can read the private calendar links."
