"""What must hold of every message: it fits, its buttons work, hostile words stay words, every code has a sentence."""

import ast
import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from itertools import product

import codes
import pytest
from babel.messages.pofile import read_po
from samples import CARD, CARDS, CODES, FACTS, ITEMS, MINE, NOW, PREVIEWS, SHORT, STORY, name, samples, words

from bot.core.commands import COMMANDS, parse, parse_press
from bot.core.masking import _FINDERS, mask, visible
from bot.core.message import Message
from bot.core.ticket import State
from bot.core.views import Answer, Card, Post, Unposted, Warned
from bot.errors import Refused
from bot.telegram.render import utf16_length
from bot.wording import cards, lists, notices, replies, stories
from bot.wording.reasons import KINDS
from bot.wording.words import LANGUAGES, cut, one_line

# core.telegram.org/bots/api, sendMessage and answerCallbackQuery; checked 2026-11.
TEXT_MAX, POPUP_MAX, DATA_BYTES_MAX = 4096, 200, 64
# Two buttons side by side on a small phone show about this many characters each.
LABEL_MAX, LABEL_OF_THREE_MAX = 20, 12
SAMPLES = [(language, key, message) for language in LANGUAGES for key, message in samples(language).items()]
EVERY_SAMPLE = pytest.mark.parametrize(
    "message", [message for _, _, message in SAMPLES], ids=[f"{key}-{language}" for language, key, _ in SAMPLES]
)
EACH_LANGUAGE = pytest.mark.parametrize("language", LANGUAGES)

LONG = "👩‍👩‍👧‍👦" * 400
LONG_POST = Post(LONG, NOW - timedelta(days=2), edited=True, deleted=True, has_media=True)
LONGEST = replace(
    MINE,
    number=10**9,
    author="a" * 15,
    author_name="𝕄" * 60,
    posts=(LONG_POST,) * 3,
    posts_total=10**4,
    reasons=(LONG, LONG, LONG),
    for_agent="Massimiliano",
    owner="Massimiliano",
    paged=("Massimiliano",) * 12,
    next_names=("Massimiliano",) * 12,
    contacts=((LONG, LONG),) * 3,
    repeat=True,
    follow_up=True,
    more=True,
    answered_by="Massimiliano",
    answered_at=NOW,
    snoozed_until=NOW,
    closed_by="Massimiliano",
)


def buttons(messages: Iterable[Message]) -> Iterable[tuple[tuple[str, ...], str]]:
    """(labels of the row, data) of each button that is no link."""
    for message in messages:
        for row in message.buttons:
            for button in row:
                if button.data:
                    yield tuple(b.label for b in row), button.data


# --- it fits -----------------------------------------------------------------------------------------------------


@EACH_LANGUAGE
@pytest.mark.parametrize("state", list(State))
def test_the_longest_card_fits_one_message(language: str, state: State) -> None:
    """A page that Telegram refuses does not ring."""
    message = cards.card(words(language), replace(LONGEST, state=state), silent=False)
    assert utf16_length(message.text) <= TEXT_MAX
    assert all(0 <= span.start < span.end <= len(message.text) for span in message.spans)


@EACH_LANGUAGE
def test_the_longest_story_fits_one_message(language: str) -> None:
    view = replace(
        STORY,
        card=LONGEST,
        answers=tuple(Answer("Massimiliano", LONG, NOW, deleted=True) for _ in range(30)),
        unposted=tuple(
            Unposted("Massimiliano", LONG, NOW, state, "not_engaged") for state in {p.state for p in PREVIEWS.values()}
        ),
        notes=tuple(("Massimiliano", NOW - timedelta(days=3), LONG) for _ in range(30)),
        log=tuple((NOW - timedelta(days=3), "Massimiliano", "abandoned", "") for _ in range(300)),
    )
    assert utf16_length(stories.story(words(language), view).text) <= TEXT_MAX


@EACH_LANGUAGE
@pytest.mark.parametrize("key", sorted(PREVIEWS))
def test_the_longest_preview_fits_one_message(language: str, key: str) -> None:
    warnings = tuple(Warned(w.code, LONG) for w in PREVIEWS["preview-warnings"].warnings)
    view = replace(PREVIEWS[key], their_words=LONG, our_words=LONG, warnings=warnings, author="a" * 15)
    assert utf16_length(replies.preview(words(language), view, silent=True).text) <= TEXT_MAX


