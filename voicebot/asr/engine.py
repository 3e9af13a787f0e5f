"""What the shared recogniser asks of a Whisper-shaped model: encode one window, decode several together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from voicebot.core.language import Language
from voicebot.models.manifest import RecognitionTraits

Encoded = npt.NDArray[np.generic]
"""Encoder output of one window, shape (1, n_positions, width), in the model's own float type."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hypothesis:
    """One text that the decoder proposes."""

    text: str
    """As the model writes it, stripped."""
    avg_logprob: float
    """Mean natural log-probability per token, end of text included; 0.0 when there is no text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoded:
    """What the decoder says of one window."""

    hypotheses: tuple[Hypothesis, ...]
    """Best first, at least one."""
    no_speech_prob: float
    """0..1."""


class SpeechEngine(Protocol):
    """A loaded model. Its methods may be called from any thread; failures are `RecognitionError`."""

    @property
    def traits(self) -> RecognitionTraits:
        """How it wants to be fed."""

    def language_for(self, language: Language) -> Language:
        """The language it will write when asked for `language`: the same when it knows it, else its own."""

    def prompt(self, language: Language, expected_words: Sequence[str]) -> tuple[int, ...]:
        """Tokens that come before the text."""

    def encode(self, audio: npt.NDArray[np.float32], *, full_window: bool = False) -> Encoded:
        """Encode 16 kHz audio (-1..1, padded already) as it is, or padded to 30 s as Whisper was trained."""

    def decode(
        self,
        batch: Sequence[Encoded],
        prompts: Sequence[tuple[int, ...]],
        *,
        max_length: int,
        beam_size: int,
        hypotheses: int = 1,
    ) -> list[Decoded]:
        """Decode windows of equal shape whose prompts are of equal length."""
