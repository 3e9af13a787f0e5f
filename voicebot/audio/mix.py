"""Gain, sum, fades and joins; whatever exceeds full scale saturates."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from voicebot.core.audio import Samples


def gain(samples: Samples, gain_db: float) -> Samples:
    """Multiply by `gain_db` decibels."""
    return saturated(samples * 10 ** (gain_db / 20))


def mix(first: Samples, second: Samples) -> Samples:
    """Sum from the same start; as long as the longer."""
    total = np.zeros(max(first.size, second.size), np.int32)
    total[: first.size] += first
    total[: second.size] += second
    return saturated(total)


def fade(samples: Samples, rate_hz: int, *, in_s: float = 0.0, out_s: float = 0.0) -> Samples:
    """Linear fades at either end, seconds, each cut to the length there is."""
    shaped = samples.astype(np.float64)
    n_in, n_out = (min(round(duration_s * rate_hz), samples.size) for duration_s in (in_s, out_s))
    shaped[:n_in] *= np.linspace(0, 1, n_in)
    shaped[samples.size - n_out :] *= np.linspace(1, 0, n_out)
    return saturated(shaped)


def concatenate(pieces: Sequence[Samples]) -> Samples:
    """Join in order; no piece gives no sample."""
    return np.concatenate(pieces) if pieces else np.zeros(0, np.int16)


def saturated(values: npt.NDArray[np.generic]) -> Samples:
    """Round to int16, cutting at full scale."""
    return np.clip(np.rint(values.astype(np.float64)), -32768, 32767).astype(np.int16)
