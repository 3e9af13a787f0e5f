"""Calls that wait for a human."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select

from voicebot.core.errors import RecordsError
from voicebot.core.ids import CallId, ClientId, TicketId
from voicebot.records.database import Database
from voicebot.records.tables import TicketRow


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketText:
    """What the secretary reads, and how much it matters."""

    reason: str
    urgency_kind: str | None
    base_priority: int
    """Score at the start; one point is added per second waited."""
    summary: str
    transcript: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredTicket:
    """A ticket as the database has it."""

    id: TicketId
    client: ClientId | None
    call: CallId
    state: str
    created_at: datetime
    """Aware UTC; waiting counts from here."""
    text: TicketText


def open_ticket(database: Database, *, client: ClientId | None, call: CallId, text: TicketText, now: datetime) -> TicketId:
    """Open the call's ticket; committed on return.

    A call has one open ticket: asked again, its text is renewed, it keeps its rank, and its priority and reason only rise.

    Raises:
        RecordsError: the client or call is unknown, or the database refuses.
    """
    with database.transaction() as session:
        still_open = select(TicketRow).where(col(TicketRow.call_id) == call, col(TicketRow.closed_at).is_(None))
        row = session.exec(still_open.with_for_update()).first()
        if row is None:
            row = TicketRow(
                client_id=client, call_id=call, state="waiting", reason=text.reason, urgency_kind=text.urgency_kind,
                base_priority=text.base_priority, summary="", transcript=[], created_at=now,
            )  # fmt: skip
        elif text.base_priority > row.base_priority:
            row.reason, row.urgency_kind, row.base_priority = text.reason, text.urgency_kind, text.base_priority
        row.summary, row.transcript = text.summary, list(text.transcript)
        session.add(row)
    if row.id is None:
        raise RecordsError("the database gave no id to a new ticket")
    return TicketId(row.id)


def open_tickets(database: Database) -> tuple[StoredTicket, ...]:
    """Tickets not closed, oldest first.

    Raises:
        RecordsError: the database refuses.
    """
    query = select(TicketRow).where(col(TicketRow.closed_at).is_(None)).order_by(col(TicketRow.id))
    with database.session() as session:
        return tuple(_stored(row) for row in session.exec(query))


def _stored(row: TicketRow) -> StoredTicket:
    return StoredTicket(
        id=TicketId(row.id or 0),
        client=None if row.client_id is None else ClientId(row.client_id),
        call=CallId(row.call_id),
        state=row.state,
        created_at=row.created_at,
        text=TicketText(
            reason=row.reason,
            urgency_kind=row.urgency_kind,
            base_priority=row.base_priority,
            summary=row.summary,
            transcript=tuple(row.transcript),
        ),
    )
