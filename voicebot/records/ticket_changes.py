"""Changes of tickets and secretaries inside a transaction, each only if nobody else was there first, and their history."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Mapping, Sequence
from typing import Any, cast

from sqlalchemy import CursorResult, Update
from sqlmodel import Session, col, update

from voicebot.core.ids import TicketId
from voicebot.core.secretaries import Secretary
from voicebot.core.tickets import Ticket, TicketEvent, TicketState
from voicebot.records import secretaries, ticket_columns
from voicebot.records.desk_tables import SecretaryRow, TicketEventRow, TicketRow

Change = tuple[Ticket, Ticket] | tuple[Secretary, Secretary]
"""As it was read, as it shall be."""


def make_changes(session: Session, changes: Sequence[Change]) -> bool:
    """Replace each, in order, if it still is what was read; stops at the first that is not, and says False."""
    return all(_exactly_one(session, _conditional_update(change)) for change in changes)


def add_events(session: Session, events: Sequence[TicketEvent], changes: Sequence[Change]) -> None:
    """Add to the history of the tickets; the n-th event of a ticket tells of its n-th change."""
    steps = _steps(changes)
    for event in events:
        of_ticket = steps[event.ticket]
        before, after = of_ticket.popleft() if of_ticket else (None, None)
        session.add(event_row(event, before, after))


def event_row(event: TicketEvent, before: TicketState | None, after: TicketState | None) -> TicketEventRow:
    """The row of an event."""
    return TicketEventRow(
        ticket_id=event.ticket,
        at=event.at,
        kind=event.kind,
        from_state=None if before is None else before.value,
        to_state=None if after is None else after.value,
        user_id=event.user,
        data=dict(event.data),
    )


def _conditional_update(change: Change) -> Update:
    before, after = change
    if isinstance(before, Ticket) and isinstance(after, Ticket):
        values = _difference(ticket_columns.columns_of(before), ticket_columns.columns_of(after))
        unchanged = update(TicketRow).where(col(TicketRow.id) == before.id, col(TicketRow.version) == before.version)
        return unchanged.values(version=before.version + 1, **values)
    was, shall = cast("tuple[Secretary, Secretary]", change)
    values = _difference(secretaries.columns_of(was), secretaries.columns_of(shall))
    unchanged = update(SecretaryRow).where(col(SecretaryRow.user_id) == was.user, col(SecretaryRow.version) == was.version)
    return unchanged.values(version=was.version + 1, **values)


def _difference(before: Mapping[str, object], after: Mapping[str, object]) -> dict[str, Any]:
    return {name: value for name, value in after.items() if value != before[name]}


def _exactly_one(session: Session, statement: Update) -> bool:
    result = session.exec(statement)
    return isinstance(result, CursorResult) and result.rowcount == 1


def _steps(changes: Sequence[Change]) -> defaultdict[TicketId, deque[tuple[TicketState, TicketState]]]:
    found: defaultdict[TicketId, deque[tuple[TicketState, TicketState]]] = defaultdict(deque)
    for before, after in changes:
        if isinstance(before, Ticket) and isinstance(after, Ticket):
            found[before.id].append((before.state, after.state))
    return found
