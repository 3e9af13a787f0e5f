"""Whether a secretary may have a ticket: able (its client and language), available, nothing else in hand.

    Offered, Moved      able, available, nothing in hand, not even another offer
    Accepted            able, available, nothing in hand but perhaps an offer, which is withdrawn if it is of another ticket
    CallbackTaken       able, nothing in hand but perhaps an offer, which is withdrawn; nobody present owns the call-back
    Moved, a call-back  able: it becomes hers, and she rings when she can

What was offered to her she may accept even if the call has changed its language since: who offered it decided.
"""

from __future__ import annotations

from escalation.desk_events import Accepted, CallbackTaken, Moved, Offered, TicketDeskEvent
from escalation.outcomes import Refused
from escalation.presence import present
from escalation.standing import Board, held_by
from voicebot.core.ids import UserId
from voicebot.core.secretaries import Secretary
from voicebot.core.tickets import Ticket, TicketState


def claim_refused(board: Board, ticket: Ticket, event: TicketDeskEvent) -> Refused | None:
    """Why the event cannot give her the ticket; None when it can, or gives it to nobody.

    Args:
        board: Before the event.
        ticket: As it stands on the board.
        event: Allowed by the ticket's state.
    """
    user = _claimant(event)
    if user is None:
        return None
    secretary = board.secretaries.get(user)
    if secretary is None:
        return Refused(code="unknown")
    if ticket.secretary != user and not secretary.answers_for(ticket.client, ticket.language):
        return Refused(code="not_able")
    match event:
        case Moved() if ticket.state is TicketState.CALLBACK_DUE:
            return None
        case CallbackTaken():
            return _owned(board, ticket, user) or _occupied(board, user, offer_counts=False)
        case Accepted():
            return _absent(secretary) or _occupied(board, user, offer_counts=False)
        case _:
            return _absent(secretary) or _occupied(board, user, offer_counts=True)


def _claimant(event: TicketDeskEvent) -> UserId | None:
    """Who shall have a ticket by this event; None when it is not about that."""
    match event:
        case Offered(user=user) | Accepted(user=user) | CallbackTaken(user=user) | Moved(to_user=user):
            return user
        case _:
            return None


def _absent(secretary: Secretary) -> Refused | None:
    return None if present(secretary) else Refused(code="not_available")


def _occupied(board: Board, user: UserId, *, offer_counts: bool) -> Refused | None:
    held = held_by(board, user)
    if held is None or (held.state is TicketState.OFFERED and not offer_counts):
        return None
    return Refused(code="busy")


def _owned(board: Board, ticket: Ticket, user: UserId) -> Refused | None:
    if ticket.secretary in {None, user}:
        return None
    owner = board.secretaries.get(ticket.secretary)
    return Refused(code="taken", winner=ticket.secretary) if owner is not None and present(owner) else None
