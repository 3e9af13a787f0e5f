"""What the policy is fed: the caller's turns, timers, the queue's news, and the results of its own actions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from voicebot.booking.slots import Slot
from voicebot.core.ids import AppointmentId, HoldId, MessageId, TicketId
from voicebot.core.tickets import Leaving
from voicebot.handoff.events import HandoffEvent
from voicebot.nlu.understanding import Understanding


@dataclass(frozen=True, slots=True, kw_only=True)
class CallStarted:
    """The call is answered."""

    caller: str | None
    """Calling number, E.164; None when withheld."""
    now: datetime
    """Aware, in the client's zone."""
    recorded: bool
    """Whether this call's audio is kept: the notice says so."""
    returning: bool = False
    """This caller left this client's queue a moment ago, and finds the place again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallerTurn:
    """The caller has spoken."""

    understanding: Understanding
    now: datetime
    """Aware, in the client's zone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallerKeys:
    """The caller has pressed keys (0 = a person; # = end; digits of a number or a choice)."""

    keys: str
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CallerSilent:
    """Nobody has spoken since the bot finished."""

    level: Literal[1, 2, 3]
    """1 after 6 s, 2 after 12 s, 3 at the end (before 20 s)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnTooLong:
    """The caller's turn hit the hard cap and was cut; the words so far came as the previous CallerTurn or will not come."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeLimit:
    """The call is near (`final=False`) or at (`final=True`) its maximum duration."""

    final: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class HearingFailed:
    """Speech was there but recognition failed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotsFound:
    """Answer to FindSlots."""

    slots: tuple[Slot, ...]
    """At most `limit`, by start time; empty when nothing is free within the horizon."""
    exact: bool
    """Whether they fit the wish; otherwise they are the nearest alternatives."""
    why_not: Literal["closed", "full", "past", "too_far", "too_soon"] | None = None
    """Why the wish itself could not be met, when `exact` is False."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotHeld:
    """Answer to HoldSlot: reserved."""

    hold: HoldId
    slot: Slot


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotGone:
    """Answer to HoldSlot or Book: somebody else took it."""

    slot: Slot


@dataclass(frozen=True, slots=True, kw_only=True)
class Booked:
    """Answer to Book: the row is committed."""

    appointment: AppointmentId
    slot: Slot


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageTaken:
    """Answer to TakeMessage: the row is committed."""

    message: MessageId


@dataclass(frozen=True, slots=True, kw_only=True)
class HumanRequested:
    """Answer to RequestHuman: the ticket is committed."""

    ticket: TicketId
    live: bool = False
    """Whether the caller stays on the line for a human; otherwise the call ends here."""
    staffed: bool = False
    """Whether anybody who could take the call is logged in."""
    position: int = 0
    """1 for the next to be taken; 0 when the caller does not wait on the line."""
    estimate_s: float | None = None
    """Expected wait, seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftQueue:
    """Answer to LeaveQueue: the queue has let the caller go, committed."""

    how: Leaving


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionFailed:
    """An action could not be performed (database down, disk full); nothing was stored."""

    action: Literal["find_slots", "hold_slot", "book", "take_message", "request_human", "leave_queue"]


Result = SlotsFound | SlotHeld | SlotGone | Booked | MessageTaken | HumanRequested | LeftQueue | ActionFailed


@dataclass(frozen=True, slots=True, kw_only=True)
class Hinted:
    """A secretary who looks on has the bot say something."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Resumed:
    """The caller was found again after the process had died; the state was rebuilt from the stored events."""

    now: datetime
    """Aware, in the client's zone."""
    noticed: bool = True
    """Whether the notice was played before the cut; otherwise it comes first."""
    result: Result | None = None
    """Of the action that was under way at the cut, when the database tells it; None: it is asked for again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stopping:
    """The server stops in a moment."""

    now: datetime
    """Aware, in the client's zone."""


FromCaller = CallerTurn | CallerKeys | CallerSilent | TurnTooLong | HearingFailed
"""What the caller does, or leaves undone."""
Input = CallStarted | FromCaller | TimeLimit | Result | HandoffEvent | Hinted | Resumed | Stopping
