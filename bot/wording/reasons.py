"""The rubric's rules as a duty person reads them on a card: "why was this judged so", and what was masked in it.

The codes are those of the labelling rubric (C1 … X7); a judgement's reasons begin with one. The kinds of personal
data are those of core/masking.py, which leaves "▒▒▒ (kind)" in a text.
"""

import re

from bot.wording.words import Words

# N_ marks a sentence for extraction without translating it here.


def N_(message: str) -> str:
    return message


REASONS: dict[str, str] = {
    "??": N_("it could not be judged: please judge it yourself"),
    "C1": N_("emergency calls or a medical line do not work"),
    "C2": N_("many people, or a public service, cut off"),
    "C3": N_("fraud under way"),
    "C4": N_("other customers' data exposed"),
    "C5": N_("a person may be in danger"),
    "C6": N_("danger from cables, poles or cabinets"),
    "U1": N_("a vulnerable person without service"),
    "U2": N_("a business stopped now"),
    "U3": N_("something to block at once"),
    "U4": N_("stranded without service"),
    "U5": N_("somebody's personal data in the wrong hands"),
    "U6": N_("press, law or great reach"),
    "U7": N_("cut off for days, earlier contacts unanswered"),
    "U8": N_("several households cut off"),
    "U9": N_("a serious appointment before Monday, no service"),
    "N1": N_("one line without service, nothing aggravating"),
    "N2": N_("slow or unstable"),
    "N3": N_("bill, credit or refund"),
    "N4": N_("contract, activation or delivery"),
    "N5": N_("a question"),
    "N6": N_("a complaint about customer care"),
    "N7": N_("asks whether others are down"),
    "N8": N_("over or solved, but something is still asked"),
    "N9": N_("telemarketing calls"),
    "X1": N_("a joke"),
    "X2": N_("promotion chatter"),
    "X3": N_("spam or bait"),
    "X4": N_("thanks"),
    "X5": N_("news, politics or sport"),
    "X6": N_("another company"),
    "X7": N_("about something else"),
}


def reason(words: Words, text: str) -> str:
    """A judgement's reason in the reader's language; one without a known code is shown as it stands."""
    code = text.split(" ", 1)[0].rstrip(":")
    return words.t(REASONS[code]) if code in REASONS else text


KINDS: dict[str, str] = {
    "e-mail": N_("e-mail"),
    "iban": N_("IBAN"),
    "tax code": N_("tax code"),
    "card": N_("card number"),
    "phone": N_("phone number"),
    "house number": N_("house number"),
}
_MASK = re.compile(r"▒▒▒ \(([a-z -]{1,20})\)")


def kind(words: Words, of_data: str) -> str:
    """One kind of personal data in the reader's language."""
    return words.t(KINDS[of_data]) if of_data in KINDS else of_data


def masked(words: Words, text: str) -> str:
    """A masked text, its masks in the reader's language."""
    return _MASK.sub(lambda mask: f"▒▒▒ ({kind(words, mask[1])})", text)
