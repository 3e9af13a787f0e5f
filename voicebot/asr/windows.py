"""How long a window to show the model, how long a text to allow it, where to cut speech that is too long. Pure."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from voicebot.core.audio import Samples
from voicebot.models.manifest import RecognitionTraits

MODEL_RATE_HZ = 16000
"""Sample rate that Whisper hears."""

BUCKET_S = 0.5
"""Windows are rounded up to multiples of this, so that those of several calls batch."""

PROMPT_SLACK_TOKENS = 12
"""Tokens allowed beyond what the duration predicts: very short answers are denser."""

_CUT_FRAME_S = 0.1
_CUT_SEARCH_RATIO = 0.5


def window_s(audio_s: float, traits: RecognitionTraits) -> float:
    """Length of the window for `audio_s` seconds of speech: margin added, rounded up to a bucket, at most the model's longest."""
    buckets = math.ceil((audio_s + traits.margin_s) / BUCKET_S - 1e-9)
    return min(max(1, buckets) * BUCKET_S, max(traits.max_window_s, audio_s))


def max_length(audio_s: float, prompt_tokens: int, traits: RecognitionTraits) -> int:
    """Longest token sequence, prompt included, that `audio_s` seconds of speech can make; bounds a decoder that loops."""
    text_tokens = math.ceil(audio_s * traits.tokens_per_s) + PROMPT_SLACK_TOKENS
    return min(traits.max_tokens, prompt_tokens + text_tokens)


def pad(audio: npt.NDArray[np.float32], length_s: float) -> npt.NDArray[np.float32]:
    """Follow 16 kHz `audio` with zero audio up to `length_s`.

    Zero audio, not zero mel: a mel of zeros is the loudness of speech to the model.
    """
    missing = round(length_s * MODEL_RATE_HZ) - len(audio)
    return np.pad(audio, (0, max(0, missing)))


def cut(samples: Samples, traits: RecognitionTraits, rate_hz: int = MODEL_RATE_HZ) -> list[Samples]:
    """Pieces that each fit a window, cut at the quietest tenth of a second of the second half of each piece."""
    longest = round((traits.max_window_s - traits.margin_s) * rate_hz)
    pieces = []
    while len(samples) > longest:
        at = _quietest(samples, round(longest * _CUT_SEARCH_RATIO), longest, round(_CUT_FRAME_S * rate_hz))
        pieces.append(samples[:at])
        samples = samples[at:]
    return [*pieces, samples]


def _quietest(samples: Samples, start: int, stop: int, frame: int) -> int:
    """Middle of the frame of least energy within samples[start:stop]."""
    count = max(1, (stop - start) // frame)
    frames = samples[start : start + count * frame].astype(np.float64).reshape(count, -1)
    return start + int(np.argmin((frames**2).mean(axis=1))) * frame + frame // 2
