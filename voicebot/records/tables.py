"""The tables, as the code of this package sees them. Rows never leave the package."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, text
from sqlmodel import Field, SQLModel

from voicebot.records.columns import UtcDateTime

SINGLE_AGENDA = ""
"""`practitioner` of a firm with one agenda: a value, not NULL, so that unique indexes hold."""


class ClientRow(SQLModel, table=True):
    """A firm that is answered for. Its row is the lock under which its agenda changes."""

    __tablename__ = "clients"
    id: str = Field(primary_key=True)
    name: str
    zone: str
    """IANA name, e.g. Europe/Paris."""
    consignes_version: str
    updated_at: datetime = Field(sa_type=UtcDateTime)


class LineRow(SQLModel, table=True):
    """A dialled number, which belongs to one client."""

    __tablename__ = "lines"
    number: str = Field(primary_key=True)
    """E.164."""
    client_id: str = Field(foreign_key="clients.id", index=True)


class CallerRow(SQLModel, table=True):
    """Somebody who has called a client; never shared between clients."""

    __tablename__ = "callers"
    client_id: str = Field(foreign_key="clients.id", primary_key=True)
    number: str = Field(primary_key=True)
    """E.164."""
    name: str | None = None
    """The last confirmed one."""
    names_seen: list[str] = Field(sa_type=JSON)
    calls: int
    last_call_at: datetime = Field(sa_type=UtcDateTime)


class CallRow(SQLModel, table=True):
    """A call, from answer to end."""

    __tablename__ = "calls"
    id: str = Field(primary_key=True)
    client_id: str | None = Field(default=None, foreign_key="clients.id", index=True)
    """None when the dialled line belongs to nobody."""
    line: str | None = None
    caller: str | None = Field(default=None, index=True)
    """Calling number, E.164; None when withheld."""
    started_at: datetime = Field(sa_type=UtcDateTime, index=True)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    zone: str
    duration_s: float | None = None
    language: str
    end_reason: str | None = None
    """None while the call lasts; written once."""
    outcome: str | None = None
    intent: str | None = None
    """The main one."""
    urgent: bool = False
    consignes_version: str | None = None
    recording_path: str | None = None
    notice: dict[str, Any] | None = Field(default=None, sa_type=JSON)
    """When, in which language and with which audio the notice was played."""


class TurnRow(SQLModel, table=True):
    """What one side said."""

    __tablename__ = "turns"
    call_id: str = Field(foreign_key="calls.id", primary_key=True)
    index: int = Field(primary_key=True)
    t_s: float
    speaker: str
    """`caller`, `bot` or `secretary`."""
    text: str
    heard_text: str | None = None
    """What was really heard of it: raw recognition (caller, secretary) or the part played before an interruption (bot)."""
    intent: str | None = None
    language: str


class EventRow(SQLModel, table=True):
    """One fact of a call, in order: the replay reads these."""

    __tablename__ = "events"
    call_id: str = Field(foreign_key="calls.id", primary_key=True)
    seq: int = Field(primary_key=True)
    t_s: float
    kind: str
    data: dict[str, Any] = Field(sa_type=JSON)


class RecordingRow(SQLModel, table=True):
    """Audio kept of a call."""

    __tablename__ = "recordings"
    id: int | None = Field(default=None, primary_key=True)
    call_id: str = Field(foreign_key="calls.id", index=True)
    path: str
    sha256: str
    rate_hz: int
    duration_s: float
    created_at: datetime = Field(sa_type=UtcDateTime)


class MessageRow(SQLModel, table=True):
    """A message, call-back request, lead or unconfirmed appointment request."""

    __tablename__ = "messages"
    id: int | None = Field(default=None, primary_key=True)
    client_id: str = Field(foreign_key="clients.id", index=True)
    call_id: str | None = Field(default=None, foreign_key="calls.id", index=True)
    kind: str
    person: str | None = None
    phone: str | None = None
    reason: str
    for_person: str | None = None
    urgent: bool
    best_time: str | None = None
    unsure: list[str] = Field(sa_type=JSON)
    created_at: datetime = Field(sa_type=UtcDateTime, index=True)
    read_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class AppointmentRow(SQLModel, table=True):
    """An appointment. At most one booked per agenda and start, whatever the code does."""

    __tablename__ = "appointments"
    __table_args__ = (
        Index(
            "uq_appointments_booked_start",
            "client_id",
            "practitioner",
            "starts_at",
            unique=True,
            sqlite_where=text("status = 'booked'"),
            postgresql_where=text("status = 'booked'"),
        ),
        Index("ix_appointments_busy", "client_id", "busy_to"),
    )
    id: int | None = Field(default=None, primary_key=True)
    client_id: str = Field(foreign_key="clients.id")
    call_id: str | None = Field(default=None, foreign_key="calls.id", index=True)
    act: str
    practitioner: str
    """Person id, or SINGLE_AGENDA."""
    starts_at: datetime = Field(sa_type=UtcDateTime)
    ends_at: datetime = Field(sa_type=UtcDateTime)
    busy_to: datetime = Field(sa_type=UtcDateTime)
    """End with the buffer."""
    zone: str
    person: str
    phone: str | None = None
    unsure: list[str] = Field(sa_type=JSON)
    note: str
    status: str
    """`booked` -> `cancelled`."""
    created_at: datetime = Field(sa_type=UtcDateTime)


class HoldRow(SQLModel, table=True):
    """A slot reserved while details are taken."""

    __tablename__ = "holds"
    __table_args__ = (Index("ix_holds_busy", "client_id", "busy_to"),)
    id: int | None = Field(default=None, primary_key=True)
    client_id: str = Field(foreign_key="clients.id")
    call_id: str = Field(foreign_key="calls.id", index=True)
    act: str
    practitioner: str
    starts_at: datetime = Field(sa_type=UtcDateTime)
    ends_at: datetime = Field(sa_type=UtcDateTime)
    busy_to: datetime = Field(sa_type=UtcDateTime)
    zone: str
    status: str
    """`active` -> `booked` | `released`; an active one counts until `expires_at`."""
    expires_at: datetime = Field(sa_type=UtcDateTime)
    appointment_id: int | None = Field(default=None, foreign_key="appointments.id")
