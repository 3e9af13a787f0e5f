"""Every key of a stored event and of a log line, classified: personal data or not. A test refuses unlisted keys."""

from __future__ import annotations

PERSONAL = frozenset({"caller", "text", "heard", "input", "shown", "keys"})
"""Words, names and numbers of a caller: stored with the call, erased with it, never in a log."""

SAFE = frozenset(
    {
        "act",
        "calls",
        "code",
        "complete",
        "cut",
        "dropped",
        "end_s",
        "error",
        "final",
        "folder",
        "intent",
        "language",
        "level",
        "message",
        "name",
        "noticed",
        "now",
        "outcome",
        "reason",
        "recorded",
        "returning",
        "start_s",
        "urgent",
    }
)
"""Says how a call went, not who said what."""
