"""Performs what the policy asks of the world: agenda, messages, tickets. Nothing is said to be done before it is committed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, assert_never

from voicebot.booking.agenda import Agenda
from voicebot.clients.consignes import Consignes
from voicebot.core.errors import RecordsError, SlotTakenError
from voicebot.core.ids import CallId
from voicebot.dialog.actions import Book, FindSlots, HoldSlot, LeaveQueue, ReleaseHold, RequestHuman, TakeMessage, WorldAction
from voicebot.dialog.inputs import (
    ActionFailed,
    Booked,
    HumanRequested,
    LeftQueue,
    MessageTaken,
    Result,
    SlotGone,
    SlotHeld,
    SlotsFound,
)
from voicebot.handoff.protocol import Handoff
from voicebot.handoff.requests import HandoffRequest
from voicebot.messages.inbox import take_message
from voicebot.records.database import Database

_Name = Literal["find_slots", "hold_slot", "book", "take_message", "request_human", "leave_queue"]
_NAMES: dict[type, _Name] = {
    FindSlots: "find_slots",
    HoldSlot: "hold_slot",
    ReleaseHold: "hold_slot",
    Book: "book",
    TakeMessage: "take_message",
    RequestHuman: "request_human",
    LeaveQueue: "leave_queue",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """The world, as one call sees it."""

    agenda: Agenda
    database: Database
    """Where messages go."""
    handoff: Handoff


class ActionExecutor:
    """Performs the actions of one call; blocking, called from a thread."""

    def __init__(
        self, *, call: CallId, consignes: Consignes, services: Services, transcript: Callable[[], tuple[str, ...]]
    ) -> None:
        self._call = call
        self._consignes = consignes
        self._services = services
        self._transcript = transcript

    def perform(self, action: WorldAction, now: datetime) -> Result | None:
        """Do it; the result goes back to the policy. A failing database is a result, not an exception."""
        try:
            return self._perform(action, now)
        except SlotTakenError:
            if isinstance(action, HoldSlot | Book):
                return SlotGone(slot=action.slot)
            raise
        except RecordsError:
            return None if isinstance(action, ReleaseHold) else ActionFailed(action=_NAMES[type(action)])

    def _perform(self, action: WorldAction, now: datetime) -> Result | None:
        services, consignes = self._services, self._consignes
        match action:
            case FindSlots():
                found = services.agenda.find(
                    consignes,
                    action.act,
                    action.practitioner,
                    action.wish,
                    now=now,
                    refused=action.refused,
                    limit=action.limit,
                    call=self._call,
                )
                return SlotsFound(slots=found.slots, exact=found.exact, why_not=found.why_not)
            case HoldSlot():
                return SlotHeld(hold=services.agenda.hold(self._call, consignes, action.slot, now=now), slot=action.slot)
            case ReleaseHold():
                services.agenda.release(action.hold)
                return None
            case Book():
                appointment = services.agenda.book(
                    action.hold,
                    action.slot,
                    person=action.person,
                    phone=action.phone,
                    unsure=action.unsure,
                    note=action.note,
                    call=self._call,
                    now=now,
                )
                return Booked(appointment=appointment, slot=action.slot)
            case TakeMessage():
                message = take_message(
                    services.database,
                    call=self._call,
                    client=consignes.id,
                    kind=action.kind,
                    person=action.person,
                    phone=action.phone,
                    reason=action.reason,
                    for_person=action.for_person,
                    urgent=action.urgent,
                    best_time=action.best_time,
                    unsure=action.unsure,
                    now=now,
                )
                return MessageTaken(message=message)
            case RequestHuman():
                return self._request_human(action, now)
            case LeaveQueue():
                services.handoff.leave(self._call, action.how, phone=action.phone, now=now)
                return LeftQueue(how=action.how)
            case _:
                assert_never(action)

    def _request_human(self, action: RequestHuman, now: datetime) -> HumanRequested:
        request = HandoffRequest(
            reason=action.reason,
            urgency_kind=action.urgency_kind,
            summary=action.summary,
            transcript=self._transcript(),
            caller=action.phone,
            person=action.person,
            language=action.language,
        )
        place = self._services.handoff.request(self._call, self._consignes.id, request, now=now)
        return HumanRequested(
            ticket=place.ticket,
            live=place.live,
            staffed=place.staffed,
            position=place.position,
            estimate_s=place.estimate_s,
        )
