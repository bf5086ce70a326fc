"""The words for what is wrong in a line that is not TOML: from the parser's to plain ones, with the cure.

Each function answers a pair: what is wrong, what to write instead.
"""

import re

from schedules.toml_notes import plainly

_SEE = "see the examples in docs/rota.md"

_ARRAYS = ("layers", "overrides", "changes", "absences", "steps")
_TIMES = ("starts", "until", "start", "end", "at", "made")
_ODD_QUOTES = re.compile("[“”„«»‘’‚`´]")
_BARE = re.compile(r"[^\s\"'\[\]{},=#]+(?: +[^\s\"'\[\]{},=#]+)*")


def plain(told: str, here: str, rest: str, around: str) -> tuple[str, str]:
    """What is wrong, and the cure. here: the line; rest: from the stumble on; around: the open bracket on the line."""
    if found := re.search(r"character '(\\x[0-9a-f]{2}|\\u[0-9a-f]{4}|[^'])'$", told):
        letter = found[1].encode("ascii", "ignore").decode("unicode_escape") if found[1].startswith("\\") else found[1]
        if not letter.isprintable():
            return unseen(letter)
    if told.endswith(("character '\\n'", "character '\\r'")):
        return "a text without its closing quote", "end the text with the quote it begins with, on the same line"
    if told.startswith(("Cannot declare", "Cannot redefine")):
        return _twice(here)
    if told.startswith(("Cannot overwrite", "Duplicate inline", "Cannot mutate")):
        if here.startswith("["):
            return _twice(here)
        return "stands twice in the same table", "keep one of them"
    if told.startswith(("Unescaped", "Invalid hex", "Escaped character")):
        return "a \\ inside a text", "write it twice: \\\\"
    if told == "Invalid date or datetime":
        return (
            "a day or time that does not exist",
            "look at the calendar: a month has 28 to 31 days, a day ends at 23:59",
        )
    if here.startswith("["):
        return _header(told, here)
    if _ODD_QUOTES.match(rest):
        return "quotes that a word processor made", 'write straight quotes: "…"'
    if around == "{" or told == "Unclosed inline table":
        return (
            "a { } that does not read",
            "write { key = value, key = value } on one line: no comma at the end, } to close",
        )
    if around == "[" or told == "Unclosed array":
        return _in_list(rest)
    if told.startswith(("Expected '=' after", "Invalid statement", "Invalid initial")):
        return _statement(here)
    return _value(here, rest)


def unseen(letter: str) -> tuple[str, str]:
    cure = "delete it, or write the line anew; the file must be plain text"
    return f"a character that cannot be seen (U+{ord(letter):04X})", cure


def _twice(here: str) -> tuple[str, str]:
    name = here.partition("#")[0].strip().strip("[] ")
    if here.startswith("[["):
        return (
            f"clashes with an earlier [{plainly(name)}] or {plainly(name)} = …",
            f"write each of them as [[{plainly(name)}]]",
        )
    if name.rpartition(".")[2] in _ARRAYS:
        return "stands twice", f"write each of them as [[{plainly(name)}]], with double brackets"
    return "stands twice", "keep one of them, with all its keys"


def _header(told: str, here: str) -> tuple[str, str]:
    doubled = here.startswith("[[")
    left, right = ("[[", "]]") if doubled else ("[", "]")
    name = here.partition("#")[0].strip().lstrip("[").partition("]")[0].strip()
    after = here.partition("]" * len(left))[2].strip()
    if told.startswith("Expected newline"):
        return "something behind a header", f"write it on the next line, below {left}{plainly(name)}{right}"
    before = here.partition("#")[0].rstrip()
    if after or "]" not in here or (before.endswith("]") and not before.endswith(right)):
        return f"a header without its {right}", f"write {left}{plainly(name)}{right}"
    parts = [part.strip() for part in name.split(".")]
    quoted = ".".join(part if re.fullmatch(r"[A-Za-z0-9_-]+", part) else f'"{part}"' for part in parts if part)
    return (
        "a header that does not read",
        f"write {left}{plainly(quoted) or 'people.giulia'}{right}: other letters need quotes",
    )


