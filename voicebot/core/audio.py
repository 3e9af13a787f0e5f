"""Audio as it travels inside a call: 16-bit mono PCM in chunks of 20 ms."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Samples = npt.NDArray[np.int16]
"""Mono PCM, shape (n_samples,), int16, full scale 32767."""

CHUNK_MS = 20
"""Duration of every chunk."""

CALL_RATES_HZ = (8000, 16000)
"""Sample rates that a call may run at: narrow-band and wide-band telephony."""


def chunk_samples(rate_hz: int) -> int:
    """Samples in one 20 ms chunk at `rate_hz`: 160 at 8 kHz, 320 at 16 kHz."""
    return rate_hz * CHUNK_MS // 1000


def silence(rate_hz: int) -> AudioChunk:
    """A chunk of digital silence."""
    return AudioChunk(samples=np.zeros(chunk_samples(rate_hz), np.int16), rate_hz=rate_hz)


@dataclass(frozen=True, slots=True, kw_only=True)
class AudioChunk:
    """20 ms of one speaker's audio."""

    samples: Samples
    """int16 mono, shape (chunk_samples(rate_hz),)."""
    rate_hz: int
    """One of CALL_RATES_HZ."""
