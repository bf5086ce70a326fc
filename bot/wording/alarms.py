"""What the watchman says when the service itself does not do what it promises: to leads, and outside Telegram.

The sentences are about what was, so that they are true however late they arrive.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from bot.wording.words import Words, handle

Names = Callable[[str], str]
Facts = Mapping[str, Any]

NUMBERS_MAX = 10


def numbers(words: Words, facts: Facts) -> str:
    """ "#1, #2 and #3"; of many the first ones, and how many more."""
    all_of_them = [f"#{number}" for number in facts.get("tickets", ())]
    more = len(all_of_them) - NUMBERS_MAX
    shown = all_of_them[:NUMBERS_MAX]
    return words.listed((*shown, words.n("{n} more", "{n} more", more)) if more > 0 else tuple(shown))


def notice(words: Words, facts: Facts, name: Names) -> str | None:
    """One of the watchman's sentences to a lead; None when facts["what"] is none of his."""
    t, n = words.t, facts.get("ticket")
    match facts.get("what"):
        case "unrung":
            return t(
                "⚠️ {tickets}: for a minute no page reached a phone. Call whoever is on duty: /who",
                tickets=numbers(words, facts),
            )
        case "nobody_to_ring":
            return t(
                "⚠️ {tickets}: for a minute there was no phone that I could ring. Look at it now: /tickets. Who has "
                "none: /people",
                tickets=numbers(words, facts),
            )
        case "ladder_over":
            return t(
                "⚠️ {tickets}: everybody on the ladder was rung and nobody took it. Call somebody: /who",
                tickets=numbers(words, facts),
            )
        case "heard_again":
            since, until = (datetime.fromisoformat(str(facts.get(key))) for key in ("since", "until"))
            return t(
                "✅ Telegram answers again. From {since} to {until} I could ring nobody, and nobody could claim.",
                since=words.day_hour(since),
                until=words.day_hour(until),
            )
        case "quiet":
            return t(
                "🤫 {account}: {count} mentions in the hour from {since}; usually {usual}. Does X show us everything? "
                "Look at the account on X.",
                account=handle(str(facts.get("account") or "")),
                count=facts.get("count"),
                usual=facts.get("usual"),
                since=words.day_hour(datetime.fromisoformat(str(facts.get("since")))),
            )
        case "disk":
            return t(
                "⚠️ The server's disk is nearly full: {n} MiB are left. When it is full I cannot work any more. Tell "
                "whoever runs the server now.",
                n=facts.get("free"),
            )
        case "clock_jumped":
            by = words.age(timedelta(seconds=abs(float(facts.get("by_s") or 0))))
            if float(facts.get("by_s") or 0) < 0:
                return t("⚠️ The server's clock went back by {by}. I read X anew and moved what was due.", by=by)
            return t(
                "⚠️ The server's clock jumped ahead by {by}: it was set, or the machine stood still. I read X anew; "
                "what was due meanwhile rings now.",
                by=by,
            )
        case "long_doubt":
            writer = name(str(facts.get("person") or ""))
            return t(
                "⚠️ #{n}: for 15 minutes nobody has known whether {name}'s reply is on X. {name} was asked. If they do "
                "not answer, look on X yourself: /ticket {n}",
                n=n,
                name=writer,
            )
        case _:
            return None


def last_resort(words: Words, facts: Facts) -> str:
    """For channels outside Telegram: no names, no customer's words. facts["about"] says which."""
    match facts.get("about"):
        case "unrung":
            return words.t(
                "Reperibile: {tickets}. For a minute no phone was reached through Telegram: call whoever is on duty.",
                tickets=numbers(words, facts),
            )
        case "unheard":
            return words.t(
                "Reperibile: Telegram has not answered since {since}. Nobody can be rung, nobody can claim: watch X "
                "yourselves.",
                since=words.day_hour(datetime.fromisoformat(str(facts.get("since")))),
            )
        case other:
            return f"Reperibile: {other}"
