"""The short cut of hearing says the same as the long way, and an opening never hides a match."""

import random
import re

import pytest

from bot.core.openings import LENGTH, openings
from bot.core.triage_text import plain
from bot.core.triage_words import CUES, _compiled, _written, heard


@pytest.mark.parametrize(
    ("pattern", "begins"),
    [
        ("gone|lost signal", {"gone", "lost"}),
        ("ko|k o", {"ko", "k o"}),
        ("(?:non|nun) va", {"non ", "nun "}),
        ("(?:la )?linea", {"la l", "line"}),
        ("mut[oa]|sim", {"muto", "muta", "sim"}),
        ("(?:e ){0,2}ok", {"e ", "ok"}),
        (r"(?<!non )\bva(?= qui)", {"va"}),
        (r"\w{2}a|\d?b", {"", *(f"{n}b" for n in range(10)), "b"}),
        ("ab?cde", {"abcd", "acde"}),
        ("a(?:b|)c", {"abc", "ac"}),
        ("a+b|x", {"a", "x"}),
    ],
)
def test_what_a_match_may_begin_with(pattern: str, begins: set[str]) -> None:
    assert openings(pattern) == begins


def test_every_cue_is_tried_wherever_it_could_be() -> None:
    """Texts made of the vocabulary's own pieces, so that every cue is near."""
    chance = random.Random(7)
    pieces = sorted({word for cue in CUES for word in re.findall(r"[a-z0-9]{1,12}", _written(cue))})
    for _ in range(400):
        text = plain(" ".join(chance.choice(pieces) + chance.choice(("", "", ",", "o")) for _ in range(40)))
        long_way = {name for name in CUES if _compiled(name).search(text)}
        assert heard(text) == long_way


def test_an_opening_is_short() -> None:
    assert all(len(opening) <= LENGTH for cue in CUES for opening in openings(_written(cue)))
