"""Fixtures of the deaths: a prepared database of each kind."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from prepared import Databases


@pytest.fixture
def on_sqlite(sqlite_template: Path, tmp_path: Path) -> Databases:
    """Copies of a SQLite file with tables, rota and phones."""
    path = tmp_path / "prepared.db"
    path.write_bytes(sqlite_template.read_bytes())
    return Databases(f"sqlite:///{path}", tmp_path)


@pytest.fixture
def on_postgresql(postgresql_server: str, postgresql_template: str, tmp_path: Path) -> Databases:
    """Copies of a PostgreSQL database with tables, rota and phones."""
    return Databases.on_server(postgresql_server, postgresql_template, tmp_path)


@pytest.fixture(params=["sqlite", "postgresql"])
def databases(request: pytest.FixtureRequest) -> Databases:
    """Both, one after the other."""
    found: Databases = request.getfixturevalue(f"on_{request.param}")
    return found
