"""What keeps a text from being TOML at all, told to somebody who has never heard of TOML.

The parser stops at the first stumble and names it in its own words, sometimes lines after the cause. Here its words
become plain ones, the line that caused it is found, and reading goes on behind it, so that several such mistakes come
out at once. What a file means is looked at only when it reads.
"""

import re
import tomllib
from bisect import bisect_right
from itertools import accumulate
from typing import NamedTuple

from schedules.problems import Problem
from schedules.toml_lines import TOKEN
from schedules.toml_notes import plainly
from schedules.toml_words import plain, unseen

STUMBLES_MAX = 20
# Each further stumble costs another reading; in a file longer than any team's the first is enough.
LENGTH_TO_GO_ON = 200_000

_PLACE = re.compile(r"\s*\(at (?:line (\d+), column (\d+)|end of document)\)$")
_STATEMENT = re.compile(r"[\w.\"'-]+\s*=|\[\s*[\w\"'\[]")


class Stumble(NamedTuple):
    """One reason why a text does not read. line: 1-based, where it was caused.

    behind: the first line (1-based) that is not part of it, 0 when nothing can be read behind it.
    """

    line: int
    message: str
    cure: str
    behind: int = 0


def stumbles(text: str, source: str) -> list[Problem]:
    """Why the text is not TOML, at least one reason, by line. text: one that tomllib refuses."""
    lines = text.replace("\r\n", "\n").split("\n")
    found: list[Problem] = []
    left = list(lines)
    while len(found) < STUMBLES_MAX:
        joined = "\n".join(left)
        try:
            tomllib.loads(joined)
        except RecursionError:
            break
        except ValueError as error:
            stumble = _explained(joined, left, str(error))
        else:
            break
        if found and stumble.line == found[-1].line:
            break
        value = _shortened(lines[stumble.line - 1])
        found.append(Problem(source, stumble.line, "", value, stumble.message, stumble.cure))
        if not stumble.behind or len(text) > LENGTH_TO_GO_ON:
            break
        # A header that does not read must still end the table before it, or its keys would seem to stand there twice.
        is_header = left[stumble.line - 1].lstrip().startswith("[")
        left[stumble.line - 1 : stumble.behind - 1] = [""] * (stumble.behind - stumble.line)
        if is_header:
            left[stumble.line - 1] = f'["unreadable on line {stumble.line}"]'
    return found


def _shortened(line: str) -> str:
    return plainly(line.strip())


# -- where --


def _explained(text: str, lines: list[str], error: str) -> Stumble:
    found = _PLACE.search(error)
    told = _PLACE.sub("", error)
    if found and found[1]:
        line, column = int(found[1]), int(found[2])
    else:
        line, column = len(lines), len(lines[-1]) + 1
    starts = [0, *accumulate(len(each) + 1 for each in lines)]
    at = min(starts[line - 1] + column - 1, len(text))
    open_at = _open_bracket(text, at)
    opened = bisect_right(starts, open_at) if open_at is not None else line
    here = lines[line - 1].strip()
    if told.startswith(("Unterminated string", "Expected \"'")):
        # The parser ran to the end of the file: what it never closed is the last of its kind.
        begun = bisect_right(starts, max(text.rfind('"""'), text.rfind("'"), 0))
        return Stumble(begun, "a text that never ends", "end it with the quotes it begins with")
    around = text[open_at] if open_at is not None else ""
    if around == "{" and (opened < line or "}" not in lines[line - 1]):
        return Stumble(opened, "a { } over several lines", "write it on one line, to the closing }")
    if around == "[" and opened < line and (not here or _STATEMENT.match(here)):
        # What follows the list is taken for a part of it. At the end of the file there is nothing left to read.
        cure = "close the list with ], with a comma between its entries"
        return Stumble(opened, "a [ without its ]", cure, line if here else 0)
    letter = text[at : at + 1]
    if letter and not letter.isprintable() and letter not in "\n\t":
        return Stumble(line, *unseen(letter), line + 1)
    while around and at > starts[line - 1] and text[at - 1].isalnum():
        # It stumbled in the middle of a word of a list; what is wrong begins with the word.
        at -= 1
    message, cure = plain(told, here, text[at : starts[line] - 1].strip(), around)
    if message.startswith("stands twice") and (first := _first_of(lines, line)):
        message = f"{message}, first on line {first}"
    goes_on = opened == line and '"""' not in here and "'''" not in here
    return Stumble(line, message, cure, line + 1 if goes_on else 0)


def _open_bracket(text: str, at: int) -> int | None:
    """Where the innermost bracket of a value begins that is still open at `at`; None when none is."""
    stack: list[int] = []
    begins, in_header = True, False
    for match in TOKEN.finditer(text, 0, at):
        piece = match[0]
        if piece == "\n" and not stack:
            begins, in_header = True, False
        elif begins and piece == "[":
            begins, in_header = False, True
        elif in_header:
            continue
        else:
            begins = False
            if piece in ("[", "{"):
                stack.append(match.start())
            elif piece in ("]", "}") and stack:
                stack.pop()
    return stack[-1] if stack else None


def _first_of(lines: list[str], line: int) -> int:
    """The line on which the header or key of `line` stands for the first time; 0 when it is not found."""
    here = lines[line - 1].strip()
    if here.startswith("["):
        header = here.partition("#")[0].strip()
        return next((n for n, each in enumerate(lines[: line - 1], 1) if each.partition("#")[0].strip() == header), 0)
    key = here.partition("=")[0].strip()
    for number in range(line - 1, 0, -1):
        each = lines[number - 1].strip()
        if each.startswith("["):
            return 0
        if each.partition("=")[0].strip() == key and "=" in each:
            return number
    return 0
