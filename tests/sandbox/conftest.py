"""Helpers that stand beside the tests (telegram_night.py) can be imported by their name."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