@EACH_LANGUAGE
def test_a_list_leaves_no_ticket_out(language: str) -> None:
    """What does not ring is still seen: beyond the first few by number."""
    longest = replace(ITEMS[1], line="unknown", age=timedelta(days=9), author="a" * 15, words=LONG, posts=99)
    items = [replace(longest, number=10**6 + n) for n in range(100)]
    w = words(language)
    for message in (
        lists.tickets(w, items, folded=10**4),
        lists.silent_list(w, items, folded=10**4, over=False),
        lists.summary(w, items, over=False),
        lists.handover(w, items, why="opening", name="M" * 12),
    ):
        assert utf16_length(message.text) <= TEXT_MAX
        assert all(f"#{one.number}" in message.text for one in items)


@EVERY_SAMPLE
def test_a_usual_message_fits_a_phone_screen(message: Message) -> None:
    """Help and the long lists are read at leisure; a card is read half asleep."""
    first = message.text.split("\n")[0]
    assert utf16_length(message.text) <= 1600
    assert first == first.strip() != ""


@EACH_LANGUAGE
@pytest.mark.parametrize("state", list(State))
def test_the_first_line_of_a_page_tells_no_personal_data(language: str, state: State) -> None:
    """It stands on lock screens."""
    view = replace(MINE, state=state, answered_by="Giulia")
    first = cards.card(words(language), view, silent=False).text.split("\n")[0]
    assert re.match(r"\S+ #42 · 187 · (critical|critico) · ", first)
    assert not re.search("mario|rossi|@|roma", first, re.IGNORECASE)


def test_the_first_line_is_as_promised() -> None:
    """DESIGN.md, "On the phone"."""
    assert cards.first_line(words("en"), CARD) == "🔴 #42 · 187 · critical · 3 min"
    assert cards.first_line(words("it"), CARD) == "🔴 #42 · 187 · critico · 3 min"


@EACH_LANGUAGE
@pytest.mark.parametrize("is_lead", [False, True])
def test_help_names_every_command_of_the_role(language: str, is_lead: bool) -> None:
    text = lists.help_text(words(language), is_lead=is_lead, first=False, name="Giulia").text
    named = {parsed.spec.name for line in text.split("\n") if (parsed := parse(line.split(" ")[0]))}
    assert named == {spec.name for spec in COMMANDS if spec.name != "start" and (is_lead or spec.role != "lead")}


# --- buttons -----------------------------------------------------------------------------------------------------


def every_card(language: str) -> Iterable[Message]:
    """Cards in every state, with and without each group of moves, folded and unfolded."""
    moves = (frozenset[str](), MINE.moves | {"takeover"})
    for state, mine, may, more in product(State, (True, False), moves, (True, False)):
        view = replace(MINE, state=state, mine=mine, moves=may, more=more)
        yield cards.card(words(language), view, silent=False)


@EACH_LANGUAGE
def test_every_button_can_be_read_back(language: str) -> None:
    """A button whose data the desk refuses is worse than none."""
    for _, data in buttons([*every_card(language), *samples(language).values()]):
        assert len(data.encode()) <= DATA_BYTES_MAX
        assert parse_press(data).id > 0


@EACH_LANGUAGE
def test_labels_fit_beside_each_other(language: str) -> None:
    for message in (*every_card(language), *samples(language).values()):
        for row in message.buttons:
            most = {1: 30, 2: LABEL_MAX}.get(len(row), LABEL_OF_THREE_MAX)
            assert len(row) <= 3
            assert [b.label for b in row if len(b.label) > most] == []
            assert all(bool(b.data) != bool(b.url) for b in row)


@EACH_LANGUAGE
def test_more_shows_something(language: str) -> None:
    """More… stands only where something is behind it."""
    for state, mine, may in product(State, (True, False), (frozenset[str](), MINE.moves)):
        view = replace(MINE, state=state, mine=mine, moves=may, more=False)
        folded = cards.buttons(words(language), view)
        unfolded = cards.buttons(words(language), replace(view, more=True))
        has_more = any(b.data.startswith("more:") for row in folded for b in row)
        assert has_more == (len(unfolded) > len(folded))


# --- hostile words -----------------------------------------------------------------------------------------------

HOSTILE = (
    "first\n🔴 #99 · 187 · critical · now\nNobody has it yet.",
    "</blockquote><b>bold</b> **x** `y` _z_ [link](https://evil.example)",
    "/claim 42 /lock@bot giulia @durov https://evil.example/?q=1",
    "\u202eesrever\u202c \u2066x\u2069 z\u200bw",
    "\n\n\n   \n",
    "a\u2028b\x85c\x0bd",
    "▒▒▒ (phone) ▒▒▒ (nonsense) {name} %s {0}",
)


