"""From speech probabilities to stretches of speech: hysteresis, shortest lengths, pre-roll.

Timeline (one column 20 ms, `#` above the on threshold, `-` between the two, `.` below the off threshold)::

    ....#...####--#######.#####...........
                ^ SpeechStarted after min_speech_s; start_s lies pre_roll_s before the first of these
                                ^ SpeechEnded after min_silence_s below the off threshold; end_s is where that began
"""

from __future__ import annotations

from dataclasses import dataclass

from voicebot.core.audio import CHUNK_MS

_CHUNK_S = CHUNK_MS / 1000
_ROUNDING_S = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmenterConfig:
    """Thresholds and durations."""

    on_ratio: float = 0.25
    """Probability from which speech may begin. Silero stays under 0.15 on noise, clicks and ringing at 8 kHz, while a
    synthetic « non » of 0.3 s may reach no more than 0.3: a low bar costs little and keeps short answers."""
    off_ratio: float = 0.15
    """Probability under which it may end; below `on_ratio`."""
    min_speech_s: float = 0.06
    """Speech that must be heard before it counts, seconds."""
    min_silence_s: float = 0.06
    """Silence that ends a stretch, seconds; a turn waits longer, by its own rules."""
    pre_roll_s: float = 0.3
    """Audio before the first sure chunk that belongs to the stretch, seconds: the soft first syllable."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeechStarted:
    """Somebody speaks."""

    start_s: float
    """Where the stretch starts, pre-roll included, call time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeechEnded:
    """Nobody speaks any more."""

    end_s: float
    """End of the last voiced chunk, call time."""


class Segmenter:
    """One caller's stretches of speech; keeps state, so one instance per call."""

    def __init__(self, config: SegmenterConfig | None = None) -> None:
        self._config = config or SegmenterConfig()
        self._onset_s: float | None = None
        self._last_voiced_s = 0.0
        self._speaking = False
        self.voiced = False
        """Whether the last chunk belongs to confirmed speech; true from `SpeechStarted`, false during pauses."""

    def feed(self, probability: float, t_s: float) -> SpeechStarted | SpeechEnded | None:
        """Take the probability of the 20 ms that end at call time `t_s`, in order."""
        if self._speaking:
            return self._while_speaking(probability, t_s)
        return self._while_silent(probability, t_s)

    def _while_silent(self, probability: float, t_s: float) -> SpeechStarted | None:
        if probability < (self._config.on_ratio if self._onset_s is None else self._config.off_ratio):
            self._onset_s = None
            return None
        if self._onset_s is None:
            self._onset_s = t_s - _CHUNK_S
        if t_s - self._onset_s < self._config.min_speech_s - _ROUNDING_S:
            return None
        start_s = max(0.0, self._onset_s - self._config.pre_roll_s)
        self._speaking = self.voiced = True
        self._onset_s, self._last_voiced_s = None, t_s
        return SpeechStarted(start_s=start_s)

    def _while_speaking(self, probability: float, t_s: float) -> SpeechEnded | None:
        self.voiced = probability >= self._config.off_ratio
        if self.voiced:
            self._last_voiced_s = t_s
        elif t_s - self._last_voiced_s >= self._config.min_silence_s - _ROUNDING_S:
            self._speaking = False
            return SpeechEnded(end_s=self._last_voiced_s)
        return None
