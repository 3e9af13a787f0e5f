"""Silence that engines put around what they say: removed, so that pauses are ours to choose."""

from __future__ import annotations

import numpy as np

from voicebot.core.audio import Samples

KEPT_S = 0.02
"""Silence left on each side, so that soft onsets and final consonants survive."""

_FRAME_S = 0.005
_BELOW_LOUDEST_DB = 45.0


def trimmed(samples: Samples, rate_hz: int) -> Samples:
    """Cut leading and trailing frames of 5 ms that are 45 dB below the loudest one, keeping 20 ms on each side.

    Returns:
        A contiguous part of `samples`; all of it when it is silent throughout.
    """
    frame = max(1, round(rate_hz * _FRAME_S))
    n_frames = samples.size // frame
    peaks = np.abs(samples[: n_frames * frame].astype(np.int32)).reshape(n_frames, frame).max(axis=1, initial=0)
    loud = np.flatnonzero(peaks > peaks.max(initial=0) * 10 ** (-_BELOW_LOUDEST_DB / 20))
    if not loud.size:
        return samples
    kept = round(rate_hz * KEPT_S)
    return samples[max(0, int(loud[0]) * frame - kept) : (int(loud[-1]) + 1) * frame + kept]
