"""The Bot API's HTML, read as Telegram reads it (TDLib's parse_html; checked 2026-11)."""

import re
from typing import Any

from bot.sandbox.telegram_markup import Entities, Open, Out, link, unreadable

_HTML_TAGS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "tg-emoji": "custom_emoji",
    "a": "text_link",
    "pre": "pre",
    "code": "code",
    "blockquote": "blockquote",
}
_HTML_NAMES = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_HTML_CODE = re.compile(r"&(?:#(?:x([0-9a-fA-F]{1,6})|([0-9]{1,7}))|(lt|gt|amp|quot)(?![A-Za-z]));?")
_TAG_NAME = re.compile(r"[^\s>]*")
_ATTRIBUTE = re.compile(r"\s*([^\s=>]*)")


def read_html(text: str) -> tuple[str, Entities]:
    """The text without markup, and its entities. Raises: ApiRefusal 400 in Telegram's words."""
    out, at = Out(text), 0
    while at < len(text):
        char = text[at]
        if char == "&":
            plain, at = _html_code(text, at)
            out.add(plain)
        elif char != "<":
            out.add(char)
            at += 1
        elif text[at + 1 : at + 2] == "/":
            at = _html_end(out, at)
        else:
            at = _html_start(out, at)
    if out.open:
        raise unreadable(f'Can\'t find end tag corresponding to start tag "{out.open[-1].tag}"')
    return out.done()


def _html_code(text: str, at: int) -> tuple[str, int]:
    found = _HTML_CODE.match(text, at)
    if found is None:
        return "&", at + 1
    hexadecimal, decimal, name = found.groups()
    if name:
        return _HTML_NAMES[name], found.end()
    number = int(hexadecimal, 16) if hexadecimal else int(decimal)
    if not 0 < number < 0x10FFFF or 0xD800 <= number <= 0xDFFF:
        return "&", at + 1
    return chr(number), found.end()


def _html_start(out: Out, begin: int) -> int:
    """Reads a start tag; where it ends."""
    text, place = out.source, out.byte(begin)
    name = _TAG_NAME.match(text, begin + 1)
    assert name is not None
    tag, at = name.group().lower(), name.end()
    if at >= len(text):
        raise unreadable(f"Unclosed start tag at byte offset {place}")
    if tag not in _HTML_TAGS:
        raise unreadable(f'Unsupported start tag "{tag}" at byte offset {place}')
    argument = ""
    while True:
        at = _skip(text, at)
        if text[at : at + 1] == ">":
            break
        key, value, at = _html_attribute(text, at, tag, place)
        if (tag, key) in (("a", "href"), ("tg-emoji", "emoji-id"), ("blockquote", "expandable")):
            argument = value or ("1" if tag == "blockquote" else "")
        elif (tag, key) == ("code", "class") and value.startswith("language-"):
            argument = value.removeprefix("language-")
        elif (tag, key) == ("span", "class") and value.startswith("tg-"):
            argument = value.removeprefix("tg-")
    if tag == "span" and argument != "spoiler":
        raise unreadable(f'Tag "span" must have class "tg-spoiler" at byte offset {place}')
    out.begin(_HTML_TAGS[tag], begin, argument, tag)
    return at + 1


def _html_attribute(text: str, at: int, tag: str, place: int) -> tuple[str, str, int]:
    """An attribute's name, its value, and where it ends."""
    found = _ATTRIBUTE.match(text, at)
    assert found is not None
    key, at = found.group(1), _skip(text, found.end())
    if not key:
        raise unreadable(f'Empty attribute name in the tag "{tag}" at byte offset {place}')
    if text[at : at + 1] != "=":
        if (tag, key) == ("blockquote", "expandable") and at < len(text):
            return key, "", at
        raise unreadable(
            f'Expected equal sign in declaration of an attribute of the tag "{tag}" at byte offset {place}'
        )
    at = _skip(text, at + 1)
    if at >= len(text):
        raise unreadable(f'Unclosed start tag "{tag}" at byte offset {place}')
    if text[at] not in "'\"":
        token = re.compile(r"[A-Za-z0-9.-]*").match(text, at)
        assert token is not None
        if not (text[token.end() : token.end() + 1].isspace() or text[token.end() : token.end() + 1] == ">"):
            raise unreadable(f"Unexpected end of name token at byte offset {len(text[:at].encode())}")
        return key, token.group().lower(), token.end()
    closing = text.find(text[at], at + 1)
    if closing < 0 or closing + 1 >= len(text):
        raise unreadable(f"Unclosed start tag at byte offset {place}")
    return key, _HTML_CODE.sub(lambda code: _html_code(code.group(), 0)[0], text[at + 1 : closing]), closing + 1


def _html_end(out: Out, begin: int) -> int:
    """Reads an end tag; where it ends."""
    text, place = out.source, out.byte(begin)
    if not out.open:
        raise unreadable(f"Unexpected end tag at byte offset {place}")
    name = _TAG_NAME.match(text, begin + 2)
    assert name is not None
    at = _skip(text, name.end())
    if text[at : at + 1] != ">":
        raise unreadable(f"Unclosed end tag at byte offset {place}")
    opened, tag = out.open.pop(), name.group().lower()
    if tag and tag != opened.tag:
        raise unreadable(
            f'Unmatched end tag at byte offset {place}, expected "</{opened.tag}>", found "</{tag}>"',
        )
    _html_close(out, opened)
    return at + 1


def _html_close(out: Out, opened: Open) -> None:
    if opened.kind == "text_link":
        address = link(opened.argument or "".join(out.parts[opened.text_at :]))
        if address:
            out.end(opened, url=address)
    elif opened.kind == "custom_emoji":
        if not opened.argument.isdigit():
            raise unreadable("Invalid custom emoji identifier specified")
        out.end(opened, custom_emoji_id=opened.argument)
    elif opened.kind == "blockquote":
        opened.kind = "expandable_blockquote" if opened.argument else "blockquote"
        out.end(opened)
    elif opened.kind == "pre" and out.entities and _spans(out.entities[-1], out, opened, "code"):
        code = out.entities.pop()
        out.end(opened, **({"language": code["language"]} if "language" in code else {}))
    elif opened.kind == "code" and opened.argument and _within_pre(out, opened):
        out.end(opened, language=opened.argument)  # becomes the block's language when <pre> ends
    else:
        out.end(opened)


def _spans(last: dict[str, Any], out: Out, opened: Open, kind: str) -> bool:
    is_whole = (last["offset"], last["length"]) == (opened.start, out.length - opened.start)
    return last["type"] == kind and is_whole and "language" in last


def _within_pre(out: Out, opened: Open) -> bool:
    return bool(out.open) and out.open[-1].kind == "pre" and out.open[-1].start == opened.start


def _skip(text: str, at: int) -> int:
    while at < len(text) and text[at].isspace():
        at += 1
    return at
