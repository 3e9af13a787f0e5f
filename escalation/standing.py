"""The desk at a moment: every open ticket, every secretary, and who has what."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from voicebot.clients.consignes import Queue
from voicebot.core.ids import ClientId, TicketId, UserId
from voicebot.core.secretaries import Derived, Secretary
from voicebot.core.tickets import HELD, Ticket, TicketEvent, TicketState

Rules = Callable[[ClientId | None], Queue]
"""Durations and scores by client; None for a line that belongs to nobody."""
Change = tuple[Ticket, Ticket] | tuple[Secretary, Secretary]
"""As it was read, as it shall be (its version raised by one)."""

_DOING = {
    TicketState.OFFERED: Derived.OFFERED,
    TicketState.CONNECTING: Derived.ON_CALL,
    TicketState.TALKING: Derived.ON_CALL,
    TicketState.CALLING_BACK: Derived.ON_CALL,
    TicketState.WRAP_UP: Derived.WRAP_UP,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """Every ticket that is not closed (closed ones may stay a while), and every secretary, here or not."""

    tickets: Mapping[TicketId, Ticket]
    secretaries: Mapping[UserId, Secretary]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What an event does; nothing when it only says what is so already."""

    board: Board
    """After it."""
    changes: tuple[Change, ...]
    """To store in one transaction, in this order: each once, what is let go before what is taken."""
    events: tuple[TicketEvent, ...]
    """To store with them: why each changed ticket changed."""


def held_by(board: Board, user: UserId) -> Ticket | None:
    """The one ticket that she has, an offer included."""
    return next((t for t in board.tickets.values() if t.secretary == user and t.state in HELD), None)


def holders(board: Board) -> Mapping[UserId, Ticket]:
    """Everybody who has a ticket, with it."""
    return {t.secretary: t for t in board.tickets.values() if t.secretary is not None and t.state in HELD}


def doing(ticket: Ticket | None) -> Derived:
    """What who has this ticket is doing; None for who has none."""
    return Derived.IDLE if ticket is None else _DOING[ticket.state]


def derived(board: Board, user: UserId) -> Derived:
    """What she is doing."""
    return doing(held_by(board, user))
