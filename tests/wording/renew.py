"""Writes the golden files anew: `python tests/wording/renew.py`. Look at the difference before you commit it."""

import sys
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[2])]

from samples import goldens  # noqa: E402 - the path comes first

GOLDENS = Path(__file__).parent / "goldens"


def main() -> None:
    GOLDENS.mkdir(exist_ok=True)
    wanted = goldens()
    for path in GOLDENS.glob("*.txt"):
        if path.name not in wanted:
            path.unlink()
    for file, content in wanted.items():
        (GOLDENS / file).write_text(content, encoding="utf-8")
    sys.stdout.write(f"{len(wanted)} golden files\n")


if __name__ == "__main__":
    main()
