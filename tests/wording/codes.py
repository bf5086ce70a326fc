"""The codes that the lines write down for wording, collected from the sources: what a new one is, nobody has to list.

Only literals are seen (also on both sides of an `if else`, and "reply_" + a state); what a variable carries was a
literal elsewhere.
"""

import ast
from functools import cache
from pathlib import Path

from bot.core.reply import ReplyState
from bot.core.ticket import Move

BOT = Path(__file__).parents[2] / "bot"
# These say things by themselves, or to nobody.
ELSEWHERE = ("wording", "sandbox", "export.py")

# Which argument of which call carries a code: position, or the name of a keyword.
NOTICES: dict[str, int | str] = {"done": 0, "tell_leads": 0, "tell": 1, "say": "what", "_free": 3, "tell_affected": 2}
REFUSALS: dict[str, int | str] = {"Refused": 0, "say": "why"}
REASONS: dict[str, int | str] = {
    "back_to_draft": 1,
    "stop_reply": 2,
    "settle_failed": 2,
    "_drop": 2,
    "held_back": 2,
    "_keep": 4,
    "replace": "reason",
    "failed": 1,
}
X_REASONS: dict[str, int | str] = {"Temporary": 0, "Permanent": 0, "InDoubt": 0, "lost": 0}
QUESTIONS: dict[str, int | str] = {"ask": 0, "_ask": 2, "QuestionRow": "kind"}
VERBS: dict[str, int | str] = {"log": 3, "LogLine": 2, "_log_once": 2, "_free": 3, "noted": 0, "_first": 2}
# Carried on from a door's reason (core/trouble.py), when the leads are told.
TROUBLES = {"credits", "unauthorized", "conflict"}


def notice_codes() -> set[str]:
    """The strangers' "bad_link" is a kind of its own."""
    in_facts = {
        code
        for node in nodes()
        if isinstance(node, ast.Dict)
        for key, value in zip(node.keys, node.values, strict=True)
        if key is not None and literals(key) == {"what"}
        for code in literals(value)
    }
    return (_codes(NOTICES) | in_facts | TROUBLES) - {"bad_link"}


def refusal_codes() -> set[str]:
    """Without the sentences that the command line refuses with; they are no codes."""
    return {code for code in _codes(REFUSALS) if code.isidentifier()}


def reason_codes() -> set[str]:
    """Why a reply stopped: what the lines say, and what the X door says."""
    assigned = {code for node in nodes() if isinstance(node, ast.Assign) for code in _assigned(node, "reason")}
    stops = {
        code
        for node in nodes()
        if isinstance(node, ast.FunctionDef) and node.name == "_stop"
        for returned in ast.walk(node)
        if isinstance(returned, ast.Return) and returned.value is not None
        for code in literals(returned.value)
    }
    return {code for code in _codes(REASONS) | assigned | stops | x_reasons() if code}


def x_reasons() -> set[str]:
    """What the X door gives as a reason; its table of refusals included."""
    table = {
        pair.elts[1].value
        for node in nodes("x")
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Tuple)
        for pair in node.value.elts
        if isinstance(pair, ast.Tuple)
        and len(pair.elts) == 2
        and isinstance(pair.elts[1], ast.Constant)
        and isinstance(pair.elts[1].value, str)
    }
    return {code for code in _codes(X_REASONS, "x") | table if code.isidentifier()}


def silence_codes() -> set[str]:
    """Why X cannot be read: what reading raises as Temporary, and two refusals that fit any request."""
    return (x_reasons() & {"rate_limit", "credits", "unauthorized", "not_sent", "server", "unreadable"}) | {
        "forbidden",
        "bad_request",
    }


def question_codes() -> set[str]:
    """A reply in doubt is asked about on its own preview."""
    return _codes(QUESTIONS) - {"doubt"}


def verbs() -> set[str]:
    """What the log says about tickets; a move is logged by its name."""
    by_people = {move.value for move in Move if move not in (Move.RING, Move.ABANDON, Move.FURTHER, Move.OFFICE)}
    return _codes(VERBS, needs="ticket") | by_people


@cache
def nodes(folder: str = "") -> tuple[ast.AST, ...]:
    """Everything in the sources of a folder, read once for all that ask."""
    paths = (path for path in sorted((BOT / folder).rglob("*.py")) if path.relative_to(BOT).parts[0] not in ELSEWHERE)
    return tuple(node for path in paths for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))))


def literals(node: ast.expr) -> set[str]:
    """The strings an expression can be, as far as one can read them."""
    match node:
        case ast.Constant(value=str(text)):
            return {text}
        case ast.IfExp():
            return literals(node.body) | literals(node.orelse)
        case ast.BoolOp():
            return {text for value in node.values for text in literals(value)}
        case ast.BinOp(left=ast.Constant(value="reply_"), op=ast.Add()):
            return {f"reply_{state}" for state in ReplyState}
        case _:
            return set()


def _codes(where: dict[str, int | str], folder: str = "", needs: str = "") -> set[str]:
    """needs: only calls with this keyword count (the log's verbs about a ticket), unless they take none at all."""
    found: set[str] = set()
    for node in nodes(folder):
        if not isinstance(node, ast.Call):
            continue
        called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        at = where.get(called)
        keywords = {k.arg: k.value for k in node.keywords if k.arg}
        if at is None or (needs and called == "log" and needs not in keywords):
            continue
        if isinstance(at, int) and at < len(node.args):
            found |= literals(node.args[at])
        elif isinstance(at, str) and at in keywords:
            found |= literals(keywords[at])
    return found


def _assigned(node: ast.Assign, attribute: str) -> set[str]:
    """The literals given to `.attribute`, alone or in a tuple."""
    found: set[str] = set()
    for target in node.targets:
        pairs = [(target, node.value)]
        if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
            pairs = list(zip(target.elts, node.value.elts, strict=False))
        for one, value in pairs:
            if isinstance(one, ast.Attribute) and one.attr == attribute:
                found |= literals(value)
    return found
