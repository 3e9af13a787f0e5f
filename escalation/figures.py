"""Figures of the desk, for whoever watches the service: gauges read off the board, counters since the process began."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from escalation.presence import present
from escalation.standing import Board, holders
from voicebot.core.tickets import IN_QUEUE, TicketEvent, TicketState


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """How the desk stands."""

    waiting: int
    """Callers in the queue, offered ones included."""
    longest_wait_s: float
    """0 with nobody in the queue."""
    talking: int
    """Conversations, those being connected included."""
    wrapping_up: int
    callbacks: int
    """Call-backs to be made."""
    connected: int
    """Secretaries with a console open."""
    available: int
    """Of them, those who take calls, busy or not."""
    free: int
    """Of them, those without a ticket."""
    consoles: int
    """Open pages."""
    events: Mapping[str, int]
    """What happened since the process began, by kind: `opened`, `offered`, `accepted`, `offer_expired`, ..."""
    lost: Mapping[str, int]
    """What became of those who left the queue unserved, since the process began: `abandoned`, `overflowed`, `callback_due`."""
    failures: int
    """Beats of the queue that the database, or an error, has spoilt since the process began."""


class Counting:
    """Counts what happens."""

    def __init__(self) -> None:
        self.events = Counter[str]()
        self.lost = Counter[str]()
        self.failures = 0

    def take(self, before: Board, after: Board, facts: Iterable[TicketEvent]) -> None:
        """Count a change of the board, and the facts that tell why."""
        self.events.update(fact.kind for fact in facts)
        for ticket in after.tickets.values():
            known = before.tickets.get(ticket.id)
            if known is not None and known.left != ticket.left and ticket.left is not None:
                self.lost[ticket.state] += 1


def figures(board: Board, counted: Counting, *, consoles: int, now: datetime) -> Figures:
    """The figures at an aware time."""
    states = Counter(ticket.state for ticket in board.tickets.values())
    waits = [(now - t.waiting_since).total_seconds() for t in board.tickets.values() if t.state in IN_QUEUE]
    here = [secretary for secretary in board.secretaries.values() if present(secretary)]
    held = holders(board)
    return Figures(
        waiting=len(waits),
        longest_wait_s=max(waits, default=0.0),
        talking=states[TicketState.CONNECTING] + states[TicketState.TALKING],
        wrapping_up=states[TicketState.WRAP_UP],
        callbacks=states[TicketState.CALLBACK_DUE] + states[TicketState.CALLING_BACK],
        connected=sum(secretary.connected for secretary in board.secretaries.values()),
        available=len(here),
        free=sum(secretary.user not in held for secretary in here),
        consoles=consoles,
        events=dict(counted.events),
        lost=dict(counted.lost),
        failures=counted.failures,
    )
