"""The ticket machine: one ticket, one event, the ticket after it. Pure: no clock, no board, no secretary.

The states and their arrows are drawn in `voicebot.core.tickets`; each quarter of the machine is a module of its own:

    offers          waiting, offered -> connecting
    conversations   connecting -> talking -> wrap_up -> done
    callers         who leaves, returns, asks again
    callbacks       callback_due, calling_back

`waiting_since` is never touched: whatever happens, a caller keeps the rank. What no event can do is refused, so that one that
comes twice or late changes nothing. Time alone (`escalation.expiry`) brings every ticket to its end, or to a call-back that is
due, which waits for a human:

    offered       -> waiting        after offer_s          connecting -> waiting        after connect_s
    waiting       -> callback_due   or abandoned: nothing was heard of the caller for hours
    talking       -> wrap_up        the same               wrap_up    -> done           after wrap_up_s
    calling_back  -> callback_due   she said nothing
"""

from __future__ import annotations

from datetime import datetime
from typing import assert_never

from escalation import callbacks, callers, conversations, offers
from escalation.desk_events import CallbackEvent, CallerEvent, ConversationEvent, OfferEvent, TicketDeskEvent
from escalation.outcomes import Changed, Refused
from voicebot.clients.consignes import Queue
from voicebot.core.tickets import Ticket


def change(ticket: Ticket, event: TicketDeskEvent, *, now: datetime, queue: Queue) -> Changed | Refused:
    """The ticket after the event, its version not yet raised, and the fact to store.

    Args:
        ticket: As it stands.
        event: What happens to it.
        now: Aware.
        queue: The durations and scores of its client.
    """
    if isinstance(event, OfferEvent):
        return offers.change(ticket, event, now=now, queue=queue)
    if isinstance(event, ConversationEvent):
        return conversations.change(ticket, event, now=now, queue=queue)
    if isinstance(event, CallerEvent):
        return callers.change(ticket, event, now=now, queue=queue)
    if isinstance(event, CallbackEvent):
        return callbacks.change(ticket, event, now=now, queue=queue)
    assert_never(event)
