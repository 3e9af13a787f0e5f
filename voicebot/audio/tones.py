"""Tones and noises of the telephone, as pure functions of duration, rate and seed.

Source: ITU-T Q.23 (DTMF); ETSI TR 101 041 (French ring-back: 440 Hz, 1.5 s on, 3.5 s off).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from voicebot.audio.mix import concatenate, fade, saturated
from voicebot.core.audio import Samples

_ROWS_HZ = (697, 770, 852, 941)
_COLUMNS_HZ = (1209, 1336, 1477, 1633)
_KEYS = ("123A", "456B", "789C", "*0#D")


def sine(frequency_hz: float, duration_s: float, rate_hz: int, *, level_dbfs: float = -20.0) -> Samples:
    """A pure tone of `level_dbfs` RMS."""
    t_s = np.arange(round(duration_s * rate_hz)) / rate_hz
    return _levelled(np.sin(2 * np.pi * frequency_hz * t_s), level_dbfs)


def dtmf(key: str, duration_s: float, rate_hz: int, *, level_dbfs: float = -15.0) -> Samples:
    """The two tones of a key, one of 0-9, *, #, A-D.

    Raises:
        KeyError: there is no such key.
    """
    row, column = next(((r, keys.index(key)) for r, keys in enumerate(_KEYS) if len(key) == 1 and key in keys), (None, None))
    if row is None or column is None:
        raise KeyError(key)
    t_s = np.arange(round(duration_s * rate_hz)) / rate_hz
    return _levelled(np.sin(2 * np.pi * _ROWS_HZ[row] * t_s) + np.sin(2 * np.pi * _COLUMNS_HZ[column] * t_s), level_dbfs)


def ringback(rate_hz: int) -> Samples:
    """One period, 5 s, of the French ring-back tone."""
    return concatenate([fade(sine(440, 1.5, rate_hz), rate_hz, in_s=0.01, out_s=0.01), np.zeros(round(3.5 * rate_hz), np.int16)])


def beep(rate_hz: int) -> Samples:
    """0.3 s at 1000 Hz, as before leaving a message."""
    return fade(sine(1000, 0.3, rate_hz), rate_hz, in_s=0.01, out_s=0.01)


def white_noise(duration_s: float, rate_hz: int, random: np.random.Generator, *, level_dbfs: float = -40.0) -> Samples:
    """Gaussian noise of `level_dbfs` RMS."""
    return _levelled(random.normal(0, 1, round(duration_s * rate_hz)), level_dbfs)


def babble(duration_s: float, rate_hz: int, random: np.random.Generator, *, level_dbfs: float = -40.0) -> Samples:
    """Noise with the spectrum and the rhythm of a busy room: low-passed, swelling three to four times a second."""
    n_samples = round(duration_s * rate_hz)
    spectrum = np.fft.rfft(random.normal(0, 1, max(n_samples, 1)))
    spectrum /= 1 + (np.fft.rfftfreq(max(n_samples, 1), 1 / rate_hz) / 500) ** 2
    t_s = np.arange(n_samples) / rate_hz
    swell = 1 + 0.5 * sum(np.sin(2 * np.pi * (f * t_s + p)) for f, p in zip((2.9, 3.7, 4.3), random.random(3), strict=True)) / 3
    return _levelled(np.fft.irfft(spectrum, max(n_samples, 1))[:n_samples] * swell, level_dbfs)


def clicks(duration_s: float, rate_hz: int, random: np.random.Generator, *, level_dbfs: float = -30.0) -> Samples:
    """Somebody typing: about six short bursts a second."""
    out = np.zeros(round(duration_s * rate_hz))
    length = round(0.012 * rate_hz)
    for start in random.integers(0, max(out.size - length, 1), round(6 * duration_s)):
        burst = random.normal(0, 1, length) * np.exp(-np.arange(length) / (0.003 * rate_hz))
        out[start : start + length] += burst[: out.size - start]
    return _levelled(out, level_dbfs)


def _levelled(wave: npt.NDArray[np.float64], level_dbfs: float) -> Samples:
    rms = float(np.sqrt(np.mean(wave**2))) if wave.size else 0.0
    return saturated(wave * (32768 * 10 ** (level_dbfs / 20) / rms if rms else 0.0))
