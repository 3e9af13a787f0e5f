"""A call's request for a human."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from voicebot.core.language import Language


class HandoffReason(StrEnum):
    """Why a human is needed, highest priority first."""

    URGENT = "urgent"
    VIP = "vip"
    ASKED = "asked"
    FAILED = "failed"
    """The dialogue did not get on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoffRequest:
    """What the secretary reads before the audio connects."""

    reason: HandoffReason
    urgency_kind: str | None
    summary: str
    """One or two sentences, in the client's language: who, what for, what was done."""
    transcript: tuple[str, ...]
    """The turns so far, « appelant : … » / « assistant : … »."""
    caller: str | None = None
    """Number to call back, E.164: the one confirmed in the call, else the calling one."""
    person: str | None = None
    """Name of the caller, as far as known."""
    language: Language = "fr"
    """Of the call."""
