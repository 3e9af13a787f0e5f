"""What secretaries write down of a ticket: the wrap-up, one for each, and notes, any number."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Literal, cast

from sqlmodel import Session, col, select

from voicebot.core.errors import RecordsError
from voicebot.core.ids import TicketId, UserId
from voicebot.records.database import Database
from voicebot.records.desk_tables import TicketNoteRow, TicketRow, WrapUpRow

Outcome = Literal["handled", "callback", "message", "booked", "transferred", "other"]
"""What came of the conversation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """Something that the bot had wrong."""

    field: str
    """`person`, `reason`, `intent`, an answer, ..."""
    was: str | None
    now: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WrapUp:
    """What is to be known of a conversation that is over."""

    person: str | None
    phone: str | None
    """E.164."""
    reason: str
    intent: str | None
    outcome: Outcome
    note: str
    corrections: tuple[Correction, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredWrapUp:
    """A wrap-up as the database has it."""

    ticket: TicketId
    user: UserId
    """Who wrote last."""
    written_at: datetime
    """Aware UTC."""
    wrap_up: WrapUp


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredNote:
    """A note as the database has it."""

    id: int
    ticket: TicketId
    user: UserId
    at: datetime
    """Aware UTC."""
    text: str


def save_wrap_up(database: Database, ticket: TicketId, user: UserId, wrap_up: WrapUp, *, now: datetime) -> None:
    """Store the wrap-up of a ticket in place of an earlier one; committed on return.

    Raises:
        RecordsError: the ticket or the user is unknown, or the database refuses.
    """
    row = WrapUpRow(
        ticket_id=ticket, user_id=user, written_at=now, person=wrap_up.person, phone=wrap_up.phone, reason=wrap_up.reason,
        intent=wrap_up.intent, outcome=wrap_up.outcome, note=wrap_up.note,
        corrections=[asdict(correction) for correction in wrap_up.corrections],
    )  # fmt: skip
    with database.transaction() as session:
        _lock_ticket(session, ticket)
        session.merge(row)


def read_wrap_up(database: Database, ticket: TicketId) -> StoredWrapUp | None:
    """The wrap-up of a ticket; None when there is none yet.

    Raises:
        RecordsError: the database refuses.
    """
    with database.session() as session:
        row = session.get(WrapUpRow, ticket)
        return None if row is None else _stored(row)


def add_note(database: Database, ticket: TicketId, user: UserId, text: str, *, now: datetime) -> None:
    """Add a note to a ticket; committed on return.

    Raises:
        RecordsError: the ticket or the user is unknown, or the database refuses.
    """
    with database.transaction() as session:
        session.add(TicketNoteRow(ticket_id=ticket, user_id=user, at=now, text=text))


def notes_of(database: Database, ticket: TicketId) -> tuple[StoredNote, ...]:
    """The notes of a ticket, oldest first.

    Raises:
        RecordsError: the database refuses.
    """
    query = select(TicketNoteRow).where(col(TicketNoteRow.ticket_id) == ticket).order_by(col(TicketNoteRow.id))
    with database.session() as session:
        return tuple(map(_note, session.exec(query)))


def _lock_ticket(session: Session, ticket: TicketId) -> None:
    """One wrap-up of a ticket is written at a time: of two, the second finds the first."""
    known = select(TicketRow.id).where(col(TicketRow.id) == ticket).with_for_update(key_share=True)
    if session.exec(known).first() is None:
        raise RecordsError(f"ticket {ticket} is unknown: nothing can be written down of it")


def _stored(row: WrapUpRow) -> StoredWrapUp:
    return StoredWrapUp(
        ticket=TicketId(row.ticket_id),
        user=UserId(row.user_id),
        written_at=row.written_at,
        wrap_up=WrapUp(
            person=row.person,
            phone=row.phone,
            reason=row.reason,
            intent=row.intent,
            outcome=cast("Outcome", row.outcome),
            note=row.note,
            corrections=tuple(Correction(**correction) for correction in row.corrections),
        ),
    )


def _note(row: TicketNoteRow) -> StoredNote:
    return StoredNote(id=row.id or 0, ticket=TicketId(row.ticket_id), user=UserId(row.user_id), at=row.at, text=row.text)
