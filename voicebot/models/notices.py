"""What a user must be told about a model before relying on it."""

from __future__ import annotations

from voicebot.models.manifest import ModelEntry, Purpose

PEOPLE_MODEL = "small"
"""Smallest recogniser worth using with real callers on a CPU."""


def notice(entry: ModelEntry) -> str | None:
    """Warning to show at every start with this model, or None when there is nothing to say."""
    if entry.purpose is not Purpose.RECOGNITION or entry.understands_people:
        return None
    return (
        f"The recogniser {entry.name} understands synthetic voices and a receptionist's vocabulary, not people. "
        f"For real callers: voicebot models pull {PEOPLE_MODEL}"
    )
