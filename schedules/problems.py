"""What is wrong with a rota file (an error stops an import) and what is odd about a rota (a warning never does)."""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake in a rota file.

    line: 1-based, the nearest known. where: the key, as in rotas.primary.layers[0].turn; "" for a line or the file.
    value: what stands there, shortened ("" when something is missing). cure: what to write instead.
    """

    source: str
    line: int
    where: str
    value: str
    message: str
    cure: str

    def __str__(self) -> str:
        what = " = ".join(part for part in (self.where, self.value) if part)
        return f"{self.source}:{self.line}: {what}{': ' if what else ''}{self.message}; {self.cure}"


class RotaErrors(Exception):
    """A rota file that cannot be used, with every mistake in it, by line."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        self.problems = problems
        super().__init__("\n".join(str(problem) for problem in problems))


Stretch = tuple[datetime, datetime]
"""[start, end), aware UTC."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One warning about a rota.

    kind: a stable word. message: in English, without the dates. when: the stretches it is about, ascending.
    people, rotas: ids. about: what else it is about: "everywhere" (a gap on every rota), "weekends" | "nights" |
    "holidays" (unequal load), a line's id. amounts: how long: each one's load, in the order of people; a rest's length.
    """

    kind: str
    message: str
    when: tuple[Stretch, ...] = ()
    people: tuple[str, ...] = ()
    rotas: tuple[str, ...] = ()
    about: str = ""
    amounts: tuple[timedelta, ...] = ()
