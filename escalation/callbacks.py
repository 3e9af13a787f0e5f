"""Callers who left and are to be rung.

    callback_due -- CallbackTaken --> calling_back -- CallbackAnswered --> wrap_up -> done
         ^                                 |
         +-- CallbackMissed (not before callback_every_s), CallbackLapsed (at once, nobody's) --+
                                           +-- CallbackMissed for the last time --> done: the caller cannot be reached

She who rang remains the owner of what nobody answered. A call-back that is due waits for as long as it takes: nobody who was told
that he will be rung is forgotten.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import assert_never

from escalation.desk_events import CallbackAnswered, CallbackEvent, CallbackLapsed, CallbackMissed, CallbackTaken
from escalation.outcomes import Changed, Refused, not_hers, out_of_place
from voicebot.clients.consignes import Queue
from voicebot.core.tickets import Ticket, TicketEvent, TicketState

REPORT_WITHIN_S = 1800.0
"""Who has said nothing so long after taking a call-back has forgotten it: others may have it."""


def change(ticket: Ticket, event: CallbackEvent, *, now: datetime, queue: Queue) -> Changed | Refused:
    """The ticket after the event, by the durations of its client."""
    match event:
        case CallbackTaken():
            return _taken(ticket, event, now)
        case CallbackAnswered():
            return _answered(ticket, event, now, queue)
        case CallbackMissed():
            return _missed(ticket, event, now, queue)
        case CallbackLapsed():
            return _lapsed(ticket, now)
        case _:
            assert_never(event)


def _taken(ticket: Ticket, event: CallbackTaken, now: datetime) -> Changed | Refused:
    if ticket.state is not TicketState.CALLBACK_DUE or (ticket.due_at is not None and now < ticket.due_at):
        return out_of_place(ticket, event.user)
    deadline = now + timedelta(seconds=REPORT_WITHIN_S)
    ringing = replace(ticket, state=TicketState.CALLING_BACK, secretary=event.user, deadline=deadline, due_at=None)
    return ringing, TicketEvent(ticket=ticket.id, kind="callback_taken", at=now, user=event.user, data={})


def _answered(ticket: Ticket, event: CallbackAnswered, now: datetime, queue: Queue) -> Changed | Refused:
    if refused := not_hers(ticket, event.user, TicketState.CALLING_BACK):
        return refused
    deadline = now + timedelta(seconds=queue.wrap_up_s)
    # No `released_at`: that is of a conversation through this desk, and measures how long one takes.
    writing = replace(ticket, state=TicketState.WRAP_UP, deadline=deadline, attempts=ticket.attempts + 1)
    data = {"attempts": writing.attempts}
    return writing, TicketEvent(ticket=ticket.id, kind="callback_answered", at=now, user=event.user, data=data)


def _missed(ticket: Ticket, event: CallbackMissed, now: datetime, queue: Queue) -> Changed | Refused:
    if refused := not_hers(ticket, event.user, TicketState.CALLING_BACK):
        return refused
    tried = replace(ticket, deadline=None, attempts=ticket.attempts + 1)
    last = tried.attempts >= queue.callback_attempts
    if last:
        after = replace(tried, state=TicketState.DONE, closed_at=now)
    else:
        due_at = now + timedelta(seconds=queue.callback_every_s)
        after = replace(tried, state=TicketState.CALLBACK_DUE, due_at=due_at)
    data: dict[str, str | int | float | None] = {"attempts": after.attempts, "outcome": "unreachable" if last else "again"}
    return after, TicketEvent(ticket=ticket.id, kind="callback_missed", at=now, user=event.user, data=data)


def _lapsed(ticket: Ticket, now: datetime) -> Changed | Refused:
    if ticket.state is not TicketState.CALLING_BACK or ticket.deadline is None or now < ticket.deadline:
        return out_of_place(ticket)
    due = replace(ticket, state=TicketState.CALLBACK_DUE, secretary=None, deadline=None, due_at=now)
    return due, TicketEvent(ticket=ticket.id, kind="callback_lapsed", at=now, data={"secretary": ticket.secretary})
