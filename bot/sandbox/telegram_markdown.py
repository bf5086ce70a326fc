"""The Bot API's MarkdownV2, read as Telegram reads it (TDLib's parse_markdown_v2; checked 2026-11)."""

import re

from bot.sandbox.telegram_markup import Entities, Out, link, unreadable

_RESERVED = "_*[]()~`>#+-=|{}.!\n"
_MARKDOWN_NAMES = {  # as TDLib prints them
    "bold": "Bold",
    "italic": "Italic",
    "underline": "Underline",
    "strikethrough": "Strikethrough",
    "spoiler": "Spoiler",
    "code": "Code",
    "pre": "Pre",
    "text_link": "TextUrl",
    "custom_emoji": "CustomEmoji",
    "blockquote": "BlockQuote",
}


def read_markdown(text: str) -> tuple[str, Entities]:
    """The text without markup, and its entities. Raises: ApiRefusal 400 in Telegram's words."""
    out, at, quoting = Out(text), 0, False
    while at < len(text):
        char = text[at]
        if char == "\\" and "\0" < text[at + 1 : at + 2] <= "~":
            out.add(text[at + 1])
            at += 2
            continue
        inside = out.open[-1].kind if out.open else ""
        if char not in ("`" if inside in ("code", "pre") else _RESERVED):
            out.add(char)
            at += 1
        elif char == "\n" and quoting and text[at + 1 : at + 2] != ">":
            if inside != "blockquote":
                raise _endless(out)
            out.add("\n")
            out.end(out.open.pop())
            quoting, at = False, at + 1
        elif _ends(inside, text, at):
            at = _markdown_end(out, at)
        elif char == "\n" or (char == ">" and at == 0):
            if char == "\n":
                out.add("\n")
                at += 1
            if text[at : at + 1] == ">":
                if not quoting:
                    out.begin("blockquote", at)
                    quoting = True
                at += 1
        else:
            at = _markdown_start(out, at)
    if quoting and out.open and out.open[-1].kind == "blockquote":
        out.end(out.open.pop())
    if out.open:
        raise _endless(out)
    return out.done()


def _endless(out: Out) -> Exception:
    opened = out.open[-1]
    name = "PreCode" if opened.kind == "pre" and opened.argument else _MARKDOWN_NAMES[opened.kind]
    return unreadable(f"Can't find end of {name} entity at byte offset {out.byte(opened.at)}")


def _ends(kind: str, text: str, at: int) -> bool:
    marks = {"bold": "*", "code": "`", "pre": "```", "text_link": "]", "custom_emoji": "]"}
    marks |= {"underline": "__", "strikethrough": "~", "spoiler": "||"}
    if kind == "italic":
        return text[at] == "_" and text[at + 1 : at + 2] != "_"
    return kind in marks and text.startswith(marks[kind], at)


def _markdown_start(out: Out, at: int) -> int:
    """Begins an entity; where its text begins."""
    text = out.source
    for mark, kind in (("__", "underline"), ("||", "spoiler"), ("![", "custom_emoji"), ("```", "pre")):
        if text.startswith(mark, at):
            if kind == "pre":
                return _markdown_block(out, at)
            out.begin(kind, at)
            return at + len(mark)
    kind = {"_": "italic", "*": "bold", "~": "strikethrough", "[": "text_link", "`": "code"}.get(text[at], "")
    if not kind:
        raise unreadable(f"Character '{text[at]}' is reserved and must be escaped with the preceding '\\'")
    out.begin(kind, at)
    return at + 1


def _markdown_block(out: Out, begin: int) -> int:
    language = re.compile(r"[^\s`]*").match(out.source, begin + 3)
    assert language is not None
    named = bool(language.group()) and out.source[language.end() : language.end() + 1] not in ("`", "")
    at = language.end() if named else begin + 3
    out.begin("pre", begin, language.group() if named else "")
    newline = re.compile(r"\r\n|\n\r|\n|\r").match(out.source, at)
    return newline.end() if newline else at


def _markdown_end(out: Out, at: int) -> int:
    """Ends the innermost entity; where the text goes on."""
    opened = out.open.pop()
    if opened.kind == "pre":
        out.end(opened, **({"language": opened.argument} if opened.argument else {}))
        return at + 3
    if opened.kind in ("underline", "spoiler"):
        out.end(opened)
        return at + 2
    if opened.kind == "text_link":
        said, after = _markdown_url(out, at, "a URL")
        address = link("".join(out.parts[opened.text_at :]) if said is None else said)
        if address:
            out.end(opened, url=address)
        return after
    if opened.kind == "custom_emoji":
        said, after = _markdown_url(out, at, "a custom emoji URL")
        number = (said or "").removeprefix("tg://emoji?id=")
        if said is None or not number.isdigit():
            raise unreadable("Custom emoji entity must contain a tg://emoji URL")
        out.end(opened, custom_emoji_id=number)
        return after
    out.end(opened)
    return at + 1


def _markdown_url(out: Out, at: int, what: str) -> tuple[str | None, int]:
    """The address in parentheses after "]", None when there is none, and where the text goes on."""
    text = out.source
    if text[at + 1 : at + 2] != "(":
        return None, at + 1
    said, here = "", at + 2
    while here < len(text) and text[here] != ")":
        if text[here] == "\\" and "\0" < text[here + 1 : here + 2] <= "~":
            here += 1
        said += text[here]
        here += 1
    if here >= len(text):
        raise unreadable(f"Can't find end of {what} at byte offset {out.byte(at + 2)}")
    return said, here + 1
