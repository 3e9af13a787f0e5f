"""From accepted to closed.

    connecting -- AudioConnected --> talking -- TalkEnded, GivenBack, CallerGone --> wrap_up -- WrapUpEnded --> done
        | ConnectionFailed              | AudioLost
        v                               v
      waiting                         waiting

Whose connection failed is asked last for the same ticket, as if she had refused: her audio does not work. Who lost her line in
the conversation is not: she had answered, and knows the caller.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import assert_never

from escalation.desk_events import (
    AudioConnected,
    AudioLost,
    ConnectionFailed,
    ConversationEvent,
    GivenBack,
    TalkEnded,
    WrapUpEnded,
    WrapUpExtended,
)
from escalation.offers import requeued, with_refusal
from escalation.outcomes import Changed, Refused, not_hers, out_of_place
from voicebot.clients.consignes import Queue
from voicebot.core.tickets import Ticket, TicketEvent, TicketState


def change(ticket: Ticket, event: ConversationEvent, *, now: datetime, queue: Queue) -> Changed | Refused:
    """The ticket after the event, by the durations of its client."""
    match event:
        case AudioConnected():
            return _connected(ticket, event, now)
        case ConnectionFailed():
            return _failed(ticket, event, now)
        case AudioLost():
            return _lost(ticket, event, now)
        case TalkEnded():
            fact = TicketEvent(ticket=ticket.id, kind="talk_ended", at=now, user=event.user, data={})
            return not_hers(ticket, event.user, TicketState.TALKING) or (wrapping_up(ticket, now, queue), fact)
        case GivenBack():
            fact = TicketEvent(ticket=ticket.id, kind="given_back", at=now, user=event.user, data={})
            return not_hers(ticket, event.user, TicketState.TALKING) or (wrapping_up(ticket, now, queue), fact)
        case WrapUpExtended():
            return _extended(ticket, event, now, queue)
        case WrapUpEnded():
            return _closed(ticket, event, now)
        case _:
            assert_never(event)


def wrapping_up(ticket: Ticket, now: datetime, queue: Queue) -> Ticket:
    """The conversation with the human is over."""
    deadline = now + timedelta(seconds=queue.wrap_up_s)
    return replace(ticket, state=TicketState.WRAP_UP, deadline=deadline, released_at=now)


def _connected(ticket: Ticket, event: AudioConnected, now: datetime) -> Changed | Refused:
    if refused := not_hers(ticket, event.user, TicketState.CONNECTING):
        return refused
    talking = replace(ticket, state=TicketState.TALKING, deadline=None, connected_at=ticket.connected_at or now)
    return talking, TicketEvent(ticket=ticket.id, kind="audio_connected", at=now, user=event.user, data={})


def _failed(ticket: Ticket, event: ConnectionFailed, now: datetime) -> Changed | Refused:
    if refused := not_hers(ticket, event.user, TicketState.CONNECTING):
        return refused
    fact = TicketEvent(ticket=ticket.id, kind="connection_failed", at=now, data={"secretary": ticket.secretary})
    return requeued(ticket, refused_by=with_refusal(ticket)), fact


def _lost(ticket: Ticket, event: AudioLost, now: datetime) -> Changed | Refused:
    if refused := not_hers(ticket, event.user, TicketState.TALKING):
        return refused
    fact = TicketEvent(ticket=ticket.id, kind="audio_lost", at=now, data={"secretary": ticket.secretary})
    return requeued(ticket), fact


def _extended(ticket: Ticket, event: WrapUpExtended, now: datetime, queue: Queue) -> Changed | Refused:
    if refused := not_hers(ticket, event.user, TicketState.WRAP_UP):
        return refused
    if ticket.wrap_up_extended or ticket.deadline is None:
        return out_of_place(ticket)
    longer = replace(ticket, deadline=ticket.deadline + timedelta(seconds=queue.wrap_up_s), wrap_up_extended=True)
    return longer, TicketEvent(ticket=ticket.id, kind="wrap_up_extended", at=now, user=event.user, data={})


def _closed(ticket: Ticket, event: WrapUpEnded, now: datetime) -> Changed | Refused:
    if refused := not_hers(ticket, event.user, TicketState.WRAP_UP):
        return refused
    if event.user is None and (ticket.deadline is None or now < ticket.deadline):
        return out_of_place(ticket)  # she has got more time since
    done = replace(ticket, state=TicketState.DONE, deadline=None, closed_at=now)
    return done, TicketEvent(ticket=ticket.id, kind="wrap_up_ended", at=now, user=event.user, data={})
