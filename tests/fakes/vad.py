"""Speech detection without a model."""

from __future__ import annotations

from voicebot.audio.levels import rms_db
from voicebot.core.audio import AudioChunk


class FakeSpeechDetector:
    """Calls speech whatever is louder than a threshold."""

    def __init__(self, threshold_db: float = -45.0) -> None:
        self._threshold_db = threshold_db

    def feed(self, chunk: AudioChunk) -> float:
        return 1.0 if rms_db(chunk.samples) >= self._threshold_db else 0.0
