"""Who and what there is on the stand-in X: accounts, pictures and films, posts. Values without behaviour of the API."""

import re
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Literal

from twitter_text import extract_urls, parse_tweet  # type: ignore[import-untyped]  # the package ships no types

X_EPOCH_MS = 1288834974657
TEXT_WEIGHT_MAX = 280
WEIGHTS_KEPT_MAX = 50_000  # counting takes half a millisecond, and every page of mentions asks again
RAW_LENGTH_COUNTED_MAX = 600  # beyond, counting takes seconds (its URL pattern is super-linear); no post fits anyway

_HANDLE = re.compile(r"(?<![\w@])@(\w{1,15})")
_KEY_NUMBERS = {"photo": 3, "animated_gif": 16, "video": 7}

MediaKind = Literal["photo", "animated_gif", "video"]


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody on X. `ours`: one of the accounts the service signs in as; only these have keys."""

    id: int
    handle: str
    name: str
    ours: bool = False
    consumer_key: str = ""
    consumer_secret: str = field(default="", repr=False)
    token: str = ""
    token_secret: str = field(default="", repr=False)
    rights: str = "read-write"
    """What the token may do, as X tells it in `x-access-level`."""


@dataclass(frozen=True, slots=True)
class Media:
    """A picture or film as it hangs on a post; what it shows is nobody's business here."""

    id: int
    kind: MediaKind
    alt_text: str = ""

    @property
    def key(self) -> str:
        """As X writes it: a number for the kind, then the id."""
        return f"{_KEY_NUMBERS[self.kind]}_{self.id}"


@dataclass(slots=True)
class Post:
    """One version of a post. text: as typed; leading: the @mentions X puts before a reply's text by itself.

    history: the ids of all versions, oldest first, shared by all of them; newest: False once it was edited.
    closed: X lets nobody reply. visible_after_s: how long timelines do not show it yet; None: as the world's switch
    says. by_api: written through `POST /2/tweets`.
    """

    id: int
    history: list[int]
    author: Account
    text: str
    created_at: datetime
    conversation_id: int
    lang: str = "und"
    leading: str = ""
    in_reply_to: int | None = None
    in_reply_to_user: int | None = None
    quoted: int | None = None
    retweeted: int | None = None
    closed: bool = False
    deleted: bool = False
    newest: bool = True
    media: tuple[Media, ...] = ()
    visible_after_s: float | None = None
    reply_settings: str = "everyone"
    by_api: bool = False
    made_with_ai: bool = False

    @property
    def full_text(self) -> str:
        return self.leading + self.text

    def names(self, handle: str, *, typed_only: bool = False) -> bool:
        return handle.lower() in handles(self.text if typed_only else self.full_text)


def handles(text: str) -> set[str]:
    """The handles named in a text, lower case, without @."""
    return {h.lower() for h in _HANDLE.findall(text)}


def handles_in_order(text: str) -> list[str]:
    """The handles named in a text, as written, each once."""
    return list({h.lower(): h for h in reversed(_HANDLE.findall(text))}.values())[::-1]


@lru_cache(maxsize=WEIGHTS_KEPT_MAX)
def weight(text: str) -> int:
    """The text's weighted length out of 280, as X counts it; texts too long to be counted quickly count as they are."""
    if len(text) > RAW_LENGTH_COUNTED_MAX:
        return len(text)
    return int(parse_tweet(text).weightedLength)


def has_link(text: str) -> bool:
    """Whether X would make a link of something in the text, also without a scheme ("signal.no")."""
    return bool(extract_urls(text[:RAW_LENGTH_COUNTED_MAX]))
