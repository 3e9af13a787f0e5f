"""Events of tickets by name, and which of them mostly happen when."""

from __future__ import annotations

from collections.abc import Callable

from escalation.desk_events import (
    Accepted,
    AudioConnected,
    AudioLost,
    CallbackAnswered,
    CallbackLapsed,
    CallbackMissed,
    CallbackTaken,
    CallerGone,
    CallerLeft,
    ConnectionFailed,
    CutOff,
    Declined,
    DeskEvent,
    GivenBack,
    Moved,
    Offered,
    OfferExpired,
    Raised,
    Readopted,
    Returned,
    TalkEnded,
    Widened,
    WrapUpEnded,
    WrapUpExtended,
)
from tests.fakes.desk import CHIEF
from voicebot.core.ids import CallId, TicketId, UserId
from voicebot.core.tickets import Leaving, TicketState
from voicebot.handoff.requests import HandoffReason, HandoffRequest

CALLS = (CallId("again"), CallId("once more"), CallId("call 1"))
"""Of those who ring again; the last may still be on the line."""
LEAVINGS: tuple[Leaving, ...] = ("hung_up", "callback", "message", "answered", "cut")

Dice = Callable[[int], int]
"""A number from 0 to below n."""
Kind = Callable[[TicketId, UserId, Dice], DeskEvent]


def _raised(t: TicketId, _: UserId, dice: Dice) -> DeskEvent:
    reason = tuple(HandoffReason)[dice(4)]
    return Raised(ticket=t, request=HandoffRequest(reason=reason, urgency_kind=None, summary="again", transcript=()))


OF_TICKETS: dict[str, Kind] = {
    "offered": lambda t, u, _: Offered(ticket=t, user=u),
    "offer_expired": lambda t, _u, _: OfferExpired(ticket=t),
    "widened": lambda t, _u, _: Widened(ticket=t),
    "accepted": lambda t, u, _: Accepted(ticket=t, user=u),
    "declined": lambda t, u, _: Declined(ticket=t, user=u, why="busy"),
    "moved": lambda t, u, _: Moved(ticket=t, to_user=u, by=CHIEF),
    "audio_connected": lambda t, u, _: AudioConnected(ticket=t, user=u),
    "connection_failed": lambda t, u, dice: ConnectionFailed(ticket=t, user=u if dice(2) else None),
    "audio_lost": lambda t, u, dice: AudioLost(ticket=t, user=u if dice(2) else None),
    "talk_ended": lambda t, u, _: TalkEnded(ticket=t, user=u),
    "given_back": lambda t, u, _: GivenBack(ticket=t, user=u),
    "wrap_up_extended": lambda t, u, _: WrapUpExtended(ticket=t, user=u),
    "wrap_up_ended": lambda t, u, dice: WrapUpEnded(ticket=t, user=u if dice(2) else None),
    "caller_left": lambda t, _u, dice: CallerLeft(
        ticket=t, how=LEAVINGS[dice(5)], phone="+33199000000" if dice(3) == 0 else None
    ),
    "caller_gone": lambda t, _u, _: CallerGone(ticket=t),
    "returned": lambda t, _u, dice: Returned(ticket=t, call=CALLS[dice(3)]),
    "raised": _raised,
    "readopted": lambda t, _u, dice: Readopted(ticket=t, call=CALLS[dice(3)] if dice(2) else None),
    "cut_off": lambda t, _u, _: CutOff(ticket=t),
    "callback_taken": lambda t, u, _: CallbackTaken(ticket=t, user=u),
    "callback_answered": lambda t, u, _: CallbackAnswered(ticket=t, user=u),
    "callback_missed": lambda t, u, _: CallbackMissed(ticket=t, user=u),
    "callback_lapsed": lambda t, _u, _: CallbackLapsed(ticket=t),
}
LIKELY: dict[TicketState, tuple[str, ...]] = {
    TicketState.WAITING: ("offered", "offered", "accepted", "accepted", "accepted", "moved", "raised", "caller_left"),
    TicketState.OFFERED: ("accepted", "accepted", "declined", "moved", "offer_expired", "caller_left", "readopted"),
    TicketState.CONNECTING: ("audio_connected",) * 4 + ("connection_failed", "declined", "caller_left", "caller_gone", "raised"),
    TicketState.TALKING: ("talk_ended", "given_back", "audio_lost", "caller_gone", "cut_off", "readopted"),
    TicketState.WRAP_UP: ("wrap_up_extended", "wrap_up_ended"),
    TicketState.CALLBACK_DUE: ("callback_taken", "callback_taken", "callback_taken", "returned", "moved"),
    TicketState.CALLING_BACK: ("callback_missed", "callback_missed", "callback_answered", "callback_lapsed"),
}
"""What mostly happens, so that sequences get far; now and then anything happens to anything."""
