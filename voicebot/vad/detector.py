"""What a call asks of speech detection."""

from __future__ import annotations

from typing import Protocol

from voicebot.core.audio import AudioChunk


class SpeechDetector(Protocol):
    """Judges one caller's audio, chunk by chunk; keeps state, so one instance per call."""

    def feed(self, chunk: AudioChunk) -> float:
        """Probability, 0..1, that speech is present up to the end of this 20 ms chunk."""
