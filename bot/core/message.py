"""A message for a phone, before any messenger's own form: plain text, spans over it, rows of buttons."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Span:
    """Formatting over text[start:end], counted in Python characters (the door turns them into UTF-16).

    kind: bold | italic | code | pre | quote (a block quotation) | strike.
    """

    start: int
    end: int
    kind: str


@dataclass(frozen=True, slots=True)
class Button:
    """What can be pressed under a message: `data` (verb:id, 1 to 64 bytes) or `url`, exactly one of them.

    style: "" | primary | success | danger (Bot API 9.4; older clients ignore it).
    """

    label: str
    data: str = ""
    url: str = ""
    style: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """One message: at most 4096 characters.

    photo: a PNG above the text, which is then its caption, of at most 1024; where the picture is refused, the text goes
    alone.
    silent: it arrives without a sound. protect: it cannot be forwarded. ask: the reader's input box opens as a reply
    to it (only for a message without buttons).
    """

    text: str
    spans: tuple[Span, ...] = ()
    buttons: tuple[tuple[Button, ...], ...] = ()
    silent: bool = False
    protect: bool = True
    ask: bool = False
    photo: bytes = field(default=b"", repr=False)


@dataclass(slots=True)
class Draft:
    """Builds a Message piece by piece, so that offsets are never counted by hand."""

    text: str = ""
    spans: list[Span] = field(default_factory=list)
    rows: list[tuple[Button, ...]] = field(default_factory=list)

    def add(self, text: str, kind: str = "") -> "Draft":
        """Append text, formatted as `kind` when given."""
        start = len(self.text)
        self.text += text
        if kind and text:
            self.spans.append(Span(start, len(self.text), kind))
        return self

    def line(self, text: str = "", kind: str = "") -> "Draft":
        """Append text and a line break."""
        return self.add(text, kind).add("\n")

    def join(self, other: "Draft") -> "Draft":
        """Append another draft's text, formatting and buttons."""
        self.spans += [Span(len(self.text) + s.start, len(self.text) + s.end, s.kind) for s in other.spans]
        self.text += other.text
        self.rows += other.rows
        return self

    def row(self, *buttons: Button) -> "Draft":
        if buttons:
            self.rows.append(buttons)
        return self

    def done(self, *, silent: bool = False, protect: bool = True) -> Message:
        """The finished message, without trailing blank space."""
        text = self.text.rstrip()
        spans = tuple(Span(s.start, min(s.end, len(text)), s.kind) for s in self.spans if s.start < len(text))
        return Message(text, spans, tuple(self.rows), silent, protect)
