"""webrtcvad: a gate that costs next to nothing, and lets music and noise through.

Measured at 8 kHz, mode 1, on signals of `voicebot.audio` and one espeak sentence, share of chunks let through: hold music
100 %, white noise 1 % at -40 dBFS and 100 % at -25, babble 100 %, typing 53 %, digital silence 0 %, speech 96 %.
"""

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
