"""What comes of an event: a changed ticket with the fact to store, or a refusal that changes nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from voicebot.core.ids import UserId
from voicebot.core.tickets import CLOSED, HELD, Ticket, TicketEvent, TicketState

RefusalCode = Literal["taken", "gone", "busy", "not_able", "not_available", "wrong_state", "unknown"]
"""`taken`: somebody else has it. `gone`: the ticket is closed, or its caller left. `busy`: she has another ticket.
`not_able`: not her client or language. `not_available`: on a break, offline, or without a console.
`wrong_state`: not now, or already done. `unknown`: no such ticket or secretary."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """The event does not apply; nothing has changed."""

    code: RefusalCode
    winner: UserId | None = None
    """Who has it (`taken`)."""


Changed = tuple[Ticket, TicketEvent]
"""A ticket as it is from now on, its version not yet raised, and why."""


def out_of_place(ticket: Ticket, user: UserId | None = None) -> Refused:
    """Why an event that its state does not allow is refused.

    Args:
        ticket: As it stands.
        user: Whose event it is; None for the engine and the caller.
    """
    if user is not None and ticket.secretary not in {None, user} and ticket.state in HELD | {TicketState.DONE}:
        return Refused(code="taken", winner=ticket.secretary)
    return Refused(code="gone" if ticket.state in CLOSED else "wrong_state")


def not_hers(ticket: Ticket, user: UserId | None, *states: TicketState) -> Refused | None:
    """The refusal when the ticket is in none of `states`, or with somebody else; None for `user` asks for the state alone."""
    if ticket.state not in states or (user is not None and ticket.secretary != user):
        return out_of_place(ticket, user)
    return None
