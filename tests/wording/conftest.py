"""Lets the tests of wording share their samples (`import samples`)."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
