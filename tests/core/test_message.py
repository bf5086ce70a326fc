"""Messages are built piece by piece; their spans always lie on the words they were said of."""

from hypothesis import given
from hypothesis import strategies as st

from bot.core.message import Button, Draft, Message

pieces = st.lists(st.tuples(st.text(max_size=8), st.sampled_from(["", "bold", "quote", "code"])), max_size=8)


@given(pieces)
def test_spans_lie_on_their_words(said: list[tuple[str, str]]) -> None:
    draft = Draft()
    for text, kind in said:
        draft.line(text, kind)
    message = draft.done()
    whole = "\n".join(text for text, _ in said).rstrip()
    assert message.text == whole
    for span in message.spans:
        assert 0 <= span.start < span.end <= len(message.text)
    expected = [(text, kind) for text, kind in said if kind and text]
    for span, (text, kind) in zip(message.spans, expected, strict=False):
        assert kind == span.kind
        assert text.startswith(message.text[span.start : span.end])


def test_rows_of_buttons() -> None:
    one, two = Button("Claim", "claim:42"), Button("Open", url="https://x.com")
    message = Draft().add("a").row(one, two).row().row(one).done(silent=True, protect=False)
    assert message == Message("a", (), ((one, two), (one,)), silent=True, protect=False)
