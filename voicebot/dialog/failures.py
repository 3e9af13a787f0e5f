"""What a caller hears when something fails: one table from error code to sentences."""

from __future__ import annotations

from collections.abc import Mapping

HEARING_FAILED = "repair.hearing"
SLOT_GONE = "booking.gone"
AGENDA_FAILED = "booking.failed"
MESSAGE_FAILED = "message.failed"
HANDOFF_FAILED = "handoff.failed"
BROKEN_DOWN = "closing.technical"

_STORING = (AGENDA_FAILED, MESSAGE_FAILED, HANDOFF_FAILED)
"""The one that belongs to the action under way."""

HEARD: Mapping[str, tuple[str, ...]] = {
    "internal": (BROKEN_DOWN,),
    "recognition": (HEARING_FAILED,),
    "records": _STORING,
    "storage_full": _STORING,
    "slot_taken": (SLOT_GONE,),
    "synthesis": (),  # another voice says the sentence; when none can, the call goes on to the next
    "transport": (),  # nobody is there any more
    "transfer": (),  # the secretary is told, and goes on talking
    "refused": (),  # a secretary's screen tells it
    "model": (),  # models load before a call is answered
    "bad_input": (),  # what a person gave is refused before a call is answered
    "bad_audio_file": (),
    "bad_consignes": (),
}
"""Error code -> keys of the sentences that may be said for it; none where nothing can or need be said."""
