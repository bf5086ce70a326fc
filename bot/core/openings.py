"""How may a match of a regular expression begin? Known beforehand, most places of a text need not be tried at all.

It reads the plain part of the language that triage_words is written in: letters, groups, classes, counted repetition.
What it does not know it takes for "anything", which costs time and never a match.
"""

import re
from functools import lru_cache

LENGTH = 4
"""Characters of an opening: with fewer too many places are tried, with more nothing is gained."""

_ANYTHING = "*"
"""Stands at the end of an opening after which we do not know how it goes on."""
_ATOM = re.compile(r"\\.|\[\^?[^\]]*\]|.", re.DOTALL)
_PLAIN = re.compile(rf"[a-z0-9 ]{{{LENGTH}}}(?![?*+{{])")
_REPEATED = re.compile(r"\?|\*|\+|\{(\d+)(,\d*)?\}")
_GROUP = re.compile(r"\(\?(:|<?[=!])")


def openings(pattern: str) -> frozenset[str]:
    """Every match of `pattern` begins with one of these, each at most LENGTH characters; "" is any beginning."""
    return frozenset(found.rstrip(_ANYTHING) for found in _of_branches(pattern))


def branches(pattern: str) -> list[str]:
    """The alternatives of a pattern, without those inside its groups."""
    found, depth, start = [], 0, 0
    for atom in _ATOM.finditer(pattern):
        depth += (atom[0] == "(") - (atom[0] == ")")
        if atom[0] == "|" and not depth:
            found.append(pattern[start : atom.start()])
            start = atom.end()
    return [*found, pattern[start:]]


def _of_branches(pattern: str) -> set[str]:
    return set().union(*(_of_sequence(branch) for branch in branches(pattern)))


@lru_cache(maxsize=2_000)
def _of_sequence(sequence: str) -> frozenset[str]:
    """Openings of one alternative; those that end in _ANYTHING may not be made longer by what follows."""
    if not sequence:
        return frozenset({""})
    if plain := _PLAIN.match(sequence):
        return frozenset({plain[0]})
    first, rest = _first(sequence)
    repeated = _REPEATED.match(rest)
    often = repeated[0] if repeated else ""
    rest = rest[len(often) :]
    found = _of_first(first)
    if often not in ("", "?"):
        found = {opening + _ANYTHING for opening in found}
    if often in ("?", "*") or (repeated is not None and repeated[1] == "0"):
        found.add("")
    longer: set[str] = set()
    for opening in found:
        if opening.endswith(_ANYTHING) or len(opening) >= LENGTH:
            longer.add(opening)
        else:
            longer |= {(opening + more)[:LENGTH] for more in _of_sequence(rest)}
    return frozenset(longer)


def _of_first(first: str) -> set[str]:
    group = _GROUP.match(first)
    if group is not None:
        # What looks around takes no characters.
        return _of_branches(first[group.end() : -1]) if group[1] == ":" else {""}
    if first == r"\b":
        return {""}
    if first == r"\d":
        return set("0123456789")
    if len(first) > 2 and first[0] == "[" and first[1:-1].isalnum():
        return set(first[1:-1])
    return {first} if first.isalnum() or first in " ,;:!%" else {_ANYTHING}


def _first(sequence: str) -> tuple[str, str]:
    """The first thing of a sequence, a group as a whole, and what follows it."""
    depth = 0
    for atom in _ATOM.finditer(sequence):
        depth += (atom[0] == "(") - (atom[0] == ")")
        if not depth:
            return sequence[: atom.end()], sequence[atom.end() :]
    raise AssertionError("a bracket is left open")
