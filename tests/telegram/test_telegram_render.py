"""Messages in Telegram's form: offsets in UTF-16 whatever the text, never too long, never half a character."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram import MessageEntity

from bot.core.message import Button, Draft, Message, Span
from bot.telegram.render import TEXT_LENGTH_MAX, cut, rendered, utf16_length


def covered(text: str, entity: MessageEntity) -> str:
    units = text.encode("utf-16-le")
    return units[entity.offset * 2 : (entity.offset + entity.length) * 2].decode("utf-16-le")


@pytest.mark.parametrize(
    ("kind", "telegrams"),
    [
        ("bold", "bold"),
        ("italic", "italic"),
        ("code", "code"),
        ("pre", "pre"),
        ("quote", "blockquote"),
        ("strike", "strikethrough"),
    ],
)
def test_each_kind_of_span(kind: str, telegrams: str) -> None:
    (entity,) = rendered(Draft().add("👩‍👩‍👧è").add("𝄢x", kind).done()).entities
    assert (entity.type, entity.offset, entity.length) == (telegrams, 9, 3)


def test_spans_beyond_the_text_are_clipped_and_empty_ones_left_out() -> None:
    form = rendered(Message("ab ", (Span(1, 99, "bold"), Span(2, 2, "code"), Span(7, 9, "pre"), Span(-3, 1, "italic"))))
    assert [(e.type, e.offset, e.length) for e in form.entities] == [("bold", 1, 1), ("italic", 0, 1)]


def test_buttons() -> None:
    form = rendered(
        Message("x", buttons=((Button("A", "a:1", style="danger"),), (), (Button("B", url="https://x.com"),)))
    )
    assert form.keyboard is not None
    assert form.keyboard.to_dict() == {
        "inline_keyboard": [
            [{"text": "A", "callback_data": "a:1", "style": "danger"}],
            [{"text": "B", "url": "https://x.com"}],
        ]
    }
    assert rendered(Message("x")).keyboard is None


@pytest.mark.parametrize("text", ["x" * 4096, "😀" * 2048])
def test_the_longest_text_is_left_as_it_is(text: str) -> None:
    assert cut(text) == text


@pytest.mark.parametrize("text", ["x" * 4097, "😀" * 2049, "x" + "😀" * 2048])
def test_a_longer_one_is_cut_between_characters(text: str) -> None:
    assert cut(text).endswith("…")
    assert TEXT_LENGTH_MAX - 1 <= utf16_length(cut(text)) <= TEXT_LENGTH_MAX
    assert text.startswith(cut(text)[:-1])


PIECES = st.lists(st.tuples(st.text(max_size=20), st.sampled_from(["", "bold", "pre", "quote"])), max_size=8)


@given(PIECES, st.integers(0, 4100))
def test_an_entity_covers_what_its_span_covered(pieces: list[tuple[str, str]], padding: int) -> None:
    draft = Draft().add("😀" * (padding // 2))
    for text, kind in pieces:
        draft.add(text, kind)
    message = draft.done(silent=False)

    form = rendered(message)

    assert utf16_length(form.text) <= TEXT_LENGTH_MAX
    form.text.encode("utf-8")
    for entity in form.entities:
        assert entity.length > 0
        assert entity.offset + entity.length <= utf16_length(form.text)
    if form.text == message.text:
        expected = [message.text[s.start : s.end] for s in message.spans if s.start < s.end]
        assert [covered(form.text, entity) for entity in form.entities] == expected
