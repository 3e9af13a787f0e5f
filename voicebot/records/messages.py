"""Messages left by callers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select

from voicebot.core.errors import RecordsError
from voicebot.core.ids import CallId, ClientId, MessageId, PersonId
from voicebot.records.database import Database
from voicebot.records.tables import MessageRow


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageText:
    """What a message says, and what is unsure in it."""

    kind: str
    """`message`, `callback`, `lead` or `request`."""
    person: str | None
    phone: str | None
    """E.164."""
    reason: str
    for_person: PersonId | None = None
    urgent: bool = False
    best_time: str | None = None
    """When to call back, in the caller's words."""
    unsure: tuple[str, ...] = ()
    """Fields that were not confirmed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredMessage:
    """A message as the database has it."""

    id: MessageId
    client: ClientId
    call: CallId | None
    created_at: datetime
    """Aware UTC."""
    text: MessageText


def add_message(database: Database, *, client: ClientId, call: CallId | None, text: MessageText, now: datetime) -> MessageId:
    """Store a message; committed on return.

    Raises:
        RecordsError: the client or call is unknown, or the database refuses.
    """
    row = MessageRow(
        client_id=client, call_id=call, kind=text.kind, person=text.person, phone=text.phone, reason=text.reason,
        for_person=text.for_person, urgent=text.urgent, best_time=text.best_time, unsure=list(text.unsure), created_at=now,
    )  # fmt: skip
    with database.transaction() as session:
        session.add(row)
    if row.id is None:
        raise RecordsError("the database gave no id to a new message")
    return MessageId(row.id)


def list_messages(database: Database, *, client: ClientId, limit: int = 50) -> tuple[StoredMessage, ...]:
    """A client's last messages, newest first.

    Raises:
        RecordsError: the database refuses.
    """
    query = select(MessageRow).where(col(MessageRow.client_id) == client).order_by(col(MessageRow.id).desc()).limit(limit)
    with database.session() as session:
        return tuple(_stored(row) for row in session.exec(query))


def messages_of_caller(database: Database, *, client: ClientId, phone: str, limit: int = 10) -> tuple[StoredMessage, ...]:
    """The last messages that leave a number (E.164) to be reached at, newest first.

    Raises:
        RecordsError: the database refuses.
    """
    theirs = select(MessageRow).where(col(MessageRow.client_id) == client, col(MessageRow.phone) == phone)
    with database.session() as session:
        return tuple(_stored(row) for row in session.exec(theirs.order_by(col(MessageRow.id).desc()).limit(limit)))


def messages_of_call(database: Database, call: CallId) -> tuple[StoredMessage, ...]:
    """Everything that was taken down in a call, oldest first.

    Raises:
        RecordsError: the database refuses.
    """
    query = select(MessageRow).where(col(MessageRow.call_id) == call).order_by(col(MessageRow.id))
    with database.session() as session:
        return tuple(_stored(row) for row in session.exec(query))


def _stored(row: MessageRow) -> StoredMessage:
    return StoredMessage(
        id=MessageId(row.id or 0),
        client=ClientId(row.client_id),
        call=None if row.call_id is None else CallId(row.call_id),
        created_at=row.created_at,
        text=MessageText(
            kind=row.kind,
            person=row.person,
            phone=row.phone,
            reason=row.reason,
            for_person=None if row.for_person is None else PersonId(row.for_person),
            urgent=row.urgent,
            best_time=row.best_time,
            unsure=tuple(row.unsure),
        ),
    )
