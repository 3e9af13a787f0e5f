"""webrtcvad: a gate that costs next to nothing and misses no speech, but lets music and noise through."""

from __future__ import annotations

import webrtcvad

from voicebot.core.audio import AudioChunk


class WebrtcGate:
    """Says of each chunk whether it may hold speech; keeps a little state, so one instance per call."""

    def __init__(self, aggressiveness: int = 1) -> None:
        """Choose how much is let through: 0 nearly everything, 3 the least."""
        self._vad = webrtcvad.Vad(aggressiveness)

    def may_be_speech(self, chunk: AudioChunk) -> bool:
        """Judge 10, 20 or 30 ms at 8 or 16 kHz."""
        return bool(self._vad.is_speech(chunk.samples.astype("<i2").tobytes(), chunk.rate_hz))
