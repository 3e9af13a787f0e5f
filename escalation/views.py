"""What consoles are shown, as JSON. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from accounts.users import User
from escalation.standing import Board, doing
from voicebot.call.live import LiveCall
from voicebot.core.events import JsonValue
from voicebot.core.ids import ClientId, UserId
from voicebot.core.secretaries import Secretary
from voicebot.core.tickets import Ticket, TicketState

Json = dict[str, JsonValue]
Names = Mapping[ClientId, str]
"""The name of each client, as shown."""


def ticket_json(ticket: Ticket, board: Board, names: Names) -> Json:
    """A ticket, without what depends on who looks at it."""
    secretary = None if ticket.secretary is None else board.secretaries.get(ticket.secretary)
    return {
        "id": ticket.id,
        "version": ticket.version,
        "state": ticket.state,
        "client": ticket.client,
        "client_name": None if ticket.client is None else names.get(ticket.client, ticket.client),
        "caller": ticket.caller,
        "person": ticket.person,
        "language": ticket.language,
        "reason": ticket.reason,
        "urgency_kind": ticket.urgency_kind,
        "base_score": ticket.base_score,
        "waiting_since": written(ticket.waiting_since),
        "summary": ticket.summary,
        "secretary": ticket.secretary,
        "secretary_name": None if secretary is None else secretary.name,
        "deadline": written(ticket.deadline),
        "widened": ticket.widened_at is not None,
        "accepted_at": written(ticket.accepted_at),
        "connected_at": written(ticket.connected_at),
        "extended": ticket.wrap_up_extended,
        "left": ticket.left,
        "due_at": written(ticket.due_at),
        "attempts": ticket.attempts,
        "call": ticket.call,
    }


def acceptable(ticket: Ticket, secretary: Secretary | None, *, here: bool) -> bool:
    """Whether she might accept the ticket, were she free.

    Args:
        ticket: Any.
        secretary: Who looks at it; None for somebody who takes no calls.
        here: Whether the caller is on the line.
    """
    if secretary is None or not here:
        return False
    if ticket.state is TicketState.OFFERED:
        return ticket.secretary == secretary.user
    return ticket.state is TicketState.WAITING and secretary.answers_for(ticket.client, ticket.language)


def offered_to(ticket: Ticket, user: UserId) -> bool:
    """Whether it rings for her."""
    return ticket.state is TicketState.OFFERED and ticket.secretary == user


def secretary_json(secretary: Secretary, held: Ticket | None) -> Json:
    """A secretary, with the ticket that she has."""
    return {
        "id": secretary.user,
        "name": secretary.name,
        "declared": secretary.declared,
        "derived": doing(held),
        "break_reason": secretary.break_reason,
        "alert": secretary.alert,
        "connected": secretary.connected,
        "idle_since": written(secretary.idle_since),
        "missed_offers": secretary.missed_offers,
        "ticket": None if held is None else held.id,
    }


def me_json(user: User, secretary: Secretary | None, held: Ticket | None) -> Json:
    """Who looks at the page, and how the desk sees her."""
    of_the_user: Json = {"id": user.id, "name": user.name, "role": user.role, "supervises": user.supervises}
    return {**({} if secretary is None else secretary_json(secretary, held)), **of_the_user}


def call_json(call: LiveCall, ticket: Ticket | None, names: Names) -> Json:
    """A call under way, without what was said."""
    return {
        "id": call.id,
        "client": call.client,
        "client_name": names.get(call.client, call.client),
        "line": call.line,
        "caller": call.caller,
        "person": None if ticket is None else ticket.person,
        "language": None if ticket is None else ticket.language,
        "answered_at": written(call.answered_at),
        "ticket": None if ticket is None else ticket.id,
    }


def written(moment: datetime | None) -> str | None:
    """ISO 8601, UTC."""
    return None if moment is None else moment.astimezone(UTC).isoformat()


def listed(items: Iterable[Json]) -> list[JsonValue]:
    """As JSON."""
    return list(items)
