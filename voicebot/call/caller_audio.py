"""The caller's recent audio, addressed by call time."""

from __future__ import annotations

import numpy as np

from voicebot.core.audio import AudioChunk, Samples


class CallerAudio:
    """Keeps the last `keep_s` seconds; memory is bounded and allocated once."""

    def __init__(self, *, rate_hz: int, keep_s: float) -> None:
        self._rate_hz = rate_hz
        self._ring = np.zeros(int(rate_hz * keep_s), np.int16)
        self._written = 0

    def append(self, chunk: AudioChunk) -> None:
        """Add the next 20 ms."""
        size = len(self._ring)
        start = self._written % size
        head = min(len(chunk.samples), size - start)
        self._ring[start : start + head] = chunk.samples[:head]
        self._ring[: len(chunk.samples) - head] = chunk.samples[head:]
        self._written += len(chunk.samples)

    def between(self, start_s: float, end_s: float) -> Samples:
        """A copy of what was heard between two call times, cut to what is still kept."""
        last = min(self._written, round(end_s * self._rate_hz))
        first = max(0, self._written - len(self._ring), round(start_s * self._rate_hz))
        if first >= last:
            return self._ring[:0].copy()
        start, end = first % len(self._ring), (last - 1) % len(self._ring) + 1
        if start < end:
            return self._ring[start:end].copy()
        return np.concatenate((self._ring[start:], self._ring[:end]))
