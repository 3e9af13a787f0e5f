"""Listening in on a call without a word: both sides as one stream, silent whenever the caller is on hold."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable

import numpy as np

from escalation.bridge import DESK_RATE_HZ
from voicebot.audio.mix import mix
from voicebot.audio.rechunk import Rechunker
from voicebot.audio.resample import Resampler
from voicebot.call.live import LiveCall
from voicebot.core.audio import AudioChunk

BOUND_FRAMES = 50
"""1 s of audio waits for a listener who is slow; the oldest is dropped."""


class Tap:
    """One listener: an async iterator of 20 ms PCM16 little-endian mono at 16 kHz that ends with the call."""

    def __init__(self, call: LiveCall, *, on_hold: Callable[[], bool]) -> None:
        """Begin to listen.

        Args:
            call: Under way.
            on_hold: Whether nobody may hear the caller now: in the queue, or held by a human.
        """
        self.call = call
        self._on_hold = on_hold
        self._frames: deque[bytes] = deque(maxlen=BOUND_FRAMES)
        self._news = asyncio.Event()
        self._over = False
        self._rate_hz: int | None = None
        self._stop = call.tap(self._take)

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self

    async def __anext__(self) -> bytes:
        while not self._frames:
            if self._over:
                raise StopAsyncIteration
            self._news.clear()
            await self._news.wait()
        return self._frames.popleft()

    @property
    def closed(self) -> bool:
        """Whether nothing more is heard."""
        return self._over

    def close(self) -> None:
        """Stop listening; the iteration ends."""
        if not self._over:
            self._over = True
            self._stop()
            self._news.set()

    def _take(self, caller: AudioChunk, other: AudioChunk) -> None:
        if self._rate_hz != caller.rate_hz:
            self._rate_hz = caller.rate_hz
            self._to_16_khz, self._chunks = Resampler(caller.rate_hz, DESK_RATE_HZ), Rechunker(DESK_RATE_HZ)
        both = np.zeros_like(caller.samples) if self._on_hold() else mix(caller.samples, other.samples)
        for chunk in self._chunks.feed(self._to_16_khz.feed(both)):
            self._frames.append(chunk.samples.astype("<i2").tobytes())
            self._news.set()