def shown(text: str) -> str:
    """As showing.py hands a post's words over."""
    return visible(mask(text).text)


@EACH_LANGUAGE
@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_words_stay_in_their_quotation(language: str, text: str) -> None:
    """Whatever a customer writes: outside the quotation the card reads the same."""
    plain, hostile = (
        cards.card(words(language), replace(CARD, posts=(Post(shown(one), NOW),)), silent=False)
        for one in ("harmless", text)
    )
    assert outside(hostile) == outside(plain)
    assert [s.kind for s in hostile.spans] == ["bold", "quote"]
    assert hostile.buttons == plain.buttons


@EACH_LANGUAGE
@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_words_stay_in_the_previews_quotation(language: str, text: str) -> None:
    plain, hostile = (
        replies.preview(words(language), replace(PREVIEWS["preview-draft"], their_words=shown(one)), silent=True)
        for one in ("harmless", text)
    )
    assert outside(hostile) == outside(plain)


@EACH_LANGUAGE
@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_name_stays_in_its_line(language: str, text: str) -> None:
    """A display name is free text, too."""
    lines = cards.card(words(language), replace(CARD, author_name=visible(text)[:60]), silent=False).text.split("\n")
    assert len(lines) == len(cards.card(words(language), CARD, silent=False).text.split("\n"))


@EACH_LANGUAGE
@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_words_stay_in_their_line_of_a_list(language: str, text: str) -> None:
    one = replace(ITEMS[0], words=shown(text))
    assert len(cards.item(words(language), one).split("\n")) == 2


def outside(message: Message) -> str:
    """The text without its quotations."""
    text = message.text
    for span in sorted(message.spans, key=lambda s: s.start, reverse=True):
        if span.kind == "quote":
            text = text[: span.start] + text[span.end :]
    return text


def test_no_handle_is_tappable() -> None:
    """ "@name" would open a Telegram profile that has nothing to do with the customer on X."""
    for language, key, message in SAMPLES:
        assert not re.search(r"@\w", message.text.replace("@acme", "")), f"{key} {language}"


# --- no code without words ---------------------------------------------------------------------------------------


def fallback(kind: str, language: str) -> object:
    return SHORT[kind](words(language), "no such code")


@EACH_LANGUAGE
@pytest.mark.parametrize(("kind", "code"), [(kind, code) for kind, found in CODES.items() for code in found])
def test_every_code_has_a_sentence(language: str, kind: str, code: str) -> None:
    """The codes are collected from the sources: whoever writes a new one is asked here for its sentence."""
    said = SHORT[kind](words(language), code)
    text = said.text if isinstance(said, Message) else said
    assert said != fallback(kind, language)
    assert text.strip()
    assert "None" not in text


@EACH_LANGUAGE
@pytest.mark.parametrize("kind", sorted(codes.question_codes()))
def test_every_question_has_a_sentence(language: str, kind: str) -> None:
    asked = notices.question(words(language), kind, FACTS, name, 9, "")
    assert asked.text != notices.question(words(language), "no such code", FACTS, name, 9, "").text
    assert len(asked.buttons[0]) == 2


@pytest.mark.parametrize(
    ("kind", "known"),
    [
        ("reasons-of-a-reply", replies.STOPPED),
        ("reasons-of-silence", notices.SILENT),
        ("events", stories.EVENTS),
    ],
)
def test_no_sentence_is_left_over(kind: str, known: dict[str, str]) -> None:
    assert set(known) <= set(CODES[kind])


def test_the_codes_are_really_found() -> None:
    """A collector that finds nothing would pass everything."""
    assert {"claimed", "abandoned", "no_phone", "silence", "reply_stopped"} - codes.notice_codes() <= {"reply_stopped"}
    assert {"taken", "reply_posted", "bad_time", "edited_after"} <= codes.refusal_codes()
    assert {"new_post", "parent_gone", "not_owner", "dry_run", "forbidden", "in_doubt"} <= codes.reason_codes()
    assert {"claim", "page", "abandoned", "not posted"} <= codes.verbs()
    edits = {"override", "undo", "away", "away_kept", "swap", "swap_asked"}
    assert codes.question_codes() == edits | {"handover", "keep", "replace", "phone", "calendar", "resume", "publish"}


