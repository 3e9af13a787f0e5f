"""Music for a caller who waits: a loop that is taken up where it was left, without a click."""

from __future__ import annotations

import numpy as np

from voicebot.core.audio import AudioChunk, Samples, chunk_samples

_FADE_S = 0.4


class WaitingMusic:
    """Plays one loop to one caller."""

    def __init__(self, loop: Samples, rate_hz: int) -> None:
        """Make a player.

        Args:
            loop: int16 mono at `rate_hz`, at least one chunk long; shared between calls, never changed.
            rate_hz: of the call.
        """
        self._loop = loop
        self._rate_hz = rate_hz
        self._position = 0
        self._faded = 0

    def rest(self) -> None:
        """Somebody speaks: the music comes back softly."""
        self._faded = 0

    def next(self) -> AudioChunk:
        """The next 20 ms."""
        size = chunk_samples(self._rate_hz)
        piece = np.take(self._loop, np.arange(self._position, self._position + size), mode="wrap")
        self._position = (self._position + size) % self._loop.size
        fade = round(_FADE_S * self._rate_hz)
        if self._faded < fade:
            ramp = np.minimum(1.0, np.arange(self._faded, self._faded + size) / fade)
            piece = (piece * ramp).astype(np.int16)
            self._faded += size
        return AudioChunk(samples=piece, rate_hz=self._rate_hz)
