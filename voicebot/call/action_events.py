"""Actions that are done, as the public JSON Lines show them."""

from __future__ import annotations

from voicebot.booking.slots import Slot
from voicebot.core.events import JsonValue
from voicebot.dialog.actions import Book, RequestHuman, TakeMessage
from voicebot.dialog.inputs import Booked, HumanRequested, MessageTaken, Result


def public_action(action: object, result: Result | None) -> dict[str, JsonValue] | None:
    """Name and fields of an action that is done, as `call --json` prints it; None for what only concerns the dialogue."""
    match action, result:
        case Book(), Booked():
            return {
                "name": "book",
                **_slot_data(action.slot),
                "person": action.person,
                "phone": action.phone,
                "unsure": list(action.unsure),
                "appointment_id": result.appointment,
            }
        case TakeMessage(), MessageTaken():
            return {
                "name": "message",
                "kind": action.kind,
                "person": action.person,
                "phone": action.phone,
                "reason": action.reason,
                "for_person": action.for_person,
                "urgent": action.urgent,
                "unsure": list(action.unsure),
                "message_id": result.message,
            }
        case RequestHuman(), HumanRequested():
            return {
                "name": "escalate",
                "reason": action.reason,
                "kind": action.urgency_kind,
                "summary": action.summary,
                "ticket_id": result.ticket,
            }
        case _:
            return None


def _slot_data(slot: Slot) -> dict[str, JsonValue]:
    return {
        "act": slot.act,
        "practitioner": slot.practitioner,
        "starts": slot.starts.isoformat(),
        "ends": slot.ends.isoformat(),
    }
