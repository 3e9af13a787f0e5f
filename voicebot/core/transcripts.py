"""What recognition returns."""

from __future__ import annotations

from dataclasses import dataclass

from voicebot.core.language import Language


@dataclass(frozen=True, slots=True, kw_only=True)
class Transcript:
    """Text of one stretch of a caller's speech."""

    text: str
    """Lower or mixed case as the model writes it, stripped; empty when nothing was said."""
    language: Language
    avg_logprob: float
    """Mean natural log-probability per token, <= 0; 0.0 when empty."""
    no_speech_prob: float
    """Model's probability that the window holds no speech, 0..1."""
    audio_s: float
    """Duration of the audio recognised, seconds."""
    rejected: str | None = None
    """Why a guard emptied the text (`no_speech`, `low_logprob`, `repetition`, `hallucination`), else None."""
