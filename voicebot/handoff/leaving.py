"""What becomes of a ticket when its caller leaves the queue unserved, and when that caller rings again. Pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import assert_never

from voicebot.core.ids import CallId
from voicebot.core.tickets import CLOSED, LIVE, Leaving, Ticket, TicketState

UNSERVED = LIVE - {TicketState.TALKING}
"""States in which a caller can leave unserved."""


def left(ticket: Ticket, how: Leaving, phone: str | None, *, now: datetime) -> Ticket:
    """The ticket without its caller, its version not yet raised.

    Args:
        ticket: In a state of `UNSERVED`.
        how: They left.
        phone: Number to call back when it is not the known one, E.164.
        now: Aware.
    """
    number = phone or ticket.caller
    gone = replace(ticket, caller=number, secretary=None, deadline=None, left=how, left_at=now)
    state = _after_leaving(how, number)
    return replace(gone, state=state, closed_at=now) if state in CLOSED else replace(gone, state=state, due_at=now)


def returned(ticket: Ticket, call: CallId) -> Ticket:
    """A call-back that is due as a waiting ticket again, with its rank, for a new call; its version not yet raised."""
    waiting = replace(ticket, state=TicketState.WAITING, call=call, secretary=None, deadline=None)
    return replace(waiting, left=None, due_at=None, attempts=0)


def _after_leaving(how: Leaving, number: str | None) -> TicketState:
    match how:
        case "message" | "answered":
            return TicketState.OVERFLOWED
        case "hung_up" | "cut" | "callback":
            return TicketState.ABANDONED if number is None else TicketState.CALLBACK_DUE
        case _:
            assert_never(how)
