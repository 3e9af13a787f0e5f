"""The firms that the database knows, their lines and their callers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from voicebot.core.errors import RecordsError
from voicebot.core.ids import ClientId
from voicebot.records.database import Database
from voicebot.records.races import looking_again
from voicebot.records.tables import CallerRow, ClientRow, LineRow


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownCaller:
    """Somebody who has called this client before: a hint, never an identity."""

    number: str
    """E.164."""
    name: str | None
    """The last name confirmed from that number."""
    names_seen: tuple[str, ...]
    calls: int
    last_call_at: datetime
    """Aware UTC."""


def register_client(
    database: Database, *, client: ClientId, name: str, zone: str, version: str, lines: tuple[str, ...], now: datetime
) -> None:
    """Store a client, or what changed of it; its lines become exactly `lines`.

    Args:
        database: Where.
        client: Its id.
        name: As shown to people.
        zone: IANA name of its time zone.
        version: Content hash of its consignes.
        lines: Dialled numbers, E.164.
        now: Aware.

    Raises:
        RecordsError: a line belongs to another client, or the database refuses.
    """

    def write() -> None:
        with database.transaction() as session:
            session.merge(ClientRow(id=client, name=name, zone=zone, consignes_version=version, updated_at=now))
            session.flush()
            for row in session.exec(select(LineRow).where(col(LineRow.client_id) == client)):
                if row.number not in lines:
                    session.delete(row)
            for number in lines:
                _add_line(session, number, client)

    looking_again(write)


def caller_of(database: Database, client: ClientId, number: str) -> KnownCaller | None:
    """What this client's past calls tell of a number; None when it never called.

    Raises:
        RecordsError: the database refuses.
    """
    with database.session() as session:
        row = session.get(CallerRow, (client, number))
        return None if row is None else _known(row)


def note_caller(database: Database, *, client: ClientId, number: str, name: str | None, now: datetime) -> None:
    """Count a call from a number, and remember the name confirmed in it, if any.

    Raises:
        RecordsError: the database refuses.
    """

    def count() -> None:
        with database.transaction() as session:
            row = session.get(CallerRow, (client, number), with_for_update=True)
            if row is None:
                row = CallerRow(client_id=client, number=number, names_seen=[], calls=0, last_call_at=now)
            row.calls += 1
            row.last_call_at = now
            if name is not None:
                row.name = name
                row.names_seen = [*(seen for seen in row.names_seen if seen != name), name]
            session.add(row)

    looking_again(count)


def lock_client(session: Session, client: str) -> ClientRow:
    """The client's row, locked until the transaction ends: one change of its agenda at a time.

    PostgreSQL locks the row; SQLite has the whole file locked since the transaction began.

    Raises:
        RecordsError: the database does not know the client.
    """
    row = session.exec(select(ClientRow).where(col(ClientRow.id) == client).with_for_update()).first()
    if row is None:
        raise RecordsError(f"client {client!r} is not in the database: it must be registered before its calls")
    return row


def _add_line(session: Session, number: str, client: ClientId) -> None:
    row = session.get(LineRow, number)
    if row is not None and row.client_id != client:
        raise RecordsError(f"line {number} belongs to client {row.client_id!r}: it cannot also be a line of {client!r}")
    session.add(row or LineRow(number=number, client_id=client))


def _known(row: CallerRow) -> KnownCaller:
    return KnownCaller(
        number=row.number, name=row.name, names_seen=tuple(row.names_seen), calls=row.calls, last_call_at=row.last_call_at
    )
