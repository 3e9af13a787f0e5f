"""Cuts audio of any length into the chunks of 20 ms that a call is made of."""

from __future__ import annotations

import numpy as np

from voicebot.core.audio import AudioChunk, Samples, chunk_samples


class Rechunker:
    """Keeps what does not fill a chunk yet."""

    def __init__(self, rate_hz: int) -> None:
        self._rate_hz = rate_hz
        self._rest: Samples = np.zeros(0, np.int16)

    def feed(self, samples: Samples) -> list[AudioChunk]:
        """Take int16 mono at the call's rate, any length; the chunks that are complete, oldest first."""
        size = chunk_samples(self._rate_hz)
        pending = np.concatenate((self._rest, samples))
        n_chunks = pending.size // size
        self._rest = pending[n_chunks * size :]
        return [AudioChunk(samples=piece, rate_hz=self._rate_hz) for piece in pending[: n_chunks * size].reshape(-1, size)]

    def flush(self) -> list[AudioChunk]:
        """The remainder as one chunk padded with silence; none when nothing is left."""
        size = chunk_samples(self._rate_hz)
        return self.feed(np.zeros(-self._rest.size % size, np.int16))
