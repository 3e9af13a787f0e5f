"""Level of synthetic speech: loud enough for a telephone, and never clipped."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from voicebot.core.audio import Samples

TARGET_DBFS = -20.0
"""RMS of the active speech, dB below full scale: inside the -26 to -16 dBov that telephone networks expect of a talker."""
CEILING_DBFS = -4.0
"""No sample goes above this; 1 dB under the -3 dBFS that leaves room for later resampling and mixing."""
KNEE_DBFS = -9.0
"""Samples above this are bent towards the ceiling instead of being cut."""

_FULL_SCALE = 32768.0
_FRAME_S = 0.02
_ACTIVE_BELOW_LOUDEST_DB = 30.0


def active_rms_dbfs(samples: Samples, rate_hz: int) -> float:
    """RMS of the frames of 20 ms that hold speech, dBFS; minus infinity for silence.

    A frame holds speech when its level is within 30 dB of the loudest one, a simple stand-in for the activity factor
    of the speech voltmeter.

    Source: ITU-T P.56 (03/2011), Objective measurement of active speech level.
    """
    frame = max(1, round(rate_hz * _FRAME_S))
    n_frames = -(-samples.size // frame)
    padded = np.zeros(n_frames * frame, np.float64)
    padded[: samples.size] = samples
    powers = (padded.reshape(n_frames, frame) ** 2).mean(axis=1)
    if not powers.size or not powers.max():
        return -np.inf
    active = powers[powers > powers.max() * 10 ** (-_ACTIVE_BELOW_LOUDEST_DB / 10)]
    return float(10 * np.log10(active.mean() / _FULL_SCALE**2))


def levelled(samples: Samples, rate_hz: int, *, target_dbfs: float = TARGET_DBFS) -> Samples:
    """Bring the active speech to `target_dbfs` RMS, with the rare high peaks bent below `CEILING_DBFS`.

    Args:
        samples: int16 mono.
        rate_hz: sample rate of `samples`.
        target_dbfs: wanted RMS of the active speech, at most -12 dBFS to stay natural.

    Returns:
        int16 mono, same length; silence comes back unchanged.
    """
    level = active_rms_dbfs(samples, rate_hz)
    if not np.isfinite(level):
        return samples
    scaled = samples.astype(np.float64) * 10 ** ((target_dbfs - level) / 20)
    return np.rint(_bent(scaled)).astype(np.int16)


def _bent(values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Soft limiter: identity up to the knee, then a tanh that reaches the ceiling only at infinity."""
    knee = _FULL_SCALE * 10 ** (KNEE_DBFS / 20)
    room = _FULL_SCALE * 10 ** (CEILING_DBFS / 20) - knee
    magnitude = np.abs(values)
    above = np.maximum(magnitude - knee, 0.0)
    limited: npt.NDArray[np.float64] = np.copysign(np.minimum(magnitude, knee) + room * np.tanh(above / room), values)
    return limited
