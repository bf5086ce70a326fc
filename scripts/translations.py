"""Brings the sentences of bot/wording into the template and into every translation; `make translations` runs it.

Only sentences that appeared or went change the files: no dates, no line numbers, nothing of the machine it ran on.
A new sentence that looks like an old one gets the old translation, marked `fuzzy`, for a person to look at.
"""

import sys
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

WORDING = Path("bot/wording")
LOCALES = Path("bot/locales")
TEMPLATE = "reperibile.pot"
TRANSLATED_INTO = ("it",)
KEYWORDS = {"t": None, "n": (1, 2), "N_": None}
"""How a sentence is marked: words.t("…"), words.n("one", "many", n), N_("…") for one that is translated later."""


def sentences(root: Path) -> Catalog:
    """The template as the sources under `root` have it now, in alphabetical order."""
    catalog = Catalog(project="reperibile", charset="utf-8", fuzzy=False)
    folder = root / WORDING
    found = extract_from_dir(folder, method_map=[("**.py", "python")], keywords=KEYWORDS, comment_tags=("i18n:",))
    for _, _, message, comments, context in found:
        catalog.add(message, auto_comments=comments, context=context)
    return catalog


def read(path: Path, language: str | None = None) -> Catalog:
    """A template or a translation; an empty one when there is no such file."""
    if not path.exists():
        return Catalog(locale=language)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def written(catalog: Catalog) -> bytes:
    """The catalogue as it stands in its file: sorted, without dates and places."""
    plain = Catalog(locale=catalog.locale, charset="utf-8", fuzzy=False)
    for message in catalog:
        if message.id:
            plain.add(
                message.id,
                message.string,
                flags=message.flags,
                auto_comments=message.auto_comments,
                user_comments=message.user_comments,
                context=message.context,
            )
    body = BytesIO()
    write_po(body, plain, width=110, no_location=True, omit_header=True, sort_output=True, ignore_obsolete=True)
    language = "" if catalog.locale is None else f'"Language: {catalog.locale}\\n"\n'
    plural = "" if catalog.locale is None else f'"Plural-Forms: {catalog.plural_forms}\\n"\n'
    head = f'msgid ""\nmsgstr ""\n{language}"Content-Type: text/plain; charset=utf-8\\n"\n{plural}\n'
    return head.encode() + body.getvalue().strip() + b"\n"


def main() -> int:
    """Rewrite the files that are not up to date and say what a person has to translate now."""
    root = Path(__file__).resolve().parent.parent
    template = sentences(root)
    (root / LOCALES).mkdir(exist_ok=True)
    _put(root / LOCALES / TEMPLATE, written(template))
    for language in TRANSLATED_INTO:
        path = root / LOCALES / f"{language}.po"
        catalog = read(path, language)
        catalog.update(template, update_creation_date=False)
        _put(path, written(catalog))
        left = [message for message in catalog if message.id and (message.fuzzy or not all_translated(message.string))]
        sys.stdout.write(f"{path.relative_to(root)}: {len(catalog)} sentences, {len(left)} to translate or look at\n")
        for message in left:
            sys.stdout.write(f"  {message.id!r}\n")
    return 0


def all_translated(string: str | list[str] | tuple[str, ...] | None) -> bool:
    """Whether a translation and each of its plural forms says something."""
    if not string or isinstance(string, str):
        return bool(string)
    return all(string)


def _put(path: Path, content: bytes) -> None:
    if not path.exists() or path.read_bytes() != content:
        path.write_bytes(content)


if __name__ == "__main__":
    sys.exit(main())
