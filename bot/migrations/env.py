"""Alembic's entry point: runs the scripts on the connection and in the transaction that `upgrade` opened."""

from __future__ import annotations

from alembic import context
from sqlmodel import SQLModel

import bot.domain.tables  # noqa: F401 - declares what SQLModel.metadata holds

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=SQLModel.metadata,
    transactional_ddl=True,
    render_as_batch=True,
)
context.run_migrations()
