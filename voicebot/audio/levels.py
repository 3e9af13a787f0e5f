"""Measures of a recording: levels, clipping, where there is energy."""

from __future__ import annotations

import numpy as np

from voicebot.core.audio import CHUNK_MS, Samples

FLOOR_DBFS = -120.0
"""Level given to digital silence, and the lowest that is ever returned."""

_FULL_SCALE = 32768.0


def rms_db(samples: Samples) -> float:
    """RMS level, dBFS: 0 for a full-scale square, -3 for a full-scale sine, `FLOOR_DBFS` for silence or no sample."""
    return _dbfs(float(np.sqrt(np.mean(np.square(samples, dtype=np.float64))))) if samples.size else FLOOR_DBFS


def peak_db(samples: Samples) -> float:
    """Largest magnitude, dBFS, `FLOOR_DBFS` for silence or no sample."""
    return _dbfs(float(np.abs(samples.astype(np.int32)).max())) if samples.size else FLOOR_DBFS


def clipped_samples(samples: Samples) -> int:
    """Samples that lie at either end of the scale."""
    return int(np.count_nonzero((samples == 32767) | (samples == -32768)))


def speech_spans(
    samples: Samples, rate_hz: int, *, threshold_db: float = -45.0, min_gap_s: float = 0.3
) -> list[tuple[float, float]]:
    """Spans louder than `threshold_db`, by windows of 20 ms; those closer than `min_gap_s` are one.

    Args:
        samples: int16 mono at `rate_hz`.
        rate_hz: sample rate.
        threshold_db: RMS of a window, dBFS, from which it counts.
        min_gap_s: shortest silence that separates two spans, seconds.

    Returns:
        (start_s, end_s) from the beginning of the recording, in order.
    """
    size = rate_hz * CHUNK_MS // 1000
    loud = [rms_db(samples[i : i + size]) >= threshold_db for i in range(0, samples.size, size)]
    spans: list[tuple[float, float]] = []
    for index in np.flatnonzero(loud):
        start_s, end_s = int(index) * size / rate_hz, min((int(index) + 1) * size, samples.size) / rate_hz
        if spans and start_s - spans[-1][1] < min_gap_s:
            spans[-1] = (spans[-1][0], end_s)
        else:
            spans.append((start_s, end_s))
    return spans


def _dbfs(amplitude: float) -> float:
    return max(FLOOR_DBFS, float(20 * np.log10(amplitude / _FULL_SCALE))) if amplitude > 0 else FLOOR_DBFS
