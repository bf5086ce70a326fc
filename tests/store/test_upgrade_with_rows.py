"""Whatever version wrote the database: the upgrade keeps every row of every table, word for word."""

from datetime import UTC, datetime
from typing import Any

import pytest
from alembic import command
from sqlalchemy import Column, MetaData, Table
from sqlalchemy.types import JSON, Boolean, DateTime, Float, Integer

from bot.store import migrate
from bot.store.db import connect

REVISIONS = [script.revision for script in migrate._directory(migrate.SCRIPTS).walk_revisions()][::-1]
AT = datetime(2026, 11, 28, 21, 0, 0, 123456, tzinfo=UTC)


def value(column: Column[Any]) -> Any:
    """Something in every column, also in those that may be empty; every reference is to row 1."""
    match column.type:
        case Boolean():
            return True
        case Integer():
            return 1
        case Float():
            return 0.5
        case DateTime():
            # SQLite keeps no zone: its column gives back what it was given.
            return AT.replace(tzinfo=None) if not column.type.timezone else AT
        case JSON():
            return {"words": ["è", 1]}
        case _:
            return f"{column.name} è 🙂"


def rows(database_url: str) -> dict[str, list[dict[str, Any]]]:
    engine = connect(database_url)
    metadata = MetaData()
    try:
        with engine.connect() as connection:
            metadata.reflect(connection)
            return {
                table.name: [dict(row) for row in connection.execute(table.select()).mappings()]
                for table in metadata.sorted_tables
                if table.name != "alembic_version"
            }
    finally:
        engine.dispose()


def filled(table: Table) -> dict[str, Any]:
    return {column.name: value(column) for column in table.columns}


@pytest.mark.parametrize("revision", REVISIONS)
def test_every_row_survives(database_url: str, revision: str) -> None:
    with migrate._locked(database_url) as connection:
        command.upgrade(migrate._config(migrate.SCRIPTS, connection), revision)
        metadata = MetaData()
        metadata.reflect(connection)
        for table in metadata.sorted_tables:
            if table.name != "alembic_version":
                connection.execute(table.insert().values(filled(table)))
    before = rows(database_url)
    assert before
    assert all(len(found) == 1 for found in before.values())
    assert migrate.upgrade(database_url) == REVISIONS[REVISIONS.index(revision) + 1 :]
    after = rows(database_url)
    kept = {name: [{key: row[key] for key in before[name][0]} for row in after[name]] for name in before}
    assert kept == before
