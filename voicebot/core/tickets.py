"""A ticket: a call that waits for, or is with, a human, until its file is closed. Plain data; `escalation` decides.

Its states::

    waiting <-> offered -> connecting -> talking -> wrap_up -> done
       ^           |            |           |
       +-----------+------------+-----------+   (refused, expired, no audio, audio lost)
    waiting | offered | connecting -> callback_due | abandoned | overflowed   (the caller leaves)
    any of the first row, talking included -> callback_due | abandoned        (cut off, and not found again)
    offered -> offered                                             (a supervisor moves it)
    callback_due -> waiting                                        (the caller rings again: same rank)
    callback_due <-> calling_back -> wrap_up -> done               (a secretary rings)
    calling_back -> done                                           (nobody answered the last attempt)
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal

from voicebot.core.ids import CallId, ClientId, TicketId, UserId
from voicebot.core.language import Language

Leaving = Literal["hung_up", "callback", "message", "answered", "cut"]
"""How a caller leaves the queue unserved: hung up, wants a call-back, left a message, found the answer meanwhile, line lost."""


class TicketState(StrEnum):
    """Where a ticket stands."""

    WAITING = "waiting"
    OFFERED = "offered"
    """To one secretary, until `deadline`."""
    CONNECTING = "connecting"
    """Accepted; her audio must be there before `deadline`."""
    TALKING = "talking"
    WRAP_UP = "wrap_up"
    """The conversation is over, she writes, until `deadline`."""
    CALLBACK_DUE = "callback_due"
    CALLING_BACK = "calling_back"
    DONE = "done"
    ABANDONED = "abandoned"
    """The caller left and cannot be called back."""
    OVERFLOWED = "overflowed"
    """Nobody came in time; the caller left a message, or the bot went on."""


LIVE = frozenset({TicketState.WAITING, TicketState.OFFERED, TicketState.CONNECTING, TicketState.TALKING})
"""The caller is on the line. At most one such ticket a call."""
IN_QUEUE = frozenset({TicketState.WAITING, TicketState.OFFERED})
HELD = frozenset(
    {TicketState.OFFERED, TicketState.CONNECTING, TicketState.TALKING, TicketState.WRAP_UP, TicketState.CALLING_BACK}
)
"""A secretary has it. At most one such ticket a secretary."""
CLOSED = frozenset({TicketState.DONE, TicketState.ABANDONED, TicketState.OVERFLOWED})
"""Ends; nothing follows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """A ticket as it stands; replaced, never changed. All times aware UTC."""

    id: TicketId
    version: int
    """Counts its changes: an update names the version that it read, so that only one of two wins."""
    state: TicketState
    client: ClientId | None
    call: CallId
    """The call it belongs to now; a caller who rings again brings a new one."""
    caller: str | None
    """Number to call back, E.164."""
    person: str | None = None
    """Name of the caller, as far as known."""
    language: Language = "fr"
    reason: str
    """`urgent`, `vip`, `asked` or `failed`."""
    urgency_kind: str | None = None
    base_score: int
    """Score at the start; one point is added per second waited."""
    summary: str
    transcript: tuple[str, ...] = ()
    waiting_since: datetime
    """Never reset, whatever happens next."""
    secretary: UserId | None = None
    """Who has it (states of `HELD`), who had it (`done`), who owns the call-back (`callback_due`)."""
    deadline: datetime | None = None
    """When the state runs out by itself: an offer, a connection, a wrap-up."""
    widened_at: datetime | None = None
    """Since when every able secretary may take it."""
    refused_by: tuple[UserId, ...] = ()
    """Who refused it or let it ring, latest last."""
    offers: int = 0
    """How often it was offered."""
    accepted_at: datetime | None = None
    connected_at: datetime | None = None
    """First moment of two-way audio."""
    released_at: datetime | None = None
    """End of the conversation with the human."""
    closed_at: datetime | None = None
    wrap_up_extended: bool = False
    left: Leaving | None = None
    left_at: datetime | None = None
    """When the caller left the queue unserved."""
    attempts: int = 0
    """Call-backs tried."""
    due_at: datetime | None = None
    """A call-back is not to be tried before."""

    def score(self, now: datetime) -> float:
        """Rank in the queue, highest first: base plus seconds waited."""
        return self.base_score + (now - self.waiting_since).total_seconds()


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketEvent:
    """Why a ticket changed; stored in the transaction of the change."""

    ticket: TicketId
    kind: str
    """`opened`, `offered`, `accepted`, `refused`, ...: the name of the event in `escalation.tickets`."""
    at: datetime
    user: UserId | None = None
    """Who did it; None for the engine and the caller."""
    data: Mapping[str, str | int | float | None]
    """Further facts (a reason of refusal, a number)."""
