"""The audio between one caller and one secretary: two legs, no mixer. No clock, no event loop; all memory is bounded.

    phase       the caller hears                    the secretary hears
    briefing    - (music)                           the spoken briefing, if any
    talking     the secretary, or an announcement   the caller
    hold        - (music)                           -
    ended       -                                   -

What one side says in any other phase is dropped as it arrives, and a change of phase empties everything under way:
nothing said before it is heard after it.
"""

from __future__ import annotations

from collections import deque
from enum import StrEnum

import numpy as np

from voicebot.audio.jitter import BOUND_CHUNKS, JitterBuffer
from voicebot.audio.rechunk import Rechunker
from voicebot.audio.resample import Resampler
from voicebot.core.audio import AudioChunk, Samples, chunk_samples

DESK_RATE_HZ = 16000
"""Of the secretary's leg."""
FRAME_SAMPLES = chunk_samples(DESK_RATE_HZ)
IN_HOUSE_CHUNKS = 2
"""40 ms: enough between two tasks of one process that both wake every 20 ms, in any order."""
BRIEFING_S = 10.0
"""Longest spoken briefing."""
_SILENCE: Samples = np.zeros(FRAME_SAMPLES, np.int16)
_SILENCE.flags.writeable = False


class Phase(StrEnum):
    """Who hears whom."""

    BRIEFING = "briefing"
    TALKING = "talking"
    HOLD = "hold"
    ENDED = "ended"


class Bridge:
    """Both directions of one conversation."""

    def __init__(self, phase: Phase = Phase.BRIEFING) -> None:
        self._briefing: deque[Samples] = deque()
        self._announcement: deque[Samples] = deque()
        self._change(phase)

    @property
    def phase(self) -> Phase:
        """Who hears whom now."""
        return self._phase

    @property
    def briefing_left(self) -> bool:
        """Whether something of the spoken briefing is still to be heard."""
        return bool(self._briefing)

    def brief(self, spoken: Samples) -> None:
        """Have the secretary hear this, int16 mono at 16 kHz, cut at `BRIEFING_S`; only before she talks."""
        if self._phase is Phase.BRIEFING:
            self._briefing = _frames(spoken[: round(BRIEFING_S * DESK_RATE_HZ)])

    def skip_briefing(self) -> None:
        """She has heard enough."""
        self._briefing.clear()

    @property
    def announcing(self) -> bool:
        """Whether something of an announcement is still to be heard."""
        return bool(self._announcement)

    def announce(self, spoken: Samples) -> None:
        """Have the caller hear this instead of the secretary, int16 mono at 16 kHz; only while they talk."""
        if self._phase is Phase.TALKING:
            self._announcement = _frames(spoken)

    def connect(self) -> None:
        """Both hear each other from now on."""
        if self._phase is Phase.BRIEFING:
            self._change(Phase.TALKING)

    def hold(self, *, on: bool) -> None:
        """Neither hears the other, or both do again."""
        if self._phase is (Phase.TALKING if on else Phase.HOLD):
            self._change(Phase.HOLD if on else Phase.TALKING)

    def end(self) -> None:
        """It is over."""
        self._change(Phase.ENDED)

    def caller_says(self, chunk: AudioChunk) -> None:
        """20 ms of the caller at the rate of the call."""
        if self._phase is not Phase.TALKING:
            return
        if self._call_rate_hz != chunk.rate_hz:
            self._tune(chunk.rate_hz)
        self._to_secretary.put(self._up.feed(chunk.samples))

    def caller_hears(self) -> AudioChunk | None:
        """The secretary's next 20 ms at the rate of the call; None: silence, or music."""
        if self._phase is not Phase.TALKING or self._call_rate_hz is None:
            return None
        said = self._to_caller.take()
        spoken = _SILENCE if said is None else said.samples
        spoken = self._announcement.popleft() if self._announcement else spoken
        self._due.extend(self._down_chunks.feed(self._down.feed(spoken)))
        return self._due.popleft() if self._due else None

    def secretary_says(self, samples: Samples) -> None:
        """What came from the secretary, int16 mono at 16 kHz, any length."""
        if self._phase is Phase.TALKING:
            self._to_caller.put(samples[-BOUND_CHUNKS * FRAME_SAMPLES :])

    def secretary_hears(self) -> Samples:
        """Her next 20 ms, int16 mono at 16 kHz."""
        if self._phase is Phase.BRIEFING and self._briefing:
            return self._briefing.popleft()
        said = self._to_secretary.take() if self._phase is Phase.TALKING else None
        return _SILENCE if said is None else said.samples

    def _change(self, phase: Phase) -> None:
        self._phase = phase
        self._briefing.clear()
        self._announcement.clear()
        self._to_caller = JitterBuffer(rate_hz=DESK_RATE_HZ)
        self._tune(None)

    def _tune(self, rate_hz: int | None) -> None:
        """Start afresh for a call of that rate; None: not known yet, the caller's first 20 ms will tell."""
        self._call_rate_hz = rate_hz
        self._to_secretary = JitterBuffer(rate_hz=DESK_RATE_HZ, target_chunks=IN_HOUSE_CHUNKS)
        self._up, self._down = Resampler(rate_hz or DESK_RATE_HZ, DESK_RATE_HZ), Resampler(DESK_RATE_HZ, rate_hz or DESK_RATE_HZ)
        self._down_chunks = Rechunker(rate_hz or DESK_RATE_HZ)
        self._due: deque[AudioChunk] = deque()


def _frames(samples: Samples) -> deque[Samples]:
    rechunker = Rechunker(DESK_RATE_HZ)
    return deque(chunk.samples for chunk in (*rechunker.feed(samples), *rechunker.flush()))
