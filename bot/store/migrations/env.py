"""Run by alembic for every command; migrate.py hands in an open connection, already in a transaction."""

from alembic import context

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=context.config.attributes.get("metadata"),
    # SQLite cannot change a column in place; alembic then rebuilds the table.
    render_as_batch=True,
    # Our SQLite transactions begin before the first statement, so they cover changes of form as well.
    transactional_ddl=True,
    compare_type=True,
    compare_server_default=True,
)
with context.begin_transaction():
    context.run_migrations()
