"""Calendar feeds: the message that hands over a private link, and the sentences that stand in the feed itself."""

from functools import lru_cache

from bot.core.message import Draft, Message
from bot.wording.reasons import N_
from bot.wording.words import Words
from schedules.calendar_company import Phrases

# Filled in where the feed is made: by name, see Phrases.
_SENTENCES = {
    "title_person": N_("Duties of {name}"),
    "title_rota": N_("Rota {rota}"),
    "duty": N_("On duty: {rota}"),
    "hole": N_("⚠️ Nobody on duty: {rota}"),
    "nobody": N_("nobody"),
    "together": N_("Together with {names}"),
    "before": N_("Called before ({rota}): {names}"),
    "after": N_("Called next ({rota}): {names}"),
    "leads": N_("Then the leads"),
}


def link(words: Words, *, url: str, rota: str) -> Message:
    """The new private link, shown this once. url: "" when it was shown before. rota: "" for one's own duties."""
    out = Draft()
    if not url:
        out.line(words.t("The link to a calendar stood here. For a new one: /calendar"))
        return out.done(silent=True)
    title = (
        words.t("📅 The rota “{rota}” as a calendar", rota=rota) if rota else words.t("📅 Your duties as a calendar")
    )
    out.line(title, "bold")
    out.line(words.t("Tap the address to copy it, and subscribe to it in your calendar app (do not import it):"))
    out.line(url, "code")
    out.line(words.t("On an iPhone or a Mac, paste this one into Safari instead:"))
    out.line("webcal://" + url.partition("://")[2], "code")
    out.line(words.t("Keep it to yourself: whoever has it can read it. I show it this once."))
    again = f" {rota}" if rota else ""
    out.line(words.t("A new one in its place: /calendar{rota}. None any more: /calendar off", rota=again))
    # It is there to be copied, which a protected message does not allow.
    return out.done(silent=True, protect=False)


@lru_cache
def phrases(words: Words) -> Phrases:
    """What stands in a feed, in this language."""
    return Phrases(**{name: words.t(sentence) for name, sentence in _SENTENCES.items()})
