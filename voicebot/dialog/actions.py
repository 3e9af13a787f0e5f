"""What the policy asks for. Order matters: actions are performed one after the other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum
from typing import Literal

from voicebot.booking.slots import Slot
from voicebot.core.ids import ActId, HoldId, PersonId
from voicebot.core.language import Language
from voicebot.core.tickets import Leaving
from voicebot.handoff.requests import HandoffReason
from voicebot.nlu.slots import DateTimeWish

SayValue = str | int | float | datetime | date | time | tuple[str, ...] | tuple[datetime, ...]
"""A parameter of a sentence; rendering writes it in the language of the call."""


class EndReason(StrEnum):
    """Why a call ended; exactly one per call."""

    CALLER_GOODBYE = "caller_goodbye"
    BOT_GOODBYE = "bot_goodbye"
    CALLER_HUNG_UP = "caller_hung_up"
    HANDED_OFF = "handed_off"
    REFUSED = "refused"
    SILENCE = "silence"
    NO_PROGRESS = "no_progress"
    TIME_LIMIT = "time_limit"
    STOPPED = "stopped"
    """The server was stopped."""
    CUT_OFF = "cut_off"
    """The server died, and the caller was not found again."""
    ERROR = "error"


class Outcome(StrEnum):
    """What the call came to; exactly one per call."""

    BOOKED = "booked"
    MESSAGE = "message"
    ESCALATED = "escalated"
    ANSWERED = "answered"
    REFUSED = "refused"
    NOTHING = "nothing"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Say:
    """Speak one sentence of the catalogue."""

    key: str
    """Key in `scripts_catalog/sentences/<language>.yaml`, e.g. `booking.propose_two`."""
    params: Mapping[str, SayValue] = field(default_factory=dict)
    protected: bool = False
    """No barge-in (the notice at the start, the safety sentence)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SetLanguage:
    """Continue the call in another language."""

    language: Language


@dataclass(frozen=True, slots=True, kw_only=True)
class FindSlots:
    """Look for free slots; answered by `SlotsFound`."""

    act: ActId
    practitioner: PersonId | None
    wish: DateTimeWish
    refused: tuple[datetime, ...] = ()
    """Starts already refused by the caller."""
    limit: int = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldSlot:
    """Reserve a slot while details are taken; answered by `SlotHeld` or `SlotGone`."""

    slot: Slot


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseHold:
    """Give a held slot back; no answer."""

    hold: HoldId


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """Turn a hold into an appointment; answered by `Booked` or `SlotGone`."""

    hold: HoldId
    slot: Slot
    person: str
    phone: str | None
    """E.164; None when the caller has none to give."""
    unsure: tuple[str, ...] = ()
    """Names of fields that were not confirmed (`person`, `phone`), shown to whoever reads."""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeMessage:
    """Store a message; answered by `MessageTaken`."""

    kind: Literal["message", "callback", "lead", "request"]
    person: str | None
    phone: str | None
    reason: str
    for_person: PersonId | None = None
    urgent: bool = False
    best_time: str | None = None
    unsure: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestHuman:
    """Open a ticket, or renew the one that is open; answered by `HumanRequested`."""

    reason: HandoffReason
    urgency_kind: str | None = None
    summary: str = ""
    person: str | None = None
    """Name of the caller, as far as known."""
    phone: str | None = None
    """Number to call back, E.164: the one confirmed in the call, else the calling one."""
    language: Language = "fr"
    """Of the call."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaveQueue:
    """Take the call out of the queue of those who wait for a human; answered by `LeftQueue`."""

    how: Leaving
    phone: str | None = None
    """Number to call back, E.164, confirmed in the call; None: the one that the ticket knows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EndCall:
    """Hang up once everything said has been played."""

    reason: EndReason


WorldAction = FindSlots | HoldSlot | ReleaseHold | Book | TakeMessage | RequestHuman | LeaveQueue
"""Actions that leave the call: performed off the event loop, each in one transaction."""
Action = Say | SetLanguage | WorldAction | EndCall