def _in_list(rest: str) -> tuple[str, str]:
    if bare := _BARE.match(rest):
        return "a text without quotes", f'write each in quotes, with commas between: ["{plainly(bare[0])}", …]'
    return (
        "a list that does not read",
        'write each text in quotes, a comma between two, and ] to close: ["giulia", "sara"]',
    )


def _statement(here: str) -> tuple[str, str]:
    if here.startswith(("//", ";", "--", "/*", "%")):
        return "a remark without #", "begin it with #"
    if found := re.match(r"([A-Za-z0-9_-]+)\s*:\s*(.*)", here):
        return "a colon after the key", f"write {found[1]} = {plainly(found[2]) or '…'}"
    key = here.partition("=")[0].strip()
    if "=" not in here:
        return "neither a key nor a header", "write key = value, or [header], or begin a remark with #"
    if not key:
        return "a value without a key", "write key = value"
    if " " in key:
        return "a key of several words", f'a key is one word; other names need quotes: "{plainly(key)}" = …'
    return "a key that does not read", f'names with other letters than a-z need quotes: "{plainly(key)}" = …'


_DAY_FIRST = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4})")
_DATE_TIME = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ,]*(\d{1,2}):(\d\d)(?::(\d\d))?)?")


def _value(here: str, rest: str) -> tuple[str, str]:
    key, _, written = (part.strip() for part in here.partition("="))
    if rest[:1] in ("]", "}"):
        return f"a {rest[0]} too many", "take it out"
    key = plainly(key)
    if not written or written.startswith("#"):
        return "no value", f"write one behind {key} =, or take the line out"
    if written.startswith("="):
        return "an = too many", "write one = between key and value"
    if written[0] in "[{" and rest and rest != written:
        return (
            f"something behind the closing {']' if written[0] == '[' else '}'}",
            "take it out: one value on each line",
        )
    if written[0] in ",;":
        return f"a {written[0]} too many", "take it out"
    if written.lower().rstrip(",;") in ("true", "false", "yes", "no", "on", "off"):
        return "neither true nor false", f"write {key} = true or {key} = false, in small letters"
    if day := _DAY_FIRST.match(written):
        return "not a date", f"write the year first: {day[3]}-{int(day[2]):02}-{int(day[1]):02}"
    if found := _DATE_TIME.match(written):
        return _date_time(found)
    if re.match(r"\d+,\d", written):
        return "a comma in a number", f"write {key} = {written.partition(' ')[0].replace(',', '.')}, with a point"
    if re.match(r"0\d", written):
        return "a number that begins with 0", f"write {key} = {written.lstrip('0')[:20] or '0'}"
    if re.match(r"[\"'\]}\dtf-]", written) and rest[:1] in (",", ";"):
        return f"a {rest[0]} at the end", "take it out: each key stands on a line of its own, without commas"
    if written[0] == '"' and rest:
        return "something behind the closing quote", 'one value on each line; a quote inside a text is written \\"'
    if bare := _BARE.match(written):
        if key in _TIMES:
            return "not a date", f"write {key} = 2026-11-27T18:00:00 or {key} = 2026-11-27"
        if len(words := [word.strip() for word in written.split(",")]) > 1 and all(map(_BARE.fullmatch, words)):
            return "a text without quotes", f"write {key} = [" + ", ".join(
                f'"{plainly(word)}"' for word in words[:4]
            ) + "]"
        if bare[0][0].isdigit() and re.match(r"[\d.]+\s", written + " ") and re.match(r"[\d.]+ +\S", written):
            return (
                "a number with a word",
                f'write the number alone, or all of it in quotes: {key} = "{plainly(bare[0])}"',
            )
        return "a text without quotes", f'write {key} = "{plainly(bare[0])}"'
    return "a value that does not read", _SEE


def _date_time(found: "re.Match[str]") -> tuple[str, str]:
    day = f"{found[1]}-{int(found[2]):02}-{int(found[3]):02}"
    if found[4] is None:
        return "not a date", f"write {day} alone, or with a time: {day}T18:00:00"
    if int(found[4]) == 24:
        return "no such time", "write 00:00:00 of the next day"
    return "a time that does not read", f"write it with seconds: {day}T{int(found[4]):02}:{found[5]}:{found[6] or '00'}"
