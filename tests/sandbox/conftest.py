"""Helpers that stand beside the tests (telegram_night.py, x_here.py) can be imported by their name; fixtures of X."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from x_here import here, x_board, x_door, x_server

__all__ = ["here", "x_board", "x_door", "x_server"]
