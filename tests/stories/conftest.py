"""Fixtures of the stories."""

import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from weekend import Weekend, weekend_stage


@pytest.fixture
async def weekend(tmp_path: Path) -> AsyncIterator[Weekend]:
    """Saturday night, everybody linked, nothing open."""
    async with weekend_stage(tmp_path) as stage:
        yield stage
