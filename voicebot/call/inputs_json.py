"""Inputs of the policy as stored JSON, so that a call can be replayed."""

from __future__ import annotations

from pydantic import TypeAdapter

from voicebot.core.events import JsonValue
from voicebot.dialog.inputs import (
    ActionFailed,
    Booked,
    HumanRequested,
    MessageTaken,
    Result,
    SlotGone,
    SlotHeld,
    SlotsFound,
)

_RESULTS: dict[str, TypeAdapter[Result]] = {
    kind.__name__: TypeAdapter(kind)
    for kind in (SlotsFound, SlotHeld, SlotGone, Booked, MessageTaken, HumanRequested, ActionFailed)
}


def result_to_json(result: Result) -> dict[str, JsonValue]:
    """`{"type": class name, ...fields}`."""
    name = type(result).__name__
    fields: dict[str, JsonValue] = _RESULTS[name].dump_python(result, mode="json")
    return {"type": name, **fields}


def result_from_json(data: dict[str, JsonValue]) -> Result:
    """The inverse of `result_to_json`.

    Raises:
        KeyError: an unknown type.
    """
    fields = dict(data)
    return _RESULTS[str(fields.pop("type"))].validate_python(fields)
