"""Tickets: calls that wait for, or are with, a human."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from voicebot.core.errors import RecordsError
from voicebot.core.ids import CallId, ClientId, TicketId, UserId
from voicebot.core.language import Language
from voicebot.core.tickets import LIVE, Ticket, TicketEvent, TicketState
from voicebot.records.database import Database
from voicebot.records.desk_tables import OPEN, TicketEventRow, TicketRow
from voicebot.records.races import looking_again, lost_a_race
from voicebot.records.ticket_changes import Change, add_events, event_row, make_changes
from voicebot.records.ticket_columns import ticket_of

_COMES_BACK = ("hung_up", "cut", "callback")
"""Ways of leaving after which a caller who rings again wants the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTicket:
    """A ticket to open."""

    client: ClientId | None
    call: CallId
    caller: str | None
    """Number to call back, E.164."""
    person: str | None = None
    language: Language = "fr"
    reason: str
    urgency_kind: str | None = None
    base_score: int
    """Score at the start; one point is added per second waited."""
    summary: str
    transcript: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredTicketEvent:
    """What happened to a ticket, as the database has it."""

    id: int
    """Rises with time."""
    event: TicketEvent
    from_state: TicketState | None
    """None for the first event of a ticket, and for one that changed nothing of it."""
    to_state: TicketState | None


def open_ticket(database: Database, ticket: NewTicket, *, now: datetime) -> Ticket:
    """Open the call's ticket; committed on return.

    A call has one live ticket: asked again, its text is renewed, it keeps its rank, and its score and reason only rise.

    Raises:
        RecordsError: the client or call is unknown, or the database refuses.
    """

    def insert_or_renew() -> Ticket:
        with database.transaction() as session:
            row = session.exec(_live_of(ticket.call).with_for_update()).first()
            kind = "opened" if row is None else "raised"
            before = None if row is None else TicketState(row.state)
            row = _renewed(row or _waiting(ticket, now), ticket)
            session.add(row)
            session.flush()
            stored = ticket_of(row)
            asked = TicketEvent(
                ticket=stored.id, kind=kind, at=now, data={"reason": stored.reason, "base_score": stored.base_score}
            )
            session.add(event_row(asked, before, stored.state))
        return stored

    return looking_again(insert_or_renew)


def read_ticket(database: Database, ticket: TicketId) -> Ticket | None:
    """One ticket; None when it is unknown.

    Raises:
        RecordsError: the database refuses.
    """
    with database.session() as session:
        row = session.get(TicketRow, ticket)
        return None if row is None else ticket_of(row)


def live_ticket(database: Database, call: CallId) -> Ticket | None:
    """The ticket of a call whose caller is on the line; None when it has none.

    Raises:
        RecordsError: the database refuses.
    """
    with database.session() as session:
        row = session.exec(_live_of(call)).first()
        return None if row is None else ticket_of(row)


def open_tickets(database: Database) -> tuple[Ticket, ...]:
    """Tickets that are not closed, oldest first.

    Raises:
        RecordsError: the database refuses.
    """
    query = select(TicketRow).where(OPEN).order_by(col(TicketRow.waiting_since), col(TicketRow.id))
    with database.session() as session:
        return tuple(map(ticket_of, session.exec(query)))


def returning_ticket(database: Database, client: ClientId | None, caller: str, *, since: datetime) -> Ticket | None:
    """The call-back of a caller who hung up, was cut off or asked for it, at `since` (aware) or later; the latest.

    Raises:
        RecordsError: the database refuses.
    """
    query = select(TicketRow).where(
        col(TicketRow.client_id) == client,
        col(TicketRow.caller) == caller,
        col(TicketRow.state) == TicketState.CALLBACK_DUE.value,
        col(TicketRow.left).in_(_COMES_BACK),
        col(TicketRow.left_at) >= since,
    )
    with database.session() as session:
        row = session.exec(query.order_by(col(TicketRow.left_at).desc(), col(TicketRow.id).desc())).first()
        return None if row is None else ticket_of(row)


def tickets_of_caller(database: Database, client: ClientId | None, caller: str, limit: int = 10) -> tuple[Ticket, ...]:
    """The last tickets that a number (E.164) had with a client, newest first.

    Raises:
        RecordsError: the database refuses.
    """
    theirs = select(TicketRow).where(col(TicketRow.client_id) == client, col(TicketRow.caller) == caller)
    newest = theirs.order_by(col(TicketRow.waiting_since).desc(), col(TicketRow.id).desc()).limit(limit)
    with database.session() as session:
        return tuple(map(ticket_of, session.exec(newest)))


def save_changes(database: Database, changes: Sequence[Change], events: Sequence[TicketEvent]) -> bool:
    """Replace tickets and secretaries, and write why, all or nothing; committed on return.

    Each is replaced only if it still has the version that was read, and gets the next one. What a secretary and a ticket may
    never be at the same time is refused by the database, whoever races.

    Args:
        database: Where.
        changes: As read, as it shall be; in an order in which every step is allowed.
        events: The n-th of a ticket tells of its n-th change.

    Returns:
        False when somebody else was faster with any of them: nothing is written then.

    Raises:
        RecordsError: the database refuses for another reason; nothing is written.
    """
    try:
        with database.transaction() as session:
            if not make_changes(session, changes):
                session.rollback()
                return False
            add_events(session, events, changes)
    except RecordsError as error:
        if lost_a_race(error):
            return False
        raise
    return True


def ticket_history(database: Database, ticket: TicketId) -> tuple[StoredTicketEvent, ...]:
    """What happened to a ticket, in order.

    Raises:
        RecordsError: the database refuses.
    """
    query = select(TicketEventRow).where(col(TicketEventRow.ticket_id) == ticket).order_by(col(TicketEventRow.id))
    with database.session() as session:
        return tuple(map(_stored_event, session.exec(query)))


def _live_of(call: CallId) -> SelectOfScalar[TicketRow]:
    """At most one row."""
    return select(TicketRow).where(col(TicketRow.call_id) == call, col(TicketRow.state).in_([state.value for state in LIVE]))


def _waiting(ticket: NewTicket, now: datetime) -> TicketRow:
    """Without what is renewed each time that the call asks."""
    return TicketRow(
        version=0, state=TicketState.WAITING.value, client_id=ticket.client, call_id=ticket.call, language=ticket.language,
        reason=ticket.reason, urgency_kind=ticket.urgency_kind, base_score=ticket.base_score, summary="", transcript=[],
        waiting_since=now, refused_by=[], offers=0, wrap_up_extended=False, attempts=0,
    )  # fmt: skip


def _renewed(row: TicketRow, ticket: NewTicket) -> TicketRow:
    if ticket.base_score > row.base_score:
        row.reason, row.urgency_kind, row.base_score = ticket.reason, ticket.urgency_kind, ticket.base_score
    row.caller, row.person = ticket.caller or row.caller, ticket.person or row.person
    row.language, row.summary, row.transcript = ticket.language, ticket.summary, list(ticket.transcript)
    row.version += 1
    return row


def _stored_event(row: TicketEventRow) -> StoredTicketEvent:
    event = TicketEvent(
        ticket=TicketId(row.ticket_id),
        kind=row.kind,
        at=row.at,
        user=None if row.user_id is None else UserId(row.user_id),
        data=row.data,
    )
    return StoredTicketEvent(id=row.id or 0, event=event, from_state=_state(row.from_state), to_state=_state(row.to_state))


def _state(word: str | None) -> TicketState | None:
    return None if word is None else TicketState(word)
