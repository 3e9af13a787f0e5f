"""What callers do to their tickets: leave, are cut off, come back, ask again.

A caller who leaves before she talks with him is to be called back when he hung up, was cut off or asked for it, and there is a
number (`callback_due`); without a number the ticket is `abandoned`; who left a message, or found the answer meanwhile, stays with
the bot (`overflowed`). Once she talks with him, a line that goes down ends the conversation (`wrap_up`). Who rings again gets the
ticket back with its rank and a new call, and the attempts to call back count anew.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import assert_never

from escalation.conversations import wrapping_up
from escalation.desk_events import CallerEvent, CallerGone, CallerLeft, CutOff, Raised, Readopted, Returned
from escalation.offers import requeued
from escalation.outcomes import Changed, Refused, out_of_place
from voicebot.clients.consignes import Queue
from voicebot.core.tickets import LIVE, Ticket, TicketEvent, TicketState
from voicebot.handoff.leaving import UNSERVED, left, returned
from voicebot.handoff.requests import HandoffRequest


def change(ticket: Ticket, event: CallerEvent, *, now: datetime, queue: Queue) -> Changed | Refused:
    """The ticket after the event, by the durations and scores of its client."""
    match event:
        case CallerLeft():
            return _unserved(ticket, event, now)
        case CallerGone():
            return _gone(ticket, now, queue)
        case Returned():
            return _returned(ticket, event, now)
        case Raised():
            return _raised(ticket, event.request, now, queue)
        case Readopted():
            return _readopted(ticket, event, now)
        case CutOff():
            return _cut_off(ticket, now)
        case _:
            assert_never(event)


def _unserved(ticket: Ticket, event: CallerLeft, now: datetime) -> Changed | Refused:
    if ticket.state not in UNSERVED:
        return out_of_place(ticket)
    fact = TicketEvent(ticket=ticket.id, kind="caller_left", at=now, data={"how": event.how})
    return left(ticket, event.how, event.phone, now=now), fact


def _gone(ticket: Ticket, now: datetime, queue: Queue) -> Changed | Refused:
    if ticket.state not in LIVE:
        return out_of_place(ticket)
    served = ticket.state is TicketState.TALKING
    after = wrapping_up(ticket, now, queue) if served else left(ticket, "hung_up", None, now=now)
    return after, TicketEvent(ticket=ticket.id, kind="caller_gone", at=now, data={})


def _cut_off(ticket: Ticket, now: datetime) -> Changed | Refused:
    if ticket.state not in LIVE:
        return out_of_place(ticket)
    return left(ticket, "cut", None, now=now), TicketEvent(ticket=ticket.id, kind="cut_off", at=now, data={})


def _returned(ticket: Ticket, event: Returned, now: datetime) -> Changed | Refused:
    if ticket.state is not TicketState.CALLBACK_DUE:
        return out_of_place(ticket)
    return returned(ticket, event.call), TicketEvent(ticket=ticket.id, kind="returned", at=now, data={"call": event.call})


def _readopted(ticket: Ticket, event: Readopted, now: datetime) -> Changed | Refused:
    if ticket.state not in LIVE:
        return out_of_place(ticket)
    back = replace(requeued(ticket), call=event.call or ticket.call)
    return back, TicketEvent(ticket=ticket.id, kind="readopted", at=now, data={"secretary": ticket.secretary})


def _raised(ticket: Ticket, request: HandoffRequest, now: datetime, queue: Queue) -> Changed | Refused:
    if ticket.state not in LIVE:
        return out_of_place(ticket)
    score = queue.score(request.reason)
    told = replace(
        ticket,
        summary=request.summary,
        transcript=request.transcript,
        caller=request.caller or ticket.caller,
        person=request.person or ticket.person,
        language=request.language,
    )
    if score > ticket.base_score:
        told = replace(told, reason=request.reason.value, urgency_kind=request.urgency_kind, base_score=score)
    return told, TicketEvent(ticket=ticket.id, kind="raised", at=now, data={"reason": told.reason, "base_score": told.base_score})
