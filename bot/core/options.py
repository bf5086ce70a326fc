"""What the lines need to know of the settings, as one value: they never read settings themselves."""

from dataclasses import dataclass, field
from datetime import timedelta

from bot.core.reply import Waits


@dataclass(slots=True)
class BotName:
    """The bot's name on Telegram, without @; "" until Telegram has told it, which may be long after the start."""

    username: str = ""


@dataclass(frozen=True, slots=True)
class Options:
    """accounts: handles we hold keys for. lookback: X_LOOKBACK_MIN. team_chat: TEAM_CHAT_ID or None.
    always: WATCH=always. bot: for links and /command@bot. link_key: of the tokens in invitations and calendar
    links, known to the process alone. public_url: where those links begin, without a slash at the end; "" when no
    calendar can be reached. keep: KEEP_DAYS. recheck: X_RECHECK_DAYS."""

    accounts: tuple[str, ...]
    waits: Waits
    lookback: timedelta = timedelta(minutes=30)
    abandon_after: timedelta = timedelta(minutes=30)
    always: bool = False
    dry_run: bool = False
    team_chat: int | None = None
    bot: BotName = field(default_factory=BotName)
    link_key: bytes = field(default=b"", repr=False)
    last_resort: bool = False
    public_url: str = ""
    keep: timedelta = timedelta(days=90)
    recheck: timedelta = timedelta(days=90)
