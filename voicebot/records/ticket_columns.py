"""A ticket and its row, one made of the other."""

from __future__ import annotations

from dataclasses import fields
from typing import cast

from voicebot.core.ids import CallId, ClientId, TicketId, UserId
from voicebot.core.language import Language
from voicebot.core.tickets import Leaving, Ticket, TicketState
from voicebot.records.desk_tables import TicketRow

_RENAMED = {"client": "client_id", "call": "call_id", "secretary": "secretary_id"}
"""Columns that are not called as their field."""


def ticket_of(row: TicketRow) -> Ticket:
    """The ticket of a stored row."""
    return Ticket(
        id=TicketId(row.id or 0),
        version=row.version,
        state=TicketState(row.state),
        client=None if row.client_id is None else ClientId(row.client_id),
        call=CallId(row.call_id),
        caller=row.caller,
        person=row.person,
        language=cast("Language", row.language),
        reason=row.reason,
        urgency_kind=row.urgency_kind,
        base_score=row.base_score,
        summary=row.summary,
        transcript=tuple(row.transcript),
        waiting_since=row.waiting_since,
        secretary=None if row.secretary_id is None else UserId(row.secretary_id),
        deadline=row.deadline,
        widened_at=row.widened_at,
        refused_by=tuple(map(UserId, row.refused_by)),
        offers=row.offers,
        accepted_at=row.accepted_at,
        connected_at=row.connected_at,
        released_at=row.released_at,
        closed_at=row.closed_at,
        wrap_up_extended=row.wrap_up_extended,
        left=cast("Leaving | None", row.left),
        left_at=row.left_at,
        attempts=row.attempts,
        due_at=row.due_at,
    )


def columns_of(ticket: Ticket) -> dict[str, object]:
    """The values of the columns of a ticket, by name; without the id and the version, which no caller chooses."""
    names = [field.name for field in fields(ticket) if field.name not in {"id", "version"}]
    return {_RENAMED.get(name, name): _plain(getattr(ticket, name)) for name in names}


def _plain(value: object) -> object:
    """As a column takes it: a list for a tuple, the word for a state."""
    if isinstance(value, TicketState):
        return value.value
    return list(value) if isinstance(value, tuple) else value
