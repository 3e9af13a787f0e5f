"""How fast a peer may send: a flood waits, and only the flooder."""

from __future__ import annotations

from collections.abc import Callable

BYTES_PER_S = 256 * 1024
"""Eight times the audio of a call."""
BURST_BYTES = 256 * 1024
"""What a network that stalled may deliver at once: 8 s of audio."""
MESSAGE_BYTES = 512
"""Every message costs at least so much: small ones are work too."""


class Pace:
    """A bucket of bytes that refills with time."""

    def __init__(self, now_s: Callable[[], float]) -> None:
        self._now_s = now_s
        self._credit_bytes = float(BURST_BYTES)
        self._at_s = now_s()

    def wait_s(self, size_bytes: int) -> float:
        """How long to read nothing more after a message of that size, seconds; mostly 0."""
        now_s = self._now_s()
        self._credit_bytes = min(BURST_BYTES, self._credit_bytes + (now_s - self._at_s) * BYTES_PER_S)
        self._at_s = now_s
        self._credit_bytes -= max(size_bytes, MESSAGE_BYTES)
        return max(0.0, -self._credit_bytes / BYTES_PER_S)
