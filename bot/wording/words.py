"""One reader's language: sentences through gettext, times and spans through Babel.

The sources are English; `locales/LANGUAGE.po` holds the rest and is read as it stands, so there is nothing to compile
and nothing that can be out of date.
"""

import gettext
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from functools import lru_cache
from io import BytesIO
from pathlib import Path

from babel.dates import format_date, format_datetime
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LOCALES = Path(__file__).parent.parent / "locales"
LANGUAGES = ("it", "en")
DEFAULT_LANGUAGE = "it"


@lru_cache
def _catalogue(language: str) -> gettext.NullTranslations:
    path = LOCALES / f"{language}.po"
    if not path.exists():
        return gettext.NullTranslations()
    compiled = BytesIO()
    with path.open("rb") as file:
        write_mo(compiled, read_po(file, locale=language))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def language_of(guess: str, default: str = DEFAULT_LANGUAGE) -> str:
    """One of our languages from a client's code such as "it-IT"; the default for others."""
    short = guess.split("-")[0].split("_")[0].lower()
    return short if short in LANGUAGES else default


def most_read(languages: Iterable[str]) -> str:
    """What more than half of these people read; the default when no language has so many."""
    counted = Counter(languages)
    language, readers = next(iter(counted.most_common(1)), (DEFAULT_LANGUAGE, 0))
    return language if 2 * readers > counted.total() else DEFAULT_LANGUAGE


@dataclass(frozen=True, slots=True)
class Words:
    """A reader's language and zone (of the rota)."""

    language: str
    zone: tzinfo

    def t(self, message: str, /, **values: object) -> str:
        """The sentence in this language, with its {values} filled in."""
        text = _catalogue(self.language).gettext(message) if message else ""
        return text.format(**values) if values else text

    def n(self, one: str, many: str, count: int, /, **values: object) -> str:
        """The sentence for a count; {n} is the count."""
        return _catalogue(self.language).ngettext(one, many, count).format(n=count, **values)

    def age(self, span: timedelta) -> str:
        """How old, short: "now", "3 min", "2 h 05", "3 d"."""
        minutes = int(max(span, timedelta()).total_seconds() // 60)
        if minutes < 1:
            return self.t("now")
        if minutes < 60:
            return self.t("{n} min", n=minutes)
        if minutes < 48 * 60:
            return self.t("{h} h {m:02d}", h=minutes // 60, m=minutes % 60)
        return self.t("{n} d", n=minutes // 1440)

    def hour(self, at: datetime) -> str:
        """18:05, in the rota's zone."""
        return at.astimezone(self.zone).strftime("%H:%M")

    def day_hour(self, at: datetime) -> str:
        """ "sab 28 nov, 18:00", "Sat 28 Nov, 18:00", in the rota's zone."""
        return self._shown("EEE d MMM, HH:mm", at)

    def when(self, at: datetime, now: datetime) -> str:
        """The hour, with the day unless it is today's."""
        same_day = at.astimezone(self.zone).date() == now.astimezone(self.zone).date()
        return self.hour(at) if same_day else self.day_hour(at)

    def day(self, day: date, pattern: str) -> str:
        """A date by a CLDR pattern: "d MMM y" gives "20 dic 2026"."""
        return format_date(day, pattern, locale=self.language)

    def _shown(self, pattern: str, at: datetime) -> str:
        return format_datetime(at.astimezone(self.zone), pattern, locale=self.language)

    def listed(self, names: tuple[str, ...]) -> str:
        """ "Giulia, Alessio and Sara"."""
        if len(names) < 2:
            return "".join(names)
        return self.t("{first} and {last}", first=", ".join(names[:-1]), last=names[-1])


def handle(account: str) -> str:
    """An X handle, with a word joiner after the sign: tapped, "@name" would open somebody else's Telegram profile.

    Without one: whose words were deleted, and their name with them.
    """
    return "@\u2060" + account if account else "▒▒▒"


def one_line(text: str) -> str:
    """The text without line breaks and runs of blanks, so that it cannot look like lines of ours."""
    return " ".join(text.split())


def cut(text: str, length_max: int) -> str:
    """The text, at most `length_max` UTF-16 units long (Telegram's unit); a cut one ends in "…"."""
    if utf16_length(text) <= length_max:
        return text
    kept = text.encode("utf-16-le", "surrogatepass")[: 2 * (length_max - 1)].decode("utf-16-le", "ignore")
    return kept.rstrip() + "…"


def utf16_length(text: str) -> int:
    """How long a text is as Telegram counts."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
