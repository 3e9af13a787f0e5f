"""What a user may touch: tickets and calls of the clients that she sees, tickets that she has."""

from __future__ import annotations

from accounts.refusals import NotAllowedError, NotFoundError
from accounts.users import User
from escalation.floor import Floor
from escalation.refusals import refusal
from voicebot.call.live import LiveCall
from voicebot.core.errors import InputError
from voicebot.core.ids import CallId, TicketId
from voicebot.core.tickets import LIVE, Ticket, TicketState
from voicebot.records.tickets import read_ticket


def ticket_seen(floor: Floor, user: User, ticket: TicketId) -> Ticket:
    """A ticket on the board.

    Raises:
        NotFoundError: there is none, or it is of a client that the user does not see.
    """
    found = floor.board.tickets.get(ticket)
    if found is None or not user.sees(found.client):
        raise NotFoundError
    return found


async def any_ticket_seen(floor: Floor, user: User, ticket: TicketId) -> Ticket:
    """A ticket, also one that was closed long ago.

    Raises:
        NotFoundError: there is none, or it is of a client that the user does not see.
        RecordsError: the database refuses.
    """
    found = floor.board.tickets.get(ticket)
    if found is None:
        found = await floor.ledger.in_thread(lambda: read_ticket(floor.database, ticket))
    if found is None or not user.sees(found.client):
        raise NotFoundError
    return found


def ticket_held(floor: Floor, user: User, ticket: TicketId, *states: TicketState) -> Ticket:
    """A ticket that she has, in one of these states.

    Raises:
        NotFoundError: there is none, or it is of a client that the user does not see.
        RefusalError: she does not have it, or not in such a state.
    """
    found = ticket_seen(floor, user, ticket)
    if found.secretary != user.id or found.state not in states:
        raise refusal("wrong_state" if found.state in LIVE else "gone")
    return found


def call_seen(floor: Floor, user: User, call: CallId) -> LiveCall:
    """A call under way in this process.

    Raises:
        NotFoundError: there is none, or it is of a client that the user does not see.
    """
    found = floor.live.get(call)
    if found is None or not user.sees(found.client):
        raise NotFoundError
    return found


def require_supervisor(user: User) -> None:
    """Somebody who may act for secretaries.

    Raises:
        NotAllowedError: the user may not.
    """
    if not user.supervises:
        raise NotAllowedError


def checked_text(text: str, longest: int) -> str:
    """Words on one line, at least one.

    Raises:
        InputError: there is none, or there are more than `longest` characters.
    """
    words = " ".join(text.split())
    if not words or len(words) > longest:
        raise InputError(f"text of {len(words)} characters, expected 1 to {longest}")
    return words
