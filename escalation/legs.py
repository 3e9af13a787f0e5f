"""The secretary's end of a bridge: what her browser sends and is sent, paced by the clock."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import numpy as np

from escalation.bridge import Bridge, Phase
from voicebot.core.audio import CHUNK_MS
from voicebot.core.clock import Clock

_FRAME_S = CHUNK_MS / 1000
_LATE_S = 0.2
"""Who is so late with a pull has missed what lies between."""


class SecretaryLeg:
    """One connection of a secretary to a bridge; a new one takes the place of the one before."""

    def __init__(
        self, bridge: Bridge, *, clock: Clock, prepare: Callable[[], Awaitable[None]], changed: Callable[[], None]
    ) -> None:
        """Join a bridge.

        Args:
            bridge: Whose secretary this is.
            clock: Paces `pull`.
            prepare: Awaited before the first frame: gets the spoken briefing ready.
            changed: Called when the leg begins to carry audio, when the briefing is over, and when it is closed.
        """
        self._bridge = bridge
        self._clock = clock
        self._prepare: Callable[[], Awaitable[None]] | None = prepare
        self._changed = changed
        self._next_s = clock.now_s()
        self._heard = False
        self.last_s = clock.now_s()
        """Clock time at which something last came from her, or at which she came."""
        self._closed = False

    @property
    def phase(self) -> Phase:
        """Who hears whom; `ENDED` also once this leg is closed or another has taken its place."""
        return Phase.ENDED if self._closed else self._bridge.phase

    @property
    def carries_audio(self) -> bool:
        """Whether anything has come from her yet: a browser without microphone sends nothing."""
        return self._heard and not self._closed

    @property
    def briefed(self) -> bool:
        """Whether she has heard the briefing, skipped it, or asked for none."""
        return self._prepare is None and not self._bridge.briefing_left

    @property
    def closed(self) -> bool:
        """Whether it is gone."""
        return self._closed

    def push(self, pcm: bytes) -> None:
        """What her microphone gave: PCM16 little-endian mono 16 kHz, any length."""
        if self._closed or len(pcm) < 2:
            return
        self.last_s = self._clock.now_s()
        if not self._heard:
            self._heard = True
            self._changed()
        self._bridge.secretary_says(np.frombuffer(pcm[: len(pcm) // 2 * 2], "<i2").astype(np.int16))

    def ready(self) -> None:
        """Skip what is left of the briefing."""
        self._prepare = None
        self._bridge.skip_briefing()
        self._changed()

    async def pull(self) -> bytes:
        """Her next 20 ms, PCM16 little-endian mono 16 kHz, when they are due; empty once the leg is over."""
        if self._prepare is not None:
            await self._brief(self._prepare)
        async with self._clock.joined():
            await self._clock.sleep_until(self._next_s)
        now_s = self._clock.now_s()
        self._next_s = (now_s if now_s > self._next_s + _LATE_S else self._next_s) + _FRAME_S
        if self.phase is Phase.ENDED:
            return b""
        left = self._bridge.briefing_left
        frame = self._bridge.secretary_hears()
        if left and not self._bridge.briefing_left:
            self._changed()
        return frame.astype("<i2").tobytes()

    async def _brief(self, prepare: Callable[[], Awaitable[None]]) -> None:
        await prepare()
        if self._prepare is None:  # skipped meanwhile
            self._bridge.skip_briefing()
        self._prepare, self._next_s = None, self._clock.now_s()
        self._changed()

    def close(self) -> None:
        """She is gone; the caller waits a moment for her to come back."""
        if not self._closed:
            self._closed, self.last_s = True, self._clock.now_s()
            self._changed()
