"""The caller's recent audio, addressed by call time."""

from __future__ import annotations

from collections import deque

import numpy as np

from voicebot.core.audio import AudioChunk, Samples, chunk_samples


class CallerAudio:
    """Keeps the last `keep_s` seconds at most, less when told what may be forgotten: most of a call is not the caller's turn."""

    def __init__(self, *, rate_hz: int, keep_s: float, start_s: float = 0.0) -> None:
        """Begin at call time `start_s`, a whole number of chunks: a call taken up again does not begin at 0."""
        self._rate_hz = rate_hz
        self._size = chunk_samples(rate_hz)
        self._chunks: deque[Samples] = deque(maxlen=-(-round(rate_hz * keep_s) // self._size))
        self._heard = round(start_s * rate_hz) // self._size

    def append(self, chunk: AudioChunk) -> None:
        """Add the next 20 ms; the samples are kept as they are, not copied."""
        self._chunks.append(chunk.samples)
        self._heard += 1

    def forget(self, before_s: float) -> None:
        """Drop what was heard before a call time, by whole chunks."""
        kept = self._heard - int(before_s * self._rate_hz) // self._size
        while len(self._chunks) > max(0, kept):
            self._chunks.popleft()

    def between(self, start_s: float, end_s: float) -> Samples:
        """A copy of what was heard between two call times, cut to what is still kept."""
        oldest = (self._heard - len(self._chunks)) * self._size
        first = max(0, round(start_s * self._rate_hz) - oldest)
        last = min(len(self._chunks) * self._size, round(end_s * self._rate_hz) - oldest)
        if first >= last:
            return np.zeros(0, np.int16)
        chunks = [self._chunks[n] for n in range(first // self._size, -(-last // self._size))]
        skipped = first // self._size * self._size
        return np.concatenate(chunks)[first - skipped : last - skipped]
