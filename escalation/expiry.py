"""What runs out by itself: offers, connections, wrap-ups, call-backs of which nothing was said, calls that nobody ended.

Every other way out of a state is somebody's event; these see to it that no ticket stays because that event never comes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from escalation.desk_events import (
    CallbackLapsed,
    CallerGone,
    ConnectionFailed,
    CutOff,
    OfferExpired,
    TicketDeskEvent,
    WrapUpEnded,
)
from voicebot.core.tickets import Ticket, TicketState

LOST_AFTER = timedelta(hours=4)
"""No call waits or talks so long: whoever carried it has forgotten to say that it is over."""


def expiries(tickets: Iterable[Ticket], *, now: datetime) -> Iterator[TicketDeskEvent]:
    """What has run out by `now` (aware), at most one event a ticket."""
    for ticket in tickets:
        if ticket.deadline is None:
            if ticket.state in {TicketState.WAITING, TicketState.TALKING} and now >= _last_sign(ticket) + LOST_AFTER:
                yield CutOff(ticket=ticket.id) if ticket.state is TicketState.WAITING else CallerGone(ticket=ticket.id)
        elif now >= ticket.deadline and (event := _expiry(ticket)) is not None:
            yield event


def _last_sign(ticket: Ticket) -> datetime:
    """When the caller was last known to do something."""
    signs = (ticket.waiting_since, ticket.accepted_at, ticket.left_at)
    return max(sign for sign in signs if sign is not None)


def _expiry(ticket: Ticket) -> TicketDeskEvent | None:
    match ticket.state:
        case TicketState.OFFERED:
            return OfferExpired(ticket=ticket.id)
        case TicketState.CONNECTING:
            return ConnectionFailed(ticket=ticket.id, user=ticket.secretary)
        case TicketState.WRAP_UP:
            return WrapUpEnded(ticket=ticket.id)
        case TicketState.CALLING_BACK:
            return CallbackLapsed(ticket=ticket.id)
        case _:
            return None
