"""What people read, seen as a whole: a change of sentence is looked at and agreed, not discovered at 03:10.

Every kind of message in both languages stands in goldens/ as readable text. After a wanted change:
`make translations`, translate, `python tests/wording/renew.py`, and read the difference.
"""

from pathlib import Path

import pytest
from samples import goldens

GOLDENS = Path(__file__).parent / "goldens"
WANTED = goldens()


@pytest.mark.parametrize("file", sorted(WANTED))
def test_it_reads_as_agreed(file: str) -> None:
    """Cure for a wanted change: python tests/wording/renew.py"""
    path = GOLDENS / file
    assert path.exists(), "new: python tests/wording/renew.py"
    assert WANTED[file] == path.read_text(encoding="utf-8")


def test_no_golden_file_is_left_over() -> None:
    assert {path.name for path in GOLDENS.glob("*.txt")} == set(WANTED)
