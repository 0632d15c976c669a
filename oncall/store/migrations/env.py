"""How Alembic reaches the database: by the connection that `store.migrate` hands it."""

from alembic import context
from sqlmodel import SQLModel

from oncall.store import tables as tables  # noqa: PLC0414 (declares the metadata)

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=SQLModel.metadata,
    render_as_batch=True,
    compare_type=True,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
