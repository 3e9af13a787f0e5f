"""What happens at the desk, as data: to tickets, and to those who take them. `escalation.board.apply` says what follows.

The name of a ticket's event in snake case is the `kind` of the `TicketEvent` that is stored for it.
"""

from __future__ import annotations

from dataclasses import dataclass

from voicebot.core.ids import CallId, TicketId, UserId
from voicebot.core.secretaries import Declared
from voicebot.core.tickets import Leaving
from voicebot.handoff.requests import HandoffRequest

# Offers: who shall take a waiting ticket.


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """Routing has chosen her."""

    ticket: TicketId
    user: UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferExpired:
    """She let it ring."""

    ticket: TicketId


@dataclass(frozen=True, slots=True, kw_only=True)
class Widened:
    """Nobody took it in time: from now on every able secretary may."""

    ticket: TicketId


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """She takes it: the one that she was offered, or one picked from the list."""

    ticket: TicketId
    user: UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class Declined:
    """She does not take it, also after having accepted, as long as her audio is not connected."""

    ticket: TicketId
    user: UserId
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """A supervisor offers a waiting ticket to a certain secretary, or makes her the owner of a call-back."""

    ticket: TicketId
    to_user: UserId
    by: UserId


OfferEvent = Offered | OfferExpired | Widened | Accepted | Declined | Moved


# Conversations: from the acceptance to the end of the file.


@dataclass(frozen=True, slots=True, kw_only=True)
class AudioConnected:
    """Audio runs both ways."""

    ticket: TicketId
    user: UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionFailed:
    """Her audio did not come in time, or cannot come."""

    ticket: TicketId
    user: UserId | None = None
    """Whose audio; an event that comes late then harms nobody else. None: whoever has the ticket."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AudioLost:
    """Her audio went away in the conversation and did not come back."""

    ticket: TicketId
    user: UserId | None = None
    """See `ConnectionFailed.user`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TalkEnded:
    """She hung up."""

    ticket: TicketId
    user: UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenBack:
    """She gives the caller back to the bot."""

    ticket: TicketId
    user: UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class WrapUpExtended:
    """She needs more time to write; once a ticket."""

    ticket: TicketId
    user: UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class WrapUpEnded:
    """The file is closed."""

    ticket: TicketId
    user: UserId | None = None
    """None: the time is over."""


ConversationEvent = AudioConnected | ConnectionFailed | AudioLost | TalkEnded | GivenBack | WrapUpExtended | WrapUpEnded


# The caller's side.


@dataclass(frozen=True, slots=True, kw_only=True)
class CallerLeft:
    """The caller leaves the queue by choice, or the call takes them out of it."""

    ticket: TicketId
    how: Leaving
    phone: str | None = None
    """Number to call back when it is not the known one, E.164."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallerGone:
    """The caller's line is down, wherever the ticket stands."""

    ticket: TicketId


@dataclass(frozen=True, slots=True, kw_only=True)
class Returned:
    """Who left the queue rings again."""

    ticket: TicketId
    call: CallId


@dataclass(frozen=True, slots=True, kw_only=True)
class Raised:
    """The call asks again for a human: what is read is renewed, urgency and score only rise."""

    ticket: TicketId
    request: HandoffRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class Readopted:
    """After a restart: back to the queue with its rank, whoever had it."""

    ticket: TicketId
    call: CallId | None = None
    """The call that it belongs to from now on; None: as before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CutOff:
    """The caller of a live ticket was not found again."""

    ticket: TicketId


CallerEvent = CallerLeft | CallerGone | Returned | Raised | Readopted | CutOff


# Call-backs.


@dataclass(frozen=True, slots=True, kw_only=True)
class CallbackTaken:
    """She rings the caller now."""

    ticket: TicketId
    user: UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class CallbackAnswered:
    """She reached the caller."""

    ticket: TicketId
    user: UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class CallbackMissed:
    """Nobody answered her."""

    ticket: TicketId
    user: UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class CallbackLapsed:
    """She took a call-back and never said what came of it."""

    ticket: TicketId


CallbackEvent = CallbackTaken | CallbackAnswered | CallbackMissed | CallbackLapsed

TicketDeskEvent = OfferEvent | ConversationEvent | CallerEvent | CallbackEvent
"""What changes a ticket."""


# Presence.


@dataclass(frozen=True, slots=True, kw_only=True)
class Declares:
    """She says whether she takes calls."""

    user: UserId
    declared: Declared
    reason: str | None = None
    """Of a break."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Forced:
    """A supervisor says it for her."""

    user: UserId
    declared: Declared
    by: UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsoleOpened:
    """Her first console is connected."""

    user: UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsoleClosed:
    """Her last console is gone."""

    user: UserId


PresenceEvent = Declares | Forced | ConsoleOpened | ConsoleClosed
"""What changes a secretary."""

DeskEvent = TicketDeskEvent | PresenceEvent
