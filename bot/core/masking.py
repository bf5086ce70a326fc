"""What customers write, made fit for a colleague's phone: personal data masked, nothing invisible, nothing tappable.

`mask` hides what identifies a person; `visible` takes the tricks out of what is left. A card needs both:
visible(mask(text).text). Both read a bounded beginning of the text and cost bounded time, whatever is in it.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import phonenumbers
from stdnum import iban, luhn
from stdnum.it import codicefiscale

# A Telegram message holds 4,096 characters (core.telegram.org, sendMessage; checked 2026-11): more is never shown,
# and what is not shown need not be searched.
MASKED_LENGTH_MAX = 4_000
VISIBLE_LENGTH_MAX = 2_500
_PASSES_MAX = 6

_Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Masked:
    """A text without personal data, and which kinds were found, each once, in the order they are looked for.

    Kinds: "e-mail", "iban", "tax code", "card", "phone", "house number". text: at most MASKED_LENGTH_MAX characters
    of the original, cut with "…".
    """

    text: str
    found: tuple[str, ...] = ()


def mask(text: str) -> Masked:
    """The text with "▒▒▒ (kind)" in place of personal data; masking it again changes nothing.

    Of an address only the house number goes: the street is what a crew needs to find an open manhole.
    Emergency and service numbers (112, 118, 187, 800 …) are nobody's personal data and stay.
    """
    text = _cut(_without_invisible(text), MASKED_LENGTH_MAX)
    found: dict[str, None] = {}
    # A mask can bring two halves of a number apart, so that the second is only seen on the next pass.
    for _ in range(_PASSES_MAX):
        before = text
        for kind, spans in _FINDERS.items():
            text, any_found = _replace(text, list(spans(text)), f"▒▒▒ ({kind})")
            if any_found:
                found[kind] = None
        if text == before:
            break
    return Masked(text, tuple(kind for kind in _FINDERS if kind in found))


def visible(text: str, length_max: int = VISIBLE_LENGTH_MAX) -> str:
    """The text as it may stand in a Telegram message without entities: what one sees is what is there.

    Control, bidirectional and zero-width characters go; "/command" and "@name" get a word joiner (U+2060) after
    their first sign, so that nothing is highlighted: a tapped command is sent at once; links are defanged
    (hxxps://evil[.]example/x). length_max: in characters, the cut is shown by "…".
    """
    text = _without_invisible(_cut(text, 4 * length_max))
    text = _LINK_SCHEME.sub(_defanged_scheme, text)
    text = _HOST.sub(lambda host: host[0].replace(".", "[.]"), text)
    return _cut(_TAPPABLE.sub("\\1\u2060", text), length_max)


# --- finding --------------------------------------------------------------------------------------------------------

_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}")
_IBAN = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]{2}\d{2}(?:[ -]?[A-Za-z0-9]){11,30}")
# The Italian shape is so particular that a wrong check digit is a slip of the pen, not another kind of number.
_IBAN_IT = re.compile(r"(?<![A-Za-z0-9])IT[ -]?\d{2}[ -]?[A-Z](?:[ -]?\d){10}(?:[ -]?[A-Z0-9]){12}(?![A-Z0-9])", re.I)
# The same holds for a tax code in digits; with digits replaced by letters ("omocodia") the check letter decides.
_TAX_CODE = re.compile(
    r"(?<![A-Z0-9])[A-Z]{3} ?[A-Z]{3} ?\d{2} ?[A-EHLMPRST] ?\d{2} ?[A-Z] ?\d{3} ?[A-Z](?![A-Z0-9])", re.I
)
_TAX_CODE_OMOCODE = re.compile(r"(?<![A-Z0-9])[A-Z]{6}(?:[A-Z0-9]){9}[A-Z](?![A-Z0-9])", re.I)
_DIGITS = re.compile(r"(?<![\d])\d(?:[ .-]?\d){12,120}(?!\d)")
_DIGIT_GROUP = re.compile(r"\d+")
_CARD_DIGITS_MIN, _CARD_DIGITS_MAX = 13, 19  # ISO/IEC 7812
# phonenumbers wants a number to stand apart; people also write "cell3331234567".
_MOBILE = re.compile(r"(?<!\d)(?:(?:\+|00)39[ .-]?)?3\d{2}[ ./-]?\d{3}[ ./-]?\d{3,4}(?!\d)")
_STREET = re.compile(
    r"\b(?:via|viale|v\.le|piazza|p\.zza|piazzale|p\.le|corso|c\.so|largo|vicolo|vico|contrada|lungomare|strada)"
    r"(?: (?!alle|dalle|dal|dopo|ore|entro|ogni|con|per|che|fa|tra|fra|circa|almeno|quasi|solo)"
    r"[^\W\d_][\w'’.]{0,30}){1,4}"
    r"(?: ?, ?| )(?:n ?[.°] ?|n |nr ?\.? ?|num\. ?|numero |civico |al )?"
    r"(?P<number>\d{1,4}(?: ?/ ?\w{1,3}|[a-z]\b)?)(?![\d%€:])"
    r"(?! (?:giorni|gg|ore|ora|minuti|min|anni|mesi|settimane|euro|case|famiglie|palazzi|mega|giga|volte|persone))",
    re.IGNORECASE,
)
_PUBLIC_PHONES = frozenset(
    {
        phonenumbers.PhoneNumberType.TOLL_FREE,
        phonenumbers.PhoneNumberType.PREMIUM_RATE,
        phonenumbers.PhoneNumberType.SHARED_COST,
        phonenumbers.PhoneNumberType.UAN,
    }
)


def _emails(text: str) -> Iterator[_Span]:
    return (match.span() for match in _EMAIL.finditer(text))


def _ibans(text: str) -> Iterator[_Span]:
    for match in _IBAN_IT.finditer(text):
        yield match.span()
    for match in _IBAN.finditer(text):
        # The pattern may have swallowed the words that follow; the longest valid beginning is the number.
        start, end = match.span()
        while end - start >= 15:
            if text[end - 1].isalnum() and iban.is_valid(text[start:end]):
                yield start, end
                break
            end -= 1


def _tax_codes(text: str) -> Iterator[_Span]:
    for match in _TAX_CODE.finditer(text):
        yield match.span()
    for match in _TAX_CODE_OMOCODE.finditer(text):
        if codicefiscale.is_valid(match[0]):
            yield match.span()


def _cards(text: str) -> Iterator[_Span]:
    for run in _DIGITS.finditer(text):
        groups = [(run.start() + m.start(), run.start() + m.end()) for m in _DIGIT_GROUP.finditer(run[0])]
        done_until = 0
        for i, (start, _) in enumerate(groups):
            if start < done_until or text[start] not in "23456":
                continue
            length = 0
            for group_start, end in groups[i:]:
                length += end - group_start
                if length > _CARD_DIGITS_MAX:
                    break
                if length >= _CARD_DIGITS_MIN and luhn.is_valid(re.sub(r"\D", "", text[start:end])):
                    yield start, end
                    done_until = end
                    break


def _phones(text: str) -> Iterator[_Span]:
    for match in phonenumbers.PhoneNumberMatcher(text, "IT", max_tries=500):
        if phonenumbers.number_type(match.number) not in _PUBLIC_PHONES:
            yield match.start, match.end
    for mobile in _MOBILE.finditer(text):
        yield mobile.span()


def _house_numbers(text: str) -> Iterator[_Span]:
    return (match.span("number") for match in _STREET.finditer(text))


# The order matters: an IBAN contains what would pass for a card, a card what would pass for a telephone.
_FINDERS: dict[str, Callable[[str], Iterator[_Span]]] = {
    "e-mail": _emails,
    "iban": _ibans,
    "tax code": _tax_codes,
    "card": _cards,
    "phone": _phones,
    "house number": _house_numbers,
}


def _replace(text: str, spans: list[_Span], by: str) -> tuple[str, bool]:
    parts, at = [], 0
    for start, end in sorted(spans):
        if start >= at:
            parts += [text[at:start], by]
            at = end
    return "".join([*parts, text[at:]]), bool(spans)


# --- cleaning -------------------------------------------------------------------------------------------------------

_LINK_SCHEME = re.compile(r"\b(?P<scheme>[a-z][a-z0-9+-]{1,15})://", re.IGNORECASE)
# Bare domains become links too; only endings that are common in bait, so that "finito.Ora" stays a sentence.
_HOST = re.compile(
    r"(?:(?<=://)[^\s/?#]{1,255}"
    r"|(?<![\w@.-])(?:[\w-]{1,63}\.){1,6}(?:com|net|org|it|eu|info|biz|xyz|io|me|co|ru|cn|top|shop|online|site|club|link|"
    r"ly|gl|tk|gg|app|dev|page|web|click|live|store|cc|su|to|in|no|now|us|uk|de|fr|example)(?![\w-]))",
    re.IGNORECASE,
)
_TAPPABLE = re.compile(r"(?<!\w)([/@＠])(?=\w)")
_JOINER = "\u200d"


def _defanged_scheme(match: re.Match[str]) -> str:
    scheme = match["scheme"]
    if scheme.lower() in ("http", "https"):
        return f"hxxp{scheme[4:]}://"
    return f"{scheme}[:]//"


def _without_invisible(text: str) -> str:
    """Without control, format, private and surrogate characters; line breaks stay, tabs become spaces.

    The zero-width joiner stays between pictures, where it makes one family of four people.
    """
    kept: list[str] = []
    for c in text.replace("\r\n", "\n").replace("\t", " "):
        if c == "\n" or unicodedata.category(c)[0] != "C" or (c == _JOINER and kept and kept[-1] > "\u2100"):
            kept.append(c)
    return "".join(kept)


def _cut(text: str, length_max: int) -> str:
    return text if len(text) <= length_max else text[: length_max - 1] + "…"
