"""What the lines need to know of the settings, as one value: they never read settings themselves."""

from dataclasses import dataclass
from datetime import timedelta

from bot.core.reply import Waits


@dataclass(frozen=True, slots=True)
class Options:
    """accounts: handles we hold keys for. lookback: X_LOOKBACK_MIN. team_chat: TEAM_CHAT_ID or None.
    always: WATCH=always. bot_username: for links and /command@bot, without @."""

    accounts: tuple[str, ...]
    waits: Waits
    lookback: timedelta = timedelta(minutes=30)
    abandon_after: timedelta = timedelta(minutes=30)
    always: bool = False
    dry_run: bool = False
    team_chat: int | None = None
    bot_username: str = ""
    last_resort: bool = False
    poll_every: timedelta = timedelta(seconds=15)
