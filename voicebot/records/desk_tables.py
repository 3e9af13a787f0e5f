"""The tables of the desk: tickets and their history, secretaries, what they write. Rows never leave the package."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, TextClause, text
from sqlmodel import Field, SQLModel

from voicebot.core.tickets import CLOSED, HELD, LIVE, TicketState
from voicebot.records.account_tables import UserRow
from voicebot.records.columns import UtcDateTime
from voicebot.records.tables import CallRow, ClientRow

_USER = f"{UserRow.__tablename__}.id"
_CALL = f"{CallRow.__tablename__}.id"
_CLIENT = f"{ClientRow.__tablename__}.id"
_TICKET = "tickets.id"


def _in(states: Iterable[TicketState]) -> TextClause:
    """A condition on `state`, spelled out: an index over some of the rows takes no parameters."""
    return text("state IN ({})".format(", ".join(f"'{state}'" for state in sorted(states))))


OPEN = _in(set(TicketState) - CLOSED)
"""Not closed. A query must use this very condition for the index of open tickets to serve it."""
_LIVE, _HELD = _in(LIVE), _in(HELD)


class TicketRow(SQLModel, table=True):
    """A `Ticket`: its docstrings are in `voicebot.core.tickets`. What must never happen is refused by the indexes."""

    __tablename__ = "tickets"
    __table_args__ = (
        Index("uq_tickets_live_call", "call_id", unique=True, sqlite_where=_LIVE, postgresql_where=_LIVE),
        Index("uq_tickets_held_secretary", "secretary_id", unique=True, sqlite_where=_HELD, postgresql_where=_HELD),
        Index("ix_tickets_open", "waiting_since", sqlite_where=OPEN, postgresql_where=OPEN),
        Index("ix_tickets_caller", "client_id", "caller", "left_at"),
    )
    id: int | None = Field(default=None, primary_key=True)
    version: int
    state: str
    client_id: str | None = Field(default=None, foreign_key=_CLIENT)
    call_id: str = Field(foreign_key=_CALL, index=True)
    caller: str | None = None
    person: str | None = None
    language: str
    reason: str
    urgency_kind: str | None = None
    base_score: int
    summary: str
    transcript: list[str] = Field(sa_type=JSON)
    waiting_since: datetime = Field(sa_type=UtcDateTime)
    secretary_id: int | None = Field(default=None, foreign_key=_USER)
    deadline: datetime | None = Field(default=None, sa_type=UtcDateTime)
    widened_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    refused_by: list[int] = Field(sa_type=JSON)
    offers: int
    accepted_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    connected_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    released_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    closed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    wrap_up_extended: bool
    left: str | None = None
    left_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    attempts: int
    due_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class TicketEventRow(SQLModel, table=True):
    """Why a ticket changed, written with the change; never changed itself."""

    __tablename__ = "ticket_events"
    id: int | None = Field(default=None, primary_key=True)
    ticket_id: int = Field(foreign_key=_TICKET, index=True)
    at: datetime = Field(sa_type=UtcDateTime)
    kind: str
    from_state: str | None = None
    """None for the first event of a ticket, and for one that changed nothing of it."""
    to_state: str | None = None
    user_id: int | None = Field(default=None, foreign_key=_USER)
    data: dict[str, Any] = Field(sa_type=JSON)


class SecretaryRow(SQLModel, table=True):
    """What is stored of a `Secretary`; who she is stands in her account."""

    __tablename__ = "secretaries"
    user_id: int = Field(foreign_key=_USER, primary_key=True)
    version: int
    declared: str
    break_reason: str | None = None
    alert: bool
    idle_since: datetime | None = Field(default=None, sa_type=UtcDateTime)
    cooldown_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    missed_offers: int


class WrapUpRow(SQLModel, table=True):
    """What a secretary wrote down of a ticket, once for each."""

    __tablename__ = "wrap_ups"
    ticket_id: int = Field(foreign_key=_TICKET, primary_key=True)
    user_id: int = Field(foreign_key=_USER)
    """Who wrote last."""
    written_at: datetime = Field(sa_type=UtcDateTime)
    person: str | None = None
    phone: str | None = None
    reason: str
    intent: str | None = None
    outcome: str
    note: str
    corrections: list[dict[str, Any]] = Field(sa_type=JSON)


class TicketNoteRow(SQLModel, table=True):
    """A note that somebody added to a ticket."""

    __tablename__ = "ticket_notes"
    id: int | None = Field(default=None, primary_key=True)
    ticket_id: int = Field(foreign_key=_TICKET, index=True)
    user_id: int = Field(foreign_key=_USER)
    at: datetime = Field(sa_type=UtcDateTime)
    text: str
