"""Which tone is heard: the measure of who hears whom."""

from __future__ import annotations

import numpy as np

from voicebot.audio.levels import rms_db
from voicebot.core.audio import Samples

QUIET_DBFS = -55.0


def loudest_hz(samples: Samples, rate_hz: int = 16000, *, step_hz: float = 10.0) -> float | None:
    """Frequency of the strongest tone, rounded to `step_hz`; None for silence."""
    if rms_db(samples) < QUIET_DBFS:
        return None
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(samples.size)))
    return float(round(int(spectrum.argmax()) * rate_hz / samples.size / step_hz) * step_hz)


def level_of(samples: Samples, hz: float, rate_hz: int = 16000) -> float:
    """Level of one tone in dBFS, whatever else is heard; at least 0.2 s of audio."""
    angle = 2 * np.pi * hz * np.arange(samples.size) / rate_hz
    window = np.hanning(samples.size)
    amplitude = 2 * abs(np.sum(samples * window * np.exp(-1j * angle))) / window.sum()
    return float(20 * np.log10(max(amplitude, 1e-3) / 32768 / np.sqrt(2)))
