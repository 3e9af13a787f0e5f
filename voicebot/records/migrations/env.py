"""Alembic's entry point: runs the migrations on the connection it is given."""

from __future__ import annotations

from alembic import context

from voicebot.records.tables import ClientRow

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=ClientRow.metadata,
    transactional_ddl=True,
    render_as_batch=True,
)
context.run_migrations()