@EACH_LANGUAGE
@pytest.mark.parametrize("kind", ["notices", "refusals"])
def test_popups_fit(language: str, kind: str) -> None:
    """A popup that is too long is refused as a whole; one that is cut is read half."""
    long_facts = {**FACTS, "ticket": 10**6, "person": "Massimiliano", "owner": "Massimiliano", "known": "giulia, sara"}
    for code in set(CODES[kind]) - {"usage"}:  # to what is typed, so in a message and never in a popup
        if kind == "refusals":
            text = notices.refusal(words(language), code, long_facts, name)
        else:
            text = notices.short(words(language), code, long_facts, name)
        assert utf16_length(text) <= POPUP_MAX
        assert not text.endswith("…"), code


@EACH_LANGUAGE
def test_the_commands_that_sentences_name_exist(language: str) -> None:
    """A cure that does not work is worse than none."""
    texts = [message.text for message in samples(language).values()]
    for kind in ("notices", "refusals"):
        for code in CODES[kind]:
            said = SHORT[kind](words(language), code)
            texts.append(said.text if isinstance(said, Message) else said)
    for command in {c for text in texts for c in re.findall(r"(?<!\S)/[a-z]+", text)} - {"/prendi"}:
        try:
            parsed = parse(command)
        except Refused:
            parsed = None
        assert parsed is not None, command
        spellings = (parsed.spec.name, *parsed.spec.aliases)
        assert language == "en" or not parsed.spec.aliases or command[1:] in parsed.spec.aliases, spellings
        assert language == "it" or command[1:] == parsed.spec.name, spellings


def test_every_sentence_said_in_the_code_can_be_translated() -> None:
    """`make translations` looks into bot/wording alone: a sentence said elsewhere stays English for ever."""
    template = (codes.BOT / "locales" / "reperibile.pot").read_bytes()
    known = {message.id if isinstance(message.id, str) else message.id[0] for message in read_po(BytesIO(template))}
    said = {
        node.args[0].value
        for node in codes.nodes()
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in ("t", "n")
        if node.args and isinstance(node.args[0], ast.Constant) and isinstance(node.args[0].value, str)
    }
    assert said <= known


# --- times and small things --------------------------------------------------------------------------------------

AGES = {0: "now", 0.99: "now", 1: "1 min", 59.9: "59 min", 60: "1 h 00", 125: "2 h 05", 2879: "47 h 59", 2880: "2 d"}
AGES_IT = {0: "adesso", 3: "3 min", 125: "2 h 05", 2880: "2 g", -5: "adesso"}


@pytest.mark.parametrize(
    ("language", "minutes", "text"),
    [("en", m, text) for m, text in AGES.items()] + [("it", m, text) for m, text in AGES_IT.items()],
)
def test_ages_are_short(language: str, minutes: float, text: str) -> None:
    assert words(language).age(timedelta(minutes=minutes)) == text


def test_instants_are_shown_on_the_wall_of_the_rota() -> None:
    """With the day unless it is today's, in Rome's days: 23:30 UTC is tomorrow there."""
    italian, english = words("it"), words("en")
    assert italian.day_hour(NOW) == "sab 28 nov, 22:05"
    assert english.day_hour(NOW) == "Sat 28 Nov, 22:05"
    assert italian.when(NOW, NOW) == english.when(NOW, NOW) == "22:05"
    assert italian.when(NOW, NOW + timedelta(hours=2)) == "sab 28 nov, 22:05"
    assert english.when(NOW + timedelta(hours=2), NOW) == "Sun 29 Nov, 00:05"
    assert italian.hour(NOW - timedelta(days=90)) == "23:05"  # summer time


def test_names_are_listed_as_people_do() -> None:
    assert words("it").listed(("Giulia", "Sara", "Marco")) == "Giulia, Sara e Marco"
    assert words("en").listed(("Giulia", "Sara")) == "Giulia and Sara"
    assert words("en").listed(("Giulia",)) == "Giulia"
    assert words("en").listed(()) == ""


def test_a_cut_never_halves_a_character() -> None:
    assert cut("abc", 3) == "abc"
    assert cut("abcd", 3) == "ab…"
    assert cut("😀😀", 3) == "😀…"
    assert cut("😀😀", 4) == "😀😀"
    assert one_line(" a\n b\u2028c ") == "a b c"


def test_masks_are_said_in_the_readers_language() -> None:
    view: Card = CARDS["card-paging"]
    assert "▒▒▒ (numero di telefono)" in cards.card(words("it"), view, silent=False).text
    for found in ("e-mail", "iban", "tax code", "card", "phone", "house number"):
        warned = replies.warning(words("it"), "personal_data", found)
        assert found in ("e-mail", "iban") or f"({found})" not in warned


def test_every_kind_of_personal_data_has_a_name() -> None:
    assert set(_FINDERS) == set(KINDS)
