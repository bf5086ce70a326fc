"""Typed commands and pressed buttons: any text and any bytes become a command of the table or a refusal."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.commands import (
    COMMANDS,
    ID_MAX,
    PRESSES,
    SNOOZE_MAX,
    TYPED_MAX,
    Press,
    Spec,
    how_closed,
    parse,
    parse_press,
    span_of_time,
)
from bot.errors import Refused


@pytest.mark.parametrize("spec", COMMANDS, ids=lambda s: s.name)
def test_every_command_and_alias(spec: Spec) -> None:
    for word in (spec.name, *spec.aliases, spec.name.upper()):
        found = parse(f"  /{word}@Reperibile_Bot 42 le parole ", "reperibile_bot")
        assert found is not None
        assert found.spec is spec
        if spec.takes.startswith("ticket"):
            assert (found.ticket, found.rest) == (42, "le parole")
        else:
            assert (found.ticket, found.rest) == (None, "42 le parole")


@pytest.mark.parametrize("typed", ["/sì", "/SÌ", "/si\u0300"])
def test_an_accent_makes_no_other_word(typed: str) -> None:
    """An Italian keyboard writes "sì" by itself."""
    found = parse(typed)
    assert found is not None
    assert found.spec.name == "yes"


def test_no_word_means_two_commands() -> None:
    words = [word for spec in COMMANDS for word in (spec.name, *spec.aliases)]
    assert len(words) == len(set(words))


@pytest.mark.parametrize(
    ("text", "ticket", "rest"),
    [
        ("/reply 42 ciao", 42, "ciao"),
        ("/reply #42\nciao\na tutti", 42, "ciao\na tutti"),
        ("/reply ciao", None, "ciao"),
        ("/reply 42ciao", None, "42ciao"),
        ("/reply", None, ""),
        ("/reply\t7", 7, ""),
        (f"/reply {ID_MAX}", ID_MAX, ""),
        ("/reply 3331234567 è il numero", None, "3331234567 è il numero"),
    ],
)
def test_the_ticket_may_be_left_to_the_card(text: str, ticket: int | None, rest: str) -> None:
    found = parse(text)
    assert found is not None
    assert (found.ticket, found.rest) == (ticket, rest)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("/nonsense", "unknown_command"),
        ("/", "unknown_command"),
        ("/42", "unknown_command"),
        ("/claim!", "unknown_command"),
        ("/claim@other_bot 42", "for_other_bot"),
        ("/claim 0", "no_ticket"),
        (f"/claim {ID_MAX + 1}", "no_ticket"),
    ],
)
def test_what_is_refused(text: str, why: str) -> None:
    with pytest.raises(Refused, match=why):
        parse(text, "reperibile_bot")


def test_words_are_no_command() -> None:
    assert parse("ciao /claim 42") is None
    assert parse("") is None


@given(
    st.one_of(
        st.text(max_size=200), st.text(max_size=60).map(lambda t: "/" + t), st.text(max_size=60).map("/reply {}".format)
    )
)
def test_any_text_is_a_command_nothing_or_refused(text: str) -> None:
    try:
        found = parse(text, "reperibile_bot")
    except Refused:
        return
    if found is not None:
        assert found.ticket is None or 0 < found.ticket <= ID_MAX
        assert len(found.rest) <= TYPED_MAX


CONTRACT = [
    "claim:42",
    "release:42",
    "takeover:42",
    "reply:42",
    "normal:42",
    "urgent:42",
    "escalate:42",
    "snooze:42:30",
    "close:42:solved",
    "close:42:passed",
    "close:42:nothing",
    "reopen:42",
    "more:42",
    "keep:42",
    "send:7",
    "cancel:7",
    "edit:7",
    "delete:7",
    "duty:ok:3",
    "yes:9",
    "no:9",
]


@pytest.mark.parametrize("data", CONTRACT)
def test_the_contract_of_callback_data(data: str) -> None:
    press = parse_press(data)
    parts = [part for part in data.split(":") if part != "ok"]
    assert press == Press(parts[0], int(parts[1]), parts[2] if len(parts) > 2 else "")


def test_the_contract_names_every_press() -> None:
    assert {data.split(":")[0] for data in CONTRACT} <= set(PRESSES)


@pytest.mark.parametrize(
    "data",
    [
        "", "claim", "claim:", "claim:x", "claim:-1", "claim:0", "claim:42:x", "claim:ok:42", "duty:3", "duty:ok:3:4",
        "snooze:42", "close:42", "CLAIM:42", "claim:42 ", "claim:42\n", "claim:４２", "nothing:1", "claim:" + "9" * 16,
        "claim:" + "9" * 70, "close:42:" + "a" * 17, "snooze:42:",
    ],
)  # fmt: skip
def test_forged_presses_are_refused(data: str) -> None:
    with pytest.raises(Refused, match="bad_press"):
        parse_press(data)


@given(
    st.one_of(
        st.text(max_size=80),
        st.binary(max_size=80).map(lambda b: b.decode("latin-1")),
        st.from_regex(r"[a-z]+:[0-9:a-z]+"),
    )
)
def test_any_bytes_are_a_press_or_refused(data: str) -> None:
    try:
        press = parse_press(data)
    except Refused as refusal:
        assert refusal.why == "bad_press"  # noqa: PT017  # refused or not, both are right
        return
    assert press.verb in PRESSES
    assert 0 < press.id <= ID_MAX


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("30m", timedelta(minutes=30)),
        ("30", timedelta(minutes=30)),
        (" 2 ore ", timedelta(hours=2)),
        ("1h", timedelta(hours=1)),
        ("1 ora", timedelta(hours=1)),
        ("90 Minuti", timedelta(minutes=90)),
        ("1 giorno", timedelta(days=1)),
        ("2d", timedelta(days=2)),
        ("7g", SNOOZE_MAX),
        ("1m", timedelta(minutes=1)),
    ],
)
def test_spans_of_time(text: str, span: timedelta) -> None:
    assert span_of_time(text) == span


@pytest.mark.parametrize("text", ["", "0", "0h", "8d", "10081", "-5m", "5 weeks", "m", "1.5h", "9999d", "5m5m"])
def test_spans_that_are_none(text: str) -> None:
    with pytest.raises(Refused, match="bad_time"):
        span_of_time(text)


@given(st.text(max_size=60))
def test_any_text_is_a_span_or_refused(text: str) -> None:
    try:
        assert timedelta(minutes=1) <= span_of_time(text) <= SNOOZE_MAX
    except Refused as refusal:
        assert refusal.why == "bad_time"  # noqa: PT017  # refused or not, both are right


@pytest.mark.parametrize(
    ("text", "how"),
    [("", "solved"), (" Risolto ", "solved"), ("passato", "passed"), ("NOTHING", "nothing"), ("niente", "nothing")],
)
def test_how_a_ticket_is_closed(text: str, how: str) -> None:
    assert how_closed(text) == how


@given(st.text(max_size=20))
def test_any_other_word_for_closing_is_refused(text: str) -> None:
    try:
        assert how_closed(text) in ("solved", "passed", "nothing")
    except Refused as refusal:
        assert refusal.why == "bad_close"  # noqa: PT017  # refused or not, both are right
