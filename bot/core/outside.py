"""JSON from outside, read so that nothing in it trips us later: no number beyond all measure, no bottomless nest."""

import json
import math
from typing import Any

# Ids have 19 digits; Python itself refuses a number of more than 4300, and with it the whole answer.
DIGITS_MAX = 30
# Telegram's deepest object (a reply with buttons) has about 12 levels.
DEPTH_MAX = 60


def read_json(text: str | bytes) -> Any:
    """The values of a JSON text; a number that is none, or beyond all measure, is read as null.

    Raises: ValueError when it is no JSON, or nested too deeply to be read.
    """
    try:
        return json.loads(text, parse_int=_whole, parse_float=_finite, parse_constant=lambda _: None)
    except RecursionError:
        raise ValueError("nested too deeply") from None


def is_deep(value: Any, most: int = DEPTH_MAX) -> bool:
    """Is it nested more than `most` levels deep? Whatever walks through such a value may run out of stack."""
    level = [value]
    for _ in range(most):
        level = [
            inner
            for outer in level
            if isinstance(outer, dict | list)
            for inner in (outer.values() if isinstance(outer, dict) else outer)
        ]
        if not level:
            return False
    return True


def _whole(digits: str) -> int | None:
    return int(digits) if len(digits) <= DIGITS_MAX else None


def _finite(digits: str) -> float | None:
    value = float(digits)
    return value if math.isfinite(value) else None
