"""Fixtures of the command line's tests."""

import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from command_line import CommandLine, command_line


@pytest.fixture
async def shell(tmp_path: Path) -> AsyncIterator[CommandLine]:
    """A folder with settings and a rota, in front of the stand-ins, on a Saturday night."""
    async with command_line(tmp_path) as here:
        yield here
