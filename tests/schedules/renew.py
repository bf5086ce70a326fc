"""Writes anew the messages beside the bad rota files, and what the tool says in docs/rota.md.

Look at the difference, and commit only what you agree with.

Run: python tests/schedules/renew.py
"""

import os
import tempfile
from pathlib import Path

from test_rota_page import PAGE, renewed

from schedules.rota_file import RotaErrors, decode, load

BAD = Path(__file__).parent / "rota_files" / "bad"


def messages(path: Path) -> str:
    """What is told about a bad rota file, a line each."""
    try:
        load(decode(path.read_bytes(), path.name), path.name)
    except RotaErrors as errors:
        return "".join(f"{problem}\n" for problem in errors.problems)
    raise SystemExit(f"{path.name} is not bad at all")


if __name__ == "__main__":
    for bad in sorted(BAD.glob("*.toml")):
        bad.with_suffix(".txt").write_text(messages(bad), "utf-8")
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        PAGE.write_text(renewed(PAGE.read_text("utf-8"), Path(folder)), "utf-8")
