"""Inputs of the policy as stored JSON, so that a call can be replayed."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import TypeAdapter

from voicebot.core.events import JsonValue
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
from voicebot.handoff.events import HandoffEvent, HumanComing, HumanConnected, HumanLeft, PlaceChanged, Waited

Stored = Result | HandoffEvent
"""Inputs that no other event tells: results of actions, and news from the queue."""

_KINDS: dict[str, TypeAdapter[Stored]] = {
    kind.__name__: TypeAdapter(kind)
    for kind in (
        SlotsFound, SlotHeld, SlotGone, Booked, MessageTaken, HumanRequested, LeftQueue, ActionFailed,
        PlaceChanged, Waited, HumanComing, HumanConnected, HumanLeft,
    )
}  # fmt: skip


def input_to_json(event: Stored) -> dict[str, JsonValue]:
    """`{"type": class name, ...fields}`."""
    name = type(event).__name__
    fields: dict[str, JsonValue] = _KINDS[name].dump_python(event, mode="json")
    return {"type": name, **fields}


def input_from_json(data: Mapping[str, JsonValue]) -> Stored:
    """The inverse of `input_to_json`; fields that an older version did not store take their defaults.

    Raises:
        KeyError: an unknown type.
    """
    fields = dict(data)
    return _KINDS[str(fields.pop("type"))].validate_python(fields)
