"""Hold music composed here: a slow arpeggio over four chords, to be played in a loop."""

from __future__ import annotations

import numpy as np

from voicebot.audio.mix import saturated
from voicebot.core.audio import Samples

_BEAT_S = 0.4
_LEVEL_DBFS = -20.0
_CHORDS = ((48, 60, 64, 67, 72), (45, 57, 60, 64, 69), (41, 57, 60, 65, 69), (43, 59, 62, 67, 71))
_PATTERN = (0, 1, 2, 3, 4, 3, 2, 1)
_PARTIALS = ((1, 1.0), (2, 0.35), (3, 0.1))


def hold_music(rate_hz: int) -> Samples:
    """One turn of the loop, 12.8 s at -20 dBFS RMS; the notes that ring past its end are carried over to its start."""
    beat = round(_BEAT_S * rate_hz)
    loop = np.zeros(beat * len(_CHORDS) * len(_PATTERN))
    length = round(1.6 * rate_hz)
    t_s = np.arange(length) / rate_hz
    envelope = np.minimum(t_s / 0.01, 1) * np.exp(-t_s / 0.45) * np.minimum((1.6 - t_s) / 0.05, 1)
    for index in range(len(_CHORDS) * len(_PATTERN)):
        note = _CHORDS[index // len(_PATTERN)][_PATTERN[index % len(_PATTERN)]]
        frequency_hz = 440 * 2 ** ((note - 69) / 12)
        tone = sum(strength * np.sin(2 * np.pi * partial * frequency_hz * t_s) for partial, strength in _PARTIALS)
        loop[(index * beat + np.arange(length)) % loop.size] += tone * envelope
    scale = 32768 * 10 ** (_LEVEL_DBFS / 20) / np.sqrt(np.mean(loop**2))
    return saturated(loop * scale)
