"""Runs the migrations; `bot.migrate` calls it with an open connection."""

from alembic import context

import services.tables  # noqa: F401 - fills the metadata
from bot.migrate import is_ours
from services.db import Base

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    compare_type=True,
    include_name=is_ours,
)
with context.begin_transaction():
    context.run_migrations()
