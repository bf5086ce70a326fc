"""Everything a person reads exists in Italian: no sentence is missing, doubtful, or loses what is filled into it.

`make translations` brings the catalogues up to date; what it cannot do, translate, is asked for here by name.
"""

import ast
import runpy
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.catalog import Catalog, Message

ROOT = Path(__file__).parents[1]
WORDING = ROOT / "bot" / "wording"
LOCALES = ROOT / "bot" / "locales"
TOOL = runpy.run_path(str(ROOT / "scripts" / "translations.py"))
TEMPLATE: Catalog = TOOL["sentences"](ROOT)
SHOWN_MAX = 15
LANGUAGES = TOOL["TRANSLATED_INTO"]


def forms(text: str | list[str] | tuple[str, ...] | None) -> tuple[str, ...]:
    """A sentence as a tuple of its forms: one, or singular and plural."""
    return (text or "",) if isinstance(text, str | None) else tuple(text)


def blanks(text: str) -> set[str]:
    """The {names} that are filled in, with how they are written: {m:02d} is not {m}."""
    return {f"{name}:{spec}!{how}" for _, name, spec, how in Formatter().parse(text) if name is not None}


def sentences(catalog: Catalog) -> dict[str, Message]:
    return {forms(message.id)[0]: message for message in catalog if message.id}


def translated(language: str) -> dict[str, Message]:
    return sentences(TOOL["read"](LOCALES / f"{language}.po", language))


def marked_in_the_sources() -> dict[str, str]:
    """Every literal sentence given to t, n or N_, with its place: what the reader of sources cannot overlook."""
    found = {}
    for path in sorted(WORDING.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            first = node.args[0]
            if name in TOOL["KEYWORDS"] and isinstance(first, ast.Constant) and isinstance(first.value, str):
                found[first.value] = f"{path.relative_to(ROOT)}:{node.lineno}"
            elif name in TOOL["KEYWORDS"] and isinstance(first, ast.JoinedStr):
                pytest.fail(
                    f"{path.relative_to(ROOT)}:{node.lineno}: an f-string cannot be translated; fill {{names}} in"
                )
    return found


def none_of(sentences: list[str], what: str) -> None:
    """Fail with the first few, not with a screenful."""
    if sentences:
        pytest.fail("\n".join([f"{len(sentences)} {what}:", *sentences[:SHOWN_MAX]]), pytrace=False)


def test_no_marked_sentence_is_overlooked() -> None:
    """Babel reads tokens, and misses what stands inside an f-string."""
    known = sentences(TEMPLATE)
    overlooked = [f"{place}: {text}" for text, place in marked_in_the_sources().items() if text and text not in known]
    none_of(overlooked, "not found by Babel")


def test_the_template_is_up_to_date() -> None:
    """Cure: make translations."""
    kept = {forms(message.id) for message in TOOL["read"](LOCALES / TOOL["TEMPLATE"]) if message.id}
    current = {forms(message.id) for message in TEMPLATE if message.id}
    none_of([texts[0] for texts in sorted(kept ^ current)], "to be brought up to date by `make translations`")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_is_translated(language: str) -> None:
    """An English sentence at 03:10 is one more thing to understand. Cure: make translations, then translate."""
    there = translated(language)
    missing = [text for text in sentences(TEMPLATE) if text not in there or not all(forms(there[text].string))]
    doubtful = [text for text, message in there.items() if message.fuzzy]
    none_of(missing, "not translated")
    none_of(doubtful, "guessed by `make translations`: look at it and remove `fuzzy`")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_fills_in_the_same(language: str) -> None:
    """A {name} that is missing hides who has the ticket; one too many is a crash in the middle of a page."""
    wrong = {}
    for text, message in translated(language).items():
        wanted = blanks(forms(message.id)[-1])
        singular, *plurals = forms(message.string)
        # "a ticket" may do without the number that "{n} tickets" needs.
        may_do_without = {"n:!None"} if plurals else set()
        for form, optional in [(singular, may_do_without), *((plural, set()) for plural in plurals)]:
            if form and not wanted - optional <= blanks(form) <= wanted:
                wrong[text] = form
    none_of([f"{text!r} → {form!r}" for text, form in wrong.items()], "wrongly translated")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_begins_and_ends_like_its_sentence(language: str) -> None:
    """Sentences are set side by side: a lost blank or line end would glue them together."""
    wrong = {}
    for text, message in translated(language).items():
        for form in filter(None, forms(message.string)):
            same_start = form[:1].isspace() == text[:1].isspace()
            if not same_start or form[-1:].isspace() != text[-1:].isspace() or form.count("\n") != text.count("\n"):
                wrong[text] = form
    none_of([f"{text!r} → {form!r}" for text, form in wrong.items()], "wrongly translated")


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_translation_without_its_sentence(language: str) -> None:
    """Cure: make translations."""
    none_of(sorted(set(translated(language)) - set(sentences(TEMPLATE))), "translated, but said no more")
