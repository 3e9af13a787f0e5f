"""Calls: their start, their one end, what was said and what happened."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, cast

from sqlalchemy import update
from sqlmodel import Session, col, select

from voicebot.core.errors import RecordsError
from voicebot.core.events import CallEvent, EventKind, JsonValue
from voicebot.core.ids import CallId, ClientId
from voicebot.core.language import Language
from voicebot.records.database import Database
from voicebot.records.tables import CallRow, EventRow, RecordingRow, TurnRow

Speaker = Literal["caller", "bot", "secretary"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """What one side said, once."""

    t_s: float
    """Start, seconds since answer."""
    speaker: Speaker
    text: str
    language: Language
    heard_text: str | None = None
    """Raw recognition (caller), or the part really played (bot)."""
    intent: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredCall:
    """A call as the database has it."""

    id: CallId
    client: ClientId | None
    line: str | None
    caller: str | None
    started_at: datetime
    """Aware UTC."""
    ended_at: datetime | None
    """Aware UTC; None while it lasts."""
    zone: str
    """IANA name of the client's time zone."""
    duration_s: float | None
    language: Language
    end_reason: str | None
    outcome: str | None
    intent: str | None
    urgent: bool
    consignes_version: str | None
    recording_path: str | None
    notice: Mapping[str, JsonValue] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CallFile:
    """Everything stored of a call, in order."""

    call: StoredCall
    turns: tuple[Turn, ...]
    events: tuple[CallEvent, ...]


def start_call(
    database: Database,
    *,
    call: CallId,
    client: ClientId | None,
    line: str | None,
    caller: str | None,
    started_at: datetime,
    zone: str,
    language: Language,
    consignes_version: str | None,
) -> None:
    """Store that a call was answered; committed on return.

    Args:
        database: Where.
        call: New id.
        client: Registered client, or None when the line belongs to nobody.
        line: Dialled number, E.164.
        caller: Calling number, E.164; None when withheld.
        started_at: Time of answer, aware.
        zone: IANA name of the client's time zone.
        language: Of the greeting.
        consignes_version: Content hash of the consignes that answer.

    Raises:
        RecordsError: the id is used, the client is not registered, or the database refuses.
    """
    with database.transaction() as session:
        session.add(
            CallRow(
                id=call, client_id=client, line=line, caller=caller, started_at=started_at, zone=zone,
                language=language, consignes_version=consignes_version,
            )
        )  # fmt: skip


def end_call(
    database: Database,
    *,
    call: CallId,
    ended_at: datetime,
    duration_s: float,
    language: Language,
    end_reason: str,
    outcome: str,
    intent: str | None = None,
    urgent: bool = False,
    recording_path: str | None = None,
    notice: Mapping[str, JsonValue] | None = None,
) -> None:
    """Store the one end of a call; committed on return.

    Raises:
        RecordsError: the call is unknown or has already ended, or the database refuses.
    """
    values = {
        "ended_at": ended_at, "duration_s": duration_s, "language": language, "end_reason": end_reason, "outcome": outcome,
        "intent": intent, "urgent": urgent, "recording_path": recording_path, "notice": None if notice is None else dict(notice),
    }  # fmt: skip
    with database.transaction() as session:
        if not _end_once(session, call, values):
            raise RecordsError(f"call {call}: unknown or already ended; a call ends once")


def unfinished_calls(database: Database, *, started_before: datetime) -> tuple[CallId, ...]:
    """Calls without an end, oldest first: those under way, and those that a killed process left open.

    Args:
        database: Where.
        started_before: Aware; later calls are left out.

    Raises:
        RecordsError: the database refuses.
    """
    query = select(CallRow.id).where(col(CallRow.end_reason).is_(None), col(CallRow.started_at) < started_before)
    with database.session() as session:
        return tuple(CallId(found) for found in session.exec(query.order_by(col(CallRow.started_at))))


def add_recording(
    database: Database, *, call: CallId, path: str, sha256: str, rate_hz: int, duration_s: float, created_at: datetime
) -> None:
    """Store that audio of a call is kept at `path`.

    Raises:
        RecordsError: the call is unknown, or the database refuses.
    """
    row = RecordingRow(call_id=call, path=path, sha256=sha256, rate_hz=rate_hz, duration_s=duration_s, created_at=created_at)
    with database.transaction() as session:
        session.add(row)
        session.exec(update(CallRow).where(col(CallRow.id) == call).values(recording_path=path))


def read_call(database: Database, call: CallId) -> CallFile | None:
    """Everything stored of a call; None when it is unknown.

    Raises:
        RecordsError: the database refuses.
    """
    with database.session() as session:
        row = session.get(CallRow, call)
        if row is None:
            return None
        turns = session.exec(select(TurnRow).where(col(TurnRow.call_id) == call).order_by(col(TurnRow.index)))
        events = session.exec(select(EventRow).where(col(EventRow.call_id) == call).order_by(col(EventRow.seq)))
        return CallFile(call=_stored(row), turns=tuple(map(_turn, turns)), events=tuple(map(_event, events)))


def list_calls(
    database: Database, *, client: ClientId | None = None, limit: int = 50, started_before: datetime | None = None
) -> tuple[StoredCall, ...]:
    """The last calls, newest first; of one client when given.

    Raises:
        RecordsError: the database refuses.
    """
    query = select(CallRow).order_by(col(CallRow.started_at).desc(), col(CallRow.id)).limit(limit)
    if client is not None:
        query = query.where(col(CallRow.client_id) == client)
    if started_before is not None:
        query = query.where(col(CallRow.started_at) < started_before)
    with database.session() as session:
        return tuple(_stored(row) for row in session.exec(query))


def calls_of_caller(database: Database, *, client: ClientId | None, caller: str, limit: int = 10) -> tuple[StoredCall, ...]:
    """The last calls from a number (E.164) to a client, newest first.

    Raises:
        RecordsError: the database refuses.
    """
    theirs = select(CallRow).where(col(CallRow.client_id) == client, col(CallRow.caller) == caller)
    newest = theirs.order_by(col(CallRow.started_at).desc(), col(CallRow.id)).limit(limit)
    with database.session() as session:
        return tuple(_stored(row) for row in session.exec(newest))


def _end_once(session: Session, call: CallId, values: Mapping[str, object]) -> bool:
    result = session.exec(update(CallRow).where(col(CallRow.id) == call, col(CallRow.end_reason).is_(None)).values(**values))
    return bool(result.rowcount)


def _stored(row: CallRow) -> StoredCall:
    return StoredCall(
        id=CallId(row.id),
        client=None if row.client_id is None else ClientId(row.client_id),
        line=row.line,
        caller=row.caller,
        started_at=row.started_at,
        ended_at=row.ended_at,
        zone=row.zone,
        duration_s=row.duration_s,
        language=cast("Language", row.language),
        end_reason=row.end_reason,
        outcome=row.outcome,
        intent=row.intent,
        urgent=row.urgent,
        consignes_version=row.consignes_version,
        recording_path=row.recording_path,
        notice=row.notice,
    )


def _turn(row: TurnRow) -> Turn:
    return Turn(
        t_s=row.t_s,
        speaker=cast("Speaker", row.speaker),
        text=row.text,
        language=cast("Language", row.language),
        heard_text=row.heard_text,
        intent=row.intent,
    )


def _event(row: EventRow) -> CallEvent:
    return CallEvent(t_s=row.t_s, kind=EventKind(row.kind), data=row.data)
