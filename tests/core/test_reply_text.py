"""A reply is signed once, counted as X counts, and recognised when X gives it back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.reply_text import (
    LENGTH_MAX,
    WarningCode,
    compose,
    links_in,
    normalise,
    same_text,
    warnings,
    weighted_length,
)


@pytest.mark.parametrize(
    ("typed", "posted"),
    [
        ("  Arriviamo  ", "Arriviamo ^GR"),
        ("Arriviamo ^GR", "Arriviamo ^GR"),
        ("Arriviamo ^gr", "Arriviamo ^GR"),
        ("Arriviamo^Gr \n", "Arriviamo ^GR"),
        ("Arriviamo ^GR ^gr", "Arriviamo ^GR"),
        ("Arriviamo ^AC", "Arriviamo ^AC ^GR"),
        ("Perche\u0301", "Perché ^GR"),
        ("due\nrighe", "due\nrighe ^GR"),
        ("", ""),
        (" ^GR ", ""),
    ],
)
def test_signed_once(typed: str, posted: str) -> None:
    assert compose(typed, "GR") == posted
    assert compose(typed, "^GR") == posted


@given(st.text(max_size=300), st.sampled_from(["GR", "ac", "È1"]))
def test_composing_again_never_doubles(typed: str, signature: str) -> None:
    once = compose(typed, signature)
    assert compose(once, signature) == once


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("ciao", 4),
        ("10 €", 5),
        ("👍", 2),
        ("👨‍👩‍👧", 2),
        ("日本", 4),
        ("https://example.com/" + "a" * 200, 23),
        ("no signal.no way", 3 + 23 + 4),
    ],
)
def test_counted_as_x_counts(text: str, length: int) -> None:
    assert weighted_length(text) == length


def test_a_text_too_long_to_count_is_too_long() -> None:
    """The counter's pattern needs half a minute for this one."""
    assert weighted_length("a." * 2_000) > LENGTH_MAX


def codes(text: str, earlier: tuple[str, ...] = ()) -> set[str]:
    return {warning.code.value for warning in warnings(text, earlier=earlier)}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("Ci pensiamo subito ^GR", set(), id="nothing to say"),
        pytest.param("", {"empty"}, id="empty"),
        pytest.param("^GR", {"empty"}, id="signature alone"),
        pytest.param("a" * 277 + " ^GR", {"too_long"}, id="281"),
        pytest.param("a" * 276 + " ^GR", set(), id="280"),
        pytest.param("niente signal.no problem ^GR", {"link"}, id="missing space"),
        pytest.param("qui https://tim.it/x ^GR", {"link"}, id="link"),
        pytest.param("La chiamo al 3331234567? ^GR", {"personal_data"}, id="phone number"),
        pytest.param("Chiami il 187 o il 112 ^GR", set(), id="service numbers"),
        pytest.param("Lo dica a @mario ^GR", {"mentions_somebody"}, id="handle"),
    ],
)
def test_what_the_preview_warns_of(text: str, expected: set[str]) -> None:
    assert codes(text) == expected


def test_a_repeat_is_seen_under_other_initials_and_capitals() -> None:
    earlier = ("Ci scusiamo per il disagio ^AC",)
    assert codes("ci scusiamo  per il disagio ^GR", earlier) == {"same_as_before"}
    assert codes("Ci scusiamo per il ritardo ^GR", earlier) == set()


def test_a_warning_carries_what_it_is_about() -> None:
    (link,) = warnings("no signal.no ^GR", earlier=())
    assert (link.code, link.detail) == (WarningCode.LINK, "signal.no")
    assert links_in("a https://b.it c.it") == ("https://b.it", "c.it")


@pytest.mark.parametrize(
    ("ours", "theirs", "links"),
    [
        pytest.param("Ci siamo ^GR", "@anna @tim Ci siamo ^GR", (), id="leading mentions"),
        pytest.param("a & b < c ^GR", "a &amp; b &lt; c ^GR", (), id="entities"),
        pytest.param("due\nrighe  e spazi", "due righe e spazi", (), id="white space"),
        pytest.param("perche\u0301", "perché", (), id="accents"),
        pytest.param("vedi https://a.it/x ^GR", "vedi https://t.co/Ab12 ^GR", ("https://a.it/x",), id="short link"),
        pytest.param("no signal.no ok", "no https://t.co/Ab12 ok", ("http://signal.no",), id="bare domain"),
        pytest.param(
            "a https://a.it b https://b.it/",
            "a https://t.co/1 b https://t.co/2",
            ("https://a.it/", "https://b.it"),
            id="two links",
        ),
    ],
)
def test_our_text_is_recognised(ours: str, theirs: str, links: tuple[str, ...]) -> None:
    assert same_text(ours, theirs, links=links)


@pytest.mark.parametrize(
    ("ours", "theirs"), [("Ci siamo ^GR", "Ci siamo ^AC"), ("Ci siamo", "ci siamo"), ("vedi a.it", "vedi b.it")]
)
def test_another_text_is_not_ours(ours: str, theirs: str) -> None:
    assert not same_text(ours, theirs)


def test_a_handle_inside_the_text_stays() -> None:
    assert normalise("@anna grazie @mario") == "grazie @mario"
    assert normalise("@anna @mario") == ""


@given(st.text(max_size=200))
def test_any_text_is_answered(text: str) -> None:
    assert same_text(text, text)
    weighted_length(text)
    warnings(text, earlier=(text,))


def test_a_hostile_reply_is_answered() -> None:
    assert "too_long" in codes("@a" * 10_000)
    assert codes("\ud800") == set()
