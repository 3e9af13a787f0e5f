"""Speech detection in two stages: a gate that is nearly free decides whether the judge needs to run.

Measured on the signals listed in `webrtc`, share of chunks judged speech at 0.5, 8 kHz: hold music 1 %, noises, babble, typing
and silence 0 %, one clean espeak sentence 86 % (90 % at 16 kHz), the same through a simulated telephone at 20 dB SNR 72 %.
CPU per second of audio: the judge alone 5 to 8 ms on anything; both stages 0.2 ms on silence, 0.7 ms on faint noise, and 5 to
10 ms on what the gate lets through: the gate saves on quiet lines only.
"""

from __future__ import annotations

from collections import deque

from voicebot.core.audio import CHUNK_MS, AudioChunk
from voicebot.vad.silero import SileroJudge
from voicebot.vad.webrtc import WebrtcGate

HANGOVER_S = 0.5
"""The judge goes on this long after the gate or itself last heard something."""
LEAD_S = 0.2
"""Audio before the gate opens that the judge hears first, so that it does not start on the middle of a syllable."""


class TwoStageDetector:
    """webrtcvad before Silero; implements `SpeechDetector`."""

    def __init__(self, gate: WebrtcGate | None = None, judge: SileroJudge | None = None) -> None:
        """Take both stages, or make the usual ones.

        Raises:
            ModelError: Silero is missing or does not load.
        """
        self._gate = gate or WebrtcGate()
        self._judge = judge or SileroJudge()
        self._lead: deque[AudioChunk] = deque(maxlen=round(LEAD_S * 1000 / CHUNK_MS))
        self._open_chunks = 0

    def feed(self, chunk: AudioChunk) -> float:
        """See `SpeechDetector.feed`; 0 while the gate is shut."""
        hangover_chunks = round(HANGOVER_S * 1000 / CHUNK_MS)
        passed = self._gate.may_be_speech(chunk)
        if not passed and not self._open_chunks:
            self._lead.append(chunk)
            return 0.0
        if not self._open_chunks:
            self._open()
        probability = self._judge.feed(chunk)
        self._open_chunks = hangover_chunks if passed or probability >= 0.5 else self._open_chunks - 1
        return probability

    def _open(self) -> None:
        self._judge.reset()
        for chunk in self._lead:
            self._judge.feed(chunk)
        self._lead.clear()
