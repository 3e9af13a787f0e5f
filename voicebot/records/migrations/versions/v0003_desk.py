"""The desk: tickets with all that happens to them, secretaries, wrap-ups, notes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_LIVE = sa.text("state IN ('connecting', 'offered', 'talking', 'waiting')")
_HELD = sa.text("state IN ('calling_back', 'connecting', 'offered', 'talking', 'wrap_up')")
_OPEN = sa.text("state IN ('callback_due', 'calling_back', 'connecting', 'offered', 'talking', 'waiting', 'wrap_up')")


def upgrade() -> None:
    """Extend the tickets, whose rows stay as they are, and create the other tables."""
    _add_ticket_columns()
    _fill_ticket_columns()
    _bind_ticket_columns()
    _index_tickets()
    _create_ticket_events()
    _create_secretaries()
    _create_wrap_ups()
    _create_ticket_notes()


def _add_ticket_columns() -> None:
    """All may be empty at first: there are rows."""
    with op.batch_alter_table("tickets") as tickets:
        tickets.add_column(sa.Column("version", sa.Integer(), nullable=True))
        tickets.add_column(sa.Column("caller", sa.String(), nullable=True))
        tickets.add_column(sa.Column("person", sa.String(), nullable=True))
        tickets.add_column(sa.Column("language", sa.String(), nullable=True))
        tickets.add_column(sa.Column("secretary_id", sa.Integer(), nullable=True))
        tickets.add_column(sa.Column("deadline", sa.DateTime(timezone=True), nullable=True))
        tickets.add_column(sa.Column("widened_at", sa.DateTime(timezone=True), nullable=True))
        tickets.add_column(sa.Column("refused_by", sa.JSON(), nullable=True))
        tickets.add_column(sa.Column("offers", sa.Integer(), nullable=True))
        tickets.add_column(sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True))
        tickets.add_column(sa.Column("connected_at", sa.DateTime(timezone=True), nullable=True))
        tickets.add_column(sa.Column("released_at", sa.DateTime(timezone=True), nullable=True))
        tickets.add_column(sa.Column("wrap_up_extended", sa.Boolean(), nullable=True))
        tickets.add_column(sa.Column("left", sa.String(), nullable=True))
        tickets.add_column(sa.Column("left_at", sa.DateTime(timezone=True), nullable=True))
        tickets.add_column(sa.Column("attempts", sa.Integer(), nullable=True))
        tickets.add_column(sa.Column("due_at", sa.DateTime(timezone=True), nullable=True))


def _fill_ticket_columns() -> None:
    """What a ticket of before was; number and language are those of its call."""
    op.execute(
        sa.text(
            "UPDATE tickets SET version = 1, refused_by = '[]', offers = 0, wrap_up_extended = :no, attempts = 0,"
            " caller = (SELECT calls.caller FROM calls WHERE calls.id = tickets.call_id),"
            " language = (SELECT calls.language FROM calls WHERE calls.id = tickets.call_id)"
        ).bindparams(sa.bindparam("no", value=False, type_=sa.Boolean()))
    )


def _bind_ticket_columns() -> None:
    op.drop_index("ix_tickets_client_id", "tickets")
    op.drop_index("ix_tickets_created_at", "tickets")
    op.drop_index("uq_tickets_open_call", "tickets")
    with op.batch_alter_table("tickets") as tickets:
        tickets.alter_column("created_at", new_column_name="waiting_since")
        tickets.alter_column("base_priority", new_column_name="base_score")
        tickets.alter_column("version", existing_type=sa.Integer(), nullable=False)
        tickets.alter_column("language", existing_type=sa.String(), nullable=False)
        tickets.alter_column("refused_by", existing_type=sa.JSON(), nullable=False)
        tickets.alter_column("offers", existing_type=sa.Integer(), nullable=False)
        tickets.alter_column("wrap_up_extended", existing_type=sa.Boolean(), nullable=False)
        tickets.alter_column("attempts", existing_type=sa.Integer(), nullable=False)
        tickets.create_foreign_key("fk_tickets_secretary_id_users", "users", ["secretary_id"], ["id"])


def _index_tickets() -> None:
    op.create_index("uq_tickets_live_call", "tickets", ["call_id"], unique=True, sqlite_where=_LIVE, postgresql_where=_LIVE)
    op.create_index(
        "uq_tickets_held_secretary", "tickets", ["secretary_id"], unique=True, sqlite_where=_HELD, postgresql_where=_HELD
    )
    op.create_index("ix_tickets_open", "tickets", ["waiting_since"], unique=False, sqlite_where=_OPEN, postgresql_where=_OPEN)
    op.create_index("ix_tickets_caller", "tickets", ["client_id", "caller", "left_at"], unique=False)
    op.create_index("ix_tickets_call_id", "tickets", ["call_id"], unique=False)


def _create_ticket_events() -> None:
    op.create_table(
        "ticket_events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("from_state", sa.String(), nullable=True),
        sa.Column("to_state", sa.String(), nullable=True),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"]),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_ticket_events_ticket_id", "ticket_events", ["ticket_id"], unique=False)


def _create_secretaries() -> None:
    op.create_table(
        "secretaries",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("declared", sa.String(), nullable=False),
        sa.Column("break_reason", sa.String(), nullable=True),
        sa.Column("alert", sa.Boolean(), nullable=False),
        sa.Column("idle_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cooldown_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("missed_offers", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"]),
        sa.PrimaryKeyConstraint("user_id"),
    )


def _create_wrap_ups() -> None:
    op.create_table(
        "wrap_ups",
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("person", sa.String(), nullable=True),
        sa.Column("phone", sa.String(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("intent", sa.String(), nullable=True),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("corrections", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"]),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"]),
        sa.PrimaryKeyConstraint("ticket_id"),
    )


def _create_ticket_notes() -> None:
    op.create_table(
        "ticket_notes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"]),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_ticket_notes_ticket_id", "ticket_notes", ["ticket_id"], unique=False)
