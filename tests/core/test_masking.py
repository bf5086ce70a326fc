"""Personal data never reaches a card, service numbers and places stay readable, and nothing on a card can be tapped."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.masking import MASKED_LENGTH_MAX, mask, visible

HIDDEN = [
    ("tax code", "il mio CF è RCCMNL83S18D969H grazie", "tax code"),
    ("tax code in small letters", "cf rccmnl83s18d969h", "tax code"),
    ("tax code in groups", "RSS MRA 71B12 F205 X", "tax code"),
    ("tax code with a slip of the pen", "RSSMRA71B12F205X", "tax code"),
    ("iban", "IBAN IT60X0542811101000000123456 intestato a me", "iban"),
    ("iban in groups before words", "IT60 X054 2811 1010 0000 0123 456 parlando con voi", "iban"),
    ("foreign iban", "DE89 3704 0044 0532 0130 00", "iban"),
    ("card", "carta 4111 1111 1111 1111 scade 12/29", "card"),
    ("card without spaces", "5500005555555559", "card"),
    ("mobile", "chiamatemi al 333 1234567", "phone"),
    ("mobile glued to a word", "cell3331234567", "phone"),
    ("landline", "tel 06 1234 5678", "phone"),
    ("international", "+44 20 7946 0958", "phone"),
    ("e-mail", "scrivete a mario.rossi@example.com", "e-mail"),
    ("house number", "abito in Via dei Ciliegi 14", "house number"),
    ("house number after a comma", "viale Europa, n. 12/B interno 3", "house number"),
    ("number cut by an invisible character", "333\u200b123\u202d4567", "phone"),
]


@pytest.mark.parametrize(("text", "kind"), [row[1:] for row in HIDDEN], ids=[row[0] for row in HIDDEN])
def test_personal_data_is_hidden(text: str, kind: str) -> None:
    masked = mask(text)
    assert masked.found == (kind,)
    assert f"▒▒▒ ({kind})" in masked.text


def test_what_is_hidden_is_gone_to_the_last_digit() -> None:
    text = "RCCMNL83S18D969H IT60X0542811101000000123456 4111111111111111 3331234567 a.b@example.com"
    masked = mask(text)
    assert not any(character.isdigit() for character in masked.text)
    assert masked.found == ("e-mail", "iban", "tax code", "card", "phone")


@pytest.mark.parametrize(
    "text",
    [
        "il 112 non va e nemmeno 113, 115 o 118",
        "chiamo il 187, il 119 e il 191",
        "numero verde 800 123456",
        "pratica 99120034 aperta il 12/10",
        "sono le 21:30, bolletta di 1.234,50 euro",
        "in via Garibaldi alle 22 esce fumo",
        "in via Roma 12 famiglie senza linea",
        "4111 1111 1111 1112 non è una carta",
        "palo caduto su via Appia",
    ],
)
def test_what_is_nobodys_personal_data_stays(text: str) -> None:
    assert mask(text).found == ()
    assert mask(text).text == text


def test_the_street_stays_when_the_number_goes() -> None:
    """A crew has to find the open manhole."""
    assert mask("tombino aperto in Via Etnea 120").text == "tombino aperto in Via Etnea ▒▒▒ (house number)"


@given(st.text(max_size=300))
def test_masking_twice_is_masking_once(text: str) -> None:
    once = mask(text)
    assert mask(once.text).text == once.text


@given(
    st.lists(
        st.sampled_from(["3331234567", " ", "4111 1111", "IT60X05428", "via Roma 1", "@b.it", "a", "0", "-"]),
        max_size=25,
    )
)
def test_masking_twice_is_masking_once_among_digits(parts: list[str]) -> None:
    once = mask("".join(parts))
    assert mask(once.text).text == once.text


@pytest.mark.parametrize(
    "text", ["1 " * 15_000, "a@" * 15_000, "IT60" * 8_000, "via a " * 6_000, "1" * 30_000, "A" * 30_000, "a.b-" * 9_000]
)
def test_a_hostile_text_is_cut_before_it_is_searched(text: str) -> None:
    assert len(mask(text).text) <= MASKED_LENGTH_MAX * 3
    assert len(visible(text)) <= 2_500


def test_nothing_can_be_tapped() -> None:
    shown = visible("/claim_42 @anna (/close) e/o a@b")
    assert shown == "/\u2060claim_42 @\u2060anna (/\u2060close) e/o a@b"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("https://evil.example/x", "hxxps://evil[.]example/x"),
        ("HTTP://a.b.it", "hxxp://a[.]b[.]it"),
        ("vai su evil.xyz/premio", "vai su evil[.]xyz/premio"),
        ("tg://resolve?domain=x", "tg[:]//resolve?domain=x"),
        ("fatto.Ora va", "fatto.Ora va"),
    ],
)
def test_links_are_defanged(text: str, shown: str) -> None:
    assert visible(text).replace("\u2060", "") == shown


@given(st.text(max_size=400))
def test_nothing_invisible_is_left_but_our_own_joiner(text: str) -> None:
    shown = visible(text).replace("\u2060", "").replace("\u200d", "")
    assert not any(ord(c) < 32 and c != "\n" for c in shown)
    assert not set(shown) & set(
        "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200b\u200c\u200e\u200f\ufeff\u00ad"
    )


def test_a_family_stays_a_family() -> None:
    assert visible("👨\u200d👩\u200d👧") == "👨\u200d👩\u200d👧"


def test_what_was_cut_says_so() -> None:
    assert visible("a" * 50, length_max=10) == "a" * 9 + "…"
