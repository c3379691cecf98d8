"""Run by Alembic: applies revisions on the connection (and in the transaction) that `schemas.migrations` hands over."""

from __future__ import annotations

from alembic import context

from schemas.tables import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    render_as_batch=True,  # SQLite alters a table by rebuilding it
)
with context.begin_transaction():
    context.run_migrations()
