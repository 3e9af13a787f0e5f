"""A call's request for a human."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class HandoffReason(StrEnum):
    """Why a human is needed, highest priority first."""

    URGENT = "urgent"
    VIP = "vip"
    ASKED = "asked"
    FAILED = "failed"
    """The dialogue did not get on."""


PRIORITY = {HandoffReason.URGENT: 600, HandoffReason.VIP: 300, HandoffReason.ASKED: 120, HandoffReason.FAILED: 0}
"""Base score of a ticket; one point is added per second waited."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoffRequest:
    """What the secretary reads before the audio connects."""

    reason: HandoffReason
    urgency_kind: str | None
    summary: str
    """One or two sentences, in the client's language: who, what for, what was done."""
    transcript: tuple[str, ...]
    """The turns so far, « appelant : … » / « assistant : … »."""
