"""Alembic's entry point: runs the migrations on the connection it is given."""

from __future__ import annotations

from alembic import context

from voicebot.records.account_tables import UserRow
from voicebot.records.desk_tables import TicketRow
from voicebot.records.tables import ClientRow

_TABLES = (ClientRow, UserRow, TicketRow)
"""One of each module: importing a module is what makes its tables known."""

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=_TABLES[0].metadata,
    transactional_ddl=True,
    render_as_batch=True,
)
context.run_migrations()
